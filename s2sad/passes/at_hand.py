"""Shapes at hand: what was recorded for the sake of its shape only is not.

    for z, y off z_tape, y_tape:                     for y off y_tape:
        z_bar = zeros_like(z)               ⇒            z_bar = zeros_like(y)
        u_bar = u_bar + y * z_bar                        u_bar = u_bar + y * z_bar

Where a derivative statement asks for the shape of a value that nobody wants for more than that, it asks another one of
the same type that is there anyway.

>>> from s2sad.trace.ir import Leaf, Lit, Return
>>> from s2sad.trace.types import Array, Dim
>>> vector = Array("f8", (Dim.symbol("n"),))
>>> x, y, z = Var(vector, "x"), Var(vector, "y"), Var(vector, "z")
>>> body = Block((Op(y, "*", (Lit(2.0), x)), Op(z, "zeros_like", (y,), sweep="adjoint")), Return((x, z)))
>>> print(ask_at_hand(Trace("f", (), (x,), body, Leaf(0))))
f() -> #0
  %y:f8[n] = 2.0 * %x
  %z:f8[n] = zeros_like(%x)  ; adjoint
  return %x, %z
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from s2sad.analysis.activity import maybe_none, maybe_number, maybe_undefined
from s2sad.analysis.shapes import is_sure, shaped
from s2sad.passes.dce import demanded
from s2sad.trace.ir import Block, Op, Stmt, Trace, Var
from s2sad.trace.types import Type
from s2sad.trace.walk import blocks_of, inner_defs, targets_of, with_blocks


def ask_at_hand(trace: Trace) -> Trace:
    """Ask what is at hand for shapes, here and in the traces called."""
    body = _AtHand(trace.body).block(trace.body, {}, trace.params)
    return replace(trace, body=body, callees=tuple(map(ask_at_hand, trace.callees)))


class _AtHand:
    def __init__(self, body: Block) -> None:
        self.demanded = demanded(body)
        self.missing = maybe_undefined(body) | maybe_none(body) | maybe_number(body)

    def block(self, block: Block, known: dict[Type, Var], heads: Iterable[Var]) -> Block:
        """The block, where ``known`` has a value of each type that is there when it begins."""
        known = dict(known)
        self.learn(known, heads)
        out: list[Stmt] = []
        for stmt in block.stmts:
            inner = tuple(self.block(b, known, inner_defs(stmt)) for b in blocks_of(stmt))
            out.append(self.asking(stmt, known) if isinstance(stmt, Op) else with_blocks(stmt, inner))
            self.learn(known, targets_of(stmt))
        return Block(tuple(out), block.end)

    def learn(self, known: dict[Type, Var], made: Iterable[Var]) -> None:
        for v in made:
            if v in self.demanded and v not in self.missing and is_sure(v.type):
                known.setdefault(v.type, v)

    def asking(self, op: Op, known: dict[Type, Var]) -> Op:
        places = shaped(op) if op.sweep != "primal" else ()
        return replace(op, args=tuple(
            known.get(a.type, a) if k in places and isinstance(a, Var) and a not in self.demanded else a
            for k, a in enumerate(op.args)))
