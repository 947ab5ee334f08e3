"""Kernels: what is executed, what is refused, what a second process finds."""

from __future__ import annotations

import linecache
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import s2sad
from s2sad.build.base import base_of
from s2sad.build.kernel import build, execute
from s2sad.frontend.signature import spec_of
from s2sad.frontend.steps import Program, Step

ROOT = Path(__file__).parents[2]


def defined(text: str, name: str):
    """A function whose source `linecache` knows."""
    file = f"<test {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space: dict = {}
    exec(compile(text, file, "exec"), space)
    return space[name]


def test_long_sums_and_functions_meet_no_recursion_limit() -> None:
    long_sum = defined("def f(x):\n    return " + " + ".join(["x * x"] * 800) + "\n", "f")
    assert s2sad.grad(long_sum)(1.5) == pytest.approx(2 * 800 * 1.5)
    lines = "".join(f"    y{k} = x * {k}.0\n" for k in range(1, 1200))
    many = defined(f"def g(x):\n{lines}    return {' + '.join(f'y{k}' for k in range(1, 1200, 100))}\n", "g")
    assert s2sad.grad(many)(1.0) == sum(range(1, 1200, 100))


def test_many_early_returns() -> None:
    returns = "".join(f"    if x > {k}.5:\n        return x * {k}.0\n" for k in range(60, 0, -1))
    f = defined(f"def f(x):\n{returns}    return x\n", "f")
    assert s2sad.grad(f)(30.7) == 30.0 and s2sad.grad(f)(0.2) == 1.0


def test_nesting_beyond_what_python_allows_is_refused() -> None:
    returns = "".join(f"    if x > {k}.5:\n        return x * {k}.0\n" for k in range(150, 0, -1))
    f = defined(f"def f(x):\n{returns}    return x\n", "f")
    with pytest.raises(s2sad.S2sadError, match="nested more deeply than Python allows"):
        s2sad.grad(f)(3.0)


def test_the_last_function_of_a_module_is_the_kernel() -> None:
    fn = execute("def a():\n    return 1\n\n\ndef b():\n    return a() + 1\n", "b", None)
    assert fn() == 2 and fn.__name__ == "b"


def test_a_kernel_shows_its_text_to_tracebacks() -> None:
    import inspect

    def f(x):
        return x * x

    kernel = build(Program(f, (Step("vjp", (0,)),)), {"x": spec_of(2.0, "x")})
    assert "def f_vjp(x, result_bar=1.0):" in inspect.getsource(kernel.fn)
    assert kernel.fn(3.0) == (9.0, 6.0)


def test_what_a_callable_comes_to() -> None:
    import functools

    def f(x, k, n=3):
        return k * x**n

    assert base_of(functools.partial(f, k=2.0)).names == ("x", "n")
    assert base_of(np.add).names == ("x", "y")
    assert s2sad.grad(functools.partial(f, k=2.0))(2.0) == pytest.approx(24.0)
    with pytest.raises(s2sad.S2sadError, match="neither Python source nor a rule"):
        base_of(print)


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
import numpy as np
import s2sad
from program import f
print(repr(float(s2sad.grad(f)(0.7))), "s2sad.frontend.lower" in sys.modules)
"""


def run(folder: Path, cache: Path) -> list[str]:
    environment = {**os.environ, "S2SAD_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(root=str(ROOT))], cwd=folder, env=environment,
                          capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_second_process_loads_without_compiling(tmp_path: Path) -> None:
    program, cache = tmp_path / "program.py", tmp_path / "cache"
    text = ("import numpy as np\n\nK = 2.0\n\n\ndef helper(x):\n    return x * x * K\n\n\n"
            "def f(x):\n    return helper(np.sin(x))\n")
    program.write_text(text)
    expected = repr(float(4.0 * np.sin(0.7) * np.cos(0.7)))
    first, second = run(tmp_path, cache), run(tmp_path, cache)
    assert float(first[0]) == pytest.approx(float(expected)) and first[1] == "True"
    assert second == [first[0], "False"]
    # A helper that has changed, a number that has changed: neither finds the old text or the old value.
    program.write_text(text.replace("return x * x * K", "return x * x * x * K"))
    assert float(run(tmp_path, cache)[0]) == pytest.approx(6.0 * np.sin(0.7) ** 2 * np.cos(0.7))
    program.write_text(text.replace("K = 2.0", "K = 3.0"))
    changed = run(tmp_path, cache)
    assert float(changed[0]) == pytest.approx(1.5 * float(expected))


def test_the_users_exceptions_pass_through_unchanged() -> None:
    def f(x):
        assert x > 0.0, "positive numbers only"
        if x > 5.0:
            raise ValueError("at most 5")
        return x * x

    assert s2sad.grad(f)(2.0) == 4.0
    with pytest.raises(AssertionError, match="^positive numbers only(\\n|$)"):
        s2sad.grad(f)(-1.0)
    with pytest.raises(ValueError, match="^at most 5(\\n|$)"):
        s2sad.jvp(f, (6.0,), (1.0,))
