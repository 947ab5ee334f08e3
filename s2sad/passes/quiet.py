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

from s2sad.passes.contexts import acts_on_entry, managers, without_acting
from s2sad.passes.dce import dce, is_effect
from s2sad.runtime.helpers import HELPERS
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Block, If, Op, Ref, Stmt, Trace, Var, With
from s2sad.trace.walk import blocks_of, statements, with_blocks

_CHECKS = frozenset(("assert", "raise", "completed", "done", *HELPERS))
_DRAWING = frozenset(("np.random", "random"))
_LOOKING = frozenset(("time", "logging"))
_SEEDED = frozenset("np.random.default_rng np.random.RandomState random.Random np.random.seed random.seed".split())
# What cannot be done again: to look at a clock, to make a generator without a seed, to read what has been written to.
CLOCK, UNSEEDED, GLOBAL, FILE = "clock", "unseeded", "global", "file"


def acts(trace: Trace) -> tuple[str, ...]:
    """What a program does besides computing its result: the names of its effects and draws."""
    entered = {"with" for t in _reachable(trace) for s in statements(t.body)
               if isinstance(s, If) and isinstance(s.guard, With) and isinstance(s.guard.context, Var)
               and acts_on_entry(managers(t.body).get(s.guard.context))}
    return tuple(sorted(entered | {name for t in _reachable(trace) for s in statements(t.body) if isinstance(s, Op)
                                   and (name := _act(s))}))


def quiet(trace: Trace) -> Trace:
    """The trace without effects that have no result, here and in the traces called."""
    shown = everywhere(trace, _without_all)
    return dce(shown, lambda op: is_effect(op) and _act(op) not in (CLOCK, GLOBAL))


def _act(op: Op) -> str:
    """What an operation does, or nothing."""
    if _is_shown(op):
        return op.fn
    module = op.fn.rpartition(".")[0]
    if op.fn in _SEEDED and (not op.args or op.args[0] == NONE) and not op.kwargs:
        return UNSEEDED
    if module in _LOOKING:
        return CLOCK
    if op.fn == "get_global":
        return GLOBAL
    if op.fn == "new" and op.kwarg("class") == Ref("open"):
        return FILE
    return op.fn if op.fn.startswith(".") or module in _DRAWING else ""


def _is_shown(op: Op) -> bool:
    """Whether an operation is there for its effect on others than generators."""
    return op.target is None and op.fn not in _CHECKS and op.fn not in _SEEDED


def _without(block: Block) -> Block:
    stmts: list[Stmt] = [with_blocks(s, tuple(map(_without, blocks_of(s)))) for s in block.stmts
                         if not (isinstance(s, Op) and _is_shown(s))]
    return Block(tuple(stmts), block.end)


def _without_all(body: Block) -> Block:
    return without_acting(_without(body))


def _reachable(trace: Trace) -> Iterator[Trace]:
    yield trace
    for callee in trace.callees:
        yield from _reachable(callee)
