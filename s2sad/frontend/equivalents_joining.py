"""Functions of NumPy that put arrays together and take them apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import along, as_array, axis_of, known, refuse, refuse_casting

# Taking apart.


def _places(at: Any) -> Any:
    return at if isinstance(at, (tuple, list)) else tuple(at[k] for k in range(len(at)))


def _pieces(a: Any, at: Any, axis: int) -> Any:
    """The slices between places."""
    bounds = [None, *at, None]
    return [a[along(axis, slice(lo, hi))] for lo, hi in zip(bounds[:-1], bounds[1:])]


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """Parts of one length, or between places."""
    a = as_array(ary)
    axis = axis_of(axis, a)
    if not isinstance(indices_or_sections, (int, np.integer)):
        return _pieces(a, _places(indices_or_sections), axis)
    n = known(indices_or_sections)
    if a.shape[axis] % n != 0:
        raise ValueError("array split does not result in an equal division")
    if n == 1:
        return [a[:]]
    each = a.shape[axis] // n
    ends = [each if k == 1 else k * each for k in range(1, n + 1)]
    return [a[along(axis, slice(lo, hi))] for lo, hi in zip([None, *ends], ends)]


def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """Parts between places, or a number of parts, the first ones longer by one where that does not work out."""
    a = as_array(ary)
    axis = axis_of(axis, a)
    if not isinstance(indices_or_sections, (int, np.integer)):
        return _pieces(a, _places(indices_or_sections), axis)
    n = known(indices_or_sections)
    if n <= 0:
        raise ValueError("number sections must be larger than 0.")
    each, more = a.shape[axis] // n, a.shape[axis] % n
    return _pieces(a, [(each if k == 1 else k * each) + min(k, more) for k in range(1, n)], axis)


def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Parts along the second axis, of a vector along its own."""
    if np.ndim(ary) == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return np.split(ary, indices_or_sections, 1 if np.ndim(ary) > 1 else 0)


def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Parts along the first axis."""
    if np.ndim(ary) < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return np.split(ary, indices_or_sections, 0)


def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Parts along the third axis."""
    if np.ndim(ary) < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return np.split(ary, indices_or_sections, 2)


def unstack(x: Any, /, *, axis: int = 0) -> Any:
    """The arrays along an axis."""
    a = as_array(x)
    return tuple(a if axis == 0 else np.moveaxis(a, axis, 0))


# Putting together.


def _merged(a: Any, axis: Any) -> Any:
    """The rows of an array one behind the other."""
    if axis is None or a.ndim < 2:
        return np.ravel(a)
    axis = axis % (a.ndim - 1)
    moved = np.moveaxis(a, 0, axis) if axis > 0 else a
    shape = tuple(moved.shape)
    return np.reshape(moved, (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2:]))


def concatenate(arrays: Any, axis: Any = 0, out: Any = None, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays one behind the other."""
    if isinstance(arrays, np.ndarray):
        if out is not None:
            refuse("np.concatenate of one array with 'out=' is not supported", "write out[...] = np.concatenate(...)")
        return _merged(np.array(arrays, dtype=dtype), axis)
    refuse_casting(casting)
    if out is None:
        return np.concatenate(arrays, axis=axis, dtype=dtype)
    np.copyto(out, np.concatenate(arrays, axis=axis, dtype=dtype))
    return out


def stack(arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays along a new axis."""
    if isinstance(arrays, np.ndarray):
        return np.moveaxis(np.array(arrays, dtype=dtype), 0, axis)
    refuse_casting(casting)
    if out is None:
        return np.stack(arrays, axis=axis, dtype=dtype)
    np.copyto(out, np.stack(arrays, axis=axis, dtype=dtype))
    return out


def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """Values behind those of an array."""
    if axis is None:
        return np.concatenate((arr if np.ndim(arr) == 1 else np.ravel(arr),
                               values if np.ndim(values) == 1 else np.ravel(values)))
    return np.concatenate((arr, values), axis=axis)


def _depth(arrays: Any) -> int:
    if not isinstance(arrays, list):
        if isinstance(arrays, tuple):
            raise TypeError("np.block takes lists, not tuples")
        return 0
    if len(arrays) == 0:
        raise ValueError("List at np.block cannot be empty")
    depths = [_depth(a) for a in arrays]
    if any(d != depths[0] for d in depths):
        raise ValueError("List depths are mismatched")
    return depths[0] + 1


def _rank(arrays: Any) -> int:
    return max(_rank(a) for a in arrays) if isinstance(arrays, list) else np.ndim(arrays)


def _with_rank(a: Any, n: int) -> Any:
    return as_array(a) if np.ndim(a) >= n else as_array(a)[(*(None,) * (n - np.ndim(a)), ...)]


def _block(arrays: Any, depth: int, n: int) -> Any:
    if depth == 0:
        return _with_rank(arrays, n)
    parts = [_block(a, depth - 1, n) for a in arrays]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=n - depth)


def block(arrays: Any) -> Any:
    """Nested lists of blocks: the innermost are put together along the last axis."""
    depth = _depth(arrays)
    made = _block(arrays, depth, max(depth, _rank(arrays)))
    return made.copy() if _alone(arrays) else made


def _alone(arrays: Any) -> bool:
    """Whether there is one block only."""
    return not isinstance(arrays, list) or len(arrays) == 1 and _alone(arrays[0])


def _place(at: Any, limit: Any, n: Any, axis: int) -> Any:
    """An index counted from 0."""
    if at >= limit if at >= 0 else at < -n:
        raise IndexError(f"index {at} is out of bounds for axis {axis} with size {n}")
    return at if at >= 0 else at + n


def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """Values before those at given places."""
    a = as_array(arr)
    if axis is None:
        a, axis = np.ravel(a) if a.ndim != 1 else a, 0
    axis = axis_of(axis, a)
    v = as_array(values).astype(a.dtype)
    n = a.shape[axis]
    if not isinstance(obj, slice) and (np.ndim(obj) == 0 or isinstance(obj, (tuple, list)) and len(obj) == 1):
        at = _place(obj if np.ndim(obj) == 0 else obj[0], n + 1, n, axis)
        if np.ndim(obj) == 0 and v.ndim > 0:
            v = np.moveaxis(v[(*(None,) * (a.ndim - v.ndim), ...)], 0, axis)
        rows = _with_rank(v, a.ndim)
        rows = np.broadcast_to(rows, tuple(rows.shape[k] if k == axis else a.shape[k] for k in range(a.ndim)))
        return np.concatenate((a[along(axis, slice(None, at))], rows, a[along(axis, slice(at, None))]), axis=axis)
    where = np.arange(n)[obj] if isinstance(obj, slice) else as_array(obj)
    where = np.flatnonzero(where) if where.dtype == bool else np.where(where < 0, where + n, where)
    rows = np.broadcast_to(v, tuple(where.size if k == axis else a.shape[k] for k in range(a.ndim)))
    order = np.argsort(np.concatenate((2 * np.arange(n) + 1, 2 * where)), kind="stable")
    return np.take(np.concatenate((a, rows), axis=axis), order, axis=axis)


def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    """An array without what stands at given places."""
    a = as_array(arr)
    if axis is None:
        a, axis = np.ravel(a) if a.ndim != 1 else a, 0
    axis = axis_of(axis, a)
    n = a.shape[axis]
    if not isinstance(obj, slice) and np.ndim(obj) == 0:
        at = _place(obj, n, n, axis)
        return np.concatenate((a[along(axis, slice(None, at))], a[along(axis, slice(at + 1, None))]), axis=axis)
    kept = np.ones(n, dtype=bool)
    if isinstance(obj, slice):
        kept[obj] = False
        return np.take(a, np.flatnonzero(kept), axis=axis)
    if len(obj) > 0:
        kept[as_array(obj)] = False
    return a[along(axis, np.flatnonzero(kept))]


def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """A vector without the zeros at its ends."""
    a = as_array(filt)
    if a.ndim != 1 or axis is not None:
        refuse("np.trim_zeros of an array that does not have one axis is not supported", "write slices")
    places = np.flatnonzero(a)
    first = places[0] if places.size > 0 and "f" in trim.lower() else 0 if places.size > 0 else a.size
    last = places[-1] + 1 if places.size > 0 and "b" in trim.lower() else a.size
    return a[first:last]


# Choosing.


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """The first choice whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    result = default
    for condition, choice in zip(condlist[::-1], choicelist[::-1]):
        if as_array(condition).dtype != bool:
            raise TypeError("np.select takes conditions of the type bool")
        result = np.where(condition, choice, result)
    return result


EQUIVALENTS = {
    "np.split": split, "np.array_split": array_split, "np.hsplit": hsplit, "np.vsplit": vsplit, "np.dsplit": dsplit,
    "np.unstack": unstack, "np.concatenate": concatenate, "np.stack": stack, "np.append": append, "np.block": block,
    "np.insert": insert, "np.delete": delete, "np.trim_zeros": trim_zeros, "np.select": select,
}
