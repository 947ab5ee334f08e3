"""Tapes as arrays: the texts they come to, and the same numbers as lists give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.build.kernel import execute
from s2sad.emit import emit
from s2sad.passes.tape_arrays import tape_arrays
from s2sad.trace.ir import For, While
from s2sad.trace.validate import validate
from s2sad.trace.walk import statements
from tests import corpus
from tests.backends import programs as p
from tests.corpus import completed, direction, spread

LOOPS = [c for c in corpus.cases() if c.fn.__module__.rpartition(".")[2] in (
    "loops", "whiles", "exits", "algorithms", "calls", "indexing", "ideal")]


def text_of(f: Any, types: Any, mode: str = "reverse") -> str:
    """The derivative with arrays for tapes, without the parts that every derivative has."""
    trace = tape_arrays(s2sad.derive(f, mode, wrt=0, types=types).trace)
    validate(trace)
    return emit(trace)


def lists_left(f: Any, types: Any) -> int:
    trace = tape_arrays(s2sad.derive(f, wrt=0, types=types).trace)
    return sum(len(s.outs) for s in statements(trace.body) if isinstance(s, (For, While)))


def same(a: Any, b: Any) -> bool:
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    x, y = np.asarray(a), np.asarray(b)
    return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()


@pytest.mark.parametrize("case", LOOPS, ids=[c.name for c in LOOPS])
def test_arrays_give_the_numbers_of_lists(case: corpus.Case) -> None:
    types = completed(case.fn, case.arguments())
    made = s2sad.derive(case.fn, wrt=case.wrt, types=types)
    trace = tape_arrays(made.trace)
    validate(trace)
    fn = execute(emit(trace), "arrays", None)
    seed = direction(case.fn(*case.arguments()), 2)
    expected = made.fn(*completed(case.fn, case.arguments()), seed)
    assert same(fn(*completed(case.fn, case.arguments()), seed), expected), emit(trace)


second = [c for c in LOOPS if c.second_order and not c.is_single and isinstance(c.fn(*c.arguments()), float)]


@pytest.mark.parametrize("case", second, ids=[c.name for c in second])
def test_arrays_give_the_numbers_of_lists_in_second_order(case: corpus.Case) -> None:
    types = completed(case.fn, case.arguments())
    made = s2sad.derive(s2sad.grad(case.fn, wrt=case.wrt), wrt=case.wrt, types=types)
    trace = tape_arrays(made.trace)
    validate(trace)
    fn = execute(emit(trace), "arrays", None)
    seed = direction(s2sad.grad(case.fn, wrt=case.wrt)(*case.arguments()), 2)
    seed = seed[0] if isinstance(seed, tuple) and len(seed) == 1 else seed
    expected = made.fn(*completed(case.fn, case.arguments()), seed)
    assert same(fn(*completed(case.fn, case.arguments()), seed), expected), emit(trace)


def test_known_counts_give_one_axis_a_loop() -> None:
    text = text_of(p.four_deep, (spread(3, 3), 3))
    assert "v_tape = np.empty((v1, v2, v3, len(range(1, n))))" not in text and "append" not in text.partition("def ")[2]
    assert "np.empty((" in text_of(p.layers, (spread(3, 3), spread(3)))


def test_triangular_loops_lie_one_behind_the_other() -> None:
    text = text_of(p.triangle, (spread(4, 4), 4), "grad")
    assert "start_tape[i] = filled" in text
    assert "z_tape_1[filled + j] = z" in text
    assert "z = z_tape_1[start + j]" in text


def test_the_tape_of_a_while_loop_grows() -> None:
    text = text_of(p.until_small, (1.5,), "grad")
    assert "y_tape = reserve(y_tape, filled + 1)" in text
    assert "y_tape[filled] = y" in text
    assert "for k in reversed(range(filled)):" in text


def test_what_a_branch_makes_is_put_there() -> None:
    text = text_of(p.until_small, (1.5,), "grad")
    assert "None" not in text.partition("# Forward sweep.")[2]


def test_tapes_of_shrinking_arrays_stay_lists() -> None:
    assert lists_left(p.shrinking, (spread(6), 2)) == 1
    assert lists_left(p.triangle, (spread(4, 4), 4)) == 0
    assert lists_left(p.nested_while, (spread(4), 4)) == 0


def test_a_linear_stencil_needs_no_tape_and_a_nonlinear_one_its_slices() -> None:
    assert "tape" not in text_of(p.heat, (spread(7), 3), "grad")
    text = text_of(p.burgers, (spread(7), 3), "grad")
    assert text.count("np.empty((") == 1 and "append" not in text


def test_element_loops_lie_in_one_array_with_one_axis_a_loop() -> None:
    text = text_of(p.seidel, (spread(4, 4), 2), "grad")
    assert text.count("np.empty((") == text.count("np.empty(") and "append" not in text


def test_a_slice_needs_the_room_of_its_numbers() -> None:
    text = text_of(p.slices, (spread(7), 3), "grad")
    assert "append" not in text and "u.shape[0]" in text
