"""Fusing: the reverse of a loop over data points runs inside the loop itself, so nothing is recorded.

    for i in range(n):                        for i in range(n):
        r = w * x[i] - y[i]                       r = w * x[i] - y[i]
        s = s + exp(r)                            s = s + exp(r)
    for i in reversed(range(n)):      ⇒           w_bar = w_bar + s_bar * exp(r) * x[i]
        w_bar = w_bar + s_bar * exp(r) * x[i]     (and no tape of r)

If what a loop L hands to the rest of the function is a sum over its iterations, s = Σ f(x_i), the reverse sweep hands
one and the same s_bar to all of them.  So an iteration can be reversed as soon as it has run, provided that s_bar is
known when the loop begins.  In the trace: let M be the twin of L, in the same block.  They are fused if

- each value that M carries is *steady* (s_bar) or a *sum* that nothing in the loop reads (w_bar), see
  `s2sad.analysis.carried`; a sum may be taken in the other order;
- what M needs from outside the loop is there before L, or can be computed there by operations that do not depend on L.
  A sum that M would go on with may come later all the same: then it is the other sum that goes on with this one;
- L is not left early in a way that cannot be written after the reversed iteration.

The fused loop carries the values of both; its body is that of L, followed by that of M.  What M read across the mirror
it now finds in the same iteration, and so do mirrored loops and branches inside, to which the same applies in turn.
Branches are merged with their twins in the same way, `if c: A … if c: A_bar ⇒ if c: A; A_bar`, inside fused loops, and
elsewhere if that lets a loop inside them be fused.

When it is worth it (`worthwhile`): the iterations are about data points, which means that they look at something by the
loop's index, and the mirrored loop reads a value the iteration has computed, which would otherwise have to be recorded
or computed again.  A loop that repeats one computation is left in the textbook's form.

Source: Hascoët, Fidanova and Held, "Adjoining independent computations", in "Automatic Differentiation of Algorithms",
Springer, 2002.

>>> from s2sad.trace.ir import Leaf, Mirror, Range, Return
>>> from s2sad.trace.types import FLOAT, INT, Array, Dim
>>> x, w, y = Var(Array("f8", (Dim.symbol("n"),)), "x"), Var(FLOAT, "w"), Var(FLOAT, "s_bar")
>>> i, k, s, s1, v, e, r = Var(INT, "i"), Var(INT, "k"), *(Var(FLOAT, name) for name in ("s", "s", "", "e", "s"))
>>> p, p1, c, q = (Var(FLOAT, name) for name in ("w_bar", "w_bar", "", "w_bar"))
>>> forth = (Op(v, "getitem", (x,), (("index", i),)), Op(e, "*", (v, w)), Op(s1, "+", (s, e)))
>>> back = (Op(c, "*", (y, e), sweep="adjoint"), Op(p1, "+", (p, c), sweep="adjoint"))
>>> loop = For(i, Range(Lit(0), Lit(3), Lit(1)), (s,), (Lit(0.0),), Block(forth, Next((s1,))), (r,))
>>> twin = For(k, Mirror(), (p,), (Lit(0.0),), Block(back, Next((p1,))), (q,), True, sweep="adjoint", twin=loop.key)
>>> print(fuse(Trace("f", (), (x, w, y), Block((loop, twin), Return((r, q))), Leaf(0))))
f() -> #0
  %s:float, %w_bar:float = for %i:int in range(0, 3, 1) carry %s_1:float = 0.0, %w_bar_1:float = 0.0:
    %v1:float = getitem(%x, index=%i)
    %e:float = %v1 * %w
    %s_2:float = %s_1 + %e
    %v2:float = %s_bar * %e  ; adjoint
    %w_bar_2:float = %w_bar_1 + %v2  ; adjoint
    next %s_2, %w_bar_2
  return %s, %w_bar
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from s2sad.analysis.carried import addend, is_steady, is_sum
from s2sad.analysis.dependence import Dependence
from s2sad.passes.effects import is_pure
from s2sad.passes.follow import followed, threaded
from s2sad.rules.static import type_of
from s2sad.trace.ends import Loop
from s2sad.trace.ir import (
    NOWHERE,
    Arg,
    Block,
    For,
    If,
    Lit,
    Next,
    Op,
    Raise,
    Stmt,
    Trace,
    Undef,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import Type, interchangeable, rank
from s2sad.trace.walk import (
    arg_vars,
    blocks,
    blocks_of,
    definitions,
    free_vars,
    inner_defs,
    own_vars,
    statements,
    substitute,
    targets_of,
    uses,
    with_blocks,
)

# Operations that cannot raise an exception: they may be computed ahead of the user's own.
_SAFE = frozenset(("+", "-", "*", "neg", "zeros_like", "cast", "copy", "expand"))
# Operations so plain that reading their result across the mirror costs nothing worth saving.
_PLAIN = frozenset(("getitem", "shape", "len", "size"))


def fuse(trace: Trace) -> Trace:
    """Fuse the loops of a linked adjoint with their twins where that is possible and worth it."""
    body, count = _fused(trace.body, False)
    return replace(trace, body=body) if count else trace


def worthwhile(loop: For | While, twin: For) -> bool:
    """Whether fusing a loop with its twin is an improvement."""
    inside = {*inner_defs(loop), *definitions(loop.body)}
    heads = {loop.index, *loop.items} if isinstance(loop, For) else set()
    points = any(v in heads for v in uses(loop.body)) or any(
        isinstance(s, Op) and s.fn == "getitem" and any(v in inside for v in arg_vars(s.kwarg("index")))
        for s in statements(loop.body))
    plain = {s.target for s in loop.body.stmts if isinstance(s, Op) and s.fn in _PLAIN
             and all(v in heads or v not in inside for v in own_vars(s))}
    return points and any(v in inside and v not in heads and v not in plain for v in free_vars(twin.body))


def _fused(block: Block, within: bool) -> tuple[Block, int]:
    """A block with what can be fused in it, and how many loops that are; ``within`` says it is part of a fused loop."""
    count, done = 0, set()
    for s in block.stmts:
        if not isinstance(s, (If, *Loop)) or s.twin is not None:
            continue
        places = [k for k, t in enumerate(block.stmts) if getattr(t, "key", None) == s.key]
        twins = [k for k, t in enumerate(block.stmts) if getattr(t, "twin", None) == s.key]
        if not places or not twins or places[0] > twins[0]:
            continue
        pair = _Pair(block, places[0], twins[0], within)
        made = pair.merged() if isinstance(s, If) else pair.fused()
        if made is not None:
            inner, found = _descend(made, s.key, within or not isinstance(s, If))
            found += not isinstance(s, If)
            if found or within:
                block, count = inner, count + found
                done.add(s.key)
    for s in block.stmts:
        if isinstance(s, (If, *Loop)) and s.key not in done:
            block, found = _descend(block, s.key, within)
            count += found
    return (threaded(block) if within else block), count


def _descend(block: Block, key: int, within: bool) -> tuple[Block, int]:
    """A block with what can be fused inside one of its statements."""
    stmts, count = list(block.stmts), 0
    for k, s in enumerate(stmts):
        if getattr(s, "key", None) == key:
            inner = []
            for b in blocks_of(s):
                made, found = _fused(b, within)
                inner.append(made)
                count += found
            stmts[k] = with_blocks(s, tuple(inner))
    return (Block(tuple(stmts), block.end), count) if count or within else (block, 0)


@dataclass(frozen=True)
class _Start:
    """How a sum of the fused loop begins.

    It begins with ``init``.  What the mirrored loop would have gone on with, if that comes later, takes the sum over at
    operand ``hook[1]`` of statement ``hook[0]``, where ``init`` stood, or is added afterwards if ``late``.  ``fixed``
    says that it is no sum but ``init`` in every iteration.
    """

    init: Arg
    moved: frozenset[int]
    hook: tuple[int, int] | None = None
    late: bool = False
    fixed: bool = False


class _Pair:
    """A statement and its twin in one block, and what stands between them."""

    def __init__(self, block: Block, first: int, second: int, within: bool) -> None:
        self.block, self.first, self.second, self.within = block, first, second, within
        self.depends = Dependence(block)
        self.count = uses(block)
        self.careful = any(map(_may_raise, block.stmts[first:second]))

    # ---- what has to be there before the first statement ----

    def lifted(self, args: Sequence[Arg]) -> frozenset[int] | None:
        """The statements that must move ahead of the first one for some values to be there; None if that cannot be."""
        found = self.depends.closure(args, self.first)
        for k in found:
            s = self.block.stmts[k]
            if k == self.first or not isinstance(s, Op) or s.target is None or not is_pure(s.fn):
                return None
            if self.careful and s.fn not in _SAFE:
                return None
        return frozenset(found)

    def start(self, v: Arg, t: Type) -> _Start | None:
        """How the sum that the twin begins with ``v`` can begin at the first statement."""
        end = v
        while True:
            moved = self.lifted((v,))
            if moved is not None:
                return _Start(v, moved)
            assert isinstance(v, Var)
            k = self.depends.where[v]
            s = self.block.stmts[k]
            if s.sweep != "adjoint" or v not in targets_of(s) or self.count[v] != 1:
                break
            options: list[tuple[int, Arg]] = []
            if isinstance(s, Op):
                options = [(j, s.args[j]) for j in addend(s) if _alike(type_of(s.args[j]), t)]
            elif isinstance(s, Loop) and v in s.results and is_sum(s, s.results.index(v)):
                options = [(s.results.index(v), s.inits[s.results.index(v)])]
            for j, u in options:
                moved = self.lifted((u,))
                if moved is not None:
                    return _Start(u, moved, (k, j))
            if not options:
                break
            v = options[0][1]
        return _Start(Lit(0.0), frozenset(), late=True) if rank(type_of(end)) == 0 else None

    def rest(self, moved: frozenset[int]) -> tuple[list[Stmt], list[Stmt]]:
        """The statements before the first one, with those that move there, and those between the two."""
        stmts = self.block.stmts
        ahead = [s if self.within else _as_setup(s) for k, s in enumerate(stmts) if k in moved]
        between = [s for k, s in enumerate(stmts) if self.first < k < self.second and k not in moved]
        return [*stmts[:self.first], *ahead], between

    # ---- loops ----

    def fused(self) -> Block | None:
        """The block with the loop and its twin in one."""
        loop, twin = self.block.stmts[self.first], self.block.stmts[self.second]
        assert isinstance(loop, Loop) and isinstance(twin, For) and isinstance(twin.body.end, Next)
        inside = {*inner_defs(loop), *definitions(loop.body)}
        if not worthwhile(loop, twin) or self.read_elsewhere(inside) or isinstance(loop, While) and (
                twin.tapes or twin.index in uses(twin.body)):
            return None
        own = {*inside, *inner_defs(twin)}
        moved = self.lifted([*(v for v in free_vars(twin.body) if v not in own), *twin.tapes])
        starts = [self.carried(twin, k) for k in range(len(twin.params))]
        if moved is None or None in starts:
            return None
        begun = [s for s in starts if s is not None]
        moved = moved.union(*(s.moved for s in begun))
        if any(s.hook is not None and s.hook[0] in moved for s in begun):
            return None
        made = _one_loop(loop, twin, begun)
        return self.with_loop(made, twin, begun, moved) if made is not None else None

    def carried(self, twin: For, k: int) -> _Start | None:
        """How the ``k``-th value that the twin carries begins in the fused loop; None if that is not known."""
        p, init = twin.params[k], twin.inits[k]
        if is_steady(twin, k):
            moved = self.lifted((init,))
            same = interchangeable(type_of(init), p.type) and not isinstance(init, Undef)
            return None if moved is None else _Start(init, moved, fixed=same)
        return self.start(init, p.type) if is_sum(twin, k) else None

    def read_elsewhere(self, inside: set[Var]) -> bool:
        """Whether a statement other than the twin looks into the loop."""
        return any(v in inside for k, s in enumerate(self.block.stmts) if k not in (self.first, self.second)
                   for v in self.depends.reads(s))

    def with_loop(self, made: For | While, twin: For, starts: Sequence[_Start], moved: frozenset[int]) -> Block:
        """The block with the fused loop, and the sums that went on from the twin's going on from it."""
        ahead, between = self.rest(moved)
        hooks: dict[int, dict[int, Var]] = {}
        names: dict[Var, Arg] = {}
        after: list[Stmt] = []
        sums = iter(made.results[len(made.results) - sum(not s.fixed for s in starts):])
        for start, init, old in zip(starts, twin.inits, twin.results):
            new = old if start.fixed else next(sums)
            if start.late:
                after.append(Op(old, "+", (init, new), (), twin.site, "adjoint"))
            elif start.hook is not None:
                hooks.setdefault(start.hook[0], {})[start.hook[1]] = new
            if start.fixed or start.hook is not None:
                names[old] = init
        places = [k for k in range(self.first + 1, self.second) if k not in moved]
        between = [_hooked(s, hooks[k]) if k in hooks else s for k, s in zip(places, between)]
        block = Block((*ahead, made, *between, *after, *self.block.stmts[self.second + 1:]), self.block.end)
        return substitute(block, names)

    # ---- branches ----

    def merged(self) -> Block | None:
        """The block with the branch and its twin in one."""
        first, twin = self.block.stmts[self.first], self.block.stmts[self.second]
        assert isinstance(first, If) and isinstance(twin, If)
        inside = {*definitions(first.then), *definitions(first.orelse)}
        needed = [v for v in self.depends.reads(twin) if v not in inside and v not in first.results]
        moved = self.lifted(needed)
        if moved is None or twin.cond != first.cond or self.read_elsewhere(inside):
            return None
        sides = []
        for a, b in zip(blocks_of(first), blocks_of(twin)):
            if not isinstance(a.end, Yield):
                return None
            b = substitute(b, dict(zip(first.results, a.end.values)))
            assert isinstance(b.end, Yield)
            sides.append(Block((*a.stmts, *b.stmts), Yield((*a.end.values, *b.end.values))))
        made = replace(first, then=sides[0], orelse=sides[1], results=(*first.results, *twin.results))
        ahead, between = self.rest(moved)
        return Block((*ahead, made, *between, *self.block.stmts[self.second + 1:]), self.block.end)


def _one_loop(loop: For | While, twin: For, starts: Sequence[_Start]) -> For | While | None:
    """The loop whose iterations are those of a loop, each followed by its reverse; None if it is left in between."""
    assert isinstance(twin.body.end, Next)
    names: dict[Var, Arg] = {twin.index: loop.index} if isinstance(loop, For) else {}
    names.update((p, s.init) for p, s in zip(twin.params, starts) if s.fixed)
    kept = [k for k, s in enumerate(starts) if not s.fixed]
    reverse = Block(twin.body.stmts, Next(tuple(twin.body.end.values[k] for k in kept), twin.body.end.outs))
    reverse = substitute(reverse, names)
    assert isinstance(reverse.end, Next)
    body = followed(loop.body, loop, reverse.stmts, reverse.end)
    if body is None:
        return None
    params, inits = tuple(twin.params[k] for k in kept), tuple(starts[k].init for k in kept)
    results = tuple(Var(r.type, r.hint) if s.hook is not None or s.late else r
                    for s, r in ((starts[k], twin.results[k]) for k in kept))
    made = replace(loop, params=(*loop.params, *params), inits=(*loop.inits, *inits),
                   results=(*loop.results, *results), outs=(*loop.outs, *twin.outs), body=body)
    if isinstance(made, For):
        made = replace(made, items=(*made.items, *twin.items), tapes=(*made.tapes, *twin.tapes))
    return made


def _hooked(stmt: Stmt, hooks: dict[int, Var]) -> Stmt:
    """A statement with operands, or the first values of sums, replaced."""
    if isinstance(stmt, Op):
        return replace(stmt, args=tuple(hooks.get(j, a) for j, a in enumerate(stmt.args)))
    assert isinstance(stmt, Loop)
    return replace(stmt, inits=tuple(hooks.get(j, a) for j, a in enumerate(stmt.inits)))


def _as_setup(stmt: Stmt) -> Stmt:
    """A statement of the adjoint as a part of the forward sweep."""
    return replace(stmt, sweep="primal", site=NOWHERE) if stmt.sweep == "adjoint" else stmt


def _alike(a: Type, b: Type) -> bool:
    return a == b or rank(a) == 0 == rank(b)


def _may_raise(stmt: Stmt) -> bool:
    """Whether a statement may raise an exception of the user's own."""
    return any(isinstance(b.end, Raise) for outer in blocks_of(stmt) for b in blocks(outer)) or any(
        isinstance(s, Op) and (s.target is None or not is_pure(s.fn))
        for s in (stmt, *(t for b in blocks_of(stmt) for t in statements(b))))
