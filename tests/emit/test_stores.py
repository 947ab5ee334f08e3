"""Assignments to places of arrays, as they are printed and as they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad.passes.own import own
from s2sad.rules.places import view_of
from s2sad.trace.ir import NONE, Arg, Op, Trace
from s2sad.trace.types import Array, Dim, Type
from s2sad.trace.walk import statements
from tests.emit.make import (
    BOOL,
    FLOAT,
    INT,
    MATRIX,
    NP0,
    VECTOR,
    B,
    Block,
    If,
    Lit,
    Return,
    Var,
    Yield,
    arg,
    body_of,
    emit,
    function,
    line,
    run,
    var,
)
from tests.passes import interp

ROW = Array("f8", (Dim.symbol("m"),))
POSITIONS = Array("i8", (Dim.symbol("k"),))
A, M, V, W, P, J, K = (var("A", VECTOR), var("M", MATRIX), var("v"), var("w", ROW), var("i", INT), var("j", INT),
                       var("k", POSITIONS))
TRANSPOSE = ("np.transpose", {"axes": NONE})


def at(i: Any) -> tuple[str, dict[str, Arg]]:
    return "getitem", {"index": arg(i)}


def put(b: B, x: Var, v: Any, index: Any, *view: Any, fn: str = "setitem") -> Var:
    options = {"view": view_of(list(view))} if view else {}
    return b(fn, x, v, index=index, t=x.type, hint=x.hint, **options)


def program(make: Callable[..., Any], of: Var = A, sweep: str = "adjoint", text: str = "") -> Trace:
    """A function that copies its first argument and changes the copy."""
    b = B(sweep, line(3, text) if text else line(0, ""))
    x = b("copy", of, t=of.type, hint="x")
    return function("f", [of, V, W, P, J, K], b.block(Return((make(b, x),))))


def check(trace: Trace) -> str:
    """The lines between the copy and the return; the text computes what the trace says."""
    text = emit(own(trace))
    x = np.arange(12.0).reshape(3, 4) + 1.0 if trace.params[0] is M else np.arange(4.0) + 1.0
    args = (x, 2.0, np.arange(4.0), 1, 2, np.array([1, 0, 1, 2]))
    expected, got = interp.run(trace, *args)[0], run(text, "f", *args)
    np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(run(emit(own(trace), "trace"), "f", *args), expected)
    lines = body_of(text).split("\n")[2:-1]
    return "\n".join(part.strip() for part in lines)


def get(b: B, x: Var, index: Any, t: Type = NP0) -> Var:
    return b("getitem", x, index=index, t=t)


@pytest.mark.parametrize(("make", "text"), [
    (lambda b, x: put(b, x, V, slice(1, -1)), "x[1:-1] = v"),
    (lambda b, x: put(b, x, V, ...), "x[...] = v"),
    (lambda b, x: put(b, x, V, (0,)), "x[0,] = v"),
    (lambda b, x: put(b, x, W, K), "x[k] = w"),
    (lambda b, x: put(b, x, V, P, fn="scatter_add"), "x[i] += v"),
    (lambda b, x: put(b, x, b("neg", V), P, fn="scatter_add"), "x[i] -= v"),
    (lambda b, x: put(b, x, b("*", b("neg", V), 2.0), P, fn="scatter_add"), "x[i] -= v * 2.0"),
    (lambda b, x: put(b, x, V, ..., fn="scatter_add"), "x += v"),
    (lambda b, x: put(b, x, W, K, fn="scatter_add"), "np.add.at(x, k, w)"),
    (lambda b, x: put(b, x, b("neg", W, t=ROW), K, fn="scatter_add"), "np.subtract.at(x, k, w)"),
    (lambda b, x: put(b, x, b("*", get(b, x, P), V, t=NP0), P), "x[i] *= v"),
    (lambda b, x: put(b, x, b("/", get(b, x, slice(1, None), VECTOR), V, t=VECTOR), slice(1, None)), "x[1:] /= v"),
    (lambda b, x: put(b, x, b("**", x, 2, t=VECTOR), ...), "x **= 2"),
    (lambda b, x: put(b, x, b("-", get(b, x, K, ROW), W, t=ROW), K), "x[k] -= w"),
    (lambda b, x: put(b, x, b("*", V, get(b, x, P), t=NP0), P), "x[i] *= v"),
    (lambda b, x: put(b, x, b("-", V, get(b, x, P), t=NP0), P), "x[i] = v - x[i]"),
    (lambda b, x: put(b, x, b("+", get(b, x, J), V, t=NP0), P), "x[i] = x[j] + v"),
])
def test_stores_into_vectors(make: Callable[..., Any], text: str) -> None:
    assert check(program(make)) == text


@pytest.mark.parametrize(("make", "text"), [
    (lambda b, x: put(b, x, V, P, TRANSPOSE), "x.T[i] = v"),
    (lambda b, x: put(b, x, V, P, ("np.swapaxes", {"axis1": Lit(0), "axis2": Lit(1)})), "np.swapaxes(x, 0, 1)[i] = v"),
    (lambda b, x: put(b, x, V, 5, ("np.reshape", {"shape": Lit(-1)})), "x.reshape(-1)[5] = v"),
    (lambda b, x: put(b, x, V, slice(None, None, 5), ("flat", {})), "x.flat[::5] = v"),
    (lambda b, x: put(b, x, V, slice(None, None, 5), ("flat", {}), fn="scatter_add"), "x.flat[::5] += v"),
    (lambda b, x: put(b, x, V, K, ("flat", {}), fn="scatter_add"),
     "np.add.at(x, np.unravel_index(np.arange(x.size)[k], x.shape), v)"),
    (lambda b, x: put(b, x, V, J, at(P)), "x[i, j] = v"),
    (lambda b, x: put(b, x, V, slice(1, None), at(P)), "x[i, 1:] = v"),
    (lambda b, x: put(b, x, V, P, at(slice(None, -1))), "x[:-1][i] = v"),
    (lambda b, x: put(b, x, V, K, at(P)), "x[i][k] = v"),
    (lambda b, x: put(b, x, W, ..., at(P)), "x[i] = w"),
    (lambda b, x: put(b, x, V, ..., TRANSPOSE, fn="scatter_add"), "x.T[...] += v"),
    (lambda b, x: put(b, x, V, K, TRANSPOSE, fn="scatter_add"), "np.add.at(x.T, k, v)"),
    (lambda b, x: put(b, x, V, (slice(None), K), fn="scatter_add"), "np.add.at(x, np.s_[:, k], v)"),
    (lambda b, x: put(b, x, b("*", get(b, b("np.transpose", x, t=MATRIX), P, VECTOR), V, t=VECTOR), P, TRANSPOSE),
     "x.T[i] *= v"),
    (lambda b, x: put(b, x, b("*", get(b, get(b, x, P, ROW), J), V, t=NP0), J, at(P)), "x[i, j] *= v"),
])
def test_stores_into_views(make: Callable[..., Any], text: str) -> None:
    assert check(program(make, M)) == text


def test_swap_keeps_the_old_element() -> None:
    def swap(b: B, x: Var) -> Var:
        first, second = get(b, x, P), get(b, x, J)
        return put(b, put(b, x, second, P), first, J)

    assert check(program(swap)) == "v1 = x[i]\nx[i] = x[j]\nx[j] = v1"


def test_the_users_own_way_of_writing_stays() -> None:
    def double(b: B, x: Var) -> Var:
        return put(b, x, b("*", get(b, x, P), V, t=NP0), P)

    assert check(program(double, sweep="primal", text="x[i] = x[i] * v")) == "x[i] = x[i] * v"
    assert check(program(double, sweep="primal", text="x[i] *= v")) == "x[i] *= v"


def test_no_augmented_assignment_where_numpy_refuses() -> None:
    """NumPy casts what is assigned, and not what is computed in place, from float to int."""
    x = var("x", POSITIONS)
    b = B("adjoint")
    new = b("copy", x, t=POSITIONS, hint="y")
    new = put(b, new, b("*", get(b, new, slice(1, None), POSITIONS), 2.5, t=VECTOR), slice(1, None))
    text = emit(own(function("f", [x], b.block(Return((new,))))))
    assert "    y[1:] = y[1:] * 2.5\n" in text
    assert list(run(text, "f", np.array([1, 2, 3]))) == [1, 5, 7]


def test_arrays_without_axes_are_numbers() -> None:
    b = B("adjoint")
    new = b("setitem", var("s", NP0), V, index=..., t=NP0, hint="s")
    base = new
    new = b("scatter_add", new, 1.0, index=..., t=NP0, hint="s")
    start = next(s for s in b.stmts if isinstance(s, Op)).args[0]
    assert isinstance(start, Var)
    text = emit(own(function("f", [start, V], b.block(Return((new,))))))
    given = np.array(3.0)
    assert run(text, "f", given, 2.0) == 3.0 and given == 3.0 and base.type == NP0
    assert ".copy()" not in text


def test_last_written_with_slices() -> None:
    b = B("adjoint")
    kept = b("last_written", M, index=arg((slice(None), K)), t=MATRIX)
    text = emit(function("f", [M, K], b.block(Return((kept,)))))
    assert "last_written(M, np.s_[:, k])" in text
    assert run(text, "f", np.zeros((2, 3)), np.array([1, 1])).tolist() == [[False, True]] * 2


def test_long_stores_are_wrapped() -> None:
    def long(b: B, x: Var) -> Var:
        v: Any = V
        for k in range(14):
            v = b("+", v, b("np.sin", b("*", V, float(k))), t=FLOAT, hint="" if k % 5 else "some_name")
        return put(b, x, b("*", get(b, x, P), v, t=NP0), P)

    trace = program(long)
    assert all(len(part) <= 100 for part in emit(own(trace)).split("\n"))
    check(trace)


def test_conditions_are_read_before_branches_write() -> None:
    b = B("primal")
    x = b("copy", A, t=VECTOR, hint="x")
    c = b(">", get(b, x, 0), 0.0, t=BOOL)
    side, r = b.sub(), var("x", VECTOR)
    b.add(If(c, side.block(Yield((put(side, x, -1.0, 0),))), Block((), Yield((x,))), (r,)))
    text = emit(own(function("f", [A], b.block(Return((r,))))))
    assert "    if x[0] > 0.0:\n        x[0] = -1.0\n" in text
    assert [list(run(text, "f", np.array([s]))) for s in (2.0, -3.0)] == [[-1.0], [-3.0]]


def test_elements_of_arguments_that_change_are_read_before() -> None:
    """``x[0]`` of an argument is written out wherever it is read, but not where the argument is updated in place."""
    b = B("primal")
    first = get(b, A, 0)
    new = put(b, A, b("*", first, 3.0, t=NP0), 0)
    out = b("+", first, b("*", first, first, t=NP0), t=NP0)
    for inplace in ((), (0,)):
        trace = own(function("f", [A], b.block(Return((new, out))), 2, inplace=inplace))
        assert sum(isinstance(s, Op) and s.fn == "copy" for s in statements(trace.body)) == 1 - len(inplace)
        given = np.array([2.0, 5.0])
        changed, total = run(emit(trace), "f", given)
        assert list(changed) == [6.0, 5.0] and total == 6.0 and (given is changed) == bool(inplace)
