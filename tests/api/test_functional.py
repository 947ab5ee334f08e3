"""`jvp`, `vjp`, `linearize`, `hvp`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, S2sadError, ValueArgumentError
from tests.api import functions

CALLS: list[float] = []


def test_jvp() -> None:
    assert s2sad.jvp(functions.survey, (2.0, 5.0), (1.0, 0.0)) == (
        functions.survey(2.0, 5.0), pytest.approx(5.5))


def test_a_none_tangent_is_zero() -> None:
    assert s2sad.jvp(functions.survey, (2.0, 5.0), (None, 1.0))[1] == pytest.approx(1.7163378145367738)
    assert s2sad.jvp(functions.power, (2.0, 3), (1.0, None)) == (8.0, 12.0)
    y, y_dot = s2sad.jvp(functions.survey, (2.0, 5.0), (None, None))
    assert y == functions.survey(2.0, 5.0) and y_dot == 0.0


def test_jvp_with_keywords() -> None:
    assert s2sad.jvp(functions.power, (2.0,), (1.0,), n=2) == (4.0, 4.0)


def test_jvp_of_containers() -> None:
    y, y_dot = s2sad.jvp(functions.sum_of_list, ([1.0, 2.0],), ([1.0, None],))
    assert (y, y_dot) == (5.0, 2.0)
    y, y_dot = s2sad.jvp(functions.pair, (np.ones(2),), (np.ones(2),))
    assert y_dot[0] == 2.0 and np.allclose(y_dot[1], 2.0)


@pytest.mark.parametrize("tangents,kind,message", [
    ((np.ones(2),), ValueError, r"shape \(2,\)"),
    ((np.ones(3, np.float32),), TypeError, "dtype float32"),
    ((np.ones(3, int),), TypeError, "dtype int64"),
    ((1.0,), ValueError, r"shape \(3,\)"),
    (([1.0, 1.0, 1.0],), TypeError, "must be an array"),
    (("a",), TypeError, "must be an array"),
    ((np.ones(3), None), ValueError, "one tangent for each primal"),
    (np.ones(3), TypeError, "tuple or list"),
])  # fmt: skip
def test_tangents_that_do_not_fit(tangents: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as raised:
        s2sad.jvp(functions.norm2, (np.ones(3),), tangents)
    assert isinstance(raised.value, S2sadError)


def test_tangent_of_an_int_is_refused() -> None:
    with pytest.raises(TypeError, match="pass floats"):
        s2sad.jvp(functions.power, (2.0, 3), (1.0, 1.0))


def counted(x):
    note(x)
    return math.sin(x)


def note(x: float) -> None:
    CALLS.append(x)


def test_vjp() -> None:
    y, pullback = s2sad.vjp(functions.survey, 2.0, 5.0)
    assert y == functions.survey(2.0, 5.0)
    assert pullback(1.0) == pytest.approx((5.5, 1.7163378145367738))
    assert pullback(2.0) == pytest.approx((11.0, 2 * 1.7163378145367738))
    assert pullback(1.0) == pytest.approx((5.5, 1.7163378145367738))


def test_pullback_has_one_entry_for_each_primal() -> None:
    y, pullback = s2sad.vjp(functions.power, 2.0, 3)
    assert (y, pullback(1.0)) == (8.0, (12.0, None))
    _, pullback = s2sad.vjp(functions.survey, 2.0, 5.0, wrt=1)
    assert pullback(1.0) == (None, pytest.approx(1.7163378145367738))
    _, pullback = s2sad.vjp(functions.survey, 2.0, 5.0, wrt=("x1",))
    assert pullback(1.0) == (pytest.approx(5.5), None)
    y, pullback = s2sad.vjp(functions.power, 2.0, n=2)
    assert (y, pullback(1.0)) == (4.0, (4.0,))


def test_pullback_keeps_the_values_of_its_call() -> None:
    x = np.array([1.0, 2.0])
    y, pullback = s2sad.vjp(np.exp, x)
    expected = y.copy()
    x[:] = 0.0
    y[:] = 0.0
    assert np.allclose(pullback(np.ones(2))[0], expected)


def test_pullback_leaves_its_seed_alone() -> None:
    x, seed = np.array([1.0, 2.0]), np.array([0.5, 0.25])
    _, pullback = s2sad.vjp(np.sin, x)
    (bar,) = pullback(seed)
    bar[:] = 0.0
    assert seed.tolist() == [0.5, 0.25]


def test_pullback_of_several_results() -> None:
    x = np.array([1.0, 2.0])
    _, pullback = s2sad.vjp(functions.pair, x)
    assert np.allclose(pullback((1.0, np.ones(2)))[0], 3.0)
    assert np.allclose(pullback((None, np.ones(2)))[0], 2.0)
    with pytest.raises(ValueArgumentError, match="1 parts"):
        pullback((1.0,))
    with pytest.raises(ArgumentError, match="tuple of 2"):
        pullback(1.0)


def test_seeds_that_do_not_fit() -> None:
    _, pullback = s2sad.vjp(np.sin, np.ones(3))
    for seed, kind in ((np.ones(2), ValueError), (1.0, ValueError), (np.ones(3, np.float32), TypeError),
                       (np.ones((1, 3)), ValueError), ("a", TypeError)):
        with pytest.raises(kind) as raised:
            pullback(seed)
        assert isinstance(raised.value, S2sadError)


def test_vjp_without_floats_is_refused() -> None:
    with pytest.raises(TypeError, match="no argument of power has a derivative"):
        s2sad.vjp(functions.power, 2, 3)
    with pytest.raises(TypeError, match="pass floats"):
        s2sad.vjp(functions.power, 2.0, 3, wrt=1)
    with pytest.raises(ValueError, match="did you mean 'x[12]'"):
        s2sad.vjp(functions.survey, 2.0, 5.0, wrt="x3")


def test_result_without_derivative() -> None:
    def f(x):
        return int(x)

    y, pullback = s2sad.vjp(f, 2.5)
    assert y == 2 and pullback(None) == (0.0,)
    assert s2sad.jvp(f, (2.5,), (1.0,)) == (2, None)


def test_linearize() -> None:
    x = np.array([1.0, 2.0])
    y, along = s2sad.linearize(functions.norm2, x)
    x[:] = 0.0
    assert y == 5.0 and along(np.array([1.0, 0.0])) == 2.0 and along(np.array([0.0, 1.0])) == 4.0
    y, along = s2sad.linearize(functions.survey, 2.0, 5.0)
    assert along(1.0, None) == pytest.approx(5.5)


def test_linearize_keeps_what_the_function_captures() -> None:
    scale, shift = np.array([2.0, 3.0]), 1.0
    _, along = s2sad.linearize(lambda t: np.sum(scale * (t + shift) ** 2), np.array([1.0, 1.0]))
    ones = np.ones(2)
    before = along(ones)
    scale[0], shift = 100.0, 7.0
    assert along(ones) == before == 20.0
    scale = 5.0 * ones
    assert along(ones) == before and shift == 7.0


def test_hvp() -> None:
    def f(x, y):
        return np.sum(x * x * y)

    x, y, v = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([1.0, -1.0])
    assert np.allclose(s2sad.hvp(f, (x, y), (v, None)), 2 * y * v)
    along_x, along_y = s2sad.hvp(f, (x, y), (v, v))
    assert np.allclose(along_x, 2 * y * v + 2 * x * v) and np.allclose(along_y, 2 * x * v)
    with pytest.raises(ValueError, match="not None"):
        s2sad.hvp(f, (x, y), (None, None))


def test_the_value_of_columnwise_arrays_is_rounded_as_by_the_function() -> None:
    a = np.asfortranarray(np.linspace(0.4, 1.7, 12).reshape(3, 4) ** 3)
    y, _ = s2sad.vjp(lambda a: np.sum(a), a)
    assert y == np.sum(a)
    y, _ = s2sad.vjp(lambda a, v: a @ v, a, np.sin(np.arange(4.0)))
    np.testing.assert_array_equal(y, a @ np.sin(np.arange(4.0)))
