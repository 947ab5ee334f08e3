"""`derive` and what it returns."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import subprocess
import sys

import numpy as np
import pytest

import s2sad
from s2sad.errors import S2sadError
from tests.api import functions
from tests.programs.ideal import f, growth, logistic_loss


def test_str_is_the_source() -> None:
    made = s2sad.derive(f, types="x1: float, x2: float")
    assert str(made) == made.source and made.source.startswith("import numpy as np")
    assert made.fn(2.0, 5.0) == (f(2.0, 5.0), (pytest.approx(5.5), pytest.approx(1.7163378145367738)))
    assert made(2.0, 5.0, 2.0)[1][0] == pytest.approx(11.0)
    assert "%y" in str(made.trace)
    assert repr(made).startswith("<Derivative f_vjp")


def test_forward() -> None:
    made = s2sad.derive(f, "forward", types=(2.0, 5.0))
    assert made.fn(2.0, 5.0, 1.0, 0.0)[1] == pytest.approx(5.5)


def test_levels() -> None:
    lines = {level: len(s2sad.derive(f, level=level, types=(2.0, 5.0)).source.splitlines())
             for level in ("source", "trace")}
    assert lines["trace"] > lines["source"]


def test_wrt() -> None:
    assert "x2_bar" not in s2sad.derive(f, wrt="x1", types=(2.0, 5.0)).source
    assert "def growth_vjp(x, n, " in s2sad.derive(growth, types=(0.5, 3)).source
    with pytest.raises(ValueError, match="x1, x2"):
        s2sad.derive(f, wrt="z")
    with pytest.raises(TypeError, match="n"):
        s2sad.derive(growth, wrt="n", types="x: float, n: int")


@pytest.mark.parametrize("types", [
    "w: f8[:], X: f8[:,:], y: f8[:]",
    {"w": "f8[:]", "X": "f8[:,:]", "y": "f8[:]"},
    (np.ones(2), np.ones((3, 2)), np.ones(3)),
    {"w": np.ones(2), "X": np.ones((3, 2)), "y": np.ones(3)},
])  # fmt: skip
def test_types(types: object) -> None:
    made = s2sad.derive(logistic_loss, wrt="w", types=types)
    w, x, y = np.ones(2) / 2, np.ones((3, 2)), np.array([0.0, 1.0, 1.0])
    assert np.allclose(made.fn(w, x, y)[1], s2sad.grad(logistic_loss)(w, x, y))


def annotated(x: float, n: int = 2, flag: bool = True) -> float:
    return x**n if flag else x


def test_annotations() -> None:
    made = s2sad.derive(annotated)
    assert made.fn(3.0, 2, True)[1] == 6.0


NAMED = {"a": 1.0}


def test_defaults_tell_structures() -> None:
    def f(x: float, act=np.tanh, pair=(1.0, 2.0), named=NAMED):
        return act(x) * pair[1] + named["a"]

    made = s2sad.derive(f, "grad", wrt="x")
    assert made.fn(0.5, np.tanh, (1.0, 3.0), NAMED) == pytest.approx(3.0 * (1.0 - np.tanh(0.5) ** 2))


def test_unknown_types_take_anything() -> None:
    made = s2sad.derive(f)
    y, (a, b) = made.fn(np.array([2.0, 2.0]), 5.0, np.ones(2))
    assert np.allclose(a, 5.5) and b == pytest.approx(2 * 1.7163378145367738)


def test_modes() -> None:
    assert s2sad.derive(f, "grad", types=(2.0, 5.0)).fn(2.0, 5.0) == (pytest.approx(5.5), pytest.approx(1.71633781))
    value, _ = s2sad.derive(f, "value_and_grad", types=(2.0, 5.0)).fn(2.0, 5.0)
    assert value == f(2.0, 5.0)
    y, pullback = s2sad.derive(f, "pullback", types=(2.0, 5.0)).fn(2.0, 5.0)
    assert pullback(1.0)[0] == pytest.approx(5.5)
    for options in ({"mode": "sideways"}, {"level": "middle"}, {"types": "z: float"}, {"types": (1.0, 2.0, 3.0)}):
        with pytest.raises(ValueError) as raised:
            s2sad.derive(f, **options)  # type: ignore[arg-type]
        assert isinstance(raised.value, S2sadError)
    for types in (3, "x1 float"):
        with pytest.raises(TypeError):
            s2sad.derive(f, types=types)


def test_of_an_operator() -> None:
    made = s2sad.derive(s2sad.grad(functions.survey), "forward", wrt=0, types=(2.0, 5.0))
    assert made.fn(2.0, 5.0, 1.0)[1] == pytest.approx(-1 / 4)


def test_same_input_same_text() -> None:
    texts = {s2sad.derive(logistic_loss, types="w: f8[:], X: f8[:,:], y: f8[:]").source for _ in range(3)}
    assert len(texts) == 1


def test_the_file_stands_alone() -> None:
    made = s2sad.derive(f, types=(2.0, 5.0))
    assert made.path is not None
    code = f"import runpy; print(runpy.run_path({made.path!r})['f_vjp'](2.0, 5.0)[1][0])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx(5.5)
    imported = [n for n in ast.walk(ast.parse(made.source)) if isinstance(n, (ast.Import, ast.ImportFrom))]
    assert [alias.name for n in imported for alias in n.names] == ["numpy"]


def test_a_seed_that_is_handed_out_may_be_a_python_float() -> None:
    made = s2sad.derive(shifted, types=(1.0, np.ones(2)))
    assert made.fn(1.0, np.ones(2))[1][0] == 1.0 and made.fn(1.0, np.ones(2), np.float64(2.0))[1][0] == 2.0


def shifted(a: float, x: np.ndarray) -> float:
    return np.sum(x) + a


def test_source_tools_see_it() -> None:
    made = s2sad.derive(f, types=(2.0, 5.0))
    assert inspect.getsource(made.fn).startswith("def f_vjp(")


def test_html() -> None:
    assert "f_vjp" in s2sad.derive(f, types=(2.0, 5.0))._repr_html_()


def test_globals_are_passed_by_the_derivative() -> None:
    made = s2sad.derive(functions.scaled, types=(3.0,))
    assert made(3.0)[1] == 12.0


def halved(x, y, k=0.5):  # type: ignore[no-untyped-def]
    return (k * x) @ y


def test_example_arguments_are_completed_by_the_defaults() -> None:
    x = np.array([1.0, 2.0])
    made = s2sad.derive(halved, types=(x, x), wrt="x")
    assert "unbroadcast" not in made.source and np.array_equal(made.fn(x, x)[1], 0.5 * x)


def test_expressions_of_numbers_are_numbers_shown_as_written() -> None:
    def f(x: float) -> float:
        return x ** (1.0 / 3.0) + x * -(2 / 7.0 - 0.5)

    source = s2sad.derive(f, types="x: float").source
    assert "return x ** (1.0 / 3.0) + x * -(2 / 7.0 - 0.5), x_bar" in source
    assert "0.3333333333333333 * x**-0.6666666666666667 * result_bar" in source


def test_a_text_for_one_value_of_an_argument_refuses_others() -> None:
    def f(x, mode="cube", w=None, fold=np.sum):
        return fold(x**3 if mode == "cube" else x) if w is None else fold(w * x)

    x = np.array([1.0, 2.0])
    for backend in ("numpy", "numba") if importlib.util.find_spec("numba") else ("numpy",):
        made = s2sad.derive(f, "grad", wrt="x", types=(x, "cube", None, np.sum), backend=backend)
        np.testing.assert_allclose(made(x, "cube", None, np.sum), 3.0 * x**2, rtol=1e-15)
        for other in (("line", None, np.sum), ("cube", 2.0, np.sum), ("cube", None, np.prod)):
            with pytest.raises(ValueError, match="this derivative is for mode='cube', w=None, fold=np.sum"):
                made(x, *other)
        np.testing.assert_allclose(s2sad.grad(f, backend=backend)(x, "line"), np.ones(2))
