"""Random programs that change arrays: refused with a place, or right in every mode and order.

The seeds are fixed: a failure names the one to run again.  The programs are written by `tests.inplace_writer`, and what
must hold of their derivatives is in `tests.inplace_check`.
"""

from __future__ import annotations

import numpy as np
import pytest

from s2sad.errors import ArgumentError, Refusal
from tests.inplace_check import Program, check_first, check_second, is_regular, make, point, shape_of
from tests.inplace_writer import Writer

SEEDS = range(20000, 20064)
REFUSED: list[int] = []
WRONG_OUTPUTS = "may write to"


def checked(p: Program, points: list[tuple[object, ...]], seed: int) -> None:
    """The checks of one program; to save time each has its share of them."""
    for args in points[:2]:
        check_first(p, args)
    if seed % 4 == 1:
        check_first(p, points[0], "trace", operators=False)
        check_first(p, points[0], "source", operators=False)
    elif seed % 4 == 3:
        check_second(p, points[0], f"random in place {seed} weighted")


@pytest.mark.parametrize("seed", SEEDS)
def test_program(seed: int) -> None:
    text = Writer(seed, 5).program()
    p = make(text, f"random in place {seed}")
    dtype = np.float32 if seed % 8 == 2 else np.float64
    points = [args for k in range(3) if is_regular(p, args := point(3 * seed + k, shape_of(text), dtype))]
    if not points:
        # The program itself raises, or leaves the range in which numbers tell something.
        return
    try:
        with np.errstate(all="ignore"):
            checked(p, points, seed)
    except Refusal as refusal:
        assert refusal.where is not None, text
        REFUSED.append(seed)
    except ArgumentError as refusal:
        assert WRONG_OUTPUTS in str(refusal), text
        REFUSED.append(seed)
    except Exception as problem:
        raise AssertionError(text) from problem


def test_few_programs_are_refused() -> None:
    texts = {Writer(seed, 5).program() for seed in SEEDS}
    assert len(texts) == len(SEEDS)
    assert len(REFUSED) <= len(SEEDS) // 5


def test_programs_are_a_function_of_the_seed() -> None:
    assert Writer(3).program() == Writer(3).program() != Writer(4).program()
