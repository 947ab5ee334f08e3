"""Loops that start from a whole number: what is a float after each iteration is a float for derivatives.

    total:? = for v in x carry t:? = 0:             total:f8 = for v in x carry t:f8 = 0:
        t1:? = t + v                        ⇒           t1:f8 = t + v
        next t1                                         next t1

Before the first iteration ``t`` is an int, in the program and in what is printed.  No derivative reads its dtype there:
an int has no adjoint, and its tangent is zero.

>>> from s2sad.trace.ir import Leaf, Next, Range, Return
>>> from s2sad.trace.types import FLOAT
>>> i, t, t1, total = Var(INT, "i"), Var(OPEN, "t"), Var(OPEN, "t"), Var(OPEN, "t")
>>> v = Var(Array("f8", ()), "v")
>>> body = Block((Op(t1, "+", (t, v)),), Next((t1,)))
>>> loop = For(i, Range(Lit(0), Lit(9), Lit(1)), (t,), (Lit(0),), body, (total,))
>>> print(with_starts(Trace("f", (), (v,), Block((loop,), Return((total,))), Leaf(0))))
f() -> #0
  %t:f8[] = for %i:int in range(0, 9, 1) carry %t_1:f8[] = 0:
    %t_2:f8[] = %t_1 + %v
    next %t_2
  return %t
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from s2sad.errors import NeedsStatic, NotApplicable
from s2sad.passes.effects import is_elementwise
from s2sad.rules.infer import infer
from s2sad.rules.static import type_of
from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import Arg, Block, Call, For, If, Lit, Op, Return, Stmt, Trace, Var, While, Yield
from s2sad.trace.types import INT, Array, Scalar, Type, Unknown, kind_of
from s2sad.trace.walk import arg_vars, blocks, blocks_of, map_end, map_own, own_vars, statements

# The type of a number that is an int here and a float there.
OPEN = Array("?", ())
_REDUCTIONS = frozenset(("np.sum", "np.mean"))


def with_starts(trace: Trace) -> Trace:
    """Give such variables their types, here and in the traces called."""
    return _with_starts(trace, ())


def _with_starts(trace: Trace, results: Iterable[Arg]) -> Trace:
    fixed = {v for a in results for v in arg_vars(a)} | set(_fixed(trace.body))
    callees = tuple(_with_starts(c, (a for b in blocks(c.body) if isinstance(b.end, Return) for a in b.end.values))
                    for c in trace.callees)
    return replace(trace, body=_Starts({}, fixed).block(trace.body), callees=callees)


def _fixed(body: Block) -> Iterator[Var]:
    """What must keep its type: others have it too, the items of a list and the parameters and results of functions."""
    for s in statements(body):
        if isinstance(s, Call) or isinstance(s, Op) and s.fn.startswith("list_"):
            yield from own_vars(s)


def _is_open(t: Type) -> bool:
    return isinstance(t, Unknown) or isinstance(t, Array) and t.dtype == "?"


def _is_known(t: Type) -> bool:
    return isinstance(t, (Scalar, Array)) and not _is_open(t) and kind_of(t) in ("float", "complex")


class _Starts:
    """Variables under the types that they have, as far as these follow from those that loops start with."""

    def __init__(self, new: Mapping[Var, Var], fixed: Collection[Var], first: bool = False) -> None:
        self.new, self.fixed, self.first = dict(new), fixed, first

    def _rename(self, v: Var) -> Arg:
        return self.new.get(v, v)

    def _retyped(self, v: Var, t: Type) -> Var:
        if not _is_open(v.type) or _is_open(t) or v in self.fixed:
            return v
        self.new[v] = Var(t, v.hint)
        return self.new[v]

    def _joined(self, one: Type, other: Type) -> Type:
        """The type after a branch; in a first iteration the int there was may still be there."""
        if self.first and INT in (one, other):
            return other if one == INT else one
        return one if one == other else OPEN

    def block(self, block: Block) -> Block:
        stmts = tuple(map(self._stmt, block.stmts))
        return Block(stmts, map_end(block.end, self._rename))

    def _stmt(self, old: Stmt) -> Stmt:
        s = map_own(old, self._rename)
        if isinstance(s, (For, While)):
            return self._loop(s)
        if isinstance(s, If):
            then, orelse = self.block(s.then), self.block(s.orelse)
            results = s.results
            if isinstance(then.end, Yield) and isinstance(orelse.end, Yield):
                results = tuple(self._retyped(r, self._joined(type_of(a), type_of(b)))
                                for r, a, b in zip(results, then.end.values, orelse.end.values))
            return replace(s, then=then, orelse=orelse, results=results)
        if isinstance(s, Op) and s is not old and s.target is not None and _is_open(s.target.type) and (
                is_elementwise(s.fn) or s.fn in _REDUCTIONS):
            try:
                return replace(s, target=self._retyped(s.target, infer(s.fn, s.args, dict(s.kwargs))))
            except (NotApplicable, NeedsStatic):
                return s
        return s

    def _loop(self, s: For | While) -> For | While:
        open_slots = {k: type_of(init) for k, (p, init) in enumerate(zip(s.params, s.inits))
                      if _is_open(p.type) and not {p, s.results[k]} & set(self.fixed) and (
                          isinstance(init, Lit) and type_of(init) == INT or _is_known(type_of(init)))}
        types = {} if s.outs else self._settled(s, open_slots)
        params = tuple(self._retyped(p, types[k]) if k in types else p for k, p in enumerate(s.params))
        inner = tuple(map(self.block, blocks_of(s)))
        results = tuple(self._retyped(r, types[k]) if k in types else r for k, r in enumerate(s.results))
        if isinstance(s, While):
            return replace(s, params=params, test=inner[0], body=inner[1], results=results)
        return replace(s, params=params, body=inner[0], results=results)

    def _settled(self, s: For | While, types: dict[int, Type]) -> dict[int, Type]:
        """The types that slots have after each iteration, if they are those before it, the first one apart."""
        for k in range(4):
            trial = _Starts(self.new, self.fixed, first=k == 0)
            for k, t in types.items():
                trial.new[s.params[k]] = Var(t, s.params[k].hint)
            ends = loop_ends(trial.block(s.body))
            found = {k: {type_of(end.values[k]) for end in ends} for k in types}
            after = {k: ts.pop() for k, ts in found.items() if len(ts) == 1}
            if after == types:
                return {k: t for k, t in types.items() if _is_known(t)}
            types = {k: t for k, t in after.items() if t == types[k] or types[k] == INT and _is_known(t)}
        return {}
