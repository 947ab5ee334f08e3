"""Kernels: the generated function of one program for one signature.

A `Program` is a Python callable and the derivatives to take of it, in order.  `build` runs the pipeline, or finds its
result in the cache, and executes the text as a module of its own, known to `linecache`, so that debuggers, tracebacks
and `inspect` show it.
"""

from __future__ import annotations

import hashlib
import itertools
import linecache
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad.build import cache, manifest
from s2sad.build.transform import Step, finished, transform
from s2sad.emit import emit
from s2sad.frontend.lower import Lowered, lower
from s2sad.frontend.meanings import Guard
from s2sad.frontend.signature import Spec
from s2sad.trace.ir import Trace

_numbers = itertools.count(1)
_lock = threading.RLock()
DEEP = 100_000
STACK = 512 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A Python callable and the derivatives taken of it, first to last."""

    base: Callable[..., Any]
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


def derivative(lowered: Trace, steps: tuple[Step, ...]) -> Trace:
    """The trace of a program: its primal, transformed step by step."""
    trace = lowered
    for step in steps:
        trace = transform(trace, step)
    return trace


def build(program: Program, specs: Mapping[str, Spec], level: str = "source", use_cache: bool = True) -> Kernel:
    """The kernel of a program for the types of its arguments.

    Args:
        program: what to differentiate, and how.
        specs: the type of each parameter (`s2sad.frontend.signature.spec_of`).
        level: ``source`` (temporaries folded into expressions) or ``trace`` (one operation a line).
        use_cache: whether to look on the disk and write there.

    Raises:
        Refusal: the function is outside the supported language.
        Specialise: a parameter's value is needed; call again with it as a static spec.
    """
    with _lock, deep_recursion():
        name = _label(program)
        key = manifest.key(program, specs, level) if use_cache else None
        if key is not None:
            entry = cache.load(key, name)
            links = manifest.check(program.base, entry.meta) if entry is not None else None
            if entry is not None and links is not None:
                fn, path = execute(entry.body, name, key, str(entry.path))
                return Kernel(fn, entry.body, path, links.numbers, links.guards,
                              lambda: finished(derivative(lower(program.base, specs).trace, program.steps)))
        lowered = lower(program.base, specs)
        trace = finished(derivative(lowered.trace, program.steps))
        text = emit(trace, level)
        path = None
        if key is not None:
            meta = manifest.describe(program.base, lowered)
            stored = cache.store(key, name, text, meta) if meta is not None else None
            path = str(stored) if stored is not None else None
        fn, path = execute(text, name, key or text, path)
        return Kernel(fn, text, path, lowered.numbers, lowered.guards, lambda: trace)


def _label(program: Program) -> str:
    base = getattr(program.base, "__name__", type(program.base).__name__)
    label = "".join(c if c.isalnum() or c == "_" else "_" for c in base)
    return "_".join([label, *(step.kind for step in program.steps)])


def execute(text: str, name: str, key: str, path: str | None) -> tuple[Callable[..., Any], str | None]:
    """Run a generated module and return its last function.

    Without a file the text is known to `linecache` under a name in angle brackets.
    """
    if path is not None:
        with open(path, encoding="utf-8") as stream:
            shown, filename = stream.read(), path
    else:
        digest = hashlib.sha256(key.encode()).hexdigest()[:16]
        shown, filename = text, f"<s2sad {name} {digest}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    module: dict[str, Any] = {"__name__": f"s2sad_generated.{name}", "__file__": filename}
    exec(compile(shown, filename, "exec"), module)
    functions = [v for v in module.values() if getattr(v, "__module__", None) == module["__name__"] and callable(v)]
    return functions[-1], path


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for programs that are nested deeply: a recursion limit that long functions do not reach."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


__all__ = ["Kernel", "Lowered", "Program", "build", "deep_recursion", "derivative", "execute", "replace"]
