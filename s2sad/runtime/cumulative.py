"""Linear recurrences along an axis: what running products, and running functions of two numbers, have for derivatives.

    y[k] = c[k] * y[k - 1] + b[k],    y[0] = b[0]

Running values y[k] = f(y[k - 1], x[k]) have the tangents y_dot[k] = f1[k] * y_dot[k - 1] + f2[k] * x_dot[k], which is a
recurrence, and the adjoint is the same recurrence from the other end (Griewank and Walther, "Evaluating Derivatives",
2008, section 3.2).  Nothing is divided by, so zeros among the elements are elements like any others.
"""

from typing import Any

import numpy as np


def recurrence(c: Any, b: Any, axis: int = 0, reverse: bool = False) -> Any:
    """Return y with y[k] = c[k] * y[k - 1] + b[k] along an axis, or y[k] = c[k + 1] * y[k + 1] + b[k] in reverse."""
    dtype = np.result_type(c, b)
    c, b = np.broadcast_arrays(c, b)
    c, y = np.moveaxis(c, axis, 0), np.moveaxis(b, axis, 0).astype(dtype)
    if reverse:
        for k in range(len(y) - 2, -1, -1):
            y[k] += c[k + 1] * y[k + 1]
    else:
        for k in range(1, len(y)):
            y[k] += c[k] * y[k - 1]
    return np.moveaxis(y, 0, axis)


def shifted(x: Any, axis: int = 0, reverse: bool = False, first: float = 0.0) -> Any:
    """Move x by one place along an axis, forwards or in reverse; what comes first is given."""
    x = np.moveaxis(x, axis, 0)
    y = np.full_like(x, first)
    if reverse:
        y[:-1] = x[1:]
    else:
        y[1:] = x[:-1]
    return np.moveaxis(y, 0, axis)


def exclusive_product(x: Any, axis: int = 0, reverse: bool = False) -> Any:
    """Multiply all earlier elements along an axis, in reverse all later ones; 1 where there are none."""
    x = np.moveaxis(x, axis, 0)
    y = np.ones_like(x)
    if reverse:
        np.cumprod(x[:0:-1], axis=0, out=y[-2::-1])
    else:
        np.cumprod(x[:-1], axis=0, out=y[1:])
    return np.moveaxis(y, 0, axis)


def unreduceat(x: Any, length: int, indices: Any, axis: int = 0) -> Any:
    """Give each element what np.add.reduceat has put it into, for an axis of a length: the transpose of that."""
    x = np.moveaxis(x, axis, 0)
    y = np.zeros((length,) + x.shape[1:], x.dtype)
    for k, start in enumerate(indices):
        stop = indices[k + 1] if k + 1 < len(indices) else length
        y[start : stop if stop > start else start + 1] += x[k]
    return np.moveaxis(y, 0, axis)


def segment_places(indices: Any, length: int) -> Any:
    """Tell which elements along an axis np.add.reduceat puts together, those of each segment one after the other."""
    stops = np.append(indices[1:], length)
    return np.concatenate([np.arange(i, max(j, i + 1)) for i, j in zip(indices, stops)])


def segment_owners(indices: Any, length: int) -> Any:
    """Tell which segment each of the elements belongs to."""
    stops = np.append(indices[1:], length)
    return np.repeat(np.arange(len(stops)), np.maximum(stops - np.asarray(indices), 1))


def segment_starts(indices: Any, length: int) -> Any:
    """Tell where each segment begins among them."""
    stops = np.append(indices[1:], length)
    return np.cumsum(np.append(0, np.maximum(stops - np.asarray(indices), 1)[:-1]))


CUMULATIVE: dict[str, Any] = {f.__name__: f for f in (recurrence, shifted, exclusive_product, unreduceat,
                                                 segment_places, segment_owners, segment_starts)}
