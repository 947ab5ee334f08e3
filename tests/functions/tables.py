"""The tables of calls: every module ``calls_*`` of this package."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import tests.functions
from tests.functions.harness import Call

HAS_SCIPY = importlib.util.find_spec("scipy") is not None


def modules() -> Iterator[ModuleType]:
    """The modules with tables; those that need SciPy where it is installed."""
    for info in sorted(pkgutil.iter_modules(tests.functions.__path__), key=lambda info: info.name):
        if info.name.startswith("calls_"):
            yield importlib.import_module(f"tests.functions.{info.name}")


def usable(text: str) -> bool:
    return HAS_SCIPY or "scipy" not in text


def calls() -> list[Call]:
    """All calls that are to be differentiated."""
    found = []
    for module in modules():
        first, iterated = getattr(module, "FIRST_ORDER", ()), getattr(module, "ITERATED", ())
        found += [Call(spelling, text, text not in first, spelling not in iterated)
                  for spelling, texts in module.CALLS.items() for text in texts if usable(spelling + text)]
    return found


def zeros() -> list[Call]:
    """Calls whose derivative is zero."""
    return [Call("", text) for module in modules() for text in getattr(module, "ZERO", ()) if usable(text)]


def refused() -> list[tuple[Call, str]]:
    """Calls that are refused, and what the refusal says."""
    return [(Call("", text), said) for module in modules() for text, said in getattr(module, "REFUSED", {}).items()
            if usable(text)]


def summary() -> str:
    """How much there is, in one line."""
    found = calls()
    return f"{len({c.spelling for c in found})} spellings of functions in {len(found)} calls"
