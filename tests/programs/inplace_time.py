"""Time loops: stencils in place, buffers that are swapped, histories."""

import numpy as np

from tests.corpus import case, spread


def two_buffers_swapped(x, n):
    a, b = x * 1.0, np.zeros_like(x)
    b[0], b[-1] = x[0], x[-1]
    for i in range(n):
        b[1:-1] = a[1:-1] * a[1:-1] + 0.3 * (a[2:] - a[:-2])
        a, b = b, a
    return a * a


def two_buffers_linear(x, n):
    a, b = x.copy(), x.copy()
    for i in range(n):
        b[1:-1] = 0.5 * a[1:-1] + 0.25 * (a[2:] + a[:-2])
        a, b = b, a
    return a * x


def arguments_as_buffers(x, y, n):
    for i in range(n):
        y[1:] = x[1:] * x[:-1]
        y[0] = x[0]
        x, y = y, x
    return x * x


def three_buffers_rotated(x, n):
    old, now, new = x * 0.9, x * 1.0, np.zeros_like(x)
    for i in range(n):
        new[1:-1] = 2.0 * now[1:-1] - old[1:-1] + 0.1 * now[1:-1] * (now[2:] - now[:-2])
        old, now, new = now, new, old
    return now * old


def stencil_linear(x, n):
    for t in range(n):
        x[1:-1] = 0.25 * x[:-2] + 0.5 * x[1:-1] + 0.25 * x[2:]
    return x * x


def stencil_nonlinear(x, n):
    for t in range(n):
        x[1:-1] = x[1:-1] - 0.1 * x[1:-1] * (x[2:] - x[:-2])
    return x


def stencil_by_elements(A, n):
    for t in range(n):
        for i in range(1, A.shape[0] - 1):
            for j in range(1, A.shape[1] - 1):
                A[i, j] = 0.2 * (A[i, j] + A[i - 1, j] + A[i + 1, j] + A[i, j - 1] * A[i, j + 1])
    return A * A


def history_in_matrix(x, n):
    U = np.zeros((n + 1, 4))
    U[0] = x
    for t in range(n):
        U[t + 1] = U[t] + 0.1 * np.sin(U[t])
        U[t + 1, 0] = U[t, 1] * U[t, 2]
    return U


def blocks_of_slices(x):
    for i in range(0, len(x), 2):
        x[i:i + 2] = x[i:i + 2][::-1] * x[0]
    return x


def growing_slices(x):
    for i in range(1, len(x)):
        x[:i] *= x[i]
        x[i:] += x[i - 1]
    return x


CASES = [
    case(two_buffers_swapped, spread(5), 3),
    case(two_buffers_swapped, spread(5), 2, note="even"),
    case(two_buffers_swapped, spread(5), 0, note="no_trip"),
    case(two_buffers_linear, spread(5), 3),
    case(arguments_as_buffers, spread(4), spread(4), 3),
    case(arguments_as_buffers, spread(4), spread(4), 2, note="even"),
    case(three_buffers_rotated, spread(5), 4),
    case(stencil_linear, spread(6), 3),
    case(stencil_nonlinear, spread(6), 3),
    case(stencil_by_elements, spread(4, 4), 2),
    case(history_in_matrix, spread(4), 3),
    case(blocks_of_slices, spread(5)),
    case(growing_slices, spread(4)),
]
