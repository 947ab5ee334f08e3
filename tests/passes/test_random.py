"""Every pass preserves what random programs compute, and leaves them well formed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from s2sad import passes
from s2sad.passes.constants import fold_constants
from s2sad.passes.cse import cse
from s2sad.passes.dce import dce
from s2sad.passes.expand import elide_expand
from s2sad.passes.invariant import hoist_invariants
from s2sad.passes.simplify import simplify
from s2sad.passes.sink import sink
from s2sad.trace.ir import Op, Stmt, Trace
from s2sad.trace.text import format_trace
from s2sad.trace.validate import validate
from s2sad.trace.walk import statements
from tests.passes.interp import run
from tests.passes.programs import program

ARGUMENTS = ((0.3, -1.2, 0.7), (1.0, 0.0, -0.4), (-2.5, 3.0, 0.1))
SEEDS = range(120)


def pipeline(trace: Trace) -> Trace:
    return passes.run(trace, after=lambda name, t: validate(t, linked=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_programs_are_well_formed(seed: int) -> None:
    validate(program(seed), linked=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("apply", [dce, cse, fold_constants, hoist_invariants, sink, elide_expand])
def test_exact_passes_keep_every_value(seed: int, apply: Callable[[Trace], Trace]) -> None:
    before = program(seed)
    after = apply(before)
    validate(after, linked=True)
    for args in ARGUMENTS:
        np.testing.assert_array_equal(run(after, *args), run(before, *args))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("apply", [simplify, pipeline])
def test_rounding_passes_keep_values(seed: int, apply: Callable[[Trace], Trace]) -> None:
    before = program(seed)
    after = apply(before)
    validate(after, linked=True)
    for args in ARGUMENTS:
        # Sums of large numbers may cancel; the programs have few enough operations for this bound.
        np.testing.assert_allclose(run(after, *args), run(before, *args), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_primal_statements_are_only_deleted_or_shared(seed: int) -> None:
    before = program(seed)
    written = {key(s) for s in statements(before.body) if isinstance(s, Op) and s.sweep == "primal"}
    after = passes.run(before, [p for p in passes.PIPELINE if p[0] != "cse"])
    left = {key(s) for s in statements(after.body) if isinstance(s, Op) and s.sweep == "primal"}
    assert left <= written


@pytest.mark.parametrize("seed", range(30))
def test_the_pipeline_is_a_function_of_the_program(seed: int) -> None:
    assert format_trace(pipeline(program(seed))) == format_trace(pipeline(program(seed)))


def key(stmt: Stmt) -> tuple[object, ...]:
    assert isinstance(stmt, Op)
    return stmt.target, stmt.fn, stmt.args, stmt.site


def test_passes_remove_something() -> None:
    programs = list(map(program, range(40)))

    def smaller(apply: Callable[[Trace], Trace]) -> int:
        return sum(len(list(statements(apply(t).body))) < len(list(statements(t.body))) for t in programs)

    assert smaller(dce) > 30 and smaller(cse) > 5 and smaller(fold_constants) > 5
    assert sum(str(sink(t)) != str(t) for t in programs) > 2
