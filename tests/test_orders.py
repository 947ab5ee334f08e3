"""Derivatives of derivatives: every composition of forward and reverse mode to order 3, against differences."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest

import s2sad


def survey(x):
    return np.log(x) * x - np.sin(x * x)


def branching_loop(x, n=6):
    s = 0.0
    for i in range(n):
        if s > 1.0:
            s = s + np.sin(x * i)
        else:
            s = s + x * x
    return s


def newton(x):
    y = x
    while abs(y * y - x) > 1e-13:
        y = 0.5 * (y + x / y)
    return y


def power(x, n=4):
    if n == 0:
        return 1.0
    return x * power(x, n - 1) + x


def through_arrays(x):
    a = np.array([x, x * x, 1.0 / x])
    m = np.outer(a, a)
    return np.sum(np.tanh(m @ a)) * np.max(a)


def over_elements(x):
    total = 0.0
    for v in np.array([0.3, 0.9, 1.7]) * x:
        if v < 0.4:
            continue
        total = total + v**3 * total + v
    return total


def returning_from_loop(x):
    y = x
    for _ in range(10):
        y = y * y + 0.1 * x
        if y > 3.0:
            return y * x
    return y


PROGRAMS = [survey, branching_loop, newton, power, through_arrays, over_elements, returning_from_loop]


PROGRAMS = [survey, branching_loop, newton, power, through_arrays, over_elements, returning_from_loop]


def forward(f: Callable[..., float]) -> Callable[[float], float]:
    """The derivative of a scalar function in forward mode, as a function s2sad can take a derivative of again."""
    return s2sad.jacfwd(f)


def differentiated(f: Callable[..., float], modes: tuple[str, ...]) -> Callable[[float], float]:
    """The derivative of a scalar function, the first mode applied first."""
    for k, mode in enumerate(modes):
        reverse = s2sad.jacrev if "f" in modes[:k] else s2sad.grad
        f = reverse(f) if mode == "r" else s2sad.jacfwd(f)
    return f


@pytest.mark.parametrize("modes", [m for order in (1, 2, 3) for m in itertools.product("fr", repeat=order)],
                         ids="".join)
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_every_composition(f: Callable[..., float], modes: tuple[str, ...]) -> None:
    x, h = 1.3, 1e-4
    lower = f
    for _ in modes[:-1]:
        lower = s2sad.grad(lower)
    expected = (8 * (lower(x + h) - lower(x - h)) - (lower(x + 2 * h) - lower(x - 2 * h))) / (12 * h)
    assert math.isclose(float(differentiated(f, modes)(x)), expected, rel_tol=2e-7, abs_tol=1e-7)


def test_order_five_of_a_power() -> None:
    def quintic(x):
        return x**5

    derivative = quintic
    for expected in (5 * 2.0**4, 20 * 2.0**3, 60 * 2.0**2, 120 * 2.0, 120.0):
        derivative = s2sad.grad(derivative)
        assert math.isclose(derivative(2.0), expected, rel_tol=1e-12)
