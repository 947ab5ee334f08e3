"""Functions of NumPy that only arrange what they are given: views, and lists of views."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import as_array, common_shape, on_axis, refuse, together


def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """An axis moved ahead of where another one is."""
    axis, start = (k + np.ndim(a) if k < 0 else k for k in (axis, start))
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


def atleast_1d(*arys: Any) -> Any:
    """One array, or several."""
    return np.atleast_1d(arys[0]) if len(arys) == 1 else together(np.atleast_1d(a) for a in arys)


def atleast_2d(*arys: Any) -> Any:
    """One array, or several."""
    return np.atleast_2d(arys[0]) if len(arys) == 1 else together(np.atleast_2d(a) for a in arys)


def atleast_3d(*arys: Any) -> Any:
    """One array, or several."""
    return np.atleast_3d(arys[0]) if len(arys) == 1 else together(np.atleast_3d(a) for a in arys)


def broadcast_shapes(*args: Any) -> Any:
    """The shape of arrays of these shapes together."""
    shapes = [tuple(s) if isinstance(s, (tuple, list)) else (s,) for s in args]
    found: list[Any] = [1] * max(len(s) for s in shapes)
    for s in shapes:
        for k in range(1, len(s) + 1):
            if s[-k] != 1 and found[-k] != 1 and s[-k] != found[-k]:
                raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
            if s[-k] != 1:
                found[-k] = s[-k]
    return tuple(found)


def broadcast_arrays(*args: Any, subok: bool = False) -> Any:
    """Views of one shape, which nobody may write to."""
    arrays = [as_array(a) for a in args]
    shape = common_shape(arrays)
    return together(np.broadcast_to(a, shape) for a in arrays)


def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    """Coordinates along the axes of a grid."""
    n = len(xi)
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    # The axis of each; "xy" exchanges the first two.
    axes = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else range(n)
    vectors = [x if np.ndim(x) == 1 else np.ravel(x) for x in (as_array(x) for x in xi)]
    grid = [on_axis(x, axis, n) for x, axis in zip(vectors, axes)]
    if not sparse:
        shape = [1] * n
        for x, axis in zip(vectors, axes):
            shape[axis] = x.size
        grid = [np.broadcast_to(x, tuple(shape)) for x in grid]
    return together(x.copy() for x in grid) if copy else together(grid)


def ix_(*args: Any) -> Any:
    """Index arrays along one axis each."""
    n = len(args)
    places = [np.flatnonzero(p) if p.dtype == bool else p for p in (as_array(a) for a in args)]
    if any(p.ndim != 1 for p in places):
        raise ValueError("Cross index must be 1 dimensional")
    return tuple(on_axis(p, axis, n) for axis, p in enumerate(places))


def resize(a: Any, new_shape: Any) -> Any:
    """The elements over and over in another shape."""
    shape = new_shape if isinstance(new_shape, (tuple, list)) else (new_shape,)
    count = shape[0] if len(shape) > 0 else 1
    for n in shape[1:]:
        count = count * n
    flat = np.ravel(as_array(a))
    return np.reshape(flat[np.arange(count) % flat.size], tuple(shape))


def require(a: Any, dtype: Any = None, requirements: Any = None, *, like: Any = None) -> Any:
    """An array; how it lies in memory makes no difference to its values."""
    if requirements is None:
        return np.asanyarray(a, dtype=dtype)
    wanted = [r.upper()[0] for r in requirements]
    if "O" in wanted or "W" in wanted:
        refuse("np.require may or may not copy", "write np.array(x), which does")
    return np.asanyarray(a, dtype=dtype)


def reshape(a: Any, *shape: Any, order: Any = "C", copy: Any = None) -> Any:
    """Another shape, of a copy."""
    if copy is not None and not copy:
        refuse("np.reshape with copy=False fails where the array lies in another order", "leave the argument out")
    made = np.reshape(a, shape[0] if len(shape) == 1 else shape, order=order)
    return made.copy() if copy else made


def bool_(x: Any) -> Any:
    """Whether numbers are not 0."""
    return np.not_equal(x, 0)


EQUIVALENTS = {
    "np.rollaxis": rollaxis, "np.atleast_1d": atleast_1d, "np.atleast_2d": atleast_2d, "np.atleast_3d": atleast_3d,
    "np.broadcast_shapes": broadcast_shapes, "np.broadcast_arrays": broadcast_arrays, "np.meshgrid": meshgrid,
    "np.ix_": ix_, "np.resize": resize, "np.require": require, "np.reshape": reshape,
    "np.bool_": bool_,
}
