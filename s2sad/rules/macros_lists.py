"""Functions of the rule language for lists."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.infer_lists import item_type
from s2sad.rules.static import zero_number
from s2sad.rules.terms import Expr, make, slc, term, typ
from s2sad.trace.ir import NONE, Lit
from s2sad.trace.types import Array, List, Scalar, dims_of, has_fixed_shape, rank


def item_of(xs: Expr, index: Expr) -> Expr:
    """An item of a list."""
    return make("getitem", xs, index=index)


def zero_of(x: Expr) -> Expr:
    """Zero, like a number or array."""
    return zero_number(typ(x)) if rank(typ(x)) == 0 else term("zeros_like", x)


def zero_item(xs: Expr, index: Expr) -> Expr:
    """Zero, like an item of a list."""
    item = item_type(typ(xs))
    return zero_number(item) if rank(item) == 0 else term("zeros_like", item_of(xs, index))


def zero_before(xs: Expr, x: Expr, y_bar: Expr, index: Expr) -> Expr:
    """Zero, like the item that was in the place of ``x``: of its shape, which may be another one."""
    same = has_fixed_shape(typ(x)) and dims_of(item_type(typ(xs))) == dims_of(typ(x))
    return zero_item(y_bar if same else xs, index)


def before(y: Expr, xs: Expr) -> Expr:
    """The first items of a list, as many as another one has."""
    return make("getitem", y, index=slc(NONE, make("len", xs)))


def behind(y: Expr, xs: Expr) -> Expr:
    """What comes after as many items as another list has."""
    return make("getitem", y, index=slc(make("len", xs), NONE))


def zeros_behind(xs: Expr, length: Expr) -> Expr:
    """Zeros like the items from a place on."""
    return term("zeros_like", make("getitem", xs, index=slc(length, NONE)))


def place_of(index: Expr, left: Expr) -> Expr:
    """Where the item was that has been deleted at an index, which counts from the end if it is negative."""
    if isinstance(index, Lit) and index.value >= 0:
        return index
    return make("%", index, make("+", make("len", left), Lit(1)))


def repeated(y: Expr, xs: Expr, like: Expr) -> Expr:
    """A list again and again, until it is as long as ``xs``."""
    return make("list_repeat", y, count=make("//", make("len", xs), make("len", like)))


def rows_like(y: Expr, xs: Expr) -> Expr:
    """The rows of an array as a list like ``xs``."""
    depth, t = 0, typ(xs)
    while isinstance(t, List):
        depth, t = depth + 1, t.item
    numbers = isinstance(t, Scalar) or isinstance(t, Array) and not t.dims
    return term("list_rows", y, type=typ(xs) if numbers else None, depth=Lit(depth))


LISTS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    item_of, zero_of, zero_item, zero_before, before, behind, zeros_behind, place_of, repeated, rows_like)}
