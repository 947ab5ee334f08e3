"""The rules of lists: linear operations, whose adjoint is their transpose, and whose second derivative is that again.

The values are compared with Python's own lists.  ⟨ȳ, f(ẋ)⟩ = ⟨f*(ȳ), ẋ⟩ is checked for f, and for f* as an operation
of ȳ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from s2sad.rules.builder import Builder
from s2sad.rules.table import adjoint, infer, tangent
from s2sad.trace.ir import Arg, Lit, Op, Slc, Var
from s2sad.trace.types import FLOAT, Array, Dim, List, Type
from tests.lists import LIST_OPERATORS
from tests.rules.interp import run

N = Array("f8", (Dim.symbol("n"),))
M = Array("f8", (Dim.symbol("m"), Dim.symbol("n")))
NUMBERS, ARRAYS, TABLE = List(FLOAT), List(N), List(List(FLOAT))


def draw(t: Type, rng: np.random.Generator) -> Any:
    """A random value: lists have three items, axes two or four elements."""
    if isinstance(t, List):
        return [draw(t.item, rng) for _ in range(3)]
    if isinstance(t, Array) and t.dims:
        return rng.uniform(-1.0, 1.0, [2, 4][-len(t.dims):])
    return float(rng.uniform(-1.0, 1.0))


def like(x: Any, rng: np.random.Generator) -> Any:
    """A random value of the same form."""
    if isinstance(x, list):
        return [like(item, rng) for item in x]
    return rng.uniform(-1.0, 1.0, np.shape(x)) if np.ndim(x) else float(rng.uniform(-1.0, 1.0))


def dot(a: Any, b: Any) -> float:
    if isinstance(a, list):
        assert len(a) == len(b)
        return sum(map(dot, a, b))
    assert np.shape(a) == np.shape(b)
    return float(np.sum(np.multiply(a, b)))


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(equal, a, b))
    return bool(np.all(np.equal(a, b)))


CASES: list[tuple[str, Sequence[Type], dict[str, Arg]]] = [
    ("list_of", (FLOAT, FLOAT), {}), ("list_of", (N, N), {}), ("list_of", (NUMBERS, NUMBERS), {}),
    ("list_append", (NUMBERS, FLOAT), {}), ("list_append", (ARRAYS, N), {}), ("list_append", (TABLE, NUMBERS), {}),
    ("list_pop", (NUMBERS,), {}), ("list_pop", (ARRAYS,), {}), ("list_pop", (TABLE,), {}),
    ("list_set", (NUMBERS, FLOAT), {"index": Lit(1)}), ("list_set", (ARRAYS, N), {"index": Lit(-1)}),
    ("list_insert", (NUMBERS, FLOAT), {"index": Lit(0)}), ("list_insert", (ARRAYS, N), {"index": Lit(2)}),
    ("list_delete", (NUMBERS,), {"index": Lit(1)}), ("list_delete", (ARRAYS,), {"index": Lit(-2)}),
    ("list_delete", (NUMBERS,), {"index": Lit(-1)}),
    ("list_extend", (NUMBERS, NUMBERS), {}), ("list_extend", (ARRAYS, ARRAYS), {}),
    ("list_concat", (NUMBERS, NUMBERS), {}), ("list_concat", (ARRAYS, ARRAYS), {}),
    ("list_cut", (NUMBERS,), {"length": Lit(1)}), ("list_cut", (ARRAYS,), {"length": Lit(2)}),
    ("list_repeat", (NUMBERS,), {"count": Lit(2)}),
    ("list_rows", (N,), {}), ("list_rows", (M,), {}), ("list_rows", (M,), {"depth": Lit(2)}),
    ("list_array", (NUMBERS,), {}), ("list_array", (ARRAYS,), {}), ("list_array", (TABLE,), {}),
    ("list_stack", (ARRAYS,), {}), ("list_stack", (ARRAYS,), {"axis": Lit(1)}), ("list_stack", (NUMBERS,), {}),
    ("list_concatenate", (ARRAYS,), {}), ("list_concatenate", (List(M),), {"axis": Lit(1)}),
    ("list_sum", (NUMBERS,), {}), ("list_sum", (ARRAYS,), {}), ("list_sum", (ARRAYS, N), {}),
    ("list_sum", (ARRAYS, FLOAT), {}),
    ("getitem", (NUMBERS,), {"index": Lit(1)}), ("getitem", (ARRAYS,), {"index": Lit(-1)}),
    ("getitem", (NUMBERS,), {"index": Slc(Lit(1), Lit(None), Lit(None))}), ("getitem", (TABLE,), {"index": Lit(0)}),
]


def name_of(case: object) -> str:
    return str(case).replace(" ", "") if isinstance(case, tuple) else str(case)


def adjoints(op: Op, bar: Var, env: dict[Var, Any]) -> tuple[list[Any], list[Op]]:
    """The adjoints of all operands of an operation, and what computes them."""
    b = Builder("adjoint")
    found = adjoint(b, op, bar, [True] * len(op.args))
    zeros: list[Any] = [None] * len(op.args)
    values: list[Arg | None] = [None] * len(op.args)
    for c in found:
        if c.index is None:
            values[c.position] = c.value
        else:
            zero = b.op("zeros_like", op.args[c.position])
            values[c.position] = b.op("scatter_add", zero, c.value, index=c.index, type=zero.type)
    run(b.stmts, env)
    for k, v in enumerate(values):
        zeros[k] = env[v] if isinstance(v, Var) else v.value if isinstance(v, Lit) else None
    return zeros, [s for s in b.stmts if isinstance(s, Op)]


@pytest.mark.parametrize("fn, types, options", CASES, ids=name_of)
def test_rule(fn: str, types: Sequence[Type], options: dict[str, Arg]) -> None:
    rng = np.random.default_rng(5)
    args = [Var(t, f"x{k}") for k, t in enumerate(types)]
    op = Op(Var(infer(fn, tuple(args), options), "y"), fn, tuple(args), tuple(options.items()))
    assert op.target is not None
    env: dict[Var, Any] = {a: draw(t, rng) for a, t in zip(args, types)}
    run([op], env)
    if fn in LIST_OPERATORS:
        plain = {k: v.value for k, v in options.items() if isinstance(v, Lit)}
        assert equal(env[op.target], LIST_OPERATORS[fn](*(env[a] for a in args), **plain))

    dots = [Var(t, f"x{k}_dot") for k, t in enumerate(types)]
    env.update((d, like(env[a], rng)) for a, d in zip(args, dots))
    b = Builder("tangent")
    y_dot = tangent(b, op, dots)
    run(b.stmts, env)
    assert isinstance(y_dot, Var)

    bar = Var(op.target.type, "y_bar")
    env[bar] = like(env[op.target], rng)
    bars, made = adjoints(op, bar, env)
    assert abs(dot(env[bar], env[y_dot]) - sum(dot(x, env[d]) for x, d in zip(bars, dots))) < 1e-12

    # The transpose of what the adjoint does to y_bar is the operation again.
    again = {bar: like(env[op.target], rng)}
    for s in made:
        seeds = [again.get(a) if isinstance(a, Var) else None for a in s.args]
        tangents: list[Arg | None] = []
        for a, seed in zip(s.args, seeds):
            v = Var(a.type) if seed is not None and isinstance(a, Var) else None
            if v is not None:
                env[v] = seed
            tangents.append(v)
        inner = Builder("tangent")
        slope = tangent(inner, s, tangents)
        run(inner.stmts, env)
        if isinstance(slope, Var) and s.target is not None:
            again[s.target] = env[slope]
            v_bar = Var(s.target.type)
            env[v_bar] = like(env[s.target], rng)
            inner_bars, _ = adjoints(s, v_bar, env)
            total = sum(dot(x, t) for x, t in zip(inner_bars, seeds) if t is not None and x is not None)
            assert abs(dot(env[v_bar], env[slope]) - total) < 1e-12
