"""Models of several fields as the example collections write them: finite elements, modules with options, decoding."""

import numpy as np

from tests.corpus import case, positive, spread

try:
    import scipy.sparse as sp
    from scipy.sparse.linalg import spsolve
except ImportError:  # SciPy is optional: the cases are left out then.
    spsolve = None

NODES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 0.5]])
BARS = [(0, 1), (0, 3), (1, 2), (2, 3), (1, 3), (1, 4), (3, 4)]
FIXED = np.array([0, 1, 4, 5])


def stiffness(density, nodes, bars):
    rows, cols, values = [], [], []
    for e, (a, b) in enumerate(bars):
        d = nodes[b] - nodes[a]
        length = np.hypot(*d)
        c, s = d / length
        v = np.array([-c, -s, c, s])
        dofs = np.array([2 * a, 2 * a + 1, 2 * b, 2 * b + 1])
        rows.append(np.repeat(dofs, 4))
        cols.append(np.tile(dofs, 4))
        values.append((density[e] ** 3 / length * np.outer(v, v)).ravel())
    n = 2 * len(nodes)
    return sp.coo_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape=(n, n)).tocsr()


def compliance(density, nodes, force, fixed):
    """The truss of topology optimisation: a sparse matrix, of which the free part is solved with."""
    K = stiffness(density, nodes, BARS)
    free = np.setdiff1d(np.arange(K.shape[0]), fixed)
    u = spsolve(K[free][:, free].tocsc(), force[free])
    return force[free] @ u


def blocks(density, force, nodes, fixed):
    K = stiffness(density, nodes, BARS)
    mask = np.ones(10, dtype=bool)
    mask[fixed] = False
    inner, rim = K[mask][:, mask], K[np.ix_(np.flatnonzero(mask), fixed)]
    energy = np.sum((inner @ force[mask]) ** 2) + np.sum(rim @ force[fixed])
    return energy + K[2:6, :3].sum() + np.sum(K[:, 1:].T @ force)


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


FORCE = np.array([0.0, 0.0, 0.1, -0.2, 0.0, 0.0, 0.3, 0.1, 0.0, -1.0])
CASES = [
    case(without_generator, Dropout(0.5, 1.3), spread(3)),
    case(viterbi, spread(4, 3), np.sin(spread(3, 3))),
    case(sliced, spread(6), 2),
    case(run_again, spread(4), positive(4)),
]
if spsolve is not None:
    CASES += [
        case(compliance, positive(7), NODES, FORCE, FIXED, wrt=(0, 1)),
        case(blocks, positive(7), spread(10), NODES, FIXED, wrt=(0, 1)),
    ]
