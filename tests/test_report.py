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

TABLE_3 = """\
Forward primal trace      | Reverse adjoint trace (upwards)
--------------------------+---------------------------------------
x1 = 2                    | x1_bar = 5.5
x2 = 5                    | x2_bar = 1.716
--------------------------+---------------------------------------
v1 = np.log(x1) = 0.6931  | x1_bar = x1_bar + v1_bar / x1 = 5.5
v2 = x1 * x2 = 10         | x2_bar = x2_bar + v2_bar * x1 = 1.716
                          | x1_bar = v2_bar * x2 = 5
v3 = v1 + v2 = 10.693     | v2_bar = v3_bar = 1
                          | v1_bar = v3_bar = 1
v4 = np.sin(x2) = -0.9589 | x2_bar = v4_bar * np.cos(x2) = -0.2837
y = v3 - v4 = 11.652      | v3_bar = y_bar = 1
                          | v4_bar = -y_bar = -1
--------------------------+---------------------------------------
result = 11.652           | y_bar = 1"""


def column(text: str, number: int) -> list[str]:
    """The cells of one column."""
    return [line.split("|")[number].strip() for line in text.splitlines() if line.count("|") == 1]


def test_table_2() -> None:
    assert evaluation_trace(f, (2.0, 5.0), "forward") == TABLE_2


def test_table_3() -> None:
    assert evaluation_trace(f, (2.0, 5.0), "reverse") == TABLE_3


def test_other_tangents() -> None:
    assert evaluation_trace(f, (2.0, 5.0), "forward", tangents=(0.0, 1.0)).endswith("result_dot = 1.716")
    assert evaluation_trace(f, (2.0, 5.0), "forward", wrt="x2").endswith("result_dot = 1.716")


def test_loops_show_as_they_ran() -> None:
    text = evaluation_trace(growth, (0.9, 3), "forward")
    assert [row for row in column(text, 0) if row.startswith("i =")] == ["i = 0", "i = 1", "i = 2"]
    assert any("np.sin" in row for row in column(text, 0)) and any("x * x" in row for row in column(text, 0))
    text = evaluation_trace(growth, (0.9, 3), "reverse")
    assert [row for row in column(text, 1) if row.startswith("i =")] == ["i = 0", "i = 1", "i = 2"]


def test_adjoints_stand_beside_what_they_belong_to() -> None:
    rows = [row.split("|") for row in evaluation_trace(growth, (0.9, 3), "reverse").splitlines() if row.count("|") == 1]
    beside = [right.strip() for left, right in rows if left.startswith("s = s + v")]
    assert beside == ["v3_bar = s_bar = 1", "v3_bar = s_bar = 1", "v2_bar = s_bar = 1"]


def halved(x):
    while x > 0.2:
        x = x / 2
    return x


def test_what_updates_itself_moves_up_with_the_iterations() -> None:
    rows = [row.split("|") for row in evaluation_trace(halved, (1.0,), "reverse").splitlines() if row.count("|") == 1]
    assert [right.strip() for left, right in rows if left.startswith("x = x / 2")] == [
        "x_bar = x_bar / 2 = 0.125", "x_bar = x_bar / 2 = 0.25", "x_bar = x_bar / 2 = 0.5"]


def diffuse(u, k):
    u[1:-1] += k * (u[:-2] - 2.0 * u[1:-1] + u[2:])


def test_arrays_that_are_written_to() -> None:
    text = evaluation_trace(diffuse, (np.array([0.0, 1.0, 0.0, 0.0]), 0.25), "reverse")
    place = column(text, 0).index("u_1[1:-1] = u_1[1:-1] + v7 = [0.5 0.25]")
    assert column(text, 1)[place] == "v7_bar = u_bar[1:-1] = [1. 1.]"
    assert column(text, 1)[1:3] == ["u_bar = [1.25 0.75 0.75 1.25]", "k_bar = -1"]
    assert "u_bar[2:] = u_bar[2:] + v5_bar = [1.25 1.25]" in column(text, 1)


def gathered(x, i):
    return np.sum(x[i] ** 2)


def test_elements_that_are_read_twice() -> None:
    text = evaluation_trace(gathered, (np.array([1.0, 2.0, 3.0]), np.array([0, 0, 2])), "reverse")
    assert "np.add.at(x_bar, i, v1_bar); x_bar = [4. 0. 6.]" in column(text, 1)


def power(x, n):
    return 1.0 if n == 0 else x * power(x, n - 1)


def test_functions_that_are_called() -> None:
    primal, adjoint = (column(evaluation_trace(power, (1.5, 3), "reverse"), k) for k in (0, 1))
    assert not [row for row in primal if "_bar" in row]
    assert adjoint[1] == "x_bar = 6.75" and "x_bar = x_bar + v6 = 6.75" in adjoint


def test_results_that_are_tuples() -> None:
    text = evaluation_trace(lambda x: (x * x, np.sin(x)), (1.5,), "reverse")
    assert column(text, 1)[-3:] == ["v2_bar = 1", "v1_bar = 1", "result_bar = (1, 1)"]
    assert not any("_bar" in row for row in column(text, 0))


def test_functions_without_an_operation() -> None:
    assert evaluation_trace(lambda x: x, (1.5,), "reverse").count("--+--") == 2


def test_arrays() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    text = evaluation_trace(logistic_loss, (np.ones(2), x, np.array([0.0, 1.0])), "reverse", wrt="w")
    assert "w_bar = [" in text and all("\n" not in row for row in column(text, 0))


def test_results_that_are_arrays() -> None:
    assert evaluation_trace(np.sin, (np.zeros(2),), "reverse").endswith("v1_bar = [1. 1.]")
    assert "x_bar = v1_bar * np.cos(x) = [1. 1.]" in evaluation_trace(np.sin, (np.zeros(2),), "reverse")
