"""Jacobians inside a program: Python like the user's, lowered with the program that asks for them.

``push`` and ``pull`` take the derivative along one argument, or back from one result, and return a tuple.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def by_columns(x: Any, results: Any, dtypes: Any, push: Callable[..., Any]) -> Any:
    """The derivatives of results by an array, one run for each of its elements.

    >>> A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> by_columns(np.zeros(2), (np.zeros(3),), (float,), lambda unit: (A @ unit,))[0].tolist()
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    """
    columns = [np.zeros((*np.shape(y), x.size), dtype=t) for y, t in zip(results, dtypes)]
    for k in range(x.size):
        unit = np.zeros(x.size, dtype=x.dtype)
        unit[k] = 1.0
        for column, dot in zip(columns, push(unit if x.ndim == 1 else unit.reshape(x.shape))):
            column[..., k] = dot
    if x.ndim == 1:
        return tuple(columns)
    return tuple([c.reshape(np.shape(y) + x.shape) for c, y in zip(columns, results)])


def by_rows(y: Any, arguments: Any, dtypes: Any, pull: Callable[..., Any]) -> Any:
    """The derivatives of an array by arguments, one run for each of its elements.

    >>> A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> by_rows(np.zeros(3), (np.zeros(2),), (float,), lambda unit: (A.T @ unit,))[0].tolist()
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    """
    rows = [np.zeros((y.size, *np.shape(x)), dtype=t) for x, t in zip(arguments, dtypes)]
    for k in range(y.size):
        unit = np.zeros(y.size, dtype=y.dtype)
        unit[k] = 1.0
        for row, bar in zip(rows, pull(unit if y.ndim == 1 else unit.reshape(y.shape))):
            row[k] = bar
    if y.ndim == 1:
        return tuple(rows)
    return tuple([r.reshape(y.shape + np.shape(x)) for r, x in zip(rows, arguments)])
