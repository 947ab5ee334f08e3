"""Functions of the rule language for what orders elements, and for what names them by numbers."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.infer_order import unique
from s2sad.rules.macros import arg, length
from s2sad.rules.macros_gather import along, inverse
from s2sad.rules.signature import flatten
from s2sad.rules.static import normal_axis, static
from s2sad.rules.terms import Expr, make, term, typ
from s2sad.trace.ir import NONE, Lit, Tup, Var
from s2sad.trace.types import rank


def within(indices: Expr, x: Expr, axis: Expr, mode: Expr) -> Expr:
    """Indices that lie inside an axis, as ``mode`` puts them there."""
    if mode == Lit("raise"):
        return indices
    if isinstance(indices, Tup):
        items, layout = flatten(indices)
        indices = term("np.array", *items, layout=layout)
    k = static(arg(axis), "axis")
    n = rank(typ(x))
    size = make("size", x) if k is None else length(x, normal_axis(k, n) if n is not None else k)
    if mode == Lit("wrap"):
        return make("%", indices, size)
    return term("np.clip", indices, Lit(0), make("-", size, Lit(1)))


def at_choice(v: Expr, indices: Expr, xs: Expr, kth: Expr, mode: Expr) -> Expr:
    """``v`` where `np.choose` takes elements of the k-th array, else 0; it raises where that does."""
    assert isinstance(xs, Tup)
    options: dict[str, Expr] = {} if mode == Lit("raise") else {"mode": mode}
    picked = [v if kth == Lit(k) else Lit(0.0) for k in range(len(xs.items))]
    return term("np.choose", *picked, type=None, indices=indices, **options)


def partition_order(x: Expr, y: Expr, axis: Expr) -> Expr:
    """Where the elements of a partition come from: ``x`` and ``y`` hold the same elements, the k-th of each is one."""
    at = Lit(0) if axis == NONE else axis
    flat = x if axis != NONE or rank(typ(x)) == 1 else make("np.ravel", x)
    order = make("np.argsort", flat, axis=at)
    return along(order, inverse(make("np.argsort", y, axis=at), at), at)


def unique_places(x: Expr, axis: Expr, equal_nan: Expr) -> Expr:
    """Where the distinct elements are found first."""
    options: dict[str, Expr] = {"return_index": Lit(True)}
    options |= {} if axis == NONE else {"axis": axis}
    options |= {} if equal_nan == Lit(True) else {"equal_nan": equal_nan}
    stand_in = Var(typ(x))
    both = unique([stand_in], {k: arg(v) for k, v in options.items()})
    return make("part", term("np.unique", x, type=both, **options), item=Lit(1))


def chosen_by(x: Expr, places: Expr, axis: Expr) -> Expr:
    """The elements, or slices, at places."""
    if axis == NONE:
        return make("getitem", x if rank(typ(x)) == 1 else make("np.ravel", x), index=places)
    return make("np.take", x, indices=places, axis=axis)


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    within, at_choice, partition_order, unique_places, chosen_by)}
