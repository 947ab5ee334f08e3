"""Missing values: what goes on a tape is None where the program has not given it a value.

    for i in range(n):                       z = None
        if t[i]:                             for i in range(n):
            z = x[i] * x[i]           ⇒          if t[i]:
        z_tape.append(z)                             z = x[i] * x[i]
                                                 z_tape.append(z)

The program reads ``z`` only where it has a value, and so does the reverse sweep; but what has none cannot be put on a
tape in Python.

>>> from s2sad.trace.ir import Leaf, Lit, Range, Return, Trace
>>> from s2sad.trace.types import BOOL, FLOAT, INT, Tape
>>> i, n, t, x, z, z1, z2 = Var(INT, "i"), Var(INT, "n"), Var(BOOL, "t"), *(Var(FLOAT, h) for h in ("x", "z", "z", "z"))
>>> branch = If(t, Block((), Yield((x,))), Block((), Yield((z,))), (z1,))
>>> loop = For(i, Range(Lit(0), n, Lit(1)), (z,), (UNDEF,), Block((branch,), Next((z1,), (z1,))), (z2,),
...            outs=(Var(Tape(FLOAT), "z_tape"),))
>>> print(Trace("f", (), (t, x, n), fill(Block((loop,), Return((x,)))), Leaf(0)))
f() -> #0
  %z:float tapes %z_tape:tape[float] = for %i:int in range(0, %n, 1) carry %z_1:float = None:
    %z_2:float = if %t:
      yield %x
    else:
      yield %z_1
    next %z_2 put %z_2
  return %x
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from s2sad.trace.ends import loop_ends, map_ends
from s2sad.trace.ir import NONE, UNDEF, Arg, Block, Break, End, For, If, Next, Stmt, Var, While, Yield
from s2sad.trace.walk import blocks, blocks_of, statements, with_blocks


def fill(body: Block) -> Block:
    """Let everything that may go on a tape have a value."""
    come_from: dict[Var, list[Arg]] = {}
    for s in statements(body):
        if isinstance(s, If):
            for side in blocks_of(s):
                if isinstance(side.end, Yield):
                    _note(s.results, side.end.values, come_from)
        elif isinstance(s, (For, While)):
            for heads in (s.params, s.results):
                _note(heads, s.inits, come_from)
                for end in loop_ends(s.body):
                    _note(heads, end.values, come_from)
            _note(s.results, s.params, come_from)
    puts = {a for b in blocks(body) if isinstance(b.end, (Next, Break)) for a in b.end.outs if isinstance(a, Var)}
    needed, todo = set(puts), list(puts)
    while todo:
        for a in come_from.get(todo.pop(), ()):
            if isinstance(a, Var) and a not in needed:
                needed.add(a)
                todo.append(a)
    if not any(UNDEF in come_from.get(v, ()) for v in needed):
        return body
    return _filled(body, needed)


def _note(targets: Iterable[Var], values: Iterable[Arg], come_from: dict[Var, list[Arg]]) -> None:
    for t, a in zip(targets, values):
        come_from.setdefault(t, []).append(a)


def _filled(block: Block, needed: set[Var]) -> Block:
    return Block(tuple(_statement(s, needed) for s in block.stmts), block.end)


def _statement(s: Stmt, needed: set[Var]) -> Stmt:
    s = with_blocks(s, tuple(_filled(b, needed) for b in blocks_of(s)))

    def given(values: tuple[Arg, ...], *targets: tuple[Var, ...]) -> tuple[Arg, ...]:
        wanted = [any(v in needed for v in vs) for vs in zip(*targets)]
        return (*(NONE if a == UNDEF and w else a for a, w in zip(values, wanted)), *values[len(wanted):])

    def yielding(b: Block) -> Block:
        assert isinstance(s, If)
        return Block(b.stmts, Yield(given(b.end.values, s.results))) if isinstance(b.end, Yield) else b

    if isinstance(s, If):
        return replace(s, then=yielding(s.then), orelse=yielding(s.orelse))
    if isinstance(s, (For, While)):
        params, results = s.params, s.results

        def change(end: End) -> End:
            return replace(end, values=given(end.values, params, results)) if isinstance(end, (Next, Break)) else end

        return replace(s, inits=given(s.inits, params, results), body=map_ends(s.body, change))
    return s
