"""Modules for one family of functions each: every ``declarations_*`` and ``macros_*`` of this package.

A module ``macros_*`` has a table ``MACROS`` of the functions that it adds to the rule language.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

import s2sad.rules
from s2sad.errors import InternalError


def _modules(kind: str) -> tuple[ModuleType, ...]:
    return tuple(importlib.import_module(f"s2sad.rules.{info.name}")
                 for info in sorted(pkgutil.iter_modules(s2sad.rules.__path__), key=lambda info: info.name)
                 if info.name.startswith(kind))


FAMILIES: tuple[ModuleType, ...] = _modules("declarations_")


def of_families() -> dict[str, Any]:
    """The functions that the families add to the rule language, which is one for all: no name means two things."""
    found: dict[str, Any] = {}
    for module in _modules("macros_"):
        for name, fn in getattr(module, "MACROS", {}).items():
            if found.setdefault(name, fn) is not fn:
                raise InternalError(f"two families add {name} to the rule language")
    return found
