"""Quantiles as weighted sums: what each element has in a quantile, and how that changes with the probability.

Of n sorted numbers, a quantile is the number at place v, counted from 0; between two numbers it is the interpolation
of these.  The continuous methods have v = n q + a + q (1 - a - b) - 1 (Hyndman and Fan, "Sample quantiles in
statistical packages", The American Statistician 50, 1996), the others jump from number to number.  What a method of
NumPy does, it says itself: the quantile of 0, 1, ..., n - 1 is v.
"""

from typing import Any

import numpy as np


def quantile_weights(x: Any, q: Any, weights: Any = None, axis: Any = None, method: Any = "linear",
                     skipnan: bool = False, slope: bool = False) -> Any:
    """Return w with the shape of q followed by that of x: the sum of w * x over the axes is the quantile of x.

    With slope, the sum is the derivative of the quantile by q: 0 where the method jumps, and beyond the last numbers.
    Of equal numbers, the first ones are taken for the smaller ones.
    """
    x, q = np.asarray(x), np.asarray(q, float)
    axes = tuple(range(x.ndim)) if axis is None else tuple(a % x.ndim for a in np.atleast_1d(axis).tolist())
    last = tuple(range(x.ndim - len(axes), x.ndim))
    moved = np.moveaxis(x, axes, last)
    lead, n = moved.shape[: x.ndim - len(axes)], int(np.prod([x.shape[a] for a in axes]))
    rows = moved.reshape(int(np.prod(lead)), n)
    if weights is not None:
        where = tuple(m if k in axes else 1 for k, m in enumerate(x.shape))
        weights = np.reshape(weights, where) if np.ndim(weights) != x.ndim else weights
        weights = np.moveaxis(np.broadcast_to(weights, x.shape), axes, last).reshape(rows.shape)
    ends = {"linear": (1, 1), "hazen": (0.5, 0.5), "weibull": (0, 0), "median_unbiased": (1 / 3, 1 / 3),
            "normal_unbiased": (3 / 8, 3 / 8), "interpolated_inverted_cdf": (0, 1)}
    order = np.argsort(rows, axis=-1, kind="stable")
    count = np.sum(~np.isnan(rows), axis=-1) if skipnan else np.full(len(rows), n)
    p, place = q.ravel(), np.zeros((q.size, len(rows)))
    if weights is None:
        for m in np.unique(count[count > 0]):
            place[:, count == m] = np.quantile(np.arange(float(m)), p, method=method)[:, None]
    else:
        for k, m in enumerate(count):
            place[:, k] = np.quantile(np.arange(float(m)), p, method=method, weights=weights[k, order[k, :m]])
    low = np.minimum(np.floor(place).astype(int), np.maximum(count - 1, 0))
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    up, down = place - low, 1.0 - (place - low)
    if slope:
        a, b = ends.get(method, (0, 0))
        free = count * p[:, None] + a + p[:, None] * (1 - a - b) - 1
        up = np.where((free >= 0) & (free <= count - 1) & (method in ends), count + 1 - a - b, 0.0)
        down = -up
    w = np.zeros((q.size,) + rows.shape, x.dtype if x.dtype.kind == "f" else float)
    each, row = np.arange(q.size)[:, None], np.arange(len(rows))
    np.add.at(w, (each, row, order[row, low]), down * (count > 0))
    np.add.at(w, (each, row, order[row, high]), up * (count > 0))
    w = w.reshape(q.shape + lead + moved.shape[x.ndim - len(axes):])
    return np.moveaxis(w, tuple(q.ndim + a for a in last), tuple(q.ndim + a for a in axes))


QUANTILES: dict[str, Any] = {"quantile_weights": quantile_weights}
