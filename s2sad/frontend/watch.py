"""What a body of statements has assigned when an exception comes out of it.

    if c:                       an exception of g comes before y is assigned, and after x is:
        x = f(a)                so y is what it was before, and of x it is not known
        y = g(x)

A name is certain to be what it was if nothing that may raise comes behind the statements that change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import gast


@dataclass(eq=False)
class Watched:
    """A statement as it has been lowered: into which flow, whether it may raise, the names it changes, those inside."""

    node: Any
    flow: Any
    ops: list[Any] = field(default_factory=list)
    changed: frozenset[str] = frozenset()
    inside: list[Watched] = field(default_factory=list)


@dataclass(eq=False)
class Expecting:
    """What lowering knows about exceptions that may come, and those that have.

    ``handled`` are the exceptions of the handlers around, ``doubtful_cells`` the lists that may have changed before
    they came; ``watching`` are the statements that are being lowered inside a ``try``, the innermost last, with their
    frames; ``dropped`` says what has changed on paths that end in an exception; ``kept`` are statements made on the
    way, of which things are known by their identity.
    """

    handled: list[Any] = field(default_factory=list)
    doubtful_cells: set[int] = field(default_factory=set)
    watching: list[Any] = field(default_factory=list)
    dropped: list[Any] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)


def uncertain(steps: Iterable[Watched], risky: Callable[[Any], bool], after: bool = False) -> set[str]:
    """The names of which it is not known whether they have changed when an exception comes.

    ``after`` says whether something behind the statements may raise.
    """
    found: set[str] = set()
    for step in reversed(list(steps)):
        may = any(map(risky, step.ops))
        if not step.inside:
            walrus = may and any(isinstance(n, gast.NamedExpr) for n in gast.walk(step.node))
            found |= step.changed if after or walrus else set()
        else:
            found |= _of_header(step.node) if after or may else set()
            behind = after or may and isinstance(step.node, (gast.For, gast.While))
            flows: dict[int, list[Watched]] = {}
            for one in step.inside:
                flows.setdefault(id(one.flow), []).append(one)
            for group in flows.values():
                found |= uncertain(group, risky, behind)
        after = after or may
    return found


def _of_header(stmt: Any) -> set[str]:
    """The names that a compound statement binds besides those that the statements inside it do."""
    header = [getattr(stmt, part) for part in ("target", "iter", "test") if hasattr(stmt, part)]
    header += [part for item in getattr(stmt, "items", ()) for part in (item.context_expr, item.optional_vars) if part]
    return {n.id for part in header for n in gast.walk(part)
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
