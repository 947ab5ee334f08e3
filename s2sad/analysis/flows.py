"""What branches and loops hand from one variable to another.

>>> from s2sad.trace.ir import Return
>>> from s2sad.trace.types import BOOL, FLOAT
>>> c, x, y, z = Var(BOOL, "c"), Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT, "z")
>>> choice = If(c, Block((), Yield((x,))), Block((), Yield((y,))), (z,))
>>> list(handed_on(Block((choice,), Return((z,))))) == [(x, z), (y, z)]
True
"""

from __future__ import annotations

from collections.abc import Iterator

from s2sad.trace.ends import loop_ends, tail_if
from s2sad.trace.ir import Arg, Block, For, If, Var, While, Yield
from s2sad.trace.walk import blocks_of


def handed_on(block: Block, results: tuple[Var, ...] = ()) -> Iterator[tuple[Arg, Var]]:
    """Values, each with a variable it may become: the result of a branch, what a loop carries, a tape, its item."""
    last = tail_if(block)
    for s in block.stmts:
        if isinstance(s, (For, While)):
            yield from _of_loop(s)
        for inner in blocks_of(s):
            yield from handed_on(inner, results if s is last else s.results if isinstance(s, If) else ())
    if isinstance(block.end, Yield):
        yield from zip(block.end.values, results)


def _of_loop(s: For | While) -> Iterator[tuple[Arg, Var]]:
    for init, param, result in zip(s.inits, s.params, s.results):
        yield from ((init, param), (init, result), (param, result))
    for end in loop_ends(s.body):
        for value, param, result in zip(end.values, s.params, s.results):
            yield from ((value, param), (value, result))
        yield from zip(end.outs, s.outs)
    if isinstance(s, For):
        yield from zip(s.tapes, s.items)
