"""Dead code, common subexpressions and invariants: cases that random programs do not reach."""

from __future__ import annotations

from s2sad.passes.cse import cse
from s2sad.passes.dce import dce
from s2sad.passes.invariant import hoist_invariants
from s2sad.rules.builder import Builder
from s2sad.trace.ir import (
    Along,
    Block,
    Call,
    For,
    If,
    Input,
    Leaf,
    Lit,
    Mirror,
    Next,
    Op,
    Raise,
    Range,
    Return,
    Trace,
    Var,
    While,
    Yield,
)
from tests.passes.build import BOOL, FLOAT, INT, ONE, TWO, VECTOR, ZERO, Tape, function, lines

X, Y, C = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(BOOL, "c")
THREE = Range(Lit(0), Lit(3), Lit(1))


def test_values_that_only_feed_themselves_die() -> None:
    b, inner = Builder(), Builder()
    s, t, rs, rt = (Var(FLOAT, name) for name in "stst")
    s2 = inner.op("+", s, X)
    t2 = inner.op("+", inner.op("*", TWO, t), s2)
    b.add(For(Var(INT, "i"), THREE, (s, t), (ZERO, ONE), inner.block(Next((s2, t2))), (rs, rt)))
    assert lines(dce(function(b, (X,), rs))) == [
        "%s:float = for %i:int in range(0, 3, 1) carry %s_1:float = 0.0:", "  %v1:float = %s_1 + %x", "  next %v1",
        "return %s"]
    assert lines(dce(function(b, (X,), X))) == ["return %x"]


def test_tapes_nobody_takes_from() -> None:
    b, inner, back = Builder(), Builder(), Builder("adjoint")
    read, unread, item = Var(Tape(FLOAT), "read"), Var(Tape(FLOAT), "unread"), Var(FLOAT, "item")
    y, z = inner.op("*", X, TWO), inner.op("+", X, TWO)
    b.add(For(Var(INT, "i"), THREE, (), (), inner.block(Next((), (y, z))), (), outs=(read, unread)))
    s, r = Var(FLOAT, "s"), Var(FLOAT, "s")
    more = back.op("+", s, item)
    b.add(For(Var(INT, "i"), Along(read), (s,), (ZERO,), back.block(Next((more,))), (r,), True,
              (item, Var(FLOAT)), (read, unread), sweep="adjoint"))
    assert "unread" not in "".join(lines(dce(function(b, (X,), r))))
    assert lines(dce(function(b, (X,), ZERO))) == ["return 0.0"]


def test_a_loop_that_leaves_the_function_stays() -> None:
    for end in (Return((X,)), Raise("ValueError", (X,))):
        b = Builder()
        body = Block((If(C, Block((), end), Block((), Next())),), None)
        b.add(For(Var(INT, "i"), THREE, (), (), body, ()))
        assert len(dce(function(b, (X, C), X)).body.stmts) == 1


def test_a_while_loop_counts_as_pure() -> None:
    b, test = Builder(), Builder()
    cond = test.op("<", X, Y)
    b.add(While((), (), test.block(Yield((cond,))), Block((), Next()), ()))
    assert not dce(function(b, (X, Y), X)).body.stmts


def test_the_mirrored_loop_stays_with_its_twin() -> None:
    b, inner, back = Builder(), Builder(), Builder("adjoint")
    used, unused = inner.op("*", X, TWO), inner.op("+", X, TWO)
    loop = For(Var(INT, "i"), THREE, (), (), inner.block(Next()), ())
    s, r = Var(FLOAT, "s"), Var(FLOAT, "s")
    more = back.op("+", s, used)
    b.add(loop)
    b.add(For(Var(INT, "i"), Mirror(), (s,), (ZERO,), back.block(Next((more,))), (r,), True, sweep="adjoint",
              twin=loop.key))
    after = dce(function(b, (X,), r))
    text = "\n".join(lines(after))
    assert f"{TWO.value}" in text and "%x * 2.0" in text and "%x + 2.0" not in text
    assert unused.type == FLOAT and after.body.stmts[0].key == loop.key     # type: ignore[union-attr]


def test_effects_stay_and_unread_calls_go() -> None:
    def callee(name: str, checks: bool) -> Trace:
        b, p = Builder(), Var(FLOAT, "p")
        if checks:
            b.effect("assert", C, Lit(None))
        return Trace(name, (Input("p", Leaf(0)),), (p,), b.block(Return((p,))), Leaf(0))

    calls = tuple(Call((Var(FLOAT),), name, (X,)) for name in ("quiet", "checks"))
    trace = Trace("f", (Input("x", Leaf(0)),), (X,), Block(calls, Return((X,))), Leaf(0),
                  (callee("quiet", False), callee("checks", True)))
    after = dce(trace)
    assert [s.callee for s in after.body.stmts] == ["checks"]               # type: ignore[union-attr]
    assert [c.name for c in after.callees] == ["checks"]


def test_equal_derivative_operations_are_shared_with_the_primal() -> None:
    b = Builder()
    y = b.op("np.sin", X, hint="y")
    b.sweep = "tangent"
    again = b.op("np.sin", X)
    z = b.op("*", again, again, hint="z")
    assert lines(cse(function(b, (X,), y, z))) == [
        "%y:f8[] = np.sin(%x)", "%z:f8[] = %y * %y", "return %y, %z"]


def test_buffers_and_the_users_own_text_are_not_shared() -> None:
    v = Var(VECTOR, "v")
    b = Builder("adjoint")
    zeros = [b.op("zeros_like", v) for _ in range(2)]
    b.sweep = "primal"
    squares = [b.op("*", X, X) for _ in range(2)]
    named = [b.op("np.sin", v, hint=name) for name in "ab"]
    trace = function(b, (v, X), *zeros, *squares, *named)
    assert lines(cse(trace)) == lines(trace)


def test_a_branch_shares_with_what_came_before_only() -> None:
    b, then = Builder("adjoint"), Builder("adjoint")
    first = b.op("*", X, Y)
    again, inside = then.op("*", X, Y), then.op("+", X, Y)
    r = Var(FLOAT, "r")
    b.add(If(C, then.block(Yield((then.op("-", again, inside),))), Block((), Yield((ZERO,))), (r,), sweep="adjoint"))
    after = b.op("+", X, Y)
    text = "\n".join(lines(cse(function(b, (X, Y, C), r, after, first))))
    assert text.count("%x * %y") == 1 and text.count("%x + %y") == 2


def test_a_param_that_passes_through_a_branch_unchanged_is_invariant() -> None:
    p, r, q = Var(FLOAT, "p"), Var(FLOAT, "p"), Var(FLOAT, "q")
    branch = If(C, Block((), Yield((p,))), Block((), Yield((p,))), (q,), sweep="adjoint")
    b = Builder("adjoint")
    b.add(For(Var(INT, "i"), THREE, (p,), (X,), Block((branch,), Next((q,))), (r,), sweep="adjoint"))
    assert lines(dce(hoist_invariants(function(b, (X, C), r)))) == ["return %x"]


def test_primal_loops_carry_what_they_carried() -> None:
    p, r = Var(FLOAT, "p"), Var(FLOAT, "p")
    b = Builder()
    b.add(For(Var(INT, "i"), THREE, (p,), (X,), Block((), Next((p,))), (r,)))
    trace = function(b, (X,), r)
    assert hoist_invariants(trace) == trace and isinstance(trace.body.stmts[0], (Op, For))
