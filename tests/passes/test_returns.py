"""Joining returns: one Return, the same values, the same exceptions."""

from __future__ import annotations

from typing import Any

import pytest

from s2sad.passes.returns import join_returns
from s2sad.trace.ir import Block, For, If, Input, Leaf, Lit, Next, Op, Raise, Range, Return, Trace, Var
from s2sad.trace.types import BOOL, FLOAT, INT
from s2sad.trace.validate import validate
from s2sad.trace.walk import blocks
from tests.passes.interp import Left, run
from tests.passes.programs import leaving_program

ARGUMENTS = ((0.3, -1.2, 0.7), (1.0, 0.0, -0.4), (-2.5, 3.0, 0.1), (0.0, 0.0, 0.0), (5.0, 4.0, 3.0))


def never(ret: Return) -> bool:
    return False


def literal(ret: Return) -> bool:
    return all(isinstance(v, Lit) for v in ret.values)


def outcome(trace: Trace, args: tuple[float, ...]) -> Any:
    try:
        return run(trace, *args)
    except Left as left:
        return left.raised, left.values


def returns(trace: Trace) -> list[Return]:
    return [b.end for b in blocks(trace.body) if isinstance(b.end, Return)]


@pytest.mark.parametrize("keep", [never, literal])
@pytest.mark.parametrize("seed", range(200))
def test_random_programs(seed: int, keep: Any) -> None:
    before = leaving_program(seed)
    validate(before)
    after = join_returns(before, keep)
    validate(after)
    if keep is never:
        assert len(returns(after)) <= 1
    else:
        kept = sum(map(keep, returns(before)))
        assert len(returns(after)) <= kept + 1
    for args in ARGUMENTS:
        assert outcome(after, args) == outcome(before, args)


X, Y, C = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(BOOL, "c")


def trace(body: Block) -> Trace:
    return Trace("f", (Input("c", Leaf(0)), Input("x", Leaf(1)), Input("y", Leaf(2))), (C, X, Y), body, Leaf(0))


def test_a_program_with_one_return_is_left_alone() -> None:
    before = trace(Block((), Return((X,))))
    assert join_returns(before, never) == before


def test_a_kept_return_and_a_raise_stay() -> None:
    raising = If(C, Block((), Raise("ValueError", (X,))), Block((), Return((Y,))))
    before = trace(Block((If(C, Block((), Return((Lit(0.0),))), Block((raising,), None)),), None))
    assert join_returns(before, literal) == before


def test_an_exception_inside_a_branch_is_raised_after_it() -> None:
    z = Var(FLOAT, "z")
    raising = If(C, Block((), Raise("ValueError", (z,))), Block((), Return((z,))))
    compute = Op(z, "*", (X, Y))
    after = join_returns(trace(Block((If(C, Block((compute, raising), None), Block((), Return((X,)))),), None)), never)
    assert str(after) == """\
f(c: %c:bool, x: %x:float, y: %y:float) -> #0
  %result:float, %raised:bool, %z:float = if %c:
    %z_1:float = %x * %y
    %result_1:float, %raised_1:bool, %z_2:float = if %c:
      yield undef, True, %z_1
    else:
      yield %z_1, False, undef
    yield %result_1, %raised_1, %z_2
  else:
    yield %x, False, undef
  if %raised:
    raise ValueError(%z)
  else:
    return %result"""


def test_a_return_inside_a_loop_breaks_it() -> None:
    s, r, i, t = Var(FLOAT, "s"), Var(FLOAT, "s"), Var(INT, "i"), Var(FLOAT, "t")
    body = Block((If(C, Block((), Return((s,))), Block((Op(t, "+", (s, X)),), Next((t,)))),), None)
    loop = For(i, Range(Lit(0), Lit(3), Lit(1)), (s,), (Y,), body, (r,))
    after = join_returns(trace(Block((loop,), Return((r,)))), never)
    assert str(after) == """\
f(c: %c:bool, x: %x:float, y: %y:float) -> #0
  %s:float, %returned:bool = for %i:int in range(0, 3, 1) carry %s_1:float = %y, %returned_1:bool = False:
    if %c:
      break %s_1, True
    else:
      %t:float = %s_1 + %x
      next %t, %returned_1
  return %s"""
