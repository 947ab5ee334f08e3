"""`check_grads` accepts what is right and says what is wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest

import s2sad
from s2sad.testing import CheckError, Row, report
from tests.api import functions


def test_right_derivatives_pass() -> None:
    s2sad.check_grads(functions.survey, (2.0, 5.0))
    s2sad.check_grads(functions.outer, (np.array([1.0, 2.0]), np.array([3.0, 4.0])))
    s2sad.check_grads(functions.pair, (np.linspace(0.0, 1.0, 60),), order=1)
    s2sad.check_grads(functions.weighted, ((np.ones((3, 2)), np.zeros(2)), np.ones((4, 3))), order=1)
    s2sad.check_grads(functions.power, (1.5, 3))
    s2sad.check_grads(np.exp, (np.ones(3, np.float32),))


def test_near_the_end_of_the_domain() -> None:
    s2sad.check_grads(math.log, (1e-3,))
    s2sad.check_grads(np.sqrt, (np.array([1e-2, 1.0]),), order=1)


def test_of_derivatives() -> None:
    s2sad.check_grads(s2sad.grad(functions.survey), (2.0, 5.0), order=1)


@pytest.fixture
def wrong_rule() -> object:
    from s2sad.rules.table import forget

    s2sad.rule("y = tests.api.functions.square(x)", x="3.0 * x", fn=functions.square)
    yield functions.uses_square
    forget("tests.api.functions.square")


def test_wrong_derivatives_are_told(wrong_rule) -> None:
    with pytest.raises(AssertionError) as raised:
        s2sad.check_grads(wrong_rule, (2.0,))
    assert isinstance(raised.value, CheckError)
    text = str(raised.value)
    assert "order" in text and "expected" in text and "got" in text
    assert "forward" in text and "reverse" in text
    line = next(line for line in text.splitlines() if "forward" in line)
    assert line.split()[0] == "1" and " 4 " in line and " 6 " in line


def test_modes(wrong_rule) -> None:
    with pytest.raises(CheckError) as raised:
        s2sad.check_grads(wrong_rule, (2.0,), modes=("fwd",))
    assert "reverse" not in str(raised.value)
    with pytest.raises(CheckError) as raised:
        s2sad.check_grads(wrong_rule, (2.0,), modes=("rev",))
    assert "forward" not in str(raised.value)


def test_the_worst_comes_first() -> None:
    rows = [Row(1, "forward", f"e{k}", 1.0, 1.0 + k) for k in range(20)]
    lines = report("f", rows).splitlines()
    assert len(lines) == 10 and "e19" in lines[2] and "20 comparisons" in lines[0]


def test_misuse() -> None:
    with pytest.raises(ValueError, match="fwd"):
        s2sad.check_grads(math.exp, (1.0,), modes=("sideways",))
    with pytest.raises(TypeError, match="tuple"):
        s2sad.check_grads(math.exp, 1.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pass floats"):
        s2sad.check_grads(functions.power, (2, 3))


def test_small_variables_are_moved_by_a_part_of_themselves() -> None:
    """In units of physics: a resistance in ohms beside a capacitance in farads."""

    def impedance(R, C):
        return np.log(np.abs(R + 1.0 / (1j * 2000.0 * C)))

    s2sad.check_grads(impedance, (100.0, 4e-6))
    s2sad.check_grads(impedance, (100.0, np.array([1e-6, 4e-6])))
    with pytest.raises(s2sad.testing.CheckError):
        s2sad.check_grads(lambda R, C: impedance(R, s2sad.stop_gradient(C)) + R * C, (100.0, 4e-6))
