"""Decompositions and products in loops, branches, calls and arrays that change."""

import numpy as np

from tests.corpus import case, spread

SPD = np.array([[2.0, 0.3, 0.1], [0.3, 1.4, -0.2], [0.1, -0.2, 0.9]])
MATRIX = np.array([[1.1, 0.4, -0.3], [0.2, 0.9, 0.5], [-0.6, 0.3, 1.3]])


def eigenvalues_in_a_loop(A, n):
    total = 0.0
    for k in range(n):
        w, v = np.linalg.eigh(A + k * np.diag(np.diag(A)))
        total = total + np.sum(np.log(w)) * v[0, 0] ** 2
    return total


def decomposition_carried(A, n):
    for _ in range(n):
        q, r = np.linalg.qr(A)
        A = r @ q
    return np.diag(A)


def one_or_the_other(A, p):
    if A[0, 0] > p:
        u, s, vh = np.linalg.svd(A)
        out = u[:, 0] * s[0]
    else:
        w, v = np.linalg.eigh(A + A.T)
        out = v[:, 0] * w[0]
    return out


def root(A):
    w, v = np.linalg.eigh(A)
    return (v * np.sqrt(w)) @ v.T


def inlined(A):
    return root(A) @ root(2.0 * A)


def by_itself(A, n):
    sign, log = np.linalg.slogdet(A)
    if n == 0:
        return sign * log
    return log * by_itself(1.5 * A, n - 1)


def parts_that_change(A):
    w, v = np.linalg.eigh(A)
    w[0] = w[0] ** 2
    v[:, 1] *= w[1]
    w += 1.0
    return (v * w) @ v.T


def change_in_a_loop(A, n):
    total = np.zeros(3)
    for _ in range(n):
        w, v = np.linalg.eigh(A)
        w *= v[0] ** 2
        total += w
        A = A + np.diag(w)
    return total


def first_only(A):
    u, *rest = np.linalg.svd(A)
    return np.abs(u[0]) + rest[0]


def whole_results(A):
    r = np.linalg.slogdet(A)
    pair = [r, np.linalg.qr(A)]
    return pair[0].logabsdet * pair[1].R[0, 0]


def least_squares(A, b):
    x, residuals, rank, s = np.linalg.lstsq(A, b, rcond=None)
    return np.sum(x**2) + residuals[0] + rank * np.sum(s)


def newton(x, steps):
    for _ in range(steps):
        J = np.array([[2.0 * x[0], 1.0], [1.0, 2.0 * x[1]]])
        f = np.array([x[0] ** 2 + x[1] - 3.0, x[0] + x[1] ** 2 - 5.0])
        x = x - np.linalg.solve(J, f)
    return x


def contraction_in_a_loop(A, v, n):
    for _ in range(n):
        v = np.einsum("ij,j,j->i", A, v, v) / np.linalg.norm(v)
    return v


def log_density(x, m, C):
    L = np.linalg.cholesky(C)
    z = np.linalg.solve(L, x - m)
    return -0.5 * z @ z - np.sum(np.log(np.diag(L)))


CASES = [
    case(eigenvalues_in_a_loop, SPD, 3), case(decomposition_carried, MATRIX, 2, wrt=0),
    case(one_or_the_other, MATRIX, 0.5, wrt=0), case(one_or_the_other, MATRIX, 3.0, wrt=0, note="else"),
    case(inlined, SPD), case(by_itself, MATRIX, 2), case(parts_that_change, SPD), case(change_in_a_loop, SPD, 2),
    case(first_only, MATRIX), case(whole_results, MATRIX), case(least_squares, spread(4, 3), spread(4)),
    case(newton, np.array([1.1, 1.7]), 3), case(contraction_in_a_loop, MATRIX, np.array([0.7, 1.1, 0.4]), 3),
    case(log_density, np.array([0.3, 0.1, -0.2]), np.array([0.1, 0.4, 0.2]), SPD),
]
