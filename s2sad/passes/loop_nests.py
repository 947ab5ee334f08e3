"""Operations on whole arrays as loops over their elements: what machine code is fast at, Trace → Trace.

A chain of elementwise operations, with the slices that it reads, becomes one nest of loops, which fills an array of its
own, is stored or added to a place, or is summed up:

    u[1:-1] += k * (u[:-2] - 2.0 * u[1:-1] + u[2:])

    ⇒   v = np.empty_like(u[1:-1])
        for i in range(len(v)):
            v[i] = k * (u[i] - 2.0 * u[i + 1] + u[i + 2])
        for i in range(len(u) - 2):
            u[i + 1] += v[i]

What is read must not have been overwritten in between: a store to memory that a chain reads ends the chain, as the
store above does, which reads what it writes at other places.  Lengths that are not known to be equal are compared
before the loops (`same_length`), so that no element outside of an array is touched.

>>> from s2sad.emit import emit
>>> from s2sad.passes.dce import dce
>>> from s2sad.trace.ir import Block, Input, Leaf, Lit, Op, Return, Trace, Var
>>> from s2sad.trace.types import Array, Dim
>>> n = Array("f8", (Dim.symbol("n"),))
>>> x, v, y = Var(n, "x"), Var(n), Var(n, "y")
>>> body = Block((Op(v, "np.sin", (x,)), Op(y, "*", (Lit(2.0), v))), Return((y,)))
>>> print(emit(dce(loop_nests(Trace("f", (Input("x", Leaf(0)),), (x,), body, Leaf(0))))).partition("def ")[2].rstrip())
f(x):
    y = np.empty_like(x)
    for i in range(len(y)):
        y[i] = 2.0 * np.sin(x[i])
    return y
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from s2sad.passes.alias import UPDATES, Aliases
from s2sad.passes.nest_places import INSIDE, Along, Reading, is_exact, places_of, reading_of
from s2sad.passes.nests import DTYPES, RENAMED, Extent, Nest, Operand, axes_of, loops
from s2sad.rules.builder import Builder
from s2sad.trace.ir import NONE, Arg, Block, Lit, Op, Stmt, Trace, Tup, Var
from s2sad.trace.types import Array, Dim, Scalar, Type, kind_of, rank
from s2sad.trace.walk import blocks_of, own_vars, statements, uses, with_blocks

# What Numba does with numbers as NumPy does with elements.
_SAME = frozenset((
    "+ - * ** neg pos < <= > >= == != & | ^ np.maximum np.minimum abs np.abs np.absolute np.sqrt np.square "
    "np.exp np.expm1 np.log np.log1p np.log2 np.log10 np.sin np.cos np.tan np.arcsin np.arccos np.arctan np.arctan2 "
    "np.sinh np.cosh np.tanh np.arcsinh np.arccosh np.arctanh np.hypot np.sign np.floor np.ceil np.isnan np.isfinite "
    "np.isinf np.logical_and np.logical_or np.logical_not np.fmax np.fmin np.copysign np.reciprocal np.divide "
    "np.multiply np.add np.subtract np.negative np.exp2"
).split())
_NUMBER = Array("f8", ())
_ARITHMETIC = frozenset("+ - * ** neg np.add np.subtract np.multiply np.negative np.square np.reciprocal".split())


def loop_nests(trace: Trace) -> Trace:
    """The trace with loops for its elementwise operations."""
    trace = replace(trace, callees=tuple(map(loop_nests, trace.callees)))
    body = _Nests(trace).block(trace.body)
    return replace(trace, body=replace(body, stmts=(*promised(trace), *body.stmts)))


def promised(trace: Trace) -> tuple[Stmt, ...]:
    """Make sure of lengths that the types of the parameters say are equal: what is inside relies on it."""
    b = Builder()
    first: dict[Dim, Extent] = {}
    for v in trace.params:
        for k, d in enumerate(_dims(v)):
            lone = len(d.terms) == 1 and d.terms[0][1] == 1 and is_exact(Dim(d.terms))
            whole = Dim(d.terms)
            if d.is_constant and not d.is_one:
                b.effect("same_length", Extent(v, k).length(b), Lit(d.const))
            elif lone and whole in first:
                b.effect("same_length", Extent(v, k).length(b), replace(first[whole], trim=-d.const).length(b))
            elif lone:
                first[whole] = Extent(v, k, d.const)
    return tuple(b.stmts)


def stays_inside(trace: Trace) -> bool:
    """Whether no operation of a function reads or writes an element at a place that may lie outside of its array."""
    return not any(_has_place(s.kwarg("index")) or _has_place(s.kwarg("view")) for s in statements(trace.body)
                   if isinstance(s, Op) and s.style != INSIDE)


def _has_place(index: Arg) -> bool:
    if isinstance(index, Tup):
        return index.is_list or any(map(_has_place, index.items))
    # A mask, too, may be longer than what it is to choose from.
    return isinstance(index, Var) or isinstance(index, Lit) and isinstance(index.value, int)


def is_elementwise(op: Op) -> bool:
    """Whether Numba does with the elements of an operation's operands what NumPy does with the arrays."""
    if op.target is None or not rank(op.target.type) or not _fits(op.target.type):
        return False
    if op.fn == "expand":
        return not isinstance(op.args[0], Var) or rank(op.args[0].type) == 0 and _fits(op.args[0].type)
    if op.kwargs or not all(isinstance(a, Lit) or (isinstance(a, Var) and _fits(a.type)) for a in op.args):
        return False
    kinds = {kind_of(a.type) if isinstance(a, Var) else type(a.value).__name__ for a in op.args
             if isinstance(a, (Var, Lit))}
    if op.fn in _ARITHMETIC and kinds <= {"bool"}:
        return False
    if op.fn in ("**", "np.reciprocal") and kinds <= {"bool", "int"}:
        return False
    return op.fn in _SAME or op.fn in RENAMED


def _fits(t: Type) -> bool:
    return isinstance(t, Scalar) and not t.optional or isinstance(t, Array) and t.dtype in DTYPES


class _Nests:
    """Rewrites one function.  An operation that waits has one user, which may take it into a nest of its own."""

    def __init__(self, trace: Trace) -> None:
        self.aliases = Aliases(trace.body)
        self.uses: Counter[Var] = uses(trace.body)
        self.made: dict[Var, Op] = {s.target: s for s in statements(trace.body)
                                    if isinstance(s, Op) and s.target is not None}
        # Extents that have been compared.
        self.equal: set[frozenset[Extent]] = set()

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        waiting: dict[Var, Op] = {}
        before = set(self.equal)
        for s in block.stmts:
            if not isinstance(s, Op) or any(op.sweep != s.sweep for op in waiting.values()):
                self.compute(list(waiting), waiting, out)
            if not isinstance(s, Op):
                out.append(with_blocks(s, tuple(map(self.block, blocks_of(s)))))
            elif s.target is not None and is_elementwise(s):
                # What is broadcast would be computed many times.
                self.compute([v for v in own_vars(s) if _dims(v) != _dims(s.target)], waiting, out)
                waiting[s.target] = s
                if self.uses[s.target] != 1:
                    self.compute([s.target], waiting, out)
            elif not (self.store(s, waiting, out) or self.total(s, waiting, out)):
                self.compute([*own_vars(s), *self.endangered(s, waiting)], waiting, out)
                out.append(s)
        self.compute(list(waiting), waiting, out)
        self.equal = before
        return Block(tuple(out), block.end)

    def endangered(self, s: Op, waiting: Mapping[Var, Op]) -> list[Var]:
        """What waits and reads memory that a statement writes to."""
        base = s.args[0] if s.fn in UPDATES else NONE
        return [v for v, op in waiting.items()
                if isinstance(base, Var) and any(self.share(a, base) for a in own_vars(op))]

    def share(self, a: Var, b: Var) -> bool:
        return self.aliases.find(a) is self.aliases.find(b)

    def root(self, v: Var) -> Var:
        """The first of the arrays that a variable is a later state of."""
        while (op := self.made.get(v)) is not None and op.fn in UPDATES and isinstance(op.args[0], Var):
            v = op.args[0]
        return v

    # ---- what becomes of a chain

    def compute(self, wanted: Iterable[Var], waiting: dict[Var, Op], out: list[Stmt]) -> None:
        """Compute what waits, and what waits for it in turn, into arrays."""
        for v in wanted:
            if v not in waiting:
                continue
            user = {a: t for t, op in waiting.items() for a in own_vars(op)}
            while v in user:
                v = user[v]
            ops = _taken(v, waiting)
            nest = self.nest(_dims(v), ops, v)
            if nest is None or all(op.fn == "expand" for op in ops):
                out += ops
                continue
            b = Builder(ops[-1].sweep, ops[-1].site)
            self.compare(b, nest, nest.extents())
            start = nest.empty(b, v)

            def put(inner: Builder, array: Var, at: list[Arg], nest: Nest = nest) -> Arg:
                index = at[0] if len(at) == 1 else Tup(tuple(at))
                return inner.op("setitem", array, nest.element(inner, at), type=array.type, hint=array.hint,
                                style=INSIDE, index=index)

            loops(b, [Extent(start, k) for k in range(len(nest.dims))], start, v, put)
            out += b.stmts

    def store(self, s: Op, waiting: dict[Var, Op], out: list[Stmt]) -> bool:
        """``A[1:-1] += chain`` as loops over the places, if that is possible."""
        target = self.target(s)
        value = s.args[1] if target is not None else NONE
        if target is None or s.target is None or not _goes_into(value, target.base.type):
            return False
        self.compute([target.base], waiting, out)
        moving = [(k, p) for k, p in enumerate(target.places) if isinstance(p, Along)]
        dims = tuple(_dims(target.base)[k] - p.trim for k, p in moving)
        ops = list(_chain(value, waiting)) if isinstance(value, Var) else []
        if ops and (_dims(ops[-1].target) != dims or not self.reads_apart(ops, target, dims)):
            self.compute([v for v in own_vars(s) if v in waiting], waiting, out)
            ops = []
        nest = self.nest(dims, ops, value)
        if nest is None or not ops and isinstance(value, Var) and self.share(value, target.base):
            return False
        for op in ops:
            waiting.pop(op.target)  # type: ignore[arg-type]
        self.compute(self.endangered(s, waiting), waiting, out)
        b = Builder(s.sweep, s.site)
        extents = [Extent(target.base, k, p.trim) for k, p in moving]
        self.compare(b, nest, extents)
        style = INSIDE if target.is_inside else "call"

        def put(inner: Builder, array: Var, at: list[Arg]) -> Arg:
            here = nest.within(array, lambda v: self.root(v) is self.root(target.base))
            return inner.op(s.fn, array, here.element(inner, at), type=array.type, hint=array.hint, style=style,
                            index=target.index(inner, at))

        loops(b, extents, target.base, s.target, put)
        out += b.stmts
        return True

    def target(self, s: Op) -> Reading | None:
        """The places that a store names, in the order of their axes; None if they cannot be told."""
        if s.fn not in ("setitem", "scatter_add") or s.kwarg("view") != NONE or s.style == "left":
            return None
        base = s.args[0]
        if not isinstance(base, Var) or not isinstance(base.type, Array) or not _fits(base.type):
            return None
        places = places_of(s, len(base.type.dims))
        moving = [p.axis for p in places or () if isinstance(p, Along)]
        return Reading(base, places) if places and moving and moving == list(range(len(moving))) else None

    def reads_apart(self, ops: list[Op], target: Reading, dims: tuple[Dim, ...]) -> bool:
        """Whether no element of a chain reads what the store of another element writes."""
        for v in _leaves(ops):
            reading = reading_of(v, self.made)
            same = self.root(reading.base) is self.root(target.base) and reading.places == target.places
            if self.share(v, target.base) and not (same and _dims(v) == dims):
                return False
        return True

    def total(self, s: Op, waiting: dict[Var, Op], out: list[Stmt]) -> bool:
        """``np.sum(chain)`` as loops, if that is possible."""
        value = s.args[0] if s.fn == "np.sum" else NONE
        if not isinstance(value, Var) or value not in waiting or s.target is None or s.target.type != _NUMBER or any(
                v not in (NONE, Lit(False)) for _, v in s.kwargs):
            return False
        nest = self.nest(_dims(value), list(_chain(value, waiting)), value)
        if nest is None:
            return False
        _taken(value, waiting)
        b = Builder(s.sweep, s.site)
        self.compare(b, nest, nest.extents())
        loops(b, nest.extents(), Lit(0.0), s.target,
              lambda inner, sum, at: inner.op("+", sum, nest.element(inner, at), type=sum.type, hint=sum.hint))
        out += b.stmts
        return True

    # ---- nests

    def nest(self, dims: tuple[Dim, ...], ops: list[Op], value: Arg) -> Nest | None:
        """The nest of a chain, or of a value that is there; None if it is open how an operand is broadcast."""
        leaves = _leaves(ops) if ops else [value] if isinstance(value, Var) and rank(value.type) else []
        operands: dict[Var, Operand] = {}
        for v in leaves:
            axes = axes_of(_dims(v), dims)
            if axes is None or not _fits(v.type):
                return None
            operands[v] = Operand(v, reading_of(v, self.made), axes)
        along = {axis for operand in operands.values() for axis in operand.axes}
        return Nest(dims, ops, value, operands) if not ops or along >= set(range(len(dims))) else None

    def compare(self, b: Builder, nest: Nest, extents: list[Extent]) -> None:
        """Compare the lengths of the operands with those of the loops, where it is not known that they are equal."""
        for operand in nest.operands.values():
            for k, axis in enumerate(operand.axes):
                if axis is None:
                    continue
                own, extent = _dims(operand.array)[k], extents[axis]
                known = _dims(extent.array)[extent.axis] - extent.trim
                pair = frozenset((self.origin(Extent(operand.array, k)), self.origin(extent)))
                if len(pair) == 2 and pair not in self.equal and not (own == known and is_exact(own)):
                    self.equal.add(pair)
                    b.effect("same_length", extent.length(b), Extent(operand.array, k).length(b))

    def origin(self, extent: Extent) -> Extent:
        """The extent of the array that another one is a view or a later state of."""
        reading = reading_of(extent.array, self.made)
        for k, p in enumerate(reading.places):
            if isinstance(p, Along) and p.axis == extent.axis:
                return Extent(self.root(reading.base), k, p.trim + extent.trim)
        return extent


def _chain(v: Var, waiting: Mapping[Var, Op]) -> Iterator[Op]:
    """The operations that wait and that a variable is made by, in order."""
    wanted = {v}
    for op in reversed(list(waiting.values())):
        if op.target in wanted:
            wanted.update(own_vars(op))
    return (op for t, op in waiting.items() if t in wanted)


def _taken(v: Var, waiting: dict[Var, Op]) -> list[Op]:
    """The same, waiting no more."""
    ops = list(_chain(v, waiting))
    for op in ops:
        waiting.pop(op.target)  # type: ignore[arg-type]
    return ops


def _leaves(ops: list[Op]) -> list[Var]:
    """The arrays that a chain reads."""
    made = {op.target for op in ops}
    return list(dict.fromkeys(a for op in ops for a in own_vars(op) if a not in made and rank(a.type)))


def _dims(v: Var | None) -> tuple[Dim, ...]:
    return v.type.dims if v is not None and isinstance(v.type, Array) else ()


def _goes_into(value: Arg, t: Type) -> bool:
    """Whether numbers or elements of a value can be stored in an array without losing a part."""
    order = ("bool", "int", "float", "complex")
    if not isinstance(value, (Var, Lit)) or (isinstance(value, Var) and not _fits(value.type)):
        return False
    kind = kind_of(value.type) if isinstance(value, Var) else type(value.value).__name__
    return kind in order and order.index(kind) <= order.index(kind_of(t))
