"""Rules of one's own for functions with several results."""

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.rules.declare import forget

X = np.array([1.0, 2.0, 3.0])


def polar(x: Any) -> Any:
    r = np.sqrt(np.sum(x * x))
    return r, x / r


@pytest.fixture(autouse=True)
def rule() -> Any:
    s2sad.general("r, u = polar(x)", like="0.0, x", r_dot="np.sum(u * x_dot)", fn=polar,
                  u_dot="(x_dot - u * np.sum(u * x_dot)) / r",
                  x_bar="r_bar * u + (u_bar - u * np.sum(u * u_bar)) / r")
    yield
    forget("polar")


def both(x: Any) -> Any:
    r, u = polar(x)
    return r * u[0] + u[1]


def one(x: Any) -> Any:
    return polar(x)[0] ** 2


def other(x: Any) -> Any:
    _, u = polar(x)
    return u[0] * u[2]


@pytest.mark.parametrize("f", [both, one, other])
def test_derivatives(f: Any) -> None:
    s2sad.check_grads(f, (X,), order=2)


def test_text() -> None:
    text = s2sad.derive(both, types="x: f8[:]").source
    assert "    r, u = polar(x)\n" in text and text.count("polar(") == 2


def test_types_must_be_said() -> None:
    s2sad.general("r, u = polar(x)", r_dot="np.sum(u * x_dot)", x_bar="r_bar * u", fn=polar)
    with pytest.raises(s2sad.S2sadError, match="does not say what types its results have"):
        s2sad.grad(one)(X)
