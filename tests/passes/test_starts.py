"""Loops that start from the int 0: no tape, no question of dtypes, and still the program's own int where it is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad


def total(x: Any) -> Any:
    t = 0
    for v in x:
        t += v * v
    return t


def total_of_rows(X: Any) -> Any:
    t = 0
    for row in X:
        t = t + np.sin(row)
    return np.sum(t**2)


def generated(x: Any) -> Any:
    return sum(u * np.sin(v) for u, v in zip(x, x[1:]))


def average(x: Any) -> Any:
    t, n = 0, 0
    for v in x:
        t += v
        n += 1
    return t / max(n, 1)


def largest(x: Any) -> Any:
    best = 0
    for v in x:
        best = max(best, v * v)
    return best


def until(x: Any) -> Any:
    t = 0
    while t < 5:
        t = t + np.sum(x**2)
        if t > 4:
            t = t * 1.5
    return np.sqrt(t)


def nested(X: Any) -> Any:
    s = 0
    for row in X:
        t = 0
        for v in row:
            t += v**3
        s = s + t * t
    return s


def reset(x: Any) -> Any:
    """An int that comes back is no start."""
    t = 0
    y = 0.0
    for v in x:
        y += t * v
        t = v if v > 0.5 else 1
    return y + t


def in_a_list(A: Any) -> Any:
    """The items of a list have its type."""
    return np.sum(np.array([sum(a * a for a in row) for row in A]) ** 2)


def of_a_function(A: Any) -> Any:
    return sum(norm(row, 2.0) for row in A)


def norm(row: Any, p: Any) -> Any:
    t = 0
    for v in row:
        if v > 10.0:
            return p
        t += v**p
    return t ** (1.0 / p)


X = np.linspace(0.2, 1.4, 6)
PROGRAMS: list[tuple[Callable[..., Any], Any]] = [
    (total, X), (generated, X), (average, X), (largest, X), (until, X), (total_of_rows, X.reshape(2, 3)),
    (nested, X.reshape(3, 2)), (reset, X), (in_a_list, X.reshape(2, 3)), (of_a_function, X.reshape(2, 3))]


@pytest.mark.parametrize(("f", "x"), PROGRAMS, ids=lambda p: getattr(p, "__name__", ""))
def test_derivatives(f: Callable[..., Any], x: Any) -> None:
    assert s2sad.value_and_grad(f)(x)[0] == f(x)
    s2sad.check_grads(f, (x,), order=2)
    assert s2sad.grad(f)(x.astype(np.float32)).dtype == np.float32
    if f is not in_a_list:  # which must know the rank
        assert np.allclose(s2sad.derive(f, "grad").fn(x), s2sad.grad(f)(x), rtol=1e-14, atol=0.0)


@pytest.mark.parametrize("f", [total, generated, average, total_of_rows], ids=lambda f: f.__name__)
def test_sums_record_nothing(f: Callable[..., Any]) -> None:
    x = X.reshape(2, 3) if f is total_of_rows else X
    for mode in ("grad", "forward"):
        text = s2sad.derive(f, mode, types=(x,)).source
        assert "tape" not in text and "cast_like" not in text and "unbroadcast" not in text


def test_the_program_itself_keeps_its_int() -> None:
    nothing = np.zeros(0)
    value, slope = s2sad.value_and_grad(total)(nothing)
    assert type(value) is int and value == 0 and slope.shape == (0,)
    assert s2sad.jvp(total, (nothing,), (nothing,)) == (0, 0.0)
