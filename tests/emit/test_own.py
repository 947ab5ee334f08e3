"""In-place updates and the copies they need."""

from __future__ import annotations

import numpy as np

from s2sad.passes.own import own
from s2sad.trace.ir import Op, Trace
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
    Leaf,
    Lit,
    Next,
    Node,
    Return,
    Yield,
    body_of,
    emit,
    function,
    run,
    upto,
    var,
)


def copies(trace: Trace) -> int:
    return sum(isinstance(s, Op) and s.fn == "copy" for s in statements(trace.body))


def bars(*leaves: int) -> Node:
    return Node("tuple", (Leaf(0), Node("tuple", tuple(map(Leaf, leaves))) if len(leaves) > 1 else Leaf(leaves[0])))


def gather(init_is_seed: bool = False, read_later: bool = False) -> Trace:
    """The adjoint of a loop over x[i]: scatters into a zero buffer, or into a seed."""
    x, seed = var("x", VECTOR), var("y_bar", VECTOR)
    b = B("adjoint")
    n = b("len", x, t=INT)
    zero = seed if init_is_seed else b("zeros_like", x, t=VECTOR, hint="x_bar")
    i, p, out = var("i", INT), var("x_bar", VECTOR), var("x_bar", VECTOR)
    body = b.sub()
    new = body("scatter_add", p, body("getitem", seed, index=i, t=NP0), index=i, t=VECTOR, hint="x_bar")
    b.add(For(i, upto(n), (p,), (zero,), body.block(Next((new,))), (out,), True, sweep="adjoint"))
    last = b("+", out, zero, t=VECTOR, hint="z") if read_later else out
    return function("f", [x, seed], b.block(Return((x, last))), bars(1), ("y_bar",))


def test_accumulator_needs_no_copy() -> None:
    trace = own(gather())
    assert copies(trace) == 0
    text = emit(trace)
    assert body_of(text) == """\
def f(x, y_bar=1.0):
    x_bar = np.zeros_like(x)
    for i in reversed(range(len(x))):
        x_bar[i] += y_bar[i]
    return x, x_bar"""
    a = np.array([1.0, 2.0])
    assert (run(text, "f", a, 2 * a)[1] == 2 * a).all()


def test_seed_is_copied_once_outside() -> None:
    trace = own(gather(init_is_seed=True))
    assert copies(trace) == 1 and not any(isinstance(s, Op) and s.fn == "copy" for f in trace.body.stmts
                                          if isinstance(f, For) for s in statements(f.body))
    text = emit(trace)
    assert "    x_bar = y_bar.copy()\n    for i" in text
    a, seed = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert (run(text, "f", a, seed)[1] == [6.0, 8.0]).all() and (seed == [3.0, 4.0]).all()


def test_buffer_read_later_is_copied_outside() -> None:
    trace = own(gather(read_later=True))
    assert copies(trace) == 1
    a = np.array([1.0, 2.0])
    assert (run(emit(trace), "f", a, 2 * a)[1] == 2 * a).all()


def test_straight_line() -> None:
    """A second read of the old value, and a view of it, force copies; a dead old value does not."""
    x, v = var("x", VECTOR), var("v")
    b = B("adjoint")
    z = b("zeros_like", x, t=VECTOR)
    one = b("scatter_add", z, v, index=0, t=VECTOR, hint="a_bar")
    two = b("scatter_add", one, v, index=1, t=VECTOR, hint="a_bar")
    assert copies(own(function("f", [x, v], b.block(Return((v, two))), bars(1), ("v",)))) == 0
    trace = own(function("f", [x, v], b.block(Return((v, one, two))), bars(1, 2), ("v",)))
    assert copies(trace) == 1
    first, second = run(emit(trace), "f", np.zeros(2), 3.0)[1]
    assert list(first) == [3.0, 0.0] and list(second) == [3.0, 3.0]
    b = B("adjoint")
    z = b("zeros_like", x, t=VECTOR)
    view = b("getitem", z, index=slice(1, None), t=VECTOR, hint="view")
    one = b("scatter_add", z, v, index=1, t=VECTOR, hint="a_bar")
    trace = own(function("f", [x, v], b.block(Return((v, one, view))), bars(1, 2), ("v",)))
    first, second = run(emit(trace), "f", np.zeros(2), 3.0)[1]
    assert list(first) == [0.0, 3.0] and list(second) == [0.0]


def test_branches() -> None:
    """One side updates, the other hands on; the buffer is used again only through the result."""
    x, c, v = var("x", VECTOR), var("c", BOOL), var("v")
    b = B("adjoint")
    z = b("zeros_like", x, t=VECTOR, hint="x_bar")
    side, r = b.sub(), var("x_bar", VECTOR)
    new = side("scatter_add", z, v, index=0, t=VECTOR, hint="x_bar")
    b.add(If(c, side.block(Yield((new,))), Block((), Yield((z,))), (r,), sweep="adjoint"))
    last = b("scatter_add", r, v, index=0, t=VECTOR, hint="x_bar")
    trace = own(function("f", [x, c, v], b.block(Return((v, last))), bars(1), ("v",)))
    assert copies(trace) == 0
    text = emit(trace)
    assert body_of(text) == """\
def f(x, c, v=1.0):
    x_bar = np.zeros_like(x)
    if c:
        x_bar[0] += v
    x_bar[0] += v
    return v, x_bar"""
    assert [run(text, "f", np.zeros(1), c, 2.0)[1][0] for c in (True, False)] == [4.0, 2.0]


def test_results_own_their_memory() -> None:
    x, g = var("x", VECTOR), var("g", VECTOR)
    b = B("adjoint")
    t = b("np.transpose", g, t=VECTOR, style="attr")
    e = b("expand", b("np.sum", g, t=NP0), x, t=VECTOR)
    m = b("*", g, 2.0, t=VECTOR, hint="m")
    trace = own(function("f", [x, g], b.block(Return((x, g, t, e, m, m))), bars(1, 2, 3, 4, 5), ("g",)))
    a, seed = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    y, out = run(emit(trace), "f", a, seed)
    assert y is a
    for k, value in enumerate(out):
        assert value.flags.owndata and value.flags.writeable
        assert not any(np.shares_memory(value, other) for other in (a, seed, *out[:k]))
    assert copies(trace) == 3


def test_users_results_stay_as_they_are() -> None:
    x = var("x", VECTOR)
    assert copies(own(function("f", [x], Block((), Return((x,)))))) == 0


def test_split_buffers_are_not_the_pullbacks() -> None:
    """A buffer made before the pullback is copied inside, so that the pullback can run twice."""
    x, seed = var("x", VECTOR), var("s")
    b = B("primal")
    z = b("*", x, 2.0, t=VECTOR, hint="z")
    b.sweep = "adjoint"
    new = b("scatter_add", z, seed, index=0, t=VECTOR, hint="x_bar")
    trace = own(function("f", [x, seed], b.block(Return((Lit(1.0), new))), bars(1), ("s",), split=True))
    _, pullback = run(emit(trace), "f", np.array([1.0, 2.0]))
    assert list(pullback(1.0)) == list(pullback(1.0)) == [3.0, 4.0]


def test_integer_array_index() -> None:
    x, k, v = var("x", VECTOR), var("k", type(VECTOR)("i8", VECTOR.dims)), var("v", VECTOR)
    b = B("adjoint")
    z = b("zeros_like", x, t=VECTOR, hint="x_bar")
    new = b("scatter_add", z, v, index=k, t=VECTOR, hint="x_bar")
    text = emit(own(function("f", [x, k, v], b.block(Return((Lit(0), new))), bars(1), ("v",))))
    assert "    np.add.at(x_bar, k, v)\n" in text
    assert list(run(text, "f", np.zeros(2), np.array([1, 1]), np.ones(2))[1]) == [0.0, 2.0]


def test_fold_not_past_an_update() -> None:
    """A value that reads a buffer stays before the update of the buffer."""
    x, v = var("x", VECTOR), var("v")
    b = B("adjoint")
    z = b("zeros_like", x, t=VECTOR, hint="x_bar")
    old = b("getitem", z, index=0, t=NP0)
    new = b("scatter_add", z, v, index=0, t=VECTOR, hint="x_bar")
    out = b("+", old, 1.0, t=NP0, hint="w")
    text = emit(own(function("f", [x, v], b.block(Return((v, new, out))), bars(1, 2), ("v",))))
    assert list(run(text, "f", np.zeros(1), 5.0)[1][0]) == [5.0]
    assert run(text, "f", np.zeros(1), 5.0)[1][1] == 1.0


