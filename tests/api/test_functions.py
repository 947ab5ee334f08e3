"""Functions inside functions, and functions as values: what is read when, and that nothing goes stale."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import TypeRefusal
from tests.programs import func_closures as closures
from tests.programs import func_values as values

W = np.array([0.3, -0.5, 0.9])


def close(a: Any, b: Any) -> None:
    np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=1e-11, atol=1e-12)


def test_a_cell_is_read_at_every_call() -> None:
    scale = 2.0

    def f(x):
        def g(y):
            for _ in range(3):
                if y > 10.0:
                    return y
                y = y * scale
            return y
        return g(x)

    slope = s2sad.grad(f)
    close(slope(0.5), 8.0)
    scale = 3.0
    close(slope(0.5), 27.0)


def test_a_captured_array_is_read_at_every_call() -> None:
    weights = np.array([1.0, 2.0])

    def f(x):
        return np.sum(weights * x)

    slope = s2sad.grad(f)
    close(slope(0.5), 3.0)
    weights[0] = 5.0
    close(slope(0.5), 7.0)


def test_a_pullback_remembers_an_array_that_it_captures() -> None:
    weights = np.array([1.0, 2.0])
    _, pullback = s2sad.vjp(lambda x: np.sum(np.sin(x) * weights), 0.5)
    weights[0] = 5.0
    close(pullback(1.0)[0], 3.0 * np.cos(0.5))


def test_a_default_that_is_an_array() -> None:
    default = np.array([1.0, 2.0])

    def g(x, w=default):
        return np.sum(x * w)

    def f(x):
        return g(x) * 2.0 + g(x, 3.0)

    slope = s2sad.grad(f)
    close(slope(0.5), 9.0)
    default[1] = 4.0
    close(slope(0.5), 13.0)


def test_a_chosen_function_is_guarded() -> None:
    table: dict[str, Callable[[Any], Any]] = {"act": np.sin}

    def f(x):
        return table["act"](x)

    slope = s2sad.grad(f)
    close(slope(0.5), np.cos(0.5))
    table["act"] = np.exp
    close(slope(0.5), np.exp(0.5))


def test_a_partial_and_a_getter_from_outside() -> None:
    third = functools.partial(operator.mul, 3.0)
    second = operator.itemgetter(1)

    def f(x):
        return third(second((1.0, x)))

    close(s2sad.grad(f)(0.5), 3.0)


def test_the_base_of_an_operator_made_outside_is_guarded() -> None:
    def g(y):
        return y ** 2

    def other(y):
        return y ** 3

    slope = s2sad.grad(g)

    def f(x):
        return slope(x)

    made = s2sad.grad(f)
    close(made(0.5), 2.0)
    g.__code__ = other.__code__
    # The operator itself looks at its function anew, too.
    close(slope(0.5), 0.75)
    close(made(0.5), 3.0)


def test_one_trace_for_all_calls_of_a_nested_function() -> None:
    text = s2sad.derive(closures.leaves_a_loop, types=(0.7, 1.3)).source
    assert text.count("def root_fwd(") == 1 and text.count("root_fwd(") == 3


def test_a_nested_function_handed_on_takes_what_it_captures() -> None:
    text = s2sad.derive(values.handed_to_an_integrator, mode="forward", types=(W[:2],)).source
    assert "def rk4_jvp(y, t, dt, steps, p, p_dot):" in text


def test_state_of_two_functions_is_one_variable() -> None:
    def f(x):
        def account(balance):
            def add(v):
                nonlocal balance
                balance = balance + v

            def read():
                return balance
            return add, read
        add, read = account(x)
        add(2.0 * x)
        add(1.0)
        return read() * read()

    close(s2sad.grad(f)(0.7), 2.0 * 3.0 * (3.0 * 0.7 + 1.0))
    assert s2sad.value_and_grad(f)(0.7)[0] == f(0.7)


def test_exceptions_of_nested_functions_come_through() -> None:
    def f(x, n):
        def g(v, n):
            if n > 2:
                raise ValueError(f"{n} is too deep")
            return v if n == 0 else g(v * x, n - 1)
        return g(x, n)

    close(s2sad.grad(f)(0.5, 2), 3.0 * 0.25)
    with pytest.raises(ValueError, match="3 is too deep"):
        s2sad.grad(f)(0.5, 3)


def test_a_view_and_its_base_captured_and_written_to() -> None:
    def f(w):
        base = w * 1.0
        head = base[:2]

        def bump(n):
            for k in range(n):
                if base[0] > 50.0:
                    return
                head[k] = head[k] * 3.0
        bump(2)
        return np.sum(base * w)

    with pytest.raises(TypeRefusal, match="may be the same memory"):
        s2sad.grad(f)(W)


def test_functions_that_differ_from_path_to_path_are_not_returned_from_a_trace() -> None:
    def f(x, a):
        def make(n):
            for k in range(n):
                if k * x > 1.0:
                    return lambda v: v * a
            return lambda v: v + a
        return make(1)(x)

    with pytest.raises(TypeRefusal, match="this returns a function, another return a function"):
        s2sad.grad(f)(0.3, 0.4)


def test_a_list_that_a_function_changes_under_two_names() -> None:
    def f(x):
        kept = [x, x]

        def change(a, b):
            for _ in range(3):
                if a[0] > 2.0:
                    return b[0]
                a[0] = a[0] * 2.0
            return b[0]
        return change(kept, kept)

    with pytest.raises(TypeRefusal, match="may be the same object"):
        s2sad.grad(f)(0.5)
