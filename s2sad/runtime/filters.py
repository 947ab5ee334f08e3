"""Filters: sums over the neighbours of each element, and what continues an array beyond its edges.

    correlate_valid   y[i] = Σ_k w[k] x[i + k]          where all of w lies in x
    correlate_full    y[j] = Σ_k w[k] x[j - k]          its transpose in x: where any of w does
    correlate_taps    w[k] = Σ_i v[i] x[i + k]          its transpose in w
    extend_edges      y[j] = x[place(j)]                as the modes of scipy.ndimage say
    fold_edges        x[place(j)] += y[j]               its transpose
    fold_margins      x[place(j)] += y[j]               that of numpy.pad

The indices have as many components as there are axes.  Each function is linear in each of its arrays.
"""

from typing import Any

import numpy as np


def correlate_valid(x: Any, w: Any) -> Any:
    """Sum over the neighbours of each place that has all of them."""
    shape = tuple(n - k + 1 for n, k in zip(x.shape, w.shape))
    y = np.zeros(shape, dtype=np.result_type(x, w))
    for k in np.ndindex(w.shape):
        y += w[k] * x[tuple(slice(i, i + n) for i, n in zip(k, shape))]
    return y


def correlate_full(x: Any, w: Any) -> Any:
    """Spread each element over its neighbours."""
    y = np.zeros(tuple(n + k - 1 for n, k in zip(x.shape, w.shape)), dtype=np.result_type(x, w))
    for k in np.ndindex(w.shape):
        y[tuple(slice(i, i + n) for i, n in zip(k, x.shape))] += w[k] * x
    return y


def correlate_taps(v: Any, x: Any) -> Any:
    """Sum the products of one array with the shifts of a larger one."""
    w = np.zeros(tuple(n - m + 1 for n, m in zip(x.shape, v.shape)), dtype=np.result_type(v, x))
    for k in np.ndindex(w.shape):
        w[k] = np.sum(v * x[tuple(slice(i, i + n) for i, n in zip(k, v.shape))])
    return w


def edge_places(n: int, size: int, origin: int, edge: Any) -> Any:
    """Give the place in an axis of length n for each place of the axis as it is continued for a filter of a size."""
    left = size // 2 + origin
    known = {"reflect": "symmetric", "grid-mirror": "symmetric", "mirror": "reflect", "nearest": "edge"}
    edge = known[edge] if edge in known else "wrap"
    return np.pad(np.arange(n), (left, size - 1 - left), mode=edge)


def extend_edges(x: Any, size: Any = (), origin: Any = (), edge: str = "reflect", cval: float = 0.0) -> Any:
    """Continue an array beyond its edges, as far as a filter of a size reaches."""
    for axis, (k, shift) in enumerate(zip(size, origin)):
        left = k // 2 + shift
        if edge in ("constant", "grid-constant"):
            pads = [(0, 0)] * x.ndim
            pads[axis] = (left, k - 1 - left)
            x = np.pad(x, pads, constant_values=cval)
        elif k > 1:
            x = np.take(x, edge_places(x.shape[axis], k, shift, edge), axis=axis)
    return x


def fold_edges(x: Any, size: Any = (), origin: Any = (), edge: str = "reflect") -> Any:
    """Add what lies beyond the edges to the elements that it is a copy of."""
    for axis, (k, shift) in enumerate(zip(size, origin)):
        x = np.moveaxis(x, axis, 0)
        n, left = x.shape[0] - k + 1, k // 2 + shift
        if edge in ("constant", "grid-constant"):
            x = x[left:left + n]
        elif k > 1:
            out = np.zeros((n, *x.shape[1:]), dtype=x.dtype)
            np.add.at(out, edge_places(n, k, shift, edge), x)
            x = out
        x = np.moveaxis(x, 0, axis)
    return np.array(x)


def fold_margins(y: Any, pad_width: Any, mode: Any = "edge") -> Any:
    """Add the margins that np.pad has put around an array to the elements that they are copies of."""
    x = np.array(y)
    for axis, (before, after) in enumerate(np.broadcast_to(pad_width, (y.ndim, 2)).tolist()):
        rows = np.moveaxis(x, axis, 0)
        n = len(rows) - before - after
        places = np.pad(np.arange(n), (before, after), mode=mode)
        for k in (*range(before), *range(before + n, len(rows))):
            rows[before + places[k]] += rows[k]
        x = np.moveaxis(rows[before:before + n], 0, axis)
    return x


def lag_products(v: Any, x: Any, count: int = 1, axis: int = -1) -> Any:
    """Sum the products of an array with another one that is delayed by 0, 1 … steps along an axis."""
    v, x = np.moveaxis(v, axis, -1), np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    out = np.zeros(count, dtype=np.result_type(v, x))
    for k in range(min(count, n)):
        out[k] = np.sum(v[..., k:] * x[..., :n - k])
    return out


FILTERS: dict[str, Any] = {f.__name__: f for f in (
    correlate_valid, correlate_full, correlate_taps, edge_places, extend_edges, fold_edges, fold_margins,
    lag_products)}
FILTER_DEPENDS: dict[str, tuple[str, ...]] = {"extend_edges": ("edge_places",), "fold_edges": ("edge_places",)}
