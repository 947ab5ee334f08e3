"""The invariants of a trace, checked between passes under test.

Every variable is defined once, before it is read, and in scope where it is read; every end stands where it may and
carries as many values as its statement expects; a block whose last statement says where control goes has no end.
With ``linked=True`` statements inside a twin may read what the mirrored statement defines inside.

>>> from s2sad.trace.ir import Block, Input, Leaf, Return, Trace, Var
>>> from s2sad.trace.types import FLOAT
>>> x = Var(FLOAT, "x")
>>> validate(Trace("f", (Input("x", Leaf(0)),), (x,), Block((), Return((x,))), Leaf(0)))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from s2sad.errors import InternalError
from s2sad.trace.ends import tail_if
from s2sad.trace.ir import (
    Block,
    Break,
    Call,
    Const,
    End,
    For,
    If,
    Leaf,
    Lit,
    Mirror,
    Next,
    Op,
    Raise,
    Return,
    Stmt,
    Trace,
    Tree,
    Try,
    Var,
    While,
    Yield,
)
from s2sad.trace.walk import arg_vars, blocks_of, definitions, end_args, inner_defs, own_vars, statements, targets_of


@dataclass(frozen=True)
class _Context:
    """What the ends inside a block must look like: numbers of values, None where the end is illegal."""

    yields: int | None
    loop: tuple[int, int] | None
    returns: int | None


def leaves_of(tree: Tree) -> list[int]:
    """The indices of a structure's leaves, in order."""
    if isinstance(tree, Leaf):
        return [tree.index]
    return [] if isinstance(tree, Const) else [k for item in tree.items for k in leaves_of(item)]


def validate(trace: Trace, linked: bool = False) -> None:
    """Raise `InternalError` where an invariant of the trace is broken."""
    for callee in trace.callees:
        validate(callee, linked)
    _Checker(trace, linked).run()


class _Checker:
    def __init__(self, trace: Trace, linked: bool) -> None:
        self.trace, self.linked = trace, linked
        self.by_key = {s.key: s for s in statements(trace.body) if isinstance(s, (If, For, While))}
        self.scope: set[Var] = set()
        self.callees = {c.name: c for c in trace.callees}

    def fail(self, what: str) -> None:
        raise InternalError(f"invalid trace {self.trace.name}: {what}")

    def run(self) -> None:
        t = self.trace
        leaves = sorted(k for i in t.inputs for k in leaves_of(i.tree))
        if leaves != list(range(len(t.params))):
            self.fail(f"the inputs have leaves {leaves} for {len(t.params)} params")
        seen: set[Var] = set()
        for v in (*t.params, *definitions(t.body)):
            if v in seen:
                self.fail(f"{v} is defined twice")
            seen.add(v)
        results = leaves_of(t.result)
        if sorted(results) != list(range(len(results))):
            self.fail(f"the result has leaves {results}")
        self.scope = set(t.params)
        self.block(t.body, _Context(None, None, len(results)))

    def read(self, vs: list[Var], what: str) -> None:
        for v in vs:
            if v not in self.scope:
                self.fail(f"{what} reads {v}, which is not in scope")

    def define(self, vs: tuple[Var, ...]) -> list[Var]:
        self.scope.update(vs)
        return list(vs)

    def block(self, block: Block, context: _Context) -> None:
        """Check a block; what it defines goes out of scope at its end."""
        local: list[Var] = []
        last = len(block.stmts) - 1
        for k, stmt in enumerate(block.stmts):
            tail = k == last and block.end is None
            self.read(list(own_vars(stmt)), type(stmt).__name__)
            self.stmt(stmt, context, tail)
            local += self.define(targets_of(stmt))
        if block.end is not None:
            self.end(block.end, context)
        elif not (block.stmts and isinstance(block.stmts[-1], If)):
            self.fail("a block without end whose last statement is no If")
        self.scope.difference_update(local)

    def stmt(self, stmt: Stmt, context: _Context, tail: bool) -> None:
        twin = self.by_key.get(stmt.twin) if isinstance(stmt, (If, For, While)) and stmt.twin is not None else None
        if isinstance(stmt, If):
            inside = context if tail else _Context(len(stmt.results), context.loop, context.returns)
            sources: tuple[Block | None, ...] = blocks_of(twin) if isinstance(twin, If) else (None, None)
            heads = self.guard(stmt)
            for branch, source in zip((stmt.then, stmt.orelse), sources):
                if not tail and branch.end is not None and not isinstance(branch.end, Yield):
                    self.fail(f"a branch ends in {type(branch.end).__name__} and the If is not the last statement")
                linked = self.link(source)
                self.block(branch, inside)
                self.scope.difference_update(linked)
            self.scope.difference_update(heads)
        elif isinstance(stmt, (For, While)):
            self.loop(stmt, context, twin)
        elif isinstance(stmt, Call) and stmt.callee in self.callees:
            callee = self.callees[stmt.callee]
            if len(stmt.args) != len(callee.params) or len(stmt.targets) != len(leaves_of(callee.result)):
                self.fail(f"call of {stmt.callee} with {len(stmt.args)} arguments, {len(stmt.targets)} targets")

    def guard(self, stmt: If) -> list[Var]:
        """Check what takes the place of a condition; what it defines inside the statement."""
        if isinstance(stmt.guard, Try):
            if not isinstance(stmt.cond, Var):
                self.fail(f"a try that defines {stmt.cond!r}")
            ends = [s for s in stmt.then.stmts if isinstance(s, Op) and s.fn == "completed"]
            raising = any(isinstance(s, Op) and s.fn == "raise" for s in statements(stmt.then))
            if len(ends) != 1 and not raising:
                self.fail(f"a try whose block is completed at {len(ends)} places")
        elif stmt.guard is not None and stmt.cond != Lit(True):
            self.fail(f"a with under the condition {stmt.cond!r}")
        return self.define((*(v for v in targets_of(stmt) if v not in stmt.results), *inner_defs(stmt)))

    def loop(self, stmt: For | While, context: _Context, twin: Stmt | None) -> None:
        carried = len(stmt.params)
        if len(stmt.inits) != carried or len(stmt.results) != carried:
            self.fail(f"a loop with {carried} params, {len(stmt.inits)} inits, {len(stmt.results)} results")
        if isinstance(stmt, For):
            if len(stmt.items) != len(stmt.tapes):
                self.fail(f"a loop with {len(stmt.items)} items from {len(stmt.tapes)} tapes")
            if isinstance(stmt.domain, Mirror) and not self.linked:
                self.fail("a loop over the iterations of its twin after recording")
        local = self.define(inner_defs(stmt))
        linked: list[Var] = []
        if isinstance(twin, (For, While)):
            linked = self.link(twin.body, inner_defs(twin))
        if isinstance(stmt, While):
            self.block(stmt.test, _Context(1, None, None))
        self.block(stmt.body, _Context(None, (carried, len(stmt.outs)), context.returns))
        self.scope.difference_update(local)
        self.scope.difference_update(linked)

    def link(self, source: Block | None, heads: tuple[Var, ...] = ()) -> list[Var]:
        """Bring what a mirrored block defines into scope; return what is new there."""
        if not self.linked or source is None:
            return []
        new = [v for s in _on_path(source) for v in targets_of(s) if v not in self.scope]
        new += [v for v in heads if v not in self.scope]
        self.scope.update(new)
        return new

    def end(self, end: End, context: _Context) -> None:
        self.read([v for a in end_args(end) for v in arg_vars(a)], type(end).__name__)
        if isinstance(end, Yield):
            self.arity(context.yields, len(end.values), "yield")
        elif isinstance(end, (Next, Break)):
            if context.loop is None:
                self.fail(f"{type(end).__name__} outside a loop")
            else:
                self.arity(context.loop[0], len(end.values), type(end).__name__)
                self.arity(context.loop[1], len(end.outs), f"tapes of {type(end).__name__}")
        elif isinstance(end, Return):
            self.arity(context.returns, len(end.values), "return")
        elif not isinstance(end, Raise):
            self.fail(f"unknown end {end!r}")

    def arity(self, expected: int | None, got: int, what: str) -> None:
        if expected is None:
            self.fail(f"{what} where it may not stand")
        elif expected != got:
            self.fail(f"{what} with {got} values instead of {expected}")


def _on_path(block: Block) -> Iterator[Stmt]:
    """The statements a mirror of a block may refer to: also those of a branch the block ends in.

    Where the other branch leaves the function, the reverse sweep knows which one was taken, and has no If for it.
    """
    yield from block.stmts
    last = tail_if(block)
    if last is not None:
        yield from _on_path(last.then)
        yield from _on_path(last.orelse)
