"""Functions of the rule language for distances between rows."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import arg, length, nonzero
from s2sad.rules.macros_gather import untake
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, div, make, mul, neg
from s2sad.trace.ir import Lit


def slope_of_distance(d: Expr, y: Expr, metric: Expr) -> Expr:
    """The derivative of distances ``y`` by the differences ``d`` of rows."""
    how = static(arg(metric), "metric")
    if how == "euclidean":
        return div(d, make("np.expand_dims", nonzero(y), axis=Lit(-1)))
    return mul(Lit(2.0), d) if how == "sqeuclidean" else make("np.sign", d)


def row_of_pair(x: Expr, k: Expr) -> Expr:
    """The number of the first or second row of each pair."""
    return make("getitem", make("np.triu_indices", num=length(x, 0), k=Lit(1)), index=k)


def to_pairs(v: Expr, x: Expr, i: Expr, j: Expr) -> Expr:
    """The adjoint of ``x[i] - x[j]``."""
    return make("scatter_add", untake(v, x, i, Lit(0)), neg(v), index=j)


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (slope_of_distance, row_of_pair, to_pairs)}
