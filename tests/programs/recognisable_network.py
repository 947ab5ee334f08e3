"""A network of two layers as a class, trained with a dict of parameters."""

import numpy as np


def relu(x):
    return np.maximum(x, 0.0)


class TwoLayerNetwork:
    """tanh(x W1 + b1) W2 + b2."""

    def __init__(self, inputs, hidden, outputs, activation=np.tanh, decay=1e-3):
        self.shapes = {"W1": (inputs, hidden), "b1": (hidden,), "W2": (hidden, outputs), "b2": (outputs,)}
        self.activation = activation
        self.decay = decay

    def initial(self, seed=0):
        rng = np.random.default_rng(seed)
        return {name: 0.5 * rng.standard_normal(shape) for name, shape in self.shapes.items()}

    def hidden(self, params, x):
        return self.activation(x @ params["W1"] + params["b1"])

    def predict(self, params, x):
        return self.hidden(params, x) @ params["W2"] + params["b2"]

    def penalty(self, params):
        return self.decay * sum(np.sum(w**2) for name, w in params.items() if name.startswith("W"))

    def loss(self, params, x, y):
        error = self.predict(params, x) - y
        return np.mean(np.sum(error**2, axis=1)) + self.penalty(params)


class Classifier(TwoLayerNetwork):
    """The same with a softmax behind it."""

    def loss(self, params, x, labels):
        scores = self.predict(params, x)
        scores = scores - np.max(scores, axis=1, keepdims=True)
        log_total = np.log(np.sum(np.exp(scores), axis=1))
        chosen = scores[np.arange(len(labels)), labels]
        return np.mean(log_total - chosen) + self.penalty(params)


def train(gradient, params, x, y, rate=0.1, steps=200):
    """Plain gradient descent; ``gradient(params, x, y)`` is a dict like ``params``."""
    for _ in range(steps):
        grads = gradient(params, x, y)
        params = {name: value - rate * grads[name] for name, value in params.items()}
    return params


def data(n=20):
    x = np.linspace(-1.0, 1.0, n)[:, None] * np.array([[1.0, -0.5]])
    return x, np.sin(2.0 * x[:, :1])


CASES = []
