"""Functions of the rule language for what makes arrays."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.macros import ALL, arg, length
from s2sad.rules.static import normal_axis, static
from s2sad.rules.terms import Expr, make, mul, number, sub, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Slc
from s2sad.trace.types import ONE, Array, dims_of, rank


def _after(start: Expr, stop: Expr, axis: Expr) -> int:
    """How many axes come behind that of the points."""
    ranks = rank(typ(start)), rank(typ(stop))
    if ranks[0] is None or ranks[1] is None:
        raise NotApplicable("np.linspace needs the number of axes of its operands; give the types of the arguments")
    n = max(ranks[0], ranks[1])
    return n - normal_axis(static(arg(axis), "axis"), n + 1)


def ramp(start: Expr, stop: Expr, num: Expr, endpoint: Expr, axis: Expr) -> Expr:
    """The points from 0 to 1, along an axis."""
    options = {} if endpoint == Lit(True) else {"endpoint": endpoint}
    points = make("np.linspace", Lit(0.0), Lit(1.0), num=num, **options)
    after = _after(start, stop, axis)
    if not after:
        return points
    return make("np.expand_dims", points, axis=Lit(1) if after == 1 else tup(map(Lit, range(1, after + 1))))


def with_points(v: Expr, start: Expr, stop: Expr, axis: Expr) -> Expr:
    """A tangent of one end with an axis for the points, where it has axes before that."""
    after, n = _after(start, stop, axis), rank(typ(v)) or 0
    return make("np.expand_dims", v, axis=Lit(n - after)) if n > after else v


def turned_powers(v: Expr, x: Expr, n: Expr, increasing: Expr, back: Expr) -> Expr:
    """The derivative of each power times ``v``: the tangent of ``np.vander``, or (``back``) its adjoint."""
    up = bool(static(arg(increasing), "increasing"))
    count = n if n != NONE else length(x, 0)
    if number(count) == 0:
        return term("zeros_like", x) if back == Lit(True) else Lit(0.0)
    options = {"increasing": Lit(True)} if up else {}
    lower = make("np.vander", x, N=sub(count, Lit(1)), **options)
    exponents = make("np.arange", Lit(1), count) if up else make("np.arange", sub(count, Lit(1)), Lit(0), Lit(-1))
    slopes = mul(lower, exponents)
    # The power 0 has none: it stands in the first or the last column.
    if back == Lit(True):
        columns: Expr = tup([ALL, Slc(Lit(1), NONE, NONE) if up else Slc(NONE, Lit(-1), NONE)])
        return make("np.sum", mul(make("getitem", v, index=columns), slopes), axis=Lit(1))
    moved = mul(make("np.expand_dims", v, axis=Lit(1)), slopes)
    nothing = term("np.zeros", shape=tup([length(x, 0), Lit(1)]), type=Array("f8", (dims_of(typ(x))[0], ONE)))
    return make("np.concatenate", *((nothing, moved) if up else (moved, nothing)), axis=Lit(1))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (ramp, with_points, turned_powers)}
