"""docs/language.md, printed from the tables."""

from __future__ import annotations

from s2sad.language.entries import Refused, Supported
from s2sad.language.refused import REFUSED
from s2sad.language.supported import SUPPORTED

_HEAD = """\
# The language

This page is printed from the tables in `s2sad/language` by `make language`; each entry is a test. In the samples,
`np` is NumPy and `math` the module of that name.

A program is ordinary Python. What it does with numbers and arrays is differentiated; everything else (containers,
texts, functions, classes) is evaluated when the derivative is compiled, with the values it has then. What cannot be
understood is refused:

```text
file.py:3:9: error: 'yield' is not supported here
        yield x * k
        ^~~~~~~~~~~
  why it is not
  what to write instead
```
"""


def document() -> str:
    """The text of docs/language.md."""
    supported = "\n".join(map(_supported, SUPPORTED))
    refused = "\n".join(map(_refused, REFUSED))
    return f"{_HEAD}\n## Supported\n\n{supported}\n## Refused\n\n{refused}"


def _title(entry: Supported | Refused) -> str:
    since = f" (Python {entry.since[0]}.{entry.since[1]})" if entry.since > (3, 10) else ""
    nodes = ", ".join(f"`{n}`" for n in entry.nodes.split())
    return f"### {entry.name[:1].upper()}{entry.name[1:]}{since}\n" + (f"{nodes}\n" if nodes else "")


def _supported(entry: Supported) -> str:
    note = f"\n{entry.note[:1].upper()}{entry.note[1:]}.\n" if entry.note else ""
    return f"{_title(entry)}{note}```python\n{entry.sample.rstrip()}\n```\n"


def _refused(entry: Refused) -> str:
    line, column = entry.place
    instead = "".join(f"  {part}\n" for part in entry.instead.splitlines())
    message = f"file.py:{line}:{column}: error: {entry.says}\n{instead}"
    return f"{_title(entry)}```python\n{entry.program.rstrip()}\n```\n```text\n{message}```\n"
