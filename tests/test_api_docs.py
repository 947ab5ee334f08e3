"""The examples of docs/api.md print what the page says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.test_readme import blocks, printed, tidy

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"


@pytest.mark.parametrize(("title", "count"), [("Complex numbers", 2), ("Solvers and integrators", 3)])
def test_examples(title: str, count: int) -> None:
    before, heading, rest = PAGE.read_text("utf-8").partition(f"## {title}\n")
    section = "\n" * before.count("\n") + heading + rest.partition("\n## ")[0]
    if "scipy" in section and importlib.util.find_spec("scipy") is None:
        pytest.skip("SciPy is not installed")
    namespace: dict[str, Any] = {}
    shown, told = "", 0
    for block in blocks(section):
        if block.language == "python":
            shown = printed(block.text, f"api.md:{block.line}", namespace)
        elif block.language == "text":
            assert tidy(shown) == tidy(block.text), f"api.md:{block.line}"
            told += 1
    assert told == count
