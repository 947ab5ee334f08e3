"""The type of what is of one type on one path and of another on the other.

An axis that has two lengths, neither of which is 1, is open but not 1 either.

>>> from s2sad.trace.types import ONE, Dim
>>> n, m = Dim.symbol("n"), Dim.symbol("m")
>>> found = join(Array("f8", (n, ONE)), Array("f8", (m, n)))
>>> [d.may_be_one for d in found.dims]
[False, True]
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad.trace.types import (
    KINDS,
    UNKNOWN,
    Array,
    Dim,
    List,
    Nothing,
    Opaque,
    Residual,
    Scalar,
    Tape,
    Tuple,
    Type,
    Unknown,
    dims_of,
    dtype_of,
    fresh_dim,
    is_optional,
    kind_of,
    moving,
    or_none,
    rank,
    short_dtype,
)


def join(a: Type, b: Type) -> Type | None:
    """The smallest type that holds values of both; None if there is none.

    >>> from s2sad.trace.types import FLOAT
    >>> join(FLOAT, Scalar("int", optional=True)), join(FLOAT, Array("f8", (), optional=True))
    (float or None, f8[] or None)
    """
    if a == b or isinstance(b, Nothing):
        return a
    if isinstance(a, Nothing):
        return b
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return Scalar(KINDS[max(KINDS.index(a.kind), KINDS.index(b.kind))], a.optional or b.optional)
    if is_optional(a) or is_optional(b):
        both = [replace(t, optional=False) if isinstance(t, (Scalar, Array)) else t for t in (a, b)]
        found = join(*both)
        return None if found is None else or_none(found)
    if isinstance(a, Tape) and isinstance(b, Tape):
        item = join(a.item, b.item)
        return Tape(item) if item is not None else None
    if isinstance(a, List) and isinstance(b, List):
        item = join_items(a.item, b.item)
        return List(item) if item is not None else None
    if any(isinstance(t, (Tape, List, Tuple, Residual, Opaque)) for t in (a, b)):
        return None
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        if moving(a) == moving(b) != UNKNOWN:
            return a if isinstance(a, Unknown) else b
        return None if "complex" in (kind_of(a), kind_of(b)) else UNKNOWN
    da, db = dims_of(a), dims_of(b)
    if len(da) != len(db):
        return None if "complex" in (kind_of(a), kind_of(b)) else UNKNOWN
    dims = tuple(map(_joined, da, db))
    na, nb = dtype_of(a), dtype_of(b)
    if na == nb:
        return Array(na, dims)
    weak = [t for t in (a, b) if isinstance(t, Scalar)]
    strong = a if isinstance(b, Scalar) else b
    if weak and kind_of(strong) == "float" and kind_of(weak[0]) in ("bool", "int"):
        # A sum that begins with 0: like that of Python floats, a float64 once there is something in it.
        return Array("f8" if "f8" in (na, nb) else "?", dims)
    if "complex" in (kind_of(a), kind_of(b)):
        made = {short_dtype(np.result_type(np.dtype(t.dtype), np.complex64)) for t in (a, b) if isinstance(t, Array)}
        return Array(made.pop(), dims) if len(made) == 1 else None
    if "float" in (kind_of(a), kind_of(b)):
        return Array("?", dims)
    return Array(short_dtype(np.result_type(np.dtype(na), np.dtype(nb))), dims)


def _joined(x: Dim, y: Dim) -> Dim:
    may_be_one = x.may_be_one or y.may_be_one
    if x == y or not x.is_fixed and x.may_be_one == may_be_one:
        return x
    return replace(x, claimed=True) if x.meets(y) else fresh_dim(may_be_one)


def join_items(a: Type, b: Type) -> Type | None:
    """The type of the items of a list that holds values of both types; None where they are of different kinds.

    >>> from s2sad.trace.types import FLOAT, INT, NOTHING, ONE
    >>> join_items(INT, FLOAT), join_items(FLOAT, Array("f8", (ONE,))), join_items(Array("f8", (ONE,)), NOTHING)
    (float, None, f8[1])
    """
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    if isinstance(a, Array) and isinstance(b, Array) and (a.dtype != b.dtype or rank(a) != rank(b)):
        return None
    if rank(a) is not None and rank(b) is not None and rank(a) != rank(b):
        return None
    return join(a, b)
