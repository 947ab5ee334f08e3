"""Evaluation traces: what a derivative computes at given arguments, line by line, as the textbooks print it.

Baydin, Pearlmutter, Radul, Siskind, "Automatic differentiation in machine learning: a survey", JMLR 2018, show a
forward trace next to its tangents (table 2) and next to its adjoints, which are read from the bottom to the top (table
3).  Here every intermediate value of the function gets a name, v1, v2, …, every contribution to an adjoint a line, and
the derivative is printed as it leaves forward or reverse mode, before anything is simplified, and run; each assignment
is noted when it happens, so loops and branches show as they were taken.
"""

from __future__ import annotations

import ast
import functools
import linecache
import re
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sad.api.derive import primal_trace
from s2sad.api.functional import vjp
from s2sad.api.jacobian import ones
from s2sad.api.operators import program_of
from s2sad.api.stars import for_call
from s2sad.api.trees import copied, zeros
from s2sad.build.base import base_of
from s2sad.build.kernel import execute
from s2sad.build.transform import finished, leaves_of
from s2sad.emit import emit
from s2sad.emit.structures import handed_in
from s2sad.errors import ValueArgumentError
from s2sad.forward import forward
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.wrt import Wrt
from s2sad.passes.record import record
from s2sad.reverse import reverse
from s2sad.trace.ir import Block, Lit, Trace, Var
from s2sad.trace.walk import blocks_of, definitions, substitute, with_blocks, with_targets


@dataclass(frozen=True)
class Event:
    """One assignment that was run: the variable, the place in it, the text it was computed by, its value."""

    name: str
    place: str
    text: str
    value: Any
    is_reverse: bool
    reads: frozenset[str]
    begins: bool  # an iteration of a loop
    is_inner: bool  # in a function that is called

    def __str__(self) -> str:
        return equation(self.place, self.text, self.value)


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

    >>> print(evaluation_trace(np.sin, (0.5,), "forward"))
    Forward primal trace    | Forward tangent trace
    ------------------------+------------------------------------
    x = 0.5                 | x_dot = 1
    ------------------------+------------------------------------
    v1 = np.sin(x) = 0.4794 | v1_dot = x_dot * np.cos(x) = 0.8776
    ------------------------+------------------------------------
    result = 0.4794         | result_dot = 0.8776
    """
    if mode not in ("forward", "reverse"):
        raise ValueArgumentError(f"mode={mode!r}: choose forward or reverse")
    f = for_call(f, args)
    program, _, _ = program_of(f, "evaluation_trace")
    with deep_recursion():
        primal, step, numbers = primal_trace(program, "jvp" if mode == "forward" else "vjp", wrt, tuple(args))
        primal = named(primal)
        wanted = leaves_of(primal, step.wrt)
        trace = forward(primal, wanted) if mode == "forward" else record(reverse(primal, wanted, spelled=True))
        text = emit(finished(trace), "table")
        fn = execute(text, trace.name, None, handed_in(trace))
    base = base_of(program.base)
    values = {**base.defaults(), **dict(base.bound), **dict(zip(base.names, args))}
    inputs = [i for i in trace.inputs if i.kind == "argument"]
    run = functools.partial(recorded, fn, text, {name: read() for name, read in numbers})
    known = [(i.name, values[i.name]) for i in inputs]
    chosen = [primal.inputs[k].name for k in step.wrt]
    seeds = [i for i in trace.inputs if i.kind == "seed"]
    if mode == "forward":
        moving = [values[n] for n in chosen]
        given = list(tangents) if tangents is not None else [zeros(v) if k else unit(v) for k, v in enumerate(moving)]
        return forward_table(run, known, list(zip([i.name for i in seeds], given)), chosen)
    is_number = not seeds or seeds[0].default == Lit(1.0)
    given = [1.0 if is_number else ones(vjp(f, *args, wrt=wrt)[0])][: len(seeds)]
    return reverse_table(run, known, list(zip([i.name for i in seeds], given)), chosen)


def named(trace: Trace) -> Trace:
    """The trace, and those it calls, with names v1, v2, … for what the user gave none."""
    taken = {v.hint for v in (*trace.params, *definitions(trace.body))}
    names: dict[Var, Var] = {}
    number = 0
    for v in definitions(trace.body):
        if not v.hint and v not in names:
            number += 1
            while f"v{number}" in taken:
                number += 1
            names[v] = Var(v.type, f"v{number}")

    def go(block: Block) -> Block:
        return Block(tuple(with_targets(with_blocks(s, tuple(map(go, blocks_of(s)))), lambda v: names.get(v, v))
                           for s in block.stmts), block.end)

    return replace(trace, body=substitute(go(trace.body), names), callees=tuple(map(named, trace.callees)))


Pairs = Sequence[tuple[str, Any]]
Run = Callable[[Sequence[Any]], tuple[Any, list[Event]]]


def forward_table(run: Run, known: Pairs, seeds: Pairs, chosen: Sequence[str]) -> str:
    """The primal next to the tangents, as in table 2 of the survey."""
    (y, y_dot), events = run([*copied([v for _, v in known]), *[v for _, v in seeds]])
    dots = dict(zip(chosen, seeds))
    head = [[equation(n, "", v), equation(dots[n][0], "", dots[n][1]) if n in dots else ""] for n, v in known]
    body: list[list[str]] = []
    owner = ""
    for event in events:
        text = str(event)
        base, side = event.name.removesuffix("_dot"), int(event.name.endswith("_dot"))
        if body and owner == base and not body[-1][side]:
            body[-1][side] = text
        else:
            body.append(["", text] if side else [text, ""])
            owner = base
    return table(["Forward primal trace", "Forward tangent trace"],
                 [*head, [], *body, [], [equation("result", "", y), equation("result_dot", "", y_dot)]])


def reverse_table(run: Run, known: Pairs, seeds: Pairs, chosen: Sequence[str]) -> str:
    """The primal, downwards, next to the adjoints, upwards, as in table 3 of the survey.

    A contribution to an adjoint stands beside the statement that makes it, the one whose adjoint it is computed from;
    what the reverse sweep takes off its tapes or computes again for it, before it.
    """
    (y, bars), events = run([*copied([v for _, v in known]), *[v for _, v in seeds]])
    given = {n for n, _ in seeds}
    primal = [e for e in events if not e.is_reverse and not e.reads & given]
    adjoints: list[list[str]] = [[] for _ in [*primal, None]]
    at, waiting, above = len(primal), list[str](), 1
    for e in (e for e in events if e.is_reverse or e.reads & given):
        waiting.append(str(e))
        above = max(above, e.begins and not e.is_inner)
        read = {name.removesuffix("_bar") for name in e.reads if name.endswith("_bar")}
        source = read - {e.name.removesuffix("_bar")} or read
        if source and e.name.endswith("_bar") and e.text != e.name and not e.is_inner:
            rows = range(min(at - above, len(primal) - 1), -1, -1)
            # Where a name is taken the text has another one, u_1, for what is u in the function.
            at = next((k for k in rows if primal[k].name in source),
                      next((k for k in rows if re.sub(r"_\d+$", "", primal[k].name) in source), at))
            adjoints[at] += waiting
            waiting, above = [], 0
    adjoints[at] += waiting
    found = dict(zip(chosen, bars if len(chosen) > 1 else (bars,)))
    head = [[equation(n, "", v), equation(f"{n}_bar", "", found[n]) if n in found else ""] for n, v in known]
    body: list[list[str]] = []
    for left, beside in zip([*map(str, primal), ""], adjoints):
        cells = [*reversed(beside)] or [""] * bool(left)
        body += [["" if k else left, right] for k, right in enumerate(cells)]
    foot = [["", equation(n, "", v)] for n, v in seeds] or [["", ""]]
    foot[0][0] = equation("result", "", y)
    return table(["Forward primal trace", "Reverse adjoint trace (upwards)"],
                 [*head, *([[], *body] if body else []), [], *foot])


def equation(name: str, text: str, value: Any) -> str:
    """One line of a trace; a text that is the value itself is not repeated.

    >>> equation("v1", "np.log(x1)", 0.6931471805599453), equation("x1", "", 2.0), equation("s", "0.0", 0.0)
    ('v1 = np.log(x1) = 0.6931', 'x1 = 2', 's = 0')
    """
    shown = number(value)
    try:
        ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return f"{name} = {text} = {shown}" if text not in ("", name) else f"{name} = {shown}"
    return f"{name} = {shown}"


def number(value: Any) -> str:
    """A value with as many digits as the survey prints, on one line.

    >>> number(11.652071455223084), number(2.0), number(3), number(np.zeros(2)), number((1.0, None)), number(1j / 3.0)
    ('11.652', '2', '3', '[0. 0.]', '(1, None)', '0+0.3333j')
    """
    if isinstance(value, (bool, int, np.bool_, np.integer)) or value is None:
        return str(value)
    if isinstance(value, (float, np.floating)):
        x = float(value)
        return f"{x:.5g}" if abs(x) >= 10 else f"{x:.4g}"
    if isinstance(value, (complex, np.complexfloating)):
        return f"{complex(value):.4g}"
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=4, threshold=12, edgeitems=2, suppress=False):
            return " ".join(str(value).split()).replace("[ ", "[").replace(" ]", "]")
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


def unit(value: Any) -> Any:
    """The first unit vector with the structure and shapes of a value."""
    made = zeros(value)
    if isinstance(made, np.ndarray):
        made[(0,) * made.ndim if made.size else ...] = 1.0
        return made
    if isinstance(made, (tuple, list)):
        return type(made)([zeros(item) if k else unit(item) for k, item in enumerate(value)])
    return type(made)(1.0)


def recorded(fn: Callable[..., Any], text: str, numbers: dict[str, Any],
             args: Sequence[Any]) -> tuple[Any, list[Event]]:
    """Run a derivative and note each assignment of its functions in the order they happen."""
    recorder = _Recorder(text, fn)
    before = sys.gettrace()
    sys.settrace(recorder)
    try:
        result = fn(*args, **numbers)
    finally:
        sys.settrace(before)
    return result, recorder.events


class _Recorder:
    """A trace function: when a line of the generated file is left, the variables it assigned are read."""

    def __init__(self, source: str, fn: Callable[..., Any]) -> None:
        self.file = fn.__code__.co_filename
        self.events: list[Event] = []
        lines = linecache.getlines(self.file)
        text = "".join(lines) if lines else source
        self.reverse_from = [line for line, content in enumerate(text.splitlines(), 1)
                             if content.strip().startswith("# Reverse sweep")]
        self.statements: dict[int, Any] = {}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.For, ast.AnnAssign)) or (
                    isinstance(node, ast.Expr) and _adds(node)):
                self.statements[node.lineno] = node
        self.running: dict[int, int] = {}
        self.iterations: dict[tuple[int, int], Any] = {}

    def __call__(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != self.file:
            return None
        if event in ("line", "return", "exception"):
            line = self.running.pop(id(frame), None)
            node = self.statements.get(line) if line is not None else None
            leaves_loop = isinstance(node, ast.For) and (event != "line" or not _within(node, frame.f_lineno))
            if node is not None and event != "exception" and not leaves_loop:
                self.note(frame, node)
        if event == "line":
            self.running[id(frame)] = frame.f_lineno
        return self

    def note(self, frame: types.FrameType, node: Any) -> None:
        is_reverse = self.is_reverse(frame, node.lineno)
        is_inner = frame.f_back is not None and frame.f_back.f_code.co_filename == self.file
        places, value = _assigned(node)
        value = _copied(value) if is_reverse else value
        reads = frozenset(n.id for n in ast.walk(value or ast.Pass()) if isinstance(n, ast.Name))
        text = ast.unparse(value) if value is not None and len(places) == 1 and not _adds(node) else ""
        for name, place in places:
            if name in frame.f_locals:
                shown = frame.f_locals[name]
                if place.startswith(f"{name}["):
                    shown = eval(place, frame.f_globals, frame.f_locals)
                self.events.append(Event(name, place, text, _frozen(shown), is_reverse, reads,
                                         isinstance(node, ast.For), is_inner))

    def is_reverse(self, frame: types.FrameType | None, line: int) -> bool:
        """Whether a line belongs to a reverse sweep: that of its function, or of one that its function is called by."""
        while frame is not None and frame.f_code.co_filename == self.file:
            if any(frame.f_code.co_firstlineno <= start < line for start in self.reverse_from):
                return True
            frame = frame.f_back
            line = frame.f_lineno if frame is not None else 0
        return False


def _assigned(node: Any) -> tuple[list[tuple[str, str]], Any]:
    """The variables that a statement assigns to, with the places in them as written; and what it assigns."""
    if isinstance(node, ast.For):
        return [(name, name) for name in _stored(node.target)], None
    if _adds(node):
        return [(name, f"{ast.unparse(node)}; {name}") for name in _stored(node.value.args[0])], node.value
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    stored = [(name, target) for target in targets for name in _stored(target)]
    value = ast.BinOp(_loaded(targets[0]), node.op, node.value) if isinstance(node, ast.AugAssign) else node.value
    # What is called in an index, the pop() of a tape for example, must not be called again to look at the value.
    is_plain = len(stored) == 1 and not any(isinstance(n, ast.Call) for n in ast.walk(stored[0][1]))
    return [(name, ast.unparse(target) if is_plain else name) for name, target in stored], value


def _adds(node: ast.AST) -> bool:
    """Whether a statement is ``np.add.at(x, index, v)``."""
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("np.add.at(")


def _within(node: ast.For, line: int) -> bool:
    """Whether a line belongs to the body of a loop."""
    return bool(node.body[0].lineno <= line <= (node.body[-1].end_lineno or line))


def _loaded(target: Any) -> Any:
    """What an augmented assignment reads."""
    return ast.parse(ast.unparse(target), mode="eval").body


def _copied(value: Any) -> Any:
    """What is copied, of a copy: ``+x`` of a number, ``x.copy()`` of an array."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.UAdd):
        return value.operand
    is_copy = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "copy"
    return value.func.value if is_copy and not value.args else value


def _stored(target: ast.expr) -> list[str]:
    """The variables that an assignment changes: names, and those that a subscript belongs to."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for item in target.elts for name in _stored(item)]
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    return [target.id] if isinstance(target, ast.Name) else []


def _frozen(value: Any) -> Any:
    return value.copy() if isinstance(value, (np.ndarray, list)) else value
