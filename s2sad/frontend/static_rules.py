"""Derivatives that a module gives its functions, as far as its text tells: ``@f.defvjp``, ``f.defjvp(rule)``.

>>> tree = ast.parse("@f.defjvp\\ndef rule(primals, tangents): ...\\nf.defvjp(fwd, lambda kept, y_bar: y_bar)")
>>> {kind: type(node).__name__ for kind, node in given_rules(tree.body, "f").items()}
{'jvp': 'FunctionDef', 'fwd': 'Name', 'bwd': 'Lambda'}
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

_KINDS = {"defjvp": ("jvp",), "defvjp": ("vjp",)}


def given_rules(body: Sequence[ast.stmt], name: str) -> dict[str, ast.expr | ast.FunctionDef]:
    """The rules that statements give the function of a name, by kind: functions, or expressions for them."""
    found: dict[str, ast.expr | ast.FunctionDef] = {}
    for stmt in body:
        if isinstance(stmt, ast.FunctionDef):
            for decorator in stmt.decorator_list:
                _give(found, _kind(decorator, name), [stmt])
        elif isinstance(stmt, (ast.Expr, ast.Assign)) and isinstance(stmt.value, ast.Call):
            _give(found, _kind(stmt.value.func, name), stmt.value.args)
    return found


def statements_around(tree: ast.Module, node: ast.AST) -> list[ast.stmt]:
    """The statements of the module, or of the class, among which a definition stands."""
    inside = (c.body for c in ast.walk(tree) if isinstance(c, ast.ClassDef) and node in c.body)
    return next(inside, tree.body)


def is_rule(decorator: ast.expr) -> bool:
    """Whether a decorator gives a function to another one as a rule, and leaves it as it is."""
    return isinstance(decorator, ast.Attribute) and decorator.attr in _KINDS


def is_checkpoint(node: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a function is decorated as one to be computed again."""
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return any(ast.unparse(d).rpartition(".")[2] == "checkpoint" for d in decorators)


def _kind(node: ast.expr, name: str) -> str:
    """``defjvp`` or ``defvjp`` if this is that attribute of the name; else empty."""
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    return node.attr if own and isinstance(node, ast.Attribute) and node.attr in _KINDS else ""


def _give(found: dict[str, ast.expr | ast.FunctionDef], kind: str,
          rules: Sequence[ast.expr | ast.FunctionDef]) -> None:
    if not kind or not rules:
        return
    kinds = ("fwd", "bwd") if kind == "defvjp" and len(rules) == 2 else _KINDS[kind]
    for old in ("vjp", "fwd", "bwd") if kind == "defvjp" else ("jvp",):
        found.pop(old, None)
    found.update(zip(kinds, rules))
