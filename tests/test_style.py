"""What no file of the project contains: absolute paths of a machine, unfinished business, stray control characters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = {".py", ".md", ".cfg", ".toml", ".txt", ""}
SKIPPED = {".git", ".venv", "build", "dist", "out", "__pycache__", "LICENSE"}
MAXIMUM_WIDTH = 120


def is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") and part != ".ci" for part in parts)
    skipped = SKIPPED.intersection(parts) or any(part.endswith(".egg-info") for part in parts)
    return path.is_file() and path.suffix in SUFFIXES and not hidden and not skipped


FILES = sorted(path for path in ROOT.rglob("*") if is_ours(path))

# Each is put together here, so that this file does not contain what it looks for.
PLACES = "|".join(["ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk"])
MARKS = "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"])
FORBIDDEN = {
    "an absolute path of a machine": rf"(?<![\w.$}}])/(?:{PLACES})/\w",
    "unfinished business": rf"\b(?:{MARKS})\b",
    "a conflict marker": r"^(?:<{7}|>{7}) ",
    "a carriage return": r"\r",
    "white space at the end of a line": r"[ \t]+$",
}


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=identify)
def test_style(path: Path) -> None:
    text = path.read_bytes().decode()
    wrong = []
    for what, pattern in FORBIDDEN.items():
        for match in re.finditer(pattern, text, re.MULTILINE):
            wrong.append(f"{identify(path)}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group()!r}")
    if path.suffix == ".py":
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > MAXIMUM_WIDTH:
                wrong.append(f"{identify(path)}:{number}: longer than {MAXIMUM_WIDTH} characters")
    assert not text or text.endswith("\n"), f"{identify(path)} does not end with a line feed"
    assert not wrong, "\n".join(wrong)


def test_top_level_is_tidy() -> None:
    expected = {
        "setup.cfg", "pyproject.toml", "Makefile", "README.md", "CHANGELOG.md", "LICENSE",
        "s2sad", "tests", "examples", "benchmarks", "docs", "build", "dist",
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert not {name for name in found - expected if not name.endswith(".egg-info") and name != "__pycache__"}


def test_tests_are_collected_without_optional_packages() -> None:
    """Those that need SciPy or Numba say so by `pytest.importorskip`, or import them under `try`."""
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else [
                alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            wrong = {name.partition(".")[0] for name in named} & {"scipy", "numba", "jax"}
            assert not wrong, f"{identify(path)}:{node.lineno}: imports {wrong}"


def test_every_module_has_a_docstring() -> None:
    for path in sorted((ROOT / "s2sad").rglob("*.py")):
        text = path.read_text(encoding="utf-8").lstrip()
        assert not text or text.startswith(('"""', 'r"""')), f"{identify(path)} has no docstring"
