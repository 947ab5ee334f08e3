"""Derivatives that the author of a function gives: how they are given, used, changed and refused."""

from __future__ import annotations

import ctypes
import functools
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import differentiate, grad, jvp
from s2sad.errors import ArgumentError, TypeRefusal, UnsupportedError
from s2sad.rules.table import forget
from tests.programs import control_checkpoint, control_rules


@differentiate
def square(x: Any) -> Any:
    return x * x


@square.defvjp
def square_vjp(primals: Any, y: Any, y_bar: Any) -> Any:
    return (20.0 * primals[0] * y_bar,)


@square.defjvp
def square_jvp(primals: Any, tangents: Any) -> Any:
    return square(primals[0]), 200.0 * primals[0] * tangents[0]


def test_each_mode_uses_its_own_rule() -> None:
    assert grad(square)(3.0) == 60.0
    assert jvp(square, (3.0,), (1.0,)) == (9.0, 600.0)
    assert grad(lambda x: square(x) + x)(3.0) == 61.0
    assert s2sad.vjp(square, 3.0)[1](2.0) == (120.0,)
    assert square.grad(3.0) == 60.0


def test_higher_derivatives_are_those_of_the_rule() -> None:
    assert grad(grad(square))(3.0) == 20.0
    assert jvp(grad(square), (3.0,), (1.0,)) == (60.0, 20.0)
    assert float(s2sad.jacfwd(s2sad.jacfwd(square))(3.0)) == 200.0
    assert float(s2sad.jacrev(s2sad.jacfwd(square))(3.0)) == 200.0


def test_functions_with_rules_and_checkpoints_are_differentiated_themselves() -> None:
    x = np.array([0.3, 0.7, 1.2])
    for f, args in ((control_rules.softplus, (0.7,)), (control_rules.normalised, (x,)),
                    (control_rules.powered, (x, np.ones((2, 3)), 2)), (control_checkpoint.layer, (x, np.eye(3)))):
        wrt = (0, 1) if len(args) > 1 else 0
        s2sad.check_grads(f, args, wrt=wrt)
        assert s2sad.value_and_grad(lambda *a: np.sum(f(*a)))(*args)[0] == np.sum(f(*args))  # noqa: B023
    s2sad.check_grads(control_rules.rule_of_arrays_that_change, (x, 1.3, 3), wrt=("u", "y"))


def test_the_rule_functions_stay_functions() -> None:
    assert square_vjp((1.0,), 1.0, 1.0) == (20.0,)
    assert square_jvp((1.0,), (1.0,)) == (1.0, 200.0)


def test_a_rule_given_later_is_used_from_then_on() -> None:
    f = differentiate(lambda x: x * x)
    g = grad(lambda x: f(x) * 1.0)
    assert g(3.0) == 6.0 and f.grad(3.0) == 6.0
    f.defvjp(lambda primals, y, y_bar: y_bar * 5.0)
    assert g(3.0) == 5.0 and f.grad(3.0) == 5.0
    f.defvjp(lambda primals, y, y_bar: y_bar * 7.0)
    assert g(3.0) == 7.0 and f.grad(3.0) == 7.0
    f.defvjp(lambda x: (x * x, x), lambda kept, y_bar: y_bar * kept)
    assert g(3.0) == 3.0
    assert f(3.0) == 9.0


def test_the_forward_function_gives_the_value() -> None:
    f = differentiate(lambda x: x * x)
    f.defvjp(lambda x: (x * x + 1.0, None), lambda kept, y_bar: y_bar)
    assert s2sad.value_and_grad(lambda x: f(x) * 2.0)(3.0) == (20.0, 2.0)


def test_a_tangent_is_transposed_for_reverse_mode() -> None:
    f = differentiate(lambda x, y: x * y)
    f.defjvp(lambda primals, tangents: (primals[0] * primals[1], 3.0 * tangents[0] + 5.0 * tangents[1]))
    assert grad(f, wrt=(0, 1))(1.0, 1.0) == (3.0, 5.0)


def test_forward_mode_with_an_adjoint_only_is_refused() -> None:
    f = differentiate(lambda x: x * x)
    f.defvjp(lambda primals, y, y_bar: y_bar * 5.0)
    with pytest.raises(UnsupportedError, match="reverse mode only(.|\n)*@f.defjvp"):
        jvp(f, (1.0,), (1.0,))


def test_a_tangent_that_is_not_linear_has_no_adjoint() -> None:
    f = differentiate(lambda x: x * x)
    f.defjvp(lambda primals, tangents: (primals[0] * primals[0], tangents[0] * tangents[0]))
    assert jvp(f, (1.0,), (3.0,)) == (1.0, 9.0)
    with pytest.raises(UnsupportedError, match="not linear"):
        grad(f)(1.0)


@pytest.mark.parametrize(("rule", "told"), [
    (lambda primals, y, y_bar: (y_bar,), "a tuple of 2 adjoints"),
    (lambda primals, y, y_bar: y_bar, "a tuple of 2 adjoints"),
    (lambda primals, y, y_bar: (y_bar, np.ones(2)), "gives .* as x_bar"),
    (lambda primals, y, y_bar: (y_bar, "text"), "gives .* as x_bar"),
])
def test_adjoints_of_another_form_are_refused(rule: Any, told: str) -> None:
    f = differentiate(lambda x, y: x * y)
    f.defvjp(rule)
    with pytest.raises(TypeRefusal, match=told):
        grad(f)(1.0, 2.0)


@pytest.mark.parametrize(("rule", "told"), [
    (lambda primals, tangents: tangents[0], r"a pair \(y, y_dot\)"),
    (lambda primals, tangents: (1, tangents[0]), "as y"),
    (lambda primals, tangents: (primals[0], (tangents[0], 1.0)), "as y_dot"),
])
def test_tangents_of_another_form_are_refused(rule: Any, told: str) -> None:
    f = differentiate(lambda x: x * x)
    f.defjvp(rule)
    with pytest.raises(TypeRefusal, match=told):
        jvp(f, (1.0,), (1.0,))


def test_an_adjoint_of_another_shape_is_an_error() -> None:
    f = differentiate(lambda x: np.sum(x))
    f.defvjp(lambda primals, y, y_bar: (np.ones(2) * y_bar,))
    with pytest.raises(ValueError, match="broadcast"):
        grad(f)(np.ones(3))


def test_a_number_stands_for_an_array_of_it_and_takes_its_dtype() -> None:
    f = differentiate(lambda x, y: np.sum(x) * y)
    f.defvjp(lambda primals, y, y_bar: (2.0, 1))
    x_bar, y_bar = grad(f, wrt=(0, 1))(np.ones(3, np.float32), 2.0)
    assert x_bar.dtype == np.float32 and x_bar.tolist() == [2.0, 2.0, 2.0]
    assert y_bar == 1.0 and type(y_bar) is float


def test_rules_of_what_has_no_source_are_refused() -> None:
    for fn in (math.erf, np.sin, len):
        with pytest.raises(ArgumentError, match=r"s2sad\.rule"):
            differentiate(fn).defvjp(lambda primals, y, y_bar: y_bar)
    with pytest.raises(ArgumentError, match="must be a Python function"):
        differentiate(lambda x: x).defvjp(math.sin)


def test_a_function_that_writes_to_its_arguments_has_no_rule() -> None:
    def fill(x: Any, a: Any) -> None:
        x[0] = a

    f = differentiate(fill)
    f.defvjp(lambda primals, y, y_bar: (None, None))

    def g(x: Any, a: Any) -> Any:
        x = x * 1.0
        f(x, a)
        return np.sum(x)

    with pytest.raises(UnsupportedError, match="writes to its arguments"):
        grad(g)(np.ones(2), 1.0)


def test_an_opaque_function_with_a_declared_rule_and_shape() -> None:
    raw = ctypes.CDLL(None).cos
    raw.restype, raw.argtypes = ctypes.c_double, [ctypes.c_double]
    s2sad.rule("y = c_cos(x)", x="-np.sin(x)", fn=raw)
    try:
        assert grad(lambda x: raw(x) * x)(0.5) == pytest.approx(math.cos(0.5) - 0.5 * math.sin(0.5), rel=1e-12)
    finally:
            forget("c_cos")


def test_the_shape_of_an_opaque_result_is_told_by_an_expression() -> None:
    fn = np.vectorize(lambda x, w: x.T @ x * w, signature="(n,m),()->(m,m)")
    s2sad.general("y = gram(x, w)", like="x.T @ x", fn=fn, x_bar="x @ (y_bar + y_bar.T) * w",
                  w_bar="np.sum(y_bar * (x.T @ x))")
    try:
        x, w = np.arange(6.0).reshape(3, 2), 2.0

        def f(x: Any, w: Any) -> Any:
            return np.sum(fn(x, w)[0] * np.array([1.0, 2.0]))

        x_bar, w_bar = grad(f, wrt=(0, 1))(x, w)
        seed = np.array([[1.0, 2.0], [0.0, 0.0]])
        np.testing.assert_allclose(x_bar, x @ (seed + seed.T) * w)
        assert w_bar == np.sum(seed * (x.T @ x))
        with pytest.raises(TypeRefusal, match="does not say what 'y_dot' is"):
            jvp(f, (x, w), (x, w))
    finally:
        forget("gram")


def test_what_a_declared_rule_does_not_say_is_refused() -> None:
    fn = np.vectorize(lambda x, y: x * y)
    s2sad.rule("z = product(x, y)", x="y", fn=fn)
    try:
        assert grad(lambda x, y: fn(x, y))(2.0, 3.0) == 3.0
        for mode in (lambda: grad(lambda x: fn(x, x))(2.0), lambda: jvp(lambda x: fn(2.0, x), (1.0,), (1.0,))):
            with pytest.raises(TypeRefusal, match="does not say what 'y' is"):
                mode()
    finally:
        forget("product")


def test_an_opaque_function_inside_one_with_a_rule() -> None:
    fn = np.vectorize(lambda x: math.tanh(x), otypes=[float])
    s2sad.general("y = opaque_tanh(x)", like="x", fn=fn)

    def tanh(x: Any) -> Any:
        return fn(x)

    f = differentiate(tanh)
    f.defvjp(lambda primals, y, y_bar: y_bar * (1.0 - y * y))
    f.defjvp(lambda primals, tangents: (f_of(primals[0]), tangents[0] / np.cosh(primals[0]) ** 2))
    f_of = f
    try:
        x = np.array([0.3, -0.7])
        np.testing.assert_allclose(grad(lambda x: np.sum(f(x) * x))(x), np.tanh(x) + x / np.cosh(x) ** 2)
        s2sad.check_grads(lambda x: f(x) * x, (x,), order=2)
        with pytest.raises(TypeRefusal, match="does not say what 'x_bar' is"):
            grad(lambda x: np.sum(fn(x)))(x)
    finally:
        forget("opaque_tanh")


def test_a_bound_method_and_a_wrapped_function_take_declared_rules() -> None:
    class Model:
        def energy(self, x: Any) -> Any:
            return x * x

    model = Model()

    @differentiate
    def quadratic(x: Any) -> Any:
        return x * x

    s2sad.rule("y = energy(x)", x="7.0 * x", fn=model.energy)
    s2sad.rule("y = quadratic(x)", x="9.0 * x", fn=quadratic)
    try:
        assert grad(lambda x: model.energy(x))(2.0) == 14.0
        assert grad(model.energy)(2.0) == 14.0
        assert grad(lambda x: quadratic(x))(2.0) == 18.0
        assert quadratic.grad(2.0) == 18.0
    finally:
        forget("energy")
        forget("quadratic")


def cube(x: Any) -> Any:
    total = 0.0
    for _ in range(3):
        total = total + x * x * x / 3.0
    return total


def weighted(x: Any, y: Any, power: Any) -> Any:
    return x**power * y


halved = functools.partial(lambda x, d: x / d, d=2.0)


@pytest.fixture
def declared() -> Iterator[None]:
    s2sad.rule("y = cube(x)", x="3.0 * x**2", fn=cube)
    s2sad.rule("y = halved(x)", x="0.5", fn=halved)
    s2sad.general("z = weighted(x, y, power)", like="x * y", fn=weighted,
                  z_dot="power * x ** (power - 1) * x_dot * y + x**power * y_dot",
                  x_bar="z_bar * power * x ** (power - 1) * y", y_bar="z_bar * x**power")
    yield
    for name in ("cube", "halved", "weighted"):
        forget(name)


def test_declared_rules_of_functions_with_source(declared: None) -> None:
    x, y = np.array([0.3, 0.7, 1.2]), 1.3
    s2sad.check_grads(lambda x, y: cube(x * y) + cube(y), (0.7, 1.3), wrt=(0, 1))
    s2sad.check_grads(lambda x, y: cube(x * y) + cube(y), (x, y), wrt=(0, 1))
    s2sad.check_grads(lambda x, y: weighted(x, y, 3) * np.sin(x), (x, y), wrt=(0, 1))
    s2sad.check_grads(lambda x: halved(np.sin(x)) * x, (x,))
    s2sad.check_grads(cube, (x,))
    assert "cube(x * y)" in s2sad.derive(lambda x, y: cube(x * y), types="x: float, y: float").source


def test_a_declared_rule_is_used_from_then_on() -> None:
    def cube(x: Any) -> Any:
        return x * x * x

    g = grad(lambda x: cube(x))
    assert g(2.0) == 12.0
    s2sad.rule("y = cube(x)", x="5.0", fn=cube)
    try:
        assert g(2.0) == 5.0
    finally:
        forget("cube")
    assert g(2.0) == 12.0


def test_a_rule_survives_pickling_by_name() -> None:
    assert pickle.loads(pickle.dumps(square)) is square


PROGRAM = """
import sys
import s2sad

@s2sad.differentiate
def f(x):
    return x * x

{rule}

def g(x):
    return f(x) + x

print(s2sad.grad(g)(3.0), s2sad.grad(f)(3.0))
"""


def test_the_cache_knows_the_rule(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    environment = {**os.environ, "S2SAD_CACHE_DIR": str(tmp_path / "cache")}
    rules = ["", *(f"f.defvjp(lambda primals, y, y_bar: y_bar * {factor})" for factor in (5.0, 7.0)), ""]
    printed = []
    for rule in (*rules, rules[1], rules[1]):
        file.write_text(PROGRAM.format(rule=rule))
        made = subprocess.run([sys.executable, str(file)], env=environment, capture_output=True, text=True, check=True)
        printed.append(made.stdout.split())
    assert printed == [["7.0", "6.0"], ["6.0", "5.0"], ["8.0", "7.0"], ["7.0", "6.0"], ["6.0", "5.0"], ["6.0", "5.0"]]


def test_the_text_has_the_rule_in_the_place_of_the_call() -> None:
    def f(x: Any) -> Any:
        y = square(np.sin(x))
        return y

    text = s2sad.derive(f, types="x: float").source
    assert "# y = square(np.sin(x))" in text
    assert "20.0 * " in text and "square(" not in text.replace("# y = square(", "")


def test_a_loop_over_data_points_is_fused_around_a_rule() -> None:
    def f(w: Any, X: Any) -> Any:
        s = 0.0
        for i in range(X.shape[0]):
            s = s + square(np.exp(X[i] @ w))
        return s

    text = s2sad.derive(f, wrt="w", types="w: f8[:], X: f8[:, :]").source
    assert text.count("for i in") == 1 and "tape" not in text
    w, X = np.array([0.3, 0.5]), np.array([[1.0, 2.0], [0.5, -1.0]])
    e = np.exp(X @ w)
    np.testing.assert_allclose(grad(f)(w, X), X.T @ (20.0 * e * e), rtol=1e-14)


# Slips in declarations, reported where they are made.


def raw(x: float) -> float:
    return x


@pytest.mark.parametrize(("text", "keywords", "words"), [
    ("y = raw(x)", {"x": "slope * x"}, "the rule of raw reads 'slope' in x=\"slope * x\", which is no operand"),
    ("y = raw(x)", {"x": "2.0 *"}, "x=\"2.0 *\" is no expression of Python"),
    ("y = raw(x)", {"x": "np.nosuch(x)"}, "calls np.nosuch"),
    ("y = raw(x)", {"x": "np.nosuch * x"}, "reads np.nosuch"),
    ("y = raw(x)", {"z": "2.0 * x"}, "says what z is, which is no operand"),
    ("y = raw(x", {"x": "2.0"}, "write the call of the function"),
    ("raw", {"x": "2.0"}, "write the call of the function"),
    ("y = nowhere_at_all.raw(x)", {"x": "2.0"}, "there is no such module"),
])
def test_a_slip_in_a_declaration_is_reported_at_once(text: str, keywords: dict[str, str], words: str) -> None:
    with pytest.raises(s2sad.errors.ValueArgumentError) as caught:
        s2sad.rule(text, fn=raw, **keywords)
    assert words in str(caught.value)


def test_a_rule_says_whose_it_is() -> None:
    with pytest.raises(s2sad.errors.ValueArgumentError, match="say which function it is: fn=raw"):
        s2sad.rule("y = raw(x)", x="2.0")
    with pytest.raises(ArgumentError, match="defvjp"):
        s2sad.rule("y = raw(x)", x=lambda x: 2.0 * x, fn=raw)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="is no function"):
        s2sad.rule("y = raw(x)", x="2.0", fn=3.0)


def test_numbers_of_modules_may_stand_in_rules() -> None:
    wave = np.vectorize(lambda x: math.sin(math.pi * x))
    s2sad.rule("y = wave(x)", x="np.pi * np.cos(math.pi * x)", fn=wave)
    try:
        assert grad(lambda x: wave(x))(0.25) == pytest.approx(math.pi * math.sqrt(0.5), rel=1e-15)
        s2sad.check_grads(lambda x: wave(x), (0.25,))
    finally:
        forget("wave")


def test_rules_may_read_each_other_and_what_they_miss_is_said_at_the_call() -> None:
    sine, cosine = np.vectorize(math.sin), np.vectorize(math.cos)
    s2sad.rule("y = sine(x)", x="cosine(x)", fn=sine)
    try:
        with pytest.raises(TypeRefusal, match=r"a rule calls cosine, which has no rule"):
            grad(lambda x: sine(x))(0.5)
        s2sad.rule("y = cosine(x)", x="-sine(x)", fn=cosine)
        assert grad(grad(lambda x: sine(x)))(0.5) == -math.sin(0.5)
    finally:
        forget("sine"), forget("cosine")
