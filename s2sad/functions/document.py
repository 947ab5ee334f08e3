"""docs/functions.md, printed from the tables."""

from __future__ import annotations

from itertools import groupby

from s2sad.functions.entries import Entry, entries, methods

_HEAD = """\
# Functions

This page is printed from the compiler's own tables by `make functions`; `s2sad rules` prints them in a terminal, and
`s2sad rules NAME` the rule of one function.

Where a derivative comes from:

- **rule**: a declaration that says both modes, and all orders by being differentiated itself;
- **zero**: the derivative is zero wherever it exists; at jumps it is taken to be zero;
- **Python**: the function is differentiated through an equivalent in Python, or through its own text. Functions
  written in Python that are not listed here are tried in the same way;
- **compiler**: what is done while the derivative is compiled (structures, index arrays, solvers, draws).

All of them work in forward and reverse mode, in any order and combination, and print NumPy (or SciPy) in the
derivative. The last column says what holds where there is a choice: at ties, corners, poles, zeros. Keyword arguments
are those of the function; what makes no difference to numbers (`order`, `casting`, `subok`, …) is accepted, and what
has no derivative is refused with a reason. Functions of complex numbers follow the convention in
[api.md](api.md#complex-numbers).

Ufuncs have their methods, too: `reduce`, `accumulate`, `outer`, `at`, `reduceat`. Functions of SciPy are known where
SciPy is installed, and generated files import it where they call it.
"""
_TITLES = {"np": "numpy", "": "Python"}


def document() -> str:
    """The text of docs/functions.md."""
    parts = [_HEAD]
    for module, group in groupby(entries(), key=lambda e: e.module):
        parts.append(_section(_TITLES.get(module, module.replace("np.", "numpy.")), list(group)))
    rows = "\n".join(f"| `{method}` | `{name}` |" for method, name in methods().items())
    parts.append(f"## Methods of arrays\n\n| method | as |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _section(title: str, found: list[Entry]) -> str:
    rows = "\n".join(map(_row, found))
    return f"## {title}\n\n| function | derivative | edges |\n|---|---|---|\n{rows}\n"


def _row(entry: Entry) -> str:
    return f"| `{entry.call}` | {entry.source} | {entry.note} |".replace("|  |", "| |")
