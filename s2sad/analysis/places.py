"""Which parts of an array are overwritten for certain: with zero, or with anything.

    for j in range(d):                          for j in reversed(range(d)):
        row[j] = x[i, j] * w[j]      ⇒              v = row_bar[j]
                                                    row_bar[j] = 0.0
                                                    w_bar[j] += v * x[i, j]

After the loop on the left nothing is left of what `row` was before, if it has d elements; after the loop on the right
`row_bar` is zero.  A *place* has one entry for each axis: None for the whole axis, or the index of one position.
Places are joined over loops: where every iteration overwrites place ``j``, and j runs over the whole axis, the axis is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import NONE, Arg, Block, For, If, Lit, Mirror, Next, Op, Range, Slc, Stmt, Tup, Var, While, Yield
from s2sad.trace.types import Array, Dim, Scalar
from s2sad.trace.walk import definitions, inner_defs, statements, targets_of

Place = tuple[Arg | None, ...]
ZEROS = frozenset(("zeros_like", "np.zeros", "np.zeros_like"))
_WHOLE = Slc(NONE, NONE, NONE)


@dataclass(frozen=True)
class State:
    """The places of an array that are overwritten, and whether nothing else has been written since the beginning."""

    places: frozenset[Place] = frozenset()
    pure: bool = True

    def covers(self, index: Arg, rank: int) -> bool:
        """Whether an index names nothing but overwritten elements."""
        named = place_of(index, rank) or (None,) * rank
        return any(all(q is None or q == a for q, a in zip(place, named)) for place in self.places)


SPOILT = State(pure=False)


class Overwritten:
    """Answers about the arrays of one block.

    ``zero`` asks for what is overwritten with zero and not written to afterwards.  ``loops`` are the loops that twins
    mirror, by key; ``length`` is the axis length that an operand stands for, if known.
    """

    def __init__(self, block: Block, zero: bool, loops: Mapping[int, Stmt],
                 length: Callable[[Arg], Dim | None]) -> None:
        self.zero, self.loops, self.length = zero, loops, length
        self.maker: dict[Var, Stmt] = {v: s for s in statements(block) for v in targets_of(s)}
        self.heads: dict[Var, tuple[For | While, int]] = {
            p: (s, k) for s in statements(block) if isinstance(s, (For, While)) for k, p in enumerate(s.params)}

    def is_zero(self, v: Arg) -> bool:
        """Whether a value is a new array of zeros."""
        s = self.maker.get(v) if isinstance(v, Var) else None
        return isinstance(s, Op) and s.fn in ZEROS

    def stays_zero(self, loop: For | While, k: int) -> bool:
        """Whether each iteration that starts with zero as the ``k``-th carried value hands on zero."""
        p, end = loop.params[k], loop.body.end
        if not self.zero or not isinstance(p.type, Array) or not isinstance(end, Next):
            return False
        whole: Place = (None,) * len(p.type.dims)
        return whole in self.state(end.values[k], {p: State(frozenset((whole,)))}).places

    def state(self, v: Arg, known: Mapping[Var, State]) -> State:
        """What is overwritten of a version of an array, given what is of others."""
        if not isinstance(v, Var):
            return SPOILT
        if v in known:
            return known[v]
        s = self.maker.get(v)
        if isinstance(s, Op):
            return self._op(s, known)
        if isinstance(s, If):
            return self._branch(s, s.results.index(v), known)
        if isinstance(s, (For, While)) and v in s.results:
            return self._loop(s, s.results.index(v), known)
        if v in self.heads and not self.zero:
            loop, k = self.heads[v]
            return self.state(loop.inits[k], known)
        return SPOILT

    def _op(self, s: Op, known: Mapping[Var, State]) -> State:
        assert s.target is not None
        t = s.target.type
        if not isinstance(t, Array):
            return SPOILT
        if self.zero and s.fn in ZEROS:
            return State(frozenset(((None,) * len(t.dims),)))
        if s.fn == "scatter_add" and not self.zero:
            return self.state(s.args[0], known)
        if s.fn != "setitem" or self.zero and s.args[1] != Lit(0.0):
            return SPOILT
        before = self.state(s.args[0], known)
        place = place_of(s.kwarg("index"), len(t.dims)) if s.kwarg("view") == NONE else None
        return State(before.places | {place}, before.pure) if place is not None else before

    def _branch(self, s: If, k: int, known: Mapping[Var, State]) -> State:
        if not isinstance(s.then.end, Yield) or not isinstance(s.orelse.end, Yield):
            return SPOILT
        one, two = (self.state(end.values[k], known) for end in (s.then.end, s.orelse.end))
        return State(one.places & two.places, one.pure and two.pure)

    def _loop(self, s: For | While, k: int, known: Mapping[Var, State]) -> State:
        p, end = s.params[k], s.body.end
        if not isinstance(end, Next):
            return SPOILT
        before = self.state(s.inits[k], known)
        after = self.state(end.values[k], {**known, p: State()})
        inside = {*inner_defs(s), *definitions(s.body)}
        mirrored = self.loops.get(s.twin) if s.twin is not None else None
        if isinstance(mirrored, (For, While)):
            inside.update((*inner_defs(mirrored), *definitions(mirrored.body)))
        if not after.pure:
            # Each iteration may spoil what the ones before it have overwritten.
            lasting = {q for q in after.places if not any(isinstance(a, Var) and a in inside for a in q)}
            return State(before.places & lasting, False)
        covered = {c for q in after.places if (c := self._covered(s, mirrored, q, p, inside)) is not None}
        return State(before.places | covered, before.pure)

    def _covered(self, s: For | While, mirrored: Stmt | None, place: Place, p: Var, inside: set[Var]) -> Place | None:
        """The place that a loop overwrites whose iterations overwrite ``place``."""
        over = mirrored if isinstance(s, For) and isinstance(s.domain, Mirror) else s
        if not isinstance(over, For) or not isinstance(p.type, Array) or any(
                not isinstance(e, Next) for e in loop_ends(over.body)):
            return None
        axes = [k for k, a in enumerate(place) if a in (s.index if isinstance(s, For) else None, over.index)]
        if len(axes) != 1 or not self._runs_over(over, p.type.dims[axes[0]]):
            return None
        out = tuple(None if k == axes[0] else a for k, a in enumerate(place))
        return out if not any(isinstance(a, Var) and a in inside for a in out) else None

    def _runs_over(self, loop: For, axis: Dim) -> bool:
        """Whether a loop visits each position of an axis."""
        d = loop.domain
        if not isinstance(d, Range):
            return False
        start, stop = self.length(d.start), self.length(d.stop)
        if d.step == Lit(1):
            return start == Dim.constant(0) and stop == axis
        return d.step == Lit(-1) and d.stop == Lit(-1) and start is not None and start + 1 == axis


def place_of(index: Arg, rank: int) -> Place | None:
    """The place that an index of integers and whole axes names; None for another index.

    >>> place_of(Lit(2), 2)
    (Lit(value=2), None)
    >>> place_of(Lit(...), 1)
    (None,)
    """
    items = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    if Lit(...) in items:
        at = items.index(Lit(...))
        items = (*items[:at], *[_WHOLE] * (rank - len(items) + 1), *items[at + 1:])
    out: list[Arg | None] = []
    for a in items:
        if a == _WHOLE:
            out.append(None)
        elif isinstance(a, Lit) and type(a.value) is int or isinstance(a, Var) and isinstance(a.type, Scalar):
            out.append(a)
        else:
            return None
    return (*out, *[None] * (rank - len(out))) if len(out) <= rank else None
