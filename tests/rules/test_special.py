"""Special functions of SciPy where they have no finite derivative, or one that a formula easily misses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import s2sad

special = pytest.importorskip("scipy.special")
INF, NAN = math.inf, math.nan

# Function, operands, derivatives by all of them.
EDGES: list[tuple[str, tuple[float, ...], tuple[float, ...]]] = [
    ("j1", (0.0,), (0.5,)), ("i1", (0.0,), (0.5,)), ("i0e", (0.0,), (0.0,)), ("i1e", (0.0,), (0.5,)),
    ("ellipk", (0.0,), (math.pi / 8,)), ("ellipe", (0.0,), (-math.pi / 8,)), ("ellipk", (1.0,), (INF,)),
    ("ellipkm1", (1.0,), (-math.pi / 8,)), ("ellipkinc", (0.5, 0.0), (1.0, (0.5 - 0.5 * math.sin(1.0)) / 4)),
    ("xlogy", (0.0, 0.0), (0.0, 0.0)), ("xlogy", (0.0, 2.0), (math.log(2.0), 0.0)), ("xlogy", (1.0, 0.0), (-INF, INF)),
    ("xlog1py", (0.0, -1.0), (0.0, 0.0)), ("xlog1py", (0.0, 1.0), (math.log(2.0), 0.0)),
    ("entr", (0.0,), (INF,)), ("entr", (-1.0,), (0.0,)), ("entr", (1.0,), (-1.0,)),
    ("rel_entr", (0.0, 0.0), (0.0, 0.0)), ("rel_entr", (0.0, 2.0), (-INF, 0.0)), ("rel_entr", (1.0, 0.0), (0.0, 0.0)),
    ("kl_div", (0.0, 0.0), (0.0, 1.0)), ("kl_div", (0.0, 2.0), (-INF, 1.0)), ("kl_div", (-1.0, 2.0), (0.0, 0.0)),
    ("logit", (0.0,), (INF,)), ("logit", (1.0,), (INF,)), ("erfinv", (1.0,), (INF,)), ("erfinv", (-1.0,), (INF,)),
    ("erfcinv", (0.0,), (-INF,)), ("ndtri", (0.0,), (INF,)), ("ndtri", (1.0,), (INF,)),
    ("expit", (-800.0,), (0.0,)), ("expit", (800.0,), (0.0,)), ("log_expit", (-800.0,), (1.0,)),
    ("log_ndtr", (-40.0,), (40.024968847,)), ("log_ndtr", (40.0,), (0.0,)), ("ndtr", (-40.0,), (0.0,)),
    ("erfcx", (1e8,), (-0.5641895835477563e-16,)), ("dawsn", (1e8,), (-5e-17,)),
    ("dawsn", (-50.0,), (-2.0012012016830307e-4,)),
    ("softplus", (800.0,), (1.0,)), ("exprel", (0.0,), (0.5,)), ("cbrt", (0.0,), (INF,)),
    ("rgamma", (0.0,), (1.0,)), ("rgamma", (-1.0,), (-1.0,)), ("rgamma", (-2.0,), (2.0,)), ("rgamma", (200.0,), (0.0,)),
    ("gamma", (-1.0,), (NAN,)), ("boxcox", (2.0, 0.0), (0.5, 0.5 * math.log(2.0) ** 2)),
    ("inv_boxcox", (0.5, 0.0), (math.exp(0.5), -0.125 * math.exp(0.5))), ("huber", (1.0, 1.0), (0.0, 1.0)),
    ("huber", (1.0, -2.0), (1.0, -1.0)), ("pseudo_huber", (0.0, 2.0), (2.0, 0.0)),
    ("pseudo_huber", (1.0, 0.0), (0.0, 0.0)),
    ("spence", (1.0,), (-1.0,)), ("sindg", (60.0,), (math.pi / 360,)),
    ("gammainc", (2.0, 0.0), (0.0, 0.0)), ("gammainc", (1.0, 0.0), (0.0, 1.0)),
    ("stdtr", (2.0, 0.0), (0.0, 0.5 / 2**0.5)),
    ("betainc", (2.0, 3.0, 0.0), (0.0, 0.0, 0.0)), ("betainc", (2.0, 3.0, 1.0), (0.0, 0.0, 0.0)),
    ("comb", (1.0, 3.0), (0.0, 0.0)), ("perm", (1.0, 3.0), (0.0, 0.0)), ("factorial", (-2.0,), (0.0,)),
]


@pytest.mark.parametrize(("name", "operands", "expected"), EDGES)
def test_edges(name: str, operands: tuple[float, ...], expected: tuple[float, ...]) -> None:
    fn = getattr(special, name)
    operands = tuple(map(np.float64, operands))  # Python's own numbers cannot be divided by 0
    with np.errstate(all="ignore"):
        for k, slope in enumerate(expected):
            by = s2sad.grad(fn, wrt=k)(*operands)
            np.testing.assert_allclose(by, slope, rtol=1e-9, atol=1e-300)
        if np.all(np.isfinite(expected)):
            along = s2sad.jvp(fn, operands, tuple(map(np.float64, range(1, len(operands) + 1))))[1]
            np.testing.assert_allclose(along, sum((k + 1) * d for k, d in enumerate(expected)), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(("name", "x", "expected"), [
    ("ellipk", 0.0, 9 * math.pi / 64), ("ellipe", 0.0, -3 * math.pi / 64), ("j1", 0.0, 0.0),
    ("rgamma", 0.0, 2 * np.euler_gamma),
    ("spence", 1.0, 0.5), ("incomplete", 0.0, 0.0362118054431338), ("incomplete", 1e-9, 0.03621180547722),
    ("exprel", 0.0, 1 / 3), ("expit", 800.0, 0.0)])
def test_second_derivatives_at_removable_singularities(name: str, x: float, expected: float) -> None:
    fn = incomplete if name == "incomplete" else getattr(special, name)
    np.testing.assert_allclose(s2sad.grad(s2sad.grad(fn))(x), expected, rtol=1e-9, atol=1e-12)


def incomplete(m: Any) -> Any:
    return special.ellipkinc(0.8, m)


def test_names_that_a_file_imports() -> None:
    source = s2sad.derive(of_several_modules, types="x: f8[n]").source
    assert source.startswith("import numpy as np\nimport scipy.special\n")
    assert "scipy.special.psi(x)" in source


def of_several_modules(x: Any) -> Any:
    return np.sum(special.gammaln(x) * special.expit(x))


def test_generated_text_stands_alone() -> None:
    text = s2sad.derive(of_a_parameter, types="a: float, x: float").source
    space: dict[str, Any] = {}
    exec(compile(text, "<generated>", "exec"), space)
    found = next(f for name, f in space.items() if name.endswith("_vjp"))
    np.testing.assert_allclose(found(0.5, 3.0)[1][0], -0.04724032644797375, rtol=1e-12)


def of_a_parameter(a: float, x: float) -> Any:
    return special.gammainc(a, x)


@pytest.mark.filterwarnings("ignore:invalid value")
def test_sums_of_exponentials_at_infinity() -> None:
    by = s2sad.grad(special.logsumexp)
    np.testing.assert_array_equal(by(np.full(3, -INF)), 0.0)
    np.testing.assert_array_equal(by(np.array([-INF, 0.0, 1000.0])), [0.0, 0.0, 1.0])
    assert np.isnan(by(np.array([0.0, INF]))[1])
    np.testing.assert_array_equal(s2sad.grad(lambda x: special.softmax(x)[1])(np.array([-1e4, 0.0, 1e4])), 0.0)
    np.testing.assert_allclose(s2sad.grad(lambda x: special.log_softmax(x)[0])(np.array([-1e4, 1e4])), [1.0, -1.0])


def of_an_array_without_axes(x: Any) -> Any:
    y = special.polygamma(1, x)
    z = y
    y += x
    return z * y


def test_a_result_that_is_an_array_without_axes() -> None:
    expected = of_an_array_without_axes(0.5)
    assert s2sad.value_and_grad(of_an_array_without_axes)(0.5)[0] == expected
    assert s2sad.value_and_grad(of_an_array_without_axes)(np.array(0.5))[0] == expected
