"""Every elementwise rule, for every shape, dtype and kind of type."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad.rules.compiled import find
from s2sad.rules.declare import DECLARATIONS
from s2sad.runtime.helpers import HELPERS
from tests.rules.checks import check

# Where a function is smooth, for each operand.
DOMAINS: dict[str, tuple[float, float]] = {
    "arcsin": (-0.8, 0.8), "arccos": (-0.8, 0.8), "asin": (-0.8, 0.8), "acos": (-0.8, 0.8), "arctanh": (-0.8, 0.8),
    "atanh": (-0.8, 0.8), "arccosh": (1.3, 3.0), "acosh": (1.3, 3.0), "sin": (-3.0, 3.0), "cos": (-3.0, 3.0),
    "tan": (-1.0, 1.0), "exp": (-1.0, 1.0), "arctan2": (0.5, 2.0),
}
FUNCTIONS = [d.fn for d in DECLARATIONS.values() if d.form == "elementwise"]
ELSEWHERE = ("math.", "cmath.", "statistics.", "scipy.", *HELPERS)
NUMPY = [f for f in FUNCTIONS if not f.startswith(ELSEWHERE) and f not in (
    "float", "select", "np.where", "np.clip", "polygamma", "np.ldexp", "np.float64", "np.float32", "np.choose",
    "np.complex64", "np.complex128",
    # Their value is their first operand: see tests/programs/effect_draws.py.
    "placed", "placed_log", "placed_rate", "scaled", "between", "sign_of_complex")]
MATH = [f for f in FUNCTIONS if f.startswith("math.") and f not in (
    "math.ldexp", "math.dist", "math.sumprod") and hasattr(math, f[5:])]
SHAPES: list[tuple[Any, ...]] = [
    ((3,), (3,)), ((2, 3), (3,)), ((1, 3), (2, 1)), ((), (2, 3)), ((2, 3), "py"), ("py", (3,)), ((2, 3), (2, 3)),
    ("py", "py"), ((), ()), ((1, 3), ()), ((3,), (1, 3)), ((1,), (3,)),
]


def operand(rng: np.random.Generator, fn: str, shape: Any, dtype: str, k: int) -> Any:
    lo, hi = DOMAINS.get(fn.rpartition(".")[2], (0.6, 2.0))
    v = rng.uniform(lo, hi, () if shape == "py" else shape)
    if fn in ("%", "np.remainder", "np.fmod", "math.fmod", "math.remainder") and k == 1:
        v = v + 2.5
    return float(v) if shape == "py" else v.astype(dtype)[()]


@pytest.mark.parametrize("how", ["known", "open", "unknown"])
@pytest.mark.parametrize("fn", NUMPY)
def test_numpy_functions(fn: str, how: str) -> None:
    rng = np.random.default_rng(1)
    rule = find(fn)
    assert rule is not None
    n = len(rule.signature.operands)
    shapes = SHAPES if n == 2 else [(s,) for s in ((), (3,), (2, 3), (1, 3), "py")]
    if how != "known":
        shapes = shapes[:6]
    for number, shape in enumerate(shapes):
        for dtypes in (("f8", "f8"), ("f4", "f4"), ("f4", "f8"), ("f8", "f4"))[: 4 if n == 2 else 2]:
            if fn in ("np.heaviside", "np.nextafter") and how == "unknown":
                continue
            if dtypes[0] != dtypes[1] and shape == ((), ()) and fn.endswith(("max", "min", "maximum", "minimum")):
                continue  # see the macro `where`
            values = [operand(rng, fn, s, d, k) for k, (s, d) in enumerate(zip(shape, dtypes))]
            check(fn, values, how=how, second=dtypes == ("f8", "f8") and number < 6 and (how == "known" or number == 1))


@pytest.mark.parametrize("fn", MATH)
def test_math_functions(fn: str) -> None:
    rng = np.random.default_rng(2)
    rule = find(fn)
    assert rule is not None
    n = len(rule.signature.operands) + 2 * rule.signature.variadic
    check(fn, [operand(rng, fn, "py", "f8", k) for k in range(n)])
    check(fn, [operand(rng, fn, (), "f8", k) for k in range(n)])
    check(fn, [operand(rng, fn, (), "f4", k) for k in range(n)])
    check(fn, [operand(rng, fn, "py", "f8", k) for k in range(n)], how="unknown")


def test_a_shared_operand() -> None:
    from s2sad.rules.builder import Builder
    from s2sad.rules.table import adjoint
    from s2sad.trace.ir import Op, Var
    from s2sad.trace.types import FLOAT

    x, z, bar = Var(FLOAT, "x"), Var(FLOAT, "z"), Var(FLOAT, "z_bar")
    b = Builder()
    found = adjoint(b, Op(z, "*", (x, x)), bar, [True, True])
    assert [c.position for c in found] == [0]
    assert [s.fn for s in b.stmts] == ["*", "*"]
    assert adjoint(Builder(), Op(z, "-", (x, x)), bar, [True, True]) == []


@pytest.mark.parametrize("how", ["known", "open", "unknown"])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_choices(how: str, dtype: str) -> None:
    rng = np.random.default_rng(3)
    c = np.array([True, False, True])
    x, y = rng.normal(size=(2, 3)).astype(dtype), rng.normal(size=(1,)).astype(dtype)
    check("np.where", [c, x, y], how=how)
    check("np.where", [c, x, 0.5], how=how)
    check("np.where", [c, 0.5, x], how=how)
    check("np.clip", [x, -0.5, 0.5], how=how)
    check("np.clip", [x, None, 0.5], how=how)
    check("np.clip", [x, y, None], how=how)
    check("np.ldexp", [x, 2], how="known")


def test_conversions() -> None:
    check("float", [np.float32(0.5)])
    check("float", [0.5])
    check("select", [True, 0.5, 2.5])
    check("np.float64", [np.array([0.5, 1.5], "f4")])
    check("np.float32", [np.array([0.5, 1.5])], differences=False)
    check("np.float32", [0.5], differences=False)
    check("math.ldexp", [0.5, 2])
