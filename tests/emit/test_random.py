"""Random traces: the text, at both levels, computes what the trace says, bit for bit, and spares its arguments."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from s2sad.emit import emit
from s2sad.passes.early import read_early
from s2sad.passes.latest import ask_latest
from s2sad.passes.own import own
from s2sad.passes.stores import join_stores
from s2sad.trace.ir import Node, Return
from s2sad.trace.text import format_trace
from s2sad.trace.validate import validate
from s2sad.trace.walk import blocks
from tests.emit.make import run
from tests.emit.programs import Maker
from tests.passes import interp


def same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True))


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_pullbacks_can_run_twice(seed: int, n: int) -> None:
    """What a pullback reads stays as the function has left it, whatever is done with what was handed out."""
    trace = Maker(seed).trace(split=True)
    assume(sum(isinstance(b.end, Return) for b in blocks(trace.body)) == 1)
    array = np.array([0.3, -1.2, 2.5])
    expected = interp.run(trace, 0.7, -0.4, array.copy(), n)
    inputs = tuple(replace(i, kind="seed") if i.name == "y" else i for i in trace.inputs)
    result = Node("tuple", (Node("tuple", ()), trace.result))
    text = emit(own(replace(trace, inputs=inputs, split=True, given=(), result=result)))
    _, pullback = run(text, "f", 0.7, array, n)
    for _ in range(2):
        got = pullback(-0.4)
        assert all(map(same, got, expected)), text
        got[2][...], got[3][...] = 7.0, 8.0


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_passes_about_updates_keep_values(seed: int, n: int) -> None:
    """Sums of an adjoint are added up in another order; arguments that may change need no copies."""
    trace = Maker(seed).trace()
    array = np.array([0.3, -1.2, 2.5])
    expected = interp.run(trace, 0.7, -0.4, array.copy(), n)
    for change in (read_early, join_stores, ask_latest):
        trace = change(trace)
        validate(trace)
    for inplace in ((), (2,)):
        text = emit(own(replace(trace, given=(), inplace=inplace)))
        got = run(text, "f", 0.7, -0.4, array.copy(), n)
        for a, b in zip(got, expected):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9, err_msg=text)


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_text_computes_the_trace(seed: int, n: int) -> None:
    trace = Maker(seed).trace()
    array = np.array([0.3, -1.2, 2.5])
    expected = interp.run(trace, 0.7, -0.4, array.copy(), n)
    owned = own(replace(trace, given=()))
    validate(owned)
    assert format_trace(owned)
    for level in ("source", "trace"):
        text = emit(owned, level)
        assert text == emit(owned, level)
        ast.parse(text)
        given_array = array.copy()
        got = run(text, "f", 0.7, -0.4, given_array, n)
        assert all(map(same, got, expected)), f"{level}\n{format_trace(owned)}\n{text}\n{got}\n{expected}"
        assert same(given_array, array), f"the argument changed\n{text}"
        assert not np.shares_memory(got[2], given_array) and not np.shares_memory(got[3], given_array), text
        assert not np.shares_memory(got[2], got[3]), text
