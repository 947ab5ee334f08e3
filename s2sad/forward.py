"""Forward mode: a trace with its tangents, Trace → Trace.

Each operation ``z = f(x, y)`` is preceded by ``z_dot = Σ ∂f/∂x·x_dot``; each branch yields, and each loop carries, the
tangents of what it yields and carries.  The tangent of a variable that does not depend on the inputs is not computed.

Source: Griewank and Walther, "Evaluating Derivatives", 2nd ed., table 3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s2sad.analysis.activity import LINEAR, returns, varied
from s2sad.analysis.draws import refuse_moving_draws
from s2sad.analysis.globals import refuse_moving_globals
from s2sad.errors import NotApplicable, TypeRefusal, UnsupportedError
from s2sad.passes.dce import is_effect
from s2sad.passes.family import Family, called, dot_name, flat_function, map_tree, named, seed_inputs, zero
from s2sad.passes.inline import inlined
from s2sad.passes.parts import Parts, parts_of, with_all_parts
from s2sad.rules.builder import Builder, type_of
from s2sad.rules.raising import class_of, derivative_raises
from s2sad.rules.table import tangent, tangents
from s2sad.trace.ir import (
    NONE,
    UNDEF,
    Arg,
    Block,
    Break,
    Call,
    Const,
    Custom,
    End,
    For,
    If,
    Lit,
    Next,
    Node,
    Op,
    Return,
    Stmt,
    Trace,
    Try,
    Undef,
    Var,
    While,
    With,
    Yield,
)
from s2sad.trace.types import Tuple, is_differentiable
from s2sad.trace.walk import clone, statements, uses
from s2sad.trace.where import location_of

# What only looks.
_CHECKS = frozenset(("raise", "assert", "check_length", "completed", "done"))


def forward(trace: Trace, wrt: Sequence[bool], outputs: Sequence[int] | None = None) -> Trace:
    """The tangent of a trace: ``(x…, x_dot…) → (y, y_dot)``.

    `wrt` says for each of the trace's params whether it has a tangent.  The result is the pair of the original result
    and its tangent, in the same structure; parts that are not differentiable have the tangent None.  `outputs` are the
    result leaves that have a tangent (default: all that are differentiable).

    >>> from s2sad.trace.types import FLOAT
    >>> from s2sad.trace.ir import Input, Leaf
    >>> x, y = Var(FLOAT, "x"), Var(FLOAT, "y")
    >>> block = Block((Op(y, "*", (x, x)),), Return((y,)))
    >>> t = forward(Trace("f", (Input("x", Leaf(0)),), (x,), block, Leaf(0)), [True])
    >>> [i.name for i in t.inputs]
    ['x', 'x_dot']
    """
    family = Family(trace)
    return family.finish(_forward(trace, wrt, family, outputs))


def _forward(trace: Trace, wrt: Sequence[bool], family: Family, outputs: Sequence[int] | None = None) -> Trace:
    trace = with_all_parts(trace)
    seeds = {k: Var(p.type, dot_name(p)) for k, (p, w) in enumerate(zip(trace.params, wrt))
             if w and is_differentiable(p.type)}
    ends = returns(trace.body)
    width = len(ends[0].values) if ends else 0
    leaves = [k for k in range(width) if (outputs is None or k in outputs)
              and any(is_differentiable(type_of(e.values[k])) for e in ends)]
    moving = varied(trace, [trace.params[k] for k in seeds])
    refuse_moving_draws(trace, moving)
    refuse_moving_globals(trace, moving, family.program)
    maker = _Forward(family, moving, leaves)
    maker.parts = parts_of(trace.body)
    maker.dots.update({trace.params[k]: v for k, v in seeds.items()})
    body = maker.block(trace.body, Builder())
    places = {k: len(trace.params) + j for j, k in enumerate(seeds)}
    trees = [(f"{i.name}_dot", map_tree(i.tree, places), UNDEF) for i in trace.inputs]
    inputs = seed_inputs(trace.inputs, [(n, t, d) for n, t, d in trees if t is not None])
    dots = map_tree(trace.result, {k: width + j for j, k in enumerate(leaves)})
    result = Node("tuple", (trace.result, Const(None) if dots is None else called(dots, "result", "_dot")))
    return inlined(Trace(f"{trace.name}_jvp", inputs, (*trace.params, *seeds.values()), body, result, (), trace.site,
                         comments=trace.comments, remarks=trace.remarks,
                         given=tuple(range(width)) if trace.given is None else trace.given), family.traces,
                   tangents=True)


class _Forward:
    """One forward transformation: the tangents of the variables met so far."""

    def __init__(self, family: Family, varied_vars: set[Var], leaves: list[int]) -> None:
        self.family, self.varied, self.leaves = family, varied_vars, leaves
        self.dots: dict[Var, Arg] = {}
        self.parts: Parts = {}

    def dot(self, arg: Arg) -> Arg | None:
        return self.dots.get(arg) if isinstance(arg, Var) else None

    def dot_or_zero(self, b: Builder, arg: Arg) -> Arg:
        dot = self.dot(arg)
        return dot if dot is not None else UNDEF if isinstance(arg, Undef) else zero(b, arg)

    def new_dot(self, v: Var) -> Var:
        made = Var(v.type, dot_name(v))
        self.dots[v] = made
        return made

    def doubles(self, variables: tuple[Var, ...]) -> tuple[Var, ...]:
        return tuple(self.new_dot(v) for v in variables if v in self.varied)

    def extra(self, b: Builder, holders: tuple[Var, ...], values: tuple[Arg, ...]) -> tuple[Arg, ...]:
        """The tangents of ``values`` for those of their holders that have one."""
        b.sweep = "tangent"
        made = tuple(NONE if value == NONE else self.dot_or_zero(b, value)
                     for h, value in zip(holders, values) if h in self.varied)
        b.sweep = "primal"
        return made

    def block(self, block: Block, b: Builder, loop: For | While | None = None, results: tuple[Var, ...] = ()) -> Block:
        for stmt in block.stmts:
            b.site = stmt.site
            self.stmt(stmt, b, loop)
        return b.block(self.end(block.end, b, loop, results))

    def end(self, end: End, b: Builder, loop: For | While | None, results: tuple[Var, ...]) -> End:
        if isinstance(end, Return):
            b.sweep = "tangent"
            return Return(end.values + tuple(self.dot_or_zero(b, end.values[k]) for k in self.leaves))
        if isinstance(end, Yield):
            return Yield(end.values + self.extra(b, results, end.values))
        if isinstance(end, (Next, Break)):
            assert loop is not None
            return replace(end, values=end.values + self.extra(b, loop.params, end.values),
                           outs=end.outs + self.extra(b, loop.outs, end.outs))
        return end

    def stmt(self, s: Stmt, b: Builder, loop: For | While | None) -> None:
        if isinstance(s, Op):
            self.op(s, b)
        elif isinstance(s, Call):
            self.call(s, b)
        elif isinstance(s, If):
            try_ = s.guard if isinstance(s.guard, Try) else None
            then = self.tried(s, try_, b, loop) if try_ is not None else self.block(s.then, b.fork(), loop, s.results)
            orelse = self.block(s.orelse, b.fork(), loop, s.results)
            b.add(replace(s, then=then, orelse=orelse, results=s.results + self.doubles(s.results), sweep="primal",
                          twin=None))
        else:
            self.loop(s, b)

    def tried(self, s: If, guard: Try, b: Builder, loop: For | While | None) -> Block:
        """The block of a ``try``: tangents follow where it is completed; their exceptions are none of the program's.

        Where loops and branches make them inside it, and they may raise what the program expects of itself, the
        program's own statements are tried alone first.
        """
        stmts = s.then.stmts
        at = next((k for k, t in enumerate(stmts) if isinstance(t, Op) and t.fn == "completed"), len(stmts))
        kinds = tuple(map(class_of, guard.classes))
        inner, late = b.fork(), b.fork()
        for t in stmts[:at]:
            if not isinstance(t, Op):
                inner.stmts += late.stmts
                late.stmts.clear()
                self.stmt(t, inner, loop)
                continue
            both = b.fork()
            both.site = t.site
            self.op(t, both)
            inner.stmts += [u for u in both.stmts if u.sweep == "primal"]
            late.stmts += [u for u in both.stmts if u.sweep != "primal"]
        rest = self.block(Block(stmts[at:], s.then.end), b.fork(), loop, s.results)
        own = statements(Block(stmts[:at], None))
        divided = {a for t in own if isinstance(t, Op) and t.fn == "/" for a in t.args[1:]}
        if any(derivative_raises(t, kinds, divided) for t in inner.stmts):
            first, _ = clone(Block(stmts[:at], None), {})
            if any(isinstance(t, Op) and t.fn not in _CHECKS and is_effect(t)
                   or isinstance(t, If) and isinstance(t.guard, With) for t in statements(first)):
                raise UnsupportedError("this 'try' does things that cannot be done twice, and its tangent may raise "
                                       "what it catches", location_of(s.site),
                                       "differentiate in reverse mode, or do these things outside of it")
            return Block((*first.stmts, *rest.stmts[:1], *inner.stmts, *late.stmts, *rest.stmts[1:]), rest.end)
        return Block((*inner.stmts, *rest.stmts[:1], *late.stmts, *rest.stmts[1:]), rest.end)

    def op(self, s: Op, b: Builder) -> None:
        """The tangent goes first: it reads the operands, one of which the primal may be about to replace."""
        if s.fn == "part":
            return  # Comes with the operation that makes it.
        primal = [replace(p, sweep="primal") for p in (s, *(self.parts.get(s.target, ()) if s.target else ()))]
        if s.target is None or s.target not in self.varied:
            b.stmts += primal
            return
        inner = b.fork()
        inner.sweep = "tangent"
        if isinstance(s.target.type, Tuple):
            self.several(s, inner)
        elif s.fn in LINEAR:
            args = tuple(self.dot_or_zero(inner, a) if is_differentiable(type_of(a)) else Lit(None) for a in s.args)
            inner.add(replace(s, target=self.new_dot(s.target), args=args, sweep="tangent"))
        else:
            try:
                dot = tangent(inner, s, [self.dot(a) for a in s.args])
            except NotApplicable as reason:
                raise TypeRefusal(str(reason), location_of(s.site), reason.hint) from None
            if dot is not None:
                self.dots[s.target] = named(inner, dot, dot_name(s.target))
        read = uses(inner.block(None))
        reads_result = any(p.target in read for p in primal)
        b.stmts += [*primal, *inner.stmts] if reads_result else [*inner.stmts, *primal]

    def several(self, s: Op, b: Builder) -> None:
        """The tangents of the results of an operation that has several."""
        assert s.target is not None
        parts = [p.target for p in self.parts[s.target] if p.target is not None]
        try:
            dots = tangents(b, s, [self.dot(a) for a in s.args], parts)
        except NotApplicable as reason:
            raise TypeRefusal(str(reason), location_of(s.site), reason.hint) from None
        self.dots.update((p, named(b, dot, dot_name(p))) for p, dot in zip(parts, dots) if dot is not None)

    def call(self, s: Call, b: Builder) -> None:
        wanted = tuple(self.dot(a) is not None for a in s.args)
        custom = self.family.custom(s.callee, "jvp")
        if custom is not None and not custom.again:
            wanted = tuple(w and k in custom.moving for k, w in enumerate(wanted))
        if not any(wanted):
            b.add(replace(s, sweep="primal"))
            return
        if custom is not None and custom.identity:
            b.add(replace(s, sweep="primal"))
            self.dots.update((t, dot) for t, a in zip(s.targets, s.args) if (dot := self.dot(a)) is not None)
            return
        if custom is not None and (custom.jvp or custom.rev):
            self.given_call(s, custom, b)
            return
        callee = self.family.request("jvp", s.callee, wanted, lambda t: flat_function(_forward(t, wanted, self.family)))
        dots = tuple(self.dots[a] for a in s.args if isinstance(a, Var) and a in self.dots)
        targets = tuple(t for t in s.targets if is_differentiable(t.type))
        b.add(Call(s.targets + tuple(map(self.new_dot, targets)), callee, s.args + dots, s.site, "primal"))

    def given_call(self, s: Call, custom: Custom, b: Builder) -> None:
        """The call of a function whose tangent its author has given."""
        if not custom.jvp:
            raise UnsupportedError(f"the derivative that is given for '{s.callee.removesuffix('_primal')}' is for "
                                   "reverse mode only",
                                   location_of(s.site), "give it a tangent, too: @f.defjvp")
        b.sweep = "tangent"
        dots = tuple(self.dot_or_zero(b, s.args[k]) for k in custom.moving)
        b.sweep = "primal"
        targets = tuple(t for t in s.targets if is_differentiable(t.type))
        b.add(Call(s.targets + tuple(map(self.new_dot, targets)), custom.jvp, s.args + dots, s.site, "primal"))

    def loop(self, s: For | While, b: Builder) -> None:
        inits = s.inits + self.extra(b, s.params, s.inits)
        tapes = s.tapes + self.extra(b, s.items, s.tapes) if isinstance(s, For) else ()
        params = s.params + self.doubles(s.params)
        items = s.items + self.doubles(s.items) if isinstance(s, For) else ()
        test = self.block(s.test, b.fork()) if isinstance(s, While) else None
        body = self.block(s.body, b.fork(), s)
        results = s.results + tuple(self.new_dot(r) for p, r in zip(s.params, s.results) if p in self.varied)
        outs = s.outs + self.doubles(s.outs)
        if isinstance(s, For):
            b.add(replace(s, params=params, inits=inits, body=body, results=results, items=items, tapes=tapes,
                          outs=outs, sweep="primal", twin=None))
        else:
            assert test is not None
            b.add(replace(s, params=params, inits=inits, test=test, body=body, results=results, outs=outs,
                          sweep="primal", twin=None))

