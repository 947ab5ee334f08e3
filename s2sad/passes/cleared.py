"""Places of an adjoint that are set to zero though nobody reads them again.

    y_bar = y_bar.copy()
    for i in reversed(range(n)):                       for i in reversed(range(n)):
        v_bar = y_bar[i]                       ⇒           x_bar[i] += y_bar[i] * np.cos(x[i])
        y_bar[i] = 0.0
        x_bar[i] += v_bar * np.cos(x[i])

The adjoint of a place that the program overwrites is zero before that.  A loop that fills an array overwrites another
place in each iteration; where the loop's adjoint reads each place once, in the iteration that clears it, and nobody
reads the array after the loop, clearing makes no difference.  Adding to places makes none either.

An index is another one in each iteration if it has the number of the iteration, which must not be below zero, among its
integers; two are different places if they have different literal integers at one position.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT, INT, Array, Dim
>>> vector = Array("f8", (Dim.symbol("n"),))
>>> y, p, q, r, v, i = Var(vector, "y"), Var(vector, "p"), Var(vector, "q"), Var(vector, "r"), Var(FLOAT, "v"), Var(INT)
>>> read, zero = (Op(v, "getitem", (p,), (("index", i),), sweep="adjoint"),
...               Op(q, "setitem", (p, Lit(0.0)), (("index", i),), sweep="adjoint"))
>>> loop = For(i, Range(Lit(0), Lit(9), Lit(1)), (p,), (y,), Block((read, zero), Next((q,))), (r,), sweep="adjoint")
>>> print(drop_clearing(Trace("f", (), (y,), Block((loop,), Return((y,))), Leaf(0))))
f() -> #0
  %r:f8[n] = for %v1:int in range(0, 9, 1) carry %p:f8[n] = %y:  ; adjoint
    %v:float = getitem(%p, index=%v1)  ; adjoint
    next %p
  return %y
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from s2sad.rules.infer_index import index_items
from s2sad.trace.ends import everywhere, loop_ends
from s2sad.trace.ir import NONE, Arg, Block, For, If, Lit, Next, Op, Range, Stmt, Trace, Var, Yield
from s2sad.trace.walk import arg_vars, blocks_of, end_args, statements, substitute, uses, with_blocks


def drop_clearing(trace: Trace) -> Trace:
    """Leave places as they are that have been read for the last time, here and in the traces called."""
    return everywhere(trace, _without)


class _OtherUseError(Exception):
    """An array is used in another way than place by place."""


@dataclass
class _Uses:
    """What a loop does to an array: the places it reads and clears, each with the loops around, and how it clears."""

    places: list[tuple[Arg, tuple[For, ...]]] = field(default_factory=list)
    clears: list[Op] = field(default_factory=list)

    def follow(self, block: Block, v: Var, loops: tuple[For, ...]) -> Var:
        """The last version in a block of an array of which ``v`` is the version where the block begins."""
        older: set[Var] = set()
        for s in block.stmts:
            read = uses(Block((s,), None))
            if any(read[o] for o in older):
                raise _OtherUseError
            if read[v]:
                new = self.step(s, v, read[v], loops)
                if new is not v:
                    older.add(v)
                    v = new
        handed = Counter(x for a in end_args(block.end) for x in arg_vars(a))
        if any(handed[o] for o in older) or handed[v] > 1:
            raise _OtherUseError
        return v

    def step(self, s: Stmt, v: Var, count: int, loops: tuple[For, ...]) -> Var:
        """The version of the array after a statement that uses it so many times."""
        if isinstance(s, Op) and count == 1 and s.args[:1] == (v,) and s.target is not None and s.sweep != "primal":
            index = s.kwarg("index")
            if s.fn == "scatter_add":
                return s.target
            clears = s.fn == "setitem" and s.args[1] in (Lit(0.0), Lit(0)) and s.kwarg("view") == NONE
            if clears or s.fn == "getitem" and all(op.kwarg("index") != index for op in self.clears):
                if (index, loops) not in self.places:
                    self.places.append((index, loops))
                if clears:
                    self.clears.append(s)
                return s.target if clears else v
        elif isinstance(s, For) and count == 1 and v in s.inits and s.sweep != "primal":
            k = s.inits.index(v)
            if self.goes_through(s, k, loops):
                return s.results[k]
        elif isinstance(s, If) and isinstance(s.then.end, Yield) and isinstance(s.orelse.end, Yield) and (
                s.sweep != "primal"):
            before = list(self.clears)
            one = self.follow(s.then, v, loops)
            after, self.clears = self.clears, before
            two = self.follow(s.orelse, v, loops)
            self.clears = [*after, *(op for op in self.clears if op not in before)]
            for r, ends in zip(s.results, zip(s.then.end.values, s.orelse.end.values)):
                if ends == (one, two):
                    return r
        raise _OtherUseError

    def goes_through(self, loop: For, k: int, loops: tuple[For, ...] = ()) -> bool:
        """Whether a loop hands on what it carries at a position, changed place by place."""
        end = loop.body.end
        return isinstance(end, Next) and loop_ends(loop.body) == (end,) and (
            self.follow(loop.body, loop.params[k], (*loops, loop)) is end.values[k])


def _without(body: Block) -> Block:
    count, every = uses(body), list(statements(body))
    loops = {s.key: s for s in every if isinstance(s, For)}
    made = {s.target: s for s in every if isinstance(s, Op) and s.target is not None}
    dropped: dict[Var, Arg] = {}
    for loop in loops.values():
        for k, result in enumerate(loop.results):
            if count[result] or loop.sweep == "primal":
                continue
            found = _Uses()
            try:
                goes = found.goes_through(loop, k)
            except _OtherUseError:
                goes = False
            if goes and _read_once(found, loops, made):
                dropped.update((op.target, op.args[0]) for op in found.clears if op.target is not None)

    def shown(v: Arg) -> Arg:
        while isinstance(v, Var) and v in dropped:
            v = dropped[v]
        return v

    def go(block: Block) -> Block:
        return Block(tuple(with_blocks(s, tuple(map(go, blocks_of(s)))) for s in block.stmts
                           if not (isinstance(s, Op) and s.target in dropped)), block.end)

    return substitute(go(body), {v: shown(v) for v in dropped}) if dropped else body


def _read_once(found: _Uses, loops: Mapping[int, For], made: Mapping[Var, Op]) -> bool:
    """Whether each place is read in one iteration only."""
    return all(_counts(index, loops.get(loop.twin or -1, loop), made) for index, around in found.places
               for loop in around) and all(_differ(a, b) for k, (a, _) in enumerate(found.places)
                                           for b, _ in found.places[:k])


def _counts(index: Arg, loop: For, made: Mapping[Var, Op]) -> bool:
    """Whether an index is another place in each iteration of a loop."""
    d = loop.domain
    if not isinstance(d, Range):
        return False
    up = isinstance(d.start, Lit) and d.start.value >= 0 and d.step == Lit(1)
    down = isinstance(d.stop, Lit) and d.stop.value >= -1 and d.step == Lit(-1)

    def is_number(i: Arg) -> bool:
        op = made.get(i) if isinstance(i, Var) else None
        return i is loop.index or op is not None and op.fn == "+" and op.args[0] is loop.index and (
            isinstance(op.args[1], Lit) and type(op.args[1].value) is int and op.args[1].value >= 0)

    return (up or down) and any(map(is_number, index_items(index)))


def _differ(one: Arg, two: Arg) -> bool:
    """Whether two indices surely are different places."""
    return any(isinstance(a, Lit) and isinstance(b, Lit) and type(a.value) is type(b.value) is int
               and a.value != b.value and min(a.value, b.value) >= 0
               for a, b in zip(index_items(one), index_items(two)))
