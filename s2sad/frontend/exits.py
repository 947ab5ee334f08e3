"""Questions about statements: where their paths end, how much they are, which names they use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gast

_NESTED = (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef, gast.Lambda)
_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


@dataclass(frozen=True, eq=False)
class Tail:
    """A block that control does not leave at its end, and the handlers around it."""

    block: list[Any]
    withs: tuple[Any, ...]

    @property
    def last(self) -> Any:
        return self.block[-1]


def tails(block: list[Any], withs: tuple[Any, ...] = ()) -> tuple[list[Tail], list[list[Any]]]:
    """Where the paths through a block of the core end: the blocks that end in an exit, and those that fall through.

    An `If` or `Try` is entered where desugaring has marked it: some path through it leaves.  Nothing but an exception
    leaves the body of a `Try` or `With`.
    """
    exits: list[Tail] = []
    points: list[list[Any]] = []
    stack = [(block, withs)]
    while stack:
        block, withs = stack.pop()
        last = block[-1] if block else None
        if isinstance(last, (gast.Return, gast.Raise, gast.Break, gast.Continue)) or getattr(last, "endless", False):
            exits.append(Tail(block, withs))
        elif isinstance(last, gast.If) and getattr(last, "leaves", False):
            stack += [(last.orelse, withs), (last.body, withs)]
        elif isinstance(last, gast.Try) and getattr(last, "leaves", False):
            # What a handler raises again, and the exception's name, are its own.
            stack += [(handler.body, (*withs, handler)) for handler in reversed(last.handlers)]
            stack.append((last.orelse, withs))
        else:
            points.append(block)
    return exits, points


def stays(tail: Tail) -> bool:
    """Whether an exit cannot be moved behind the statement that it is in."""
    endless = bool(getattr(tail.last, "endless", False))
    return endless or (bool(tail.withs) and isinstance(tail.last, gast.Raise))


def is_bare(stmts: list[Any]) -> bool:
    """Whether this is nothing but an exit that costs nothing to repeat."""
    if len(stmts) != 1:
        return False
    if isinstance(stmts[0], gast.Return):
        return stmts[0].value is None or isinstance(stmts[0].value, (gast.Name, gast.Constant))
    return isinstance(stmts[0], (gast.Break, gast.Continue))


def size(stmts: list[Any], limit: int) -> int:
    """How many statements these are with those inside them; counting stops beyond the limit."""
    count, stack = 0, list(stmts)
    while stack and count <= limit:
        node = stack.pop()
        count += isinstance(node, gast.stmt)
        stack.extend(child for child in gast.iter_child_nodes(node) if not isinstance(child, gast.expr))
    return count


def has_break(stmts: list[Any]) -> bool:
    """Whether these statements, a loop's body, break the loop."""
    stack = list(stmts)
    while stack:
        node = stack.pop()
        if isinstance(node, gast.Break):
            return True
        if isinstance(node, (gast.For, gast.While, gast.AsyncFor)):
            stack.extend(node.orelse)
        elif not isinstance(node, (gast.expr, *_NESTED)):
            stack.extend(gast.iter_child_nodes(node))
    return False


def inner_blocks(stmt: Any) -> list[list[Any]]:
    """The blocks inside a statement of the core that is no definition."""
    if isinstance(stmt, _NESTED):
        return []
    found = [getattr(stmt, part) for part in ("body", "orelse") if isinstance(getattr(stmt, part, None), list)]
    return found + [handler.body for handler in getattr(stmt, "handlers", ())]


def scope(stmts: list[Any]) -> Iterator[Any]:
    """The nodes of a function's body without those of the functions, lambdas and classes inside it."""
    stack = list(reversed(stmts))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _NESTED):
            stack.extend(reversed(list(gast.iter_child_nodes(node))))


def identifiers(node: Any) -> set[str]:
    """Every name that stands anywhere in the function."""
    found: set[str] = set()
    for part in gast.walk(node):
        for field in ("id", "name", "arg", "rest", "asname"):
            value = getattr(part, field, None)
            if isinstance(value, str):
                found.add(value)
        found.update(name for name in getattr(part, "names", ()) if isinstance(name, str))
        if isinstance(part, gast.alias):
            found.add(part.name.partition(".")[0])
    return found


def bound_names(node: Any) -> frozenset[str]:
    """The parameters of a function and the names that its own statements bind."""
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    bound = {parameter.id for parameter in parameters if parameter is not None}
    elsewhere: set[str] = set()
    stack = list(node.body)
    while stack:
        part = stack.pop()
        if isinstance(part, (gast.Global, gast.Nonlocal)):
            elsewhere.update(part.names)
        elif isinstance(part, gast.Name) and not isinstance(part.ctx, gast.Load):
            bound.add(part.id)
        elif isinstance(part, gast.alias):
            bound.add(part.asname or part.name.partition(".")[0])
        elif isinstance(part, gast.ExceptHandler) and part.name:
            bound.add(part.name if isinstance(part.name, str) else part.name.id)
        elif isinstance(part, (gast.MatchAs, gast.MatchStar)) and part.name:
            bound.add(part.name)
        elif isinstance(part, gast.MatchMapping) and part.rest:
            bound.add(part.rest)
        elif isinstance(part, (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)):
            bound.add(part.name)
        if isinstance(part, _COMPREHENSIONS):
            # A comprehension's own variables are its own; what a walrus inside it binds is the function's.
            stack.extend(n.target for n in gast.walk(part) if isinstance(n, gast.NamedExpr))
        elif not isinstance(part, _NESTED):
            stack.extend(gast.iter_child_nodes(part))
    return frozenset(bound - elsewhere)
