"""The type of ``x[index]``.

``A[1:-1]`` of ``n`` has length ``n - 2``, and ``A[:i + 1]`` claims ``i + 1``: where shapes meet, a slice is taken to
lie inside the axis, as in a program that means what it says.  Where it is not so, an adjoint of the wrong length
meets the slice that it is added to, and NumPy raises.  The number of elements is asked of the slice itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s2sad.errors import NotApplicable
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import (
    INT,
    ONE,
    UNKNOWN,
    Array,
    Dim,
    List,
    Type,
    Unknown,
    broadcast_dims,
    fresh_dim,
    kind_of,
    rank,
)


def index_items(index: Arg) -> tuple[Arg, ...]:
    """The items between the brackets."""
    return index.items if isinstance(index, Tup) and not index.is_list else (index,)


def is_basic(index: Arg) -> bool:
    """Whether the index makes a view (or one element): no arrays, no lists."""
    def simple(i: Arg) -> bool:
        if isinstance(i, Tup):
            return False
        return not (isinstance(i, Var) and rank(i.type) != 0)

    return all(simple(i) for i in index_items(index))


def getitem_type(x: Type, index: Arg) -> Type:
    """The type of ``x[index]``."""
    if isinstance(x, Unknown):
        return UNKNOWN
    if isinstance(x, List):
        return x if isinstance(index, Slc) else x.item
    if not isinstance(x, Array):
        raise NotApplicable(f"{x!r} cannot be indexed")
    items = list(index_items(index))
    if any(isinstance(i, Var) and isinstance(i.type, Unknown) for i in items):
        return UNKNOWN
    used = sum(_consumed(i) for i in items)
    if used > len(x.dims):
        raise NotApplicable(f"too many indices ({used}) for {x!r}")
    whole = [Slc(NONE, NONE, NONE)] * (len(x.dims) - used)
    at = [k for k, i in enumerate(items) if i == Lit(...)]
    if len(at) > 1:
        raise NotApplicable("an index can only have a single ellipsis ('...')")
    place = at[0] if at else len(items)
    items[place:place + 1] = whole
    return Array(x.dtype, _dims(x.dims, items))


def with_dtype(t: Type, dtype: str) -> Type:
    """The same axes with another dtype."""
    return Array(dtype, t.dims) if isinstance(t, Array) else t


def _consumed(item: Arg) -> int:
    if isinstance(item, Lit) and (item.value is None or item.value is ...):
        return 0
    if isinstance(item, Var) and kind_of(item.type) == "bool":
        return rank(item.type) or 0
    return 1


def _dims(dims: Sequence[Dim], items: Sequence[Arg]) -> tuple[Dim, ...]:
    out: list[Dim] = []
    shapes: list[tuple[Dim, ...]] = []  # of the index arrays
    places: list[int] = []  # positions of the index arrays among the items; scalars count once there is an array
    scalars: list[int] = []
    left = list(dims)
    where = 0
    for k, item in enumerate(items):
        if isinstance(item, Lit) and item.value is None:
            out.append(ONE)
            continue
        if isinstance(item, Slc):
            out.append(slice_dim(left.pop(0), item))
            continue
        shape = _array_shape(item)
        if shape is None or shape == ():
            left.pop(0)
            scalars.append(k)
            continue
        if isinstance(item, Var) and kind_of(item.type) == "bool":
            del left[:len(shape)]
            shape = (Dim.symbol(f"?mask{item.uid}"),)
        else:
            left.pop(0)
        if not shapes:
            where = len(out)
        shapes.append(shape)
        places.append(k)
    if not shapes:
        return tuple(out)
    joined = broadcast_dims(*shapes)
    if joined is None:
        raise NotApplicable("the index arrays do not broadcast")
    places = sorted(places + scalars)
    where = sum(isinstance(i, Slc) or i == NONE for i in items[:places[0]])
    if places != list(range(places[0], places[-1] + 1)):
        where = 0
    return tuple(out[:where]) + joined + tuple(out[where:])


def _array_shape(item: Arg) -> tuple[Dim, ...] | None:
    """The shape of an index array; None for an integer."""
    if isinstance(item, Tup):
        inner = _array_shape(item.items[0]) if item.items else None
        return (Dim.constant(len(item.items)), *(inner or ()))
    if isinstance(item, Var):
        kind = kind_of(item.type)
        if kind not in ("int", "bool"):
            raise NotApplicable(f"an index must be an integer, a slice or an integer array, not {item.type!r}")
        if kind == "bool" and rank(item.type) == 0:
            raise NotApplicable("an index that is one bool is not supported", "use np.where(condition, x, 0.0)")
        return item.type.dims if isinstance(item.type, Array) else None
    if isinstance(item, Lit) and isinstance(item.value, int) and not isinstance(item.value, bool):
        return None
    raise NotApplicable("an index must be an integer, a slice or an integer array")


def slice_dim(n: Dim, s: Slc) -> Dim:
    """The length of ``x[lo:hi:step]`` for an axis of length ``n``.

    >>> slice_dim(Dim.symbol("n"), Slc(Lit(1), Lit(-1), NONE))
    Dim(n - 2)
    """
    literal = all(isinstance(a, Lit) and (a.value is None or isinstance(a.value, int)) for a in (s.lo, s.hi, s.step))
    if not literal:
        return _open_slice(n, s)
    assert isinstance(s.lo, Lit) and isinstance(s.hi, Lit) and isinstance(s.step, Lit)
    lo, hi, step = s.lo.value, s.hi.value, s.step.value
    if step == 0:
        raise NotApplicable("slice step cannot be zero")
    if n.is_constant:
        return Dim.constant(len(range(*slice(lo, hi, step).indices(n.const))))
    if lo is None and hi is None and step in (None, 1, -1):
        return n
    if step not in (None, 1):
        return _open_slice(n, s)
    lo = lo or 0
    if hi is None:
        return n - lo if lo >= 0 else _at_most(-lo, n)
    if hi < 0:
        return n - (lo - hi) if lo >= 0 else _span(hi - lo, n)
    return _open_slice(n, s) if lo < 0 else _at_most(hi, n) if lo == 0 else _open_slice(n, s)


def _bound(bound: Arg, n: Dim, default: Dim) -> Dim | None:
    """Where a slice of an axis of length ``n`` begins or ends, as a place counted from 0; None if it is not known."""
    if isinstance(bound, Lit):
        if bound.value is None:
            return default
        return Dim.constant(bound.value) if bound.value >= 0 else n + bound.value
    return bound.dim if isinstance(bound, Var) and bound.type == INT else None


def _at_most(k: int, n: Dim) -> Dim:
    """``min(k, n)``: never 1 if neither is."""
    if n.terms and n.least is not None and k <= n.least:
        return Dim.constant(k)
    if k <= 1 and not n.may_be_one:
        return Dim.constant(k)
    return Dim.symbol(f"{'?' if n.may_be_one or k == 1 else ''}min({k},{n})".replace(" ", ""))


def _span(k: int, n: Dim) -> Dim:
    return Dim.constant(max(k, 0)) if k <= 0 else Dim.symbol(f"?span({k},{n})".replace(" ", ""))


def _claimed(lo: Dim, hi: Dim, n: Dim) -> Dim:
    """The length of ``x[lo:hi]``: for certain if it is known that both lie inside the axis.

    >>> _claimed(Dim.constant(1), Dim.constant(3), Dim.symbol("n")).is_constant
    False
    >>> _claimed(Dim.constant(1), Dim.constant(3), Dim.symbol("n+")).is_constant
    True
    """
    inside = lo.is_constant and hi.is_constant and 0 <= lo.const <= hi.const and _at_most(hi.const, n) == hi
    return replace(hi - lo, claimed=not inside)


def _quotient(n: Dim, step: int) -> Dim:
    """How many steps there are in a length whose symbols come in multiples of one.

    >>> _quotient(Dim.symbol("h").scaled(2) - 1, 2)
    Dim(h)
    """
    return Dim(tuple((name, c // step) for name, c in n.terms), -(-n.const // step))


def _open_slice(n: Dim, s: Slc) -> Dim:
    if s.step in (NONE, Lit(1)):
        lo, hi = _bound(s.lo, n, Dim.constant(0)), _bound(s.hi, n, n)
        if lo is not None and hi is not None:
            return _claimed(lo, hi, n)
    elif isinstance(s.step, Lit) and s.step.value > 1:
        step = s.step.value
        lo, hi = _bound(s.lo, n, Dim.constant(0)), _bound(s.hi, n, n)
        if lo is not None and hi is not None and all(c % step == 0 for _, c in (hi - lo).terms):
            return replace(_quotient(hi - lo, step), claimed=True)
        if lo is not None and lo.is_constant and s.hi == NONE and n.least is not None and (
                least := -((lo.const - n.least) // step)) > 1 and lo.const >= 0:
            return Dim.symbol(f"({n})[{lo.const}::{step}]+{least}".replace(" ", ""))

    def name(a: Arg) -> str | None:
        if isinstance(a, Lit):
            return "" if a.value is None else str(a.value)
        return f"v{a.uid}" if isinstance(a, Var) else None

    parts = [name(a) for a in (s.lo, s.hi, s.step)]
    if None in parts:
        return fresh_dim()
    return Dim.symbol(f"?({n})[{':'.join(p or '' for p in parts)}]".replace(" ", ""))
