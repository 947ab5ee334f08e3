"""Reductions over all or some axes."""

import numpy as np

from tests.corpus import case, positive, spread


def sum_all(x):
    return np.sum(x * x)


def sum_axis(A):
    return np.sum(A * A, axis=0)


def sum_negative_axis(A):
    return np.sum(A * A, axis=-1)


def sum_two_axes(T):
    return np.sum(T * T, axis=(0, 2))


def sum_keepdims(A):
    return A * np.sum(A, axis=1, keepdims=True)


def sum_method(A):
    return A.sum(axis=0) * A.sum()


def sum_builtin(x):
    return sum(x) * x[0]


def mean_all(x):
    return np.mean(x) * np.mean(x * x)


def mean_axis(A):
    return np.mean(A * A, axis=0) + A.mean(1, keepdims=True)


def product_all(x):
    return np.prod(x)


def product_axis(A):
    return np.prod(A, axis=1)


def maximum_all(x):
    return np.max(x) * np.sum(x)


def maximum_axis(A):
    return np.max(A, axis=0) ** 2


def minimum_axis_keepdims(A):
    return A - A.min(axis=1, keepdims=True)


def variance(x):
    return np.var(x) * np.std(x)


def variance_axis(A):
    return np.var(A, axis=0) + np.std(A, axis=0)


def cumulative_sum(x):
    return np.cumsum(x) * x


def cumulative_sum_axis(A):
    return np.cumsum(A, axis=1) ** 2


def norm(x):
    return np.linalg.norm(x)


def sum_of_nothing(x):
    return np.sum(x, axis=0)


def reduction_in_loop(x, n):
    for i in range(n):
        x = x / (1.0 + np.sum(x * x))
    return x


def length_of_axis(A):
    return np.sum(A, axis=0) / A.shape[0]


def difference(x):
    return np.diff(x) ** 2


def position_of_maximum(x):
    k = np.argmax(x)
    return x[k] * x[0]


def sorted_values(x):
    return np.sort(x) * np.arange(4)


CASES = [
    case(sum_all, spread(4)),
    case(sum_all, spread(2, 3), note="matrix"),
    case(sum_axis, spread(2, 3)),
    case(sum_axis, spread(1, 3), note="size_one"),
    case(sum_negative_axis, spread(2, 3)),
    case(sum_two_axes, spread(2, 3, 4)),
    case(sum_keepdims, spread(2, 3)),
    case(sum_method, spread(2, 3)),
    case(sum_builtin, spread(3)),
    case(mean_all, spread(4)),
    case(mean_axis, spread(3, 3)),
    case(product_all, spread(4)),
    case(product_axis, spread(2, 3)),
    case(maximum_all, spread(4)),
    case(maximum_axis, spread(3, 2)),
    case(minimum_axis_keepdims, spread(2, 3)),
    case(variance, spread(4)),
    case(variance_axis, spread(4, 2)),
    case(cumulative_sum, spread(4)),
    case(cumulative_sum_axis, spread(2, 3)),
    case(norm, spread(3)),
    case(sum_of_nothing, np.zeros((0, 3))),
    case(reduction_in_loop, spread(3), 3),
    case(length_of_axis, spread(2, 3)),
    case(difference, spread(4)),
    case(position_of_maximum, positive(4)),
    case(sorted_values, spread(4)),
]
