"""Batch normalisation at work: a network of sigmoids learns faster, and at higher rates.

Section 4.1 of Ioffe, Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
shift" (ICML 2015), on scikit-learn's handwritten digits: three hidden layers of 100 sigmoid units, mini-batches of 60,
weights that are small Gaussian numbers.  s2sad differentiates the loss in the whole network, an object that holds lists
of layers, and the layers' running averages move as the user's program moves them.  The picture
(examples/out/batchnorm_training.png) shows the accuracy on the test set against the training step, and the paper's
figure 1: the distribution of the input of one sigmoid of the last hidden layer while the network learns.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from batchnorm import BatchNorm
from scipy.special import logsumexp
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import s2sad

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

OUT = Path(__file__).parent / "out"
RATES = (0.1, 1.0, 10.0)
STEPS, EVERY, BATCH = 1500, 20, 60


class Layer:
    """x @ W + b, or x @ W normalised: then a bias would go away with the mean."""

    def __init__(self, rng, inputs, units, normalised):
        self.W = rng.normal(0.0, 0.1, (inputs, units))
        self.b = None if normalised else np.zeros(units)
        self.norm = BatchNorm(units) if normalised else None

    def __call__(self, x, training):
        u = x @ self.W
        return u + self.b if self.norm is None else self.norm(u, training)


class Network:
    def __init__(self, rng, normalised):
        self.hidden = [Layer(rng, inputs, 100, normalised) for inputs in (64, 100, 100)]
        self.output = Layer(rng, 100, 10, False)

    def sigmoid_inputs(self, x, training):
        """The inputs of the sigmoids of the last hidden layer."""
        for layer in self.hidden[:-1]:
            x = 1.0 / (1.0 + np.exp(-layer(x, training)))
        return self.hidden[-1](x, training)

    def scores(self, x, training):
        x = 1.0 / (1.0 + np.exp(-self.sigmoid_inputs(x, training)))
        return self.output(x, training)


def loss(network, x, labels):
    """The cross-entropy of the labels and the network's probabilities."""
    scores = network.scores(x, training=True)
    log_probabilities = scores - logsumexp(scores, axis=1, keepdims=True)
    return -np.mean(log_probabilities[np.arange(len(labels)), labels])


def descend(part, slope, rate):
    """Move all arrays of a structure against those of its gradient, which has the same structure."""
    if isinstance(part, np.ndarray):
        part -= rate * slope
    elif isinstance(part, list):
        for inner, its_slope in zip(part, slope):
            descend(inner, its_slope, rate)
    elif part is not None:
        for name, inner in vars(part).items():
            descend(inner, getattr(slope, name), rate)


def train(data, normalised, rate):
    """The steps at which a network was looked at, its accuracy there, and percentiles of the input of one sigmoid."""
    images, tests, labels, answers = data
    rng = np.random.default_rng(0)
    network = Network(rng, normalised)
    gradient = s2sad.grad(loss, copy=False)         # the running averages are the network's own
    steps, accuracy, percentiles = [], [], []
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            right = np.argmax(network.scores(tests, training=False), axis=1) == answers
            inputs = network.sigmoid_inputs(tests, training=False)[:, 0]
            steps.append(step)
            accuracy.append(np.mean(right))
            percentiles.append(np.percentile(inputs, (15, 50, 85)))
        batch = rng.integers(0, len(images), BATCH)
        descend(network, gradient(network, images[batch], labels[batch]), rate)
    return np.array(steps), np.array(accuracy), np.array(percentiles)


def draw(runs):
    """The accuracy of all runs, and the percentiles of those with the rate in the middle."""
    figure, axes = plt.subplot_mosaic("abc", figsize=(11, 4.5), width_ratios=(1.7, 1, 1), layout="constrained")
    for (normalised, rate), (steps, accuracy, _) in runs.items():
        name = f"{'with' if normalised else 'without'}, rate {rate:g}"
        style = dict(zip(RATES, (":", "-", "--")))[rate]
        axes["a"].plot(steps, 100 * accuracy, style, color="C0" if normalised else "C1", label=name)
    axes["a"].set(xlabel="training step", ylabel="test accuracy (%)", ylim=(0, 100), xlim=(0, STEPS),
                  xticks=(0, 500, 1000, 1500))
    axes["a"].set_title("Normalised, the network learns at once, at any rate", fontsize=10)
    axes["a"].legend(loc=(0.6, 0.3), title="batch normalisation", fontsize=8, title_fontsize=8)
    for panel, normalised in (("b", False), ("c", True)):
        steps, _, percentiles = runs[normalised, RATES[1]]
        color = "C0" if normalised else "C1"
        axes[panel].plot(steps, percentiles[:, 1], color=color, label="median")
        axes[panel].fill_between(steps, percentiles[:, 0], percentiles[:, 2], color=color, alpha=0.3, lw=0,
                                 label="15th to 85th percentile")
        axes[panel].set(xlabel="training step", xlim=(0, STEPS), xticks=(0, 500, 1000, 1500))
        axes[panel].legend(loc="upper right", fontsize=8)
    axes["b"].set_title("Without, the input of a sigmoid drifts …", fontsize=10)
    axes["c"].set_title("… with, it stays in its middle", fontsize=10)
    axes["b"].set_ylabel(f"input of one sigmoid of the last hidden layer (rate {RATES[1]:g})")
    axes["c"].sharey(axes["b"])
    axes["b"].set_ylim(-3, 3)
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "batchnorm_training.png", dpi=100)


def main() -> None:
    images, labels = load_digits(return_X_y=True)
    data = train_test_split(images / 16.0, labels, test_size=360, random_state=0)
    runs = {(normalised, rate): train(data, normalised, rate) for normalised in (False, True) for rate in RATES}
    draw(runs)
    needed = {}
    print("batch norm   rate   steps to 90 %   final accuracy")
    for (normalised, rate), (steps, accuracy, _) in runs.items():
        needed[normalised, rate] = steps[accuracy >= 0.9].min(initial=10 * STEPS)
        reached = f"{needed[normalised, rate]}" if max(accuracy) >= 0.9 else "never"
        print(f"{'yes' if normalised else 'no':10} {rate:6g} {reached:>15} {100 * accuracy[-1]:14.1f} %")
    slow, fast = (min(needed[normalised, rate] for rate in RATES) for normalised in (False, True))
    best, worst = (f(100 * runs[True, rate][1][-1] for rate in RATES) for f in (max, min))
    print(f"90 % of the digits are recognised after {fast} steps with batch normalisation, {slow} without; the final "
          f"accuracies at rates from {RATES[0]:g} to {RATES[-1]:g} are {worst:.1f} to {best:.1f} %")
    assert all(3 * needed[True, rate] < slow for rate in RATES) and worst > 93.0


if __name__ == "__main__":
    main()
