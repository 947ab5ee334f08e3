"""Functions of the rule language for curves: data with axes behind those of the parameter."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.terms import Expr, make, mul, typ
from s2sad.trace.ir import Lit, Tup
from s2sad.trace.types import rank


def _beyond(value: Expr, t: Expr) -> tuple[int, ...]:
    return tuple(range(rank(typ(t)) or 0, rank(typ(value)) or 0))


def times_first(slope: Expr, v: Expr) -> Expr:
    """``slope * v``, where v has the axes of the parameter only."""
    axes = _beyond(slope, v)
    if axes and rank(typ(v)):
        v = make("np.expand_dims", v, axis=Lit(axes[0]) if len(axes) == 1 else Tup(tuple(map(Lit, axes))))
    return mul(slope, v)


def times_whole(slope: Expr, y_bar: Expr, t: Expr) -> Expr:
    """The sum of ``slope * y_bar`` over the axes of the data."""
    axes = _beyond(slope, t)
    product = mul(y_bar, slope)
    if not axes:
        return product
    return make("np.sum", product, axis=Lit(axes[0]) if len(axes) == 1 else Tup(tuple(map(Lit, axes))))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (times_first, times_whole)}
