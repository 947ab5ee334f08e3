"""Arguments that share memory: refused at the call where one of them is changed, allowed where none is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError
from tests.corpus import positive, spread


def scaled_product(a, b):
    a *= 2.0
    return np.sum(a * b)


def element_moved(a, b):
    b[0] = a[1] * a[1]
    return np.sum(a * b * b)


def inner(a, v):
    a[0] = v


def changed_in_helper(a, b):
    inner(a[1:], b[0])
    return np.sum(a * b)


def changed_through_out(a, b):
    np.multiply(a, b, out=a)
    return np.sum(a * b)


def first_only(w, a, b):
    w[0] = a[0] * b[0]
    return np.sum(w * a * b)


def pair_changed(pair, b):
    pair[0][0] = b[1]
    return np.sum(pair[0] * pair[1] * b)


def untouched(a, b):
    c = a * b
    c[0] = b[1]
    return np.sum(c * a)


def nothing_returned(a, b):
    a[:] = b * b


CHANGING = [scaled_product, element_moved, changed_in_helper, changed_through_out]
OPERATORS: dict[str, Callable[..., Any]] = {
    "grad": lambda f, *args: s2sad.grad(f)(*args),
    "grad_by_the_other": lambda f, *args: s2sad.grad(f, wrt=1)(*args),
    "value_and_grad": lambda f, *args: s2sad.value_and_grad(f)(*args),
    "vjp": lambda f, *args: s2sad.vjp(f, *args),
    "jvp": lambda f, *args: s2sad.jvp(f, args, (np.ones(args[0].shape), None)),
    "linearize": lambda f, *args: s2sad.linearize(f, *args),
    "jacfwd": lambda f, *args: s2sad.jacfwd(f)(*args),
    "jacrev": lambda f, *args: s2sad.jacrev(f)(*args),
    "hessian": lambda f, *args: s2sad.hessian(f)(*args),
    "hvp": lambda f, *args: s2sad.hvp(f, args, (np.ones(args[0].shape), None)),
    "gradient_of_decorated": lambda f, *args: s2sad.differentiate(f).grad(*args),
}
every_operator = pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS)
every_changing = pytest.mark.parametrize("f", CHANGING, ids=lambda f: f.__name__)


def refused(names: str) -> Any:
    """The refusal names the arguments, in either order."""
    first, second = names.split()
    return pytest.raises(ArgumentError, match=f"(?s)(?=.*\\b{first}\\b)(?=.*\\b{second}\\b).*share")


@every_operator
def test_one_array_twice(operator: Callable[..., Any]) -> None:
    x = spread(4)
    with refused("a b"):
        operator(scaled_product, x, x)
    assert np.array_equal(x, spread(4))


@every_changing
def test_whatever_changes_it(f: Callable[..., Any]) -> None:
    x = spread(4)
    with refused("a b"):
        s2sad.grad(f)(x, x)
    assert np.array_equal(x, spread(4))


@every_changing
def test_also_after_a_call_with_arguments_that_are_apart(f: Callable[..., Any]) -> None:
    """The check belongs to the call, not to the types of its arguments."""
    gradient = s2sad.grad(f)
    gradient(spread(4), positive(4))
    x = spread(4)
    with refused("a b"):
        gradient(x, x)
    assert np.all(np.isfinite(gradient(x, x.copy())))


@pytest.mark.parametrize("views", [
    lambda b: (b[:4], b[1:5]), lambda b: (b[:4], b[3:7]), lambda b: (b[:4], b[:4][::-1]),
    lambda b: (b[::2][:3], b[1:4]), lambda b: (b[:1], b[:1]),
], ids=["shifted", "one_element", "reversed", "strided", "single"])
@every_changing
def test_views_that_overlap(f: Callable[..., Any], views: Callable[..., Any]) -> None:
    if f is not scaled_product and len(views(spread(8))[0]) == 1:
        pytest.skip("needs two elements")
    buffer = spread(8)
    with refused("a b"):
        s2sad.grad(f)(*views(buffer))
    assert np.array_equal(buffer, spread(8))


@pytest.mark.parametrize("views", [
    lambda b: (b[:4], b[4:]), lambda b: (b[::2], b[1::2]), lambda b: b.reshape(4, 2).T,
], ids=["halves", "interleaved", "columns"])
@every_changing
def test_views_that_do_not_overlap(f: Callable[..., Any], views: Callable[..., Any]) -> None:
    a, b = views(spread(8))
    expected = s2sad.grad(f)(a.copy(), b.copy())
    found = s2sad.grad(f)(a, b)
    assert np.array_equal(found, expected)
    number = difference(lambda a: f(a, b.copy()), a)
    assert np.allclose(found, number, rtol=1e-6, atol=1e-8)


def difference(f: Callable[..., Any], x: np.ndarray) -> np.ndarray:
    """The gradient by central differences; the function may change what it is given."""
    found = np.zeros(x.shape)
    for k in range(x.size):
        step = np.zeros(x.shape)
        step[k] = 1e-6
        found[k] = (f(x + step) - f(x - step)) / 2e-6
    return found


@every_operator
def test_arguments_that_stay_may_share(operator: Callable[..., Any]) -> None:
    x = spread(4)
    shared, apart = operator(untouched, x, x), operator(untouched, x.copy(), x.copy())
    if not isinstance(shared, tuple):
        assert np.array_equal(shared, apart)
    else:
        assert np.array_equal(shared[0], apart[0])
    assert np.array_equal(x, spread(4))


def test_others_may_share_while_one_is_changed() -> None:
    w, x = positive(4), spread(4)
    found = s2sad.grad(first_only, wrt=(0, 1, 2))(w, x, x)
    expected = s2sad.grad(first_only, wrt=(0, 1, 2))(w, x.copy(), x.copy())
    assert all(np.array_equal(a, b) for a, b in zip(found, expected))
    assert np.allclose(found[1], difference(lambda a: first_only(w.copy(), a, x), x), rtol=1e-6, atol=1e-8)
    with refused("w b"):
        s2sad.grad(first_only)(x, w, x)
    with refused("w a"):
        s2sad.grad(first_only)(x, x[:], w)


def test_arrays_in_containers() -> None:
    x, y, z = spread(4), positive(4), spread(4) + 0.3
    gradient = s2sad.grad(pair_changed)
    assert np.all(np.isfinite(gradient((x, y), z)))
    with pytest.raises(ArgumentError, match="share"):
        gradient((x, x), z)
    with pytest.raises(ArgumentError, match="share"):
        gradient((x, y), x[::-1])
    assert np.array_equal(gradient((x, y), y)[0], gradient((x, y.copy()), y.copy())[0])


@pytest.mark.parametrize("copy", [True, False])
def test_functions_without_result(copy: bool) -> None:
    x = spread(4)
    with refused("a b"):
        s2sad.vjp(nothing_returned, x, x, copy=copy)
    with refused("a b"):
        s2sad.jvp(nothing_returned, (x, x[::-1]), (None, np.ones(4)), copy=copy)
    assert np.array_equal(x, spread(4))


def test_a_seed_may_share_with_an_argument() -> None:
    x, y = spread(4), positive(4)
    expected = s2sad.jvp(scaled_product, (x, y), (x.copy(), y.copy()))
    assert s2sad.jvp(scaled_product, (x, y), (x, y)) == expected
    _, pullback = s2sad.vjp(nothing_returned, x, y)
    assert np.allclose(pullback(y)[1], 2.0 * y * y, rtol=1e-12) and np.array_equal(y, positive(4))


def test_the_message_says_what_to_do() -> None:
    x = spread(4)
    with pytest.raises(ArgumentError, match=r"\.copy\(\)"):
        s2sad.grad(scaled_product)(x, x)
