"""Functions that the tests of the interface differentiate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import s2sad

SCALE = 2.0


def survey(x1, x2):
    """f(x1, x2) = ln(x1) + x1 x2 - sin(x2)"""
    return math.log(x1) + x1 * x2 - math.sin(x2)


def power(x, n=3):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


def norm2(x):
    return np.sum(x * x)


def scaled(x):
    return SCALE * x * x


def outer(x, y):
    return np.array([x[0] * y[0], x[1] * y[1] ** 2, x[0] * x[1]])


def weighted(params, x):
    w, b = params
    return np.sum((x @ w + b) ** 2)


def with_aux(x):
    return np.sum(x**3), x.size + 1


def pair(x):
    return np.sum(x), 2.0 * x


def sum_of_list(xs):
    total = 0.0
    for x in xs:
        total = total + x * x
    return total


def keyword_only(x, *, n):
    return x**n


def raises(x):
    if x > 1.0:
        raise KeyError("too large")
    return x * x


def overwrite(x):
    x[0] = x[0] * x[1]
    return np.sum(x * x)


def square(x):
    return x * x


def uses_square(x):
    return square(x)


@s2sad.differentiate
def decorated(x1, x2):
    """A decorated function."""
    return x1 * x2 + x1


@s2sad.differentiate(wrt=("x2", "x1"))
def decorated_with_options(x1, x2):
    return x1 * x2 * x2


class Model:
    """A class whose method is differentiated."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    @s2sad.differentiate
    def energy(self, x):
        return self.rate * x * x

    def plain(self, x):
        return self.rate * x * x * x

    def __call__(self, x):
        return self.rate * x


def difference(f: Any, x: float, h: float = 1e-6) -> float:
    """The derivative of a function of one number by central differences."""
    return (f(x + h) - f(x - h)) / (2.0 * h)
