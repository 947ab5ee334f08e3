"""Edge conventions of what shapes, orders and places elements: ties, repeated places, margins longer than the array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import Refusal

X = np.array([2.0, 1.0, 2.0, 3.0])
C = np.array([1.0, 10.0, 100.0, 1000.0])


def gradient(f: Callable[..., Any], *args: Any) -> Any:
    return s2sad.grad(f)(*args)


def test_equal_elements_of_a_sort_each_get_the_gradient_of_one_place() -> None:
    found = gradient(lambda x: np.sort(x) @ C, X)
    assert found[1] == 1.0 and found[3] == 1000.0 and sorted(found[[0, 2]]) == [10.0, 100.0]


def test_a_partition_hands_each_place_to_one_element() -> None:
    found = gradient(lambda x: np.partition(x, 2) @ C, X)
    assert sorted(found) == sorted(C)


def test_distinct_elements_are_the_first_of_equal_ones() -> None:
    np.testing.assert_array_equal(gradient(lambda x: np.unique(x) @ C[:3], X), [10.0, 1.0, 0.0, 100.0])
    np.testing.assert_array_equal(gradient(lambda x: np.unique_all(x).values @ C[:3], X), [10.0, 1.0, 0.0, 100.0])


def test_equal_greatest_elements_share_the_margin() -> None:
    np.testing.assert_array_equal(gradient(lambda x: np.pad(x, (0, 1), mode="maximum").sum(), X[:3]), [1.5, 1.0, 1.5])


def test_a_margin_longer_than_the_array_runs_through_it_again() -> None:
    x = X[:3]
    found = gradient(lambda x: np.pad(x, (7, 0), mode="reflect")[:7] @ np.arange(7.0), x)
    places = np.pad(np.arange(3), (7, 0), mode="reflect")[:7]
    np.testing.assert_array_equal(found, np.bincount(places, np.arange(7.0)))
    with pytest.raises(NotImplementedError, match="margins within the array"):
        gradient(lambda x: np.pad(x, 5, mode="reflect", reflect_type="odd").sum(), x)


def test_places_outside() -> None:
    np.testing.assert_array_equal(gradient(lambda x: np.take(x, [-9, 9], mode="clip") @ C[:2], X), [1, 0, 0, 10])
    np.testing.assert_array_equal(gradient(lambda x: np.take(x, [-1, 5], mode="wrap") @ C[:2], X), [0, 10, 0, 1])
    with pytest.raises(IndexError):
        gradient(lambda x: np.take(x, [9]).sum(), X)
    with pytest.raises(ValueError, match="invalid entry"):
        gradient(lambda x: np.choose([0, 5, 0, 0], [x, 2.0 * x]).sum(), X)


def test_values_put_at_one_place_more_than_once() -> None:
    def f(x: Any) -> Any:
        y = x * 1.0
        np.put(y, [1, 1], x[:2])
        return y @ C

    np.testing.assert_array_equal(gradient(f, X), [1.0, 10.0, 100.0, 1000.0])


def test_values_inserted_at_one_place_keep_their_order() -> None:
    np.testing.assert_array_equal(gradient(lambda x: np.insert(x[:2], [1, 1], x[2:]) @ C, X), [1, 1000, 10, 100])


def test_counts_of_nothing() -> None:
    assert gradient(lambda w: np.bincount(np.zeros(0, int), w, 3).sum() + w.sum(), np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("order", ["K", "A"])
def test_orders_that_depend_on_memory_are_refused(order: str) -> None:
    a = np.ones((2, 3))
    for f in (lambda x: np.ravel(x, order) @ np.arange(6.0), lambda x: x.flatten(order) @ np.arange(6.0),
              lambda x: np.reshape(x, (3, 2), order=order).sum()):
        with pytest.raises(Refusal, match="how the array lies in memory"):
            s2sad.grad(f)(a)


def test_a_copy_in_another_order_is_not_taken_for_ordered() -> None:
    def f(x: Any) -> Any:
        y = x.copy(order="F")
        z = y.ravel()
        z[0] = 5.0
        return (y * x).sum()

    with pytest.raises(Refusal, match="may or may not be the memory"):
        gradient(f, np.ones((2, 3)))


def test_of_nothing_but_zeros_nothing_is_left() -> None:
    np.testing.assert_array_equal(gradient(lambda x: np.trim_zeros(x).sum() + x.sum(), np.zeros(3)), np.ones(3))


def test_unequal_parts_fail_as_they_do() -> None:
    with pytest.raises(ValueError, match="equal division"):
        gradient(lambda x: np.split(x, 3)[0].sum(), X)
    with pytest.raises(IndexError, match="out of bounds"):
        gradient(lambda x: np.delete(x, 4).sum(), X)


def test_against_jax() -> None:
    jax = pytest.importorskip("jax")
    jnp = pytest.importorskip("jax.numpy")
    jax.config.update("jax_enable_x64", True)
    a = np.arange(6.0).reshape(2, 3) ** 1.5 + 0.3
    for f in (
        lambda xp, x: xp.pad(x, ((1, 0), (2, 3)), mode="wrap"), lambda xp, x: xp.diagonal(x, 1) * xp.trace(x, -1),
        lambda xp, x: xp.pad(x, 1, mode="linear_ramp", end_values=0.5), lambda xp, x: xp.pad(x, 2, mode="mean"),
        lambda xp, x: xp.insert(xp.delete(x, 0, axis=1), 1, 7.0, axis=1),
        lambda xp, x: xp.partition(x, 1, axis=1)[:, 1],
    ):
        def loss(x: Any, xp: Any, f: Any = f) -> Any:
            y = f(xp, x)
            return xp.sum(y * xp.cos(xp.arange(y.size).reshape(y.shape)))

        expected = jax.grad(lambda x: loss(x, jnp))(a)  # noqa: B023
        np.testing.assert_allclose(s2sad.grad(lambda x: loss(x, np))(a), expected, rtol=1e-12)  # noqa: B023


def pooled(x):
    return np.sum((x[::2] + x[1::2]) ** 3)


def pooled_twice(x):
    y = (x[::2] + x[1::2]) ** 2
    return np.sum((y[::2] - y[1::2]) ** 3)


def strided(x, w):
    """A convolution with stride 2."""
    n = (len(x) - len(w)) // 2 + 1
    y = np.zeros(n)
    for i in range(len(w)):
        y += np.sin(x[i:i + 2 * n - 1:2] * w[i])
    return np.sum(y**2)


@pytest.mark.parametrize("f", [pooled, pooled_twice])
def test_the_halves_of_a_long_axis_are_equally_long(f: Callable[..., Any]) -> None:
    x = np.linspace(-1.0, 1.5, 16)
    assert "unbroadcast" not in s2sad.derive(f, "grad", types=(x,)).source
    s2sad.check_grads(f, (x,))
    with pytest.raises(ValueError, match="broadcast"):
        s2sad.grad(f)(np.ones(9))


def test_one_half_of_a_short_axis_may_broadcast() -> None:
    assert "unbroadcast" in s2sad.derive(pooled, "grad", types=(np.ones(3),)).source
    s2sad.check_grads(pooled, (np.array([0.5, -1.0, 2.0]),))
    s2sad.check_grads(pooled_twice, (np.array([0.5, -1.0, 2.0, 0.25]),))


def test_a_slice_with_steps_has_the_length_its_bounds_say() -> None:
    x, w = np.linspace(-1.0, 1.5, 12), np.array([0.5, -1.0, 2.0])
    source = s2sad.derive(strided, "grad", types=(x, w)).source
    assert "unbroadcast" not in source and "tape" not in source
    s2sad.check_grads(strided, (x, w))
