"""``try`` and ``with`` as code.

    ok = try: [y = f(x), completed, r]        try:
         except E as e: h              ⇒          y = f(x)
                                              except E as e:
                                                  h
                                              else:
                                                  r

What follows the body needs no `else` where every handler leaves.  Handlers that ask for the class of the exception
first have an ``except`` each.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from s2sad.emit import code
from s2sad.emit.code import Assign, Code, Jump
from s2sad.emit.exceptions import raising
from s2sad.emit.expr import Expressions
from s2sad.emit.fold import Folding
from s2sad.emit.nodes import constant, display
from s2sad.trace.ir import NOWHERE, Arg, Block, If, Op, Raise, Ref, Stmt, Try, Tup, Var, With, Yield
from s2sad.trace.walk import blocks_of, substitute


@dataclass(frozen=True)
class Place:
    """Where a block stands: who gets its yields, the loop it is the body of, the statement around it."""

    yields: tuple[Var, ...] = ()
    params: tuple[Var, ...] = ()
    outs: tuple[Var, ...] = ()
    sweep: str = "primal"
    split: bool = False


class Guards:
    """Lowers blocks under guard."""

    ex: Expressions
    folding: Folding

    def __init__(self) -> None:
        # The exception that is being handled.
        self.caught: Var | None = None

    def block(self, block: Block, place: Place) -> list[Code]:
        raise NotImplementedError

    def statements(self, stmts: Sequence[Stmt], place: Place) -> list[Code]:
        raise NotImplementedError

    def guarded(self, stmt: If, guard: Try | With, place: Place) -> list[Code]:
        """``try`` or ``with``, and what follows."""
        if isinstance(guard, With):
            manager = self.ex.arg(guard.context)
            reads = self.ex.take_reads()
            target = guard.target if guard.target is not None and self.folding.uses[guard.target] else None
            return [code.Context(manager, target, reads, self.block(stmt.then, place), stmt.site, stmt.sweep)]
        stmts = stmt.then.stmts
        at = next((k for k, s in enumerate(stmts) if isinstance(s, Op) and s.fn == "completed"), len(stmts))
        body = self.statements(stmts[:at], place)
        jump = next((k for k, n in enumerate(body) if isinstance(n, Jump)), None)
        rest: list[Code] = []
        if jump is None:
            rest = [*self.told(stmt, True), *self.block(Block(stmts[at + 1:], stmt.then.end), place)]
        body = body if jump is None else body[:jump + 1]
        handlers = self.handlers(stmt, guard, place)
        node = code.Guarded(body, handlers, rest, stmt.site, stmt.sweep)
        if not all(code.leaves(h.body) for h in handlers):
            return [node]
        # Whoever gets behind the statement has completed it.
        node.rest = []
        return [node, *rest]

    def told(self, stmt: If, value: bool) -> list[Code]:
        """Whether the body of a ``try`` has been completed, if somebody asks for it."""
        if not isinstance(stmt.cond, Var) or not self.folding.uses[stmt.cond]:
            return []
        return [Assign([stmt.cond], [constant(value)], [], [None], NOWHERE, stmt.sweep, None, [NOWHERE])]

    def handlers(self, stmt: If, guard: Try, place: Place) -> list[code.Handler]:
        out = []
        again = sum(_raises_again(block, guard.error) for _, block in self.by_class(guard, stmt.orelse))
        named = guard.error if self.folding.uses[guard.error] > again + self.asked(guard, stmt.orelse) else None
        for classes, block in self.by_class(guard, stmt.orelse):
            kinds = [self.ex.arg(r) for r in classes]
            outer, self.caught = self.caught, guard.error
            try:
                body = [*self.told(stmt, False), *self.block(block, place)]
            finally:
                self.caught = outer
            out.append(code.Handler(kinds[0] if len(kinds) == 1 else display(kinds), named, body))
        return out

    def by_class(self, guard: Try, block: Block) -> list[tuple[tuple[Ref, ...], Block]]:
        """What is done for which classes of exceptions."""
        out: list[tuple[tuple[Ref, ...], Block]] = []
        left = list(guard.classes)
        while (asked := self.first_question(guard, block)) is not None:
            own, yes, block = asked
            out.append((own, yes))
            left = [r for r in left if r not in own]
        return [*out, (tuple(left) or guard.classes, block)]

    def asked(self, guard: Try, block: Block) -> int:
        """How many questions for the class handlers of their own have answered."""
        return len(self.by_class(guard, block)) - 1

    def first_question(self, guard: Try, block: Block) -> tuple[tuple[Ref, ...], Block, Block] | None:
        """The classes that a handler begins with asking for, and the answers."""
        if len(block.stmts) != 2:
            return None
        ask, branch = block.stmts
        if not (isinstance(ask, Op) and ask.fn == "caught" and ask.args == (guard.error,) and isinstance(branch, If)
                and branch.cond is ask.target and branch.guard is None and self.folding.uses[branch.cond] == 1):
            return None
        classes = ask.kwarg("classes")
        assert isinstance(classes, Tup)
        sides = []
        for side in blocks_of(branch):
            if isinstance(block.end, Yield):
                assert isinstance(side.end, Yield)
                names = dict(zip(branch.results, side.end.values))
                end = substitute(Block((), block.end), names).end
                side = Block(side.stmts, end)
            elif block.end is not None:
                return None
            sides.append(side)
        return tuple(r for r in classes.items if isinstance(r, Ref)), sides[0], sides[1]

    def raising(self, kind: Ref | None, args: Sequence[Arg]) -> ast.Raise:
        """``raise ...``; without anything where the exception is the one that is being handled."""
        if kind is None and len(args) == 1 and args[0] is self.caught:
            return ast.Raise(exc=None, cause=None)
        return raising(self.ex, kind, args)


def _raises_again(block: Block, error: Var) -> int:
    """How often a handler raises its own exception, but for handlers inside it."""
    count = int(isinstance(block.end, Raise) and not block.end.fn and block.end.args == (error,))
    for s in block.stmts:
        if isinstance(s, Op) and s.fn == "raise" and not s.kwargs and s.args == (error,):
            count += 1
        inner = blocks_of(s)
        if isinstance(s, If) and isinstance(s.guard, Try):
            inner = (s.then,)
        count += sum(_raises_again(b, error) for b in inner)
    return count
