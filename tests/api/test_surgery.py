"""Blocks that a program puts into its reverse sweep: what they do there, when they run, and what they may not do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import adjoint_of, derive, grad, jvp
from s2sad.errors import Refusal

bound = 1.0


def clipped(x: Any) -> Any:
    h = x * x
    with adjoint_of(h) as h_bar:
        h_bar = np.clip(h_bar, -bound, bound)
    return 5.0 * h


def recurrent(x: Any, W: Any, n: Any) -> Any:
    hs = [np.tanh(x)]
    for t in range(n):
        h = np.tanh(W @ hs[t] + x)
        with s2sad.adjoint_of(h) as h_bar:
            h_bar = np.clip(h_bar, -0.1, 0.1)
        hs.append(h)
    return np.sum(hs[-1] ** 2)


def by_hand(x: Any, W: Any, n: int) -> tuple[Any, Any]:
    hs = [np.tanh(x)]
    for t in range(n):
        hs.append(np.tanh(W @ hs[t] + x))
    x_bar, W_bar, h_bar = np.zeros_like(x), np.zeros_like(W), 2.0 * hs[-1]
    for t in reversed(range(n)):
        h_bar = np.clip(h_bar, -0.1, 0.1)
        z_bar = h_bar * (1.0 - hs[t + 1] ** 2)
        x_bar, W_bar, h_bar = x_bar + z_bar, W_bar + np.outer(z_bar, hs[t]), W.T @ z_bar
    return x_bar + h_bar * (1.0 - hs[0] ** 2), W_bar


def test_the_block_runs_where_the_adjoint_is_known() -> None:
    assert grad(clipped)(3.0) == 6.0
    assert clipped(3.0) == 45.0
    assert s2sad.value_and_grad(clipped)(3.0) == (45.0, 6.0)
    value, pullback = s2sad.vjp(clipped, 3.0)
    assert (value, pullback(0.1)[0], pullback(-9.0)[0]) == (45.0, 3.0, -6.0)


def test_clipped_adjoints_of_a_recurrent_network() -> None:
    x, W = np.array([0.3, -0.5, 0.9]), np.array([[0.9, 0.4, -0.2], [0.2, 1.1, 0.3], [-0.6, 0.5, 0.8]])
    for n in (0, 1, 5):
        got = grad(recurrent, wrt=(0, 1))(x, W, n)
        for a, b in zip(got, by_hand(x, W, n)):
            np.testing.assert_allclose(a, b, rtol=1e-14)


def test_the_text_has_the_block_in_the_reverse_sweep() -> None:
    text = derive(recurrent, types="x: f8[:], W: f8[:, :], n: int").source
    assert re.search(r"h_bar = np.clip\(hs_bar\[-1\], -0.1, 0.1\) +# with s2sad.adjoint_of\(h\) as h_bar:\n", text)
    for level in ("source", "trace"):
        assert "h_bar = np.clip(" in derive(clipped, types="x: float", level=level).source
        assert "np.clip" not in derive(clipped, "forward", types="x: float", level=level).source


def test_forward_mode_takes_no_notice() -> None:
    assert jvp(clipped, (3.0,), (1.0,)) == (45.0, 30.0)
    assert float(s2sad.jacfwd(clipped)(3.0)) == 30.0


def test_the_block_is_part_of_the_program_that_is_differentiated_again() -> None:
    # The first derivative is 2 x times 5 clipped to 1: the clipped adjoint does not move.
    assert grad(grad(clipped))(3.0) == 2.0
    assert jvp(grad(clipped), (3.0,), (1.0,)) == (6.0, 2.0)

    def squared(x: Any) -> Any:
        h = x * x
        with adjoint_of(h) as h_bar:
            h_bar = h_bar * x
        return h

    # d = 2 x · x, and d' = 4 x.
    assert grad(squared)(3.0) == 18.0
    assert jvp(grad(squared), (3.0,), (1.0,)) == (18.0, 12.0)
    assert grad(grad(squared))(3.0) == 12.0


def test_the_block_is_not_run_again_for_the_adjoint_of_the_adjoint() -> None:
    def powers(x: Any) -> Any:
        h = x * x
        with adjoint_of(h) as h_bar:
            h_bar = h_bar * h_bar * x
        return h * h

    # d = 2 x · (2 h)² x = 8 x⁶.
    assert grad(powers)(0.5) == 8 * 0.5**6
    assert grad(grad(powers))(0.5) == jvp(grad(powers), (0.5,), (1.0,))[1] == 48 * 0.5**5

    def loop(x: Any) -> Any:
        y = np.array([x, 2 * x])
        for _ in range(3):
            y[0] = y[0] * y[1]
            with adjoint_of(y) as y_bar:
                y_bar = y_bar * y
            y[1] = np.sin(y[0]) + y[1]
        return np.sum(y * y)

    x, d = 0.7, 1e-6
    slope = (grad(loop)(x + d) - grad(loop)(x - d)) / (2 * d)
    assert grad(grad(loop))(x) == pytest.approx(slope, rel=1e-7)
    assert jvp(grad(loop), (x,), (1.0,))[1] == pytest.approx(grad(grad(loop))(x), rel=1e-12)


def test_numbers_from_outside_are_read_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert grad(clipped)(3.0) == 6.0
    monkeypatch.setattr(sys.modules[__name__], "bound", 2.0)
    assert grad(clipped)(3.0) == 12.0


def test_effects_happen_once_and_in_the_order_of_the_reverse_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        h = x
        for k in range(3):
            h = h * x
            print("forward", k)
            with adjoint_of(h) as h_bar:
                print("adjoint", k, h_bar)
        return h

    capsys.readouterr()
    assert grad(f)(2.0) == 32.0
    assert capsys.readouterr().out.splitlines() == [
        *(f"forward {k}" for k in range(3)), "adjoint 2 1.0", "adjoint 1 2.0", "adjoint 0 4.0"]


norms: list[float] = []


def test_a_block_may_log_and_draw() -> None:
    rng = np.random.default_rng(0)

    def f(x: Any, rng: Any) -> Any:
        h = np.sin(x)
        with adjoint_of(h) as h_bar:
            norms.append(np.linalg.norm(h_bar))
            h_bar = h_bar + 0.1 * rng.normal()
        return np.sum(h * h)

    x = np.array([0.3, 0.5])
    norms.clear()
    got = grad(f)(x, rng)
    noise = 0.1 * np.random.default_rng(0).normal()
    np.testing.assert_allclose(got, (2.0 * np.sin(x) + noise) * np.cos(x), rtol=1e-14)
    assert norms == [np.linalg.norm(2.0 * np.sin(x))]


def test_blocks_and_contexts_in_each_other() -> None:
    def f(x: Any) -> Any:
        with np.errstate(divide="ignore"):
            y = np.sqrt(x)
            with adjoint_of(y) as y_bar:
                try:
                    with np.errstate(all="ignore"):
                        y_bar = 1.0 / (y_bar - 2.0)
                except ZeroDivisionError:
                    y_bar = 7.0
        return 2.0 * y

    assert grad(f)(4.0) == 7.0 / 4.0
    assert jvp(f, (4.0,), (1.0,)) == (4.0, 0.5)


def test_without_an_adjoint_the_block_does_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any, y: Any) -> Any:
        h = y * 2.0
        with adjoint_of(h) as h_bar:
            print("adjoint", h_bar)
        return x * h

    capsys.readouterr()
    assert grad(f)(2.0, 3.0) == 6.0
    assert capsys.readouterr().out == ""
    assert grad(f, wrt=1)(2.0, 3.0) == 4.0
    assert capsys.readouterr().out == "adjoint 2.0\n"


def test_in_the_program_itself_the_block_sees_zeros() -> None:
    seen = []
    h = (2.0, np.ones(2), {"n": 3, "z": np.float32(1.0)}, [np.inf])
    with adjoint_of(h) as h_bar:
        seen.append(h_bar)
    assert seen[0][0] == 0.0 and seen[0][1].tolist() == [0.0, 0.0] and seen[0][3] == [0.0]
    assert seen[0][2]["n"] is None and seen[0][2]["z"].dtype == np.float32


def test_the_block_may_raise() -> None:
    def f(x: Any) -> Any:
        h = np.sqrt(x)
        with adjoint_of(x) as x_bar:
            if not np.isfinite(x_bar):
                raise FloatingPointError("the adjoint is not finite")
        y = np.sqrt(x)
        return h + y

    assert grad(f)(4.0) == 0.5
    with np.errstate(divide="ignore"), pytest.raises(FloatingPointError, match="not finite"):
        grad(f)(0.0)


def test_an_adjoint_may_be_replaced_by_a_number_or_none() -> None:
    def f(x: Any) -> Any:
        h = x * x
        with adjoint_of(h) as h_bar:
            h_bar = 7  # noqa: F841
        return np.sum(h)

    def g(x: Any) -> Any:
        h = x * x
        with adjoint_of(h) as h_bar:
            h_bar = None  # noqa: F841
        return np.sum(h + x)

    x = np.ones(2, np.float32)
    assert grad(f)(x).tolist() == [14.0, 14.0] and grad(f)(x).dtype == np.float32
    assert grad(g)(x).tolist() == [1.0, 1.0]


def test_an_argument_stays_as_it_was_and_is_not_taken_for_changed() -> None:
    def f(x: Any) -> Any:
        with adjoint_of(x) as x_bar:
            x_bar *= 2.0
        return np.sum(x * x)

    x = np.array([1.0, 2.0])
    kernel_copy = x.copy()
    assert grad(f)(x).tolist() == [4.0, 8.0]
    assert (x == kernel_copy).all()
    assert "copy" not in derive(lambda x: f(x), types="x: f8[:]").source.partition("Reverse sweep")[0]


def test_machine_code_runs_blocks() -> None:
    pytest.importorskip("numba")
    x = np.array([0.3, -0.5])
    W = np.array([[0.9, 0.4], [0.2, 1.1]])
    np.testing.assert_allclose(grad(recurrent, backend="numba")(x, W, 3), grad(recurrent)(x, W, 3), rtol=1e-12)


def refused_return(x: Any) -> Any:
    with adjoint_of(x) as x_bar:
        return x_bar
    return x


def refused_reading_what_the_block_assigns(x: Any) -> Any:
    with adjoint_of(x) as x_bar:
        size = np.sum(x_bar)
    return x * size


def refused_adjoint_of_an_expression(x: Any) -> Any:
    with adjoint_of(x * 2.0) as x_bar:
        x_bar = x_bar * 2.0
    return x


def refused_adjoint_of_an_array_item(x: Any) -> Any:
    with adjoint_of(x[0]) as x_bar:
        x_bar = x_bar * 2.0
    return np.sum(x)


def refused_without_a_name(x: Any) -> Any:
    with adjoint_of(x):
        pass
    return x


def refused_under_its_own_name(x: Any) -> Any:
    with adjoint_of(x) as x:
        x = x * 2.0
    return x


def refused_two_at_once(x: Any, y: Any) -> Any:
    with adjoint_of(x) as x_bar, adjoint_of(y) as y_bar:
        x_bar, y_bar = y_bar, x_bar
    return x * y


def refused_adjoint_of_a_whole_number(x: Any) -> Any:
    n = 3
    with adjoint_of(n) as n_bar:
        n_bar = n_bar
    return x * n


def refused_change_of_a_list(x: Any) -> Any:
    log = [x]
    with adjoint_of(x) as x_bar:
        log.append(x_bar)
    return x


def refused_outside_of_with(x: Any) -> Any:
    context = adjoint_of(x)
    return x * (context is not None)


def refused_another_structure(x: Any) -> Any:
    y = x * x
    with adjoint_of(y) as y_bar:
        y_bar = (y_bar, y_bar)
    return y


@pytest.mark.parametrize(("fn", "at", "told"), [
    (refused_return, (2, 9), "leaving a block of adjoint_of"),
    (refused_reading_what_the_block_assigns, (3, 16), "'size' is assigned in a block of adjoint_of"),
    (refused_adjoint_of_an_expression, (1, 21), "an expression that is no variable"),
    (refused_adjoint_of_an_array_item, (1, 21), "an item of an array"),
    (refused_without_a_name, (1, 5), "write: with s2sad.adjoint_of"),
    (refused_under_its_own_name, (1, 5), "under the name of its variable"),
    (refused_two_at_once, (1, 45), "or of this block"),
    (refused_adjoint_of_a_whole_number, (2, 21), "has no adjoint"),
    (refused_change_of_a_list, (2, 5), "changes 'log'"),
    (refused_outside_of_with, (1, 15), "outside of a with statement"),
    (refused_another_structure, (2, 5), "gives a tuple"),
], ids=lambda v: v.__name__ if callable(v) else "")
def test_what_is_refused_and_where(fn: Any, at: tuple[int, int], told: str) -> None:
    first = fn.__code__.co_firstlineno
    args = (np.ones(2),) if fn is refused_adjoint_of_an_array_item else (2.0,) * fn.__code__.co_argcount
    with pytest.raises(Refusal, match=re.escape(told)) as caught:
        grad(fn)(*args)
    where = caught.value.where
    assert where is not None and (where.line - first, where.column) == at


SCRIPT = """
import numpy as np
import s2sad

def f(x):
    h = np.sin(x)
    with s2sad.adjoint_of(h) as h_bar:
        breakpoint()
        h_bar = h_bar * 2.0
    return 3.0 * h

print(round(s2sad.grad(f)(0.5), 6))
"""


def test_a_breakpoint_in_a_block_stops_in_the_reverse_sweep(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(SCRIPT)
    made = subprocess.run([sys.executable, str(file)], input="p h_bar\np x\nc\n", capture_output=True, text=True,
                          check=True, env={**os.environ, "S2SAD_CACHE_DIR": str(tmp_path / "cache")})
    assert "3.0" in made.stdout and "0.5" in made.stdout
    assert made.stdout.rstrip().endswith(str(round(6.0 * float(np.cos(0.5)), 6)))


def squared_adjoint(x: Any) -> Any:
    h = x * x * 0.6
    with adjoint_of(h) as h_bar:
        h_bar = h_bar * h_bar  # noqa: F841
    return h * h


@pytest.mark.parametrize("inner", [squared_adjoint, s2sad.checkpoint(squared_adjoint)], ids=["plain", "checkpoint"])
def test_the_block_of_a_called_function_is_not_run_again_either(inner: Any) -> None:
    def f(x):
        return inner(inner(x) * 2.0)

    slope, h = grad(f), 1e-6
    expected = (slope(0.7 + h) - slope(0.7 - h)) / (2.0 * h)
    assert grad(slope)(0.7) == pytest.approx(expected, rel=1e-7)
    assert jvp(slope, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-7)
