"""Texts and effects in print: f-strings, methods of objects from outside, breakpoints."""

from __future__ import annotations

import ast
import string

from s2sad.emit.expr import SPECIAL, Expressions
from s2sad.emit.nodes import call, constant
from s2sad.passes.alias import is_fresh
from s2sad.trace.ir import Arg, Lit, Op, Tup, Var
from s2sad.trace.types import Array, Opaque

# What looks at its operands, and does not keep them.
_LOOKING = (Opaque("logging.Logger"), Opaque("io.IOBase"))
_CONVERSIONS = {None: -1, "s": 115, "r": 114, "a": 97}


def _text(ex: Expressions, op: Op) -> ast.expr:
    """``f"{x:.3f}"``, or ``"{:.3f}".format(x)`` where the program says so or Python cannot read the former."""
    template = op.args[0]
    values = [ex.arg(a) for a in op.args[1:]]
    if op.style == "fstring" and isinstance(template, Lit) and all(map(_is_plain, values)):
        values.reverse()
        return ast.JoinedStr(values=_parts(template.value, values))
    method = ast.Attribute(value=ex.arg(template), attr="format", ctx=ast.Load())
    return call(method, values, [(k, ex.arg(v)) for k, v in op.kwargs])


def _parts(template: str, values: list[ast.expr]) -> list[ast.expr]:
    """The pieces of an f-string; the values are taken from the end of the list."""
    parts: list[ast.expr] = []
    for text, field, spec, conversion in string.Formatter().parse(template):
        if text:
            parts.append(ast.Constant(value=text))
        if field is None:
            continue
        value = values.pop()
        inner = ast.JoinedStr(values=_parts(spec, values)) if spec else None
        parts.append(ast.FormattedValue(value=value, conversion=_CONVERSIONS[conversion], format_spec=inner))
    return parts


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression can stand in an f-string: no quotes, backslashes or braces."""
    return not any(isinstance(n, (ast.JoinedStr, ast.Dict, ast.Lambda)) or isinstance(n, ast.Constant)
                   and isinstance(n.value, str) for n in ast.walk(node))


def _method(ex: Expressions, op: Op) -> ast.expr:
    """``rng.normal(size=3)``: the object is the first operand, the name stands behind the dot."""
    may_keep = op.target is None and not (isinstance(op.args[0], Var) and op.args[0].type in _LOOKING)
    owner, *args = [ex.arg(op.args[0]), *(_kept(ex, a) if may_keep else ex.arg(a) for a in op.args[1:])]
    method = ast.Attribute(value=owner, attr=op.fn.removeprefix("."), ctx=ast.Load())
    return call(method, args, [(k, ex.arg(v)) for k, v in op.kwargs])


def _call(ex: Expressions, op: Op) -> ast.expr:
    """``callback(x)`` of an object from outside."""
    fn, *args = [ex.arg(op.args[0]), *(_kept(ex, a) for a in op.args[1:])]
    return call(fn, args, [(k, _kept(ex, v)) for k, v in op.kwargs])


def _kept(ex: Expressions, a: Arg) -> ast.expr:
    """An operand that others may keep: memory that nobody here writes to."""
    node = ex.arg(a)
    if not isinstance(a, Var) or not isinstance(a.type, Array) or not a.type.dims:
        return node
    made = ex.inline.get(a)
    if isinstance(made, Op) and is_fresh(made):
        return node
    return call(ast.Attribute(value=node, attr="copy", ctx=ast.Load()), [])


def _breakpoint(ex: Expressions, op: Op) -> ast.expr:
    """``breakpoint()``: its operands are what is to be in scope."""
    for a in op.args:
        ex.arg(a)
    return call(ex.ref(op.fn), [])


def _global(ex: Expressions, op: Op) -> ast.expr:
    """``module.name``."""
    return ex.arg(op.args[0])


def statement(ex: Expressions, op: Op) -> ast.stmt:
    """An effect as a statement."""
    if op.fn == "set_global":
        return ast.Assign(targets=[ex.arg(op.args[0])], value=_kept(ex, op.args[1]))
    return ast.Expr(value=ex.op(op))


def _dict(ex: Expressions, op: Op) -> ast.expr:
    keys = op.kwarg("keys")
    assert isinstance(keys, Tup)
    return ast.Dict(keys=[constant(k.value) for k in keys.items if isinstance(k, Lit)],
                    values=[ex.arg(a) for a in op.args])


def register() -> None:
    """Let expressions know how these operations are written."""
    SPECIAL.update({"str.format": _text, ".": _method, "()": _call, "breakpoint": _breakpoint,
                    "pdb.set_trace": _breakpoint, "dict": _dict, "get_global": _global})
