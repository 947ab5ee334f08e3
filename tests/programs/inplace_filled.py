"""Arrays that loops fill place by place, each once or more than once, and what reads them besides."""

import numpy as np

from tests.corpus import case, spread


def one_by_one(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.sin(x[i]) * x[0]
    return y


def rows(A, s):
    y = np.empty(A.shape)
    for i in range(A.shape[0]):
        y[i] = np.sin(A[i] * s)
    return y


def backwards(x):
    y = np.zeros(len(x))
    for i in range(len(x) - 1, -1, -1):
        y[i] = np.exp(x[i]) * x[-1]
    return y


def convolution(x, k):
    n, m = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    y = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            y[i, j] = np.sum(x[i:i + k.shape[0], j:j + k.shape[1]] * k)
    return np.tanh(y)


def two_places_at_once(x):
    y = np.zeros((len(x), 2))
    for i in range(len(x)):
        y[i, 0] = np.sin(x[i])
        y[i, 1] = np.cos(x[i]) * x[0]
    return y


def neighbours(x):
    y = np.zeros(len(x) + 1)
    for i in range(len(x)):
        y[i] = np.sin(x[i])
        y[i + 1] = np.cos(x[i])
    return y


def recurrence(x):
    y = np.zeros(len(x))
    y[0] = x[0]
    for i in range(len(x) - 1):
        y[i + 1] = np.sin(y[i]) * x[i + 1]
    return y


def same_place_again(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.sin(x[i])
        y[i] = y[i] * x[0] + np.cos(x[i])
    return y


def same_place_each_time(x):
    y = np.zeros(3)
    for i in range(len(x)):
        y[1] = np.sin(x[i]) * x[0]
    return y


def place_from_an_array(x, k):
    y = np.zeros(3)
    for i in range(len(x)):
        y[k[i]] = np.sin(x[i])
    return y


def from_both_ends(x):
    y = np.zeros(len(x))
    for i in range(-2, 2):
        y[i] = np.sin(x[i]) * x[i + 1]
    return y


def on_a_condition(x):
    y = np.ones(len(x))
    for i in range(len(x)):
        if x[i] > 0.0:
            y[i] = np.sin(x[i])
        else:
            y[i] = x[i] * x[0]
    return y


def into_an_argument(x, y):
    for i in range(len(x)):
        y[i] = np.sin(x[i]) * y[i]
    return y * x


def read_between(x):
    y = np.zeros(len(x))
    total = 0.0
    for i in range(len(x)):
        y[i] = np.sin(x[i])
        total = total + y[0] * y[i]
    return total * y


def twice_over(x):
    y = np.zeros(len(x))
    for _ in range(2):
        for i in range(len(x)):
            y[i] = np.sin(x[i]) + 0.5 * y[i]
    return y


def over_and_over(x):
    y = np.zeros(len(x))
    for k in range(2):
        for i in range(len(x)):
            y[i] = np.sin(x[i] * (k + 1.0))
    return y


def columns(x, k):
    cols = np.empty((2, 2, len(x) - 1))
    for i in range(2):
        for j in range(2):
            cols[i, j] = x[i:i + len(x) - 1] * x[j]
    return k.reshape(-1) @ cols.reshape(4, -1)


CASES = [
    *(case(f, spread(4)) for f in (one_by_one, backwards, two_places_at_once, neighbours, recurrence, same_place_again,
                                   same_place_each_time, from_both_ends, on_a_condition, read_between, twice_over,
                                   over_and_over)),
    case(rows, spread(3, 2), 0.7),
    case(convolution, spread(3, 4), spread(2, 2)),
    case(place_from_an_array, spread(4), np.array([2, 0, 2, 1]), wrt=0),
    case(into_an_argument, spread(3), spread(3) + 2.0),
    case(columns, spread(4), spread(2, 2)),
]
