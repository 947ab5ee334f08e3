"""Types of what is the same in every iteration of a loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from s2sad.trace.types import Array, Dim, List, Type, Unknown, fresh_dim, has_fixed_shape, rank


def has_open_shape(t: Type) -> bool:
    """Whether values of a type that may be an array may differ in shape, as what a loop hands on does."""
    return isinstance(t, (Array, Unknown)) and rank(t) != 0 and not has_fixed_shape(t)


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
