"""Derivative surgery: a program says what its own derivative is to be.

1. Clipping inside a recurrent network (R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent
   neural networks", ICML 2013): a block ``with s2sad.adjoint_of(h) as h_bar:`` runs in the reverse sweep, at its
   place.
2. The straight-through estimator (Y. Bengio, N. Léonard, A. Courville, arXiv:1308.3432): weights that are rounded,
   with the derivative of weights that are not, by `s2sad.stop_gradient`.
3. Memory against time: of a call of ``s2sad.checkpoint(layer)`` the arguments are kept, and the layer is run again.

The run prints the adjoint with the block in its place and what `s2sad.explain` says of it, the norms of the adjoints
of a network whose gradient explodes, with and without clipping, and what checkpoints save and cost.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

import s2sad

norms: list[float] = []


def recurrent(W, x, limit):
    """The last state of a recurrent network, squared; the adjoint of each state is cut to a length."""
    h = np.zeros(len(W))
    for t in range(len(x)):
        h = np.tanh(W @ h + x[t])
        with s2sad.adjoint_of(h) as h_bar:
            h_bar = h_bar * np.minimum(1.0, limit / np.linalg.norm(h_bar))
            norms.append(float(np.linalg.norm(h_bar)))
    return np.sum(h**2)


def rounded(w):
    """w to the nearest quarter, with the derivative of w."""
    return w + s2sad.stop_gradient(np.round(4.0 * w) / 4.0 - w)


def misfit(w, X, y):
    return np.mean((X @ rounded(w) - y) ** 2)


def layer(x, W):
    for _ in range(10):
        x = x + 0.1 * np.tanh(W @ x)
    return x


def network(x, W, layers):
    for _ in range(layers):
        x = layer(x, W)
    return np.sum(x)


thrifty_layer = s2sad.checkpoint(layer)


def thrifty_network(x, W, layers):
    for _ in range(layers):
        x = thrifty_layer(x, W)
    return np.sum(x)


def cost(f: Callable[..., object], *args: object) -> tuple[int, float]:
    """The largest number of bytes that a call holds, and the least time it takes."""
    times = [time.process_time()]
    for _ in range(8):
        f(*args)
        times.append(time.process_time())
    tracemalloc.start()
    f(*args)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, min(np.diff(times[2:]))


def main() -> None:
    rng = np.random.default_rng(0)
    W, x = 1.5 * np.linalg.qr(rng.normal(size=(8, 8)))[0], 0.01 * rng.normal(size=(24, 8))

    print(s2sad.derive(recurrent, "grad", types=(W, x, 1.0), wrt="W"))
    print(s2sad.explain(recurrent, W, x, 1.0, wrt="W"))
    for limit in np.inf, 1.0:
        norms.clear()
        s2sad.grad(recurrent)(W, x, limit)
        print(f"\nnorms of the adjoints of the states, last to first, no longer than {limit}:")
        print(np.array_str(np.array(norms), precision=2, max_line_width=110))
        assert max(norms) <= 1.000001 * limit

    w, X = rng.normal(size=5), rng.normal(size=(40, 5))
    y = X @ (np.round(4.0 * rng.normal(size=5)) / 4.0)
    slope = s2sad.grad(misfit)
    for _ in range(60):
        w = w - 0.2 * slope(w, X, y)
    print(f"\nmisfit of the rounded weights after 60 steps of descent: {misfit(w, X, y):.1e}")

    batch, W = rng.normal(size=(64, 256)), rng.normal(size=(64, 64)) / 8.0
    plain, thrifty = s2sad.grad(network), s2sad.grad(thrifty_network)
    (bytes_plain, time_plain), (bytes_thrifty, time_thrifty) = (cost(g, batch, W, 20) for g in (plain, thrifty))
    difference = np.max(np.abs(plain(batch, W, 20) - thrifty(batch, W, 20)))

    print(f"\ncheckpoints take {bytes_thrifty / bytes_plain:.2f} of the memory and {time_thrifty / time_plain:.1f} "
          f"times the time of a plain adjoint, and differ from it by {difference:.0e}; clipped adjoints are no "
          f"longer than {max(norms):.3f}")
    assert bytes_thrifty < 0.3 * bytes_plain and difference < 1e-10 and misfit(w, X, y) < 1e-20


if __name__ == "__main__":
    main()
