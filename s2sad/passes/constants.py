"""Constant folding: what depends on literal numbers only is computed at compile time.

    x_dot = 1.0
    y_dot = 2.0 * x * x_dot         ⇒      y_dot = 2.0 * x * 1.0
    w = 2.0 * 0.5                          (w is 1.0 wherever it is read)

Only derivative statements are folded, and only to finite numbers of the type the operation had: what overflows or
raises stays for run time.  A derivative branch on a literal becomes the block that runs.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> x, a, b = (Var(FLOAT, name) for name in "xab")
>>> body = Block((Op(a, "*", (Lit(2.0), Lit(0.5)), sweep="tangent"), Op(b, "+", (x, a), sweep="tangent")), Return((b,)))
>>> [str(op.args[1]) for op in fold_constants(Trace("f", (), (x,), body, Leaf(0))).body.stmts]
['Lit(value=1.0)']
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from s2sad.rules.static import type_of
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, End, If, Lit, Op, Stmt, Trace, Var, Yield
from s2sad.trace.types import Type
from s2sad.trace.walk import blocks_of, map_end, map_own, own_vars, statements, with_blocks

STOPS = frozenset(("breakpoint", "pdb.set_trace"))
FOLDABLE: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "neg": operator.neg, "pos": operator.pos, "not": operator.not_, "abs": abs, "float": float,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}


def fold_constants(trace: Trace) -> Trace:
    """Compute at compile time what derivative statements compute from literals, here and in the traces called."""
    return everywhere(trace, lambda body: _Folding(body).block(body))


def shown(body: Block) -> set[Var]:
    """What a debugger is to show, and therefore keeps its name."""
    return {v for s in statements(body) if isinstance(s, Op) and s.fn in STOPS for v in own_vars(s)}


def fold(op: Op, fits: Callable[[Type, Type], bool] = operator.eq) -> Lit | None:
    """The literal an operation on literals computes, if it is finite and its type fits that of the operation."""
    if op.target is None or op.fn not in FOLDABLE or op.kwargs:
        return None
    values = [a.value for a in op.args if isinstance(a, Lit) and type(a.value) in (bool, int, float)]
    if len(values) != len(op.args):
        return None
    try:
        value = FOLDABLE[op.fn](*values)
    except (ArithmeticError, TypeError, ValueError):
        return None
    if type(value) not in (bool, int, float) or not math.isfinite(value):
        return None
    # An integer beyond any literal a person would write is better left as the power it was.
    if type(value) is int and abs(value) >= 2**63:
        return None
    return Lit(value) if fits(type_of(Lit(value)), op.target.type) else None


class _Folding:
    def __init__(self, body: Block) -> None:
        self.value: dict[Var, Arg] = {}
        self.shown = shown(body)

    def _rename(self, v: Var) -> Arg:
        return self.value.get(v, v)

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        end = block.end
        for stmt in block.stmts:
            stmt = map_own(stmt, self._rename)
            if isinstance(stmt, Op):
                self._op(stmt, out)
            elif isinstance(stmt, If) and _decided(stmt):
                end = self._inline(stmt, out, end)
            else:
                out.append(with_blocks(stmt, tuple(map(self.block, blocks_of(stmt)))))
        return Block(tuple(out), map_end(end, self._rename))

    def _op(self, op: Op, out: list[Stmt]) -> None:
        if op.sweep != "primal" and op.target is not None:
            if op.target not in self.shown and (literal := fold(op)) is not None:
                self.value[op.target] = literal
                return
            if op.fn == "select" and isinstance(op.args[0], Lit):
                chosen = op.args[1 if op.args[0].value else 2]
                if type_of(chosen) == op.target.type:
                    self.value[op.target] = chosen
                    return
        out.append(op)

    def _inline(self, stmt: If, out: list[Stmt], end: End) -> End:
        assert isinstance(stmt.cond, Lit)
        taken = self.block(stmt.then if stmt.cond.value else stmt.orelse)
        out.extend(taken.stmts)
        if isinstance(taken.end, Yield):
            self.value.update(zip(stmt.results, taken.end.values))
            return end
        return taken.end


def _decided(stmt: If) -> bool:
    # A twin's branch may read what the mirrored branch computed, so it stays a branch.
    if stmt.sweep == "primal" or stmt.twin is not None or stmt.guard is not None or not isinstance(stmt.cond, Lit):
        return False
    taken = stmt.then if stmt.cond.value else stmt.orelse
    return not isinstance(taken.end, Yield) or all(
        type_of(v) == r.type for v, r in zip(taken.end.values, stmt.results))
