"""The documentation's examples: README.md is run from top to bottom, and what it says is printed must be printed.

Python blocks share one namespace.  A ``text`` block that follows a Python block is what that block prints.  In a
``console`` block each line ``$ s2sad …`` is a command, and the lines up to the next one are what it prints; other
commands are for the reader.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import define

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the line it starts on, its text."""

    language: str
    line: int
    text: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a Markdown text.

    >>> blocks("a\\n```python\\nx = 1\\n```\\n")
    [Block(language='python', line=3, text='x = 1\\n')]
    """
    return [Block(m.group(1), text.count("\n", 0, m.start(2)) + 1, m.group(2)) for m in FENCE.finditer(text)]


def tidy(text: str) -> str:
    """A text without white space at the ends of its lines and of itself."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).rstrip()


def printed(code: str, title: str, namespace: dict[str, Any]) -> str:
    """What Python code prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        define(code, title, namespace)
    return out.getvalue()


def commands(text: str) -> list[tuple[str, str]]:
    r"""The commands of a console block, each with what it prints.

    >>> commands("$ s2sad rules \\\n    --all\nsin\ncos\n$ ls\n")
    [('s2sad rules --all', 'sin\ncos\n'), ('ls', '')]
    """
    found: list[tuple[str, str]] = []
    continued = False
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif continued:
            found[-1] = (found[-1][0][:-1].rstrip() + " " + line.strip(), "")
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
        continued = bool(found) and not found[-1][1] and found[-1][0].endswith("\\")
    return found


def run_command(command: str) -> str:
    """What an ``s2sad`` command prints on standard output."""
    from s2sad import cli

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            cli.main(shlex.split(command, comments=True)[1:])
        except SystemExit as ending:
            assert ending.code in (0, 1, 2, None), ending.code
    return out.getvalue()


@pytest.fixture
def in_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.skipif(not README.exists(), reason="there is no README.md beside these tests")
def test_readme(in_root: None) -> None:
    found = blocks(README.read_text(encoding="utf-8"))
    assert any(block.language == "python" for block in found)
    namespace: dict[str, Any] = {}
    previous: tuple[Block, str] | None = None
    for block in found:
        place = f"README.md:{block.line}"
        if block.language == "python":
            # Line feeds in front make the lines of a traceback those of README.md.
            text = printed("\n" * (block.line - 1) + block.text, place, namespace)
            previous = (block, text)
            continue
        if block.language == "text" and previous is not None:
            assert tidy(previous[1]) == tidy(block.text), f"{place}: the block before prints something else"
        if block.language == "console":
            for command, expected in commands(block.text):
                if shlex.split(command, comments=True)[:1] == ["s2sad"]:
                    got = run_command(command)
                    assert tidy(got) == tidy(expected), f"{place}: {command} prints something else"
        previous = None
