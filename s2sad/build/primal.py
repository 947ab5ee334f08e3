"""The compiler, end to end: from the text of a function to the text of its derivative."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from s2sad.build.base import Base
from s2sad.build.nested import closed, derivative
from s2sad.build.transform import finished, transform
from s2sad.emit import emit
from s2sad.emit.structures import handed_in
from s2sad.frontend.lower import Lowered, lower
from s2sad.frontend.meanings import Guard
from s2sad.frontend.resolve import LiveResolver
from s2sad.frontend.signature import Signature
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.steps import Program
from s2sad.passes.demanded import demand_raising
from s2sad.passes.inline import in_place
from s2sad.passes.quiet import acts, quiet
from s2sad.trace.ir import Trace

_PLAIN = Program(None)


@dataclass(frozen=True, eq=False)
class Compiled:
    """The text of a derivative, the trace it was printed from, and what both depend on.

    `lowered` is the primal; `pinned` guard the globals whose values are part of the text.
    """

    text: str
    trace: Trace
    lowered: Lowered
    pinned: tuple[Guard, ...]
    acts: tuple[str, ...]

    @property
    def guards(self) -> tuple[Guard, ...]:
        """What must still hold for the text to be right."""
        return (*self.lowered.guards, *self.pinned)

    @property
    def own(self) -> dict[str, Any]:
        """The user's objects that the text names."""
        return handed_in(self.trace)

    @property
    def numbers(self) -> tuple[tuple[str, Callable[[], Any]], ...]:
        """The numbers that the function takes by keyword, each with what reads its present value."""
        return tuple((n, functools.partial(g.resolver.read_number, g.meaning.name))
                     for n, g in _global_inputs(self.trace, self.lowered))


def compiled(base: Base, signature: Signature, program: Program, level: str, target: str = "numpy") -> Compiled:
    """Read, lower, transform step by step, settle ownership, print; the steps count the inputs of the trace."""
    lowered, pinned = lowered_base(base, signature, program, level)
    trace = quiet(lowered.trace) if program.quiet else lowered.trace
    done = acts(trace)
    for k, step in enumerate(program.steps):
        trace = transform(trace, step, level, k == len(program.steps) - 1)
    trace = finished(trace, target)
    return Compiled(emit(trace, level, target), trace, lowered, pinned, done)


def lowered_base(base: Base, signature: Signature, program: Program = _PLAIN,
                 level: str = "source") -> tuple[Lowered, tuple[Guard, ...]]:
    """The primal trace; globals whose value is needed at compile time are guarded by that value."""
    known: dict[Any, Any] = {}
    pinned: list[Guard] = []
    names = {n for n, _ in signature.specs}
    while True:
        try:
            defaults = base.defaults() if base.function.fn is not None else None
            lowered = lower(base.function.source(), base.function.resolver(), signature, known, defaults,
                            program.outputs, not program.copy, functools.partial(derivative, level=level))
            return replace(lowered, trace=demand_raising(in_place(closed(lowered.trace)))), tuple(pinned)
        except Specialise as need:
            if need.name in names or need.place in known:
                raise
            guard = _guard_of_global(need)
            known[need.place] = guard.expected
            pinned.append(guard)


def _guard_of_global(need: Specialise) -> Guard:
    program = getattr(need.owner, "program", None)
    found = program.global_names.get(need.name) if program is not None else None
    if found is None or not isinstance(found.resolver, LiveResolver):
        raise need.refusal()
    return found.resolver.number_guard(found.meaning.name)


def _global_inputs(trace: Trace, lowered: Lowered) -> list[tuple[str, Any]]:
    names = [i.name for i in trace.inputs if i.kind == "global"]
    return list(zip(names, lowered.globals.values()))
