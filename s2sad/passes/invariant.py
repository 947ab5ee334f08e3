"""Invariants: a value that every iteration hands on unchanged need not be carried.

    for i in range(n):                        for i in range(n):
        carry s_bar = y_bar            ⇒          x_bar = x_bar + y_bar * c
        x_bar = x_bar + s_bar * c             return x_bar
        next s_bar
    return x_bar

If every `Next` and `Break` of a derivative loop hands on the parameter p itself, p equals its initial value in every
iteration, and so does the loop's result, however often it runs.  Likewise a result for which both branches of a
derivative If yield the same variable is that variable.

>>> from s2sad.trace.ir import Leaf, Lit, Next, Range, Return
>>> from s2sad.trace.types import FLOAT, INT
>>> y, p, r = Var(FLOAT, "y"), Var(FLOAT, "p"), Var(FLOAT, "r")
>>> loop = For(Var(INT, "i"), Range(Lit(0), Lit(3), Lit(1)), (p,), (y,), Block((), Next((p,))), (r,), sweep="adjoint")
>>> print(hoist_invariants(Trace("f", (), (y,), Block((loop,), Return((r,))), Leaf(0))))
f() -> #0
  for %i:int in range(0, 3, 1):  ; adjoint
    next
  return %y
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.rules.static import type_of
from s2sad.trace.ends import everywhere, loop_ends, map_ends
from s2sad.trace.ir import Arg, Block, Break, Call, End, For, If, Next, Op, Stmt, Trace, Undef, Var, While, Yield
from s2sad.trace.walk import blocks_of, map_end, map_own, with_blocks


def hoist_invariants(trace: Trace) -> Trace:
    """Stop carrying what no iteration changes, here and in the traces called."""
    return everywhere(trace, lambda body: _Hoisting().run(body))


class _Hoisting:
    def __init__(self) -> None:
        self.value: dict[Var, Arg] = {}

    def run(self, body: Block) -> Block:
        # Inner statements are settled first, so a param is known to be unchanged when the branches it passes through
        # are; replacing it may settle more, hence the repetition.
        while True:
            before = len(self.value)
            body = self._block(body)
            if len(self.value) == before:
                return body

    def _find(self, v: Var) -> Arg:
        found: Arg = v
        while isinstance(found, Var) and found in self.value:
            found = self.value[found]
        return found

    def _block(self, block: Block) -> Block:
        return Block(tuple(map(self._stmt, block.stmts)), map_end(block.end, self._find))

    def _stmt(self, stmt: Stmt) -> Stmt:
        stmt = map_own(stmt, self._find)
        if isinstance(stmt, (Op, Call)):
            return stmt
        if isinstance(stmt, If):
            stmt = with_blocks(stmt, (self._block(stmt.then), self._block(stmt.orelse)))
            assert isinstance(stmt, If)
            return self._branch(stmt) if stmt.sweep != "primal" else stmt
        inner = blocks_of(stmt)
        stmt = with_blocks(stmt, tuple(map(self._block, inner)))
        assert isinstance(stmt, (For, While))
        return self._loop(stmt) if stmt.sweep != "primal" else stmt

    def _branch(self, stmt: If) -> If:
        then, orelse = stmt.then.end, stmt.orelse.end
        if not isinstance(then, Yield) or not isinstance(orelse, Yield):
            return stmt
        keep = []
        for k, (r, a, b) in enumerate(zip(stmt.results, then.values, orelse.values)):
            if a == b and type_of(a) == r.type and r not in self.value:
                self.value[r] = a
            else:
                keep.append(k)
        if len(keep) == len(stmt.results):
            return stmt
        return replace(stmt, results=tuple(stmt.results[k] for k in keep),
                       then=Block(stmt.then.stmts, Yield(tuple(then.values[k] for k in keep))),
                       orelse=Block(stmt.orelse.stmts, Yield(tuple(orelse.values[k] for k in keep))))

    def _loop(self, stmt: For | While) -> For | While:
        ends = loop_ends(stmt.body)
        keep = []
        for k, (p, init) in enumerate(zip(stmt.params, stmt.inits)):
            same = all(end.values[k] in (p, init) for end in ends)
            if same and not isinstance(init, Undef) and type_of(init) == p.type == stmt.results[k].type:
                self.value[p] = self.value[stmt.results[k]] = init
            else:
                keep.append(k)
        if len(keep) == len(stmt.params):
            return stmt

        def change(end: End) -> End:
            if isinstance(end, (Next, Break)):
                return replace(end, values=tuple(end.values[k] for k in keep))
            return end

        return replace(stmt, params=tuple(stmt.params[k] for k in keep), inits=tuple(stmt.inits[k] for k in keep),
                       results=tuple(stmt.results[k] for k in keep), body=map_ends(stmt.body, change))
