"""Generator functions run where they are run over: in Python's order, with Python's exceptions, or not at all."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad

X = np.array([0.3, -0.4, 1.5, 0.2])


def noisy(x: Any) -> Any:
    print("begin")
    for v in x:
        print("give")
        yield v
        print("took")
    print("end")


def talking(x: Any) -> Any:
    s = 0.0
    for v in noisy(x):
        print("use")
        s = s + v * v
    return s


def stopping(x: Any) -> Any:
    s = 0.0
    for v in noisy(x):
        if v > 1.0:
            break
        s = s + v * v
    return s


def printed(run: Callable[[], Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run()
    return out.getvalue()


@pytest.mark.parametrize("f", [talking, stopping])
def test_effects_come_in_order(f: Callable[..., Any]) -> None:
    assert printed(lambda: s2sad.value_and_grad(f)(X)) == printed(lambda: f(X))


def test_the_text_is_that_of_a_loop() -> None:
    text = s2sad.derive(talking, types="x: f8[:]").source
    assert text.count("for ") == 2 and "def " not in text.replace("def talking_vjp", "")


def squares(x: Any) -> Any:
    for v in x:
        yield v * v


def doubled(v: Any) -> Any:
    yield v
    if v < 20.0:
        yield from doubled(v * 2.0)


def guarded(x: Any) -> Any:
    try:
        yield x[0]
    except ValueError:
        yield x[1]


def uses_up(x: Any) -> Any:
    rest, s = squares(x), 0.0
    for v in rest:
        s = s + v * sum(rest)
    return s


def array_used_up(x: Any) -> Any:
    rest, s = iter(x), 0.0
    for v in rest:
        for w in rest:
            s = s + v * w
    return s


def goes_on(x: Any) -> Any:
    rest, s = squares(x), 0.0
    for v in rest:
        if v > 1.0:
            break
    for v in rest:
        s = s + v
    return s


def calls_itself(x: Any) -> Any:
    return sum(doubled(x[0]))


def in_a_try(x: Any) -> Any:
    return sum(guarded(x))


def overwritten(x: Any, n: int) -> Any:
    total = 0.0
    for u in list(states(x, n)):
        total = total + np.sum(u)
    return total


def states(x: Any, n: int) -> Any:
    u = x.copy()
    for _ in range(n):
        u[1:] += u[:-1]
        yield u


@pytest.mark.parametrize(("f", "args", "reason"), [
    (uses_up, (), "is used up inside of the loop"), (array_used_up, (), "is used up inside of the loop"),
    (goes_on, (), "may have been left before its end"), (calls_itself, (), "'doubled' calls itself"),
    (in_a_try, (), "'yield' inside of 'try' or 'with'"), (overwritten, (3,), "may or may not be the memory"),
    (squares, (), "'yield' is not supported here")])
def test_refused(f: Callable[..., Any], args: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(s2sad.S2sadError, match=reason):
        s2sad.grad(f)(X, *args)


def failing(x: Any) -> Any:
    for v in x:
        if v > 1.0:
            raise ValueError(f"{v} is too large")
        yield v


def fails(x: Any) -> Any:
    s = 0.0
    for v in failing(x):
        s = s + v * v
    return s


def test_exceptions_pass() -> None:
    with pytest.raises(ValueError, match="1.5 is too large"):
        s2sad.grad(fails)(X)
    np.testing.assert_allclose(s2sad.grad(fails)(X[:2]), 2.0 * X[:2])


def widened(x: Any, h: Any) -> Any:
    out = [h * x[0]]
    for _ in x:
        h = np.tanh(h * np.ones(2))
        out.append(h)
    return sum(np.sum(out[t]) for t in range(len(x)))


def test_a_list_of_two_precisions_says_so() -> None:
    with pytest.raises(s2sad.S2sadError, match=r"type f4\[h0\] and a value of type \?\[h0\] are put into it"):
        s2sad.grad(widened)(np.ones(3, np.float32), np.ones(2, np.float32))
