"""Where the elements of a view lie in the array that it is a view of.

A `Reading` of a variable with r axes says for each axis of its base where element (i1, ..., ir) lies along it: at
``i_k + offset`` or at a fixed place.  Of ``u[1:-1, j].T`` it is that of u with the places ``i1 + 1`` and ``j``.  Views
are followed through slices with literal ends and step 1, fixed indices, new axes and transposes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from s2sad.rules.builder import Builder
from s2sad.trace.ir import NONE, Arg, Lit, Op, Slc, Tup, Var
from s2sad.trace.types import INT, LONG, Array, Dim, Scalar, rank

# Marks operations whose indices surely lie inside of their arrays.
INSIDE = "inside"


@dataclass(frozen=True)
class Along:
    """A place that moves with axis ``axis`` of the view: ``i + offset``; ``trim`` elements of the base are left out."""

    axis: int
    offset: int = 0
    trim: int = 0


@dataclass(frozen=True)
class Fixed:
    """A place that is the same for all elements; one that is ``inside`` surely is in the array."""

    at: Arg
    inside: bool = False


@dataclass(frozen=True)
class Reading:
    """A base and a place for each of its axes."""

    base: Var
    places: tuple[Along | Fixed, ...]

    @property
    def is_inside(self) -> bool:
        """Whether all places lie inside of the base, whatever its lengths."""
        return all(isinstance(p, Along) or p.inside for p in self.places)

    def index(self, b: Builder, at: list[Arg]) -> Arg:
        """The index of the element of the base that is element ``at`` of the view."""
        found: list[Arg] = []
        for p in self.places:
            if isinstance(p, Fixed):
                found.append(p.at)
                continue
            k = at[p.axis]
            if isinstance(k, Lit):
                found.append(Lit(k.value + p.offset))
            else:
                found.append(b.op("+", k, Lit(p.offset), type=INT) if p.offset else k)
        return found[0] if len(found) == 1 else Tup(tuple(found))


def reading_of(v: Var, made: Mapping[Var, Op]) -> Reading:
    """The reading of a variable, as far as it can be followed.

    >>> from s2sad.trace.types import Array
    >>> u = Var(Array("f8", (Dim.symbol("n"), Dim.symbol("m"))), "u")
    >>> v = Var(Array("f8", (Dim.symbol("n") - 1,)))
    >>> index = Tup((Slc(Lit(1), NONE, NONE), Lit(0)))
    >>> reading_of(v, {v: Op(v, "getitem", (u,), (("index", index),))}).places
    (Along(axis=0, offset=1, trim=1), Fixed(at=Lit(value=0), inside=False))
    """
    op = made.get(v)
    if op is not None and op.args and isinstance(op.args[0], Var) and isinstance(op.args[0].type, Array):
        outer = op.args[0]
        own = _own_places(op, rank(outer.type) or 0)
        through = _through(reading_of(outer, made), own) if own is not None else None
        if through is not None:
            return through
    return Reading(v, tuple(map(Along, range(rank(v.type) or 0))))


def _through(outer: Reading, own: tuple[Along | Fixed, ...]) -> Reading | None:
    """The reading of a view of what has a reading; None for a place that is counted from the end of a part."""
    places: list[Along | Fixed] = []
    for p in outer.places:
        if isinstance(p, Fixed):
            places.append(p)
            continue
        q = own[p.axis]
        if isinstance(q, Along):
            places.append(Along(q.axis, p.offset + q.offset, p.trim + q.trim))
        elif isinstance(q.at, Lit) and q.at.value >= 0:
            places.append(Fixed(Lit(q.at.value + p.offset), q.inside))
        elif p.trim == 0:
            places.append(q)
        else:
            return None
    return Reading(outer.base, tuple(places))


def _own_places(op: Op, count: int) -> tuple[Along | Fixed, ...] | None:
    """The places of a view's elements in its operand; None if they cannot be told."""
    if op.fn == "np.transpose" and op.kwarg("axes") == NONE:
        return tuple(Along(count - 1 - k) for k in range(count))
    return places_of(op, count) if op.fn == "getitem" else None


def places_of(op: Op, count: int) -> tuple[Along | Fixed, ...] | None:
    """The places that a basic index with literal slices names; None if it is another one."""
    index, inside = op.kwarg("index"), op.style == INSIDE
    if index == Lit(...):
        return tuple(map(Along, range(count)))
    if isinstance(index, Tup) and index.is_list:
        return None
    items = index.items if isinstance(index, Tup) else (index,)
    places: list[Along | Fixed] = []
    axis = 0
    for item in items:
        if item == NONE:
            axis += 1
            continue
        if isinstance(item, Slc):
            lo, hi = item.lo, item.hi
            first, last = _literal(lo), _literal(hi)
            if item.step not in (NONE, Lit(1)) or first is None or last is None or first < 0 or last > 0 or (
                    hi == Lit(0)):
                return None
            places.append(Along(axis, first, first - last))
            axis += 1
        elif isinstance(item, Lit) and type(item.value) is int:
            places.append(Fixed(item, inside))
        elif isinstance(item, Var) and isinstance(item.type, Scalar) and item.type.kind == "int":
            places.append(Fixed(item, inside))
        else:
            return None
    places += [Along(axis + k) for k in range(count - len(places))]
    return tuple(places) if len(places) == count else None


def _literal(a: Arg) -> int | None:
    if a == NONE:
        return 0
    return a.value if isinstance(a, Lit) and type(a.value) is int else None


def is_exact(d: Dim) -> bool:
    """Whether a length is what its expression says, also where slices of a short array are cut off.

    >>> is_exact(Dim.symbol("n") - 2), is_exact(Dim.symbol("n+") - 2), is_exact(Dim.symbol("?3"))
    (False, True, False)
    """
    if not d.is_fixed or d.claimed:
        return False
    if d.const >= 0 and all(c > 0 for _, c in d.terms):
        return True
    return all(name.endswith("+") and c > 0 for name, c in d.terms) and (
        sum(c * LONG for _, c in d.terms) + d.const >= 0)
