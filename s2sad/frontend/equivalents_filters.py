"""Filters of `scipy.ndimage` and `scipy.signal` as programs of NumPy: what the derivatives are those of."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sad.runtime.filters import correlate_valid, extend_edges


def conjugated(w: Any) -> Any:
    """The weights of a correlation, conjugated where they are complex."""
    return np.conj(w) if np.iscomplexobj(w) else w


def correlated(x: Any, w: Any, edge: Any, cval: Any, origin: Any) -> Any:
    """A correlation with weights that have as many axes as the array."""
    return correlate_valid(extend_edges(x, size=np.shape(w), origin=origin, edge=edge, cval=cval), conjugated(w))


def convolved(x: Any, w: Any, edge: Any, cval: Any, origin: Any) -> Any:
    """A convolution: its middle lies elsewhere where the number of weights is even."""
    shifts = tuple(-o - (0 if n % 2 else 1) for o, n in zip(origin, np.shape(w)))
    return correlated(x, conjugated(np.flip(w)), edge, cval, shifts)


def along_axis(x: Any, w: Any, axis: Any) -> Any:
    """Weights along one axis."""
    return np.expand_dims(w, tuple(k for k in range(np.ndim(x)) if k != axis)) if np.ndim(x) > 1 else w


def origins(x: Any, axis: Any, origin: Any) -> Any:
    """The origin along one axis."""
    return tuple(origin if k == axis else 0 for k in range(np.ndim(x)))


def correlated1d(x: Any, w: Any, axis: Any, edge: Any, cval: Any, origin: Any) -> Any:
    return correlated(x, along_axis(x, w, axis), edge, cval, origins(x, axis, origin))


def convolved1d(x: Any, w: Any, axis: Any, edge: Any, cval: Any, origin: Any) -> Any:
    return correlated1d(x, conjugated(w[::-1]), axis, edge, cval, -origin - (0 if np.size(w) % 2 else 1))


def gauss_weights(sigma: Any, order: Any, truncate: Any, radius: Any) -> Any:
    """The weights of a Gaussian, or of its derivative."""
    reach = int(truncate * sigma + 0.5) if radius is None else radius
    t = np.arange(-reach, reach + 1)
    square = sigma * sigma
    w = np.exp(-0.5 / square * t ** 2)
    w = w / np.sum(w)
    if order == 0:
        return w
    # The polynomial q of f' = (q' - t q / sigma²) w, of the lowest power first.
    q: Any = [1.0]
    for _ in range(order):
        lower = [k * c for k, c in enumerate(q)][1:]
        higher = [0.0] + [-c / square for c in q]
        q = [h + (lower[k] if k < len(lower) else 0.0) for k, h in enumerate(higher)]
    total: Any = 0.0
    for k, c in enumerate(q):
        total = total + c * t ** k
    return (total * w)[::-1]


def gauss(x: Any, sigmas: Any, orders: Any, edges: Any, cval: Any, truncate: Any, radii: Any, axes: Any) -> Any:
    """A Gaussian filter, one axis after the other."""
    for axis, sigma, order, edge, radius in zip(axes, sigmas, orders, edges, radii):
        x = correlated1d(x, gauss_weights(sigma, order, truncate, radius), axis, edge, cval, 0)
    return x


def uniform(x: Any, sizes: Any, edges: Any, cval: Any, starts: Any, axes: Any) -> Any:
    """A mean over neighbours, one axis after the other."""
    for axis, size, edge, origin in zip(axes, sizes, edges, starts):
        x = correlated1d(x, np.full(size, 1.0 / size), axis, edge, cval, origin)
    return x


def edges_of(x: Any, axis: Any, across: Any, edges: Any, cval: Any) -> Any:
    """The filters of Sobel and Prewitt: a difference along an axis, weights across."""
    y = correlated1d(x, np.array([-1.0, 0.0, 1.0]), axis, edges[axis], cval, 0)
    for k in range(np.ndim(x)):
        if k != axis:
            y = correlated1d(y, np.array(across), k, edges[k], cval, 0)
    return y


def laplace(x: Any, edges: Any, cval: Any) -> Any:
    """The sum of the second differences."""
    total = correlated1d(x, np.array([1.0, -2.0, 1.0]), 0, edges[0], cval, 0)
    for axis in range(1, np.ndim(x)):
        total = total + correlated1d(x, np.array([1.0, -2.0, 1.0]), axis, edges[axis], cval, 0)
    return total


def gauss_laplace(x: Any, sigmas: Any, edges: Any, cval: Any) -> Any:
    """The sum of the second derivatives of a Gaussian filter."""
    axes = tuple(range(np.ndim(x)))
    total: Any = 0.0
    for axis in axes:
        orders = tuple(2 if k == axis else 0 for k in axes)
        total = total + gauss(x, sigmas, orders, edges, cval, 4.0, (None,) * np.ndim(x), axes)
    return total


def gauss_gradient(x: Any, sigmas: Any, edges: Any, cval: Any) -> Any:
    """The length of the gradient of a Gaussian filter."""
    axes = tuple(range(np.ndim(x)))
    total: Any = 0.0
    for axis in axes:
        orders = tuple(1 if k == axis else 0 for k in axes)
        slope = gauss(x, sigmas, orders, edges, cval, 4.0, (None,) * np.ndim(x), axes)
        total = total + slope * slope
    return np.sqrt(total)


# Interpolation between pixels.


def pixel(i: Any, n: Any, edge: Any) -> Any:
    """The place of a pixel beyond the edges."""
    if edge == "mirror":
        k = i % (2 * n - 2)
        return np.minimum(k, 2 * n - 2 - k)
    if edge == "reflect" or edge == "grid-mirror":
        k = i % (2 * n)
        return np.minimum(k, 2 * n - 1 - k)
    if edge == "grid-wrap":
        return i % n
    return np.clip(i, 0, n - 1)


def sampled(x: Any, places: Any, edge: Any, cval: Any) -> Any:
    """The multilinear interpolant of an array at places, one array for each axis."""
    lows = [np.floor(p) for p in places]
    total: Any = 0.0
    for corner in range(2 ** len(places)):
        weight: Any = 1.0
        index: Any = []
        for axis, (p, low) in enumerate(zip(places, lows)):
            up = corner // 2 ** axis % 2
            weight = weight * ((p - low) if up == 1 else 1.0 - (p - low))
            index.append(pixel(low.astype(int) + up, np.shape(x)[axis], edge))
        total = total + weight * x[tuple(index)]
    if edge == "constant":
        for axis, p in enumerate(places):
            total = np.where((p < 0) | (p > np.shape(x)[axis] - 1), cval, total)
    return total


def shifted(x: Any, steps: Any) -> Any:
    """The place of each pixel before a shift, one array for each axis."""
    places = []
    for axis, step in enumerate(steps):
        line = np.arange(np.shape(x)[axis]) - step
        places.append(np.broadcast_to(along_axis(x, line, axis), np.shape(x)))
    return tuple(places)


# scipy.integrate.


def simpson(y: Any, x: Any, dx: Any, axis: Any) -> Any:
    """Simpson's rule; an even number of points has a parabola of its own for its last interval."""
    y = np.moveaxis(y, axis, -1)
    n = np.shape(y)[-1]
    h = dx * np.ones(n - 1) if x is None else np.diff(x) if np.ndim(x) == 1 else np.diff(np.moveaxis(x, axis, -1))
    if n % 2 == 1:
        return parabolas(y, h)
    if n == 2:
        return 0.5 * h[..., -1] * (y[..., -1] + y[..., -2])
    g, k = h[..., -1], h[..., -2]
    end = (2.0 * g * g + 3.0 * k * g) / (6.0 * (g + k)) * y[..., -1] + (g * g + 3.0 * g * k) / (6.0 * k) * y[..., -2]
    return parabolas(y[..., :-1], h[..., :-1]) + end - g ** 3 / (6.0 * k * (k + g)) * y[..., -3]


def parabolas(y: Any, h: Any) -> Any:
    """The integrals of the parabolas through each three points."""
    a, b = h[..., 0::2], h[..., 1::2]
    first, middle, last = y[..., 0:-1:2], y[..., 1::2], y[..., 2::2]
    inner = (2.0 - b / a) * first + (a + b) ** 2 / (a * b) * middle + (2.0 - a / b) * last
    return np.sum((a + b) / 6.0 * inner, axis=-1)


# scipy.signal.


def convolution_part(y: Any, n: Any, k: Any, mode: Any) -> Any:
    """The part of a full convolution that a mode means: of the lengths n and k of an axis each."""
    if mode == "same":
        return window(y, [(j - 1) // 2 for j in k], n)
    return window(y, [min(i, j) - 1 for i, j in zip(n, k)], [abs(i - j) + 1 for i, j in zip(n, k)])


def correlation_part(y: Any, n: Any, k: Any, mode: Any) -> Any:
    """The same for `scipy.signal.correlate2d`, whose middle is another one."""
    return window(y, [j // 2 for j in k], n) if mode == "same" else convolution_part(y, n, k, mode)


def window(y: Any, starts: Any, lengths: Any) -> Any:
    """Where each axis begins at a place and has a length."""
    if len(starts) == 1:
        return y[starts[0]:starts[0] + lengths[0]]
    return y[tuple(slice(i, i + n) for i, n in zip(starts, lengths))]


def started(b: Any, a: Any, x: Any, zi: Any) -> Any:
    """A filter that begins in a state: as if the numbers of the state came through the denominator alone."""
    import scipy.signal

    first = np.zeros_like(x)
    first[0] = 1.0
    return scipy.signal.lfilter(b, a, x) + scipy.signal.lfilter(zi * a[0], a, first)


def extreme(x: Any, sizes: Any, edge: Any, cval: Any, starts: Any, which: Any) -> Any:
    """The largest, the smallest or the middle one of the neighbours."""
    y = extend_edges(x, size=sizes, origin=starts, edge=edge, cval=cval)
    near = []
    for k in itertools.product(*(range(n) for n in sizes)):
        near.append(y[tuple(slice(i, i + n) for i, n in zip(k, np.shape(x)))])
    every = np.stack(near)
    if which == "median":
        return np.sort(every, axis=0)[len(near) // 2]
    return np.max(every, axis=0) if which == "maximum" else np.min(every, axis=0)


def sections(sos: Any, x: Any, axis: Any) -> Any:
    """Filters of the second order, one after the other."""
    import scipy.signal

    for k in range(len(sos)):
        x = scipy.signal.lfilter(sos[k][:3], sos[k][3:], x, axis)
    return x


def lfilter_zi(b: Any, a: Any) -> Any:
    """The state of a filter whose answer to a step is steady.

    SciPy divides by the first denominator only if it is not 1, which changes no value but the derivative.
    """
    import scipy.linalg

    b, a = np.atleast_1d(b), np.atleast_1d(a)
    if b.ndim != 1:
        raise ValueError("Numerator b must be 1-D.")
    if a.ndim != 1:
        raise ValueError("Denominator a must be 1-D.")
    while a.shape[0] > 1 and a[0] == 0.0:
        a = a[1:]
    b, a = b / a[0], a / a[0]
    n = max(a.shape[0], b.shape[0])
    if a.shape[0] < n:
        a = np.concatenate((a, np.zeros(n - a.shape[0], dtype=a.dtype)))
    elif b.shape[0] < n:
        b = np.concatenate((b, np.zeros(n - b.shape[0], dtype=b.dtype)))
    steps = np.eye(n - 1) - scipy.linalg.companion(a).T
    return np.linalg.solve(np.asarray(steps, dtype=np.result_type(a, b)), b[1:] - a[1:] * b[0])


def lfiltic(b: Any, a: Any, y: Any, x: Any = None) -> Any:
    """The state of a filter after given outputs and inputs; of the first denominator as before."""
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    if a.ndim > 1:
        raise ValueError("Filter coefficients `a` must be 1-D.")
    if b.ndim > 1:
        raise ValueError("Filter coefficients `b` must be 1-D.")
    m, n = b.shape[0] - 1, a.shape[0] - 1
    if n < 0:
        raise ValueError("There must be at least one `a` coefficient.")
    y = np.asarray(y)
    x = np.zeros(m, dtype=np.result_type(b, a, y, 0.0)) if x is None else np.asarray(x)
    kind = np.result_type(b, a, y, x, 0.0)
    x, y = x.astype(kind), y.astype(kind)
    if x.size < m:
        x = np.concatenate((x, np.zeros(m - x.size)))
    if y.size < n:
        y = np.concatenate((y, np.zeros(n - y.size)))
    zi = np.zeros(max(m, n), dtype=kind)
    for k in range(m):
        zi[k] = np.sum(b[k + 1:] * x[:m - k], axis=0)
    for k in range(n):
        zi[k] -= np.sum(a[k + 1:] * y[:n - k], axis=0)
    if a[0] == 0.0:
        raise ValueError("First `a` filter coefficient must be non-zero.")
    zi /= a[0]
    return zi


EQUIVALENTS: dict[str, Any] = {"scipy.signal.lfilter_zi": lfilter_zi, "scipy.signal.lfiltic": lfiltic}
