"""docs/pipeline.svg is what docs/pipeline.py draws, and its stages are those of the compiler, in their order."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from s2sad.cli import main

ROOT = Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("pipeline", ROOT / "docs" / "pipeline.py")
assert spec is not None and spec.loader is not None
pipeline = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pipeline)
NAMES = [name for _, name, _, _ in pipeline.stages()]


def test_is_current() -> None:
    assert (ROOT / "docs" / "pipeline.svg").read_text("utf-8") == pipeline.picture(), "run `make pipeline`"


def test_is_well_formed() -> None:
    drawn = [e.text for e in ElementTree.fromstring(pipeline.picture()).iter() if e.get("class") == "name"]
    assert drawn == NAMES


def test_is_the_line_of_the_design() -> None:
    line = re.search(r"^function ─ .*$", (ROOT / "docs" / "design.md").read_text("utf-8"), re.M)
    assert line is not None and line.group().split(" ─ ")[1:] == NAMES


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_is_the_order_of_the_stages(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    target = f"{ROOT / 'examples' / 'survey.py'}:f"
    assert main(["trace", target, "--mode", mode, "--after", "list"]) == 0
    stages = capsys.readouterr().out.split()
    wanted = [{"forward | reverse": mode, "passes": "dce"}.get(name, name) for name in NAMES]
    assert [name for name in wanted if name in stages] == sorted(set(stages) & set(wanted), key=stages.index)


def test_every_stage_is_a_part_of_the_compiler() -> None:
    parts = {path.stem for path in (ROOT / "s2sad").rglob("*") if path.suffix in ("", ".py")}
    assert {part for name in NAMES for part in name.split(" | ")} <= parts
