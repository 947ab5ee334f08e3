"""What a Python object, method or attribute is called in a trace.

>>> lookup_name("numpy.absolute"), lookup_name("np.sum"), METHODS["sum"]
('np.abs', 'np.sum', 'np.sum')
"""

from __future__ import annotations

import builtins
import cmath
import math
import operator
import types
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.rules.declare import DECLARATIONS, OBJECTS, generation
from s2sad.rules.families import FAMILIES

_BUILTINS = ("abs", "float", "int", "bool", "complex", "round", "len")
_OPERATOR = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
             "matmul": "@", "neg": "neg", "pos": "pos", "abs": "abs", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
             "eq": "==", "ne": "!=", "and_": "&", "or_": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
             "invert": "invert", "not_": "not"}
_CORE = "np._core" if hasattr(np, "_core") else "np.core"
_ALIASES = {"np.amax": "np.max", "np.amin": "np.min", "np.around": "np.round", "np.round_": "np.round",
            "np.product": "np.prod", "np.cumproduct": "np.cumprod", "np.sometrue": "np.any", "np.alltrue": "np.all",
            f"{_CORE}.multiarray.interp": "np.interp",
            f"{_CORE}.multiarray.interp_complex": "np.interp"}  # other objects with the same meaning

METHODS: dict[str, str] = {
    "sum": "np.sum", "mean": "np.mean", "max": "np.max", "min": "np.min", "prod": "np.prod", "var": "np.var",
    "std": "np.std", "cumsum": "np.cumsum", "any": "np.any", "all": "np.all", "argmax": "np.argmax",
    "argmin": "np.argmin", "dot": "np.dot", "reshape": "np.reshape", "transpose": "np.transpose", "ravel": "np.ravel",
    "flatten": "flatten", "swapaxes": "np.swapaxes", "squeeze": "np.squeeze", "copy": "copy", "astype": "np.astype",
    "item": "item", "clip": "np.clip", "conj": "np.conj", "conjugate": "np.conj", "round": "np.round",
    "trace": "np.trace", "take": "np.take", "repeat": "np.repeat", "cumprod": "np.cumprod", "argsort": "np.argsort",
    "searchsorted": "np.searchsorted", "nonzero": "np.nonzero", "diagonal": "np.diagonal", "compress": "compress",
    "choose": "np.choose", "argpartition": "np.argpartition",
}
ATTRIBUTES: dict[str, str] = {"T": "np.transpose", "shape": "shape", "size": "size", "ndim": "ndim", "real": "np.real",
                              "imag": "np.imag", "mT": "np.matrix_transpose"}


def lookup(obj: Any) -> str | None:
    """The canonical name of a function that has a rule, by the object itself."""
    found = _objects(generation()).get(_identity(obj))
    same = found is not None and (found[0] is obj or isinstance(obj, types.MethodType) and found[0] == obj
                                  or _of_ufunc(obj) and found[0] == obj)
    return found[1] if found is not None and same else None


def _identity(obj: Any) -> Any:
    """What tells a function from others: a bound method is made anew at every use."""
    if _of_ufunc(obj):
        return (obj.__name__, id(obj.__self__))
    return (id(obj.__func__), id(obj.__self__)) if isinstance(obj, types.MethodType) else id(obj)


def _of_ufunc(obj: Any) -> bool:
    """Whether an object is a method of a ufunc, ``np.add.reduce``."""
    return isinstance(obj, types.BuiltinMethodType) and isinstance(obj.__self__, np.ufunc)


@lru_cache(maxsize=2)
def _objects(_generation: int) -> dict[Any, tuple[Any, str]]:
    table: dict[Any, tuple[Any, str]] = {}

    def enter(obj: Any, name: str) -> None:
        table.setdefault(_identity(obj), (obj, name))

    for name, obj in OBJECTS.items():
        enter(obj, name)
    for name in DECLARATIONS:
        obj = _resolve(name)
        if obj is not None:
            enter(obj, name)
    for alias, name in _ALIASES.items():
        if (obj := _resolve(alias)) is not None:  # NumPy 2 has lost some
            enter(obj, name)
    for name in _BUILTINS:
        enter(getattr(builtins, name), name)
    for name, fn in _OPERATOR.items():
        enter(getattr(operator, name), fn)
    return table


def _resolve(name: str) -> Any:
    """The object behind a dotted name of NumPy or math; None if there is none."""
    parts = name.split(".")
    obj: Any = {"np": np, "numpy": np, "math": math, "cmath": cmath, "operator": operator,
                "builtins": builtins}.get(parts[0])
    if obj is None or len(parts) < 2:
        return None
    for part in parts[1:]:
        obj = getattr(obj, part, None)
    return obj


def lookup_name(name: str) -> str | None:
    """The canonical name of a function that has a rule, by a dotted name."""
    short = "np." + name.removeprefix("numpy.") if name.startswith("numpy.") else name
    if short in DECLARATIONS and ("." in short or short in _BUILTINS):
        return short
    if short in _BUILTINS:
        return short
    obj = _resolve(short)
    return lookup(obj) if obj is not None else None


__all__ = ["ATTRIBUTES", "FAMILIES", "METHODS", "lookup", "lookup_name"]
