"""Runs a trace with Python's and NumPy's meaning of every operation, to compare it with the function it came from."""

from __future__ import annotations

import builtins
import importlib
import itertools
import operator
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from s2sad.emit.expr import OF_TWO_TUPLES
from s2sad.frontend.lower import Lowered
from s2sad.rules.raising import class_of
from s2sad.rules.table import find, flagged
from s2sad.runtime import helpers
from s2sad.trace.ir import (
    Arg,
    Block,
    Break,
    Call,
    Const,
    For,
    If,
    Lambda,
    Leaf,
    Lit,
    Next,
    Node,
    Op,
    Raise,
    Range,
    Ref,
    Return,
    Slc,
    Trace,
    Tree,
    Try,
    Tup,
    Undef,
    Var,
    While,
    With,
    Yield,
)
from tests.corpus import with_attributes
from tests.lists import LIST_OPERATORS
from tests.places import scatter_add, setitem

UNSET = object()
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "@": operator.matmul, "neg": operator.neg, "pos": operator.pos,
    "invert": operator.invert, "not": operator.not_, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "==": operator.eq, "!=": operator.ne, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "copy": lambda x: x.copy(),
    "flatten": lambda x: x.flatten(), "item": lambda x: x.item(), "getitem": lambda x, index: x[index],
    "shape": lambda x, axis=None: x.shape if axis is None else x.shape[axis], "size": lambda x: x.size,
    "ndim": lambda x: x.ndim, "minlen": lambda *xs: min(map(len, xs)),
    "np.eye": lambda num, M=None, k=0, dtype=float: np.eye(num, M, k, dtype),
    "np.fft.fftfreq": lambda d=1.0, num=0: np.fft.fftfreq(num, d), "conjugate": lambda z: z.conjugate(),
    "np.identity": lambda num: np.identity(num),
    "np.kaiser": lambda beta, num: np.kaiser(num, beta), "np.hanning": lambda num: np.hanning(num),
    "np.triu_indices": lambda num, k=0, m=None: np.triu_indices(num, k, m),
    "np.tril_indices": lambda num, k=0, m=None: np.tril_indices(num, k, m),
    "np.diag_indices": lambda num, ndim=2: np.diag_indices(num, ndim),
    "np.einsum": lambda *xs, subscripts, **options: np.einsum(subscripts, *xs, **options),
    "np.full": lambda fill_value, shape, dtype=None: np.full(shape, fill_value, dtype),
    "setitem": setitem, "scatter_add": scatter_add, "str.format": str.format,
    "np.astype": lambda x, dtype: x.astype(dtype), "select": lambda c, a, b: a if c else b,
    **LIST_OPERATORS, "constants": lambda *items: items, "in": lambda a, b: a in b,
    "index_of": lambda xs, x: xs.index(x), "stop_gradient": lambda x: x, "expand": lambda v, like: v,
    "np.linalg.slogdet": np.linalg.slogdet, "part": lambda t, item: t[item],
    "field": lambda x, name: getattr(x, name) if isinstance(name, str) else x[name],
    "is": lambda a, b: a is b, "is_not": lambda a, b: a is not b,
    **dict.fromkeys(("placed", "placed_log", "placed_rate", "scaled", "between"), lambda y, *parameters: y),
    "cast": lambda x, dtype: np.asarray(x).astype(dtype)[()], "flat": lambda x: x.flat,
}


def evaluate(lowered: Lowered | Trace, *args: Any) -> Any:
    """The result of the trace for arguments in the order of the function's parameters."""
    trace = lowered.trace if isinstance(lowered, Lowered) else lowered
    read = {n: g.resolver.read_number(g.meaning.name) for n, g in lowered.globals.items()} if isinstance(
        lowered, Lowered) else {}
    leaves: dict[int, Any] = {}
    given = iter(args)
    for i in trace.inputs:
        value = read[i.name] if i.kind == "global" else next(given)
        _collect(i.tree, value, leaves)
    machine = Machine([trace, *trace.callees])
    values = machine.call(trace, [leaves[k] for k in range(len(trace.params))])
    return _build(trace.result, values)


def _collect(tree: Tree, value: Any, leaves: dict[int, Any]) -> None:
    if isinstance(tree, Leaf):
        leaves[tree.index] = value
    elif isinstance(tree, Node):
        if tree.kind == "dict":
            assert tuple(value) == tree.keys
            value = value.values()
        elif tree.cls is not None:
            assert type(value) is tree.cls.object
            value = [getattr(value, str(k)) for k in tree.keys]
        for item, v in zip(tree.items, value, strict=True):
            _collect(item, v, leaves)


def _build(tree: Tree, values: list[Any]) -> Any:
    if isinstance(tree, Leaf):
        return values[tree.index]
    if isinstance(tree, Const):
        return tree.value
    items = [_build(i, values) for i in tree.items]
    if tree.kind == "dict":
        return dict(zip(tree.keys, items))
    if tree.kind == "object":
        assert tree.cls is not None
        attributes = dict(zip(map(str, tree.keys), items))
        return SimpleNamespace(**attributes) if tree.cls.object is SimpleNamespace else with_attributes(
            object.__new__(tree.cls.object), attributes)
    if tree.cls is not None:
        return tree.cls.object._make(items)
    return items if tree.kind == "list" else tuple(items)


class _Left(Exception):  # noqa: N818
    def __init__(self, values: list[Any]) -> None:
        self.values = values


class Machine:
    """The traces of one program, and the variables of the call that runs."""

    def __init__(self, traces: list[Trace]) -> None:
        self.traces = {t.name: t for t in traces}
        self.env: dict[Var, Any] = {}

    def call(self, trace: Trace, args: list[Any]) -> list[Any]:
        outer, self.env = self.env, dict(zip(trace.params, args, strict=True))
        try:
            self.block(trace.body)
        except _Left as left:
            return left.values
        finally:
            self.env = outer
        raise AssertionError("no return")

    def block(self, block: Block) -> tuple[str, list[Any]]:
        """How the block ends, and with what values."""
        for k, s in enumerate(block.stmts):
            if isinstance(s, Op):
                self.op(s)
            elif isinstance(s, If):
                if isinstance(s.guard, Try):
                    how, values = self.guarded(s, s.guard)
                elif isinstance(s.guard, With):
                    with self.value(s.guard.context) as entered:
                        if s.guard.target is not None:
                            self.env[s.guard.target] = entered
                        how, values = self.block(s.then)
                else:
                    how, values = self.block(s.then if self.value(s.cond) else s.orelse)
                if how != "yield":
                    assert k == len(block.stmts) - 1 and block.end is None
                    return how, values
                self.env.update(zip(s.results, values, strict=True))
            elif isinstance(s, (For, While)):
                self.loop(s)
            else:
                assert isinstance(s, Call)
                values = self.call(self.traces[s.callee], [self.value(a) for a in s.args])
                self.env.update(zip(s.targets, values, strict=True))
        end = block.end
        if isinstance(end, Return):
            raise _Left([self.value(v) for v in end.values])
        if isinstance(end, Raise):
            args = [self.value(a) for a in end.args]
            if not end.fn:
                raise args[0] from (args[1] if len(args) > 1 else None)
            raise class_of(end.kind)(*args)
        assert isinstance(end, (Yield, Next, Break)), end
        return {Yield: "yield", Next: "next", Break: "break"}[type(end)], [self.value(v) for v in end.values]

    def guarded(self, s: If, guard: Try) -> tuple[str, list[Any]]:
        at = next((k for k, t in enumerate(s.then.stmts) if isinstance(t, Op) and t.fn == "completed"), None)
        try:
            self.block(Block(s.then.stmts[:at], Yield()))
        except tuple(map(class_of, guard.classes)) as error:
            self.env[guard.error], self.env[s.cond] = error, False  # type: ignore[index]
            return self.block(s.orelse)
        self.env[s.cond] = True  # type: ignore[index]
        assert at is not None
        return self.block(Block(s.then.stmts[at + 1:], s.then.end))

    def loop(self, s: For | While) -> None:
        values = [self.value(v) for v in s.inits]
        if isinstance(s, For):
            assert isinstance(s.domain, Range)
            indices: Any = range(*(self.value(a) for a in (s.domain.start, s.domain.stop, s.domain.step)))
            indices = reversed(indices) if s.backward else indices
        else:
            indices = itertools.count()
        for index in indices:
            self.env.update(zip(s.params, values, strict=True))
            if isinstance(s, While):
                _, test = self.block(s.test)
                if not test[0]:
                    break
            else:
                self.env[s.index] = index
            how, values = self.block(s.body)
            if how == "break":
                break
        self.env.update(zip(s.results, values, strict=True))

    def value(self, arg: Arg) -> Any:
        if isinstance(arg, Var):
            return self.env[arg]
        if isinstance(arg, Lit):
            return arg.value
        if isinstance(arg, Undef):
            return UNSET
        if isinstance(arg, Tup):
            items = [self.value(a) for a in arg.items]
            return items if arg.is_list else tuple(items)
        if isinstance(arg, Slc):
            return slice(self.value(arg.lo), self.value(arg.hi), self.value(arg.step))
        if isinstance(arg, Lambda):
            return self.function(arg)
        assert isinstance(arg, Ref)
        return arg.object or _object(arg.name)

    def function(self, arg: Lambda) -> Callable[..., Any]:
        trace, captured = self.traces[arg.callee], [self.value(a) for a in arg.args]
        return lambda *xs: _build(trace.result, self.call(trace, [*xs, *captured]))

    def op(self, op: Op) -> None:
        args = [self.value(a) for a in op.args]
        options = {k: np.zeros_like(self.value(v)) if k == "out" else self.value(v) for k, v in op.kwargs}
        assert not any(a is UNSET for a in args), f"{op.fn} reads a name without value"
        if op.fn == "assert":
            assert args[0], options.get("message")
        elif op.fn == "done":
            pass
        elif op.fn == "raise":
            raise options["kind"](*args) if "kind" in options else args[0]
        elif op.fn == "caught":
            self.env[op.target] = isinstance(args[0], options["classes"])  # type: ignore[index]
        elif op.fn == "expression":
            self.env[op.target] = eval(options["text"], dict(zip(options["names"], args)))  # type: ignore[index]
        elif op.fn == "new":
            self.env[op.target] = options.pop("class")(*args, **options)  # type: ignore[index]
        elif op.fn == "check_length":
            if len(args[0]) != options["length"]:
                raise ValueError("unpack")
        elif op.fn in ("np.array", "np.asarray") and "layout" in options:
            layout = options.pop("layout")
            self.env[op.target] = getattr(np, op.fn[3:])(_layout(layout, args), **options)  # type: ignore[index]
        elif op.fn in OF_TWO_TUPLES:
            half = len(args) // 2
            self.env[op.target] = _object(op.fn)(args[:half], args[half:])  # type: ignore[index]
        elif flagged(op.fn, "multiary"):
            self.env[op.target] = _object(op.fn)(args, **options)  # type: ignore[index]
        elif op.style == "method" and hasattr(args[0], op.fn.rpartition(".")[2]) and op.fn.startswith("np."):
            method = getattr(args[0], op.fn.rpartition(".")[2])
            self.env[op.target] = method(*args[1:], *options.values()) if op.fn in (  # type: ignore[index]
                "np.reshape", "np.transpose", "np.swapaxes") else method(*args[1:], **options)
        elif op.fn.startswith((".", "str.")) and op.fn != "str.format":
            value = getattr(args[0], op.fn.rpartition(".")[2])(*args[1:], **options)
            if op.target is not None:
                self.env[op.target] = value
        else:
            fn = OPERATORS.get(op.fn) or _object(op.fn)
            args, named = _left_out(op.fn, args)
            self.env[op.target] = fn(*args, **named, **options)  # type: ignore[index]


def _left_out(fn: str, args: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The operands that a call gives by position, and by name those that it may leave out."""
    rule = find(fn)
    operands = [] if rule is None else [p for p in rule.signature.parameters if p.kind == "operand"]
    if not any(p.default is not None for p in operands):
        return args, {}
    given = list(zip(operands, args))
    return [a for p, a in given if p.default is None], {
        p.name: a for p, a in given if p.default is not None and a is not None}


def _layout(layout: Any, args: list[Any]) -> Any:
    if isinstance(layout, (list, tuple)):
        return [_layout(i, args) for i in layout]
    return args[layout]


def _object(name: str) -> Any:
    head, *rest = name.split(".")
    found = {"np": np, "rounding": helpers.rounding, "compensated": helpers.compensated}.get(head) or (
        importlib.import_module(head) if rest else getattr(builtins, head))
    for part in rest:
        found = getattr(found, part)
    return found
