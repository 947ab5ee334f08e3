"""Code: the statements of the text to be, before variables have names.

A trace assigns every variable once; code is what remains of it as Python statements over the same variables, with the
copies that carry values through loops and branches written out.  Expressions are Python syntax trees; a variable in
them is an `ast.Name` whose ``id`` is filled in when names are known (see `s2sad.emit.naming`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from s2sad.trace.ir import NOWHERE, Site, Var


@dataclass
class Assign:
    """``targets = values``, all at once.

    A value None leaves its target undefined (and prints nothing).  ``copies`` has the variable a target is a mere copy
    of; ``carried`` says that these are the values of the next iteration.  ``pattern`` is the left-hand side of a
    destructuring assignment of one value.  Where values meet (in a loop variable, in the result of a branch) ``sites``
    has the line of each; such a variable is assigned in several places.
    """

    targets: list[Var]
    values: list[ast.expr | None]
    reads: list[Var]
    copies: list[Var | None]
    site: Site = NOWHERE
    sweep: str = "primal"
    pattern: ast.expr | None = None
    sites: list[Site] = field(default_factory=list)
    carried: bool = False


@dataclass
class Store:
    """``base[index] = value``, ``base[index] += value`` in place; ``target`` is the base afterwards.

    ``name`` is the target in the statement.
    """

    target: Var
    base: Var
    name: ast.Name
    stmt: ast.stmt
    reads: list[Var]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class Effect:
    """A statement that assigns nothing."""

    stmt: ast.stmt
    reads: list[Var]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class Branch:
    """``if cond: then else: orelse``."""

    cond: ast.expr
    reads: list[Var]
    then: list[Code]
    orelse: list[Code]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class Guarded:
    """``try: body except classes as error: handler else: rest``; the handlers are by their classes."""

    body: list[Code]
    handlers: list[Handler]
    rest: list[Code]
    site: Site = NOWHERE
    sweep: str = "primal"
    reads: list[Var] = field(default_factory=list)


@dataclass
class Handler:
    """``except classes as error: body``; ``error`` is None if nobody asks for it."""

    classes: ast.expr
    error: Var | None
    body: list[Code]


@dataclass
class Context:
    """``with manager as target: body``."""

    manager: ast.expr
    target: Var | None
    reads: list[Var]
    body: list[Code]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class ForLoop:
    """``for pattern in domain: body``; ``heads`` are the variables of the pattern."""

    heads: list[Var]
    pattern: ast.expr
    domain: ast.expr
    reads: list[Var]
    body: list[Code]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class WhileLoop:
    """``while test: body``; ``reads`` are those of the test."""

    test: ast.expr
    reads: list[Var]
    body: list[Code]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class Jump:
    """``return``, ``raise`` or ``break``."""

    stmt: ast.stmt
    reads: list[Var]
    site: Site = NOWHERE
    sweep: str = "primal"


@dataclass
class Inner:
    """``def name(params): body`` inside a function.

    ``inputs`` are the names of its parameters, ``params`` the variables among them, ``defaults`` those of the last.
    """

    name: str
    inputs: list[str]
    params: list[Var]
    defaults: list[ast.expr]
    body: list[Code]
    doc: str = ""
    site: Site = NOWHERE
    sweep: str = "adjoint"


Code = Assign | Store | Effect | Branch | Guarded | Context | ForLoop | WhileLoop | Jump | Inner


def defined(node: Code) -> list[Var]:
    """The variables a statement assigns itself, not in the blocks inside it."""
    if isinstance(node, Assign):
        return node.targets
    if isinstance(node, Store):
        return [node.target]
    if isinstance(node, ForLoop):
        return node.heads
    if isinstance(node, Guarded):
        return list(dict.fromkeys(h.error for h in node.handlers if h.error is not None))
    if isinstance(node, Context):
        return [] if node.target is None else [node.target]
    return node.params if isinstance(node, Inner) else []


def inside(node: Code) -> tuple[list[Code], ...]:
    """The blocks inside a statement."""
    if isinstance(node, Branch):
        return (node.then, node.orelse)
    if isinstance(node, Guarded):
        return (node.body, *(h.body for h in node.handlers), node.rest)
    return (node.body,) if isinstance(node, (ForLoop, WhileLoop, Inner, Context)) else ()


def walk(nodes: list[Code]) -> Iterator[Code]:
    """Every statement, outer ones first."""
    for node in nodes:
        yield node
        for block in inside(node):
            yield from walk(block)


def leaves(nodes: list[Code]) -> bool:
    """Whether control never reaches the end of a block."""
    if not nodes:
        return False
    last = nodes[-1]
    if isinstance(last, Jump):
        return True
    if isinstance(last, Guarded):
        return (leaves(last.rest) or leaves(last.body)) and all(leaves(h.body) for h in last.handlers)
    if isinstance(last, Context):
        return leaves(last.body)
    return isinstance(last, Branch) and leaves(last.then) and leaves(last.orelse)


def negated(cond: ast.expr) -> ast.expr:
    """``not cond``; a double negation goes away, and so does that of ``!=``."""
    if isinstance(cond, ast.UnaryOp) and isinstance(cond.op, ast.Not):
        return cond.operand
    if isinstance(cond, ast.Compare) and len(cond.ops) == 1 and isinstance(cond.ops[0], ast.NotEq):
        return ast.Compare(left=cond.left, ops=[ast.Eq()], comparators=cond.comparators)
    return ast.UnaryOp(op=ast.Not(), operand=cond)
