"""None for what has no value: so that it can be kept, on a tape or in the tuple that a function leaves as its tape.

    a = x if c else <nothing>; pack(a)      ⇒       a = x if c else None; pack(a)

>>> from s2sad.trace.ir import UNDEF, Op
>>> from s2sad.trace.types import BOOL, FLOAT, Residual
>>> c, x, a, t = Var(BOOL, "c"), Var(FLOAT, "x"), Var(FLOAT, "a"), Var(Residual("f"), "t")
>>> body = Block((If(c, Block((), Yield((x,))), Block((), Yield((UNDEF,))), (a,)), Op(t, "pack", (a,))), None)
>>> print(none_for_missing(body, [a]).stmts[0].orelse.end)
Yield(values=(Lit(value=None),))
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from s2sad.analysis.activity import maybe_undefined
from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import NONE, Arg, Block, Break, For, If, Next, Stmt, Undef, Var, While, Yield
from s2sad.trace.walk import blocks_of, statements, with_blocks


def none_for_missing(body: Block, kept: Collection[Var]) -> Block:
    """Give None to those variables among ``kept`` that have no value on some path, and to what they come from."""
    missing = maybe_undefined(body)
    todo = [v for v in kept if v in missing]
    if not todo:
        return body
    sources = _sources(body)
    wanted = set(todo)
    while todo:
        for v in sources.get(todo.pop(), ()):
            if v in missing and v not in wanted:
                wanted.add(v)
                todo.append(v)
    return _Filling(wanted).block(body, (), ())


def _sources(body: Block) -> dict[Var, list[Var]]:
    """What each result of a branch or loop, and each variable of a loop, is handed."""
    out: dict[Var, list[Var]] = {}

    def note(targets: Iterable[Var], values: Iterable[Arg]) -> None:
        for t, a in zip(targets, values):
            if isinstance(a, Var):
                out.setdefault(t, []).append(a)

    for s in statements(body):
        if isinstance(s, If):
            for side in blocks_of(s):
                if isinstance(side.end, Yield):
                    note(s.results, side.end.values)
        elif isinstance(s, (For, While)):
            note(s.results, s.params)
            for values in (s.inits, *(end.values for end in loop_ends(s.body))):
                note(s.params, values)
                note(s.results, values)
    return out


class _Filling:
    def __init__(self, wanted: set[Var]) -> None:
        self.wanted = wanted

    def fill(self, values: tuple[Arg, ...], targets: tuple[tuple[Var, ...], ...]) -> tuple[Arg, ...]:
        return tuple(NONE if isinstance(a, Undef) and not self.wanted.isdisjoint(t) else a
                     for a, t in zip(values, targets))

    def block(self, block: Block, yields: tuple[tuple[Var, ...], ...], slots: tuple[tuple[Var, ...], ...]) -> Block:
        stmts = [self.stmt(s, yields if block.end is None and k == len(block.stmts) - 1 else None, slots)
                 for k, s in enumerate(block.stmts)]
        end = block.end
        if isinstance(end, Yield) and len(yields) == len(end.values):
            end = Yield(self.fill(end.values, yields))
        elif isinstance(end, (Next, Break)):
            end = replace(end, values=self.fill(end.values, slots))
        return Block(tuple(stmts), end)

    def stmt(self, s: Stmt, tail: tuple[tuple[Var, ...], ...] | None, slots: tuple[tuple[Var, ...], ...]) -> Stmt:
        if isinstance(s, If):
            yields = tuple((r,) for r in s.results)
            return with_blocks(s, tuple(self.block(b, yields if b.end is not None else tail or (), slots)
                                        for b in blocks_of(s)))
        if isinstance(s, (For, While)):
            slots = tuple(zip(s.params, s.results))
            s = replace(s, inits=self.fill(s.inits, slots))
            return with_blocks(s, tuple(self.block(b, (), slots) for b in blocks_of(s)))
        return s
