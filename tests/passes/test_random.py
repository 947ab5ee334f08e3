"""Every pass preserves what random programs compute, and leaves them well formed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from s2sad.passes.cse import cse
from s2sad.passes.dce import dce
from s2sad.trace.ir import Trace
from s2sad.trace.validate import validate
from s2sad.trace.walk import statements
from tests.passes.interp import run
from tests.passes.programs import program

ARGUMENTS = ((0.3, -1.2, 0.7), (1.0, 0.0, -0.4), (-2.5, 3.0, 0.1))


@pytest.mark.parametrize("seed", range(150))
def test_programs_are_well_formed(seed: int) -> None:
    validate(program(seed), linked=True)


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.parametrize("apply", [dce, cse, lambda t: dce(cse(dce(t)))])
def test_exact_passes_keep_every_bit(seed: int, apply: Callable[[Trace], Trace]) -> None:
    before = program(seed)
    after = apply(before)
    validate(after, linked=True)
    for args in ARGUMENTS:
        np.testing.assert_equal(run(after, *args), run(before, *args))


def test_passes_remove_something() -> None:
    sizes = [(len(list(statements(t.body))), len(list(statements(dce(t).body))), len(list(statements(cse(t).body))))
             for t in map(program, range(50))]
    assert sum(dead < all_ for all_, dead, _ in sizes) > 40
    assert sum(shared < all_ for all_, _, shared in sizes) > 10
