"""Writes under conditions, before early returns, and that depend on comparisons."""

import numpy as np

from tests.corpus import case, positive, spread


def conditional_write(x):
    a = np.cos(x)
    for i in range(len(x)):
        if x[i] > 0.0:
            a[i] = x[i] * a[i]
    return a * x


def writes_in_both_branches(x):
    for i in range(1, len(x)):
        if x[i] > 0.5:
            x[i - 1] *= x[i]
        elif x[i] > 0.0:
            x[i] += x[i - 1] * x[i - 1]
        else:
            x[i] = x[0]
    return x * x


def write_in_branch_and_where(x, y):
    a = x * x
    if y > 0.5:
        a[0] = y * x[1]
    else:
        a[1:] *= y
    return np.where(a > 0.3, a * a, y * a)


def different_arrays_in_branches(x, y):
    a, b = x * x, x * y
    for i in range(3):
        if x[i] > 0.0:
            a[i] = b[i] * b[0]
        else:
            b[i] = a[i] * a[0]
    return a * b


def written_in_one_branch_only(x, level):
    a = np.cos(x)
    b = x * 0.5
    c = x * x
    if np.sum(x) > level:
        a = x
    else:
        x *= a
        b = x
        c = x
    return np.sum(b * a) + 0.3 * np.sum(c) + np.sin(x) * x


def early_return_after_write(x, limit):
    for i in range(len(x)):
        x[i] = x[i] * x[0] + 0.5
        if x[i] > limit:
            x[0] *= 2.0
            return x
    x[1] += x[2] * x[2]
    return x * x


def early_return_before_write(x, y):
    if y < 0.0:
        return x * y
    x[0] = y * x[1]
    if y < 1.0:
        x *= y
        return x
    x[1] = x[0] * x[2]
    return x * x


def largest_is_cleared(x):
    k = 0
    for i in range(len(x)):
        if x[i] > x[k]:
            k = i
    y = x[k] * x[k]
    x[k] = 0.1 * x[0]
    return x * y


def bubble_sort(x, y):
    n = len(x)
    for i in range(n):
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
    return x * y


def shortest_paths(D):
    n = D.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                D[i, j] = min(D[i, j], D[i, k] + D[k, j])
    return D * D


CASES = [
    case(conditional_write, spread(4)),
    case(writes_in_both_branches, spread(5)),
    case(write_in_branch_and_where, spread(4), 0.7),
    case(write_in_branch_and_where, spread(4), 0.3, note="else"),
    case(different_arrays_in_branches, spread(3), 0.7),
    case(written_in_one_branch_only, spread(4), -5.0, wrt=0),
    case(written_in_one_branch_only, spread(4), 5.0, wrt=0, note="else"),
    case(early_return_after_write, spread(4), 0.6),
    case(early_return_after_write, spread(4), 9.0, note="never"),
    case(early_return_before_write, spread(3), -0.7),
    case(early_return_before_write, spread(3), 0.7, note="middle"),
    case(early_return_before_write, spread(3), 1.3, note="end"),
    case(largest_is_cleared, spread(4)),
    case(bubble_sort, spread(4), positive(4)),
    case(shortest_paths, positive(3, 3)),
]
