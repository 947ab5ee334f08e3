"""What a program says about its own derivative: constants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import grad, jvp, stop_gradient
from s2sad.errors import Refusal


def stopped(x: Any) -> Any:
    return x * s2sad.stop_gradient(x)


def test_a_stopped_value_is_itself_in_the_program() -> None:
    x = np.array([1.0, 2.0])
    assert stop_gradient(x) is x
    assert stopped(3.0) == 9.0


def test_its_derivative_is_zero_in_every_mode_and_order() -> None:
    assert grad(stopped)(3.0) == 3.0
    assert jvp(stopped, (3.0,), (1.0,)) == (9.0, 3.0)
    # The first derivative is the constant that was stopped.
    assert grad(grad(stopped))(3.0) == 0.0
    assert jvp(grad(stopped), (3.0,), (1.0,)) == (3.0, 0.0)
    assert grad(lambda x: jvp_of_stopped(x))(3.0) == 3.0


def jvp_of_stopped(x: Any) -> Any:
    return x * stop_gradient(x * x / x)


def test_a_container_is_stopped_as_a_whole() -> None:
    def f(p: Any) -> Any:
        q = stop_gradient(p)
        return p["a"] * q["b"][0] + np.sum(q["a"] * p["b"][1])

    made = grad(f)({"a": 2.0, "b": (3.0, np.ones(2))})
    assert made["a"] == 3.0 and made["b"][0] == 0.0
    np.testing.assert_array_equal(made["b"][1], [2.0, 2.0])


def test_nothing_is_left_of_it_in_the_text() -> None:
    def f(x: Any) -> Any:
        m = stop_gradient(np.max(x))
        return m + np.log(np.sum(np.exp(x - m)))

    for level in ("source", "trace"):
        text = s2sad.derive(f, types="x: f8[:]", level=level).source
        assert "stop" not in text
        assert "m = np.max(x)" in text


def test_a_stopped_array_shows_later_writes_as_in_the_program() -> None:
    def f(x: Any) -> Any:
        y = stop_gradient(x)
        x[0] = 5.0
        return y[0] * x[1]

    x = np.array([2.0, 3.0])
    value, gradient = s2sad.value_and_grad(f)(x)
    assert value == f(x.copy()) == 15.0
    np.testing.assert_array_equal(gradient, [0.0, 5.0])


def test_writing_into_a_stopped_array_is_refused() -> None:
    def f(x: Any) -> Any:
        y = stop_gradient(x)
        y[0] = 5.0
        return np.sum(x)

    with pytest.raises(Refusal, match="read-only"):
        grad(f)(np.array([2.0, 3.0]))
