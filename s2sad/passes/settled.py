"""Settled places: what no later iteration overwrites need not be restored.

    for i in reversed(mirror) carry a = A:             for i in reversed(mirror):
        a1 = setitem(a, old, i)                ⇒           t = A[i - 1]
        t = a1[i - 1]                                      ...
        ...
        next a1

Iteration i of the primal reads ``A[i - 1]`` and writes ``A[i]``; what it has read, no iteration from i on has changed:
it is what ``A`` holds at the end.  So a table that a recurrence fills from one end to the other is its own tape.

Indices are compared as linear functions ``i + c`` of the loop's index; the index of a loop inside lies between its
bounds.  For a loop that counts up, what is read must lie below what iterations from i on write, and it must not be
negative, which would count from the other end; for a loop that counts down it is the other way round.

>>> from s2sad.trace.ir import Leaf, Mirror, Return
>>> from s2sad.trace.types import FLOAT, Array, Dim
>>> row = Array("f8", (Dim.symbol("n"),))
>>> A, a, a1, end, old, t = Var(row, "A"), Var(row, "a"), Var(row, "a"), Var(row), Var(FLOAT), Var(FLOAT, "t")
>>> i, j, n, s, s1, total = Var(INT, "i"), Var(INT), Var(INT, "n"), Var(FLOAT, "s"), Var(FLOAT, "s"), Var(FLOAT, "s")
>>> k = Var(INT)
>>> inner = Block((Op(j, "-", (i, Lit(1))), Op(old, "float", (i,))), Next())
>>> primal = For(i, Range(Lit(1), n, Lit(1)), (), (), inner, ())
>>> body = Block((Op(a1, "setitem", (a, old), (("index", i),), sweep="adjoint"),
...               Op(t, "getitem", (a1,), (("index", j),), sweep="adjoint"),
...               Op(s1, "+", (s, t), sweep="adjoint")), Next((s1, a1)))
>>> mirror = For(k, Mirror(), (s, a), (Lit(0.0), A), body, (total, end), True, sweep="adjoint", twin=primal.key)
>>> settled = settle(Trace("f", (), (A, n), Block((primal, mirror), Return((total,))), Leaf(0)))
>>> print(str(settled).partition("mirror")[2])
) carry %s_1:float = 0.0:  ; adjoint
    %t:float = getitem(%A, index=%v1)  ; adjoint
    %s_2:float = %s_1 + %t  ; adjoint
    next %s_2
  return %s
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from s2sad.analysis.shapes import shaped
from s2sad.rules.infer_index import index_items
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Arg, Block, For, Lit, Next, Op, Range, Slc, Stmt, Trace, Var
from s2sad.trace.types import INT
from s2sad.trace.walk import arg_vars, blocks, blocks_of, end_args, own_vars, statements, substitute, uses, with_blocks


def settle(trace: Trace) -> Trace:
    """Read settled places where the forward sweep has left them, here and in the traces called."""
    return everywhere(trace, lambda body: _Settling(body).block(body))


@dataclass(frozen=True)
class Linear:
    """``Σ coefficient·variable + const``."""

    terms: tuple[tuple[Var, int], ...] = ()
    const: int = 0

    def plus(self, other: Linear, sign: int = 1) -> Linear:
        terms = dict(self.terms)
        for v, c in other.terms:
            terms[v] = terms.get(v, 0) + sign * c
        return Linear(tuple((v, c) for v, c in terms.items() if c), self.const + sign * other.const)


@dataclass(frozen=True)
class _Interval:
    """The places that one component of an index names; ``end`` is where a slice ends."""

    low: Linear
    high: Linear
    end: Linear | None = None


class _Settling:
    def __init__(self, body: Block) -> None:
        self.ops = {s.target: s for s in statements(body) if isinstance(s, Op) and s.target is not None}
        self.loops = {s.index: s for s in statements(body) if isinstance(s, For) and s.twin is None}
        self.by_key = {s.key: s for s in self.loops.values()}
        self.uses = uses(body)
        self.inner: dict[Var, For] = {}

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            s = with_blocks(s, tuple(map(self.block, blocks_of(s))))
            primal = self.by_key.get(s.twin) if isinstance(s, For) and s.twin is not None else None
            out.append(self.loop(s, primal) if isinstance(s, For) and primal is not None else s)
        return Block(tuple(out), block.end)

    def loop(self, m: For, primal: For) -> For:
        """The mirrored loop without the contents that it need not restore."""
        bounds = _Bounds.of(primal)
        if bounds is None or not isinstance(m.body.end, Next):
            return m
        self.inner = {s.index: s for s in statements(primal.body) if isinstance(s, For)}
        for k in reversed(range(len(m.params))):
            init = m.inits[k]
            if isinstance(init, Var) and not self.uses[m.results[k]]:
                versions = self.settled(m, k, bounds)
                if versions is not None:
                    m = _without(m, k, versions, init)
        return m

    def settled(self, m: For, k: int, bounds: _Bounds) -> set[Var] | None:
        """The versions of a restored buffer in an iteration, if all that is read of them is settled."""
        assert isinstance(m.body.end, Next)
        versions = {m.params[k]}
        stores: list[Arg] = []
        for s in m.body.stmts:
            if isinstance(s, Op) and s.fn == "setitem" and s.args[0] in versions and s.target is not None:
                if s.kwarg("view") != NONE or s.sweep != "adjoint" or any(v in versions for v in arg_vars(s.args[1])):
                    return None
                stores.append(s.kwarg("index"))
                versions.add(s.target)
        end = m.body.end
        others = [v for j, a in enumerate(end.values) if j != k for v in arg_vars(a)]
        if not stores or end.values[k] not in versions or versions.intersection((*others, *_out_vars(end))):
            return None
        reads: list[Arg] = []
        for s in statements(m.body):
            if not versions.intersection(own_vars(s)):
                continue
            if not isinstance(s, Op):
                return None
            at = {j for j, a in enumerate(s.args) if a in versions}
            if s.target in versions or at and at <= set(shaped(s)):
                continue
            if s.fn != "getitem" or at != {0} or versions.intersection(arg_vars(s.kwarg("index"))):
                return None
            reads.append(s.kwarg("index"))
        inner = [a for b in blocks(m.body) if b is not m.body for a in end_args(b.end)]
        if versions.intersection(v for a in inner for v in arg_vars(a)):
            return None
        return versions if all(self.apart(r, s, bounds) for r in reads for s in stores) else None

    def apart(self, read: Arg, store: Arg, bounds: _Bounds) -> bool:
        """Whether a read in iteration i names nothing that a store in iteration i or a later one does."""
        for x, y in zip(index_items(read), index_items(store)):
            if Lit(...) in (x, y) or NONE in (x, y):
                return False
            a, b = self.interval(x), self.interval(y)
            if a is not None and b is not None and bounds.apart(a, b):
                return True
        return False

    def interval(self, item: Arg) -> _Interval | None:
        if isinstance(item, Slc):
            if item.step not in (NONE, Lit(1)):
                return None
            low = _Interval(Linear(), Linear()) if item.lo == NONE else self.interval(item.lo)
            high = self.interval(item.hi)
            if low is None or high is None or isinstance(item.hi, Lit) and item.hi.value is None:
                return None
            # Of several ends, the last; none of them may count from the other end.
            return _Interval(low.low, high.high.plus(Linear(const=-1)), high.low)
        if isinstance(item, Lit):
            return _Interval(Linear(const=item.value), Linear(const=item.value)) if type(item.value) is int else None
        if not isinstance(item, Var) or item.type != INT:
            return None
        op = self.ops.get(item)
        if op is not None and op.fn in ("+", "-") and len(op.args) == 2:
            a, b = self.interval(op.args[0]), self.interval(op.args[1])
            if a is None or b is None:
                return None
            if op.fn == "+":
                return _Interval(a.low.plus(b.low), a.high.plus(b.high))
            return _Interval(a.low.plus(b.high, -1), a.high.plus(b.low, -1))
        loop = self.inner.get(item)
        if loop is not None:
            if not isinstance(loop.domain, Range) or loop.domain.step != Lit(1):
                return None
            low, high = self.interval(loop.domain.start), self.interval(loop.domain.stop)
            return None if low is None or high is None else _Interval(low.low, high.high.plus(Linear(const=-1)))
        own = Linear(((item, 1),))
        return _Interval(own, own)


@dataclass(frozen=True)
class _Bounds:
    """A loop's index: which way it counts, where it starts, the least value it has."""

    index: Var
    up: bool
    start: Arg
    least: int

    @staticmethod
    def of(primal: For) -> _Bounds | None:
        d = primal.domain
        if not isinstance(d, Range) or primal.backward or d.step not in (Lit(1), Lit(-1)):
            return None
        up = d.step == Lit(1)
        bound = d.start if up else d.stop
        if not isinstance(bound, Lit) or type(bound.value) is not int:
            return None
        return _Bounds(primal.index, up, d.start, bound.value + (0 if up else 1))

    def apart(self, read: _Interval, store: _Interval) -> bool:
        if any(x is not None and self._floor(x) is None for x in (read.low, read.end, store.low, store.end)):
            return False
        return self.up and self._below(read.high, store.low) or not self.up and self._below(store.high, read.low)

    def _floor(self, x: Linear) -> int | None:
        """The least value of ``i + c`` or ``c``, if it is not negative: then no place counts from the end."""
        terms = dict(x.terms)
        if not set(terms) <= {self.index} or terms.get(self.index, 1) != 1:
            return None
        value = x.const + (self.least if terms else 0)
        return value if value >= 0 else None

    def _below(self, x: Linear, y: Linear) -> bool:
        """Whether ``x`` of iteration i is less than ``y`` of any iteration from i on (or the other way round)."""
        difference = y.plus(x, -1)
        if not difference.terms:
            return difference.const > 0
        # One of them does not depend on i: compare with the first iteration.
        return (self.up and dict(difference.terms) == {self.index: 1} and not x.terms
                and self.least + difference.const > 0)


def _out_vars(end: Next) -> Iterator[Var]:
    for a in end.outs:
        yield from arg_vars(a)


def _without(m: For, k: int, versions: set[Var], init: Var) -> For:
    """The loop without a carried buffer: what was read of it is read of ``init``."""
    mapping: Mapping[Var, Arg] = dict.fromkeys(versions, init)
    kept = [s for s in m.body.stmts if not (isinstance(s, Op) and s.target in versions)]
    body = substitute(Block(tuple(kept), m.body.end), mapping)
    assert isinstance(body.end, Next)

    def rest(values: tuple[Arg, ...]) -> tuple[Arg, ...]:
        return values[:k] + values[k + 1:]

    body = replace(body, end=replace(body.end, values=rest(body.end.values)))
    return replace(m, body=body, params=m.params[:k] + m.params[k + 1:], inits=rest(m.inits),
                   results=m.results[:k] + m.results[k + 1:])

