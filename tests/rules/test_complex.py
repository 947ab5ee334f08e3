"""Complex numbers at the edges: at 0, on branch cuts, next to real numbers; and the machine that conjugates."""

from __future__ import annotations

import cmath
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.rules.builder import Builder
from s2sad.rules.table import adjoint, bind, infer
from s2sad.rules.terms import conj, make, real, show
from s2sad.trace.ir import Lit, Op, Var
from s2sad.trace.joins import join
from s2sad.trace.types import COMPLEX, FLOAT, UNKNOWN, Array, Dim

CUTS: dict[str, list[complex]] = {
    "log": [-2.0 + 0.0j, complex(-2.0, -0.0)], "sqrt": [-2.0 + 0.0j, complex(-2.0, -0.0)],
    "log10": [-2.0 + 0.0j, complex(-2.0, -0.0)], "log1p": [-2.0 + 0.0j, complex(-2.0, -0.0)],
    "arcsin": [2.0 + 0.0j, complex(2.0, -0.0), -2.0 + 0.0j, complex(-2.0, -0.0)],
    "arccos": [2.0 + 0.0j, complex(2.0, -0.0), -2.0 + 0.0j, complex(-2.0, -0.0)],
    "arctanh": [2.0 + 0.0j, complex(2.0, -0.0), -2.0 + 0.0j, complex(-2.0, -0.0)],
    "arccosh": [0.5 + 0.0j, complex(0.5, -0.0), -2.0 + 0.0j, complex(-2.0, -0.0)],
}
IMAGINARY_CUTS: dict[str, list[complex]] = {
    "arcsinh": [2.0j, complex(-0.0, 2.0), -2.0j, complex(0.0, -2.0)],
    "arctan": [2.0j, complex(-0.0, 2.0), -2.0j, complex(0.0, -2.0)],
}
OF_CMATH = {"arcsin": "asin", "arccos": "acos", "arctanh": "atanh", "arccosh": "acosh", "arcsinh": "asinh",
            "arctan": "atan"}


def slope(f: Callable[..., Any], at: complex, along: complex, h: float = 1e-5) -> complex:
    """The derivative by differences along a cut, on the side that the signs of zeros tell."""
    def moved(t: float) -> complex:
        return complex(at.real + t, at.imag) if along == 1.0 else complex(at.real, at.imag + t)

    return complex((f(moved(h)) - f(moved(-h))) / (2.0 * h * along))


@pytest.mark.parametrize("name", [*CUTS, *IMAGINARY_CUTS])
def test_the_side_of_a_branch_cut(name: str) -> None:
    along = 1.0 if name in CUTS else 1.0j
    functions = [getattr(np, name)]
    if hasattr(cmath, OF_CMATH.get(name, name)):
        functions.append(getattr(cmath, OF_CMATH.get(name, name)))
    for f in functions:
        for at in {**CUTS, **IMAGINARY_CUTS}[name]:
            expected = slope(f, at, along)
            y, y_dot = s2sad.jvp(lambda z, f=f: f(z), (at,), (along + 0j,))
            assert y == f(at)
            assert y_dot == pytest.approx(expected * along, rel=1e-8), (f, at)
            _, pullback = s2sad.vjp(lambda z, f=f: f(z), at)
            assert pullback(1.0 + 0j)[0] == pytest.approx(np.conj(expected), rel=1e-8), (f, at)


def test_powers_of_negative_numbers() -> None:
    for at in (-2.0 + 0.0j, complex(-2.0, -0.0)):
        for exponent in (0.5, 1.5, 2.0j, 1.0 + 1.0j):
            expected = slope(lambda z, e=exponent: np.power(z, e), at, 1.0)
            found = s2sad.jvp(lambda z, e=exponent: z**e, (at,), (1.0 + 0j,))[1]
            assert found == pytest.approx(expected, rel=1e-7)
    # A real base is on the upper side of the cut: (-2.0) ** w = exp(w (log 2 + iπ)).
    for f in (lambda w: (-2.0) ** w, lambda w: np.power(-2.0, w)):
        w = 0.3 + 0.2j
        expected = f(w) * (np.log(2.0) + 1j * np.pi)
        assert s2sad.grad(f, holomorphic=True)(w) == pytest.approx(expected, rel=1e-12)
        assert s2sad.jvp(f, (w,), (1.0 + 0j,))[1] == pytest.approx(expected, rel=1e-12)


def test_zero() -> None:
    assert s2sad.grad(abs)(0j) == 0.0
    np.testing.assert_array_equal(s2sad.grad(lambda z: np.sum(np.abs(z)))(np.zeros(2, complex)), 0.0)
    assert s2sad.jvp(abs, (0j,), (1.0 + 1.0j,))[1] == 0.0
    assert s2sad.grad(np.linalg.norm)(np.zeros(2, complex)).tolist() == [0.0, 0.0]
    with np.errstate(all="ignore"):
        assert np.isnan(s2sad.grad(lambda z: np.angle(z)[0])(np.zeros(1, complex))[0])
        assert not np.isfinite(s2sad.grad(lambda z: np.sqrt(z)[0].real)(np.zeros(1, complex))[0])
    with pytest.raises(ZeroDivisionError):
        s2sad.grad(cmath.phase)(0j)
    assert s2sad.grad(lambda z: (z**2).real)(0j) == 0.0
    assert s2sad.grad(lambda z: (z**0).real)(0j) == 0.0


JAX = ["exp", "log", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh",
       "arccosh", "arctanh", "log1p", "expm1", "square", "reciprocal", "conj", "real", "imag", "abs", "angle", "prod",
       "mean", "var", "std", "sum", "cumsum", "cumprod"]


@pytest.mark.parametrize("name", JAX)
def test_jax_has_the_conjugate(name: str) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(0)
    z = np.abs(rng.normal(size=4)) + 1j * rng.normal(size=4)  # of arccosh, JAX has the other sign where z.real < 0
    mine, other = getattr(np, name), getattr(jax.numpy, name)
    y, pullback = s2sad.vjp(mine, z)
    y_bar = np.asarray(rng.normal(size=np.shape(y)))
    if np.iscomplexobj(y):
        y_bar = y_bar + 1j * rng.normal(size=np.shape(y))
    y_bar = y_bar.astype(np.asarray(y).dtype)
    _, jax_pullback = jax.vjp(other, z)
    expected = np.conj(np.asarray(jax_pullback(jax.numpy.conj(y_bar))[0]))
    np.testing.assert_allclose(pullback(y_bar if np.ndim(y) else y_bar[()])[0], expected, rtol=1e-10)


def test_conjugates() -> None:
    z, x = Var(COMPLEX, "z"), Var(FLOAT, "x")
    array = Var(Array("c16", (Dim.symbol("n"),)), "a")
    assert conj(conj(array)) is array and conj(x) is x and real(x) is x
    assert conj(Lit(2j)) == Lit(-2j) and conj(Lit(1 + 2j)) == Lit(1 - 2j) and conj(Lit(2.0)) == Lit(2.0)
    assert show(conj(z)) == "conjugate(z)" and show(real(conj(array))) == "np.real(a)"
    assert show(make("shape", conj(array), axis=Lit(0))) == "shape(a, axis=0)"
    assert show(make("expand", x, conj(array))) == "expand(x, a)"


def test_an_adjoint_conjugates_what_it_reads() -> None:
    a, c, y = (Var(Array("c16", (Dim.symbol("n"),)), name) for name in ("a", "c", "y_bar"))
    r = Var(Array("f8", (Dim.symbol("n"),)), "r")
    b = Builder("adjoint")
    op = Op(Var(infer("*", (a, r), {})), "*", (a, r))
    left, right = adjoint(b, op, y, [True, True])
    assert [s.fn for s in b.stmts if isinstance(s, Op)] == ["*", "np.conj", "*", "np.real"]
    assert left.value.type == a.type and right.value.type == r.type  # type: ignore[union-attr]
    assert infer("*", (a, c), {}) == a.type


def test_unknown_values_are_real() -> None:
    from s2sad.errors import NotApplicable

    u, z = Var(UNKNOWN), Var(COMPLEX)
    with pytest.raises(NotApplicable, match="give the types of the arguments"):
        infer("*", (u, z), {})
    assert join(UNKNOWN, COMPLEX) is None and join(FLOAT, COMPLEX) == COMPLEX


def test_what_paths_have_in_common() -> None:
    n = (Dim.symbol("n"),)
    for one, other, both in (("f8", "c16", "c16"), ("f4", "c8", "c8"), ("i8", "c16", "c16")):
        assert join(Array(one, n), Array(other, n)) == Array(both, n)
    for one, other in (("c8", "c16"), ("f8", "c8")):
        assert join(Array(one, n), Array(other, n)) is None  # complex numbers of an unknown width


def test_a_call_of_complex() -> None:
    assert bind("complex", [Lit(1.0), Lit(2.0)], {}) == ((Lit(1.0), Lit(2.0)), {})


def test_a_written_rule_of_ones_own() -> None:
    square_of = np.vectorize(lambda z: abs(z) ** 2, otypes=[float])
    s2sad.rule("y = square_of(z)", z="2.0 * z", fn=square_of, flags="written", like="np.real(z)")
    try:
        z = np.array([1.0 + 2.0j, 0.5 - 1.0j])
        s2sad.check_grads(lambda z: square_of(z * z), (z,), order=2)
    finally:
        s2sad.rules.declare.forget("square_of")


def test_poles_that_are_not_chosen() -> None:
    for f, pole in ((np.arctan, 1j), (np.arcsinh, 1j), (np.tanh, 0.5j * np.pi), (np.arctanh, 1.0 + 0j)):
        z = np.array([pole, 0.5 + 0.2j])
        with np.errstate(all="ignore"):
            found = s2sad.grad(lambda z, f=f, pole=pole: np.sum(np.abs(np.where(z == pole, 0.0, f(z))) ** 2))(z)
        assert found[0] == 0.0 and np.isfinite(found[1]), f


def test_a_conjugate_is_memory_of_its_own() -> None:
    def f(z: Any) -> Any:
        w = np.conj(z)
        w[0] = 1j
        return w * z

    s2sad.check_grads(f, (np.array([1.0 + 2.0j, 0.5j]),))
    real = s2sad.vjp(lambda v: v.conj(), np.ones(2))[0]
    np.testing.assert_array_equal(real, 1.0)
