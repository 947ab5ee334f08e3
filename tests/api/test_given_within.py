"""Operators inside a function, of functions whose derivatives are given by rules: the rule counts, not the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import s2sad


@s2sad.differentiate
def square(x):
    return x * x


@square.defjvp
def square_jvp(primals, tangents):
    return square(primals[0]), 100.0 * tangents[0] * primals[0]


@s2sad.differentiate
def product(x, y):
    return x * y


product.defvjp(lambda x, y: (x * y, (x, y)), lambda kept, bar: (bar * kept[1] * 2, bar * kept[0] * 3))

slope = s2sad.grad(square)


def gradient(x):
    return s2sad.grad(square)(x) * square(x)


def made_outside(x):
    return slope(x)


def every_operator(x):
    v = s2sad.value_and_grad(square)(x)[1] * s2sad.jvp(square, (x,), (x,))[1]
    return v * s2sad.vjp(square, x)[1](x)[0]


def twice(x):
    return s2sad.hvp(square, (x,), (x,)) + square.grad(x)


def in_a_lambda(x):
    return s2sad.grad(lambda t: square(t) * x)(x)


def in_a_loop(x):
    total = 0.0
    for k in range(3):
        total = total + s2sad.grad(product, 1)(x, x) * k
    return total


@pytest.mark.parametrize(("fn", "derivative"), [
    (gradient, lambda x: 300 * x**2 + 100 * x * (100 * x - 2 * x)),
    (made_outside, lambda x: 100.0),
    (every_operator, lambda x: 5e6 * x**4),
    (twice, lambda x: 200.0),
    (in_a_lambda, lambda x: 200 * x),
    (in_a_loop, lambda x: 9.0),
])
def test_the_rule_counts(fn: Callable[[float], float], derivative: Callable[[float], float]) -> None:
    value, gradient = s2sad.value_and_grad(fn)(0.7)
    assert value == pytest.approx(fn(0.7), rel=1e-15)
    assert gradient == pytest.approx(derivative(0.7), rel=1e-12)
