"""Generator functions and generator expressions: pairs, layers, batches, trees, endless iterations, shared arrays."""

import numpy as np

from tests.corpus import case, spread


def pairs(x):
    for k in range(len(x) - 1):
        yield x[k], x[k + 1]


def squares(x):
    for v in x:
        yield v * v


def powers(x):
    yield x
    yield from (x * x, x * np.sin(x))


def neighbour_products(x):
    total = 0.0
    for a, b in pairs(x):
        if a > 1.0:
            continue
        total += np.sin(a * b)
    return total


def layers(w, sizes):
    """The weights and biases of a network, cut off a vector one after the other."""
    for m, n in sizes:
        yield w[:m * n].reshape((m, n)), w[m * n:m * n + n]
        w = w[(m + 1) * n:]


SIZES = [(2, 3), (3, 1)]


def network(w, x):
    for W, b in layers(w, SIZES):
        out = x @ W + b
        x = np.tanh(out)
    return np.sum(out)


def batches(X, y, size):
    for start in range(0, len(X), size):
        yield X[start:start + size], y[start:start + size]


def epoch(w, X, y):
    total, count = 0.0, 0
    for k, (xb, yb) in enumerate(batches(X, y, 2), 1):
        total += np.sum(np.log1p(np.exp(-yb * (xb @ w)))) * k
        count += len(yb)
    return total / count


def newton_steps(a):
    x = a
    while True:
        yield x
        x = 0.5 * (x + a / x)


def square_root(a):
    before = 0.0
    for x in newton_steps(a):
        if abs(x - before) < 1e-12:
            break
        before = x
    return x


def early(x):
    for v in x:
        if v > 1.0:
            return
        yield v


def with_exits(x):
    for v in early(x):
        if v > 5.0:
            break
    else:
        v = v * 3.0
    return v


def leaves_of(tree):
    if isinstance(tree, tuple):
        for child in tree:
            yield from leaves_of(child)
    else:
        yield tree


def tree_product(tree):
    product = 1.0
    for leaf in leaves_of(tree):
        product = product * np.sin(leaf)
    return product


def diffusion(x):
    u = x.copy()
    for _ in range(3):
        u[1:] += u[:-1]
        yield u


def shared_states(x):
    """Each item is the same array, which goes on changing; the list holds it three times."""
    total = 0.0
    for u in diffusion(x):
        total += np.sum(u**2)
        u *= 1.5
    for u in list(diffusion(x)):
        total += np.sum(u**3)
    return total


def inside_of_each_other(x):
    def scaled(n):
        for i in range(n):
            yield x[i] * factor

    factor, total = 2.0, 0.0
    for v in scaled(len(x)):
        for w in scaled(2):
            total += v * w
    return total


class Loader:
    def __init__(self, data, size):
        self.data, self.size = data, size

    def __iter__(self):
        for k in range(0, len(self.data), self.size):
            yield self.data[k:k + self.size]

    def rows(self):
        for k, batch in enumerate(self):
            yield k, np.sum(batch)


def loaded(x):
    loader = Loader(x, 2)
    total = 0.0
    for _ in range(2):
        for batch in loader:
            total += np.sum(batch) ** 2
    for k, row in loader.rows():
        total += k * row
    return total


def consumed(x):
    """What runs through a generator in one go, or runs over one itself."""
    a, b, c = powers(x[0])
    first, second = a * b + c, [v for v in squares(x)]
    total = sum(squares(x)) + max(squares(x)) + second[0] + np.sum(np.array(list(squares(x))) ** 2)
    for v in map(np.sin, squares(x)):
        total = total + v
    for k, v in enumerate(v * w for v in squares(x) for w in squares(x[:2]) if v < 1.0):
        total = total + k * v
    return total * first


def used_up(x):
    """An iterator has nothing left the second time."""
    rest, total = squares(x), 0.0
    for _ in range(3):
        for v in rest:
            total = total + v
    both = zip(x, x)
    for k in range(3):
        for a, b in both:
            total = total + a * b * (k + 1)
    return total


def late_values(x):
    """What a generator reads is what is there when it is run."""
    u = x.copy()
    later = squares(u)
    u *= 2.0
    total = 0.0
    for v in later:
        total = total + v
        u *= 1.5
    return total


def checked(x):
    for v in x:
        if v > 100.0:
            raise ValueError("too large")
        yield v


def with_errors(x):
    total = 0.0
    for v in checked(x):
        if v < -100.0:
            raise ValueError("too small")
        total = total + v**2
    return total


CASES = [
    case(neighbour_products, spread(5)),
    case(network, spread(13), spread(4, 2)),
    case(epoch, spread(3), spread(5, 3), np.sign(spread(5)), wrt=(0, 1)),
    case(square_root, 2.0),
    case(with_exits, np.array([0.3, -0.4, 1.5, 0.2])),
    case(tree_product, (0.3, (0.4, 0.5), ((0.7,), 0.2))),
    case(shared_states, spread(4)),
    case(inside_of_each_other, spread(4)),
    case(loaded, spread(5)),
    case(consumed, np.array([0.3, -0.4, 1.5])),
    case(used_up, spread(4)),
    case(late_values, spread(3)),
    case(with_errors, spread(3)),
]
