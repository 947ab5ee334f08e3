"""The text of a module: imports, helpers, one function per trace.

The text is a function of the trace and the level, nothing else: names come from hints and from the order of
appearance.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from s2sad.emit.callbacks import Callbacks
from s2sad.emit.expr import Expressions
from s2sad.emit.fixed import told_apart
from s2sad.emit.fold import fold
from s2sad.emit.layout import Layout, site_of
from s2sad.emit.lower import Lowering, leaf_vars
from s2sad.emit.machine import entered
from s2sad.emit.machine_expr import MachineExpressions
from s2sad.emit.naming import assign_names
from s2sad.emit.order import in_good_order
from s2sad.emit.tapes import friends, plan_tapes
from s2sad.emit.text import expression, wrap
from s2sad.errors import InternalError
from s2sad.frontend.structures import is_importable
from s2sad.names import sanitise
from s2sad.passes.alias import Aliases
from s2sad.passes.loop_nests import stays_inside
from s2sad.rules.declare import OBJECTS
from s2sad.rules.table import flagged
from s2sad.runtime.helpers import DEPENDS, HELPERS, helper_source
from s2sad.trace.ir import Input, Leaf, Site, Trace, Undef
from s2sad.trace.walk import refs

DOC_WIDTH = 88
# Numba by itself reads and writes whatever lies beyond the end of an array; to look is dear in loops.
DECORATOR, FAST_DECORATOR = "@njit(boundscheck=True)", "@njit"
_IMPORTS = {"np": "import numpy as np", "math": "import math"}


@dataclass(frozen=True)
class Function:
    """The text of one function and what it uses of the outside: names, with the user's objects, and helpers.

    ``sites`` are the places that its lines come from.
    """

    text: str
    sites: tuple[Site, ...]
    outside: dict[str, Any]
    helpers: tuple[str, ...]


def emit(trace: Trace, level: str = "source", target: str = "numpy") -> str:
    """The text of the module for a trace and the traces it calls, for NumPy or to be compiled by Numba.

    >>> from s2sad.trace.ir import Block, Op, Return, Var
    >>> from s2sad.trace.types import FLOAT
    >>> x, y = Var(FLOAT, "x"), Var(FLOAT, "y")
    >>> body = Block((Op(y, "np.sin", (x,)),), Return((y,)))
    >>> print(emit(Trace("f", (Input("x", Leaf(0)),), (x,), body, Leaf(0), doc="Sine.")))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def f(x):
        \"\"\"Sine.\"\"\"
        y = np.sin(x)
        return y
    <BLANKLINE>
    """
    return "\n\n\n".join(text for text, _ in _parts(trace, level, target)) + "\n"


def sites(trace: Trace, level: str = "source", target: str = "numpy") -> dict[int, Site]:
    """The place in the user's text that each line of what `emit` writes comes from, by the line's number."""
    found: dict[int, Site] = {}
    line = 1
    for text, places in _parts(trace, level, target):
        found.update((line + k, site) for k, site in enumerate(places) if site.line)
        line += text.count("\n") + 3
    return found


def _parts(trace: Trace, level: str, target: str) -> list[tuple[str, tuple[Site, ...]]]:
    """What a module is made of, each part with the places that its lines come from."""
    compiled, plain = entered(trace) if target == "numba" else (trace, None)
    traces = reachable(plain or compiled)
    functions = [emit_function(t, traces, level, "numpy" if t is plain else target) for t in traces.values()]
    helpers = with_dependencies(h for f in functions for h in f.helpers)
    sources = [helper_source(name) for name in helpers]
    outside = {name: obj for f in functions for name, obj in f.outside.items()}
    header = imports(outside, sources)
    if target == "numba":
        header.append("from numba import njit")
        # What makes objects belongs to the plain function.
        sources = [s if h == "instance" else f"{DECORATOR}\n{s}" for h, s in zip(helpers, sources)]
    parts = [*((text, ()) for text in ("\n".join(header), *sources)), *((f.text, f.sites) for f in functions)]
    return [(text.strip("\n"), places) for text, places in parts if text.strip()]


def reachable(trace: Trace) -> dict[str, Trace]:
    """A trace and the traces it calls, by name, callees first."""
    out: dict[str, Trace] = {}

    def go(t: Trace) -> None:
        for c in t.callees:
            if c.name not in out:
                go(c)
        out[t.name] = t

    go(trace)
    if any(c.name == trace.name for c in trace.callees):
        raise InternalError(f"{trace.name} is the name of two functions")
    return out


def with_dependencies(helpers: Iterable[str]) -> list[str]:
    """Helpers and the helpers they call, each once, the called ones first."""
    out: dict[str, None] = {}
    for name in helpers:
        out.update(dict.fromkeys((*DEPENDS.get(name, ()), name)))
    return list(out)


def imports(outside: Mapping[str, Any], sources: Iterable[str]) -> list[str]:
    """The import lines for names from outside; helpers may use NumPy and math."""
    lines = [_IMPORTS["np"]]
    needed = {"np"}
    if any("math." in s for s in sources):
        needed.add("math")
        lines.append(_IMPORTS["math"])
    for name, own in outside.items():
        root, dot, _ = name.partition(".")
        if dot and root in _IMPORTS:
            line = _IMPORTS[root]
        elif dot:
            owner = name.rpartition(".")[0]
            line = f"import {owner.rpartition('.')[0] if flagged(name, 'method') else owner}"
        else:
            # An object of the user's: it can be imported if it stands in a module under its own name.
            obj = OBJECTS.get(name) if own is None else own
            if obj is None or not is_importable(obj):
                continue
            called = obj.__name__
            line = f"from {obj.__module__} import {called}" + (f" as {name}" if called != name else "")
        if line not in lines:
            lines.append(line)
    plain = sorted(x for x in lines if x != _IMPORTS["np"])
    standard = [x for x in plain if x.split()[1].partition(".")[0] in sys.stdlib_module_names]
    return [*standard, _IMPORTS["np"], *(x for x in plain if x not in standard)]


def emit_function(trace: Trace, functions: dict[str, Trace], level: str, target: str = "numpy") -> Function:
    """The text of one function."""
    trace = with_free_names(trace, functions)
    folding = fold(trace, level)
    ex = Expressions(folding.inline, folding.choices)
    if target == "numba":
        ex = MachineExpressions(folding.inline, folding.choices, Aliases(trace.body))
    lowering = Lowering(trace, folding, plan_tapes(trace), ex, functions)
    callbacks = Callbacks(functions, lowering.made)
    ex.callback = callbacks.expression
    body = in_good_order(lowering.function(), Aliases(trace.body))
    defaults = {i.name: ex.arg(i.default) for i in trace.inputs if not isinstance(i.default, Undef)}
    taken = {d.partition(".")[0] for d in ex.outside} | set(ex.helpers) | set(functions) | {"np", "math", "njit"}
    if trace.split:
        taken.add("pullback")
    inputs = [i for i in trace.inputs if not (trace.split and i.kind == "seed")]
    fixed = {trace.params[i.tree.index]: i.name for i in trace.inputs if isinstance(i.tree, Leaf)}
    taken |= {i.name for i in trace.inputs if not isinstance(i.tree, Leaf)}
    heads = [v for i in inputs if isinstance(i.tree, Leaf) for v in leaf_vars(i.tree, trace.params)]
    names = assign_names(heads, body, fixed, taken - set(fixed.values()), lowering.hints,
                         friends(trace), level == "trace")
    for node, v in ex.names:
        node.id = names[v]
    callbacks.name(names, sorted(taken))
    lines = [FAST_DECORATOR if stays_inside(trace) else DECORATOR] if target == "numba" else []
    lines += signature(trace.name, inputs, {k: expression(d) for k, d in defaults.items()})
    lines += docstring(trace.doc)
    if not any(trace is c or trace.name == c.name for t in functions.values() for c in t.callees):
        lines += told_apart(trace)
    rest = Layout(names, trace, level).function(body, 1)
    while rest and not rest[0]:
        rest.pop(0)
    text = "\n".join([*lines, *(rest or ["    pass"])])
    return Function(text, tuple(map(site_of, (*lines, *rest))), ex.outside, tuple(ex.helpers))


def with_free_names(trace: Trace, functions: Iterable[str]) -> Trace:
    """A function whose parameters keep the user's names, but for those that its text needs itself, such as ``np``."""
    taken = {"np", "math", "njit", *HELPERS, *(f for f in functions if f != trace.name)}
    taken |= {"pullback"} if trace.split else set()
    taken |= {r.name for r in refs(trace.body) if r.object is not None}
    names = [sanitise(i.name) for i in trace.inputs]
    for k, name in enumerate(names):
        while names[k] in taken or names[k] in names[:k] or (names[k] != name and names[k] in names[k + 1:]):
            names[k] += "_"
    return replace(trace, inputs=tuple(replace(i, name=n) for i, n in zip(trace.inputs, names)))


def signature(name: str, inputs: list[Input], defaults: dict[str, str]) -> list[str]:
    """``def f(x, y=1.0, *, g=2.0):``; defaults that a parameter without one follows are left out."""
    positional = [i for i in inputs if i.kind != "global"]
    last = max((k for k, i in enumerate(positional) if i.name not in defaults), default=-1)
    parts = [i.name + (f"={defaults[i.name]}" if k > last else "") for k, i in enumerate(positional)]
    outer = [i for i in inputs if i.kind == "global"]
    if outer:
        parts += ["*", *(i.name + (f"={defaults[i.name]}" if i.name in defaults else "") for i in outer)]
    return wrap(f"def {name}({', '.join(parts)}):", 8)


def docstring(doc: str) -> list[str]:
    """The docstring's lines, wrapped."""
    if not doc:
        return []
    doc = doc.replace("\\", "\\\\").replace('"""', "'''")
    if "\n" not in doc and len(doc) + 10 <= 100:
        return [f'    """{doc}"""']
    paragraphs = doc.strip().split("\n\n")
    lines: list[str] = []
    for k, paragraph in enumerate(paragraphs):
        wrapped = textwrap.wrap(paragraph, DOC_WIDTH - 4 - (3 if not k else 0)) or [""]
        lines += ([""] if k else []) + wrapped
    lines[0] = '"""' + lines[0]
    if len(lines) == 1:
        return [f'    {lines[0]}"""']
    return [*(("    " + x).rstrip() for x in lines), '    """']


