"""Functions that are computed again for their adjoint."""

import numpy as np

import s2sad
from tests.corpus import case, positive, spread


@s2sad.checkpoint
def layer(x, W):
    for _ in range(2):
        x = np.tanh(W @ x) + 0.1 * x
    return x


def checkpoint_in_a_loop(x, W, n):
    for _ in range(n):
        x = layer(x, W)
    return np.sum(x * x)


def _plain(x, a):
    y = np.sin(x) * a
    return y * y, x - y


def checkpoint_at_the_call(x, a):
    y, z = s2sad.checkpoint(_plain)(x, a)
    return y * z


def checkpoint_in_a_branch(x, a):
    if a > 1.0:
        x, _ = s2sad.checkpoint(_plain)(x, a)
    return x * a


@s2sad.checkpoint
def relaxed(u, k):
    for i in range(1, len(u) - 1):
        u[i] += k * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i]


def checkpoint_that_writes(u, k, n):
    u = u.copy()
    for _ in range(n):
        relaxed(u, k)
    return u


@s2sad.checkpoint
def power_tree(x, n):
    if n == 0:
        return np.sin(x)
    return power_tree(x, n - 1) * x


def checkpoint_of_a_recursive_function(x, n):
    return power_tree(x * x, n)


@s2sad.checkpoint
def checked(x):
    assert np.all(x > 0.0), "positive numbers only"
    if x[0] > 100.0:
        raise ValueError("too large")
    return np.log(x) * x


def checkpoint_with_checks(x):
    return checked(checked(x) + 2.0)


@s2sad.checkpoint
def outer(p):
    q = inner(p["w"] * 2.0)
    return {"w": q * p["b"], "b": q}


@s2sad.checkpoint
def inner(w):
    return np.exp(-w * w) * w


def checkpoint_in_a_checkpoint(p):
    r = outer(outer(p))
    return r["w"] + np.sum(r["b"])


class Model:
    """A model whose blocks are computed again."""

    @s2sad.checkpoint
    def block(self, x, a):
        return np.sin(a * x) * x


model = Model()


def checkpoint_of_a_method(x, a):
    return model.block(model.block(x, a), a)


def checkpoint_left_early(x, n):
    for i in range(n):
        x = layer(x, np.eye(3) * 0.5)
        if np.sum(x) > 3.0:
            break
    return x


CASES = [
    case(checkpoint_in_a_loop, spread(3), spread(3, 3), 3),
    case(checkpoint_in_a_loop, spread(3), spread(3, 3), 0, note="no_trips"),
    case(checkpoint_in_a_loop, spread(3, dtype=np.float32), spread(3, 3, dtype=np.float32), 2, note="single"),
    case(checkpoint_at_the_call, spread(3), 1.3),
    case(checkpoint_in_a_branch, 0.7, 1.3),
    case(checkpoint_in_a_branch, 0.7, 0.3, note="other"),
    case(checkpoint_that_writes, positive(5), 0.1, 3),
    case(checkpoint_of_a_recursive_function, 0.7, 3),
    case(checkpoint_with_checks, positive(3)),
    case(checkpoint_in_a_checkpoint, {"w": spread(3), "b": 0.7}),
    case(checkpoint_of_a_method, spread(3), 1.3),
    case(checkpoint_left_early, positive(3), 4),
]
