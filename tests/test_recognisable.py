"""Programs that users would recognise, as they stand: their gradients against differences, and what they are for."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from tests.corpus import differences
from tests.programs import recognisable_hmm as hmm
from tests.programs import recognisable_kalman as kalman
from tests.programs import recognisable_network as network
from tests.programs import recognisable_ode as ode
from tests.programs import recognisable_rnn as rnn


def parts(tree: Any) -> list[tuple[tuple[Any, ...], float]]:
    """The numbers of a tree of dicts, lists, dataclasses and arrays, with the way to each."""
    if dataclasses.is_dataclass(tree):
        return [((f.name, *path), v) for f in dataclasses.fields(tree) for path, v in parts(getattr(tree, f.name))]
    if isinstance(tree, dict):
        return [((key, *path), v) for key, item in tree.items() for path, v in parts(item)]
    if isinstance(tree, (list, tuple)):
        return [((k, *path), v) for k, item in enumerate(tree) for path, v in parts(item)]
    if isinstance(tree, np.ndarray):
        return [((k,), float(tree[k])) for k in np.ndindex(tree.shape)]
    return [((), float(tree))]


def moved(tree: Any, path: tuple[Any, ...], step: float) -> Any:
    """A copy of the tree with one of its numbers changed."""
    if not path:
        return tree + step
    new = copy.deepcopy(tree)
    first, rest = path[0], path[1:]
    if dataclasses.is_dataclass(new):
        setattr(new, first, moved(getattr(new, first), rest, step))
    elif isinstance(new, tuple):
        new = (*new[:first], moved(new[first], rest, step), *new[first + 1:])
    else:
        new[first] = moved(new[first], rest, step)
    return new


def check(f: Callable[..., Any], x: Any, *args: Any) -> Any:
    """Compare the gradient by the first argument, in both modes, with differences; return it."""
    before = copy.deepcopy(x)
    value, gradient = s2sad.value_and_grad(f)(x, *args)
    assert value == f(x, *args)
    assert parts(x) == parts(before)
    assert type(gradient) is type(x) or np.ndim(x) == 0
    found = parts(gradient)
    assert [path for path, _ in found] == [path for path, _ in parts(x)]
    for path, got in found:
        expected, _ = differences(lambda t, path=path: [np.asarray(f(moved(x, path, t), *args))])
        assert got == pytest.approx(float(expected[0]), rel=1e-6, abs=1e-8), path
    _, forward = s2sad.jvp(f, (x, *args), (gradient, *[None] * len(args)))
    assert float(forward) == pytest.approx(sum(v * v for _, v in found), rel=1e-9)
    return gradient


class TestNetwork:
    def test_gradient(self) -> None:
        net = network.TwoLayerNetwork(2, 4, 1)
        gradient = check(net.loss, net.initial(), *network.data(6))
        assert list(gradient) == ["W1", "b1", "W2", "b2"]

    def test_classifier(self) -> None:
        net = network.Classifier(2, 3, 3, activation=network.relu)
        x, _ = network.data(5)
        check(net.loss, net.initial(3), x, np.array([0, 2, 1, 1, 0]))

    def test_training(self) -> None:
        net = network.TwoLayerNetwork(2, 4, 1)
        x, y = network.data()
        start = net.initial()
        trained = network.train(s2sad.grad(net.loss), start, x, y)
        assert net.loss(trained, x, y) < 0.2 * net.loss(start, x, y)


class TestKalman:
    def test_model(self) -> None:
        model, ys = kalman.example_model(), kalman.observations()
        gradient = check(kalman.kalman_log_likelihood, model, ys)
        assert isinstance(gradient, kalman.StateSpace) and gradient.F.shape == (2, 2)

    def test_fit(self) -> None:
        check(kalman.fit_objective, np.array([-0.5, -0.3]), kalman.observations())


class TestOde:
    def test_right_hand_side_as_an_argument(self) -> None:
        theta = np.array([0.6, 0.4, 0.3, 0.5])
        check(ode.fit_error, theta, np.array([1.0, 0.8]), ode.times(), ode.observed())
        check(lambda y0, theta: ode.fit_error(theta, y0, ode.times(), ode.observed()), np.array([1.0, 0.8]), theta)

    def test_inner_function(self) -> None:
        ts = ode.times()
        check(ode.pendulum_error, np.array([0.2, 1.5]), ts, 0.5 * np.cos(ts))

    def test_lambda(self) -> None:
        ts = ode.times()
        check(ode.decay_error, 0.7, ts, np.exp(-0.5 * ts))

    def test_fit(self) -> None:
        ts = ode.times()
        data = np.exp(-0.5 * ts)
        rate = 1.0
        for _ in range(100):
            rate -= 0.2 * float(s2sad.grad(ode.decay_error)(rate, ts, data))
        assert rate == pytest.approx(0.5, abs=1e-4)


class TestMarkov:
    @pytest.mark.parametrize("k", [0, 1, 2])
    def test_forward_algorithm(self, k: int) -> None:
        tables: list[Any] = [hmm.INITIAL, hmm.TRANSITION, hmm.EMISSION]

        def f(table: Any, observations: Any) -> Any:
            return hmm.forward_log_likelihood(*tables[:k], table, *tables[k + 1:], observations)

        value = f(tables[k], [0, 2, 1, 1])
        gradients = s2sad.grad(hmm.forward_log_likelihood, wrt=(0, 1, 2))(*tables, [0, 2, 1, 1])
        assert value < 0.0
        for path, got in parts(gradients[k]):
            expected, _ = differences(lambda t, path=path: [np.asarray(f(moved(tables[k], path, t), [0, 2, 1, 1]))])
            assert got == pytest.approx(float(expected[0]), rel=1e-6, abs=1e-8), path

    def test_probabilities(self) -> None:
        """The expected numbers of visits add up to one for each observation."""
        bars = s2sad.grad(hmm.forward_log_likelihood, wrt=2)(
            hmm.INITIAL, hmm.TRANSITION, hmm.EMISSION, [0, 2, 1, 1])
        assert np.sum(np.array(bars), axis=0) == pytest.approx([1.0, 2.0, 1.0])

    def test_field(self) -> None:
        check(hmm.crf_log_likelihood, hmm.UNARY, hmm.PAIRWISE, (0, 2, 1, 1))
        check(lambda pairwise: hmm.crf_log_likelihood(hmm.UNARY, pairwise, (0, 2, 1, 1)), hmm.PAIRWISE)


class TestRecurrentNetwork:
    def test_gradient(self) -> None:
        check(rnn.loss, *rnn.example())

    def test_clipped_adjoints(self) -> None:
        args = rnn.example()
        gradient = s2sad.grad(rnn.clipped_loss)(*args)
        expected = rnn.clipped_gradient_by_hand(*args)
        assert list(gradient) == list(expected)
        for name, value in expected.items():
            assert gradient[name] == pytest.approx(value), name
        plain = s2sad.grad(rnn.loss)(*args)
        assert not np.allclose(plain["W"], gradient["W"])

    def test_clipped_at_nothing(self) -> None:
        args = rnn.example()
        gradient, plain = s2sad.grad(rnn.clipped_loss)(*args, 1e9), s2sad.grad(rnn.loss)(*args)
        for name, value in plain.items():
            assert gradient[name] == pytest.approx(value), name
