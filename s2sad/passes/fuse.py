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

>>> from s2sad.trace.ir import Leaf, Lit, Mirror, Range, Return
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
from functools import partial

from s2sad.passes.ahead import Known, Pair, Start, asking_block, read_again
from s2sad.passes.follow import followed, threaded
from s2sad.trace.ends import Loop, loop_ends
from s2sad.trace.ir import Arg, Block, For, If, Next, Op, Stmt, Trace, Var, While, Yield
from s2sad.trace.walk import (
    arg_vars,
    blocks_of,
    definitions,
    free_vars,
    inner_defs,
    own_vars,
    statements,
    substitute,
    uses,
    with_blocks,
)

# Operations so plain that reading their result across the mirror costs nothing worth saving.
_PLAIN = frozenset(("getitem", "shape", "len", "size"))


def fuse(trace: Trace) -> Trace:
    """Fuse the loops of a linked adjoint with their twins where that is possible and worth it."""
    ops = {s.target: s for s in statements(trace.body) if isinstance(s, Op) and s.target is not None}
    body, count = _Fusing(Known(ops)).block(trace.body, False)
    return replace(trace, body=body) if count else trace


def worthwhile(loop: For | While, twin: For) -> bool:
    """Whether fusing a loop with its twin is an improvement."""
    inside = {*inner_defs(loop), *definitions(loop.body)}
    heads = {loop.index, *loop.items} if isinstance(loop, For) else set()
    points = any(v in heads for v in uses(loop.body)) or any(
        isinstance(s, Op) and s.fn == "getitem" and any(v in inside for v in arg_vars(s.kwarg("index")))
        for s in statements(loop.body))
    plain = _plain(loop, inside)
    return points and any(v in inside and v not in plain for v in free_vars(twin.body))


def _plain(loop: For | While, inside: set[Var]) -> set[Var]:
    """What an iteration reads from outside the loop at places that its indices tell."""
    plain: set[Var] = set()
    for s in (loop, *statements(loop.body)):
        if isinstance(s, For):
            plain.update((s.index, *s.items))
        elif isinstance(s, Op) and s.target is not None and s.fn in _PLAIN and all(
                v in plain or v not in inside for v in own_vars(s)):
            plain.add(s.target)
    return plain


@dataclass(frozen=True)
class _Fusing:
    """One function's fusing, and what is known about the function."""

    known: Known

    def block(self, block: Block, within: bool) -> tuple[Block, int]:
        """A block with what can be fused in it, and how many loops that are; ``within``: it is part of a fused loop."""
        count, fused = 0, []
        # The last ones first: what their twins leave behind is what the twins of those before go on with.
        for s in reversed(block.stmts):
            if not isinstance(s, (If, *Loop)) or s.twin is not None or not within and not _has_loop(s):
                continue
            places = [k for k, t in enumerate(block.stmts) if getattr(t, "key", None) == s.key]
            twins = [k for k, t in enumerate(block.stmts) if getattr(t, "twin", None) == s.key]
            if not places or not twins or places[0] > twins[0]:
                continue
            if any(isinstance(t, Op) and t.fn == "completed" for t in block.stmts[places[0]:twins[0]]):
                continue                        # an exception of the reverse sweep is none that the program expects
            pair = Pair(block, places[0], twins[0], self.known)
            if isinstance(s, If):
                made = _merged(pair, within)
                if made is not None and (within or self.inside(made, s.key, within)[1]):
                    block = made
            else:
                made = _fused(pair, within)
                if made is not None:
                    block, count = made, count + 1
                    fused.append(s.key)
        for s in block.stmts:
            if isinstance(s, (If, *Loop)):
                if isinstance(s, Loop) and s.key in fused:
                    self.known.handed.update(_free_to_hand_on(s, block, self.known))
                block, found = self.inside(block, s.key, within or s.key in fused)
                count += found
        return (threaded(block) if within else block), count

    def inside(self, block: Block, key: int, within: bool) -> tuple[Block, int]:
        """A block with what can be fused inside one of its statements."""
        stmts, count = list(block.stmts), 0
        for k, s in enumerate(stmts):
            if getattr(s, "key", None) == key:
                inner = []
                for b in blocks_of(s):
                    made, found = self.block(b, within)
                    inner.append(made)
                    count += found
                stmts[k] = with_blocks(s, tuple(inner))
        return (Block(tuple(stmts), block.end), count) if count or within else (block, 0)


def _has_loop(s: If | For | While) -> bool:
    return isinstance(s, Loop) or any(isinstance(t, Loop) for b in blocks_of(s) for t in statements(b))


def _fused(pair: Pair, within: bool) -> Block | None:
    """The block with the loop and its twin in one."""
    loop, twin = pair.block.stmts[pair.first], pair.block.stmts[pair.second]
    assert isinstance(loop, Loop) and isinstance(twin, For) and isinstance(twin.body.end, Next)
    inside = {*inner_defs(loop), *definitions(loop.body)}
    if not worthwhile(loop, twin) or pair.read_elsewhere(inside) or isinstance(loop, While) and (
            twin.tapes or twin.index in uses(twin.body)):
        return None
    handed: dict[Var, int] = {}
    twin = replace(twin, body=asking_block(twin.body, partial(_stand_in, pair, loop, handed)))
    own = {*inside, *inner_defs(twin), *handed}
    moved = pair.lifted([*(v for v in free_vars(twin.body) if v not in own), *twin.tapes])
    starts = pair.starts(loop, twin) if moved is not None else None
    if moved is None or starts is None:
        return None
    moved = moved.union(*(s.moved for s in starts))
    if any(s.hook is not None and s.hook[0] in moved for s in starts):
        return None
    made = _one_loop(loop, twin, starts, handed)
    if made is not None:
        _learn(pair.known, made, twin, starts)
    return _with_loop(pair, made, twin, starts, moved, within) if made is not None else None


def _stand_in(pair: Pair, loop: For | While, handed: dict[Var, int], v: Var) -> Var:
    """What stands in the fused loop for the shape of a buffer that the loop has written."""
    version = pair.version(v, loop.results)
    if version not in loop.results:
        return version
    j = loop.results.index(version)
    known = next((u for u, k in handed.items() if k == j), None)
    if known is None:
        known = Var(v.type, v.hint)
        handed[known] = j
    return known


def _one_loop(loop: For | While, twin: For, starts: Sequence[Start], handed: dict[Var, int]) -> For | While | None:
    """The loop whose iterations are those of a loop, each followed by its reverse; None if it is left in between."""
    assert isinstance(twin.body.end, Next)
    names: dict[Var, Arg] = {twin.index: loop.index} if isinstance(loop, For) else {}
    names.update((p, s.init) for p, s in zip(twin.params, starts) if s.fixed)
    held = handed | {p: s.hands for p, s in zip(twin.params, starts) if s.hands is not None}
    kept = [k for k, s in enumerate(starts) if s.is_carried]
    # What goes on with the contents as they are after the reverse comes last.
    free = [k for k, s in enumerate(starts) if s.private]
    reverse = Block(twin.body.stmts, Next(tuple(twin.body.end.values[k] for k in (*kept, *free)), twin.body.end.outs))
    places = tuple(s.hands for s in starts if s.private and s.hands is not None)
    body = followed(loop.body, loop, substitute(reverse, names), held, places)
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


def _learn(known: Known, made: For | While, twin: For, starts: Sequence[Start]) -> None:
    """Remember what is known of a fused loop."""
    for p, start in zip(twin.params, starts):
        if start.zero:
            known.zeros.add(p)
        if start.private and start.hands is not None and isinstance(start.init, Var):
            known.private.add(made.params[start.hands])
            known.restored[made.results[start.hands]] = start.init


def _free_to_hand_on(loop: For | While, block: Block, known: Known) -> list[Arg]:
    """What a fused loop hands on that nobody looks at."""
    return [end.values[j] for j, p in enumerate(loop.params) for end in loop_ends(loop.body)
            if p in known.private and not read_again(block, loop.results[j], known)]


def _with_loop(pair: Pair, made: For | While, twin: For, starts: Sequence[Start], moved: frozenset[int],
               within: bool) -> Block:
    """The block with the fused loop, and the sums that the twin would have gone on with going on with its sums."""
    ahead, between = pair.apart(moved, within)
    hooks: dict[int, dict[int, Var]] = {}
    names: dict[Var, Arg] = {}
    after: list[Stmt] = []
    carried = iter(made.results[len(made.results) - sum(s.is_carried for s in starts):])
    for start, init, old in zip(starts, twin.inits, twin.results):
        new = next(carried) if start.is_carried else old
        if start.late:
            after.append(Op(old, "+", (init, new), (), twin.site, "adjoint"))
        elif start.hook is not None:
            hooks.setdefault(start.hook[0], {})[start.hook[1]] = new
            names[old] = init
        elif start.hands is not None:
            any_will_do = start.private or old in pair.known.handed and pair.count[old] == 1
            names[old] = made.results[start.hands] if any_will_do else start.init
        elif start.fixed:
            names[old] = start.init
    places = [k for k in range(pair.first + 1, pair.second) if k not in moved]
    between = [_hooked(s, hooks[k]) if k in hooks else s for k, s in zip(places, between)]
    block = Block((*ahead, made, *between, *after, *pair.block.stmts[pair.second + 1:]), pair.block.end)
    return substitute(block, names)


def _hooked(stmt: Stmt, hooks: dict[int, Var]) -> Stmt:
    """A statement with operands, or the first values of sums, replaced."""
    if isinstance(stmt, Op):
        return replace(stmt, args=tuple(hooks.get(j, a) for j, a in enumerate(stmt.args)))
    assert isinstance(stmt, Loop)
    return replace(stmt, inits=tuple(hooks.get(j, a) for j, a in enumerate(stmt.inits)))


def _merged(pair: Pair, within: bool) -> Block | None:
    """The block with the branch and its twin in one."""
    first, twin = pair.block.stmts[pair.first], pair.block.stmts[pair.second]
    assert isinstance(first, If) and isinstance(twin, If)
    inside = {*definitions(first.then), *definitions(first.orelse)}
    needed = [v for v in pair.depends.reads(twin) if v not in inside and v not in first.results]
    moved = pair.lifted(needed)
    if moved is None or twin.cond != first.cond or pair.read_elsewhere(inside):
        return None
    sides = []
    for a, b in zip(blocks_of(first), blocks_of(twin)):
        if not isinstance(a.end, Yield):
            return None
        b = substitute(b, dict(zip(first.results, a.end.values)))
        assert isinstance(b.end, Yield)
        sides.append(Block((*a.stmts, *b.stmts), Yield((*a.end.values, *b.end.values))))
    made = replace(first, then=sides[0], orelse=sides[1], results=(*first.results, *twin.results))
    ahead, between = pair.apart(moved, within)
    return Block((*ahead, made, *between, *pair.block.stmts[pair.second + 1:]), pair.block.end)
