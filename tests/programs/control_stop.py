"""Values taken for constants whose derivative would not count: the shift of a logsumexp, a scale that cancels."""

import numpy as np

import s2sad
from s2sad import stop_gradient
from tests.corpus import case, positive, spread


def shifted_logsumexp(x):
    m = s2sad.stop_gradient(np.max(x))
    return m + np.log(np.sum(np.exp(x - m)))


def stopped_scale_that_cancels(x):
    scale = stop_gradient(np.sqrt(np.sum(x * x)))
    return np.sum(np.sin(x / scale * np.arange(3.0) * scale))


def stopped_container(p):
    fixed = stop_gradient({"a": p["a"], "b": (p["b"][0], 2.0)})
    return p["a"] * np.sum(p["b"][0]) + 0.0 * fixed["a"] * np.sum(fixed["b"][0]) + fixed["b"][1]


def stopped_in_a_loop(x, n):
    total = np.zeros(3)
    for i in range(n):
        m = stop_gradient(np.max(np.abs(x)) + i)
        total += np.tanh(x / m * i) * m - stop_gradient(total) + stop_gradient(total)
        total = total + (x / m) * stop_gradient(m) - np.tanh(x / m * i) * m
    return total


def stopped_in_a_branch(x, y):
    if stop_gradient(x) > 0.5:
        c = stop_gradient(y)
        return x * y + (c - c) * x
    return x - y


def stopped_integer(x, n):
    k = stop_gradient(n)
    return x ** 2 * k


def stopped_view_read_before_a_write(x):
    shift = stop_gradient(x[:2])
    y = (x[:2] - shift) + shift
    x[0] = 2.0 * x[1]
    return y * np.sin(x[0])


def _centred(x):
    return x - stop_gradient(x[0]) + stop_gradient(x[0])


def stopped_in_a_called_function(x):
    return _centred(np.sin(x)) * _centred(x)


def stopped_containers_apart(x):
    held = {"a": [x, 2.0]}
    other = stop_gradient(held)
    held["a"].append(x)
    other["b"] = 1
    fixed = [1, 2]
    again = stop_gradient(fixed)
    fixed.append(3)
    return x * len(other["a"]) + np.sin(x * len(held)) * held["a"][2] * len(again)


CASES = [
    case(stopped_containers_apart, 0.7),
    case(shifted_logsumexp, spread(5)),
    case(shifted_logsumexp, spread(4, dtype=np.float32), note="single"),
    case(stopped_scale_that_cancels, positive(3)),
    case(stopped_container, {"a": 0.7, "b": (spread(3), 1.5)}),
    case(stopped_in_a_loop, positive(3), 3),
    case(stopped_in_a_loop, positive(3), 0, note="none"),
    case(stopped_in_a_branch, 0.7, 1.3),
    case(stopped_in_a_branch, 0.2, 1.3, note="other"),
    case(stopped_integer, 0.7, 3),
    case(stopped_view_read_before_a_write, spread(3)),
    case(stopped_in_a_called_function, spread(3)),
]
