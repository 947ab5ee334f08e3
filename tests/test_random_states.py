"""Random programs that change objects among the arguments: refused, or right.

What is accepted must give Python's own value, bit for bit, leave the argument as it was, have a gradient that agrees
with differences and with the tangents, and second derivatives that agree with differences of the gradient.
"""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import Refusal
from tests.corpus import define, direction, dot, moved, same_bits
from tests.object_writer import NAMES, Inner, ObjectWriter, Pair, State

STEP = 1e-6
VERDICTS = ("right", "refused", "rough", "fails")


def slope(f: Any, args: tuple[Any, Any], along: tuple[Any, Any], step: float) -> float:
    """The central difference of a function that may change its argument."""
    ahead, behind = (f(*copy.deepcopy(moved(args, side * step, along)), 2) for side in (1.0, -1.0))
    return float((ahead - behind) / (2 * step))


def check(seed: int, arrays: bool) -> str:
    """What becomes of one program."""
    text = ObjectWriter(seed, arrays).program()
    f = define(text, f"random objects {seed}", dict(NAMES))["f"]
    h: Any = np.array([0.4, -0.7]) if arrays else 0.8
    args = (State(h, 0.6, Inner(1.1), Pair(0.3, -0.4), {"k": 0.9}), 0.7)
    want = f(*copy.deepcopy(args), 2)
    if not abs(want) < 1e4:
        return "fails"
    given = copy.deepcopy(args)
    try:
        value, gradient = s2sad.value_and_grad(f, wrt=(0, 1))(*given, 2)
    except Refusal:
        return "refused"
    assert same_bits(given, args), text
    assert value == want, text
    along = direction(args, seed)
    expected = slope(f, args, along, STEP)
    if abs(expected - slope(f, args, along, 2 * STEP)) > 1e-4 * max(1.0, abs(expected)):
        return "rough"
    scale = max(1.0, abs(expected), abs(dot(gradient, gradient)) ** 0.5)
    assert abs(dot(gradient, along) - expected) <= 1e-4 * scale, text
    tangent = s2sad.jvp(f, (*args, 2), (*along, None))[1]
    assert abs(tangent - dot(gradient, along)) <= 1e-9 * scale, text
    across = direction(args, seed + 1)
    curvature = s2sad.jvp(s2sad.grad(f, wrt=(0, 1)), (*args, 2), (*along, None))[1]

    def gradient_across(p: Any, x: float, n: int) -> float:
        return dot(s2sad.grad(f, wrt=(0, 1))(p, x, n), across)

    rough = slope(gradient_across, args, along, STEP)
    assert abs(dot(curvature, across) - rough) <= 1e-3 * max(1.0, scale, abs(rough)), text
    return "right"


@pytest.mark.parametrize("seed", range(30))
def test_objects_of_numbers(seed: int) -> None:
    assert check(seed, False) in VERDICTS


@pytest.mark.parametrize("seed", range(100, 120))
def test_objects_of_arrays(seed: int) -> None:
    assert check(seed, True) in VERDICTS


def test_most_of_these_programs_are_accepted() -> None:
    found = Counter(check(seed, bool(seed % 2)) for seed in range(200, 220))
    assert found["right"] >= 10, found
