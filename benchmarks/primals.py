"""The functions that are measured."""

import numpy as np


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


def scalar_loop(x, n):
    s = x
    for i in range(n):
        s = s * 0.5 + np.sin(s * x)
    return s
