"""Backends: what runs generated code.

``numpy`` runs the text as it is.  ``numba`` runs a text of its own, lowered further, which Numba compiles to machine
code (`s2sad.backends.machine`); it needs the extra ``numba``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from s2sad.build.kernel import Kernel, Program, build
from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.frontend.signature import Spec

BACKENDS = ("numpy", "numba")


def check_backend(name: str) -> str:
    """The name of a backend, after making sure that it can be used.

    Raises:
        ValueArgumentError: (a ValueError) if there is no such backend.
        ArgumentError: (a TypeError) if the package it needs is not installed.

    >>> check_backend("numpy")
    'numpy'
    """
    if name not in BACKENDS:
        raise ValueArgumentError(f"backend={name!r}: choose {' or '.join(BACKENDS)}")
    if name == "numba" and importlib.util.find_spec("numba") is None:
        raise ArgumentError("backend='numba' needs Numba, which is not installed: pip install 's2sad[numba]'")
    return name


def kernel_for(program: Program, specs: Mapping[str, Spec], level: str = "source", use_cache: bool = True) -> Kernel:
    """The kernel of a program, made by its backend; arguments and errors are those of `s2sad.build.kernel.build`."""
    if program.backend == "numba":
        from s2sad.backends.machine import machine_kernel

        return machine_kernel(program, specs, level, use_cache)
    return build(program, specs, level, use_cache)
