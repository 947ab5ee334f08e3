"""Operands whose values are needed at compile time: axes, shapes, dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import NeedsStatic, NotApplicable
from s2sad.trace.ir import Arg, Lit, Ref, Tup, Var
from s2sad.trace.types import BOOL, COMPLEX, FLOAT, INT, NOTHING, Dim, Scalar, Type, kind_of, rank, short_dtype


def type_of(arg: Arg) -> Type:
    """The type of an operand; the type of a literal number is the Python number's.

    >>> type_of(Lit(2.0))
    float
    """
    if isinstance(arg, Var):
        return arg.type
    if isinstance(arg, Lit):
        v = arg.value
        if isinstance(v, bool):
            return BOOL
        if isinstance(v, int):
            return INT
        if isinstance(v, float):
            return FLOAT
        if isinstance(v, complex):
            return COMPLEX
    return NOTHING


def zero_number(t: Type) -> Lit:
    """Zero, as a number of the kind of a type.

    >>> zero_number(COMPLEX)
    Lit(value=0j)
    """
    return Lit(0j if kind_of(t) == "complex" else 0.0)


def static(arg: Arg, what: str) -> Any:
    """The Python value of a literal operand.

    >>> static(Tup((Lit(0), Lit(1))), "axis")
    (0, 1)
    """
    if isinstance(arg, Lit):
        return arg.value
    if isinstance(arg, Tup):
        items = [static(i, what) for i in arg.items]
        return items if arg.is_list else tuple(items)
    raise NeedsStatic(arg, what)


def axes_of(arg: Arg, n: int | None, what: str = "axis") -> tuple[int, ...] | None:
    """The axes an ``axis`` option names, counted from 0 where the rank ``n`` is known; None for all of them."""
    value = static(arg, what)
    if value is None:
        return None
    axes = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    return axes if n is None else tuple(normal_axis(a, n) for a in axes)


def normal_axis(axis: Any, n: int) -> int:
    """An axis counted from 0."""
    if not isinstance(axis, int) or isinstance(axis, bool) or not -n <= axis < n:
        raise NotApplicable(f"axis {axis!r} does not exist: the array has {n} axes")
    return axis % n


def dtype_arg(arg: Arg) -> str | None:
    """The short name of a ``dtype`` option, None if it is None."""
    if isinstance(arg, Ref):
        name = arg.name.removeprefix("np.").removeprefix("numpy.").removeprefix("builtins.")
        if name in ("float", "int", "bool", "complex"):
            return {"float": "f8", "int": "i8", "bool": "b1", "complex": "c16"}[name]
        try:
            return short_dtype(getattr(np, name))
        except (AttributeError, TypeError):
            raise NotApplicable(f"{arg.name} is not a dtype of numbers", "use float, or np.float32") from None
    value = static(arg, "dtype")
    if value is None:
        return None
    try:
        return short_dtype(np.dtype(value))
    except TypeError:
        raise NotApplicable(f"{value!r} is not a dtype") from None


def dtype_option(dtype: str) -> Arg:
    """A ``dtype`` option that says ``dtype``.

    >>> dtype_option("f4")
    Ref(name='np.float32')
    """
    return Ref("np." + np.dtype(dtype).name.replace("bool", "bool_"))


def length(arg: Arg) -> Dim:
    """The axis length an integer operand stands for."""
    if isinstance(arg, Lit) and isinstance(arg.value, int):
        return Dim.constant(arg.value)
    if isinstance(arg, Var) and kind_of(arg.type) not in ("int", "bool"):
        raise NotApplicable(f"a length must be an integer, not {arg.type!r}")
    if isinstance(arg, Var):
        return arg.dim
    raise NotApplicable("a length must be an integer")


def shape_dims(arg: Arg) -> tuple[Dim, ...] | None:
    """The axes a ``shape`` option gives; None where it is a tuple known at run time only."""
    if isinstance(arg, Tup):
        return tuple(length(i) for i in arg.items)
    if isinstance(arg, Var) and not isinstance(arg.type, Scalar) and rank(arg.type) != 0:
        return None
    return (length(arg),)
