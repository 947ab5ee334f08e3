"""Functions of the rule language for convolutions."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import length
from s2sad.rules.terms import Expr, make, number, slc, term, tup, typ
from s2sad.trace.ir import Lit
from s2sad.trace.types import Array, dims_of, dtype_of, rank


def _sum(a: Expr, b: Expr) -> Expr:
    return Lit(number(a) + number(b)) if number(a) is not None and number(b) is not None else make("+", a, b)


def without_edges(z: Expr, b: Expr, a: Expr) -> Expr:
    """The places of a convolution with ``b`` where ``a`` begins and ends: it has the shape of ``a``."""
    parts: list[Expr] = []
    for axis in range(rank(typ(a)) or 0):
        n = length(b, axis)
        start = Lit(number(n) - 1) if number(n) is not None else make("-", n, Lit(1))
        parts.append(slc(start, _sum(start, length(a, axis))))
    index = parts[0] if len(parts) == 1 else tup(parts)
    return term("getitem", z, type=Array(dtype_of(typ(z)), dims_of(typ(a))), index=index)


def on_last(w: Expr, y: Expr, axis: Expr) -> Expr:
    """A vector along an axis of ``y``."""
    n = rank(typ(y)) or 1
    assert isinstance(axis, Lit)
    behind = n - 1 - axis.value % n
    if not behind:
        return w
    return make("np.expand_dims", w, axis=Lit(-1) if behind == 1 else tup([Lit(-k - 1) for k in range(behind)]))


MACROS: dict[str, Callable[..., Expr]] = {"without_edges": without_edges, "on_last": on_last}
