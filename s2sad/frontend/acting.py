"""What an operation of a trace does besides giving its value: effects on the world, draws, looks at what may change.

>>> act(Op(None, "print", ())), act(Op(None, "assert", ())), act(Op(None, "time.time", ()))
('print', '', 'time.time')
"""

from __future__ import annotations

from collections.abc import Iterable

from s2sad.runtime.helpers import HELPERS
from s2sad.trace.ir import NONE, Op, Ref, Trace
from s2sad.trace.walk import statements

_CHECKS = frozenset(("assert", "raise", "completed", "done", *HELPERS))
_DRAWING = frozenset(("np.random", "random"))
_LOOKING = frozenset(("time", "logging"))
_SEEDED = frozenset("np.random.default_rng np.random.RandomState random.Random np.random.seed random.seed".split())
# What cannot be done again: to look at a clock, to make a generator without a seed, to read what has been written to.
CLOCK, UNSEEDED, GLOBAL, FILE = "clock", "unseeded", "global", "file"


def acts(traces: Iterable[Trace]) -> tuple[str, ...]:
    """What functions do besides computing their results: the names of their effects and draws."""
    return tuple(sorted({name for t in traces for s in statements(t.body) if isinstance(s, Op) and (name := act(s))}))


def act(op: Op) -> str:
    """What an operation does, or nothing."""
    if is_shown(op):
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


def is_shown(op: Op) -> bool:
    """Whether an operation is there for its effect on others than generators."""
    return op.target is None and op.fn not in _CHECKS and op.fn not in _SEEDED
