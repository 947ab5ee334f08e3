"""Operations with several results: in both modes and orders, through loops, branches, calls and structures."""

from typing import Any

import numpy as np
import pytest

import s2sad

A = np.array([[2.0, 0.3, 0.1], [0.4, 1.5, -0.2], [0.2, 0.1, 1.2]])


def unpacked(x: Any) -> Any:
    sign, log = np.linalg.slogdet(x)
    return sign * log**2


def one_of_them(x: Any) -> Any:
    return np.linalg.slogdet(x)[1] ** 2


def attribute(x: Any) -> Any:
    r = np.linalg.slogdet(x)
    return r.logabsdet * r.sign


def handed_on(x: Any) -> Any:
    return np.linalg.slogdet(x)


def both(x: Any) -> Any:
    pair = handed_on(x) if x[0, 0] > 0.0 else np.linalg.slogdet(2.0 * x)
    return pair[0] * pair[1]


def loop(x: Any, n: int) -> Any:
    total = 0.0
    for k in range(n):
        sign, log = np.linalg.slogdet(x + k * total)
        if sign > 0:
            total = total + sign * log**2
    return total


def overwritten(x: Any) -> Any:
    x, y = np.linalg.slogdet(x)
    return x * y


def by_itself(x: Any, n: int) -> Any:
    _, y = np.linalg.slogdet(x)
    return y if n == 0 else y * by_itself(x * 1.1, n - 1)


@pytest.mark.parametrize("f", [unpacked, one_of_them, attribute, both, overwritten])
def test_derivatives(f: Any) -> None:
    s2sad.check_grads(f, (A,), order=2)


@pytest.mark.parametrize("f", [loop, by_itself])
def test_loops_and_calls(f: Any) -> None:
    s2sad.check_grads(f, (A, 3), wrt="x", order=2)


def test_the_tuple_is_numpys() -> None:
    value, slope = s2sad.jvp(handed_on, (A,), (A,))
    assert type(value) is type(np.linalg.slogdet(A)) and value.logabsdet == np.linalg.slogdet(A).logabsdet
    assert slope.sign is None or slope.sign == 0.0
    np.testing.assert_allclose(slope.logabsdet, 3.0)


def test_text() -> None:
    text = s2sad.derive(unpacked, types="x: f8[:, :]").source
    assert "    sign, log = np.linalg.slogdet(x)\n" in text and text.count("slogdet(") == 2  # in the text, in a comment
    text = s2sad.derive(one_of_them, types="x: f8[:, :]").source
    assert "= np.linalg.slogdet(x)[1]\n" in text
    text = s2sad.derive(one_of_them, types="x: f8[:, :]", level="trace").source
    assert "    _, v1 = np.linalg.slogdet(x)\n" in text
