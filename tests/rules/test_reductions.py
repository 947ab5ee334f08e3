"""Conventions of reductions, running values and quantiles: ties, zeros, nan, infinities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from tests.rules.test_edges import gradient, same

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize("fn", ["np.max", "np.min", "np.nanmax", "np.nanmin", "np.maximum.reduce", "np.fmin.reduce"])
def test_ties_share(fn: str) -> None:
    same(gradient(fn, np.array([2.0, 2.0, 2.0, 2.0]))[0], [0.25, 0.25, 0.25, 0.25])


def initial_ties(x: Any, first: float) -> Any:
    return np.max(x, initial=first)


def test_ties_with_what_a_maximum_starts_with() -> None:
    found = s2sad.grad(initial_ties, wrt=(0, 1))(np.array([1.0, 3.0]), 3.0)
    same(list(found), [[0.0, 0.5], 0.5])


@pytest.mark.parametrize("fn", ["np.nansum", "np.nanmean", "np.nanprod", "np.nanmax", "np.nanmin", "np.nanvar",
                                "np.nanstd", "np.nanmedian"])
def test_a_nan_that_is_left_out_has_no_derivative(fn: str) -> None:
    found = np.asarray(gradient(fn, np.array([2.0, NAN, 3.0, 5.0]))[0])
    assert found[1] == 0.0 and np.isfinite(found).all()
    same(found[[0, 2, 3]], gradient("np." + fn[6:], np.array([2.0, 3.0, 5.0]))[0])


def product(x: Any) -> Any:
    return np.prod(x)


def running_product(x: Any) -> Any:
    return np.sum(np.cumprod(x) * np.array([1.0, 2.0, 4.0, 8.0]))


def by_hand(x: Any) -> Any:
    return x[0] + 2.0 * x[0] * x[1] + 4.0 * x[0] * x[1] * x[2] + 8.0 * x[0] * x[1] * x[2] * x[3]


def factors(x: Any) -> Any:
    return x[0] * x[1] * x[2] * x[3]


@pytest.mark.parametrize("x", [[2.0, 0.0, 3.0, 5.0], [0.0, 0.0, 3.0, 5.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
@pytest.mark.parametrize(("fn", "plain"), [(product, factors), (running_product, by_hand)])
def test_products_with_zeros_are_exact_to_second_order(fn: Any, plain: Any, x: list[float]) -> None:
    at = np.array(x)
    same(s2sad.grad(fn)(at), s2sad.grad(plain)(at))
    same(s2sad.hessian(fn)(at), s2sad.hessian(plain)(at))


def test_products_over_all_axes_of_anything() -> None:
    def volume(x: Any) -> Any:
        return np.prod(x)

    text = s2sad.derive(volume)
    for x in (np.array([[2.0, 0.0], [3.0, 5.0]]), np.array([2.0, 3.0]), np.float64(2.0)):
        bar = text.fn(x, 1.0)[1]
        assert np.shape(bar) == np.shape(x)
    same(text.fn(np.array([[2.0, 0.0], [3.0, 5.0]]), 1.0)[1], [[0.0, 30.0], [0.0, 0.0]])


def test_logarithms_of_sums_of_nothing() -> None:
    same(gradient("np.logaddexp", np.float64(-INF), np.float64(-INF)), [0.0, 0.0])
    same(gradient("np.logaddexp", np.float64(-INF), np.float64(1.0)), [0.0, 1.0])
    same(gradient("np.logaddexp2", -INF, -INF), [0.0, 0.0])
    same(gradient("np.logaddexp.reduce", np.array([-INF, -INF]))[0], [0.0, 0.0])
    same(gradient("np.logaddexp.reduce", np.array([-INF, 2.0, -INF]))[0], [0.0, 1.0, 0.0])
    found = gradient("np.logaddexp.reduce", np.array([1000.0, 0.0, 1000.0]))[0]
    np.testing.assert_allclose(found, [0.5, 0.0, 0.5], rtol=1e-12)


def test_quantiles_of_equal_numbers() -> None:
    same(gradient("np.median", np.array([2.0, 2.0, 2.0]))[0], [0.0, 1.0, 0.0])
    same(gradient("np.median", np.array([3.0, 1.0, 1.0, 4.0]))[0], [0.5, 0.0, 0.5, 0.0])
    found = gradient("np.quantile", np.array([1.0, 2.0, 4.0]), 0.5)
    same(found, [[0.0, 1.0, 0.0], 4.0])  # at a number, the slope to the next one
    same(gradient("np.quantile", np.array([1.0, 2.0, 4.0]), 1.0), [[0.0, 0.0, 1.0], 0.0])


def test_deviations_of_equal_numbers() -> None:
    for fn in ("np.std", "np.nanstd"):
        same(gradient(fn, np.array([2.0, 2.0, 2.0]))[0], [0.0, 0.0, 0.0])


def test_running_extremes_share_at_ties() -> None:
    same(gradient("np.maximum.accumulate", np.array([1.0, 3.0, 3.0, 2.0]))[0], [1.0, 2.0, 1.0, 0.0])


def test_parts_of_numbers() -> None:
    same(gradient("np.nextafter", 1.0, 2.0), [1.0, 0.0])
    same(gradient("np.i0", np.array([0.0]))[0], [0.0])
    same(gradient("np.hypot.reduce", np.array([0.0, 0.0]))[0], [0.0, 0.0])


def test_bessel_function_against_its_series() -> None:
    from s2sad.runtime.bessel import bessel_i1

    x = np.array([1e-300, 1e-8, 0.3, -2.0, 7.5])
    term, total = x / 2.0, x / 2.0
    for k in range(1, 60):
        term = term * (x / 2.0) ** 2 / (k * (k + 1))
        total = total + term
    np.testing.assert_allclose(bessel_i1(x), total, rtol=4e-15)
    np.testing.assert_allclose(bessel_i1(np.array([600.0])) / np.i0(np.array([600.0])), 0.9991663188642288, rtol=1e-12)


def test_anything_along_the_last_axis_is_refused_where_the_axes_matter() -> None:
    def highest(x: Any) -> Any:
        return np.sum(np.maximum.accumulate(x, -1))

    def two(x: Any, q: Any) -> Any:
        return np.sum(np.quantile(x, [0.3, 0.4]) * q)

    for f in (highest, two):
        with pytest.raises(s2sad.errors.S2sadError, match="number of axes"):
            s2sad.derive(f)


def volumes(x: Any) -> Any:
    return np.sum(np.prod(x, axis=(0, 1)) ** 2)


def test_products_over_several_axes_of_anything() -> None:
    x = np.array([[[2.0, 0.0], [3.0, 5.0]], [[1.0, 7.0], [0.5, 0.0]]])
    same(s2sad.derive(volumes).fn(x, 1.0)[1], s2sad.grad(volumes)(x))


def wider(x: Any) -> Any:
    return np.sqrt(np.add(x, 1, dtype=np.float64), casting="same_kind")


def largest(x: Any) -> Any:
    return np.nanmean(x, 0) + np.maximum.accumulate(x, axis=0)


@pytest.mark.parametrize("f", [wider, largest])
def test_single_precision_of_anything(f: Any) -> None:
    x = np.array([0.3, 0.9], "f4")
    y, x_bar = s2sad.derive(f).fn(x, np.ones(2, f(x).dtype))
    assert x_bar.dtype == np.float32 and y.dtype == f(x).dtype
    assert s2sad.derive(f, "forward").fn(x, x)[1].dtype == f(x).dtype


def masked_roots(x: Any) -> Any:
    return np.mean(np.sqrt(x), where=x > 0.0) + np.sum(np.log(x), where=x > 0.0)


def roots_that_are_numbers(x: Any) -> Any:
    return np.nansum(np.sqrt(x))


def largest_root(x: Any) -> Any:
    return np.max(np.sqrt(x), where=x > 0.0, initial=0.0) * np.prod(1.0 / x, where=x > 0.0)


@pytest.mark.filterwarnings("ignore:.*encountered in.*:RuntimeWarning")
@pytest.mark.parametrize("f", [masked_roots, roots_that_are_numbers, largest_root])
def test_what_a_mask_leaves_out_has_no_infinite_slope(f: Any) -> None:
    x = np.array([[-1.0 if f is roots_that_are_numbers else 0.0, 4.0], [0.25, 2.0]])
    found = s2sad.grad(f)(x)
    expected = s2sad.grad(f)(np.where(x > 0.0, x, 1.0)) if f is roots_that_are_numbers else None
    assert found[0, 0] == 0.0 and np.isfinite(found).all()
    if expected is not None:
        same(found[x > 0.0], expected[x > 0.0])
    step = 1e-6 * np.array([[0.0, 1.0], [1.0, -1.0]])
    np.testing.assert_allclose((f(x + step) - f(x - step)) / 2e-6, np.sum(found * step) / 1e-6, rtol=1e-7)
