"""Latest versions: who wants to know no more of an array than its shape asks its latest version.

    a1 = setitem(a, v, 0)                            a1 = setitem(a, v, 0)
    z = zeros_like(a)                       ⇒        z = zeros_like(a1)

All versions of an array have one shape and one dtype.  So a version that has been overwritten need not be kept for the
sake of its shape.  In the mirror of a loop, where the reverse sweep refers to what an iteration has computed, it asks
an operand of the same type instead, which may be at hand or cheaper to have again: the shape of ``(x[1:] + 1) / 3`` is
that of ``x[1:]``.  So it does where what it would ask is computed for nothing else.

A version that is computed for nothing else is asked by nobody: what is left of the statement goes.

    a1 = scatter_add(a, v, 0)                        z = zeros_like(a)
    z = zeros_like(a1)                      ⇒        return z
    return z

>>> from s2sad.trace.ir import Leaf, Lit, Return
>>> from s2sad.trace.types import Array, Dim
>>> vector = Array("f8", (Dim.symbol("n"),))
>>> a, a1, z = Var(vector, "a"), Var(vector, "a1"), Var(vector, "z")
>>> body = Block((Op(a1, "setitem", (a, Lit(1.0)), (("index", Lit(0)),)), Op(z, "zeros_like", (a,))), Return((a1, z)))
>>> print(ask_latest(Trace("f", (), (a,), body, Leaf(0))))
f() -> #0
  %a1:f8[n] = setitem(%a, 1.0, index=0)
  %z:f8[n] = zeros_like(%a1)
  return %a1, %z
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from s2sad.analysis.activity import maybe_none, maybe_undefined
from s2sad.analysis.shapes import is_sure, shaped
from s2sad.passes.alias import UPDATES, is_view, shares
from s2sad.passes.dce import demanded
from s2sad.passes.effects import is_elementwise
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, Break, For, If, Next, Op, Stmt, Trace, Var, While, Yield
from s2sad.trace.types import Array, Type
from s2sad.trace.walk import arg_vars, blocks_of, inner_defs, statements, targets_of, uses


def ask_latest(trace: Trace, of_primal: bool = True) -> Trace:
    """Ask the latest versions for shapes, here and in the traces called.

    Without ``of_primal`` the questions of the primal stay: its first version of a buffer is outside the loops that
    write to it, so that what is computed from its shape need not be recorded.
    """
    def whole(body: Block) -> Block:
        asking = _Asking(body, of_primal)
        asking.survey(body, (), ())
        return asking.block(body, {asking.key(p): (p, "primal") for p in trace.params}, frozenset(trace.params))

    return everywhere(trace, whole)


# The last version of each buffer of each type, and the sweep it was made in.
Latest = dict[tuple[Var, Type], tuple[Var, str]]


class _Asking:
    """Versions of one buffer (and what may become versions of it) are a tree of ``parent``."""

    def __init__(self, body: Block, of_primal: bool) -> None:
        self.of_primal = of_primal
        self.parent: dict[Var, Var] = {}
        self.ops = {s.target: s for s in statements(body) if isinstance(s, Op) and s.target is not None}
        self.uses = uses(body)
        self.undefined = maybe_undefined(body) | maybe_none(body)
        self.demanded = demanded(body)
        self.here: set[Var] = set()                         # what is defined where we are

    def find(self, v: Var) -> Var:
        while v in self.parent:
            v = self.parent[v]
        return v

    def key(self, v: Var) -> tuple[Var, Type]:
        return self.find(v), v.type

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

    def block(self, block: Block, latest: Latest, heads: Iterable[Var] = ()) -> Block:
        """The block, where ``latest`` holds what has been made before it."""
        made = set(heads)
        self.here |= made
        out: list[Stmt] = []
        for stmt in block.stmts:
            if isinstance(stmt, Op):
                *views, stmt = self.op(stmt, latest)
                out += views
            elif isinstance(stmt, If):
                stmt = replace(stmt, then=self.block(stmt.then, dict(latest)),
                               orelse=self.block(stmt.orelse, dict(latest)))
            elif isinstance(stmt, (For, While)):
                inner = dict(latest)
                inner.update((self.key(p), (p, stmt.sweep)) for p in stmt.params if self.is_asked(p, inner))
                if isinstance(stmt, While):
                    stmt = replace(stmt, test=self.block(stmt.test, dict(inner), stmt.params))
                stmt = replace(stmt, body=self.block(stmt.body, inner, inner_defs(stmt)))
            out.append(stmt)
            for v in targets_of(stmt):
                made.add(v)
                self.here.add(v)
                if shares(v.type) and self.is_asked(v, latest):
                    latest[self.key(v)] = v, stmt.sweep
        self.here -= made
        return Block(tuple(out), block.end)

    def is_asked(self, v: Var, latest: Latest) -> bool:
        """Whether a version is there to be asked: it has a value, and is computed anyway or is the first."""
        return v not in self.undefined and (v in self.demanded or self.key(v) not in latest)

    def op(self, op: Op, latest: Latest) -> Iterator[Op]:
        places = [k for k in shaped(op) if self.of_primal or op.sweep != "primal" or op.args[k] not in self.demanded]
        views: list[Op] = []
        args = tuple(self.version(a, op, latest, views) if k in places else a for k, a in enumerate(op.args))
        yield from views
        yield op if args == op.args else replace(op, args=args)

    def version(self, a: Arg, op: Op, latest: Latest, views: list[Op]) -> Arg:
        if not isinstance(a, Var) or not shares(a.type):
            return a
        v, sweep = latest.get(self.key(a), (a, ""))
        if v is not a and is_sure(a.type) and v in self.here and (sweep == "primal" or op.sweep == sweep):
            return v
        made = self.ops.get(a)
        wanted = a in self.here and (made is None or is_view(made) or a in self.demanded and (
            self.uses[a] > 1 or made.sweep == "primal"))
        return a if wanted or op.sweep == "primal" else self.operand(a, op, latest, views)

    def operand(self, a: Var, op: Op, latest: Latest, views: list[Op]) -> Arg:
        """Of what an iteration computes elementwise, an operand of the same shape and dtype; views are made again."""
        made = self.ops.get(a)
        if made is None or not isinstance(a.type, Array):
            return a
        if is_view(made):
            base = self.version(made.args[0], op, latest, views)
            if base not in self.here or not self.here.issuperset(v for _, x in made.kwargs for v in arg_vars(x)):
                return a
            view = Var(a.type)
            views.append(replace(made, target=view, args=(base,), site=op.site, sweep=op.sweep))
            return view
        alike = [x for x in made.args if isinstance(x, Var) and x.type == a.type] if is_elementwise(made.fn) else []
        return self.version(alike[0], op, latest, views) if alike else a
