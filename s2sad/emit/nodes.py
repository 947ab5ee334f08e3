"""Syntax trees of small things: names, literals, calls, displays."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable
from typing import Any


def load(name: str) -> ast.Name:
    """A name that is not a variable's."""
    return ast.Name(id=name, ctx=ast.Load())


def constant(value: Any) -> ast.expr:
    """A literal; negative numbers are negations, as the parser has them, and pi has its name."""
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, tuple):
        return ast.Tuple(elts=[constant(v) for v in value], ctx=ast.Load())
    if isinstance(value, float):
        if value != value:
            return dotted("np.nan")
        if value in (float("inf"), float("-inf")):
            return dotted("np.inf") if value > 0 else ast.UnaryOp(op=ast.USub(), operand=dotted("np.inf"))
        if str(value).startswith("-"):
            return ast.UnaryOp(op=ast.USub(), operand=constant(-value))
        if value == math.pi:
            return dotted("np.pi")
    elif isinstance(value, int) and not isinstance(value, bool) and value < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    elif isinstance(value, complex) and repr(value).startswith("(-0-"):
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    elif isinstance(value, complex) and (value.real or str(value.real) == "-0.0" or str(value.imag)[0] == "-"):
        return call(load("complex"), [constant(value.real), constant(value.imag)])
    return ast.Constant(value=value)


class NamedNumbers(ast.NodeTransformer):
    """Numbers in an expression as `constant` prints them."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:  # noqa: N802  (the name that ast looks for)
        return constant(node.value) if isinstance(node.value, float) else node


def dotted(name: str) -> ast.expr:
    """``np.linalg.inv`` as a tree."""
    first, *rest = name.split(".")
    node: ast.expr = load(first)
    for part in rest:
        node = ast.Attribute(value=node, attr=part, ctx=ast.Load())
    return node


def call(fn: ast.expr, args: Iterable[ast.expr], kwargs: Iterable[tuple[str, ast.expr]] = ()) -> ast.expr:
    """A call."""
    return ast.Call(func=fn, args=list(args), keywords=[ast.keyword(arg=k, value=v) for k, v in kwargs])


def negative(node: ast.expr) -> ast.expr:
    """``-(a * b / c)`` as ``-a * b / c``, which is the same number bit for bit, and ``-(-2.0 * a)`` as ``2.0 * a``."""
    inner = node
    path: list[ast.BinOp] = []
    while isinstance(inner, ast.BinOp) and isinstance(inner.op, (ast.Mult, ast.Div)):
        path.append(inner)
        inner = inner.left
    out: ast.expr = ast.UnaryOp(op=ast.USub(), operand=inner)
    if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
        out = inner.operand
    for part in reversed(path):
        out = ast.BinOp(left=out, op=part.op, right=part.right)
    return out


def display(items: list[ast.expr], is_list: bool = False) -> ast.expr:
    """A tuple or list display."""
    return ast.List(elts=items, ctx=ast.Load()) if is_list else ast.Tuple(elts=items, ctx=ast.Load())


def subscript(owner: ast.expr, step: str | int) -> ast.expr:
    """``owner[step]``."""
    return ast.Subscript(value=owner, slice=constant(step), ctx=ast.Load())


def attribute(owner: ast.expr, name: str) -> ast.expr:
    """``owner.name``."""
    return ast.Attribute(value=owner, attr=name, ctx=ast.Load())
