"""Activity: which variables carry derivatives.

A variable is *varied* if it depends, through differentiable operations, on an input to be differentiated; it is
*useful* if a result depends on it in the same way; it is *active* if both hold.  Both sets are least fixed points over
the loops of the trace: a loop-carried value is varied if its first value or the value any iteration hands on is.

Source: Griewank and Walther, "Evaluating Derivatives", 2nd ed., section 6.2.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from s2sad.rules.table import find
from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import (
    NONE,
    Arg,
    Block,
    Call,
    End,
    For,
    If,
    Lit,
    Next,
    Op,
    Return,
    Stmt,
    Trace,
    Undef,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import is_differentiable, rank
from s2sad.trace.walk import arg_vars, blocks, statements

# Operations of the trace itself, which only move values: their derivative is the operation itself.
LINEAR = ("pack", "unpack", "part", "accumulate")


def passes_derivatives(op: Op) -> bool:
    """Whether an operation has a derivative that is not zero everywhere."""
    rule = find(op.fn)
    return op.fn in LINEAR or (rule is not None and rule.differentiable)


def returns(block: Block) -> list[Return]:
    """Every Return in a block, in the order of the text."""
    return [b.end for b in blocks(block) if isinstance(b.end, Return)]


class _Flow:
    """A growing set of variables, propagated along (var → var) edges collected once."""

    def __init__(self) -> None:
        self.edges: dict[Var, list[Var]] = {}
        self.back: dict[Var, list[Var]] = {}

    def edge(self, source: Arg, target: Var) -> None:
        for v in arg_vars(source):
            if is_differentiable(v.type) and is_differentiable(target.type):
                self.edges.setdefault(v, []).append(target)
                self.back.setdefault(target, []).append(v)

    def stmt(self, s: Stmt) -> None:
        if isinstance(s, Op):
            if s.target is not None and passes_derivatives(s):
                for arg in s.args:
                    self.edge(arg, s.target)
        elif isinstance(s, Call):
            for arg in s.args:
                for t in s.targets:
                    self.edge(arg, t)
        elif isinstance(s, If):
            self.block(s.then, s.results)
            self.block(s.orelse, s.results)
        elif isinstance(s, While):
            self.loop(s)
            self.block(s.test)
        else:
            self.loop(s)
            for item, tape in zip(s.items, s.tapes):
                self.edge(tape, item)

    def loop(self, s: For | While) -> None:
        for init, param, result in zip(s.inits, s.params, s.results):
            self.edge(init, param)
            self.edge(init, result)
            self.edge(param, result)
        for end in loop_ends(s.body):
            for value, param, result in zip(end.values, s.params, s.results):
                self.edge(value, param)
                self.edge(value, result)
            for value, tape in zip(end.outs, s.outs):
                self.edge(value, tape)
        self.block(s.body)

    def block(self, b: Block, results: tuple[Var, ...] = ()) -> None:
        for stmt in b.stmts:
            self.stmt(stmt)
        self.end(b.end, results)

    def end(self, end: End, results: tuple[Var, ...]) -> None:
        if isinstance(end, Yield):
            for value, result in zip(end.values, results):
                self.edge(value, result)


def _closure(start: Iterable[Var], edges: dict[Var, list[Var]]) -> set[Var]:
    seen = {v for v in start if is_differentiable(v.type)}
    todo = list(seen)
    while todo:
        for v in edges.get(todo.pop(), ()):
            if v not in seen:
                seen.add(v)
                todo.append(v)
    return seen


def varied(trace: Trace, inputs: Collection[Var]) -> set[Var]:
    """The variables that depend differentiably on ``inputs``."""
    flow = _Flow()
    flow.block(trace.body)
    return _closure(inputs, flow.edges)


def active(trace: Trace, inputs: Collection[Var], results: Collection[int] | None = None) -> set[Var]:
    """The variables that depend on ``inputs`` and reach the result leaves with the given indices (default: all)."""
    flow = _Flow()
    flow.block(trace.body)
    outs = [v for ret in returns(trace.body) for k, value in enumerate(ret.values)
            if results is None or k in results for v in arg_vars(value)]
    return _closure(inputs, flow.edges) & _closure(outs, flow.back)


def maybe_undefined(body: Block, also: Callable[[Arg, Var], bool] = lambda value, target: False) -> set[Var]:
    """The variables without a value on some path: carried ones that start without, and what they are handed on to.

    So are items of a tape that may be missing.  ``also`` says which values count as none for which variables.
    """
    return _reached(body, lambda value, target: isinstance(value, Undef) or also(value, target), False)


def maybe_none(body: Block) -> set[Var]:
    """The variables that are None on some path: what has been recorded on other paths only."""
    return _reached(body, lambda value, target: value == NONE, True)


def maybe_number(body: Block) -> set[Var]:
    """The variables of array type that are a number on some path, such as the zero of an adjoint that has no part."""
    def starts(value: Arg, target: Var) -> bool:
        return rank(target.type) != 0 and (isinstance(value, Lit) or isinstance(value, Var) and rank(value.type) == 0)

    return _reached(body, starts, True)


def _reached(body: Block, starts: Callable[[Arg, Var], bool], over_tapes: bool) -> set[Var]:
    """The variables that may get certain values, from where control meets or over tapes."""
    found: set[Var] = set()
    edges: dict[Var, list[Var]] = {}

    def hand_on(value: Arg, *targets: Var) -> None:
        found.update(t for t in targets if starts(value, t))
        if isinstance(value, Var):
            edges.setdefault(value, []).extend(targets)

    for s in statements(body):
        if isinstance(s, If):
            for side in (s.then, s.orelse):
                if isinstance(side.end, Yield):
                    for value, result in zip(side.end.values, s.results):
                        hand_on(value, result)
        elif isinstance(s, (For, While)):
            for init, param, result in zip(s.inits, s.params, s.results):
                hand_on(init, param, result)
            for end in loop_ends(s.body):
                for value, param, result in zip(end.values, s.params, s.results):
                    hand_on(value, *((param, result) if isinstance(end, Next) else (result,)))
                for value, tape in zip(end.outs, s.outs) if over_tapes else ():
                    hand_on(value, tape)
            for item, source in zip(s.items, s.tapes) if isinstance(s, For) and over_tapes else ():
                hand_on(source, item)
        elif isinstance(s, Op) and s.target is not None and s.kwarg("missing") == Lit(True):
            found.add(s.target)
    todo = list(found)
    while todo:
        for v in edges.get(todo.pop(), ()):
            if v not in found:
                found.add(v)
                todo.append(v)
    return found
