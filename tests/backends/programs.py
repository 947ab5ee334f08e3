"""Programs for the Numba backend: loops over numbers, elements and slices, as people write them for Numba."""

from __future__ import annotations

import math

import numpy as np

RATE = 0.75


def product(x, n):
    y, s = x[0], 0.0
    for i in range(n):
        y = np.sin(y) * x[i]
        s += y * y
    return s


def triangle(A, n):
    y = 1.0
    for i in range(n):
        z = y
        for j in range(i):
            z = z * A[i, j] + np.sin(z)
        y = y + z * y
    return y


def four_deep(A, n):
    y = 0.5
    for i in range(n):
        for j in range(1, n):
            for k in range(n - 1, 0, -2):
                for m in range(j, n):
                    y = np.cos(y * A[i, j]) + A[k, m] * y
    return y


def until_small(x):
    y = x
    while y * y > 0.01:
        if y > 0.5:
            y = y * 0.5
        else:
            y = np.sin(y) * y
    return y


def nested_while(x, n):
    total = 0.0
    for i in range(n):
        y = x[i]
        while y > 0.3:
            y = y * y * 0.9
            total += math.exp(y)
    return total


def early_exit(x, n):
    y = 1.0
    for i in range(n):
        y = y * x[i]
        if y > 10.0:
            break
        if y < 0.1:
            continue
        y = y + np.exp(-y)
    return y


def layers(W, x):
    for _ in range(4):
        x = np.tanh(W @ x)
    return np.sum(x * x)


def slices(u, steps):
    for _ in range(steps):
        u = np.concatenate((u[:1], u[1:-1] * u[2:] + 0.1 * np.sin(u[:-2]), u[-1:]))
    return np.sum(u * u)


def gathered(x, index):
    return np.sum(np.sin(x[index]) * x[index])


def taken(x, index):
    row = 2.0 * x[0]
    return np.mean(x[np.arange(len(index)), index]) - np.sum(row[index])


def with_global(x):
    s = 0.0
    for i in range(x.shape[0]):
        s += RATE * x[i] * x[i]
    return s


def of_pairs(params, x):
    (w, b), scale = params
    return scale * np.sum(np.tanh(w * x + b))


def powers(x, n):
    s = 0.0
    for i in range(n):
        s += x ** 2 * 2**i + (-1) ** i * x
    return s


def shrinking(x, n):
    for _ in range(n):
        x = x[1:] * x[:-1]
    return np.sum(x)


def heat(u, steps):
    for _ in range(steps):
        u[1:-1] += 0.1 * (u[:-2] - 2.0 * u[1:-1] + u[2:])
    return np.sum(u * u)


def burgers(u, steps):
    for _ in range(steps):
        u[1:-1] = u[1:-1] - 0.1 * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def seidel(A, steps):
    n = A.shape[0]
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                A[i, j] = np.tanh(A[i - 1, j] + A[i, j - 1] * A[i, j] + A[i + 1, j] + A[i, j + 1])
    return np.sum(A * A)


def root(x):
    return np.sum(np.sqrt(x) * x)


def running_products(x):
    total = 0.0
    for k in range(3):
        total += np.prod(x + k) * np.sum(np.cumprod(x * x + 0.5))
    return total


def batches(w: np.ndarray, X: np.ndarray) -> float:
    total = 0.0
    for k in range(0, len(X), 2):
        batch = X[k:k + 2]
        total += np.mean(np.sin(batch @ w)) + np.sum(batch) / len(batch)
    return total


def wrong_lengths(x: np.ndarray, b: np.ndarray) -> float:
    """The last slice has one element, which goes with each of two."""
    total = 0.0
    for k in range(0, len(x), 2):
        total += np.sum((x[k:k + 2] + b[:2]) ** 2)
    return total
