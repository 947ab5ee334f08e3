"""Random programs that change lists: refused, or right.

What is accepted must give Python's own value, bit for bit, a gradient that agrees with differences and with the
tangents, and second derivatives in two orders that agree with each other and with differences of the gradient.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import Refusal
from tests.corpus import define
from tests.list_writer import ListWriter

STEP = 1e-6
VERDICTS = ("right", "refused", "rough", "fails")


def slopes(f: Any, x: Any, directions: list[Any], step: float) -> np.ndarray:
    """Central differences of a function that may change its argument."""
    def at(z: Any) -> Any:
        return f(np.copy(z) if isinstance(z, np.ndarray) else z, 2)

    return np.array([(at(x + step * d) - at(x - step * d)) / (2 * step) for d in directions])


def check(seed: int, arrays: bool) -> str:
    """What becomes of one program."""
    text = ListWriter(seed, arrays).program()
    f = define(text, f"random lists {seed}", {"np": np})["f"]
    x: Any = np.array([0.4, 0.9]) if arrays else 0.6
    directions: list[Any] = list(np.eye(2)) if arrays else [1.0]
    try:
        want = f(np.copy(x) if arrays else x, 2)
    except IndexError:
        return "fails"
    if not abs(want) < 1e4:
        return "fails"
    try:
        value, gradient = s2sad.value_and_grad(f, wrt=0)(x, 2)
    except Refusal:
        return "refused"
    assert value == want, text
    expected = slopes(f, x, directions, STEP)
    if not np.allclose(expected, slopes(f, x, directions, 2 * STEP), rtol=1e-4, atol=1e-4):
        return "rough"
    gradient = np.atleast_1d(gradient)
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-4, err_msg=text)
    tangents = [s2sad.jvp(f, (x, 2), (d, None))[1] for d in directions]
    np.testing.assert_allclose(tangents, gradient, rtol=1e-9, atol=1e-9, err_msg=text)
    slope = s2sad.grad(f, wrt=0)
    curvature = slopes(slope, x, directions, STEP)
    forward = np.reshape(s2sad.hessian(f, wrt=0)(x, 2), np.shape(curvature))
    np.testing.assert_allclose(forward, curvature, rtol=1e-3, atol=1e-3, err_msg=text)
    backward = s2sad.vjp(slope, x, 2, wrt=0)[1](np.ones(2) if arrays else 1.0)[0]
    np.testing.assert_allclose(np.atleast_1d(backward), np.sum(np.atleast_1d(forward), axis=0), rtol=1e-8, atol=1e-8,
                               err_msg=text)
    return "right"


@pytest.mark.parametrize("seed", range(40))
def test_lists_of_numbers(seed: int) -> None:
    assert check(seed, False) in VERDICTS


@pytest.mark.parametrize("seed", range(100, 130))
def test_lists_of_arrays(seed: int) -> None:
    assert check(seed, True) in VERDICTS


def test_most_of_these_programs_are_accepted() -> None:
    found = Counter(check(seed, bool(seed % 2)) for seed in range(200, 230))
    assert found["right"] >= 15, found
