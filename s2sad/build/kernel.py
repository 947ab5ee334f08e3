"""Kernels: the generated function of one program for one signature.

A `Program` is a Python callable and the derivatives to take of it, in order.  `build` runs the pipeline, or finds its
result in the cache, and executes the text as a module of its own, known to `linecache`, so that debuggers, tracebacks
and `inspect` show it.
"""

from __future__ import annotations

import functools
import hashlib
import linecache
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad.build import cache, manifest
from s2sad.build.base import Base, base_of, bound_specs, parameters, specify, with_static
from s2sad.build.transform import Step, finished, transform
from s2sad.emit import emit
from s2sad.frontend.lower import Lowered, Specialise, lower
from s2sad.frontend.meanings import Guard
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.resolve import LiveResolver
from s2sad.frontend.signature import Signature, Spec
from s2sad.passes.family import flat_function
from s2sad.rules.declare import OBJECTS
from s2sad.trace.ir import Call, Trace
from s2sad.trace.walk import statements

_lock = threading.RLock()


@dataclass(frozen=True)
class Program:
    """A Python callable and the derivatives taken of it, first to last."""

    base: Any
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, eq=False)
class Kernel:
    """A generated function.

    `fn` takes the program's arguments, then its seeds; `numbers` are the numeric globals and closure cells it takes by
    keyword, each with a function that reads the present value.  The kernel is valid while `guards` hold.
    """

    fn: Callable[..., Any]
    source: str
    path: str | None
    numbers: tuple[tuple[str, Callable[[], Any]], ...]
    guards: tuple[Guard, ...]
    derive: Callable[[], Trace] = field(repr=False)

    def get_trace(self) -> Trace:
        """The trace the text was printed from, made again if the text came from the cache."""
        return self.derive()


def build(program: Program, specs: Mapping[str, Spec], level: str = "source", use_cache: bool = True) -> Kernel:
    """The kernel of a program for the types of its arguments.

    Args:
        program: what to differentiate, and how.
        specs: the type of each parameter that is not bound (`specify`).
        level: ``source`` (temporaries folded into expressions) or ``trace`` (one operation a line).
        use_cache: whether to look on the disk and write there.

    Raises:
        Refusal: the function is outside the supported language.
        Specialise: a parameter's value is needed; call again with it as a static spec (`with_static`).
    """
    with _lock, deep_recursion():
        base = base_of(program.base)
        signature = whole_signature(base, specs)
        steps = tuple(placed(step, base, signature) for step in program.steps)
        name = "_".join([base.function.source().name, *(step.kind for step in steps)])

        def derive() -> tuple[Lowered, tuple[Guard, ...], Trace]:
            lowered, pinned = lowered_base(base, signature)
            trace = lowered.trace
            for step in steps:
                trace = transform(trace, step, level)
            return lowered, pinned, finished(trace)

        key = manifest.key(base, signature, steps, level) if use_cache else None
        entry = cache.load(key, name) if key is not None else None
        links = manifest.check(base, entry.meta) if entry is not None else None
        if key is not None and entry is not None and links is not None:
            fn = execute(entry.text, name, str(entry.path))
            return Kernel(_with_bound(fn, base), entry.body, str(entry.path), links.numbers, links.guards,
                          lambda: derive()[2])
        lowered, pinned, trace = derive()
        text = emit(trace, level)
        numbers = tuple((n, functools.partial(g.resolver.read_number, g.meaning.name))
                        for n, g in _global_inputs(trace, lowered))
        path = None
        if key is not None and not pinned:
            meta = manifest.describe(base, lowered, trace)
            path = cache.store(key, name, text, meta) if meta is not None else None
        if path is not None and key is not None and (stored := cache.load(key, name)) is not None:
            fn = execute(stored.text, name, str(path))
        else:
            path, fn = None, execute(text, name, None)
        return Kernel(_with_bound(fn, base), text, None if path is None else str(path), numbers,
                      (*lowered.guards, *pinned), lambda: trace)


def lowered_base(base: Base, signature: Signature) -> tuple[Lowered, tuple[Guard, ...]]:
    """The primal trace; globals whose value is needed at compile time are guarded by that value."""
    known: dict[Any, Any] = {}
    pinned: list[Guard] = []
    names = {n for n, _ in signature.specs}
    while True:
        try:
            defaults = base.defaults() if base.function.fn is not None else None
            lowered = lower(base.function.source(), base.function.resolver(), signature, known, defaults)
            return replace(lowered, trace=closed(lowered.trace)), tuple(pinned)
        except Specialise as need:
            if need.name in names or need.place in known:
                raise
            guard = _guard_of_global(need)
            known[need.place] = guard.expected
            pinned.append(guard)


def closed(trace: Trace) -> Trace:
    """A trace that has itself among its callees if it, or one of them, calls it."""
    calls = {s.callee for t in (trace, *trace.callees) for s in statements(t.body) if isinstance(s, Call)}
    if trace.name not in calls:
        return trace
    return replace(trace, callees=(*trace.callees, flat_function(replace(trace, callees=(), comments=()))))


def _guard_of_global(need: Specialise) -> Guard:
    program = getattr(need.owner, "program", None)
    found = program.global_names.get(need.name) if program is not None else None
    if found is None or not isinstance(found.resolver, LiveResolver):
        raise need.refusal()
    value = found.resolver.read_number(found.meaning.name)
    if found.meaning.name in found.resolver.cells:
        return Guard("cell", found.resolver.cells[found.meaning.name], found.meaning.name, value)
    return Guard("item", found.resolver.globals, found.meaning.name, value)


def whole_signature(base: Base, specs: Mapping[str, Spec]) -> Signature:
    """The specs of all parameters of the function, bound ones too, in its order."""
    given = {**bound_specs(base), **specs}
    arguments = base.function.source().node.args
    names = [p.id for p in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return Signature(tuple((n, given[n]) for n in names if n in given))


def placed(step: Step, base: Base, signature: Signature) -> Step:
    """A step whose positions count the inputs of the trace: bound parameters come in between, seeds behind."""
    order = [n for n, _ in signature.specs]
    open_names = base.names
    return replace(step, wrt=tuple(order.index(open_names[k]) if k < len(open_names)
                                   else k - len(open_names) + len(order) for k in step.wrt))


def _global_inputs(trace: Trace, lowered: Lowered) -> list[tuple[str, Any]]:
    names = [i.name for i in trace.inputs if i.kind == "global"]
    return list(zip(names, lowered.globals.values()))


def _with_bound(fn: Callable[..., Any], base: Base) -> Callable[..., Any]:
    """The generated function with the bound arguments of the callable put in."""
    return functools.partial(fn, *base.function.bound_args, **dict(base.function.bound_kwargs)) if base.bound else fn


def execute(text: str, name: str, path: str | None) -> Callable[..., Any]:
    """Run a generated module and return its last function.

    Without a file the text is known to `linecache` under a name in angle brackets.
    """
    filename = path
    if filename is None:
        filename = f"<s2sad {name} {hashlib.sha256(text.encode()).hexdigest()[:16]}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    # Functions with a rule of the user's, for those that no import statement can name.
    module: dict[str, Any] = {n: fn for n, fn in OBJECTS.items() if n.isidentifier()}
    module |= {"__name__": f"s2sad_generated.{name}", "__file__": filename}
    exec(compile(text, filename, "exec"), module)
    functions = [v for v in module.values() if getattr(v, "__module__", None) == module["__name__"]]
    made: Callable[..., Any] = functions[-1]
    return made


__all__ = ["Kernel", "Lowered", "Program", "Specialise", "Step", "build", "lowered_base", "parameters", "placed",
           "specify", "whole_signature", "with_static"]
