"""One call of each function in programs: in a loop, in a branch, in a function called, on arrays that change.

A rule may be right by itself and wrong beside others: where its result shares memory with an operand, where what it
reads has been overwritten when the adjoint needs it, where it is recorded in a loop or computed again.
"""

from __future__ import annotations

import copy
import re
import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from tests.functions.harness import Call, Program, close, compiled, differences, draw, inner, weigher
from tests.functions.tables import calls

PROGRAM = """
def step(depth, {given}):
    if depth == 0:
        res = f({given})
        return {total}
    return step(depth - 1, {given})

def g({given}, flag=1.0):
    total = 0.0
{copies}
    for k in range(2):
        if flag > 0.0:
            res = f({own})
            total = total + (k + 1.0) * ({total})
{changes}
    return total + step(1, {given}){rest}
"""
# Their programs change nothing, for what they read may not be written to, or lie outside of the domain afterwards.
STILL = ("np.broadcast_to", "np.linalg.cholesky")
# Differences of numbers in single precision tell nothing.
SINGLE = ("float32", "single", "complex64", "csingle")
# Roots are complex by their types, also where they are real.
ROOTS = "roots"


def first_calls() -> list[Call]:
    """The first call of each spelling that is not in single precision."""
    found: dict[str, Call] = {}
    for call in calls():
        still = Program(call).is_single or any(word in call.body for word in SINGLE)
        if not still and not call.spelling.endswith(ROOTS):
            found.setdefault(call.spelling, call)
    return list(found.values())


def program_of(call: Call, program: Program) -> Any:
    """The program with the call in all of these places; None where the result has no derivative."""
    space: dict[str, Any] = {"f": program.f, "np": np}
    rng = np.random.default_rng(5)
    total = re.sub(r"\by\b", "res", weigher(program.f(*copy.deepcopy(program.args)), rng, space))
    arrays = [name for name, a in zip(program.names, program.args)
              if isinstance(a, np.ndarray) and a.ndim and call.spelling not in STILL]
    own = [name + "_1" if name in arrays else name for name in program.names]
    text = PROGRAM.format(
        given=", ".join(program.names), own=", ".join(own), total=total,
        copies="\n".join(f"    {name}_1 = {name}.copy()" for name in arrays) or "    pass",
        changes="\n".join(f"        {name}_1 *= 0.97" for name in arrays) or "        pass",
        rest="".join(f" + np.sum(np.real({name}_1 * np.conj({name}_1)))" for name in arrays))
    exec(compiled(text, f"context of {call.name}"), space)
    return space["g"]


@pytest.mark.parametrize("call", first_calls(), ids=lambda call: call.name)
def test_call_in_a_program(call: Call) -> None:
    program = Program(call)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        g, args = program_of(call, program), program.args
        dots = [draw(np.random.default_rng(6), a) for a in args]
        gradient = s2sad.grad(g, wrt=tuple(range(len(args))))(*args)
        expected = differences(g, args, dots)
        close([np.float64(inner(list(gradient), dots))], expected, 1e-7, "gradient against differences")
        close(s2sad.jvp(g, args, dots)[1], expected, 1e-7, "tangent against differences")
