"""Functions of `scipy.linalg` as programs: what the derivatives are those of."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np


def rq(a: Any, r: Any) -> Any:
    """The factors of a = r q, from those of the transpose, backwards; with the signs of the given r."""
    q, upper = np.linalg.qr(a.T[:, ::-1])
    upper, q = upper.T[::-1, ::-1], q.T[::-1]
    signs = np.sign(np.diag(r)) * np.sign(np.diag(upper))
    return upper * signs, signs[:, None] * q


EQUIVALENTS: dict[str, FunctionType] = {}
