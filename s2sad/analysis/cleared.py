"""Which parts of an array are zero for certain, wherever it has come from: the adjoint of what is overwritten.

    for i in range(n):                         for i in reversed(range(n)):
        for j in range(d):                         … += …                         (reads of row)
            row[j] = x[i, j] * w[j]     ⇒          for j in reversed(range(d)):
        …                                              … = row_bar[j]
                                                       row_bar[j] = 0.0

Each iteration overwrites the work array ``row`` before it reads it, so it leaves an adjoint behind that is zero: the
loop over j clears element j of an array of as many elements as it has iterations.  If the first iteration starts with
zero, they all do, and do not depend on each other through it.

A *place* has one entry for each axis: None for the whole axis, or the index of one position.  Places are joined over
loops: where every iteration leaves place ``j`` cleared, and j runs over the whole axis, the axis is.
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
_WHOLE = (Lit(...), Slc(NONE, NONE, NONE))


@dataclass(frozen=True)
class _State:
    """The places that are zero, and whether nothing but zeros has been written since the beginning."""

    places: frozenset[Place] = frozenset()
    pure: bool = True


class Cleared:
    """Answers about one block.

    ``loops`` are the loops that twins mirror, by key; ``length`` the axis length that an operand stands for, if known.
    """

    def __init__(self, block: Block, loops: Mapping[int, Stmt], length: Callable[[Arg], Dim | None]) -> None:
        self.loops, self.length = loops, length
        self.maker: dict[Var, Stmt] = {v: s for s in statements(block) for v in targets_of(s)}

    def is_zero(self, v: Arg) -> bool:
        """Whether a value is a new array of zeros."""
        s = self.maker.get(v) if isinstance(v, Var) else None
        return isinstance(s, Op) and s.fn in ZEROS

    def stays_zero(self, loop: For | While, k: int) -> bool:
        """Whether each iteration that starts with zero as the ``k``-th carried value hands on zero."""
        p, end = loop.params[k], loop.body.end
        if not isinstance(p.type, Array) or not isinstance(end, Next):
            return False
        whole: Place = (None,) * len(p.type.dims)
        start = _State(frozenset((whole,)))
        return whole in self._state(end.values[k], {p: start}).places

    def _state(self, v: Arg, known: Mapping[Var, _State]) -> _State:
        if not isinstance(v, Var):
            return _State(pure=False)
        if v in known:
            return known[v]
        s = self.maker.get(v)
        if isinstance(s, Op):
            return self._op(s, known)
        if isinstance(s, If):
            return self._branch(s, s.results.index(v), known)
        if isinstance(s, (For, While)) and v in s.results:
            return self._loop(s, s.results.index(v), known)
        return _State(pure=False)

    def _op(self, s: Op, known: Mapping[Var, _State]) -> _State:
        assert s.target is not None
        t = s.target.type
        if s.fn in ZEROS and isinstance(t, Array):
            return _State(frozenset(((None,) * len(t.dims),)))
        if s.fn != "setitem" or s.args[1] != Lit(0.0) or not isinstance(t, Array):
            return _State(pure=False)
        before = self._state(s.args[0], known)
        place = _place(s.kwarg("index"), len(t.dims)) if s.kwarg("view") == NONE else None
        return _State(before.places | {place}, before.pure) if place is not None else before

    def _branch(self, s: If, k: int, known: Mapping[Var, _State]) -> _State:
        if not isinstance(s.then.end, Yield) or not isinstance(s.orelse.end, Yield):
            return _State(pure=False)
        one, two = (self._state(end.values[k], known) for end in (s.then.end, s.orelse.end))
        return _State(one.places & two.places, one.pure and two.pure)

    def _loop(self, s: For | While, k: int, known: Mapping[Var, _State]) -> _State:
        p, end = s.params[k], s.body.end
        if not isinstance(end, Next):
            return _State(pure=False)
        before = self._state(s.inits[k], known)
        after = self._state(end.values[k], {p: _State()})
        inside = {*inner_defs(s), *definitions(s.body)}
        mirrored = self.loops.get(s.twin) if s.twin is not None else None
        if isinstance(mirrored, (For, While)):
            inside.update((*inner_defs(mirrored), *definitions(mirrored.body)))
        everywhere = {q for q in after.places if not any(isinstance(a, Var) and a in inside for a in q)}
        if not after.pure:
            # Each iteration may spoil what the ones before it have cleared.
            return _State(before.places & everywhere, False)
        covered = {c for q in after.places if (c := self._covered(s, mirrored, q, p, inside)) is not None}
        return _State(before.places | covered, before.pure)

    def _covered(self, s: For | While, mirrored: Stmt | None, place: Place, p: Var, inside: set[Var]) -> Place | None:
        """The place that a loop clears whose iterations clear ``place``."""
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


def _place(index: Arg, rank: int) -> Place | None:
    """The place that a basic index names; None if it is another one."""
    items = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    if Lit(...) in items:
        at = items.index(Lit(...))
        items = (*items[:at], *[_WHOLE[1]] * (rank - len(items) + 1), *items[at + 1:])
    out: list[Arg | None] = []
    for a in items:
        if a == _WHOLE[1]:
            out.append(None)
        elif isinstance(a, Lit) and type(a.value) is int or isinstance(a, Var) and isinstance(a.type, Scalar):
            out.append(a)
        else:
            return None
    return (*out, *[None] * (rank - len(out))) if len(out) <= rank else None
