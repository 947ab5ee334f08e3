"""The checks find what is wrong: each of these rules is false in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.rules.declare import forget
from tests.functions import harness
from tests.functions.harness import Call


def cube(x: Any) -> Any:
    return np.power(x, 3)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """A call of a function whose rule a test may choose."""
    monkeypatch.setitem(harness.CONSTANTS, "cube", cube)
    yield Call("cube", "cube(v)")
    forget("cube")


def test_a_right_rule(program: Call) -> None:
    s2sad.rule("y = cube(x)", fn=cube, x="3.0 * x**2")
    harness.check(program)


@pytest.mark.parametrize(("declare", "said"), [
    (lambda: s2sad.rule("y = cube(x)", fn=cube, x="3.001 * x**2"), "tangent against differences"),
    (lambda: s2sad.general("y = cube(x)", fn=cube, y_dot="3.0 * x**2 * x_dot", x_bar="2.0 * x**2 * y_bar"),
     "reverse against"),
    (lambda: s2sad.rule("y = cube(x)", fn=cube, x="slope(x)"), "second order against differences"),
    (lambda: s2sad.rule("y = cube(x)", fn=cube, x="3.0 * x**2 + 1e-8"), "tangent against a complex step"),
])
def test_a_wrong_rule(program: Call, declare: Any, said: str) -> None:
    def slope(x: Any) -> Any:
        return 3.0 * x**2

    s2sad.rule("y = slope(x)", fn=slope, x="5.0 * x")
    declare()
    try:
        with pytest.raises(AssertionError, match=said):
            harness.check(program)
    finally:
        forget("slope")
