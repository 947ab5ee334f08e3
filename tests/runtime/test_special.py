"""Derivatives by parameters of incomplete gamma and beta functions, against values computed with 40 digits."""

from __future__ import annotations

import numpy as np
import pytest

from s2sad.runtime.special import betainc_a, gammainc_a, log_gamma_and_psi, zeta_x

GAMMA = [(0.01, 0.5, -0.5655459117152578), (0.5, 3.0, -0.04724032644797375), (3.7, 1.2, -0.06662991414666677),
         (10, 10.0, -0.12721482320991925), (33.3, 20.0, -0.0022376474784233527), (100, 140.0, -5.850365859812262e-05),
         (1000, 1010.0, -0.011945731337225441)]
BETA = [(0.01, 0.5, 0.2, -2.776346904389321), (0.5, 0.5, 0.9, -0.2768155243583512), (2.5, 3, 0.2, -0.1183280644180399),
        (10, 400, 0.02, -0.11481198071725816), (50, 20, 0.8, -0.0065913394950639775),
        (1000, 400, 0.7, -0.0034286676881113746), (1, 1, 0.5, -0.34657359027997264)]


@pytest.mark.parametrize(("a", "x", "expected"), GAMMA)
def test_incomplete_gamma(a: float, x: float, expected: float) -> None:
    np.testing.assert_allclose(gammainc_a(a, x), expected, rtol=2e-12)


@pytest.mark.parametrize(("a", "b", "x", "expected"), BETA)
def test_incomplete_beta(a: float, b: float, x: float, expected: float) -> None:
    np.testing.assert_allclose(betainc_a(a, b, x), expected, rtol=2e-12)


@pytest.mark.parametrize(("x", "q", "expected"), [
    (1.5, 0.5, -2.0682093782329916), (3.0, 2.5, -0.14630450848765802), (0.5, 1.0, -3.9226461392091516),
    (20.0, 1.0, -6.613530207367108e-07), (1.0, 2.0, -np.inf), (2.0, -0.5, np.nan)])
def test_zeta(x: float, q: float, expected: float) -> None:
    np.testing.assert_allclose(zeta_x(x, q), expected, rtol=2e-12)


def test_arrays_are_broadcast() -> None:
    a, x = np.array([[0.5], [10.0]]), np.array([3.0, 10.0, 20.0])
    one_by_one = [[gammainc_a(float(p), float(t)) for t in x] for p in a[:, 0]]
    np.testing.assert_allclose(gammainc_a(a, x), one_by_one, rtol=1e-14)
    assert betainc_a(a, 2.0, np.zeros((1, 0))).shape == (2, 0)


def test_edges() -> None:
    np.testing.assert_array_equal(gammainc_a(2.0, [0.0, np.inf, -1.0, np.nan]), [0.0, 0.0, np.nan, np.nan])
    np.testing.assert_array_equal(gammainc_a([0.0, -1.0], 1.0), [np.nan, np.nan])
    np.testing.assert_array_equal(betainc_a(2.0, 1.0, [0.0, 1.0, -0.1, 1.1]), [0.0, 0.0, np.nan, np.nan])


def test_gamma() -> None:
    gamma, psi = log_gamma_and_psi(np.array([1.0, 0.5, 30.0]))
    np.testing.assert_allclose(gamma, [0.0, np.log(np.pi) / 2, 71.257038967168], rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(psi, [-np.euler_gamma, -1.9635100260214235, 3.3844381326855246], rtol=1e-13)
