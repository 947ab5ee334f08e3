"""What is known of a loop while its body is lowered again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from s2sad.frontend.values import Seq, Value
from s2sad.trace.ir import Var

# A name, or the cell of a list; one of the holes of what it holds; one of the lists in it, by the way to it.
Key = str | int
Hole = tuple[Key, int]
Spot = tuple[Key, tuple[Any, ...]]


def steps(value: Seq) -> Sequence[Any]:
    """What tells the items of a container apart: their keys, if each has one, else their numbers."""
    return value.keys if len(value.keys) == len(value.items) else range(len(value.items))


@dataclass
class Rounds:
    """The state of a loop's fixpoint.

    ``begin`` is what is carried before the loop, ``inits`` with the present contents of its arrays.  ``roots`` are, for
    each hole, the arrays and lists from outside the loop whose memory it may be, ``met`` stands for what pairs of holes
    share, ``cells`` are the lists that a list may be, ``links`` stand for the lists that two spots may both hold,
    ``moved`` are the spots at which there are different ones in time.
    ``fixed`` names stand for the same array or list all the time, and so does what is in a container and not seen to be
    ``varying``, which is not carried; ``boxes`` may be arrays without axes, ``doubled`` lists that have an item twice;
    ``buffers`` are the arrays from outside that the body writes to.  Lists made in the loop have cells from ``since``
    on, variables made there numbers from ``mark`` on.  ``heads`` are numbers that the loop begins with as literals, and
    ``changed`` those of which an iteration hands on others.
    """

    names: tuple[str, ...]
    shared: set[str]
    fixed: frozenset[str]
    since: int
    mark: int
    templates: dict[Key, Value] = field(default_factory=dict)
    inits: dict[Key, Value] = field(default_factory=dict)
    roots: dict[Hole, frozenset[Var]] = field(default_factory=dict)
    begin: dict[Key, Value] = field(default_factory=dict)
    met: dict[frozenset[Hole], Var] = field(default_factory=dict)
    cells: dict[Spot, frozenset[int]] = field(default_factory=dict)
    links: dict[frozenset[Spot], int] = field(default_factory=dict)
    moved: set[Spot] = field(default_factory=set)
    varying: set[Hole] = field(default_factory=set)
    boxes: set[Hole] = field(default_factory=set)
    doubled: set[Hole] = field(default_factory=set)
    buffers: list[Var] = field(default_factory=list)
    heads: dict[Key, Var] = field(default_factory=dict)
    changed: set[Key] = field(default_factory=set)
