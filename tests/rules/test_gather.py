"""Taking, repeating, ordering, differences, running products: for several ranks, dtypes and kinds of type."""

from __future__ import annotations

import numpy as np
import pytest

from s2sad.errors import NotApplicable
from s2sad.rules.builder import Builder
from s2sad.rules.table import adjoint, infer
from s2sad.trace.ir import Lit, Op, Var
from s2sad.trace.types import UNKNOWN, Array, Dim
from tests.rules.checks import check
from tests.rules.test_arrays import arrays, options

every_dtype = pytest.mark.parametrize("dtype", ["f4", "f8"])
KNOWN_RANK = ["known", "open"]


@every_dtype
@pytest.mark.parametrize("how", ["known", "open", "unknown"])
def test_without_axis(dtype: str, how: str) -> None:
    v, a = arrays((4,), (2, 3), dtype=dtype)
    check("np.take", [v], options(indices=[0, 2, 2]), how=how)
    check("np.take", [v], options(indices=(0, 2, 2)), how=how)
    check("np.take", [a], options(indices=[5, 0]), how=how)
    check("np.take", [v], options(indices=1), how=how)
    check("np.repeat", [v], options(repeats=2), how=how)
    check("np.repeat", [a], options(repeats=3), how=how)
    check("np.repeat", [v], options(repeats=[1, 0, 2, 1]), how=how)
    check("np.sort", [v[::-1].copy()], options(axis=None), how=how)
    check("np.sort", [a], options(axis=None), how=how)


@every_dtype
@pytest.mark.parametrize("how", KNOWN_RANK)
def test_along_an_axis(dtype: str, how: str) -> None:
    v, a, t = arrays((4,), (2, 3), (2, 3, 2), dtype=dtype)
    for axis in (0, 1, -1):
        check("np.take", [a], options(indices=[1, 1, 0], axis=axis), how=how)
        check("np.repeat", [a], options(repeats=2, axis=axis), how=how)
        check("np.repeat", [t], options(repeats=3, axis=axis), how=how)
        check("np.sort", [t], options(axis=axis), how=how)
        check("np.diff", [t], options(axis=axis), how=how)
        check("np.cumprod", [a], options(axis=axis), how=how)
        check("np.cumprod", [t], options(axis=axis), how=how, second=False)
    check("np.repeat", [a], options(repeats=[2, 0, 1], axis=1), how=how)
    check("np.take", [a], options(indices=1, axis=1), how=how)
    check("np.sort", [v], how=how)
    check("np.sort", [v], options(kind="stable"), how=how)
    check("np.diff", [v], how=how)
    check("np.diff", [v], options(n=2), how=how)
    check("np.diff", [a], options(n=2, axis=1), how=how)
    check("np.diff", [v], options(n=0), how=how)
    check("np.cumprod", [v], how=how)
    check("np.cumprod", [a], how=how)


@every_dtype
@pytest.mark.parametrize("how", KNOWN_RANK)
def test_tiles(dtype: str, how: str) -> None:
    v, a, one = arrays((4,), (2, 3), (1, 3), dtype=dtype)
    for reps in (1, 2, (2,), (2, 1), (2, 3), (2, 3, 1), (2, 1, 2)):
        check("np.tile", [v], options(reps=reps), how=how)
        check("np.tile", [a], options(reps=reps), how=how)
        check("np.tile", [one], options(reps=reps), how=how)


@every_dtype
@pytest.mark.parametrize("how", KNOWN_RANK)
def test_diagonals_of_any_shape(dtype: str, how: str) -> None:
    for shape in ((2, 3), (3, 2), (3, 3), (1, 3)):
        for k in (0, 1, -1):
            [a] = arrays(shape, dtype=dtype)
            if np.diag(a, k).size:
                check("np.diag", [a], options(k=k), how=how)


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_running_product_with_zeros(at: int) -> None:
    [x] = arrays((4,))
    x[at] = 0.0
    check("np.cumprod", [x])
    x[0] = 0.0
    check("np.cumprod", [x])


@pytest.mark.parametrize("how", ["known", "open", "unknown"])
def test_numbers_in_place_of_others(how: str) -> None:
    x = np.array([0.5, np.nan, np.inf, -np.inf, 2.0])
    check("np.nan_to_num", [x], how=how, second=False, differences=False)
    check("np.nan_to_num", [x[[0, 4]]], options(nan=1.0), how=how)
    for v in (np.array([0.0, 1e-4, -5e-4, 0.3, -2.5]), 0.0, 0.7):
        check("np.sinc", [v], how=how)


def test_near_zero_sinc_is_a_series() -> None:
    x = np.array([0.99e-3, 1.01e-3])
    y = np.sinc(x)
    series = (3.2469697011334144 * x**2 - 3.289868133696453) * x
    np.testing.assert_allclose((np.cos(np.pi * x) - y) / x, series, rtol=1e-9)


def test_refusals() -> None:
    x = Var(UNKNOWN, "x")
    for fn, given in (("np.diff", {}), ("np.tile", options(reps=2)),
                      ("np.repeat", options(repeats=2, axis=0)), ("np.take", options(indices=0, axis=0))):
        with pytest.raises(NotApplicable):
            adjoint(Builder(), Op(Var(UNKNOWN), fn, (x,), tuple(given.items())), Var(UNKNOWN), [True])
    with pytest.raises(NotApplicable):
        infer("np.diff", (Var(Array("f8", (Dim.constant(3),))),), {"axis": Lit(1)})
