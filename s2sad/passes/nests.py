"""A chain of elementwise operations as the body of a nest of loops.

The chain has axes.  Each array that it reads lies along some of them, with its last axes along the last ones, as NumPy
broadcasts; an axis of length 1 stays at its only place.  Element (i, j) of the chain is made of the elements of its
operands there:

    v = k * (u[:-1] + w[:, None])   ⇒   k * (u[i, j] + w[i])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from s2sad.passes.nest_places import INSIDE, Reading
from s2sad.rules.builder import Builder
from s2sad.trace.ir import NOWHERE, Arg, For, Lit, Next, Op, Range, Ref, Tup, Var
from s2sad.trace.types import INT, Array, Dim, dtype_of, rank

# What has another name for numbers: a number divided by zero is an error, an element is not.
RENAMED = {"/": "np.divide", "np.where": "select"}
DTYPES = {"f8": "np.float64", "i8": "np.int64", "b1": "np.bool_", "c16": "np.complex128"}
_INDICES = "ijklmnpq"


@dataclass(frozen=True)
class Extent:
    """The length of an axis of an array, less ``trim``."""

    array: Var
    axis: int
    trim: int = 0

    def length(self, b: Builder) -> Arg:
        """The length, computed."""
        v = self.array
        whole = b.op("shape", v, type=INT, axis=Lit(self.axis)) if self.axis else b.op("len", v, type=INT)
        return b.op("-", whole, Lit(self.trim), type=INT) if self.trim else whole


@dataclass(frozen=True)
class Operand:
    """An array that a chain reads: where its elements lie, and which of the chain's axes its own are (None for one that
    stays at its only place)."""

    array: Var
    reading: Reading
    axes: tuple[int | None, ...]

    def element(self, b: Builder, at: list[Arg]) -> Var:
        """The element at a place of the chain."""
        place = [Lit(0) if axis is None else at[axis] for axis in self.axes]
        style = INSIDE if self.reading.is_inside else "call"
        return b.op("getitem", self.reading.base, type=Array(dtype_of(self.array.type), ()), style=style,
                    index=self.reading.index(b, place))


@dataclass(frozen=True)
class Nest:
    """A chain, or without operations a value that is there already: its axes, and the arrays that it reads."""

    dims: tuple[Dim, ...]
    ops: list[Op]
    value: Arg
    operands: dict[Var, Operand]

    def element(self, b: Builder, at: list[Arg]) -> Arg:
        """The element at a place."""
        found: dict[Var, Arg] = {}

        def of(a: Arg) -> Arg:
            if not isinstance(a, Var) or not rank(a.type):
                return a
            if a not in found:
                found[a] = self.operands[a].element(b, at)
            return found[a]

        for op in self.ops:
            assert op.target is not None
            if op.fn == "expand":
                found[op.target] = op.args[0]
            else:
                found[op.target] = b.op(RENAMED.get(op.fn, op.fn), *map(of, op.args),
                                        type=Array(dtype_of(op.target.type), ()))
        return of(self.value)

    def within(self, array: Var, is_earlier: Callable[[Var], bool]) -> Nest:
        """The nest inside of loops that change an array of which it reads earlier states: it reads the present one."""
        return replace(self, operands={v: replace(o, reading=replace(o.reading, base=array))
                                       if is_earlier(o.reading.base) else o for v, o in self.operands.items()})

    def extents(self) -> list[Extent]:
        """The lengths of the axes, as the first operand along each says."""
        found: dict[int, Extent] = {}
        for operand in self.operands.values():
            for k, axis in enumerate(operand.axes):
                if axis is not None:
                    found.setdefault(axis, Extent(operand.array, k))
        return [found[k] for k in range(len(self.dims))]

    def empty(self, b: Builder, v: Var) -> Var:
        """An array for the elements, which are those of a variable."""
        every = tuple(range(len(self.dims)))
        for operand in self.operands.values():
            if operand.axes == every and dtype_of(operand.array.type) == dtype_of(v.type):
                return b.op("np.empty_like", operand.array, type=v.type, hint=v.hint)
        lengths = [extent.length(b) for extent in self.extents()]
        shape = lengths[0] if len(lengths) == 1 else Tup(tuple(lengths))
        if dtype_of(v.type) == "f8":
            return b.op("np.empty", type=v.type, hint=v.hint, shape=shape)
        return b.op("np.empty", type=v.type, hint=v.hint, shape=shape, dtype=Ref(DTYPES[dtype_of(v.type)]))


def axes_of(own: tuple[Dim, ...], dims: tuple[Dim, ...]) -> tuple[int | None, ...] | None:
    """Which axes of a broadcast the axes of an operand are, None for those of length 1; None if that is open.

    >>> n, one = Dim.symbol("n"), Dim.constant(1)
    >>> axes_of((n, one), (n, n, n)), axes_of((Dim.symbol("?1"),), (n,))
    ((1, None), None)
    """
    found: list[int | None] = []
    for k, d in enumerate(own, len(dims) - len(own)):
        if k < 0:
            return None
        if d.claimed or dims[k].claimed:
            if not d.meets(dims[k]):
                return None
            found.append(k)
        elif d.is_one and not dims[k].is_one:
            found.append(None)
        elif d.meets(dims[k]) and d.is_fixed or not (d.may_be_one or dims[k].may_be_one):
            found.append(k)
        else:
            return None
    return tuple(found)


def loops(b: Builder, extents: list[Extent], init: Arg, result: Var,
          body: Callable[[Builder, Var, list[Arg]], Arg]) -> None:
    """Loops over all places, which carry a value from ``init`` to ``result``; ``body`` makes the next value of it."""
    site = b.site

    def inside(b: Builder, carried: Arg, result: Var, at: list[Arg]) -> None:
        index, param = Var(INT, _INDICES[len(at)]), Var(result.type, result.hint)
        extent = extents[len(at)]
        if extent.array is init and isinstance(carried, Var):
            extent = replace(extent, array=carried)  # by the name it has here
        stop = extent.length(b)
        here, b.site = b.site, NOWHERE  # the user's line is told once
        inner = b.fork()
        if len(at) + 1 == len(extents):
            value = body(inner, param, [*at, index])
        else:
            value = Var(result.type, result.hint)
            inside(inner, param, value, [*at, index])
        b.add(For(index, Range(Lit(0), stop, Lit(1)), (param,), (carried,), inner.block(Next((value,))), (result,),
                  site=here, sweep=b.sweep))

    inside(b, init, result, [])
    b.site = site
