"""The tables of the language: every class of Python's grammar is in them, and each entry says what is so."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
from pathlib import Path
from typing import Any

import pytest

import s2sad
from s2sad.errors import Refusal
from s2sad.language import REFUSED, SUPPORTED, Refused, Supported, document
from s2sad.language.entries import function

ROOT = Path(__file__).resolve().parents[2]
VERSION = sys.version_info[:2]
# Classes that stand for a kind of class, or that the parser does not make for the text of a function.
ABSTRACT = {"AST", "mod", "stmt", "expr", "expr_context", "boolop", "operator", "unaryop", "cmpop", "excepthandler",
            "pattern", "type_ignore", "type_param", "slice", "Expression", "Interactive", "FunctionType", "TypeIgnore"}
# Of older versions of the grammar.
OLD = {"Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Index", "ExtSlice", "Suite", "AugLoad", "AugStore", "Param"}


def number(entry: Supported | Refused) -> str:
    return entry.name.replace(" ", "_").replace("`", "")


def newest(entries: tuple[Any, ...]) -> list[Any]:
    return [pytest.param(e, id=number(e), marks=pytest.mark.skipif(
        VERSION < e.since, reason="not in the grammar of this Python")) for e in entries]


def grammar() -> set[str]:
    """The names of the classes of the grammar."""
    return {name for name, cls in vars(ast).items()
            if isinstance(cls, type) and issubclass(cls, ast.AST) and not name.startswith("_")} - ABSTRACT - OLD


def test_every_class_of_the_grammar_is_in_the_tables() -> None:
    named = {node for entry in (*SUPPORTED, *REFUSED) for node in entry.nodes.split()}
    assert grammar() <= named
    newer = {node for entry in (*SUPPORTED, *REFUSED) if entry.since > VERSION for node in entry.nodes.split()}
    assert named - newer <= grammar()


def test_names_are_given_once() -> None:
    names = [entry.name for entry in (*SUPPORTED, *REFUSED)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", newest((*SUPPORTED, *REFUSED)))
def test_samples_contain_what_they_stand_for(entry: Supported | Refused) -> None:
    program = entry.sample if isinstance(entry, Supported) else entry.program
    found = {type(node).__name__ for node in ast.walk(ast.parse(program))}
    assert set(entry.nodes.split()) <= found


@pytest.mark.parametrize("entry", newest(SUPPORTED))
def test_supported(entry: Supported) -> None:
    f = function(entry.sample, f"s2sad_supported_{SUPPORTED.index(entry)}")
    with contextlib.redirect_stdout(io.StringIO()):
        s2sad.check_grads(f, entry.at)


@pytest.mark.parametrize("entry", newest(REFUSED))
def test_refused(entry: Refused) -> None:
    f = function(entry.program, f"s2sad_refused_{REFUSED.index(entry)}")
    with pytest.raises(Refusal) as caught:
        s2sad.grad(f)(*entry.at)
    error, where = caught.value, caught.value.where
    assert where is not None
    assert (where.line, where.column) == entry.place, str(error)
    assert (error.reason, error.hint) == (entry.says, entry.instead)
    line = entry.program.splitlines()[where.line - 1]
    head, text, caret, *rest = str(error).splitlines()
    assert head == f"{where.file}:{where.line}:{where.column}: error: {entry.says}"
    assert (text, caret.index("^")) == (line.rstrip(), where.column - 1)
    assert rest == [f"  {part}" for part in entry.instead.splitlines()]


def test_there_are_many_refusals() -> None:
    assert len(REFUSED) >= 60


def test_document() -> None:
    """docs/language.md is what ``make language`` writes."""
    assert (ROOT / "docs" / "language.md").read_text(encoding="utf-8") == document()
