"""Sinking: a contribution that one branch makes is added in that branch.

    if c:                                  if c:
        v = y_bar * x                          x_bar = x_bar + y_bar * x
    else:                           ⇒
        v = 0.0
    x_bar = x_bar + v

The adjoint result v of a branch is read once, by an addition after it.  As x + 0 = x (for every x but -0.0, which
becomes 0.0), the branch that yields zero yields the old sum, and the addition moves into the other.  The same holds for
``x_bar[i] += v``, a `scatter_add`.  Where neither branch yields zero, both add to the same-named sum.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import BOOL, FLOAT
>>> c, y, x, v, u = Var(BOOL, "c"), Var(FLOAT, "y"), Var(FLOAT, "x_bar"), Var(FLOAT), Var(FLOAT, "x_bar")
>>> branch = If(c, Block((), Yield((y,))), Block((), Yield((Lit(0.0),))), (v,), sweep="adjoint")
>>> add = Op(u, "+", (x, v), sweep="adjoint")
>>> print(sink(Trace("f", (), (c, y, x), Block((branch, add), Return((u,))), Leaf(0))))
f() -> #0
  %x_bar_1:float = if %c:  ; adjoint
    %x_bar_2:float = %x_bar + %y  ; adjoint
    yield %x_bar_2
  else:
    yield %x_bar
  return %x_bar_1
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from s2sad.rules.static import type_of
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, If, Lit, Op, Stmt, Trace, Var, Yield
from s2sad.trace.types import Type, dtype_of, rank
from s2sad.trace.walk import (
    arg_vars,
    blocks_of,
    end_args,
    inner_defs,
    own_vars,
    statements,
    targets_of,
    uses,
    with_blocks,
)


def sink(trace: Trace) -> Trace:
    """Move accumulations of what a branch yields into the branch, here and in the traces called."""
    return everywhere(trace, lambda body: _Sinking(body).block(body))


def _alike(a: Type, b: Type) -> bool:
    """Whether two types are equal, but for the difference between Python's and NumPy's numbers of one dtype."""
    return a == b or rank(a) == 0 == rank(b) and dtype_of(a) == dtype_of(b)


class _Sinking:
    def __init__(self, body: Block) -> None:
        self.uses: Counter[Var] = uses(body)
        self.zeros = {s.target for s in statements(body) if isinstance(s, Op) and s.fn == "zeros_like"}

    def block(self, block: Block) -> Block:
        if any(isinstance(s, If) and s.results and s.sweep == "adjoint" for s in block.stmts):
            block = _InBlock(self, block).run()
        # From outside in: what has moved into a branch may move on into a branch inside it.
        stmts = (with_blocks(s, tuple(map(self.block, blocks_of(s)))) for s in block.stmts)
        return Block(tuple(stmts), block.end)

    def is_zero(self, arg: Arg) -> bool:
        if isinstance(arg, Lit):
            return type(arg.value) in (int, float) and arg.value == 0
        return arg in self.zeros


class _InBlock:
    """The accumulations after the branches of one block."""

    def __init__(self, sinking: _Sinking, block: Block) -> None:
        self.sinking, self.end = sinking, block.end
        self.stmts: list[Stmt | None] = list(block.stmts)
        self.defined: dict[Var, int] = {}                   # where in this block
        self.readers: dict[Var, list[int]] = {}             # which statements of this block, themselves or inside
        for at, stmt in enumerate(block.stmts):
            for v in targets_of(stmt):
                self.defined[v] = at
            for v in self._reads(stmt):
                self.readers.setdefault(v, []).append(at)
        for arg in end_args(block.end):
            for v in arg_vars(arg):
                self.readers.setdefault(v, []).append(len(block.stmts))

    @staticmethod
    def _reads(stmt: Stmt) -> set[Var]:
        reads = set(own_vars(stmt))
        for block in blocks_of(stmt):
            reads.update(uses(block))
        return reads.difference(inner_defs(stmt))

    def run(self) -> Block:
        for at, stmt in enumerate(self.stmts):
            if isinstance(stmt, If) and stmt.results and stmt.sweep == "adjoint":
                self._branch(at, stmt)
        return Block(tuple(s for s in self.stmts if s is not None), self.end)

    def _branch(self, at: int, stmt: If) -> None:
        if not isinstance(stmt.then.end, Yield) or not isinstance(stmt.orelse.end, Yield):
            return
        # In the order of the additions, so that a second one to the same sum finds the first inside already.
        users = [(where[0], r) for r in stmt.results
                 if self.sinking.uses[r] == 1 and (where := self.readers.get(r)) and where[0] < len(self.stmts)]
        for place, r in sorted(users, key=lambda item: item[0]):
            op, branch = self.stmts[place], self.stmts[at]
            if isinstance(op, Op) and isinstance(branch, If):
                moved = self._moved(at, place, branch, r, op)
                if moved is not None:
                    assert op.target is not None
                    self.stmts[at], self.stmts[place] = moved, None
                    self.defined[op.target] = at

    def _moved(self, at: int, where: int, stmt: If, r: Var, op: Op) -> If | None:
        """The If with the accumulation ``op`` of its result ``r`` inside, if that is possible."""
        if op.sweep != "adjoint" or op.target is None or op.fn not in ("+", "scatter_add") or len(op.args) != 2:
            return None
        assert isinstance(stmt.then.end, Yield) and isinstance(stmt.orelse.end, Yield)
        k = stmt.results.index(r)
        value = op.args[0] if op.args[1] == r else op.args[1]
        if value == r or op.fn == "scatter_add" and op.args[1] != r or not _alike(type_of(value), op.target.type):
            return None
        if isinstance(value, Var) and any(w > at and w != where for w in self.readers.get(value, ())):
            return None                                     # the old sum is still wanted after the branch
        if any(self.defined.get(v, -1) >= at and v not in stmt.results for v in own_vars(op)):
            return None
        if any(v in stmt.results for _, arg in op.kwargs for v in arg_vars(arg)):
            return None
        yields = (stmt.then.end.values[k], stmt.orelse.end.values[k])
        zero = [self.sinking.is_zero(v) for v in yields]
        named = isinstance(value, Var) and value.hint == op.target.hint != "" and op.fn == "+"
        if all(zero) or not any(zero) and not named:
            return None
        if not all(z or _alike(type_of(v), r.type) for v, z in zip(yields, zero)):
            return None
        then = self._inside(stmt, stmt.then, k, op, value, zero[0])
        orelse = self._inside(stmt, stmt.orelse, k, op, value, zero[1])
        results = (*stmt.results[:k], op.target, *stmt.results[k + 1:])
        return replace(stmt, then=then, orelse=orelse, results=results)

    @staticmethod
    def _inside(stmt: If, block: Block, k: int, op: Op, value: Arg, zero: bool) -> Block:
        assert isinstance(block.end, Yield) and op.target is not None
        values = list(block.end.values)
        old, contribution = values[stmt.results.index(value)] if value in stmt.results else value, values[k]
        if zero:
            values[k] = old
            return Block(block.stmts, Yield(tuple(values)))
        target = Var(op.target.type, op.target.hint)
        args = (old, contribution) if op.args[0] == value else (contribution, old)
        values[k] = target
        return Block((*block.stmts, replace(op, target=target, args=args)), Yield(tuple(values)))
