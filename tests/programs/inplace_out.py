"""Results written into arrays: ``out=``, with ``where=`` and without."""

import numpy as np

from tests.corpus import case, positive, spread

SINGLE = np.float32


def add(x, y):
    a = np.zeros(3)
    np.add(x, y, out=a)
    return a * x


def add_positional(x, y):
    a = np.empty(3)
    np.add(x * x, y, a)
    return a * y


def subtract_into_operand(x, y):
    np.subtract(x, y, out=x)
    return x * x


def multiply_into_operand(x, y):
    np.multiply(x, y, out=x)
    np.multiply(x, x, out=y)
    return x * y


def divide(x, y):
    a = np.empty_like(x)
    np.divide(x, y, out=a)
    np.divide(a, y, out=a)
    return a


def power(x, y):
    np.power(x, y, out=x)
    np.power(x, 2, out=y)
    return x * y


def out_in_a_tuple(x, y):
    a = np.empty(3)
    np.multiply(x, y, out=(a,))
    return a * a


def elementwise_chain(x):
    np.sin(x, out=x)
    np.exp(x, out=x)
    np.tanh(x, out=x)
    np.negative(x, out=x)
    return x * x


def square_root_and_logarithm(x):
    a = np.empty(3)
    np.sqrt(x, out=a)
    np.log(a, out=x)
    return a * x


def maximum(x, y):
    np.maximum(x, y, out=x)
    np.minimum(x, 0.8, out=y)
    return x * y


def absolute_and_square(x):
    a = np.zeros(4)
    np.abs(x, out=a)
    np.square(a, out=x)
    return a * x


def clip(x):
    np.clip(x, -0.5, 0.9, out=x)
    return x * x


def clip_method(x):
    a = x * x
    a.clip(0.1, 1.2, out=a)
    return a * x


def out_is_returned(x, y):
    a = np.empty(3)
    b = np.add(x, y, out=a)
    b[0] = x[1] * y[1]
    a[1] *= b[0]
    return a * b


def out_in_expression(x, y):
    a = np.empty(3)
    s = np.sum(np.multiply(x, y, out=a)) * a
    a *= 2.0
    return s * a


def out_is_a_slice(x):
    a = np.zeros(4)
    np.multiply(x, x[0], out=a[1:])
    np.subtract(a[1:], a[:-1], out=a[:-1])
    return a * a


def out_is_a_row(A):
    np.multiply(A[0], A[1], out=A[0])
    np.add(A[1], A[0], out=A[-1])
    return A * A


def out_is_transposed(A):
    B = np.empty((3, 2))
    np.multiply(A, A, out=B.T)
    B[0] *= A[:, 0]
    return B


def out_is_strided_view(x, y):
    v = x[::2]
    np.multiply(v, y, out=v)
    return x * x


def out_overlaps(x):
    np.add(x[1:], x[:-1], out=x[1:])
    np.multiply(x[:-1], x[1:], out=x[:-1])
    return x * x


def out_is_broadcast_to(x, s):
    A = np.empty((2, 3))
    np.multiply(x, s, out=A)
    A[0] *= x
    return A * A


def out_of_single(x, y):
    np.multiply(x, y, out=x)
    np.add(x, 1.0, out=x)
    return x * x


def out_in_loop(x, n):
    a, b = x.copy(), np.empty(3)
    for i in range(n):
        np.sin(a, out=b)
        np.multiply(b, x, out=a)
        a += b
    return a * b


def comparison(x, s):
    keep = np.zeros(3, dtype=bool)
    np.greater(x, 0.0, out=keep)
    x[keep] = s
    return x * x


def dot(A, x):
    y = np.zeros(2)
    np.dot(A, x, out=y)
    y *= y
    return y


def matmul(A, B):
    C = np.empty((2, 2))
    np.matmul(A, B, out=C)
    np.matmul(C, C, out=B[:2])
    return C * B[:2]


def matmul_into_operand(A, B):
    np.matmul(A, B, out=A)
    return A * B


def outer(x, y):
    A = np.empty((2, 3))
    np.outer(x, y, out=A)
    return A * A


def sum_of_columns(A):
    s = np.empty(3)
    np.sum(A * A, axis=0, out=s)
    A.sum(axis=0, out=A[0])
    return A * s


def sum_into_number(A):
    s = np.zeros(())
    np.sum(A * A, out=s)
    return A * s


def mean_and_maximum(A):
    m, top = np.empty(2), np.empty(2)
    np.mean(A, axis=1, out=m)
    np.max(A, axis=1, out=top)
    return m * top


def cumulative_sum(x):
    np.cumsum(x, out=x)
    return x * x


def cumulative_product(x):
    a = np.empty(4)
    np.cumprod(x, out=a)
    return a * x


def take(x, k):
    a = np.empty(3)
    np.take(x, k, out=a)
    a *= a
    return a


def where_with_out(x, y, keep):
    np.add(x, y, out=x, where=keep)
    return x * x


def where_keeps_the_rest(x, y, keep):
    a = np.full(4, 0.5)
    a[3] = x[0]
    np.multiply(x, y, out=a, where=keep)
    return a * x


def where_guards_division(x, y, keep):
    a = np.zeros_like(x)
    np.divide(x, y, out=a, where=keep)
    return a * x


def where_guards_logarithm(x):
    a = np.ones_like(x)
    np.log(x, out=a, where=x > 0.0)
    return a * x


def where_of_one_operand(A, keep):
    np.exp(A, out=A, where=keep)
    return A * A


FLAGS = np.array([True, False, True, False])
ZEROS = np.array([0.5, 0.0, -0.8, 0.0])
CASES = [
    case(add, spread(3), positive(3)),
    case(add_positional, spread(3), positive(3)),
    case(subtract_into_operand, spread(3), positive(3)),
    case(multiply_into_operand, spread(3), positive(3)),
    case(divide, spread(3), positive(3)),
    case(power, positive(3), spread(3)),
    case(out_in_a_tuple, spread(3), positive(3)),
    case(elementwise_chain, spread(3)),
    case(square_root_and_logarithm, positive(3)),
    case(maximum, spread(3), positive(3)),
    case(absolute_and_square, spread(4)),
    case(clip, spread(4)),
    case(clip_method, spread(4)),
    case(out_is_returned, spread(3), positive(3)),
    case(out_in_expression, spread(3), positive(3)),
    case(out_is_a_slice, spread(3)),
    case(out_is_a_row, spread(2, 3)),
    case(out_is_transposed, spread(2, 3)),
    case(out_is_strided_view, spread(4), spread(2)),
    case(out_overlaps, spread(4)),
    case(out_is_broadcast_to, spread(3), 0.7),
    case(out_of_single, spread(3, dtype=SINGLE), positive(3)),
    case(out_in_loop, spread(3), 3),
    case(out_in_loop, spread(3), 1, note="one_trip"),
    case(comparison, spread(3), 0.7),
    case(dot, spread(2, 3), spread(3)),
    case(matmul, spread(2, 3), spread(3, 2)),
    case(matmul_into_operand, spread(3, 3), positive(3, 3)),
    case(outer, spread(2), spread(3)),
    case(sum_of_columns, spread(2, 3)),
    case(sum_into_number, spread(2, 3)),
    case(mean_and_maximum, spread(2, 3)),
    case(cumulative_sum, spread(4)),
    case(cumulative_product, spread(4)),
    case(take, spread(3), np.array([2, 0, 2])),
    case(where_with_out, spread(4), spread(4), FLAGS),
    case(where_keeps_the_rest, spread(4), positive(4), FLAGS),
    case(where_guards_division, spread(4), ZEROS, ZEROS != 0.0),
    case(where_guards_logarithm, spread(4)),
    case(where_of_one_operand, spread(2, 4), FLAGS),
]
