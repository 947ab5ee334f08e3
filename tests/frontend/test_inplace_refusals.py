"""Programs that change arrays and lists in ways that are refused: the place, the variable, and what to write instead.

In each program « and » stand around the statements at which it may be refused: the caret must lie inside one of them.
"""

from __future__ import annotations

import textwrap
import types

import numpy as np
import pytest

from s2sad.errors import Refusal
from tests.corpus import define
from tests.frontend.refused_aliasing import ALIASING
from tests.frontend.refused_lists import LISTS
from tests.frontend.refused_writes import TYPE, WRITES
from tests.frontend.test_lower_corpus import lowered

PROGRAMS = ALIASING | LISTS | WRITES

# Refused by Python and NumPy too, besides the programs of the kind TYPE.
REFUSED_BY_NUMPY = {"characters", "items_of_a_tuple", "deleted_element_of_array", "diagonal_by_method"}


def places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks, and from where to where the marked parts are."""
    clean, regions = "", []
    for k, part in enumerate(text.split("«")):
        if k:
            marked, found, part = part.partition("»")
            assert found, "a mark without end"
            regions.append((len(clean), len(clean) + len(marked)))
            clean += marked
        clean += part
    return clean, regions


def namespace() -> dict[str, object]:
    """What the programs find in their module."""
    return {"np": np, "STATE": types.SimpleNamespace(work=np.zeros(3), value=0.0)}


@pytest.mark.parametrize("name", PROGRAMS)
def test_refused(name: str) -> None:
    text, args, words, kinds = PROGRAMS[name]
    text, regions = places(textwrap.dedent(text).strip("\n") + "\n")
    space = define(text, f"refused {name}", namespace())
    with pytest.raises(Refusal) as caught:
        lowered(space["f"], args)
    error = caught.value
    assert isinstance(error, kinds), error
    assert error.where is not None, error
    lines = text.splitlines(keepends=True)
    offset = sum(map(len, lines[: error.where.line - 1])) + error.where.column - 1
    assert any(start <= offset < end for start, end in regions), str(error)
    assert error.where.source == lines[error.where.line - 1].rstrip("\n"), str(error)
    for word in words:
        assert word in str(error), str(error)
    if kinds != TYPE and name not in REFUSED_BY_NUMPY:
        assert error.hint, f"nothing is said about what to write instead:\n{error}"


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_numpy_makes_of_it(name: str) -> None:
    """The programs are right Python: NumPy takes all of them, but for those that are about what NumPy refuses."""
    text, args, _, kinds = PROGRAMS[name]
    text, regions = places(textwrap.dedent(text).strip("\n") + "\n")
    assert regions
    space = define(text, f"run {name}", namespace())
    arguments = [np.copy(a) if isinstance(a, np.ndarray) else a for a in args]
    if kinds == TYPE or name in REFUSED_BY_NUMPY:
        with pytest.raises((TypeError, ValueError, IndexError)):
            space["f"](*arguments)
    else:
        assert space["f"](*arguments) is not None
