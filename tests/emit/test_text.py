"""Expressions survive printing: the tree of the text is the tree that was printed."""

from __future__ import annotations

import ast
import math

from hypothesis import given
from hypothesis import strategies as st

import s2sad
from s2sad.emit.nodes import constant
from s2sad.emit.text import expression, statement, wrap

NAMES = st.sampled_from(("x", "y_bar", "np"))
LITERALS = st.one_of(st.integers(-5, 5), st.floats(), st.booleans(), st.none(), st.text("ab*'\"\\ \n(", max_size=6))
BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.BitAnd, ast.BitOr)


def load(name: str) -> ast.expr:
    return ast.Name(id=name, ctx=ast.Load())


def index(a: ast.expr, b: ast.expr) -> ast.expr:
    """``x[a, b:]``."""
    return ast.Subscript(value=load("x"), slice=ast.Tuple(elts=[a, ast.Slice(lower=b)], ctx=ast.Load()), ctx=ast.Load())


def grow(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    return st.one_of(
        st.builds(lambda a, op, b: ast.BinOp(left=a, op=op(), right=b), inner, st.sampled_from(BINARY), inner),
        st.builds(lambda op, a: ast.UnaryOp(op=op(), operand=a),
                  st.sampled_from((ast.USub, ast.UAdd, ast.Not, ast.Invert)), inner),
        st.builds(lambda a, op, b: ast.Compare(left=a, ops=[op()], comparators=[b]), inner,
                  st.sampled_from((ast.Lt, ast.Eq, ast.Is, ast.NotIn)), inner),
        st.builds(lambda op, a, b: ast.BoolOp(op=op(), values=[a, b]), st.sampled_from((ast.And, ast.Or)), inner,
                  inner),
        st.builds(lambda c, a, b: ast.IfExp(test=c, body=a, orelse=b), inner, inner, inner),
        st.builds(index, inner, st.builds(load, NAMES)),
        st.builds(lambda a: ast.Attribute(value=a, attr="T", ctx=ast.Load()), inner.filter(
            lambda n: not isinstance(n, ast.Constant))),
        st.builds(lambda a, b: ast.Call(func=load("f"), args=[a], keywords=[ast.keyword(arg="axis", value=b)]),
                  inner, inner),
        st.builds(lambda xs: ast.Tuple(elts=xs, ctx=ast.Load()), st.lists(inner, max_size=3)),
        st.builds(lambda xs: ast.List(elts=xs, ctx=ast.Load()), st.lists(inner, max_size=3)),
    )


TREES = st.recursive(st.one_of(st.builds(load, NAMES), st.builds(constant, LITERALS)), grow, max_leaves=12)


def same(text: str, node: ast.expr) -> bool:
    """Chains of the same boolean operator may be flattened by the parser's reader; compare what they print as."""
    return ast.dump(ast.parse(text, mode="eval").body) == ast.dump(ast.parse(ast.unparse(node), mode="eval").body)


@given(TREES)
def test_round_trip(node: ast.expr) -> None:
    text = expression(node)
    assert "\n" not in text
    assert same(text, node), (text, ast.unparse(node))


@given(TREES, st.integers(20, 60))
def test_wrapping_keeps_the_meaning(node: ast.expr, width: int) -> None:
    text = statement(ast.Assign(targets=[load("target")], value=node))
    lines = wrap(text, 4, width)
    assert ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(text)), lines


def test_no_redundant_parentheses() -> None:
    for text in ("a + b - c", "a - (b + c)", "-x**2", "(-x) ** 2", "a / (b * c)", "x.T @ y", "a if c else b",
                 "not a and b", "x[1:-1, None]", "2.0 * (a if c else b)", "f(x)[0]", "1e-12"):
        assert expression(ast.parse(text, mode="eval").body) == text


def test_pi_has_its_name() -> None:
    def wave(x: float) -> float:
        return math.sin(2 * math.pi * x) - math.pi * x

    text = s2sad.derive(wave, "forward").source
    assert "2 * np.pi * x" in text and "- np.pi * x" in text and "3.14159" not in text
    assert "import numpy as np" in text
