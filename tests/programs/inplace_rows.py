"""Rows, columns and planes of an array taken in loops, and written to."""

import numpy as np

from tests.corpus import case, positive, spread


def rows_in_loop(A):
    for row in A:
        row[0] = row[1] * row[1]
        row *= 2.0
    return A * A


def rows_in_loop_with_sum(A, x):
    s = 0.0
    for row in A:
        row -= s * x
        s = s + np.sum(row * row)
    return A * s


def rows_rebound_in_loop(A):
    s = 0.0
    for row in A:
        row = row * 2.0
        row[0] = row[1] * row[1]
        s = s + np.sum(row)
    return A * s


def rows_enumerated(A, x):
    for i, row in enumerate(A):
        row[i] = x[i] * row[0]
        row += A[0]
    return A * A


def rows_zipped(A, B):
    for a, b in zip(A, B):
        a[:] = b * b
        b += a
    return A * B


def rows_backwards(A):
    for row in A[::-1]:
        row += A[0] * row
    return A * A


def rows_of_planes(T):
    for plane in T:
        for row in plane:
            row[1] = row[0] * plane[0, 0]
    return T * T


def columns_in_loop(A):
    for column in A.T:
        column[1:] *= column[0]
    return A * A


def elements_in_loop_are_numbers(x):
    s = 0.0
    for v in x:
        v *= 2.0
        s = s + v * v
        x[1] = v * x[1]
    return x * s


def row_chosen_in_loop(A, x):
    for i in range(1, A.shape[0]):
        r, above = A[i], A[i - 1]
        r -= above * x[i]
        r[0] *= r[1]
    return A * A


def rows_swapped_through_a_copy(A, k):
    saved = A[0].copy()
    A[0] = A[k]
    A[k] = saved
    return A * A[0]


CASES = [
    case(rows_in_loop, spread(3, 2)),
    case(rows_in_loop_with_sum, spread(3, 2), spread(2)),
    case(rows_rebound_in_loop, spread(3, 2)),
    case(rows_enumerated, spread(2, 2), spread(2)),
    case(rows_zipped, spread(2, 2), positive(2, 2)),
    case(rows_zipped, spread(1, 2), positive(1, 2), note="of_one"),
    case(rows_backwards, spread(3, 2)),
    case(rows_of_planes, spread(2, 2, 2)),
    case(columns_in_loop, spread(3, 2)),
    case(elements_in_loop_are_numbers, spread(3)),
    case(row_chosen_in_loop, spread(3, 2), spread(3)),
    case(rows_swapped_through_a_copy, spread(3, 2), 2),
]
