"""The command line: what it prints where, its exit status, and that it runs nothing it was not asked to."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from s2sad import cli

ROOT = Path(__file__).resolve().parent.parent
MODEL = '''\
import numpy as np

open("ran.txt", "w").close()


def f(x1, x2):
    return np.log(x1) + x1 * x2 - np.sin(x2)


def growth(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * x
    return s


def bad(x):
    yield x


def rough(x):
    return abs(x)


class Box:
    @staticmethod
    def area(a, b):
        return a * b
'''


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (tmp_path / "pack" / "inner.py").write_text(MODEL)
    return tmp_path


@pytest.fixture
def run(place: Path, capsys: pytest.CaptureFixture[str]):
    def call(*words: str) -> tuple[int, str, str]:
        try:
            status = cli.main(words)
        except SystemExit as ending:
            status = int(ending.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return call


def test_grad_prints_python_and_nothing_else(run, place: Path) -> None:
    status, out, err = run("grad", "model.py:f")
    assert status == 0 and err == "" and "def f_vjp(x1, x2, " in out
    ast.parse(out)
    space: dict = {}
    exec(out, space)
    assert space["f_vjp"](2.0, 5.0)[1][0] == pytest.approx(5.5)
    assert not (place / "ran.txt").exists()


def test_grad_takes_no_default_for_None_that_it_cannot_read(run, place: Path) -> None:
    (place / "defaults.py").write_text(
        "import numpy as np\ndef f(x: float, w=np.ones(3)):\n    return x if w is None else np.sum(x * w)\n")
    status, out, err = run("grad", "defaults.py:f")
    assert status == 0 and err == ""
    space: dict = {}
    exec(out, space)
    assert space["f_vjp"](2.0, np.array([1.0, 2.0, 3.0]))[1][0] == pytest.approx(6.0)


def test_grad_of_a_function_that_raises_and_catches_exceptions_of_its_module(run, place: Path) -> None:
    (place / "errors.py").write_text(
        "raise RuntimeError('imported')\nclass Bad(ValueError):\n    pass\n"
        "def f(x: float, y: float):\n    try:\n        z = x / y\n    except (ZeroDivisionError, Bad):\n        z = x\n"
        "    if z < 0.0:\n        raise Bad(f'negative {z}')\n    return z * z\n")
    status, out, err = run("grad", "errors.py:f")
    assert status == 0 and err == ""
    ast.parse(out)
    assert "    except (ZeroDivisionError, errors.Bad):\n" in out
    assert "        raise errors.Bad(f'negative {z}')\n" in out and "import errors\n" in out


def test_grad_options(run) -> None:
    assert "def f_jvp(x1, x2, x1_dot, x2_dot)" in run("grad", "model.py:f", "--mode", "forward")[1]
    assert "x2_bar" not in run("grad", "model.py:f", "--wrt", "x1")[1]
    assert "x2_bar" in run("grad", "model.py:f", "--wrt", "x1, x2")[1]
    assert "x1_bar" not in run("grad", "model.py:f", "--wrt", "1")[1]
    source = run("grad", "model.py:f", "--types", "x1: float, x2: float")[1]
    trace = run("grad", "model.py:f", "--types", "x1: float, x2: float", "--level", "trace")[1]
    assert "unbroadcast" not in source and len(trace.splitlines()) > len(source.splitlines())
    assert "reversed(range(n))" in run("grad", "model.py:growth", "--types", "x: float, n: int")[1]


def test_targets(run) -> None:
    assert "def f_vjp" in run("grad", "pack.inner:f")[1]
    assert "def area_vjp" in run("grad", "model.py:Box.area")[1]
    for target in ("model.py:g", "model.py", "none.py:f", "pack.none:f", "nopack:f", "model.py:", ":f", "pack/no.py:f"):
        status, out, err = run("grad", target)
        assert (status, out) == (2, "") and "error:" in err and err.count("error:") == 1, target
    assert "did you mean growth" in run("grad", "model.py:grwth")[2]


def test_refusals(run) -> None:
    status, out, err = run("grad", "model.py:bad")
    assert (status, out) == (2, "") and err.startswith("model.py:18:5: error: ")
    status, out, err = run("grad", "model.py:f", "--wrt", "x3")
    assert (status, out) == (2, "") and "x1, x2" in err
    for types in ("x1: nonsense", "x9: float", "x1 float"):
        status, out, err = run("grad", "model.py:f", "--types", types)
        assert (status, out) == (2, "") and "error:" in err
    assert run("grad")[0] == 2 and run("nonsense")[0] == 2 and run()[0] == 2


def test_output_file_is_whole_or_untouched(run, place: Path) -> None:
    status, out, err = run("grad", "model.py:f", "-o", "out.py")
    assert (status, out, err) == (0, "", "")
    before = (place / "out.py").read_text()
    assert before == run("grad", "model.py:f")[1]
    assert run("grad", "model.py:bad", "-o", "out.py")[0] == 2
    assert (place / "out.py").read_text() == before
    assert run("grad", "model.py:f", "-o", "nowhere/out.py")[0] == 2
    assert sorted(p.name for p in place.iterdir()) == ["model.py", "out.py", "pack"]


def test_trace_prints_the_stages(run, place: Path) -> None:
    status, out, err = run("trace", "model.py:f", "--after", "lower")
    assert status == 0 and out.startswith("f(x1: ") and "x1_bar" not in out
    assert "x1_bar" in run("trace", "model.py:f")[1]
    assert "x1_dot" in run("trace", "model.py:f", "--mode", "forward", "--after", "forward")[1]
    names = run("trace", "model.py:f", "--after", "list")[1].split()
    assert names[:3] == ["lower", "share", "reverse"] and names[-1] == "own"
    for name in names:
        assert run("trace", "model.py:f", "--after", name)[0] == 0
    status, out, err = run("trace", "model.py:f", "--after", "revers")
    assert (status, out) == (2, "") and "did you mean reverse?" in err
    assert not (place / "ran.txt").exists()


def test_evaluation_traces(run, place: Path) -> None:
    status, out, err = run("trace", "model.py:f", "--at", "x1=2", "x2=5")
    assert status == 0 and err == ""
    for part in ("11.652", "result_dot = 5.5", "x1_bar = 5.5", "x2_bar = 1.716", "x1_dot = 1"):
        assert part in out
    assert (place / "ran.txt").exists()
    assert "x1_bar" not in run("trace", "model.py:f", "--at", "x1=2", "x2=5", "--mode", "forward")[1]
    assert "i = 2" in run("trace", "model.py:growth", "--at", "x=2", "n=3")[1]


def test_points_that_do_not_fit(run) -> None:
    for point in (["x1=2"], ["x1=2", "x2=5", "x3=1"], ["x1"], ["x1=a", "x2=5"], ["x1=2", "x2='a'"]):
        status, out, err = run("trace", "model.py:f", "--at", *point)
        assert (status, out) == (2, "") and err.count("error:") == 1, point


def test_check(run) -> None:
    status, out, err = run("check", "model.py:f", "--at", "x1=2", "x2=5")
    assert status == 0 and err == "" and "agree" in out
    status, out, err = run("check", "model.py:rough", "--at", "x=0.0")
    assert status == 1 and out == "" and "expected" in err
    assert run("check", "model.py:growth", "--at", "x=2.0", "n=3", "--order", "1")[0] == 0
    assert run("check", "model.py:f", "--at", "x1=2")[0] == 2
    assert run("check", "model.py:f")[0] == 2


def test_rules(run) -> None:
    status, out, err = run("rules", "sin")
    assert status == 0 and 'rule("y = np.sin(x)", x="np.cos(x)")' in out
    assert len(run("rules")[1].splitlines()) > 100
    status, out, err = run("rules", "sinn")
    assert (status, out) == (2, "") and "did you mean sin" in err


def test_cache(run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import s2sad
    from tests.api import functions

    monkeypatch.setenv("S2SAD_CACHE_DIR", str(place / "cache"))
    assert run("cache", "path") == (0, f"{place / 'cache'}\n", "")
    assert run("cache", "ls") == (0, "", "")
    s2sad.derive(functions.outer, types="x: f8[:], y: f8[:]")
    status, out, err = run("cache", "ls")
    assert status == 0 and "outer" in out
    status, out, err = run("cache", "show", "outer")
    assert status == 0 and "def outer_vjp" in out
    assert run("cache", "show", "nothing")[0] == 2 and run("cache", "show")[0] == 2
    assert run("cache", "clear")[0] == 0 and run("cache", "ls")[1] == ""


def test_help_and_version(run) -> None:
    status, out, err = run("--help")
    assert status == 0 and all(word in out for word in ("grad", "trace", "check", "cache", "rules", "Exit status"))
    for command in ("grad", "trace", "check", "cache", "rules"):
        assert run(command, "--help")[0] == 0
    assert run("--version")[1].startswith("s2sad 0.")


def test_as_a_module(place: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-m", "s2sad", "grad", "model.py:f"], capture_output=True, text=True,
                          env=environment)
    assert done.returncode == 0 and "def f_vjp" in done.stdout
    done = subprocess.run([sys.executable, "-m", "s2sad", "grad", "model.py:g"], capture_output=True, text=True,
                          env=environment)
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr


def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert cli.coloured(Terminal()) and not cli.coloured(sys.__stdin__ if False else open(os.devnull))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not cli.coloured(Terminal())


def test_importing_is_quick() -> None:
    code = "import sys, s2sad; print([m for m in sys.modules if m.startswith(('s2sad.', 'numpy', 'gast', 'astor'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert set(ast.literal_eval(done.stdout)) <= {"s2sad.version"}


NOISY = '''\
import logging
import random
from time import perf_counter

import numpy as np

log = logging.getLogger(__name__)
rng = np.random.default_rng(0)
history = []
count = 0


def f(x: float, gen: np.random.Generator):
    global count
    count += 1
    start = perf_counter()
    print(f"{count}: {x:.3f}")
    history.append(x)
    log.info("x is %s after %g", x, perf_counter() - start)
    return x * gen.normal(x) * rng.normal() * random.random()


def g(x: float):
    global missing
    print(missing)
    return x
'''


def test_effects_and_random_numbers(run, place: Path) -> None:
    (place / "noisy.py").write_text(NOISY)
    status, out, err = run("grad", "noisy.py:f")
    assert status == 0, err
    for line in ("import noisy", "noisy.count = count", "print(f'{count}: {x:.3f}')", "history.append(x)",
                 "= gen.normal(x)", "*, history, log, rng"):
        assert line in out, out
    status, out, err = run("grad", "noisy.py:g")
    assert status == 2 and "noisy.py:25:11: error: 'missing' has no value here" in err
