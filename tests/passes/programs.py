"""Random traces: straight-line code, branches, loops, tapes and twins, over floats."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from s2sad.trace.ir import (
    Along,
    Arg,
    Block,
    Break,
    End,
    For,
    If,
    Input,
    Leaf,
    Lit,
    Mirror,
    Next,
    Node,
    Op,
    Raise,
    Range,
    Return,
    Site,
    Stmt,
    Trace,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import BOOL, FLOAT, INT, Tape

LITERALS = (0.0, 1.0, -1.0, 2.0, 0.5)


@dataclass
class Scope:
    """What a statement may read here, and which statements and tapes a later one may mirror or take from."""

    floats: list[Var]
    tapes: list[Var] = field(default_factory=list)
    mirrors: list[If | For | While] = field(default_factory=list)

    def inner(self, *more: Var) -> Scope:
        return Scope([*self.floats, *more], list(self.tapes), list(self.mirrors))


class Maker:
    """Makes one program from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.site = 0

    def trace(self, size: int = 12) -> Trace:
        params = tuple(Var(FLOAT, name) for name in "xyz")
        scope = Scope(list(params))
        stmts = self.stmts(scope, size, 3, "primal") + self.stmts(scope, size, 3, "adjoint")
        values = tuple(self.arg(scope) for _ in range(3))
        inputs = tuple(Input(p.hint, Leaf(k)) for k, p in enumerate(params))
        result = Node("tuple", tuple(map(Leaf, range(3))))
        return Trace("f", inputs, params, Block(tuple(stmts), Return(values)), result)

    def arg(self, scope: Scope) -> Arg:
        if self.random.random() < 0.2:
            return Lit(self.random.choice(LITERALS))
        recent = scope.floats[-8:] if self.random.random() < 0.7 else scope.floats
        return self.random.choice(recent)

    def var(self, hint: str = "") -> Var:
        return Var(FLOAT, hint or self.random.choice(("", "", "a", "b")))

    def where(self) -> Site:
        self.site += 1
        return Site("f.py", self.site, "")

    def stmts(self, scope: Scope, size: int, depth: int, sweep: str) -> list[Stmt]:
        out: list[Stmt] = []
        for _ in range(size):
            roll = self.random.random()
            inner = max(2, size // 2)
            if depth and roll < 0.12:
                out += self.branch(scope, inner, depth - 1, sweep)
            elif depth and roll < 0.22:
                out += self.loop(scope, inner, depth - 1, sweep)
            elif depth and roll < 0.40 and sweep == "adjoint" and scope.mirrors:
                out += self.twin(scope, inner, depth - 1)
            else:
                out.append(self.op(scope, sweep))
        return out

    def op(self, scope: Scope, sweep: str) -> Stmt:
        fn = self.random.choice(("+", "+", "-", "-", "*", "neg"))
        args = tuple(self.arg(scope) for _ in range(1 if fn == "neg" else 2))
        if fn == "*" and self.random.random() < 0.7:
            args = (Lit(0.5), args[1])
        target = self.var()
        scope.floats.append(target)
        return Op(target, fn, args, site=self.where(), sweep=sweep)

    def test(self, scope: Scope, sweep: str) -> tuple[Stmt, Var]:
        cond = Var(BOOL, self.random.choice(("", "c")))
        return Op(cond, "<", (self.arg(scope), self.arg(scope)), site=self.where(), sweep=sweep), cond

    def branch(self, scope: Scope, size: int, depth: int, sweep: str, twin: If | None = None) -> list[Stmt]:
        out: list[Stmt] = []
        cond: Arg
        if twin is None:
            test, cond = self.test(scope, sweep)
            out.append(test)
        else:
            cond = twin.cond
        results = tuple(self.var() for _ in range(self.random.randint(0, 2)))
        blocks = []
        for k in range(2):
            inner = scope.inner()
            if twin is not None:
                link(inner, (twin.then, twin.orelse)[k])
            stmts = self.stmts(inner, self.random.randint(0, size), depth, sweep)
            values = tuple(self.random.choice((Lit(0.0), self.arg(inner))) for _ in results)
            blocks.append(Block(tuple(stmts), Yield(values)))
        made = If(cond, blocks[0], blocks[1], results, self.where(), sweep, twin=twin.key if twin else None)
        scope.floats += results
        if sweep == "primal":
            scope.mirrors.append(made)
        return [*out, made]

    def loop(self, scope: Scope, size: int, depth: int, sweep: str, twin: For | While | None = None) -> list[Stmt]:
        params = tuple(self.var() for _ in range(self.random.randint(0, 3)))
        inits = tuple(self.arg(scope) for _ in params)
        results = tuple(self.var(p.hint) for p in params)
        outs = tuple(Var(Tape(FLOAT), "tape") for _ in range(self.random.randint(0, 1)))
        tapes, backward, items = list(scope.tapes), self.random.random() < 0.5, ()
        domain: Range | Along | Mirror = Range(Lit(0), Lit(self.random.randint(0, 3)), Lit(1))
        inner = scope.inner(*params)
        if twin is not None:
            domain, backward = Mirror(), True
            link(inner, twin.body)
            inner.floats += twin.params
        elif tapes and self.random.random() < 0.6:
            tape = self.random.choice(tapes)
            domain, items, tapes = Along(tape), (Var(FLOAT, "item"),), [tape]
            inner.floats += items
        stmts = self.stmts(inner, size, depth, sweep)

        def values(kind: type[Next] | type[Break], at: Scope) -> End:
            carried = tuple(p if self.random.random() < 0.3 else self.arg(at) for p in params)
            return kind(carried, tuple(self.arg(at) for _ in outs))

        if self.random.random() < 0.3:
            test, cond = self.test(inner, sweep)
            rest = inner.inner()
            more = self.stmts(rest, 2, 0, sweep)
            tail = If(cond, Block((), values(Break, inner)), Block(tuple(more), values(Next, rest)), (), self.where(),
                      sweep)
            body = Block((*stmts, test, tail), None)
        else:
            body = Block(tuple(stmts), values(Next, inner))
        taken = tuple(tapes[:1]) if items else ()
        made: For | While
        if twin is None and not items and self.random.random() < 0.3:
            made = self.counted(params, inits, body, results, outs, sweep)
        else:
            made = For(Var(INT, "i"), domain, params, inits, body, results, backward, items, taken, outs, self.where(),
                       sweep, twin=twin.key if twin else None)
        scope.floats += results
        scope.tapes += outs
        if sweep == "primal":
            scope.mirrors.append(made)
        return [made]

    def counted(self, params: tuple[Var, ...], inits: tuple[Arg, ...], body: Block, results: tuple[Var, ...],
                outs: tuple[Var, ...], sweep: str) -> While:
        """A while loop that a counter stops."""
        from s2sad.trace.ends import map_ends

        n, more, step = Var(FLOAT, "n"), Var(BOOL), Var(FLOAT)

        def count(end: End) -> End:
            assert isinstance(end, (Next, Break))
            return type(end)((*end.values, step), end.outs)

        body = map_ends(Block((Op(step, "+", (n, Lit(1.0)), sweep=sweep), *body.stmts), body.end), count)
        test = Block((Op(more, "<", (n, Lit(3.0)), sweep=sweep),), Yield((more,)))
        return While((*params, n), (*inits, Lit(0.0)), test, body, (*results, Var(FLOAT, "n")), outs, self.where(),
                     sweep)

    def twin(self, scope: Scope, size: int, depth: int) -> list[Stmt]:
        source = self.random.choice(scope.mirrors)
        if isinstance(source, If):
            return self.branch(scope, size, depth, "adjoint", source)
        return self.loop(scope, size, depth, "adjoint", source)


    def leaving(self) -> Trace:
        """A program that returns and raises from its branches and loops."""
        params = tuple(Var(FLOAT, name) for name in "xyz")
        body = self.tail(Scope(list(params)), 3, None)
        inputs = tuple(Input(p.hint, Leaf(k)) for k, p in enumerate(params))
        return Trace("f", inputs, params, body, Node("tuple", (Leaf(0), Leaf(1))))

    def tail(self, scope: Scope, depth: int, carried: int | None) -> Block:
        """A block that leaves the function, or inside a loop ends the iteration."""
        stmts: list[Stmt] = []
        for _ in range(self.random.randint(0, 2)):
            stmts.append(self.op(scope, "primal"))
        if depth and self.random.random() < 0.5:
            params = tuple(self.var() for _ in range(self.random.randint(0, 2)))
            results = tuple(self.var(p.hint) for p in params)
            body = self.tail(scope.inner(*params), depth - 1, len(params))
            domain = Range(Lit(0), Lit(self.random.randint(0, 3)), Lit(1))
            stmts.append(For(Var(INT, "i"), domain, params, tuple(self.arg(scope) for _ in params), body, results,
                             site=self.where()))
            scope.floats += results
        if depth and self.random.random() < 0.7:
            test, cond = self.test(scope, "primal")
            branches = [self.tail(scope.inner(), depth - 1, carried) for _ in range(2)]
            return Block((*stmts, test, If(cond, branches[0], branches[1], site=self.where())), None)
        return Block(tuple(stmts), self.end(scope, carried))

    def end(self, scope: Scope, carried: int | None) -> End:
        roll = self.random.random()
        if roll < 0.12:
            return Raise("ValueError", (self.arg(scope),))
        if carried is None or roll < 0.4:
            return Return((self.arg(scope), self.arg(scope)))
        kind = Next if roll < 0.85 else Break
        return kind(tuple(self.arg(scope) for _ in range(carried)))


def link(scope: Scope, mirrored: Block) -> None:
    """Let a twin's block read what the block it mirrors computes."""
    for stmt in mirrored.stmts:
        if isinstance(stmt, Op):
            if stmt.target is not None and stmt.target.type == FLOAT:
                scope.floats.append(stmt.target)
        elif isinstance(stmt, (If, For, While)):
            scope.floats += stmt.results
            if not isinstance(stmt, If) or isinstance(stmt.then.end, Yield):
                scope.mirrors.append(stmt)


def program(seed: int, size: int = 12) -> Trace:
    """The random program number ``seed``."""
    return Maker(seed).trace(size)


def leaving_program(seed: int) -> Trace:
    """The random program number ``seed`` among those that return from everywhere."""
    return Maker(seed).leaving()
