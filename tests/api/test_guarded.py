"""Blocks under guard: what happens around them happens once and in order, and exceptions are the program's own."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Iterator

import numpy as np
import pytest

import s2sad
from s2sad.errors import FallbackWarning, Refusal
from tests.frontend.test_refusals import check, refusal

LOG: list[str] = []


@contextlib.contextmanager
def section(name: str) -> Iterator[None]:
    LOG.append(f"enter {name}")
    try:
        yield
    finally:
        LOG.append(f"leave {name}")


class Span:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        LOG.append(f"enter {self.name}")

    def __exit__(self, *reason: object) -> None:
        LOG.append(f"leave {self.name}")


def in_sections(x):
    with section("a"), Span("b"):
        LOG.append("inside")
        if x < 0.0:
            raise ValueError("negative")
        y = math.sqrt(x) * x
    return y * y


def both_modes(f, *args):
    """The derivative functions of a function, by their names."""
    return {
        "grad": lambda *a: s2sad.grad(f)(*a),
        "jvp": lambda *a: s2sad.jvp(f, a, (1.0,) + (None,) * (len(a) - 1)),
        "vjp": lambda *a: s2sad.vjp(f, *a),
        "hessian": lambda *a: s2sad.grad(s2sad.grad(f))(*a),
    }


@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
def test_contexts_are_entered_and_left_once(mode: str) -> None:
    LOG.clear()
    both_modes(in_sections)[mode](2.0)
    assert LOG == ["enter a", "enter b", "inside", "leave b", "leave a"]


@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
def test_contexts_are_left_where_an_exception_passes_through(mode: str) -> None:
    LOG.clear()
    with pytest.raises(ValueError, match="^negative(\\n|$)"):
        both_modes(in_sections)[mode](-2.0)
    assert LOG == ["enter a", "enter b", "inside", "leave b", "leave a"]


def with_handlers(x, y):
    try:
        print("try")
        z = x / y
        print("done")
    except ZeroDivisionError as error:
        print("except", error)
        z = x * x
    else:
        print("else")
    finally:
        print("finally")
    return z * x


@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
@pytest.mark.parametrize("y", [0.0, 2.0])
def test_what_is_printed(mode: str, y: float, capsys: pytest.CaptureFixture[str]) -> None:
    with_handlers(3.0, y)
    expected = capsys.readouterr().out
    both_modes(with_handlers)[mode](3.0, y)
    assert capsys.readouterr().out == expected
    assert expected.endswith("finally\n") and ("except" in expected) == (y == 0.0)


def lets_through(x, y):
    try:
        z = x / y
    except ValueError:
        z = x
    finally:
        print("finally")
    return z


@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
def test_finally_runs_where_the_exception_goes_on(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        both_modes(lets_through)[mode](3.0, 0.0)
    assert capsys.readouterr().out == "finally\n"


def in_handlers(x, n):
    try:
        z = x / n
    except ZeroDivisionError as error:
        if x > 10.0:
            raise
        if x > 5.0:
            raise RuntimeError("large") from error
        if x > 4.0:
            raise error
        z = x
    return z


@pytest.mark.parametrize("x", [11.0, 6.0, 4.5])
@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
def test_exceptions_of_handlers(x: float, mode: str) -> None:
    with pytest.raises(Exception) as expected:
        in_handlers(x, 0)
    with pytest.raises(type(expected.value)) as got:
        both_modes(in_handlers)[mode](x, 0)
    assert got.value.args == expected.value.args
    assert type(got.value.__cause__) is type(expected.value.__cause__)


def singular_tangent(x):
    try:
        y = 0.0
        for k in range(2):
            y = y + math.sqrt(x * k)
    except Exception:
        return -1.0
    return y


def test_exceptions_of_tangents_are_not_those_of_the_program() -> None:
    assert singular_tangent(4.0) == 2.0
    with pytest.raises(ZeroDivisionError):
        s2sad.jvp(singular_tangent, (4.0,), (1.0,))
    y, _ = s2sad.vjp(singular_tangent, 4.0)
    assert y == 2.0
    assert s2sad.jvp(singular_tangent, (-4.0,), (1.0,)) == (-1.0, 0.0)


def unused(A):
    try:
        np.linalg.inv(A)
    except np.linalg.LinAlgError:
        return 3.0 * A[0, 0]
    return A[0, 0] * A[0, 0]


def test_what_may_raise_is_done_though_nobody_needs_the_value() -> None:
    good, bad = 2.0 * np.eye(2), np.ones((2, 2))
    for mode in (s2sad.grad(unused), lambda A: s2sad.vjp(unused, A)[1](1.0)[0]):
        assert np.array_equal(mode(good), [[4.0, 0.0], [0.0, 0.0]])
        assert np.array_equal(mode(bad), [[3.0, 0.0], [0.0, 0.0]])


def not_needed(x):
    np.linalg.inv(x * np.ones((2, 2)))
    return x


def test_the_derivative_has_the_users_names() -> None:
    text = str(s2sad.derive(with_handlers, types=(3.0, 2.0), mode="forward"))
    assert "    except ZeroDivisionError as error:" in text
    assert "    try:\n        print('try')\n        z = x / y\n" in text
    assert text.count("print('finally')") == 1
    assert "\n    else:\n" in text and "\n    finally:\n        print('finally')\n" in text


def quiet(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.log(x) / y
    return np.sum(np.where(y == 0.0, x, z))


def test_the_reverse_sweep_is_as_quiet_as_the_program() -> None:
    x, y = np.array([1.5, 2.0]), np.array([0.0, 4.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.allclose(s2sad.grad(quiet)(x, y), [1.0, 0.125])
        s2sad.jvp(quiet, (x, y), (np.ones(2), None))


def test_machine_code() -> None:
    pytest.importorskip("numba")
    x, y = np.array([1.5, 2.0]), np.array([3.0, 4.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.allclose(s2sad.grad(quiet, backend="numba")(x, y), 1.0 / (x * y))
    with pytest.warns(FallbackWarning, match="'try'"):
        assert s2sad.grad(in_handlers, backend="numba")(3.0, 2) == 0.5


class Stopping:
    def __enter__(self) -> None:
        pass

    def __exit__(self, *reason: object) -> bool:
        return True


RATE = 1.0


@contextlib.contextmanager
def faster() -> Iterator[None]:
    global RATE
    RATE = 2.0
    yield
    RATE = 1.0


@contextlib.contextmanager
def ignoring() -> Iterator[None]:
    try:
        yield
    except ValueError:
        pass


@contextlib.contextmanager
def zeroed(a: np.ndarray) -> Iterator[None]:
    print(len(a))
    yield


@pytest.mark.parametrize(
    "text, message",
    [
        ("def f(x):\n    with «Stopping()»:\n        y = x\n    return y", "it may stop exceptions"),
        ("def f(x):\n    with «faster()»:\n        y = x\n    return y", "it assigns 'RATE'"),
        ("def f(x):\n    with «ignoring()»:\n        y = x\n    return y", "it may stop exceptions"),
        ("def f(x):\n    a = np.ones(3)\n    with zeroed(«a»):\n        y = x\n    return y",
         "handed to a context manager"),
        ("def f(x):\n    with «x»:\n        y = x\n    return y", "not supported"),
    ],
)
def test_managers_that_are_refused(text: str, message: str) -> None:
    lines = f"from {__name__} import Stopping, faster, ignoring, zeroed\n{text}"
    check(lines, message, "", (2.0,), s2sad.errors.UnsupportedError)


@pytest.mark.parametrize(
    "text, message, args",
    [
        ("def f(x, y):\n    n = x\n    try:\n        for k in range(3):\n            n = n / y\n"
         "    except ZeroDivisionError:\n        return «n»\n    return n", "'n' is assigned inside a 'try'",
         (2.0, 3.0)),
        ("def f(x, y):\n    «try»:\n        for k in range(3):\n            x[k] = 1.0 / y\n"
         "    except ZeroDivisionError:\n        return x[0]\n    return x[1]", "'x' is written to inside this 'try'",
         (np.ones(3), 3.0)),
        ("def f(x, y):\n    a = [x]\n    try:\n        for k in range(3):\n            a.append(1.0 / y)\n"
         "    except ZeroDivisionError:\n        return «a»[0]\n    return a[1]",
         "list or dict is changed inside a 'try'", (2.0, 3.0)),
        ("def f(x, y):\n    try:\n        z = x / y\n    except ZeroDivisionError as error:\n        z = x\n"
         "    print(«error»)\n    return z", "'error' ", (2.0, 3.0)),
        ("def f(x, kinds):\n    try:\n        z = x / x\n    except «kinds»:\n        z = x\n    return z",
         "not known at compile time", (2.0, 3.0)),
        ("def f(x, y):\n    try:\n        z = x / y\n        w = z / y\n    except ZeroDivisionError:\n"
         "        return «z»\n    return w", "'z' has no value here", (2.0, 3.0)),
    ],
)
def test_what_is_uncertain_is_refused(text: str, message: str, args: tuple[object, ...]) -> None:
    error, marked, line, column = refusal(text, *args)
    assert isinstance(error, Refusal)
    assert error.where is not None and (error.where.line, error.where.column) == (line, column), str(error)
    assert message in error.reason, str(error)


def in_vain(x, A):
    math.log(x)
    y = x / (x - 3.0)
    y = x * x
    if x > 4.0:
        np.linalg.inv(A)
    helper_in_vain(x)
    return y


def helper_in_vain(x):
    total = 0.0
    for k in range(20):
        total = total + math.sqrt(7.0 - x) * k
        total = total - k
        total = total * 1.5 + 1.0
        total = total + 2.0
    total = total + 1.0
    total = total * 2.0
    total = total * 3.0
    total = total * 4.0
    total = total * 5.0
    total = total * 6.0
    return total


@pytest.mark.parametrize("x", [-1.0, 3.0, 5.0, 8.0])
@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
def test_exceptions_of_what_is_computed_in_vain(x: float, mode: str) -> None:
    A = np.ones((2, 2))
    assert in_vain(2.0, A) == 4.0
    both_modes(in_vain)[mode](2.0, A)
    with pytest.raises(Exception) as expected:
        in_vain(x, A)
    with pytest.raises(type(expected.value)) as got:
        both_modes(in_vain)[mode](x, A)
    assert got.value.args == expected.value.args


def append_and_raise(values, x):
    values.append(x * x)
    if x > 1.0:
        raise KeyError(x)
    return x


@pytest.mark.parametrize(
    "text",
    [
        # What has changed on a path that ends in an exception is seen by the handler only.
        "def f(x, y):\n    n = x\n    try:\n        if y > 0.0:\n            n = x * x\n            raise KeyError(1)\n"
        "        z = x\n    except KeyError:\n        z = «n»\n    return z",
        "def f(x, y):\n    n = x\n    try:\n        if y > 0.0:\n            n = x * x\n            raise KeyError(1)\n"
        "        else:\n            n = x / y\n        raise ValueError\n    except LookupError:\n        z = «n»\n"
        "    return z",
        "def f(x, y):\n    a = [x]\n    try:\n        z = append_and_raise(a, x)\n    except KeyError:\n"
        "        z = «a»[-1]\n    return z",
    ],
)
def test_what_only_a_handler_sees_is_refused(text: str) -> None:
    error, marked, line, column = refusal(f"from {__name__} import append_and_raise\n{text}", 2.0, 3.0)
    assert error.where is not None and (error.where.line, error.where.column) == (line, column), str(error)
    assert "inside a 'try' before an operation that may raise" in error.reason


@pytest.mark.parametrize(
    "body",
    [
        "for «k» in range(3):\n            z = x / y",
        "if (k := y) > 1.0:\n            z = x / y",
        "while (k := k + 1) < 4:\n            z = x / y",
        "z = (k := 5.0) / y",
        "k = z = 2.0\n        z = z / y",
        "if y > 0.0:\n            k = 3\n        z = x / y",
    ],
)
def test_names_that_are_bound_on_the_way(body: str) -> None:
    body = body.replace("«", "").replace("»", "")
    text = (f"def f(x, y):\n    k = 0\n    try:\n        {body}\n    except ZeroDivisionError:\n"
            "        return x * «k»\n    return x")
    try:
        error, marked, line, column = refusal(text, 2.0, 3.0)
    except BaseException:
        # Where what comes before goes ahead of the try, it is certain.
        assert body.startswith(("k =", "if y > 0.0"))
        return
    assert "inside a 'try' before an operation that may raise" in error.reason
    assert error.where is not None and (error.where.line, error.where.column) == (line, column), str(error)


def squared_in_a_section(x):
    with section("a"):
        y = x * x
        print("inside")
    return y


def test_jacobians_enter_contexts_once(capsys: pytest.CaptureFixture[str]) -> None:
    x = np.array([1.0, 2.0, 3.0])
    for jacobian in (s2sad.jacrev(squared_in_a_section), s2sad.jacfwd(squared_in_a_section)):
        LOG.clear()
        assert np.allclose(jacobian(x), np.diag(2.0 * x))
        assert LOG == ["enter a", "leave a"] and capsys.readouterr().out == "inside\n"
    LOG.clear()
    s2sad.hessian(lambda t: np.sum(squared_in_a_section(t)))(x)
    assert LOG == ["enter a", "leave a"] and capsys.readouterr().out == "inside\n"


def told_behind_the_handler(x, y):
    try:
        if y < 0.0:
            raise KeyError("low")
        z = x / y
    except KeyError as error:
        if x > 1.0:
            raise ValueError("again") from error
        z = x
    except ZeroDivisionError as error:
        if x > 2.0:
            return x
        if x > 1.0:
            raise ValueError("once more") from error
        z = x * x
    if z > 5.0:
        return z * z
    return z * x


@pytest.mark.parametrize("args", [(1.5, -1.0), (1.5, 0.0), (2.5, 0.0), (0.5, 0.0), (0.5, -1.0), (0.5, 2.0)])
@pytest.mark.parametrize("mode", ["grad", "jvp", "vjp", "hessian"])
def test_exceptions_that_are_raised_behind_their_handlers(args: tuple[float, float], mode: str) -> None:
    try:
        expected: object = told_behind_the_handler(*args)
    except ValueError as error:
        with pytest.raises(ValueError, match=str(error)) as got:
            both_modes(told_behind_the_handler)[mode](*args)
        assert type(got.value.__cause__) is type(error.__cause__)
        return
    if mode in ("jvp", "vjp"):
        assert both_modes(told_behind_the_handler)[mode](*args)[0] == expected
    else:
        both_modes(told_behind_the_handler)[mode](*args)


def divides_before_it_takes_a_logarithm(x, y):
    a = x
    for _ in range(2):
        c = y / y
        c = y / 1.5
        a = c * math.log(y)
    return a * x + c


def test_exceptions_come_in_the_order_of_the_program() -> None:
    for mode in both_modes(divides_before_it_takes_a_logarithm).values():
        with pytest.raises(ZeroDivisionError):
            mode(0.7, 0.0)
