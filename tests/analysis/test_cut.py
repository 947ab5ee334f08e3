"""The minimum cut that decides what is recorded."""

from __future__ import annotations

import itertools
import random

import pytest

from s2sad.analysis.cut import minimum_cut


def available(recorded: set[int], flow: dict[int, list[int] | None], v: int) -> bool:
    if v in recorded:
        return True
    before = flow[v]
    return before is not None and all(available(recorded, flow, u) for u in before)


def test_a_needed_value_is_computed_from_a_forced_one() -> None:
    flow = {"x": None, "v": ["x"]}
    assert minimum_cut(["x", "v"], flow.__getitem__, lambda _: 10) == ["x"]


def test_free_values_cost_nothing() -> None:
    flow = {"i": [], "v": ["i"]}
    assert minimum_cut(["v"], flow.__getitem__, lambda _: 10) == []


@pytest.mark.parametrize("seed", range(60))
def test_against_trying_every_subset(seed: int) -> None:
    rng = random.Random(seed)
    flow: dict[int, list[int] | None] = {}
    for v in range(8):
        flow[v] = None if v == 0 or rng.random() < 0.3 else rng.sample(range(v), rng.randint(0, min(v, 2)))
    costs = {v: rng.choice([9, 10, 30]) for v in flow}
    needed = rng.sample(range(8), 3)
    got = minimum_cut(needed, flow.__getitem__, costs.__getitem__)
    assert all(available(set(got), flow, v) for v in needed)
    best = min(sum(costs[v] for v in chosen) for size in range(9) for chosen in itertools.combinations(flow, size)
               if all(available(set(chosen), flow, v) for v in needed))
    assert sum(costs[v] for v in got) == best
