"""`scipy.linalg`: conventions at the edges, what is refused, and what the text looks like."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.runtime import structured

linalg = pytest.importorskip("scipy.linalg")

S = np.array([[2.0, 0.3, 0.1], [0.3, 3.0, 0.2], [0.1, 0.2, 4.0]])
V = np.array([1.0, 0.5, 2.0])


def test_elements_that_are_not_read_have_no_derivative() -> None:
    upper = s2sad.grad(lambda a: np.sum(linalg.solve(a, V, assume_a="pos")))(S)
    assert np.all(np.tril(upper, -1) == 0.0) and np.all(upper[np.triu_indices(3)] != 0.0)
    lower = s2sad.grad(lambda a: np.sum(linalg.cholesky(a, lower=True)))(S)
    assert np.all(np.triu(lower, 1) == 0.0) and np.all(lower[np.tril_indices(3)] != 0.0)
    eigen = s2sad.grad(lambda a: linalg.eigvalsh(a)[0])(S)
    assert np.all(np.triu(eigen, 1) == 0.0)


def test_singular_matrices_have_cofactors() -> None:
    a = np.outer(V, V)
    assert np.allclose(s2sad.grad(lambda a: linalg.det(a))(a), 0.0)
    a[0, 0] += 1.0
    b = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert np.allclose(s2sad.grad(lambda a: linalg.det(a))(b), [[4.0, -2.0], [-2.0, 1.0]])


def test_a_real_matrix_with_a_complex_root_is_refused_when_it_runs() -> None:
    root = s2sad.grad(lambda a: np.sum(np.real(linalg.sqrtm(a))))
    assert root(S).dtype == np.float64
    with pytest.raises(TypeError, match="pass a complex matrix"):
        root(-S)
    assert s2sad.grad(lambda a: np.sum(np.real(linalg.sqrtm(a))))(-S + 0j).dtype == np.complex128


def test_the_gradient_of_a_norm_at_zero_is_zero() -> None:
    assert np.array_equal(s2sad.grad(lambda x: linalg.norm(x))(np.zeros(3)), np.zeros(3))


def test_overwriting_is_left_to_the_program() -> None:
    a = S.copy()
    s2sad.grad(lambda a, b: np.sum(linalg.solve(a, b, overwrite_a=True, overwrite_b=True)), (0, 1))(a, V)
    assert np.array_equal(a, S) and np.array_equal(V, [1.0, 0.5, 2.0])


def solved(a: Any, b: Any) -> Any:
    return linalg.cho_solve(linalg.cho_factor(a), b)


def test_the_text_is_what_one_would_write() -> None:
    text = s2sad.derive(solved, wrt="b", types="a: f8[n, n], b: f8[n]").source
    assert "scipy.linalg.cho_factor(a)[0]" in text and "scipy.linalg.cho_solve((" in text
    text = s2sad.derive(lambda a: linalg.expm(a), types="a: f8[n, n]").source
    assert "scipy.linalg.expm_frechet(a.T, result_bar, compute_expm=False)" in text


def test_bands() -> None:
    rng = np.random.default_rng(0)
    kl, ku, n = 2, 1, 5
    dense = np.triu(np.tril(rng.normal(size=(n, n)), ku), -kl)
    ab = structured.dense_band(dense, kl, ku)
    x, y = rng.normal(size=(2, n))
    assert np.allclose(structured.band_dense(ab, kl, ku), dense)
    assert np.allclose(structured.band_matmul(ab, x, kl, ku), dense @ x)
    assert np.allclose(structured.band_matmul(ab, np.stack([x, y], 1), kl, ku), dense @ np.stack([x, y], 1))
    assert np.allclose(structured.band_dense(structured.band_transpose(ab, kl, ku), ku, kl), dense.T)
    outer = np.triu(np.tril(np.outer(x, y), ku), -kl)
    assert np.allclose(structured.band_dense(structured.band_product(x, y, kl, ku), kl, ku), outer)
    full = structured.band_full(structured.dense_band(np.triu(S), 0, 2))
    assert np.allclose(structured.band_dense(full, 2, 2), S)
    assert np.allclose(structured.diagonal_sums(dense), [np.trace(dense, k) for k in range(1 - n, n)])


def in_a_try(a: Any, b: Any) -> Any:
    try:
        return np.sum(solved(a, b))
    except np.linalg.LinAlgError:
        return np.sum(b)


def kalman(a: Any, q: Any, steps: Any) -> Any:
    p = np.eye(3)
    for _ in range(steps):
        p = a @ p @ a.T + q
        gain = linalg.solve(p + np.eye(3), p, assume_a="pos").T
        p = p - gain @ p
    return np.trace(p)


def written_after(x: Any) -> Any:
    y = linalg.solve(np.eye(3) + np.outer(x, x), x)
    y[:2] *= x[:2]
    return np.sum(y)


@pytest.mark.parametrize("f, args, wrt", [
    (in_a_try, (S, V), (0, 1)), (in_a_try, (-S, V), (0, 1)), (kalman, (0.3 * S, S, 3), (0, 1)),
    (written_after, (V,), 0)])
def test_programs(f: Any, args: Any, wrt: Any) -> None:
    s2sad.check_grads(f, args, wrt=wrt)
