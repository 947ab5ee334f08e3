"""Evaluation traces: what a derivative computes at given arguments, line by line, as the textbooks print it.

Baydin, Pearlmutter, Radul, Siskind, "Automatic differentiation in machine learning: a survey", JMLR 2018, show a forward
trace next to its tangents (table 2) and next to its adjoints (table 3).  Here the derivative printed with one operation
a line is run, and each assignment is noted when it happens, so loops and branches show as they were taken.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.api.derive import Derivative, derive
from s2sad.api.trees import copied, zeros
from s2sad.api.wrt import Wrt


@dataclass(frozen=True)
class Event:
    """One assignment that was run: the variable, the text it was computed by, its value."""

    line: int
    name: str
    text: str
    value: Any
    is_reverse: bool = False


def evaluation_trace(f: Any, args: Sequence[Any], mode: str = "reverse", wrt: Wrt | None = None,
                     tangents: Sequence[Any] | None = None) -> str:
    """The evaluation trace of a derivative as a table of two columns.

    Args:
        f: any callable that has Python source or a rule; it is run.
        args: its positional arguments.
        mode: ``forward`` (primal next to tangent) or ``reverse`` (primal next to adjoint).
        wrt: positions or names to differentiate by; by default all arguments that have a derivative.
        tangents: in forward mode one for each argument of ``wrt``; by default 1 for the first and 0 for the others.

    Returns:
        The table as text.

    Raises:
        Refusal, ArgumentError, ValueArgumentError: as for `derive`.

    >>> print(evaluation_trace(abs, (-2.0,), "forward"))  # doctest: +SKIP
    """
    made = derive(f, mode, wrt, level="trace", types=tuple(args))
    if mode == "forward":
        return forward_table(made, args, tangents)
    return reverse_table(made, args)


def seeds_of(made: Derivative) -> list[Any]:
    """The inputs of a derivative that are its seeds."""
    return [i for i in made.trace.inputs if i.kind == "seed"]


def forward_table(made: Derivative, args: Sequence[Any], tangents: Sequence[Any] | None = None) -> str:
    """The primal next to the tangents, as in table 2 of the survey."""
    names = [i.name for i in made.trace.inputs if i.kind == "argument"]
    seeds = [i.name for i in seeds_of(made)]
    moving = [dict(zip(names, args))[s.removesuffix("_dot")] for s in seeds if s.removesuffix("_dot") in names]
    if tangents is None:
        tangents = [zeros(v) if k else _unit(v) for k, v in enumerate(moving)]
    result, events = run(made, [*copied(tuple(args)), *tangents])
    rows: list[list[str]] = []
    pending = dict(zip(seeds, tangents))
    for name, value in zip(names, args):
        dot = f"{name}_dot"
        rows.append([equation(name, "", value), equation(dot, "", pending[dot]) if dot in pending else ""])
    rows.append([])
    owner: list[tuple[str, str]] = []
    body: list[list[str]] = []
    for event in events:
        text = equation(event.name, event.text, event.value)
        base, is_dot = event.name.removesuffix("_dot"), event.name.endswith("_dot")
        side = 1 if is_dot else 0
        if owner and owner[-1][0] == base and not body[-1][side]:
            body[-1][side] = text
        else:
            body.append(["", text] if is_dot else [text, ""])
            owner.append((base, event.name))
    y, y_dot = result
    return table(["Forward primal trace", "Forward tangent trace"],
                 [*rows, *body, [], [equation("result", "", y), equation("result_dot", "", y_dot)]])


def reverse_table(made: Derivative, args: Sequence[Any]) -> str:
    """The primal next to the adjoints, as in table 3 of the survey; both columns read from top to bottom."""
    inputs = made.trace.inputs
    names = [i.name for i in inputs if i.kind == "argument"]
    seeds = seeds_of(made)
    y = made.kernel_primal(args) if seeds and _needs_seed(made) else None
    given = [_ones(y)] if seeds and y is not None else [1.0] * len(seeds)
    result, events = run(made, [*copied(tuple(args)), *given])
    left = [equation(n, "", v) for n, v in zip(names, args)]
    left += [equation(e.name, e.text, e.value) for e in events if not e.is_reverse]
    right = [equation(s.name, "", v) for s, v in zip(seeds, given)]
    right += [equation(e.name, e.text, e.value) for e in events if e.is_reverse]
    height = max(len(left), len(right))
    pairs = [[(left[k : k + 1] or [""])[0], (right[k : k + 1] or [""])[0]] for k in range(height)]
    y, bars = result
    chosen = [i.name for i in inputs if i.kind == "argument" and f"{i.name}_bar" in made.source]
    ends = zip(chosen, bars if len(chosen) > 1 else (bars,))
    foot = [[equation("result", "", y) if k == 0 else "", equation(f"{n}_bar", "", bar)]
            for k, (n, bar) in enumerate(ends)]
    return table(["Forward primal trace", "Reverse adjoint trace"], [*pairs, [], *foot])


def equation(name: str, text: str, value: Any) -> str:
    """One line of a trace; a text that is the value itself is not repeated.

    >>> equation("v1", "np.log(x1)", 0.6931471805599453), equation("x1", "", 2.0)
    ('v1 = np.log(x1) = 0.6931', 'x1 = 2')
    """
    shown = number(value)
    return f"{name} = {text} = {shown}" if text and text != shown else f"{name} = {shown}"


def number(value: Any) -> str:
    """A value with as many digits as the survey prints, on one line.

    >>> number(11.652071455223084), number(2.0), number(3), number(np.zeros(2)), number((1.0, None))
    ('11.652', '2', '3', '[0. 0.]', '(1, None)')
    """
    if isinstance(value, (bool, int, np.bool_, np.integer)) or value is None:
        return str(value)
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.5g}" if abs(value) >= 10 or value == 0 else f"{float(value):.4g}"
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=4, threshold=12, edgeitems=2, suppress=False):
            return " ".join(str(value).split())
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(number, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    return repr(value)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of two columns under a head; an empty row is a rule.

    >>> print(table(["a", "b"], [["1", "2"], [], ["3", ""]]))
    a | b
    --+--
    1 | 2
    --+--
    3 |
    """
    widths = [max([len(head[k]), *(len(row[k]) for row in rows if row)]) for k in range(2)]
    line = "-" * (widths[0] + 1) + "+" + "-" * (widths[1] + 1)
    out = [f"{head[0].ljust(widths[0])} | {head[1]}".rstrip(), line]
    for row in rows:
        out.append(f"{row[0].ljust(widths[0])} | {row[1]}".rstrip() if row else line)
    return "\n".join(out)


def _unit(value: Any) -> Any:
    made = zeros(value)
    if isinstance(made, np.ndarray):
        if made.size:
            made.flat[0] = 1.0
        return made
    if isinstance(made, (tuple, list)):
        return type(made)([_unit(item) if k == 0 else zeros(item) for k, item in enumerate(value)])
    return type(made)(1.0)


def run(made: Derivative, args: Sequence[Any]) -> tuple[Any, list[Event]]:
    """Run a derivative and note each assignment of its functions in the order they happen."""
    recorder = _Recorder(made.source, made.fn)
    before = sys.gettrace()
    sys.settrace(recorder)
    try:
        result = made(*args)
    finally:
        sys.settrace(before)
    return result, recorder.events


class _Recorder:
    """A trace function: when a line of the generated file is left, the variables it assigned are read."""

    def __init__(self, source: str, fn: Callable[..., Any]) -> None:
        self.file = fn.__code__.co_filename
        self.events: list[Event] = []
        text = source
        # The file may have a header in front of the text.
        import linecache

        lines = linecache.getlines(self.file)
        text = "".join(lines) if lines else text
        self.reverse_from = {line for line, content in enumerate(text.splitlines(), 1)
                             if content.strip().startswith("# Reverse sweep")}
        self.statements: dict[int, Any] = {}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.For, ast.AnnAssign)):
                self.statements[node.lineno] = node
        self.running: dict[int, int] = {}

    def __call__(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != self.file:
            return None
        if event in ("line", "return", "exception"):
            line = self.running.pop(id(frame), None)
            if line is not None and event != "exception":
                self.note(frame, line)
        if event == "line":
            self.running[id(frame)] = frame.f_lineno
        return self

    def note(self, frame: types.FrameType, line: int) -> None:
        node = self.statements.get(line)
        if node is None:
            return
        local = frame.f_locals
        reverse = any(frame.f_code.co_firstlineno <= start < line for start in self.reverse_from)
        if isinstance(node, ast.For):
            names, text = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)], ""
        elif isinstance(node, ast.AugAssign):
            names = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            target = ast.unparse(node.target)
            symbol = ast.unparse(ast.AugAssign(ast.Name("a"), node.op, ast.Name("b"))).split()[1][:-1]
            text = f"{target} {symbol} {ast.unparse(node.value)}"
            names = names or [_root(node.target)]
        else:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            names = names or [_root(t) for t in targets]
            text = ast.unparse(node.value) if node.value is not None and len(names) == 1 else ""
        for name in names:
            if name in local:
                self.events.append(Event(line, name, text, _frozen(local[name]), reverse))


def _root(node: ast.expr) -> str:
    """The variable that a subscript or attribute belongs to."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _frozen(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else list(value) if isinstance(value, list) else value
