"""Statistics and polynomials of NumPy: the operations that its own texts do in place or for many kinds of arrays."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import as_array, refuse

nothing: Any = np._NoValue


def weights_of(name: str, weights: Any, whole: bool) -> Any:
    """Weights as `np.cov` takes them."""
    weights = np.asarray(weights, dtype=float)
    if whole and np.any(weights != np.round(weights)):
        raise TypeError(f"{name} must be integer")
    if np.any(weights < 0):
        raise ValueError(f"{name} cannot be negative")
    return weights


def cov(m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: Any = None, fweights: Any = None,
        aweights: Any = None, *, dtype: Any = None) -> Any:
    """Mean products of deviations: X (w X)ᵀ over the sum of weights less the degrees of freedom."""
    m = as_array(m)
    if dtype is None:
        dtype = np.result_type(m, np.float64) if y is None else np.result_type(m, y, np.float64)
    X = np.array(m, ndmin=2, dtype=dtype)  # noqa: N806
    X = X.T if not rowvar and np.ndim(m) != 1 else X  # noqa: N806
    if y is not None:
        y = np.array(y, ndmin=2, dtype=dtype)
        X = np.concatenate((X, y.T if not rowvar and y.shape[0] != 1 else y), axis=0)  # noqa: N806
    if ddof is None:
        ddof = 0 if bias else 1
    w = None if fweights is None else weights_of("fweights", fweights, True)
    if aweights is not None:
        a = weights_of("aweights", aweights, False)
        w = a if w is None else w * a
    avg, w_sum = np.average(X, axis=1, weights=w, returned=True)
    if w is None:
        fact = X.shape[1] - ddof
    elif ddof == 0:
        fact = w_sum[0]
    elif aweights is None:
        fact = w_sum[0] - ddof
    else:
        fact = w_sum[0] - ddof * np.sum(w * a) / w_sum[0]
    if fact <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        fact = 0.0
    X = X - avg[:, None]  # noqa: N806
    c = np.dot(X, (X.T if w is None else (X * w).T).conj()) * np.true_divide(1, fact)
    return c.squeeze()


def corrcoef(x: Any, y: Any = None, rowvar: Any = True, *, dtype: Any = None) -> Any:
    """Covariances over the products of standard deviations, rounding kept inside -1 .. 1."""
    c = np.cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    stddev = np.sqrt(np.diag(c).real)
    c = c / stddev[:, None] / stddev[None, :]
    if np.iscomplexobj(c):
        return np.clip(c.real, -1, 1) + 1j * np.clip(c.imag, -1, 1)
    return np.clip(c, -1, 1)


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """The differences of what is next to each other, between two arrays."""
    flat = np.ravel(ary)
    between = flat[1:] - flat[:-1]
    if to_begin is None and to_end is None:
        return between
    ends = [() if end is None else np.ravel(end) for end in (to_begin, to_end)]
    return np.concatenate((np.asarray(ends[0], between.dtype), between, np.asarray(ends[1], between.dtype)))


def diff(a: Any, n: Any = 1, axis: int = -1, prepend: Any = nothing, append: Any = nothing) -> Any:
    """The differences of an array between two others, of which each may be a number."""
    if n == 0:
        return a
    if prepend is nothing and append is nothing:
        return np.diff(a, n, axis)
    whole = as_array(a)
    shape = (*whole.shape[:axis], 1, *whole.shape[axis:][1:])
    parts = [whole]
    if prepend is not nothing:
        parts.insert(0, np.broadcast_to(prepend, shape) if np.ndim(prepend) == 0 else as_array(prepend))
    if append is not nothing:
        parts.append(np.broadcast_to(append, shape) if np.ndim(append) == 0 else as_array(append))
    return np.diff(np.concatenate(parts, axis), n, axis)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The areas under straight lines, added up."""
    y, x = as_array(y), x if x is None else as_array(x)
    left, right = [slice(None)] * np.ndim(y), [slice(None)] * np.ndim(y)
    left[axis], right[axis] = slice(None, -1), slice(1, None)
    if x is None:
        d = dx
    elif np.ndim(x) == 1:
        d = np.diff(x)
        shape = [1] * np.ndim(y)
        shape[axis] = d.shape[0]
        d = d if np.ndim(y) == 1 else d.reshape(shape)
    else:
        d = np.diff(x, axis=axis)
    return (d * (y[tuple(right)] + y[tuple(left)]) / 2.0).sum(axis)


def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """Edges that are given, or equally spaced ones between two numbers, or between the least and the largest."""
    if isinstance(bins, str):
        refuse("np.histogram with a rule for the number of bins is not supported", "give the number of bins")
    if np.ndim(bins) == 1:
        return as_array(bins)
    a = as_array(a)
    first, last = (np.min(a), np.max(a)) if range is None else range
    if first == last:
        first, last = first - 0.5, last + 0.5
    return np.linspace(first, last, bins + 1, dtype=np.result_type(first, last, a))


def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    """How many numbers lie between edges: counts, which have no derivative, and the edges."""
    if weights is not None:
        refuse("np.histogram with weights is not supported", "write np.bincount(np.digitize(a, edges), weights)")
    edges = np.histogram_bin_edges(a, bins, range)
    ordered = np.sort(np.ravel(as_array(a)))
    below = np.concatenate((np.searchsorted(ordered, edges[:-1], "left"),
                            np.searchsorted(ordered, edges[-1:], "right")))
    n = np.diff(below)
    return (n / np.diff(edges) / np.sum(n) if density else n), edges


def logspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, base: Any = 10.0, dtype: Any = None,
             axis: int = 0) -> Any:
    """Powers of a number whose exponents are equally spaced."""
    if np.ndim(base) != 0:
        refuse("np.logspace with an array of bases is not supported", "write np.power(base, np.linspace(...))")
    powers = np.power(base, np.linspace(start, stop, num=num, endpoint=endpoint, axis=axis))
    return powers if dtype is None else powers.astype(dtype)


EQUIVALENTS = {"np.corrcoef": corrcoef, "np.cov": cov, "np.diff": diff, "np.ediff1d": ediff1d, "np.logspace": logspace,
               "np.histogram": histogram, "np.histogram_bin_edges": histogram_bin_edges,
               "np.trapezoid": trapezoid, "np.trapz": trapezoid}
