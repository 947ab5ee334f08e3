"""Random programs of ordinary Python: refused with a place, or right in every mode and order.

The seeds are fixed: a failure names the one to run again.  The programs are written by `tests.python_writer`.  Their
derivatives are compared with the program itself run on complex numbers, f(x + ih·v) = f(x) + ih·f'(x)v, and second
ones with differences of these.

Source: Squire and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 1998.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sad
from s2sad.errors import Refusal
from tests.corpus import define
from tests.python_writer import Writer

SEEDS = range(100, 164)
REFUSED: list[int] = []
TINY = 1e-30
LARGE = 1e4
Point = tuple[Any, ...]


@contextmanager
def program(seed: int) -> Iterator[Callable[..., Any]]:
    """The program of a seed, in a module of its own."""
    name = f"random_python_{seed}"
    sys.modules[name] = types.ModuleType(name)
    space = {"np": np, "NamedTuple": NamedTuple, "dataclass": dataclass, "__name__": name}
    try:
        yield define(Writer(seed, 6).program(), name, space)["program"]
    finally:
        del sys.modules[name]


def point(seed: int) -> Point:
    rng = np.random.default_rng(seed)
    return (*map(float, rng.uniform(-1.0, 1.2, 3)), int(rng.integers(0, 4)))


def moved(at: Point, along: Any, t: complex) -> Point:
    return (*(np.complex128(at[k] + t * along[k]) for k in range(3)), at[3])


def gradient(f: Callable[..., Any], at: Point) -> np.ndarray:
    """The derivatives by the three numbers, by way of complex ones."""
    with np.errstate(all="ignore"):
        return np.array([np.imag(f(*moved(at, unit, 1j * TINY))) / TINY for unit in np.eye(3)])


def is_regular(f: Callable[..., Any], at: Point) -> bool:
    """Whether the program runs here, the same way with complex numbers, and its result is of some size."""
    try:
        with np.errstate(all="ignore"):
            y, z = f(*at), f(*moved(at, np.zeros(3), 0.0))
    except (ArithmeticError, ValueError, TypeError, UnboundLocalError, RecursionError):
        return False
    return bool(abs(y) < LARGE and abs(z - y) <= 1e-9 * max(1.0, abs(y)))


def check_first(f: Callable[..., Any], at: Point, along: np.ndarray) -> None:
    y, expected = f(*at), gradient(f, at)
    value, bars = s2sad.value_and_grad(f, wrt=(0, 1, 2))(*at)
    assert value == y
    np.testing.assert_allclose(bars, expected, rtol=1e-9, atol=1e-9)
    value, y_dot = s2sad.jvp(f, at, (*map(float, along), None))
    assert value == y
    np.testing.assert_allclose(y_dot, expected @ along, rtol=1e-9, atol=1e-9)


def check_second(f: Callable[..., Any], at: Point, along: np.ndarray) -> None:
    slope = s2sad.grad(f, wrt=(0, 1, 2))
    _, forward = s2sad.jvp(slope, at, (*map(float, along), None))
    _, pullback = s2sad.vjp(slope, *at)
    np.testing.assert_allclose(forward, pullback(tuple(map(float, along)))[:3], rtol=1e-8, atol=1e-8)
    both = []
    for h in (1e-4, 5e-5):
        ends = [gradient(f, (*(at[k] + t * along[k] for k in range(3)), at[3])) for t in (-2 * h, -h, h, 2 * h)]
        both.append((ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * h))
    if np.allclose(both[0], both[1], rtol=1e-6, atol=1e-6):  # else a branch changes side nearby
        np.testing.assert_allclose(forward, both[1], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_program(seed: int) -> None:
    along = np.array([0.4, -0.9, 0.7])
    with program(seed) as f:
        at = point(seed)
        if not is_regular(f, at):
            # The program itself raises, or leaves the range in which numbers tell something.
            return
        try:
            check_first(f, at, along)
            if seed % 3 == 0:
                check_second(f, at, along)
        except Refusal as refusal:
            assert refusal.where is not None, Writer(seed, 6).program()
            REFUSED.append(seed)
        except Exception as problem:
            raise AssertionError(Writer(seed, 6).program()) from problem


def test_few_programs_are_refused() -> None:
    assert len({Writer(seed, 6).program() for seed in SEEDS}) == len(SEEDS)
    assert len(REFUSED) <= len(SEEDS) // 5


def test_programs_are_a_function_of_the_seed() -> None:
    assert Writer(3).program() == Writer(3).program() != Writer(4).program()
