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


def zeros(x: Any) -> Any:
    """Zeros in the form of a list, an array or a number."""
    if isinstance(x, list):
        return [zeros(item) for item in x]
    return 0.0 if isinstance(x, float) else np.zeros_like(x)


def added(x: Any, v: Any) -> Any:
    """The sum of two lists, item by item, or of two arrays or numbers."""
    return [added(p, q) for p, q in zip(x, v, strict=True)] if isinstance(x, list) else x + v


def added_at(xs: list[Any], v: Any, index: Any) -> list[Any]:
    """A list with something added to an item, or to several."""
    return changed(xs, lambda made: made.__setitem__(index, added(made[index], v)))


def split(v: Any, xs: list[Any], axis: int = 0) -> list[Any]:
    """The parts of an array that are as long as the arrays of a list."""
    return np.split(v, np.cumsum([x.shape[axis] for x in xs])[:-1], axis)


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
    "list_fold": lambda xs, like: [sum(xs[k::len(like)]) for k in range(len(like))],
    "list_split": split,
    "list_spread": lambda v, xs: [v] * len(xs),
}
