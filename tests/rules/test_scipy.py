"""Functions of SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad

interpolate = pytest.importorskip("scipy.interpolate")

KNOTS = np.linspace(0.0, 3.0, 9)
SPLINE = interpolate.splrep(KNOTS, np.sin(KNOTS))
GRID = [part.ravel() for part in np.meshgrid(KNOTS, KNOTS, indexing="ij")]
SURFACE = interpolate.bisplrep(*GRID, np.sin(GRID[0]) * np.cos(GRID[1]), s=1e-3)


def of_spline(x: Any) -> Any:
    return interpolate.splev(x, SPLINE) * x


def slope_of_spline(x: Any) -> Any:
    return float(interpolate.splev(x, SPLINE, der=1)) ** 2


def of_surface(x: Any, y: Any) -> Any:
    return interpolate.bisplev(x, y * y, SURFACE) * x


FLAT = interpolate.bisplrep(*GRID, GRID[0] * GRID[1], kx=1, ky=1, s=1e-3)


def of_flat_surface(x: Any) -> Any:
    return interpolate.bisplev(x, 0.5, FLAT)


def of_parameters(x: Any, knots: Any) -> Any:
    return interpolate.splev(x, (knots, SPLINE[1], 3))


def test_splines() -> None:
    s2sad.check_grads(of_spline, (0.7,))
    s2sad.check_grads(of_spline, (np.array([0.7, 1.3]),))
    s2sad.check_grads(slope_of_spline, (0.7,), order=1)
    s2sad.check_grads(of_surface, (0.7, 1.1))


def test_what_has_no_derivative() -> None:
    for wrt in (0, 1):
        s2sad.check_grads(of_parameters, (0.7, SPLINE[0]), wrt=wrt)
    with pytest.raises(s2sad.errors.TypeRefusal, match="bisplev of degree 1 is not supported here"):
        s2sad.grad(of_flat_surface)(0.5)
    with pytest.raises(s2sad.errors.TypeRefusal, match="bisplev of arrays"):
        s2sad.grad(lambda x: np.sum(interpolate.bisplev(x, x, SURFACE)))(np.array([0.5, 0.6]))


CUBIC = interpolate.CubicSpline(KNOTS, np.sin(KNOTS))
BASIS = interpolate.make_interp_spline(KNOTS, np.sin(KNOTS))


def of_objects(x: Any) -> Any:
    return CUBIC(x, 1) + BASIS(x) + CUBIC.antiderivative()(x)


def test_objects_from_outside() -> None:
    s2sad.check_grads(of_objects, (np.array([0.7, 1.3]),), order=2)
    text = s2sad.derive(lambda x: CUBIC(x), types="x: float").source
    assert "result_bar * CUBIC(x, 1)" in text and "searchsorted" not in text
