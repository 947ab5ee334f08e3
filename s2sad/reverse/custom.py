"""Calls of functions whose derivative their author has given.

In the place of ``y = f(x)`` there stands, if there is a function for the forward sweep, ``y, kept = f_fwd(x)``; in the
reverse sweep ``x_bar = f_rev(x, kept, y_bar)``.  A function that is given by its tangent only is transposed: the
tangent is linear in ``x_dot``, so that its adjoint by ``x_dot`` needs no value of it.  A function to be computed again
keeps nothing: its reverse is the whole derivative, ``x_bar = f_vjp(x, y_bar)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from s2sad.analysis.activity import returns
from s2sad.analysis.shapes import is_sure
from s2sad.errors import UnsupportedError
from s2sad.passes import TIDY, run
from s2sad.passes.dce import dce
from s2sad.passes.effects import is_pure
from s2sad.passes.family import Family, flat_function
from s2sad.passes.fuse import fuse
from s2sad.passes.inline import axes_in_call
from s2sad.passes.record import record
from s2sad.rules.builder import type_of
from s2sad.trace.ends import called
from s2sad.trace.ir import Arg, Block, Call, Leaf, Lit, Node, Op, Return, Stmt, Trace, Var
from s2sad.trace.walk import blocks_of, statements, substitute, uses, with_blocks
from s2sad.trace.where import location_of

# Makes the adjoint of a trace by the params that are marked, from seeds for the results that are counted.
Reverse = Callable[[Trace, Sequence[bool], Sequence[int] | None], Trace]
# Operations that read nothing of an operand but its shape.
_SHAPES = frozenset(("shape", "size", "ndim", "len", "zeros_like", "np.zeros_like", "np.ones_like"))
_LIKE = frozenset(("expand", "unbroadcast", "cast"))
# Effects that may happen twice: the second time nothing is raised.
_CHECKS = frozenset(("assert", "check_length", "raise"))


@dataclass(frozen=True)
class Given:
    """How the reverse sweep goes through a call: what function it calls, with what of the forward sweep.

    ``width`` is the number of the results that have adjoints, ``moving`` are the operands that get them.  The results
    of an ``identity`` are its first operands.
    """

    function: str
    kept: tuple[Arg, ...]
    moving: tuple[int, ...]
    width: int
    identity: bool = False


def forward_call(family: Family, call: Call, live: Collection[Var]) -> Call:
    """A call of a function with a derivative of its own as it stands in the forward sweep."""
    f = family.traces[call.callee]
    assert f.custom is not None
    if not f.custom.fwd or not any(call.args[k] in live for k in f.custom.pulled):
        return call
    fwd = family.traces[f.custom.fwd]
    own = axes_in_call(fwd.params, call.args)
    kept = (Var(own(type_of(a)), a.hint if isinstance(a, Var) else "")
            for a in returns(fwd.body)[0].values[len(call.targets):])
    family.stands_for[fwd.name] = f.name
    return replace(call, targets=(*call.targets, *kept), callee=fwd.name)


def without_identities(body: Block, family: Family) -> Block:
    """A body with its reverse sweep, where nothing goes through identities any more.

    What they do to adjoints is written out in the sweep: a derivative of this one is that of what is written.  Of a
    function that is still called as it is, such as one that is computed again, a copy is called in which it is so, too.
    """
    same: dict[Var, Arg] = {}

    def plain(f: Trace) -> Trace:
        return replace(f, body=without_identities(f.body, family))

    def go(block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            f = family.traces.get(s.callee) if isinstance(s, Call) else None
            if isinstance(s, Call) and f is not None and f.custom is not None and f.custom.identity:
                same.update((t, same.get(a, a) if isinstance(a, Var) else a) for t, a in zip(s.targets, s.args))
            elif isinstance(s, Call) and f is not None and _has_identity(f, family):
                out.append(replace(s, callee=family.request("plain", s.callee, (), plain)))
            else:
                out.append(with_blocks(s, tuple(map(go, blocks_of(s)))))
        return Block(tuple(out), block.end)

    made = go(body)
    return substitute(made, same) if same else made


def _has_identity(f: Trace, family: Family) -> bool:
    """Whether a function, or one that it calls, goes through an identity."""
    seen: set[str] = set()
    todo = [f]
    while todo:
        for name in called(todo.pop().body) - seen:
            seen.add(name)
            inner = family.traces.get(name)
            if inner is not None and inner.custom is not None and inner.custom.identity:
                return True
            if inner is not None:
                todo.append(inner)
    return False


def given(family: Family, call: Call, live: Collection[Var], reverse: Reverse) -> Given | None:
    """How the reverse sweep goes through a call, if a function with a derivative of its own is called."""
    name = family.stands_for.get(call.callee, call.callee)
    custom = family.custom(name, "rev") if name in family.traces else None
    if custom is None:
        return None
    f = family.traces[name]
    width = len(returns(f.body)[0].values)
    if custom.again:
        moving = tuple(k for k, a in enumerate(call.args) if isinstance(a, Var) and a in live)
        return Given(_again(family, f, moving, reverse), call.args, moving, width)
    if custom.rev:
        kept = call.targets[width if custom.fwd else 0:]
        return Given(custom.rev, (*call.args, *kept), custom.pulled, width, custom.identity)
    return Given(_transposed(family, f, width, reverse), call.args, custom.moving, width)


def _again(family: Family, f: Trace, moving: tuple[int, ...], reverse: Reverse) -> str:
    """``(x…, y_bar…) → x_bar…``, with a forward sweep of its own."""
    pattern = tuple(k in moving for k in range(len(f.params)))

    def make(f: Trace) -> Trace:
        _refuse_draws(family, f)
        joint = flat_function(reverse(replace(f, body=_silent(f.body), custom=None), pattern, None))
        return _adjoints_only(fuse(run(joint)), sum(pattern))

    return family.request("vjp", f.name, pattern, make)


def _transposed(family: Family, f: Trace, width: int, reverse: Reverse) -> str:
    """``(x…, y_bar…) → x_bar…`` of a function that is given by its tangent."""
    assert f.custom is not None
    count, dots = len(f.params), len(f.custom.moving)

    def make(jvp: Trace) -> Trace:
        outputs = range(width, len(returns(jvp.body)[0].values))
        wrt = [False] * count + [True] * dots
        made = _adjoints_only(run(flat_function(reverse(jvp, wrt, outputs))), dots)
        inner = made.params[count:count + dots]
        like = {v: made.params[k] for v, k in zip(inner, f.custom.moving if f.custom else ())}
        # Where the shape of a tangent is read, that of its argument will do.
        made = dce(replace(made, body=_shapes_of(made.body, made.params[:count])))
        if any(v in uses(dce(replace(made, body=_shapes_of(made.body, None))).body) for v in inner):
            raise UnsupportedError("this tangent is not linear in the tangents of the arguments, so that it has no "
                                   "adjoint", location_of(jvp.site))
        return replace(flat_function(replace(made, params=(*made.params[:count], *made.params[count + dots:]),
                                             body=substitute(made.body, like))), transparent=True)

    return family.request("transposed", f.custom.jvp, (), make)


def _adjoints_only(joint: Trace, count: int) -> Trace:
    """A function with its adjoint as one that returns the adjoints only."""
    made = run(record(joint), TIDY)
    end = made.body.end
    assert isinstance(end, Return)
    bars = end.values[len(end.values) - count:]
    result = Node("tuple", tuple(Leaf(k) for k in range(count)))
    return flat_function(dce(replace(made, body=Block(made.body.stmts, Return(bars)), result=result, given=None)))


def _shapes_of(block: Block, params: Sequence[Var] | None) -> Block:
    """A block in which shapes are asked of a parameter that has them; without parameters, of nothing at all."""
    def asked(a: Arg) -> Arg:
        if params is None or not isinstance(a, Var) or not is_sure(a.type):
            return Lit(0.0) if params is None else a
        return next((p for p in params if p.type == a.type), a)

    def change(s: Stmt) -> Stmt:
        if isinstance(s, Op) and s.fn in _SHAPES:
            return replace(s, args=tuple(map(asked, s.args)))
        return replace(s, args=(s.args[0], *map(asked, s.args[1:]))) if isinstance(s, Op) and s.fn in _LIKE else s

    return Block(tuple(with_blocks(change(s), tuple(_shapes_of(b, params) for b in blocks_of(s))) for s in block.stmts),
                 block.end)


def _silent(block: Block) -> Block:
    """A block without its effects, which the forward sweep has had."""
    return Block(tuple(with_blocks(s, tuple(map(_silent, blocks_of(s)))) for s in block.stmts
                       if not (isinstance(s, Op) and s.target is None)), block.end)


def _refuse_draws(family: Family, f: Trace) -> None:
    """Refuse to compute a function again that gives other values then, or acts on the world through others."""
    for name in sorted(_reached(family, f)):
        for s in statements(family.traces[name].body):
            if isinstance(s, Op) and not is_pure(s.fn) and s.fn not in _CHECKS and (
                    s.target is not None or name != f.name):
                raise UnsupportedError(f"'{f.name}' cannot be computed again by checkpoint: "
                                       f"{s.fn.removeprefix('.')} would run twice",
                                       location_of(s.site), "draw and print outside of it, and pass the values")


def _reached(family: Family, f: Trace) -> set[str]:
    """The functions that a function calls, directly or through others, itself among them."""
    found, todo = {f.name}, [f]
    while todo:
        for name in called(todo.pop().body) - found:
            found.add(name)
            todo.append(family.traces[name])
    return found
