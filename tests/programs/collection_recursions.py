"""Divide and conquer: arrays that are halved until nothing is left to divide, and lengths that shrink in loops."""

import numpy as np

from tests.corpus import case


def transform(x):
    """The fast Fourier transform of real numbers, as real and imaginary parts."""
    n = len(x)
    if n == 1:
        return x, np.zeros(1)
    even_r, even_i = transform(x[::2])
    odd_r, odd_i = transform(x[1::2])
    angle = 2.0 * np.pi * np.arange(n // 2) / n
    c, s = np.cos(angle), -np.sin(angle)
    r, i = c * odd_r - s * odd_i, c * odd_i + s * odd_r
    return np.concatenate([even_r + r, even_r - r]), np.concatenate([even_i + i, even_i - i])


def spectrum(x):
    r, i = transform(x)
    return np.sum(r**3) + np.mean(i**2)


def merged(a, b):
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    for v in a[i:]:
        out.append(v)
    for v in b[j:]:
        out.append(v)
    return np.array(out)


def merge_sort(x):
    if len(x) <= 1:
        return x
    middle = len(x) // 2
    return merged(merge_sort(x[:middle]), merge_sort(x[middle:]))


def ranked(x):
    return np.sum(merge_sort(x) * np.arange(len(x)))


def pivoted(x):
    if x.size < 2:
        return np.sum(x)
    p, rest = x[0], x[1:]
    return pivoted(rest[rest < p]) * 0.5 + p**2 + pivoted(rest[rest >= p]) * 2.0


def triangle(x):
    """Neighbours meet until one number is left; the means are over ever fewer elements."""
    total = 0.0
    while x.size > 1:
        x = np.sin(x[:-1]) * x[1:]
        total += np.mean(x) + np.var(x)
    return total + x[0]


def windows(x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        near = x[max(0, i - 1):i + 2]
        out[i] = near.mean() + np.median(near) + near.max() - near.min() + near[near > 0].sum()
    return np.sum(out**2)


X = np.array([0.3, -0.4, 1.5, 0.2, 0.9, -1.1, 0.65, 0.05])
CASES = [
    case(spectrum, X),
    case(ranked, X[:5]),
    case(pivoted, X[:6]),
    case(triangle, X[:5]),
    case(windows, X[:6]),
]
