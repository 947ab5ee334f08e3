"""Functions that change their arguments: which parameters they write to, and final contents in place of a result.

A parameter is *mutated* if, where the function returns, the heap gives it other contents than it came with.  A function
that returns nothing is seen as one that returns the final contents of the arguments it has mutated.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from s2sad.errors import ArgumentError
from s2sad.frontend.flow import LateReturn, map_all_ends
from s2sad.frontend.memory import Memory
from s2sad.frontend.specialise import Place
from s2sad.frontend.values import Abstract, ListOf, Seq, Value, describe_value
from s2sad.trace.ir import Block, End, Lit, Var
from s2sad.trace.types import Array, Unknown
from s2sad.trace.walk import blocks


class RootIsCalled(Exception):  # noqa: N818  (control flow)
    """The function to differentiate calls itself, and its result is not what its callers see."""


def returned(body: Block) -> Iterator[LateReturn]:
    """The ends by which a function returns."""
    for block in blocks(body):
        if isinstance(block.end, LateReturn):
            yield block.end


def mutated(body: Block, params: Sequence[Var], same: Mapping[Var, Var]) -> tuple[int, ...]:
    """The parameters that hold something else when the function returns.

    ``same`` maps contents to earlier ones that are equal.
    """
    def first(v: Var) -> Var:
        while v in same:
            v = same[v]
        return v

    changed = {p for end in returned(body) for p in params if first(end.memory.now(p)) is not p}
    return tuple(k for k, p in enumerate(params) if p in changed)


def changed_lists(body: Block, values: Mapping[str, Value]) -> list[str]:
    """The parameters that are, or contain, a list with other items when the function returns."""
    cells = {cell for end in returned(body) for cell in end.memory.lists}
    return [name for name, value in values.items() if any(s.cell in cells for s in _sequences(value))]


def _sequences(value: Value) -> Iterator[Seq]:
    if isinstance(value, Seq):
        yield value
        for item in value.items:
            yield from _sequences(item)


def mutables(values: Mapping[str, Value]) -> Iterator[tuple[Place, Seq]]:
    """The lists, dicts and variables inside arguments, with their places."""
    def within(value: Value, place: Place) -> Iterator[tuple[Place, Seq]]:
        if isinstance(value, Seq) and value.is_mutable:
            yield place, value
        if isinstance(value, Abstract):
            steps = value.keys or range(len(value.items)) if isinstance(value, Seq) else range(len(value.parts()))
            for k, part in zip(steps, value.items if isinstance(value, Seq) else value.parts()):
                yield from within(part, (place[0], (*place[1], k)))

    for name, value in values.items():
        yield from within(value, (name, ()))


def contents(value: Value, memory: Memory) -> Value:
    """A parameter with what its arrays hold."""
    if isinstance(value, Seq):
        return value.with_items(tuple(contents(item, memory) for item in value.items))
    return memory.now(value) if isinstance(value, Var) else value


def choose(body: Block, values: Mapping[str, Value], changed: Container[str],
           wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The parameters whose final contents are the result; none if the result is what the function returns."""
    if wanted is not None:
        return tuple(wanted)
    silent = all(isinstance(end.result, Lit) and end.result.value is None for end in returned(body))
    return tuple(n for n in values if n in changed) if silent else ()


def check(names: Sequence[str], values: Mapping[str, Value], unsure: set[Var], body: Block, fn: str) -> None:
    """Refuse outputs whose final contents are not known, or that are no arrays."""
    for name in names:
        value = values[name]
        changed = [end.contents[name] for end in returned(body) if name in end.contents]
        if any(isinstance(one, ListOf) for found in changed for one in _parts(found)):
            raise ArgumentError(f"outputs: {name!r} of {fn} is, or holds, a list whose length is known at run time "
                                "only: return an array of it")
        if changed:
            doubtful(name, value, unsure, (), fn)
            continue
        leaves = list(_arrays(value))
        if not leaves or any(isinstance(v.type, Unknown) for v in leaves):
            what = "not known to be one" if leaves else describe_value(value)
            raise ArgumentError(f"outputs: {name!r} of {fn} must be an array, and it is {what}")
        doubtful(name, value, unsure, (), fn)


def _parts(value: Value) -> Iterator[Value]:
    yield value
    for item in value.items if isinstance(value, Seq) else ():
        yield from _parts(item)


def doubtful(name: str, value: Value, unsure: set[Var], lists: Sequence[str], fn: str) -> None:
    """Refuse a parameter whose final contents are not known."""
    if name in lists:
        raise ArgumentError(f"{fn} puts other items into {name!r}, whose final contents cannot be handed back: write "
                            f"into the arrays in {name!r}, or return it")
    if any(v in unsure for v in _arrays(value)):
        raise ArgumentError(f"{fn} may write to {name!r} through another name, so that its final contents are not "
                            f"known: write to {name!r} itself, or copy what is written to")


def _arrays(value: Any) -> Iterator[Var]:
    if isinstance(value, Seq):
        for item in value.items:
            yield from _arrays(item)
    elif isinstance(value, Var) and isinstance(value.type, (Array, Unknown)):
        yield value


def with_outputs(body: Block, names: Sequence[str], values: Mapping[str, Value]) -> Block:
    """A body that returns the final contents of parameters: bare if it is one, else a tuple."""
    def change(end: End) -> End:
        if not isinstance(end, LateReturn):
            return end
        found = tuple(end.contents[n] if n in end.contents else contents(values[n], end.memory) for n in names)
        return LateReturn((), found[0] if len(found) == 1 else Seq(found), end.node, end.memory)

    return map_all_ends(body, change)
