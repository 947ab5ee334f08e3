"""Conventions of interpolation, points between others, roots and distances, where there is no (finite) derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad

KNOTS = np.array([0.0, 1.0, 3.0])
VALUES = np.array([1.0, 3.0, -1.0])


def interpolated(x: Any, xp: Any, fp: Any) -> Any:
    return np.interp(x, xp, fp)


@pytest.mark.parametrize(("x", "slope"), [
    (-1.0, 0.0), (0.0, 2.0), (0.5, 2.0), (1.0, -2.0), (3.0, -2.0), (4.0, 0.0)])
def test_interp_has_the_slope_behind_a_knot_and_none_outside(x: float, slope: float) -> None:
    # As jax.numpy.interp: the last knot belongs to the last interval.
    assert s2sad.grad(interpolated)(x, KNOTS, VALUES) == slope


def test_interp_outside_is_the_value_at_the_end() -> None:
    np.testing.assert_array_equal(s2sad.grad(interpolated, wrt=2)(4.0, KNOTS, VALUES), [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(s2sad.grad(interpolated, wrt=2)(-1.0, KNOTS, VALUES), [1.0, 0.0, 0.0])
    np.testing.assert_array_equal(s2sad.grad(interpolated, wrt=1)(4.0, KNOTS, VALUES), [0.0, 0.0, 0.0])


def test_interp_between_equal_knots_stays_finite() -> None:
    knots = np.array([0.0, 1.0, 1.0, 2.0])
    values = np.array([0.0, 1.0, 5.0, 6.0])
    for wrt in (0, 1, 2):
        assert np.all(np.isfinite(s2sad.grad(interpolated, wrt=wrt)(1.0, knots, values)))


def given_outside(x: Any, left: Any, right: Any) -> Any:
    return np.interp(x, KNOTS, VALUES, left, right)


def test_interp_outside_is_what_is_given_for_it() -> None:
    assert s2sad.grad(given_outside, wrt=(0, 1, 2))(-1.0, 5.0, 7.0) == (0.0, 1.0, 0.0)
    assert s2sad.grad(given_outside, wrt=(0, 1, 2))(4.0, 5.0, 7.0) == (0.0, 0.0, 1.0)


def powers(x: Any) -> Any:
    return np.sum(np.vander(x, 3))


def test_powers_at_zero() -> None:
    np.testing.assert_array_equal(s2sad.grad(powers)(np.array([0.0, 2.0])), [1.0, 5.0])


def window(beta: Any, m: Any) -> Any:
    return np.sum(np.kaiser(m, beta))


def test_a_window_of_one_point_is_constant() -> None:
    assert s2sad.grad(window)(3.0, 1) == 0.0
    assert s2sad.grad(window)(0.0, 5) == 0.0


def largest_root(p: Any) -> Any:
    return np.max(np.real(np.roots(p)))


def test_roots_that_are_one_have_no_finite_derivative() -> None:
    with np.errstate(all="ignore"):
        assert not np.all(np.isfinite(s2sad.grad(largest_root)(np.array([1.0, -2.0, 1.0]))))


def test_zeros_at_the_ends_of_the_coefficients_are_no_roots_or_zeros() -> None:
    gradient = s2sad.grad(largest_root)(np.array([0.0, 1.0, -3.0, 2.0, 0.0]))
    assert np.all(np.isfinite(gradient))
    np.testing.assert_allclose(gradient[1:4], s2sad.grad(largest_root)(np.array([1.0, -3.0, 2.0])), rtol=1e-12)



def test_equal_rows_do_not_pull_at_each_other() -> None:
    pytest.importorskip("scipy")
    import scipy.spatial.distance as distance

    def total(a: Any) -> Any:
        return np.sum(distance.cdist(a, a)) + np.sum(distance.pdist(a))

    np.testing.assert_array_equal(s2sad.grad(total)(np.ones((3, 2))), np.zeros((3, 2)))


def spread(x: Any, y: Any, n: Any) -> Any:
    points, step = np.linspace(x, y, n, retstep=True)
    return np.sum(points) + 10.0 * step


def test_points_and_their_distance() -> None:
    np.testing.assert_allclose(s2sad.grad(spread, wrt=(0, 1))(1.0, 2.0, 5), (2.5 - 2.5, 2.5 + 2.5))
    with np.errstate(all="ignore"):
        assert np.isnan(np.linspace(1.0, 2.0, 1, retstep=True)[1])
