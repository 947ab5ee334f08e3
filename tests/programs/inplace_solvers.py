"""Factorisations and solvers that work in place, as in the textbooks of numerical linear algebra."""

import numpy as np

from tests.corpus import case, positive, spread


def trisolv(L, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


def back_substitution(U, b):
    """In place: b becomes the solution, from the last row up."""
    n = b.shape[0]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= U[i, j] * b[j]
        b[i] /= U[i, i]
    return b


def cholesky(A):
    n = A.shape[0]
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            if i == j:
                L[i, i] = np.sqrt(s)
            else:
                L[i, j] = s / L[j, j]
    return L


def cholesky_in_place(A):
    """The lower triangle of A becomes its factor, column by column."""
    n = A.shape[0]
    for j in range(n):
        A[j, j] = np.sqrt(A[j, j])
        A[j + 1 :, j] /= A[j, j]
        for k in range(j + 1, n):
            A[k:, k] -= A[k:, j] * A[k, j]


def log_determinant(A):
    C = A.copy()
    cholesky_in_place(C)
    return 2.0 * np.sum(np.log(np.diag(C)))


def lu(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1 :] -= A[i, k] * A[k, k + 1 :]
    return A


def ludcmp(A, b):
    n = A.shape[0]
    x = np.zeros(n)
    y = np.zeros(n)
    for i in range(n):
        for j in range(i):
            w = A[i, j]
            for k in range(j):
                w -= A[i, k] * A[k, j]
            A[i, j] = w / A[j, j]
        for j in range(i, n):
            w = A[i, j]
            for k in range(i):
                w -= A[i, k] * A[k, j]
            A[i, j] = w
    for i in range(n):
        w = b[i]
        for j in range(i):
            w -= A[i, j] * y[j]
        y[i] = w
    for i in range(n - 1, -1, -1):
        w = y[i]
        for j in range(i + 1, n):
            w -= A[i, j] * x[j]
        x[i] = w / A[i, i]
    return x


def crout(A):
    n = A.shape[0]
    L = np.zeros((n, n))
    U = np.eye(n)
    for j in range(n):
        L[j:, j] = A[j:, j] - L[j:, :j] @ U[:j, j]
        U[j, j + 1 :] = (A[j, j + 1 :] - L[j, :j] @ U[:j, j + 1 :]) / L[j, j]
    return L, U


def pivoted_solve(A, b):
    """Gaussian elimination; rows change places so that the pivot is the largest of its column."""
    A = A.copy()
    x = b.copy()
    n = len(x)
    for k in range(n):
        p = k + np.argmax(np.abs(A[k:, k]))
        A[[k, p]] = A[[p, k]]
        x[k], x[p] = x[p], x[k]
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            x[i] -= factor * x[k]
    for k in range(n - 1, -1, -1):
        x[k] = (x[k] - np.dot(A[k, k + 1 :], x[k + 1 :])) / A[k, k]
    return x


def gauss_jordan_inverse(A):
    n = A.shape[0]
    M = np.zeros((n, 2 * n))
    M[:, :n] = A
    M[:, n:] = np.eye(n)
    for k in range(n):
        M[k] /= M[k, k]
        for i in range(n):
            if i != k:
                M[i] -= M[i, k] * M[k]
    return M[:, n:]


def durbin(r):
    """The system of Yule and Walker: a Toeplitz matrix of ones and r, solved in quadratic time."""
    n = len(r)
    y = np.zeros(n)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, n):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(r[k - 1 :: -1], y[:k])) / beta
        y[:k] += alpha * y[k - 1 :: -1]
        y[k] = alpha
    return y


def gramschmidt(A):
    m, n = A.shape
    Q = np.zeros((m, n))
    R = np.zeros((n, n))
    A = A.copy()
    for k in range(n):
        R[k, k] = np.sqrt(np.sum(A[:, k] * A[:, k]))
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, n):
            R[k, j] = Q[:, k] @ A[:, j]
            A[:, j] -= Q[:, k] * R[k, j]
    return Q, R


def rotate_rows(A, i, j, c, s):
    upper = A[i].copy()
    A[i] = c * upper + s * A[j]
    A[j] = c * A[j] - s * upper


def givens(A):
    """The triangular factor of QR by rotations of pairs of rows."""
    R = A.copy()
    m, n = R.shape
    for j in range(n):
        for i in range(m - 1, j, -1):
            r = np.hypot(R[i - 1, j], R[i, j])
            rotate_rows(R, i - 1, i, R[i - 1, j] / r, R[i, j] / r)
    return R


def householder(A, b):
    """Least squares: reflections are applied to the matrix and to the right-hand side."""
    R = A.copy()
    y = b.copy()
    m, n = R.shape
    for k in range(n):
        v = R[k:, k].copy()
        v[0] += np.sign(v[0]) * np.sqrt(np.sum(v * v))
        v /= np.sqrt(v @ v)
        R[k:, k:] -= 2.0 * np.outer(v, v @ R[k:, k:])
        y[k:] -= 2.0 * v * (v @ y[k:])
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (y[i] - R[i, i + 1 : n] @ x[i + 1 :]) / R[i, i]
    return x


def gauss_seidel(A, b, x, sweeps):
    n = len(b)
    for sweep in range(sweeps):
        for i in range(n):
            s = b[i]
            for j in range(n):
                if j != i:
                    s -= A[i, j] * x[j]
            x[i] = s / A[i, i]
    return x


def successive_overrelaxation(A, b, omega, sweeps):
    x = np.zeros_like(b)
    for sweep in range(sweeps):
        for i in range(len(b)):
            x[i] += omega * (b[i] - A[i] @ x) / A[i, i]
    return np.sum(x * x)


def tridiagonal(lower, diagonal, upper, rhs):
    n = len(rhs)
    d = diagonal.copy()
    x = rhs.copy()
    for i in range(1, n):
        w = lower[i - 1] / d[i - 1]
        d[i] -= w * upper[i - 1]
        x[i] -= w * x[i - 1]
    x[-1] /= d[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    return x


def forward_sweep(utens, u_stage, wcon, ccol, dcol):
    K = u_stage.shape[1]
    for k in range(K):
        if k == 0:
            cs = 0.25 * wcon[:, k + 1]
            ccol[:, k] = cs
            bcol = 1.0 - ccol[:, k]
            dcol[:, k] = u_stage[:, k] + utens[:, k] - cs * (u_stage[:, k + 1] - u_stage[:, k])
        elif k < K - 1:
            ac = -0.25 * wcon[:, k]
            cs = 0.25 * wcon[:, k + 1]
            ccol[:, k] = cs
            bcol = 1.0 - ac - ccol[:, k]
            correction = -ac * (u_stage[:, k - 1] - u_stage[:, k]) - cs * (u_stage[:, k + 1] - u_stage[:, k])
            dcol[:, k] = u_stage[:, k] + utens[:, k] + correction
            bcol = bcol - ccol[:, k - 1] * ac
            dcol[:, k] = dcol[:, k] - dcol[:, k - 1] * ac
        else:
            ac = -0.25 * wcon[:, k]
            bcol = 1.0 - ac - ccol[:, k - 1] * ac
            correction = -ac * (u_stage[:, k - 1] - u_stage[:, k])
            dcol[:, k] = u_stage[:, k] + utens[:, k] + correction - dcol[:, k - 1] * ac
        divided = 1.0 / bcol
        ccol[:, k] *= divided
        dcol[:, k] *= divided


def vertical_advection(utens, u_stage, u_pos, wcon, rate):
    """Implicit advection in columns of air: the Thomas algorithm along the second axis for all columns at once."""
    ccol = np.zeros_like(u_stage)
    dcol = np.zeros_like(u_stage)
    forward_sweep(utens, u_stage, wcon, ccol, dcol)
    K = u_stage.shape[1]
    data = np.zeros(u_stage.shape[0])
    for k in range(K - 1, -1, -1):
        data[:] = dcol[:, k] - ccol[:, k] * data
        utens[:, k] = rate * (data - u_pos[:, k])
    return utens


def conjugate_gradients(A, b, steps):
    x = np.zeros_like(b)
    r = b.copy()
    p = r.copy()
    rr = r @ r
    for step in range(steps):
        Ap = A @ p
        alpha = rr / (p @ Ap)
        x += alpha * p
        r -= alpha * Ap
        new = r @ r
        p *= new / rr
        p += r
        rr = new
    return x


def minimal_residual(A, b, steps):
    """The step is chosen anew from the residual, which is updated in place; the count runs down."""
    x = b.copy()
    r = b - A @ x
    while steps > 0:
        Ar = A @ r
        alpha = np.dot(r, Ar) / np.dot(Ar, Ar)
        x[:] = x + alpha * r
        np.subtract(r, alpha * Ar, out=r)
        steps -= 1
    return np.sum(x) + np.sum(r * r)


def power_iteration(A, x, steps):
    for step in range(steps):
        x[:] = A @ x
        x /= np.sqrt(np.sum(x * x))
    return x @ (A @ x)


def matrix_power(A, exponent):
    base = A.copy()
    result = np.eye(len(A))
    while exponent > 0:
        if exponent % 2 == 1:
            result[...] = result @ base
        base[...] = base @ base
        exponent //= 2
    return result


def matrix_exponential(A, terms, squarings):
    B = A / 2.0**squarings
    term = np.eye(A.shape[0])
    E = term.copy()
    for k in range(1, terms + 1):
        term = term @ B / k
        E += term
    for k in range(squarings):
        np.matmul(E.copy(), E.copy(), out=E)
    return E


def jacobi_rotations(A, sweeps):
    """Eigenvalues of a symmetric matrix: each rotation makes one pair of elements zero."""
    A = A.copy()
    n = A.shape[0]
    for sweep in range(sweeps):
        for p in range(n - 1):
            for q in range(p + 1, n):
                theta = 0.5 * np.arctan2(2.0 * A[p, q], A[q, q] - A[p, p])
                c, s = np.cos(theta), np.sin(theta)
                rowp, rowq = A[p, :].copy(), A[q, :].copy()
                A[p, :], A[q, :] = c * rowp - s * rowq, s * rowp + c * rowq
                colp, colq = A[:, p].copy(), A[:, q].copy()
                A[:, p], A[:, q] = c * colp - s * colq, s * colp + c * colq
    return np.diag(A) + 0.0


DOMINANT = spread(3, 3) + 4.0 * np.eye(3)
SYMMETRIC = DOMINANT @ DOMINANT.T / 8.0
WANTS_PIVOTS = np.array([[0.3, 1.1, -0.7], [1.9, 0.4, 0.8], [-0.9, 1.7, 0.6]])

CASES = [
    case(trisolv, np.tril(DOMINANT), spread(3)),
    case(back_substitution, np.triu(DOMINANT), spread(3)),
    case(cholesky, SYMMETRIC),
    case(log_determinant, SYMMETRIC),
    case(lu, DOMINANT),
    case(ludcmp, DOMINANT, spread(3)),
    case(crout, DOMINANT),
    case(pivoted_solve, WANTS_PIVOTS, spread(3)),
    case(gauss_jordan_inverse, DOMINANT),
    case(durbin, np.array([0.5, -0.2, 0.1, 0.15])),
    case(gramschmidt, spread(4, 3) + np.eye(4, 3)),
    case(givens, spread(4, 3) + np.eye(4, 3)),
    case(householder, spread(4, 3) + np.eye(4, 3), positive(4)),
    case(gauss_seidel, DOMINANT, spread(3), positive(3), 2),
    case(successive_overrelaxation, DOMINANT, spread(3), 1.1, 2),
    case(tridiagonal, spread(3), positive(4) + 3.0, spread(3)[::-1].copy(), spread(4)),
    case(vertical_advection, spread(2, 4), positive(2, 4), spread(2, 4), 0.5 * spread(2, 4), 0.7),
    case(conjugate_gradients, SYMMETRIC, spread(3), 2),
    case(minimal_residual, DOMINANT, spread(3), 2),
    case(power_iteration, SYMMETRIC, positive(3), 3),
    case(matrix_power, spread(3, 3), 5),
    case(matrix_exponential, spread(3, 3), 4, 2),
    case(jacobi_rotations, SYMMETRIC, 1),
]
