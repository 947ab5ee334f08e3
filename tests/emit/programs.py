"""Random traces over numbers and vectors: branches, loops both ways, breaks, early returns, tapes, in-place updates."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from s2sad.rules.places import Step, view_of, viewed
from s2sad.trace.ir import UNDEF, Along, Arg, Stmt, Trace
from s2sad.trace.types import Type
from tests.emit.make import (
    BOOL,
    FLOAT,
    INT,
    NP0,
    VECTOR,
    B,
    Block,
    Break,
    For,
    If,
    Lit,
    Next,
    Return,
    Tape,
    Var,
    While,
    Yield,
    arg,
    function,
    line,
    upto,
)

HINTS = ("", "", "", "x", "s", "s", "s_bar", "t", "v1", "len")


@dataclass
class Scope:
    """What may be read here."""

    numbers: list[Var]
    vectors: list[Var]
    tapes: list[Var] = field(default_factory=list)

    def inner(self) -> Scope:
        return Scope(list(self.numbers), list(self.vectors), list(self.tapes))


class Maker:
    """Makes one program from one seed."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.sweep = "primal"

    def trace(self, split: bool = False) -> Trace:
        params = [Var(FLOAT, "x"), Var(FLOAT, "y"), Var(VECTOR, "A"), Var(INT, "n")]
        self.n = params[3]
        # The seed of a split function is there in its adjoint sweep only.
        scope = Scope(params[:1] if split else params[:2], params[2:3])
        first = self.stmts(scope, 3, 6)
        self.sweep = "adjoint"
        scope.numbers += params[1:2] if split else []
        second = self.stmts(scope, 3, 6)
        stmts = [*first, *second]
        if self.r.random() < 0.3 and not split:
            b = B(self.sweep)
            c = self.test(b, scope)
            b.add(If(c, Block((), Return(self.results(scope))), Block((), Return(self.results(scope)))))
            return function("f", params, Block((*stmts, *b.stmts), None), 4)
        return function("f", params, Block(tuple(stmts), Return(self.results(scope))), 4)

    def results(self, scope: Scope) -> tuple[Arg, ...]:
        return (self.number(scope), self.number(scope), self.r.choice(scope.vectors), self.r.choice(scope.vectors))

    def var(self, t: Type = FLOAT) -> Var:
        return Var(t, self.r.choice(HINTS))

    def number(self, scope: Scope) -> Arg:
        if self.r.random() < 0.15:
            return Lit(self.r.choice((0.0, 1.0, -0.5)))
        recent = scope.numbers[-5:] if self.r.random() < 0.7 else scope.numbers
        return self.r.choice(recent)

    def test(self, b: B, scope: Scope) -> Var:
        c = b(self.r.choice("<>"), self.number(scope), self.number(scope), t=BOOL, hint=self.r.choice(("", "", "c")))
        return c

    def stmts(self, scope: Scope, depth: int, size: int) -> list[Stmt]:
        b = B(self.sweep)
        for _ in range(self.r.randint(1, size)):
            b.site = line(self.r.randint(1, 4), "x = …")
            kind = self.r.random()
            if depth and kind < 0.2:
                self.branch(b, scope, depth)
            elif depth and kind < 0.35:
                self.loop(b, scope, depth)
            elif depth and kind < 0.42:
                self.while_loop(b, scope, depth)
            elif kind < 0.55:
                self.vector(b, scope)
            else:
                self.op(b, scope)
        return b.stmts

    def op(self, b: B, scope: Scope) -> None:
        fn = self.r.choice(("+", "-", "*", "neg", "np.sin", "getitem", "select"))
        hint = self.r.choice(HINTS)
        if fn == "getitem":
            v = b(fn, self.r.choice(scope.vectors), index=self.r.choice((0, -1)), t=NP0, hint=hint)
        elif fn == "select":
            v = b(fn, self.test(b, scope), self.number(scope), self.number(scope), hint=hint)
        elif fn in ("neg", "np.sin"):
            v = b(fn, self.number(scope), hint=hint)
        else:
            v = b(fn, self.number(scope), self.number(scope), hint=hint)
        scope.numbers.append(v)

    def vector(self, b: B, scope: Scope) -> None:
        x, hint = self.r.choice(scope.vectors[-4:]), self.r.choice(HINTS)
        kind = self.r.randrange(10)
        if kind < 6:
            v = self.store(b, scope, x, hint)
        elif kind == 6:
            v = b("getitem", x, index=slice(None, None, self.r.choice((-1, 1))), t=VECTOR, hint=hint)
        elif kind == 7:
            v = b("zeros_like", x, t=VECTOR, hint=hint)
        elif kind == 8:
            v = self.overwritten(b, scope, x, hint)
        else:
            v = b("*", x, self.number(scope), t=VECTOR, hint=hint)
        scope.vectors.append(v)

    def store(self, b: B, scope: Scope, x: Var, hint: str) -> Var:
        """An update in place, perhaps through a view, perhaps of what the place holds, perhaps of a whole array."""
        view: list[Step] = []
        if self.r.random() < 0.3:
            step = self.r.choice((slice(None, None, -1), slice(None, -1), slice(1, None)))
            view = [("getitem", {"index": arg(step)})]
        index = self.r.choice((0, 1, -1, slice(1, None), slice(None, -1), ...))
        value: Arg = self.number(scope)
        if self.r.random() < 0.3:
            place = viewed(b, x, view_of(view))
            old = place if index is ... else b("getitem", place, index=index,
                                               t=VECTOR if isinstance(index, slice) else NP0)
            value = b(self.r.choice("+-*"), old, value, t=old.type)
            if self.r.random() < 0.3:
                scope.numbers.append(b("np.sum", value, t=NP0))
        elif index is ... and not view and self.r.random() < 0.5:
            value = self.r.choice(scope.vectors)
        elif not view and isinstance(index, slice) and self.r.random() < 0.5:
            value = b("getitem", self.r.choice(scope.vectors), index=index, t=VECTOR)
        options = {"view": view_of(view)} if view else {}
        fn = self.r.choice(("setitem", "scatter_add"))
        return b(fn, x, value, index=index, t=VECTOR, hint=hint, **options)

    def overwritten(self, b: B, scope: Scope, x: Var, hint: str) -> Var:
        """The adjoint of a place that is overwritten: read, set to zero, added to here and elsewhere."""
        index = self.r.choice((slice(1, None), slice(None, -1), slice(1, -1)))
        r = b("getitem", x, index=index, t=VECTOR)
        x = b("setitem", x, 0.0, index=index, t=VECTOR, hint=hint)
        t = b("*", r, self.number(scope), t=VECTOR)
        for _ in range(self.r.randint(1, 4)):
            value: Arg = self.r.choice((r, t, t))
            if self.r.random() < 0.3:
                value = b("neg", value, t=VECTOR)
            place = index
            if self.r.random() < 0.5:
                place, value = self.r.choice((0, -1, ...)), self.number(scope)
            x = b("scatter_add", x, value, index=place, t=VECTOR, hint=hint)
        if self.r.random() < 0.2:
            scope.numbers.append(b("np.sum", r, t=NP0))
        return x

    def picks(self, scope: Scope, like: list[Var]) -> tuple[Arg, ...]:
        """Values of the types of some variables; now and then none."""
        return tuple(UNDEF if v.hint == "undef" else self.r.choice(scope.vectors) if v.type is VECTOR
                     else self.number(scope) for v in like)

    def puts(self, scope: Scope, outs: list[Var]) -> tuple[Arg, ...]:
        return self.picks(scope, [Var(o.type.item) for o in outs if isinstance(o.type, Tape)])

    def fresh(self, k: int) -> list[Var]:
        return [self.var(self.r.choice((FLOAT, FLOAT, VECTOR))) for _ in range(k)]

    def enter(self, scope: Scope, vs: list[Var]) -> None:
        for v in vs:
            (scope.vectors if v.type is VECTOR else scope.numbers).append(v)

    def branch(self, b: B, scope: Scope, depth: int) -> None:
        results = self.fresh(self.r.randint(1, 2))
        c = self.test(b, scope)
        sides = []
        for _ in range(2):
            inner = scope.inner()
            stmts = self.stmts(inner, depth - 1, 3) if self.r.random() < 0.7 else []
            sides.append(Block(tuple(stmts), Yield(self.picks(inner, results))))
        b.add(If(c, sides[0], sides[1], tuple(results), b.site, self.sweep))
        self.enter(scope, results)

    def loop(self, b: B, scope: Scope, depth: int) -> None:
        params = self.fresh(self.r.randint(0, 3))
        results = [Var(p.type, p.hint if self.r.random() < 0.8 else "r") for p in params]
        inits = self.picks(scope, params)
        inner = scope.inner()
        self.enter(inner, params)
        index = Var(INT, self.r.choice(("", "i", "x")))
        inner.numbers.append(index)
        items: list[Var] = []
        tapes = self.r.sample(scope.tapes, min(len(scope.tapes), self.r.randint(0, 2)))
        for tape in tapes:
            assert isinstance(tape.type, Tape)
            items.append(self.var(tape.type.item))
        self.enter(inner, items)
        domain = Along(self.r.choice(tapes)) if tapes else upto(self.n)
        outs = [Var(Tape(self.r.choice((FLOAT, VECTOR))), "s_tape") for _ in range(self.r.choice((0, 0, 1, 2)))]
        stmts = self.stmts(inner, depth - 1, 4)
        carried = Next(self.picks(inner, params), self.puts(inner, outs))
        end: Block
        backward = self.r.random() < 0.5
        if self.r.random() < 0.3 and not outs:
            t = B(self.sweep)
            c = self.test(t, inner)
            leave = Return(self.results(inner)) if self.r.random() < 0.3 else Break(self.picks(inner, params))
            sides = [Block((), leave), Block((), carried)]
            self.r.shuffle(sides)
            t.add(If(c, sides[0], sides[1], (), b.site, self.sweep))
            end = Block((*stmts, *t.stmts), None)
        else:
            end = Block(tuple(stmts), carried)
        b.add(For(index, domain, tuple(params), inits, end, tuple(results), backward, tuple(items), tuple(tapes),
                  tuple(outs), b.site, self.sweep))
        self.enter(scope, results)
        scope.tapes += outs

    def while_loop(self, b: B, scope: Scope, depth: int) -> None:
        params, count = self.fresh(self.r.randint(0, 2)), Var(INT, self.r.choice(("", "k")))
        results = [Var(p.type, p.hint) for p in params]
        inner = scope.inner()
        self.enter(inner, params)
        test = B(self.sweep)
        if self.r.random() < 0.3:
            self.op(test, inner.inner())
        c = test("<", count, self.n, t=BOOL)
        body = B(self.sweep)
        for s in self.stmts(inner, depth - 1, 3):
            body.add(s)
        more = body("+", count, 1, t=INT)
        outs = [Var(Tape(self.r.choice((FLOAT, VECTOR))), "s_tape")] if self.r.random() < 0.4 else []
        put = self.puts(inner, outs)
        end = Next((more, *self.picks(inner, params)), put)
        b.add(While((count, *params), (Lit(0), *self.picks(scope, params)), test.block(Yield((c,))), body.block(end),
                    (Var(INT), *results), tuple(outs), b.site, self.sweep))
        self.enter(scope, results)
        scope.tapes += outs
