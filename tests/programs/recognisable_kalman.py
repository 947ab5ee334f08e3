"""The likelihood of a linear state-space model by the Kalman filter; the model is a dataclass."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class StateSpace:
    """x' = F x + noise(Q), y = H x + noise(R)."""

    F: np.ndarray
    H: np.ndarray
    Q: np.ndarray
    R: np.ndarray
    m0: np.ndarray
    P0: np.ndarray = field(default_factory=lambda: np.eye(2))

    @property
    def size(self):
        return self.F.shape[0]

    def predict(self, m, P):
        return self.F @ m, self.F @ P @ self.F.T + self.Q


def kalman_log_likelihood(model, ys):
    """The logarithm of the density of the observations ``ys``."""
    m, P = model.m0, model.P0
    identity = np.eye(model.size)
    total = 0.0
    for y in ys:
        m, P = model.predict(m, P)
        residual = y - model.H @ m
        S = model.H @ P @ model.H.T + model.R
        K = P @ model.H.T @ np.linalg.inv(S)
        _, log_det = np.linalg.slogdet(S)
        total -= 0.5 * (residual @ np.linalg.solve(S, residual) + log_det + len(residual) * np.log(2.0 * np.pi))
        m = m + K @ residual
        P = (identity - K @ model.H) @ P
    return total


def local_level_model(sigma_state, sigma_observation):
    """A model made from two numbers, as one does to fit them."""
    dt = 0.5
    F = np.array([[1.0, dt], [0.0, 1.0]])
    Q = sigma_state**2 * np.array([[dt**3 / 3.0, dt**2 / 2.0], [dt**2 / 2.0, dt]])
    R = np.array([[sigma_observation**2]])
    return StateSpace(F, np.array([[1.0, 0.0]]), Q, R, np.zeros(2))


def fit_objective(log_sigmas, ys):
    model = local_level_model(np.exp(log_sigmas[0]), np.exp(log_sigmas[1]))
    return -kalman_log_likelihood(model, ys)


def example_model():
    return StateSpace(F=np.array([[1.0, 0.5], [-0.1, 0.9]]), H=np.array([[1.0, 0.2]]), Q=np.diag([0.1, 0.2]),
                      R=np.array([[0.3]]), m0=np.array([0.1, -0.2]))


def observations():
    return np.array([[0.3], [0.5], [-0.1], [0.4]])


CASES = []
