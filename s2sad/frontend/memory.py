"""The heap: what the arrays of a program hold at a point of its text.

A *reference* is the variable that an array was first given: a parameter, the result of an operation.  A reference is a
*root*, whose memory is its own, or a *view*, made from another reference by an operation that surely gives a view.  The
heap maps each root that has been written to, to the variable that holds its present contents; a view of such a root is
derived from them again when it is read.  Lists are told apart by their cells; the heap maps the cell of a list that has
changed to its present items.

>>> from s2sad.trace.ir import Lit
>>> from s2sad.trace.types import Array, Dim
>>> a, b, c = (Var(Array("f8", (Dim.symbol("n"),)), name) for name in "abc")
>>> views = {b: View(a, "getitem", {"index": Lit(1)})}
>>> root_of(b, views) is a, Memory().now(c) is c
(True, True)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from s2sad.trace.ir import Arg, Var


@dataclass(frozen=True, eq=False)
class View:
    """How a view was made: ``fn(parent, **options)``.  ``writable`` is false where NumPy lets nobody write to it."""

    parent: Var
    fn: str
    options: Mapping[str, Arg]
    writable: bool = True


Views = Mapping[Var, View]


@dataclass
class Memory:
    """The heap of one path.

    ``contents`` maps roots that have been written to; ``derived`` has, for views, the contents of the root they were
    last derived from and the result; ``lists`` maps the cells of lists that have changed.
    """

    contents: dict[Var, Var] = field(default_factory=dict)
    derived: dict[Var, tuple[Var, Var]] = field(default_factory=dict)
    lists: dict[int, Any] = field(default_factory=dict)

    def fork(self) -> Memory:
        """A copy for a path of its own."""
        return Memory(dict(self.contents), dict(self.derived), dict(self.lists))

    def now(self, root: Var) -> Var:
        """The variable with the present contents of a root."""
        return self.contents.get(root, root)


def root_of(v: Var, views: Views) -> Var:
    """The root that a reference is, or is a view of."""
    while (view := views.get(v)) is not None:
        v = view.parent
    return v


def way_to(v: Var, views: Views) -> list[View]:
    """The views that lead from the root to a reference, the outermost first."""
    steps: list[View] = []
    while (view := views.get(v)) is not None:
        steps.append(view)
        v = view.parent
    return steps[::-1]


def differing(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> list[Any]:
    """The keys to which two mappings give different values, in the order they were met; absent is a value, too."""
    return [k for k in {**a, **b} if a.get(k) is not b.get(k)]
