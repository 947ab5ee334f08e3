"""Conventions and dtypes of the rules as a caller meets them, through every operator."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad

X = np.array([0.3, -0.7, 1.2, 0.9], "f4")
KINDS = [float, np.float64, np.float32]


def squared(x):
    return x**2


def itself(x):
    return x**1


def one(x):
    return x**0


def cubed(x):
    return x**3


def steep(x):
    return x**2.5


def size(x):
    return abs(x)


def numpy_size(x):
    return np.abs(x)


def numpy_square(x):
    return np.power(x, 2)


def powers(x, n):
    return x**n


def exponential_of_zero(y):
    return 0.0**y


AT_ZERO = [(squared, 0.0, 2.0), (itself, 1.0, 0.0), (one, 0.0, 0.0), (cubed, 0.0, 0.0), (steep, 0.0, 0.0),
           (size, 0.0, 0.0), (numpy_size, 0.0, 0.0), (numpy_square, 0.0, 2.0)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fn, first, second", AT_ZERO, ids=[fn.__name__ for fn, _, _ in AT_ZERO])
def test_at_zero(fn: Callable[[Any], Any], first: float, second: float, kind: Any) -> None:
    zero = kind(0.0)
    assert s2sad.grad(fn)(zero) == first
    assert s2sad.jvp(fn, (zero,), (kind(1.0),))[1] == first
    assert s2sad.grad(s2sad.grad(fn))(zero) == second
    assert s2sad.hvp(fn, (zero,), (kind(1.0),)) == second


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n, first, second", [(0, 0.0, 0.0), (1, 1.0, 0.0), (2, 0.0, 2.0), (3, 0.0, 0.0)])
def test_exponents_that_are_arguments(n: int, first: float, second: float, kind: Any) -> None:
    for exponent in (n, float(n)):
        assert s2sad.grad(powers, wrt=0)(kind(0.0), exponent) == first
        assert s2sad.grad(s2sad.grad(powers, wrt=0), wrt=0)(kind(0.0), exponent) == second
    assert s2sad.grad(powers, wrt=1)(kind(0.0), float(n)) == 0.0
    assert s2sad.grad(exponential_of_zero)(float(n)) == 0.0


def root(x):
    return x**0.5


def math_root(x):
    return math.sqrt(x)


def numpy_root(x):
    return np.sqrt(x)


def test_an_infinite_slope() -> None:
    for fn in (root, math_root):
        with pytest.raises(ZeroDivisionError):
            s2sad.grad(fn)(0.0)
    with np.errstate(divide="ignore"):
        assert s2sad.grad(root)(np.float64(0.0)) == np.inf
        assert s2sad.grad(numpy_root)(0.0) == np.inf


def test_lengths_of_zero() -> None:
    def norm(x):
        return np.linalg.norm(x)

    def hypotenuse(x):
        return np.hypot(x, 2.0 * x)

    def math_hypotenuse(x):
        return math.hypot(x, 2.0 * x)

    np.testing.assert_array_equal(s2sad.grad(norm)(np.zeros(3)), np.zeros(3))
    assert s2sad.grad(hypotenuse)(0.0) == s2sad.grad(math_hypotenuse)(0.0) == 0.0


def means(x):
    return np.mean(x * 0.5 + x**2 / 3)


def lengths(x):
    return np.linalg.norm(x) * 2.0 + np.std(x) + np.var(x)


def products(x):
    return np.sum((x @ x) * x) + np.sum(np.outer(x, x) * np.float32(2)) / x.size + np.prod(x)


def choices(x):
    return np.sum(np.where(x > 0, x**3, np.sin(x))) + np.max(x) * np.min(x) + np.sum(np.clip(x, -0.5, 0.5) ** 2)


def positive(x):
    return np.sum(np.maximum(x, 0.0) ** 2) / len(x)


def roots(x):
    return np.sum(np.abs(x) ** 1.5) + np.sum(np.sqrt(x * x + 1)) + np.sum(2.0**x)


def loops(x):
    s = 0.0
    for i in range(x.shape[0]):
        s = s + x[i] * x[i] * 0.5
    return s


def orders(x):
    return np.sum(np.cumprod(x)) + np.sum(np.diff(x) ** 2) + np.sum(np.sort(x)[:2] ** 2) + np.sum(np.cumsum(x) ** 2)


def shapes(x):
    return np.sum(x.reshape(-1, 1) * x) + np.sum(np.stack([x, x * 2.0]) ** 2) + np.sum(np.concatenate([x, x]) ** 3)


def activations(x):
    return np.sum(np.tanh(x) / (1 + np.exp(-x))) + np.sum(np.sinc(x) + np.hypot(x, 1.0) + np.arctan2(x, 2.0))


def solutions(x):
    return np.sum(np.linalg.solve(np.outer(x, x) + 3 * np.eye(x.size, dtype=x.dtype), x))


def picked(x):
    return np.sum(np.tile(x, 2) * np.repeat(x, 2)) + np.sum(np.take(x, [0, 2, 2]) ** 2) + np.sum(np.diag(x) ** 2)


def number(x):
    return x * 0.5 + np.sin(x) ** 2 + np.sqrt(x) * np.exp(x) / 3


def number_choices(x):
    return np.where(x > 0, x * x, 0.0) + np.maximum(x, 1.0) + max(x, 0.5) * min(x, 3.0) + abs(x)


def number_powers(x):
    return x**2.5 + 2.0**x + x**x


@pytest.mark.parametrize("fn", [means, lengths, products, choices, positive, roots, loops, orders, shapes, activations,
                                solutions, picked], ids=lambda fn: fn.__name__)
def test_single_precision_stays(fn: Callable[[Any], Any]) -> None:
    gradient = s2sad.grad(fn)
    found = [gradient(X), s2sad.value_and_grad(fn)(X)[1], s2sad.jvp(fn, (X,), (X,))[1], s2sad.hvp(fn, (X,), (X,)),
             s2sad.jacrev(gradient)(X), s2sad.hessian(fn)(X)]
    assert [np.asarray(v).dtype for v in found] == [np.float32] * len(found)
    exact = X.astype("f8")
    np.testing.assert_allclose(found[0], s2sad.grad(fn)(exact), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found[3], s2sad.hvp(fn, (exact,), (exact,)), rtol=1e-3, atol=1e-3)


def number_loop(x):
    for _ in range(3):
        x = x * x + 0.1
    return x


@pytest.mark.parametrize("fn", [number, number_choices, number_powers, number_loop], ids=lambda fn: fn.__name__)
def test_a_single_precision_number_stays_one(fn: Callable[[Any], Any]) -> None:
    x, derivative = np.float32(0.8), fn
    for _ in range(3):
        derivative = s2sad.grad(derivative)
        assert np.asarray(derivative(x)).dtype == np.float32
    assert np.asarray(s2sad.jvp(fn, (x,), (x,))[1]).dtype == np.float32
    assert [np.asarray(v).dtype for v in s2sad.value_and_grad(fn)(x)] == [np.asarray(fn(x)).dtype, np.float32]
    assert np.asarray(s2sad.hvp(fn, (x,), (x,))).dtype == np.float32


def columns(x, places):
    return np.sum(x[:, places] ** 2) + np.sum(x[:, [0, 0]] ** 2) + np.sum(np.take(x, [1, 1], axis=1) ** 3)


def test_columns_taken_twice() -> None:
    x, places = np.arange(6.0).reshape(2, 3), np.array([0, 2, 2])
    expected = np.zeros_like(x)
    expected[:, 0] += 2 * x[:, 0] + 4 * x[:, 0]
    expected[:, 1] += 6 * x[:, 1] ** 2
    expected[:, 2] += 4 * x[:, 2]
    np.testing.assert_allclose(s2sad.grad(columns)(x, places), expected)


def zero_derivatives(x):
    y = x * 0.0
    if np.allclose(x, x) and np.array_equal(x, x) and not np.any(np.isclose(x, 5.0)):
        y = y + np.count_nonzero(x) + np.searchsorted(np.sort(x), x) + np.argsort(x) + np.signbit(x)
    first = x[np.flatnonzero(x > 0)]
    return np.sum(y * x) + np.sum(first) + math.comb(4, 2) * x[0] + math.factorial(3) * x[1]


def test_functions_without_derivatives() -> None:
    x = np.array([0.5, -1.0, 2.0])
    y = np.count_nonzero(x) + np.searchsorted(np.sort(x), x) + np.argsort(x) + np.signbit(x)
    np.testing.assert_allclose(s2sad.grad(zero_derivatives)(x), y + (x > 0) + np.array([6.0, 6.0, 0.0]))


def test_the_text_of_derivatives() -> None:
    def text(fn: Callable[[Any], Any], types: str) -> str:
        return str(s2sad.derive(fn, types=types))

    for types in ("x: float", "x: f8[:]"):
        assert "result_bar * (1.0 - result**2)" in text(np.tanh, types)
        assert "0.5 * result_bar / result" in text(np.sqrt, types)
        assert "result_bar / (1.0 + x**2)" in text(np.arctan, types)
    assert "/ (1.0 if result == 0 else result) * (x - np.mean(x))" in text(np.std, "x: f8[:]")
    assert "result_bar * n * x ** (1 if n == 0 else n - 1)" in text(powers, "x: float, n: int")


def count_positive(x: float, y: float) -> float:
    return x * sum([x > 0.0, y > 0.0])


def test_sum_of_bools_is_a_whole_number() -> None:
    found = s2sad.grad(count_positive)(1.0, 2.0)
    assert type(found) is float and found == 2.0
