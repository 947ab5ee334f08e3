"""Layers of neural networks that keep state, as people write them."""

import numpy as np

from tests.corpus import case, positive, spread


class BatchNorm:
    """Normalises by the statistics of a batch, or by the running averages of those it has seen."""

    def __init__(self, features, dtype=np.float64):
        self.gamma, self.beta = positive(features, dtype=dtype), spread(features, dtype=dtype)
        self.mean, self.var = np.zeros(features, dtype), np.ones(features, dtype)

    def __call__(self, x, training):
        if training:
            mu = np.mean(x, axis=0)
            sigma2 = np.mean((x - mu) ** 2, axis=0)
            self.mean += 0.1 * (mu - self.mean)
            self.var += 0.1 * (sigma2 - self.var)
        else:
            mu, sigma2 = self.mean, self.var
        x_hat = (x - mu) / np.sqrt(sigma2 + 1e-5)
        return self.gamma * x_hat + self.beta


def batch_norm(bn, x):
    y = bn(x, training=True)
    return y


def batch_norm_twice(bn, x, training):
    y = bn(np.sin(x), training)
    return bn(y * x, training) + bn.mean


def averages_only(bn, x):
    bn(x, True)
    return bn.mean * bn.var


def cross_entropy(x, W, labels):
    scores = x @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def contrastive(W, a, b):
    def embed(x):
        z = x @ W
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    s = embed(a) @ embed(b).T
    log_p = s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
    return -np.mean(np.diag(log_p))


def scheduled(w, x, y, steps):
    """The rate is a number of NumPy, which makes weights of single precision double."""
    m = np.zeros_like(w)
    for t in range(steps):
        m = 0.9 * m + x.T @ (x @ w - y)
        w = w - 0.05 * (1.0 + np.cos(np.pi * t / steps)) * m
    return np.sum((x @ w - y) ** 2)


CASES = [
    case(batch_norm, BatchNorm(3), spread(4, 3)),
    case(batch_norm, BatchNorm(2, np.float32), spread(5, 2, dtype=np.float32), note="single"),
    case(batch_norm_twice, BatchNorm(3), spread(4, 3), True, note="training"),
    case(batch_norm_twice, BatchNorm(3), spread(1, 3), False, note="inference"),
    case(averages_only, BatchNorm(3), spread(4, 3)),
    case(cross_entropy, spread(4, 3), spread(3, 5), np.array([0, 3, 3, 1])),
    case(scheduled, spread(2), spread(3, 2), positive(3), 3),
    case(scheduled, *(v.astype(np.float32) for v in (spread(2), spread(3, 2), positive(3))), 3, note="single"),
    case(contrastive, spread(3, 2), spread(4, 3), positive(4, 3)),
]
