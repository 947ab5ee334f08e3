"""Names: the variables of a function and of those around it.

A variable that a function inside binds, by ``nonlocal``, is a *cell* of the heap, as in Python: both functions, and
whoever else sees it, read from there what it holds, and branches, loops and calls hand it on like a list of one item.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2sad.frontend.constructs import construct
from s2sad.frontend.lower_attr import Attributes
from s2sad.frontend.lower_core import Frame
from s2sad.frontend.values import Seq, Value
from s2sad.trace.ir import UNDEF


class Variables(Attributes):
    """Reading and binding names."""

    def begin(self, values: Mapping[str, Value]) -> None:
        """Give the names of the present function what its parameters stand for."""
        frame = self.frame
        frame.env.update(values)
        for name in sorted(frame.shared):
            frame.env[name] = cell_of(frame.env.get(name, UNDEF))

    def name(self, name: str, node: Any, frame: Frame) -> Value:
        """What a name stands for in a frame or around it."""
        owner = owner_of(name, frame)
        if owner is None:
            outermost = frame
            while outermost.lexical is not None:
                outermost = outermost.lexical
            return self.outer_name(name, node, outermost)
        value = owner.env.get(name, UNDEF)
        if name in owner.shared and isinstance(value, Seq):
            held = self.fresh_list(value)
            value = held.items[0] if isinstance(held, Seq) else held  # else paths disagree about it
        return self.read(value, name, node)

    def check_nonlocal(self, name: str, node: Any) -> None:
        """Refuse to bind a variable of a function that is not being lowered, but has returned."""
        if owner_of(name, self.frame) is None:
            what, instead = construct(node)
            self.refuse(node, f"{what} is not supported for '{name}', a variable of a function that has returned",
                        instead)

    def bind_name(self, name: str, value: Value, node: Any) -> None:
        """``name = value``."""
        owner = owner_of(name, self.frame)
        assert owner is not None
        cell = owner.env.get(name)
        if name in owner.shared and isinstance(cell, Seq):
            self.hold(cell, cell.with_items((value,)))
        else:
            owner.env[name] = value


def owner_of(name: str, frame: Frame) -> Frame | None:
    """The frame whose variable a name is; None if it is none of a function that is being lowered."""
    scope: Frame | None = frame
    while scope is not None and name not in scope.locals:
        scope = scope.lexical
    return scope


def cell_of(value: Value) -> Seq:
    """A variable that several functions bind, with what it holds now."""
    return Seq((value,), "cell", ("",))
