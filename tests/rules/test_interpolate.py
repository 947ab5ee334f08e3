"""Values of SciPy with the derivatives of models: programs, memory, objects from outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad

interpolate = pytest.importorskip("scipy.interpolate")
ndimage = pytest.importorskip("scipy.ndimage")
signal = pytest.importorskip("scipy.signal")

KNOTS, Y = np.arange(6.0), np.sin(np.arange(6.0))


def in_a_loop(y: Any, places: Any) -> Any:
    s = interpolate.CubicSpline(KNOTS, y)
    total = 0.0
    for t in places:
        total = total + s(t) ** 2
    return total


def written_after(y: Any) -> Any:
    z = interpolate.CubicSpline(KNOTS, y)(np.array([0.3, 1.2]))
    z[0] = y[1]
    w = ndimage.gaussian_filter(y, 1.0)
    w[0] = 0.0
    v = signal.lfilter([1.0, 0.5], [1.0, 0.2], y)
    v += y
    return np.sum(z * z) + np.sum(w * w) + np.sum(v * v)


def test_programs() -> None:
    s2sad.check_grads(in_a_loop, (Y, np.array([0.2, 1.1, 3.3])), wrt=(0, 1))
    s2sad.check_grads(written_after, (Y,))


def changed_beneath(y: Any, t: Any) -> Any:
    z = y * 1.0
    s = interpolate.CubicSpline(KNOTS, z)
    z[0] = 5.0
    return s(t)


def test_memory_that_may_be_shared_is_not_written_to() -> None:
    with pytest.raises(s2sad.errors.TypeRefusal, match="may or may not be the memory of 's'"):
        s2sad.grad(changed_beneath)(Y, 1.3)


def scaled(y: Any, t: Any) -> Any:
    return interpolate.CubicSpline(KNOTS, Y)(t) * y


def test_nothing_is_computed_for_the_model_that_the_derivative_does_not_need() -> None:
    text = s2sad.derive(lambda y: ndimage.gaussian_filter(y, 1.0), "forward", types="y: f8[n, m]").source
    assert "scipy.ndimage.gaussian_filter(y, 1.0)" in text
    assert text.count("correlate_valid(") == 3  # its text, and a call for each axis
    text = s2sad.derive(scaled, wrt="y", types="y: float, t: float").source
    assert "searchsorted" not in text and "solve_banded" not in text


def test_too_few_points_are_refused_when_it_runs() -> None:
    spline = s2sad.grad(lambda x, y, t: interpolate.CubicSpline(x, y)(t), 1)
    assert np.isclose(np.sum(spline(KNOTS, Y, 1.3)), 1.0)
    with pytest.raises(AssertionError, match="more than 3 points"):
        spline(KNOTS[:3], Y[:3], 1.3)
