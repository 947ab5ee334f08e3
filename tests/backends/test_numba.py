"""The Numba backend: the same numbers as NumPy, to any order, and a reason where Numba does not go along."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import FallbackWarning
from tests.backends import programs as p
from tests.corpus import define, spread

numba = pytest.importorskip("numba")
pytestmark = pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaPerformanceWarning")

CASES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "product": (p.product, (spread(6), 6)),
    "triangle": (p.triangle, (spread(5, 5), 5)),
    "four_deep": (p.four_deep, (spread(5, 5), 5)),
    "until_small": (p.until_small, (1.7,)),
    "nested_while": (p.nested_while, (spread(5, low=0.4, high=0.95), 5)),
    "early_exit": (p.early_exit, (spread(9, low=1.1, high=1.9), 9)),
    "layers": (p.layers, (spread(3, 3), spread(3))),
    "slices": (p.slices, (spread(7), 3)),
    "gathered": (p.gathered, (spread(4), np.array([0, 2, 2, 3, 2]))),
    "taken": (p.taken, (spread(5, 4), np.array([0, 2, 2, 3, 2]))),
    "with_global": (p.with_global, (spread(4),)),
    "powers": (p.powers, (1.3, 5)),
    "burgers": (p.burgers, (spread(7), 3)),
    "seidel": (p.seidel, (spread(4, 4), 2)),
    "shrinking": (p.shrinking, (spread(6), 2)),
    "running_products": (p.running_products, (spread(4),)),
    "batches": (p.batches, (spread(3), spread(5, 3))),
}
every_case = pytest.mark.parametrize("name", CASES)


def same(a: Any, b: Any) -> None:
    """Equal but for the order of sums; same structure, shapes and dtypes."""
    if isinstance(a, (tuple, list)):
        assert type(a) is type(b) and len(a) == len(b)
        for x, y in zip(a, b):
            same(x, y)
        return
    assert np.shape(a) == np.shape(b) and np.asarray(a).dtype == np.asarray(b).dtype
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


@every_case
def test_gradients_are_those_of_the_numpy_kernel_and_agree_with_differences(name: str) -> None:
    f, args = CASES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error", FallbackWarning)
        value, gradient = s2sad.value_and_grad(f, backend="numba")(*args)
    plain_value, plain_gradient = s2sad.value_and_grad(f)(*args)
    same(gradient, plain_gradient)
    assert value == pytest.approx(f(*copy.deepcopy(args)), rel=1e-13) and value == pytest.approx(plain_value, rel=1e-13)
    s2sad.check_grads(f, args, order=1)


@pytest.mark.parametrize("name", ["triangle", "nested_while", "running_products"])
def test_second_order(name: str) -> None:
    f, args = CASES[name]
    tangent = (np.cos(np.arange(args[0].size)).reshape(args[0].shape), *[None] * (len(args) - 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error", FallbackWarning)
        forward = s2sad.jvp(s2sad.grad(f, backend="numba"), args, tangent)[1]
        _, pullback = s2sad.vjp(s2sad.grad(f, backend="numba"), *args)
        reverse = pullback(tangent[0])[0]
    expected = s2sad.hvp(f, args, tangent)
    same(forward, expected)
    same(reverse, expected)


def test_gradient_of_a_gradient_of_a_number() -> None:
    f, args = CASES["until_small"]
    second = s2sad.grad(s2sad.grad(f, backend="numba"))
    same(second(*args), s2sad.grad(s2sad.grad(f))(*args))


def test_a_compiled_function_is_differentiated_as_it_stands() -> None:
    inner = numba.njit(p.product)

    @numba.njit
    def outer(x, n):
        return inner(x, n) * inner(x, n)

    x = spread(6)
    expected = 2.0 * p.product(x, 6) * s2sad.grad(p.product)(x, 6)
    for backend in ("numpy", "numba"):
        same(s2sad.grad(outer, backend=backend)(x, 6), expected)
    made = s2sad.differentiate(inner)
    assert made(x, 6) == inner(x, 6)
    same(made.grad(x, 6), s2sad.grad(p.product)(x, 6))
    assert s2sad.derive(inner, types=(x, 6)).source == s2sad.derive(p.product, types=(x, 6)).source


def test_a_changed_compiled_helper_is_compiled_again() -> None:
    @numba.njit
    def square(x):
        return x * x

    @numba.njit
    def cube(x):
        return x * x * x

    namespace: dict[str, Any] = {"helper": square}
    f = define("def f(x):\n    return helper(x)\n", "calls a compiled helper", namespace)["f"]
    gradient = s2sad.grad(f)
    assert gradient(3.0) == 6.0
    namespace["helper"] = cube
    assert gradient(3.0) == 27.0


def test_numbers_of_the_module_are_read_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = s2sad.grad(p.with_global, backend="numba")
    x = spread(4)
    same(gradient(x), 1.5 * x)
    monkeypatch.setattr(p, "RATE", 2.0)
    same(gradient(x), 4.0 * x)


def test_structures_go_in_and_come_out_as_they_are() -> None:
    args = ([(spread(3), 0.5), 2.0], spread(3))
    with warnings.catch_warnings():
        warnings.simplefilter("error", FallbackWarning)
        gradient = s2sad.grad(p.of_pairs, backend="numba")(*args)
    same(gradient, s2sad.grad(p.of_pairs)(*args))


def test_a_decorated_function_hands_its_backend_on() -> None:
    f = s2sad.differentiate(p.product, backend="numba")
    x = spread(6)
    assert "from numba import njit" in f.derivative(types=(x, 6)).source
    assert f(x, 6) == p.product(x, 6)
    same(f.grad(x, 6), s2sad.grad(p.product)(x, 6))
    y, pullback = f.vjp(x, 6)
    assert y == pytest.approx(p.product(x, 6), rel=1e-13)
    same(pullback(2.0)[0], 2.0 * s2sad.grad(p.product)(x, 6))
    same(f.jvp((x, 6), (x, None))[1], s2sad.jvp(p.product, (x, 6), (x, None))[1])
    same(s2sad.grad(f)(x, 6), s2sad.grad(p.product)(x, 6))
    same(s2sad.jacrev(f)(x, 6), s2sad.grad(p.product)(x, 6))


def test_functions_of_numba_that_are_no_python_functions_are_refused() -> None:
    @numba.vectorize
    def square(x):
        return x * x

    with pytest.raises(s2sad.S2sadError, match="a callable of type DUFunc has neither a rule nor Python source"):
        s2sad.grad(lambda x: np.sum(square(x)))(spread(3))


@numba.njit(parallel=True)
def parallel(x):
    s = 0.0
    for i in numba.prange(x.shape[0]):
        s += x[i] * x[i]
    return s


def test_parallel_loops_are_loops() -> None:
    same(s2sad.grad(parallel)(spread(4)), 2.0 * spread(4))


def damped(x):
    return np.sin(x) * x


def test_a_compiled_derivative_can_be_differentiated_again() -> None:
    first = s2sad.derive(damped, "grad", types=(1.7,), backend="numba")
    assert s2sad.grad(first.fn)(1.7) == pytest.approx(2.0 * np.cos(1.7) - 1.7 * np.sin(1.7), rel=1e-12)


def overlapping(x):
    x[1:] += x[:-1]
    x[1:] *= x[1:][::-1]
    x[1:] -= x[:-1]
    return np.sum(x * x)


def test_updates_of_an_array_by_a_view_of_it_read_it_first() -> None:
    same(s2sad.grad(overlapping, backend="numba")(spread(5)), s2sad.grad(overlapping)(spread(5)))


def peaks(A):
    return np.sum(np.max(A, axis=0) ** 2)


def test_what_numba_refuses_runs_as_numpy_code_and_says_why() -> None:
    x = spread(4, 3)
    gradient = s2sad.grad(peaks, backend="numba")
    told = r"peaks_grad runs as NumPy code, not compiled by Numba: .*max.*\.py:\d"
    with pytest.warns(FallbackWarning, match=told):
        first = gradient(x)
    same(first, s2sad.grad(peaks)(x))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(gradient(x), first)


def test_single_precision_runs_as_numpy_code() -> None:
    x = spread(6, dtype=np.float32)
    with pytest.warns(FallbackWarning, match="single precision") as caught:
        found = s2sad.grad(p.product, backend="numba")(x, 6)
    assert caught[0].filename == __file__
    same(found, s2sad.grad(p.product)(x, 6))


def divided(x, y):
    return x / y


def reciprocal(x):
    s = 0.0
    for i in range(x.shape[0]):
        s += 1.0 / x[i]
    return s


def test_division_by_zero_is_what_it_is_without_numba() -> None:
    with pytest.raises(ZeroDivisionError):
        s2sad.grad(divided, backend="numba")(1.0, 0.0)
    with np.errstate(divide="ignore"):
        found = s2sad.grad(reciprocal, backend="numba")(np.array([0.0, 2.0]))
    same(found, np.array([-np.inf, -0.25]))


def last(x, n):
    return x[n] * x[n]


def power(x, n):
    return x * 2**n


def test_a_negative_power_of_a_whole_number_is_a_fraction() -> None:
    gradient = s2sad.grad(power, backend="numba")
    assert gradient(1.5, 3) == 8.0
    assert gradient(1.5, -2) == 0.25


def test_an_index_beyond_the_end_is_an_error() -> None:
    gradient = s2sad.grad(last, backend="numba")
    same(gradient(spread(3), -1), s2sad.grad(last)(spread(3), -1))
    with pytest.raises(IndexError):
        gradient(spread(3), 3)


def test_what_is_added_to_a_slice_has_its_length() -> None:
    for backend, error in (("numpy", ValueError), ("numba", AssertionError)):
        with pytest.raises(error, match="length|broadcast"):
            s2sad.grad(p.wrong_lengths, backend=backend)(spread(5), spread(3))


def test_gradients_own_their_memory_and_arguments_stay() -> None:
    x = spread(6)
    kept = x.copy()
    found = s2sad.grad(p.product, backend="numba")(x, 6)
    assert not np.shares_memory(found, x) and np.array_equal(x, kept) and found.flags.writeable


def test_backends_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="backend='jax': choose numpy or numba"):
        s2sad.grad(p.product, backend="jax")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(s2sad.S2sadError, match=r"pip install 's2sad\[numba\]'"):
        s2sad.differentiate(p.product, backend="numba")


class Spring:
    def __init__(self, stiffness: float) -> None:
        self.stiffness = stiffness

    def energy(self, x: Any) -> Any:
        total = 0.0
        for k in range(3):
            total = total + self.stiffness * x * k
        return total * total


@pytest.mark.filterwarnings("error")
def test_a_method_of_an_object() -> None:
    spring = Spring(2.0)
    gradient = s2sad.grad(spring.energy, backend="numba")
    assert gradient(1.5) == 108.0
    spring.stiffness = 1.0
    assert gradient(1.5) == 27.0
    assert s2sad.grad(Spring.energy, backend="numba")(spring, 1.5).stiffness == 40.5
