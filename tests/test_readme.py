"""The documentation's examples: README.md is run from top to bottom, and what it says is printed must be printed.

The Python blocks are one program, example.py, with a blank line between them.  A block that follows a Python block and
is headed ``text`` or ``python printed`` is what that block prints, and each that prints is followed by one.  In a
``console`` block each line ``$ s2sad …`` is a command, and the lines up to the next one are what it prints;
of the commands that set things up, it is looked at that the targets and extras they name exist.
"""

from __future__ import annotations

import configparser
import contextlib
import io
import linecache
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import define

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FENCE = re.compile(r"^```(\w*)(?: (printed))?\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and what is said of it, the line it starts on, its text."""

    language: str
    line: int
    text: str
    printed: bool = False


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a Markdown text.

    >>> blocks("a\\n```python\\nx = 1\\n```\\n")
    [Block(language='python', line=3, text='x = 1\\n', printed=False)]
    """
    return [
        Block(m.group(1), text.count("\n", 0, m.start(3)) + 1, m.group(3), bool(m.group(2)))
        for m in FENCE.finditer(text)
    ]


def tidy(text: str) -> str:
    """A text without white space at the ends of its lines and of itself."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).rstrip()


def printed(code: str, title: str, namespace: dict[str, Any]) -> str:
    """What Python code prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        define(code, title, namespace)
    return out.getvalue()


class Program:
    """Python blocks that are parts of one file: `inspect` and messages see the file."""

    def __init__(self, file: str, parts: list[str]) -> None:
        self.file = file
        self.namespace: dict[str, Any] = {"__name__": "tests.generated"}
        self.line = 0
        text = "\n".join(parts)
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)

    def run(self, part: str) -> str:
        """What the next part prints."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile("\n" * self.line + part, self.file, "exec"), self.namespace)
        self.line += part.count("\n") + 1
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


def check_set_up(command: str) -> None:
    """A command that sets things up names what is there: targets of the Makefile, extras, modules."""
    words = shlex.split(command, comments=True)
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    if words[0] == "make":
        done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    elif words[:2] == ["pip", "install"]:
        name, _, extras = words[2].rstrip("]").partition("[")
        assert name == "." and set(filter(None, extras.split(","))) <= set(settings["options.extras_require"])
    else:
        assert words[:2] == ["python", "-m"] and (ROOT / (words[2].replace(".", "/") + ".py")).exists(), command


@pytest.mark.skipif(not README.exists(), reason="there is no README.md beside these tests")
def test_readme(in_root: None) -> None:
    found = blocks(README.read_text(encoding="utf-8"))
    assert all(block.language in ("python", "text", "console") for block in found)
    program = Program("example.py", [b.text for b in found if b.language == "python" and not b.printed])
    shown = ""
    for block in found:
        place = f"README.md:{block.line}"
        if block.language == "text" or block.printed:
            assert tidy(shown) == tidy(block.text), f"{place}: the block before prints something else"
            shown = ""
            continue
        assert not shown, f"{place}: it is not said what the block before prints"
        if block.language == "python":
            shown = program.run(block.text)
            continue
        for command, expected in commands(block.text):
            if shlex.split(command, comments=True)[0] == "s2sad":
                assert tidy(run_command(command)) == tidy(expected), f"{place}: {command} prints something else"
            else:
                check_set_up(command)
    assert not shown, "it is not said what the last block prints"
