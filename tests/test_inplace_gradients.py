"""Gradients of programs that change arrays, against formulas for the derivative.

A weighted sum of the outputs of a linear program has the transposed program's result as its gradient; for the others
the formula is in the test.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from tests.corpus import positive, spread
from tests.programs import inplace_dynamics as dynamics
from tests.programs import inplace_learning as learning
from tests.programs import inplace_products as products
from tests.programs import inplace_solvers as solvers
from tests.programs import inplace_stencils as stencils
from tests.programs import inplace_tables as tables

scipy = pytest.importorskip("scipy")

DOMINANT, SYMMETRIC = spread(4, 4) + 5.0 * np.eye(4), spread(4, 4) @ spread(4, 4).T + 2.0 * np.eye(4)


def same(got: Any, want: Any, tolerance: float = 1e-10) -> None:
    np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance)


def pulled(f: Any, *args: Any, seed: Any, wrt: Any = 0) -> Any:
    """The adjoints of the arguments ``wrt``: a tuple, or bare for one."""
    positions = (wrt,) if isinstance(wrt, int) else wrt
    adjoints = s2sad.vjp(f, *args, wrt=positions)[1](seed)
    return adjoints[wrt] if isinstance(wrt, int) else tuple(adjoints[k] for k in positions)


# Solving: with x = A^-1 b and y = A^-T x_bar, b_bar = y and A_bar = -y x^T where the program reads A.


@pytest.mark.parametrize("f, A, read", [
    (solvers.trisolv, np.tril(DOMINANT), np.tri(4)),
    (solvers.back_substitution, np.triu(DOMINANT), np.tri(4).T),
    (solvers.ludcmp, DOMINANT, np.ones((4, 4))),
    (solvers.pivoted_solve, DOMINANT[::-1].copy(), np.ones((4, 4))),
], ids=["trisolv", "back_substitution", "ludcmp", "pivoted_solve"])
def test_solve(f: Any, A: np.ndarray, read: np.ndarray) -> None:
    b, w = spread(4), positive(4)
    A_bar, b_bar = pulled(f, A, b, seed=w, wrt=(0, 1))
    x, y = np.linalg.solve(A, b), np.linalg.solve(A.T, w)
    same(b_bar, y)
    same(A_bar, -np.outer(y, x) * read)


def test_solvers_at_convergence() -> None:
    """Iterations that have converged have the derivative of the solution, and none by where they started."""
    b, w = spread(4), positive(4)
    A_bar, b_bar, start_bar = pulled(solvers.gauss_seidel, DOMINANT, b, np.zeros(4), 60, seed=w, wrt=(0, 1, 2))
    x, y = np.linalg.solve(DOMINANT, b), np.linalg.solve(DOMINANT.T, w)
    same(b_bar, y)
    same(A_bar, -np.outer(y, x))
    same(start_bar, 0.0)
    slope = s2sad.grad(solvers.successive_overrelaxation, wrt=(1, 2))(DOMINANT, b, 1.1, 80)
    same(slope[0], 2.0 * np.linalg.solve(DOMINANT.T, x))
    same(slope[1], 0.0)


def test_tridiagonal() -> None:
    lower, diagonal, upper, rhs, w = spread(3), positive(4) + 3.0, positive(3), spread(4), positive(4)
    A = np.diag(lower, -1) + np.diag(diagonal) + np.diag(upper, 1)
    adjoints = pulled(solvers.tridiagonal, lower, diagonal, upper, rhs, seed=w, wrt=(0, 1, 2, 3))
    x, y = np.linalg.solve(A, rhs), np.linalg.solve(A.T, w)
    for got, want in zip(adjoints, (-y[1:] * x[:-1], -y * x, -y[:-1] * x[1:], y), strict=True):
        same(got, want)


def test_vertical_advection() -> None:
    """The right-hand side adds utens: its adjoint is a solution of the transposed systems."""
    utens, u, pos, wcon, w = spread(2, 5), positive(2, 5), spread(2, 5), 0.5 * spread(2, 5), positive(2, 5)
    utens_bar, pos_bar = pulled(solvers.vertical_advection, utens, u, pos, wcon, 0.7, seed=w, wrt=(0, 2))
    same(pos_bar, -0.7 * w)
    for column in range(2):
        A = np.diag(-0.25 * wcon[column, 1:], -1) + np.diag(0.25 * wcon[column, 1:], 1)
        A += np.diag(1.0 - A.sum(axis=1))
        same(utens_bar[column], 0.7 * np.linalg.solve(A.T, w[column]))


def test_log_determinant() -> None:
    """The derivative is the inverse; both elements of a pair are the one below the diagonal."""
    inverse = np.linalg.inv(SYMMETRIC)
    want = np.tril(2.0 * inverse) - np.diag(np.diag(inverse))
    same(s2sad.grad(solvers.log_determinant)(SYMMETRIC), want)


def test_log_determinant_curvature() -> None:
    """The second derivative along a symmetric D is -tr(A^-1 D A^-1 D)."""
    D = np.tril(spread(4, 4))
    product = s2sad.hvp(solvers.log_determinant, (SYMMETRIC,), (D,))
    T = np.linalg.solve(SYMMETRIC, D + np.tril(D, -1).T)
    same(np.sum(product * D), -np.trace(T @ T))


def cholesky_adjoint(L: np.ndarray, L_bar: np.ndarray) -> np.ndarray:
    """The adjoint of a Cholesky factorisation by Smith and Murray, below the diagonal."""
    P = np.tril(L.T @ L_bar)
    P[np.diag_indices(len(P))] *= 0.5
    S = np.linalg.solve(L.T, np.linalg.solve(L.T, P.T).T)
    S = S + S.T
    return np.tril(S) - 0.5 * np.diag(np.diag(S))


def test_cholesky() -> None:
    w = np.tril(positive(4, 4))
    got = pulled(solvers.cholesky, SYMMETRIC, seed=w)
    same(got, cholesky_adjoint(np.linalg.cholesky(SYMMETRIC), w))


def test_lu() -> None:
    """The adjoint of A = L U is L^-T (tril(L^T L_bar, -1) + triu(U_bar U^T)) U^-T."""
    w = positive(4, 4)
    A = solvers.lu(DOMINANT.copy())
    L, U = np.tril(A, -1) + np.eye(4), np.triu(A)
    inner = np.tril(L.T @ np.tril(w, -1), -1) + np.triu(np.triu(w) @ U.T)
    want = np.linalg.solve(L.T, inner) @ np.linalg.inv(U.T)
    same(pulled(solvers.lu, DOMINANT, seed=w), want)


def test_inverse() -> None:
    w, inverse = positive(4, 4), np.linalg.inv(DOMINANT)
    same(pulled(solvers.gauss_jordan_inverse, DOMINANT, seed=w), -inverse.T @ w @ inverse.T)


def test_durbin() -> None:
    """A Toeplitz system whose matrix and right-hand side are made of r."""
    r, w = np.array([0.5, -0.2, 0.1, 0.15]), positive(4)
    T = scipy.linalg.toeplitz(np.append(1.0, r[:-1]))
    y, s = np.linalg.solve(T, -r), np.linalg.solve(T, w)
    want = -s
    for k in range(1, 4):
        band = np.eye(4, k=k) + np.eye(4, k=-k)
        want[k - 1] -= s @ band @ y
    same(pulled(solvers.durbin, r, seed=w), want)


def test_least_squares() -> None:
    A, b, w = spread(5, 3) + np.eye(5, 3), positive(5), positive(3)
    pinv = np.linalg.pinv(A)
    x, y = pinv @ b, pinv.T @ w
    A_bar, b_bar = pulled(solvers.householder, A, b, seed=w, wrt=(0, 1))
    same(b_bar, y)
    same(A_bar, -np.outer(y, x) + np.outer(b - A @ x, np.linalg.solve(A.T @ A, w)))


def test_matrix_power() -> None:
    A, w = spread(3, 3), positive(3, 3)
    power = np.linalg.matrix_power
    want = sum(power(A.T, k) @ w @ power(A.T, 4 - k) for k in range(5))
    same(pulled(solvers.matrix_power, A, 5, seed=w), want)


def test_matrix_exponential() -> None:
    A, w = spread(3, 3), positive(3, 3)
    same(pulled(solvers.matrix_exponential, A, 14, 4, seed=w), scipy.linalg.expm_frechet(A.T, w)[1])


def test_eigenvalues() -> None:
    """The derivative of a simple eigenvalue is v v^T."""
    values, vectors = np.linalg.eigh(SYMMETRIC)
    v = vectors[:, -1]
    same(s2sad.grad(solvers.power_iteration)(SYMMETRIC, positive(4), 400), np.outer(v, v), 1e-8)
    weights = np.arange(4.0)
    found = solvers.jacobi_rotations(SYMMETRIC, 8)
    order = np.argsort(np.argsort(found))
    got = pulled(solvers.jacobi_rotations, SYMMETRIC, 8, seed=weights[order])
    same(0.5 * (got + got.T), vectors @ np.diag(weights) @ vectors.T, 1e-8)


# Products.


def test_linear_products() -> None:
    A, B, C, w = spread(3, 3), spread(3, 2), positive(3, 2), positive(3, 2) - 1.0
    S = np.tril(A) + np.tril(A, -1).T
    A_bar, B_bar, C_bar, alpha_bar, beta_bar = pulled(
        products.symm, A, B, C, 1.3, 0.7, seed=w, wrt=(0, 1, 2, 3, 4)
    )
    full = 1.3 * w @ B.T
    same(A_bar, np.tril(full) + np.triu(full, 1).T)
    same(B_bar, 1.3 * S @ w)
    same(C_bar, 0.7 * w)
    same(alpha_bar, np.sum(w * (S @ B)))
    same(beta_bar, np.sum(w * C))
    M, D, v = spread(3, 2), positive(3, 3), spread(3, 3)
    M_bar, D_bar = pulled(products.syrk, M, D, 1.3, 0.7, seed=v, wrt=(0, 1))
    low = np.tril(v)
    same(M_bar, 1.3 * (low + low.T) @ M)
    same(D_bar, np.where(np.tri(3), 0.7, 1.0) * v)
    A_bar, B_bar = pulled(products.trmm, A, B, 1.3, seed=w, wrt=(0, 1))
    same(A_bar, 1.3 * np.tril(B @ w.T, -1))
    same(B_bar, 1.3 * (np.tril(A, -1) + np.eye(3)) @ w)
    tensor = spread(2, 2, 3)
    got = s2sad.grad(products.doitgen, wrt=(0, 1))(tensor, D)
    out = tensor @ D
    same(got[0], 2.0 * out @ D.T)
    same(got[1], 2.0 * np.einsum("rqs,rqp->sp", tensor, out))


def test_covariance() -> None:
    data, w = spread(5, 3), positive(3, 3)
    centred = data - data.mean(0)
    same(pulled(products.covariance, data, seed=w), centred @ (w + w.T) / 4.0)


def test_sparse_products() -> None:
    values, columns, starts, x = spread(6), np.array([0, 2, 1, 0, 1, 3]), np.array([0, 2, 2, 3, 6]), spread(4)
    rows = np.repeat(np.arange(4), np.diff(starts))
    A, w = np.zeros((4, 4)), positive(4)
    A[rows, columns] = values
    got = pulled(products.spmv, values, columns, starts, x, seed=w, wrt=(0, 3))
    same(got[0], w[rows] * x[columns])
    same(got[1], A.T @ w)
    got = pulled(products.spmv_transposed, values, columns, starts, x, 4, seed=w, wrt=(0, 3))
    same(got[0], w[columns] * x[rows])
    same(got[1], A @ w)
    got = s2sad.grad(products.spmv_by_slices, wrt=(0, 3))(values, columns, starts, x)
    y = A @ x
    same(got[0], 2.0 * y[rows] * x[columns])
    same(got[1], 2.0 * A.T @ y)


def test_scattering() -> None:
    elements, w = np.array([[0, 1], [1, 2], [2, 0]]), spread(3, 3)
    i, j = elements.T
    same(pulled(products.assemble, positive(3), elements, 3, seed=w), w[i, i] + w[j, j] - w[i, j] - w[j, i])
    where, charge, w = np.array([0.3, 2.6, 1.4, 2.2]), spread(4), positive(5)
    cell = where.astype(int)
    got = pulled(products.particle_in_cell, where, charge, 5, seed=w, wrt=(0, 1))
    same(got[0], charge * (w[cell + 1] - w[cell]))
    same(got[1], w[cell] + (where - cell) * (w[cell + 1] - w[cell]))
    cells, w = np.array([0, 2, 2, 1, 2]), positive(4)
    same(pulled(products.deposit_at_once, spread(5), cells, 4, seed=w), 2.0 * spread(5) * w[cells])


def test_convolution() -> None:
    x, k, w = spread(4), positive(3), spread(6)
    x_bar, k_bar = pulled(products.convolution_by_scatter, x, k, seed=w, wrt=(0, 1))
    same(x_bar, np.correlate(w, k, "valid"))
    same(k_bar, np.correlate(w, x, "valid"))


def test_sums() -> None:
    x, w = spread(7), positive(7)
    for f in (products.prefix_sums, products.prefix_sums_by_doubling):
        same(pulled(f, x, seed=w), np.cumsum(w[::-1])[::-1])
    image, v = spread(3, 4), positive(3, 4)
    table = np.cumsum(np.cumsum(image, 0), 1)
    back = np.cumsum(np.cumsum((2.0 * v * table)[::-1, ::-1], 0), 1)[::-1, ::-1]
    same(pulled(products.summed_area, image, seed=v), back)
    y = np.cumprod(x)
    same(pulled(products.running_product, x, seed=w), np.cumsum((w * y)[::-1])[::-1] / x)


def test_polynomials() -> None:
    c, x, w = spread(5), spread(3), positive(3)
    got = pulled(products.horner, c, x, seed=w, wrt=(0, 1))
    same(got[0], w @ np.vander(x, 5))
    same(got[1], w * np.polyval(np.polyder(c), x))
    got = pulled(products.chebyshev, c, x, seed=w, wrt=(0, 1))
    same(got[0], w @ np.polynomial.chebyshev.chebvander(x, 4))
    same(got[1], w * np.polynomial.chebyshev.chebval(x, np.polynomial.chebyshev.chebder(c)))
    nodes, y, t = np.array([0.0, 0.7, 1.1, 2.0]), spread(4), 0.9
    got = s2sad.grad(products.divided_differences, wrt=(1, 2))(nodes, y, t)
    lagrange = [np.prod([(t - s) / (r - s) for s in nodes if s != r]) for r in nodes]
    same(got[0], lagrange)
    same(got[1], np.polyval(np.polyder(np.polyfit(nodes, y, 3)), t))


def test_transforms() -> None:
    """The transpose of the Fourier matrix is itself: with re + i im the adjoint is the conjugate of F conj(w)."""
    re, im, wr, wi = spread(8), positive(8), positive(8), spread(8)
    re_bar, im_bar = pulled(products.stockham, re, im, seed=(wr, wi), wrt=(0, 1))
    want = np.conj(np.fft.fft(wr - 1j * wi))
    same(re_bar + 1j * im_bar, want)
    H = scipy.linalg.hadamard(8)
    same(pulled(products.walsh_hadamard, re, seed=wr), H @ (2.0 * wr * (H @ re)))
    basis = np.array([products.haar(row) for row in np.eye(8)])
    same(pulled(products.haar, re, seed=wr), basis @ wr)


def test_recursive_filter() -> None:
    """The adjoint of a filter is the filter run backwards; so is that of the smoother, of rows and columns alike."""
    x, w = spread(6), positive(6)
    got = pulled(products.biquad, x, -0.4, 0.3, 0.8, 0.2, -0.1, seed=w)
    same(got, scipy.signal.lfilter([0.8, 0.2, -0.1], [1.0, -0.4, 0.3], w[::-1])[::-1])
    image, v = spread(4, 6), positive(4, 6)
    columns = np.array([products.deriche(one.reshape(4, 6), 0.5).ravel() for one in np.eye(24)])
    same(pulled(products.deriche, image, 0.5, seed=v), (columns @ v.ravel()).reshape(4, 6))


# Stencils: a linear step is a matrix S; T steps have the adjoint S^T ... S^T w.


def matrix_of(f: Any, *shape: int) -> np.ndarray:
    """The matrix of a linear function, by its values at unit arrays."""
    n = int(np.prod(shape))
    return np.array([np.ravel(f(one.reshape(shape).copy())) for one in np.eye(n)]).T


@pytest.mark.parametrize("f, shape", [
    (lambda u: stencils.jacobi_2d(u, 2), (4, 5)),
    (lambda u: stencils.heat_by_element(u, 0.2, 3), (6,)),
    (lambda u: stencils.wave_equation(u, 0.4, 5), (6,)),
    (lambda u: stencils.adi(u, 0.3, 2), (5, 5)),
    (lambda u: stencils.red_black(u, 0.0 * u, 2), (7,)),
    (lambda u: dynamics.crank_nicolson(u, 0.4, 3), (6,)),
    (lambda u: dynamics.multigrid(u, 0.0 * u, 0.125, 2), (9,)),
], ids=["jacobi_2d", "heat_by_element", "wave_equation", "adi", "red_black", "crank_nicolson", "multigrid"])
def test_linear_steps(f: Any, shape: tuple[int, ...]) -> None:
    w = positive(*shape)
    S = matrix_of(f, *shape)
    same(pulled(f, spread(*shape), seed=w), (S.T @ w.ravel()).reshape(shape))


def test_sums_of_squares_of_linear_steps() -> None:
    """The gradient of |S u|^2 is 2 S^T S u; S from relaxations, which are sums of squares already, by polarisation."""
    for f, shape in (
        (lambda u: stencils.seidel_2d(u, 2), (4, 4)),
        (lambda u: stencils.seidel_rows(u, 2), (4, 4)),
        (lambda u: stencils.heat_3d(u, 0.1, 2), (3, 4, 3)),
        (lambda u: stencils.jacobi_1d(u, 0.0 * u, 2), (5,)),
    ):
        n, u = int(np.prod(shape)), spread(*shape)
        basis = np.eye(n).reshape(n, *shape)
        # The form is quadratic: f(u + e) - f(u - e) = 2 (gradient . e).
        want = [0.5 * (f(u + one) - f(u - one)) for one in basis]
        same(np.ravel(s2sad.grad(f)(u)), want)


def test_convolutions() -> None:
    image, weights = spread(4, 5), positive(2, 2)
    out = scipy.signal.correlate2d(image, weights, "valid")
    got = s2sad.grad(stencils.conv2d_by_element, wrt=(0, 1))(image, weights)
    same(got[0], scipy.signal.convolve2d(2.0 * out, weights))
    same(got[1], scipy.signal.correlate2d(image, 2.0 * out, "valid"))
    image, weights, w = spread(4, 5, 2), spread(2, 2, 2, 3), spread(3, 4, 3)
    got = pulled(stencils.conv2d, image, weights, spread(3), seed=w, wrt=(0, 1, 2))
    for c in range(2):
        parts = [scipy.signal.convolve2d(w[:, :, f], weights[:, :, c, f]) for f in range(3)]
        same(got[0][:, :, c], sum(parts))
        for f in range(3):
            same(got[1][:, :, c, f], scipy.signal.correlate2d(image[:, :, c], w[:, :, f], "valid"))
    same(got[2], w.sum(axis=(0, 1)))


# Tables.


def test_shortest_paths() -> None:
    """An element of the gradient counts how often an edge is part of the weighted shortest paths."""
    W, w = positive(5, 5), spread(5, 5)
    want = np.zeros((5, 5))
    nearest = tables.floyd_warshall(W)
    for i in range(5):
        for j in range(5):
            for a, b in shortest(W, nearest, i, j):
                want[a, b] += w[i, j]
    same(pulled(tables.floyd_warshall, W, seed=w), want)
    same(pulled(tables.floyd_warshall_by_element, W, seed=w), want)


def shortest(W: np.ndarray, nearest: np.ndarray, i: int, j: int) -> list[tuple[int, int]]:
    """The edges of the shortest path that has at least one."""
    if np.isclose(W[i, j], nearest[i, j]):
        return [(i, j)]
    k = min((k for k in range(len(W)) if k not in (i, j)), key=lambda k: abs(W[i, k] + nearest[k, j] - nearest[i, j]))
    return [(i, k), *shortest(W, nearest, k, j)]


def test_hidden_states() -> None:
    """The gradient of the logarithm of the likelihood holds the posterior probabilities."""
    start, move, emit, seen = spread(2), spread(2, 2), spread(2, 3), np.array([0, 2, 1, 1])
    got = s2sad.grad(tables.forward_algorithm, wrt=(0, 1, 2))(start, move, emit, seen)
    posterior = tables.forward_backward(np.exp(start), np.exp(move), np.exp(emit)[:, seen].T)
    same(got[0], posterior[0])
    want = np.zeros((2, 3))
    np.add.at(want.T, seen, posterior)
    same(got[2], want)
    same(np.sum(got[1]), 3.0)


def test_alignment_of_scalars() -> None:
    """Time warping: the sign of each difference, once for every step of the best path."""
    a, b = np.array([0.0, 1.0, 5.0]), np.array([0.2, 0.9, 1.3, 4.0])
    a_bar, b_bar = s2sad.grad(tables.time_warping, wrt=(0, 1))(a, b)
    same(a_bar, [-1.0, 1.0 - 1.0, 1.0])
    same(b_bar, [1.0, -1.0, 1.0, -1.0])


def test_sorting() -> None:
    x, w = spread(6), positive(6)
    rank = np.argsort(np.argsort(x))
    same(pulled(tables.bubble_sort, x, seed=w), (w * np.arange(1, 7))[rank])
    order = np.argsort(x)
    want = np.zeros(6)
    want[order[0]] = 2.0 * x[order[0]]
    want[order[-1]], want[order[1]] = x[order[1]], x[order[-1]]
    same(s2sad.grad(tables.insertion_sort)(x), want)


def test_packing() -> None:
    x, w = spread(6), positive(6)
    kept = x > 0.1
    want = np.zeros(6)
    want[kept] = 2.0 * x[kept] * w[: np.sum(kept)]
    same(pulled(tables.compact, x, 0.1, seed=w), want)
    v = spread(3, 3)
    column, row = np.triu_indices(3)
    want = v[row, column] * np.where(row == column, np.exp(x), 1.0)
    same(pulled(tables.packed_lower, x, 3, seed=v), want)


def test_value_iteration() -> None:
    """At the fixed point V = r + d P V the gradient is (I - d P)^-T w."""
    r, w = spread(4), positive(4)
    V = tables.value_iteration(r, 0.7, 200)
    P = np.zeros((4, 4))
    for s in range(4):
        P[s, max((t for t in range(4) if abs(s - t) <= 1), key=lambda t: V[t])] = 1.0
    same(pulled(tables.value_iteration, r, 0.7, 200, seed=w), np.linalg.solve(np.eye(4) - 0.7 * P.T, w))


# Dynamics and learning.


def test_logistic_map() -> None:
    x = dynamics.logistic_map(0.3, 3.1, 4)
    growth = np.concatenate(([1.0], np.cumprod(3.1 * (1.0 - 2.0 * x[:-1]))))
    w = positive(5)
    same(pulled(dynamics.logistic_map, 0.3, 3.1, 4, seed=w), w @ growth)


def test_splitting_has_the_derivative_of_its_parts() -> None:
    """Without reaction products (v = 0) the first species is linear."""
    w = positive(5)
    S = matrix_of(lambda u: dynamics.strang_splitting(u, np.zeros(5), 0.5, 0.0, 2)[0], 5)
    u_bar = pulled(dynamics.strang_splitting, positive(5), np.zeros(5), 0.5, 0.0, 2, seed=(w, np.zeros(5)))
    same(u_bar, S.T @ w)


def test_implicit_step() -> None:
    """y + a y^3 = x: dy/dx = 1 / (1 + 3 a y^2); the iteration that solves it has converged."""
    x = spread(3)
    y = dynamics.implicit_euler(x.copy(), 1.3, 0.2, 1)
    same(pulled(dynamics.implicit_euler, x, 1.3, 0.2, 1, seed=np.ones(3)), 1.0 / (1.0 + 0.78 * y**2), 1e-9)


def test_newton() -> None:
    """At the solution the derivative by the target is the inverse of the Jacobian."""
    start, target, w = np.array([1.5, 0.4]), np.array([2.3, 0.6]), positive(2)
    x = dynamics.newton_system(start.copy(), target, 8)
    J = np.array([[2.0 * x[0], 2.0 * x[1]], [x[1], x[0]]])
    start_bar, target_bar = pulled(dynamics.newton_system, start, target, 8, seed=w, wrt=(0, 1))
    same(target_bar, np.linalg.solve(J.T, w), 1e-9)
    same(start_bar, 0.0)


def test_nbody_forces_are_opposite() -> None:
    """A shift of all bodies shifts them at the end: the adjoints of the positions add up to the seed."""
    w = spread(3, 2)
    pos_bar = pulled(dynamics.nbody, positive(3), spread(3, 2), spread(3, 2), 0.1, 3, seed=(w, 0.0 * w), wrt=1)
    same(pos_bar.sum(axis=0), w.sum(axis=0))


def test_kalman_filter() -> None:
    """The gradient by the measurements is -cov^-1 (z - mean)."""
    z, noise, drift, x, P = spread(3), 0.5, 0.1, spread(2), np.eye(2) + 0.1
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    powers = [np.linalg.matrix_power(F, k) for k in range(4)]
    mean = np.array([(powers[t] @ x)[0] for t in range(1, 4)])
    cov = noise * np.eye(3)
    for s in range(1, 4):
        for t in range(1, 4):
            cov[s - 1, t - 1] += (powers[s] @ P @ powers[t].T)[0, 0]
            for k in range(1, min(s, t) + 1):
                cov[s - 1, t - 1] += drift * (powers[s - k] @ powers[t - k].T)[0, 0]
    got = s2sad.grad(dynamics.kalman_filter)(z, noise, drift, x, P)
    same(got, -np.linalg.solve(cov, z - mean))


def test_softmax() -> None:
    x, w = spread(3, 4), positive(3, 4)
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    want = p * (w - np.sum(p * w, axis=1, keepdims=True))
    same(pulled(learning.softmax, x, seed=w), want)
    same(pulled(learning.softmax_by_element, x[0], seed=w[0]), want[0])


def test_pooling() -> None:
    image, w = spread(4, 4), positive(2, 2)
    blocks = image.reshape(2, 2, 2, 2)
    want = np.where(blocks == blocks.max(axis=(1, 3), keepdims=True), w[:, None, :, None], 0.0)
    same(pulled(learning.max_pool, image, seed=w), want.reshape(4, 4))


def test_mlp() -> None:
    """Backpropagation, written by hand."""
    x, W1, b1, W2, b2 = spread(3, 2), spread(2, 4), spread(4), spread(4, 3), spread(3)
    W3, b3 = spread(3, 2), positive(2)
    h1 = np.maximum(x @ W1 + b1, 0.0)
    h2 = np.maximum(h1 @ W2 + b2, 0.0)
    z = h2 @ W3 + b3
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    w = spread(3, 2)
    dz = p * (w - np.sum(p * w, axis=1, keepdims=True))
    d2 = dz @ W3.T * (h2 > 0.0)
    d1 = d2 @ W2.T * (h1 > 0.0)
    want = (d1 @ W1.T, x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ dz, dz.sum(0))
    got = pulled(learning.mlp, x, W1, b1, W2, b2, W3, b3, seed=w, wrt=tuple(range(7)))
    for mine, wanted in zip(got, want, strict=True):
        same(mine, wanted)


def test_descent_is_linear_in_the_start() -> None:
    """On a quadratic, training ends at w* + M (w - w*); the loss has gradient M^T H M (w - w*) times two."""
    X, y, w = spread(5, 2), positive(5), spread(2)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    H = X.T @ X / 5.0
    M = np.block([[np.eye(2) - 0.1 * H, 0.8 * np.eye(2)], [-0.1 * H, 0.8 * np.eye(2)]])
    M = np.linalg.matrix_power(M, 3)[:2, :2]
    got = s2sad.grad(learning.descent_with_momentum)(w, X, y, 0.1, 0.8, 3)
    same(got, 2.0 * M.T @ H @ M @ (w - best))


# Programs that return nothing: what their arguments hold at the end is the result.


def test_contents_are_the_result() -> None:
    """The final contents of the argument that is written to, and the adjoint of its initial ones."""
    A, pullback = s2sad.vjp(solvers.cholesky_in_place, SYMMETRIC)
    same(np.tril(A), np.linalg.cholesky(SYMMETRIC))
    w = np.tril(positive(4, 4))
    same(pullback(w)[0], cholesky_adjoint(np.linalg.cholesky(SYMMETRIC), w))
    upper = np.triu(positive(4, 4), 1)
    same(pullback(upper)[0], upper)


def test_work_arrays_have_no_derivative() -> None:
    """Accelerations overwrite what the work array held."""
    pos, mass, w = spread(3, 2), positive(3), spread(3, 2)
    work = np.full((3, 2), 9.0)
    acc, pullback = s2sad.vjp(dynamics.accelerations, pos, mass, work, 0.5, outputs=("acc",))
    pos_bar, _, acc_bar, _ = pullback(w)
    same(mass @ acc, 0.0)
    same(acc_bar, 0.0)
    same(pos_bar.sum(axis=0), 0.0)
    assert np.all(work == 9.0)


def test_accelerations_are_homogeneous() -> None:
    """Without softening they scale with the power -2 of the distances, and with the masses."""
    pos, mass, w = spread(3, 2), positive(3), spread(3, 2)
    acc, pullback = s2sad.vjp(dynamics.accelerations, pos, mass, np.zeros((3, 2)), 0.0, outputs="acc")
    pos_bar, mass_bar, _, _ = pullback(w)
    same(np.sum(pos_bar * pos), -2.0 * np.sum(w * acc))
    same(np.sum(mass_bar * mass), np.sum(w * acc))


def test_several_contents_are_a_tuple() -> None:
    u, v, wu, wv = positive(3), spread(3), spread(3), positive(3)
    (new_u, new_v), pullback = s2sad.vjp(dynamics.react, u, v, 0.5, 0.04)
    same(new_u, u + 0.5 * (0.04 * (1.0 - u) - u * v * v))
    u_bar, v_bar, dt_bar, feed_bar = pullback((wu, wv))
    same(u_bar, wu * (1.0 - 0.5 * 0.04 - 0.5 * v * v) + wv * 0.5 * v * v)
    same(v_bar, -wu * u * v + wv * (1.0 + u * v - 0.05))
    same(dt_bar, np.sum(wu * (0.04 * (1.0 - u) - u * v * v) + wv * (u * v * v - 0.1 * v)))
    same(feed_bar, np.sum(0.5 * wu * (1.0 - u) - 0.5 * wv * v))
    _, pullback = s2sad.vjp(dynamics.react, u, v, 0.5, 0.04, outputs="v")
    same(pullback(wv)[0], wv * 0.5 * v * v)


def test_contents_by_tangents() -> None:
    u = spread(6)
    along = positive(6)
    new, new_dot = s2sad.jvp(dynamics.diffuse, (u, 0.2), (along, None))
    S = matrix_of(lambda x: dynamics.diffuse(x, 0.2) or x, 6)
    same(new, S @ u)
    same(new_dot, S @ along)
    same(u, spread(6))
    same(s2sad.jacrev(dynamics.diffuse)(u, 0.2), S)
