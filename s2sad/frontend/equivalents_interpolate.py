"""Interpolation as programs of NumPy: what the derivatives are those of.

The values are those of SciPy, `instead` of the model: ``instead(model, a, b, text="{0}({1})")`` is ``a(b)``, with the
derivative of the model.  A piecewise polynomial has one array for each of its coefficients, of the highest power first.
"""

from __future__ import annotations

import itertools
from types import FunctionType
from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import refuse
from s2sad.runtime.control import stop_gradient
from s2sad.runtime.models import curve, instead, library_object


class Piecewise:
    """A piecewise polynomial: what SciPy has made, its coefficients, and where its pieces begin and end.

    Of a constant one, from outside, the slope is another value of the object.
    """

    def __init__(self, made: Any, coefficients: Any, x: Any, extrapolate: Any, constant: Any) -> None:
        self.constant = constant
        self.made = made
        self.coefficients = coefficients
        self.x = x
        self.extrapolate = extrapolate

    def __call__(self, x: Any, nu: Any = 0, extrapolate: Any = None) -> Any:
        if not self.constant or nu >= len(self.coefficients):
            return self.at(x, x, nu, extrapolate)
        return curve(self.at(stop_gradient(x), x, nu, extrapolate), x, self(x, nu + 1, extrapolate))

    def at(self, t: Any, x: Any, nu: Any, extrapolate: Any) -> Any:
        """The value, or a slope, of the object at x, with the derivative of the model at t."""
        way = self.extrapolate if extrapolate is None else extrapolate
        t = self.x[0] + (t - self.x[0]) % (self.x[-1] - self.x[0]) if way == "periodic" else t
        model = evaluated(slopes_of(self.coefficients, nu), self.x, t)
        if extrapolate is not None:
            return instead(model, self.made, x, nu, extrapolate, text="{0}({1}, {2}, {3})")
        if nu == 0:
            return instead(model, self.made, x, text="{0}({1})")
        return instead(model, self.made, x, nu, text="{0}({1}, {2})")

    def derivative(self, nu: Any = 1) -> Any:
        made = library_object(self.made, nu, text="{0}.derivative({1})", kind="scipy.interpolate")
        return Piecewise(made, slopes_of(self.coefficients, nu), self.x, self.extrapolate, self.constant)

    def antiderivative(self, nu: Any = 1) -> Any:
        made = library_object(self.made, nu, text="{0}.antiderivative({1})", kind="scipy.interpolate")
        way = False if self.extrapolate == "periodic" else self.extrapolate
        return Piecewise(made, integrals_of(self.coefficients, self.x, nu), self.x, way, self.constant)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        if (self.extrapolate if extrapolate is None else extrapolate) == "periodic":
            return refuse("the integral of a periodic spline is not supported", "subtract values of s.antiderivative()")
        sums = integrals_of(self.coefficients, self.x, 1)
        model = evaluated(sums, self.x, b) - evaluated(sums, self.x, a)
        return instead(model, self.made, a, b, extrapolate, text="{0}.integrate({1}, {2}, {3})")


def evaluated(coefficients: Any, x: Any, t: Any) -> Any:
    """The value of a piecewise polynomial."""
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, np.size(x) - 2)
    if len(coefficients) == 1:
        return coefficients[0][i]
    d = t - x[i]
    if np.ndim(coefficients[0]) > 1:
        d = np.expand_dims(d, tuple(range(np.ndim(t), np.ndim(t) + np.ndim(coefficients[0]) - 1)))
    y = coefficients[0][i]
    for c in coefficients[1:]:
        y = y * d + c[i]
    return y


def slopes_of(coefficients: Any, nu: Any) -> Any:
    """The coefficients of a derivative."""
    if nu == 0:
        return coefficients
    n = len(coefficients) - 1
    if n == 0:
        return (0.0 * coefficients[0],)
    return slopes_of(tuple((n - k) * c for k, c in enumerate(coefficients[:-1])), nu - 1)


def integrals_of(coefficients: Any, x: Any, nu: Any) -> Any:
    """The coefficients of an integral, which is 0 where the first piece begins."""
    if nu == 0:
        return coefficients
    n = len(coefficients)
    parts = tuple(c / (n - k) for k, c in enumerate(coefficients))
    d = like_data(np.diff(x), coefficients[0])
    y = parts[0]
    for c in parts[1:]:
        y = y * d + c
    steps = y * d
    start = np.concatenate((0.0 * steps[:1], np.cumsum(steps[:-1], axis=0)))
    return integrals_of((*parts, start), x, nu - 1)


def like_data(d: Any, y: Any) -> Any:
    """Steps along the first axis of data with more axes."""
    return d if np.ndim(y) == 1 else np.expand_dims(d, tuple(range(1, np.ndim(y))))


def front(v: Any) -> Any:
    """One more axis in front."""
    return np.expand_dims(v, 0)


def hermite(x: Any, y: Any, s: Any) -> Any:
    """The coefficients of the cubic polynomials with values y and slopes s at x."""
    dx = like_data(np.diff(x), y)
    slope = np.diff(y, axis=0) / dx
    t = (s[:-1] + s[1:] - 2.0 * slope) / dx
    return t / dx, (slope - s[:-1]) / dx - t, s[:-1], y[:-1]


def linear(x: Any, y: Any) -> Any:
    """The coefficients of the polygon through points."""
    return np.diff(y, axis=0) / like_data(np.diff(x), y), y[:-1]


def cubic(x: Any, y: Any, n: Any, start: Any, end: Any) -> Any:
    """The coefficients of the cubic spline through points; n is their number, if it is known."""
    dx = np.diff(x)
    dxr = like_data(dx, y)
    slope = np.diff(y, axis=0) / dxr
    if n == 2:
        start = (1, slope[0]) if start == "not-a-knot" or start == "periodic" else start
        end = (1, slope[0]) if end == "not-a-knot" or end == "periodic" else end
    if n == 3 and start == "not-a-knot" and end == "not-a-knot":
        bend = (slope[1] - slope[0]) / (dx[0] + dx[1])
        first = slope[0] - dx[0] * bend
        s = np.stack((first, first + 2.0 * dx[0] * bend, first + 2.0 * (dx[0] + dx[1]) * bend))
        return hermite(x, y, s)
    if n == 3 and start == "periodic":
        t = np.sum(slope / dxr, axis=0) / np.sum(1.0 / dxr, axis=0)
        return hermite(x, y, np.stack((t, t, t)))
    inner = 3.0 * (dxr[1:] * slope[:-1] + dxr[:-1] * slope[1:])
    if start == "periodic":
        return hermite(x, y, periodic_slopes(dx, dxr, slope, inner))
    if start == "not-a-knot":
        d = x[2] - x[0]
        first = (dx[1], d, ((dx[0] + 2.0 * d) * dx[1] * slope[0] + dx[0] ** 2 * slope[1]) / d)
    elif start[0] == 1:
        first = (1.0, 0.0, start[1] + 0.0 * y[0])
    else:
        first = (2.0 * dx[0], dx[0], 3.0 * (y[1] - y[0]) - 0.5 * start[1] * dx[0] ** 2)
    if end == "not-a-knot":
        d = x[-1] - x[-3]
        last = (dx[-2], d, (dx[-1] ** 2 * slope[-2] + (2.0 * d + dx[-1]) * dx[-2] * slope[-1]) / d)
    elif end[0] == 1:
        last = (1.0, 0.0, end[1] + 0.0 * y[0])
    else:
        last = (2.0 * dx[-1], dx[-1], 0.5 * end[1] * dx[-1] ** 2 + 3.0 * (y[-1] - y[-2]))
    upper = np.concatenate((np.array([0.0, first[1]]), dx[:-1]))
    middle = np.concatenate((np.array([first[0]]), 2.0 * (dx[:-1] + dx[1:]), np.array([last[0]])))
    lower = np.concatenate((dx[1:], np.array([last[1], 0.0])))
    b = np.concatenate((front(first[2]), inner, front(last[2])))
    return hermite(x, y, tridiagonal(np.stack((upper, middle, lower)), b))


def tridiagonal(a: Any, b: Any) -> Any:
    """The solution of a system with three diagonals, for all data at once."""
    import scipy.linalg

    if np.ndim(b) <= 2:
        return scipy.linalg.solve_banded((1, 1), a, b)
    return np.reshape(scipy.linalg.solve_banded((1, 1), a, np.reshape(b, (b.shape[0], -1))), b.shape)


def periodic_slopes(dx: Any, dxr: Any, slope: Any, inner: Any) -> Any:
    """The slopes of a periodic spline: the last one is found apart, and the others for it."""
    upper = np.concatenate((np.array([0.0]), dx[-1:], dx[:-3]))
    middle = np.concatenate((2.0 * (dx[-1:] + dx[:1]), 2.0 * (dx[:-2] + dx[1:-1])))
    a = np.stack((upper, middle, dx[1:]))
    first = 3.0 * (dxr[0] * slope[-1] + dxr[-1] * slope[0])
    last = 3.0 * (dxr[-1] * slope[-2] + dxr[-2] * slope[-1])
    b = np.concatenate((front(first), inner[:-1]))
    ends = np.concatenate((-dx[:1], np.zeros(np.size(dx) - 3), -dx[-3:-2]))
    one, two = tridiagonal(a, b), like_data(tridiagonal(a, ends), slope)
    s = (last - dx[-2] * one[0] - dx[-1] * one[-1]) / (2.0 * (dx[-1] + dx[-2]) + dx[-2] * two[0] + dx[-1] * two[-1])
    found = one + s * two
    return np.concatenate((found, front(s), found[:1]))


def pchip(x: Any, y: Any, n: Any) -> Any:
    """The coefficients of the monotonic cubic interpolant."""
    h = like_data(np.diff(x), y)
    m = np.diff(y, axis=0) / h
    if n == 2:
        return hermite(x, y, np.concatenate((m, m)))
    flat = (np.sign(m[1:]) != np.sign(m[:-1])) | (m[1:] == 0.0) | (m[:-1] == 0.0)
    left, right = np.where(flat, 1.0, m[:-1]), np.where(flat, 1.0, m[1:])
    w, v = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    inner = np.where(flat, 0.0, (w + v) / (w / left + v / right))
    ends = pchip_end(h[0], h[1], m[0], m[1]), pchip_end(h[-1], h[-2], m[-1], m[-2])
    return hermite(x, y, np.concatenate((front(ends[0]), inner, front(ends[1]))))


def pchip_end(h: Any, k: Any, m: Any, p: Any) -> Any:
    """The slope at an end, which keeps the shape."""
    d = ((2.0 * h + k) * m - h * p) / (h + k)
    steep = (np.sign(m) != np.sign(p)) & (np.abs(d) > 3.0 * np.abs(m))
    return np.where(np.sign(d) != np.sign(m), 0.0, np.where(steep, 3.0 * m, d))


def akima(x: Any, y: Any, n: Any, method: Any) -> Any:
    """The coefficients of Akima's interpolant."""
    dx = like_data(np.diff(x), y)
    slope = np.diff(y, axis=0) / dx
    if n == 2:
        return hermite(x, y, np.concatenate((slope, slope)))
    before = 2.0 * slope[:1] - slope[1:2]
    after = 2.0 * slope[-1:] - slope[-2:-1]
    m = np.concatenate((2.0 * before - slope[:1], before, slope, after, 2.0 * after - slope[-1:]))
    step = np.abs(np.diff(m, axis=0))
    if method == "makima":
        mean = np.abs(m[1:] + m[:-1])
        f, g = step[2:] + 0.5 * mean[2:], step[:-2] + 0.5 * mean[:-2]
    else:
        f, g = step[2:], step[:-2]
    weight = f + g
    clear = weight > 1e-9 * np.max(weight)
    s = np.where(clear, m[1:-2] + g / np.where(clear, weight, 1.0) * (m[2:-1] - m[1:-2]), 0.5 * (m[3:] + m[:-3]))
    return hermite(x, y, s)


class Interpolated:
    """What `scipy.interpolate.interp1d` has made: values between points, and those outside of them."""

    def __init__(self, made: Any, x: Any, y: Any, kind: Any, coefficients: Any, below: Any, above: Any) -> None:
        self.made = made
        self.x = x
        self.y = y
        self.kind = kind
        self.coefficients = coefficients
        self.below = below
        self.above = above

    def __call__(self, x: Any) -> Any:
        last = np.size(self.x) - 1
        if self.kind == "previous" or self.kind == "zero":
            model = self.y[np.clip(np.searchsorted(self.x, x, side="right") - 1, 0, last)]
        elif self.kind == "next":
            model = self.y[np.clip(np.searchsorted(self.x, x), 0, last)]
        elif self.kind == "nearest" or self.kind == "nearest-up":
            between = 0.5 * (self.x[1:] + self.x[:-1])
            model = self.y[np.searchsorted(between, x, side="right" if self.kind == "nearest-up" else "left")]
        else:
            model = evaluated(self.coefficients, self.x, x)
        if self.below is not None:
            model = np.where(x < self.x[0], self.below, np.where(x > self.x[-1], self.above, model))
        return instead(model, self.made, x, text="{0}({1})")


class Grid:
    """What `scipy.interpolate.RegularGridInterpolator` has made: linear, or nearest, in each of the directions."""

    def __init__(self, made: Any, points: Any, values: Any, method: Any, fill: Any) -> None:
        self.fill = fill
        self.made = made
        self.points = points
        self.values = values
        self.method = method

    def __call__(self, xi: Any, method: Any = None) -> Any:
        how = self.method if method is None else method
        if not isinstance(xi, tuple) and np.ndim(xi) == 1:
            xi = np.reshape(xi, (-1, len(self.points)))
        parts = xi if isinstance(xi, tuple) else tuple(xi[..., k] for k in range(len(self.points)))
        model = grid_nearest(self.points, self.values, parts) if how == "nearest" else grid_linear(
            self.points, self.values, parts)
        if self.fill is not None:
            for p, t in zip(self.points, parts):
                model = np.where((t < p[0]) | (t > p[-1]), self.fill, model)
        if isinstance(xi, tuple):
            xi = np.stack(np.broadcast_arrays(*xi), axis=-1)
        if method is None:
            return instead(model, self.made, xi, text="{0}({1})")
        return instead(model, self.made, xi, method, text="{0}({1}, {2})")


def grid_linear(points: Any, values: Any, parts: Any) -> Any:
    """The multilinear interpolant: the sum over the corners of a cell."""
    places = [np.clip(np.searchsorted(p, t) - 1, 0, np.size(p) - 2) for p, t in zip(points, parts)]
    ratios = [(t - p[i]) / (p[i + 1] - p[i]) for p, t, i in zip(points, parts, places)]
    total = 0.0
    for corner in itertools.product((0, 1), repeat=len(points)):
        weight = 1.0
        for e, r in zip(corner, ratios):
            weight = weight * (r if e == 1 else 1.0 - r)
        found = values[tuple(i + e for i, e in zip(places, corner))]
        total = total + found * weight
    return total


def grid_nearest(points: Any, values: Any, parts: Any) -> Any:
    """The value at the nearest point."""
    places = []
    for p, t in zip(points, parts):
        i = np.clip(np.searchsorted(p, t) - 1, 0, np.size(p) - 2)
        places.append(i + np.where(t - p[i] <= 0.5 * (p[i + 1] - p[i]), 0, 1))
    return values[tuple(places)]


class BSpline:
    """A spline by its coefficients: `scipy.interpolate.BSpline`."""

    def __init__(self, made: Any, t: Any, c: Any, k: Any, constant: Any) -> None:
        self.constant = constant
        self.made = made
        self.t = t
        self.c = c
        self.k = k

    def __call__(self, x: Any, nu: Any = 0) -> Any:
        if not self.constant or nu > self.k:
            return self.at(x, x, nu)
        return curve(self.at(stop_gradient(x), x, nu), x, self(x, nu + 1))

    def at(self, t: Any, x: Any, nu: Any) -> Any:
        model = de_boor(self.t, self.c, self.k, t, nu)
        if nu == 0:
            return instead(model, self.made, x, text="{0}({1})")
        return instead(model, self.made, x, nu, text="{0}({1}, {2})")

    def derivative(self, nu: Any = 1) -> Any:
        made = library_object(self.made, nu, text="{0}.derivative({1})", kind="scipy.interpolate")
        t, c, k = derived(self.t, self.c, self.k, nu)
        return BSpline(made, t, c, k, self.constant)


def splev(made: Any, t: Any, c: Any, k: Any, x: Any, der: Any) -> Any:
    """The value of a spline that is given by a tuple (t, c, k)."""
    model = de_boor(t, c[:np.size(t) - k - 1], k, x, der)
    if der == 0:
        return instead(model, x, made, text="scipy.interpolate.splev({0}, {1})")
    return instead(model, x, made, der, text="scipy.interpolate.splev({0}, {1}, {2})")


def derived(t: Any, c: Any, k: Any, nu: Any) -> Any:
    """Knots, coefficients and degree of a derivative."""
    if nu == 0:
        return t, c, k
    n = np.size(t) - k - 1
    steps = (c[1:n] - c[:n - 1]) * k / (t[k + 1:-1] - t[1:n])
    return derived(t[1:-1], steps, k - 1, nu - 1)


def de_boor(t: Any, c: Any, k: Any, x: Any, nu: Any) -> Any:
    """The value of a spline, by de Boor's algorithm."""
    if nu > k:
        return 0.0 * x
    t, c, k = derived(t, c, k, nu)
    i = np.clip(np.searchsorted(t, x, side="right") - 1, k, np.size(t) - k - 2)
    d = [c[i - k + j] for j in range(k + 1)]
    for r in range(1, k + 1):
        for j in range(k, r - 1, -1):
            low = t[i + j - k]
            a = (x - low) / (t[i + j + 1 - r] - low)
            d[j] = (1.0 - a) * d[j - 1] + a * d[j]
    return d[k]


EQUIVALENTS: dict[str, FunctionType] = {}
