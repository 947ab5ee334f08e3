"""Solvers: every method, closed forms, bounds that are active, what does not converge, what is printed."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import TypeRefusal, UnsupportedError

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")

TARGET = np.array([0.4, -0.7, 1.2])


def quartic(t: Any, v: Any) -> Any:
    return np.sum((t - v) ** 2 + 0.3 * (t - v) ** 4) + 0.2 * np.sum(t * v)


def quartic_slope(t: Any, v: Any) -> Any:
    return 2.0 * (t - v) + 1.2 * (t - v) ** 3 + 0.2 * v


def quartic_curvature(t: Any, v: Any) -> Any:
    return np.diag(2.0 + 3.6 * (t - v) ** 2)


def at_minimum(v: Any) -> Any:
    """What t - v is there, and the derivative of t by v, element by element."""
    d = np.array([np.real(min(np.roots([1.2, 0.0, 2.0, 0.2 * x]), key=lambda z: abs(z.imag))) for x in v])
    return v + d, 1.0 - 0.2 / (2.0 + 3.6 * d**2)


@pytest.mark.parametrize("method", ["Nelder-Mead", "Powell", "CG", "BFGS", "Newton-CG", "L-BFGS-B", "TNC", "COBYLA",
                                    "COBYQA", "SLSQP", "trust-constr", "dogleg", "trust-ncg", "trust-exact",
                                    "trust-krylov"])
def test_methods_of_minimize(method: str) -> None:
    slopes = ("CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP", "Newton-CG")
    if method in ("Nelder-Mead", "Powell", "COBYLA", "COBYQA"):
        def f(v: Any) -> Any:
            return optimize.minimize(quartic, np.zeros(3), args=(v,), method=method, tol=1e-8).x
    elif method in slopes:
        def f(v: Any) -> Any:
            return optimize.minimize(quartic, np.zeros(3), (v,), method, quartic_slope, tol=1e-9).x
    else:
        def f(v: Any) -> Any:
            return optimize.minimize(quartic, v, (v,), method, quartic_slope, quartic_curvature, tol=1e-9).x

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x, slope = at_minimum(TARGET)
        np.testing.assert_array_equal(s2sad.vjp(f, TARGET)[0], f(TARGET))
        np.testing.assert_allclose(f(TARGET), x, atol=2e-3)
        np.testing.assert_allclose(s2sad.jacrev(f)(TARGET), np.diag(slope), atol=2e-3)
        np.testing.assert_allclose(s2sad.jacfwd(f)(TARGET), np.diag(slope), atol=2e-3)


@pytest.mark.parametrize("method", ["hybr", "lm", "broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden",
                                    "excitingmixing", "krylov", "df-sane"])
def test_methods_of_root(method: str) -> None:
    def f(v: Any) -> Any:
        return optimize.root(lambda t: t + 0.1 * t**3 - v, np.zeros(3), method=method).x

    x = f(TARGET)
    np.testing.assert_array_equal(s2sad.vjp(f, TARGET)[0], x)
    np.testing.assert_allclose(s2sad.jacrev(f)(TARGET), np.diag(1.0 / (1.0 + 0.3 * x**2)), rtol=1e-12)


@pytest.mark.parametrize("method", ["L-BFGS-B", "TNC", "SLSQP", "Nelder-Mead", "COBYQA"])
def test_a_component_at_a_bound_moves_with_it(method: str) -> None:
    def f(v: Any, low: Any) -> Any:
        return optimize.minimize(lambda t: np.sum((t - v) ** 2) + t[0] * t[1], np.ones(2), method=method,
                                 bounds=[(low, None), (None, 5.0)], tol=1e-10).x

    # t0 = low, and t1 = v1 - t0 / 2.
    v = np.array([-1.0, 2.0])
    by_v, by_low = s2sad.jacrev(f, wrt=(0, 1))(v, 0.5)
    np.testing.assert_allclose(by_v, [[0.0, 0.0], [0.0, 1.0]], atol=1e-9)
    np.testing.assert_allclose(by_low, [1.0, -0.5], atol=1e-9)
    np.testing.assert_allclose(s2sad.jacfwd(f, wrt=(0, 1))(v, 0.5)[1], by_low, atol=1e-12)


def test_a_number_at_a_bound_moves_with_it() -> None:
    def f(x: Any, low: Any) -> Any:
        return optimize.minimize_scalar(lambda t: x * t, bounds=(low, 2.0)).x

    assert s2sad.grad(f, wrt=(0, 1))(1.5, 0.5) == (0.0, 1.0)
    assert s2sad.jvp(f, (1.5, 0.5), (1.0, 1.0))[1] == 1.0


def test_least_squares_at_bounds() -> None:
    def f(v: Any, high: Any) -> Any:
        return optimize.least_squares(lambda t: np.array([t[0] - v[0], t[0] + t[1] - v[1]]), [0.1, 0.1],
                                      bounds=([0.0, 0.0], [high, 5.0])).x

    by_v, by_high = s2sad.jacrev(f, wrt=(0, 1))(np.array([2.0, 3.0]), 1.0)
    np.testing.assert_allclose(by_v, [[0.0, 0.0], [0.0, 1.0]], atol=1e-8)
    np.testing.assert_allclose(by_high, [1.0, -1.0], atol=1e-8)


@pytest.mark.parametrize("loss", ["linear", "soft_l1", "huber", "cauchy", "arctan"])
def test_losses(loss: str) -> None:
    if loss == "linear":
        def f(v: Any) -> Any:
            return optimize.least_squares(lambda t: t[0] - v, [0.3], loss="linear", gtol=1e-14).x[0]
    else:
        def f(v: Any) -> Any:
            return optimize.least_squares(lambda t: t[0] - v, [0.3], loss=loss, f_scale=2.0, xtol=1e-15, gtol=1e-14,
                                          ftol=1e-15).x[0]

    v, h = np.array([0.3, 0.5, 1.1, 2.9]), 1e-4
    steps = np.array([(f(v + h * e) - f(v - h * e)) / (2.0 * h) for e in np.eye(4)])
    np.testing.assert_allclose(s2sad.grad(f)(v), steps, atol=1e-4)


def test_cost_is_that_of_scipy() -> None:
    """The value that is differentiated as `cost` is the one that SciPy tells, for every loss."""
    from s2sad.frontend import texts_minima as texts

    v = np.array([0.3, 0.5, 1.1, 2.9])
    for loss, text in (("soft_l1", texts.soft_l1), ("huber", texts.huber), ("cauchy", texts.cauchy),
                       ("arctan", texts.arctan)):
        told = optimize.least_squares(lambda t: t[0] - v, [0.3], loss=loss, f_scale=0.7)
        assert abs(text(told.x[0] - v, 0.7) - told.cost) < 1e-13, loss


@pytest.mark.parametrize("method", ["RK23", "RK45", "DOP853", "Radau", "BDF", "LSODA"])
def test_methods_of_solve_ivp(method: str) -> None:
    """y = y0 exp(-rate (t - t0)) in all that it depends on."""
    def f(rate: Any, y0: Any, t0: Any, t1: Any) -> Any:
        return integrate.solve_ivp(lambda t, y: -rate * y, (t0, t1), y0, method=method, rtol=1e-8, atol=1e-9).y[0, -1]

    args = 0.7, np.array([1.3]), 0.2, 0.9
    y = 1.3 * np.exp(-0.7 * 0.7)
    found = s2sad.grad(f, wrt=(0, 1, 2, 3))(*args)
    np.testing.assert_allclose([found[0], found[1][0], found[2], found[3]], [-0.7 * y, y / 1.3, 0.7 * y, -0.7 * y],
                               rtol=2e-6)
    along = s2sad.jvp(f, args, (1.0, np.array([0.5]), 0.3, -0.2))[1]
    assert abs(along - (-0.7 * y + 0.5 * y / 1.3 + 0.3 * 0.7 * y + 0.2 * 0.7 * y)) < 2e-6


def test_a_long_decay_is_not_integrated_back_at_once() -> None:
    """Backwards the error grows by exp(40): the adjoint starts anew from each step."""
    def f(rate: Any) -> Any:
        return integrate.solve_ivp(lambda t, y: np.cos(t) - rate * y, (0.0, 10.0), np.ones(1), t_eval=[10.0],
                                   rtol=1e-8, atol=1e-10).y[0, 0]

    h = 1e-4
    assert abs(s2sad.grad(f)(4.0) - (f(4.0 + h) - f(4.0 - h)) / (2.0 * h)) < 1e-6


def test_a_stiff_problem() -> None:
    def f(rate: Any) -> Any:
        return integrate.solve_ivp(lambda t, y: -rate * (y - np.cos(t)), (0.0, 1.0), np.zeros(1), method="BDF",
                                   rtol=1e-8, atol=1e-10).y[0, -1]

    # y = (k² cos t + k sin t) / (1 + k²) but for what has died away.
    k = 1e4
    exact = (-2.0 * k * np.cos(1.0) * k**2 + 2.0 * k * np.cos(1.0) * (1 + k**2) + np.sin(1.0) * (1 - k**2)) / (
        1 + k**2) ** 2
    assert abs(s2sad.grad(f)(k) - exact) < 1e-3 * abs(exact)


def test_what_does_not_converge() -> None:
    def given_up(x: Any) -> Any:
        return optimize.newton(lambda t: t**2 + x, 1.0)

    def told(x: Any) -> Any:
        return optimize.newton(lambda t: t**2 + x, 1.0, disp=False)

    with pytest.raises(RuntimeError, match="Failed to converge"):
        s2sad.grad(given_up)(1.3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert s2sad.grad(told)(1.3) == pytest.approx(-1.0 / (2.0 * told(1.3)))

    def no_change_of_sign(x: Any) -> Any:
        return optimize.brentq(lambda t: t**2 + x, 0.0, 1.0)

    with pytest.raises(ValueError, match="different signs"):
        s2sad.grad(no_change_of_sign)(1.3)


def test_limits_that_are_infinite_at_run_time() -> None:
    def f(x: Any, end: Any) -> Any:
        return integrate.quad(lambda t: np.exp(-x * t), 0.0, end)[0]

    by_x, by_end = s2sad.grad(f, wrt=(0, 1))(2.0, np.inf)
    assert (by_x, by_end) == (pytest.approx(-0.25), 0.0)
    by_x, by_end = s2sad.grad(f, wrt=(0, 1))(2.0, 1.0)
    assert by_end == pytest.approx(np.exp(-2.0))


def test_dblquad_is_what_scipy_computes() -> None:
    def f(x: Any) -> Any:
        return integrate.dblquad(lambda b, a: np.exp(-x * a * b), 0.0, 1.0, lambda a: 0.0, lambda a: a + x)[0]

    assert s2sad.vjp(f, 1.3)[0] == f(1.3)


def test_the_error_estimate_of_dblquad_is_refused() -> None:
    def f(x: Any) -> Any:
        total, error = integrate.dblquad(lambda b, a: x * a * b, 0.0, 1.0, 0.0, 1.0)
        return total + error

    with pytest.raises(TypeRefusal, match="estimate of the error"):
        s2sad.grad(f)(1.3)


class Counter:
    def __init__(self, a: Any) -> None:
        self.a, self.calls = a, 0

    def __call__(self, t: Any) -> Any:
        self.calls += 1
        return t**3 - self.a


def counts(a: Any) -> Any:
    counter = Counter(a)
    return optimize.brentq(counter, 0.0, 5.0) + counter.calls


def prints(a: Any) -> Any:
    def g(t: Any) -> Any:
        print(t)
        return t**3 - a
    return optimize.brentq(g, 0.0, 5.0)


def draws(a: Any) -> Any:
    rng = np.random.default_rng(1)
    return optimize.brentq(lambda t: t**3 - a + rng.normal(), 0.0, 5.0)


def writes(a: Any) -> Any:
    work = np.zeros(3)

    def g(t: Any) -> Any:
        work[:] = t * t
        return work - a
    return np.sum(optimize.fsolve(g, np.ones(3)) + work)


@pytest.mark.parametrize("f", [counts, prints, draws, writes])
def test_effects_are_refused(f: Any) -> None:
    with pytest.raises(UnsupportedError, match="has an effect"):
        s2sad.grad(f)(1.3)


def test_derivatives_do_not_run_what_they_do_not_read() -> None:
    def f(x: Any) -> Any:
        return integrate.quad(lambda t: x * t, 0.0, 1.0)[0]

    text = s2sad.derive(f, "grad", types="x: float").source
    assert text.count("scipy.integrate.quad(") == 1


def test_a_parameter_of_a_lambda_hides_no_variable() -> None:
    def f(t: Any) -> Any:
        return optimize.brentq(lambda t_: (lambda t: t**3)(t_) - t, 0.0, 5.0)

    def g(x: Any) -> Any:
        def h(x: Any) -> Any:
            return x**3 - y
        y = x * 2.0
        return optimize.brentq(h, 0.0, 5.0)

    assert s2sad.grad(f)(1.3) == pytest.approx(1.3 ** (-2.0 / 3.0) / 3.0)
    assert s2sad.grad(g)(1.3) == pytest.approx(2.0 * 2.6 ** (-2.0 / 3.0) / 3.0)


def test_types_need_not_be_given() -> None:
    def f(v: Any, k: Any) -> Any:
        return optimize.fsolve(lambda t: t**3 + k * t - v, v)

    derivative = s2sad.derive(f)
    v = np.array([0.7, 1.1])
    _, (v_bar, k_bar) = derivative(v, 0.5, np.ones(2))
    expected = s2sad.vjp(f, v, 0.5)[1](np.ones(2))
    np.testing.assert_allclose(v_bar, expected[0])
    np.testing.assert_allclose(k_bar, expected[1])


def test_derivatives_in_several_steps_keep_their_names() -> None:
    """Two derivatives of one function, in two steps each, one after the other."""
    def f(v: Any) -> Any:
        return optimize.minimize(lambda t: np.sum((t - v) ** 4 + (t - v) ** 2), np.zeros(3), tol=1e-10).x

    np.testing.assert_allclose(s2sad.jvp(f, (TARGET,), (np.ones(3),))[1], np.ones(3), atol=1e-5)


def test_a_spline_is_integrated_and_differentiated_twice() -> None:
    interpolate = pytest.importorskip("scipy.interpolate")
    knots = np.array([0.0, 0.0, 0.0, 0.4, 1.0, 1.0, 1.0])

    def energy(c: Any) -> Any:
        s = interpolate.BSpline(knots, c, 2)
        return integrate.quad(lambda x: np.exp(-s(x)), 0.0, 1.0, epsabs=1e-13)[0]

    c, along = np.array([0.3, -0.2, 0.7, 0.4]), np.array([1.0, 0.5, -0.3, 0.2])
    slope = s2sad.grad(energy)
    _, forward = s2sad.jvp(slope, (c,), (along,))
    backward = s2sad.grad(lambda c: np.sum(slope(c) * along))(c)
    step = 1e-5 * along
    np.testing.assert_allclose(backward, (slope(c + step) - slope(c - step)) / 2e-5, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(backward, forward, rtol=1e-10, atol=1e-12)
