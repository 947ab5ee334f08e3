"""Kernels: the generated function of one program for one signature.

`build` runs the pipeline, or finds its result in the cache, and executes the text as a module of its own, known to
`linecache`, so that debuggers, tracebacks and `inspect` show it.  The compiler proper (`s2sad.build.primal`) is only
imported when there is something to compile: a process that finds its derivatives in the cache starts quickly.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import linecache
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from s2sad.build import cache, manifest
from s2sad.build.base import Base, base_of, bound_specs, own_guards, parameters, specify, with_static
from s2sad.errors import S2sadError, UnsupportedError
from s2sad.frontend.meanings import Guard, checker
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.signature import Signature, Spec
from s2sad.frontend.specialise import Place, Specialise
from s2sad.frontend.steps import Program, Step
from s2sad.once import once
from s2sad.rules.declare import OBJECTS

if TYPE_CHECKING:
    from s2sad.build.primal import Compiled
    from s2sad.trace.ir import Site, Trace

# One compilation at a time. A process is forked between two of them: its copy then has no lock that nobody opens.
LOCK = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where the lines of a text come from: `name` is the user's function, `file` what the code is said to come from.

    The text begins there after `above` lines.  The places are found when they are first asked for.
    """

    name: str = ""
    file: str = ""
    above: int = 0
    get_sites: Callable[[], Mapping[int, Site]] = field(default=dict, repr=False)

    def site(self, line: int) -> Site | None:
        """The place in the user's text that a line of the file comes from; None if that has changed since."""
        return self._sites.get(line - self.above)

    @once
    def _sites(self) -> Mapping[int, Site]:
        try:
            return self.get_sites()
        except (S2sadError, Specialise):
            return {}


@dataclass(frozen=True, eq=False)
class Kernel:
    """A generated function.

    `fn` takes the program's arguments, then its seeds; `numbers` are the numeric globals and closure cells it takes by
    keyword, each with a function that reads the present value.  The kernel is valid while `guards` hold.  `written` are
    the arrays among the arguments that the program writes to, `acts` what it does besides (`s2sad.passes.quiet`).
    `origin` knows where its lines come from.
    """

    fn: Callable[..., Any]
    source: str
    path: str | None
    numbers: tuple[tuple[str, Callable[[], Any]], ...]
    guards: tuple[Guard, ...]
    derive: Callable[[], Trace] = field(repr=False)
    written: tuple[Place, ...] = ()
    acts: tuple[str, ...] = ()
    origin: Origin = Origin()

    @once
    def holds(self) -> Callable[[], bool]:
        """Whether the guards hold, as a function."""
        return checker(self.guards)

    def get_trace(self) -> Trace:
        """The trace the text was printed from, made again if the text came from the cache."""
        return self.derive()


def build(program: Program, specs: Mapping[str, Spec], level: str = "source", use_cache: bool = True,
          target: str = "numpy") -> Kernel:
    """The kernel of a program for the types of its arguments.

    Args:
        program: what to differentiate, and how.
        specs: the type of each parameter that is not bound (`specify`).
        level: ``source`` (temporaries folded into expressions) or ``trace`` (one operation a line).
        target: what the text is for: ``numpy``, or ``numba`` for text that Numba compiles.
        use_cache: whether to look on the disk and write there.

    Raises:
        Refusal: the function is outside the supported language.
        Specialise: a parameter's value is needed; call again with it as a static spec (`with_static`).
    """
    with LOCK, deep_recursion():
        base = base_of(program.base)
        signature = whole_signature(base, specs)
        program = replace(program, steps=tuple(placed(step, base, signature) for step in program.steps))
        name = "_".join([base.function.source().name, *(step.kind for step in program.steps)])
        key = manifest.key(base, signature, program, level, target) if use_cache else None
        entry = cache.load(key, name) if key is not None else None
        links = manifest.check(base, entry.meta) if entry is not None else None
        if entry is not None and links is not None:
            fn = execute(entry.text, name, str(entry.path))
            body = entry.body
            return Kernel(_with_bound(fn, base, signature), body, str(entry.path), links.numbers,
                          (*own_guards(program.base), *links.guards),
                          lambda: _compiled(base, signature, program, level, target).trace, links.written,
                          links.acts, Origin(base.function.source().name, str(entry.path), _above(entry.text, body),
                                             lambda: _sites(_compiled(base, signature, program, level, target), body,
                                                            level, target)))
        made = _compiled(base, signature, program, level, target)
        meta = manifest.describe(base, made) if key is not None and not made.pinned else None
        path = cache.store(key, name, made.text, meta) if key is not None and meta is not None else None
        stored = cache.load(key, name) if key is not None and path is not None else None
        fn = (_when_called(made.text, name, made.own) if base.function.fn is None
              else execute(made.text, name, None, made.own) if stored is None
              else execute(stored.text, name, str(stored.path), made.own))
        shown = None if stored is None else str(stored.path)
        return Kernel(_with_bound(fn, base, signature), made.text, shown, made.numbers,
                      (*own_guards(program.base), *made.guards), lambda: made.trace, made.lowered.mutated, made.acts,
                      Origin(base.function.source().name, shown or _unnamed(name, made.text),
                             0 if stored is None else _above(stored.text, made.text),
                             lambda: _sites(made, made.text, level, target)))


def _above(text: str, body: str) -> int:
    """The number of lines before the body of a file."""
    return text.count("\n") - body.count("\n")


def _sites(made: Compiled, text: str, level: str, target: str) -> Mapping[int, Site]:
    from s2sad.emit.module import sites

    return sites(made.trace, level, target) if made.text == text else {}


def _compiled(base: Base, signature: Signature, program: Program, level: str, target: str) -> Compiled:
    """The compiler, imported when it is first needed."""
    # A compilation makes many small objects and drops them all at its end: looking for garbage in between is in vain.
    # So it is while modules are imported, which drop nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        from s2sad.build.primal import compiled

        return compiled(base, signature, program, level, target)
    finally:
        if collecting:
            gc.enable()


def whole_signature(base: Base, specs: Mapping[str, Spec]) -> Signature:
    """The specs of all parameters of the function, bound ones too, in its order."""
    given = {**bound_specs(base), **specs}
    return Signature(tuple((n, given[n]) for n in base.order if n in given), base.stars)


def placed(step: Step, base: Base, signature: Signature) -> Step:
    """A step whose positions count the inputs of the trace: bound parameters come in between, seeds behind."""
    order = [n for n, _ in signature.specs]
    open_names = base.names
    return replace(step, wrt=tuple(order.index(open_names[k]) if k < len(open_names)
                                   else k - len(open_names) + len(order) for k in step.wrt))


def _with_bound(fn: Callable[..., Any], base: Base, signature: Signature) -> Callable[..., Any]:
    """The generated function with the bound arguments of the callable put in their places."""
    if not base.function.bound_kwargs:
        return functools.partial(fn, *base.function.bound_args) if base.bound else fn
    bound, order = dict(base.bound), [n for n, _ in signature.specs]
    count = len(order) - len(bound)

    @functools.wraps(fn)
    def whole(*args: Any, **numbers: Any) -> Any:
        given = iter(args[:count])
        return fn(*[bound[n] if n in bound else next(given) for n in order], *args[count:], **numbers)

    return whole


def execute(text: str, name: str, path: str | None, own: Mapping[str, Any] | None = None) -> Callable[..., Any]:
    """Run a generated module and return its last function; ``own`` are objects of the user's that it names.

    Without a file the text is known to `linecache` under a name in angle brackets.  ``objects`` are what the text uses
    and does not import.
    """
    filename = path
    if filename is None:
        filename = _unnamed(name, text)
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    # Functions with a rule of the user's, for those that no import statement can name.
    module: dict[str, Any] = {n: fn for n, fn in OBJECTS.items() if n.isidentifier()}
    module |= dict(own or {}) | {"__name__": f"s2sad_generated.{name}", "__file__": filename}
    code = _code(text, name, filename)
    exec(code, module)
    functions = [v for v in module.values() if getattr(v, "__module__", None) == module["__name__"]]
    made: Callable[..., Any] = functions[-1]
    return made


def _when_called(text: str, name: str, own: Mapping[str, Any]) -> Callable[..., Any]:
    """The function of a generated module that is run when it is called.

    What is known by its text only is not run for its derivative, and a generated module may import it.
    """
    _code(text, name, _unnamed(name, text))

    def run(*args: Any, **numbers: Any) -> Any:
        return execute(text, name, None, own)(*args, **numbers)

    return run


def _code(text: str, name: str, filename: str) -> Any:
    try:
        return compile(text, filename, "exec")
    except IndentationError as error:
        reason = f"the derivative {name} is nested more deeply than Python allows ({error.msg})"
        hint = "split the function: it has about a hundred branches or early returns in a row"
        raise UnsupportedError(reason, None, hint) from None


def _unnamed(name: str, text: str) -> str:
    """What stands for the file of a text that lies in none."""
    return f"<s2sad {name} {hashlib.sha256(text.encode()).hexdigest()[:16]}>"


__all__ = ["Kernel", "Program", "Specialise", "Step", "build", "execute", "parameters", "placed", "specify",
           "whole_signature", "with_static"]
