"""Loops that begin with a literal number and go on with arrays: sums, running maxima, recurrences, and what is none."""

import numpy as np

from tests.corpus import case, spread


def weighted_rows(A, x):
    total = 0.0
    for i in range(A.shape[0]):
        total = total + A[i] * x
    return total


def updated_in_place(A, x):
    total = 0
    for row in A:
        total += np.tanh(row * x)
    return total * x


def convolved(image, k):
    y = 0.0
    for i in range(k.shape[0]):
        for j in range(k.shape[1]):
            y = y + image[i:image.shape[0] - k.shape[0] + 1 + i, j:image.shape[1] - k.shape[1] + 1 + j] @ k[i, j]
    return np.tanh(y)


def recurrence(A, x, n):
    y = 0.0
    for i in range(n):
        y = np.sin(y) * 0.5 + A[i] * x
    return y * x


def multiplied_afterwards(A, x, s):
    y = 0.0
    i = 0
    while i < 3:
        y = np.maximum(y, A[i] * x * s)
        i += 1
        if i == 2:
            break
    return y @ x


def number_between(A, x, s):
    y = 0.0
    for i in range(3):
        z = y
        for _ in range(2):
            z = z + A[i] * x
        y = y + s * np.sum(z)
    return z * y


def number_that_moves(A, x, s):
    y = 0.0
    for i in range(3):
        z = y
        for _ in range(2):
            z = z + A[i] * x
        y = y + s
    return z * y


def number_on_one_path(A, x, s):
    y = 0.0
    for i in range(3):
        if i == 2:
            y = s
        else:
            y = y + A[i] * x
    return y * s


def scalar_added(A, x, s):
    y = 0.0
    for i in range(3):
        y = y + s if i == 1 else y + A[i] * x
    return y


def kept_for_a_while(A, x, s):
    y = 0.0
    for i in range(3):
        y = A[i] * x if i > 0 else y
    return y * s


def columns(A, x, s):
    y = 0.0
    for i in range(3):
        y = y + (A[i] * x)[:, None] * s
    return (y * A.T) ** 2


def exchanged(A, x, s):
    y, z = 0.0, 1.0
    for i in range(3):
        y, z = z, y * s + A[i] * x
    return y * z


def called(y, v):
    return y * 0.5 + v


def through_a_function(A, x):
    y = 0.0
    for i in range(3):
        y = called(y, A[i] * x)
    return y


A, X = spread(3, 4), spread(4)
CASES = [
    *(case(f, A, X) for f in (weighted_rows, updated_in_place, through_a_function)),
    case(weighted_rows, A[:0], X, wrt=1, note="never", second_order=False),
    case(weighted_rows, A[:1], X, note="once"),
    case(weighted_rows, A, X[:1], note="broadcast"),
    case(weighted_rows, spread(3, 4, dtype="f4"), spread(4, dtype="f4"), note="single"),
    case(convolved, spread(4, 5, 2), spread(2, 3, 2, 2)),
    case(recurrence, A, X, 3),
    case(recurrence, A, X, 0, note="never"),
    *(case(f, A, X, 0.7) for f in (multiplied_afterwards, number_between, number_that_moves, number_on_one_path,
                                   scalar_added, kept_for_a_while, columns, exchanged)),
]
