"""More at the end of every iteration: a loop's body with statements after it, whichever way it ends.

    for i in range(n):                        for i in range(n):
        z = f(x[i])                               z = f(x[i])
        if z < 0.0:                               if z < 0.0:
            continue                                  s = s
        s = s + z                    ⇒            else:
                                                      s = s + z
                                                  more

Where an iteration ends in branches, these yield what they would have handed on, and what follows stands behind them.
If some of them leave the loop, they also yield whether they do, and the iteration ends by asking for it.  Where nothing
is left between a branch and that question, `threaded` lets the branch leave the loop itself again.

>>> from s2sad.trace.ir import Op, Range
>>> from s2sad.trace.types import FLOAT, INT
>>> c, s, r, z, q = Var(BOOL, "c"), *(Var(FLOAT, name) for name in "srzq")
>>> tail = If(c, Block((), Break((s,))), Block((Op(z, "neg", (s,)),), Next((z,))))
>>> loop = For(Var(INT, "i"), Range(Lit(0), Lit(3), Lit(1)), (s,), (Lit(1.0),), Block((tail,), None), (r,))
>>> body = followed(loop.body, loop, Block((Op(q, "abs", (s,)),), Next((q,))), {})
>>> [type(stmt).__name__ for stmt in body.stmts], [v.hint for v in body.stmts[0].results]
(['If', 'Op', 'If'], ['s', 'stop'])
>>> [v.hint for v in body.stmts[2].then.end.values], type(body.stmts[2].then.end).__name__
(['s', 'q'], 'Break')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from s2sad.trace.ends import tail_if
from s2sad.trace.ir import Arg, Block, Break, For, If, Lit, Next, Raise, Return, Stmt, Var, While, Yield
from s2sad.trace.types import BOOL, Tape, Type
from s2sad.trace.walk import blocks_of, substitute


def followed(body: Block, loop: For | While, more: Block, held: Mapping[Var, int],
             instead: tuple[int, ...] = ()) -> Block | None:
    """The body of a loop with more statements at the end of each iteration, which hand on more values.

    The variables ``held`` stand, in these statements, for what the iteration itself hands on at a position.  The last
    of the new values are handed on ``instead`` of those at these positions.  None if there is no place for the
    statements.
    """
    if isinstance(body.end, (Next, Break)):
        ended = (*body.end.values, *body.end.outs, Lit(isinstance(body.end, Break)))
        return _closed(body.stmts, more, held, ended, loop, instead)
    last = tail_if(body)
    if last is None:
        return body
    sides = [_goes_on(b) for b in blocks_of(last)]
    if not all(sides):
        inner = [followed(b, loop, more, held, instead) if on else b for b, on in zip(blocks_of(last), sides)]
        if inner[0] is None or inner[1] is None:
            return None
        return Block((*body.stmts[:-1], replace(last, then=inner[0], orelse=inner[1])), None)
    if any(isinstance(b.end, (Return, Raise)) for b in _tails(body)):
        return None
    types = [*(p.type for p in loop.params), *(_item(o) for o in loop.outs), BOOL]
    hints = [*(p.hint for p in loop.params), *("" for _ in loop.outs), "stop"]
    joined, values = _joined(last, [Var(t, h) for t, h in zip(types, hints)])
    return _closed((*body.stmts[:-1], joined), more, held, values, loop, instead)


def _closed(stmts: Sequence[Stmt], more: Block, held: Mapping[Var, int], ended: tuple[Arg, ...],
            loop: For | While, instead: tuple[int, ...]) -> Block:
    """Statements, more statements, and an end for both.

    ``ended`` is what the iteration itself hands on and puts on tapes, and whether it leaves the loop.
    """
    cut = len(loop.params)
    values, outs, stop = ended[:cut], ended[cut:-1], ended[-1]
    more = substitute(more, {v: values[k] for v, k in held.items()})
    assert isinstance(more.end, Next)
    kept = len(more.end.values) - len(instead)
    other = dict(zip(instead, more.end.values[kept:]))
    handed = (*(other.get(k, v) for k, v in enumerate(values)), *more.end.values[:kept])
    leave, go_on = (kind(handed, (*outs, *more.end.outs)) for kind in (Break, Next))
    if isinstance(stop, Lit):
        return Block((*stmts, *more.stmts), leave if stop.value else go_on)
    return Block((*stmts, *more.stmts, If(stop, Block((), leave), Block((), go_on), (), loop.site)), None)


def _goes_on(block: Block) -> bool:
    """Whether an iteration can come to its end through a block."""
    return any(isinstance(b.end, (Next, Break)) for b in _tails(block))


def _tails(block: Block) -> list[Block]:
    """The blocks in which control leaves a block."""
    last = tail_if(block)
    return [block] if last is None else [t for b in blocks_of(last) for t in _tails(b)]


def _item(tape: Var) -> Type:
    assert isinstance(tape.type, Tape)
    return tape.type.item


def _joined(tail: If, fresh: Sequence[Var]) -> tuple[If, tuple[Arg, ...]]:
    """An If in which iterations end as one that yields what they hand on, and whether the loop is left."""
    sides = []
    for b in blocks_of(tail):
        inner = tail_if(b)
        if inner is not None:
            made, values = _joined(inner, [Var(v.type, v.hint) for v in fresh])
            sides.append((Block((*b.stmts[:-1], made), None), values))
        else:
            assert isinstance(b.end, (Next, Break))
            sides.append((b, (*b.end.values, *b.end.outs, Lit(isinstance(b.end, Break)))))
    (then, ones), (orelse, twos) = sides
    keep = [x != y for x, y in zip(ones, twos)]
    made = replace(tail, then=Block(then.stmts, Yield(tuple(x for x, k in zip(ones, keep) if k))),
                   orelse=Block(orelse.stmts, Yield(tuple(y for y, k in zip(twos, keep) if k))),
                   results=tuple(v for v, k in zip(fresh, keep) if k))
    return made, tuple(v if k else x for v, x, k in zip(fresh, ones, keep))


def threaded(block: Block) -> Block:
    """A block that ends in asking whether to stop, right after a branch that has decided it, without the question."""
    last = tail_if(block)
    before = block.stmts[-2] if last is not None and len(block.stmts) > 1 else None
    if last is None or not isinstance(before, If) or last.cond not in before.results or last.then.stmts or (
            last.orelse.stmts):
        return block
    sides = []
    for b in blocks_of(before):
        assert isinstance(b.end, Yield)
        names = dict(zip(before.results, b.end.values))
        then, orelse = (substitute(side, names) for side in (last.then, last.orelse))
        cond = names[last.cond] if isinstance(last.cond, Var) else last.cond
        if isinstance(cond, Lit):
            sides.append(Block(b.stmts, (then if cond.value else orelse).end))
        else:
            sides.append(threaded(Block((*b.stmts, replace(last, cond=cond, then=then, orelse=orelse)), None)))
    return Block((*block.stmts[:-2], replace(before, then=sides[0], orelse=sides[1], results=())), None)
