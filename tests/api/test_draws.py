"""Random numbers are drawn once, whatever the derivative, and the generator is left as the function leaves it."""

from __future__ import annotations

import copy
import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.api.dispatch import dispatch_for
from s2sad.api.operators import program_of
from s2sad.errors import ArgumentError, FallbackWarning, TypeRefusal, UnsupportedError

X = np.array([0.3, -0.7, 1.2])
RNG = np.random.default_rng(0)


def noisy(x: Any, rng: Any) -> Any:
    z = rng.normal(x, 0.5)
    total = 0.0
    for _ in range(3):
        w = rng.standard_normal()
        if rng.random() < 0.5:
            w = w * rng.uniform(1.0, 2.0)
        total = total + np.sum(np.sin(z * w * x))
    return total + np.sum(x[rng.permutation(len(x))] * np.arange(3)) * rng.choice(x)


def of_the_module(x: Any) -> Any:
    return np.sum(np.sin(x * RNG.normal(size=x.shape)))


def legacy(x: Any) -> Any:
    return np.sum(np.sin(x * np.random.normal(0.0, 1.0, x.shape))) * np.random.rand()


def of_the_library(x: Any) -> Any:
    return np.sum(x * random.random()) + random.gauss(0.0, 1.0)


def expected(x: Any, rng: Any) -> tuple[Any, Any, Any]:
    """The value, the state afterwards, and the gradient by differences."""
    state = copy.deepcopy(rng)
    value = noisy(x, state)
    eps = 1e-6
    slopes = [(noisy(x + d, copy.deepcopy(rng)) - noisy(x - d, copy.deepcopy(rng))) / (2 * eps)
              for d in eps * np.eye(len(x))]
    return value, state.random(), np.array(slopes)


def test_gradient_and_state() -> None:
    value, after, slope = expected(X, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    y, gradient = s2sad.value_and_grad(noisy)(X, rng)
    assert y == value and rng.random() == after
    np.testing.assert_allclose(gradient, slope, rtol=1e-6)
    rng = np.random.default_rng(3)
    y, dot = s2sad.jvp(noisy, (X, rng), (X, None))
    assert y == value and rng.random() == after
    np.testing.assert_allclose(dot, slope @ X, rtol=1e-6)
    rng = np.random.default_rng(3)
    y, pullback = s2sad.vjp(noisy, X, rng)
    assert y == value
    (first, none), (second, _) = pullback(1.0), pullback(2.0)
    assert none is None and rng.random() == after
    np.testing.assert_allclose(first, slope, rtol=1e-6)
    np.testing.assert_array_equal(second, 2.0 * first)
    rng = np.random.default_rng(3)
    s2sad.hvp(noisy, (X, rng), (X, None))
    assert rng.random() == after


def test_another_generator_is_no_other_program() -> None:
    gradient = s2sad.grad(noisy)
    gradient(X, np.random.default_rng(3))
    dispatch = dispatch_for(program_of(gradient, "test")[0])
    before = dispatch.kernel((X, np.random.default_rng(4)))
    gradient(X, np.random.default_rng(5))
    assert dispatch.kernel((X, np.random.default_rng(6))) is before


def test_generator_of_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (0, 1):
        monkeypatch.setitem(globals(), "RNG", np.random.default_rng(seed))
        rng = np.random.default_rng(seed)
        np.testing.assert_array_equal(s2sad.grad(of_the_module)(X), (z := rng.normal(size=3)) * np.cos(X * z))
        assert RNG.random() == rng.random()
    monkeypatch.setitem(globals(), "RNG", np.random.RandomState(3))
    z = np.random.RandomState(3).normal(size=3)
    np.testing.assert_array_equal(s2sad.grad(of_the_module)(X), z * np.cos(X * z))


def test_generator_of_a_closure() -> None:
    rng = np.random.default_rng(8)

    def f(x: Any) -> Any:
        return np.sum(x * rng.normal(size=3))

    np.testing.assert_array_equal(s2sad.grad(f)(X), np.random.default_rng(8).normal(size=3))


def test_functions_of_the_module() -> None:
    np.random.seed(5)
    value = legacy(X)
    after = np.random.rand()
    np.random.seed(5)
    y, _ = s2sad.value_and_grad(legacy)(X)
    assert y == value and np.random.rand() == after
    random.seed(5)
    value = of_the_library(X)
    after = random.random()
    random.seed(5)
    y, _ = s2sad.value_and_grad(of_the_library)(X)
    assert y == value and random.random() == after


def test_the_file_takes_the_generator() -> None:
    derivative = s2sad.derive(noisy, "grad", types=(X, np.random.default_rng(0)))
    np.testing.assert_array_equal(derivative.fn(X, np.random.default_rng(3)),
                                  s2sad.grad(noisy)(X, np.random.default_rng(3)))

    def f(x: float, rng: np.random.Generator) -> float:
        return x * rng.normal()

    assert "rng.normal()" in str(s2sad.derive(f))


def gamma_of(a: Any, rng: Any) -> Any:
    return rng.gamma(a)


def poisson_of(a: Any, rng: Any) -> Any:
    return a * rng.poisson(a)


def chosen(p: Any, rng: Any) -> Any:
    return np.sum(p) * rng.choice(3, p=p / np.sum(p))


def constant_parameter(a: Any, rng: Any) -> Any:
    return a * rng.gamma(s2sad.stop_gradient(a))


@pytest.mark.parametrize("f", [gamma_of, poisson_of])
def test_parameters_without_derivative(f: Callable[..., Any]) -> None:
    for run in (lambda: s2sad.grad(f)(2.0, RNG), lambda: s2sad.jvp(f, (2.0, RNG), (1.0, None))):
        with pytest.raises(TypeRefusal, match=r"test_draws.py:\d+:.*by its parameters is not known"):
            run()


def test_probabilities_without_derivative() -> None:
    with pytest.raises(TypeRefusal, match=r"choice\(\) by its parameters is not known"):
        s2sad.grad(chosen)(np.ones(3), RNG)


def test_stopped_parameters() -> None:
    z = np.random.default_rng(2).gamma(2.0)
    assert s2sad.grad(constant_parameter)(2.0, np.random.default_rng(2)) == z


def in_place(x: Any, rng: Any) -> Any:
    rng.shuffle(x)
    return np.sum(x * np.arange(3.0))


def test_shuffle_leaves_the_argument() -> None:
    x = X.copy()
    s2sad.grad(in_place)(x, np.random.default_rng(2))
    np.testing.assert_array_equal(x, X)


def odd(x: Any, rng: Any) -> Any:
    return x * rng.bytes(3)


def test_unknown_methods_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="the method 'bytes'"):
        s2sad.grad(odd)(2.0, RNG)


def spread(x: Any, rng: Any) -> Any:
    return np.sin(x * rng.normal(size=3)) + rng.random()


def squared(x: Any, rng: Any) -> Any:
    return np.sum(rng.normal(size=3) * x**3) * np.random.rand()


def unseeded(x: Any) -> Any:
    return x * np.random.default_rng().normal()


def test_jacobians_draw_once() -> None:
    for operator in (s2sad.jacrev, s2sad.jacfwd):
        rng, same = np.random.default_rng(4), np.random.default_rng(4)
        made = operator(spread)(X, rng)
        z = same.normal(size=3)
        np.testing.assert_allclose(made, np.diag(z * np.cos(z * X)))
        same.random()
        assert rng.random() == same.random()


def test_hessian_draws_once() -> None:
    rng, same = np.random.default_rng(4), np.random.default_rng(4)
    np.random.seed(4)
    made = s2sad.hessian(squared)(X, rng)
    after = np.random.rand()
    np.random.seed(4)
    np.testing.assert_allclose(made, np.diag(6.0 * X * same.normal(size=3)) * np.random.rand())
    assert rng.random() == same.random() and np.random.rand() == after


def test_jacobian_of_a_generator_of_the_module() -> None:
    state = RNG.bit_generator.state
    z = copy.deepcopy(RNG).normal(size=3)
    np.testing.assert_allclose(s2sad.jacfwd(of_the_module)(X), z * np.cos(X * z))
    after = RNG.random()
    RNG.bit_generator.state = state
    RNG.normal(size=3)
    assert RNG.random() == after


def test_linearize_draws_once() -> None:
    rng, same = np.random.default_rng(4), np.random.default_rng(4)
    y, along = s2sad.linearize(spread, X, rng)
    np.testing.assert_array_equal(y, spread(X, same))
    first, second = along(X, None), along(2.0 * X, None)
    np.testing.assert_allclose(second, 2.0 * first)
    assert rng.random() == same.random()


def test_jacobian_of_an_unseeded_generator() -> None:
    s2sad.jacrev(unseeded)(2.0)
    with pytest.raises(ArgumentError, match="without a seed"):
        s2sad.jacfwd(unseeded)(2.0)


def test_machine_code_falls_back() -> None:
    pytest.importorskip("numba")
    rng, same = np.random.default_rng(4), np.random.default_rng(4)
    with pytest.warns(FallbackWarning, match="does more than compute: normal"):
        made = s2sad.grad(of_normal, backend="numba")(X, rng)
    np.testing.assert_array_equal(made, same.normal(size=3))
    assert rng.random() == same.random()


def of_normal(x: Any, rng: Any) -> Any:
    return np.sum(x * rng.normal(size=3))


def test_check_grads_gives_each_call_the_same_numbers() -> None:
    rng, same = np.random.default_rng(4), np.random.default_rng(4)
    s2sad.check_grads(noisy, (X, rng))
    assert rng.random() == same.random()


def test_jacobian_with_a_bound_generator() -> None:
    for make in (np.random.default_rng, np.random.RandomState):
        rng, same = make(4), make(4)
        made = s2sad.jacfwd(functools.partial(of_normal, rng=rng))(X)
        np.testing.assert_array_equal(made, same.normal(size=3))
        assert rng.normal() == same.normal()


class Model:
    def __init__(self, rng: Any) -> None:
        self.rng, self.w = rng, 2.0

    def loss(self, x: Any) -> Any:
        return np.sum(x * self.rng.normal(size=3) * self.w)


def test_generators_in_structures() -> None:
    z = np.random.default_rng(4).normal(size=3)
    model = Model(np.random.default_rng(4))
    np.testing.assert_array_equal(s2sad.grad(model.loss)(X), 2.0 * z)
    assert model.rng.random() != np.random.default_rng(4).random()
    for pair in ({"rng": np.random.default_rng(4), "s": 2.0}, (np.random.default_rng(4), 2.0)):
        rng, same = (pair["rng"] if isinstance(pair, dict) else pair[0]), np.random.default_rng(4)
        made = s2sad.jacfwd(of_a_dict if isinstance(pair, dict) else of_a_pair)(X, pair)
        np.testing.assert_array_equal(made, 2.0 * z)
        same.normal(size=3)
        assert rng.random() == same.random()


def of_a_dict(x: Any, options: Any) -> Any:
    return np.sum(x * options["rng"].normal(size=3) * options["s"])


def of_a_pair(x: Any, pair: Any) -> Any:
    rng, s = pair
    return np.sum(x * rng.normal(size=3) * s)


def test_copied_generator_is_another_one() -> None:
    def f(x, rng):
        again = copy.deepcopy(rng)
        return np.mean(np.exp(x * again.standard_normal(5))) * rng.uniform()

    rng, same, other = (np.random.default_rng(3) for _ in range(3))
    slope = s2sad.grad(f)(0.7, rng)
    h = 1e-6
    expected = (f(0.7 + h, copy.deepcopy(same)) - f(0.7 - h, copy.deepcopy(same))) / (2.0 * h)
    assert slope == pytest.approx(expected, rel=1e-8)
    f(0.7, other)
    assert rng.bit_generator.state == other.bit_generator.state
    assert s2sad.jvp(s2sad.grad(f), (0.7, same), (1.0, None))[0] == slope
