"""Statements that are refused, or that raise at run time: deleted names, imports that fail, patterns, messages."""

from __future__ import annotations

import numpy as np
import pytest

import s2sad
from s2sad.errors import NameRefusal, TypeRefusal, UnsupportedError
from tests.frontend.test_refusals import check

X = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "text, message, hint",
    [
        ("def f(x):\n    «import no_such_module»\n    return x", "No module named 'no_such_module'", ""),
        ("def f(x):\n    «from math import nothing»\n    return x", "math has no nothing", ""),
        ("def f(x):\n    «from . import nothing»\n    return x", "the package is not known", "top of the module"),
        ("def f(x):\n    y: float\n    return «y»", "'y' has no value here", "every path"),
    ],
)
def test_names(text: str, message: str, hint: str) -> None:
    check(text, message, hint, (2.0,), NameRefusal)


@pytest.mark.parametrize(
    "text, message",
    [
        ("def f(x):\n    y = x\n    del y\n    return «y»", "'y' has been deleted"),
        ("def f(x):\n    y = x\n    del y\n    del «y»\n    return x", "'y' has been deleted"),
        ("def f(x):\n    y = x\n    if x > 0.0:\n        del y\n    return «y»", "'y' has been deleted"),
        ("def f(x):\n    y = x\n    for i in range(3):\n        x = x * «y»\n        del y\n    return x", "'y'"),
    ],
)
def test_deleted_names(text: str, message: str) -> None:
    check(text, message, "", (2.0,), TypeRefusal)


def test_alternatives_that_name_other_values() -> None:
    text = "def f(x, y):\n    match (x, y):\n        case (1.0, a) | «(a, 2.0)»:\n            return a\n    return x"
    check(text, "an alternative of a pattern", "a case of its own", (2.0, 3.0), UnsupportedError)


def test_a_pattern_of_an_array_that_is_compared() -> None:
    text = "def f(x):\n    match x:\n        case «1.0»:\n            return 1.0\n    return x"
    check(text, "truth value of an array", "np.any", (X,), TypeRefusal)


class Strange(Exception):
    """An exception with an argument of its own."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


def told(x: float) -> str:
    return f"<{x}>"


class Holder:
    word = "held"


HOLDER = Holder()
MESSAGE = "%s and %d"


def raising(x, n):
    if n == 0:
        raise ValueError
    if n == 1:
        raise ValueError("a", x, 3)
    if n == 2:
        raise Strange(f"strange {x:.2f} {told(x)!r} {HOLDER.word}", code=n + 3)
    if n == 3:
        raise KeyError(n) from Strange("cause")
    if n == 4:
        raise TypeError(MESSAGE % (x, n)) from None
    if n == 5:
        raise np.linalg.LinAlgError(f"{type(x).__name__:>{n + 4}}")
    if n == 6:
        raise RuntimeError(*[told(x), n])
    if n == 7:
        raise OSError(2, "no file", told(x))
    if n == 8:
        raise NotImplementedError(", ".join(told(k) for k in range(2)))
    if n == 9:
        assert x > 100.0, told(x)
    if n == 10:
        assert x > 100.0, "plain"
    if n == 11:
        assert x > 100.0, f"{x:.3f}"
    if n == 12:
        raise Strange
    return x * x


@pytest.mark.parametrize("n", range(13))
@pytest.mark.parametrize("level", ["source", "trace"])
def test_the_users_exceptions_pass_through_unchanged(n: int, level: str) -> None:
    with pytest.raises(Exception) as expected:
        raising(3.0, n)
    for fn in (s2sad.grad(raising), s2sad.value_and_grad(s2sad.grad(raising)),
               lambda x, k: s2sad.jvp(raising, (x, k), (1.0, None)), lambda x, k: s2sad.vjp(raising, x, k)):
        with pytest.raises(type(expected.value)) as got:
            fn(3.0, n)
        assert type(got.value) is type(expected.value)
        if n in (9, 10, 11):  # here the test runner has its own assert
            assert str(got.value) == str(expected.value).partition("\n")[0]
            continue
        assert got.value.args == expected.value.args
        assert str(got.value) == str(expected.value)
        assert getattr(got.value, "code", None) == getattr(expected.value, "code", None)
        assert type(got.value.__cause__) is type(expected.value.__cause__)
        assert got.value.__suppress_context__ == expected.value.__suppress_context__
    assert s2sad.grad(raising)(3.0, 99) == 6.0


def test_a_class_that_nothing_is_known_of_is_raised_as_python_does() -> None:
    errors = {"bad": Strange}

    def f(x):
        if x < 0.0:
            raise errors["bad"](f"negative {x}", code=7)
        return x * x

    assert s2sad.grad(f)(3.0) == 6.0
    with pytest.raises(Strange, match="negative -1.0") as got:
        s2sad.grad(f)(-1.0)
    assert got.value.code == 7


def test_names_of_the_program_do_not_hide_the_class() -> None:
    def f(Strange, told):
        if Strange < 0.0:
            raise Error(f"{told}")
        return Strange * told

    Error = Strange
    assert s2sad.grad(f)(3.0, 2.0) == 2.0
    with pytest.raises(Error, match="2.0"):
        s2sad.grad(f)(-3.0, 2.0)
