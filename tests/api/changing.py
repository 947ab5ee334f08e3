"""Functions that change their arguments, most of them with no result, and what they do to given contents."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.corpus import differences, direction, leaves, moved, positive, spread


def scale(A, s):
    A *= s


def fill(x, out):
    out[:] = np.sin(x) * x


def add_squares(x, total):
    total += x * x


def step(u, f):
    f[1:-1] = u[1:-1] * (u[2:] - u[:-2])
    u += 0.1 * f


def smooth(A, n):
    for _ in range(n):
        A[1:-1] = 0.25 * A[:-2] + 0.5 * A[1:-1] + 0.25 * A[2:]


def steepen(A, n):
    for _ in range(n):
        A[1:-1] = A[1:-1] - 0.1 * A[1:-1] * (A[2:] - A[:-2])


def sweep(A):
    for i in range(1, A.shape[0] - 1):
        for j in range(1, A.shape[1] - 1):
            A[i, j] = 0.25 * (A[i - 1, j] + A[i + 1, j] + A[i, j - 1] * A[i, j + 1])


def substitute(L, b):
    for i in range(len(b)):
        for j in range(i):
            b[i] -= L[i, j] * b[j]
        b[i] /= L[i, i]


def exchange(a, b):
    t = a.copy()
    a[:] = b
    b[:] = t * t


def first_from_second(A, B):
    A[0] = B[1] * B[1]


def through_helpers(A, w):
    scale(A[1:], w[0])
    fill(w, A[0])


def leave_early(A, limit):
    for i in range(len(A)):
        A[i] *= A[0]
        if A[i] > limit:
            return
    A[0] = limit


def squares_into(x, loss):
    loss[...] = np.sum(x * x * x)


def squares_onto(x, loss):
    loss += np.sum(x * x * x)


def squares_into_one(x, loss):
    loss[0] = np.sum(x * x * x)


def loss_and_path(x, loss, path):
    path[:] = np.cumsum(x * x)
    loss[...] = path @ path


def energy(A, s):
    A *= s
    A[0] += A[1] * A[1]
    return np.sum(A * A)


def count(x, k, hits):
    k[0] += 1
    hits[:] = x > 0.0
    x *= x


def changes_nothing(x):
    x = x * 2.0


def dispersed(x, *, out):
    out[:] = x * x


@dataclass(frozen=True)
class Program:
    """A function without result, arguments for it, and the positions of those it changes."""

    fn: Callable[..., None]
    args: tuple[Any, ...]
    changed: tuple[int, ...]

    @property
    def variables(self) -> tuple[int, ...]:
        """The positions of the arguments made of floats."""
        return tuple(k for k, a in enumerate(self.args) if np.asarray(a).dtype.kind == "f")

    def arguments(self) -> tuple[Any, ...]:
        """The arguments, copied."""
        return copy.deepcopy(self.args)


PROGRAMS = [
    Program(scale, (spread(3), 0.7), (0,)),
    Program(fill, (spread(3), positive(3)), (1,)),
    Program(add_squares, (spread(3), positive(3)), (1,)),
    Program(step, (spread(5), positive(5)), (0, 1)),
    Program(smooth, (spread(6), 3), (0,)),
    Program(steepen, (spread(6), 3), (0,)),
    Program(steepen, (spread(6), 0), (0,)),
    Program(sweep, (spread(4, 3),), (0,)),
    Program(substitute, (positive(3, 3), spread(3)), (1,)),
    Program(exchange, (spread(3), positive(3)), (0, 1)),
    Program(first_from_second, (spread(3), positive(3)), (0,)),
    Program(through_helpers, (spread(3, 2), positive(2)), (0,)),
    Program(leave_early, (positive(4), 0.5), (0,)),
    Program(squares_into, (spread(3), np.array(0.4)), (1,)),
    Program(squares_onto, (spread(3), np.array(0.4)), (1,)),
    Program(loss_and_path, (spread(3), np.array(0.4), positive(3)), (1, 2)),
]


def final(fn: Callable[..., Any], args: tuple[Any, ...], outputs: tuple[int, ...]) -> Any:
    """The contents of some arguments after a call, bare if it is one; the arguments stay as they are."""
    args = copy.deepcopy(args)
    fn(*args)
    return args[outputs[0]] if len(outputs) == 1 else tuple(args[k] for k in outputs)


def tangents(program: Program, seed: int) -> tuple[Any, ...]:
    """A direction of the variables, None for the other arguments."""
    along = iter(direction(tuple(program.args[k] for k in program.variables), seed))
    return tuple(next(along) if k in program.variables else None for k in range(len(program.args)))


def along_tangents(fn: Callable[..., Any], args: tuple[Any, ...], dots: tuple[Any, ...],
                   outputs: tuple[int, ...]) -> list[np.ndarray]:
    """The derivative of the final contents along tangents of the initial ones, by differences."""

    def run(t: float) -> list[np.ndarray]:
        shifted = tuple(a if d is None else moved(a, t, d) for a, d in zip(args, dots, strict=True))
        return leaves(final(fn, shifted, outputs))

    return differences(run)[0]


def jacobian(fn: Callable[..., Any], args: tuple[Any, ...], wrt: int, output: int) -> np.ndarray:
    """The derivative of the final contents of one argument by the initial contents of one, by differences."""
    shape = np.shape(args[wrt])
    found = np.zeros((*np.shape(args[output]), *shape))
    for index in np.ndindex(shape):
        dots = [None] * len(args)
        unit = np.zeros(shape)
        unit[index] = 1.0
        dots[wrt] = unit if shape else 1.0
        found[(..., *index)] = along_tangents(fn, args, tuple(dots), (output,))[0]
    return found
