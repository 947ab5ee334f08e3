"""The modules with declarations, one for each family of functions: every ``declarations_*`` of this package."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import s2sad.rules

FAMILIES: tuple[ModuleType, ...] = tuple(
    importlib.import_module(f"s2sad.rules.{info.name}")
    for info in sorted(pkgutil.iter_modules(s2sad.rules.__path__), key=lambda info: info.name)
    if info.name.startswith("declarations_"))
