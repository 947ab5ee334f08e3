"""docs/functions.md is what the tables say, and has all that the tables of calls check."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2sad.cli import main
from s2sad.frontend.decisions import decision, public
from s2sad.frontend.library import library_name, library_object
from s2sad.functions import document, entries
from s2sad.functions.texts import MODELS, TEXTS
from tests.functions.tables import calls

ROOT = Path(__file__).parents[2]
KNOWN = {entry.name for entry in entries()}


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "functions.md").read_text("utf-8") == document(), "run `make functions`"


def test_every_function_stands_once() -> None:
    names = [entry.name for entry in entries()]
    assert len(set(names)) == len(names) > 1000


def test_texts_are_those_of_numpy() -> None:
    found = {spelling for spelling, obj in public() if decision(spelling, obj) == "text"}
    assert found - set(TEXTS) == set()
    decided = {spelling: decision(spelling, obj) for spelling, obj in public()}
    assert {name: decided[name] for name in TEXTS if decided.get(name, "text") != "text"} == {}


def is_known(spelling: str) -> bool:
    """Whether a spelling, or what it is a method or another name of, is on the page."""
    head, _, last = spelling.rpartition(".")
    if spelling in KNOWN or head in KNOWN or any(name.startswith(f"{spelling}.") for name in KNOWN):
        return True
    if head.partition(".")[0] not in ("np", "scipy", "math", "cmath"):
        return True
    exists, obj = library_object(spelling)
    return not exists or library_name(obj) in KNOWN


def test_what_is_checked_is_listed() -> None:
    assert sorted({c.spelling for c in calls() if not is_known(c.spelling)}) == []


@pytest.mark.parametrize(("name", "said"), [
    ("np.pad", "np.pad"), ("hypot", "0 at (0, 0)"), ("scipy.optimize.brentq", "compiler"), ("numpy.split", "Python"),
])
def test_the_command(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", name]) == 0
    assert said in capsys.readouterr().out


def test_the_command_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(entries())
    assert "np.hypot                                 forward, reverse  0 at (0, 0)" in lines
    assert any(line.split() == ["np.argmax", "zero"] for line in lines)
    assert MODELS
