"""Private names: inside a class, Python takes ``__name`` for ``_Class__name``."""

from __future__ import annotations

from typing import Any

import gast


def class_around(qualname: str) -> str:
    """The class in whose text a function stands; empty if there is none.

    >>> class_around("Model.loss"), class_around("Model.loss.<locals>.term"), class_around("f.<locals>.g")
    ('Model', 'Model', '')
    """
    parts = qualname.split(".")
    while len(parts) > 1:
        if parts[-2] != "<locals>":
            return parts[-2]
        parts = parts[:-2]
    return ""


def mangle(node: Any, qualname: str) -> None:
    """Give the private names of a method the names that Python gives them."""
    cls = class_around(qualname).lstrip("_")
    if not cls:
        return
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, gast.Attribute):
            one.attr = _mangled(one.attr, cls)
        elif isinstance(one, gast.Name):
            one.id = _mangled(one.id, cls)
        todo += (child for child in gast.iter_child_nodes(one) if not isinstance(child, gast.ClassDef))


def _mangled(name: str, cls: str) -> str:
    return f"_{cls}{name}" if name.startswith("__") and not name.endswith("__") else name
