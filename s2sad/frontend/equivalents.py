"""Library functions that are lowered as Python functions which do the same, operation by operation.

    a, b = np.split(x, 2)      a, b = x[:n // 2], x[n // 2:]

An equivalent has the parameters of the library's function, gives bit for bit the same values, and views where the
library gives views.  Each module ``equivalents_*`` of this package has a table of its own, by canonical name.  Inside
an equivalent the function itself is the operation that has a rule.  Nothing of the text of an equivalent is shown:
what it computes stands at the user's line, and so does what it refuses.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

import s2sad.frontend
from s2sad.frontend.meanings import Function
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.source import FunctionSource

_HERE = str(Path(__file__).with_name("equivalents_"))


def tables() -> Iterator[dict[str, FunctionType]]:
    """The functions by the names of those that they stand for, family by family."""
    for info in sorted(pkgutil.iter_modules(s2sad.frontend.__path__), key=lambda info: info.name):
        if info.name.startswith("equivalents_"):
            yield importlib.import_module(f"s2sad.frontend.{info.name}").EQUIVALENTS


def _meaning(name: str, fn: FunctionType) -> Function:
    meaning = function_meaning(fn, name.rpartition(".")[2])
    assert meaning is not None
    return meaning


EQUIVALENTS: dict[str, Function] = {
    name: _meaning(name, fn) for table in tables() for name, fn in table.items()}


# Objects that do their work where they are indexed.
_TRICKS = {type(getattr(np, name)): f"np.{name}" for name in ("r_", "c_", "mgrid", "ogrid")}


def trick_name(obj: object) -> str:
    """The name of an object that does its work where it is indexed; empty for others.

    >>> trick_name(np.r_), trick_name(np.add)
    ('np.r_', '')
    """
    return _TRICKS.get(type(obj), "")


def is_equivalent(source: FunctionSource) -> bool:
    """Whether a text is that of an equivalent, or of what is defined in one."""
    return source.file.startswith(_HERE)


def seen(frame: Any, node: Any) -> tuple[FunctionSource, Any]:
    """The place in the user's text for a place in a text that is being lowered: of an equivalent, its call."""
    while frame.caller is not None and is_equivalent(frame.source):
        frame, node = frame.caller, frame.caller.calling
    return frame.source, node
