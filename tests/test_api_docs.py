"""The examples of docs/api.md about complex numbers print what the page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.test_readme import blocks, printed, tidy

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"


def test_complex_numbers() -> None:
    before, title, rest = PAGE.read_text("utf-8").partition("## Complex numbers\n")
    section = "\n" * before.count("\n") + title + rest.partition("\n## ")[0]
    namespace: dict[str, Any] = {}
    shown, told = "", 0
    for block in blocks(section):
        if block.language == "python":
            shown = printed(block.text, f"api.md:{block.line}", namespace)
        elif block.language == "text":
            assert tidy(shown) == tidy(block.text), f"api.md:{block.line}"
            told += 1
    assert told == 2
