"""Operators on functions of complex numbers: the convention, holomorphic functions, what is refused."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, TypeRefusal

Z = np.array([1.0 + 2.0j, 3.0 - 1.0j, 0.5 + 0.25j])
z = 0.7 + 0.4j


def cube(z: Any) -> Any:
    return z**3


def mixed(z: Any) -> Any:
    return z * z * z[0]


def size(z: Any) -> Any:
    return abs(z) ** 2


def jacobian(z: Any) -> Any:
    """That of `mixed`."""
    return np.array([[3.0 * z[0] ** 2, 0.0, 0.0], [z[1] ** 2, 2.0 * z[0] * z[1], 0.0],
                     [z[2] ** 2, 0.0, 2.0 * z[2] * z[0]]])


def test_the_gradient_of_a_real_result_descends() -> None:
    gradient = s2sad.grad(size)(z)
    assert type(gradient) in (complex, np.complex128)
    assert gradient == pytest.approx(2.0 * z)  # ∂/∂a + i ∂/∂b of a² + b²
    assert size(z - 0.1 * gradient) < size(z)


@pytest.mark.parametrize("dtype", ["c8", "c16"])
def test_gradients_have_the_dtype_of_their_arguments(dtype: str) -> None:
    found = s2sad.grad(lambda z, x: np.sum(np.abs(z * x)), wrt=(0, 1))(Z.astype(dtype), np.ones(3, dtype.replace(
        "c8", "f4").replace("c16", "f8")))
    assert found[0].dtype == dtype and found[1].dtype.kind == "f"


@pytest.mark.parametrize("operator", [s2sad.grad, s2sad.jacfwd, s2sad.jacrev, s2sad.elementwise_grad])
def test_holomorphic_numbers(operator: Callable[..., Any]) -> None:
    assert operator(cube, holomorphic=True)(z) == pytest.approx(3.0 * z**2)
    assert s2sad.grad(operator(cube, holomorphic=True) if operator is s2sad.grad else s2sad.grad(
        cube, holomorphic=True), holomorphic=True)(z) == pytest.approx(6.0 * z)


def test_holomorphic_arrays() -> None:
    for operator in (s2sad.jacfwd, s2sad.jacrev):
        np.testing.assert_allclose(operator(mixed, holomorphic=True)(Z), jacobian(Z), rtol=1e-14)
    second = s2sad.hessian(mixed, holomorphic=True)(Z)
    for outer, inner in ((s2sad.jacrev, s2sad.jacrev), (s2sad.jacrev, s2sad.jacfwd)):
        np.testing.assert_allclose(outer(inner(mixed, holomorphic=True), holomorphic=True)(Z), second, rtol=1e-14)
    assert second[1, 0, 1] == pytest.approx(2.0 * Z[1])
    np.testing.assert_allclose(s2sad.elementwise_grad(cube, holomorphic=True)(Z), 3.0 * Z**2, rtol=1e-14)


@pytest.mark.parametrize("operator", [s2sad.jacfwd, s2sad.jacrev])
def test_inside_a_function(operator: Callable[..., Any]) -> None:
    if operator is s2sad.jacfwd:
        def f(z: Any) -> Any:
            return s2sad.jacfwd(mixed, holomorphic=True)(z)
    else:
        def f(z: Any) -> Any:
            return s2sad.jacrev(mixed, holomorphic=True)(z)
    y, _ = s2sad.jvp(f, (Z,), (Z,))
    np.testing.assert_allclose(y, jacobian(Z), rtol=1e-14)
    s2sad.check_grads(f, (Z,), order=1)


def test_columns_of_real_arguments_are_complex() -> None:
    x = np.array([1.0, 2.0])
    expected = np.diag(2j * x)
    np.testing.assert_allclose(s2sad.jacfwd(lambda x: x * x * 1j)(x), expected)
    y, _ = s2sad.jvp(lambda x: s2sad.jacfwd(lambda x: x * x * 1j)(x), (x,), (x,))
    np.testing.assert_allclose(y, expected)
    rows = s2sad.jacrev(lambda z: np.abs(z) ** 2)(Z)
    np.testing.assert_allclose(rows, np.diag(2.0 * Z))


def test_an_operator_is_pickled_with_its_option() -> None:
    again = pickle.loads(pickle.dumps(s2sad.grad(np.exp, holomorphic=True)))
    assert again(z) == pytest.approx(np.exp(z))


@pytest.mark.parametrize(("f", "at", "said"), [
    (s2sad.grad(cube), z, "grad needs a function with a real result"),
    (s2sad.value_and_grad(lambda x: 1j * x), 1.0, "grad needs a function with a real result"),
    (s2sad.grad(cube, holomorphic=True), 1.0, "real result or argument"),
    (s2sad.grad(size, holomorphic=True), z, "real result or argument"),
    (s2sad.jacfwd(cube), z, "has two parts, for z of cube is complex"),
    (s2sad.jacrev(cube), z, "has two parts, for the result of cube is complex"),
    (s2sad.jacrev(lambda x: 1j * x), np.ones(2), "is complex"),
    (s2sad.hessian(size), z, "use jvp, hvp or linearize"),
    (s2sad.elementwise_grad(cube), Z, "take np.real, np.imag or np.abs of it"),
    (s2sad.jacfwd(size, holomorphic=True), z, "the result of size is real"),
    (s2sad.jacrev(size, holomorphic=True), z, "the result of size is real"),
    (s2sad.jacfwd(cube, holomorphic=True), 1.0, "z of cube is real"),
])
def test_refused(f: Callable[..., Any], at: Any, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        f(at)


@pytest.mark.parametrize("f", [
    lambda z: s2sad.jacfwd(mixed)(z), lambda z: s2sad.jacrev(mixed)(z), lambda z: s2sad.grad(cube)(z[0])])
def test_refused_inside(f: Callable[..., Any]) -> None:
    with pytest.raises(TypeRefusal, match="holomorphic=True"):
        s2sad.jvp(f, (Z,), (Z,))


def test_the_hessian_of_a_real_result_times_a_vector() -> None:
    along = s2sad.hvp(lambda z: np.sum(np.abs(z) ** 4), (Z,), (1j * Z,))
    np.testing.assert_allclose(along, 4.0 * np.abs(Z) ** 2 * 1j * Z, rtol=1e-14)  # 1j * z turns; the size is steady


def test_a_cotangent_of_a_real_result_is_real() -> None:
    _, pullback = s2sad.vjp(size, z)
    with pytest.raises(ArgumentError, match="cotangent"):
        pullback(1j)
    _, pullback = s2sad.vjp(cube, z)
    assert pullback(1.0)[0] == pytest.approx(np.conj(3.0 * z**2))
