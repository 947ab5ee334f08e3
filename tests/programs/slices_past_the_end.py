"""Slices that reach beyond the end of an array are shorter than their bounds say: the last of several batches."""

import numpy as np

from tests.corpus import case, spread


def means(w, X):
    total = 0.0
    for k in range(0, len(X), 2):
        total += np.mean(np.sin(X[k:k + 2] @ w))
    return total


def moments(w, X):
    total = 0.0
    for k in range(0, len(X), 2):
        batch = X[k:k + 2]
        total += np.var(batch @ w) + np.std(batch) + np.sum(batch.mean(axis=0) ** 2) + np.median(batch)
    return total


def lengths(w, X):
    total = 0.0
    for k in range(0, len(X), 2):
        batch = X[k:k + 2]
        if len(batch) == 1:
            total += 10.0 * np.sum(batch)
        elif batch.shape[0] == 2:
            total += np.sum(np.sin(batch @ w)) / len(batch)
        for i in range(len(batch)):
            total += (i + 1) * np.cos(batch[i] @ w)
    return total


def whole_batches(w, X, size):
    total = 0.0
    for k in range(0, len(X), size):
        batch = X[k:k + size]
        if len(batch) != size:
            break
        total += np.mean(np.sin(batch @ w))
    return total


def until_nothing_is_left(w, X):
    total, k = 0.0, 0
    while True:
        batch = X[k:k + 2]
        if not len(batch):
            break
        total += np.mean(batch @ w) ** 2
        k += 2
    return total


def wide_bounds(x):
    few = x[1:10]
    scale = 2.0 if len(x[2:9]) == 1 else 3.0
    return np.mean(few**2) * len(few) + np.mean(x[-10:] ** 3) + np.var(x[:10]) + scale * x[0]


def half(v):
    return np.mean(np.sin(v)) * len(v) + (2.0 if len(v) == 2 else 3.0) * v[0]


def found(v):
    for i in range(len(v)):
        if v[i] > 1e9:
            return v[0]
    return np.mean(v**2) * len(v) + (2.0 if len(v) == 2 else 3.0) * v[0]


def called(w, X):
    """A function that has been called with two numbers is called with two or fewer."""
    pair = np.array([w[0], w[1]])
    total = half(pair) + found(pair)
    for k in range(0, len(X), 2):
        total += half(X[k:k + 2, 0]) + found(X[k:k + 2, 1])
    return total


def joined(w, X):
    total, last = 0.0, w[:2]
    for k in range(0, len(X), 2):
        start = np.zeros(2) if k == 0 else X[k:k + 2, 0]
        total += np.mean(start * 2.0) + len(start)
        for j in range(2):
            last = X[k:k + 2, j]
            total += np.mean(last**2)
    return total


def squares_or_less(X):
    total = 0.0
    for k in range(0, len(X), 2):
        block = X[k:k + 2, :2]
        total += np.linalg.det(block) if block.shape == (2, 2) else np.sum(block)
    return total


w, X = spread(3), spread(5, 3)
CASES = [
    case(means, w, X),
    case(moments, w, X, second_order=False),
    case(lengths, w, X),
    case(whole_batches, w, X, 2),
    case(until_nothing_is_left, w, X),
    case(wide_bounds, w),
    case(called, w, X),
    case(joined, w, X),
    case(squares_or_less, X),
]
