"""Derivatives do not pass through a module: what is written to a global and read again must not depend on the inputs.

A value that has been read matters if the result depends on it, or another global that is written to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from s2sad.analysis.activity import active, varied
from s2sad.errors import TypeRefusal
from s2sad.frontend.lower_globals import READ, WRITE
from s2sad.trace.ir import Arg, Op, Trace, Var
from s2sad.trace.walk import statements
from s2sad.trace.where import location_of


def refuse_moving_globals(trace: Trace, moving: Collection[Var], program: Iterable[Trace]) -> None:
    """Refuse to write what depends on the inputs to a global that the program reads, if that matters."""
    for s in _ops(trace, WRITE):
        if s.args[1] in moving and any(_matters(s.args[0], t) for t in (trace, *program)):
            raise TypeRefusal("what is written to this global depends on what is differentiated by, and the program "
                              "reads it again", location_of(s.site),
                              "use a local variable, and write the global at the end")


def _matters(place: Arg, trace: Trace) -> bool:
    """Whether it matters what a global holds where a function reads it."""
    read = [s.target for s in _ops(trace, READ) if s.args[0] == place and s.target is not None]
    if not read:
        return False
    flow = varied(trace, read)
    return bool(active(trace, read)) or any(s.args[1] in flow for s in _ops(trace, WRITE) if s.args[0] != place)


def _ops(trace: Trace, fn: str) -> Iterator[Op]:
    return (s for s in statements(trace.body) if isinstance(s, Op) and s.fn == fn)
