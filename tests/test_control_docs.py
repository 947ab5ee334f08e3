"""The examples of docs/control.md print what the page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from s2sad.rules.table import forget
from tests.test_readme import blocks, printed, tidy

PAGE = Path(__file__).resolve().parent.parent / "docs" / "control.md"


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    yield
    forget("gram")


def test_the_page() -> None:
    namespace: dict[str, Any] = {}
    shown, told, seen = "", 0, 0
    for block in blocks(PAGE.read_text("utf-8")):
        if block.language == "python":
            shown = printed(block.text, f"control.md:{block.line}", namespace)
            seen += 1
        elif block.language == "text":
            assert tidy(shown) == tidy(block.text), f"control.md:{block.line}"
            told += 1
    assert (seen, told) == (7, 6)
