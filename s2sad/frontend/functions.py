"""Functions as lowering sees them: the desugared body with what can be said about it, and binding of arguments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import gast

from s2sad.frontend.captures import shared_names
from s2sad.frontend.desugar import desugar, local_names
from s2sad.frontend.exits import identifiers, inner_blocks, scope
from s2sad.frontend.library import in_library
from s2sad.frontend.liveness import Liveness, bound
from s2sad.frontend.meanings import Custom
from s2sad.frontend.source import FunctionSource
from s2sad.frontend.values import Seq, Value

# How many statements a function may have that is put in place of its calls: one that writes to items needs no copies
# there of what it writes to.
SMALL, SMALL_WRITING = 12, 120
# The same for a function inside another one, whose captured variables need not be handed over there.
SMALL_NESTED = 60
# And for one of a library: most of its text asks about what is known here, and vanishes.
SMALL_LIBRARY = 150
_CHANGING = frozenset(("append", "extend", "insert", "pop", "fill", "sort", "put", "copyto", "at"))


@dataclass(eq=False)
class Definition:
    """A function: ``node`` as written, ``body`` in the core."""

    name: str
    node: Any
    body: list[Any]
    locals: frozenset[str]
    live: Liveness
    source: FunctionSource | None = None
    scope: Any = None
    meaning: Any = None
    inlinable: bool = False
    recursive: bool = False
    # Whether it is defined inside another function, and its own names that functions inside it bind.
    nested: bool = False
    shared: frozenset[str] = frozenset()
    # Whether its text is that of a library.
    library: bool = False
    # What its author says of its derivative.
    custom: Custom | None = None
    # Whether it is a generator function.
    yields: bool = False


def define(name: str, node: Any, body: list[Any], source: FunctionSource | None = None, scope: Any = None,
           meaning: Any = None, nested: bool = False) -> Definition:
    """The definition of a function whose body is in the core."""
    if isinstance(node, gast.Lambda):
        names = frozenset(p.id for p in all_parameters(node))
    else:
        # With the flags of desugaring, and without what belongs to other functions.
        names = local_names(node) | (frozenset(bound(body)) - identifiers(node))
    names_given = frozenset(p.id for p in all_parameters(node))
    small = SMALL_WRITING if _writes(body, names_given) else SMALL_NESTED if nested else SMALL
    library = source is not None and in_library(source.file)
    inlinable = size(body) <= (SMALL_LIBRARY if library else small) and not exits_from_loop(body, False) and not (
        _endless(body) or _leaves_guard(body) and not library)
    return Definition(name, node, body, names, Liveness(body), source, scope, meaning, inlinable, nested=nested,
                      shared=shared_names(node), library=library, yields=is_generator(node))


def is_generator(node: Any) -> bool:
    """Whether a function is a generator function."""
    return isinstance(node, gast.FunctionDef) and any(
        isinstance(n, (gast.Yield, gast.YieldFrom)) for n in scope(node.body))


@lru_cache(maxsize=256)
def definition_of(source: FunctionSource) -> Definition:
    """The definition of a function by its text alone, which many programs may share."""
    return define(source.name, source.node, desugar(source.node).body, source)


def size(body: list[Any]) -> int:
    """How many statements there are."""
    count, stack = 0, list(body)
    while stack:
        node = stack.pop()
        count += 1
        for block in inner_blocks(node):
            stack.extend(block)
    return count


def _writes(body: list[Any], parameters: frozenset[str]) -> bool:
    """Whether a function writes to items, or changes a parameter in place."""
    def writes(node: Any) -> bool:
        if isinstance(node, gast.AugAssign):
            return not isinstance(node.target, gast.Name) or node.target.id in parameters
        if isinstance(node, gast.Call):
            changes = isinstance(node.func, gast.Attribute) and node.func.attr in _CHANGING
            return changes or any(k.arg == "out" for k in node.keywords)
        return isinstance(node, (gast.Subscript, gast.Attribute)) and isinstance(node.ctx, gast.Store)

    return any(writes(node) for stmt in body for node in gast.walk(stmt))


def exits_from_loop(stmts: list[Any], inside: bool) -> bool:
    """Whether a loop is left by return or raise."""
    for stmt in stmts:
        if inside and isinstance(stmt, (gast.Return, gast.Raise)):
            return True
        deeper = inside or isinstance(stmt, (gast.For, gast.While))
        if any(exits_from_loop(block, deeper) for block in inner_blocks(stmt)):
            return True
    return False


def _endless(stmts: list[Any]) -> bool:
    return any(getattr(s, "endless", False) or not isinstance(s, (gast.For, gast.While)) and any(
        map(_endless, inner_blocks(s))) for s in stmts)


def _leaves_guard(stmts: list[Any]) -> bool:
    """Whether a function returns from what follows a ``try``, or from a handler."""
    return any(isinstance(s, gast.Try) and s.leaves or any(map(_leaves_guard, inner_blocks(s))) for s in stmts)


def calls_of(body: list[Any]) -> list[str]:
    """The plain names that a body calls."""
    return [n.func.id for s in body for n in gast.walk(s) if isinstance(n, gast.Call) and isinstance(n.func, gast.Name)]


def parameters(node: Any) -> tuple[list[Any], list[Any]]:
    """The positional and the keyword-only parameters of a function."""
    a = node.args
    return [*a.posonlyargs, *a.args], list(a.kwonlyargs)


def all_parameters(node: Any) -> list[Any]:
    """Every parameter of a function in the order of its signature, ``*args`` and ``**kwargs`` too."""
    positional, keyword_only = parameters(node)
    a = node.args
    return [*positional, *([a.vararg] if a.vararg else []), *keyword_only, *([a.kwarg] if a.kwarg else [])]


def bind_arguments(lowering: Any, info: Definition, args: list[Value], kwargs: dict[str, Value], node: Any,
                   defaults: dict[str, Value] | None = None) -> dict[str, Value]:
    """What each parameter stands for in a call, as Python binds them."""
    positional, keyword_only = parameters(info.node)
    a = info.node.args
    if len(args) > len(positional) and a.vararg is None:
        count = len(positional)
        lowering.refuse_type(node, f"{info.name}() takes {count} positional argument{'s' * (count != 1)} "
                                   f"but {len(args)} {'were' if len(args) != 1 else 'was'} given")
    bound = {p.id: v for p, v in zip(positional, args)}
    only_positional = {p.id for p in a.posonlyargs}
    names = [p.id for p in (*positional, *keyword_only)]
    more: dict[str, Value] = {}
    for name, value in kwargs.items():
        if a.kwarg is not None and (name not in names or name in only_positional):
            more[name] = value
            continue
        if name not in names or name in only_positional:
            lowering.refuse_type(node, f"{info.name}() got an unexpected keyword argument '{name}'")
        if name in bound:
            lowering.refuse_type(node, f"{info.name}() got multiple values for argument '{name}'")
        bound[name] = value
    if defaults is None and any(name not in bound for name in names):
        defaults = lowering.program.defaults(lowering, info)
    missing = [name for name in names if name not in bound and name not in (defaults or {})]
    if missing:
        listed = " and ".join(f"'{m}'" for m in missing)
        lowering.refuse_type(node, f"{info.name}() missing {len(missing)} required "
                                   f"argument{'s' * (len(missing) != 1)}: {listed}")
    if a.vararg is not None:
        bound[a.vararg.id] = Seq(tuple(args[len(positional):]))
    if a.kwarg is not None:
        bound[a.kwarg.id] = Seq(tuple(more.values()), "dict", tuple(more))
    return {p.id: bound[p.id] if p.id in bound else (defaults or {})[p.id] for p in all_parameters(info.node)}
