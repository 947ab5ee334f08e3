"""Doing it again: the trace of a program that has run already, without what is to happen once.

    print(x)
    z = rng.normal(m, s)                  z = rng.normal(m, s)
    t = time.time()             ⇒         y = z * x
    y = z * x                             return y
    history.append(y)
    return y

Effects that have no result go, and so do the clocks and globals that only they have looked at.  Draws stay: given a
generator in the state of the first run, they give the same numbers.  So several derivatives of a program can be taken
at one point, and what `acts` still finds of clocks, globals and unseeded generators says where that is not so.

>>> from s2sad.trace.ir import Leaf, Return, Var
>>> from s2sad.trace.types import FLOAT
>>> x, y = Var(FLOAT, "x"), Var(FLOAT, "y")
>>> body = Block((Op(None, "print", (x,)), Op(y, "*", (x, x))), Return((y,)))
>>> trace = Trace("f", (), (x,), body, Leaf(0))
>>> acts(trace), acts(quiet(trace))
(('print',), ())
"""

from __future__ import annotations

from collections.abc import Iterator

from s2sad.frontend.acting import CLOCK, GLOBAL, act, is_shown
from s2sad.frontend.acting import acts as acts_of
from s2sad.passes.contexts import without_acting
from s2sad.passes.dce import dce, is_effect
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Block, Op, Stmt, Trace
from s2sad.trace.walk import blocks_of, with_blocks


def acts(trace: Trace) -> tuple[str, ...]:
    """What a program does besides computing its result: the names of its effects and draws."""
    return acts_of(_reachable(trace))


def quiet(trace: Trace) -> Trace:
    """The trace without effects that have no result, here and in the traces called."""
    shown = everywhere(trace, _without_all)
    return dce(shown, lambda op: is_effect(op) and act(op) not in (CLOCK, GLOBAL))


def _without(block: Block) -> Block:
    stmts: list[Stmt] = [with_blocks(s, tuple(map(_without, blocks_of(s)))) for s in block.stmts
                         if not (isinstance(s, Op) and is_shown(s))]
    return Block(tuple(stmts), block.end)


def _without_all(body: Block) -> Block:
    return without_acting(_without(body))


def _reachable(trace: Trace) -> Iterator[Trace]:
    yield trace
    for callee in trace.callees:
        yield from _reachable(callee)
