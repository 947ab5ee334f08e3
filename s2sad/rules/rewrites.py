"""Identities that simplify derivative code.

Each holds for all values up to rounding, infinities and nan included: nothing is dropped by multiplying it with zero.
In a pattern, names that start with ``c`` stand for literal numbers, other names for anything; the same name twice
stands for the same operand twice; a number matches literals equal to it.  A rewrite applies where its replacement has
the type of what it replaces, so ``x * 1`` stays as it is where ``x`` is a boolean, ``x + x`` where it is an integer.

>>> [str(r) for r in rewrites_for("**")]
['x ** 1 -> x']
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from s2sad.rules.declare import REWRITES, generation, rewrite
from s2sad.rules.signature import dotted, operator_name
from s2sad.trace.ir import Lit


@dataclass(frozen=True)
class Meta:
    """Stands for an operand; ``literal`` for literal numbers only."""

    name: str
    literal: bool = False


@dataclass(frozen=True)
class Apply:
    """``fn`` applied to patterns."""

    fn: str
    args: tuple[Pattern, ...]


Pattern = Meta | Lit | Apply


@dataclass(frozen=True)
class Rewrite:
    """``pattern -> replacement``; the pattern's root is always an `Apply`."""

    pattern: Apply
    replacement: Pattern
    text: str

    def __str__(self) -> str:
        return self.text


rewrite("x * 1", "x")
rewrite("1 * x", "x")
rewrite("x * -1", "-x")
rewrite("-1 * x", "-x")
rewrite("x / 1", "x")
rewrite("x / -1", "-x")
rewrite("x ** 1", "x")
rewrite("x + 0", "x")
rewrite("0 + x", "x")
rewrite("x - 0", "x")
rewrite("0 - x", "-x")
rewrite("--x", "x")
rewrite("x + -y", "x - y")
rewrite("-x + y", "y - x")
rewrite("x - -y", "x + y")
rewrite("-x - y", "-(x + y)")
rewrite("-(x - y)", "y - x")
rewrite("-x * -y", "x * y")
rewrite("x * -y", "-(x * y)")
rewrite("-x * y", "-(x * y)")
rewrite("-x / -y", "x / y")
rewrite("-x / y", "-(x / y)")
rewrite("x / -y", "-(x / y)")
rewrite("x * (1 / y)", "x / y")
rewrite("(1 / y) * x", "x / y")
rewrite("x + x", "2.0 * x")
rewrite("y + x + x", "y + 2.0 * x")
rewrite("c * x + x", "(c + 1.0) * x")
rewrite("x + c * x", "(c + 1.0) * x")
rewrite("x * (c * y)", "c * y * x")
rewrite("c1 * (c2 * x)", "(c1 * c2) * x")
rewrite("np.transpose(np.transpose(x))", "x")
rewrite("np.conj(np.conj(x))", "x")


@lru_cache(maxsize=2)
def _parsed(_generation: int) -> dict[str, tuple[Rewrite, ...]]:
    table: dict[str, tuple[Rewrite, ...]] = {}
    for pattern, replacement in REWRITES:
        root = parse_pattern(pattern)
        assert isinstance(root, Apply), pattern
        found = Rewrite(root, parse_pattern(replacement), f"{pattern} -> {replacement}")
        table[root.fn] = (*table.get(root.fn, ()), found)
    return table


def rewrites_for(fn: str) -> Sequence[Rewrite]:
    """The identities whose pattern applies ``fn``, in the order they are to be tried."""
    return _parsed(generation()).get(fn, ())


def parse_pattern(text: str) -> Pattern:
    """The pattern in an expression.

    >>> parse_pattern("c * x")
    Apply(fn='*', args=(Meta(name='c', literal=True), Meta(name='x', literal=False)))
    """
    return _pattern(ast.parse(text, mode="eval").body)


def _pattern(node: ast.expr) -> Pattern:
    if isinstance(node, ast.Constant):
        return Lit(node.value)
    if isinstance(node, ast.Name):
        return Meta(node.id, node.id.startswith("c"))
    if isinstance(node, ast.UnaryOp):
        inner = _pattern(node.operand)
        if isinstance(inner, Lit):
            return Lit(-inner.value)
        return Apply(operator_name(node.op), (inner,))
    if isinstance(node, ast.BinOp):
        return Apply(operator_name(node.op), (_pattern(node.left), _pattern(node.right)))
    assert isinstance(node, ast.Call), ast.dump(node)
    return Apply(dotted(node.func), tuple(map(_pattern, node.args)))
