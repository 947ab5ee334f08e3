"""Networks as the example collections write them: layers, parameter tables, blocks of dicts."""

import numpy as np

from tests.corpus import case, spread

try:
    from scipy.special import logsumexp
except ImportError:  # SciPy is optional: the cases are left out then.
    logsumexp = None


class Table:
    """Where named weights lie in a vector; names are anything that can be a key."""

    def __init__(self):
        self.places, self.size = {}, 0

    def add(self, name, shape):
        count = int(np.prod(shape))
        self.places[name] = (slice(self.size, self.size + count), shape)
        self.size += count

    def get(self, vector, name):
        place, shape = self.places[name]
        return np.reshape(vector[place], shape)


class Pool:
    def __init__(self, height, width):
        self.shape = (height, width)

    def build(self, input_shape):
        for k in (0, 1):
            assert input_shape[k + 1] % self.shape[k] == 0, "pools tile the input exactly"
        return 0, (input_shape[0], *(input_shape[k + 1] // self.shape[k] for k in (0, 1)))

    def forward(self, x, weights):
        tiles = x.shape[:2]
        for k in (0, 1):
            tiles += (x.shape[k + 2] // self.shape[k], self.shape[k])
        return np.max(np.max(x.reshape(tiles), axis=3), axis=4)


class Dense:
    def __init__(self, size, activation):
        self.size, self.activation = size, activation

    def build(self, input_shape):
        self.table = Table()
        self.table.add("W", (int(np.prod(input_shape)), self.size))
        self.table.add("b", (self.size,))
        return self.table.size, (self.size,)

    def forward(self, x, weights):
        if x.ndim > 2:
            x = x.reshape((x.shape[0], np.prod(x.shape[1:])))
        return self.activation(np.dot(x[:, :], self.table.get(weights, "W")) + self.table.get(weights, "b"))


def log_softmax(x):
    return x - logsumexp(x, axis=1, keepdims=True)


def make_network(input_shape, layers, penalty):
    """The number of weights, and the loss as a function of the vector of them; each layer is the key of its part."""
    table, shape = Table(), input_shape
    for layer in layers:
        count, shape = layer.build(shape)
        table.add(layer, (count,))

    def loss(weights, images, targets):
        x = images
        for layer in layers:
            x = layer.forward(x, table.get(weights, layer))
        return penalty * np.dot(weights, weights) - np.sum(x * targets)

    return table.size, loss


COUNT, layered_loss = make_network((1, 4, 4), [Pool(2, 2), Dense(3, np.tanh), Dense(3, log_softmax)], 0.01)


def normalise(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + eps) + beta


def attend(block, x, heads, mask):
    length, width = x.shape
    q, k, v = (
        (x @ block[name]).reshape(length, heads, width // heads).transpose(1, 0, 2) for name in ("Wq", "Wk", "Wv"))
    scores = np.where(mask, q @ k.swapaxes(-1, -2) / np.sqrt(width // heads), -1e9)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return (weights @ v).transpose(1, 0, 2).reshape(length, width) @ block["Wo"]


def transformer(params, tokens, heads=2):
    """A small language model; positions are a range, as long as the text."""
    n = len(tokens) - 1
    x = params["tokens"][tokens[:-1]] + params["places"][range(n)]
    mask = np.tril(np.ones((n, n), dtype=bool))
    for block in params["blocks"]:
        x = x + attend(block, normalise(x, **block["norm"]), heads, mask)
        x = x + np.maximum(x @ block["W1"], 0.1 * x) @ block["W2"]
    logits = x @ params["tokens"].T
    return -np.mean((logits - logsumexp(logits, axis=-1, keepdims=True))[np.arange(n), tokens[1:]])


def neighbours(Y, P):
    """The loss of t-SNE; a diagonal is set at two ranges."""
    n = len(Y)
    near = 1.0 / (1.0 + np.square(Y[:, None] - Y[None]).sum(-1))
    near[range(n), range(n)] = 0.0
    Q = near / near.sum()
    off = ~np.eye(n, dtype=bool)
    return np.sum(P[off] * np.log(P[off] / Q[off]))


BLOCK = {"norm": {"gamma": np.ones(2), "beta": np.zeros(2)}, **{k: spread(2, 2) for k in ("Wq", "Wk", "Wv", "Wo")},
         "W1": spread(2, 2), "W2": spread(2, 2)}
CASES = [
    case(neighbours, spread(4, 2), np.abs(spread(4, 4)), wrt=0),
]
if logsumexp is not None:
    CASES += [
        case(layered_loss, 0.4 * spread(COUNT), spread(2, 1, 4, 4), np.eye(3)[[0, 2]], wrt=0),
        case(transformer, {"tokens": spread(4, 2), "places": spread(5, 2), "blocks": [BLOCK]}, np.array([0, 3, 1, 1]),
             wrt=0),
    ]
