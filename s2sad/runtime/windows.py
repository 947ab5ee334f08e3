"""Windows of an array: y[i, k] = x[i + k] holds each element of x as often as there are windows over it.

    add_windows    x[i + k] += y[i, k]      for all i, or those at an index

This is the transpose of numpy.lib.stride_tricks.sliding_window_view, or of some of what it gives.
"""

from typing import Any

import numpy as np


def add_windows(y: Any, window_shape: Any, axis: Any = None, shape: Any = None, index: Any = ()) -> Any:
    """Add up windows (those at an index) where they lie in the array that sliding_window_view has taken them from."""
    sizes = tuple(window_shape) if np.iterable(window_shape) else (window_shape,)
    rank = y.ndim - len(sizes)
    axes = range(rank) if axis is None else axis if np.iterable(axis) else (axis,)
    counts = list(y.shape[:rank] if shape is None else shape)
    for k, n in zip(axes, sizes):
        counts[k] += n - 1 if shape is None else 0
    x = np.zeros(counts, dtype=y.dtype)
    for k, n in zip(axes, sizes):
        counts[k] -= n - 1
    # One place of all windows at a time: there are few places in a window, and many windows.
    for place in np.ndindex(*sizes):
        start = [0] * rank
        for k, i in zip(axes, place):
            start[k] += i
        x[tuple(slice(i, i + n) for i, n in zip(start, counts))][index] += y[(..., *place)]
    return x


WINDOWS: dict[str, Any] = {"add_windows": add_windows}
