"""What is said of each variable agrees with the text of the derivative."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import explain
from s2sad.errors import ArgumentError, S2sadError, ValueArgumentError
from tests import corpus


def model(x: Any, w: Any, n: Any) -> Any:
    y = np.sin(x) * w
    z = 2.0 * x
    total = 0.0
    for k in range(n):
        a = y * k
        h = np.tanh(a) + y
        y = h * h
        q = 3.0 * y
        total = total + q
    if total > 1.0:
        out = np.exp(total)
    else:
        out = total
    del z
    return out * w


def heat(u: Any, k: Any, n: Any) -> None:
    for _ in range(n):
        u[1:-1] += k * (u[:-2] - 2.0 * u[1:-1] + u[2:]) * u[1:-1]


def loss(w: Any, X: Any, y: Any) -> Any:
    s = 0.0
    for i in range(X.shape[0]):
        r = X[i] @ w - y[i]
        s = s + r * r
    return s


def powers(x: Any, n: Any) -> Any:
    if n == 0:
        return np.sin(x)
    return powers(x, n - 1) * x


def calling(x: Any) -> Any:
    v = powers(x, 3)
    return v * v


MODEL = explain(model, types="x: float, w: float, n: int")


def sweep(name: str) -> list[str]:
    return [row.sweep for row in MODEL[name]]


def test_what_the_reverse_sweep_needs_is_told_for_each_variable() -> None:
    assert sweep("x") == ["kept"] and "np.sin(x) * w" in MODEL["x"][0].why
    assert sweep("h") == ["recorded"] and MODEL["h"][0].why.startswith("on h_tape in the loop of line ")
    assert sweep("a") == sweep("q") == ["not needed"] and MODEL["a"][0].why == "no derivative reads it"
    assert sweep("n") == ["kept"] and "for k in range(n)" in MODEL["n"][0].why
    assert sweep("k") == ["recomputed"]
    assert [row.line - model.__code__.co_firstlineno for row in MODEL["y"]] == [1, 7]
    first, second = MODEL["out"]
    assert first.sweep == second.sweep == "kept" and "np.exp(total)" in first.why and "out * w" in second.why


def test_whether_a_variable_has_an_adjoint_and_why_not() -> None:
    assert {row.name for row in MODEL.rows if row.adjoint.endswith("_bar")} == {
        "x", "w", "y", "a", "h", "q", "total", "out"}
    assert MODEL["z"][0].adjoint == "-" and MODEL["z"][0].why == "no result depends on it"
    assert MODEL["n"][0].adjoint == "-"
    by_w = explain(model, types="x: float, w: float, n: int", wrt="w")
    assert by_w["x"][0].adjoint == "-" and by_w["x"][0].sweep == "not needed"
    assert by_w["x"][0].why == "it depends on nothing that counts"


def test_what_is_said_of_tapes_is_in_the_text() -> None:
    text = s2sad.derive(model, types="x: float, w: float, n: int").source
    told = {row.why.split()[1] for row in MODEL.rows if row.sweep == "recorded"}
    assert told == set(re.findall(r"(\w+) = \[\]", text))
    names = {row.name for row in MODEL.rows if row.sweep in ("recorded", "kept")}
    assert {"x", "w", "h", "out"} <= names


def test_arrays_that_change_are_restored() -> None:
    rows = explain(heat, np.ones(9), 0.1, 3)
    assert [row.sweep for row in rows["u"]][:2] == ["restored", "restored"]
    assert rows["u"][0].why == "from u_tape"
    assert "u_tape" in s2sad.derive(heat, types=(np.ones(9), 0.1, 3)).source
    assert explain(lambda u, k: u * k, np.ones(3), 2.0)["u"][0].sweep == "kept"


def test_a_fused_loop_uses_its_values_at_once() -> None:
    rows = explain(loss, wrt="w", types="w: f8[:], X: f8[:, :], y: f8[:]")
    assert rows["r"][0].sweep == "at once" and rows["X[...]"][0].sweep == "at once"
    assert rows["w"][0].adjoint == "w_bar" and rows["w"][0].sweep == "not needed"
    assert "tape" not in s2sad.derive(loss, wrt="w", types="w: f8[:], X: f8[:, :], y: f8[:]").source


def test_a_called_function_keeps_what_its_reverse_reads() -> None:
    rows = explain(calling, 2.0)
    assert rows["powers()"][0].sweep == "kept"
    assert rows["v"][0].why.startswith("for line ")


def test_the_table_is_aligned() -> None:
    lines = str(MODEL).splitlines()
    first = model.__code__.co_firstlineno
    assert lines[0] == f"model (test_explain.py:{first}), differentiated by x, w"
    assert lines[2].split()[:4] == ["variable", "line", "type", "adjoint"]
    columns = [m.start() for m in re.finditer("-+", lines[3])]
    assert len(columns) == 6
    for line in lines[4:]:
        assert all(line[c - 1:c] in (" ", "") and line[c - 2:c - 1] in (" ", "") for c in columns[1:])
        assert line == line.rstrip()


def test_options_that_do_not_fit() -> None:
    with pytest.raises(ArgumentError, match="not from both"):
        explain(model, 1.0, 2.0, 3, types="x: float")
    with pytest.raises(ValueArgumentError, match="no such parameter"):
        explain(model, 1.0, 2.0, 3, wrt="q")


PROGRAMS = [case for case in corpus.cases() if case.name.partition(".")[0] in (
    "loops", "branches", "whiles", "inplace_stencils", "calls", "control_rules", "control_surgery", "structures")]


@pytest.mark.parametrize("case", PROGRAMS, ids=[case.name for case in PROGRAMS])
def test_programs_of_every_kind_are_explained(case: corpus.Case) -> None:
    try:
        made = explain(case.fn, *case.arguments(), wrt=case.wrt)
    except S2sadError as error:
        pytest.fail(str(error))
    text = s2sad.derive(case.fn, wrt=case.wrt, types=case.arguments()).source
    for row in made.rows:
        assert row.why and row.sweep in ("kept", "recorded", "recomputed", "restored", "at once", "not needed")
        if row.sweep == "recorded":
            assert re.search(rf"\b{row.why.split()[1]}(_\d+)?\b", text), (row, text)


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from s2sad.cli import main

    file = tmp_path / "model.py"
    file.write_text("import numpy as np\n\n\ndef f(x, n):\n    for _ in range(n):\n        x = np.sin(x)\n"
                    "    return x\n")
    assert main(["explain", f"{file}:f", "--types", "x: float, n: int"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("f (model.py:4), differentiated by x\n")
    why = r"on x_tape in the loop of line 5, for line 6: x = np.sin\(x\)"
    assert re.search(rf"\nx +5 +\S+ +x_bar +recorded +{why}\n", shown)
    assert main(["explain", f"{file}:g"]) == 2
