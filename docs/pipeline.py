"""How it works in one picture: `python docs/pipeline.py` prints docs/pipeline.svg.

STAGES says what each stage does and whether what is then held is shown: the text, or a trace, of FUNCTION.  All code
in the picture is what `s2sad` prints.
"""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from s2sad.cli import main as s2sad
from s2sad.passes import PIPELINE

FUNCTION = """\
def f(x1, x2):
    y = np.log(x1) + x1 * x2 - np.sin(x2)
    return y
"""

# A group, and its stages: the name, what it does, and the title of the panel beside it.
STAGES = """\
read
  source             the text of this very function, with its comments  | your function
  resolve            what each name means; guarded, should it change
  desugar            break, continue, return become ends of blocks
  lower              evaluated with types and shapes in place of values
  trace              loops, branches, each variable assigned once       | its trace
differentiate
  forward | reverse  rule by rule, a trace of the derivative
  passes             {passes}                                           | the trace of its derivative, reverse sweep
  record             what the reverse sweep reads: kept, or redone
  own                gradients and updates get memory of their own
write
  emit               Python again, in your names, with your comments    | its derivative, to read, step through and ship
  kernel             a file in the cache, loaded; guards keep it valid
"""
AGAIN = ("forward | reverse", "record")  # What a derivative of a derivative goes through once more.
PASSES = ", ".join(list(dict.fromkeys(name for name, _ in PIPELINE))[:5]) + " …"

WIDTH, LEFT, BOX, PANEL, ROW, HIGH, LINE = 920, 84, 352, 474, 66, 46, 17
STYLE = """\
text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
.code { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
.name { font-weight: 600; font-size: 14px } .small, .comment { fill: #59636e } .small { font-size: 12px }
.page { fill: #ffffff; stroke: #d0d7de } .panel { fill: #f6f8fa; stroke: #d0d7de } .box { fill: none; stroke: #d0d7de }
.line { fill: none; stroke: #8c959f; stroke-width: 1.25 } .tip { fill: #8c959f } .adjoint { fill: #bc4c00 }
.read { fill: #0969da } .differentiate { fill: #bc4c00 } .write { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small, .comment { fill: #9198a1 }
.page { fill: #0d1117; stroke: #3d444d } .panel { fill: #161b22; stroke: #3d444d } .box { stroke: #3d444d }
.line { stroke: #7d8590 } .tip { fill: #7d8590 } .adjoint { fill: #f0883e }
.read { fill: #4493f8 } .differentiate { fill: #f0883e } .write { fill: #3fb950 }
}"""


def stages() -> list[tuple[str, str, str, str]]:
    """Group, name, description and panel of each stage."""
    found, group = [], ""
    for line in STAGES.splitlines():
        if not line.startswith(" "):
            group = line
            continue
        name, said = re.split("  +", line.strip(), maxsplit=1)
        what, _, title = said.partition("  | ")
        found.append((group, name, what.strip().format(passes=PASSES), title))
    return found


def printed(command: str, *options: str) -> list[str]:
    """What `s2sad` prints about FUNCTION, line by line."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
        path = Path(folder, "example.py")
        path.write_text(FUNCTION + "import numpy as np\n")
        assert s2sad([command, f"{path}:f", "--types", "x1: float, x2: float", *options]) == 0
    return out.getvalue().splitlines()


# Of the derivative's docstring the first sentence, and no import.
CONTENTS: dict[str, Callable[[], list[str]]] = {
    "source": FUNCTION.splitlines,
    "trace": lambda: printed("trace", "--after", "lower"),
    "passes": lambda: [x[2:].partition("  ;")[0] for x in printed("trace") if x.endswith("; adjoint")],
    "emit": lambda: [re.sub(r"\)\.  .*", ').  …"""', line) for line in printed("grad")[3:]],
}


def coloured(line: str) -> str:
    """A line of code, comments and adjoints marked."""
    if line.lstrip().startswith("#"):
        return f'<tspan class="comment">{escape(line)}</tspan>'
    return re.sub(r"%?\b\w+_bar\b", r'<tspan class="adjoint">\g<0></tspan>', escape(line, quote=False))


def text(x: float, y: float, words: str, kind: str, upright: bool = False) -> str:
    more = f' transform="rotate(-90 {x} {y})" text-anchor="middle"' if upright else ""
    return f'<text class="{kind}" x="{x}" y="{y}"{more} xml:space="preserve">{words}</text>'


def arrow(way: str, x: float, y: float, base: str = "l -7 -4 v 8") -> str:
    """A line to a point, and its tip."""
    return f'<path class="line" d="{way} L {x} {y}"/><path class="tip" d="M {x} {y} {base} z"/>'


def bar(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{min(6, width / 2):g}"/>'


def picture() -> str:
    """The drawing."""
    parts: list[str] = []
    bottom, found = 0, stages()
    at = {name: 24 + k * ROW for k, (_, name, _, _) in enumerate(found)}
    for group in dict.fromkeys(group for group, *_ in found):
        places = [at[name] for g, name, *_ in found if g == group]
        parts.append(bar(group, 44, places[0], 4, places[-1] - places[0] + HIGH))
        parts.append(text(34, (places[0] + places[-1] + HIGH) / 2, group, f"name {group}", upright=True))
    for _, name, what, title in found:
        y = at[name]
        if name != found[0][1]:
            parts.append(arrow(f"M {LEFT + 40} {y + HIGH - ROW}", LEFT + 40, y - 1, "l -4 -7 h 8"))
        parts.append(bar("box", LEFT, y, BOX, HIGH))
        parts.append(text(LEFT + 14, y + 20, name, "name"))
        parts.append(text(LEFT + 14, y + 37, escape(what), "small"))
        if title:
            lines = CONTENTS[name]()
            height = LINE * len(lines) + 40
            top = max(bottom + 22, y + HIGH // 2 - height // 2, 24)
            bottom = top + height
            parts.append(arrow(f"M {LEFT + BOX} {y + HIGH // 2}", PANEL - 1, y + HIGH // 2))
            parts.append(bar("panel", PANEL, top, WIDTH - 24 - PANEL, height))
            parts.append(text(PANEL + 14, top + 20, title, "small"))
            parts += [text(PANEL + 14, top + 42 + LINE * n, coloured(x), "code") for n, x in enumerate(lines) if x]
    first, last = (at[name] + HIGH // 2 for name in AGAIN)
    parts.append(arrow(f"M {LEFT} {last} h -10 q -8 0 -8 -8 V {first + 8} q 0 -8 8 -8", LEFT - 1, first))
    parts.append(text(61, (first + last) / 2, "higher orders", "small", upright=True))
    height = max(bottom, *at.values()) + 24
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    page = bar("page", 0.5, 0.5, WIDTH - 1, height - 1)
    return "\n".join([head, f"<style>\n{STYLE}\n</style>", page, *parts, "</svg>", ""])


if __name__ == "__main__":
    print(picture(), end="")
