"""`jacfwd`, `jacrev`, `hessian`, `elementwise_grad`."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import S2sadError
from tests.api import functions

X, Y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
BY_X = np.array([[3.0, 0.0], [0.0, 16.0], [2.0, 1.0]])
BY_Y = np.array([[1.0, 0.0], [0.0, 16.0], [0.0, 0.0]])

both = pytest.mark.parametrize("jacobian", [s2sad.jacfwd, s2sad.jacrev])


@both
def test_shape_and_values(jacobian) -> None:
    assert np.allclose(jacobian(functions.outer)(X, Y), BY_X)
    assert np.allclose(jacobian(functions.outer, wrt="y")(X, Y), BY_Y)
    found = jacobian(functions.outer, argnums=(1, 0))(X, Y)
    assert type(found) is tuple and np.allclose(found[0], BY_Y) and np.allclose(found[1], BY_X)
    a = np.arange(6.0).reshape(2, 3)
    assert jacobian(lambda a: a @ a.T)(a).shape == (2, 2, 2, 3)


@both
def test_scalars(jacobian) -> None:
    assert jacobian(math.sin)(0.5) == pytest.approx(math.cos(0.5))
    assert np.allclose(jacobian(functions.norm2)(X), 2 * X)
    assert np.allclose(jacobian(lambda x: np.array([x, x * x]))(3.0), [1.0, 6.0])


@both
def test_containers(jacobian) -> None:
    found = jacobian(functions.pair)(X)
    assert type(found) is tuple and np.allclose(found[0], np.ones(2)) and np.allclose(found[1], 2 * np.eye(2))
    found = jacobian(functions.sum_of_list)([1.0, 2.0])
    assert found == [2.0, 4.0] and type(found) is list


@both
def test_dtype(jacobian) -> None:
    assert jacobian(np.sin)(X.astype(np.float32)).dtype == np.float32


def cubic(x):
    return np.sum(x**3) + x[0] ** 2 * x[1]


HESSIAN = np.array([[6.0 + 4.0, 2.0], [2.0, 12.0]])


@pytest.mark.parametrize("outside", [s2sad.jacfwd, s2sad.jacrev])
@pytest.mark.parametrize("inside", [s2sad.jacfwd, s2sad.jacrev, s2sad.grad])
def test_second_order(outside, inside) -> None:
    assert np.allclose(outside(inside(cubic))(X), HESSIAN)


def test_hessian() -> None:
    assert np.allclose(s2sad.hessian(cubic)(X), HESSIAN)
    found = s2sad.hessian(lambda x, y: np.sum(x * x * y), wrt=(0, 1))(X, Y)
    assert np.allclose(found[0][0], np.diag(2 * Y)) and np.allclose(found[0][1], np.diag(2 * X))
    assert np.allclose(found[1][0], np.diag(2 * X)) and np.allclose(found[1][1], np.zeros((2, 2)))
    assert s2sad.hessian(math.sin)(0.5) == pytest.approx(-math.sin(0.5))


@pytest.mark.parametrize("outside", [s2sad.jacfwd, s2sad.jacrev])
@pytest.mark.parametrize("inside", [s2sad.jacfwd, s2sad.jacrev])
def test_second_order_of_vectors(outside, inside) -> None:
    found = outside(inside(functions.outer), wrt=1)(X, Y)
    expected = np.zeros((3, 2, 2))
    expected[0, 0, 0], expected[1, 1, 1] = 1.0, 8.0
    assert np.allclose(found, expected)


def test_third_order() -> None:
    found = s2sad.jacfwd(s2sad.hessian(cubic))(X)
    expected = np.zeros((2, 2, 2))
    expected[0, 0, 0] = expected[1, 1, 1] = 6.0
    expected[0, 0, 1] = expected[0, 1, 0] = expected[1, 0, 0] = 2.0
    assert np.allclose(found, expected)


def test_elementwise() -> None:
    x = np.linspace(0.0, 1.0, 5)
    first = s2sad.elementwise_grad(np.tanh)
    second = s2sad.elementwise_grad(first)
    third = s2sad.elementwise_grad(second)
    t = np.tanh(x)
    assert np.allclose(first(x), 1 - t**2)
    assert np.allclose(second(x), -2 * t * (1 - t**2))
    assert np.allclose(third(x), -2 * (1 - t**2) * (1 - 3 * t**2))
    assert first(0.5) == pytest.approx(1 - math.tanh(0.5) ** 2)


def test_they_are_functions() -> None:
    jacobian = s2sad.jacrev(functions.outer)
    assert jacobian.__name__ == "outer_jacrev" and jacobian.__wrapped__ is functions.outer
    assert np.allclose(pickle.loads(pickle.dumps(jacobian))(X, Y), BY_X)


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(TypeError, match="jacfwd") as raised:
        s2sad.grad(s2sad.jacrev(functions.outer))
    assert isinstance(raised.value, S2sadError)
    with pytest.raises(TypeError, match="Jacobian"):
        s2sad.elementwise_grad(s2sad.jacrev(functions.outer))
    with pytest.raises(TypeError, match="pass floats"):
        s2sad.jacrev(functions.power, wrt="n")(2.0, 3)
    with pytest.raises(ValueError, match="did you mean"):
        s2sad.jacfwd(functions.survey, wrt="x9")


def test_parts_without_derivative_do_not_shift_the_others() -> None:
    def f(pair: Any) -> Any:
        (n, m), x = pair
        return n * x[0] ** m + x[1]

    pair = ((2, 3), np.array([1.5, 0.5]))
    for made in (s2sad.jacrev(f)(pair), s2sad.jacfwd(f)(pair)):
        assert made[0] is None and np.allclose(made[1], [13.5, 1.0])
    hessian = s2sad.hessian(f)(pair)
    assert hessian[0] is None and hessian[1][0] is None and np.allclose(hessian[1][1], [[18.0, 0.0], [0.0, 0.0]])
    s2sad.check_grads(f, (pair,))
