"""The decorator."""

from __future__ import annotations

import copy
import inspect
import pickle

import numpy as np
import pytest

import s2sad
from tests.api import functions
from tests.api.functions import Model, decorated, decorated_with_options


def test_it_calls_as_the_primal() -> None:
    assert decorated(2.0, 3.0) == 8.0 and decorated(x2=3.0, x1=2.0) == 8.0


def test_it_keeps_what_a_function_has() -> None:
    assert decorated.__name__ == "decorated" and decorated.__doc__ == "A decorated function."
    assert decorated.__module__ == functions.__name__
    assert inspect.unwrap(decorated)(2.0, 3.0) == 8.0 and decorated.__wrapped__ is not decorated
    assert list(inspect.signature(decorated).parameters) == ["x1", "x2"]


def test_derivatives() -> None:
    assert decorated.grad(2.0, 3.0) == 4.0
    assert decorated.value_and_grad(2.0, 3.0) == (8.0, 4.0)
    assert decorated.jvp((2.0, 3.0), (1.0, None)) == (8.0, 4.0)
    y, pullback = decorated.vjp(2.0, 3.0)
    assert y == 8.0 and pullback(1.0) == (4.0, 2.0)
    assert decorated.hvp((2.0, 3.0), (1.0, 1.0)) == (1.0, 1.0)
    assert decorated.linearize(2.0, 3.0)[1](1.0, 0.0) == 4.0
    assert decorated.jacfwd(2.0, 3.0) == decorated.jacrev(2.0, 3.0) == 4.0
    assert decorated.hessian(2.0, 3.0) == 0.0
    assert s2sad.grad(decorated, wrt=1)(2.0, 3.0) == 2.0


def test_options() -> None:
    assert decorated_with_options.grad(2.0, 3.0) == (12.0, 9.0)
    assert decorated_with_options.vjp(2.0, 3.0)[1](1.0) == (9.0, 12.0)
    assert s2sad.differentiate(functions.survey, argnums="x2").grad(2.0, 5.0) == pytest.approx(1.7163378145367738)
    with_aux = s2sad.differentiate(functions.with_aux, has_aux=True)
    assert with_aux.grad(np.ones(2))[1] == 3


def test_it_prints() -> None:
    text = str(decorated.derivative("reverse"))
    assert "def decorated_vjp(x1, x2, " in text
    assert "def decorated_jvp(x1, x2, x1_dot, x2_dot)" in str(decorated.derivative("forward"))
    assert repr(decorated) == "<differentiable decorated>"


def test_method() -> None:
    model = Model(3.0)
    assert model.energy(2.0) == 12.0
    assert model.energy.grad(2.0) == 12.0
    model.rate = 5.0
    assert model.energy.grad(2.0) == 20.0
    assert Model(1.0).energy.grad(2.0) == 4.0
    assert Model.energy.__name__ == "energy"


def test_pickle_and_copy() -> None:
    for other in (pickle.loads(pickle.dumps(decorated)), copy.copy(decorated), copy.deepcopy(decorated)):
        assert other is decorated
    made = s2sad.differentiate(functions.survey, wrt=1)
    for other in (pickle.loads(pickle.dumps(made)), copy.copy(made)):
        assert other(2.0, 5.0) == made(2.0, 5.0) and other.grad(2.0, 5.0) == made.grad(2.0, 5.0)
    bound = pickle.loads(pickle.dumps(Model(3.0).energy))
    assert bound(2.0) == 12.0


def test_twice_is_once() -> None:
    twice = s2sad.differentiate(decorated, wrt=1)
    assert twice.__wrapped__ is decorated.__wrapped__ and twice.grad(2.0, 3.0) == 2.0


def test_misuse() -> None:
    with pytest.raises(TypeError, match="needs a function"):
        s2sad.differentiate(3)  # type: ignore[call-overload]


def test_inside_a_differentiated_function() -> None:
    def f(x):
        return decorated(x, x) * 2.0

    assert s2sad.grad(f)(3.0) == 2 * (2 * 3.0 + 1.0)
