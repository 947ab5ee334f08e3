"""Identifiers of generated text: which are legal, which are taken, how a taken one is varied.

>>> sanitise("x-bar"), sanitise("lambda"), sanitise("2x")
('x_bar', 'lambda_', '_2x')
>>> fresh("x", {"x", "x_1"})
'x_2'
"""

from __future__ import annotations

import keyword
from collections.abc import Container, Iterator


def is_identifier(name: str) -> bool:
    """Whether ``name`` can be the name of a variable.

    >>> is_identifier("x_bar"), is_identifier("if")
    (True, False)
    """
    return name.isidentifier() and not keyword.iskeyword(name)


def sanitise(hint: str) -> str:
    """The nearest legal identifier; the empty hint stays empty."""
    if not hint or is_identifier(hint):
        return hint
    name = "".join(c if ("_" + c).isidentifier() else "_" for c in hint)
    if not name.isidentifier():
        name = "_" + name
    return name + "_" if keyword.iskeyword(name) else name


def variants(base: str) -> Iterator[str]:
    """``x, x_1, x_2, …``."""
    yield base
    k = 0
    while True:
        k += 1
        yield f"{base}_{k}"


def fresh(base: str, taken: Container[str]) -> str:
    """The first variant of ``base`` that is not taken."""
    return next(name for name in variants(base) if name not in taken)
