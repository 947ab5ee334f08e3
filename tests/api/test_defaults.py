"""Parameters that nobody gives a type: what their defaults tell, and what stays open."""

from __future__ import annotations

import enum
from pathlib import Path

import numpy as np
import pytest

import s2sad
from s2sad import cli
from s2sad.errors import TypeRefusal

TEXT = """\
import enum
import numpy as np

RATE = 1.5

class Kind(enum.Enum):
    CALL = 1
    PUT = 2

def by_kind(x, kind=Kind.CALL):
    return x * x if kind is Kind.CALL else 3.0 * x

def by_function(x, act=np.tanh):
    return x * x if act is np.tanh else 3.0 * x

def by_callable(x, act=np.tanh):
    return x * x if callable(act) else 3.0 * x

def called(x, act=np.tanh):
    return act(x)

def scaled(x, rate=RATE, power=2):
    return x * x if rate is None else rate * x**power

def flagged(x, flag=True):
    return x * x if flag is True else 3.0 * x
"""


class Kind(enum.Enum):
    CALL = 1
    PUT = 2


def by_kind(x, kind=Kind.CALL):
    return x * x if kind is Kind.CALL else 3.0 * x


def by_function(x, act=np.tanh):
    return act(x) if act is np.tanh else 3.0 * x


def by_flag(x, flag=True):
    return x * x if flag is True else 3.0 * x


def by_any(x, kind):
    return x * x if kind is Kind.CALL else 3.0 * x


@pytest.mark.parametrize(("name", "reason"), [
    ("by_kind", "what this is, is not known"), ("by_function", "what this is, is not known"),
    ("by_callable", "what this is, is not known"), ("called", "a value of type unknown cannot be called")])
def test_the_text_does_not_tell_a_default(name: str, reason: str, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model.py"
    file.write_text(TEXT)
    assert cli.main(["grad", f"{file}:{name}", "--wrt", "x"]) == 2
    assert reason in capsys.readouterr().err


def test_a_computed_default_is_a_number_or_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model.py"
    file.write_text(TEXT)
    assert cli.main(["grad", f"{file}:scaled", "--wrt", "x"]) == 0
    space: dict = {}
    exec(capsys.readouterr().out, space)
    assert space["scaled_vjp"](2.0, 1.5, 2) == (6.0, 6.0)
    assert cli.main(["grad", f"{file}:flagged", "--wrt", "x"]) == 0
    assert "x_bar = 2.0 * x * result_bar" in capsys.readouterr().out


def test_objects_that_are_defaults_are_taken() -> None:
    assert "2.0 * x" in s2sad.derive(by_kind, wrt="x").source
    assert "np.tanh(x)" in s2sad.derive(by_function, wrt="x").source
    assert s2sad.grad(by_kind)(2.0) == 4.0 and s2sad.grad(by_kind)(2.0, Kind.PUT) == 3.0


def test_flags_are_compared_by_is() -> None:
    assert s2sad.grad(by_flag)(2.0) == 4.0
    assert s2sad.grad(by_flag)(2.0, False) == 3.0


def test_what_an_open_parameter_is_may_not_be_asked() -> None:
    with pytest.raises(TypeRefusal, match="give the argument's type"):
        s2sad.derive(by_any, wrt="x")
    assert s2sad.grad(by_any)(2.0, Kind.CALL) == 4.0
