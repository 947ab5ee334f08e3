"""Lists and tuples beside arrays: operators take them for arrays."""

from __future__ import annotations

import numpy as np

from tests.corpus import case, positive, spread


def list_beside_array(a, x):
    return a * [1.0, x, 3.0] + (x, 1, 2)


def list_before_array(a, x):
    return [x, 2.0, x * x] @ a.T - [0.5, x]


def nested_list_beside_array(a, x):
    return a ** [[2.0], [x]]


def list_of_arrays_beside_array(a, v):
    return a * [v, v * v]


def list_added_in_place(a, x):
    b = a.copy()
    b += [x, 2.0, 3.0]
    b[0] *= [x, x, 1.0]
    return b * b


def array_compared_with_list(a, x):
    return np.where(a > [0.9, 1.0, 1.1], a * x, x)


def single_beside_list(a):
    return a * [1.5, 2.5, 3.5]


A = positive(2, 3)
CASES = [
    case(list_beside_array, A, 1.3),
    case(list_before_array, A, 1.3),
    case(nested_list_beside_array, A, 1.3),
    case(list_of_arrays_beside_array, A, spread(3)),
    case(list_added_in_place, A, 1.3),
    case(array_compared_with_list, A, 1.3),
    case(single_beside_list, A.astype(np.float32)),
]
