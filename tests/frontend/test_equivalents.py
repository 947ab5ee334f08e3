"""Functions of NumPy that are lowered as Python functions which do the same: nothing of these is seen."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import numpy as np
import pytest

import s2sad
import s2sad.testing
from s2sad.errors import Refusal
from s2sad.frontend.equivalents import EQUIVALENTS, tables
from s2sad.frontend.library import library_object
from tests.corpus import define
from tests.frontend.test_refusals import refusal

A = np.arange(6.0).reshape(2, 3) + 0.5
# Keywords that NumPy has and that say nothing about values, and classes whose signature Python does not know.
LEFT_OUT = {"like", "subok", "casting", "device"}
# What has had no effect for long, before NumPy 2.4 has taken it away.
WITHOUT_EFFECT = {"np.corrcoef": {"bias", "ddof"}}


def parameters(fn: Any) -> list[str]:
    return [p.name for p in inspect.signature(fn).parameters.values() if p.name not in LEFT_OUT and p.kind not in (
        p.VAR_POSITIONAL, p.VAR_KEYWORD)]


# The shape that np.reshape is given as a method may be several arguments.
NAMES = sorted(n for n in EQUIVALENTS if n.startswith("np.") and not n.endswith("_") and n != "np.reshape")


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_of_the_library(name: str) -> None:
    found, fn = library_object(name)
    if not found or not inspect.isroutine(fn):
        pytest.skip("no function here")
    try:
        expected = [p for p in parameters(fn) if p not in WITHOUT_EFFECT.get(name, ())]
    except ValueError:
        pytest.skip("its signature is not known to Python")
    own = parameters(EQUIVALENTS[name].fn)
    assert [n for n in own if n in expected] == expected[:len([n for n in own if n in expected])], (own, expected)
    assert set(expected) <= set(own), (own, expected)


@pytest.mark.parametrize(("text", "message"), [
    ("def f(x):\n    y = x * 2.0\n    return «np.pad(y, 1, mode='empty')»", "leaves elements without a value"),
    ("def f(x):\n    return «np.intersect1d(x, x)»", "not differentiable"),
    ("def f(x):\n    return «np.split(x, x)»", ""),
    ("def f(x):\n    return «np.trim_zeros(x)»", "does not have one axis"),
])
def test_refused_at_the_call(text: str, message: str) -> None:
    error, marked, line, column = refusal(text, A)
    assert error.where is not None
    assert (error.where.line, error.where.column) == (line, column), str(error)
    assert error.where.source[column - 1:][:error.where.width] == marked
    assert message in error.reason


def test_no_function_has_two_equivalents() -> None:
    names = [name for table in tables() for name in table]
    assert sorted(set(names)) == sorted(names)


def test_wrong_arguments_are_refused_as_python_says_it() -> None:
    error, _, line, column = refusal("def f(x):\n    return «np.split(x)»", A)
    assert "missing 1 required argument: 'indices_or_sections'" in error.reason
    assert error.where is not None and (error.where.line, error.where.column) == (line, column)


TEXT = '''
def f(x, n, left, a):
    # Halves.
    v1, axis = np.split(x, 2)
    made = np.pad(v1 * axis, 1, constant_values=left)  # with a margin
    return np.append(made, np.broadcast_arrays(a, made)[0]) * n
'''


def test_text_shows_the_user_s_lines_only() -> None:
    f = define(TEXT, "equivalents_shown", {"np": np})["f"]
    args = (np.arange(4.0), 2.0, 1.5, np.arange(4.0))
    text = s2sad.derive(f, types=args).source
    assert "equivalents" not in text.replace("equivalents_shown", "")
    assert "# Halves." in text and "# with a margin" in text
    for name in ("indices_or_sections", "bounds", "widths", "lengths", "grid", "vectors", "fill_value"):
        assert name not in text
    s2sad.testing.check_grads(f, args)


def test_errors_are_noted_at_the_user_s_line() -> None:
    f = define("def f(x):\n    y = x * 1.0\n    return np.split(y, 2)[0]\n", "equivalents_raise", {"np": np})["f"]
    with pytest.raises(ValueError, match="equal division") as caught:
        s2sad.vjp(f, np.arange(3.0))
    if sys.version_info >= (3, 11):
        assert any("y, 2" in note for note in caught.value.__notes__)


def test_inside_an_equivalent_the_function_is_the_operation() -> None:
    text = s2sad.derive(lambda x: np.pad(x, 1, mode="edge"), types=(A,)).source
    assert "np.pad(x, 1, mode='edge')" in text


def test_user_s_functions_keep_their_lines() -> None:
    text = "def f(x):\n    return np.apply_along_axis(lambda r: «r.strange», 1, x)"
    error, marked, line, column = refusal(text, A)
    assert error.where is not None and (error.where.line, error.where.column) == (line, column)


@pytest.mark.parametrize("call", [
    "np.split(x, [k])[0]", "np.array_split(x, k)[0]", "np.insert(x, k, 2.0)", "np.insert(x, [k], 2.0)", "np.roll(x, k)",
    "np.delete(x, k)", "np.pad(x, k)", "np.pad(x, (k, 1), mode='edge')", "np.pad(x, k, mode='mean')",
    "np.rot90(x[None], k)",
    "np.resize(x, k + 5)", "np.unstack(x)[k] * x", "np.partition(x, k)", "np.take_along_axis(x[:, None], y, k - 2)",
    "np.stack((x, x), axis=k - 1)", "np.take(x, k, mode='wrap') * x", "np.diag(x, k)", "np.tril(x, k)",
])
@pytest.mark.parametrize("loop", [False, True])
def test_numbers_of_run_time(call: str, loop: bool) -> None:
    text = "def f(x, y, n):\n    s = 0.0\n    for k in range(1, n):\n"
    text += f"        s = s + np.sum(np.sin({call})) * k\n    return s"
    text = text if loop else f"def f(x, y, k):\n    return np.sum(np.sin({call}))"
    f = define(text, f"equivalents_{call}_{loop}", {"np": np})["f"]
    x = np.array([0.4, 1.3, 0.9, 2.2])
    y, k = np.zeros((4, 1), int), 3 if loop else 2
    value, gradient = s2sad.value_and_grad(f)(x, y, k)
    assert value == f(x, y, k)
    numeric = [(f(x + d, y, k) - f(x - d, y, k)) / 2e-6 for d in 1e-6 * np.eye(4)]
    np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-8)


def test_nothing_is_guarded_but_the_call() -> None:
    f = s2sad.grad(define("def f(x):\n    return np.split(x, 2)[0].sum()\n", "equivalents_guard", {"np": np})["f"])
    np.testing.assert_array_equal(f(np.ones(4)), [1.0, 1.0, 0.0, 0.0])
    with pytest.raises(Refusal, match="has no split"), pytest.MonkeyPatch.context() as patch:
        patch.delattr(np, "split")
        f(np.ones(4))
