"""The programs that change arrays compute what they are named after: each against a formula that does not."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from tests.corpus import positive, spread
from tests.programs import inplace_dynamics as dynamics
from tests.programs import inplace_learning as learning
from tests.programs import inplace_products as products
from tests.programs import inplace_solvers as solvers
from tests.programs import inplace_stencils as stencils
from tests.programs import inplace_tables as tables

scipy = pytest.importorskip("scipy")

DOMINANT, SYMMETRIC = spread(4, 4) + 5.0 * np.eye(4), spread(4, 4) @ spread(4, 4).T + 2.0 * np.eye(4)
TALL = spread(5, 3) + np.eye(5, 3)
CSR = (spread(6), np.array([0, 2, 1, 0, 1, 3]), np.array([0, 2, 2, 3, 6]))


def same(got: Any, want: Any, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance)


def second_difference(n: int) -> np.ndarray:
    """The matrix of u[i - 1] - 2 u[i] + u[i + 1] for the inner points; its first and last row are zero."""
    D = np.diag(np.full(n, -2.0)) + np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    D[0] = D[-1] = 0.0
    return D


# Solvers.


def test_triangular_systems() -> None:
    b = spread(4)
    same(solvers.trisolv(np.tril(DOMINANT), b), np.linalg.solve(np.tril(DOMINANT), b))
    same(solvers.back_substitution(np.triu(DOMINANT), b.copy()), np.linalg.solve(np.triu(DOMINANT), b))


def test_cholesky() -> None:
    factor = np.linalg.cholesky(SYMMETRIC)
    same(solvers.cholesky(SYMMETRIC), factor)
    A = SYMMETRIC.copy()
    solvers.cholesky_in_place(A)
    same(np.tril(A), factor)
    same(solvers.log_determinant(SYMMETRIC), np.linalg.slogdet(SYMMETRIC)[1])


def test_lu() -> None:
    A = solvers.lu(DOMINANT.copy())
    same((np.tril(A, -1) + np.eye(4)) @ np.triu(A), DOMINANT)
    L, U = solvers.crout(DOMINANT)
    same(L @ U, DOMINANT)
    same(L, np.tril(L))
    same(np.diag(U), 1.0)


def test_dense_systems() -> None:
    b = spread(4)
    x = np.linalg.solve(DOMINANT, b)
    same(solvers.ludcmp(DOMINANT.copy(), b), x)
    same(solvers.gauss_seidel(DOMINANT, b, np.zeros(4), 60), x)
    same(solvers.gauss_jordan_inverse(DOMINANT), np.linalg.inv(DOMINANT))
    same(solvers.pivoted_solve(solvers.WANTS_PIVOTS, spread(3)), np.linalg.solve(solvers.WANTS_PIVOTS, spread(3)))
    same(solvers.successive_overrelaxation(DOMINANT, b, 1.1, 80), x @ x)
    same(solvers.conjugate_gradients(SYMMETRIC, b, 4), np.linalg.solve(SYMMETRIC, b), 1e-9)
    same(solvers.minimal_residual(SYMMETRIC, b, 200), np.sum(np.linalg.solve(SYMMETRIC, b)), 1e-9)


def test_durbin() -> None:
    r = np.array([0.5, -0.2, 0.1, 0.15])
    same(solvers.durbin(r), np.linalg.solve(scipy.linalg.toeplitz(np.append(1.0, r[:-1])), -r))


def test_orthogonal_factors() -> None:
    Q, R = solvers.gramschmidt(TALL)
    same(Q.T @ Q, np.eye(3))
    same(Q @ R, TALL)
    R = solvers.givens(TALL)
    same(R.T @ R, TALL.T @ TALL)
    same(np.tril(R, -1), 0.0)
    same(solvers.householder(TALL, positive(5)), np.linalg.lstsq(TALL, positive(5), rcond=None)[0])


def test_tridiagonal() -> None:
    lower, diagonal, upper, rhs = spread(3), positive(4) + 3.0, positive(3), spread(4)
    A = np.diag(lower, -1) + np.diag(diagonal) + np.diag(upper, 1)
    same(solvers.tridiagonal(lower, diagonal, upper, rhs), np.linalg.solve(A, rhs))


def test_vertical_advection() -> None:
    utens, u, pos, wcon = positive(2, 5), spread(2, 5), positive(2, 5), 0.5 * spread(2, 5)
    got = solvers.vertical_advection(utens.copy(), u, pos, wcon, 0.7)
    for column in range(2):
        down, up = -0.25 * wcon[column, 1:], 0.25 * wcon[column, 1:]
        A = np.diag(down, -1) + np.diag(up, 1)
        A += np.diag(1.0 - A.sum(axis=1))
        rhs = u[column] + utens[column] - (A - np.eye(5)) @ u[column]
        same(got[column], 0.7 * (np.linalg.solve(A, rhs) - pos[column]))


def test_functions_of_matrices() -> None:
    A = spread(4, 4)
    for exponent in (1, 2, 5, 6):
        same(solvers.matrix_power(A, exponent), np.linalg.matrix_power(A, exponent))
    same(solvers.matrix_exponential(A, 14, 4), scipy.linalg.expm(A))


def test_eigenvalues() -> None:
    values = np.linalg.eigvalsh(SYMMETRIC)
    same(solvers.power_iteration(SYMMETRIC, positive(4), 400), values[-1])
    same(np.sort(solvers.jacobi_rotations(SYMMETRIC, 8)), values)


# Products.


def test_matrix_products() -> None:
    A, B, C = spread(3, 3), spread(3, 2), positive(3, 2)
    S = np.tril(A) + np.tril(A, -1).T
    same(products.symm(A, B, C.copy(), 1.3, 0.7), 1.3 * S @ B + 0.7 * C)
    M, N, D = spread(3, 2), positive(3, 2), positive(3, 3)
    want = np.where(np.tri(3), 1.3 * M @ M.T + 0.7 * D, D)
    same(products.syrk(M, D.copy(), 1.3, 0.7), want)
    want = np.where(np.tri(3), 1.3 * (M @ N.T + N @ M.T) + 0.7 * D, D)
    same(products.syr2k(M, N, D.copy(), 1.3, 0.7), np.sum(want**2))
    same(products.trmm(A, B.copy(), 1.3), 1.3 * (np.tril(A, -1) + np.eye(3)).T @ B)
    same(products.doitgen(spread(2, 2, 3), D), np.sum((spread(2, 2, 3) @ D) ** 2))
    same(products.gemm_by_element(B.T, A, 1.3), 1.3 * B.T @ A)
    u, v, x, y = positive(3), spread(3), spread(3), positive(3)
    B = A + np.outer(u, v)
    same(products.gemver(A.copy(), u, v, x.copy(), y), B @ (x + 0.5 * B.T @ y))


def test_statistics() -> None:
    data = spread(6, 3)
    same(products.covariance(data.copy()), np.cov(data.T))
    same(products.correlation(data), np.corrcoef(data.T))


def test_sparse_products() -> None:
    A = scipy.sparse.csr_matrix(CSR, shape=(4, 4)).toarray()
    x = spread(4)
    same(products.spmv(*CSR, x), A @ x)
    same(products.spmv_by_slices(*CSR, x), np.sum((A @ x) ** 2))
    same(products.spmv_transposed(*CSR, x, 4), A.T @ x)


def test_scattering() -> None:
    k = positive(3)
    edges = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [-1.0, 0.0, 1.0]])
    same(products.assemble(k, np.array([[0, 1], [1, 2], [2, 0]]), 3), edges.T @ np.diag(k) @ edges)
    where, charge = np.array([0.3, 2.6, 1.4, 2.2]), spread(4)
    hats = np.maximum(0.0, 1.0 - np.abs(where[:, None] - np.arange(5)))
    same(products.particle_in_cell(where, charge, 5), charge @ hats)
    cells = np.array([0, 2, 2, 1, 2])
    same(products.deposit_at_once(spread(5), cells, 4), np.bincount(cells, spread(5) ** 2, 4))
    counts = products.histogram(spread(9), np.array([-1.0, 0.0, 1.0]), 0.05)
    same(counts, np.histogram(spread(9), [-9.0, -0.5, 0.5, 9.0])[0], 1e-2)


def test_sums() -> None:
    x = spread(7)
    same(products.prefix_sums(x.copy()), np.cumsum(x))
    same(products.prefix_sums_by_doubling(x), np.cumsum(x))
    same(products.summed_area(spread(3, 4)), np.cumsum(np.cumsum(spread(3, 4), 0), 1) ** 2)
    same(products.running_product(x), np.cumprod(x))


def test_polynomials() -> None:
    c, x = spread(5), spread(3)
    same(products.horner(c, x), np.polyval(c, x))
    same(products.chebyshev(c, x), np.polynomial.chebyshev.chebval(x, c))
    nodes = np.array([0.0, 0.7, 1.1, 2.0])
    same(products.divided_differences(nodes, spread(4), 0.9), np.polyval(np.polyfit(nodes, spread(4), 3), 0.9))


def test_filters() -> None:
    x, w = spread(6), positive(3)
    same(products.convolution_by_scatter(x, w), np.convolve(x, w))
    same(products.delay_line(x, w), np.tanh(np.convolve(x, w)[:6]))
    same(products.biquad(x, -0.4, 0.3, 0.8, 0.2, -0.1), scipy.signal.lfilter([0.8, 0.2, -0.1], [1.0, -0.4, 0.3], x))


def test_deriche() -> None:
    alpha = 0.5
    e = np.exp(-alpha)
    k = (1.0 - e) ** 2 / (1.0 + 2.0 * alpha * e - e**2)
    denominator = [1.0, -2.0 * e, e**2]

    def smooth(rows: np.ndarray) -> np.ndarray:
        ahead = scipy.signal.lfilter([k, k * e * (alpha - 1.0)], denominator, rows)
        back = scipy.signal.lfilter([0.0, k * e * (alpha + 1.0), -k * e**2], denominator, rows[:, ::-1])
        return ahead + back[:, ::-1]

    same(products.deriche(spread(4, 6), alpha), smooth(smooth(spread(4, 6)).T).T)


def test_transforms() -> None:
    for n in (1, 2, 8, 16):
        re, im = products.stockham(spread(n), positive(n))
        same(re + 1j * im, np.fft.fft(spread(n) + 1j * positive(n)))
    same(products.walsh_hadamard(spread(8)), (scipy.linalg.hadamard(8) @ spread(8)) ** 2)
    x = spread(8)
    got = products.haar(x.copy())
    same(got[0], np.mean(x))
    same(got[1], 0.5 * (np.mean(x[:4]) - np.mean(x[4:])))
    same(got[4:], 0.5 * (x[::2] - x[1::2]))
    want = x.copy()
    want[1::2] = x[1::2] - 0.6 * x[::2]
    want[::2] = x[::2] + 0.3 * np.tanh(want[1::2])
    same(products.lifting(x.copy(), 0.6, 0.3), want)


# Stencils.


def test_linear_stencils_in_one_dimension() -> None:
    u, n = spread(6), 6
    S = np.eye(n) + second_difference(n) / 3.0
    same(stencils.jacobi_1d(u.copy(), u.copy(), 2), np.sum((np.linalg.matrix_power(S, 4) @ u) ** 2))
    S = np.eye(n) + 0.2 * second_difference(n)
    same(stencils.heat_by_element(u.copy(), 0.2, 3), np.linalg.matrix_power(S, 3) @ u)
    same(stencils.wave_equation(u, 0.4, 4), wave_by_matrix(u, 0.4, 4))


def wave_by_matrix(u: np.ndarray, speed: float, steps: int) -> np.ndarray:
    """The three-term recurrence of the wave equation with the ends that the rotating buffers give."""
    buffers = [u.copy(), u.copy(), np.zeros_like(u)]
    D = second_difference(len(u))
    for t in range(steps):
        before, now = buffers[t % 3], buffers[(t + 1) % 3]
        new = 2.0 * now - before + speed**2 * D @ now
        new[[0, -1]] = buffers[(t + 2) % 3][[0, -1]]
        buffers[(t + 2) % 3] = new
    return buffers[(steps + 1) % 3]


def test_red_black_is_gauss_seidel() -> None:
    """It ends at the solution of u[i - 1] - 2 u[i] + u[i + 1] = f[i] between given ends."""
    u, f = spread(7), positive(7)
    A, right = second_difference(7), f.copy()
    A[0, 0] = A[-1, -1] = 1.0
    right[[0, -1]] = u[[0, -1]]
    same(stencils.red_black(u.copy(), f, 200), np.linalg.solve(A, right))


def cross(u: np.ndarray) -> np.ndarray:
    return scipy.ndimage.correlate(u, np.array([[0.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]]))


def test_jacobi_2d() -> None:
    want = spread(5, 6)
    for _ in range(4):
        inner = 0.2 * cross(want)
        want[1:-1, 1:-1] = inner[1:-1, 1:-1]
    same(stencils.jacobi_2d(spread(5, 6), 2), want)


def test_heat_3d() -> None:
    want = spread(4, 5, 4)
    for _ in range(2):
        lap = scipy.ndimage.laplace(want)
        want[1:-1, 1:-1, 1:-1] += 0.1 * lap[1:-1, 1:-1, 1:-1]
    same(stencils.heat_3d(spread(4, 5, 4), 0.1, 2), np.sum(want**2))


def test_seidel() -> None:
    """Both relaxations end at the solution of their linear system; one sweep is a triangular solve."""
    u = spread(5, 5)
    inner = [5 * i + j for i in range(1, 4) for j in range(1, 4)]
    M = np.zeros((25, 25))
    for p in inner:
        for di, dj in itertools.product((-1, 0, 1), repeat=2):
            M[p, p + 5 * di + dj] = 1.0 / 9.0
    outer = np.diag([0.0 if p in inner else 1.0 for p in range(25)])
    once = np.linalg.solve(np.eye(25) - np.tril(M, -1), (np.triu(M) + outer) @ u.ravel())
    same(stencils.seidel_2d(u.copy(), 1), once @ once)

    A = np.eye(25) - outer
    for p in inner:
        for step in (-5, -1, 1, 5):
            A[p, p + step] -= 0.25
    solution = np.linalg.solve(A + outer, outer @ u.ravel())
    same(stencils.seidel_rows(u.copy(), 200), solution @ solution)


def test_fdtd_2d() -> None:
    ex, ey, hz, pulse = spread(4, 5), positive(4, 5), spread(4, 5), spread(2)
    a, b, c = ex.copy(), ey.copy(), hz.copy()
    for value in pulse:
        b = np.vstack((np.full((1, 5), value), b[1:] - 0.5 * np.diff(c, axis=0)))
        a = np.hstack((a[:, :1], a[:, 1:] - 0.5 * np.diff(c, axis=1)))
        curl = np.diff(a, axis=1)[:-1] + np.diff(b, axis=0)[:, :-1]
        c = c - 0.7 * np.pad(curl, ((0, 1), (0, 1)))
    same(stencils.fdtd_2d(ex, ey, hz, pulse), np.sum(c**2) + np.sum(a * b))


def test_adi() -> None:
    """Half a step is explicit in one direction and implicit in the other."""
    n, lam = 5, 0.3
    u = spread(n, n)
    D = second_difference(n)[1:-1]

    def half(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """The system along the rows: the first and last of each are given, so are the outer rows."""
        new = u.copy()
        right = u[1:-1] + lam * D @ u
        A = np.eye(n) - lam * second_difference(n)
        right[:, [0, -1]] = u[1:-1][:, [0, -1]]
        new[1:-1] = np.linalg.solve(A, right.T).T
        return new

    want = u
    for _ in range(2):
        v = half(want, want)
        want = half(v.T, v.T).T
    same(stencils.adi(u, lam, 2), want)


def test_sobel() -> None:
    image = spread(5, 6)
    gx, gy = (scipy.ndimage.sobel(image, axis)[1:-1, 1:-1] for axis in (1, 0))
    same(stencils.sobel(image), np.sqrt(gx**2 + gy**2 + 0.01))


def test_conv2d() -> None:
    image, weights, bias = spread(4, 5, 2), spread(2, 2, 2, 3), spread(3)
    got = stencils.conv2d(image, weights, bias)
    for f in range(3):
        parts = [scipy.signal.correlate2d(image[:, :, c], weights[:, :, c, f], "valid") for c in range(2)]
        same(got[:, :, f], sum(parts) + bias[f])
    one = scipy.signal.correlate2d(image[:, :, 0], weights[:, :, 0, 0], "valid")
    same(stencils.conv2d_by_element(image[:, :, 0], weights[:, :, 0, 0]), np.sum(one**2))


def test_horizontal_diffusion() -> None:
    """The Laplacian's differences, where they point against those of the field, taken differences of."""
    field = stencils.WAVES
    lap = scipy.ndimage.laplace(field)
    want, limited = field.copy(), []
    for axis in (0, 1):
        flux, slope = np.diff(lap, axis=axis), np.diff(field, axis=axis)
        limited.append((flux * slope > 0.0)[1:-1, 1:-1])
        inner = (slice(1, -1), slice(2, -2))
        want[2:-2, 2:-2] -= 0.2 * np.diff(np.where(flux * slope > 0.0, 0.0, flux), axis=axis)[inner[:: 1 - 2 * axis]]
    same(stencils.horizontal_diffusion(field, 0.2), want)
    assert 0.1 < np.mean(np.concatenate([part.ravel() for part in limited])) < 0.9


def test_conservation() -> None:
    u = np.concatenate(([0.0], positive(5), [0.0]))
    grown = stencils.upwind(u.copy(), np.full(7, 0.5), 1)
    same(np.sum(grown), np.sum(u))
    still = stencils.shallow_water(np.full(5, 2.0), np.zeros(5), 3)
    same(still, 5 * 4.0)
    same(stencils.burgers(np.full(5, 0.7), 0.3, 3), 0.7)
    same(stencils.cavity_flow(np.zeros((4, 4)), np.zeros((4, 4)), np.zeros((4, 4)), 0.0, 0.1, 3), 0.0)
    u = np.arange(5.0)
    same(stencils.smooth_with_two_buffers(u, 0.3, 3), np.sum(u**2))
    same(stencils.nonlinear_diffusion(np.full(5, 1.1), 3), 5 * 1.1**3)
    parallel = stencils.channel_flow(np.full((3, 5), 0.2), 0.1, 0.25, 300)
    same(np.ptp(parallel, axis=0), 0.0)


def test_neighbour_sums() -> None:
    grid = spread(4, 4)
    near = scipy.ndimage.convolve(grid, np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]]), mode="constant")
    same(stencils.neighbour_sums(grid, 1), grid + 0.1 * np.tanh(near - grid))


# Tables.


def test_shortest_paths() -> None:
    W = positive(5, 5)
    want = np.array([
        [min(length(W, (i, *path, j)) for r in range(4) for path in itertools.permutations(range(5), r))
         for j in range(5)] for i in range(5)
    ])
    same(tables.floyd_warshall(W), want)
    same(tables.floyd_warshall_by_element(W.copy()), want)
    u, v = np.array([(i, j) for i in range(5) for j in range(5) if i != j]).T
    from_zero = want[0].copy()
    from_zero[0] = 0.0
    same(tables.bellman_ford(u, v, W[u, v], 5), from_zero)


def length(W: np.ndarray, path: tuple[int, ...]) -> float:
    return float(sum(W[a, b] for a, b in itertools.pairwise(path)))


def alignments(n: int, m: int) -> list[list[tuple[int, int]]]:
    """All paths of steps right, down and across from (0, 0) to (n, m)."""
    if n == 0 and m == 0:
        return [[(0, 0)]]
    before = [(n - 1, m), (n, m - 1), (n - 1, m - 1)]
    return [[*path, (n, m)] for i, j in before if i >= 0 and j >= 0 for path in alignments(i, j)]


def test_alignments() -> None:
    a, b, gap = spread(3), positive(4), 0.6

    def cost(path: list[tuple[int, int]]) -> float:
        steps = itertools.pairwise(path)
        return sum((a[i - 1] - b[j - 1]) ** 2 if i > p and j > q else gap for (p, q), (i, j) in steps)

    costs = np.array([cost(path) for path in alignments(3, 4)])
    same(tables.needleman_wunsch(a, b, gap, 2.0), -np.log(np.sum(np.exp(-2.0 * costs))) / 2.0)
    warped = [sum(abs(a[i] - b[j]) for i, j in path) for path in alignments(2, 3)]
    same(tables.time_warping(a, b), min(warped))


def test_hidden_states() -> None:
    start, move, emit, seen = spread(2), spread(2, 2), spread(2, 3), [0, 2, 1, 1]
    paths = list(itertools.product(range(2), repeat=4))
    scores = np.array([
        start[p[0]] + sum(move[a, b] for a, b in itertools.pairwise(p)) + sum(emit[s, o] for s, o in zip(p, seen))
        for p in paths
    ])
    same(tables.forward_algorithm(start, move, emit, seen), np.log(np.sum(np.exp(scores))))
    best = paths[int(np.argmax(scores))]
    partial = [
        start[best[0]] + sum(move[best[k], best[k + 1]] for k in range(t)) + sum(emit[best[k], seen[k]]
                                                                               for k in range(t + 1))
        for t in range(4)
    ]
    same(tables.viterbi(start, move, emit, seen), partial[-1] + 0.1 * sum(v**2 for v in partial[:-1]))
    start, move, emission = positive(2), positive(2, 2), positive(4, 2)
    weights = {
        p: start[p[0]] * np.prod([move[a, b] for a, b in itertools.pairwise(p)]) * np.prod(emission[range(4), p])
        for p in paths
    }
    want = np.array([[sum(w for p, w in weights.items() if p[t] == s) for s in range(2)] for t in range(4)])
    same(tables.forward_backward(start, move, emission), want / sum(weights.values()))


def test_chart() -> None:
    x = spread(3)
    pair = lambda a, b: 0.6 * a + 0.3 * b  # noqa: E731
    want = np.log(np.exp(pair(x[0], pair(x[1], x[2]))) + np.exp(pair(pair(x[0], x[1]), x[2])))
    same(tables.inside(0.6, 0.3, x), want)


def test_option_exercised_at_once_and_never() -> None:
    same(tables.american_option(0.1, 1.1, 0.05, 0.3, 4), 1.0)
    up, n = np.exp(0.3 * np.sqrt(0.25)), 4
    q = (1.0 - 1.0 / up) / (up - 1.0 / up)
    chances = [scipy.special.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)]
    payoffs = [max(1.1 - 1.02 * up ** (2 * k - n), 0.0) for k in range(n + 1)]
    same(tables.american_option(1.02, 1.1, 0.0, 0.3, n), np.dot(chances, payoffs))


def test_value_iteration() -> None:
    r = spread(4)
    V = tables.value_iteration(r, 0.7, 200)
    padded = np.concatenate(([-np.inf], V, [-np.inf]))
    same(V, r + 0.7 * np.maximum(np.maximum(padded[:-2], padded[2:]), V))


def test_sorting_and_packing() -> None:
    x = spread(6)
    same(tables.bubble_sort(x.copy()), np.sort(x) * np.arange(1, 7))
    ordered = np.sort(x)
    same(tables.insertion_sort(x), ordered[0] ** 2 + ordered[-1] * ordered[1])
    kept = x[x > 0.1] ** 2
    same(tables.compact(x, 0.1), np.concatenate((kept, np.zeros(6 - len(kept)))))
    want = np.zeros((3, 3))
    want.T[np.triu_indices(3)] = spread(6)
    want[np.diag_indices(3)] = np.exp(np.diag(want))
    same(tables.packed_lower(spread(6), 3), want)


def test_reservoir() -> None:
    same(tables.reservoir(np.array([0.6]), 1.0, 0.1), 0.36)
    same(tables.reservoir(np.array([4.5]), 1.0, 0.1), 3.0 + 1.5)


# Dynamics.


def test_nbody_conserves() -> None:
    mass, pos, vel = positive(3), spread(3, 2), spread(3, 2)
    momentum = mass @ vel
    new_pos, new_vel = dynamics.nbody(mass, pos.copy(), vel.copy(), 1e-3, 50)
    same(mass @ new_vel, momentum)

    def energy(pos: np.ndarray, vel: np.ndarray) -> float:
        pairs = itertools.combinations(range(3), 2)
        potential = sum(mass[i] * mass[j] / np.sqrt(np.sum((pos[i] - pos[j]) ** 2) + 0.25) for i, j in pairs)
        return float(0.5 * mass @ np.sum(vel**2, axis=1) - potential)

    same(energy(new_pos, new_vel), energy(pos, vel), 1e-6)
    back_pos, back_vel = dynamics.nbody(mass, new_pos.copy(), -new_vel, 1e-3, 50)
    same(back_pos, pos)
    same(-back_vel, vel)


def test_logistic_map() -> None:
    """For r = 4 the iterates are sin**2 of doubled angles."""
    x = dynamics.logistic_map(np.sin(0.3) ** 2, 4.0, 5)
    same(x, np.sin(0.3 * 2.0 ** np.arange(6)) ** 2)
    same(dynamics.logistic_map_of_many(np.array([np.sin(0.3) ** 2]), 4.0, 5), x[-1])


def test_runge_kutta() -> None:
    """A linear system: a step is the exponential's Taylor polynomial of degree 4.  Also the logistic equation."""
    state = np.array([0.3, 0.0, 0.4])
    A = np.array([[-2.0, 2.0, 0.0], [1.5, -1.0, 0.0], [0.0, 0.0, -2.7]])
    small = 1e-7 * state
    got = dynamics.rk4(small.copy(), 2.0, 1.5, 2.7, 0.01, 3)
    step = sum(np.linalg.matrix_power(0.01 * A, k) / scipy.special.factorial(k) for k in range(5))
    same(got / 1e-7, np.linalg.matrix_power(step, 3) @ state, 1e-7)
    x = dynamics.rk4_with_tableau(np.array([0.2, 0.6]), 0.8, 0.05, 20)
    growth = np.exp(0.8) * np.array([0.2, 0.6])
    same(x, growth / (1.0 - np.array([0.2, 0.6]) + growth), 1e-7)


def test_multistep() -> None:
    """tan(x / 2) grows exponentially where x' = sin x; sin of x' = cos x is a hyperbolic tangent."""
    x = np.array([0.3, 0.9])
    got = dynamics.adams_bashforth(x.copy(), 1.2, 1e-3, 500)
    same(np.tan(got / 2), np.tan(x / 2) * np.exp(1.2 * 0.501), 1e-5)
    got = dynamics.adams_bashforth_by_index(x.copy(), 1.2, 1e-3, 500)
    same(got, np.sum(np.arcsin(np.tanh(np.arctanh(np.sin(x)) + 0.6)) ** 2), 1e-5)


def test_nerve_cell_without_conductance() -> None:
    current = np.array([1.0, 2.0, 3.0])
    v = [-60.0]
    for i in current:
        v.append(v[-1] + 0.02 * (i - 0.3 * (v[-1] + 54.4)))
    rest = dynamics.hodgkin_huxley(current, -60.0, 0.0, 0.0, 3) - np.mean(v) / 10.0
    assert 0.8 < rest < 1.2


def test_splitting_keeps_the_mass_that_does_not_react() -> None:
    u, v = dynamics.strang_splitting(np.ones(5), np.zeros(5), 0.5, 0.04, 3)
    same(u, 1.0)
    same(v, 0.0)


def test_multigrid() -> None:
    f, h = positive(9), 0.125
    u = dynamics.multigrid(np.zeros(9), f, h, 40)
    A = -second_difference(9)[1:-1, 1:-1] / h**2
    same(u[1:-1], np.linalg.solve(A, f[1:-1]), 1e-9)


def test_kalman_filter() -> None:
    """The measurements are jointly normal; filtering factorises their density."""
    z, noise, drift, x, P = spread(3), 0.5, 0.1, spread(2), np.eye(2) + 0.1
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    powers = [np.linalg.matrix_power(F, k) for k in range(4)]
    mean = np.array([(powers[t] @ x)[0] for t in range(1, 4)])
    cov = noise * np.eye(3)
    for s, t in itertools.product(range(1, 4), repeat=2):
        cov[s - 1, t - 1] += (powers[s] @ P @ powers[t].T)[0, 0]
        for k in range(1, min(s, t) + 1):
            cov[s - 1, t - 1] += drift * (powers[s - k] @ powers[t - k].T)[0, 0]
    gap = z - mean
    want = -0.5 * (gap @ np.linalg.solve(cov, gap) + np.linalg.slogdet(2.0 * np.pi * cov)[1])
    same(dynamics.kalman_filter(z, noise, drift, x.copy(), P.copy()), want)


def test_lattice_of_linear_springs() -> None:
    q, p, dt = spread(5), np.concatenate(([0.0], positive(3), [0.0])), 0.1
    D = second_difference(5)
    a, b = q, p
    for _ in range(3):
        b = b + dt * D @ a
        a = a + dt * b
    same(dynamics.lattice(q.copy(), p.copy(), 0.0, dt, 3), b @ b + np.sum(a**3))


def test_pendulum_at_rest_keeps_its_angle() -> None:
    state = dynamics.spring_pendulum(0.0, 1.2, 1)
    same(state, [0.005, 0.1, 1.2 - 0.0025 * (0.8 - 9.81), -0.05 * (0.8 - 9.81)])


def test_epidemic_keeps_everybody() -> None:
    people = positive(3, 1)
    total = np.sum(people)
    dynamics.epidemic(people, 0.5, 0.2, 5)
    same(np.sum(people), total)


def test_newton() -> None:
    x = dynamics.newton_system(np.array([1.5, 0.4]), np.array([2.3, 0.6]), 8)
    same([x @ x, x[0] * x[1]], [2.3, 0.6])


def test_implicit_steps() -> None:
    y = dynamics.implicit_euler(np.array([0.8]), 1.3, 0.2, 1)
    same(y + 0.26 * y**3, 0.8)
    u = np.concatenate(([0.0], spread(4), [0.0]))
    D = 0.2 * second_difference(6)
    want = np.linalg.matrix_power(np.linalg.solve(np.eye(6) - D, np.eye(6) + D), 3) @ u
    same(dynamics.crank_nicolson(u.copy(), 0.4, 3), want)


# Learning.


def test_softmax() -> None:
    x = spread(3, 4)
    want = scipy.special.softmax(x, axis=1)
    same(learning.softmax(x.copy()), want)
    same(learning.softmax_by_element(x[0]), want[0])


def test_networks() -> None:
    x, W1, b1, W2, b2, W3, b3 = spread(3, 2), spread(2, 4), spread(4), spread(4, 3), spread(3), spread(3, 2), spread(2)
    relu = lambda z: z * (z > 0.0)  # noqa: E731
    want = scipy.special.softmax(relu(relu(x @ W1 + b1) @ W2 + b2) @ W3 + b3, axis=1)
    same(learning.mlp(x, W1, b1, W2, b2, W3, b3), want)
    W, b = spread(2, 3, 3), spread(2, 3)
    want = np.tanh(W[1] @ np.tanh(W[0] @ x[:, 0] + b[0]) + b[1])
    same(learning.mlp_by_element(x[:, 0], W, b), want @ want)


def test_recurrent_cells() -> None:
    W, U, b, xs = spread(8, 3), positive(8, 2) - 1.0, spread(8), spread(3, 3)
    h, c = np.zeros(2), np.zeros(2)
    got = learning.lstm(W, U, b, xs)
    for t in range(3):
        f, i, o, g = np.split(W @ xs[t] + U @ h + b, 4)
        c = scipy.special.expit(f) * c + scipy.special.expit(i) * np.tanh(g)
        h = scipy.special.expit(o) * np.tanh(c)
        same(got[t], h)

    w, h, c, xs = spread(6, 2), spread(2), positive(2), spread(3, 2)
    got, loss = learning.lstm_by_element(w, h.copy(), c.copy(), xs), 0.0
    for x in xs:
        c = scipy.special.expit(w[0] * x + w[1] * h) * c + scipy.special.expit(w[2] * x + w[3] * h) * np.tanh(
            w[4] * x + w[5] * h
        )
        h = np.tanh(c)
        loss += np.sum((h - x) ** 2)
    same(got, loss)

    Wz, Wr, Wh, h = spread(2, 4), positive(2, 4), spread(2, 4), positive(2)
    got = learning.gated_unit(Wz, Wr, Wh, xs, h.copy())
    for x in xs:
        z, r = (scipy.special.expit(M @ np.append(x, h)) for M in (Wz, Wr))
        h = (1.0 - z) * h + z * np.tanh(Wh @ np.append(x, r * h))
    same(got, h)

    state, rows = np.zeros(3), []
    for u in spread(4, 3):
        state = 0.4 * state + 0.6 * np.tanh(spread(3, 3) @ state + u)
        rows.append(state)
    same(learning.echo_states(spread(3, 3), spread(4, 3), 0.6), rows)


def test_layers() -> None:
    x = spread(5, 3)
    z = (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3)
    same(learning.batch_norm(x, positive(3), spread(3)), z * positive(3) + spread(3))
    same(learning.max_pool(spread(4, 6)), spread(4, 6).reshape(2, 2, 3, 2).max(axis=(1, 3)))
    Q, K, V = spread(3, 2), positive(3, 2), spread(3, 2)
    for i, row in enumerate(learning.causal_attention(Q, K, V)):
        same(row, scipy.special.softmax(Q[i] @ K[: i + 1].T) @ V[: i + 1])
    table, words, W = spread(4, 3), np.array([0, 2, 2, 3]), spread(3, 3)
    same(learning.embedding(table, words, W), np.sum(np.tanh(W @ table[words].mean(0))))


def test_training() -> None:
    X, y = spread(6, 2), positive(6)
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    same(learning.descent_with_momentum(np.zeros(2), X, y, 0.3, 0.5, 400), np.mean((X @ w - y) ** 2))
    first = learning.adam(np.array([0.5, -0.5]), np.zeros(2), 0.1, 1)
    g = np.sinh(0.5)
    same(first, np.array([0.5, -0.5]) - np.array([0.1, -0.1]) * g / (g + 1e-3))
    start = learning.backpropagation(spread(3, 2), spread(2, 3), positive(2), spread(2), 0.1, 0)
    assert learning.backpropagation(spread(3, 2), spread(2, 3), positive(2), spread(2), 0.1, 30) < 0.1 * start


def test_clusters() -> None:
    points = np.concatenate((0.1 * spread(4, 2), 0.1 * spread(4, 2) + 5.0))
    got = learning.k_means(points, np.array([[0.5, 0.5], [4.0, 4.0]]), 3.0, 5)
    same(got, [points[:4].mean(0), points[4:].mean(0)], 1e-9)


def test_boosting_fits_a_constant() -> None:
    same(learning.gradient_boosting(np.full(4, 0.3), np.full(4, 2.0), 1.0, 1),
         np.sum((2.0 - 2.0 * scipy.special.expit(1.2)) ** 2 * np.ones(4)))
