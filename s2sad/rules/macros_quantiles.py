"""Functions of the rule language for quantiles, whose axes are those of the probabilities, then those of the array."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.fit import fit_adjoint
from s2sad.rules.macros import arg, unsum
from s2sad.rules.static import axes_of, static
from s2sad.rules.terms import Expr, make, mul, tup, typ
from s2sad.trace.ir import Lit
from s2sad.trace.types import rank


def _behind(axis: Expr, x: Expr, q: Expr) -> Expr:
    """The axes of ``x`` where those of ``q`` stand before them."""
    lead, n = rank(typ(q)) or 0, rank(typ(x))
    axes = axes_of(arg(axis), n)
    if lead == 0:
        return axis
    found = [lead + a for a in (range(n or 0) if axes is None else axes)]
    return Lit(found[0]) if len(found) == 1 else tup(map(Lit, found))


def over_quantiles(v: Expr, x: Expr, q: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The sums over the axes of ``x``, for each quantile."""
    return make("np.sum", v, axis=_behind(axis, x, q), keepdims=keepdims)


def before_axes(q_dot: Expr, y: Expr) -> Expr:
    """A value for each quantile, which broadcasts against the axes behind."""
    lead, n = rank(typ(q_dot)) or 0, rank(typ(y)) or 0
    return make("np.expand_dims", q_dot, axis=tup(map(Lit, range(lead, n)))) if lead and n > lead else q_dot


def within_axes(v: Expr, q: Expr) -> Expr:
    """The sum over all axes but those of the probabilities."""
    lead, n = rank(typ(q)) or 0, rank(typ(v)) or 0
    if n > lead:
        v = make("np.sum", v, axis=tup(map(Lit, range(lead, n)))) if lead else make("np.sum", v)
    return fit_adjoint(v, q)


def unquantile(y_bar: Expr, w: Expr, x: Expr, q: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The adjoint of a weighted sum over the axes of ``x``, summed over the quantiles."""
    lead = rank(typ(q)) or 0
    if lead == 0:
        return mul(unsum(y_bar, x, axis, keepdims), w)
    if not static(arg(keepdims), "keepdims"):
        behind = _behind(axis, x, q)
        if rank(typ(x)):
            y_bar = make("np.expand_dims", y_bar, axis=behind)
    total = mul(y_bar, w)
    return make("np.sum", total, axis=Lit(0) if lead == 1 else tup(map(Lit, range(lead))))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    over_quantiles, before_axes, within_axes, unquantile)}
