"""Derivatives as text: `derive` and what it returns."""

from __future__ import annotations

import functools
import html
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad.api.dispatch import check_differentiable, name_of, run
from s2sad.api.operators import program_of
from s2sad.api.stars import for_types
from s2sad.api.types import build_with, differentiable, specs_for, with_values
from s2sad.build.base import base_of
from s2sad.build.kernel import Kernel, Program, placed, whole_signature
from s2sad.build.primal import lowered_base
from s2sad.build.transform import finished, stages, transform
from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.frontend.lower import Lowered
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.signature import Signature, Spec
from s2sad.frontend.steps import Step
from s2sad.frontend.wrt import Wrt, choose, one_of
from s2sad.once import once
from s2sad.trace.ir import Trace

KINDS = {"reverse": "vjp", "forward": "jvp", "vjp": "vjp", "jvp": "jvp", "pullback": "pullback", "grad": "grad",
         "value_and_grad": "value_and_grad"}
LEVELS = ("source", "trace")


@dataclass(frozen=True, eq=False)
class Derivative:
    """A derivative as source text; ``str()`` is the text.

    `source` is a Python module that needs NumPy only (SciPy where the primal does), `path` the file it lies in (None
    without a cache), `fn` its function, `trace` the trace it was printed from.
    """

    source: str
    path: str | None
    fn: Callable[..., Any]
    kernel: Kernel = field(repr=False)

    @once
    def trace(self) -> Trace:
        """The trace the text was printed from."""
        return self.kernel.get_trace()

    def __call__(self, *args: Any) -> Any:
        """Call `fn`, and give it the present values of the module's and closure's numbers that it reads."""
        return run(self.kernel, args)

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"<Derivative {name_of(self.fn)}{' in ' + self.path if self.path else ''}>"

    def _repr_html_(self) -> str:
        return highlighted(self.source, "html")


def highlighted(source: str, form: str) -> str:
    """Python text with colours as ``html`` or for a ``terminal``; without Pygments as it is."""
    try:
        pygments = importlib.import_module("pygments")
        formatters = importlib.import_module("pygments.formatters")
        lexer = importlib.import_module("pygments.lexers").PythonLexer()
    except ImportError:
        return f"<pre>{html.escape(source)}</pre>" if form == "html" else source
    formatter = formatters.HtmlFormatter(noclasses=True) if form == "html" else formatters.TerminalFormatter()
    return str(pygments.highlight(source, lexer, formatter))


def derive(f: Any, mode: str = "reverse", wrt: Wrt | None = None, level: str = "source", types: Any = None, *,
           argnums: Wrt | None = None, has_aux: bool = False, outputs: Wrt | None = None,
           copy: bool = True, backend: str | None = None) -> Derivative:
    """The derivative of a function as source text.

    Args:
        f: any callable that has Python source or a rule, or an operator such as ``grad(g)``.
        mode: ``reverse`` (``f_vjp(x…, y_bar) -> (y, x_bar)``) or ``forward`` (``f_jvp(x…, x_dot…) -> (y, y_dot)``);
            also ``grad``, ``value_and_grad`` and ``pullback``.
        wrt: positions or names to differentiate by; by default all arguments that have a derivative.
        level: ``source``, or ``trace`` for one operation a line.
        types: the types of the arguments: a text such as ``"x: f8[:], n: int"``, a dict, or a tuple of arguments to
            take them from, completed by the defaults.  What is not given comes from annotations, else it is a
            scalar or array of any shape.
        argnums: the same as ``wrt``.
        has_aux: whether ``f`` returns a pair ``(value, aux)``.
        outputs: names or positions of arguments whose final contents are the result, as for `s2sad.grad`.
        copy: whether the function works on copies of the arrays that ``f`` writes to; if not, it ends by storing their
            final contents in them (a ``pullback`` returns the contents beside the result).
        backend: ``numba`` for the text that Numba compiles; by default that of ``f``.

    Returns:
        A `Derivative`.

    Raises:
        Refusal: a construct is not supported; the message has file, line and column.
        ArgumentError, ValueArgumentError: for options that do not fit.

    >>> import math
    >>> print(derive(math.exp, "forward", types="x: float").fn(0.0, 2.0))
    (1.0, 2.0)
    """
    if mode not in KINDS:
        raise ValueArgumentError(f"mode={mode!r}: choose {', '.join(KINDS)}")
    if level not in LEVELS:
        raise ValueArgumentError(f"level={level!r}: choose source or trace")
    f, types = for_types(f, types)
    program, _, _ = program_of(f, "derive", outputs, copy, backend)
    return derived(program, KINDS[mode], one_of(wrt, argnums), level, types, has_aux)


def derived(program: Program, kind: str, wrt: Wrt | None, level: str, types: Any, has_aux: bool = False,
            use_cache: bool = True) -> Derivative:
    """The derivative of a program; its base may also be a function known by its text only."""
    base, types = for_types(program.base, types)
    program = replace(program, base=base)
    specs, values, step = _prepared(program, kind, wrt, types, has_aux)
    kernel = build_with(program.then(step), specs, values, level, use_cache)
    return Derivative(kernel.source, kernel.path, kernel.fn, kernel)


def _prepared(program: Program, kind: str, wrt: Wrt | None, types: Any,
              has_aux: bool = False) -> tuple[dict[str, Spec], dict[str, Any], Step]:
    """The types of the arguments, their values where known, and the step to take."""
    specs, values = specs_for(program.base, types)
    names, name = tuple(specs), name_of(program.base)
    if wrt is None:
        positions = differentiable(specs)
        if not positions:
            raise ArgumentError(f"no argument of {name} has a derivative: give types such as 'x: float', or wrt")
    else:
        positions = choose(wrt, names, name, stars=base_of(program.base).stars).ordered
        for k in positions:
            _check(specs[names[k]], values.get(names[k]), names[k], name)
    return specs, values, Step(kind, positions, has_aux)


def _check(spec: Spec, value: Any, name: str, fn: str) -> None:
    if not differentiable({name: spec}):
        if value is not None:
            check_differentiable(value, name, fn)
        raise ArgumentError(f"{fn} cannot be differentiated by {name}, which is of type {spec}: make it a float")


def staged(program: Program, kind: str, wrt: Wrt | None, types: Any) -> list[tuple[str, Trace]]:
    """The traces of a derivative from the primal on, each under the name of the stage that made it.

    The first is called ``lower``, the last ``own``; in between are the passes in the order they run.
    """
    base, types = for_types(program.base, types)
    program = replace(program, base=base)
    with deep_recursion():
        trace, step, _ = primal_trace(program, kind, wrt, types)
        made = [("lower", trace), *stages(trace, step)]
        return [*made, ("own", finished(made[-1][1]))]


def primal_trace(program: Program, kind: str, wrt: Wrt | None,
                 types: Any) -> tuple[Trace, Step, list[tuple[str, Callable[[], Any]]]]:
    """The trace that a derivative starts from, the step to take, and how to read the globals it reads."""
    specs, values, step = _prepared(program, kind, wrt, types)
    base = base_of(program.base)

    def lowered(known: dict[str, Spec]) -> tuple[Signature, Lowered]:
        signature = whole_signature(base, known)
        return signature, lowered_base(base, signature, program)[0]

    signature, found = with_values(specs, values, lowered)
    trace = found.trace
    for earlier in program.steps:
        trace = transform(trace, placed(earlier, base, signature), last=False)
    names = [i.name for i in trace.inputs if i.kind == "global"]
    numbers = [(n, functools.partial(g.resolver.read_number, g.meaning.name))
               for n, g in zip(names, found.globals.values())]
    return trace, placed(step, base, signature), list(numbers)
