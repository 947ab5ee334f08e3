"""Exceptions in print: where they are made and where they are raised."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from s2sad.emit.expr import SPECIAL, Expressions
from s2sad.emit.nodes import call, display
from s2sad.trace.ir import Arg, Lit, Op, Ref, Tup


def raising(ex: Expressions, kind: Ref | None, args: Sequence[Arg]) -> ast.Raise:
    """``raise kind(*args)``; without a kind ``raise exception``, ``raise exception from cause``."""
    given = [ex.arg(a) for a in args]
    if kind is not None:
        return ast.Raise(exc=call(ex.arg(kind), given), cause=None)
    return ast.Raise(exc=given[0] if given else None, cause=given[1] if len(given) > 1 else None)


def made(ex: Expressions, op: Op) -> ast.expr:
    """``ValueError("no", x)``: an exception that is not raised at once, or that takes keywords."""
    options = [(k, ex.arg(v)) for k, v in op.kwargs if k != "class"]
    return call(ex.arg(op.kwarg("class")), [ex.arg(a) for a in op.args], options)


def expression(ex: Expressions, op: Op) -> ast.expr:
    """An expression of the user's, with what its names stand for here."""
    text, names = op.kwarg("text"), op.kwarg("names")
    assert isinstance(text, Lit) and isinstance(names, Tup)
    given = {name.value: ex.arg(a) for name, a in zip(names.items, op.args) if isinstance(name, Lit)}

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return given.get(node.id, node)

    put: ast.expr = Put().visit(ast.parse(text.value, mode="eval").body)
    return put


def caught(ex: Expressions, op: Op) -> ast.expr:
    """``isinstance(error, ValueError)``."""
    classes = op.kwarg("classes")
    assert isinstance(classes, Tup)
    kinds = [ex.arg(r) for r in classes.items]
    return call(ex.ref("isinstance"), [ex.arg(op.args[0]), kinds[0] if len(kinds) == 1 else display(kinds)])


SPECIAL["caught"] = caught
SPECIAL["new"] = made
SPECIAL["expression"] = expression
