"""The function a program starts from: its parameters, its text, what is bound to it.

A callable is a Python function with perhaps some arguments bound (methods, `functools.partial`), or a function with a
rule (``np.sin``), for which a one-line Python function is written.
"""

from __future__ import annotations

import inspect
import linecache
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.errors import SourceError
from s2sad.frontend.library import library_name
from s2sad.frontend.meanings import Function, Guard, called_object, function_guards
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.signature import Fixed, Group, Spec, Star, spec_of
from s2sad.frontend.structures import is_tree, part_at
from s2sad.names import fresh
from s2sad.rules.compiled import find
from s2sad.trace.ir import Lit
from s2sad.trace.types import BOOL, INT

# The default of a parameter where only running the module would tell what it is.
UNREAD = object()
_STARS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS


@dataclass(frozen=True, eq=False)
class Base:
    """A function to differentiate: what it means, and its parameters apart from those already bound."""

    function: Function
    parameters: inspect.Signature
    bound: tuple[tuple[str, Any], ...]
    # All parameters in their order, and which of them are ``*args`` or ``**kwargs``.
    order: tuple[str, ...]
    stars: tuple[Star, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters that are still open."""
        return tuple(self.parameters.parameters)

    def defaults(self) -> dict[str, Any]:
        """The live defaults of the open parameters."""
        return {n: p.default for n, p in self.parameters.parameters.items()
                if p.default is not inspect.Parameter.empty and p.default is not UNREAD}


@dataclass(frozen=True, eq=False)
class Spread:
    """A function with ``*args`` or ``**kwargs``, for calls with so many positional arguments and these keywords.

    Each of the arguments is a parameter of its own.

    >>> base_of(Spread(lambda x, *ys, **options: x, 3, ("scale",))).names
    ('x', 'ys_0', 'ys_1', 'scale')
    """

    fn: Any
    count: int
    keys: tuple[str, ...]

    @property
    def __wrapped__(self) -> Any:
        return self.fn

    def __call__(self, *args: Any) -> Any:
        """The function itself: the keywords come last, in their order."""
        return self.fn(*args[:self.count], **dict(zip(self.keys, args[self.count:])))


def own_guards(fn: Any) -> tuple[Guard, ...]:
    """That a callable comes to the same function, with the code and the defaults that it has now."""
    if isinstance(fn, Spread):
        return own_guards(fn.fn)
    meaning = function_meaning(fn)
    if meaning is None or meaning.fn is None:
        return ()
    whole = called_object(meaning)
    called = () if whole is None else (Guard("attr", type(whole), "__call__", meaning.fn),)
    return (*called, *function_guards(meaning.fn))


def has_stars(fn: Any) -> bool:
    """Whether a function takes any number of arguments."""
    plain = fn.__func__ if isinstance(fn, types.MethodType) else fn
    if isinstance(plain, types.FunctionType) and not plain.__code__.co_flags & _STARS:
        return False
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(p.kind in kinds for p in base_of(fn).parameters.parameters.values())


def base_of(fn: Any) -> Base:
    """What a callable comes to.

    Raises:
        SourceError: if it has neither Python source nor a rule.

    >>> base_of(np.sin).names
    ('x',)
    """
    if isinstance(fn, Spread):
        return _spread(fn)
    meaning = fn if isinstance(fn, Function) else None
    if meaning is None:
        name = library_name(fn)
        if name is not None and find(name) is not None:
            meaning = function_meaning(_wrapper(name, None if name.startswith(("np.", "math.")) else fn))
        else:
            meaning = function_meaning(fn)
    if meaning is None:
        what = getattr(fn, "__name__", None) or repr(fn)
        raise SourceError(f"{what} has neither Python source nor a rule; declare its derivative with "
                          f's2sad.rule("y = {what}(x)", x="…", fn={what})')
    whole = _signature(meaning)
    names = list(whole.parameters)
    bound = dict(zip(names, meaning.bound_args)) | dict(meaning.bound_kwargs)
    rest = [p for n, p in whole.parameters.items() if n not in bound]
    return Base(meaning, whole.replace(parameters=_ordered(rest)), tuple(bound.items()), tuple(names))


def _spread(spread: Spread) -> Base:
    """The parameters of a function for one way to call it."""
    meaning = base_of(spread.fn).function
    whole = list(_signature(meaning).parameters.values())
    kinds = inspect.Parameter
    positional = [p for p in whole if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
    taken = {p.name for p in whole}
    extra = len(meaning.bound_args) + spread.count - len(positional)
    made, stars = [], []
    for p in whole:
        if p.kind == kinds.VAR_POSITIONAL:
            names = tuple(fresh(f"{p.name}_{k}", taken) for k in range(extra))
            made += [kinds(n, kinds.POSITIONAL_OR_KEYWORD) for n in names]
            stars.append(Star(p.name, names))
        elif p.kind == kinds.VAR_KEYWORD:
            own = {q.name for q in whole if q.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)}
            keys = tuple(k for k in (*dict(meaning.bound_kwargs), *spread.keys) if k not in own)
            names = tuple(fresh(f"{p.name}_{k}" if k in taken else k, taken) for k in keys)
            made += [kinds(n, kinds.KEYWORD_ONLY) for n in names]
            stars.append(Star(p.name, names, keys))
        elif extra > 0 and p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD):
            made.append(p.replace(default=kinds.empty))
        else:
            made.append(p)
    renamed = {k: n for s in stars if s.keys is not None for k, n in zip(s.keys, s.inputs)}
    bound = dict(zip([p.name for p in made], meaning.bound_args))
    bound |= {renamed.get(k, k): v for k, v in meaning.bound_kwargs}
    rest = [p for p in made if p.name not in bound]
    return Base(meaning, inspect.Signature(_ordered(rest)), tuple(bound.items()), tuple(p.name for p in made),
                tuple(stars))


def _ordered(parameters: list[inspect.Parameter]) -> list[inspect.Parameter]:
    return sorted(parameters, key=lambda p: p.kind)


def _signature(meaning: Function) -> inspect.Signature:
    if meaning.fn is not None:
        return inspect.signature(meaning.fn, follow_wrapped=False)
    arguments = meaning.source().node.args
    made = []
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    for k, node in enumerate(positional):
        kind = inspect.Parameter.POSITIONAL_ONLY if k < len(arguments.posonlyargs) else (
            inspect.Parameter.POSITIONAL_OR_KEYWORD)
        default = _literal(arguments.defaults[k - first_default]) if k >= first_default else inspect.Parameter.empty
        made.append(inspect.Parameter(node.id, kind, default=default))
    if arguments.vararg is not None:
        made.append(inspect.Parameter(arguments.vararg.id, inspect.Parameter.VAR_POSITIONAL))
    for node, value in zip(arguments.kwonlyargs, arguments.kw_defaults):
        default = inspect.Parameter.empty if value is None else _literal(value)
        made.append(inspect.Parameter(node.id, inspect.Parameter.KEYWORD_ONLY, default=default))
    if arguments.kwarg is not None:
        made.append(inspect.Parameter(arguments.kwarg.id, inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(made)


def _literal(node: Any) -> Any:
    """The value of a default if the text tells it, else `UNREAD`."""
    import ast

    import gast

    try:
        return ast.literal_eval(gast.gast_to_ast(gast.Expression(body=node)).body)
    except ValueError:
        return UNREAD


@lru_cache(maxsize=256)
def _wrapper(name: str, fn: Any = None) -> Callable[..., Any]:
    """A Python function that calls a function with a rule: ``fn``, or the one of NumPy or math with that name."""
    rule = find(name)
    assert rule is not None
    words, call = [], []
    for p in rule.signature.parameters:
        default = p.default
        if p.kind == "variadic":
            words.append(p.name)
            call.append(p.name)
        elif p.kind == "operand" and default is None:
            words.append(p.name)
            call.append(p.name)
        elif isinstance(default, Lit):
            words.append(f"{p.name}={default.value!r}")
            call.append(f"{p.name}={p.name}")
        elif default is None:
            words.append(p.name)
            call.append(p.name)
    short = name.rpartition(".")[2]
    short = short if short.isidentifier() else "f"
    called = name if fn is None else f"{short}_"
    own = short
    head = "import math\nimport numpy as np\n\n\n"
    text = f"{head}def {own}({', '.join(words)}):\n    return {called}({', '.join(call)})\n"
    file = f"<rule {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space: dict[str, Any] = {"__name__": "s2sad_rules", f"{short}_": fn}
    exec(compile(text, file, "exec"), space)
    made: Callable[..., Any] = space[own]
    return made


def parameters(fn: Any) -> inspect.Signature:
    """The parameters of a callable that a call of its derivative gives."""
    return base_of(fn).parameters


def specify(value: Any, name: str) -> Spec:
    """The spec of an argument.

    >>> specify(2.0, "x"), specify(np.ones(3), "x")
    (float, f8[x0])
    """
    return spec_of(value, name)


def with_static(spec: Spec, value: Any) -> Spec:
    """The spec of an argument whose whole numbers must be known at compile time.

    >>> with_static(specify((2, 1.0), "p"), (2, 1.0))
    (Fixed(value=2), float)
    """
    if isinstance(spec, Group):
        return replace(spec, items=tuple(with_static(s, part_at(value, k)) for k, s in zip(spec.steps, spec.items)))
    return Fixed(value) if spec in (INT, BOOL) or (isinstance(value, (np.integer, np.bool_))) else spec


def bound_specs(base: Base) -> Mapping[str, Spec]:
    """The specs of what is bound: numbers and arrays stay arguments, everything else is known.

    An object that holds itself is not taken apart: those of its attributes are read that the function asks for.
    """
    return {name: spec_of(value, name) if is_tree(value) else Fixed(value) for name, value in base.bound}
