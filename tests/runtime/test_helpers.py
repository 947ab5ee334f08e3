"""The functions that are copied into generated files."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from s2sad.runtime import helpers


def test_each_text_stands_alone() -> None:
    for name in helpers.HELPERS:
        source = helpers.helper_source(name)
        scope: dict[str, Any] = {"np": np}
        exec(compile(source, name, "exec"), scope)
        assert callable(scope[name])
        names = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
        assert names & set(helpers.HELPERS) <= {name, *helpers.DEPENDS[name]}
        assert "Any" not in names


@pytest.mark.parametrize("shape, like", [((2, 3), (3,)), ((2, 3), (1, 3)), ((2, 3), (2, 1)), ((2, 3), ()),
                                         ((4, 2, 3), (2, 1)), ((3,), (3,)), ((1, 1), (1, 1))])
def test_unbroadcast(shape: tuple[int, ...], like: tuple[int, ...]) -> None:
    v, x = np.arange(float(np.prod(shape))).reshape(shape), np.zeros(like, "f4")
    found = helpers.unbroadcast(v, x)
    assert found.shape == like and found.dtype == np.float32
    weights = np.arange(float(np.prod(like))).reshape(like)
    assert np.sum(found * weights) == np.sum(v * weights)


def test_unbroadcast_to_a_number() -> None:
    assert helpers.unbroadcast(np.ones((2, 3)), 1.0) == 6.0
    assert type(helpers.unbroadcast(np.float32(2.0), 1.0)) is float


def test_expand() -> None:
    like = np.zeros((2, 3), "f4")
    out = helpers.expand(2.0, like)
    assert out.dtype == np.float32 and out.shape == (2, 3)
    out[0, 0] = 5.0
    assert out[1, 0] == 2.0
    assert helpers.expand(np.ones(3), like).dtype == np.float64
    assert helpers.expand(2.0, 1.0) == 2.0
    assert helpers.expand(2.5, np.zeros(2, int)).tolist() == [2.5, 2.5]


def test_cast_like() -> None:
    assert helpers.cast_like(np.float64(0.1), np.float32(1)).dtype == np.float32
    assert type(helpers.cast_like(np.float32(0.5), 1.0)) is float
    assert helpers.cast_like(0.5, np.zeros(2, "f4")).dtype == np.float32
    x = np.ones(3)
    assert helpers.cast_like(x, np.zeros(1)) is x
    assert helpers.cast_like(x, np.zeros(1, "f4")).dtype == np.float32


def test_accumulate() -> None:
    a, b = [1.0, (np.ones(2), None)], [2.0, (np.ones(2), 3.0)]
    out = helpers.accumulate(a, b)
    assert out[0] == 3.0 and out[1][0].tolist() == [2.0, 2.0] and out[1][1] == 3.0
    assert helpers.accumulate(None, a) is a and helpers.accumulate(a, None) is a


def test_tape_zeros() -> None:
    out = helpers.tape_zeros([1.5, (np.ones(2, "f4"), 3), np.float32(2)])
    assert out[0] == 0.0 and out[1][0].dtype == np.float32 and out[1][1] is None and out[2].dtype == np.float32


def test_check_length() -> None:
    helpers.check_length([1, 2], 2)
    for x, n in (([1], 2), ([1, 2, 3], 2)):
        with pytest.raises(ValueError) as ours:
            helpers.check_length(x, n)
        with pytest.raises(ValueError) as python:
            a, b = x
        assert str(ours.value).startswith(str(python.value)[:20])


def test_polygamma() -> None:
    special = pytest.importorskip("scipy.special")
    for degree in range(4):
        for x in (0.1, 1.0, 2.5, 30.0):
            assert helpers.polygamma(x, degree) == pytest.approx(float(special.polygamma(degree, x)), rel=1e-12)
    assert helpers.polygamma(-0.7) == pytest.approx(float(special.digamma(-0.7)), rel=1e-12)
    assert np.isnan(helpers.polygamma(-2.0))
