"""Tapes that hold what another tape of the same loop holds, which derivatives of derivatives have.

    put (s) x; put (t) x … take (a from s, b from t)        ⇒        put (s) x … take (a from s)

>>> from s2sad.trace.ir import Lit, Range
>>> from s2sad.trace.types import FLOAT, INT, Tape
>>> n, i, x, s, t = Var(INT, "n"), Var(INT), Var(FLOAT), Var(Tape(FLOAT)), Var(Tape(FLOAT))
>>> body = Block((), Next((), (x, x)))
>>> loop = For(i, Range(Lit(0), n, Lit(1)), (), (), body, (), outs=(s, t))
>>> (made,) = without_doubles(Block((loop,), None)).stmts
>>> made.outs == (s,), made.body.end.outs == (x,)
(True, True)
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.trace.ends import loop_ends, map_ends
from s2sad.trace.ir import Arg, Block, Break, For, Next, Stmt, Undef, Var, While
from s2sad.trace.walk import blocks_of, map_end, map_own, with_blocks


def without_doubles(block: Block) -> Block:
    """The block with one tape for each value that a loop puts on tapes."""
    return _shared(block, {})


def _shared(block: Block, same: dict[Var, Arg]) -> Block:
    stmts: list[Stmt] = []
    for s in block.stmts:
        s = map_own(s, lambda v: same.get(v, v))
        if isinstance(s, (For, While)) and s.outs:
            ends = loop_ends(s.body)
            first: dict[tuple[Arg, ...], Var] = {}
            kept = []
            for k, out in enumerate(s.outs):
                held = tuple(e.outs[k] for e in ends)
                if held in first and not any(isinstance(a, Undef) for a in held):
                    same[out] = first[held]
                else:
                    first.setdefault(held, out)
                    kept.append(k)
            if len(kept) < len(s.outs):
                outs = tuple(s.outs[k] for k in kept)
                s = replace(s, outs=outs, body=map_ends(s.body, lambda e: replace(e, outs=tuple(
                    e.outs[k] for k in kept)) if isinstance(e, (Next, Break)) else e))  # noqa: B023
        if isinstance(s, For):
            taken: dict[Arg, Var] = {}
            keep = []
            for item, tape in zip(s.items, s.tapes):
                if tape in taken:
                    same[item] = taken[tape]
                else:
                    taken.setdefault(tape, item)
                    keep.append((item, tape))
            s = replace(s, items=tuple(i for i, _ in keep), tapes=tuple(t for _, t in keep))
        stmts.append(with_blocks(s, tuple(_shared(b, same) for b in blocks_of(s))))
    return Block(tuple(stmts), map_end(block.end, lambda v: same.get(v, v)))
