"""Objects that exist at run time only: random generators, loggers, files.

The program hands them about and calls their methods.  The compiler knows their class, which is part of a signature, and
nothing else: another generator is another argument.

>>> opaque_type(np.random.default_rng(0)), opaque_type(sys.stdout), opaque_type(2.0)
(np.random.Generator, io.IOBase, None)
"""

from __future__ import annotations

import io
import logging
import random
import sys
from typing import Any

import numpy as np

from s2sad.trace.types import Opaque, short_dtype

GENERATOR, STATE, RANDOM, LOGGER, FILE = (
    "np.random.Generator", "np.random.RandomState", "random.Random", "logging.Logger", "io.IOBase")
# The classes whose instances are meant, by the name of their type; those of the first must be no subclasses.
_EXACTLY: dict[type, str] = {np.random.Generator: GENERATOR, np.random.RandomState: STATE, random.Random: RANDOM}
_INSTANCES: dict[type, str] = {logging.Logger: LOGGER, logging.LoggerAdapter: LOGGER, io.IOBase: FILE}


def opaque_type(value: Any) -> Opaque | None:
    """The type of an object that is an operand of run time; None if it is not one."""
    found = _EXACTLY.get(type(value))
    if found is None:
        found = next((name for cls, name in _INSTANCES.items() if isinstance(value, cls)), None)
    if found is None and (value is sys.stdout or value is sys.stderr):
        found = FILE
    if found is None and is_sparse(value):
        found = f"scipy.sparse {type(value).__name__.rpartition('_')[2]} {short_dtype(value.dtype)}"
    if found is None and is_spline(value):
        found = f"scipy.interpolate {type(value).__name__} {value.c.shape[0]} {value.c.ndim} {value.extrapolate}"
    return None if found is None else Opaque(found)


def is_sparse(value: Any) -> bool:
    """Whether an object is a sparse matrix or array of SciPy."""
    cls = type(value)
    return cls.__module__.startswith("scipy.sparse.") and cls.__name__.rpartition("_")[2] in ("matrix", "array")


def is_spline(value: Any) -> bool:
    """Whether an object is a piecewise polynomial or a spline of SciPy, along the first axis of its data."""
    names = {c.__name__ for c in type(value).__mro__ if c.__module__.startswith("scipy.interpolate.")}
    return bool(names & {"PPoly", "BSpline"}) and getattr(value, "axis", 1) == 0


def is_generator(value: Any) -> bool:
    """Whether an object is a random generator, which changes with every number drawn."""
    found = opaque_type(value)
    return found is not None and found.what in (GENERATOR, STATE, RANDOM)


def named_type(dotted: str) -> Opaque | None:
    """The type that an annotation means.

    >>> named_type("numpy.random.Generator"), named_type("Generator"), named_type("float")
    (np.random.Generator, np.random.Generator, None)
    """
    dotted = dotted.removeprefix("numpy.").removeprefix("np.").removeprefix("random.").removeprefix("logging.")
    by_name = {name.rpartition(".")[2]: name for name in (GENERATOR, STATE, RANDOM, LOGGER)}
    return Opaque(by_name[dotted]) if dotted in by_name else None
