"""Functions of the rule language for running values: rows, and places along an axis."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.macros import ALL, arg
from s2sad.rules.static import normal_axis, static
from s2sad.rules.terms import Expr, make, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Slc
from s2sad.trace.types import rank


def row_of(x: Expr, axis: Expr) -> Expr:
    """``x`` as NumPy's running functions see it: without an axis they take the elements one after the other."""
    return make("np.ravel", x) if axis == NONE and rank(typ(x)) != 1 else x


def axis_of(axis: Expr) -> Expr:
    """The axis of `row_of`."""
    return Lit(0) if axis == NONE else axis


def places(x: Expr, axis: Expr, start: int | None, stop: int | None) -> Expr:
    """The index of the elements from ``start`` to ``stop`` along an axis."""
    at = _place(x, axis)
    return tup([*[ALL] * at, Slc(Lit(start), Lit(stop), NONE)]) if at else Slc(Lit(start), Lit(stop), NONE)


def _place(x: Expr, axis: Expr) -> int:
    at, n = static(arg(axis_of(axis)), "axis"), rank(typ(x))
    if n is None and at < 0:
        raise NotApplicable("a negative axis needs the number of axes of the array; give the types of the arguments")
    return at if n is None else normal_axis(at, n)


def without_first(y: Expr, axis: Expr, include_initial: Expr) -> Expr:
    """``y`` without the initial value that was put first."""
    return make("getitem", y, index=places(y, axis, 1, None)) if include_initial == Lit(True) else y


def with_first(v: Expr, y: Expr, axis: Expr, include_initial: Expr) -> Expr:
    """``v`` behind the zero that belongs to the initial value of ``y``."""
    if include_initial != Lit(True):
        return v
    return make("setitem", term("zeros_like", y), v, index=places(y, axis, 1, None))


def headed(v: Expr, x: Expr, axis: Expr) -> Expr:
    """``v``, which begins as ``x`` does."""
    index = places(x, axis, None, 1)
    return make("setitem", v, make("getitem", x, index=index), index=index)


def last(v: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The last elements along an axis."""
    return make("getitem", v, index=_last(v, axis, keepdims))


def at_last(y_bar: Expr, x: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The adjoint of `last`."""
    return make("scatter_add", term("zeros_like", x), y_bar, index=_last(x, axis, keepdims))


def _last(x: Expr, axis: Expr, keepdims: Expr) -> Expr:
    if keepdims == Lit(True):
        return places(x, axis, -1, None)
    at = _place(x, axis)
    return tup([*[ALL] * at, Lit(-1)]) if at else Lit(-1)


def along_axis(v: Expr, x: Expr, axis: Expr) -> Expr:
    """What is known of the elements along an axis, which broadcasts against ``x``."""
    after = (rank(typ(x)) or 1) - 1 - _place(x, axis)
    return make("np.expand_dims", v, axis=tup(map(Lit, range(1, after + 1)))) if after else v


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    row_of, axis_of, without_first, with_first, headed, last, at_last, along_axis)}
