"""The convention at each point where a function has no (finite) derivative, and the neighbours of such points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad.rules.builder import Builder
from s2sad.rules.compiled import describe_rules
from s2sad.rules.table import adjoint
from s2sad.trace.ir import Lit, Op, Var
from tests.rules.checks import make
from tests.rules.interp import backward, run, value

INF = float("inf")


def gradient(fn: str, *values: Any, bar: Any = None, literal: tuple[int, ...] = (), kept: Any = None) -> list[Any]:
    """The adjoints of the operands for a cotangent of ones; operands at ``literal`` are literals."""
    op, env, _ = make(fn, values, {})
    if literal:
        args = tuple(Lit(values[k]) if k in literal else a for k, a in enumerate(op.args))
        op = Op(op.target, fn, args)
    with np.errstate(all="ignore"):
        run([op], env)
        assert op.target is not None
        z = env[op.target]
        seed = Var(op.target.type)
        env[seed] = np.ones_like(z)[()] if bar is None else bar
        if isinstance(z, float) and not isinstance(z, np.generic):
            env[seed] = float(env[seed])
        b = Builder()
        found = adjoint(b, op, seed, [isinstance(a, Var) for a in op.args], kept=kept)
        run(b.stmts, env)
    out: list[Any] = [0.0 if isinstance(a, Var) else None for a in op.args]
    for c in found:
        out[c.position] = value(c.value, env)
    return out


def same(found: Any, expected: Any) -> None:
    if isinstance(found, list) and isinstance(expected, list):
        for f, e in zip(found, expected, strict=True):
            same(f, e)
    else:
        np.testing.assert_array_equal(np.asarray(found, "f8"), np.asarray(expected, "f8"))


@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.atleast_1d])
def test_powers(kind: Any) -> None:
    zero, one, half, two = kind(0.0), kind(1.0), kind(0.5), kind(2.0)
    same(gradient("**", zero, 0, literal=(1,))[0], 0.0)
    same(gradient("**", zero, 1, literal=(1,))[0], one)
    same(gradient("**", zero, 2, literal=(1,))[0], zero)
    if kind is not float:
        same(gradient("**", zero, 0.5, literal=(1,))[0], INF * one)
        same(gradient("**", zero, 0.25, literal=(1,))[0], INF * one)
    same(gradient("**", zero, zero), [zero, zero])
    same(gradient("**", zero, one), [one, zero])
    same(gradient("**", zero, two), [zero, zero])
    if kind is not float:
        same(gradient("**", zero, half), [INF * one, zero])
    same(gradient("**", zero, 0), [zero, 0.0])
    same(gradient("**", zero, 3), [zero, 0.0])
    assert np.isnan(gradient("**", -two, two)[1])
    same(gradient("**", -two, two)[0], -2 * two)
    same(gradient("np.power", zero, zero), [zero, zero])


def test_powers_of_python_numbers() -> None:
    same(gradient("math.pow", 0.0, 0.0), [0.0, 0.0])
    with pytest.raises(ZeroDivisionError):
        gradient("math.pow", 0.0, 0.5)
    same(gradient("**", 2, 3.0, literal=(0,))[1], 8 * np.log(2))
    same(gradient("**", 0, 2.0, literal=(0,))[1], 0.0)


@pytest.mark.parametrize("fn, at, expected", [
    ("abs", 0.0, 0.0), ("np.abs", 0.0, 0.0), ("np.fabs", 0.0, 0.0), ("math.fabs", 0.0, 0.0), ("np.sqrt", 0.0, INF),
    ("np.cbrt", 0.0, INF), ("np.arcsin", 1.0, INF), ("np.arcsin", -1.0, INF),
    ("np.arccos", 1.0, -INF), ("np.arccosh", 1.0, INF), ("np.square", 0.0, 0.0),
])
def test_one_operand(fn: str, at: float, expected: float) -> None:
    same(gradient(fn, at), [expected])
    same(gradient(fn, np.float64(at)), [expected])


@pytest.mark.parametrize("fn, at", [
    ("math.sqrt", 0.0), ("math.asin", 1.0), ("math.acos", -1.0), ("math.acosh", 1.0),
])
def test_python_numbers_divide_as_python_does(fn: str, at: float) -> None:
    with pytest.raises(ZeroDivisionError):
        gradient(fn, at)


def test_two_operands() -> None:
    same(gradient("np.hypot", 0.0, 0.0), [0.0, 0.0])
    same(gradient("math.hypot", 0.0, 0.0, 0.0), [0.0, 0.0, 0.0])
    same(gradient("np.arctan2", np.float64(0.0), np.float64(0.0)), [0.0, 0.0])
    same(gradient("np.arctan2", 0.0, 0.0), [0.0, 0.0])
    with pytest.raises(ZeroDivisionError):
        gradient("math.atan2", 0.0, 0.0)
    same(gradient("np.copysign", 0.0, 1.0), [0.0, 0.0])
    same(gradient("math.copysign", 0.0, 1.0), [0.0, 0.0])
    same(gradient("np.heaviside", 0.0, 0.5), [0.0, 1.0])
    for fn in ("%", "np.remainder", "np.fmod", "math.fmod", "math.remainder"):
        same(gradient(fn, 6.0, 2.0), [1.0, -3.0])


@pytest.mark.parametrize("fn", ["np.maximum", "np.minimum", "np.fmax", "np.fmin"])
def test_ties_of_two(fn: str) -> None:
    same(gradient(fn, 1.0, 1.0), [0.5, 0.5])
    x = np.array([1.0, 2.0], "f4")
    found = gradient(fn, x, np.float32(1.0) * x)
    assert found[0].dtype == np.float32
    same(found, [[0.5, 0.5], [0.5, 0.5]])


def test_a_nan_beside_a_number() -> None:
    same(gradient("np.fmax", 1.0, float("nan")), [1.0, 0.0])
    same(gradient("np.fmin", float("nan"), 1.0), [0.0, 1.0])


@pytest.mark.parametrize("fn", ["np.max", "np.min"])
def test_ties_of_many(fn: str) -> None:
    same(gradient(fn, np.array([2.0, 2.0, 2.0, 2.0])), [[0.25] * 4])
    found = gradient(fn, np.array([[1.0, 1.0], [3.0, 3.0]], "f4"))[0]
    assert found.dtype == np.float32
    same(found.sum(), 1.0)


def test_clip_at_its_bounds() -> None:
    same(gradient("np.clip", np.array([0.0, 0.5, 1.0, 2.0, -1.0]), 0.0, 1.0), [[1.0, 1.0, 1.0, 0.0, 0.0], 1.0, 1.0])
    same(gradient("np.clip", 0.5, 2.0, 1.0), [0.0, 0.0, 1.0])


def test_where_discards() -> None:
    c = np.array([True, False])
    x = np.array([1.0, float("nan")])
    same(gradient("np.where", c, x, np.array([float("inf"), 2.0]))[1:], [[1.0, 0.0], [0.0, 1.0]])
    same(gradient("np.where", c, x, 0.0, literal=(2,), bar=np.array([1.0, INF]))[1], [1.0, 0.0])


@pytest.mark.parametrize("fn", ["np.sqrt", "np.log", "np.reciprocal", "np.cbrt"])
def test_guarded(fn: str) -> None:
    """A cotangent of zero gives zero where the value was discarded by `np.where`."""
    x = np.array([0.0, 4.0])
    assert np.isnan(gradient(fn, x, bar=np.array([0.0, 1.0]))[0][0])
    found = gradient(fn, x, bar=np.array([0.0, 1.0]), kept=())[0]
    assert found[0] == 0.0 and np.isfinite(found[1])
    found = gradient("/", x, x, bar=np.array([0.0, 1.0]), kept=())[0]
    assert found[0] == 0.0


def test_norm_and_spread_at_zero() -> None:
    same(gradient("np.linalg.norm", np.zeros(3)), [np.zeros(3)])
    same(gradient("np.std", np.ones(3)), [np.zeros(3)])


def test_product_with_zeros() -> None:
    same(gradient("np.prod", np.array([2.0, 0.0, 3.0])), [[0.0, 6.0, 0.0]])
    same(gradient("np.prod", np.array([0.0, 0.0, 3.0])), [[0.0, 0.0, 0.0]])


def test_every_convention_is_described() -> None:
    notes = {d.name: d.note for d in describe_rules() if d.note}
    for fn in ("**", "np.abs", "np.sqrt", "np.maximum", "np.max", "np.clip", "np.hypot", "np.linalg.norm", "np.prod"):
        assert notes[fn], fn


def test_backward_helper_accumulates() -> None:
    op, env, [x, y] = make("*", [2.0, 3.0], {})
    run([op], env)
    assert op.target is not None
    assert backward([op], env, {op.target: 1.0})[x] == 3.0
    assert y in env
