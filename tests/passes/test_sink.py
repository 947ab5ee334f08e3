"""Sinking accumulations into branches, and broadcasts left to NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from s2sad.passes.dce import dce
from s2sad.passes.expand import elide_expand
from s2sad.passes.sink import sink
from s2sad.rules.builder import Builder
from s2sad.trace.ir import Arg, Block, If, Lit, Slc, Trace, Tup, Var, Yield
from s2sad.trace.types import Array
from tests.passes.build import BOOL, FLOAT, INT, MATRIX, NONE, SINGLE, TWO, VECTOR, ZERO, N, function, lines
from tests.passes.interp import run

C, K, Y, A = Var(BOOL, "c"), Var(INT, "i"), Var(FLOAT, "y_bar"), Var(VECTOR, "a_bar")


def branch(b: Builder, *pairs: tuple[Arg, Arg]) -> tuple[Var, ...]:
    """The results of a branch on c that yields one of each pair."""
    results = tuple(Var(FLOAT, "y_bar" if k else "") for k in range(len(pairs)))
    b.add(If(C, Block((), Yield(tuple(p[0] for p in pairs))), Block((), Yield(tuple(p[1] for p in pairs))), results,
             sweep="adjoint"))
    return results


def same(before: Trace, after: Trace, *args: object) -> None:
    for c in (True, False):
        for x, y in zip(run(before, c, *args), run(after, c, *args), strict=True):
            np.testing.assert_array_equal(x, y)


def test_the_ideal_program_8() -> None:
    b = Builder("adjoint")
    s, y = branch(b, (Y, ZERO), (ZERO, Y))
    a = b.op("scatter_add", A, s, index=K, type=VECTOR, hint="a_bar")
    trace = function(b, (C, K, Y, A), a, y)
    assert lines(sink(trace)) == [
        "%a_bar_1:f8[n], %y_bar_1:float = if %c:",
        "  %a_bar_2:f8[n] = scatter_add(%a_bar, %y_bar, index=%i)",
        "  yield %a_bar_2, 0.0",
        "else:",
        "  yield %a_bar, %y_bar",
        "return %a_bar_1, %y_bar_1",
    ]
    same(trace, sink(trace), 1, 2.5, np.ones(3))


def test_two_contributions_to_one_sum() -> None:
    b = Builder("adjoint")
    r, s = branch(b, (Y, ZERO), (ZERO, Y))
    x = Var(FLOAT, "x_bar")
    u = b.op("+", b.op("+", x, r), s, hint="x_bar")
    trace = function(b, (C, Y, x), u)
    after = sink(trace)
    assert lines(after)[-1] == "return %x_bar_1" and len(after.body.stmts) == 1
    same(trace, after, 2.5, 1.5)


@pytest.mark.parametrize("case", ["read again", "old sum read", "not there yet", "no zero"])
def test_what_cannot_move_stays(case: str) -> None:
    b = Builder("adjoint")
    x = Var(FLOAT, "x")
    (r,) = branch(b, (Y, x if case == "no zero" else ZERO))
    old = b.op("*", x, TWO) if case == "not there yet" else x
    u = b.op("+", old, r)
    more = {"read again": r, "old sum read": old}.get(case, ZERO)
    trace = function(b, (C, Y, x), u, more)
    assert lines(sink(trace)) == lines(trace)


def test_same_named_sums_meet_in_both_branches() -> None:
    b = Builder("adjoint")
    x = Var(FLOAT, "x_bar")
    (r,) = branch(b, (Y, x))
    trace = function(b, (C, Y, old := Var(FLOAT, "s_bar"), x), b.op("+", old, r, hint="s_bar"))
    after = sink(trace)
    assert len(after.body.stmts) == 1
    same(trace, after, 2.5, 1.5, 0.5)


# -- expand -----------------------------------------------------------------------------------------------------------

V, W, S = Var(VECTOR, "v"), Var(MATRIX, "w"), Var(FLOAT, "s")
P = Var(Array("f8", ()), "p")


def expanded(make: Callable[[Builder], Arg]) -> list[str]:
    b = Builder("adjoint")
    trace = function(b, (V, W, S, P), make(b))
    after = dce(elide_expand(trace))
    rng = np.random.default_rng(0)
    args = (rng.normal(size=3), rng.normal(size=(2, 3)), 1.5, np.float64(0.5))
    for x, y in zip(run(trace, *args), run(after, *args), strict=True):
        np.testing.assert_allclose(x, y)
        assert np.shape(x) == np.shape(y)
    return lines(after)


def full(b: Builder, v: Arg, like: Var = V) -> Var:
    return b.op("expand", v, like, type=like.type)


def test_numpy_broadcasts() -> None:
    assert expanded(lambda b: b.op("*", full(b, S), V)) == ["%v1:f8[n] = %s * %v", "return %v1"]
    assert expanded(lambda b: b.op("*", full(b, V, W), W)) == ["%v1:f8[m, n] = %v * %w", "return %v1"]
    assert expanded(lambda b: b.op("np.sin", b.op("+", V, full(b, S)))) == [
        "%v1:f8[n] = %v + %s", "%v2:f8[n] = np.sin(%v1)", "return %v2"]


def test_the_expansion_comes_last() -> None:
    assert expanded(lambda b: b.op("*", full(b, S), TWO)) == [
        "%v1:float = %s * 2.0", "%v2:f8[n] = expand(%v1, %v)", "return %v2"]
    assert expanded(lambda b: b.op("*", V, b.op("neg", full(b, S)))) == [
        "%v1:float = neg(%s)", "%v2:f8[n] = %v * %v1", "return %v2"]


def test_python_numbers_do_not_divide_where_arrays_did() -> None:
    stays = ["%v1:f8[n] = expand(%s, %v)", "%v2:f8[n] = %v1 / 2.0", "return %v2"]
    assert expanded(lambda b: b.op("/", full(b, S), TWO)) == stays


def test_the_sum_of_an_expanded_number() -> None:
    assert expanded(lambda b: b.op("np.sum", full(b, P))) == ["%v1:int = size(%v)", "%v2:f8[] = %p * %v1", "return %v2"]


def test_numbers_broadcast_at_every_index() -> None:
    def at(index: Arg) -> list[str]:
        return expanded(lambda b: b.op("scatter_add", V, full(b, S), index=index, type=VECTOR))

    everything = Slc(NONE, NONE, NONE)
    assert at(everything) == ["%v1:f8[n] = scatter_add(%v, %s, index=:)", "return %v1"]
    assert len(at(Tup((Lit(0), Lit(1), Lit(2)), True))) == 2


def test_operations_that_are_not_elementwise_keep_it() -> None:
    assert len(expanded(lambda b: b.op("@", W, full(b, S)))) == 3


def test_the_dtype_is_kept() -> None:
    single = Var(SINGLE, "x")
    b = Builder("adjoint")
    wide = b.op("expand", P, single, type=SINGLE)       # narrowed on the way
    trace = function(b, (single, P), b.op("*", wide, single))
    assert lines(elide_expand(trace)) == lines(trace)
    assert N in SINGLE.dims
