"""The language rules are written in: Python expressions over a rule's operands.

It knows literal numbers, `np.pi` and its like, the rule's names, operators, ``x.T``, ``x.size``, ``x.shape[k]``,
subscripts, calls of functions that have rules, calls of the macros of `s2sad.rules.macros`, and ``a if test else b``
where the test compares an option with a literal (decided at compile time).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.errors import InternalError, NotApplicable
from s2sad.rules.declare import DECLARATIONS
from s2sad.rules.signature import bind, dotted, operator_name, parse
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, make, tup
from s2sad.trace.ir import NONE, Lit, Ref, Slc, Tup, Var

Macro = Callable[..., Expr]


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> ast.expr:
    """The syntax tree of a rule's expression."""
    return ast.parse(text, mode="eval").body


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """The names an expression reads."""
    return frozenset(n.id for n in ast.walk(parse_expression(text)) if isinstance(n, ast.Name))


class Scope:
    """The names of one application of a rule; shared subexpressions are evaluated when first used."""

    def __init__(self, values: Mapping[str, Expr], shared: Mapping[str, str], macros: Mapping[str, Macro]) -> None:
        self.values, self.shared, self.macros = dict(values), shared, macros

    def with_values(self, **values: Expr) -> Scope:
        """The same scope with more names; shared subexpressions are evaluated anew."""
        return Scope({**self.values, **values}, self.shared, self.macros)

    def name(self, name: str) -> Expr:
        """The value of a name."""
        if name not in self.values:
            if name not in self.shared:
                raise InternalError(f"a rule reads the unknown name {name!r}")
            self.values[name] = self.evaluate(self.shared[name])
        return self.values[name]

    def evaluate(self, text: str) -> Expr:
        """The value of an expression."""
        return self._eval(parse_expression(text))

    def _eval(self, node: ast.expr) -> Expr:
        if isinstance(node, ast.Constant):
            return Lit(node.value)
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.BinOp):
            return make(operator_name(node.op), self._eval(node.left), self._eval(node.right))
        if isinstance(node, ast.UnaryOp):
            return make(operator_name(node.op), self._eval(node.operand))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return make(operator_name(node.ops[0]), self._eval(node.left), self._eval(node.comparators[0]))
        if isinstance(node, ast.Tuple):
            return tup([self._eval(e) for e in node.elts])
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.IfExp):
            return self._eval(node.body if self._test(node.test) else node.orelse)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        raise NotApplicable(f"not in the rule language: {ast.unparse(node)}")

    def _call(self, node: ast.Call) -> Expr:
        name = dotted(node.func)
        args = [self._eval(a) for a in node.args]
        kwargs = {k.arg or "": self._eval(k.value) for k in node.keywords}
        if name in self.macros:
            return self.macros[name](*args, **kwargs)
        declaration = DECLARATIONS.get(name)
        if declaration is None:
            like = next((n for n in (f"np.{name}", f"scipy.special.{name}") if n in DECLARATIONS), None)
            raise NotApplicable(f"a rule calls {name}, which has no rule", f"write {like}" if like else
                                f'declare one: s2sad.rule("y = {name}(x)", x="...", fn={name})')
        operands, options = bind_exprs(declaration.text, args, kwargs)
        return make(name, *operands, **options)

    def _attribute(self, node: ast.Attribute) -> Expr:
        if isinstance(node.value, ast.Name) and node.value.id in ("np", "math"):
            number = constant(dotted(node))
            return Ref(dotted(node)) if number is None else Lit(number)
        x = self._eval(node.value)
        if node.attr == "T":
            return make("np.transpose", x)
        if node.attr in ("size", "ndim"):
            return make(node.attr, x)
        if node.attr == "shape":
            return make("shape", x, axis=NONE)
        raise NotApplicable(f"not in the rule language: {ast.unparse(node)}")

    def _subscript(self, node: ast.Subscript) -> Expr:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return make("shape", self._eval(node.value.value), axis=self._eval(node.slice))
        return make("getitem", self._eval(node.value), index=self._index(node.slice))

    def _index(self, node: ast.expr) -> Expr:
        if isinstance(node, ast.Slice):
            parts = [NONE if p is None else self._eval(p) for p in (node.lower, node.upper, node.step)]
            return Slc(*parts)  # type: ignore[arg-type]  # what are still terms, `emit` replaces
        if isinstance(node, ast.Tuple):
            return tup([self._index(e) for e in node.elts])
        return self._eval(node)

    def _test(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = self._known(node.left), self._known(node.comparators[0])
            op = operator_name(node.ops[0])
            if op in ("is", "is_not"):
                return (left is right) == (op == "is")
            if isinstance(left, (Var, Term)):
                raise NotApplicable(f"'{ast.unparse(node.left)}' must be known at compile time here",
                                    f"write where({ast.unparse(node)}, …, …)")
            return bool(left == right) == (op == "==")
        return bool(self._known(node))

    def _known(self, node: ast.expr) -> Any:
        value = self._eval(node)
        return value if isinstance(value, (Var, Term)) else static(value, "test")


def constant(name: str) -> float | None:
    """The number that a dotted name of NumPy or math stands for; None if it is no number.

    >>> constant("np.pi"), constant("np.float64"), constant("math.e")
    (3.141592653589793, None, 2.718281828459045)
    """
    module, _, attribute = name.partition(".")
    value = getattr({"np": np, "math": math}.get(module), attribute, None)
    return value if isinstance(value, float) else None


def bind_exprs(text: str, args: list[Expr], kwargs: Mapping[str, Expr]) -> tuple[tuple[Expr, ...], dict[str, Expr]]:
    """`bind` for calls whose operands are still expressions."""
    back: dict[Var, Term] = {}

    def hide(e: Expr) -> Any:
        if isinstance(e, Tup):
            return Tup(tuple(hide(i) for i in e.items), e.is_list)
        if isinstance(e, Term):
            v = Var(e.type)
            back[v] = e
            return v
        return e

    def reveal(e: Any) -> Any:
        if isinstance(e, Tup):
            return Tup(tuple(reveal(i) for i in e.items), e.is_list)
        return back.get(e, e) if isinstance(e, Var) else e

    operands, options = bind(parse(text), [hide(a) for a in args], {k: hide(v) for k, v in kwargs.items()})
    return tuple(reveal(o) for o in operands), {k: reveal(v) for k, v in options.items()}
