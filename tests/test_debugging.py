"""Debugging: errors inside a derivative name the user's line, and debuggers stop on lines of the generated file."""

from __future__ import annotations

import inspect
import math
import os
import re
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.api.notes import told
from s2sad.trace.ir import Site


def logarithm(x: Any) -> Any:
    y = math.sqrt(x)
    z = math.log(y - 1.0)
    return z * y


def in_a_loop(x: Any, n: Any) -> Any:
    for _ in range(n):
        x = x * math.sqrt(
            x - 1.0)
    return x


def recursive(x: Any, n: Any) -> Any:
    if n == 0:
        return math.log(x)
    return recursive(x - 1.0, n - 1) * x


def only_the_reverse_fails(x: Any) -> Any:
    y = math.sqrt(x)
    return y * 2.0


class Mine(Exception):
    """An exception of the user's."""


def raising(x: Any) -> Any:
    if x < 0.0:
        raise Mine("negative", x)
    return x * x


def notes_of(fn: Callable[..., Any], *args: Any) -> list[str]:
    """The notes of the error that a call raises."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        fn(*args)
    return list(getattr(caught.value, "__notes__", ()))


def place(fn: Callable[..., Any], line: int) -> str:
    return f"{__file__}:{fn.__code__.co_firstlineno + line}"


@pytest.mark.parametrize(("fn", "args", "line", "text"), [
    (logarithm, (0.5,), 2, "z = math.log(y - 1.0)"),
    (in_a_loop, (1.5, 30), 2, "x = x * math.sqrt(x - 1.0)"),
    (recursive, (2.0, 3), 2, "return math.log(x)"),
    (only_the_reverse_fails, (0.0,), 1, "y = math.sqrt(x)"),
], ids=lambda v: v.__name__ if callable(v) else "")
def test_an_error_names_the_line_of_the_function(fn: Any, args: Any, line: int, text: str) -> None:
    wanted = [f"in the derivative of {fn.__name__} ({place(fn, line)}: {text})"]
    gradient = s2sad.grad(fn)
    for _ in range(3):
        assert notes_of(gradient, *args) == wanted
    assert notes_of(s2sad.value_and_grad(fn), *args) == wanted
    if fn is not only_the_reverse_fails:
        assert notes_of(lambda *a: s2sad.jvp(fn, a, (1.0,) + (None,) * (len(a) - 1)), *args) == wanted
        assert notes_of(lambda *a: s2sad.vjp(fn, *a), *args) == wanted


def test_an_error_of_a_pullback_names_the_line_too() -> None:
    _, pullback = s2sad.vjp(only_the_reverse_fails, 0.0)
    wanted = [f"in the derivative of only_the_reverse_fails ({place(only_the_reverse_fails, 1)}: y = math.sqrt(x))"]
    assert notes_of(pullback, 1.0) == wanted
    assert notes_of(pullback, 1.0) == wanted


def test_an_error_of_a_printed_derivative_and_of_a_higher_one() -> None:
    wanted = f"in the derivative of logarithm ({place(logarithm, 2)}: z = math.log(y - 1.0))"
    for level in ("source", "trace"):
        assert notes_of(s2sad.derive(logarithm, "forward", types="x: float", level=level), 0.5, 1.0) == [wanted]
    assert notes_of(s2sad.grad(s2sad.grad(logarithm)), 0.5) == [wanted]
    # The function itself knows nothing of it.
    derivative = s2sad.derive(logarithm, types="x: float")
    assert notes_of(derivative.fn, 0.5) == []


def test_the_exception_is_the_users_own() -> None:
    with pytest.raises(Mine) as caught:
        s2sad.grad(raising)(-1.0)
    assert caught.value.args == ("negative", -1.0)
    assert caught.value.__cause__ is None
    assert caught.value.__notes__ == [f"in the derivative of raising ({place(raising, 2)}: "
                                      'raise Mine("negative", x))']


def test_an_object_that_is_raised_twice_is_noted_once() -> None:
    error = ValueError("one")

    def fail(x: Any) -> Any:
        raise error

    s2sad.rule("y = fail(x)", x="1.0", fn=np.vectorize(fail, otypes=[float]))
    try:
        from s2sad.rules.declare import OBJECTS

        failing = OBJECTS["fail"]

        def f(x: Any) -> Any:
            return failing(x) * x

        for _ in range(2):
            with pytest.raises(ValueError, match="one") as caught:
                s2sad.grad(f)(1.0)
        assert caught.value is error
        assert len(error.__notes__) == 1
    finally:
        from s2sad.rules.table import forget

        forget("fail")


def test_arguments_that_do_not_fit_are_no_errors_of_a_line() -> None:
    assert notes_of(s2sad.grad(logarithm), 1, 2, 3) == []
    assert notes_of(s2sad.grad(logarithm), "text") == []


def test_the_traceback_shows_the_generated_line() -> None:
    try:
        s2sad.grad(logarithm)(0.5)
    except ValueError as error:
        shown = "".join(traceback.format_exception(error))
    assert re.search(r'File ".*logarithm_grad.*", line \d+, in logarithm_grad\n +z = math.log\(', shown)
    if sys.version_info >= (3, 11):
        assert "in the derivative of logarithm (" in shown


def test_without_a_cache_the_text_is_known_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path / "file"))
    (tmp_path / "file").write_text("no folder")

    def f(x: Any) -> Any:
        y = math.log(x)
        return y * y

    try:
        s2sad.grad(f)(-1.0)
    except ValueError as error:
        shown = "".join(traceback.format_exception(error))
        assert error.__notes__ == [f"in the derivative of f ({place(f, 1)}: y = math.log(x))"]
    assert re.search(r'File "<s2sad f_grad \w+>", line \d+, in f_grad\n +y = math.log\(x\)', shown)
    derivative = s2sad.derive(f, types="x: float")
    assert derivative.path is None and "math.log(x)" in inspect.getsource(derivative.fn)


def test_a_place_is_told_in_one_line() -> None:
    assert told(Site("a.py", 3, "y = x"), "f") == "in the derivative of f (a.py:3: y = x)"


SCRIPT = """
import math
import s2sad

def f(x):
    y = math.sin(x)
    z = math.exp(y) * x
    return z

gradient = s2sad.grad(f)
print(s2sad.derive(f, "grad", types="x: float").path)
print(gradient(0.5))
"""


def run(file: Path, *command: str, commands: str = "") -> str:
    environment = {**os.environ, "S2SAD_CACHE_DIR": str(file.parent / "cache"), "COLUMNS": "200"}
    made = subprocess.run([sys.executable, *command], input=commands, env=environment, capture_output=True, text=True)
    return made.stdout + made.stderr


def test_pdb_stops_on_a_line_of_the_generated_file(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(SCRIPT)
    path = Path(run(file, str(file)).splitlines()[0])
    lines = path.read_text().splitlines()
    line = next(k for k, text in enumerate(lines, 1) if text.lstrip().startswith("return"))
    shown = run(file, "-m", "pdb", str(file), commands=f"b {path}:{line}\nc\np y, x\nw\nlist\nc\nq\n")
    y = math.sin(0.5)
    assert f"Breakpoint 1 at {path}:{line}" in shown
    assert f"({y!r}, 0.5)" in shown
    assert f"-> {lines[line - 1].strip()}" in shown
    assert str(math.exp(y) + 0.5 * math.exp(y) * math.cos(0.5))[:12] in shown


def test_pdb_prints_adjoints_by_name(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    loop = "    for _ in range(3):\n        z = z * math.cos(z)\n    return z\n"
    file.write_text(SCRIPT.replace("    return z\n", loop))
    path = Path(run(file, str(file)).splitlines()[0])
    lines = path.read_text().splitlines()
    line = next(k for k, text in enumerate(lines, 1) if text.lstrip().startswith("z_bar =") and "cos" in text)
    shown = run(file, "-m", "pdb", str(file), commands=f"b {path}:{line}\nc\np z_bar\nn\np z_bar == 1.0\nq\n")
    assert "(Pdb) 1.0" in shown and "False" in shown


def test_breakpoint_in_the_function_stops_in_the_generated_file(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(SCRIPT.replace("    return z\n", "    breakpoint()\n    return z\n"))
    shown = run(file, str(file), commands="p y\nw\nc\n")
    assert repr(math.sin(0.5)) in shown
    assert "f_grad" in shown


PROGRAM = """
import math
import s2sad

def f(x):
    y = math.log(x)
    return y * y

try:
    s2sad.grad(f)(-1.0)
except ValueError as error:
    print(error.__notes__)
"""


def test_an_error_of_a_cached_derivative_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    wanted = str([f"in the derivative of f ({file}:6: y = math.log(x))"])
    assert [run(file, str(file)).strip() for _ in range(2)] == [wanted, wanted]
