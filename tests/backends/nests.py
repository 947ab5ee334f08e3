"""Programs of whole arrays, which machine code computes in loops."""

import numpy as np


def reads_what_it_writes(u, k):
    u[1:] += k * u[:-1]
    u[:-1] = u[1:] - u[:-1]
    return np.sum(u**2)


def reads_its_own_place(u, v):
    u[1:-1] = np.sin(u[1:-1]) * v[1:-1]
    u *= 1.5 + u
    return np.sum(u * v)


def overwritten_in_between(u, v):
    w = u * v
    u[0] = 3.0 * v[1]
    z = w + u
    u[1:] = 0.5
    return np.sum(z * u) + np.sum(w[1:])


def view_of_what_changes(u):
    tail = u[1:]
    double = 2.0 * tail
    u[2] = u[0] * u[1]
    return np.sum(double * tail)


def two_names(u):
    v = u
    w = np.cos(v)
    v[1:] += 1.0
    return np.sum(w * u)


def broadcast(A, x, c, r):
    return np.sum(np.exp(A * x) + c * r) + np.sum(x - A)


def columns_and_rows(A, x):
    B = np.tanh(A.T * x[:, None])
    B[1:, 0] = B[0, 0] * x[1:]
    return np.sum(B[:, 1:] * A[1:].T)


def masks(x, y):
    low = (x < 0.5) & (y > x)
    z = np.where(low, x * y, np.where(x > 1.0, x / y, y - x))
    return np.sum(z * z) + np.sum(np.where(~low, x, 0.0))


def quotients(x, y):
    return np.sum(x / (1.0 + y * y)) + np.sum(1.0 / x)


def whole_numbers(x, k):
    scaled = x * (2 * k - 1)
    return np.sum(scaled / (k + 1)) + np.sum(k * k)


def complex_waves(z, w):
    u = np.exp(z) * w
    return np.sum(np.abs(u * z) ** 2)


def rows_one_by_one(A, x):
    for i in range(len(A)):
        A[i] = np.sin(A[i] * x)
        A[i, 1:] *= A[i, :-1]
    return np.sum(A * A)


def planes(T, k):
    for _ in range(3):
        T[1:-1, 1:-1, 1:-1] += k * (T[2:, 1:-1, 1:-1] - 2.0 * T[1:-1, 1:-1, 1:-1] + T[:-2, 1:-1, 1:-1])
    return np.sum(T**3)


def set_to_numbers(u, v):
    u[:] = 0.25
    u[1:3] = v[0]
    u[2:] -= v[2:]
    return np.sum(u * u * v)


def shorter_and_shorter(x):
    while len(x) > 2:
        x = np.sin(x[1:] * x[:-1])
    return np.sum(x)


def strided(u):
    u[::2] = u[1::2] * 2.0
    return np.sum(u[::-1] * u)


def used_twice(x, y):
    z = x * y
    return np.sum(z) * np.mean(np.exp(-z)) + np.max(z + x)


def in_branches(x, p):
    y = np.sqrt(x)
    if p > 0.0:
        y = y * p
    else:
        y = np.zeros(len(x))
    for k in range(3):
        y = y + np.sin(k * y)
    return np.sum(y)


def helper_function(x, y):
    def mix(a, b):
        c = a * b
        c[0] = b[0]
        return c - a

    return np.sum(mix(x, y) * mix(y, x))


def list_of_arrays(x):
    parts = [x * 2.0, np.sin(x)]
    parts[0][1] = x[0]
    parts.append(parts[0] * parts[1])
    return np.sum(parts[2] - parts[0])


def result_of_what_is_read_later(x, y, n):
    s = y[1] * x[0]
    u = x + y
    for _ in range(n):
        x[1:] *= u[:-1] * x[0]
        u[:] /= 2.0 + u**2
    return np.sum(y * s + x)


def vector_result(x, y):
    s = y[1] * x[0]
    x[1:] *= y[1:]
    return y * s + x
