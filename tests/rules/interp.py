"""A small interpreter of straight-line blocks, and the two modes applied to them op by op."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from s2sad.rules.builder import Builder
from s2sad.rules.static import type_of
from s2sad.rules.table import adjoint, flagged, tangent
from s2sad.runtime import helpers
from s2sad.trace.ir import NONE, Arg, Lit, Op, Ref, Slc, Tup, Var
from s2sad.trace.types import FLOAT, UNKNOWN, Array, Dim, Scalar, Type, is_differentiable, short_dtype
from tests.lists import LIST_OPERATORS, added_at, zeros
from tests.places import scatter_add, setitem

Env = dict[Var, Any]


def value(arg: Arg, env: Env) -> Any:
    """The Python value of an operand."""
    if isinstance(arg, Var):
        return env[arg]
    if isinstance(arg, Lit):
        return arg.value
    if isinstance(arg, Tup):
        items = [value(a, env) for a in arg.items]
        return items if arg.is_list else tuple(items)
    if isinstance(arg, Slc):
        return slice(value(arg.lo, env), value(arg.hi, env), value(arg.step, env))
    assert isinstance(arg, Ref)
    return getattr(np, arg.name.removeprefix("np."))


def _array(*xs: Any, layout: Any = None, dtype: Any = None) -> Any:
    def fill(part: Any) -> Any:
        return [fill(p) for p in part] if isinstance(part, (list, tuple)) else xs[part]

    return np.array(fill(layout), dtype=dtype)


def _cast(v: Any, like: Any = None, dtype: str | None = None) -> Any:
    if dtype == "float":
        return float(v)
    if dtype is None:
        return helpers.cast_like(v, like)
    return np.dtype(dtype).type(v) if np.ndim(v) == 0 else v.astype(dtype)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y,
    "//": lambda x, y: x // y, "%": lambda x, y: x % y, "**": lambda x, y: x**y, "@": lambda x, y: x @ y,
    "neg": lambda x: -x, "pos": lambda x: +x, "abs": abs, "float": float, "int": int, "bool": bool, "round": round,
    "<": lambda x, y: x < y, "<=": lambda x, y: x <= y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y,
    "==": lambda x, y: x == y, "!=": lambda x, y: x != y, "&": lambda x, y: x & y, "|": lambda x, y: x | y,
    "^": lambda x, y: x ^ y, "not": lambda x: not x, "invert": lambda x: ~x, "getitem": lambda x, index: x[index],
    "scatter_add": lambda x, v, index, view=None: added_at(x, v, index) if isinstance(x, list) else scatter_add(
        x, v, index, view),
    "setitem": setitem,
    "shape": lambda x, axis=None: np.shape(x) if axis is None else np.shape(x)[axis], "size": np.size, "ndim": np.ndim,
    "len": len, "minlen": lambda *xs: min(map(len, xs)), "np.array": _array, "cast": _cast, "copy": np.copy,
    "zeros_like": zeros, "expand": helpers.expand,
    "unbroadcast": helpers.unbroadcast, "select": lambda c, a, b: a if c else b, "flatten": lambda x: x.flatten(),
    "item": lambda x: x.item(), "polygamma": helpers.polygamma, "np.full": lambda v, shape, dtype=None: np.full(
        shape, v, dtype=dtype),
    "np.eye": lambda num, M=None, k=0, dtype=float: np.eye(num, M, k, dtype=dtype),
    "np.identity": lambda num: np.identity(num),
    "np.einsum": lambda *xs, subscripts, optimize=False: np.einsum(subscripts, *xs, optimize=optimize),
    "part": lambda t, item: t[item], "rounding": helpers.rounding, "compensated": helpers.compensated,
    "math.fsum": lambda *xs: math.fsum(xs), "sum": lambda *xs: sum(xs), "math.prod": lambda *xs: math.prod(xs),
    "np.astype": lambda x, dtype: np.asarray(x).astype(dtype),
    **LIST_OPERATORS,
}


def function(fn: str) -> Callable[..., Any]:
    """The Python function an op stands for."""
    if fn in OPERATIONS:
        return OPERATIONS[fn]
    if fn in helpers.HELPERS:
        return helpers.HELPERS[fn]  # type: ignore[no-any-return]
    obj: Any = {"np": np, "math": math}[fn.split(".")[0]]
    for part in fn.split(".")[1:]:
        obj = getattr(obj, part)
    return (lambda *xs, **options: obj(xs, **options)) if flagged(fn, "multiary") else obj


def run(ops: Sequence[Any], env: Env) -> None:
    """Evaluate ops in order."""
    for op in ops:
        kwargs = {k: value(v, env) for k, v in op.kwargs}
        env[op.target] = function(op.fn)(*[value(a, env) for a in op.args], **kwargs)
        check_type(op, env[op.target])


def check_type(op: Op, v: Any) -> None:
    """The inferred type agrees with the value; a NumPy float64 may stand for a Python float."""
    assert op.target is not None
    t = op.target.type
    if isinstance(t, Scalar):
        assert np.ndim(v) == 0, (op, v)
        if t == FLOAT:
            assert np.asarray(v).dtype == np.float64, (op, v)
    if isinstance(t, Array):
        assert np.ndim(v) == len(t.dims), (op, t, np.shape(v))
        assert t.dtype == "?" or short_dtype(np.asarray(v).dtype) == t.dtype, (op.fn, t, np.asarray(v).dtype)
        for d, n in zip(t.dims, np.shape(v)):
            assert not d.is_constant or d.const == n, (op, t, np.shape(v))
            assert d.may_be_one or n != 1, (op, t, np.shape(v))


def typed(v: Any, how: str = "known") -> Type:
    """The type of a value: with axes that are ``known`` to differ from 1, ``open`` ones, or ``unknown`` altogether."""
    if isinstance(v, bool):
        return Scalar("bool")
    if isinstance(v, (int, float)) and not isinstance(v, np.generic):
        return Scalar("int") if isinstance(v, int) else UNKNOWN if how == "unknown" else FLOAT
    if how == "unknown" and np.asarray(v).dtype.kind == "f":
        return UNKNOWN
    mark = "?" if how == "open" else ""
    dims = tuple(Dim.constant(1) if n == 1 and not mark else Dim.symbol(f"{mark}n{n}") for n in np.shape(v))
    dtype = "?" if how == "open" and np.asarray(v).dtype.kind == "f" else short_dtype(np.asarray(v).dtype)
    return Array(dtype, dims)


def forward(ops: Sequence[Any], env: Env, dots: Mapping[Var, Any]) -> dict[Var, Any]:
    """The tangents of all variables of a block whose primal values are in ``env``."""
    out: dict[Var, Any] = dict(dots)
    for op in ops:
        seeds: list[Arg | None] = []
        for a in op.args:
            if isinstance(a, Var) and a in out:
                seed = Var(a.type)
                env[seed] = out[a]
                seeds.append(seed)
            else:
                seeds.append(None)
        if all(s is None for s in seeds):
            continue
        b = Builder()
        result = tangent(b, op, seeds)
        run(b.stmts, env)
        if result is not None:
            out[op.target] = value(result, env)
            same_kind(out[op.target], env[op.target])
    return out


def backward(ops: Sequence[Any], env: Env, bars: Mapping[Var, Any]) -> dict[Var, Any]:
    """The adjoints of all variables of a block whose primal values are in ``env``."""
    out: dict[Var, Any] = dict(bars)
    for op in reversed(ops):
        if op.target not in out:
            continue
        bar = Var(op.target.type)
        env[bar] = out[op.target]
        b = Builder()
        wanted = [isinstance(a, Var) and is_differentiable(a.type) for a in op.args]
        found = adjoint(b, op, bar, wanted)
        run(b.stmts, env)
        for c in found:
            x = op.args[c.position]
            assert isinstance(x, Var)
            v = value(c.value, env)
            if c.index is not None:
                v = scatter_add(np.zeros_like(env[x]), v, value(c.index, env))
            same_kind(v, env[x])
            out[x] = v if x not in out else out[x] + v
    return out


def same_kind(v: Any, like: Any) -> None:
    """A derivative has the shape and dtype of its primal."""
    if np.asarray(like).dtype.kind != "f":
        return  # a comparison whose type is unknown
    assert np.shape(v) == np.shape(like), (np.shape(v), np.shape(like))
    assert np.asarray(v).dtype == np.asarray(like).dtype, (np.asarray(v).dtype, np.asarray(like).dtype)


__all__ = ["NONE", "backward", "forward", "run", "type_of", "typed", "value"]
