"""What operations hold for their derivatives only goes away once the last derivative has been taken.

    s = np.sin(x)                               y = f(x)
    y = instead(s, x, text="f({0})")      ⇒

The value of ``instead`` is what its text says, its derivative that of its first operand, the model.  The declaration of
an operation says by the flags ``unread0``, ``unread1`` … which operands its value does not depend on.

>>> from s2sad.trace.ir import Leaf, Lit, Return, Trace, Var
>>> from s2sad.trace.types import FLOAT
>>> x, s, y = Var(FLOAT, "x"), Var(FLOAT, "s"), Var(FLOAT, "y")
>>> body = Block((Op(s, "np.sin", (x,)), Op(y, "instead", (s, x), (("text", Lit("f({0})")),))), Return((y,)))
>>> [op.fn for op in without_models(Trace("f", (), (x,), body, Leaf(0))).body.stmts]
['instead']
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.passes.dce import dce
from s2sad.rules.table import flagged
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Block, Op, Stmt, Trace
from s2sad.trace.walk import blocks_of, statements, with_blocks


def without_models(trace: Trace) -> Trace:
    """The trace, and the traces called, without models, and without what has been computed for them."""
    made = everywhere(trace, _without)
    return trace if made is trace else dce(made)


def _without(body: Block) -> Block:
    if not any(isinstance(s, Op) and flagged(s.fn, "objects") for s in statements(body)):
        return body
    return _inside(body)


def _inside(block: Block) -> Block:
    return Block(tuple(map(_plain, block.stmts)), block.end)


def _plain(s: Stmt) -> Stmt:
    if not isinstance(s, Op):
        return with_blocks(s, tuple(map(_inside, blocks_of(s))))
    if not flagged(s.fn, "objects"):
        return s
    args = tuple(NONE if flagged(s.fn, f"unread{k}") else a for k, a in enumerate(s.args))
    return replace(s, args=args, kwargs=tuple((k, v) for k, v in s.kwargs if k != "pattern"))



