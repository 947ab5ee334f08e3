"""Fitting an ordinary differential equation: a Runge-Kutta stepper that takes the right-hand side as a function."""

import numpy as np


def rk4_step(rhs, t, y, h, *args):
    k1 = rhs(t, y, *args)
    k2 = rhs(t + 0.5 * h, y + 0.5 * h * k1, *args)
    k3 = rhs(t + 0.5 * h, y + 0.5 * h * k2, *args)
    k4 = rhs(t + h, y + h * k3, *args)
    return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


def odeint(rhs, y0, ts, args=(), substeps=4):
    """The solution at the times ``ts``, one row each."""
    y = y0
    solution = [y]
    for t0, t1 in zip(ts[:-1], ts[1:]):
        h = (t1 - t0) / substeps
        for k in range(substeps):
            y = rk4_step(rhs, t0 + k * h, y, h, *args)
        solution.append(y)
    return np.array(solution)


def lotka_volterra(t, y, alpha, beta, delta, gamma):
    prey, predators = y
    return np.array([alpha * prey - beta * prey * predators, delta * prey * predators - gamma * predators])


def fit_error(theta, y0, ts, data):
    prediction = odeint(lotka_volterra, y0, ts, args=tuple(theta))
    return np.mean((prediction - data) ** 2)


def pendulum_error(theta, ts, data):
    """The right-hand side as an inner function that reads the parameters around it."""
    damping, stiffness = theta

    def rhs(t, y):
        return np.array([y[1], -stiffness * np.sin(y[0]) - damping * y[1] + 0.1 * np.cos(t)])

    prediction = odeint(rhs, np.array([0.5, 0.0]), ts)
    return np.sum((prediction[:, 0] - data) ** 2)


def decay_error(rate, ts, data):
    """A scalar equation with a lambda."""
    prediction = odeint(lambda t, y: -rate * y, 1.0, ts)
    return np.sum((prediction - data) ** 2)


def times():
    return np.linspace(0.0, 2.0, 6)


def observed():
    ts = times()
    return np.stack([1.0 + 0.3 * np.sin(ts), 0.8 + 0.2 * np.cos(ts)], axis=1)


CASES = []
