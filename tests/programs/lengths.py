"""Arrays whose items are spread out: how many there are must be known."""

import numpy as np

from tests.corpus import case, positive


def rosen(a, b, c):
    return (1.0 - a) ** 2 + 10.0 * (b - a * a) ** 2 + c * b


def starred_array(theta):
    return rosen(*theta)


def starred_slice(theta, x):
    return rosen(x, *theta[1:]) * theta[0]


def tuple_of_array(theta):
    a, *rest = tuple(theta)
    return a * sum(rest) + rest[-1] ** 2


def starred_row(A):
    total = 0.0
    for row in A:
        total += rosen(*row)
    return total


def starred_array_in_a_tuple(p):
    scale, theta = p
    return scale * rosen(*theta)


def starred_in_a_called_function(theta):
    return np.sum(theta) * starred_array(2.0 * theta)


def log_determinant(A):
    sign, value = np.linalg.slogdet(A)
    return sign * value * A[0, 1]


CASES = [
    case(starred_array, positive(3)),
    case(starred_array, positive(3, dtype="f4"), note="single"),
    case(starred_slice, positive(3), 0.7),
    case(tuple_of_array, positive(4)),
    case(starred_row, positive(2, 3)),
    case(starred_array_in_a_tuple, (0.7, positive(3))),
    case(starred_in_a_called_function, positive(3)),
    case(log_determinant, np.array([[1.5, 0.3], [-0.2, 0.8]])),
    case(log_determinant, np.array([[0.1, 1.3], [0.9, 0.8]]), note="negative"),
]
