"""``sum`` of generators whose length is known at run time: a loop that rounds as Python's own sum does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.frontend import lower_comprehensions
from s2sad.runtime.helpers import compensated, rounding
from tests import corpus


def added(values: list[float], start: Any = 0) -> Any:
    """What the loop computes that makes good what is lost."""
    total, lost = start, 0.0
    for x in values:
        lost += rounding(total, x)
        total = total + x
    return compensated(total, lost)


HARD = ([1e16, 1.0, -1e16], [0.1] * 10, [1, 2.5, 3], [1.0, float("inf"), 2.0], [float("nan"), 1.0], [], [3, 4],
        [1e308, 1e308, -1e308], [np.float64(1e16), np.float64(1.0), np.float64(-1e16)])


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the sum of floats is compensated since 3.12")
@pytest.mark.parametrize("values", HARD, ids=str)
def test_the_helpers_round_as_sum_does(values: list[Any]) -> None:
    for start in (0, 0.5):
        a, b = added(values, start), sum(values, start)
        assert repr(a) == repr(b) and type(a) is type(b)


def test_what_is_lost_is_found() -> None:
    assert added([1e16, 1.0, -1e16]) == 1.0
    assert added([0.1] * 10) == 1.0
    assert added([1.0, float("inf"), 2.0]) == float("inf")
    assert added([np.float64(1e16), np.float64(1.0), np.float64(-1e16)]) == 0.0  # as NumPy adds
    assert repr(added([])) == "0"


def alternating(y: float, n: int) -> float:
    return sum(y / (j + 1.0) * (-1.0) ** j for j in range(n))


def pairs(x: Any) -> Any:
    n = x.shape[0]
    return sum(x[i] * x[j] for i in range(n) for j in range(i) if x[i] > -0.5)


def shadowed(x: Any, total: float) -> Any:
    return sum((x * total for x in x), 1.0) + sum(a * b for a, b in zip(x, x[::-1]))


def inside_a_loop(x: float, n: int) -> float:
    s = 0.0
    for k in range(n):
        s = s + sum(x * j for j in range(k))
    return s


POINTS = [(alternating, (1e8 / 3.0, 50), 0), (pairs, (np.array([0.3, -0.7, 1.1, 0.2]),), 0),
          (shadowed, (np.array([0.3, -0.7, 1.1]), 0.4), (0, 1)), (inside_a_loop, (0.7, 5), 0),
          (alternating, (2.0, 0), 0)]


@pytest.mark.parametrize("is_new", [False, True], ids=["plain", "compensated"])
@pytest.mark.parametrize("fn, args, wrt", POINTS, ids=lambda v: getattr(v, "__name__", ""))
def test_primal_and_derivatives(fn: Any, args: tuple[Any, ...], wrt: Any, is_new: bool,
                                monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = s2sad.grad(fn, wrt=wrt)(*args) if fn is not alternating or args[1] else 0.0
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(lower_comprehensions, "COMPENSATED", is_new)
    made = s2sad.derive(fn, mode="reverse", wrt=wrt, types=args)
    value, found = made.fn(*args)
    for a, b in zip(corpus.leaves(found), corpus.leaves(expected), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)
    if is_new == (sys.version_info >= (3, 12)):
        assert repr(value) == repr(fn(*args))
    if is_new and fn is alternating:
        assert value == added([args[0] / (j + 1.0) * (-1.0) ** j for j in range(args[1])])
        assert "compensated(total, lost)" in made.source


@pytest.mark.parametrize("fn, args, wrt", POINTS[:-1], ids=lambda v: getattr(v, "__name__", ""))
def test_second_order(fn: Any, args: tuple[Any, ...], wrt: Any) -> None:
    s2sad.check_grads(fn, args, wrt=wrt, order=2)
