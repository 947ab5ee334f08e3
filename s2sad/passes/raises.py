"""Raising as an effect: ``if c: raise E`` followed by the rest, instead of the rest standing in the other branch.

The reverse sweep follows the whole forward sweep in one block; a branch that raises never reaches it, and so need not
make the rest of the function a branch.

>>> from s2sad.trace.ir import Lit, Raise, Return, Var
>>> from s2sad.trace.types import FLOAT
>>> x = Var(FLOAT, "x")
>>> tail = If(x, Block((), Raise("ValueError", (Lit("no"),))), Block((), Return((x,))))
>>> after = raises_as_effects(Block((tail,), None))
>>> [type(s).__name__ for s in after.stmts], type(after.end).__name__
(['If'], 'Return')
>>> after.stmts[0].then.stmts[0].fn
'raise'
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.trace.ends import always_raises, as_effect
from s2sad.trace.ir import Block, If, Stmt, Yield
from s2sad.trace.walk import blocks_of, with_blocks


def raises_as_effects(block: Block) -> Block:
    """A block in which every branch that always raises is an If of its own, ahead of the rest."""
    stmts: list[Stmt] = [with_blocks(s, tuple(map(raises_as_effects, blocks_of(s)))) for s in block.stmts]
    if block.end is not None or not stmts or not isinstance(stmts[-1], If):
        return Block(tuple(stmts), block.end)
    last = stmts[-1]
    if last.guard is not None:
        # What follows a guarded block that is completed is part of it.
        return Block(tuple(stmts), None)
    for bad, good, raising_is_then in ((last.then, last.orelse, True), (last.orelse, last.then, False)):
        if always_raises(bad):
            effect, nothing = as_effect(bad), Block((), Yield())
            sides = (effect, nothing) if raising_is_then else (nothing, effect)
            stmts[-1] = replace(last, then=sides[0], orelse=sides[1])
            return Block((*stmts, *good.stmts), good.end)
    return Block(tuple(stmts), None)
