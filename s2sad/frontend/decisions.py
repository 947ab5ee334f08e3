"""Where the derivative of each function of NumPy comes from.

    rule        a declaration (`s2sad.rules`); zero: its derivative is zero wherever it exists
    equivalent  a Python function that does the same (`s2sad.frontend.equivalents`)
    lowered     what is done while lowering: shapes, dtypes, changes in place, draws of random numbers
    text        the function's own text
    dtype       a type of numbers, or another class that is known by name
    refused     what no rule could be written for, with a reason

>>> import numpy as np
>>> [decision(f"np.{name}", getattr(np, name)) for name in ("exp", "floor", "split", "shape", "polyval", "load")]
['rule', 'zero', 'equivalent', 'lowered', 'text', 'refused']
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.frontend.classes import is_of_library
from s2sad.frontend.constructs import function
from s2sad.frontend.draws import MAKERS, METHODS, MODULES
from s2sad.frontend.equivalents import EQUIVALENTS
from s2sad.frontend.library import library_name
from s2sad.frontend.library_text import library_text
from s2sad.frontend.lower import FunctionLowering
from s2sad.frontend.lower_with import CONTEXTS
from s2sad.frontend.values import Library
from s2sad.rules.table import find

SPACES: dict[str, types.ModuleType] = {
    "np": np, "np.linalg": np.linalg, "np.fft": np.fft, "np.random": np.random, "np.polynomial": np.polynomial,
    "np.lib.stride_tricks": np.lib.stride_tricks,
    **{f"np.polynomial.{name}": getattr(np.polynomial, name) for name in (
        "polynomial", "chebyshev", "legendre", "hermite", "hermite_e", "laguerre")}}


def public() -> Iterator[tuple[str, Any]]:
    """The functions and classes that NumPy offers, by their spelling."""
    for space, module in SPACES.items():
        for name in sorted(getattr(module, "__all__", dir(module))):
            found = getattr(module, name, None)
            if not name.startswith("_") and callable(found) and not isinstance(found, types.ModuleType) and not (
                    isinstance(found, type) and space.startswith("np.polynomial.")):
                yield f"{space}.{name}", found


def decision(spelling: str, obj: Any) -> str:
    """Where the derivative of a function comes from; empty if nobody has thought about it."""
    name = library_name(obj) or spelling
    rule = find(name)
    if name in EQUIVALENTS:
        return "equivalent"
    if hasattr(FunctionLowering, "_builtin_" + name.replace(".", "_")) or _draws(name) or (
            name in CONTEXTS):
        return "lowered" if rule is None else "rule"
    if rule is not None:
        return "zero" if rule.form == "zero" else "rule"
    if function(name) is not None:
        return "refused"
    if isinstance(obj, type) and not is_of_library(obj):
        return "text"
    if isinstance(obj, type):
        return "dtype" if issubclass(obj, (np.generic, np.ndarray, np.ufunc, Exception)) else ""
    return "" if library_text(Library(name, obj)) is None else "text"


def _draws(name: str) -> bool:
    module, _, last = name.rpartition(".")
    return name in MAKERS or module in MODULES and last in METHODS[MODULES[module]]
