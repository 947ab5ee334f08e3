"""What every rule must satisfy, checked for one op and given operands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from s2sad.rules.builder import Builder
from s2sad.rules.table import adjoint, infer
from s2sad.trace.ir import Arg, Lit, Op, Var
from s2sad.trace.types import is_differentiable
from tests.rules.interp import Env, backward, forward, run, typed


def is_float(v: Any) -> bool:
    return np.asarray(v).dtype.kind == "f"


def draw(rng: np.random.Generator, like: Any) -> Any:
    """A random number or array of the kind of ``like``."""
    v = rng.uniform(-1.0, 1.0, np.shape(like))
    return float(v) if isinstance(like, float) and not isinstance(like, np.generic) else np.asarray(
        v, np.asarray(like).dtype)[()]


def inner(a: Any, b: Any) -> float:
    return float(np.sum(np.asarray(a, "f8") * np.asarray(b, "f8")))


def make(fn: str, values: Sequence[Any], options: Mapping[str, Arg], how: str = "known") -> tuple[Op, Env, list[Var]]:
    """An op on fresh variables with these values; None stays a literal."""
    args: list[Arg] = [Lit(v) if v is None else Var(typed(v, how), f"x{k}") for k, v in enumerate(values)]
    variables = [a for a in args if isinstance(a, Var)]
    env: Env = {a: v for a, v in zip(args, values) if isinstance(a, Var)}
    op = Op(Var(infer(fn, tuple(args), options), "z"), fn, tuple(args), tuple(options.items()))
    return op, env, [v for v in variables if is_float(env[v])]


def check(fn: str, values: Sequence[Any], options: Mapping[str, Arg] | None = None, how: str = "known",
          second: bool = True, seed: int = 0, differences: bool = True) -> None:
    """Types, dot-product identity, and finite differences to second order in double precision."""
    rng = np.random.default_rng(seed)
    op, env, active = make(fn, values, options or {}, how)
    run([op], env)
    assert op.target is not None
    if not is_float(env[op.target]) or not active:
        return
    single = any(np.asarray(env[v]).dtype == np.float32 for v in (*active, op.target))
    rtol = 2e-4 if single else 1e-9
    dots = {v: draw(rng, env[v]) for v in active}
    bar = draw(rng, env[op.target])
    z_dot = forward([op], env, dots).get(op.target, 0.0)
    bars = backward([op], env, {op.target: bar})
    left = inner(bar, z_dot)
    right = sum(inner(bars.get(v, 0.0), dots[v]) for v in active)
    scale = 1.0 + np.sum(np.abs(np.asarray(bar, "f8") * np.asarray(z_dot, "f8")))
    assert abs(left - right) <= rtol * scale, (fn, left, right)
    if single or not differences:
        return
    compare([op], env, dots, {op.target: bar}, z_dot)
    if second:
        check_second_order(op, env, active, bar, rng)


def shifted(ops: Sequence[Any], env: Env, dots: Mapping[Var, Any], h: float, outputs: Sequence[Var]) -> list[Any]:
    """The outputs for inputs moved by ``h`` along the tangents."""
    moved: Env = {}
    inputs = {*dots, *(a for op in ops for a in op.args if isinstance(a, Var))} - {op.target for op in ops}
    for v in inputs:
        moved[v] = env[v] + h * dots[v] if v in dots else env[v]
    run(ops, moved)
    return [np.asarray(moved[o], "f8") for o in outputs]


def compare(ops: Sequence[Any], env: Env, dots: Mapping[Var, Any], bars: Mapping[Var, Any], _z_dot: Any = None) -> None:
    """Tangents of the variables in ``bars`` against central differences."""
    outputs = list(bars)
    found = forward(ops, env, dots)
    h = 1e-5
    up, down = shifted(ops, env, dots, h, outputs), shifted(ops, env, dots, -h, outputs)
    for o, a, b in zip(outputs, up, down):
        expected = (a - b) / (2 * h)
        np.testing.assert_allclose(np.broadcast_to(found.get(o, 0.0), expected.shape), expected, rtol=2e-5, atol=2e-6)


def check_second_order(op: Op, env: Env, active: Sequence[Var], bar: Any, rng: np.random.Generator) -> None:
    """The adjoint, taken as a program, against differences (tangents) and against its own tangents (adjoints)."""
    assert op.target is not None
    b = Builder()
    seed = Var(op.target.type, "z_bar")
    env = dict(env)
    env[seed] = bar
    found = adjoint(b, op, seed, [isinstance(a, Var) and is_differentiable(a.type) for a in op.args])
    ops = [op, *b.stmts]
    run(ops, env)
    outputs = [c.value for c in found if isinstance(c.value, Var)]
    dots = {v: draw(rng, env[v]) for v in (*active, seed)}
    bars = {o: draw(rng, env[o]) for o in outputs}
    compare(ops, env, dots, bars)
    tangents = forward(ops, env, dots)
    adjoints = backward(ops, env, bars)
    left = sum(inner(bars[o], tangents.get(o, 0.0)) for o in bars)
    right = sum(inner(adjoints.get(v, 0.0), dots[v]) for v in dots)
    scale = 1.0 + sum(abs(inner(np.abs(bars[o]), np.abs(tangents.get(o, 0.0)))) for o in bars)
    assert abs(left - right) <= 1e-8 * scale, (op.fn, left, right)
