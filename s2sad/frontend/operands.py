"""Questions about operands of the trace, and about what becomes one."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.values import Value
from s2sad.trace.ir import Arg, Lit, Tup, Var
from s2sad.trace.types import Array, Scalar, Unknown, kind_of, rank


def not_a(text: str, value: Value) -> TypeError | None:
    """The TypeError that Python raises where a number or None stands in the place of something else.

    >>> from s2sad.frontend.values import Static
    >>> not_a("'{}' object is not callable", Lit(2.0)), not_a("'{}' object is not callable", Static(2))
    (TypeError("'float' object is not callable"), None)
    """
    if isinstance(value, Lit) and (value.value is None or isinstance(value.value, (bool, int, float, complex))):
        return TypeError(text.format(type(value.value).__name__))
    if isinstance(value, Var) and isinstance(value.type, Scalar):
        return TypeError(text.format(value.type.kind))
    single = isinstance(value, Var) and isinstance(value.type, Array) and not value.type.dims
    return TypeError(text.format(f"numpy.{value.type.dtype}")) if single else None  # type: ignore[union-attr]


def of_none(text: str, left: Value, right: Value) -> TypeError | None:
    """The TypeError that Python raises where None is an operand beside a number or None."""
    names = []
    for value in (left, right):
        said = not_a("{}", value)
        names.append("" if said is None else str(said))
    known = all(names) and "NoneType" in names
    return TypeError(text.format(*names)) if known else None


def as_dtype(value: Any) -> str | None:
    """The NumPy name of a dtype-like object that is no string; None if it is something else."""
    if isinstance(value, np.dtype):
        return str(value.name)
    if isinstance(value, type) and issubclass(value, np.generic):
        return str(np.dtype(value).name)
    if value in (float, int, bool, complex):
        return str(np.dtype(value).name)
    return None


def element_index(index: Arg) -> Arg:
    """The index of one element without an ellipsis, which would give a view of it instead of its value."""
    if not isinstance(index, Tup) or Lit(...) not in index.items:
        return index
    items = tuple(i for i in index.items if i != Lit(...))
    return items[0] if len(items) == 1 else Tup(items, index.is_list)


def is_integer(arg: Arg) -> bool:
    """Whether an operand is one integer."""
    if isinstance(arg, Lit):
        return isinstance(arg.value, int)
    kinds = ("int", "bool") if isinstance(arg, Var) and isinstance(arg.type, Scalar) else ("int",)
    return isinstance(arg, Var) and rank(arg.type) == 0 and kind_of(arg.type) in kinds


def is_array(arg: object) -> bool:
    """Whether an operand has axes, or may have."""
    return isinstance(arg, Var) and (isinstance(arg.type, (Array, Unknown)))


def several(hint: str) -> list[str]:
    """The names in a hint for several values; none in one for a single value.

    >>> several("a,b"), several("a")
    (['a', 'b'], [])
    """
    return hint.split(",") if "," in hint else []
