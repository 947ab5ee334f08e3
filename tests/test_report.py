"""Evaluation traces: tables 2 and 3 of the survey."""

from __future__ import annotations

import numpy as np

from s2sad.report import evaluation_trace
from tests.programs.ideal import f, growth, logistic_loss

TABLE_2 = """\
Forward primal trace      | Forward tangent trace
--------------------------+---------------------------------------
x1 = 2                    | x1_dot = 1
x2 = 5                    | x2_dot = 0
--------------------------+---------------------------------------
v1 = np.log(x1) = 0.6931  | v1_dot = x1_dot / x1 = 0.5
v2 = x1 * x2 = 10         | v2_dot = x1_dot * x2 + x1 * x2_dot = 5
v3 = v1 + v2 = 10.693     | v3_dot = v1_dot + v2_dot = 5.5
v4 = np.sin(x2) = -0.9589 | v4_dot = x2_dot * np.cos(x2) = 0
y = v3 - v4 = 11.652      | y_dot = v3_dot - v4_dot = 5.5
--------------------------+---------------------------------------
result = 11.652           | result_dot = 5.5"""


def column(text: str, number: int) -> list[str]:
    """The cells of one column."""
    return [line.split("|")[number].strip() for line in text.splitlines() if line.count("|") == 1]


def test_table_2() -> None:
    assert evaluation_trace(f, (2.0, 5.0), "forward") == TABLE_2


def test_table_3() -> None:
    text = evaluation_trace(f, (2.0, 5.0), "reverse")
    primal, adjoint = column(text, 0), column(text, 1)
    assert primal[1:8] == ["x1 = 2", "x2 = 5", "v1 = np.log(x1) = 0.6931", "v2 = x1 * x2 = 10", "v3 = v1 + v2 = 10.693",
                           "v4 = np.sin(x2) = -0.9589", "y = v3 - v4 = 11.652"]
    assert adjoint[1] == "y_bar = 1"
    for row in ("v3_bar = y_bar = 1", "v4_bar = -y_bar = -1", "v2_bar = v3_bar = 1", "v1_bar = v3_bar = 1"):
        assert row in adjoint
    assert any(row.startswith("x2_bar = ") and row.endswith("= 1.716") for row in adjoint)
    assert any(row.startswith("x1_bar = ") and row.endswith("= 5.5") for row in adjoint)
    assert text.endswith("result = 11.652           | x1_bar = 5.5\n                          | x2_bar = 1.716")


def test_other_tangents() -> None:
    assert evaluation_trace(f, (2.0, 5.0), "forward", tangents=(0.0, 1.0)).endswith("result_dot = 1.716")
    assert evaluation_trace(f, (2.0, 5.0), "forward", wrt="x2").endswith("result_dot = 1.716")


def test_loops_show_as_they_ran() -> None:
    text = evaluation_trace(growth, (0.9, 3), "forward")
    assert [row for row in column(text, 0) if row.startswith("i =")] == ["i = 0", "i = 1", "i = 2"]
    assert any("np.sin" in row for row in column(text, 0)) and any("x * x" in row for row in column(text, 0))
    text = evaluation_trace(growth, (0.9, 3), "reverse")
    assert [row for row in column(text, 1) if row.startswith("i =")] == ["i = 2", "i = 1", "i = 0"]


def test_arrays() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    text = evaluation_trace(logistic_loss, (np.ones(2), x, np.array([0.0, 1.0])), "reverse", wrt="w")
    assert "w_bar = [" in text and all("\n" not in row for row in column(text, 0))


def test_results_that_are_arrays() -> None:
    assert evaluation_trace(np.sin, (np.zeros(2),), "reverse").endswith("x_bar = [1. 1.]")
