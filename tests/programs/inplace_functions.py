"""Functions and methods that exist to change an array: `np.copyto`, `np.add.at`, `np.put`, `fill`, `sort`."""

import numpy as np

from tests.corpus import case, positive, spread


def copyto(x, y):
    a = np.empty(3)
    np.copyto(a, x * y)
    np.copyto(x[1:], a[:-1])
    return a * x


def copyto_scalar(x, s):
    np.copyto(x, s * s)
    x[0] *= s
    return x * x


def copyto_broadcast(A, r):
    np.copyto(A, r)
    A[0] *= r
    return A * A


def copyto_where(x, y, keep):
    np.copyto(x, y * y, where=keep)
    return x * x


def copyto_where_compared(x, s):
    np.copyto(x, s, where=x < 0.0)
    return x * x


def add_at(x, v):
    np.add.at(x, np.array([0, 2, 0, 0]), v * v)
    return x * x


def add_at_argument(x, v, k):
    a = np.zeros(3)
    np.add.at(a, k, v)
    np.add.at(x, k, a[k])
    return a * x


def add_at_scalar(x, s, k):
    np.add.at(x, k, s * s)
    return x * x


def add_at_rows(A, V, k):
    np.add.at(A, k, V * V)
    return A * A


def add_at_two_index_arrays(A, v, i, j):
    np.add.at(A, (i, j), v * A[0, 0])
    return A * A


def add_at_slice(x, s):
    np.add.at(x, slice(1, 3), s)
    return x * x


def subtract_at(x, v, k):
    np.subtract.at(x, k, v * x[k])
    return x * x


def subtract_at_mask(x, v, keep):
    np.subtract.at(x, keep, v)
    return x * x


def put(x, v):
    np.put(x, [0, 2], v * v)
    return x * x


def put_repeated(x, v, k):
    a = np.cos(x)
    np.put(a, k, v)
    return a * x


def put_into_matrix(A, v):
    np.put(A, np.array([1, 5]), v * A[0, 0])
    A.put([2], v[0])
    return A * A


def put_scalar(x, s):
    x.put([1, -1], s * s)
    return x * x


def putmask(x, v):
    np.putmask(x, x > 0.0, v * v)
    return x * x


def fill_diagonal(A, s):
    np.fill_diagonal(A, s * s)
    return A * A


def fill_diagonal_with_array(A, v):
    B = A * A
    np.fill_diagonal(B, v * v)
    return B * A


def fill(x, s):
    a = x * x
    a.fill(s * x[0])
    x[1:].fill(a[0])
    return a * x


def fill_with_constant(x):
    y = x * x
    x.fill(2.0)
    return x * y


def sort(x, y):
    x.sort()
    return x * y


def sort_of_local(x, y):
    a = x * x
    a.sort()
    a[0] = y[0] * a[1]
    return a * x


def sort_along_axis(A, B):
    A.sort(axis=0)
    A[1].sort()
    return A * B


def sort_of_view(x, y):
    v = x[1:]
    v.sort()
    return x * y


FLAGS = np.array([True, False, True, False])
ZEROS = np.array([0.5, 0.0, -0.8, 0.0])


FLAGS = np.array([True, False, True, False])
CASES = [
    case(copyto, spread(3), positive(3)),
    case(copyto_scalar, spread(3), 0.7),
    case(copyto_broadcast, spread(2, 3), spread(3)),
    case(copyto_where, spread(4), positive(4), FLAGS),
    case(copyto_where_compared, spread(4), 0.7),
    case(add_at, spread(3), spread(4)),
    case(add_at_argument, spread(3), spread(4), np.array([0, 2, 2, 1])),
    case(add_at_scalar, spread(3), 0.7, np.array([1, 1, 0])),
    case(add_at_rows, spread(3, 2), spread(3, 2), np.array([1, 1, 0])),
    case(add_at_two_index_arrays, spread(2, 2), spread(3), np.array([1, 0, 1]), np.array([1, 0, 1])),
    case(add_at_slice, spread(4), 0.7),
    case(subtract_at, spread(3), spread(4), np.array([0, 2, 2, 1])),
    case(subtract_at_mask, spread(4), spread(2), FLAGS),
    case(put, spread(3), spread(2)),
    case(put_repeated, spread(3), spread(3), np.array([2, 0, 2])),
    case(put_into_matrix, spread(2, 3), spread(2)),
    case(put_scalar, spread(3), 0.7),
    case(putmask, spread(4), spread(4)),
    case(fill_diagonal, spread(3, 3), 0.7),
    case(fill_diagonal_with_array, spread(3, 3), spread(3)),
    case(fill, spread(3), 0.7),
    case(fill_with_constant, spread(3)),
    case(sort, spread(4), positive(4)),
    case(sort_of_local, spread(4), positive(4)),
    case(sort_along_axis, spread(2, 3), positive(2, 3)),
    case(sort_of_view, spread(4), positive(4)),
]
