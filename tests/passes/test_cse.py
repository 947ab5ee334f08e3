"""What is computed once: by operations of both sweeps, and by calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad


def test_a_tangent_and_an_adjoint_share_what_is_costly() -> None:
    """Though the tangent asks for the exponentials first, and the comparison inside is too cheap to be shared."""
    logsumexp = pytest.importorskip("scipy.special").logsumexp

    def cross_entropy(w: Any, X: Any) -> Any:
        return np.sum(logsumexp(X @ w.reshape(3, -1), axis=1))

    w, X = np.cos(np.arange(6.0)), np.sin(np.arange(12.0)).reshape(4, 3)
    made = s2sad.derive(s2sad.grad(cross_entropy), "forward", wrt="w", types=(w, X))
    assert made.source.count("np.exp(") == 1
    s2sad.check_grads(cross_entropy, (w, X), order=2)


@s2sad.differentiate
def root(a: Any, b: Any) -> Any:
    x = a
    while abs(x * x - b) > 1e-14:
        x = 0.5 * (x + b / x)
    return x


@root.defjvp
def root_jvp(primals: Any, tangents: Any) -> Any:
    return root(*primals), tangents[1] / (2.0 * root(*primals))


def twice(a: Any, b: Any) -> Any:
    return root(a, b) * np.sin(root(a, b))


@s2sad.differentiate
def noisy(x: Any) -> Any:
    print("called")
    return x * x


@noisy.defvjp
def noisy_vjp(primals: Any, y: Any, y_bar: Any) -> Any:
    return (2.0 * np.sqrt(noisy(*primals)) * y_bar,)


def loud(x: Any) -> Any:
    return 3.0 * noisy(x)


def test_a_function_that_only_returns_a_value_is_called_once() -> None:
    """Those of the program, and those of the rule."""
    for mode in ("forward", "reverse"):
        assert s2sad.derive(twice, mode, wrt="b", types="a: float, b: float").source.count("= root(a, b)\n") == 1
    s2sad.check_grads(lambda b: twice(1.0, b), (2.0,), order=2)


def test_a_function_that_does_something_is_called_as_often_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert s2sad.grad(loud)(2.0) == 12.0
    assert capsys.readouterr().out.split() == ["called", "called"]
