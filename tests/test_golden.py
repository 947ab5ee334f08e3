"""The emitted text is the product: it must be what the golden files hold."""

from __future__ import annotations

import ast

import pytest

from tests.golden.regenerate import GOLDEN, HERE, text


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_text(name: str) -> None:
    assert text(name) == (HERE / f"{name}.txt").read_text()


def statements(source: str) -> int:
    """The number of statements of a text, docstrings not counted."""
    return sum(isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
               for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("name,by_hand", [
    ("f_jvp", 4), ("f_vjp", 5), ("growth_jvp", 10), ("growth_vjp", 16), ("logistic_loss_jvp", 9),
    ("logistic_loss_vjp", 14), ("newton_sqrt_jvp", 9), ("newton_sqrt_vjp", 15), ("shortest_side_vjp", 18),
    ("smooth_vjp", 10)])
def test_no_more_statements_than_by_hand(name: str, by_hand: int) -> None:
    """`by_hand` counts the statements (with the import) of what a careful person wrote for the same program."""
    assert statements(text(name)) <= by_hand + 1
