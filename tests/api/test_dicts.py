"""Dicts as arguments and results of derivatives."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, ValueArgumentError
from tests.corpus import define

MODEL = {"weights": np.array([[0.5, 1.0], [-1.0, 2.0]]), "bias": np.array([0.1, -0.2]), "scale": 0.5,
         "index": np.arange(2), "name": "small", "layers": [(1.0, 2.0)], "on": np.bool_(True)}


def loss(x: Any, model: Any) -> Any:
    y = np.tanh(model["weights"] @ x + model["bias"])
    if model["on"]:
        y = y * model["scale"]
    return np.sum(y[model["index"]])


def parts(x: Any, y: Any) -> Any:
    return {"product": x * y, "sine": np.sin(x), "name": "parts"}


def test_the_text() -> None:
    text = '''
    def f(x, model):
        weights = model["weights"]
        return np.sum(weights @ x) * model["parts"]["scale"]
    '''
    f = define(textwrap.dedent(text), "dict text", {"np": np})["f"]
    model = {"weights": np.ones((2, 2)), "parts": {"scale": 2.0, "rest": 1.0}, "pair": (1.0, 2.0), "name": "a"}
    made = s2sad.derive(f, mode="reverse", wrt="model", types=(np.ones(2), model))
    lines = [line.strip().replace('"', "'") for line in made.source.splitlines()]
    assert "weights = model['weights']" in lines
    assert "scale = model['parts']['scale']" in lines
    assert not any("rest" in line and "= model" in line or "pair" in line and "= model" in line for line in lines)
    assert any(line.startswith("return ") and "{'weights': " in line for line in lines)


def test_gradients_have_the_structure_of_the_argument() -> None:
    x = np.array([0.3, -0.7])
    before = str(MODEL)
    x_bar, bars = s2sad.grad(loss, wrt=("x", "model"))(x, MODEL)
    assert list(bars) == list(MODEL)
    assert bars["index"] is None and bars["name"] is None and bars["on"] is None
    assert bars["weights"].shape == (2, 2) and bars["bias"].shape == (2,)
    assert bars["layers"] == [(0.0, 0.0)]
    assert str(MODEL) == before
    s2sad.check_grads(loss, (x, MODEL), wrt=("x", "model"), order=2)
    assert np.shape(x_bar) == (2,)


def test_other_keys_and_other_statics_are_other_kernels() -> None:
    x = np.array([0.3, -0.7])
    gradient = s2sad.grad(loss)
    on = gradient(x, MODEL)
    off = gradient(x, {**MODEL, "on": np.bool_(False)})
    np.testing.assert_allclose(on, 0.5 * off)
    swapped = dict(reversed(list(MODEL.items())))
    np.testing.assert_array_equal(gradient(x, swapped), on)

    first = define("def first(d):\n    return [v for v in d.values()][0] * 2.0\n", "first value", {})["first"]
    assert s2sad.grad(first)({"a": 1.0, "b": 3.0}) == {"a": 2.0, "b": 0.0}
    assert s2sad.grad(first)({"b": 1.0, "a": 3.0}) == {"b": 2.0, "a": 0.0}


def test_a_number_that_must_be_known() -> None:
    power = define("def power(d):\n    return (d['x'], d['x'] ** 2, d['x'] ** 3)[d['n']]\n", "powers", {})["power"]
    gradient = s2sad.grad(power)
    assert gradient({"x": 3.0, "n": 1}) == {"x": 6.0, "n": None}
    assert gradient({"x": 3.0, "n": 2}) == {"x": 27.0, "n": None}


def test_forward_and_split_reverse_mode() -> None:
    y, y_dot = s2sad.jvp(parts, (2.0, 3.0), (1.0, None))
    assert y == parts(2.0, 3.0)
    assert y_dot == {"product": 3.0, "sine": np.cos(2.0), "name": None}
    y, pullback = s2sad.vjp(parts, 2.0, 3.0)
    assert y == parts(2.0, 3.0)
    assert pullback({"product": 1.0, "sine": 0.0, "name": None}) == (3.0, 2.0)
    assert pullback({"name": None, "sine": 1.0, "product": None}) == (np.cos(2.0), 0.0)
    _, tangent = s2sad.jvp(loss, (np.ones(2), MODEL), (None, {**dict.fromkeys(MODEL), "scale": 1.0}))
    np.testing.assert_allclose(tangent, loss(np.ones(2), {**MODEL, "scale": 1.0}))


def test_seeds_that_do_not_fit() -> None:
    _, pullback = s2sad.vjp(parts, 2.0, 3.0)
    with pytest.raises(ValueArgumentError, match="'product'"):
        pullback({"product": 1.0})
    with pytest.raises(ArgumentError, match="must be a dict"):
        pullback((1.0, 2.0, None))


def test_jacobians() -> None:
    d = {"a": np.array([1.0, 2.0]), "b": 3.0}
    f = define("def f(d):\n    return d['a'] ** 2 * d['b']\n", "jacobian of a dict", {})["f"]
    for jacobian in (s2sad.jacrev(f)(d), s2sad.jacfwd(f)(d)):
        np.testing.assert_allclose(jacobian["a"], np.diag(2.0 * d["a"] * 3.0))
        np.testing.assert_allclose(jacobian["b"], d["a"] ** 2)


def test_types_as_text() -> None:
    f = define("def f(d):\n    return np.sum(d['a'] * d['b'])\n", "types as text", {"np": np})["f"]
    made = s2sad.derive(f, types="d: {'a': f8[:], 'b': float}")
    value, bars = made.fn({"a": np.ones(2), "b": 3.0})
    assert value == 6.0 and bars["b"] == 2.0
    np.testing.assert_array_equal(bars["a"], [3.0, 3.0])


def test_what_has_no_derivative() -> None:
    f = define("def f(d, x):\n    return d['n'] * x\n", "no derivative", {})["f"]
    with pytest.raises(ArgumentError, match="tuple, list or dict|1.0 instead of 1"):
        s2sad.grad(f)({"n": 1}, 2.0)
