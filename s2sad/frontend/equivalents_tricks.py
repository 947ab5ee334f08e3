"""Objects of NumPy that are indexed to make arrays: ``np.r_[x, 0.0, 1:3]``, ``np.mgrid[0:2, 0:3]``.

Each gets what stands between the brackets as pairs ``("item", value)``, and ``("slice", start, stop, step)``, and
whether that is one thing rather than a tuple.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import as_array, on_axis, refuse, together


def _steps(start: Any, stop: Any, step: Any) -> Any:
    """The numbers that a slice stands for; an imaginary step says how many."""
    start = 0 if start is None else start
    if isinstance(step, complex):
        return np.linspace(start, stop, int(abs(step)))
    return np.arange(start, stop, 1 if step is None else step)


def _placed(a: Any, ndmin: int, first: int) -> Any:
    """An array with axes of length 1 around its own."""
    more = ndmin - np.ndim(a)
    if more <= 0:
        return a
    if ndmin == 1:
        return np.atleast_1d(a)
    a = as_array(a)
    before = first if first >= 0 else more + first + 1
    return a[(*(None,) * before, *(slice(None),) * a.ndim, *(None,) * (more - before))]


def _joined(items: Any, axis: int, ndmin: int, first: int) -> Any:
    parts = []
    dtypes = []
    for item in items:
        if item[0] == "slice":
            value = _steps(item[1], item[2], item[3])
            dtypes.append(value.dtype)
        elif isinstance(item[1], str):
            refuse("a text between the brackets of np.r_ and np.c_ must stand first, and say no matrix",
                   "write np.concatenate(...)")
        else:
            value = item[1] if isinstance(item[1], (bool, int, float, complex)) else as_array(item[1])
            dtypes.append(value if isinstance(value, (bool, int, float, complex)) else value.dtype)
        parts.append(_placed(value, ndmin, first))
    dtype = np.result_type(*dtypes)
    if dtype == np.result_type(*(p.dtype for p in parts)):
        return np.concatenate(parts, axis=axis)
    return np.concatenate(parts, axis=axis, dtype=dtype)


def r_(items: Any, alone: bool) -> Any:
    """Arrays one behind the other."""
    axis, ndmin, first = 0, 1, -1
    if items[0][0] == "item" and isinstance(items[0][1], str):
        said = items[0][1].split(",")
        if items[0][1] in ("r", "c"):
            refuse("matrices are not supported", "write np.concatenate(...)")
        axis = int(said[0])
        ndmin = int(said[1]) if len(said) > 1 else 1
        first = int(said[2]) if len(said) > 2 else -1
        items = items[1:]
    return _joined(items, axis, ndmin, first)


def c_(items: Any, alone: bool) -> Any:
    """Columns beside each other."""
    return _joined(items, -1, 2, 0)


def _axis(item: Any, alone: bool) -> Any:
    """The numbers along one axis of a grid."""
    if item[0] != "slice":
        refuse("a grid takes slices", "write start:stop:step")
    start, stop = 0 if item[1] is None else item[1], item[2]
    step = 1 if item[3] is None else item[3]
    if isinstance(step, complex):
        n = int(abs(step))
        return np.arange(n) * ((stop - start) / float(n - 1) if n > 1 else 1.0) + start
    if alone or isinstance(start, int) and isinstance(stop, int) and isinstance(step, int):
        return np.arange(start, stop, step)
    return np.arange(int(np.ceil((stop - start) / step))) * step + start


def ogrid(items: Any, alone: bool) -> Any:
    """Coordinates along one axis each."""
    n = len(items)
    if alone:
        return _axis(items[0], True)
    return together(on_axis(_axis(item, False), axis, n) for axis, item in enumerate(items))


def mgrid(items: Any, alone: bool) -> Any:
    """Coordinates along all axes."""
    if alone:
        return _axis(items[0], True)
    vectors = [_axis(item, False) for item in items]
    return np.array(np.meshgrid(*vectors, indexing="ij", copy=False), dtype=np.result_type(*(v.dtype for v in vectors)))


EQUIVALENTS = {"np.r_": r_, "np.c_": c_, "np.mgrid": mgrid, "np.ogrid": ogrid}
