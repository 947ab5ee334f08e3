"""Statistics and polynomials of NumPy: the operations that its own texts do in place or for many kinds of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np


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


EQUIVALENTS = {"np.corrcoef": corrcoef, "np.ediff1d": ediff1d}
