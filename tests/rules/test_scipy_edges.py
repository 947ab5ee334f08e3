"""Functions of SciPy at points, of sizes and with values that are out of the ordinary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad

scipy = pytest.importorskip("scipy")

RNG = np.random.default_rng(3)


def test_norms_that_lapack_sums() -> None:
    """LAPACK sums in another order than NumPy: the norm is none of NumPy's sums, to the last bit."""
    def norms(x: np.ndarray) -> float:
        return scipy.linalg.norm(x, 1) + scipy.linalg.norm(x, -1) + scipy.linalg.norm(x, np.inf) * (
            scipy.linalg.norm(x, -np.inf))
    a = RNG.normal(size=(30, 40)) + 1j * RNG.normal(size=(30, 40))
    s2sad.check_grads(norms, (a,))
    s2sad.check_grads(norms, (a.real.copy(),))


def test_qr_of_mode_r_with_more_rows_than_columns() -> None:
    with pytest.raises(ValueError, match="more rows than columns has no derivative"):
        s2sad.jvp(lambda a: scipy.linalg.qr(a, mode="r")[0], (np.ones((4, 3)) + np.eye(4, 3),), (np.ones((4, 3)),))
    s2sad.check_grads(lambda a: np.sum(scipy.linalg.qr(a, mode="r")[0] ** 3), (RNG.normal(size=(3, 4)),))


def test_number_of_gamma_functions_that_is_an_argument() -> None:
    gradient = s2sad.grad(scipy.special.multigammaln)
    for d in (1, 2, 3):
        np.testing.assert_allclose(gradient(4.0, d), sum(scipy.special.psi(4.0 - 0.5 * k) for k in range(d)))


@pytest.mark.parametrize("first", [1.0, 1.2])
def test_steady_state_by_the_first_denominator(first: float) -> None:
    """SciPy divides by it only if it is not 1."""
    x, b, a = RNG.normal(size=12), np.array([0.3, 0.2, 0.1]), np.array([first, -0.4])
    s2sad.check_grads(lambda b, a: np.sum(scipy.signal.lfilter_zi(b, a) ** 2), (b, a))
    s2sad.check_grads(lambda b, a: np.sum(scipy.signal.filtfilt(b, a, x, padlen=4) ** 2), (b, a))
    s2sad.check_grads(lambda b, a, y: scipy.signal.lfiltic(b, a, y, x[:1]), (b, a, x[:1].copy()))
    np.testing.assert_array_equal(s2sad.vjp(lambda b, a: scipy.signal.lfiltic(b, a, x[:1]), b, a)[0],
                                  scipy.signal.lfiltic(b, a, x[:1]))
    found = s2sad.vjp(lambda b, a: scipy.signal.lfilter_zi(b, a), b, a)[0]
    np.testing.assert_array_equal(found, scipy.signal.lfilter_zi(b, a))


TIMES = np.linspace(0.0, 1.0, 8)


def cost_of_a_fit(data: np.ndarray) -> float:
    found = scipy.optimize.least_squares(lambda p: p[0] * np.exp(-p[1] * TIMES) - data, np.ones(2), xtol=1e-14,
                                         ftol=1e-14, gtol=1e-14)
    return found.cost + found.x[1]


def test_what_a_solver_tells_of_a_function_that_reads_its_module() -> None:
    """The cost itself needs no times, but its derivative does."""
    s2sad.check_grads(cost_of_a_fit, (1.5 * np.exp(-0.7 * TIMES) + 0.05 * np.sin(9.0 * TIMES),))


def test_equation_that_begins_at_a_number_of_the_text() -> None:
    def last(a: float) -> float:
        return scipy.integrate.odeint(lambda y, t: -a * y, 1.0, TIMES, rtol=1e-11, atol=1e-12)[-1, 0]
    s2sad.check_grads(last, (1.3,))


@pytest.mark.parametrize("fn", [scipy.special.spherical_jn, scipy.special.spherical_in])
def test_second_derivative_of_spherical_functions_at_zero(fn: Any) -> None:
    z = np.array([0.0, 0.4])
    for n in (0, 1, 2, 3):
        second = s2sad.elementwise_grad(lambda z, n: fn(n, z, derivative=True))(z, n)
        h = 1e-5
        np.testing.assert_allclose(second, (fn(n, z + h, True) - fn(n, z - h, True)) / (2.0 * h), atol=1e-9)
        s2sad.check_grads(lambda z, n=n: np.sum(fn(n, z) ** 2), (z,))


KNOTS = np.arange(4.0)
OUTSIDE = scipy.interpolate.CubicSpline(KNOTS, np.array([0.3, 0.9, 0.2, 0.7]))


def driven(y: np.ndarray, a: float) -> float:
    curve = scipy.interpolate.CubicSpline(KNOTS, y)
    return scipy.integrate.solve_ivp(lambda t, u: -a * u + curve(t), (0.0, 3.0), [1.0], rtol=1e-10, atol=1e-12).y[0, -1]


def area(y: np.ndarray, a: float) -> float:
    curve = scipy.interpolate.PchipInterpolator(KNOTS, y)
    return scipy.integrate.quad(lambda t: curve(t) * OUTSIDE(a * t), 0.0, 2.0)[0]


@pytest.mark.parametrize("f", [driven, area])
def test_interpolation_in_a_function_handed_to_a_solver(f: Any) -> None:
    s2sad.check_grads(f, (np.array([0.3, 0.9, 0.2, 0.7]), 0.4))


def test_b_spline_in_a_function_handed_to_a_solver() -> None:
    def area(c: np.ndarray) -> float:
        curve = scipy.interpolate.BSpline(np.array([0, 0, 0, 1, 2, 2, 2.0]), c, 2)
        return scipy.integrate.quad(lambda t: curve(t) * t, 0.0, 2.0)[0]
    s2sad.check_grads(area, (np.array([0.3, 0.9, 0.2, 0.7]),), order=1)
