"""Blocks in the reverse sweep that change nothing in the end: bounds that are not reached, factors that cancel."""

from types import SimpleNamespace

import numpy as np

import s2sad
from s2sad import adjoint_of
from tests.corpus import case, positive, spread

limit = 1e3


def clipped_far_away(x, c):
    h = np.sin(x) * x
    with s2sad.adjoint_of(h) as h_bar:
        h_bar = np.clip(h_bar, -c, c)
    return h * h


def factors_that_cancel(x):
    h = np.exp(x)
    with adjoint_of(h) as h_bar:
        h_bar = 2.0 * h_bar
    with adjoint_of(h) as h_bar:
        h_bar *= 0.5
    y = h * x
    with adjoint_of(h) as h_bar:
        h_bar /= 2.0
    with adjoint_of(h) as h_bar:
        h_bar = h_bar + h_bar
    return y * h


def hidden_states(x, W, n):
    hs = [np.tanh(x)]
    for t in range(n):
        h = np.tanh(W @ hs[t] + x)
        with s2sad.adjoint_of(h) as h_bar:
            h_bar = np.clip(h_bar, -limit, limit)
        hs.append(h)
    return np.sum(np.stack(hs) ** 2)


def block_in_a_branch(x, y):
    h = x * y
    if y > 0.5:
        with adjoint_of(h) as h_bar:
            h_bar = min(h_bar, 1e3 + y)
        h = h * x
    return h * y


def block_with_branches_and_loops(x, n):
    h = np.sin(x)
    for k in range(n):
        h = h * x
        with adjoint_of(h) as g:
            if np.max(np.abs(g)) > 1e6:
                g = g / np.max(np.abs(g))
            else:
                for _ in range(2):
                    g = g * 3.0
                g = g / 9.0
            scale = 1.0 + 0.0 * k
            g = g * scale
    return h


def adjoint_of_a_loop_invariant(x, w, n):
    total = 0.0
    for k in range(n):
        with adjoint_of(w) as w_bar:
            w_bar = w_bar * 2.0
        with adjoint_of(w) as w_bar:
            w_bar = w_bar * 0.5
        total += np.sum(x * w) * (k + 1)
    return total


def adjoint_of_an_argument(x):
    with adjoint_of(x) as x_bar:
        x_bar = np.clip(x_bar, -limit, limit)
    return np.sum(x * x)


def adjoint_of_an_item(p):
    hs = [p["a"] * 2.0, p["b"]]
    with adjoint_of(hs[1]) as b_bar:
        b_bar = np.minimum(b_bar, limit)
    with adjoint_of(p["a"]) as a_bar:
        a_bar = max(a_bar, -limit)
    return hs[0] * np.sum(hs[1] ** 2) * p["a"]


def adjoint_of_a_tuple(x, y):
    state = (x * y, [x, np.sin(y)], 3)
    with adjoint_of(state) as (s_bar):
        a, (b, c), none = s_bar
        assert none is None
        s_bar = (a * 1.0, [b + 0.0 * x, c], None)
    return state[0] * state[1][0] + state[1][1] * state[2]


class Cell:
    """A recurrent cell with a state."""

    def __init__(self, h):
        self.h = h

    def step(self, x):
        self.h = np.tanh(self.h * x)
        with adjoint_of(self.h) as h_bar:
            h_bar = np.clip(h_bar, -limit, limit)


def adjoint_of_an_attribute(x, n):
    cell = Cell(x)
    for _ in range(n):
        cell.step(x)
    space = SimpleNamespace(y=cell.h * x)
    with adjoint_of(space.y) as y_bar:
        y_bar = y_bar * 1.0
    return space.y * cell.h


def adjoint_of_an_array_that_changes(u, k, n):
    u = u.copy()
    for i in range(1, n):
        u[i] = np.sin(u[i - 1]) * k + u[i]
        with adjoint_of(u) as u_bar:
            u_bar = np.clip(u_bar, -limit, limit)
        u[i] *= u[0]
    return u * u


def adjoint_of_a_view(x):
    a = x * 2.0
    row = a[0]
    with adjoint_of(row) as row_bar:
        row_bar = np.clip(row_bar, -limit, limit)
    return np.sum(row * a[1] * row)


def _step(x, w):
    h = np.sin(x * w)
    with adjoint_of(h) as h_bar:
        h_bar = np.clip(h_bar, -limit, limit)
    return h * w


def block_in_a_called_function(x, w):
    return _step(_step(x, w), w)


def block_in_a_recursive_function(x, n):
    if n == 0:
        return x
    h = block_in_a_recursive_function(np.sin(x), n - 1)
    with adjoint_of(h) as h_bar:
        h_bar = h_bar * (1.0 + 0.0 * n)
    return h * x


def block_in_a_nested_function(x, w):
    scale = 1e3 * w

    def inner(y):
        z = y * w
        with adjoint_of(z) as z_bar:
            z_bar = np.clip(z_bar, -scale, scale)
        return z

    return inner(inner(x)) * x


@s2sad.checkpoint
def _remade(x, w):
    return _step(x, w) * x


def block_in_a_checkpoint(x, w):
    return _remade(_remade(x, w), w)


CASES = [
    case(clipped_far_away, spread(3), 100.0, wrt=0),
    case(clipped_far_away, 0.7, 100.0, wrt=0, note="number"),
    case(clipped_far_away, spread(3, dtype=np.float32), 100.0, wrt=0, note="single"),
    case(factors_that_cancel, 0.7),
    case(factors_that_cancel, spread(2, 3), note="arrays"),
    case(hidden_states, spread(3), spread(3, 3), 3),
    case(hidden_states, spread(3), spread(3, 3), 0, note="no_trips"),
    case(block_in_a_branch, 0.7, 1.3),
    case(block_in_a_branch, 0.7, 0.3, note="other"),
    case(block_with_branches_and_loops, spread(3), 3),
    case(adjoint_of_a_loop_invariant, spread(3), positive(3), 3),
    case(adjoint_of_a_loop_invariant, spread(3), positive(3), 0, note="no_trips"),
    case(adjoint_of_an_argument, spread(3)),
    case(adjoint_of_an_item, {"a": 0.7, "b": spread(3)}),
    case(adjoint_of_a_tuple, 0.7, 1.3),
    case(adjoint_of_an_attribute, 0.7, 3),
    case(adjoint_of_an_array_that_changes, positive(4), 0.7, 4),
    case(adjoint_of_a_view, spread(2, 3)),
    case(block_in_a_called_function, spread(3), 1.3),
    case(block_in_a_recursive_function, 0.7, 3),
    case(block_in_a_nested_function, 0.7, 1.3),
    case(block_in_a_checkpoint, spread(3), 1.3),
]
