"""Assignment through boolean masks and index arrays: repeated indices, and copies that look like views."""

import numpy as np

from tests.corpus import case, positive, spread

SINGLE = np.float32


def mask_scalar(x):
    x[x > 0.0] = 0.5
    return x * x


def mask_scalar_variable(x, s):
    x[x < 0.0] = s * s
    return x * x


def mask_array(x, keep):
    a = np.sin(x)
    a[keep] = x[keep] * a[keep]
    return a * x


def mask_array_of_values(x, v):
    x[np.array([True, False, True, False])] = v * v
    return x * x


def mask_of_matrix(A):
    A[A > 0.3] = A[0, 0] * 2.0
    return A * A


def mask_of_rows(A, keep, r):
    A[keep] = r * r
    return A * A


def mask_of_columns(A, keep):
    A[:, keep] = A[:, :2] * A[:, keep]
    return A * A


def mask_of_rows_and_slice(A, keep, s):
    A[keep, 1:] = s * A[keep, :-1]
    return A * A


def mask_negated(x, keep):
    x[~keep] = x[keep] * x[~keep]
    return x * x


def mask_plus(x, s):
    x[x > 0.0] += s
    return x * x


def mask_minus(x, keep):
    x[keep] -= x[~keep]
    return x * x


def mask_times(x):
    keep = x < 0.5
    x[keep] *= x[keep]
    return x * x


def mask_divided(x, s):
    x[x > 1.0] /= s
    return x * x


def mask_to_a_power(x, keep):
    x[keep] **= 3
    x[~keep] **= 2
    return x * x


def mask_modulo(x, keep):
    x[keep] %= 0.7
    x[keep] //= 0.1
    return x * x


def mask_outlives_the_values(x):
    keep = x > 0.0
    x[keep] = -x[keep] * x[keep]
    x[keep] += 1.0
    return x * x


def mask_without_hits(x, s):
    x[x > 100.0] = s
    x[x > 100.0] *= x[x > 100.0]
    return x * x * s


def mask_built_by_elements(x):
    keep = np.zeros(3, dtype=bool)
    for i in range(3):
        keep[i] = x[i] < 0.5
    x[keep] = x[2] * x[2]
    return x * x


def mask_is_a_copy(x, keep):
    y = x[keep]
    y[0] = x[1] * x[1]
    x[0] = 2.0 * x[2]
    return np.sum(y * y) * x


def mask_of_single(x, y):
    x[x > 0.0] = y * y
    return x * x


def places_from_nonzero(x):
    k = np.flatnonzero(x > 0.0)
    x[k] = x[k] * x[k]
    return x * x


def places_from_where(x, s):
    x[np.where(x < 0.0)] = s * s
    return x * x


def index_array(x, v):
    a = x * x
    a[np.array([2, 0])] = v * v
    return a * x


def index_list(x):
    x[[0, 2]] = x[[1, 1]] * x[0]
    return x * x


def index_array_from_scalar(x, s, k):
    x[k] = s * x[0]
    return x * x


def index_array_argument(x, v, k):
    x[k] = v * v
    return x * x


def index_array_negative(x, v):
    x[np.array([-1, 0])] = v * x[-1]
    return x * x


def rows_by_index_array(A, V, k):
    A[k] = V * V
    return A * A


def columns_by_index_array(A, k):
    A[:, k] = A[:, :2] * 2.0
    return A * A


def rows_by_index_array_and_slice(A, k, s):
    A[k, 1:] = A[k, :-1] * s
    return A * A


def elements_by_two_index_arrays(A, v, i, j):
    A[i, j] = v * v
    return A * A


def block_by_index_arrays(A, V):
    A[np.array([[0], [2]]), np.array([1, 0])] = V * V
    return A * A


def element_of_every_row(A, k):
    rows = np.arange(A.shape[0])
    A[rows, k] = A[rows, k] * A[rows, 0]
    A[rows, k] -= 1.0
    return A * A


def diagonal_by_index_arrays(A):
    i = np.arange(A.shape[0])
    A[i, i] += A[0, i] * A[i, 0]
    return A * A


def index_array_empty(x, s):
    k = np.zeros(0, dtype=int)
    x[k] = s
    x[k] += s
    return x * x * s


def last_write_wins(x, v):
    x[np.array([1, 0, 1])] = v * v
    return x * x


def last_write_wins_with_argument(x, v, k):
    a = np.cos(x)
    a[k] = v * a[k]
    return a * x


def last_write_wins_of_rows(A, V, k):
    A[k] = V * V
    return A * A


def last_write_wins_of_two_index_arrays(A, v, i, j):
    A[i, j] = v * v
    return A * A


def repeated_plus_adds_once(x, v, k):
    x[k] += v * v
    return x * x


def repeated_plus_scalar_adds_once(x, s, k):
    x[k] += s
    x[k] += x[0]
    return x * x


def repeated_minus_subtracts_once(x, v, k):
    x[k] -= v * x[k]
    return x * x


def repeated_times_once(x, v, k):
    a = np.cos(x)
    a[k] *= v
    return a * x


def repeated_rows_plus_once(A, V, k):
    A[k] += V * A[k]
    return A * A


def repeated_by_negative_index(x, v):
    k = np.array([0, -3, 1])
    x[k] += v * v
    x[k] = x[k] * v
    return x * x


def distinct_plus(x, v, k):
    x[k] += v * x[k]
    return x * x


def distinct_divided_and_powers(x, v, k):
    x[k] /= v
    x[k] **= 2
    return x * x


def index_array_is_a_copy(x, k):
    y = x[k]
    y[0] = x[1] * x[1]
    y += 1.0
    return np.sum(y * y) * x


def element_of_a_copy_changes_nothing(x, s):
    x[[0, 2]][0] = s * s
    x[x > 0.0][0] = s
    return x * x * s


def inverse_permutation(x, v):
    p = np.argsort(x)
    a = np.zeros(4)
    a[p] = v * x
    return a * x


def index_array_changes_afterwards(x):
    k = np.array([0, 1])
    y = x[k] * x[k]
    k[0] = 2
    x[k] = y
    k[1] = 0
    return x[k] * x[:2]


def index_array_filled_in_loop(x, n):
    k = np.zeros(n, dtype=int)
    for i in range(n):
        k[i] = (2 * i + 1) % n
    a = np.zeros(n)
    a[k] = x * x
    return a * x


def histogram_in_loop(w, bins):
    h = np.zeros(3)
    for i in range(len(bins)):
        h[bins[i]] += w[i] * w[i]
    return h * h


def scatter_in_loop(x, v, k):
    for i in range(len(k)):
        x[k[i]] = v[i] * x[k[i]] + x[0]
    return x * x


def gather_and_scatter(x, k):
    a = np.zeros(3)
    np.add.at(a, k, x[k] * x)
    return a * x[:3]


def new_axis_and_index_array(A, k):
    A[None, k] = A[k] * A[k]
    return A * A


FLAGS = np.array([True, False, True, False])
CASES = [
    case(mask_scalar, spread(4)),
    case(mask_scalar_variable, spread(4), 0.7),
    case(mask_array, spread(4), FLAGS),
    case(mask_array, spread(4), np.zeros(4, dtype=bool), note="none"),
    case(mask_array_of_values, spread(4), spread(2)),
    case(mask_of_matrix, spread(2, 3)),
    case(mask_of_rows, spread(3, 2), np.array([True, False, True]), spread(2)),
    case(mask_of_columns, spread(2, 4), FLAGS),
    case(mask_of_rows_and_slice, spread(4, 3), FLAGS, 0.7),
    case(mask_negated, spread(4), FLAGS),
    case(mask_plus, spread(4), 0.7),
    case(mask_minus, spread(4), FLAGS),
    case(mask_times, spread(4)),
    case(mask_divided, positive(4), 0.7),
    case(mask_to_a_power, spread(4), FLAGS),
    case(mask_modulo, np.array([0.75, 0.8, 1.46, 0.9]), FLAGS),
    case(mask_outlives_the_values, spread(4)),
    case(mask_without_hits, spread(4), 0.7),
    case(mask_built_by_elements, spread(3)),
    case(mask_is_a_copy, spread(4), FLAGS),
    case(mask_of_single, spread(4, dtype=SINGLE), 0.7),
    case(places_from_nonzero, spread(4)),
    case(places_from_where, spread(4), 0.7),
    case(index_array, spread(3), spread(2)),
    case(index_list, spread(3)),
    case(index_array_from_scalar, spread(3), 0.7, np.array([2, 1])),
    case(index_array_from_scalar, spread(3), 0.7, np.array([1, 1]), note="repeated"),
    case(index_array_argument, spread(4), spread(2), np.array([3, 1])),
    case(index_array_negative, spread(3), spread(2)),
    case(rows_by_index_array, spread(3, 2), spread(2, 2), np.array([2, 0])),
    case(columns_by_index_array, spread(2, 3), np.array([2, 0])),
    case(rows_by_index_array_and_slice, spread(3, 3), np.array([2, 0]), 0.7),
    case(elements_by_two_index_arrays, spread(3, 2), spread(2), np.array([2, 0]), np.array([1, 0])),
    case(block_by_index_arrays, spread(3, 2), spread(2, 2)),
    case(element_of_every_row, spread(3, 3), np.array([2, 0, 2])),
    case(diagonal_by_index_arrays, spread(3, 3)),
    case(index_array_empty, spread(3), 0.7),
    case(last_write_wins, spread(3), spread(3)),
    case(last_write_wins_with_argument, spread(3), spread(4), np.array([2, 0, 2, 2])),
    case(last_write_wins_of_rows, spread(3, 2), spread(3, 2), np.array([1, 1, 0])),
    case(last_write_wins_of_two_index_arrays, spread(2, 2), spread(3), np.array([1, 0, 1]), np.array([1, 0, 1])),
    case(repeated_plus_adds_once, spread(3), spread(3), np.array([1, 0, 1])),
    case(repeated_plus_scalar_adds_once, spread(3), 0.7, np.array([1, 2, 1])),
    case(repeated_minus_subtracts_once, spread(3), spread(3), np.array([1, 0, 1])),
    case(repeated_times_once, spread(3), spread(3), np.array([2, 2, 1])),
    case(repeated_rows_plus_once, spread(3, 2), spread(3, 2), np.array([1, 1, 0])),
    case(repeated_by_negative_index, spread(3), spread(3)),
    case(distinct_plus, spread(4), spread(2), np.array([3, 1])),
    case(distinct_divided_and_powers, spread(4), positive(2), np.array([3, 1])),
    case(index_array_is_a_copy, spread(3), np.array([1, 2])),
    case(element_of_a_copy_changes_nothing, spread(3), 0.7),
    case(inverse_permutation, spread(4), spread(4)),
    case(index_array_changes_afterwards, spread(3)),
    case(index_array_filled_in_loop, spread(3), 3),
    case(histogram_in_loop, spread(4), np.array([0, 2, 0, 1])),
    case(scatter_in_loop, spread(3), spread(4), np.array([0, 2, 2, 1])),
    case(gather_and_scatter, spread(4), np.array([0, 2, 2, 1])),
    case(new_axis_and_index_array, spread(3, 2), np.array([2, 0])),
]
