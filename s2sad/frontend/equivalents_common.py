"""What equivalents have in common."""

from __future__ import annotations

from types import FunctionType
from typing import Any, NoReturn

import numpy as np

# NumPy 1 gives lists where NumPy 2 gives tuples.
together: Any = tuple if int(np.__version__.partition(".")[0]) > 1 else list


def refuse(reason: str, hint: str) -> NoReturn:
    """Refuse the call; lowering does it."""
    raise NotImplementedError(f"{reason}: {hint}")


def known(n: Any) -> Any:
    """How many arrays there are, which must be known when the derivative is made; lowering asks for it."""
    return n


def refuse_casting(casting: str) -> None:
    """Refuse conversions other than the usual ones, of which some would raise."""
    if casting not in ("same_kind", "unsafe"):
        refuse("this 'casting' is not supported", "leave the argument out")


def as_array(a: Any) -> Any:
    """An array as it is, something else as an array."""
    return a if isinstance(a, np.ndarray) else np.asarray(a)


def axis_of(axis: int, a: Any) -> int:
    """An axis counted from 0."""
    if not -np.ndim(a) <= axis < np.ndim(a):
        raise ValueError(f"axis {axis} is out of bounds for array of dimension {np.ndim(a)}")
    return axis % np.ndim(a)


def along(axis: int, index: Any) -> Any:
    """The index that applies an index along an axis."""
    return index if axis == 0 else (*[slice(None)] * axis, index)


def on_axis(x: Any, axis: int, n: int) -> Any:
    """A vector as an array of ``n`` axes."""
    return x[tuple(slice(None) if k == axis else None for k in range(n))] if n > 1 else x


def common_shape(arrays: Any) -> Any:
    """The shape to which arrays broadcast."""
    n = max(a.ndim for a in arrays)
    shape = [1] * n
    for k in range(n):
        for a in arrays:
            at = k - n + a.ndim
            if at >= 0 and a.shape[at] != 1:
                shape[k] = a.shape[at]
    return tuple(shape)


EQUIVALENTS: dict[str, FunctionType] = {}
