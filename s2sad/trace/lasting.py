"""Types of what is the same in every iteration of a loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from s2sad.trace.types import Array, Dim, List, Type, fresh_dim, has_open_shape

__all__ = ["has_open_shape", "lasting"]


def lasting(t: Type, is_local: Callable[[int], bool]) -> Type:
    """A type in every iteration of a loop: lengths that depend on a variable of the loop (by its uid) are not known.

    >>> from s2sad.trace.types import ONE
    >>> lasting(Array("f8", (Dim.symbol("?v7"), ONE)), lambda uid: uid == 8)
    f8[?v7, 1]
    >>> has_open_shape(lasting(Array("f8", (Dim.symbol("?v7"), ONE)), lambda uid: uid == 7))
    True
    """
    if isinstance(t, List):
        return List(lasting(t.item, is_local))

    def last(d: Dim) -> Dim:
        found = (int(uid) for symbol, _ in d.terms for uid in re.findall(r"\?v(\d+)", symbol))
        return fresh_dim() if any(map(is_local, found)) else d

    return replace(t, dims=tuple(map(last, t.dims))) if isinstance(t, Array) else t
