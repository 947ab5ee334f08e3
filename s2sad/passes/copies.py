"""Putting copies into a function, at places where buffers change hands or are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from s2sad.passes.handover import INIT, NEXT, OUT, RESULT, UPDATE, VIEW, YIELD, Wanted
from s2sad.trace.ir import NONE, Arg, Block, Break, For, If, Next, Op, Return, Stmt, Trace, Var, While, Yield
from s2sad.trace.types import BOOL
from s2sad.trace.walk import blocks, blocks_of, inner_defs, substitute, targets_of, uses, with_blocks


def with_copies(trace: Trace, wanted: Wanted, outer: frozenset[int] | None, missing: Collection[Var] = ()) -> Trace:
    """The function with copies at the wanted places; the pullback of a split function copies its own results.

    What goes on a tape is copied where it is made: what it is taken from may change before the iteration ends.  What
    may be ``missing`` is looked at first: None stays None.
    """
    kept: dict[Var, Var] = {}
    for b in blocks(trace.body):
        if isinstance(b.end, (Next, Break)):
            for k, a in enumerate(b.end.outs):
                if (OUT, id(b.end), k) in wanted and isinstance(a, Var):
                    kept.setdefault(a, Var(a.type, a.hint))
    body = _insert(trace.body, wanted, kept, outer, missing)
    first = tuple(_kept(p, kept[p], None) for p in trace.params if p in kept)
    return replace(trace, body=Block((*first, *body.stmts), body.end))


def with_entry(trace: Trace, p: Var) -> tuple[Trace, Var]:
    """The function with a parameter copied before anything else is done with it, and the copy."""
    copied = Var(p.type, p.hint)
    at = next(k for k, s in enumerate(trace.body.stmts) if p in uses(Block((s,), None)))
    body = substitute(trace.body, {p: copied})
    return replace(trace, body=Block((*body.stmts[:at], _kept(p, copied, trace.body.stmts[at]), *body.stmts[at:]),
                                     body.end)), copied


def _insert(block: Block, wanted: Wanted, kept: Mapping[Var, Var], outer: frozenset[int] | None,
            missing: Collection[Var]) -> Block:
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            stmts += _around(stmt, wanted)
        else:
            stmts.append(_inside(stmt, wanted, kept, outer, stmts, missing))
        stmts += [_kept(v, kept[v], stmt) for v in targets_of(stmt) if v in kept]
    end = block.end
    if isinstance(end, (Yield, Next, Break, Return)):
        kind = YIELD if isinstance(end, Yield) else RESULT if isinstance(end, Return) else NEXT
        near = block.stmts[-1] if block.stmts else None
        split = kind == RESULT and outer is not None
        # What is returned is there.
        values = tuple(_copy(a, near, stmts, sweep=("primal" if k in (outer or ()) else "adjoint") if split else "",
                             missing=() if kind == RESULT else missing)
                       if (kind, id(end), k) in wanted else a for k, a in enumerate(end.values))
        if isinstance(end, (Next, Break)):
            outs = tuple(kept[a] if (OUT, id(end), k) in wanted and isinstance(a, Var) else a
                         for k, a in enumerate(end.outs))
            end = replace(end, values=values, outs=outs) if (values, outs) != (end.values, end.outs) else end
        elif values != end.values:
            end = replace(end, values=values)
    return Block(tuple(stmts), end)


def _around(op: Op, wanted: Wanted) -> list[Stmt]:
    """An operation with a copy of the buffer it updates before it, or of the view it makes after it."""
    stmts: list[Stmt] = []
    if (UPDATE, id(op), 0) in wanted:
        op = replace(op, args=(_copy(op.args[0], op, stmts), *op.args[1:]))
    elif (VIEW, id(op), 0) in wanted and op.target is not None:
        view = Var(op.target.type)
        return [replace(op, target=view), Op(op.target, "copy", (view,), (), op.site, op.sweep)]
    return [*stmts, op]


def _inside(stmt: Stmt, wanted: Wanted, kept: Mapping[Var, Var], outer: frozenset[int] | None,
            stmts: list[Stmt], missing: Collection[Var]) -> Stmt:
    """A statement with copies in its blocks; those of a loop's first values go before it."""
    old, key = stmt, id(stmt)
    if isinstance(stmt, (For, While)):
        inits = tuple(_copy(a, stmt, stmts, p.hint, missing=missing) if (INIT, key, k) in wanted else a
                      for k, (a, p) in enumerate(zip(stmt.inits, stmt.params)))
        stmt = replace(stmt, inits=inits)
    inner = [_insert(b, wanted, kept, outer, missing) for b in blocks_of(stmt)]
    heads = tuple(_kept(v, kept[v], old) for v in inner_defs(old) if v in kept)
    if heads:
        inner[-1] = Block((*heads, *inner[-1].stmts), inner[-1].end)
    return with_blocks(stmt, tuple(inner))


def _kept(v: Var, target: Var, near: Stmt | None) -> Op:
    site = near.site if isinstance(near, Op) else Op(None, "", ()).site
    return Op(target, "copy", (v,), (), site, near.sweep if near is not None else "primal")


def _copy(a: Arg, near: Stmt | None, stmts: list[Stmt], hint: str = "", sweep: str = "",
          missing: Collection[Var] = ()) -> Arg:
    """Append a copy of ``a`` to the statements."""
    assert isinstance(a, Var)
    target = Var(a.type, hint)
    made = _kept(a, target, near)
    made = replace(made, sweep=sweep or (near.sweep if near is not None else "adjoint"))
    if a not in missing:
        stmts.append(made)
        return target
    is_none, result = Var(BOOL), Var(a.type, hint)
    stmts.append(Op(is_none, "is", (a, NONE), (), made.site, made.sweep))
    stmts.append(If(is_none, Block((), Yield((NONE,))), Block((made,), Yield((target,))), (result,), made.site,
                    made.sweep))
    return result
