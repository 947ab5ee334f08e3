"""Identifiers."""

from __future__ import annotations

import keyword

from hypothesis import given
from hypothesis import strategies as st

from s2sad.names import fresh, is_identifier, sanitise


@given(st.text(min_size=1, max_size=8))
def test_sanitised_names_are_identifiers(hint: str) -> None:
    assert is_identifier(sanitise(hint)), sanitise(hint)
    assert not is_identifier(hint) or sanitise(hint) == hint


def test_keywords_and_variants() -> None:
    assert all(is_identifier(sanitise(k)) for k in keyword.kwlist)
    assert sanitise("") == "" and fresh("a", set()) == "a" and fresh("a", {"a", "a_1"}) == "a_2"
