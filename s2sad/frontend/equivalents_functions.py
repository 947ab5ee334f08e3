"""Functions of NumPy that apply functions: along axes, where conditions hold, element by element."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import as_array, axis_of, common_shape, refuse


def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of the vectors along an axis."""
    a = as_array(arr)
    axis = axis_of(axis, a)
    if a.ndim == 1:
        return np.asarray(func1d(a, *args, **kwargs))
    rows = a if axis == a.ndim - 1 else np.moveaxis(a, axis, -1)
    lead = tuple(rows.shape)[:-1]
    flat = rows if rows.ndim == 2 else np.reshape(rows, (-1, rows.shape[-1]))
    if flat.shape[0] == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    made = np.array([func1d(row, *args, **kwargs) for row in flat])
    more = made.ndim - 1
    made = made if a.ndim == 2 else np.reshape(made, (*lead, *tuple(made.shape)[1:]))
    if axis == a.ndim - 1 or more == 0:
        return made
    n = a.ndim - 1
    return np.moveaxis(made, tuple(range(n, n + more)), tuple(range(axis, axis + more)))


def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    """A function over one axis after the other."""
    val = as_array(a)
    n = val.ndim
    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        at = axis + n if axis < 0 else axis
        found = func(val, at)
        val = found if np.ndim(found) == val.ndim else np.expand_dims(found, at)
    return val


def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """Functions, or constants, where conditions hold."""
    a = as_array(x)
    several = isinstance(condlist, (tuple, list)) and (np.ndim(condlist[0]) > 0 or np.ndim(a) == 0)
    conditions = list(condlist) if several else [as_array(condlist)]
    functions = list(funclist)
    if len(functions) == len(conditions) + 1:
        rest = np.logical_not(conditions[0])
        for condition in conditions[1:]:
            rest = rest & np.logical_not(condition)
        conditions = [*conditions, rest]
    elif len(functions) != len(conditions):
        raise ValueError(f"with {len(conditions)} condition(s), either {len(conditions)} or {len(conditions) + 1} "
                         "functions are expected")
    y = np.zeros_like(a)
    for condition, function in zip(conditions, functions):
        if not callable(function):
            y[condition] = function
            continue
        chosen = a[condition]
        if chosen.size > 0:
            y[condition] = function(chosen, *args, **kw)
    return y


def vectorize(pyfunc: Any, otypes: Any = None, doc: Any = None, excluded: Any = None, cache: bool = False,
              signature: Any = None) -> Any:
    """A function of numbers as one of arrays."""
    if signature is not None or excluded is not None and len(excluded) > 0:
        refuse("np.vectorize with 'signature' or 'excluded' is not supported", "write a loop")
    return partial(_each, pyfunc, otypes)


def _each(pyfunc: Any, otypes: Any, *args: Any) -> Any:
    """A function of the elements, which are handed to it as numbers of Python."""
    arrays = [as_array(a) for a in args]
    shape = common_shape(arrays)
    if len(shape) == 0:
        return np.asarray(pyfunc(*(a.item() for a in arrays)))
    if otypes is None and any(a.size == 0 for a in arrays):
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    whole = arrays if len(arrays) == 1 else [np.broadcast_to(a, shape) for a in arrays]
    flat = [a if len(shape) == 1 else np.ravel(a) for a in whole]
    if len(flat) == 1:
        made = np.array([pyfunc(item.item()) for item in flat[0]])
    else:
        made = np.array([pyfunc(*(item.item() for item in items)) for items in zip(*flat)])
    if otypes is not None:
        made = made.astype(otypes if isinstance(otypes, str) else otypes[0])
    return made if len(shape) == 1 else np.reshape(made, shape)


EQUIVALENTS = {
    "np.apply_along_axis": apply_along_axis, "np.apply_over_axes": apply_over_axes, "np.piecewise": piecewise,
    "np.vectorize": vectorize,
}
