"""Models of several fields as the example collections write them: modules with options, decoding, tables of slices."""

import numpy as np

from tests.corpus import case, positive, spread


class Dropout:
    def __init__(self, rate, weight):
        self.rate, self.weight, self.training = rate, weight, True

    def __call__(self, x, rng=None):
        if not self.training or rng is None:
            return x * self.weight
        return x * (rng.random(x.shape) > self.rate) / (1.0 - self.rate)


def without_generator(module, x):
    """What decides at run time, and what is known, in one condition."""
    return np.sum(module(x) ** 2) + (np.sum(x) if module.training and module.rate is None else 0.0)


def viterbi(emissions, transitions):
    """The best path, from back to front and reversed, and its score."""
    T, K = emissions.shape
    score, back = emissions[0].copy(), np.zeros((T, K), dtype=int)
    for t in range(1, T):
        total = score[:, None] + transitions
        back[t] = np.argmax(total, axis=0)
        score = total[back[t], np.arange(K)] + emissions[t]
    path = [int(np.argmax(score))]
    for t in range(T - 1, 0, -1):
        path.append(back[t, path[-1]])
    path.reverse()
    return sum(emissions[t, k] ** 2 for t, k in enumerate(path)) + score.max()


def sliced(x, n):
    """Parts of slices that are kept in a table."""
    table = {"head": slice(0, n), "rest": slice(n, None), "odd": slice(1, None, 2)}
    head, odd = table["head"], table["odd"]
    scale = 2.0 if table["rest"].stop is None else 3.0
    first = np.sum(x[head]) * (head.stop - head.start) * scale
    return first + np.sum(x[odd] ** 2) * odd.step + np.sum(x[table["rest"]])


def run_again(x, y):
    """Iterators made outside of a loop are used up by its first iteration."""
    total = 0.0
    both = zip(x, y)
    for k in range(3):
        for a, b in both:
            total = total + a * b * (k + 1)
        for a in iter(x):
            total = total + a
    return total


CASES = [
    case(without_generator, Dropout(0.5, 1.3), spread(3)),
    case(viterbi, spread(4, 3), np.sin(spread(3, 3))),
    case(sliced, spread(6), 2),
    case(run_again, spread(4), positive(4)),
]
