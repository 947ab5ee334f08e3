"""Places in a buffer: ``view(x)[index]``, what assignments write to.

A *view* is a chain of operations each of which gives a view of its operand, written as a `Tup` of steps, each a `Tup`
of the operation's name and its options: ``A.T[1:]`` is the view ``(np.transpose(axes=None), getitem(index=1:))`` of A.
The index may be any that NumPy takes.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.builder import Builder
from s2sad.rules.infer_index import index_items
from s2sad.rules.terms import Expr, is_number, make, term
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import INT
from s2sad.trace.walk import may_repeat

Step = tuple[str, dict[str, Arg]]
# Operations that write to a place: it is given a value, or a value is added to it.
STORES = ("setitem", "scatter_add")


def steps_of(view: Arg) -> list[Step]:
    """The steps of a view as pairs of an operation's name and its options.

    >>> steps_of(view_of([("np.swapaxes", {"axis1": Lit(0), "axis2": Lit(1)})]))
    [('np.swapaxes', {'axis1': Lit(value=0), 'axis2': Lit(value=1)})]
    """
    out: list[Step] = []
    for step in view.items if isinstance(view, Tup) else ():
        assert isinstance(step, Tup) and isinstance(step.items[0], Lit)
        options: dict[str, Arg] = {}
        for pair in step.items[1:]:
            assert isinstance(pair, Tup) and isinstance(pair.items[0], Lit)
            options[pair.items[0].value] = pair.items[1]
        out.append((step.items[0].value, options))
    return out


def view_of(steps: list[Step]) -> Arg:
    """Steps as the option ``view`` of an operation; None if there are none."""
    if not steps:
        return NONE
    return Tup(tuple(Tup((Lit(fn), *(Tup((Lit(k), v)) for k, v in options.items()))) for fn, options in steps))


def joined_place(steps: list[Step], index: Arg) -> tuple[Arg, Arg]:
    """The view and the index of a place, with an index that only picks made part of the last one.

    >>> joined_place([("getitem", {"index": Lit(0)})], Lit(...)), joined_place([("getitem", {"index": Lit(0)})], Lit(1))
    ((Lit(value=None), Lit(value=0)), (Lit(value=None), Tup(items=(Lit(value=0), Lit(value=1)), is_list=False)))
    """
    while steps and steps[-1][0] == "getitem":
        last = steps[-1][1]["index"]
        if whole(index):
            index = last
        elif all(_is_integer(i) for i in index_items(last)) and not may_repeat(index):
            index = Tup((*index_items(last), *index_items(index)))
        else:
            break
        steps = steps[:-1]
    return view_of(steps), index


def _is_integer(i: Arg) -> bool:
    return isinstance(i, Lit) and type(i.value) is int or isinstance(i, Var) and i.type == INT


def viewed(b: Builder, x: Arg, view: Arg) -> Arg:
    """Append the operations that make a view."""
    for fn, options in steps_of(view):
        x = b.op(fn, x, **options)  # type: ignore[arg-type]
    return x


def read_place(b: Builder, x: Arg, index: Arg, view: Arg, hint: str = "") -> Arg:
    """Append what reads a place."""
    return b.op("getitem", viewed(b, x, view), index=index, hint=hint)


def whole(index: Arg) -> bool:
    """Whether an index means the whole array: ``...``, ``:``, ``:, :``.

    >>> whole(Lit(...)), whole(Slc(NONE, NONE, NONE)), whole(Lit(0))
    (True, True, False)
    """
    items = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    return index == Lit(...) or bool(items) and all(i == Slc(NONE, NONE, NONE) for i in items)


def _viewed(x: Expr, view: Expr) -> Expr:
    for fn, options in steps_of(view):  # type: ignore[arg-type]
        x = make(fn, x, **options)
    return x


def _options(view: Expr) -> dict[str, Expr]:
    return {} if view == NONE else {"view": view}


def at(y_bar: Expr, index: Expr, view: Expr) -> Expr:
    """The values at a place."""
    if whole(index):  # type: ignore[arg-type]
        return _viewed(y_bar, view)
    return make("getitem", _viewed(y_bar, view), index=index)


def last_at(y_bar: Expr, index: Expr, view: Expr) -> Expr:
    """The values at a place, 0 for those that a later repetition of the same element replaces."""
    if may_repeat(index):  # type: ignore[arg-type]
        base = _viewed(y_bar, view)
        return make("np.where", make("last_written", base, index=index), make("getitem", base, index=index), Lit(0.0))
    return at(y_bar, index, view)


def scattered(x_dot: Expr, v_dot: Expr, index: Expr, view: Expr) -> Expr:
    """The tangent of ``x`` with ``v`` added at a place."""
    if is_number(v_dot, 0) or getattr(v_dot, "fn", "") == "zeros_like":
        return x_dot
    return make("scatter_add", x_dot, v_dot, index=index, **_options(view))


def replaced(x_dot: Expr, v_dot: Expr, index: Expr, view: Expr) -> Expr:
    """``x`` with a place replaced by ``v``."""
    if getattr(v_dot, "fn", "") == "zeros_like":
        v_dot = Lit(0.0)
    return term("setitem", x_dot, v_dot, index=index, **_options(view))  # type: ignore[arg-type]


PLACES: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (at, last_at, scattered, replaced)}
__all__ = ["PLACES", "Step", "read_place", "steps_of", "view_of", "viewed", "whole"]
