"""Assignment to elements, rows and slices: order, overlap, broadcasting, conversion, and what is a copy."""

import numpy as np

from tests.corpus import case, positive, spread

SINGLE = np.float32


def element(x):
    a = 2.0 * x
    a[1] = x[0] * x[2]
    return a * a


def element_of_argument(x):
    x[0] = x[1] * x[1]
    return x * x


def element_of_argument_and_scalar_result(x, y):
    x[1] = y * x[0]
    return np.sum(x * x) + y


def element_written_twice(x):
    a = x * x
    a[0] = a[0] * x[1]
    a[0] = a[0] * a[0] + x[0]
    return a * x


def element_of_matrix(A):
    B = A * A
    B[0, 1] = A[1, 0] * B[1, 1]
    B[-1, -1] = B[0, 1] * A[0, 0]
    return B * A


def element_of_row(A):
    B = A * A
    B[1][0] = A[0, 0] * B[0][1]
    return B * A


def element_from_the_end(x):
    a = np.sin(x)
    a[-1] = a[-2] * x[0]
    a[-3] = a[-1] * a[-1]
    return a * x


def element_by_argument(x, k):
    x[k] = x[k - 1] * x[0]
    return x * x


def element_from_integer(x):
    a = x * x
    a[1] = 3
    return a * x


def element_read_before_is_a_number(x):
    first = x[0]
    x[0] = first * x[1]
    return first * x


def element_overwritten_with_constant(x):
    y = x[1] * x[1]
    x[1] = 0.0
    return x * x + y


def value_overwritten_is_needed(x):
    a = np.exp(x)
    b = a[1] * a[2]
    a[1] = x[0]
    a[2] = b * a[1]
    return a * b


def value_overwritten_is_not_needed(x):
    a = 3.0 * x
    a[0] = x[1]
    a[1] = 2.0 * a[0] + x[2]
    return a


def written_and_never_read(x):
    a = x * x
    b = a * x
    a[0] = x[1]
    return b


def all_elements_of_empty(x):
    a = np.empty(3)
    a[0] = x[1] * x[2]
    a[1] = a[0] * x[0]
    a[2] = 1.0
    return a * a


def zeros_like_full_and_ones(x):
    a, b, c = np.zeros_like(x), np.full(3, 0.5), np.ones(3)
    a[0] = x[0] * x[1]
    b[1] = a[0] * x[2]
    c[2] = b[1] * x[1]
    return a * b + c


def row(A):
    B = 2.0 * A
    B[0] = A[1] * B[2]
    B[-1] = B[0] * B[0]
    return B * A


def column(A, x):
    A[:, 1] = A[:, 0] * x
    return A * A


def row_from_scalar(A, s):
    A[1] = s * s
    return A * A * s


def slice_from_scalar(x, s):
    x[1:3] = s * x[0]
    return x * x


def slice_of_slice_lengths(x):
    a = x * x
    a[1:-1] = x[2:] - x[:-2]
    return a * a


def slice_with_step(x):
    a = np.cos(x)
    a[::2] = x[1::2] * a[::2]
    return a * x


def slice_with_negative_step(x):
    a = np.zeros(6)
    a[::-1] = x * x
    a[4:1:-2] = x[:2] * a[0]
    return a * x


def slice_with_negative_bounds(x):
    x[-3:-1] = x[-2:] * x[:2]
    return x * x


def slice_by_argument(x, k):
    x[:k] = x[k - 1] * x[:k]
    x[k:] = x[0]
    return x * x


def block(A):
    B = A * A
    B[1:, :2] = A[:-1, 1:] * B[1:, :2]
    return B * A


def row_into_rows(A, r):
    A[1:] = r * r
    return A * A


def column_into_columns(A, c):
    A[:, 1:] = c[:, None] * A[:, :1]
    return A * A


def whole_array(x, y):
    x[:] = y * x
    y[...] = x * x
    return x * y


def ellipsis_last_axis(T):
    T[..., 0] = T[..., 1] * T[..., 1]
    return T * T


def ellipsis_between(T, r):
    T[0, ..., 1] = r * T[1, ..., 0]
    return T * T


def new_axis_in_target(A, x):
    A[:, None, 0] = x[:, None] * A[:, None, 1]
    return A * A


def zero_dimensional_local(x):
    a = np.zeros(())
    a[...] = x * x
    a[()] = a * x + a
    return a * x


def zero_dimensional_argument(x):
    y = x * x
    x[...] = y * x
    return x * y


def zero_dimensional_result(x):
    a = np.array(0.0)
    a[...] = np.sum(x * x)
    return a


def float_in_list_argument(p):
    a = np.zeros(2)
    a[0] = p[0] * p[1]
    a[1] = a[0] * p[0]
    return a


def double_into_single(x, y):
    x[0] = y[0] * y[1]
    x[1:] = y[1:] * y[0]
    return x * x


def single_into_double(x, y):
    y[0] = x[0] * x[1]
    return y * y


def double_into_new_single(x):
    a = np.zeros(3, dtype=np.float32)
    a[:] = 2.0 * x
    return np.sum(a * 0.5)


def float_into_integers(x):
    k = np.zeros(2, dtype=int)
    k[0] = 3.0 * x[0]
    k[1] = x[1]
    return x * k[0] + k[1]


def integer_work_array(x):
    k = np.zeros(3, dtype=int)
    k[0] = 2
    k[1:] = k[0] - 1
    return x[k] * x


def boolean_work_array(x):
    keep = np.zeros(3, dtype=bool)
    keep[0] = True
    keep[2] = x[2] < 5.0
    return np.where(keep, x * x, x)


def axis_of_one(A):
    A[0, :] = A[0] * A[0]
    A[:, 1:2] = A[:, :1] * A[0, 2]
    return A * A


def one_into_many(x, y):
    x[:] = y * y
    x[1] = x[0] * y[0]
    return x * x


def column_of_one_into_matrix(A, c):
    A[:] = c * A[1, 0]
    return A * A


def leading_axis_of_one(x, R):
    x[:] = R * R
    return x * x


def empty_slices(x):
    a = x * x
    a[2:2] = 5.0 * x[0]
    a[3:] = x[3:] * x[3:]
    return a * x


def empty_array(x, y):
    x[:] = x * y
    return np.sum(x) + y * y


def copies_are_apart(x):
    a = x * x
    b, c, d = a.copy(), np.array(a), np.copy(a)
    b[0] = 2.0 * x[1]
    c[1] = x[0]
    d[:] = x
    a[2] = x[0] * x[0]
    return a * b + c * d


def results_of_arithmetic_are_apart(x):
    a = x * x
    b, c, d = a + 0, +a, a.astype(np.float64)
    b[0] = x[1]
    c[1] = x[0] * x[0]
    d[2] = x[1] * x[0]
    return a * b * c + d


def rebinding_is_no_write(x):
    a = x * x
    b = a
    a = a + 1.0
    a[0] = x[1] * x[1]
    return a * b


CASES = [
    case(element, spread(3)),
    case(element_of_argument, spread(3)),
    case(element_of_argument_and_scalar_result, spread(3), 0.7),
    case(element_written_twice, spread(3)),
    case(element_of_matrix, spread(2, 2)),
    case(element_of_row, spread(2, 2)),
    case(element_from_the_end, spread(4)),
    case(element_by_argument, spread(4), 2),
    case(element_by_argument, spread(4), -1, note="negative"),
    case(element_by_argument, spread(4), 0, note="zero"),
    case(element_from_integer, spread(3)),
    case(element_read_before_is_a_number, spread(3)),
    case(element_overwritten_with_constant, spread(3)),
    case(value_overwritten_is_needed, spread(3)),
    case(value_overwritten_is_not_needed, spread(3)),
    case(written_and_never_read, spread(3)),
    case(all_elements_of_empty, spread(3)),
    case(zeros_like_full_and_ones, spread(3)),
    case(row, spread(3, 2)),
    case(column, spread(3, 2), 0.7),
    case(row_from_scalar, spread(3, 2), 0.7),
    case(slice_from_scalar, spread(5), 0.7),
    case(slice_of_slice_lengths, spread(5)),
    case(slice_with_step, spread(6)),
    case(slice_with_negative_step, spread(6)),
    case(slice_with_negative_bounds, spread(5)),
    case(slice_by_argument, spread(5), 2),
    case(slice_by_argument, spread(5), 5, note="all"),
    case(block, spread(3, 3)),
    case(row_into_rows, spread(3, 2), spread(2)),
    case(row_into_rows, spread(3, 2), spread(1), note="of_one"),
    case(column_into_columns, spread(3, 4), spread(3)),
    case(whole_array, spread(3), positive(3)),
    case(ellipsis_last_axis, spread(2, 3, 2)),
    case(ellipsis_between, spread(2, 3, 2), spread(3)),
    case(new_axis_in_target, spread(3, 2), spread(3)),
    case(zero_dimensional_local, 0.7),
    case(zero_dimensional_argument, np.array(0.7)),
    case(zero_dimensional_result, spread(3)),
    case(float_in_list_argument, [0.7, 1.3]),
    case(double_into_single, spread(3, dtype=SINGLE), positive(3)),
    case(single_into_double, spread(3, dtype=SINGLE), positive(3)),
    case(double_into_new_single, spread(3), second_order=False, single=True),
    case(float_into_integers, np.array([0.8, 1.4])),
    case(integer_work_array, spread(3)),
    case(boolean_work_array, spread(3)),
    case(axis_of_one, spread(1, 3)),
    case(one_into_many, spread(3), spread(1)),
    case(column_of_one_into_matrix, spread(2, 3), spread(2, 1)),
    case(leading_axis_of_one, spread(3), spread(1, 3)),
    case(empty_slices, spread(3)),
    case(empty_array, np.zeros(0), 0.7),
    case(copies_are_apart, spread(3)),
    case(results_of_arithmetic_are_apart, spread(3)),
    case(rebinding_is_no_write, spread(3)),
]
