"""Reading elements and slices."""

import numpy as np

from tests.corpus import case, spread


def element(x):
    return x[1] * x[0] + x[1]


def element_from_the_end(x):
    return x[-1] * x[-2]


def element_of_matrix(A):
    return A[0, 1] * A[1][2]


def element_by_argument(x, i):
    return x[i] * x[i - 1]


def row_and_column(A):
    return A[0] * A[1] + A[:, 0] @ A[:, 1]


def slice_of_vector(x):
    return x[1:3] * x[:2] + x[-2:]


def slice_with_step(x):
    return x[::2] * x[1::2]


def slice_reversed(x):
    return x[::-1] * x


def slice_by_argument(x, k):
    return np.sum(x[:k]) * np.sum(x[k:])


def slice_empty(x):
    return np.sum(x[2:2] * 3.0) + x[0]


def slice_of_matrix(A):
    return A[:, 1:] - A[:, :-1]


def slice_of_both_axes(A):
    return A[1:, :2] * A[:2, 1:]


def slice_of_slice(x):
    y = x[1:]
    return y[1:] * y[:-1]


def ellipsis(T):
    return T[..., 0] * T[..., 1]


def new_axis_in_the_middle(A):
    return A[:, None, :] * A[None, :, :]


def index_array(x):
    return x[np.array([0, 2, 2, 1])] ** 2


def index_list(x):
    return x[[0, 2, 2]] * 3.0


def index_array_argument(x, k):
    return x[k] * x[k]


def rows_by_index_array(A, k):
    return A[k] ** 2


def elements_by_two_index_arrays(A, i, j):
    return A[i, j] ** 2


def boolean_mask(x, mask):
    return np.sum(x[mask] ** 2)


def comparison_mask(x):
    return np.sum(x[x > 0.0] ** 2)


def take(x):
    return np.take(x, np.array([2, 0, 2])) ** 2


def gather_in_loop(x, k):
    s = 0.0
    for i in k:
        s = s * 0.5 + x[i] * x[i]
    return s


def element_of_same_position_in_loop(x, n):
    s = x[0]
    for i in range(n):
        s = s * x[0] + x[1]
    return s


def moving_average(x):
    return (x[:-2] + x[1:-1] + x[2:]) / 3.0


def second_differences(x):
    d = x[2:] - 2.0 * x[1:-1] + x[:-2]
    return np.sum(d * d)


def laplacian(A):
    return A[:-2, 1:-1] + A[2:, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] - 4.0 * A[1:-1, 1:-1]


def shrinking_array(x, n):
    for i in range(n):
        x = x[1:] * x[:-1]
    return x


def unpacked_array(p):
    a, b, c = p
    return a * b + np.sin(c)


def unpacked_rows(A):
    first, second = A
    return first * second + first


def unpacked_elements_of_shape(A):
    n, m = A.shape
    return A * n / m


def computed_index(x, n):
    s = 0.0
    for i in range(n):
        s = s + x[(3 * i + 1) % len(x)] * x[i // 2]
    return s


def matrix_by_elements(A, B):
    s = 0.0
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            c = 0.0
            for k in range(A.shape[1]):
                c = c + A[i, k] * B[k, j]
            s = s + c * c
    return s


def triangle_of_a_matrix(A):
    d = A.shape[0]
    cols, rows = np.triu_indices(d, 1)
    return np.sum(A[rows, cols] ** 2) + np.sum(np.sin(A[np.tril_indices(n=3, k=-1)]))


def diagonal_by_indices(A, n):
    i, j = np.diag_indices(n)
    return A[i, j] ** 2 * A[np.diag_indices(A.shape[0])]


def elements_that_are_positive(A):
    i, j = np.nonzero(A > 0.0)
    return np.sum(A[i, j] ** 2 * i)


CASES = [
    case(triangle_of_a_matrix, spread(3, 3)),
    case(diagonal_by_indices, spread(3, 3), 3),
    case(elements_that_are_positive, spread(3, 4)),
    case(element, spread(3)),
    case(element_from_the_end, spread(3)),
    case(element_of_matrix, spread(2, 3)),
    case(element_by_argument, spread(3), 2),
    case(element_by_argument, spread(3), 0, note="negative"),
    case(row_and_column, spread(3, 3)),
    case(slice_of_vector, spread(4)),
    case(slice_with_step, spread(6)),
    case(slice_reversed, spread(4)),
    case(slice_by_argument, spread(4), 3),
    case(slice_by_argument, spread(4), 0, note="empty"),
    case(slice_empty, spread(4)),
    case(slice_of_matrix, spread(2, 3)),
    case(slice_of_both_axes, spread(3, 3)),
    case(slice_of_slice, spread(5)),
    case(ellipsis, spread(2, 3, 2)),
    case(new_axis_in_the_middle, spread(2, 3)),
    case(index_array, spread(3)),
    case(index_list, spread(3)),
    case(index_array_argument, spread(3), np.array([1, 1, 0])),
    case(rows_by_index_array, spread(3, 2), np.array([1, 1, 0])),
    case(elements_by_two_index_arrays, spread(3, 2), np.array([1, 1, 0]), np.array([0, 0, 1])),
    case(boolean_mask, spread(4), np.array([True, False, True, True])),
    case(comparison_mask, spread(4)),
    case(take, spread(3)),
    case(gather_in_loop, spread(3), np.array([1, 1, 0])),
    case(element_of_same_position_in_loop, spread(3), 3),
    case(moving_average, spread(5)),
    case(second_differences, spread(5)),
    case(laplacian, spread(4, 4)),
    case(shrinking_array, spread(4), 2),
    case(unpacked_array, spread(3)),
    case(unpacked_rows, spread(2, 3)),
    case(unpacked_elements_of_shape, spread(2, 3)),
    case(computed_index, spread(4), 4),
    case(matrix_by_elements, spread(2, 3), spread(3, 2)),
]
