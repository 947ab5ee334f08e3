"""Elements that `np.where` discards leave no nan in gradients and Hessians."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.analysis.guards import guarded
from s2sad.trace.ir import Block, Leaf, Op, Return, Trace, Var
from s2sad.trace.types import Array, Dim

X = np.array([0.0, -1.0, 2.0, 0.5, 1.0, 1000.0])


def root(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


def root_slope(x):
    return np.where(x > 0, 0.5 / np.sqrt(x), 0.0)


def logarithm(x):
    return np.sum(np.where(x > 0, np.log(x), x))


def logarithm_slope(x):
    return np.where(x > 0, 1.0 / x, 1.0)


def sinc(x):
    return np.sum(np.where(x == 0, 1, np.sin(x) / x))


def sinc_slope(x):
    return np.where(x == 0, 0.0, (np.cos(x) - np.sin(x) / x) / x)


def nested(x):
    y = x * np.log(x)
    return np.sum(np.where(x > 0, np.where(x > 1, y, np.exp(-1 / x)), x))


def nested_slope(x):
    return np.where(x > 0, np.where(x > 1, np.log(x) + 1.0, np.exp(-1 / x) / x**2), 1.0)


def masked(x):
    return np.sum(np.sqrt(x)[x > 0])


def overflow(x):
    return np.sum(np.where(x < 0, np.exp(x), x + 1.0))


def overflow_slope(x):
    return np.where(x < 0, np.exp(x), 1.0)


def term(p, scale):
    if scale > 2.0:
        scale = scale + 1.0
    return p * np.log(p) * scale


def called(x):
    return np.sum(np.where(x > 0, term(x, 1.0), 0.0))


def called_slope(x):
    return np.where(x > 0, np.log(x) + 1.0, 0.0)


def missing(x):
    x = np.where(x == 2.0, np.nan, x)
    return np.sum(np.where(np.isnan(x), 0.0, x * x))


def missing_slope(x):
    return np.where(x == 2.0, 0.0, 2.0 * x)


def doubled(x):
    y = np.log(x)
    return np.sum(np.where(x > 0, y, 0.0) + np.where(x > 1, y * y, 0.0))


def doubled_slope(x):
    return np.where(x > 0, 1.0 / x, 0.0) + np.where(x > 1, 2.0 * np.log(x) / x, 0.0)


def in_a_loop(x):
    y = np.zeros_like(x)
    for k in range(3):
        y = y + np.where(x > k, np.sqrt(x - k), 0.0)
    return np.sum(y)


def in_a_loop_slope(x):
    return sum(np.where(x > k, 0.5 / np.sqrt(x - k), 0.0) for k in range(3))


def reduced(x):
    total = np.sum(np.log(np.abs(x)))
    return np.where(total > 0, total, 0.0) + np.sum(x)


def reduced_slope(x):
    return np.ones_like(x)


def replaced(x):
    return np.sum(np.nan_to_num(np.sqrt(x)))


CASES = [(root, root_slope), (logarithm, logarithm_slope), (sinc, sinc_slope), (nested, nested_slope),
         (masked, root_slope), (overflow, overflow_slope), (called, called_slope), (missing, missing_slope),
         (doubled, doubled_slope), (in_a_loop, in_a_loop_slope), (reduced, reduced_slope)]


@pytest.mark.parametrize("fn, slope", CASES, ids=[fn.__name__ for fn, _ in CASES])
def test_first_and_second_order(fn: Callable[[Any], Any], slope: Callable[[Any], Any]) -> None:
    with np.errstate(all="ignore"):
        found, expected = s2sad.grad(fn)(X), slope(X)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        h = 1e-6
        second = (slope(X + h) - slope(X - h)) / (2 * h)
        smooth = (np.abs(X) > 0) & (np.abs(X - 1) > 0) & (np.abs(X - 2) > 0)
        for hessian in (s2sad.hessian(fn)(X), s2sad.jacrev(s2sad.grad(fn))(X)):
            assert np.all(np.isfinite(hessian))
            np.testing.assert_allclose(np.diag(hessian)[smooth], second[smooth], rtol=1e-5, atol=1e-8)
        y, y_dot = s2sad.jvp(fn, (X,), (np.ones_like(X),))
        np.testing.assert_allclose(y_dot, np.sum(expected), rtol=1e-12)


def test_values_that_are_replaced() -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(s2sad.grad(replaced)(X)[1:], root_slope(X)[1:])


def weighted(x):
    return np.sum(np.where(x > 0, np.log(x), 0.0) * (x - 1.0))


def test_a_cotangent_that_happens_to_be_zero() -> None:
    """At 1 the weight is 0, its derivative is not."""
    with np.errstate(all="ignore"):
        for hessian in (s2sad.hessian(weighted)(X), s2sad.jacrev(s2sad.grad(weighted))(X)):
            np.testing.assert_allclose(np.diag(hessian), np.where(X > 0, 1 / X + 1 / X**2, 0.0), rtol=1e-12)


@pytest.mark.parametrize("kind", ["f4", "f8"])
def test_numbers(kind: str) -> None:
    def f(x):
        return np.where(x > 0, np.sqrt(x), x)

    zero = np.dtype(kind).type(0)
    with np.errstate(all="ignore"):
        found = s2sad.grad(f)(zero)
    assert found == 1.0 and np.asarray(found).dtype == kind


def test_the_text_of_a_guard() -> None:
    text = str(s2sad.derive(root, types="x: f8[:]"))
    assert "x_bar = np.where(v1, 0.5 * result_bar / v2, 0.0)" in text
    text = str(s2sad.derive(masked, types="x: f8[:]"))
    assert "np.isnan" in text


def test_what_needs_none() -> None:
    n = Array("f8", (Dim.symbol("n"),))
    x, y, z = Var(n, "x"), Var(n, "y"), Var(n, "z")
    log, double = Op(y, "np.log", (x,)), Op(z, "*", (y, y))
    assert guarded(Trace("f", (), (x,), Block((log, double), Return((z,))), Leaf(0))) == {}
    mask = Var(Array("b1", n.dims), "mask")
    sine, choice = Op(y, "np.sin", (x,)), Op(z, "np.where", (mask, y, x))
    assert guarded(Trace("f", (), (x, mask), Block((sine, choice), Return((z,))), Leaf(0))) == {}
    assert guarded(Trace("f", (), (x, mask), Block((log, choice), Return((z,))), Leaf(0))) == {y: ((mask, True),)}
