"""Ufuncs with where= and out=: nothing is computed, and nobody warned, where the mask is False."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad

A, B = np.array([0.7, 0.35, 1.3, 0.52]), np.array([0.9, 0.0, 1.7, 0.4])


def quotient(a: Any, b: Any) -> Any:
    q = np.divide(a, b, out=np.zeros_like(a), where=b != 0)
    return np.sum(q * a)


def logarithms(a: Any, b: Any) -> Any:
    y = a * 2.0
    np.log(b, out=y, where=b > 0)
    return np.sum(y**2)


def roots(a: Any, b: Any) -> Any:
    y = np.zeros(4)
    np.sqrt(b, y, where=b > 0)
    y[0] += a[0]
    return np.sum(y * a)


def held(a: Any, b: Any) -> Any:
    y = np.zeros_like(b)
    others = [y]
    np.reciprocal(b, out=y, where=b > 0)
    others[0][1] = 2.0
    return np.sum(y * a)


def loop(a: Any, b: Any) -> Any:
    total = 0.0
    for k in range(3):
        q = np.divide(a, b + k, out=np.zeros_like(a), where=b != 0)
        r = np.divide(b, a, out=np.zeros_like(a), where=b != 0)
        q[k] = 1.0
        total = total + np.sum(q * a * r) + q[0] * r[1]
    return total


def twice(a: Any, b: Any) -> Any:
    q = np.divide(1.0, b, out=np.zeros_like(b), where=b != 0)
    r = np.divide(1.0, b, out=np.zeros_like(b), where=b != 0)
    q[0] = 5.0
    return np.sum(q * a) + np.sum(r * a * a)


def columns(a: Any, b: Any) -> Any:
    return np.sum(np.log(b[:, None] + a * 0.0, out=np.ones((4, 4)), where=(b > 0)[:, None]) * a)


def two_masks(a: Any, b: Any) -> Any:
    mask = b > 0
    y = np.exp(a)
    np.reciprocal(b, out=y, where=mask)
    mask[3] = False
    np.log(b, out=y, where=mask)
    return np.sum(y * a)


@pytest.mark.parametrize("f", [quotient, logarithms, roots, held, loop, twice, columns, two_masks])
def test_masked_ufuncs(f: Any) -> None:
    da, db = np.array([0.3, -0.7, 0.2, 0.9]), np.array([0.4, 0.0, -0.6, 0.5])
    with np.errstate(all="raise"):
        value, _ = s2sad.vjp(f, A, B)
        assert value == f(A.copy(), B.copy())
    with np.errstate(all="ignore"):
        tangent = s2sad.jvp(f, (A, B), (da, db))[1]
        gradient = s2sad.grad(f, wrt=(0, 1))
        a_bar, b_bar = gradient(A, B)
        turned = s2sad.jvp(gradient, (A, B), (da, db))[1]
        h = 1e-5
        up, down = gradient(A + h * da, B + h * db), gradient(A - h * da, B - h * db)
    expected = (f(A + h * da, B + h * db) - f(A - h * da, B - h * db)) / (2 * h)
    np.testing.assert_allclose([tangent, a_bar @ da + b_bar @ db], expected, rtol=1e-7)
    for k in range(2):
        np.testing.assert_allclose(turned[k], (up[k] - down[k]) / (2 * h), rtol=1e-6, atol=1e-7)


def test_the_text_is_the_users() -> None:
    text = str(s2sad.derive(quotient, types=(A, B)))
    assert "np.divide(a, b, out=np.zeros_like(a), where=" in text and "np.where(v1, v2_bar / b, 0.0)" in text
