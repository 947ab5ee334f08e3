"""``stop_gradient`` is nothing but its operand once the last derivative has been taken; so are the like of ``placed``,
which have the derivatives of random numbers, and of curves.

    m = stop_gradient(v1)          y = x * v1
    y = x * m                 ⇒

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> x, m, y = Var(FLOAT, "x"), Var(FLOAT, "m"), Var(FLOAT, "y")
>>> body = Block((Op(m, "stop_gradient", (x,)), Op(y, "*", (x, m))), Return((y,)))
>>> print(without_stops(Trace("f", (), (x,), body, Leaf(0))))
f() -> #0
  %y:float = %x * %x
  return %y
"""

from __future__ import annotations

from collections.abc import Mapping

from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, Op, Stmt, Trace, Var
from s2sad.trace.walk import blocks_of, statements, substitute, with_blocks, with_targets

# Operations whose value is their first operand.
IDENTITIES = frozenset("stop_gradient placed placed_log placed_rate scaled between curve".split())


def without_stops(trace: Trace) -> Trace:
    """The trace without these operations, here and in the traces called."""
    return everywhere(trace, _without)


def _without(body: Block) -> Block:
    operands: dict[Var, Arg] = {}
    # Intermediate values, and those that take the name that the user gave the constant.
    made: set[Var] = set()
    named: dict[Var, Var] = {}
    for s in statements(body):
        if isinstance(s, Op) and s.fn in IDENTITIES and s.target is not None:
            x = s.args[0]
            x = operands.get(x, x) if isinstance(x, Var) else x
            if isinstance(x, Var) and s.target.is_named and x in made and not x.is_named:
                x = named.setdefault(x, Var(x.type, s.target.hint))
            operands[s.target] = x
        elif isinstance(s, Op) and s.target is not None:
            made.add(s.target)
    if not operands:
        return body
    return substitute(_dropped(body, operands, named), {**operands, **named})


def _dropped(block: Block, gone: Mapping[Var, Arg], named: Mapping[Var, Var]) -> Block:
    kept: list[Stmt] = [with_blocks(with_targets(s, lambda v: named.get(v, v)),
                                    tuple(_dropped(b, gone, named) for b in blocks_of(s)))
                        for s in block.stmts if not (isinstance(s, Op) and s.target in gone)]
    return Block(tuple(kept), block.end)
