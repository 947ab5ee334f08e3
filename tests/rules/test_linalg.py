"""Linear algebra where it has an edge: singular matrices, equal eigenvalues, ties, zeros, arbitrary phases."""

import warnings
from typing import Any

import numpy as np
import pytest

import s2sad

EYE = np.eye(3)
SINGULAR = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])


def differences(f: Any, x: Any, h: float = 1e-5) -> Any:
    out = np.zeros_like(x)
    for k in np.ndindex(*x.shape):
        e = np.zeros_like(x)
        e[k] = h
        out[k] = (f(x + e) - f(x - e)) / (2.0 * h)
    return out


def det(x: Any) -> Any:
    return np.linalg.det(x)


@pytest.mark.parametrize("x", [SINGULAR, np.outer([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]), np.zeros((3, 3)), EYE,
                               np.array([[0.0, 1.0], [0.0, 0.0]]), np.zeros((1, 1)), np.zeros((0, 0))])
def test_determinants_of_singular_matrices(x: Any) -> None:
    np.testing.assert_allclose(s2sad.grad(det)(x), differences(det, x), atol=1e-8)
    v = np.arange(1.0, 1.0 + x.size).reshape(x.shape)
    _, along = s2sad.jvp(s2sad.grad(det), (x,), (v,))
    expected = (s2sad.grad(det)(x + 1e-6 * v) - s2sad.grad(det)(x - 1e-6 * v)) / 2e-6
    np.testing.assert_allclose(along, expected, atol=1e-6)


def test_third_derivative_of_a_determinant() -> None:
    x, v, w = EYE + 0.1 * SINGULAR, SINGULAR.T - 4.0, np.arange(9.0).reshape(3, 3) ** 0.5

    def second(x: Any) -> Any:
        return s2sad.jvp(s2sad.grad(det), (x,), (v,))[1]

    _, third = s2sad.jvp(second, (x,), (w,))
    np.testing.assert_allclose(third, (second(x + 1e-5 * w) - second(x - 1e-5 * w)) / 2e-5, rtol=1e-6)


NORMS = [
    lambda x: np.linalg.norm(x), lambda x: np.linalg.norm(x, "fro"), lambda x: np.sum(np.linalg.norm(x, 2, axis=0)),
    lambda x: np.sum(np.linalg.norm(x, 3, axis=0)), lambda x: np.sum(np.linalg.norm(x, 1.5, axis=1)),
    lambda x: np.sum(np.linalg.norm(x, 1, axis=0)), lambda x: np.sum(np.linalg.norm(x, np.inf, axis=0)),
    lambda x: np.linalg.norm(x, 1), lambda x: np.linalg.norm(x, np.inf), lambda x: np.linalg.norm(x, axis=(0, 1)),
]


@pytest.mark.parametrize("f", NORMS)
def test_norms_at_zero(f: Any) -> None:
    np.testing.assert_array_equal(s2sad.grad(f)(np.zeros((2, 3))), np.zeros((2, 3)))
    _, slope = s2sad.jvp(f, (np.zeros((2, 3)),), (np.ones((2, 3)),))
    assert slope == 0.0


@pytest.mark.parametrize("f", [
    lambda x: np.linalg.norm(x, 0.5), lambda x: np.linalg.norm(x, 1), lambda x: np.linalg.norm(x, 1.5),
    lambda x: np.linalg.norm(x, 2), lambda x: np.linalg.norm(x, 3), lambda x: np.linalg.norm(x)])
def test_norms_with_some_zeros(f: Any) -> None:
    with np.errstate(all="raise"):
        slope = s2sad.grad(f)(np.array([0.0, 3.0, -4.0]))
    assert slope[0] == 0.0 and np.all(np.isfinite(slope))


def test_ties_share_the_gradient() -> None:
    x = np.array([[1.0, -2.0], [-2.0, 1.0]])
    largest = s2sad.grad(lambda x: np.linalg.norm(x, np.inf, axis=0)[0])(x)
    np.testing.assert_array_equal(largest, [[0.0, 0.0], [-1.0, 0.0]])
    flat = s2sad.grad(lambda x: np.linalg.norm(np.ravel(x), np.inf))(x)
    np.testing.assert_array_equal(flat, [[0.0, -0.5], [-0.5, 0.0]])
    rows = s2sad.grad(lambda x: np.linalg.norm(x, np.inf))(x)
    np.testing.assert_array_equal(rows, 0.5 * np.sign(x))
    smallest = s2sad.grad(lambda x: np.linalg.norm(x, -1))(x)
    np.testing.assert_array_equal(smallest, 0.5 * np.sign(x))


def test_functions_of_equal_eigenvalues() -> None:
    for f in (lambda x: np.sum(np.linalg.eigh(x)[0] ** 3), lambda x: np.sum(np.linalg.eigvalsh(x) ** 3),
              lambda x: np.sum(np.linalg.svd(x, compute_uv=False) ** 3), lambda x: np.sum(np.linalg.svd(x)[1] ** 3),
              lambda x: np.real(np.sum(np.linalg.eigvals(x) ** 3)),
              lambda x: np.real(np.sum(np.linalg.eig(x)[0] ** 3))):
        np.testing.assert_allclose(s2sad.grad(f)(EYE), 3.0 * EYE, atol=1e-12)


def test_eigenvectors_of_equal_eigenvalues_have_no_derivative() -> None:
    def root(x: Any) -> Any:
        w, v = np.linalg.eigh(x)
        return np.sum(SINGULAR * ((v * np.sqrt(w)) @ v.T))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not np.all(np.isfinite(s2sad.grad(root)(EYE)))
        assert not np.all(np.isfinite(s2sad.grad(lambda x: np.sum(np.linalg.svd(x)[0] * SINGULAR))(EYE)))


def test_one_triangle_is_read() -> None:
    x = EYE + 0.1 * SINGULAR
    for f, half in ((lambda x: np.sum(np.linalg.cholesky(x + 3.0 * EYE)), np.triu), (
            lambda x: np.sum(np.linalg.eigvalsh(x) ** 3), np.triu), (
            lambda x: np.sum(np.linalg.eigvalsh(x, "U") ** 3), np.tril)):
        slope = s2sad.grad(f)(x)
        assert not np.any(half(slope, 1 if half is np.triu else -1))
        np.testing.assert_allclose(slope, differences(f, x), atol=1e-6)


def test_phases_are_arbitrary() -> None:
    h = np.array([[2.0, 0.3 + 0.4j], [0.3 - 0.4j, 1.0]])
    with pytest.raises(ValueError, match="depends on the phases"):
        s2sad.grad(lambda x: np.sum(np.real(np.linalg.eigh(x)[1])))(h)
    with pytest.raises(ValueError, match="depends on the phases"):
        s2sad.grad(lambda x: np.sum(np.imag(np.linalg.svd(x)[0])))(h)
    slope = s2sad.grad(lambda x: np.sum(np.abs(np.linalg.eigh(x)[1]) ** 4))(h)
    assert np.all(np.isfinite(slope))


def test_bases_of_null_spaces_are_arbitrary() -> None:
    a = np.array([[1.0], [2.0], [0.5]])
    with pytest.raises(ValueError, match="basis of a null space"):
        s2sad.grad(lambda x: np.linalg.svd(x)[0][0, 1] ** 2)(a)

    def projected(x: Any) -> Any:
        u = np.linalg.svd(x)[0][:, 1:]
        return np.sum(SINGULAR * (u @ u.T))

    np.testing.assert_allclose(s2sad.grad(projected)(a), differences(projected, a), atol=1e-7)


def test_complete_decompositions_of_tall_matrices() -> None:
    tall = SINGULAR[:, :2] + np.eye(3, 2)
    with pytest.raises(ValueError, match="more rows than columns"):
        s2sad.grad(lambda x: np.sum(np.linalg.qr(x, mode="complete")[0]))(tall)
    with pytest.raises(s2sad.S2sadError, match="is not differentiated for more rows than columns"):
        s2sad.grad(lambda x: np.sum(np.linalg.qr(np.reshape(x, (3, 2)), "complete")[0]))(np.ravel(tall))
    with pytest.raises(s2sad.S2sadError, match="mode='raw' is not differentiated"):
        s2sad.grad(lambda x: np.sum(np.linalg.qr(x, "raw")[0]))(tall)


def test_inverse_of_what_has_no_full_rank() -> None:
    u, v = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0])

    def f(u: Any, v: Any) -> Any:
        return np.linalg.pinv(np.outer(u, v))

    s2sad.check_grads(f, (u, v), order=1)


def test_least_squares_without_residuals() -> None:
    wide = SINGULAR[:2] + np.eye(2, 3)
    b = np.array([1.0, 2.0])

    def f(a: Any, b: Any) -> Any:
        x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=None)
        return np.sum(x**2) + np.sum(residuals) + rank

    s2sad.check_grads(f, (wide, b), order=1)


def test_plane_vectors() -> None:
    def f(x: Any, y: Any) -> Any:
        return np.cross(np.array([x, 2.0]), np.array([[y, x], [1.0, y]]))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            f(1.0, 2.0)
        except ValueError:
            pytest.skip("this NumPy multiplies vectors of three components only")
        s2sad.check_grads(f, (0.7, 1.3), order=2)


def test_empty_matrices() -> None:
    for f in (np.linalg.inv, np.linalg.det, lambda x: np.linalg.slogdet(x)[1], np.linalg.cholesky):
        for shape in ((0, 0), (0, 2, 2)):
            assert s2sad.grad(lambda x, f=f: np.sum(f(x)))(np.zeros(shape)).shape == shape


def test_single_precision() -> None:
    a = (EYE + 0.1 * SINGULAR).astype(np.float32)
    for f in (np.linalg.inv, np.linalg.det, np.linalg.pinv, np.linalg.cond, lambda x: np.linalg.norm(x, "nuc"),
              lambda x: np.linalg.eigh(x)[0], lambda x: np.linalg.svd(x)[1], lambda x: np.linalg.qr(x)[1],
              lambda x: np.linalg.solve(x, x), lambda x: np.linalg.slogdet(x)[1], lambda x: np.linalg.norm(x, 3, 0)):
        slope = s2sad.grad(lambda x, f=f: np.sum(f(x)))(a)
        assert slope.dtype == np.float32
        exact = s2sad.grad(lambda x, f=f: np.sum(f(x)))(a.astype(float))
        np.testing.assert_allclose(slope, exact, rtol=2e-3, atol=2e-3 * np.max(np.abs(exact)))


def test_types_are_asked_for() -> None:
    def f(x):  # type: ignore[no-untyped-def]
        return np.linalg.eigh(x)[0]

    with pytest.raises(s2sad.S2sadError, match="np.linalg.eigh needs the number of axes of its operand"):
        s2sad.derive(f)


def test_steps_of_a_product_that_are_planned() -> None:
    def f(a: Any, b: Any, n: int) -> Any:
        steps, _ = np.einsum_path("ij,jk,kl->il", a, b, a, optimize="optimal")
        for _ in range(n):
            a = np.einsum("ij,jk,kl->il", a, b, a, optimize=steps)
        return a

    s2sad.check_grads(f, (EYE + 0.1 * SINGULAR, EYE - 0.1 * SINGULAR, 2), wrt=(0, 1))


def test_singular_values_alone_in_the_gradient_of_a_tangent() -> None:
    """There is one part for each result of a decomposition, though lengths that are equal have two names in it."""
    a, weights = SINGULAR + np.diag([1.0, 3.0, 0.5]), np.array([0.5, -1.0, 2.0])

    def alone(x: Any) -> Any:
        return np.sum(np.linalg.svd(x, compute_uv=False) * weights)

    def with_vectors(x: Any) -> Any:
        return np.sum(np.linalg.svd(x)[1] * weights)

    one = s2sad.grad(lambda x: s2sad.jvp(alone, (x,), (a.T,))[1])(a)
    two = s2sad.grad(lambda x: s2sad.jvp(with_vectors, (x,), (a.T,))[1])(a)
    np.testing.assert_allclose(one, two, rtol=1e-9)


def test_the_gradient_of_a_diagonal_matrix_can_be_written_to() -> None:
    gradient = s2sad.grad(lambda x: np.sum(np.diag(x) * SINGULAR))(np.ones(3))
    gradient -= np.diagonal(SINGULAR)
    assert not np.any(gradient)
