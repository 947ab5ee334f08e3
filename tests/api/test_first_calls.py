"""What people write on their first day, where it is not what s2sad takes: told in words, never by an error of NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, ValueArgumentError

X = np.array([1.0, 2.0])


def squares(x: Any) -> Any:
    return np.sum(x**2)


def with_more(x: Any) -> Any:
    return np.sum(x**2), x


def product(x: Any, y: Any) -> Any:
    return np.sum(x * y)


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda: s2sad.grad(squares, X), ArgumentError, "the arguments of squares go to the result: grad(squares)(x)"),
    (lambda: s2sad.grad(squares(X)), ArgumentError, "call it as grad(f), and the result with the arguments"),
    (lambda: s2sad.grad(squares)(1), ArgumentError, "1.0 instead of 1"),
    (lambda: s2sad.grad(squares)(np.array([1, 2])), ArgumentError, "x.astype(float)"),
    (lambda: s2sad.grad(with_more)(X), ArgumentError, "has_aux=True if only the first counts"),
    (lambda: s2sad.grad(product, True)(X, X), ArgumentError, "positions or names of parameters of product, not True"),
    (lambda: s2sad.hvp(product, (X, X), (X,)), ValueArgumentError, "one tangent for each primal"),
    (lambda: s2sad.hvp(squares, X, X), ArgumentError, "write (tangent,)"),
    (lambda: s2sad.check_grads(squares, X), ArgumentError, "write (x,)"),
])
def test_is_told(call: Callable[[], Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)


def test_names_of_other_packages() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'jacobian': take jacfwd or jacrev"):
        s2sad.jacobian  # noqa: B018
    with pytest.raises(AttributeError, match="has no attribute 'nothing'$"):
        s2sad.nothing  # noqa: B018
    assert not hasattr(s2sad, "jit")
