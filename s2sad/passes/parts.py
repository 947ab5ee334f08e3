"""Operations with several results: all parts stand behind the operation that makes them.

    t = np.linalg.eigh(a)                  t = np.linalg.eigh(a)
    y = 2.0 * x                  ⇒         w = part(t, 0); v = part(t, 1)
    v = part(t, 1)                         y = 2.0 * x

The derivative of such an operation may read any of its results.  There is one `part` for each of them, so each is
memory of its own.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT, Tuple
>>> a, t, v = Var(FLOAT, "a"), Var(Tuple((FLOAT, FLOAT))), Var(FLOAT, "v")
>>> body = Block((Op(t, "f", (a,)), Op(v, "part", (t,), (("item", Lit(1)),))), Return((v,)))
>>> print(with_all_parts(Trace("f", (), (a,), body, Leaf(0))))
f() -> #0
  %v1:(float, float) = f(%a)
  %v2:float = part(%v1, item=0)
  %v:float = part(%v1, item=1)
  return %v
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.trace.ir import Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import Tuple
from s2sad.trace.walk import blocks_of, statements, with_blocks

Parts = dict[Var, tuple[Op, ...]]


def parts_of(body: Block) -> Parts:
    """The operations that take the parts of the results of each operation that has several, those that there are."""
    found: dict[Var, dict[int, Op]] = {s.target: {} for s in statements(body) if isinstance(s, Op)
                                       and s.target is not None and isinstance(s.target.type, Tuple)}
    for s in statements(body) if found else ():
        if isinstance(s, Op) and s.fn == "part":
            owner, item = s.args[0], s.kwarg("item")
            assert isinstance(owner, Var) and isinstance(item, Lit)
            found[owner][item.value] = s
    return {t: tuple(parts[k] for k in sorted(parts)) for t, parts in found.items()}


def with_all_parts(trace: Trace) -> Trace:
    """The trace with every part of such results, right behind them."""
    made = parts_of(trace.body)
    if not made:
        return trace

    def complete(op: Op) -> list[Stmt]:
        t = op.target
        assert t is not None and isinstance(t.type, Tuple)
        there = {p.kwarg("item"): p for p in made[t]}
        return [op, *(there.get(Lit(k)) or Op(Var(u), "part", (t,), (("item", Lit(k)),), op.site, op.sweep)
                      for k, u in enumerate(t.type.items))]

    def go(block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            if isinstance(s, Op) and s.fn == "part":
                continue
            out += complete(s) if isinstance(s, Op) and s.target in made else [
                with_blocks(s, tuple(map(go, blocks_of(s))))]
        return Block(tuple(out), block.end)

    return replace(trace, body=go(trace.body))
