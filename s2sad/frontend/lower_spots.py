"""The lists, dicts and objects inside what a loop carries: which they are, and which they may be.

Each is known by its *spot*: what is carried, and the way to it from there.  An object at a spot that no iteration gives
to another one stays the object that it is; what stands there otherwise is told from all others by a cell of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from s2sad.frontend.lower_squares import LeastSquares
from s2sad.frontend.rounds import Key, Rounds, Spot, steps
from s2sad.frontend.templates import held
from s2sad.frontend.values import Seq, Value, new_cell


class Spots(LeastSquares):
    """Identity in loops."""

    def take_in_cells(self, rounds: Rounds, references: Mapping[Key, Value]) -> bool:
        """Note which lists the lists that are carried may be; whether that was known."""
        known = True
        mine: dict[Spot, int] = {(key, way): one.cell for key, v in references.items() for way, one in self.spots(v)}
        for spot, cell in mine.items():
            cells = self.facts.cells_of(cell) if cell != spot[0] else ()
            outer = frozenset(c for c in cells if c < rounds.since or c in rounds.links.values())
            if not outer <= rounds.cells.get(spot, frozenset()):
                rounds.cells[spot] = rounds.cells.get(spot, frozenset()) | outer
                known = False
        for (a, x), (b, y) in itertools.combinations(mine.items(), 2):
            if frozenset((a, b)) not in rounds.links and self.facts.may_be_one(x, y):
                link = rounds.links[frozenset((a, b))] = new_cell()
                for spot in (a, b):
                    rounds.cells[spot] = rounds.cells.get(spot, frozenset()) | {link}
                known = False
        return known

    def see_moved(self, rounds: Rounds, references: Mapping[Key, Value]) -> bool:
        """Note where iterations leave other objects than there were before the loop; whether that was known."""
        known = True
        for key, value in references.items():
            before = {way: one.cell for way, one in self.spots(rounds.begin[key])}
            for way, one in self.spots(value):
                if (key, way) not in rounds.moved and one.cell != before.get(way):
                    rounds.moved.add((key, way))
                    known = False
        return known

    def linked(self, rounds: Rounds, key: Key, value: Value) -> Value:
        """A value whose lists are those that were there before the loop, or may be those that a key may hold."""
        value = self._staying(rounds, key, value, rounds.begin[key], ())
        for way, one in self.spots(value):
            if one.cell >= rounds.since:
                self.facts.cells[one.cell] = rounds.cells.get((key, way), frozenset()) | {one.cell}
        return value

    def _staying(self, rounds: Rounds, key: Key, value: Value, before: Value, way: tuple[Any, ...]) -> Value:
        if not isinstance(value, Seq) or not isinstance(before, Seq):
            return value
        before = before.ordered_as(value.keys)
        if not value.is_like(before):
            return value
        value = value.with_items([self._staying(rounds, key, v, b, (*way, k))
                                  for k, v, b in zip(steps(value), value.items, before.items)])
        return value if not way or (key, way) in rounds.moved else held(value, before.cell)
