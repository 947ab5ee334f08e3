"""The command line sees the derivatives that a module gives its functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2sad.cli import main

MODULE = '''
import numpy as np
import s2sad
from elsewhere import other_rule


@s2sad.differentiate
def decorated(x: float):
    return np.log1p(np.exp(x))


@decorated.defvjp
def decorated_vjp(primals, y, y_bar):
    return 20.0 * y_bar


@s2sad.differentiate
def called(x: float):
    return x * x


called.defvjp(lambda x: (x * x, x), lambda kept, y_bar: 30.0 * kept * y_bar)


def use(x: float):
    return decorated(x) + called(x)


@s2sad.differentiate
def unknown(x: float):
    return x


unknown.defvjp(other_rule)


@s2sad.checkpoint
def layer(x: float, n: int):
    for _ in range(n):
        x = np.sin(x)
    return x


def network(x: float, n: int):
    return layer(layer(x, n), n)


class Model:
    @s2sad.differentiate
    def energy(self, x: float):
        return x * x

    @energy.defjvp
    def energy_jvp(primals, tangents):
        return primals[1] ** 2, 7.0 * tangents[1]
'''


@pytest.mark.parametrize(("target", "options", "found"), [
    ("decorated", (), "x_bar = 20.0 * result_bar"),
    ("called", (), "30.0 * x * result_bar"),
    ("use", (), "20.0 * result_bar"),
    ("network", (), "layer_vjp(x, n, "),
    ("Model.energy", ("--wrt", "x"), "7.0 * result_bar"),
    ("Model.energy", ("--wrt", "x", "--mode", "forward"), "7.0 * x_dot"),
])
def test_rules_are_seen(target: str, options: tuple[str, ...], found: str, tmp_path: Path,
                        capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "module.py"
    file.write_text(MODULE)
    assert main(["grad", f"{file}:{target}", *options]) == 0
    assert found in capsys.readouterr().out


def test_a_rule_that_is_not_known_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "module.py"
    file.write_text(MODULE)
    assert main(["grad", f"{file}:unknown"]) == 2
    assert "the rule of unknown is not known without running the module" in capsys.readouterr().err
