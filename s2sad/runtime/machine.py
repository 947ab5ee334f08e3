"""Functions that generated code calls where Numba compiles it: loops over numbers and arrays.

Like those of `s2sad.runtime.helpers`, each stands alone, and its source text is copied into the generated file.
"""

from typing import Any

import numpy as np


def reserve(tape: Any, count: int) -> Any:
    """Return tape, or a longer copy of it, with room for count items."""
    if count <= len(tape):
        return tape
    longer = np.empty((max(count, 2 * len(tape)),) + tape.shape[1:], tape.dtype)
    longer[: len(tape)] = tape
    return longer


def fitting(item: Any, shape: Any) -> Any:
    """Return item, after making sure that it has the shape of the others on its tape."""
    if item.shape != shape:
        raise ValueError("the items of a tape differ in shape")
    return item


def same_length(n: int, m: int) -> None:
    """Make sure that two axes that are gone through together have one length; less than nothing is nothing."""
    if max(n, 0) != max(m, 0):
        raise ValueError("operands could not be broadcast together")


def add_at(x: Any, index: Any, v: Any) -> None:
    """Add the items of v to the items of x that an array of whole numbers names."""
    for k in range(len(index)):
        x[index[k]] += v[k]


def add_at_pairs(x: Any, index: Any, v: Any) -> None:
    """Add the items of v to the items of x at the rows and columns that two arrays name."""
    rows, columns = index
    for k in range(len(rows)):
        x[rows[k], columns[k]] += v[k]


def unbroadcast_1(v: Any, like: Any) -> Any:
    """Sum v, which broadcasting gave a longer axis than like has, to like's shape."""
    if len(v) == len(like):
        return v
    out = np.zeros(len(like), v.dtype)
    for i in range(len(v)):
        out[0] += v[i]
    return out


def unbroadcast_2(v: Any, like: Any) -> Any:
    """Sum v, which broadcasting gave longer axes than like has, to like's shape."""
    if v.shape == like.shape:
        return v
    out = np.zeros(like.shape, v.dtype)
    for i in range(v.shape[0]):
        for j in range(v.shape[1]):
            out[min(i, like.shape[0] - 1), min(j, like.shape[1] - 1)] += v[i, j]
    return out


def recurrence_1(c: Any, b: Any, reverse: bool) -> Any:
    """Return y with y[k] = c[k] * y[k - 1] + b[k], or y[k] = c[k + 1] * y[k + 1] + b[k] in reverse."""
    y = np.zeros_like(b) + b
    if reverse:
        for k in range(len(y) - 2, -1, -1):
            y[k] += c[k + 1] * y[k + 1]
    else:
        for k in range(1, len(y)):
            y[k] += c[k] * y[k - 1]
    return y


def shifted_1(x: Any, reverse: bool, first: float) -> Any:
    """Move x by one place, forwards or in reverse; what comes first is given."""
    y = np.full_like(x, first)
    if reverse:
        y[:-1] = x[1:]
    else:
        y[1:] = x[:-1]
    return y


def exclusive_product_1(x: Any, reverse: bool) -> Any:
    """Multiply all earlier elements, in reverse all later ones; 1 where there are none."""
    y = np.ones_like(x)
    if reverse:
        for k in range(len(x) - 2, -1, -1):
            y[k] = y[k + 1] * x[k + 1]
    else:
        for k in range(1, len(x)):
            y[k] = y[k - 1] * x[k - 1]
    return y


def whole_power(x: Any, n: Any) -> Any:
    """Raise a whole number to a power that is none of Python's fractions."""
    if n < 0:
        raise ZeroDivisionError("negative power of a whole number")
    return x**n


MACHINE_HELPERS: dict[str, Any] = {f.__name__: f for f in (
    reserve, fitting, same_length, add_at, add_at_pairs, unbroadcast_1, unbroadcast_2, whole_power, recurrence_1,
    shifted_1, exclusive_product_1)}
