"""What operations on lists mean, as functions of values: no list is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def changed(xs: list[Any], change: Callable[[list[Any]], object]) -> list[Any]:
    """A list after a change, in a copy."""
    made = list(xs)
    change(made)
    return made


def rows(x: Any, depth: int = 1) -> list[Any]:
    """The rows of an array, as lists of lists to some depth."""
    return [rows(row, depth - 1) if depth > 1 else row for row in x]


LIST_OPERATORS: dict[str, Callable[..., Any]] = {
    "list_of": lambda *items: list(items),
    "list_append": lambda xs, x: [*xs, x],
    "list_pop": lambda xs: changed(xs, lambda made: made.pop()),
    "list_set": lambda xs, x, index: changed(xs, lambda made: made.__setitem__(index, x)),
    "list_insert": lambda xs, x, index: changed(xs, lambda made: made.insert(index, x)),
    "list_delete": lambda xs, index: changed(xs, lambda made: made.__delitem__(index)),
    "list_extend": lambda xs, ys: xs + ys,
    "list_cut": lambda xs, length: xs[:length],
    "list_concat": lambda xs, ys: xs + ys,
    "list_repeat": lambda xs, count: xs * count,
    "list_rows": rows,
    "list_array": lambda xs, dtype=None: np.array(xs, dtype=dtype),
    "list_stack": lambda xs, axis=0: np.stack(xs, axis=axis),
    "list_concatenate": lambda xs, axis=0: np.concatenate(xs, axis=axis),
    "list_sum": sum,
}
