"""Functions as lowering sees them: the desugared body with what can be said about it, and binding of arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from s2sad.frontend.desugar import local_names
from s2sad.frontend.liveness import Liveness, bound
from s2sad.frontend.source import FunctionSource
from s2sad.frontend.values import Value

# How many statements a function may have that is put in place of its calls: one that writes to items needs no copies
# there of what it writes to.
SMALL, SMALL_WRITING = 12, 120
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


def define(name: str, node: Any, body: list[Any], source: FunctionSource | None = None, scope: Any = None,
           meaning: Any = None) -> Definition:
    """The definition of a function whose body is in the core."""
    if isinstance(node, gast.Lambda):
        arguments = node.args
        names = frozenset(p.id for p in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
    else:
        names = local_names(node) | frozenset(bound(body))  # with the flags of desugaring
    names_given = frozenset(p.id for part in parameters(node) for p in part)
    small = SMALL_WRITING if _writes(body, names_given) else SMALL
    inlinable = size(body) <= small and not _exits_from_loop(body, False) and not _endless(body)
    return Definition(name, node, body, names, Liveness(body), source, scope, meaning, inlinable)


def size(body: list[Any]) -> int:
    """How many statements there are."""
    count, stack = 0, list(body)
    while stack:
        node = stack.pop()
        count += 1
        for part in ("body", "orelse"):
            stack.extend(getattr(node, part, ()) if not isinstance(node, gast.FunctionDef) else ())
    return count


def _writes(body: list[Any], parameters: frozenset[str]) -> bool:
    """Whether a function writes to items, or changes a parameter in place."""
    def writes(node: Any) -> bool:
        if isinstance(node, gast.AugAssign):
            return isinstance(node.target, gast.Subscript) or getattr(node.target, "id", "") in parameters
        if isinstance(node, gast.Call):
            changes = isinstance(node.func, gast.Attribute) and node.func.attr in _CHANGING
            return changes or any(k.arg == "out" for k in node.keywords)
        return isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store)

    return any(writes(node) for stmt in body for node in gast.walk(stmt))


def _exits_from_loop(stmts: list[Any], inside: bool) -> bool:
    """Whether a loop is left by return or raise."""
    for stmt in stmts:
        if inside and isinstance(stmt, (gast.Return, gast.Raise)):
            return True
        deeper = inside or isinstance(stmt, (gast.For, gast.While))
        if isinstance(stmt, (gast.If, gast.For, gast.While)):
            if _exits_from_loop(stmt.body, deeper) or _exits_from_loop(stmt.orelse, deeper):
                return True
    return False


def _endless(stmts: list[Any]) -> bool:
    return any(getattr(s, "endless", False) or (isinstance(s, gast.If) and (_endless(s.body) or _endless(s.orelse)))
               for s in stmts)


def calls_of(body: list[Any]) -> list[str]:
    """The plain names that a body calls."""
    return [n.func.id for s in body for n in gast.walk(s) if isinstance(n, gast.Call) and isinstance(n.func, gast.Name)]


def parameters(node: Any) -> tuple[list[Any], list[Any]]:
    """The positional and the keyword-only parameters of a function."""
    a = node.args
    return [*a.posonlyargs, *a.args], list(a.kwonlyargs)


def bind_arguments(lowering: Any, info: Definition, args: list[Value], kwargs: dict[str, Value], node: Any,
                   defaults: dict[str, Value] | None = None) -> dict[str, Value]:
    """What each parameter stands for in a call, as Python binds them."""
    positional, keyword_only = parameters(info.node)
    a = info.node.args
    for star, text in ((a.vararg, "*"), (a.kwarg, "**")):
        if star is not None:
            lowering.refuse(node, f"'{info.name}' takes {text}{star.id}, which is not supported",
                            "give it plain parameters")
    if len(args) > len(positional):
        count = len(positional)
        lowering.refuse_type(node, f"{info.name}() takes {count} positional argument{'s' * (count != 1)} "
                                   f"but {len(args)} {'were' if len(args) != 1 else 'was'} given")
    bound = {p.id: v for p, v in zip(positional, args)}
    only_positional = {p.id for p in a.posonlyargs}
    names = [p.id for p in (*positional, *keyword_only)]
    for name, value in kwargs.items():
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
    return {name: bound[name] if name in bound else (defaults or {})[name] for name in names}
