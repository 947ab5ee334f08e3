"""Programs that integrate, interpolate, convolve and fit: library functions in loops, branches and called functions."""

import numpy as np

from tests.corpus import case, positive


def lookups_in_a_loop(x, nodes, table):
    total = 0.0
    for k in range(4):
        total = total + np.interp(0.2 * k + 0.05 * x, nodes, table) * x
    return total


def smoothing_again_and_again(signal, kernel):
    for _ in range(3):
        signal = np.convolve(signal, kernel, mode="same")
    return signal


def energy_of_a_curve(y, h):
    slope = np.gradient(y, h)
    density = 0.5 * slope**2 + y**2
    return np.trapezoid(density, dx=h) if hasattr(np, "trapezoid") else np.trapz(density, dx=h)


def series_by_sign(x, c):
    if x > 0.0:
        return np.polynomial.legendre.legval(x, c)
    return np.polynomial.hermite.hermval(x, c)


def residual_of_a_fit(x, y):
    line = np.polyfit(x, y, 1)
    return np.sum((np.polyval(line, x) - y) ** 2)


def jumps_in_place(x):
    steps = np.diff(x, prepend=0.0)
    steps[1:] *= 2.0
    return np.cumsum(steps)


def quadrature(a, b):
    nodes, weights = np.polynomial.legendre.leggauss(4)
    x = 0.5 * (b - a) * nodes + 0.5 * (a + b)
    return 0.5 * (b - a) * np.sum(weights * np.exp(-x * x))


def lagged(x, lags):
    found = []
    for k in range(lags):
        found.append(np.correlate(x[k:], x[: len(x) - k])[0])
    return found[0] - found[1] * found[2]


def windowed(x, beta):
    return np.kaiser(len(x), beta) * x + np.hanning(len(x))


def composed(v, x):
    p = np.poly1d(v)
    return p(x) * p.deriv()(x) + p.integ()(x)


X = positive(7)
CASES = [
    case(lookups_in_a_loop, 0.7, np.linspace(0.0, 1.0, 6), positive(6)),
    case(smoothing_again_and_again, X, np.array([0.2, 0.5, 0.3])),
    case(energy_of_a_curve, X, 0.3),
    case(series_by_sign, 0.4, positive(4), note="positive"),
    case(series_by_sign, -0.4, positive(4), note="negative"),
    case(residual_of_a_fit, np.linspace(0.0, 1.0, 5), positive(5)),
    case(jumps_in_place, X),
    case(quadrature, 0.2, 1.1),
    case(lagged, X, 3),
    case(windowed, X, 2.5),
    case(composed, positive(3), 0.6),
]
