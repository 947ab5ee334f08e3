"""Runs traces directly, with Python's and NumPy's meaning of each operation, so that passes can be tested by value.

Twins are run as the recording pass will make them run: a twin loop visits the iterations its primal loop has run, last
one first, and reads across the mirror what that iteration computed.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.trace.ir import (
    Along,
    Arg,
    Block,
    Break,
    Call,
    End,
    For,
    If,
    Lit,
    Mirror,
    Next,
    Op,
    Raise,
    Range,
    Ref,
    Return,
    Slc,
    Trace,
    Tup,
    Undef,
    Var,
    While,
    Yield,
)
from tests.places import scatter_add, setitem

UNDEFINED = object()


class Left(Exception):  # noqa: N818
    """Control leaves the function: with values, or with the name of the user's exception."""

    def __init__(self, values: tuple[Any, ...], raised: str = "") -> None:
        self.values, self.raised = values, raised


class Frame:
    """The variables of one run of a block; ``mirror`` is the frame of the primal block a twin's block mirrors."""

    def __init__(self, parent: Frame | None, mirror: Frame | None = None) -> None:
        self.parent, self.mirror = parent, mirror
        self.vars: dict[Var, Any] = {}
        self.runs: dict[int, list[Frame]] = {}

    def find(self, v: Var) -> Any:
        frame: Frame | None = self
        while frame is not None:
            inner: Frame | None = frame
            while inner is not None:
                if v in inner.vars:
                    return inner.vars[v]
                inner = inner.mirror
            frame = frame.parent
        raise KeyError(f"{v!r} is read where it has no value")

    def frames(self, key: int) -> list[Frame]:
        frame: Frame | None = self
        while frame is not None:
            inner: Frame | None = frame
            while inner is not None:
                if key in inner.runs:
                    return inner.runs[key]
                inner = inner.mirror
            frame = frame.parent
        return []


def run(trace: Trace, *args: Any) -> tuple[Any, ...]:
    """The leaves of the trace's result for the leaves of its arguments."""
    return _Machine(trace).call(trace, args)


class _Machine:
    def __init__(self, trace: Trace) -> None:
        self.traces = {trace.name: trace}
        self.steps = 0
        todo = list(trace.callees)
        while todo:
            callee = todo.pop()
            self.traces[callee.name] = callee
            todo.extend(callee.callees)

    def call(self, trace: Trace, args: tuple[Any, ...]) -> tuple[Any, ...]:
        frame = Frame(None)
        frame.vars.update(zip(trace.params, args, strict=True))
        try:
            self.block(trace.body, frame)
        except Left as left:
            if left.raised:
                raise
            return left.values
        raise AssertionError("the function ends without Return")

    def block(self, block: Block, frame: Frame) -> End:
        for k, stmt in enumerate(block.stmts):
            if isinstance(stmt, If):
                end = self.branch(stmt, frame)
                if not isinstance(end, Yield):
                    assert k == len(block.stmts) - 1 and block.end is None, "only a tail If may end otherwise"
                    return end
            elif isinstance(stmt, (For, While)):
                self.loop(stmt, frame)
            elif isinstance(stmt, Call):
                values = self.call(self.traces[stmt.callee], tuple(self.value(a, frame) for a in stmt.args))
                frame.vars.update(zip(stmt.targets, values, strict=True))
            else:
                self.op(stmt, frame)
        end = block.end
        if isinstance(end, Return):
            raise Left(tuple(self.value(v, frame) for v in end.values))
        if isinstance(end, Raise):
            raise Left(tuple(self.value(v, frame) for v in end.args), end.fn)
        assert end is not None, "the block has no end"
        new = tuple(Lit(self.value(v, frame)) for v in end.values)
        return Yield(new) if isinstance(end, Yield) else type(end)(new, tuple(Lit(self.value(v, frame))
                                                                               for v in end.outs))

    def branch(self, stmt: If, frame: Frame) -> End:
        # A branch that computes nothing anybody needs may be gone while its twin is still there.
        mirrored = frame.frames(stmt.twin) if stmt.twin is not None else []
        inner = Frame(frame, mirrored[0] if mirrored else None)
        frame.runs[stmt.key] = [inner]
        end = self.block(stmt.then if self.value(stmt.cond, frame) else stmt.orelse, inner)
        if isinstance(end, Yield):
            frame.vars.update((r, v.value) for r, v in zip(stmt.results, end.values, strict=True))
        return end

    def loop(self, stmt: For | While, frame: Frame) -> None:
        carried = [self.value(v, frame) for v in stmt.inits]
        frames = frame.runs[stmt.key] = []
        outs: dict[int, list[Any]] = {}
        items = [self.value(t, frame) for t in stmt.tapes] if isinstance(stmt, For) else []
        visits = self.positions(stmt, frame) if isinstance(stmt, For) else None
        place = 0
        while True:
            self.steps += 1
            assert self.steps < 100_000, "the program does not end"
            mirror = None
            if visits is not None:
                if not visits:
                    break
                place, index, mirror = visits.pop(0)
            inner = Frame(frame, mirror)
            inner.vars.update(zip(stmt.params, carried, strict=True))
            if isinstance(stmt, For):
                inner.vars[stmt.index] = index
                inner.vars.update((v, tape[place]) for v, tape in zip(stmt.items, items, strict=True))
            else:
                test = self.block(stmt.test, inner)
                assert isinstance(test, Yield)
                if not test.values[0].value:
                    break
            frames.append(inner)
            end = self.block(stmt.body, inner)
            assert isinstance(end, (Next, Break))
            carried = [v.value for v in end.values]
            assert len(end.values) == len(stmt.params) and len(end.outs) == len(stmt.outs)
            outs[place] = [v.value for v in end.outs]
            place += isinstance(stmt, While)
            if isinstance(end, Break):
                break
        frame.vars.update(zip(stmt.results, carried, strict=True))
        for k, v in enumerate(stmt.outs):
            frame.vars[v] = {place: put[k] for place, put in outs.items()}

    def positions(self, stmt: For, frame: Frame) -> list[tuple[int, Any, Frame | None]]:
        """Which positions a loop visits, with the index there and the iteration mirrored."""
        d = stmt.domain
        mirrored = frame.frames(stmt.twin) if stmt.twin is not None else None
        if isinstance(d, Range):
            indices = list(range(*(self.value(a, frame) for a in (d.start, d.stop, d.step))))
        elif isinstance(d, Along):
            return [(k, k, None) for k in sorted(self.value(d.tape, frame), reverse=stmt.backward)]
        else:
            assert isinstance(d, Mirror) and mirrored is not None
            indices = list(range(len(mirrored)))
        visits = [(k, i, mirrored[k] if mirrored is not None else None) for k, i in enumerate(indices)]
        return visits[::-1] if stmt.backward else visits

    def value(self, arg: Arg, frame: Frame) -> Any:
        if isinstance(arg, Var):
            return frame.find(arg)
        if isinstance(arg, Lit):
            return arg.value
        if isinstance(arg, Undef):
            return UNDEFINED
        if isinstance(arg, Tup):
            items = [self.value(a, frame) for a in arg.items]
            return items if arg.is_list else tuple(items)
        if isinstance(arg, Slc):
            return slice(*(self.value(a, frame) for a in (arg.lo, arg.hi, arg.step)))
        assert isinstance(arg, Ref)
        return getattr(np, arg.name.removeprefix("np."))

    def op(self, op: Op, frame: Frame) -> None:
        args = [self.value(a, frame) for a in op.args]
        kwargs = {k: self.value(v, frame) for k, v in op.kwargs}
        assert all(a is not UNDEFINED for a in args), f"{op.fn} reads a name that has no value"
        if op.target is None:
            assert op.fn == "assert"
            if not args[0]:
                raise Left((), "AssertionError")
            return
        frame.vars[op.target] = function(op.fn)(*args, **kwargs)


def unbroadcast(v: Any, like: Any) -> Any:
    v = np.asarray(v)
    v = v.sum(axis=tuple(range(v.ndim - np.ndim(like))))
    axes = tuple(k for k, n in enumerate(np.shape(like)) if n == 1 and v.shape[k] != 1)
    return v.sum(axis=axes, keepdims=True) if axes else v


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "@": operator.matmul, "neg": operator.neg, "pos": operator.pos,
    "not": operator.not_, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
    "!=": operator.ne, "abs": abs, "float": float, "int": int, "bool": bool, "len": len,
    "getitem": lambda x, index: x[index], "scatter_add": scatter_add, "setitem": setitem, "size": lambda x: np.size(x),
    "shape": lambda x, axis=None: np.shape(x) if axis is None else np.shape(x)[axis],
    "zeros_like": lambda x: np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0, "copy": np.copy,
    "expand": lambda v, like: np.broadcast_to(v, np.shape(like)), "unbroadcast": unbroadcast,
    "pack": lambda *xs: xs, "part": lambda t, item: t[item], "unpack": lambda t, item, missing=False: t[item],
    "select": lambda cond, a, b: a if cond else b,
}


def function(fn: str) -> Callable[..., Any]:
    """The Python function that does what an operation does."""
    if fn in FUNCTIONS:
        return FUNCTIONS[fn]
    module, _, name = fn.rpartition(".")
    found: Callable[..., Any] = getattr({"math": math, "np": np}[module], name)
    return found
