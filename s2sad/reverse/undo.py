"""Stores and what takes them back: arrays that are written to, lists that change.

    A2 = setitem(A1, v, i)         old = getitem(A1, i)        A1 = setitem(A2, old, i)
    ys2 = list_append(ys1, y)                                  ys1 = list_pop(ys2)
    ys2 = list_extend(ys1, zs)     n = len(ys1)                ys1 = list_cut(ys2, n)
"""

from __future__ import annotations

from collections.abc import Mapping

from s2sad.passes.alias import UPDATES
from s2sad.rules.builder import Builder
from s2sad.rules.places import read_place
from s2sad.trace.ir import NONE, Arg, Lit, Op, Slc, Stmt, Var
from s2sad.trace.types import List


def is_store(s: Stmt) -> bool:
    """Whether a statement makes a version of a buffer that can be undone."""
    return isinstance(s, Op) and s.target is not None and s.fn in UPDATES and not (
        isinstance(s.kwarg("index"), Slc) and isinstance(s.target.type, List))


def overwritten(b: Builder, s: Op) -> Arg:
    """Append what reads that which a store overwrites, or takes away; of a list that grows, its length."""
    if s.fn in ("list_append", "list_insert"):
        return NONE
    if s.fn == "list_extend":
        return b.op("len", s.args[0])
    if s.fn == "list_cut":
        return b.op("getitem", s.args[0], index=Slc(s.kwarg("length"), NONE, NONE))
    return read_place(b, s.args[0], Lit(-1) if s.fn == "list_pop" else s.kwarg("index"), s.kwarg("view"))


def undo(b: Builder, s: Op, contents: Arg, old: Arg, options: Mapping[str, Arg]) -> Arg:
    """Append what takes a change of a list back."""
    assert isinstance(s.args[0], Var)
    t, hint, index = s.args[0].type, s.args[0].hint, options.get("index", NONE)
    if s.fn == "list_append":
        return b.op("list_pop", contents, type=t, hint=hint)
    if s.fn == "list_insert":
        return b.op("list_delete", contents, type=t, hint=hint, index=index)
    if s.fn == "list_extend":
        return b.op("list_cut", contents, type=t, hint=hint, length=old)
    if s.fn == "list_pop":
        return b.op("list_append", contents, old, type=t, hint=hint)
    if s.fn == "list_cut":
        return b.op("list_extend", contents, old, type=t, hint=hint)
    if s.fn == "list_delete":
        if not (isinstance(index, Lit) and index.value >= 0):
            index = b.op("%", index, b.op("+", b.op("len", contents), Lit(1)))
        return b.op("list_insert", contents, old, type=t, hint=hint, index=index)
    return b.op("list_set", contents, old, type=t, hint=hint, index=index)
