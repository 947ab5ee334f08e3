"""A recurrent network with a list of hidden states; the adjoint of each state is clipped on the way back."""

import numpy as np

import s2sad


def cell(params, h, x):
    return np.tanh(params["W"] @ h + params["U"] @ x + params["b"])


def states(params, h0, xs):
    hs = [h0]
    for x in xs:
        hs.append(cell(params, hs[-1], x))
    return hs


def loss(params, h0, xs, targets):
    hs = states(params, h0, xs)
    total = 0.0
    for h, target in zip(hs[1:], targets):
        total += np.sum((params["V"] @ h - target) ** 2)
    return total / len(targets)


def clipped_loss(params, h0, xs, targets, bound=0.05):
    hs = [h0]
    for x in xs:
        h = cell(params, hs[-1], x)
        with s2sad.adjoint_of(h) as h_bar:
            h_bar = np.clip(h_bar, -bound, bound)
        hs.append(h)
    total = 0.0
    for h, target in zip(hs[1:], targets):
        total += np.sum((params["V"] @ h - target) ** 2)
    return total / len(targets)


def clipped_gradient_by_hand(params, h0, xs, targets, bound=0.05):
    """Back-propagation through time as one writes it by hand: what the derivative must be."""
    hs = states(params, h0, xs)
    bars = {name: np.zeros_like(value) for name, value in params.items()}
    carried = np.zeros_like(h0)
    for t in reversed(range(len(xs))):
        error = 2.0 * (params["V"] @ hs[t + 1] - targets[t]) / len(targets)
        bars["V"] += np.outer(error, hs[t + 1])
        h_bar = np.clip(carried + params["V"].T @ error, -bound, bound)
        z_bar = h_bar * (1.0 - hs[t + 1] ** 2)
        bars["W"] += np.outer(z_bar, hs[t])
        bars["U"] += np.outer(z_bar, xs[t])
        bars["b"] += z_bar
        carried = params["W"].T @ z_bar
    return bars


def example():
    rng = np.random.default_rng(1)
    params = {"W": 0.6 * rng.standard_normal((3, 3)), "U": rng.standard_normal((3, 2)), "b": np.zeros(3),
              "V": rng.standard_normal((1, 3))}
    return params, np.zeros(3), rng.standard_normal((5, 2)), rng.standard_normal((5, 1))


CASES = []
