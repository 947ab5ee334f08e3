"""What the statements of one block need of each other.

A statement needs those that define what it reads, itself or in the blocks inside it; a twin needs what it mirrors.
"""

from __future__ import annotations

from collections.abc import Iterable

from s2sad.trace.ir import Arg, Block, For, If, Stmt, Var, While
from s2sad.trace.walk import arg_vars, blocks_of, free_vars, inner_defs, own_vars, statements, targets_of


class Dependence:
    """The dependences among the statements of a block, by their places in it.

    `where` says which statement defines a variable, itself or at any depth inside it.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self.where: dict[Var, int] = {}
        self.keys: dict[int, int] = {}
        for k, s in enumerate(block.stmts):
            for inner in (s, *(t for b in blocks_of(s) for t in statements(b))):
                self.where.update((v, k) for v in (*targets_of(inner), *inner_defs(inner)))
                if isinstance(inner, (If, For, While)):
                    self.keys[inner.key] = k
        self._needs: dict[int, set[int]] = {}

    def reads(self, stmt: Stmt) -> dict[Var, None]:
        """The variables a statement reads of what is defined outside it."""
        out = dict.fromkeys(own_vars(stmt))
        heads = {*inner_defs(stmt)}
        for b in blocks_of(stmt):
            out.update((v, None) for v in free_vars(b) if v not in heads)
        return out

    def needs(self, k: int) -> set[int]:
        """The places of the statements that the ``k``-th one needs directly."""
        if k not in self._needs:
            stmt = self.block.stmts[k]
            found = {self.where[v] for v in self.reads(stmt) if v in self.where}
            for s in (stmt, *(t for b in blocks_of(stmt) for t in statements(b))):
                twin = s.twin if isinstance(s, (If, For, While)) else None
                if twin in self.keys:
                    found.add(self.keys[twin])
            self._needs[k] = found - {k}
        return self._needs[k]

    def closure(self, args: Iterable[Arg], after: int) -> set[int]:
        """The places after ``after`` (and ``after`` itself) of all that the arguments need."""
        todo = [self.where[v] for a in args for v in arg_vars(a) if v in self.where]
        found: set[int] = set()
        while todo:
            k = todo.pop()
            if k >= after and k not in found:
                found.add(k)
                todo.extend(self.needs(k))
        return found
