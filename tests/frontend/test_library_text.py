"""Library functions that are differentiated through their own text, and those that are refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import Refusal

CURVE = np.poly1d([2.0, -1.0, 0.5])
SERIES = np.polynomial.Chebyshev([0.5, 1.0, -0.25])


def chebyshev(x: Any, c: Any) -> Any:
    return np.sum(np.polynomial.chebyshev.chebval(x, c))


def test_a_text_is_put_in_place_whatever_the_length_of_the_coefficients() -> None:
    x = np.array([0.3, -0.4])
    made = s2sad.derive(chebyshev, "reverse", types=(x, np.ones(4)))
    assert "def chebval" not in made.source
    for n in (1, 2, 3, 6):
        c = np.linspace(0.5, 1.5, n)
        basis = np.polynomial.chebyshev.chebvander(x, n - 1)
        np.testing.assert_allclose(s2sad.grad(chebyshev, wrt=1)(x, c), np.sum(basis, axis=0), rtol=1e-12)


def periodic(x: Any, fp: Any) -> Any:
    return np.interp(x, np.array([0.0, 1.0, 2.5]), fp, period=4.0)


def test_what_a_rule_does_not_take_is_left_to_the_text() -> None:
    fp = np.array([1.0, 3.0, -1.0])
    np.testing.assert_allclose(s2sad.grad(periodic)(5.0 + 0.5, fp), s2sad.grad(periodic)(1.5, fp))
    np.testing.assert_allclose(s2sad.grad(periodic)(3.0, fp), (1.0 - -1.0) / 1.5)


def curves(x: Any) -> Any:
    return CURVE(x) * SERIES(x) + CURVE.deriv()(x)


def test_polynomials_of_the_module_are_read_at_every_call() -> None:
    def slope() -> float:
        return float(CURVE.deriv()(0.3) * SERIES(0.3) + CURVE(0.3) * SERIES.deriv()(0.3) + CURVE.deriv(2)(0.3))

    assert s2sad.grad(curves)(0.3) == pytest.approx(slope(), rel=1e-12)
    CURVE.coeffs[0] = 3.0
    try:
        assert s2sad.grad(curves)(0.3) == pytest.approx(slope(), rel=1e-12)
    finally:
        CURVE.coeffs[0] = 2.0


def products(a: Any, b: Any) -> Any:
    return (np.polynomial.Legendre(a) * np.polynomial.Legendre(b))(0.4)


def test_operators_of_polynomials() -> None:
    a, b = np.array([1.0, 2.0]), np.array([0.5, -1.0, 3.0])
    expected = np.polynomial.legendre.legvander(0.4, 1)[0] * np.polynomial.legendre.legval(0.4, b)
    np.testing.assert_allclose(s2sad.grad(products)(a, b), expected, rtol=1e-12)


def bad_axis(x: Any) -> Any:
    return np.gradient(x, axis=3)


def test_what_is_refused_in_a_text_is_shown_at_the_call() -> None:
    with pytest.raises(Refusal) as caught:
        s2sad.vjp(bad_axis, np.ones(3))
    where = caught.value.where
    assert where is not None and where.file == __file__
    assert "np.gradient" in caught.value.reason and "out of bounds" in caught.value.reason


def writes(x: Any, path: Any) -> Any:
    np.save(path, x)
    np.testing.assert_allclose(x, x)
    return np.sum(x * x)


def test_statements_that_write_files_are_left_to_python(tmp_path: Path) -> None:
    file = str(tmp_path / "x.npy")
    np.testing.assert_array_equal(s2sad.grad(writes)(np.ones(3), file), [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(np.load(file), np.ones(3))


def reads(x: Any) -> Any:
    return x * np.load("x.npy")


def counts(x: Any) -> Any:
    return np.histogram2d(x, x, 3)[0]


@pytest.mark.parametrize(("f", "why", "instead"), [
    (reads, "what a file holds", "read the file outside"),
    (counts, "jumps where a number crosses an edge", "sum smooth weights"),
])
def test_functions_without_a_derivative_say_why(f: Any, why: str, instead: str) -> None:
    with pytest.raises(Refusal) as caught:
        s2sad.vjp(f, np.ones(3))
    assert why in caught.value.hint and instead in caught.value.hint
