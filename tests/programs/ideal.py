"""The programs that the documentation shows."""

import numpy as np

from tests.corpus import case, positive, spread


def f(x1, x2):
    y = np.log(x1) + x1 * x2 - np.sin(x2)
    return y


def growth(x, n):
    s = 0.0
    for i in range(n):
        if s > 1.0:
            s = s + np.sin(x)       # slow growth once s is large
        else:
            s = s + x * x
    return s


def logistic_loss(w, X, y):
    z = X @ w
    p = 1.0 / (1.0 + np.exp(-z))
    loss = -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
    return loss


def newton_sqrt(a):
    x = a
    while abs(x * x - a) > 1e-12:
        x = 0.5 * (x + a / x)
    return x


def shortest_side(sides):
    best = sides[0]
    for s in sides:
        if s <= 0.0:
            return 0.0
        best = min(best, s)
    return best * best


def smooth(A, T):
    for t in range(T):
        A[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3


def logistic_map(A, k, T):
    for t in range(T):
        A[1:-1] = A[1:-1] + k * A[:-2] * A[2:]


CASES = [
    case(f, 2.0, 5.0),
    case(f, positive(3), spread(3), note="arrays"),
    case(f, positive(2, 3), 0.7, note="array_and_scalar"),
    case(growth, 0.8, 5),
    case(growth, 0.8, 0, note="no_trip"),
    case(logistic_loss, spread(3), spread(6, 3), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0]), wrt=0),
    case(logistic_loss, spread(3), spread(6, 3), positive(6) / 2.0, note="all"),
    case(newton_sqrt, 2.3),
    case(shortest_side, np.array([1.4, 0.6, 1.1])),
    case(shortest_side, np.array([1.4, 0.6, -1.1, 0.3]), note="early_return"),
]
