"""Windows of an array: y[i, k] = x[i + k] holds each element of x as often as there are windows over it.

    add_windows    x[i + k] += y[i, k]      the transpose of numpy.lib.stride_tricks.sliding_window_view
"""

from typing import Any

import numpy as np


def add_windows(y: Any, window_shape: Any, axis: Any = None) -> Any:
    """Add up windows where they lie in the array that sliding_window_view has taken them from."""
    sizes = tuple(window_shape) if np.iterable(window_shape) else (window_shape,)
    rank = y.ndim - len(sizes)
    axes = range(rank) if axis is None else axis if np.iterable(axis) else (axis,)
    shape = list(y.shape[:rank])
    for k, n in zip(axes, sizes):
        shape[k] += n - 1
    x = np.zeros(shape, dtype=y.dtype)
    # One place of all windows at a time: there are few places in a window, and many windows.
    for place in np.ndindex(*sizes):
        start = [0] * rank
        for k, i in zip(axes, place):
            start[k] += i
        x[tuple(slice(i, i + n) for i, n in zip(start, y.shape))] += y[(..., *place)]
    return x


WINDOWS: dict[str, Any] = {"add_windows": add_windows}
