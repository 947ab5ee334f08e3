"""Choices against zero that become products with a mask, and those that must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.build.transform import ALGEBRA

X = np.array([-2.0, -0.5, 0.0, 0.25, 1.0, 3.0])


def relu(x):
    return np.sum(np.maximum(x, 0.0) ** 2)


def leaky(x):
    return np.sum(np.where(x > 0, x, 0.1 * x) ** 2)


def bounded(x):
    return np.sum(np.clip(x, -1.0, 1.0) ** 2)


def layers(x):
    for _ in range(3):
        x = np.maximum(x - 0.125, 0.0) * 1.5
    return np.mean(x**2)


def scaled(x):
    return np.sum((np.maximum(x, 0.0) / len(x)) ** 2)


def normalised(x):
    y = np.maximum(x, 0.0)
    z = (y - np.mean(y)) / np.sqrt(np.var(y) + 1e-5)
    return np.sum(z**3) / np.sqrt(1.0 + np.sum(x**2))


def unsafe(x):
    y = np.maximum(x, 0.0)
    return np.sum((y - np.mean(y)) / np.sqrt(np.var(y) - 1e-5))


def larger(x):
    return np.sum(np.maximum(x, x[::-1]) ** 3)


def root(x):
    return np.sum(np.sqrt(np.maximum(x, 0.0)))


def quotient(x):
    return np.sum(x[3:]) / np.sum(np.maximum(x, 0.0)[:2])


def product_of_roots(x):
    y = np.maximum(x, 0.0)
    return np.sum(np.sqrt(y)) * np.sum(y)


def called(x):
    """A recursion: what its reverse sweep is given may be infinite."""
    return down(np.maximum(x, 0.0), 2)


def down(x, n):
    return np.sum(np.sqrt(x)) if n == 0 else down(x, n - 1)


def text(f: Callable[..., Any], **options: Any) -> str:
    return str(s2sad.derive(f, "grad", types="x: f8[:]", **options).source)


@pytest.mark.parametrize("f", [relu, leaky, bounded, layers, scaled, normalised, larger])
def test_finite_values_are_multiplied(f: Callable[..., Any]) -> None:
    assert "_bar = np.where" not in text(f)
    s2sad.check_grads(f, (X + 0.03125,), order=2)


@pytest.mark.parametrize("f", [root, product_of_roots, called])
def test_what_may_be_infinite_is_chosen(f: Callable[..., Any]) -> None:
    with np.errstate(divide="ignore"):
        slope = s2sad.grad(f)(X)
    assert np.array_equal(slope[:2], [0.0, 0.0])
    assert np.all(np.isfinite(slope[3:]))


def test_the_text() -> None:
    assert "x_bar = v1_bar * (x > 0.0) + 0.5 * v1_bar * (x == 0.0)" in text(relu)
    assert "v2_bar * v1 + 0.1 * (v2_bar * ~v1)" in text(leaky)


def test_a_division_by_what_may_be_zero_is_no_product() -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        assert s2sad.grad(quotient)(X)[4] == s2sad.grad(quotient)(X)[3]
    assert "_bar = np.where" in text(quotient) and "_bar = np.where" in text(unsafe)


def test_ties_share() -> None:
    assert np.array_equal(s2sad.grad(lambda x: np.sum(np.maximum(x, 0.0)))(X), [0.0, 0.0, 0.5, 1.0, 1.0, 1.0])
    assert np.array_equal(s2sad.grad(lambda x: np.sum(np.minimum(x, 1.0)))(X), [1.0, 1.0, 1.0, 1.0, 0.5, 0.0])


def test_single_precision_stays() -> None:
    x = X.astype(np.float32)
    for f in (relu, leaky, bounded, layers):
        assert s2sad.grad(f)(x).dtype == np.float32
        assert np.allclose(s2sad.grad(f)(x), s2sad.grad(f)(X), rtol=1e-5)


def test_tangents_are_multiplied_too() -> None:
    y, y_dot = s2sad.jvp(relu, (X,), (np.ones(6),))
    assert (y, y_dot) == (relu(X), np.sum(2.0 * np.maximum(X, 0.0)))
    assert "np.where" not in s2sad.derive(relu, "forward", types="x: f8[:]").source


def test_the_textbook_chooses() -> None:
    assert "masks" in ALGEBRA
    assert "_bar = np.where" in text(relu, level="trace")


def test_a_choice_of_the_program_stays_as_it_is() -> None:
    def f(x):
        y = np.where(x > 0.0, x, 0.0)
        return np.sum(y**2)

    assert "y = np.where(x > 0.0, x, 0.0)" in text(f) or "y = np.where(v1, x, 0.0)" in text(f)
    assert np.array_equal(s2sad.grad(f)(X), 2.0 * np.maximum(X, 0.0))
