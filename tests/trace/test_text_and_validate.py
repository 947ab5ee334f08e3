"""Printing a trace, and the invariants that `validate` checks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from s2sad.errors import InternalError
from s2sad.trace.ir import Break, Call, Mirror, Op, Trace
from s2sad.trace.validate import validate
from tests.emit.make import (
    BOOL,
    FLOAT,
    INT,
    B,
    Block,
    For,
    If,
    Input,
    Leaf,
    Lit,
    Next,
    Return,
    Tape,
    Var,
    While,
    Yield,
    function,
    upto,
    var,
)


def loop_trace() -> Trace:
    x, n, s, out, i = var("x"), var("n", INT), var("s"), var("s"), var("i", INT)
    b = B()
    c = b("<", s, x, t=BOOL)
    new, tape = b("+", s, x, hint="s"), var("s_tape", Tape(FLOAT))
    b.add(If(c, Block((), Break((s,), (s,))), Block((), Next((new,), (s,)))))
    loop = For(i, upto(n), (s,), (Lit(0.0),), b.block(None), (out,), outs=(tape,), sweep="adjoint")
    return function("f", [x, n], Block((loop,), Return((out,))))


def test_text() -> None:
    assert str(loop_trace()) == """\
f(x: %x:float, n: %n:int) -> #0
  %s:float tapes %s_tape:tape[float] = for %i:int in range(0, %n, 1) carry %s_1:float = 0.0:  ; adjoint
    %v1:bool = %s_1 < %x
    %s_2:float = %s_1 + %x
    if %v1:
      break %s_1 put %s_1
    else:
      next %s_2 put %s_1
  return %s"""
    assert str(loop_trace()) == str(loop_trace())


def wrong(trace: Trace, what: str, linked: bool = False) -> None:
    with pytest.raises(InternalError, match=what):
        validate(trace, linked)


def test_scope_and_single_assignment() -> None:
    x, y = var("x"), var("y")
    op = Op(y, "+", (x, x))
    good = Trace("f", (Input("x", Leaf(0)),), (x,), Block((op,), Return((y,))), Leaf(0))
    validate(good)
    wrong(replace(good, body=Block((op, op), Return((y,)))), "defined twice")
    wrong(replace(good, body=Block((), Return((y,)))), "not in scope")
    inner = If(Lit(True), Block((op,), Yield()), Block((), Yield()))
    wrong(replace(good, body=Block((inner,), Return((y,)))), "not in scope")
    wrong(replace(good, params=(x, y)), "inputs have leaves")


def test_ends() -> None:
    x, r = var("x"), var("r")
    f = Trace("f", (Input("x", Leaf(0)),), (x,), Block((), Return((x,))), Leaf(0))
    wrong(replace(f, body=Block((), Return(()))), "return with 0 values instead of 1")
    wrong(replace(f, body=Block((), Next(()))), "outside a loop")
    wrong(replace(f, body=Block((), Yield(()))), "yield where it may not stand")
    wrong(replace(f, body=Block((), None)), "without end")
    branch = If(x, Block((), Yield((x,))), Block((), Yield(())), (r,))
    wrong(replace(f, body=Block((branch,), Return((x,)))), "yield with 0 values instead of 1")
    leaving = If(x, Block((), Return((x,))), Block((), Yield(())))
    wrong(replace(f, body=Block((leaving,), Return((x,)))), "not the last statement")
    loop = While((r,), (x,), Block((), Yield((Lit(True),))), Block((), Next(())), (Var(FLOAT),))
    wrong(replace(f, body=Block((loop,), Return((x,)))), "Next with 0 values instead of 1")
    wrong(replace(f, body=Block((replace(loop, results=()),), Return((x,)))), "0 results")


def test_calls() -> None:
    x = var("x")
    f = Trace("f", (Input("x", Leaf(0)),), (x,), Block((Call((), "g", (x,)),), Return((x,))), Leaf(0))
    g = function("g", [var("a"), var("b")], Block((), Return((Lit(1.0),))))
    wrong(replace(f, callees=(g,)), "call of g with 1 arguments")


def test_twins_see_across_the_mirror() -> None:
    """Before recording a twin loop may read what the mirrored iteration computed; afterwards it may not."""
    x, n, i, j = var("x"), var("n", INT), var("i", INT), var("j", INT)
    body, back = B(), B("adjoint")
    v = body("*", x, i, hint="v")
    loop = For(i, upto(n), (), (), body.block(Next()), ())
    w, p, r = var("w"), var("x_bar"), var("x_bar")
    back.add(Op(w, "+", (p, v), sweep="adjoint"))
    twin = For(j, Mirror(), (p,), (Lit(0.0),), back.block(Next((w,))), (r,), True, twin=loop.key, sweep="adjoint")
    inputs = (Input("x", Leaf(0)), Input("n", Leaf(1)))
    trace = Trace("f", inputs, (x, n), Block((loop, twin), Return((r,))), Leaf(0))
    validate(trace, linked=True)
    wrong(trace, "twin")
    wrong(replace(trace, body=Block((loop, replace(twin, domain=upto(n))), Return((r,)))), "not in scope")
