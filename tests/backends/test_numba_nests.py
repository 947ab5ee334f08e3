"""Arrays as loops: the same numbers as NumPy, for all lengths, and an error where NumPy has one."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import FallbackWarning
from tests.backends import nests as p
from tests.backends.test_numba import same
from tests.corpus import define, positive, spread

numba = pytest.importorskip("numba")

CASES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "reads_what_it_writes": (p.reads_what_it_writes, (spread(6), 0.3)),
    "reads_its_own_place": (p.reads_its_own_place, (spread(6), positive(6))),
    "overwritten_in_between": (p.overwritten_in_between, (spread(5), positive(5))),
    "view_of_what_changes": (p.view_of_what_changes, (spread(5),)),
    "two_names": (p.two_names, (spread(5),)),
    "broadcast": (p.broadcast, (spread(3, 4), spread(4), spread(3, 1), spread(1, 4))),
    "columns_and_rows": (p.columns_and_rows, (spread(3, 4), spread(4))),
    "masks": (p.masks, (positive(6), positive(6)[::-1].copy())),
    "quotients": (p.quotients, (positive(5), spread(5))),
    "whole_numbers": (p.whole_numbers, (spread(4), np.arange(4))),
    "complex_waves": (p.complex_waves, (spread(4) + 1j * positive(4), positive(4) - 0.5j)),
    "rows_one_by_one": (p.rows_one_by_one, (spread(3, 4), positive(4))),
    "planes": (p.planes, (spread(4, 5, 4), 0.1)),
    "set_to_numbers": (p.set_to_numbers, (spread(5), positive(5))),
    "shorter_and_shorter": (p.shorter_and_shorter, (positive(6),)),
    "strided": (p.strided, (spread(6),)),
    "used_twice": (p.used_twice, (positive(5), spread(5))),
    "in_branches": (p.in_branches, (positive(4), 0.7)),
    "in_the_other_branch": (p.in_branches, (positive(4), -0.7)),
    "helper_function": (p.helper_function, (positive(4), spread(4))),
    "result_of_what_is_read_later": (p.result_of_what_is_read_later, (positive(4), spread(4), 2)),
    "list_of_arrays": (p.list_of_arrays, (positive(4),)),
}
every_case = pytest.mark.parametrize("name", CASES)


def both(f: Any, args: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value and all gradients, by Numba and by NumPy."""
    wrt = tuple(k for k, a in enumerate(args) if np.asarray(a).dtype.kind in "fc")
    with warnings.catch_warnings():
        warnings.simplefilter("error", FallbackWarning)
        by_machine = s2sad.value_and_grad(f, wrt=wrt, backend="numba")(*copy.deepcopy(args))
    return by_machine, s2sad.value_and_grad(f, wrt=wrt)(*copy.deepcopy(args))


@every_case
def test_numbers_are_those_of_numpy(name: str) -> None:
    f, args = CASES[name]
    same(*both(f, args))
    by_machine = s2sad.jvp(f, args, tuple(_direction(a) for a in args), backend="numba")
    same(by_machine, s2sad.jvp(f, args, tuple(_direction(a) for a in args)))


def _direction(a: Any) -> Any:
    if isinstance(a, float):
        return 0.5
    if isinstance(a, int) or a.dtype.kind == "i":
        return None
    return np.cos(np.arange(a.size)).reshape(a.shape).astype(a.dtype)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 8, 9])
def test_short_and_empty_arrays(n: int) -> None:
    """Slices of what is shorter than they leave out are empty."""
    def cut(u, v):
        w = u[2:] * u[:-2] + u[1:-1]
        v[1:-1] += w
        v[3:] = v[:-3] * 2.0
        return np.sum(v * v)

    same(*both(cut, (spread(n), spread(n))))


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_elementwise_operations_of_a_few(n: int) -> None:
    def f(x, y):
        return np.sum(np.exp(x) * y - x / (2.0 + y))

    same(*both(f, (spread(n), positive(n))))
    same(*both(f, (spread(n, 3), positive(3))))
    same(*both(f, (spread(n, 1), positive(1, n))))


def test_other_layouts_in_memory() -> None:
    def f(A, B):
        C = A * B
        C[1:] += A[:-1]
        return np.sum(np.sin(C))

    A, B = spread(4, 3), positive(4, 3)
    want = both(f, (A, B))[1]
    for a in (np.asfortranarray(A), spread(8, 6)[::2, ::2] * 0.0 + A, np.flip(np.flip(A, 0).copy(), 0)):
        same(both(f, (a, np.asfortranarray(B)))[0], want)


@pytest.mark.parametrize("body", [
    "np.sum(x * y)", "np.sum(np.sin(x[1:]) - y)", "np.sum(x[1:-1] + y[2:])", "np.sum(np.exp(x)[:-1] * np.exp(y))",
])
def test_lengths_that_do_not_go_together_raise(body: str) -> None:
    """Where the derivative for NumPy raises: it may not need what does not go together."""
    f = define(f"import numpy as np\ndef f(x, y):\n    return {body}\n", f"lengths {body}", {})["f"]
    plain, gradient = s2sad.value_and_grad(f), s2sad.value_and_grad(f, backend="numba")
    for n, m in ((5, 3), (3, 5), (9, 12), (12, 9), (4, 9)):
        x, y = spread(n), spread(m)
        try:
            expected = plain(x, y)
        except ValueError:
            with pytest.raises(ValueError):
                gradient(x, y)
        else:
            same(gradient(x, y), expected)


def test_stores_that_do_not_fit_raise() -> None:
    def f(u, v):
        u[1:-1] = v
        u[2:] += v * v
        return np.sum(u)

    gradient = s2sad.grad(f, wrt=(0, 1), backend="numba")
    same(gradient(spread(6), spread(4)), s2sad.grad(f, wrt=(0, 1))(spread(6), spread(4)))
    for n, m in ((6, 5), (6, 3), (9, 9), (9, 6), (12, 8)):
        with pytest.raises(ValueError):
            gradient(spread(n), spread(m))


def test_promised_lengths_are_compared() -> None:
    def f(x, y):
        return np.sum(np.sin(x * y))

    made = s2sad.derive(f, "grad", types="x: f8[n], y: f8[n]", backend="numba")
    same(made(spread(3), positive(3)), s2sad.grad(f, wrt=(0, 1))(spread(3), positive(3)))
    with pytest.raises(ValueError, match="broadcast"):
        made(spread(3), positive(40))


def test_places_outside_raise() -> None:
    def f(A, i):
        B = A * 2.0
        return np.sum(B[i] * A[i])

    gradient = s2sad.grad(f, backend="numba")
    same(gradient(spread(3, 2), -1), s2sad.grad(f)(spread(3, 2), -1))
    for i in (3, -4):
        with pytest.raises(IndexError):
            gradient(spread(3, 2), i)


def test_masks_and_views_that_lie_outside_raise() -> None:
    def chosen(x, mask):
        return np.sum(np.sin(x[mask]))

    def row(A, i):
        b = A[i]
        b[1:] = 2.0
        b *= A[0]
        return np.sum(A)

    masked, viewed = s2sad.grad(chosen, backend="numba"), s2sad.grad(row, backend="numba")
    x, mask, A = spread(3), np.array([True, False, True]), spread(3, 4)
    same(masked(x, mask), s2sad.grad(chosen)(x, mask))
    same(viewed(A, 1), s2sad.grad(row)(A, 1))
    with pytest.raises(IndexError):
        masked(x, np.ones(40, bool))
    with pytest.raises(IndexError):
        viewed(A, 10)


def test_elements_divide_as_in_numpy() -> None:
    def f(x, y):
        return np.sum(np.where(y == 0.0, 0.0, x / np.where(y == 0.0, 1.0, y))) + np.max(1.0 / x)

    x, y = np.array([0.5, 0.25, 2.0]), np.array([0.0, 2.0, 0.0])
    same(*both(f, (x, y)))
    with np.errstate(divide="ignore", invalid="ignore"):
        zero = np.array([0.0, 1.0])
        same(both(lambda x: np.sum(1.0 / x), (zero,))[0], both(lambda x: np.sum(1.0 / x), (zero,))[1])


def test_a_result_is_there_before_the_reverse_sweep() -> None:
    x, y, bar = positive(4), spread(4), np.cos(np.arange(4.0))
    made, plain = (s2sad.derive(p.vector_result, types=(x, y), backend=b) for b in ("numba", "numpy"))
    same(made(x, y, bar), plain(x, y, bar))


def test_second_derivatives() -> None:
    f, args = CASES["reads_its_own_place"]
    v = np.cos(np.arange(6.0))
    by_machine = s2sad.hvp(f, args, (v, None), backend="numba")
    same(by_machine, s2sad.hvp(f, args, (v, None)))
