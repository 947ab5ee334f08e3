"""Functions that change arrays in loops and branches: which copies there are, and what is printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad.build.transform import finished, transform
from s2sad.frontend.steps import Step
from s2sad.passes.own import own
from s2sad.trace.ir import Along, Op, Trace
from s2sad.trace.walk import statements
from tests.emit.make import (
    BOOL,
    INT,
    NP0,
    VECTOR,
    B,
    Block,
    For,
    If,
    Lit,
    Next,
    Return,
    Tape,
    Yield,
    arg,
    body_of,
    emit,
    function,
    line,
    run,
    upto,
    var,
)

EDGES = (slice(None, -2), slice(1, -1), slice(2, None))


def copies(trace: Trace) -> int:
    return sum(isinstance(s, Op) and s.fn == "copy" for s in statements(trace.body))


def stencil(linear: bool) -> Trace:
    """``A[1:-1] = …`` in a time loop."""
    a, k, n, t, p, r = (var("A", VECTOR), var("k"), var("T", INT), var("t", INT), var("A", VECTOR), var("A", VECTOR))
    text = "(A[:-2] + A[1:-1] + A[2:]) / 3" if linear else "A[1:-1] + k * A[:-2] * A[2:]"
    w = B("primal", line(3, f"A[1:-1] = {text}"))
    low, middle, high = (w.op("getitem", p, index=arg(s)) for s in EDGES)
    if linear:
        v = w.op("/", w.op("+", w.op("+", low, middle), high), Lit(3))
    else:
        v = w.op("+", middle, w.op("*", w.op("*", k, low), high))
    new = w.op("setitem", p, v, index=arg(slice(1, -1)), hint="A")
    loop = For(t, upto(n), (p,), (a,), w.block(Next((new,))), (r,))
    return function("smooth", [a, k, n], Block((loop,), Return((r,))))


def test_linear_stencil() -> None:
    trace = finished(transform(stencil(True), Step("vjp", (0,))))
    assert body_of(emit(trace), "smooth_vjp").partition('"""\n')[2] == """\
    # Forward sweep.
    A = A.copy()
    for t in range(T):
        A[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3

    # Reverse sweep.
    A_bar = A_bar.copy()
    for t in reversed(range(T)):
        # A[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3
        v1_bar = A_bar[1:-1] / 3
        A_bar[1:-1] = v1_bar
        A_bar[2:] += v1_bar
        A_bar[:-2] += v1_bar
    return A, A_bar"""


def test_linear_stencil_forward() -> None:
    text = emit(finished(transform(stencil(True), Step("jvp", (0,)))))
    assert body_of(text, "smooth_jvp").partition('"""\n')[2] == """\
    A = A.copy()
    A_dot = A_dot.copy()
    for t in range(T):
        A_dot[1:-1] = (A_dot[:-2] + A_dot[1:-1] + A_dot[2:]) / 3
        A[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3
    return A, A_dot"""


@pytest.mark.parametrize("linear", [True, False])
def test_stencil_adjoints_agree_with_tangents(linear: bool) -> None:
    rng = np.random.default_rng(1)
    a, a_dot, bar = rng.normal(size=(3, 7))
    steps = (Step("jvp", (0,)), Step("vjp", (0,)), Step("pullback", (0,)))
    texts = [emit(finished(transform(stencil(linear), s))) for s in steps]
    for n in (0, 1, 4):
        before = a.copy()
        y, y_dot = run(texts[0], "smooth_jvp", a, 0.3, n, a_dot)
        same, a_bar = run(texts[1], "smooth_vjp", a, 0.3, n, bar)
        again, pullback = run(texts[2], "smooth_vjp", a, 0.3, n)
        assert (y == same).all() and (y == again).all() and (a == before).all()
        small = 1e-6
        up, down = (run(texts[0], "smooth_jvp", a + s * small * a_dot, 0.3, n, a_dot)[0] for s in (1, -1))
        np.testing.assert_allclose(y_dot, (up - down) / (2 * small), rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(bar @ y_dot, a_bar @ a_dot, rtol=1e-12)
        for _ in range(2):
            np.testing.assert_array_equal(pullback(bar), a_bar)


def test_views_are_put_on_tapes_as_copies() -> None:
    """``A_tape.append(A[1:-1].copy())`` before the slice is overwritten; the loop does not copy the buffer."""
    a, n, t, p, r = var("x", VECTOR), var("T", INT), var("t", INT), var("A", VECTOR), var("A", VECTOR)
    tape = var("A_tape", Tape(VECTOR))
    b, w = B("primal"), B("primal")
    start = b("copy", a, t=VECTOR, hint="A")
    old = w.op("getitem", p, index=arg(slice(1, -1)))
    kept = w.op("getitem", p, index=arg(slice(1, -1)))
    new = w.op("setitem", p, w.op("*", old, Lit(2.0)), index=arg(slice(1, -1)), hint="A")
    b.add(For(t, upto(n), (p,), (start,), w.block(Next((new,), (kept,))), (r,), outs=(tape,)))
    c, item, q, s = B("adjoint"), var("", old.type), var("A", VECTOR), var("A", VECTOR)
    back = c("setitem", q, item, index=slice(1, -1), t=VECTOR, hint="A")
    total, more = var("k"), var("k")
    c2 = c("+", total, c("np.sum", back, t=NP0), hint="k")
    b.add(For(var("t", INT), Along(tape), (q, total), (r, Lit(0.0)), c.block(Next((back, c2))), (s, more), True,
              (item,), (tape,), sweep="adjoint"))
    trace = own(function("f", [a, n], b.block(Return((s, more))), 2, given=()))
    assert copies(trace) == 2
    text = emit(trace)
    assert "        A_tape.append(A[1:-1].copy())\n        A[1:-1] *= 2.0\n" in text
    assert "        A[1:-1] = A_tape.pop()\n" in text
    x = np.array([1.0, 2.0, 3.0])
    first, second = run(text, "f", x, 3)
    assert list(first) == [1.0, 2.0, 3.0] and second == sum(4.0 + 2.0 * 2**k for k in range(3))


def test_two_buffers_change_places() -> None:
    """``u, v = v, u`` at the end of an iteration: no copy in the loop."""
    x, n, i, j = var("x", VECTOR), var("n", INT), var("i", INT), var("j", INT)
    u, v, u1, v1, q, r = (var(h, VECTOR) for h in ("u", "v", "u", "v", "v", "v"))
    b, w, inner = B("primal"), B("primal"), B("primal")
    u0, v0 = b("copy", x, t=VECTOR, hint="u"), b("np.zeros_like", x, t=VECTOR, hint="v")
    value = inner("*", inner("getitem", u, index=j, t=NP0), 2.0, t=NP0)
    new = inner("setitem", q, value, index=j, t=VECTOR, hint="v")
    w.add(For(j, upto(n), (q,), (v,), inner.block(Next((new,))), (r,)))
    b.add(For(i, upto(3), (u, v), (u0, v0), w.block(Next((r, u))), (u1, v1)))
    trace = own(function("f", [x, n], b.block(Return((u1, v1))), 2, given=()))
    assert copies(trace) == 1
    text = emit(trace)
    assert body_of(text) == """\
def f(x, n):
    u = x.copy()
    v = np.zeros_like(x)
    for i in range(3):
        for j in range(n):
            v[j] = u[j] * 2.0
        u, v = v, u
    return u, v"""
    first, second = run(text, "f", np.array([1.0, 3.0]), 2)
    assert list(first) == [8.0, 24.0] and list(second) == [4.0, 12.0]


def test_one_buffer_under_two_names_is_copied() -> None:
    """Both loop variables start as one array: they are different values after the first store."""
    x, i, u, v, u1, v1 = var("x", VECTOR), var("i", INT), *(var(h, VECTOR) for h in ("u", "v", "u", "v"))
    b, w = B("primal"), B("primal")
    u0 = b("copy", x, t=VECTOR, hint="u")
    new = w("setitem", u, 7.0, index=0, t=VECTOR, hint="u")
    b.add(For(i, upto(2), (u, v), (u0, u0), w.block(Next((new, v))), (u1, v1)))
    text = emit(own(function("f", [x], b.block(Return((u1, v1))), 2, given=())))
    first, second = run(text, "f", np.array([1.0]))
    assert list(first) == [7.0] and list(second) == [1.0]


def test_new_array_each_step() -> None:
    """What the iteration at hand has allocated is not what is on the tape."""
    x, n, i, j = var("x", VECTOR), var("n", INT), var("i", INT), var("j", INT)
    p, r, q, s = (var(h, VECTOR) for h in "AABB")
    tape = var("A_tape", Tape(VECTOR))
    b, w, inner = B("primal"), B("primal"), B("primal")
    start = b("copy", x, t=VECTOR, hint="A")
    z = w("np.zeros_like", p, t=VECTOR, hint="B")
    value = inner("*", inner("getitem", p, index=j, t=NP0), 2.0, t=NP0)
    new = inner("setitem", q, value, index=j, t=VECTOR, hint="B")
    w.add(For(j, upto(n), (q,), (z,), inner.block(Next((new,))), (s,)))
    b.add(For(i, upto(3), (p,), (start,), w.block(Next((s,), (p,))), (r,), outs=(tape,)))
    c, total, last, item = B("adjoint"), var("k"), var("k"), var("A", VECTOR)
    more = c("+", total, c("np.sum", item, t=NP0), hint="k")
    b.add(For(var("i", INT), Along(tape), (total,), (Lit(0.0),), c.block(Next((more,))), (last,), True, (item,),
              (tape,), sweep="adjoint"))
    trace = own(function("f", [x, n], b.block(Return((r, last))), 2, given=()))
    assert copies(trace) == 1
    first, second = run(emit(trace), "f", np.array([1.0, 2.0]), 2)
    assert list(first) == [8.0, 16.0] and second == 3.0 * (1 + 2 + 4)


def branch(inplace: tuple[int, ...]) -> Trace:
    x, c, r, b = var("x", VECTOR), var("c", BOOL), var("x", VECTOR), B("primal")
    side = b.sub()
    new = side("setitem", x, 1.0, index=0, t=VECTOR, hint="x")
    b.add(If(c, side.block(Yield((new,))), Block((), Yield((x,))), (r,)))
    last = b("setitem", r, 2.0, index=1, t=VECTOR, hint="x")
    return own(function("f", [x, c], b.block(Return((last,))), inplace=inplace))


def test_arguments_are_copied_once_on_entry() -> None:
    text = emit(branch(()))
    assert body_of(text) == """\
def f(x, c):
    x = x.copy()
    if c:
        x[0] = 1.0
    x[1] = 2.0
    return x"""
    given = np.zeros(2)
    assert list(run(text, "f", given, True)) == [1.0, 2.0] and list(given) == [0.0, 0.0]


def test_arguments_that_may_change_are_not_copied() -> None:
    trace = branch((0,))
    assert copies(trace) == 0
    given = np.zeros(2)
    assert run(emit(trace), "f", given, False) is given and list(given) == [0.0, 2.0]


def test_the_argument_as_it_was_is_read_later() -> None:
    x, b = var("x", VECTOR), B("primal")
    new = b("setitem", x, 1.0, index=0, t=VECTOR, hint="x")
    total = b("np.sum", x, t=NP0, hint="s")
    trace = own(function("f", [x], b.block(Return((new, total))), 2))
    assert copies(trace) == 1
    changed, total_before = run(emit(trace), "f", np.array([5.0, 6.0]))
    assert list(changed) == [1.0, 6.0] and total_before == 11.0


def test_shapes_are_asked_of_the_latest_version() -> None:
    """The old version's memory is gone, its shape is not: no copy for ``zeros_like``."""
    x, b = var("x", VECTOR), B("primal")
    y = b("*", x, 2.0, t=VECTOR, hint="y")
    new = b("setitem", y, 1.0, index=0, t=VECTOR, hint="y")
    z = b("zeros_like", y, t=VECTOR, hint="z")
    trace = finished(function("f", [x], b.block(Return((new, z))), 2, given=()))
    assert copies(trace) == 0
    assert [list(a) for a in run(emit(trace), "f", np.array([5.0, 6.0]))] == [[1.0, 12.0], [0.0, 0.0]]


@pytest.mark.parametrize(("fn", "index", "same"), [("setitem", 0, False), ("scatter_add", slice(None), True)])
def test_a_view_in_a_branch_is_copied_there(fn: str, index: Any, same: bool) -> None:
    x, c, r, b = var("x", VECTOR), var("c", BOOL), var("", VECTOR), B("adjoint")
    y = b("*", x, 1.0, t=VECTOR, hint="y")
    side = b.sub()
    old = side("getitem", y, index=slice(0, 1), t=VECTOR)
    b.add(If(c, side.block(Yield((old,))), Block((), Yield((Lit(0.0),))), (r,), sweep="adjoint"))
    new = b(fn, y, 5.0, index=index, t=VECTOR, hint="y")
    trace = own(function("f", [x, c], b.block(Return((new, r))), 2))
    assert copies(trace) == 1
    changed, kept = run(emit(trace), "f", np.array([1.0, 2.0]), True)
    assert list(kept) == [1.0] and list(changed) == ([6.0, 7.0] if same else [5.0, 2.0])
    assert run(emit(trace), "f", np.array([1.0, 2.0]), False)[1] == 0.0
