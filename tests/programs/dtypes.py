"""Single precision, NumPy scalars, integers among the operands."""

import numpy as np

from tests.corpus import case, positive, spread

SINGLE = np.float32


def single_precision(x, y):
    return np.sin(x) * y + x / (2.0 + y * y)


def single_precision_scalar(x):
    return x * x * 0.5 + np.exp(x)


def single_precision_reduction(A):
    return np.sum(A * A, axis=0) * np.mean(A)


def single_precision_product(A, x):
    return np.tanh(A @ x)


def single_precision_loop(x, n):
    s = x
    for i in range(n):
        s = s * 0.5 + np.cos(x * i)
    return s


def single_precision_branch(x):
    if x[0] > 0.0:
        return x * 2.0
    return x * x


def single_and_double(x, y):
    return x * y + x


def single_precision_broadcast(A, r, a):
    return A * r + a


def single_precision_element(x):
    return x[0] * x[1:]


def cast_to_single(x):
    return np.sum(x.astype(np.float32) * 2.0)


def cast_to_double(x):
    return np.sum(x.astype(np.float64) ** 2)


def numpy_scalar(x, y):
    return x * y + np.sin(x)


def zero_dimensional(x):
    return x * x


def integer_array_operand(x, k):
    return x * k + x**k


def boolean_array_operand(x, mask):
    return x * mask + np.where(mask, x * x, x)


def integer_division_of_index(x, n):
    return x / n + n / x


CASES = [
    case(single_precision, spread(4, dtype=SINGLE), positive(4, dtype=SINGLE)),
    case(single_precision_scalar, SINGLE(0.7)),
    case(single_precision_scalar, spread(3, dtype=SINGLE), note="array"),
    case(single_precision_reduction, spread(2, 3, dtype=SINGLE)),
    case(single_precision_product, spread(2, 3, dtype=SINGLE), spread(3, dtype=SINGLE)),
    case(single_precision_loop, spread(3, dtype=SINGLE), 3),
    case(single_precision_branch, positive(3, dtype=SINGLE)),
    case(single_and_double, spread(3, dtype=SINGLE), positive(3)),
    case(single_precision_broadcast, spread(2, 3, dtype=SINGLE), spread(3, dtype=SINGLE), 0.7),
    case(single_precision_element, spread(3, dtype=SINGLE)),
    case(cast_to_single, spread(3), second_order=False, single=True),
    case(cast_to_double, spread(3, dtype=SINGLE)),
    case(numpy_scalar, np.float64(0.7), np.float64(1.3)),
    case(numpy_scalar, np.float64(0.7), 1.3, note="and_number"),
    case(zero_dimensional, np.array(0.7)),
    case(integer_array_operand, positive(3), np.array([1, 2, 3])),
    case(boolean_array_operand, spread(3), np.array([True, False, True])),
    case(integer_division_of_index, 0.7, 3),
]
