"""Augmented assignment to elements, slices and whole arrays, and who sees it."""

import numpy as np

from tests.corpus import case, positive, spread

SINGLE = np.float32


def element_plus(x, y):
    x[0] += y * x[1]
    return x * x


def element_minus(x):
    x[1] -= x[0] * x[1]
    return x * x


def element_times(x):
    a = np.sin(x)
    a[1] *= a[0] * x[2]
    return a * x


def element_divided(x, y):
    x[0] /= y * x[1]
    return x * x


def element_to_a_power(x):
    x[0] **= 3
    x[1] **= x[2]
    return x * x


def element_floor_divided(x):
    x[0] //= 0.3
    return x * x[1]


def element_modulo(x):
    x[0] %= 0.3
    x[1] %= x[2]
    return x * x


def element_of_matrix_plus(A):
    A[0, 1] += A[1, 0] * A[0, 1]
    A[1][1] *= A[0][1]
    return A * A


def element_by_itself(x):
    x[0] += x[0]
    x[1] *= x[1]
    x[2] -= x[2] * x[2]
    return x * x


def element_of_number_is_a_number(x):
    s = x[0]
    s += x[1] * x[1]
    return x * s


def slice_plus(x):
    x[1:] += x[0] * x[0]
    return x * x


def slice_minus_overlapping(x):
    x[1:] -= x[:-1]
    return x * x


def slice_plus_overlapping_product(x):
    a = np.cos(x)
    a[:-1] += a[1:] * a[:-1]
    return a * x


def slice_times(x, y):
    x[::2] *= y
    return x * x


def slice_divided(x):
    x[1:3] /= x[0]
    return x * x


def slice_to_a_power(x):
    x[1:] **= 2
    x[:2] **= x[2:]
    return x * x


def slice_floor_divided(x):
    x[1:] //= 0.4
    return x * x[0]


def slice_modulo(x):
    x[1:] %= x[0]
    return x * x


def slice_with_negative_step(x):
    x[::-2] += x[:2] * x[1]
    return x * x


def row_and_column(A):
    A[1] -= A[0] * (A[1, 0] / A[0, 0])
    A[:, 0] *= A[:, 1]
    return A * A


def row_plus_itself(A):
    A[0] += A[0] * A[1]
    A[1] += A[0]
    return A * A


def block(A, s):
    A[1:, 1:] *= s
    A[:-1, :-1] += A[1:, 1:]
    return A * A


def ellipsis(T):
    T[..., 0] *= T[..., 1]
    T[0, ...] += T[1, ...]
    return T * T


def whole_plus(x, y):
    x += y * y
    return x * x


def whole_minus(x, y):
    a = x * x
    a -= y * a
    return a * a


def whole_times(x, y):
    x *= y
    x *= x
    return x * y


def whole_divided(x, y):
    y /= x
    return x * y * y


def whole_to_a_power(x, y):
    x **= 2
    x **= y
    return x * y


def whole_floor_divided(x, y):
    a = x * x
    a //= y
    return a * x


def whole_modulo(x, y):
    x %= y
    return x * x * y


def whole_matrix_product(A, M):
    B = A * A
    B @= M
    return B * A


def whole_by_its_reverse(x):
    x += x[::-1]
    x *= x[::-1]
    return x * x[0]


def whole_plus_its_transpose(A):
    A += A.T
    A *= A.T @ A
    return A


def whole_by_its_sum(x):
    x /= np.sum(x)
    x -= np.mean(x)
    return x * x


def whole_with_integer(x):
    x += 1
    x *= 2
    x **= 2
    return x * x


def whole_with_broadcast_row(A, r):
    A += r
    A *= r * r
    return A * A


def whole_with_broadcast_column(A, c):
    A -= c[:, None]
    A /= c[:, None]
    return A * A


def whole_with_element(x):
    x *= x[1]
    return x * x


def whole_with_one(x, y):
    x += y
    x *= y
    return x * x


def other_name_sees_it(x):
    a = x * x
    b = a
    b += x
    b *= x
    return a * x


def name_of_argument_sees_it(x):
    y = x
    y *= x
    y -= 0.5
    return x * x


def rebinding_is_not_seen(x):
    a = x * x
    b = a
    b = b + x
    b += x
    return a * b


def view_sees_it(x):
    a = x * x
    v = a[1:]
    a *= x
    v += a[0]
    return a * x


def numbers_do_not_change(x, y):
    z = x
    z += y
    z *= y
    return x * z


def zero_dimensional_argument_changes(x):
    y = x
    y += 1.0
    y *= x
    return x * y


def zero_dimensional_product_is_a_number(x):
    y = x * 1.0
    z = y
    y += x
    return y * z


def single_stays_single(x):
    x += 1.5
    x *= np.float32(0.5)
    x[0] += 2.0
    return x * x


def double_into_single(x, y):
    x += y
    x *= y
    return x * x


def integers_count(x):
    k = np.zeros(3, dtype=int)
    k += 1
    k[0] -= 1
    k[1:] *= 2
    return x[k] * x * k


def booleans(x):
    keep = x > -0.2
    keep &= x < 0.6
    keep[0] |= True
    return np.where(keep, x * x, 2.0 * x)


def softmax(x):
    x -= np.max(x)
    np.exp(x, out=x)
    x /= np.sum(x)
    return x


def index_is_evaluated_once(x):
    i = 0
    a = x * x
    a[i + 1] += a[i]
    i += 1
    a[i + 1] *= a[i] * x[i]
    return a


def several_in_a_row(x):
    a = np.ones(3)
    a *= x
    a += x
    a[0] -= a[1]
    a[1:] /= 2.0 + x[1:] * x[1:]
    a -= a[0] * a
    return a


def argument_never_touched_is_apart(x):
    a = x * 1.0
    a += x
    a *= x
    return a + x


def chain_of_names(x):
    a = x * x
    b = a
    c = b
    c += x
    b = x
    c *= b
    return a + b


def sum_into_element(A, x):
    s = np.zeros(2)
    s[0] += np.sum(A * x)
    s[1] += s[0] * x[0]
    s[0] += np.sum(A[0] * s[1])
    return s


def empty(x, y):
    x += y
    x *= 2.0
    return np.sum(x * x) + y * y


CASES = [
    case(element_plus, spread(3), 0.7),
    case(element_minus, spread(3)),
    case(element_times, spread(3)),
    case(element_divided, positive(3), 0.7),
    case(element_to_a_power, positive(3)),
    case(element_floor_divided, np.array([0.75, 0.7, -0.4])),
    case(element_modulo, np.array([0.75, 1.1, 0.4])),
    case(element_of_matrix_plus, spread(2, 2)),
    case(element_by_itself, spread(3)),
    case(element_of_number_is_a_number, spread(3)),
    case(slice_plus, spread(4)),
    case(slice_minus_overlapping, spread(4)),
    case(slice_plus_overlapping_product, spread(4)),
    case(slice_times, spread(4), 0.7),
    case(slice_times, spread(4), spread(2), note="array"),
    case(slice_divided, positive(4)),
    case(slice_to_a_power, positive(4)),
    case(slice_floor_divided, np.array([0.7, 0.6, 1.4])),
    case(slice_modulo, np.array([0.7, 1.0, 1.6])),
    case(slice_with_negative_step, spread(4)),
    case(row_and_column, positive(2, 3)),
    case(row_plus_itself, spread(2, 3)),
    case(block, spread(3, 3), 0.7),
    case(ellipsis, spread(2, 3, 2)),
    case(whole_plus, spread(3), spread(3)),
    case(whole_minus, spread(3), positive(3)),
    case(whole_times, spread(3), positive(3)),
    case(whole_times, spread(3), 0.7, note="scalar"),
    case(whole_divided, positive(3), spread(3)),
    case(whole_to_a_power, positive(3), positive(3)),
    case(whole_floor_divided, np.array([1.1, 0.8, 1.5]), np.array([0.5, 0.4, 0.7])),
    case(whole_modulo, np.array([1.3, 0.8, 1.5]), np.array([0.5, 0.3, 0.6])),
    case(whole_matrix_product, spread(2, 3), spread(3, 3)),
    case(whole_by_its_reverse, spread(4)),
    case(whole_plus_its_transpose, spread(3, 3)),
    case(whole_by_its_sum, positive(3)),
    case(whole_with_integer, spread(3)),
    case(whole_with_broadcast_row, spread(2, 3), positive(3)),
    case(whole_with_broadcast_column, spread(2, 3), positive(2)),
    case(whole_with_element, spread(3)),
    case(whole_with_one, spread(3), positive(1)),
    case(other_name_sees_it, spread(3)),
    case(name_of_argument_sees_it, spread(3)),
    case(rebinding_is_not_seen, spread(3)),
    case(view_sees_it, spread(3)),
    case(numbers_do_not_change, 0.7, 1.3),
    case(numbers_do_not_change, np.float64(0.7), np.float64(1.3), note="numpy"),
    case(zero_dimensional_argument_changes, np.array(0.7)),
    case(zero_dimensional_product_is_a_number, np.array(0.7)),
    case(single_stays_single, spread(3, dtype=SINGLE)),
    case(double_into_single, spread(3, dtype=SINGLE), positive(3)),
    case(integers_count, spread(3)),
    case(booleans, spread(3)),
    case(softmax, spread(3)),
    case(index_is_evaluated_once, spread(3)),
    case(several_in_a_row, spread(3)),
    case(argument_never_touched_is_apart, spread(3)),
    case(chain_of_names, spread(3)),
    case(sum_into_element, spread(2, 3), spread(3)),
    case(empty, np.zeros(0), 0.7),
]
