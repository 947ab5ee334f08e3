"""No function of NumPy is undecided, and what goes through its text is called in a table."""

from __future__ import annotations

from typing import Any

import pytest

from s2sad.frontend.decisions import decision, public
from tests.functions.tables import calls, refused, zeros

TEXTS = [call.body for call in (*calls(), *zeros(), *(call for call, _ in refused()))]


@pytest.mark.parametrize(("spelling", "obj"), list(public()), ids=lambda item: item if isinstance(item, str) else "")
def test_every_function_is_decided(spelling: str, obj: Any) -> None:
    found = decision(spelling, obj)
    assert found, f"{spelling} has no rule, no text, and no reason why not"
    if found == "text":
        assert any(f"{spelling}(" in text for text in TEXTS), f"no table calls {spelling}"
