"""Views: writes through a view read through its base, and the other way round; names of one array."""

import numpy as np

from tests.corpus import case, spread


def slice_written(x):
    a = x * x
    v = a[1:]
    v[0] = x[0] * x[2]
    v[1:] = v[0] * x[2:]
    return a * x


def slice_read_after_base_was_written(x):
    a = x * x
    v = a[1:]
    a[1] = x[0] * x[0]
    a *= x
    return v * v


def slice_of_argument(x):
    v = x[::2]
    v *= v
    x[0] += v[1]
    return x * x


def slice_with_negative_step(x):
    v = x[::-1]
    v[0] = x[0] * x[1]
    x[0] = v[0] * v[1]
    return x * v


def slice_of_slice(x):
    a = np.sin(x)
    v = a[1:]
    w = v[1:]
    w[0] = a[0] * v[0]
    a[3] = w[0] * w[0]
    return a * x


def slice_of_slice_backwards(x):
    w = x[::-1][1:][::2]
    w *= x[0]
    return x * x


def slice_keeps_its_place(x):
    a = x * x
    i = 1
    v = a[i:]
    i = 2
    v[0] = x[0] * i
    return a * x


def slices_that_overlap(x):
    v, w = x[:3], x[1:]
    v[1] = w[2] * w[2]
    w[1] = v[0] * v[1]
    v *= 2.0
    return v * w


def slice_outlives_the_name(x):
    a = x * x
    v = a[1:]
    a = a * x
    v[0] = a[0] * a[0]
    return a[1:] * v


def slice_in_expression(x):
    x[1:][0] = x[0] * x[0]
    x[::2][1:][0] = x[1]
    return x * x


def row(A):
    r = A[0]
    r[1] = A[1, 0] * A[1, 1]
    A[0, 0] = r[1] * r[1]
    r *= 2.0
    return A * A


def row_of_local(A):
    B = A * A
    first, last = B[0], B[-1]
    first[:] = last * A[0]
    last += first
    return B * A


def row_is_not_its_product(A):
    r = A[0] * 1.0
    A[0, 0] = A[1, 1] * A[0, 1]
    r[1] = A[0, 0]
    return A * r


def unpacked_rows(A):
    first, second = A
    first[0] = second[1] * second[0]
    second += first
    return A * A


def column(A, x):
    c = A[:, 1]
    c *= x
    A[0, 1] = c[1] * c[0]
    return A * A


def plane(T):
    p = T[0]
    r = p[1]
    r[0] = T[1, 0, 0] * T[0, 0, 0]
    p[0] = r * r
    return T * T


def ellipsis(x):
    v = x[...]
    v[0] = x[1] * x[1]
    x[1] = v[0]
    return x * v


def element_as_a_view(A):
    e = A[0, 1, ...]
    e[...] = A[1, 0] * A[1, 1]
    A[0, 1] *= 2.0
    return A * e


def element_is_no_view(A):
    e = A[0, 1]
    A[0, 1] = e * A[1, 0]
    e = e * 2.0
    return A * e


def transposed(A):
    B = A.T
    B[0, 1] = A[0, 0] * A[0, 1]
    A[0] *= A[1]
    return A @ B


def transposed_in_expression(A):
    A.T[0] = A[0, 1] * A[:, 0]
    A.T.T[0] += 1.0
    return A * A


def transposed_row(A):
    c = A.T[1]
    c[0] = A[1, 0] * c[1]
    A.T[1:][0] *= 2.0
    return A * A


def transposed_by_axes(T):
    U = np.transpose(T, (2, 0, 1))
    U[0] = T[:, :, 1] * U[0]
    T[0, 0, 0] *= U[1, 1, 1]
    return T * T


def axes_swapped(T):
    U = np.swapaxes(T, 0, 2)
    U[1] *= U[0]
    T[0] += 1.0
    return U * U


def axis_moved(T):
    U = np.moveaxis(T, 0, -1)
    U[..., 0] = U[..., 1] * T[0]
    return T * T


def axis_added(x):
    A = x[:, None]
    A[0, 0] = x[1] * x[2]
    x[1] = A[0, 0] * A[2, 0]
    return A @ A.T


def dimensions_expanded(x):
    A = np.expand_dims(x, 0)
    A[0, 1:] = x[0] * A[0, :-1]
    return A * x


def squeezed(A):
    x = np.squeeze(A, axis=0)
    x[0] = x[1] * A[0, 2]
    A *= 2.0
    return x * x


def at_least_one_dimension(x):
    a = np.atleast_1d(x)
    a[0] = x[1] * x[1]
    x[1] = a[0] * a[2]
    return a * x


def at_least_two_dimensions(x):
    A = np.atleast_2d(x)
    A[0, 1] = x[0] * x[2]
    x *= x
    return A * A


def at_least_three_dimensions(x):
    T = np.atleast_3d(x)
    T[0, 1:, 0] = x[0] * x[1:]
    return x * x


def reshaped(n, x):
    a = np.zeros(6)
    A = a.reshape(2, 3)
    A[0] = x * x
    A[1] = A[0] * x[::-1]
    a[3:] += a[:3] * n
    return A * A


def reshaped_argument_of_one_axis(x):
    A = x.reshape(2, 3)
    A[0] = A[1] * A[1]
    x[5] = A[0, 0] * x[1]
    return A * A


def reshaped_by_function(x):
    A = np.reshape(x, (3, -1))
    A[:, 0] *= A[:, 1]
    return x * x


def reshaped_flat(A):
    B = A.copy()
    b = B.reshape(-1)
    b[1] = A[0, 0] * b[4]
    B[1] = b[:3] * B[1]
    return B * A


def raveled(A):
    B = np.zeros((2, 3))
    b = B.ravel()
    B[:] = A * A
    b[2:4] = b[:2] * A[0, 0]
    return B * A


def raveled_in_expression(A):
    B = A.copy()
    B.ravel()[4] = A[0, 1] * A[1, 0]
    return B * A


def flattened_is_a_copy(A):
    b = A.flatten()
    b[0] = A[0, 1] * A[1, 0]
    A[0, 0] = b[5]
    return np.sum(b * b) * A


def flat_element(A):
    A.flat[4] = A[0, 0] * A.flat[5]
    A.flat[-1] += A.flat[0]
    return A * A


def flat_slice(A, s):
    A.flat[1:4] = A[0] * s
    A.flat[::2] *= 2.0
    return A * A


def flat_diagonal(A):
    n = A.shape[0]
    A.flat[:: n + 1] = A[0] * A[:, 0]
    return A * A


def flat_in_loop(A):
    for k in range(1, A.size):
        A.flat[k] *= A.flat[k - 1]
    return A


def diagonal_sees_writes(A):
    d = np.diagonal(A)
    A[0, 0] = A[0, 1] * A[1, 0]
    A[1] *= d[0]
    return d * d


def diagonal_copied(A):
    d = np.diag(A).copy()
    d[0] = A[0, 1] * d[1]
    A[0, 0] = d[2]
    return A * d


def flipped(x):
    v = np.flip(x)
    v[0] = x[0] * x[1]
    x[0] = v[0] * v[1]
    return x * v


def broadcast_sees_writes(x):
    A = np.broadcast_to(x, (2, 3))
    x[0] = x[1] * x[1]
    return A * x


def view_in_branch(x, y):
    v = x[1:]
    if y > 0.0:
        v[0] = y * x[0]
    else:
        v *= y
    x[0] *= v[0]
    return x * x


def view_in_zero_trips(x, n):
    v = x[1:]
    for i in range(n):
        v[i] = x[i] * v[i]
    return x * v[0]


def views_unpacked(x):
    left, right = x[:2], x[2:]
    left, right = right, left
    left *= right
    right += left
    return x * x


def empty_view(x):
    v = x[3:]
    v[:] = 7.0
    v *= x[0]
    return x * x + np.sum(v)


def axis_of_one(A):
    r = A[0]
    c = A[:, 0]
    r *= A[0, 1] * r
    c += 1.0
    return A * A


CASES = [
    case(slice_written, spread(3)),
    case(slice_read_after_base_was_written, spread(3)),
    case(slice_of_argument, spread(4)),
    case(slice_with_negative_step, spread(3)),
    case(slice_of_slice, spread(4)),
    case(slice_of_slice_backwards, spread(5)),
    case(slice_keeps_its_place, spread(3)),
    case(slices_that_overlap, spread(4)),
    case(slice_outlives_the_name, spread(3)),
    case(slice_in_expression, spread(3)),
    case(row, spread(2, 2)),
    case(row_of_local, spread(3, 2)),
    case(row_is_not_its_product, spread(2, 2)),
    case(unpacked_rows, spread(2, 2)),
    case(column, spread(3, 2), 0.7),
    case(plane, spread(2, 2, 2)),
    case(ellipsis, spread(3)),
    case(element_as_a_view, spread(2, 2)),
    case(element_is_no_view, spread(2, 2)),
    case(transposed, spread(2, 2)),
    case(transposed_in_expression, spread(3, 2)),
    case(transposed_row, spread(3, 2)),
    case(transposed_by_axes, spread(2, 2, 2)),
    case(axes_swapped, spread(2, 2, 2)),
    case(axis_moved, spread(2, 2, 2)),
    case(axis_added, spread(3)),
    case(dimensions_expanded, spread(3)),
    case(squeezed, spread(1, 3)),
    case(at_least_one_dimension, spread(3)),
    case(at_least_two_dimensions, spread(3)),
    case(at_least_three_dimensions, spread(3)),
    case(reshaped, 2, spread(3)),
    case(reshaped_argument_of_one_axis, spread(6)),
    case(reshaped_by_function, spread(6)),
    case(reshaped_flat, spread(2, 3)),
    case(raveled, spread(2, 3)),
    case(raveled_in_expression, spread(2, 3)),
    case(flattened_is_a_copy, spread(2, 3)),
    case(flat_element, spread(2, 3)),
    case(flat_slice, spread(2, 3), 0.7),
    case(flat_diagonal, spread(3, 3)),
    case(flat_in_loop, spread(2, 3)),
    case(diagonal_sees_writes, spread(3, 3)),
    case(diagonal_copied, spread(3, 3)),
    case(flipped, spread(3)),
    case(broadcast_sees_writes, spread(3)),
    case(view_in_branch, spread(3), 0.7),
    case(view_in_branch, spread(3), -0.7, note="else"),
    case(view_in_zero_trips, spread(4), 0),
    case(view_in_zero_trips, spread(4), 2, note="two"),
    case(views_unpacked, spread(4)),
    case(empty_view, spread(3)),
    case(axis_of_one, spread(1, 3)),
]
