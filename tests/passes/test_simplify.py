"""Simplification and constant folding: what is rewritten, and what must not be."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

import s2sad
from s2sad.passes import PIPELINE
from s2sad.passes.constants import fold_constants
from s2sad.passes.dce import dce
from s2sad.passes.simplify import simplify
from s2sad.rules.builder import Builder
from s2sad.trace.ir import Arg, Block, If, Lit, Next, Range, Tup, Var, Yield
from s2sad.trace.ir import For as Loop
from tests.passes.build import BOOL, FLOAT, INT, ONE, SINGLE, TWO, VECTOR, ZERO, function, lines
from tests.passes.interp import run

X, Y, Z, D = (Var(FLOAT, name) for name in "xyzd")
V = Var(VECTOR, "vs")


def simplified(make: Callable[[Builder], Arg], sweep: str = "adjoint") -> list[str]:
    b = Builder(sweep)
    result = make(b)
    return lines(dce(simplify(function(b, (X, Y, Z, D, V), result))))


@pytest.mark.parametrize(("make", "expected"), [
    (lambda b: b.op("+", b.op("*", b.op("neg", Y), Z), D), ["%v1:float = %y * %z", "%v2:float = %d - %v1"]),
    (lambda b: b.op("+", D, b.op("*", Z, b.op("neg", Y))), ["%v1:float = %z * %y", "%v2:float = %d - %v1"]),
    (lambda b: b.op("*", Y, b.op("/", ONE, X)), ["%v1:float = %y / %x"]),
    (lambda b: b.op("*", X, b.op("*", TWO, Y)), ["%v1:float = 2.0 * %y", "%v2:float = %v1 * %x"]),
    (lambda b: b.op("*", TWO, b.op("*", X, Y)), ["%v1:float = 2.0 * %x", "%v2:float = %v1 * %y"]),
    (lambda b: b.op("*", b.op("*", X, TWO), Lit(3.0)), ["%v1:float = 6.0 * %x"]),
    (lambda b: b.op("+", X, b.op("neg", Y)), ["%v1:float = %x - %y"]),
    (lambda b: b.op("neg", b.op("neg", X)), []),
    (lambda b: b.op("+", X, X), ["%v1:float = 2.0 * %x"]),
    (lambda b: b.op("+", ZERO, X), []),
    (lambda b: b.op("-", X, b.op("np.sum", b.op("neg", V))), ["%v1:f8[] = np.sum(%vs)", "%v2:f8[] = %x + %v1"]),
    (lambda b: b.op("np.sum", b.op("neg", V), X), ["%v1:f8[n] = neg(%vs)", "%v2:f8[] = np.sum(%v1, %x)"]),
    (lambda b: b.op("-", X, b.op("/", b.op("*", b.op("neg", Y), Z), D)),
     ["%v1:float = %y * %z", "%v2:float = %v1 / %d", "%v3:float = %x + %v2"]),
    (lambda b: b.op("neg", b.op("np.zeros", shape=Tup((Lit(2),)))),
     ["%v1:f8[2] = np.zeros(shape=(2,))", "%v2:f8[2] = neg(%v1)"]),
    (lambda b: b.op("neg", b.op("*", Z, b.op("/", b.op("neg", Y), D))),
     ["%v1:float = %y / %d", "%v2:float = %z * %v1"]),
    (lambda b: b.op("+", X, b.op("np.sum", b.op("*", b.op("neg", Y), V))),
     ["%v1:f8[n] = %y * %vs", "%v2:f8[] = np.sum(%v1)", "%v3:f8[] = %x - %v2"]),
    (lambda b: b.op("+", X, b.op("/", b.op("neg", Y), Z, hint="z_bar"), hint="x_bar"),
     ["%v1:float = neg(%y)", "%z_bar:float = %v1 / %z", "%x_bar:float = %x + %z_bar"]),
    (lambda b: b.op("+", b.op("/", b.op("neg", Y), Z, hint="x_bar"), D, hint="x_bar"),
     ["%v1:float = %y / %z", "%x_bar:float = %d - %v1"]),
    (lambda b: b.op("/", b.op("neg", Y), Z, hint="z_bar"), ["%v1:float = neg(%y)", "%z_bar:float = %v1 / %z"]),
    (lambda b: b.op("*", X, Lit(1)), []),
    (lambda b: b.op("**", X, Lit(1)), []),
    (lambda b: b.op("+", X, b.op("+", Y, Z)), ["%v1:float = %x + %y", "%v2:float = %v1 + %z"]),
    (lambda b: b.op("*", X, ZERO), ["%v1:float = 0.0 * %x"]),
])
def test_identities(make: Callable[[Builder], Arg], expected: list[str]) -> None:
    assert simplified(make)[:-1] == expected


def test_the_primal_stays_as_written() -> None:
    assert simplified(lambda b: b.op("+", b.op("*", X, Lit(1)), b.op("neg", Y)), "primal") == [
        "%v1:float = %x * 1", "%v2:float = neg(%y)", "%v3:float = %v1 + %v2", "return %v3"]


def test_no_work_is_done_twice() -> None:
    b = Builder("adjoint")
    r = b.op("/", ONE, X)
    trace = function(b, (X, Y, Z, D), b.op("*", Y, r), b.op("*", Z, r))
    assert lines(simplify(trace)) == lines(trace)


def test_nothing_moves_into_a_loop() -> None:
    b = Builder("adjoint")
    r = b.op("/", ONE, X)
    inner = b.fork()
    p, out = Var(FLOAT, "p"), Var(FLOAT, "p")
    inner.op("*", p, r)
    body = inner.block(Next((inner.stmts[-1].target,)))     # type: ignore[union-attr]
    b.add(Loop(Var(INT, "i"), Range(Lit(0), Lit(3), Lit(1)), (p,), (Y,), body, (out,), sweep="adjoint"))
    trace = function(b, (X, Y), out)
    assert lines(simplify(trace)) == lines(trace)


def test_types_are_kept() -> None:
    s, v = Var(SINGLE, "s"), Var(VECTOR, "v")
    b = Builder("adjoint")
    wide = b.op("*", s, Lit(1), type=VECTOR)            # as if the product had widened
    full = b.op("+", ZERO, X, type=VECTOR)              # as if zero had been an array
    trace = function(b, (s, v, X), wide, full)
    assert lines(simplify(trace))[-1] == "return %v1, %v2"


def test_an_unnamed_variable_takes_over_the_name() -> None:
    b = Builder("adjoint")
    t = b.op("*", X, Y)
    trace = function(b, (X, Y), b.op("+", ZERO, t, hint="x_bar"))
    assert lines(dce(simplify(trace))) == ["%x_bar:float = %x * %y", "return %x_bar"]


def test_long_chains_do_not_exhaust_the_stack() -> None:
    b = Builder("adjoint")
    product, total = X, Y
    for _ in range(1500):
        product = b.op("*", product, Y)
        total = b.op("+", Z, total)
    trace = function(b, (X, Y, Z), b.op("*", TWO, product), total)
    for _, apply in PIPELINE:
        trace = apply(trace)
    got, expected = run(trace, 1.1, 0.999, 0.5), (2 * 1.1 * 0.999**1500, 0.999 + 0.5 * 1500)
    assert all(map(math.isclose, got, expected))


def test_constants_are_folded_where_that_is_safe() -> None:
    b = Builder("tangent")
    one = b.op("*", TWO, Lit(0.5))
    b.op("/", ONE, ZERO)
    huge = b.op("*", Lit(1e300), Lit(1e300))
    trace = function(b, (X,), b.op("*", X, one), huge)
    assert lines(fold_constants(trace)) == [
        "%v1:float = 1.0 / 0.0", "%v2:float = 1e+300 * 1e+300", "%v3:float = %x * 1.0", "return %v3, %v2"]


def test_a_decided_branch_is_inlined() -> None:
    b = Builder("adjoint")
    cond = b.op("<", Lit(1.0), TWO, type=BOOL)
    r = Var(FLOAT, "r")
    then = b.fork()
    value = then.op("neg", X)
    b.add(If(cond, then.block(Yield((value,))), Block((), Yield((ZERO,))), (r,), sweep="adjoint"))
    trace = function(b, (X,), r)
    assert lines(fold_constants(trace)) == ["%v1:float = neg(%x)", "return %v1"]
    primal = Builder()
    primal.add(If(Lit(True), Block((), Yield((X,))), Block((), Yield((ZERO,))), (r,)))
    trace = function(primal, (X,), r)
    assert fold_constants(trace) == trace


@pytest.mark.parametrize(("f", "expected"), [
    (lambda F: np.sum(np.sin(F.T @ F)), "F_bar = F @ (v1_bar + v1_bar.T)"),
    (lambda F: np.sum(np.sin(F @ F.T)), "F_bar = (v1_bar + v1_bar.T) @ F"),
])
def test_two_products_of_matrices_become_one(f: Callable[..., np.ndarray], expected: str) -> None:
    F = np.arange(6.0).reshape(3, 2) / 8.0
    assert expected in s2sad.derive(f, "grad", types=(F,)).source
    s2sad.check_grads(f, (F,), order=2)


def test_stacks_of_matrices_are_no_matrices() -> None:
    def f(F):
        return np.sum(np.sin(F.T @ F))

    F = np.arange(27.0).reshape(3, 3, 3) / 27.0
    s2sad.check_grads(f, (F,), order=2)


def test_products_of_vectors_stay() -> None:
    def f(x, A):
        return x @ A @ x + x @ x

    s2sad.check_grads(f, (np.arange(3.0), np.arange(9.0).reshape(3, 3)), order=2)
