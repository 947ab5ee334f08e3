"""Batch normalisation, and its gradient against the paper's formulas.

Ioffe, Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift"
(ICML 2015).  The layer below is algorithm 1 of the paper with the running averages of algorithm 2, in plain NumPy.
The run prints the adjoint that s2sad writes of it, and compares its numbers with the formulas that the paper derives by
hand (section 3): for features, for images (section 3.2), and where they are delicate, for a feature that is constant
and for a batch of one.
"""

from __future__ import annotations

import numpy as np

import s2sad

EPSILON, RATE = 1e-5, 0.1


class BatchNorm:
    """Normalises each feature, or each channel of images, along the last axis of a batch."""

    def __init__(self, features, dtype=np.float64):
        self.gamma, self.beta = np.ones(features, dtype), np.zeros(features, dtype)
        self.mean, self.var = np.zeros(features, dtype), np.ones(features, dtype)

    def __call__(self, x, training):
        if training:
            batch = tuple(range(x.ndim - 1))        # of images: each position of each of them
            m = x[..., 0].size
            mu = np.mean(x, axis=batch)
            sigma2 = np.mean((x - mu) ** 2, axis=batch)
            self.mean += RATE * (mu - self.mean)
            self.var += RATE * (sigma2 * m / max(m - 1, 1) - self.var)
        else:
            mu, sigma2 = self.mean, self.var
        x_hat = (x - mu) / np.sqrt(sigma2 + EPSILON)
        return self.gamma * x_hat + self.beta


def normalise(bn, x):
    y = bn(x, training=True)
    return y


def formulas_of_the_paper(x, gamma, y_bar):
    """Section 3: the chain rule, through x_hat, sigma2 and mu; of images, each position counts as an example."""
    x, y_bar = x.reshape(-1, x.shape[-1]), y_bar.reshape(-1, x.shape[-1])
    m, mu, sigma2 = len(x), x.mean(0), x.var(0)
    x_hat = (x - mu) / np.sqrt(sigma2 + EPSILON)
    x_hat_bar = y_bar * gamma
    sigma2_bar = np.sum(x_hat_bar * (x - mu), axis=0) * -0.5 * (sigma2 + EPSILON) ** -1.5
    mu_bar = np.sum(-x_hat_bar / np.sqrt(sigma2 + EPSILON), axis=0) + sigma2_bar * np.sum(-2 * (x - mu), axis=0) / m
    x_bar = x_hat_bar / np.sqrt(sigma2 + EPSILON) + sigma2_bar * 2 * (x - mu) / m + mu_bar / m
    return x_bar, np.sum(y_bar * x_hat, axis=0), np.sum(y_bar, axis=0)


def compare(rng, shape, dtype=np.float64, constant=False):
    """The largest difference of x_bar, gamma_bar and beta_bar from the formulas, as a part of 1 + what they give."""
    x, y_bar = rng.normal(2.0, 3.0, shape).astype(dtype), rng.normal(size=shape).astype(dtype)
    if constant:
        x[..., 0] = 2.0
    bn = BatchNorm(shape[-1], dtype)
    bn.gamma[:], bn.beta[:] = rng.normal(1.0, 0.5, shape[-1]), rng.normal(size=shape[-1])
    y, pullback = s2sad.vjp(normalise, bn, x)
    bn_bar, x_bar = pullback(y_bar)
    assert y.dtype == x_bar.dtype == bn_bar.gamma.dtype == bn_bar.beta.dtype == dtype
    by_machine = x_bar.reshape(-1, shape[-1]), bn_bar.gamma, bn_bar.beta
    by_hand = formulas_of_the_paper(x.astype(np.float64), bn.gamma, y_bar)
    return max(float(np.max(np.abs(a - b) / (1.0 + np.abs(b)))) for a, b in zip(by_machine, by_hand))


def main() -> None:
    rng = np.random.default_rng(0)
    bn, x = BatchNorm(4), rng.normal(2.0, 3.0, (60, 4))
    text = s2sad.derive(normalise, types=(bn, x)).source
    print(text[text.index("def normalise"):])

    cases = {
        "60 examples of 100 features": compare(rng, (60, 100)),
        "16 images of 8 x 8 with 12 channels": compare(rng, (16, 8, 8, 12)),
        "one feature is constant": compare(rng, (60, 10), constant=True),
        "a batch of one": compare(rng, (1, 10)),
    }
    single = compare(rng, (60, 100), np.float32)

    # The running averages move once, with the forward sweep, if the derivative may change its arguments.
    by_hand = BatchNorm(4)
    normalise(by_hand, x)
    s2sad.vjp(normalise, bn, x, copy=False)[1](np.ones_like(x))
    assert np.array_equal(bn.mean, by_hand.mean) and np.array_equal(bn.var, by_hand.var)

    # At inference the layer is an affine map, of one example as of many.
    y, pullback = s2sad.vjp(lambda x: bn(x, training=False), x[:1])
    slope, = pullback(np.ones_like(y))
    cases["inference, one example"] = float(np.max(np.abs(slope - bn.gamma / np.sqrt(bn.var + EPSILON))))

    print("largest difference of the gradient from the paper's formulas")
    for name, error in {**cases, "in single precision": single}.items():
        print(f"  {name:36} {error:.1e}")
    worst = max(cases.values())
    print(f"largest difference of the adjoints of x, gamma and beta from the paper's formulas: {worst:.1e}")
    assert worst < 1e-10 and single < 1e-5


if __name__ == "__main__":
    main()
