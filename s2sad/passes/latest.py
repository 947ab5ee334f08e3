"""Latest versions: who wants to know no more of an array than its shape asks its latest version.

    a1 = setitem(a, v, 0)                            a1 = setitem(a, v, 0)
    z = zeros_like(a)                       ⇒        z = zeros_like(a1)

All versions of a buffer have one shape and one dtype.  So a version that has been overwritten need not be kept for the
sake of its shape.

>>> from s2sad.trace.ir import Leaf, Lit, Return
>>> from s2sad.trace.types import Array, Dim
>>> vector = Array("f8", (Dim.symbol("n"),))
>>> a, a1, z = Var(vector, "a"), Var(vector, "a1"), Var(vector, "z")
>>> body = Block((Op(a1, "setitem", (a, Lit(1.0)), (("index", Lit(0)),)), Op(z, "zeros_like", (a,))), Return((z,)))
>>> print(ask_latest(Trace("f", (), (a,), body, Leaf(0))))
f() -> #0
  %a1:f8[n] = setitem(%a, 1.0, index=0)
  %z:f8[n] = zeros_like(%a1)
  return %z
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.analysis.shapes import shaped
from s2sad.passes.alias import UPDATES, shares
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, Break, For, If, Next, Op, Stmt, Trace, Var, While, Yield
from s2sad.trace.walk import blocks_of, statements, targets_of


def ask_latest(trace: Trace) -> Trace:
    """Ask the latest versions for shapes, here and in the traces called."""
    def whole(body: Block) -> Block:
        if not any(isinstance(s, Op) and s.fn in UPDATES for s in statements(body)):
            return body
        asking = _Asking()
        asking.survey(body, (), ())
        return asking.block(body, {asking.find(p): (p, "primal") for p in trace.params})

    return everywhere(trace, whole)


class _Asking:
    """Versions of one buffer (and what may become versions of it) are a tree of ``parent``."""

    def __init__(self) -> None:
        self.parent: dict[Var, Var] = {}

    def find(self, v: Var) -> Var:
        while v in self.parent:
            v = self.parent[v]
        return v

    def link(self, a: Var, b: Arg) -> None:
        if isinstance(b, Var) and shares(a.type) and shares(b.type) and self.find(a) is not self.find(b):
            self.parent[self.find(b)] = self.find(a)

    def survey(self, block: Block, yields: tuple[Var, ...], params: tuple[Var, ...]) -> None:
        for k, stmt in enumerate(block.stmts):
            if isinstance(stmt, Op):
                if stmt.fn in UPDATES and stmt.target is not None:
                    self.link(stmt.target, stmt.args[0])
            elif isinstance(stmt, If):
                tail = block.end is None and k == len(block.stmts) - 1
                for b in blocks_of(stmt):
                    self.survey(b, yields if tail else stmt.results, params)
            elif isinstance(stmt, (For, While)):
                for p, init, r in zip(stmt.params, stmt.inits, stmt.results):
                    self.link(p, init)
                    self.link(p, r)
                self.survey(stmt.body, (), stmt.params)
        if isinstance(block.end, Yield):
            for t, a in zip(yields, block.end.values):
                self.link(t, a)
        elif isinstance(block.end, (Next, Break)):
            for t, a in zip(params, block.end.values):
                self.link(t, a)

    def block(self, block: Block, latest: dict[Var, tuple[Var, str]]) -> Block:
        """The block, where ``latest`` has the last version of each buffer and the sweep it was made in."""
        out: list[Stmt] = []
        for stmt in block.stmts:
            if isinstance(stmt, Op):
                stmt = self.op(stmt, latest)
            elif isinstance(stmt, If):
                stmt = replace(stmt, then=self.block(stmt.then, dict(latest)),
                               orelse=self.block(stmt.orelse, dict(latest)))
            elif isinstance(stmt, (For, While)):
                inner = dict(latest)
                inner.update((self.find(p), (p, stmt.sweep)) for p in stmt.params)
                if isinstance(stmt, While):
                    stmt = replace(stmt, test=self.block(stmt.test, dict(inner)))
                stmt = replace(stmt, body=self.block(stmt.body, inner))
            out.append(stmt)
            for v in targets_of(stmt):
                if shares(v.type):
                    latest[self.find(v)] = v, stmt.sweep
        return Block(tuple(out), block.end)

    def op(self, op: Op, latest: dict[Var, tuple[Var, str]]) -> Op:
        places = shaped(op)
        args = tuple(self.version(a, op, latest) if k in places else a for k, a in enumerate(op.args))
        return op if args == op.args else replace(op, args=args)

    def version(self, a: Arg, op: Op, latest: dict[Var, tuple[Var, str]]) -> Arg:
        if not isinstance(a, Var) or not shares(a.type):
            return a
        v, sweep = latest.get(self.find(a), (a, ""))
        return v if v.type == a.type and (sweep == "primal" or op.sweep == sweep) else a
