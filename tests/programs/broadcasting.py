"""Operands of unequal shapes."""

import numpy as np

from tests.corpus import case, positive, spread


def scalar_times_array(a, x):
    return a * x


def array_over_scalar(x, a):
    return x / a - a


def column_times_row(c, r):
    return c * r + c - r


def matrix_plus_row(A, r):
    return np.sin(A + r)


def matrix_plus_column(A, c):
    return np.sin(A * c)


def cube_and_matrix(T, A):
    return T * A


def size_one_axis(A, B):
    return A * B


def scalar_to_power_array(a, x):
    return a**x


def array_to_power_scalar(x, a):
    return x**a


def broadcast_sum(x, a):
    return np.sum(x + a) + np.sum(a * x * x)


def broadcast_in_loop(A, r, n):
    for i in range(n):
        A = np.tanh(A + r * i)
    return A


def scalar_becomes_array_in_loop(a, x, n):
    s = a
    for i in range(n):
        s = s * x + a
    return s


def scalar_or_array_by_branch(a, x, flag):
    y = a
    if flag:
        y = a * x
    return np.sum(y * a)


def normalised_rows(A):
    return A / np.sqrt(np.sum(A * A, axis=1, keepdims=True))


def centred_columns(A):
    return A - np.mean(A, axis=0)


def pairwise_differences(x):
    return np.sum((x[:, None] - x[None, :]) ** 4)


def pairwise_distances(X, Y):
    return np.sum((X[:, None, :] - Y[None, :, :]) ** 2, axis=2)


def maximum_with_scalar(x, a):
    return np.maximum(x, a) * x


def mixed_number_of_axes(x, A):
    return x + A @ A.T


CASES = [
    case(scalar_times_array, 0.7, spread(3)),
    case(scalar_times_array, 0.7, spread(2, 3), note="matrix"),
    case(scalar_times_array, 0.7, np.zeros(0), note="empty"),
    case(scalar_times_array, spread(1), spread(3), note="size_one"),
    case(array_over_scalar, spread(3), 0.7),
    case(column_times_row, spread(3, 1), spread(4)),
    case(column_times_row, spread(3, 1), spread(1, 4), note="matrices"),
    case(column_times_row, spread(1, 1), spread(1), note="size_one"),
    case(column_times_row, spread(4, 1), spread(4), note="equal_lengths"),
    case(matrix_plus_row, spread(2, 3), spread(3)),
    case(matrix_plus_row, spread(1, 3), spread(3), note="one_row"),
    case(matrix_plus_row, spread(2, 3), spread(1), note="size_one"),
    case(matrix_plus_row, spread(3), spread(2, 3), note="other_way"),
    case(matrix_plus_column, spread(2, 3), spread(2, 1)),
    case(cube_and_matrix, spread(2, 3, 4), spread(3, 4)),
    case(cube_and_matrix, spread(2, 3, 4), spread(3, 1), note="size_one"),
    case(size_one_axis, spread(1, 3), spread(2, 1)),
    case(size_one_axis, spread(2, 1, 3), spread(4, 1), note="cube"),
    case(size_one_axis, spread(0, 3), spread(1, 3), note="empty"),
    case(scalar_to_power_array, 0.7, spread(3)),
    case(array_to_power_scalar, positive(3), 0.7),
    case(broadcast_sum, spread(3), 0.7),
    case(broadcast_sum, spread(2, 3), spread(2, 1), note="column"),
    case(broadcast_in_loop, spread(2, 3), spread(3), 3),
    case(scalar_becomes_array_in_loop, 0.7, spread(3), 3),
    case(scalar_or_array_by_branch, 0.7, spread(3), True),
    case(scalar_or_array_by_branch, 0.7, spread(3), False, note="scalar"),
    case(normalised_rows, spread(3, 2)),
    case(centred_columns, spread(3, 2)),
    case(pairwise_differences, spread(4)),
    case(pairwise_distances, spread(3, 2), spread(4, 2)),
    case(maximum_with_scalar, spread(4), 0.1),
    case(mixed_number_of_axes, spread(2), spread(2, 3)),
]
