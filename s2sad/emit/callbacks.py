"""Functions of the program as operands of others: ``lambda x: g(x, c)``, or plain ``g`` where it captures nothing."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s2sad.emit.expr import SPECIAL, Expressions
from s2sad.emit.nodes import attribute, call, load, subscript
from s2sad.errors import InternalError
from s2sad.names import fresh, sanitise
from s2sad.trace.ir import Lambda, Lit, Op, Trace, Var
from s2sad.trace.walk import arg_vars


@dataclass(frozen=True)
class Parameter:
    """A parameter of a lambda: where it stands in the text, and the variables that it must not hide."""

    nodes: tuple[ast.Name | ast.arg, ...]
    name: str
    beside: tuple[Parameter, ...]
    captured: tuple[Var, ...]


class Callbacks:
    """What expressions must know to write operands that are functions."""

    def __init__(self, functions: Mapping[str, Trace], structures: Any) -> None:
        self.functions, self.structures = functions, structures
        self.parameters: list[Parameter] = []

    def expression(self, ex: Expressions, a: Lambda) -> ast.expr:
        """A function as an operand."""
        callee = self.functions.get(a.callee)
        if callee is None:
            raise InternalError(f"the unknown trace {a.callee} is handed over")
        if not a.args and not any(i.kind == "global" for i in callee.inputs):
            return load(a.callee)
        heads = [load("v") for _ in range(a.count)]
        leaves: list[ast.expr] = [*heads, *map(ex.arg, a.args)]
        args, options = [], []
        for i in callee.inputs:
            value = self.structures.expr(i.tree, leaves)
            if i.kind == "global":
                options.append((i.name, value))
            else:
                args.append(value)
        captured = tuple(v for item in a.args for v in arg_vars(item))
        own: list[Parameter] = []
        for k, head in enumerate(heads):
            parameter = ast.arg(arg="v", annotation=None)
            own.append(Parameter((head, parameter), sanitise(callee.params[k].hint or "x"), tuple(own), captured))
        self.parameters += own
        arguments = ast.arguments(posonlyargs=[], args=[p.nodes[1] for p in own], vararg=None,  # type: ignore[misc]
                                  kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
        return ast.Lambda(args=arguments, body=call(load(a.callee), args, options))

    def name(self, names: Mapping[Var, str], taken: Sequence[str]) -> None:
        """Give parameters their names, once variables have theirs."""
        given: dict[int, str] = {}
        for p in self.parameters:
            used = {*taken, *(names[v] for v in p.captured if v in names), *(given[id(b)] for b in p.beside)}
            given[id(p)] = fresh(p.name, used)
            for node in p.nodes:
                if isinstance(node, ast.arg):
                    node.arg = given[id(p)]
                else:
                    node.id = given[id(p)]


def _field(ex: Expressions, op: Op) -> ast.expr:
    """``solution.x``, ``solution[0]``."""
    name = op.kwarg("name")
    assert isinstance(name, Lit)
    owner = ex.arg(op.args[0])
    return attribute(owner, name.value) if isinstance(name.value, str) else subscript(owner, name.value)


SPECIAL["field"] = _field
