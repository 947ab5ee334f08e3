"""Effects happen once, in order, with the values the function itself would have."""

from __future__ import annotations

import io
import linecache
import logging
import os
import pprint
import queue
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sad
from s2sad.api.dispatch import dispatch_for
from s2sad.api.operators import program_of
from s2sad.errors import ArgumentError, FallbackWarning, TypeRefusal, UnsupportedError

LOGGER = logging.getLogger("tests.effects")
HISTORY: list[float] = []
COUNT = 0
TOTAL = 0.0
LAST: Any = None
X = np.array([0.3, -0.7, 1.2])


def shows(x: Any, w: Any) -> Any:
    print("x =", x, w, sep=", ", end=";\n")
    y = np.sin(x) * w
    print(f"y = {y!r} {y}", {"y": y, 1: [y, (x,)]}, None, True, flush=True)
    print("%s|%r" % (y, w), "{0} {w!r} {0!s:>9}".format("a", w=w), file=sys.stderr)  # noqa: UP031
    sys.stdout.write(str(y) + "\n")
    print(x.shape, len(x), f"{np.sum(y):{8}.{2}f}", str(w) + repr(y), ", ".join(f"{v:.1f}" for v in (w, 2.0)))
    return np.sum(y)


def loops(x: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        if total > 1.0:
            print("large", i, total)
        total = total + x * i
        print(f"{i}: {total}")
    while total > 2.0:
        total = total * 0.5
        print("half", total)
    return total


def helped(x: Any, n: Any) -> Any:
    return recursive(x, n) + noted(x)


def noted(x: Any) -> Any:
    print("noted", x)
    return x * x


def recursive(x: Any, n: Any) -> Any:
    print("depth", n, x)
    if n == 0:
        return x
    return np.sin(recursive(x * 2.0, n - 1)) * x


def logs(x: Any) -> Any:
    y = x * x
    LOGGER.info("y is %s", y)
    LOGGER.log(logging.WARNING, "again %.3f", y)
    if LOGGER.isEnabledFor(logging.DEBUG):
        LOGGER.debug("never")
    return y


def warns(x: Any) -> Any:
    warnings.warn(f"x is {x}", RuntimeWarning, stacklevel=1)
    return x * x


def remembers(x: Any, n: Any) -> Any:
    for _ in range(n):
        x = x * x
        HISTORY.append(float(x))
    return x


@dataclass
class Point:
    x: Any
    y: Any = field(default=0.0, repr=False)


class Pair(NamedTuple):
    a: Any
    b: Any


class Vector:
    def __init__(self, items: Any) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"<{self.items}>"


class Named(Vector):
    def __str__(self) -> str:
        return "named " + repr(self)


def shows_objects(x: Any) -> Any:
    p, q, v, n = Point(x, 2.0), Pair(np.sum(x), "b"), Vector(x), Named(x * 2.0)
    print(p, q, v, n)
    print(f"{p} {p!r} {q!r:>40} {v!r} {n} {n!r}", str(n), repr(q))
    return np.sum(p.x * q.a)


SHOWN = [(shows, (X, 2.0)), (shows_objects, (X,)), (shows, (X.astype(np.float32), np.float32(2.0))), (loops, (0.7, 4)),
         (loops, (np.float64(0.7), 4)), (helped, (0.7, 3))]


def captured(run: Callable[[], Any]) -> tuple[str, str]:
    """What is written to standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        run()
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("f, args", SHOWN)
def test_shown_once_and_in_order(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    expected = captured(lambda: f(*args))
    assert expected[0]
    dot = np.ones_like(args[0]) if isinstance(args[0], (np.ndarray, np.generic)) else 1.0
    rest = (None,) * (len(args) - 1)
    for run in (
        lambda: s2sad.grad(f)(*args),
        lambda: s2sad.value_and_grad(f)(*args),
        lambda: s2sad.jvp(f, args, (dot, *rest)),
        lambda: s2sad.hvp(f, args, (dot, *rest)),
    ):
        assert captured(run) == expected


@pytest.mark.parametrize("f, args", SHOWN)
def test_pullbacks_show_nothing(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    made: list[Any] = []
    assert captured(lambda: made.append(s2sad.vjp(f, *args, wrt=0))) == captured(lambda: f(*args))
    y, pullback = made[0]
    bars: list[Any] = []
    seed = type(y)(1.0)
    assert captured(lambda: bars.extend((pullback(seed), pullback(seed)))) == ("", "")
    np.testing.assert_array_equal(bars[0][0], bars[1][0])


def test_shown_at_the_level_of_the_trace() -> None:
    derivative = s2sad.derive(shows, level="trace", types=(X, 2.0))
    assert captured(lambda: derivative.fn(X, 2.0)) == captured(lambda: shows(X, 2.0))


def test_prints_are_readable() -> None:
    text = str(s2sad.derive(loops, types="x: float, n: int"))
    assert "        print(f'{i}: {total}')\n" in text and text.count("print(") == 3


def test_log_records(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tests.effects"):
        assert s2sad.value_and_grad(logs)(3.0) == (9.0, 6.0)
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("INFO", "y is 9.0"), ("WARNING", "again 9.000")]


def test_warnings() -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", RuntimeWarning)
        assert s2sad.grad(warns)(3.0) == 6.0
    assert [str(w.message) for w in found if w.category is RuntimeWarning] == ["x is 3.0"]


def test_list_from_outside() -> None:
    HISTORY.clear()
    assert s2sad.grad(remembers)(1.5, 2) == 4 * 1.5**3
    assert HISTORY == [1.5**2, 1.5**4]
    s2sad.jvp(remembers, (1.5, 2), (1.0, None))
    assert HISTORY == [1.5**2, 1.5**4] * 2 and all(type(v) is float for v in HISTORY)
    s2sad.vjp(remembers, 1.5, 2)[1](1.0)
    assert len(HISTORY) == 6
    program = program_of(s2sad.grad(remembers), "test")[0]
    before = dispatch_for(program).kernel((1.5, 2))
    s2sad.grad(remembers)(1.5, 2)
    assert dispatch_for(program).kernel((1.5, 2)) is before


def test_list_of_a_closure() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x * 2.0)
        return np.sum(x * x)

    np.testing.assert_array_equal(s2sad.grad(f)(X), 2.0 * X)
    np.testing.assert_array_equal(kept, [2.0 * X])


def both(x: Any, w: Any) -> Any:
    print("x is", x)
    HISTORY.append(float(w))
    return np.sin(x) * w


def third(x: Any) -> Any:
    print("x is", x)
    return np.sum(x**3)


def timed(x: Any) -> Any:
    start = time.perf_counter()
    y = x * x
    print("took a moment" if time.perf_counter() >= start else "went back")
    return y


def of_the_time(x: Any) -> Any:
    return x * time.time()


def test_jacobians_show_once() -> None:
    HISTORY.clear()
    expected = captured(lambda: both(X, 2.0))
    for operator in (s2sad.jacrev, s2sad.jacfwd):
        made: list[Any] = []
        assert captured(lambda operator=operator, made=made: made.append(operator(both)(X, 2.0))) == expected
        np.testing.assert_allclose(made[0], np.diag(2.0 * np.cos(X)))
    assert HISTORY == [2.0, 2.0, 2.0]


def test_hessians_show_once() -> None:
    expected = captured(lambda: third(X))
    for operator in (s2sad.hessian, lambda f: s2sad.jacfwd(s2sad.grad(f)), lambda f: s2sad.jacrev(s2sad.jacrev(f)),
                     lambda f: s2sad.jacrev(s2sad.grad(f))):
        made: list[Any] = []
        assert captured(lambda operator=operator, made=made: made.append(operator(third)(X))) == expected
        np.testing.assert_allclose(made[0], np.diag(6.0 * X))


def test_linearize_shows_once() -> None:
    made: list[Any] = []
    assert captured(lambda: made.extend(s2sad.linearize(third, X))) == captured(lambda: third(X))
    y, along = made
    dots: list[Any] = []
    assert captured(lambda: dots.extend((along(X), along(2.0 * X)))) == ("", "")
    assert y == third(X) and dots[1] == 2.0 * dots[0]


def test_clocks() -> None:
    value, slope = s2sad.value_and_grad(timed)(3.0)
    assert (value, slope) == (9.0, 6.0)
    assert s2sad.jacfwd(timed)(3.0) == 6.0
    before = time.time()
    assert before <= s2sad.grad(of_the_time)(3.0) <= time.time()
    assert before <= s2sad.jacrev(of_the_time)(3.0) <= time.time()
    with pytest.raises(ArgumentError, match="depends on a clock"):
        s2sad.jacfwd(of_the_time)(3.0)


def test_copy_is_refused_for_jacobians_with_effects() -> None:
    with pytest.raises(ArgumentError, match="copy=False"):
        s2sad.jacfwd(third, copy=False)(X)


def test_machine_code_falls_back() -> None:
    pytest.importorskip("numba")
    expected = captured(lambda: third(X))
    made: list[Any] = []
    with pytest.warns(FallbackWarning, match="does more than compute: print"):
        assert captured(lambda: made.append(s2sad.grad(third, backend="numba")(X)))[0] == expected[0]
    np.testing.assert_allclose(made[0], 3.0 * X**2)
    with pytest.warns(FallbackWarning, match="does more than compute: print"):
        assert captured(lambda: made.append(s2sad.vjp(third, X, backend="numba")))[0] == expected[0]
    assert captured(lambda: made[1][1](1.0)) == ("", "")


def counts(x: Any) -> Any:
    global COUNT, LAST
    COUNT += 1
    LAST = np.sin(x)
    return np.sum(x * x) * COUNT


def counts_everywhere(x: Any, n: Any) -> Any:
    global COUNT
    y = counted(x)
    for i in range(n):
        if i % 2 == 0:
            COUNT += 1
        y = y + counted(x) * i
    while COUNT < 10:
        COUNT = COUNT + 2
        y = y * 1.5
    return y + counts_down(x, 3)


def counted(x: Any) -> Any:
    return x * COUNT


def counts_down(x: Any, n: Any) -> Any:
    global COUNT, TOTAL
    COUNT += 1
    TOTAL += float(x)
    if n == 0:
        return x
    return counts_down(np.sin(x), n - 1) * COUNT


def inner_counts(x: Any) -> Any:
    COUNT = 2.0

    def note() -> None:
        global COUNT
        COUNT += 1

    note()
    note()
    return x * x * COUNT


def read_at_once(x: Any) -> Any:
    global TOTAL
    TOTAL = x * x
    print(TOTAL)
    return TOTAL * x


def passes_through(x: Any) -> Any:
    global TOTAL
    TOTAL = x * x
    if x > 0.0:
        x = x * 2.0
    return TOTAL * x


def passes_through_a_callee(x: Any, n: int = 2) -> Any:
    global TOTAL
    if n == 0:
        return TOTAL * x
    TOTAL = x * 2.0
    return passes_through_a_callee(x * x, n - 1)


def keeps_what_may_change(x: Any) -> Any:
    global LAST
    y = x * 2.0
    LAST = y
    y[0] = 1.0
    return np.sum(y * x)


def sums(x: Any) -> Any:
    global TOTAL
    TOTAL += x
    return x * x


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The globals as they are at first, now and afterwards."""
    for name, value in (("COUNT", 0), ("TOTAL", 0.0), ("LAST", None)):
        monkeypatch.setitem(globals(), name, value)
    return globals()


@pytest.mark.parametrize("f, args", [(counts, (X,)), (counts_everywhere, (0.7, 4)), (inner_counts, (0.7,)),
                                     (sums, (0.7,))])
def test_globals_are_written_once(f: Callable[..., Any], args: tuple[Any, ...], module: Any) -> None:
    dot = np.ones_like(args[0]) if isinstance(args[0], np.ndarray) else 1.0
    rest = (None,) * (len(args) - 1)

    def run(what: Callable[[], Any]) -> tuple[Any, Any]:
        module.update(COUNT=0, TOTAL=0.0, LAST=None)
        made = what()
        return made, (module["COUNT"], module["TOTAL"], module["LAST"])

    value, expected = run(lambda: f(*args))
    eps = 1e-6
    slope = (run(lambda: f(args[0] + eps, *args[1:]))[0] - run(lambda: f(args[0] - eps, *args[1:]))[0]) / (2.0 * eps)
    for _ in range(2):
        (y, gradient), after = run(lambda: s2sad.value_and_grad(f)(*args))
        np.testing.assert_equal((y, after), (value, expected))
        np.testing.assert_allclose(np.sum(gradient), slope, rtol=1e-6)
        (y, dot_y), after = run(lambda: s2sad.jvp(f, args, (dot, *rest)))
        np.testing.assert_equal((y, after), (value, expected))
        np.testing.assert_allclose(dot_y, slope, rtol=1e-6)
        (y, pullback), after = run(lambda: s2sad.vjp(f, *args, wrt=0))
        np.testing.assert_equal((y, after), (value, expected))
        np.testing.assert_allclose(np.sum(pullback(1.0)[0]), slope, rtol=1e-6)
        np.testing.assert_equal(run(lambda pullback=pullback: pullback(1.0))[1], (0, 0.0, None))


def test_a_global_of_another_type(module: Any) -> None:
    assert s2sad.grad(counts)(2.0) == 4.0 and module["COUNT"] == 1
    module["COUNT"] = 0.5
    assert s2sad.grad(counts)(2.0) == 6.0 and module["COUNT"] == 1.5
    assert s2sad.grad(counts)(2.0) == 10.0 and module["COUNT"] == 2.5


@pytest.mark.parametrize("f", [passes_through, passes_through_a_callee])
def test_no_derivative_passes_through_a_global(f: Callable[..., Any], module: Any) -> None:
    for run in (lambda: s2sad.grad(f)(2.0), lambda: s2sad.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(TypeRefusal, match=r"test_effects.py:\d+:.*is written to this global depends on"):
            run()


def test_a_global_that_is_read_at_once(module: Any) -> None:
    assert s2sad.grad(read_at_once)(2.0) == 12.0 and module["TOTAL"] == 4.0
    assert s2sad.jvp(read_at_once, (2.0,), (1.0,)) == (8.0, 12.0)


def test_arrays_that_may_change_are_not_stored(module: Any) -> None:
    with pytest.raises(TypeRefusal, match="store a copy"):
        s2sad.grad(keeps_what_may_change)(X)


def test_jacobians_and_globals(module: Any) -> None:
    assert s2sad.jacfwd(sums)(3.0) == 6.0 and module["TOTAL"] == 3.0
    with pytest.raises(ArgumentError, match="it reads a global that it writes to"):
        s2sad.jacfwd(counts)(X)
    assert s2sad.jacrev(counts)(2.0) == 4.0 * module["COUNT"]


def test_an_array_in_a_global_is_its_own(module: Any) -> None:
    s2sad.grad(counts)(X)
    np.testing.assert_array_equal(module["LAST"], np.sin(X))


def stops(x: Any, p: Any) -> Any:
    y = np.sin(x)
    z = y * p["w"]
    breakpoint()
    return z * z


def test_breakpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def hook() -> None:
        frame = sys._getframe(1)
        seen.append((frame.f_code.co_filename, frame.f_lineno, dict(frame.f_locals)))

    monkeypatch.setattr(sys, "breakpointhook", hook)
    p = {"w": 2.0}
    derivative = s2sad.derive(stops, "grad", "x", types=(0.5, p))
    assert derivative.fn(0.5, p) == s2sad.grad(stops)(0.5, p) == 4.0 * 2.0 * np.sin(0.5) * np.cos(0.5)
    assert len(seen) == 2
    file, line, names = seen[0]
    assert linecache.getline(file, line).strip() == "breakpoint()"
    assert names["x"] == 0.5 and names["y"] == np.sin(0.5) and names["z"] == 2.0 * np.sin(0.5)
    s2sad.jacfwd(stops)(0.5, p)
    assert len(seen) == 3


def inverse(A: Any) -> Any:
    print("before")
    try:
        B = np.linalg.inv(A)
        print("inside", B)
    except np.linalg.LinAlgError:
        print("singular")
        raise ValueError("singular") from None
    print("after")
    return np.sum(B * B)


def cleaned(x: Any, y: Any) -> Any:
    try:
        z = x / y
        print("z", z)
    except ZeroDivisionError:
        z = x
        print("none", z)
    else:
        print("else")
        return z * z
    finally:
        x = x * 100.0
        print("finally", x)
    return z * x


@pytest.mark.parametrize("A", [np.eye(2) * 2.0, np.zeros((2, 2))])
def test_effects_of_a_handler_that_raises(A: Any) -> None:
    def run(what: Callable[[], Any]) -> str:
        try:
            what()
        except ValueError as error:
            print(f"ValueError: {error}")
        return "done"

    expected = captured(lambda: run(lambda: inverse(A)))
    for derivative in (lambda: s2sad.grad(inverse)(A), lambda: s2sad.jvp(inverse, (A,), (A,)),
                       lambda: s2sad.vjp(inverse, A), lambda: s2sad.hessian(inverse)(A)):
        assert captured(lambda derivative=derivative: run(derivative)) == expected


@pytest.mark.parametrize("y", [2.0, 0.0])
def test_effects_of_every_part_of_a_try(y: float) -> None:
    expected = captured(lambda: cleaned(3.0, y))
    assert captured(lambda: s2sad.grad(cleaned)(3.0, y)) == expected
    assert captured(lambda: s2sad.vjp(cleaned, 3.0, y)[1](1.0)) == expected
    assert captured(lambda: s2sad.jvp(cleaned, (3.0, y), (1.0, 0.0))) == expected


def writes_a_file(x: Any, name: str) -> Any:
    with open(name, "w") as file:
        file.write(f"{x}\n")
        file.flush()
        y = np.sin(x)
        print("y", y, file=file)
    return y * y


def touches(x: Any, name: str) -> Any:
    with open(name, "w"):
        pass
    return x * x


def test_a_file_is_opened_for_nothing_else(tmp_path: Any) -> None:
    assert s2sad.grad(touches)(2.0, str(tmp_path / "log.txt")) == 4.0
    assert (tmp_path / "log.txt").exists()


def test_a_file_is_written_once(tmp_path: Any) -> None:
    name = str(tmp_path / "log.txt")
    for run in (lambda: s2sad.grad(writes_a_file)(2.0, name),
                lambda: s2sad.jvp(writes_a_file, (2.0, name), (1.0, None)),
                lambda: s2sad.vjp(writes_a_file, 2.0, name, wrt=0)[1](1.0)):
        run()
        assert (tmp_path / "log.txt").read_text() == f"2.0\ny {np.sin(2.0)}\n"
        (tmp_path / "log.txt").unlink()
    with pytest.raises(ArgumentError, match="it opens a file"):
        s2sad.jacfwd(writes_a_file)(2.0, name)
    assert not (tmp_path / "log.txt").exists()


QUEUE: queue.Queue[Any] = queue.Queue()


def uses_the_library(x: Any) -> Any:
    pprint.pprint({"x": x, "y": x * 2.0}, width=20)
    QUEUE.put(float(x))
    QUEUE.put(f"{x}")
    logger = logging.getLogger("tests.effects")
    logger.setLevel(logging.INFO)
    time.sleep(0.0)
    sys.stdout.flush()
    return x * x


def test_statements_that_call_the_library() -> None:
    expected = captured(lambda: uses_the_library(2.0))
    assert captured(lambda: s2sad.grad(uses_the_library)(2.0)) == expected
    assert captured(lambda: s2sad.jacfwd(uses_the_library)(2.0)) == expected
    assert [QUEUE.get_nowait() for _ in range(QUEUE.qsize())] == [2.0, "2.0"] * 3


DEBUGGED = """
import pdb
import s2sad


def f(x):
    y = x * 3.0
    pdb.set_trace()
    return y * y


print(s2sad.grad(f)(2.0))
"""


def test_pdb(tmp_path: Any) -> None:
    file = tmp_path / "debugged.py"
    file.write_text(DEBUGGED)
    run = subprocess.run([sys.executable, str(file)], input="p ('y is', y)\nlist\ncontinue\n", capture_output=True,
                         text=True, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert "('y is', 6.0)" in run.stdout and "    pdb.set_trace()" in run.stdout
    assert run.stdout.rstrip().endswith("36.0")


def reports(x: Any, callback: Callable[[Any], Any]) -> Any:
    callback(x)
    callback(x * x)
    return x * x


def test_callbacks(capsys: pytest.CaptureFixture[str]) -> None:
    kept: list[Any] = []
    assert s2sad.grad(reports)(3.0, kept.append) == 6.0 and kept == [3.0, 9.0]
    assert s2sad.grad(reports)(3.0, print) == 6.0 and capsys.readouterr().out == "3.0\n9.0\n"
    assert s2sad.grad(reports)(3.0, lambda v: HISTORY.append(v)) == 6.0 and HISTORY[-2:] == [3.0, 9.0]
    assert s2sad.grad(reports)(3.0, lambda v: print("now", v)) == 6.0
    assert capsys.readouterr().out == "now 3.0\nnow 9.0\n"


def cubes(y: Any) -> Any:
    print("cubes", y)
    return y**3


def gradient_inside(x: Any) -> Any:
    return np.sum(s2sad.grad(lambda y: np.sum(cubes(y)))(x)) + np.sum(s2sad.jvp(cubes, (x,), (x,))[1])


def jacobian_inside(x: Any) -> Any:
    return np.sum(s2sad.jacfwd(cubes)(x))


def pullback_inside(x: Any) -> Any:
    y, pullback = s2sad.vjp(cubes, x)
    return np.sum(pullback(np.ones(3))[0])


def test_operators_inside() -> None:
    assert captured(lambda: s2sad.grad(gradient_inside)(X)) == captured(lambda: gradient_inside(X))
    for f in (jacobian_inside, pullback_inside):
        with pytest.raises(UnsupportedError, match="print in it would run twice"):
            s2sad.grad(f)(X)
