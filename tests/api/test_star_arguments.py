"""Functions to differentiate that take any number of arguments: each argument of a call is a parameter."""

from __future__ import annotations

import functools
import inspect
import pickle
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, ValueArgumentError


def polynomial(x: Any, *coefficients: Any, scale: float = 1.0, **options: Any) -> Any:
    total = 0.0 * x
    for c in coefficients:
        total = total * x + c
    return total * scale * options.get("factor", 1.0)


def total(*xs: Any) -> Any:
    return np.sum(xs[0] * xs[-1]) * len(xs)


def model(**params: Any) -> Any:
    return np.sum(np.sin(params["W"] @ params["x"])) * params["scale"]


W, X = np.array([[0.3, -0.2], [1.0, 0.4]]), np.array([0.5, -0.7])


def test_positions_count_positional_arguments() -> None:
    # 3 x**2 + 4 x + 5 at 2
    gradients = [s2sad.grad(polynomial, k)(2.0, 3.0, 4.0, 5.0) for k in range(4)]
    assert gradients == [16.0, 4.0, 2.0, 1.0]
    assert s2sad.grad(polynomial, (1, 0))(2.0, 3.0, 4.0) == (2.0, 3.0)


def test_the_names_of_stars_mean_all_that_they_take() -> None:
    assert s2sad.grad(polynomial, "coefficients")(2.0, 3.0, 4.0, 5.0) == (4.0, 2.0, 1.0)
    assert s2sad.grad(polynomial, ("x", "coefficients"))(2.0, 3.0, 4.0) == (3.0, (2.0, 1.0))
    assert s2sad.grad(polynomial, "options")(2.0, 3.0, 4.0, factor=2.0) == {"factor": 10.0}
    assert s2sad.grad(polynomial, "factor")(2.0, 3.0, 4.0, factor=2.0) == 10.0
    assert s2sad.grad(polynomial, "scale")(2.0, 3.0, 4.0, scale=2.0) == 10.0


def test_keywords_are_parameters() -> None:
    value, gradient = s2sad.value_and_grad(model, "params")(W=W, x=X, scale=2.0)
    assert value == model(W=W, x=X, scale=2.0)
    assert list(gradient) == ["W", "x", "scale"]
    np.testing.assert_allclose(gradient["W"], 2.0 * np.outer(np.cos(W @ X), X))
    np.testing.assert_allclose(s2sad.grad(model, "x")(scale=2.0, x=X, W=W), 2.0 * W.T @ np.cos(W @ X))


def test_functions_of_given_arguments() -> None:
    y, pullback = s2sad.vjp(total, X, 2.0, X)
    assert y == total(X, 2.0, X)
    first, second, third = pullback(1.0)
    np.testing.assert_allclose(first, 3.0 * X)
    np.testing.assert_allclose(third, 3.0 * X)
    assert second == 0.0
    assert s2sad.vjp(total, 2.0, 3.0, wrt="xs")[1](1.0) == (6.0, 4.0)
    assert s2sad.jvp(total, (2.0, 3.0), (1.0, None)) == (12.0, 6.0)
    assert s2sad.jvp(polynomial, (2.0, 3.0), (1.0, 1.0), factor=2.0) == (6.0, 2.0)
    assert s2sad.hvp(total, (2.0, 3.0), (1.0, None)) == 0.0
    assert s2sad.linearize(total, 2.0, 3.0)[1](1.0, 1.0) == 10.0


def test_higher_orders() -> None:
    assert s2sad.grad(s2sad.grad(total, 0), 1)(2.0, 3.0) == 2.0
    assert s2sad.grad(s2sad.grad(polynomial))(2.0, 3.0, 4.0, 5.0) == 6.0
    np.testing.assert_array_equal(s2sad.hessian(total, (0, 2))(2.0, 1.0, 3.0), [[0.0, 3.0], [3.0, 0.0]])
    np.testing.assert_allclose(s2sad.jacfwd(lambda *a: a[0] * a[1], 1)(X, X), np.diag(X))
    s2sad.check_grads(polynomial, (0.7, 1.1, 0.4))
    s2sad.check_grads(total, (X, 2.0))


def test_each_number_of_arguments_has_its_own_text() -> None:
    text = str(s2sad.derive(polynomial, types="x: float, coefficients: (float, f8[:]), options: {'factor': float}"))
    assert "def polynomial_vjp(x, coefficients_0, coefficients_1, scale, factor, result_bar):" in text
    assert "def total_jvp(xs_0, xs_1, xs_0_dot, xs_1_dot):" in str(s2sad.derive(total, "forward", types=(1.0, 2.0)))
    assert "def model_vjp(W, x, scale" in str(s2sad.derive(model, types={"params": {"W": W, "x": X, "scale": 1.0}}))


def test_keys_that_are_names_of_parameters() -> None:
    def f(x: float, /, **others: float) -> float:
        return x * others["x"] * others["others"]

    assert s2sad.grad(f)(2.0, x=3.0, others=4.0) == 12.0
    assert s2sad.grad(f, "others")(2.0, x=3.0, others=4.0) == {"x": 8.0, "others": 6.0}


def test_bound_arguments() -> None:
    assert s2sad.grad(functools.partial(polynomial, 2.0, 3.0))(4.0) == 1.0
    assert s2sad.grad(functools.partial(polynomial, factor=2.0), 1)(2.0, 3.0, 4.0) == 4.0

    class Model:
        weight = 2.0

        @s2sad.differentiate
        def __call__(self, *xs: float) -> float:
            return self.weight * xs[0] * xs[1]

    assert Model().__call__.grad(3.0, 4.0) == 8.0


def test_calls_of_itself() -> None:
    assert s2sad.grad(_nested, 1)(2.0, 3.0, 4.0) == 8.0
    s2sad.check_grads(_nested, (2.0, 3.0, 4.0))


def _nested(*xs: Any) -> Any:
    if len(xs) == 1:
        return xs[0]
    return xs[0] * _nested(*xs[1:])


def test_the_arguments_are_a_tuple_and_a_dict() -> None:
    def f(*args: Any, **kwargs: Any) -> Any:
        kwargs["more"] = args[0] * 2.0
        return args[0] * sum(kwargs.values()) + isinstance(args, tuple)

    assert s2sad.grad(f)(3.0, a=1.0) == 1.0 + 4.0 * 3.0


def test_operators_are_functions_like_others() -> None:
    gradient = s2sad.grad(polynomial)
    assert pickle.loads(pickle.dumps(gradient))(2.0, 3.0, 4.0) == 3.0
    assert repr(gradient) == "<s2sad polynomial_grad>"
    assert inspect.signature(gradient) == inspect.signature(polynomial)


def test_what_is_refused() -> None:
    with pytest.raises(ValueArgumentError, match=r"wrt=2: total has 2 parameters \(xs_0, xs_1\)"):
        s2sad.grad(total, 2)(1.0, 2.0)
    with pytest.raises(ValueArgumentError, match="no such parameter"):
        s2sad.grad(model, "V")(W=W, x=X, scale=1.0)
    with pytest.raises(ArgumentError, match="jacrev by 'xs': name the arguments one by one"):
        s2sad.jacrev(total, "xs")(1.0, 2.0)
    with pytest.raises(ArgumentError, match="missing a required argument: 'x'"):
        s2sad.grad(polynomial)()
    with pytest.raises(ValueArgumentError, match="wrt is empty"):
        s2sad.grad(polynomial, "options")(1.0, 2.0)
