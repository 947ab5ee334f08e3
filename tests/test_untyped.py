"""Derivatives printed without types: one text for numbers and arrays of any shapes."""

from __future__ import annotations

import numpy as np
import pytest

import s2sad
from tests.corpus import define


def survey(x, y):
    return np.log(x) + x * y - np.sin(y)


def chain(x, y):
    return np.exp(-(x - y) ** 2 / (1.0 + y * y)) * x


def shared(x, y):
    z = x * y
    return z * np.tanh(z + x) / (2.0 + np.cos(z - y))


def branching(x, y):
    s = x
    for i in range(3):
        s = s * y + np.sin(s) * i
    return np.maximum(s, y)


def reduced(x, y):
    return np.sum(x * np.sqrt(y)) * x


SHAPES = [((), ()), ((3,), ()), ((), (3,)), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((1,), (4,)),
          ((1, 1), (3,))]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("f", [survey, chain, shared, branching, reduced], ids=lambda f: f.__name__)
def test_one_text_for_all_shapes(f, shapes) -> None:
    rng = np.random.default_rng(3)
    x, y = (rng.uniform(0.5, 1.5, size=s) if s else float(rng.uniform(0.5, 1.5)) for s in shapes)
    derivative = s2sad.derive(f, wrt=("x", "y"))
    expected = f(x, y)
    seed = rng.normal(size=np.shape(expected))[()]
    value, bars = derivative.fn(x, y, seed)
    assert np.array_equal(value, expected)
    for k, (v, bar) in enumerate(zip((x, y), bars)):
        assert np.shape(bar) == np.shape(v)
        numeric = np.zeros(np.shape(v))
        for index in np.ndindex(np.shape(v)):
            step = np.zeros(np.shape(v))
            step[index] = 1e-6
            ends = [f(*((x + s * step, y) if k == 0 else (x, y + s * step))) for s in (1, -1)]
            numeric[index] = np.sum(seed * (ends[0] - ends[1])) / 2e-6
        assert np.allclose(bar, numeric, rtol=1e-6, atol=1e-7)


def test_sums_wait_for_the_variables() -> None:
    text = s2sad.derive(survey, wrt="x").source
    assert "x_bar = unbroadcast(result_bar * y, x) + unbroadcast(result_bar / x, x)" in text


TAKEN_TOGETHER = ["np.sum(a, axis=-1)", "np.prod(a)", "np.var(a)", "np.cumsum(a)", "np.sort(a)", "np.max(a, axis=-1)",
                  "np.ravel(a)", "np.take(a, 1)", "a[..., 0]", "a.T", "len(a.shape) * a", "a.shape[-1] * a", "a @ a",
                  "np.stack([a, a], axis=-1)", "np.mean(a, axis=0)", "a[1] * a", "np.vstack([a, a])"]


@pytest.mark.parametrize("shape", [(), (2,), (3,), (2, 2)], ids=str)
@pytest.mark.parametrize("body", TAKEN_TOGETHER)
def test_an_array_of_arguments_may_have_more_axes(body, shape) -> None:
    text = f"def f(x, y):\n    a = np.array([x * y, y])\n    return {body}\n"
    f = define(text, f"taken together: {body}", {"np": np})["f"]
    try:
        derivative = s2sad.derive(f)
    except s2sad.errors.TypeRefusal as refusal:
        assert "give the types of the arguments" in str(refusal)
        return
    rng = np.random.default_rng(5)
    x, y = (rng.uniform(0.5, 1.5, size=shape) if shape else float(rng.uniform(0.5, 1.5)) for _ in range(2))
    try:
        expected, pullback = s2sad.vjp(f, x, y)
    except (s2sad.errors.S2sadError, ValueError, IndexError):
        assert shape == (), "only of numbers there may be no such value"
        return
    seed = rng.normal(size=np.shape(expected))[()]
    value, bars = derivative.fn(x, y, seed)
    assert value.dtype == expected.dtype
    assert np.array_equal(value, expected)
    for bar, known in zip(bars, pullback(seed)):
        assert np.shape(bar) == np.shape(known)
        np.testing.assert_allclose(bar, known, rtol=1e-12, atol=1e-12)
