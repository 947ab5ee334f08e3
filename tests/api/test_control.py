"""What a program says about its own derivative: constants, and what is computed again."""

from __future__ import annotations

import pickle
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import checkpoint, grad, jvp, stop_gradient
from s2sad.errors import ArgumentError, Refusal, TypeRefusal


def stopped(x: Any) -> Any:
    return x * s2sad.stop_gradient(x)


def test_a_stopped_value_is_itself_in_the_program() -> None:
    x = np.array([1.0, 2.0])
    assert stop_gradient(x) is x
    assert stopped(3.0) == 9.0


def test_its_derivative_is_zero_in_every_mode_and_order() -> None:
    assert grad(stopped)(3.0) == 3.0
    assert jvp(stopped, (3.0,), (1.0,)) == (9.0, 3.0)
    # The first derivative is the constant that was stopped.
    assert grad(grad(stopped))(3.0) == 0.0
    assert jvp(grad(stopped), (3.0,), (1.0,)) == (3.0, 0.0)
    assert grad(lambda x: jvp_of_stopped(x))(3.0) == 3.0


def jvp_of_stopped(x: Any) -> Any:
    return x * stop_gradient(x * x / x)


def test_a_container_is_stopped_as_a_whole() -> None:
    def f(p: Any) -> Any:
        q = stop_gradient(p)
        return p["a"] * q["b"][0] + np.sum(q["a"] * p["b"][1])

    made = grad(f)({"a": 2.0, "b": (3.0, np.ones(2))})
    assert made["a"] == 3.0 and made["b"][0] == 0.0
    np.testing.assert_array_equal(made["b"][1], [2.0, 2.0])


def test_nothing_is_left_of_it_in_the_text() -> None:
    def f(x: Any) -> Any:
        m = stop_gradient(np.max(x))
        return m + np.log(np.sum(np.exp(x - m)))

    for level in ("source", "trace"):
        text = s2sad.derive(f, types="x: f8[:]", level=level).source
        assert "stop" not in text
        assert "m = np.max(x)" in text


def test_a_stopped_array_shows_later_writes_as_in_the_program() -> None:
    def f(x: Any) -> Any:
        y = stop_gradient(x)
        x[0] = 5.0
        return y[0] * x[1]

    x = np.array([2.0, 3.0])
    value, gradient = s2sad.value_and_grad(f)(x)
    assert value == f(x.copy()) == 15.0
    np.testing.assert_array_equal(gradient, [0.0, 5.0])


def test_writing_into_a_stopped_array_is_refused() -> None:
    def f(x: Any) -> Any:
        y = stop_gradient(x)
        y[0] = 5.0
        return np.sum(x)

    with pytest.raises(Refusal, match="read-only"):
        grad(f)(np.array([2.0, 3.0]))


def layer(x: Any, w: Any) -> Any:
    if w > 100.0:
        return x
    for _ in range(6):
        x = np.tanh(x * w) + np.sin(x)
    return x


layer_again = checkpoint(layer)


def network(x: Any, w: Any, n: Any) -> Any:
    for _ in range(n):
        x = layer(x, w)
    return np.sum(x)


def network_again(x: Any, w: Any, n: Any) -> Any:
    for _ in range(n):
        x = layer_again(x, w)
    return np.sum(x)


def peak(f: Callable[..., Any], *args: Any) -> int:
    """The most bytes that a gradient holds at one time."""
    gradient = grad(f)
    gradient(*args)
    tracemalloc.start()
    gradient(*args)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_a_checkpoint_keeps_what_is_between_the_layers_only() -> None:
    x = np.linspace(0.1, 1.0, 10_000)
    size, layers = x.nbytes, 20
    assert peak(network, x, 0.3, layers) > 2 * 6 * layers * size
    # One array for each layer, and what one layer needs.
    assert peak(network_again, x, 0.3, layers) < (layers + 3 * 6 + 6) * size


def test_a_checkpoint_changes_no_bit() -> None:
    x = np.linspace(0.1, 1.0, 5)
    for wrt in (0, 1):
        expected = s2sad.value_and_grad(network, wrt)(x, 0.3, 4)
        got = s2sad.value_and_grad(network_again, wrt)(x, 0.3, 4)
        assert got[0] == expected[0]
        np.testing.assert_allclose(got[1], expected[1], rtol=1e-14 if wrt else 0.0, atol=0.0)


def test_the_reverse_sweep_calls_a_function_that_runs_forward_again() -> None:
    text = s2sad.derive(network_again, types="x: f8[:], w: float, n: int").source
    assert "layer_vjp(x, w, x_bar)" in text or "layer_2_vjp(x, w, x_bar)" in text
    assert text.count("_tape.append") >= 2


def test_a_checkpoint_calls_pickles_and_differentiates_as_its_function() -> None:
    assert layer_again(0.5, 0.3) == layer(0.5, 0.3)
    again = pickle.loads(pickle.dumps(layer_again))
    assert type(again) is type(layer_again) and again(0.5, 0.3) == layer(0.5, 0.3)
    assert layer_again.grad(0.5, 0.3) == grad(layer)(0.5, 0.3)
    with pytest.raises(ArgumentError, match="needs a function"):
        checkpoint(3)  # type: ignore[arg-type]


def test_a_function_with_a_checkpoint_beside_one_without() -> None:
    def f(x: Any, w: Any) -> Any:
        return np.sum(layer(x, w) * checkpoint(layer)(x, w))

    def g(x: Any, w: Any) -> Any:
        return np.sum(layer(x, w) ** 2)

    x = np.linspace(0.1, 1.0, 5)
    np.testing.assert_allclose(grad(f)(x, 0.3), grad(g)(x, 0.3), rtol=1e-13)
    text = s2sad.derive(f, types="x: f8[:], w: float").source
    assert "def layer_vjp(" in text or "def layer_2_vjp(" in text


def test_forward_mode_takes_no_notice_of_a_checkpoint() -> None:
    x = np.linspace(0.1, 1.0, 5)
    one, two = (jvp(f, (x, 0.3, 3), (x, 1.0, None)) for f in (network, network_again))
    assert one == two


def test_machine_code_with_rules_and_checkpoints() -> None:
    pytest.importorskip("numba")
    x = np.linspace(0.1, 1.0, 5)
    for f in (network_again, network_with_a_rule):
        np.testing.assert_allclose(grad(f, backend="numba")(x, 0.3, 3), grad(f)(x, 0.3, 3), rtol=1e-12)


@s2sad.differentiate
def swish(x: Any) -> Any:
    return x / (1.0 + np.exp(-x))


@swish.defvjp
def swish_vjp(primals: Any, y: Any, y_bar: Any) -> Any:
    s = 1.0 / (1.0 + np.exp(-primals[0]))
    return (y_bar * (s + y * (1.0 - s)),)


def network_with_a_rule(x: Any, w: Any, n: Any) -> Any:
    for _ in range(n):
        x = swish(x * w)
    return np.sum(x)


seen: list[float] = []
random = np.random.default_rng(0)


@checkpoint
def telling(x: Any) -> Any:
    print("layer", x)
    seen.append(x)
    try:
        return np.sin(x) * x
    except FloatingPointError:
        return x


@checkpoint
def drawing(x: Any) -> Any:
    return x * random.normal()


def printing(x: Any, n: Any) -> Any:
    for _ in range(n):
        if x > 100.0:
            return x
        print("inside")
        x = x * x
    return x


@checkpoint
def calling_what_prints(x: Any) -> Any:
    return printing(x, 3) * x


def test_effects_of_a_checkpoint_happen_once(capsys: pytest.CaptureFixture[str]) -> None:
    seen.clear()
    got = grad(lambda x: telling(telling(x)))(0.5)
    plain = grad(lambda x: np.sin(np.sin(x) * x) * (np.sin(x) * x))(0.5)
    np.testing.assert_allclose(got, plain, rtol=1e-14)
    assert capsys.readouterr().out.splitlines() == [f"layer {x}" for x in (0.5, np.sin(0.5) * 0.5)]
    assert seen == [0.5, np.sin(0.5) * 0.5]


def test_what_would_be_other_the_second_time_is_refused() -> None:
    with pytest.raises(Refusal, match="'drawing' cannot be computed again by checkpoint: normal would run twice") as e:
        grad(lambda x: drawing(x))(0.5)
    assert e.value.where is not None and e.value.where.line == drawing.__wrapped__.__code__.co_firstlineno + 2
    with pytest.raises(Refusal, match="print would run twice"):
        grad(lambda x: calling_what_prints(x))(0.5)
    # Forward mode computes nothing again.
    assert jvp(lambda x: drawing(x), (0.5,), (1.0,))[1] != 0.0


def test_a_checkpoint_of_a_function_inside_the_function() -> None:
    def nested(x: Any) -> Any:
        w = 2.0 * x

        @checkpoint
        def block(y: Any) -> Any:
            return np.sin(y * w) * y

        return block(checkpoint(lambda z: z * w)(x))

    s2sad.check_grads(nested, (0.5,))
    assert "block_vjp(" in s2sad.derive(nested, types="x: float").source


class Held:
    def __init__(self, a: float) -> None:
        self.a = a


def test_stopped_object() -> None:
    def f(x):
        held = Held(x)
        return stop_gradient(held).a * x

    assert s2sad.value_and_grad(f)(3.0) == (9.0, 3.0)

    def changed(x):
        held = Held(x)
        still = stop_gradient(held)
        held.a = x * x
        return still.a * x

    with pytest.raises(TypeRefusal, match="this changes an object of which a stop_gradient has been taken"):
        s2sad.grad(changed)(3.0)
