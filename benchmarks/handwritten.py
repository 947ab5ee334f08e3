"""Adjoints of the primals as a careful person would write them, to compare the generated ones with."""

import numpy as np


def f_vjp(x1, x2, y_bar=1.0):
    # Forward sweep.
    y = np.log(x1) + x1 * x2 - np.sin(x2)

    # Reverse sweep.
    x1_bar = y_bar * x2 + y_bar / x1
    x2_bar = y_bar * x1 - y_bar * np.cos(x2)
    return y, (x1_bar, x2_bar)


def growth_vjp(x, n, s_bar=1.0):
    # Forward sweep: record the branch each iteration takes.
    branch_tape = []
    s = 0.0
    for _ in range(n):
        branch = s > 1.0
        if branch:
            s = s + np.sin(x)
        else:
            s = s + x * x
        branch_tape.append(branch)

    # Reverse sweep.
    x_bar = 0.0
    for _ in reversed(range(n)):
        branch = branch_tape.pop()
        if branch:
            x_bar = x_bar + s_bar * np.cos(x)
        else:
            x_bar = x_bar + 2.0 * x * s_bar
    return s, x_bar


def logistic_loss_vjp(w, X, y, loss_bar=1.0):
    # Forward sweep.
    z = X @ w
    v1 = np.exp(-z)
    v2 = 1.0 + v1
    p = 1.0 / v2
    v3 = 1.0 - y
    v4 = 1.0 - p
    v5 = y * np.log(p) + v3 * np.log(v4)
    loss = -np.mean(v5)

    # Reverse sweep.
    v5_bar = -loss_bar / v5.size
    p_bar = v5_bar * y / p - v5_bar * v3 / v4
    z_bar = p_bar * p / v2 * v1
    w_bar = X.T @ z_bar
    return loss, w_bar


def newton_sqrt_vjp(a, x_bar=1.0):
    # Forward sweep: record x before each iteration overwrites it.
    x_tape = []
    x = a
    while abs(x * x - a) > 1e-12:
        x_tape.append(x)
        x = 0.5 * (x + a / x)
    result = x

    # Reverse sweep.
    a_bar = 0.0
    while x_tape:
        x = x_tape.pop()
        v1_bar = 0.5 * x_bar
        a_bar = a_bar + v1_bar / x
        x_bar = v1_bar - v1_bar * a / x**2
    a_bar = a_bar + x_bar
    return result, a_bar


def shortest_side_vjp(sides, result_bar=1.0):
    sides_bar = np.zeros_like(sides)

    # Forward sweep: record which side wins each comparison.
    best = sides[0]
    branch_tape = []
    for s in sides:
        if s <= 0.0:
            return 0.0, sides_bar
        branch = s < best
        if branch:
            best = s
        branch_tape.append(branch)

    # Reverse sweep.
    best_bar = 2.0 * best * result_bar
    for i in reversed(range(len(sides))):
        if branch_tape.pop():
            sides_bar[i] += best_bar
            best_bar = 0.0
    sides_bar[0] += best_bar
    return best * best, sides_bar


def scalar_loop_vjp(x, n, s_bar=1.0):
    # Forward sweep: record s before each iteration overwrites it.
    s_tape = []
    s = x
    for _ in range(n):
        s_tape.append(s)
        s = s * 0.5 + np.sin(s * x)

    # Reverse sweep.
    x_bar = 0.0
    for _ in reversed(range(n)):
        s_old = s_tape.pop()
        v1_bar = s_bar * np.cos(s_old * x)
        x_bar = x_bar + v1_bar * s_old
        s_bar = s_bar * 0.5 + v1_bar * x
    return s, x_bar + s_bar
