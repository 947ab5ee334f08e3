"""Record or recompute: a minimum cut of the data flow of one loop iteration.

The reverse sweep needs some values of the iteration.  Each can be put on a tape or computed again from other values
that are on a tape or free (loop invariants, the index).  With a capacity on every value, the cheapest set of values to
record is the minimum vertex cut between what cannot be computed again and what is needed.  Among minimum cuts the one
nearest to the needed values is taken: it leaves the least to compute again.

Source: Naumann, "The Art of Differentiating Computer Programs", section 4 (data-flow reversal); the cut is the
textbook max-flow min-cut (Edmonds and Karp).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

N = TypeVar("N", bound=Hashable)
_INFINITE = 1 << 60


def minimum_cut(needed: Iterable[N], inputs: Callable[[N], Sequence[N] | None], cost: Callable[[N], int]) -> list[N]:
    """The cheapest set of values to record so that all ``needed`` ones are available.

    ``inputs(v)`` are the values from which ``v`` can be computed again, None if it cannot be.  ``cost(v)`` is the price
    of recording.  The result is in the order in which the values were first met, starting at ``needed``.

    >>> flow = {"c": ["s"], "s": None}
    >>> minimum_cut(["c"], flow.__getitem__, {"c": 1, "s": 8}.__getitem__)
    ['c']
    >>> minimum_cut(["c", "s"], flow.__getitem__, {"c": 1, "s": 8}.__getitem__)
    ['s']
    """
    order: dict[N, Sequence[N] | None] = {}
    todo = list(needed)
    wanted = set(todo)
    todo.reverse()
    while todo:
        v = todo.pop()
        if v not in order:
            order[v] = inputs(v)
            todo.extend(reversed(order[v] or ()))
    forced = {v for v in order if v in wanted and order[v] is None}
    flow = _Network(order, wanted, forced, cost)
    return [v for v in order if v in forced or flow.is_cut(v)]


class _Network:
    """Split-vertex flow network; node ``(v, 0)`` is where values enter ``v``, ``(v, 1)`` where they leave it."""

    def __init__(self, order: Mapping[N, Sequence[N] | None], wanted: set[N], forced: set[N],
                 cost: Callable[[N], int]) -> None:
        self.number: dict[Any, int] = {v: k for k, v in enumerate(v for v in order if v not in forced)}
        self.source, self.sink = 2 * len(self.number), 2 * len(self.number) + 1
        self.room: list[dict[int, int]] = [{} for _ in range(self.sink + 1)]
        for v, k in self.number.items():
            self.edge(2 * k, 2 * k + 1, cost(v))
            before = order[v]
            if before is None:
                self.edge(self.source, 2 * k, _INFINITE)
            for u in before or ():
                if u in self.number:
                    self.edge(2 * self.number[u] + 1, 2 * k, _INFINITE)
            if v in wanted:
                self.edge(2 * k + 1, self.sink, _INFINITE)
        while self.augment():
            pass
        self.reaching = self.reach_sink()

    def edge(self, a: int, b: int, room: int) -> None:
        self.room[a][b] = self.room[a].get(b, 0) + room
        self.room[b].setdefault(a, 0)

    def augment(self) -> bool:
        before = {self.source: -1}
        queue = deque([self.source])
        while queue and self.sink not in before:
            a = queue.popleft()
            for b, room in self.room[a].items():
                if room and b not in before:
                    before[b] = a
                    queue.append(b)
        if self.sink not in before:
            return False
        path = [self.sink]
        while path[-1] != self.source:
            path.append(before[path[-1]])
        pairs = list(zip(path[1:], path))
        least = min(self.room[a][b] for a, b in pairs)
        for a, b in pairs:
            self.room[a][b] -= least
            self.room[b][a] += least
        return True

    def reach_sink(self) -> set[int]:
        """The nodes from which the sink can still be reached."""
        into: list[list[int]] = [[] for _ in self.room]
        for a, targets in enumerate(self.room):
            for b, room in targets.items():
                if room:
                    into[b].append(a)
        seen, todo = {self.sink}, [self.sink]
        while todo:
            for a in into[todo.pop()]:
                if a not in seen:
                    seen.add(a)
                    todo.append(a)
        return seen

    def is_cut(self, v: Any) -> bool:
        k = self.number.get(v)
        return k is not None and 2 * k not in self.reaching and 2 * k + 1 in self.reaching


__all__ = ["minimum_cut"]
