"""Programs with effects that must run more than once: a Jacobian column by column, a linearisation again and again.

The first run is the function's own, with all that it does.  Every later one is `quiet`: it prints and appends nothing,
and draws from copies of the generators as they were before the first run, so that it sees the same random numbers.
Afterwards the generators are as the first run has left them.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sad.api.dispatch import dispatch_for, name_of
from s2sad.api.trees import leaves, tree_map
from s2sad.build.base import base_of
from s2sad.build.kernel import Kernel, Program
from s2sad.errors import ArgumentError
from s2sad.frontend.opaque import is_generator


@dataclass(frozen=True)
class Rerun:
    """What a program needs to do again what it is about to do: its arguments, the numbers and objects it reads."""

    name: str
    args: tuple[Any, ...]
    numbers: dict[str, Any]
    states: tuple[Any, Any] | None

    def call(self, program: Program, seeds: tuple[Any, ...]) -> Any:
        """What a derivative of the program makes of the arguments and seeds, without effects."""
        made = dispatch_for(replace(program, quiet=True))
        args = again(self.args)
        numbers = {name: again(value) for name, value in self.numbers.items()}
        for what, instead in _NOT_AGAIN.items():
            if what in made.kernel(args).acts:
                raise ArgumentError(f"{self.name} would run several times, and {instead}: use grad, vjp or jvp, which "
                                    "run it once")
        with _states(self.states):
            return made.call(args, seeds, numbers)


_NOT_AGAIN = {
    "clock": "what it computes depends on a clock",
    "global": "it reads a global that it writes to",
    "unseeded": "it makes a random generator without a seed",
}


def rerun(program: Program, args: tuple[Any, ...]) -> Rerun | None:
    """What later runs of a program with effects need, before it has run first; None if it has none.

    ``program`` is one that is going to run for these arguments, with steps or without.
    """
    kernel = dispatch_for(program).kernel(args)
    if not kernel.acts:
        return None
    name = name_of(program.base)
    if any(is_generator(leaf) for _, value in base_of(program.base).bound for _, leaf in leaves(value)):
        raise ArgumentError(f"{name} would run several times with a generator that is bound to it: pass the generator "
                            "as an argument")
    return Rerun(name, again(args), {n: again(read()) for n, read in kernel.numbers}, _present(kernel))


def again(value: Any) -> Any:
    """A value with copies of the generators in it."""
    return tree_map(lambda leaf: copy.deepcopy(leaf) if is_generator(leaf) else leaf, value)


def _present(kernel: Kernel) -> tuple[Any, Any] | None:
    """The states of the generators of the modules `numpy.random` and `random`, if the program uses them."""
    uses = any(name.startswith(("np.random.", "random.")) for name in kernel.acts)
    return (np.random.get_state(), random.getstate()) if uses else None


@contextmanager
def _states(states: tuple[Any, Any] | None) -> Iterator[None]:
    """Give the generators of the modules other states for a while."""
    if states is None:
        yield
        return
    before = np.random.get_state(), random.getstate()
    try:
        np.random.set_state(states[0])
        random.setstate(states[1])
        yield
    finally:
        np.random.set_state(before[0])
        random.setstate(before[1])
