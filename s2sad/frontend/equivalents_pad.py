"""``np.pad`` where it is no operation: values of the margin that are computed.

As in NumPy one axis is padded after the other, each one over its whole length with the margins before it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import along, as_array, refuse

_COPYING = ("constant", "edge", "reflect", "symmetric", "wrap")


def _pairs(value: Any, n: int, what: str) -> Any:
    """For each axis, what belongs before and after it."""
    if isinstance(value, dict):
        found = [(0, 0)] * n
        for axis, pair in value.items():
            found[axis] = tuple(pair) if isinstance(pair, (tuple, list)) else (pair, pair)
        return found
    if not isinstance(value, (tuple, list)):
        if isinstance(value, np.ndarray) and np.ndim(value) > 0:
            refuse(f"np.pad with an array as '{what}' is not supported", "write a tuple of numbers")
        return [(value, value)] * n
    if not any(isinstance(pair, (tuple, list)) for pair in value):
        return [(value[0], value[-1])] * n
    found = [(pair[0], pair[-1]) if isinstance(pair, (tuple, list)) else (pair, pair) for pair in value]
    if len(found) not in (1, n):
        raise ValueError(f"np.pad needs '{what}' for 1 or {n} axes, not for {len(found)}")
    return found * n if len(found) == 1 else found


def _like(a: Any, axis: int, width: Any) -> Any:
    """The shape of a margin."""
    return tuple(width if k == axis else a.shape[k] for k in range(a.ndim))


def _constant(a: Any, axis: int, width: Any, value: Any) -> Any:
    return np.full(_like(a, axis, width), value, dtype=a.dtype)


def _ramp(a: Any, axis: int, width: Any, end: Any, edge: Any) -> Any:
    """From an end value to the element at the edge."""
    steps = np.arange(width).reshape([-1 if k == axis else 1 for k in range(a.ndim)])
    return (steps.astype(a.dtype) * ((edge - end) / width) + end).astype(a.dtype)


def _statistic(mode: str, part: Any, axis: int) -> Any:
    if mode == "maximum":
        return np.max(part, axis=axis, keepdims=True)
    if mode == "minimum":
        return np.min(part, axis=axis, keepdims=True)
    return np.mean(part, axis=axis, keepdims=True) if mode == "mean" else np.median(part, axis=axis, keepdims=True)


def _repeated(value: Any, axis: int, width: Any, dtype: Any) -> Any:
    return np.repeat(value.astype(dtype), width, axis=axis)


def _odd(a: Any, axis: int, width: Any, first: int, edge: Any, mirrored: Any) -> Any:
    """What is mirrored at the point of the edge; of one element, copies."""
    if a.shape[axis] == 1:
        return np.repeat(edge, width, axis=axis)
    if width > a.shape[axis] - first:
        raise NotImplementedError("np.pad with reflect_type='odd' is differentiated for margins within the array only")
    return 2 * edge - mirrored


def pad(array: Any, pad_width: Any, mode: Any = "constant", *, constant_values: Any = 0, end_values: Any = 0,
        stat_length: Any = None, reflect_type: str = "even") -> Any:
    """An array with margins."""
    a = as_array(array)
    if callable(mode):
        refuse("np.pad with a function is not supported", "make the margins with np.concatenate")
    if mode == "empty":
        refuse("np.pad with mode='empty' leaves elements without a value", "use mode='constant'")
    widths = _pairs(pad_width, a.ndim, "pad_width")
    if mode in _COPYING and reflect_type == "even" and not (mode == "constant" and isinstance(
            constant_values, (float, complex, tuple, list, np.ndarray, np.generic, dict))):
        return np.pad(a, pad_width if not isinstance(pad_width, dict) else tuple(widths), mode,
                      constant_values=constant_values)
    values = _pairs(end_values if mode == "linear_ramp" else constant_values, a.ndim, "constant_values")
    lengths = _pairs(stat_length, a.ndim, "stat_length")
    for axis, (before, after) in enumerate(widths):
        n = a.shape[axis]
        head, tail = a[along(axis, slice(None, 1))], a[along(axis, slice(-1, None))]
        first = 1 if mode == "reflect" else 0
        if mode == "constant":
            left, right = _constant(a, axis, before, values[axis][0]), _constant(a, axis, after, values[axis][1])
        elif mode == "linear_ramp":
            left = _ramp(a, axis, before, values[axis][0], head)
            right = np.flip(_ramp(a, axis, after, values[axis][1], tail), axis)
        elif mode in ("maximum", "minimum", "mean", "median"):
            low, high = lengths[axis]
            start = a if low is None else a[along(axis, slice(None, low))]
            end = a if high is None else a[along(axis, slice(-high, None))]
            left = _repeated(_statistic(mode, start, axis), axis, before, a.dtype)
            right = _repeated(_statistic(mode, end, axis), axis, after, a.dtype)
        elif mode in ("reflect", "symmetric"):
            left = _odd(a, axis, before, first, head, np.flip(a[along(axis, slice(first, before + first))], axis))
            right = _odd(a, axis, after, first, tail, np.flip(
                a[along(axis, slice(n - after - first, n - first))], axis))
        else:
            raise ValueError(f"mode '{mode}' is not supported")
        parts = [left, a] if before != 0 and after == 0 else [a, right] if before == 0 else [left, a, right]
        if before != 0 or after != 0:
            a = np.concatenate(parts, axis=axis)
    return a


EQUIVALENTS = {"np.pad": pad}
