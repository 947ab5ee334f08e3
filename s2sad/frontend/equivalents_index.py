"""Functions of NumPy that pick, place and look up elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import as_array, axis_of, on_axis, refuse

# Picking.


def compress(condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    """The slices for which a condition holds."""
    found = np.take(as_array(a), np.flatnonzero(condition), axis=axis)
    if out is None:
        return found
    np.copyto(out, found)
    return out


def compressed(a: Any, condition: Any, axis: Any = None, out: Any = None) -> Any:
    """The method."""
    return np.compress(condition, a, axis, out)


def extract(condition: Any, arr: Any) -> Any:
    """The elements for which a condition holds."""
    a = as_array(arr)
    return (a if a.ndim == 1 else np.ravel(a))[np.flatnonzero(condition)]


def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    """The elements of the arrays that are named by their numbers."""
    found = np.choose(as_array(a), *tuple(choices), mode=mode)  # type: ignore[call-overload]
    if out is None:
        return found
    np.copyto(out, found)
    return out


def item(a: Any, *args: Any) -> Any:
    """An element as a number of Python, by its index or by its place in the flattened array."""
    if len(args) == 0:
        return a.item()
    index = args[0] if len(args) == 1 else args
    if isinstance(index, tuple) or a.ndim == 1:
        return a[index].item()
    return a.flat[index].item()


# Placing.


def _indices(a: Any, indices: Any, mode: str) -> Any:
    places = as_array(indices)
    if mode == "wrap":
        return places % a.size
    return np.clip(places, 0, a.size - 1) if mode == "clip" else places


def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """Values at places of the flattened array, repeated if there are fewer."""
    places = _indices(a, ind, mode)
    places = places if places.ndim == 1 else np.ravel(places)
    values = as_array(v)
    if values.size > 1:
        values = values if values.ndim == 1 else np.ravel(values)
        if values.size != places.size:
            values = values[np.arange(places.size) % values.size]
    elif values.ndim > 0:
        values = values[(0,) * values.ndim]
    if a.ndim == 1:
        a[places] = values
    else:
        a.flat[places] = values


def place(arr: Any, mask: Any, vals: Any) -> None:
    """Values where a mask holds, one after the other, repeated if there are fewer."""
    values = np.ravel(vals)
    where = np.flatnonzero(mask)
    values = values[np.arange(where.size) % values.size]
    if arr.ndim == 1:
        arr[where] = values
    else:
        arr.flat[where] = values


def putmask(a: Any, mask: Any, values: Any) -> None:
    """Values where a mask holds, each from its own place, repeated if there are fewer."""
    v = as_array(values)
    if v.ndim == 0 or v.shape == a.shape:
        np.copyto(a, v, where=mask)
    else:
        np.copyto(a, np.resize(v, a.shape), where=mask)


def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    """Values at places along an axis."""
    places = as_array(indices)
    if axis is None:
        arr.flat[places] = values
        return
    axis = axis_of(axis, arr)
    n = arr.ndim
    if n == 1:
        arr[places] = values
        return
    arr[tuple(places if k == axis else on_axis(np.arange(arr.shape[k]), k, n) for k in range(n))] = values


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """Values on the diagonal, of a tall matrix once more below it if it wraps."""
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim > 2:
        if any(n != a.shape[0] for n in tuple(a.shape)[1:]):
            raise ValueError("All dimensions of input must be of equal length")
        places = np.arange(a.shape[0])
        where = (places,) * a.ndim
        count = a.shape[0]
    else:
        rows, columns = a.shape[0], a.shape[1]
        flat = np.arange(0, a.size if wrap else min(rows, columns) * columns, columns + 1)
        where = (flat // columns, flat % columns)
        count = flat.size
    values = as_array(val)
    if values.ndim > 0:
        values = values if values.ndim == 1 else np.ravel(values)
        values = values[np.arange(count) % values.size]
    a[where] = values


# Order.


def lexsort(keys: Any, axis: int = -1) -> Any:
    """The order by several keys, of which the last one counts most."""
    return np.lexsort(tuple(keys), axis=axis)


def sort_complex(a: Any) -> Any:
    """The elements in order, as complex numbers."""
    found = np.sort(as_array(a))
    if found.dtype.kind == "c":
        return found
    return found.astype(np.complex64 if found.dtype.char in "bhBH" else np.complex128)


# Diagonals and triangles.


def diagflat(v: Any, k: int = 0) -> Any:
    """A matrix with the elements on a diagonal."""
    a = as_array(v)
    return np.diag(a if a.ndim == 1 else np.ravel(a), k)


def tril_indices_from(arr: Any, k: int = 0) -> Any:
    """Where the lower triangle of a matrix is."""
    return np.tril_indices(arr.shape[-2], k=k, m=arr.shape[-1])


def triu_indices_from(arr: Any, k: int = 0) -> Any:
    """Where the upper triangle of a matrix is."""
    return np.triu_indices(arr.shape[-2], k=k, m=arr.shape[-1])


def diag_indices_from(arr: Any) -> Any:
    """Where the diagonal is."""
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    if any(n != arr.shape[0] for n in tuple(arr.shape)[1:]):
        raise ValueError("All dimensions of input must be of equal length")
    return np.diag_indices(arr.shape[0], arr.ndim)


def mask_indices(n: int, mask_func: Any, k: Any = 0) -> Any:
    """Where a function leaves something of a matrix of ones."""
    return np.nonzero(mask_func(np.ones((n, n), int), k) != 0)


# Sets.


def union1d(ar1: Any, ar2: Any) -> Any:
    """What is in either array."""
    return np.unique(np.concatenate((ar1, ar2), axis=None))


def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """What is in the first array only."""
    a = as_array(ar1)
    a = (a if a.ndim == 1 else np.ravel(a)) if assume_unique else np.unique(a)
    return a[np.flatnonzero(np.isin(a, ar2, invert=True))]


def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """What is in one of two arrays only."""
    a, b = (np.ravel(ar1), np.ravel(ar2)) if assume_unique else (np.unique(ar1), np.unique(ar2))
    both = np.sort(np.concatenate((a, b)))
    ends = np.ones(1, bool)
    differs = np.concatenate((ends, both[1:] != both[:-1], ends))
    return both[np.flatnonzero(differs[1:] & differs[:-1])]


def in1d(ar1: Any, ar2: Any, assume_unique: bool = False, invert: bool = False, *, kind: Any = None) -> Any:
    """Which elements of the first array are in the second one; NumPy 2.4 has `isin` alone."""
    return np.isin(np.ravel(ar1), ar2, assume_unique, invert, kind=kind)


def intersect1d(ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """What is in both arrays: numbers that cannot be moved without ceasing to be."""
    refuse("np.intersect1d is not differentiable: elements of both arrays are equal only as long as these stay",
           "pick elements by a condition: x[np.isin(x, y)]")


EQUIVALENTS = {
    "np.compress": compress, "compress": compressed, "np.extract": extract, "np.choose": choose, "item": item,
    "np.put": put, "np.place": place, "np.putmask": putmask, "np.put_along_axis": put_along_axis,
    "np.fill_diagonal": fill_diagonal, "np.lexsort": lexsort, "np.sort_complex": sort_complex, "np.diagflat": diagflat,
    "np.tril_indices_from": tril_indices_from, "np.triu_indices_from": triu_indices_from,
    "np.diag_indices_from": diag_indices_from, "np.mask_indices": mask_indices, "np.union1d": union1d,
    "np.setdiff1d": setdiff1d, "np.setxor1d": setxor1d, "np.intersect1d": intersect1d, "np.in1d": in1d,
}
