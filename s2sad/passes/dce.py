"""Dead code: what nobody reads need not be computed.

A statement lives if it has an effect, decides whether a living statement runs, or defines a variable that a living
statement reads.  The living ones are the least set closed under these rules, found by marking from the effects and the
function's ends.  So values that only feed themselves around a loop die together:

    s, t = 0.0, 0.0                        s = 0.0
    for i in range(n):                     for i in range(n):
        s = s + x                 ⇒            s = s + x
        t = 2.0 * t + s                    return s
    return s

Reads are counted over the whole trace: a variable that a twin reads across the mirror stays, and with it the loops and
branches around it.

>>> from s2sad.trace.ir import Lit, Tree, Leaf, Trace
>>> from s2sad.trace.types import FLOAT
>>> x, y, z = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT, "z")
>>> body = Block((Op(y, "*", (x, x)), Op(z, "+", (y, x))), Return((y,)))
>>> [op.fn for op in dce(Trace("f", (), (x,), body, Leaf(0))).body.stmts]
['*']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from s2sad.analysis.shapes import shaped
from s2sad.passes.effects import is_pure
from s2sad.rules.raising import Kinds, class_of, may_raise
from s2sad.trace.ends import Loop, called, map_ends, tail_if
from s2sad.trace.ir import (
    Arg,
    Block,
    Break,
    Call,
    End,
    For,
    If,
    Mirror,
    Next,
    Op,
    Raise,
    Ref,
    Return,
    Stmt,
    Trace,
    Try,
    Var,
    While,
    With,
    Yield,
)
from s2sad.trace.walk import (
    arg_vars,
    blocks_of,
    domain_args,
    end_args,
    inner_defs,
    own_args,
    own_vars,
    statements,
    targets_of,
)

Acts = Callable[[Op], bool]


def is_effect(op: Op) -> bool:
    """Whether an operation is more than its value."""
    return op.target is None or not is_pure(op.fn)


def dce(trace: Trace, is_effect: Acts = is_effect) -> Trace:
    """Remove what has no effect and is not read, here and in the traces called."""
    traces = {t.name: t for t in _reachable(trace)}
    effectful = _effectful(traces, is_effect)
    return _sweep_trace(trace, lambda name: name not in traces or name in effectful, is_effect)


def _sweep_trace(trace: Trace, acts: Callable[[str], bool], is_effect: Acts) -> Trace:
    body = _Liveness(trace.body, acts, is_effect).sweep(trace.body)
    callees = tuple(_sweep_trace(c, acts, is_effect) for c in trace.callees)
    needed, more = called(body), True
    while more:
        kept = [t for c in callees if c.name in needed for t in _reachable(c)]
        wanted = set().union(needed, *(called(t.body) for t in kept),
                             *(t.custom.functions for t in kept if t.custom is not None))
        more, needed = wanted != needed, wanted
    return replace(trace, body=body, callees=tuple(c for c in callees if c.name in needed))


def _reachable(trace: Trace) -> Iterator[Trace]:
    yield trace
    for callee in trace.callees:
        yield from _reachable(callee)


def demanded(body: Block) -> set[Var]:
    """What is read for more than its shape, by what has an effect or leads to a result."""
    return _Liveness(body, lambda _: True, is_effect, of_shapes=False).vars


def effectful(trace: Trace) -> set[str]:
    """The names of the traces called that may do something besides returning values."""
    return _effectful({t.name: t for t in _reachable(trace)}, is_effect)


def _effectful(traces: dict[str, Trace], is_effect: Acts) -> set[str]:
    """The traces that may do something besides returning values; those that call themselves count, to be safe."""
    done: dict[str, bool] = {}

    def acts(name: str) -> bool:
        if name not in traces:
            return True
        if name not in done:
            done[name] = True               # the answer while it is being found: a recursive call meets this
            body = traces[name].body
            done[name] = _raises(body) or any(
                acts(s.callee) if isinstance(s, Call) else isinstance(s, Op) and is_effect(s)
                for s in statements(body))
        return done[name]

    return {name for name in traces if acts(name)}


def _raises(block: Block) -> bool:
    return isinstance(block.end, Raise) or any(_raises(b) for s in block.stmts for b in blocks_of(s))


# Contexts that say how NumPy does what is done inside them.
_SETTINGS = (Ref("np.errstate"), Ref("np.printoptions"))


class _Liveness:
    """The marking: which variables and statements live; without ``of_shapes``, for more than their shape."""

    def __init__(self, body: Block, acts: Callable[[str], bool], is_effect: Acts, of_shapes: bool = True) -> None:
        self.vars: set[Var] = set()
        self.stmts: set[int] = set()                        # by id: statements compare by value, and slowly
        self.parent: dict[int, Stmt | None] = {}
        self.definer: dict[Var, tuple[Stmt, str, int]] = {}
        self.ends: dict[int, list[tuple[Next | Break, Stmt]]] = {}      # of each loop, with the statement around
        self.by_key: dict[int, Stmt] = {}
        self.acts, self.is_effect, self.of_shapes = acts, is_effect, of_shapes
        self.todo: list[Var | Stmt] = []
        # Contexts in which nothing may be left to do, but which do something themselves.
        self.entered: set[int] = set()
        self._collect(body, None, None, ())
        self._run()

    def _collect(self, block: Block, parent: Stmt | None, loop: Stmt | None, caught: Kinds) -> None:
        """``caught`` are the exceptions that decide where control goes: what may raise them is more than its value."""
        outside = caught
        if isinstance(parent, If) and isinstance(parent.guard, Try) and block is parent.then:
            caught = (*caught, *map(class_of, parent.guard.classes))
        for stmt in block.stmts:
            self.parent[id(stmt)] = parent
            self._define(stmt)
            if isinstance(stmt, (Op, Call)):
                if isinstance(stmt, Op) and stmt.fn == "completed":
                    caught = outside
                acting = self.is_effect(stmt) if isinstance(stmt, Op) else self.acts(stmt.callee)
                if acting or caught and stmt.sweep == "primal" and may_raise(stmt, caught):
                    self.todo.append(stmt)
                continue
            if isinstance(stmt, If) and isinstance(stmt.guard, With) and self._acts_on_entry(stmt.guard.context):
                self.todo.append(stmt)
                self.entered.add(id(stmt))
            if isinstance(stmt, Loop):
                self.ends[id(stmt)] = []
            for inner in blocks_of(stmt):
                self._collect(inner, stmt, stmt if isinstance(stmt, Loop) else loop, caught)
        end = block.end
        if isinstance(end, (Return, Raise)):
            self.todo.extend(v for arg in end_args(end) for v in arg_vars(arg))
            if parent is not None:
                self.todo.append(parent)
        elif isinstance(end, (Next, Break)) and loop is not None and parent is not None:
            self.ends[id(loop)].append((end, parent))

    def _acts_on_entry(self, context: Arg) -> bool:
        """Whether it is more to enter a context than what is done inside."""
        made, _, _ = self.definer.get(context, (None, "", 0)) if isinstance(context, Var) else (None, "", 0)
        return not (isinstance(made, Op) and made.kwarg("class") in _SETTINGS)

    def _define(self, stmt: Stmt) -> None:
        if isinstance(stmt, Op):
            if stmt.target is not None:
                self.definer[stmt.target] = (stmt, "stmt", 0)
            return
        if isinstance(stmt, Call):
            self.definer.update((v, (stmt, "stmt", 0)) for v in stmt.targets)
            return
        self.by_key[stmt.key] = stmt
        if isinstance(stmt, If):
            self.definer.update((v, (stmt, "result", k)) for k, v in enumerate(stmt.results))
            own = (*targets_of(stmt)[len(stmt.results):], *inner_defs(stmt))
            self.definer.update((v, (stmt, "stmt", 0)) for v in own)
            return
        if isinstance(stmt, For):
            self.definer[stmt.index] = (stmt, "stmt", 0)
            self.definer.update((v, (stmt, "item", k)) for k, v in enumerate(stmt.items))
        self.definer.update((v, (stmt, "slot", k)) for k, v in enumerate(stmt.params))
        self.definer.update((v, (stmt, "slot", k)) for k, v in enumerate(stmt.results))
        self.definer.update((v, (stmt, "out", k)) for k, v in enumerate(stmt.outs))

    def _run(self) -> None:
        while self.todo:
            item = self.todo.pop()
            if isinstance(item, Var):
                if item not in self.vars:
                    self.vars.add(item)
                    if item in self.definer:
                        self._mark_definition(item, *self.definer[item])
            elif id(item) not in self.stmts:
                self.stmts.add(id(item))
                self._mark_stmt(item)

    def _mark(self, *args: Arg) -> None:
        for arg in args:
            if type(arg) is Var:
                self.todo.append(arg)
            else:
                self.todo += arg_vars(arg)

    def _mark_definition(self, v: Var, stmt: Stmt, role: str, k: int) -> None:
        self.todo.append(stmt)
        if role == "stmt":
            return
        if isinstance(stmt, If) and role == "result":
            for block in (stmt.then, stmt.orelse):
                if isinstance(block.end, Yield):
                    self._mark(block.end.values[k])
        elif isinstance(stmt, For) and role == "item":
            self._mark(stmt.tapes[k])
        elif isinstance(stmt, (For, While)) and role == "slot":
            self.todo.extend((stmt.params[k], stmt.results[k]))
            self._mark(stmt.inits[k], *(end.values[k] for end, _ in self.ends[id(stmt)]))
        elif isinstance(stmt, (For, While)) and role == "out":
            self._mark(*(end.outs[k] for end, _ in self.ends[id(stmt)]))

    def _mark_stmt(self, stmt: Stmt) -> None:
        parent = self.parent[id(stmt)]
        if parent is not None:
            self.todo.append(parent)
        if isinstance(stmt, Op):
            if self.of_shapes:
                self.todo += own_vars(stmt)
            else:
                idle = shaped(stmt)
                self._mark(*(a for k, a in enumerate(stmt.args) if k not in idle), *(v for _, v in stmt.kwargs))
        elif isinstance(stmt, Call):
            self._mark(*stmt.args)
        elif isinstance(stmt, If):
            self._mark(*own_args(stmt))
        else:
            if isinstance(stmt, For):
                self._mark(*domain_args(stmt))
                if isinstance(stmt.domain, Mirror) and stmt.twin in self.by_key:
                    self.todo.append(self.by_key[stmt.twin])
            else:
                self._mark(*end_args(stmt.test.end))
            self.todo.extend(around for _, around in self.ends[id(stmt)])       # branches that steer the loop

    def sweep(self, block: Block) -> Block:
        """The block without what is dead."""
        kept = [new for s in block.stmts if id(s) in self.stmts and (new := self._sweep_stmt(s)) is not None]
        last = tail_if(Block(tuple(kept), block.end))
        if last is not None and not last.then.stmts and not last.orelse.stmts and last.then.end == last.orelse.end:
            return Block(tuple(kept[:-1]), last.then.end)
        return Block(tuple(kept), block.end)

    def _sweep_stmt(self, stmt: Stmt) -> Stmt | None:
        if isinstance(stmt, (Op, Call)):
            return stmt
        if isinstance(stmt, If):
            keep = [v in self.vars for v in stmt.results]
            then, orelse = (_select(self.sweep(b), keep, None) for b in (stmt.then, stmt.orelse))
            idle = all(not b.stmts and isinstance(b.end, Yield) for b in (then, orelse))
            if idle and not any(keep) and id(stmt) not in self.entered:
                return None
            return replace(stmt, then=then, orelse=orelse, results=_pick(stmt.results, keep))
        keep = [v in self.vars for v in stmt.params]
        outs = [v in self.vars for v in stmt.outs]
        body = _select(self.sweep(stmt.body), keep, outs)
        params, inits, results = _pick(stmt.params, keep), _pick(stmt.inits, keep), _pick(stmt.results, keep)
        if isinstance(stmt, While):
            return replace(stmt, params=params, inits=inits, results=results, outs=_pick(stmt.outs, outs), body=body,
                           test=self.sweep(stmt.test))
        items = [v in self.vars for v in stmt.items]
        return replace(stmt, params=params, inits=inits, results=results, outs=_pick(stmt.outs, outs), body=body,
                       items=_pick(stmt.items, items), tapes=_pick(stmt.tapes, items))


_T = TypeVar("_T")


def _pick(values: tuple[_T, ...], keep: list[bool]) -> tuple[_T, ...]:
    return tuple(v for v, k in zip(values, keep) if k)


def _select(block: Block, keep: list[bool], outs: list[bool] | None) -> Block:
    """A block whose ends hand on only the values that are kept."""
    def change(end: End) -> End:
        if outs is None:
            return Yield(_pick(end.values, keep)) if isinstance(end, Yield) else end
        if isinstance(end, (Next, Break)):
            return replace(end, values=_pick(end.values, keep), outs=_pick(end.outs, outs))
        return end

    return Block(block.stmts, change(block.end)) if outs is None else map_ends(block, change)
