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
from s2sad.api.trees import copied, leaves, tree_map
from s2sad.build.base import base_of
from s2sad.build.kernel import Kernel, Program
from s2sad.errors import ArgumentError
from s2sad.frontend.opaque import is_generator


@dataclass(frozen=True)
class Rerun:
    """What a program needs to do again what it is about to do: its arguments, the numbers and objects it reads."""

    args: tuple[Any, ...]
    numbers: dict[str, Any]
    states: tuple[tuple[Any, Any], ...]
    quiet: bool = True

    def call(self, program: Program, seeds: tuple[Any, ...]) -> Any:
        """What a derivative of the program makes of the arguments and seeds, without effects."""
        numbers = {name: again(value) for name, value in self.numbers.items()}
        with _states(self.states):
            return dispatch_for(replace(program, quiet=self.quiet)).call(again(self.args), seeds, numbers)


_NOT_AGAIN = {
    "clock": "what it computes depends on a clock",
    "file": "it opens a file",
    "global": "it reads a global that it writes to",
    "unseeded": "it makes a random generator without a seed",
}


def rerun(program: Program, args: tuple[Any, ...], keep: bool = False) -> Rerun | None:
    """What later runs of a program with effects need, before it has run first; None if it has none.

    ``program`` is one that is going to run for these arguments, with steps or without.  With ``keep`` later runs see
    the numbers and arrays that it reads from outside as they are now.
    """
    kernel = dispatch_for(program).kernel(args)
    if not kernel.acts:
        return Rerun(args, {n: copied(read()) for n, read in kernel.numbers}, (), program.quiet) if keep else None
    name = name_of(program.base)
    left = dispatch_for(replace(program, quiet=True)).kernel(args).acts
    for what, why in _NOT_AGAIN.items():
        if what in left:
            raise ArgumentError(f"{name} would run several times, and {why}: use grad, vjp or jvp, which run it once")
    numbers = {n: again(copied(read()) if keep else read()) for n, read in kernel.numbers}
    return Rerun(again(args), numbers, _present(program, kernel))


def again(value: Any) -> Any:
    """A value with copies of the generators in it."""
    return tree_map(lambda leaf: copy.deepcopy(leaf) if is_generator(leaf) else leaf, value)


def _present(program: Program, kernel: Kernel) -> tuple[tuple[Any, Any], ...]:
    """The generators that cannot be copied, those of the modules and those bound to the function, with their states."""
    found = [leaf for _, value in base_of(program.base).bound for _, leaf in leaves(value) if is_generator(leaf)]
    for module in (np.random, random):
        if any(name.startswith("np.random." if module is np.random else "random.") for name in kernel.acts):
            found.append(module)
    return tuple((generator, _state(generator)) for generator in found)


def _state(generator: Any) -> Any:
    if isinstance(generator, np.random.Generator):
        return copy.deepcopy(generator.bit_generator.state)
    return generator.getstate() if hasattr(generator, "getstate") else generator.get_state()


def _set_state(generator: Any, state: Any) -> None:
    if isinstance(generator, np.random.Generator):
        generator.bit_generator.state = state
    elif hasattr(generator, "setstate"):
        generator.setstate(state)
    else:
        generator.set_state(state)


@contextmanager
def _states(states: tuple[tuple[Any, Any], ...]) -> Iterator[None]:
    """Give generators other states for a while."""
    before = [(generator, _state(generator)) for generator, _ in states]
    try:
        for generator, state in states:
            _set_state(generator, state)
        yield
    finally:
        for generator, state in before:
            _set_state(generator, state)
