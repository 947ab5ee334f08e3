"""Result types of elementwise operations.

The dtype is NumPy's own answer (``ufunc.resolve_dtypes``), the shape the broadcast of the operands' shapes; an operator
on Python numbers gives a Python number.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.trace.joins import join
from s2sad.trace.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    UNKNOWN,
    Array,
    Scalar,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    kind_of,
    promote,
    short_dtype,
)

UFUNC_OF_OPERATOR = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "true_divide", "//": "floor_divide", "%": "remainder",
    "**": "power", "neg": "negative", "pos": "positive", "invert": "invert", "abs": "absolute", "&": "bitwise_and",
    "|": "bitwise_or", "^": "bitwise_xor", "<<": "left_shift", ">>": "right_shift", "<": "less", "<=": "less_equal",
    ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal",
}
COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!=", "is", "is_not", "in", "not_in", "not"))
_PREDICATES = frozenset(("isnan", "isfinite", "isinf", "signbit", "logical_not", "logical_and", "logical_or", "less",
                         "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_xor"))
_KINDS = ("bool", "int", "float", "complex")
_WEAK: dict[str, Any] = {"bool": np.dtype("?"), "int": int, "float": float, "complex": complex}


def broadcast(types: Sequence[Type]) -> Any:
    """The axes of the broadcast of several types; None if one of them is unknown."""
    if any(isinstance(t, Unknown) for t in types):
        return None
    dims = broadcast_dims(*map(dims_of, types))
    if dims is None:
        shapes = " and ".join(repr(t) for t in types)
        raise NotApplicable(f"operands of shapes {shapes} do not broadcast")
    return dims


def numeric(fn: str, types: Sequence[Type]) -> None:
    """Refuse operands that are neither numbers nor arrays."""
    for t in types:
        if not isinstance(t, (Scalar, Array, Unknown)):
            raise NotApplicable(f"{fn} takes numbers and arrays, not {t!r}")


def ufunc_type(fn: str, name: str, types: Sequence[Type]) -> Type:
    """The type of a ufunc's result."""
    numeric(fn, types)
    dims = broadcast(types)
    if dims is None:
        real = tuple(Array("f8", ()) if isinstance(t, Unknown) else t for t in types)
        refuse_complex(fn, ufunc_dtype(fn, name, real))
        return UNKNOWN
    return Array(ufunc_dtype(fn, name, tuple(types)), dims)


def refuse_complex(fn: str, dtype: str) -> None:
    """Refuse complex numbers made of a value of unknown type: the result would count as real."""
    if dtype[0] == "c":
        raise NotApplicable(f"{fn} makes complex numbers of a value of unknown type; give the types of the arguments")


@lru_cache(maxsize=1024)
def ufunc_of(name: str) -> Any:
    """The ufunc of NumPy by its own name, of SciPy by the whole one; None if it is none, or SciPy is not installed.

    >>> ufunc_of("sin"), ufunc_of("scipy.special.nothing")
    (<ufunc 'sin'>, None)
    """
    module, _, own = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module) if module else np, own, None)
    except ImportError:
        return None
    return found if isinstance(found, np.ufunc) else None


@lru_cache(maxsize=8192)
def ufunc_dtype(fn: str, name: str, types: tuple[Type, ...]) -> str:
    """The dtype of a ufunc's result; ``?`` where an operand's is and the result is not boolean."""
    if name in _PREDICATES:
        return "b1"
    if any(dtype_of(t) == "?" for t in types):
        return "c16" if any(kind_of(t) == "complex" for t in types) else "?"
    ufunc = ufunc_of(name)
    weak = any(isinstance(t, Array) for t in types)
    given = [np.dtype(t.dtype) if isinstance(t, Array) else _WEAK[t.kind] if weak else np.dtype(dtype_of(t))
             for t in types if isinstance(t, (Array, Scalar))]
    try:
        return short_dtype(ufunc.resolve_dtypes((*given, *[None] * ufunc.nout))[ufunc.nin])
    except TypeError:
        operands = " and ".join(repr(t) for t in types)
        raise NotApplicable(f"{fn} is not defined for {operands}") from None


def operator_type(fn: str, types: Sequence[Type], values: Sequence[Any] = ()) -> Type:
    """The type of ``x fn y``; ``values`` are the operands' values where they are literals, else None."""
    if fn in ("is", "is_not", "in", "not_in", "not"):
        return BOOL
    numeric(fn, types)
    if all(isinstance(t, Scalar) for t in types):
        return _python_type(fn, [t.kind for t in types if isinstance(t, Scalar)], values)
    if fn in ("&", "|", "^", "invert") and any(isinstance(t, Unknown) for t in types):
        return UNKNOWN
    return ufunc_type(fn, UFUNC_OF_OPERATOR[fn], types)


def _python_type(fn: str, kinds: list[str], values: Sequence[Any]) -> Type:
    if fn in COMPARISONS:
        return BOOL
    k = max(_KINDS.index(kind) for kind in kinds)
    if fn in ("&", "|", "^") and k == 0:
        return BOOL
    if fn in ("&", "|", "^", "invert", "<<", ">>"):
        if k > 1:
            raise NotApplicable(f"{fn} takes integers")
        return INT
    if fn == "abs" and k == 3:
        return FLOAT
    if fn == "/":
        k = max(k, 2)
    if fn == "**" and k < 2 and len(values) > 1 and isinstance(values[1], int) and values[1] < 0:
        k = 2
    return Scalar(_KINDS[max(k, 1)])


_MATH_INT = frozenset("floor ceil trunc comb factorial gcd lcm isqrt perm".split())
_MATH_BOOL = frozenset("isnan isinf isfinite isclose".split())


def math_type(fn: str, types: Sequence[Type]) -> Type:
    """The type of a function of `math`: it takes numbers only."""
    numeric(fn, types)
    for t in types:
        if isinstance(t, Array) and t.dims:
            raise NotApplicable(f"{fn} takes numbers, not arrays; write {fn.replace('math', 'np')}")
        if kind_of(t) == "complex":
            raise NotApplicable(f"{fn} takes real numbers")
    name = fn.removeprefix("math.")
    return INT if name in _MATH_INT else BOOL if name in _MATH_BOOL else FLOAT


def statistics_type(fn: str, types: Sequence[Type]) -> Type:
    """The type of a function of `statistics`: some give a number of NumPy for such numbers."""
    numeric(fn, types)
    if any(isinstance(t, Array) and (t.dims or t.dtype != "f8") or kind_of(t) != "float" for t in types):
        raise NotApplicable(f"{fn} is differentiated for floats only")
    if fn.rpartition(".")[2] in ("fmean", "geometric_mean", "stdev", "pstdev"):
        return FLOAT
    return next((t for t in types if isinstance(t, Array)), FLOAT)


def where_type(fn: str, types: Sequence[Type]) -> Type:
    """The type of ``np.where(c, x, y)``."""
    numeric(fn, types)
    dims = broadcast(types)
    return UNKNOWN if dims is None else Array(promote(*types[1:]), dims)


def clip_type(types: Sequence[Type]) -> Type:
    """The type of ``np.clip(x, lo, hi)``, whose bounds may be None."""
    numbers = [t for t in types if isinstance(t, (Scalar, Array, Unknown))]
    numeric("np.clip", numbers)
    dims = broadcast(numbers)
    return UNKNOWN if dims is None else Array(promote(*numbers), dims)


def select_type(types: Sequence[Type]) -> Type:
    """The type of ``a if c else b``."""
    joined = join(types[1], types[2])
    if joined is None:
        raise NotApplicable(f"no type holds both {types[1]!r} and {types[2]!r}")
    return joined


def conversion_type(fn: str, types: Sequence[Type]) -> Type:
    """The type of ``float(x)`` and the like."""
    numeric(fn, types)
    if isinstance(types[0], Array) and any(d.is_constant and not d.is_one for d in types[0].dims):
        raise NotApplicable(f"{fn}() takes a number, not {types[0]!r}")
    if kind_of(types[0]) == "complex" and fn != "bool":
        raise NotApplicable(f"{fn}() takes a real number")
    return {"float": FLOAT, "int": INT, "bool": BOOL, "round": INT}[fn]


def default_type(types: Sequence[Type]) -> Type:
    """The type of a user's function without a declared one: a float of the operands' shape."""
    if all(isinstance(t, Scalar) for t in types):
        return COMPLEX if any(kind_of(t) == "complex" for t in types) else FLOAT
    dims = broadcast(types)
    return UNKNOWN if dims is None else Array(ufunc_dtype("a function", "true_divide", (_all(types), FLOAT)), dims)


def _all(types: Sequence[Type]) -> Type:
    return Array(promote(*types), ())
