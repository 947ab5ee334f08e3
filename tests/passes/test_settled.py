"""Contents that need not be restored: which reads are settled, and that the numbers are right where they are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad


def recurrence(x):
    a = np.zeros_like(x)
    a[0] = x[0]
    for i in range(1, len(x)):
        a[i] = a[i - 1] * x[i] + a[i - 1] * a[i - 1]
    return np.sum(a)


def downwards(x):
    a = x.copy()
    for i in range(len(x) - 2, -1, -1):
        a[i] = a[i + 1] * a[i + 1] * x[i]
    return np.sum(a)


def all_before(x):
    a = np.zeros_like(x)
    for i in range(len(x)):
        a[i] = x[i]
        for j in range(i):
            a[i] = a[i] + x[j]
    for i in range(1, len(x)):
        s = 0.0
        for j in range(i):
            s += a[j] * a[j]
        a[i] = s * x[i]
    return np.sum(a)


def slice_before(x):
    a = np.zeros_like(x)
    a[0] = x[0]
    for i in range(1, len(x)):
        a[i] = np.sum(a[:i] * a[:i]) * x[i]
    return np.sum(a)


def rows(X):
    A = np.zeros_like(X)
    A[0] = X[0]
    for t in range(1, X.shape[0]):
        A[t] = A[t - 1] * A[t - 1] * X[t]
    return np.sum(A)


def wraps_around(x):
    a = x.copy()
    for i in range(len(x)):
        a[i] = a[i - 1] * a[i - 1] * x[i]
    return np.sum(a)


def last(x):
    a = x.copy()
    for i in range(1, len(x)):
        a[i] = a[-1] * a[-1] + a[i - 1]
    return np.sum(a)


def ends_before_the_end(x):
    a = x.copy()
    for i in range(1, 4):
        a[1:-1] = a[:-2] * a[2:] * x[i]
    return np.sum(a)


def slice_that_may_wrap(x):
    a = x.copy()
    for i in range(len(x) - 1):
        a[i + 1] = np.sum(a[:i - 1] * a[:i - 1]) * x[i]
    return np.sum(a)


def ahead(x):
    a = x.copy()
    for i in range(len(x) - 1):
        a[i] = a[i + 1] * a[i + 1] * x[i]
    return np.sum(a)


def itself(x):
    a = x.copy()
    for i in range(len(x)):
        a[i] = a[i] * a[i] * x[i]
    return np.sum(a)


def twice(x):
    a = x.copy()
    for _ in range(2):
        for i in range(1, len(x)):
            a[i] = a[i - 1] * a[i - 1] * x[i] + a[i]
    return np.sum(a)


def two_steps(x):
    a = x.copy()
    for i in range(1, len(x) - 1):
        a[i + 1] = a[i] * a[i]
        a[i] = a[i - 1] * x[i]
    return np.sum(a * a)


VECTOR = np.array([0.7, 1.1, -0.6, 0.9, 1.2, -0.8])
MATRIX = VECTOR[:, None] * np.array([1.0, -0.9])
SETTLED = [recurrence, downwards, all_before, slice_before, rows]
NOT_SETTLED = [wraps_around, last, ends_before_the_end, slice_that_may_wrap, ahead, twice, two_steps]


def argument(fn: Callable[..., Any]) -> np.ndarray:
    return MATRIX if fn is rows else VECTOR


def restores(fn: Callable[..., Any]) -> bool:
    """Whether the adjoint puts something back into the array ``a`` (or ``A``) of the primal."""
    text = str(s2sad.derive(fn, types=(argument(fn),)))
    reverse = text.partition("# Reverse sweep.")[2]
    return any(line.strip().startswith(("a[", "A[", "a_1[", "A_1[")) for line in reverse.splitlines())


@pytest.mark.parametrize("fn", SETTLED, ids=lambda f: f.__name__)
def test_settled_places_are_not_restored(fn: Callable[..., Any]) -> None:
    assert not restores(fn)


@pytest.mark.parametrize("fn", NOT_SETTLED, ids=lambda f: f.__name__)
def test_other_places_are_restored(fn: Callable[..., Any]) -> None:
    assert restores(fn)


@pytest.mark.parametrize("fn", [*SETTLED, *NOT_SETTLED, itself], ids=lambda f: f.__name__)
def test_the_numbers_are_right(fn: Callable[..., Any]) -> None:
    x, step = argument(fn), 1e-6
    gradient = s2sad.grad(fn)(x)
    for k in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[k] = step
        assert gradient[k] == pytest.approx((fn(x + e) - fn(x - e)) / (2 * step), rel=1e-6, abs=1e-7)
    s2sad.check_grads(fn, (x,))
