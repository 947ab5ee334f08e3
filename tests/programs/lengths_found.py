"""Loops that hand on arrays of another length, or with other axes, in every iteration."""

import numpy as np

from s2sad import jvp, vjp
from tests.corpus import case


def returned_from_a_loop(x):
    for k in range(4):
        y = np.sin(x[: k + 1])
        if y[-1] > 0.8:
            return y
    return y


def returned_or_from_outside(x, t):
    for k in range(4):
        c = np.cumsum(x[: k + 1])
        if c[-1] > t:
            return c * x[k]
    return x[:2]


def replaced_unread(x):
    y = x
    for k in range(3):
        y = np.sin(x[: k + 1] * 2.0)
    return y * y


def replaced_by_a_product(x, a):
    y = x
    for k in range(3):
        y = np.tanh(a @ x) * (k + 1.0)
    return y


def stretched(x, w):
    y = x
    for k in range(2):
        y = np.tanh(w * x)
    return y


def with_other_axes(x):
    y = x
    for k in range(3):
        y = x[k % 2]
        if k == 2:
            y = x.T
    return y * np.array([1.0, 3.0])


def from_an_inner_loop(x):
    total = 0.0
    for k in range(4):
        y = x[: k + 1] * 2
        for j in range(2):
            z = y[j:] * x[0]
        total = total + np.sum(z) * 0.5
    return total * np.sum(z * y[1:]) + np.sum(y[::-1])


def returned_with_others(x):
    for k in range(4):
        y = x[: k + 1] * 2
        if np.sum(y) > 3:
            return np.sum(y**2), y, x[k:]
    return 0.0, x, x


def in_a_while(x):
    y = x
    while len(y) > 1:
        z = y[1:] - y[:-1]
        w = z * x[: len(z)]
        y = np.tanh(w)
    return np.sum(y) * np.sum(w) + np.sum(z)


def pulled_back_and_along(x):
    _, pull = vjp(returned_from_a_loop, x)
    _, along = jvp(returned_or_from_outside, (x, 1.0), (x * x, None))
    return pull(x[:3])[0] * np.sum(along)


X = np.array([0.3, 0.9, 1.4, 2.0])

CASES = [
    case(returned_from_a_loop, X),
    case(returned_from_a_loop, X * 0.2, note="not"),
    case(returned_or_from_outside, X, 1.0, wrt=0),
    case(returned_or_from_outside, X, 100.0, wrt=0, note="not"),
    case(replaced_unread, X),
    case(replaced_by_a_product, X, np.linspace(-1.0, 1.0, 12).reshape(3, 4)),
    case(stretched, np.array([0.5]), np.array([1.0, 2.0, 3.0])),
    case(with_other_axes, np.array([[0.3, 0.9], [1.4, 2.0]])),
    case(from_an_inner_loop, X),
    case(returned_with_others, X),
    case(in_a_while, X),
    case(pulled_back_and_along, X),
]
