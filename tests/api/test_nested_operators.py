"""Operators of s2sad inside functions that are differentiated: closed forms, and what JAX says."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import TypeRefusal, UnsupportedError
from s2sad.testing import check_grads
from tests.programs import func_operators as programs

W = np.array([0.3, -0.5, 0.9])


def close(a: Any, b: Any) -> None:
    np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=1e-11, atol=1e-12)


def everywhere(f: Callable[..., Any], x: float, slope: float, second: float) -> None:
    """A derivative and the next one, forward and reverse over each other."""
    close(s2sad.grad(f)(x), slope)
    close(s2sad.jvp(f, (x,), (1.0,))[1], slope)
    close(s2sad.vjp(f, x)[1](1.0)[0], slope)
    close(s2sad.grad(s2sad.grad(f))(x), second)
    close(s2sad.jvp(s2sad.grad(f), (x,), (1.0,))[1], second)
    close(s2sad.hessian(f)(x), second)


# Perturbation confusion.


def test_the_classical_case() -> None:
    def f(x):
        return x * s2sad.grad(lambda y: x * y)(x)

    everywhere(f, 1.3, 2.6, 2.0)


def test_the_inner_function_does_not_depend_on_its_argument_alone() -> None:
    def f(x):
        def g(y):
            return x + y
        return x * s2sad.grad(g)(1.0)

    everywhere(f, 1.3, 1.0, 0.0)


def test_the_outer_variable_through_a_function_in_between() -> None:
    def f(x):
        def scale(v):
            return x * v

        def g(y):
            return scale(y) * y
        return s2sad.grad(g)(x)

    everywhere(f, 1.3, 4.0 * 1.3, 4.0)


def test_the_outer_variable_bound_to_the_inner_function() -> None:
    """What is bound is another variable than the argument, also where both hold the same number."""
    def f(x):
        return x * s2sad.grad(functools.partial(lambda k, y: k * y, x))(x)

    everywhere(f, 1.3, 2.6, 2.0)

    class Model:
        def __init__(self, k):
            self.k = k

        def value(self, v):
            return v ** 2 * self.k

        def __call__(self, v):
            return v * self.k

    def g(x):
        model = Model(x)
        return s2sad.grad(model.value)(x) + s2sad.jvp(model, (x,), (1.0,))[1] + s2sad.vjp(model, x)[1](1.0)[0]

    everywhere(g, 1.3, 4.0 * 1.3 + 2.0, 4.0)

    def h(x):
        def outer(k, y=x):
            return lambda v: v * k * y
        return s2sad.grad(outer(x))(x)

    everywhere(h, 1.3, 2.6, 2.0)


def test_three_deep() -> None:
    def f(x):
        def g(y):
            def h(z):
                return x * y * z ** 2
            return y * s2sad.grad(h)(y)
        return x * s2sad.grad(g)(x)

    # d/dz = 2xyz, g = 2 x y³, g' = 6 x y², f = 6 x⁴.
    everywhere(f, 1.3, 24.0 * 1.3 ** 3, 72.0 * 1.3 ** 2)


@pytest.mark.parametrize("inner", ["forward", "reverse"])
def test_modes_inside_each_other(inner: str) -> None:
    def forward(x):
        return x * s2sad.jvp(lambda y: x * y ** 2, (x,), (1.0,))[1]

    def reverse(x):
        y, pullback = s2sad.vjp(lambda y: x * y ** 2, x)
        return x * pullback(1.0)[0]

    # x · 2 x · x
    everywhere(forward if inner == "forward" else reverse, 0.7, 6.0 * 0.7 ** 2, 12.0 * 0.7)


def test_the_tangent_is_a_variable_of_the_outer_level() -> None:
    def f(x):
        return s2sad.jvp(lambda y: y ** 3, (2.0 * x,), (x,))[1]

    everywhere(f, 0.7, 36.0 * 0.7 ** 2, 72.0 * 0.7)


def test_the_same_function_at_two_levels() -> None:
    def f(x):
        return x ** 4

    def g(x):
        return s2sad.grad(f)(x) * f(x)

    everywhere(g, 0.7, 28.0 * 0.7 ** 6, 168.0 * 0.7 ** 5)


def test_a_derivative_made_outside_and_one_made_inside_agree() -> None:
    outside = s2sad.grad(np.sin)

    def f(x):
        return outside(x) + s2sad.grad(np.sin)(x)

    everywhere(f, 0.7, -2.0 * math.sin(0.7), -2.0 * math.cos(0.7))


def test_fourth_order_by_nesting() -> None:
    def f(x):
        return s2sad.grad(s2sad.grad(lambda y: y ** 6 * x))(x)

    # 30 x⁵
    everywhere(f, 0.7, 150.0 * 0.7 ** 4, 600.0 * 0.7 ** 3)


def test_second_order_of_the_gradient_of_a_recursion() -> None:
    everywhere(lambda x: programs.gradient_of_a_recursion(x, 3), 0.8, 9.0 * 0.8 ** 2, 18.0 * 0.8)


# Values and structures.


def test_the_value_is_that_of_the_call_outside() -> None:
    f = programs.gauss_newton_step
    p = np.array([0.9, 0.4])
    assert s2sad.value_and_grad(f)(p)[0] == f(p)


def test_a_pullback_keeps_the_structure_of_the_arguments() -> None:
    def f(w, a):
        y, pullback = s2sad.vjp(lambda p, k: {"y": p["w"] * p["a"] * k}, {"w": w, "a": a}, 3)
        bars, none = pullback({"y": w})
        assert none is None
        return np.sum(bars["w"] * w) + bars["a"]

    by_w, by_a = s2sad.grad(f, (0, 1))(W, 2.0)
    # 3 a Σw² + 3 Σw²
    close(by_w, 6.0 * 3.0 * W)
    close(by_a, 3.0 * np.sum(W ** 2))


def test_a_tangent_that_is_none_is_zero() -> None:
    def f(x, a):
        y, y_dot = s2sad.jvp(lambda p, q: p * q, (x, a), (1.0, None))
        return y_dot + s2sad.jvp(lambda p, q: p * q, (x, a), (None, None))[1]

    close(s2sad.grad(f, (0, 1))(0.7, 1.1), (0.0, 1.0))


def test_single_precision_stays_single() -> None:
    def f(w):
        return s2sad.grad(lambda v: np.sum(v ** 3))(w) * np.float32(2.0)

    made = s2sad.vjp(f, W.astype(np.float32))
    assert made[0].dtype == np.float32 and made[1](made[0])[0].dtype == np.float32


def test_what_is_written_to_a_gradient_stays_there() -> None:
    def f(w):
        g = s2sad.grad(lambda v: np.sum(v * w))(w)
        g[0] = 5.0
        return np.sum(g * w)

    close(s2sad.grad(f)(W), [5.0, 2.0 * W[1], 2.0 * W[2]])
    check_grads(f, (W,))


def test_effects_of_the_inner_function_happen_once_for_each_derivative(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x):
        def g(y):
            print("g", y)
            return x * y
        return s2sad.grad(g)(x)

    s2sad.grad(f)(2.0)
    assert capsys.readouterr().out == "g 2.0\n"


def test_a_changed_closure_of_an_operator_made_outside_is_seen() -> None:
    scale = 2.0

    def g(y):
        return scale * y ** 2

    slope = s2sad.grad(g)

    def f(x):
        return slope(x) * x

    made = s2sad.grad(f)
    close(made(1.5), 4.0 * 2.0 * 1.5)
    scale = 3.0
    close(made(1.5), 4.0 * 3.0 * 1.5)


def test_a_small_inner_derivative_is_put_in_place() -> None:
    text = s2sad.derive(programs.perturbations_apart, mode="forward", types=(1.0,)).source
    assert text.endswith("    return x * x, 2.0 * x * x_dot\n")


def test_at_the_level_of_the_trace_it_is_a_function_of_its_own() -> None:
    text = s2sad.derive(programs.perturbations_apart, mode="forward", types=(1.0,), level="trace").source
    assert "def g_grad_jvp(y, x, y_dot, x_dot):" in text and "g_grad_jvp(x, x, x_dot, x_dot)" in text


def test_machine_code() -> None:
    pytest.importorskip("numba")
    made = s2sad.grad(programs.gradient_in_newtons_method, backend="numba")
    close(made(2.0, 4), s2sad.grad(programs.gradient_in_newtons_method)(2.0, 4))


# JAX.


@pytest.mark.parametrize("name", [
    "perturbations_apart", "perturbations_three_deep", "forward_inside", "gradient_of_an_array", "jacobian_forward",
    "hessian_vector_product", "matrix_of_second_derivatives", "gauss_newton_step", "pullback_called_twice",
    "physics_from_energy", "gradient_of_a_gradient",
])
def test_jax_agrees(name: str) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    case = next(c for c in programs.CASES if c.fn.__name__ == name)

    class Namespace:
        """JAX in place of s2sad and NumPy: the program as it stands."""

        grad, jvp, vjp, jacfwd, jacrev, hessian = (jax.grad, jax.jvp, jax.vjp, jax.jacfwd, jax.jacrev, jax.hessian)

        @staticmethod
        def hvp(f, primals, tangents):
            return jax.jvp(jax.grad(f), primals, tangents)[1]

    space = {**vars(programs), "s2sad": Namespace, "np": jax.numpy,
             **{n: getattr(Namespace, n) for n in ("grad", "jvp", "vjp", "jacfwd", "jacrev", "hessian")}}
    theirs = type(case.fn)(case.fn.__code__, space, name)
    close(s2sad.grad(case.fn)(*case.arguments()), jax.grad(theirs)(*map(jax.numpy.asarray, case.arguments())))


# What is refused.


def test_a_derivative_by_a_whole_number() -> None:
    def f(x, n):
        return s2sad.grad(lambda k: k * x)(n)

    with pytest.raises(TypeRefusal, match="'lam' cannot be differentiated by 'k'"):
        s2sad.grad(f)(2.0, 3)


def test_a_gradient_of_an_array_valued_function() -> None:
    def f(w):
        return np.sum(s2sad.grad(lambda v: v * 2.0)(w))

    with pytest.raises(TypeRefusal, match="needs a function with a scalar result"):
        s2sad.grad(f)(W)


def test_no_such_parameter() -> None:
    def f(x):
        return s2sad.grad(lambda v: v * x, wrt="u")(x)

    with pytest.raises(TypeRefusal, match="no such parameter"):
        s2sad.grad(f)(2.0)


def test_a_tangent_of_another_shape() -> None:
    def f(w):
        return np.sum(s2sad.jvp(np.sin, (w,), (1.0,))[1])

    with pytest.raises(TypeRefusal, match="does not fit"):
        s2sad.grad(f)(W)


def test_lengths_that_are_not_known_are_compared_when_it_runs() -> None:
    def f(w, t):
        return np.sum(s2sad.jvp(np.sin, (w,), (t,))[1])

    close(s2sad.grad(f)(W, W), -np.sin(W) * W)
    with pytest.raises(AssertionError, match="another shape"):
        s2sad.grad(f)(W, np.ones(4))


def test_the_derivative_of_a_function_inside_itself() -> None:
    def f(x):
        return x if x < 0.1 else s2sad.grad(f)(0.5 * x) * x

    with pytest.raises(UnsupportedError, match="a derivative of 'f' inside 'f' itself"):
        s2sad.grad(f)(2.0)


def test_options_that_have_no_meaning_inside() -> None:
    def f(x):
        return s2sad.grad(lambda v: v * x, copy=False)(x)

    with pytest.raises(UnsupportedError, match="outputs and copy"):
        s2sad.grad(f)(2.0)
