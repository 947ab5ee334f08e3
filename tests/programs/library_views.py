"""Functions that may give memory of their argument: the one is written to, the other one is read."""

import numpy as np

from tests.corpus import case, spread


def einsum_turned(x):
    a = x * x
    v = np.einsum("ij->ji", a)
    v[0] = a[0] * x[1, 1]
    return a * x


def einsum_diagonal_sees_writes(x):
    a = x * x
    d = np.einsum("ii->i", a)
    a[0] *= x[1]
    return d * d


def einsum_of_a_sum_is_new(x):
    a = x * x
    s = np.einsum("ij->i", a)
    s *= x[0, 0]
    return a, s


def first_power(x):
    a = x * x
    p = np.linalg.matrix_power(a, 1)
    p[0] *= x[1]
    return a, p


def no_difference(x):
    a = x * x
    d = np.diff(a, 0)
    d[0] *= x[1]
    return a * x


def conjugate_method_of_real(x):
    a = x * x
    c = a.conj()
    c[0] *= x[1]
    return a * x


def conjugate_function_is_new(x):
    a = x * x
    c = np.conj(a)
    c[0] *= x[1]
    return a * c


def flat_repeated(x, y):
    a = x * x
    a.flat[1:] = y * y
    return a * x


def flat_takes_as_many_as_there_are(x, y):
    a = x * x
    t = y * y
    a.flat[:1] = t
    return a * x


def flat_of_other_shape(x):
    a = x * x
    a.flat = x.T * x[0, 0]
    return a * x


def precision_that_it_has(x):
    a = x * x
    p = np.float64(a)
    p[0] *= x[1]
    return a * x


def converted_is_new(x):
    a = x * x
    p = np.ascontiguousarray(a, dtype=np.float32)
    p *= np.float32(2.0)
    a *= x
    return a, p.astype(np.float64) * 0.0


def asked_for_a_copy(x):
    a = x * x
    p = np.asarray(a, copy=True)
    p[0] *= x[1]
    return a * p


def read_from_flat_is_new(x):
    a = x * x
    p = a.flat[1:4]
    a *= x
    p *= p[0]
    return np.sum(a) * p


def read_from_flat_of_a_vector_is_new(x):
    a = x * x
    p = a.flat[1:]
    a *= x[0]
    return p * a[1:]


def diagonal_matrix_read_and_added_to(x):
    y = np.diag(x) * 2.0
    total = 0.0
    for k in range(3):
        total += x[k] * x[k - 1]
    return y * total


def flat_handed_to_functions(x, y):
    total = np.dot(x.flat, y.flat) + list(x.flat)[1]
    return np.concatenate([x.flat, y[0]]) * total


CASES = [
    case(einsum_turned, spread(3, 3)),
    case(einsum_diagonal_sees_writes, spread(3, 3)),
    case(einsum_of_a_sum_is_new, spread(2, 3)),
    case(first_power, spread(3, 3)),
    case(no_difference, spread(2, 3)),
    case(conjugate_method_of_real, spread(3)),
    case(conjugate_function_is_new, spread(3)),
    case(flat_repeated, spread(2, 3), spread(2)),
    case(flat_takes_as_many_as_there_are, spread(2, 3), spread(3)),
    case(flat_of_other_shape, spread(2, 3)),
    case(precision_that_it_has, spread(3)),
    case(converted_is_new, spread(3)),
    case(asked_for_a_copy, spread(3)),
    case(read_from_flat_is_new, spread(2, 3)),
    case(read_from_flat_of_a_vector_is_new, spread(3)),
    case(flat_handed_to_functions, spread(2, 3), spread(2, 3)),
    case(diagonal_matrix_read_and_added_to, spread(3)),
]
