"""Random traces: the text, at both levels, computes what the trace says, bit for bit, and spares its arguments."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from s2sad.emit import emit
from s2sad.passes.own import own
from s2sad.trace.text import format_trace
from s2sad.trace.validate import validate
from tests.emit.make import run
from tests.emit.programs import Maker
from tests.passes import interp


def same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True))


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
