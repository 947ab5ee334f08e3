"""Statistics and polynomials of NumPy: the operations that its own texts do in place or for many kinds of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import as_array


def trim_zeros(filt: Any, trim: str = "fb") -> Any:
    """Without the zeros at the ends (of an array with one axis)."""
    found = np.flatnonzero(filt)
    if len(found) == 0:
        return filt[:0]
    first = found[0] if "f" in trim.lower() else 0
    last = found[-1] + 1 if "b" in trim.lower() else len(filt)
    return filt[first:last]


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


def with_ends(a: Any, axis: int, prepend: Any = None, append: Any = None) -> Any:
    """What `np.diff` takes the differences of: an array between two others, of which each may be a number."""
    before, behind = np.shape(a)[:axis], np.shape(a)[axis:][1:]
    parts = [np.broadcast_to(end, (*before, 1, *behind)) if end is not None and np.ndim(end) == 0 else end
             for end in (prepend, append)]
    return np.concatenate([part for part in (parts[0], a, parts[1]) if part is not None], axis)


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


EQUIVALENTS = {"np.trim_zeros": trim_zeros, "np.corrcoef": corrcoef, "np.ediff1d": ediff1d, "np.trapezoid": trapezoid,
               "np.trapz": trapezoid}
