"""Functions of NumPy that only arrange what they are given: views, and lists of views."""

from __future__ import annotations

from typing import Any

import numpy as np


def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """An axis moved ahead of where another one is."""
    axis, start = (k + np.ndim(a) if k < 0 else k for k in (axis, start))
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


EQUIVALENTS = {"np.rollaxis": rollaxis}
