"""Assignments that read what they write: overlap, several targets, swaps, chains."""

from tests.corpus import case, positive, spread


def overlap_to_the_right(x):
    x[1:] = x[:-1]
    return x * x[::-1]


def overlap_to_the_left(x):
    a = x * x
    a[:-1] = a[1:] * x[0]
    return a * x


def overlap_in_product(x):
    x[1:] = x[:-1] * x[1:]
    return x * x


def overlap_reversed(x, y):
    x[:] = x[::-1]
    return x * y


def overlap_reversed_in_expression(x):
    x[::-1] = x * x[1] + x[::-1]
    return x * x


def overlap_of_blocks(A):
    A[1:, 1:] = A[:-1, :-1] * A[1:, 1:]
    return A * A


def product_with_itself(A, M):
    A[...] = A @ M
    return A * A


def transposed_into_itself(A, B):
    A[:] = A.T
    return A * B


def two_elements(x):
    x[0], x[1] = x[1] * x[2], x[0]
    return x * x


def element_and_name(x):
    a = x * x
    s, a[1] = a[1], a[0] * x[2]
    return a * s


def index_assigned_first(x):
    a = x * x
    i = 0
    i, a[i] = 1, x[2] * x[0]
    return a * x


def swap_elements(x):
    x[0], x[2] = x[2], x[0] * x[1]
    return x * x[::-1]


def swap_elements_by_argument(x, i, j):
    x[i], x[j] = x[j], x[i]
    return x * x[0]


def swap_of_rows_shares_memory(A, B):
    A[0], A[1] = A[1], A[0]
    return A * B


def swap_of_copied_rows(A, B):
    A[0], A[1] = A[1].copy(), A[0].copy()
    return A * B


def swap_of_rows_by_index(A, B):
    A[[0, 1]] = A[[1, 0]]
    return A * B


def chained_elements(x):
    x[0] = x[2] = x[1] * x[1]
    return x * x[::-1] + x


def chained_name_and_slice(x):
    a = x * x
    t = a[1:] = x[1:] * x[0]
    t[0] = 5.0 * x[2]
    return a[1:] * t


def chained_two_arrays(x):
    a, b = x * x, 3.0 * x
    a[0] = b[1] = x[2] * a[0]
    return a * b


CASES = [
    case(overlap_to_the_right, spread(4)),
    case(overlap_to_the_left, spread(4)),
    case(overlap_in_product, spread(4)),
    case(overlap_reversed, spread(4), positive(4)),
    case(overlap_reversed_in_expression, spread(4)),
    case(overlap_of_blocks, spread(3, 3)),
    case(product_with_itself, spread(2, 3), spread(3, 3)),
    case(transposed_into_itself, spread(3, 3), positive(3, 3)),
    case(two_elements, spread(3)),
    case(element_and_name, spread(3)),
    case(index_assigned_first, spread(3)),
    case(swap_elements, spread(3)),
    case(swap_elements_by_argument, spread(4), 1, 3),
    case(swap_elements_by_argument, spread(4), 2, 2, note="same"),
    case(swap_of_rows_shares_memory, spread(2, 3), positive(2, 3)),
    case(swap_of_copied_rows, spread(2, 3), positive(2, 3)),
    case(swap_of_rows_by_index, spread(2, 3), positive(2, 3)),
    case(chained_elements, spread(3)),
    case(chained_name_and_slice, spread(3)),
    case(chained_two_arrays, spread(3)),
]
