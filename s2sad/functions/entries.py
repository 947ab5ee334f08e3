"""One entry for each function that programs may call, from the tables that the compiler itself reads.

A derivative comes from

    rule     a declaration: its text says both modes
    zero     a declaration: the derivative is zero wherever it exists
    Python   an equivalent in Python, or the function's own text, which is differentiated like the program
    compiler what is done while lowering, of structures, functions and random numbers
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from s2sad.frontend.equivalents import EQUIVALENTS
from s2sad.frontend.lower import FunctionLowering
from s2sad.functions.texts import MODELS, TEXTS
from s2sad.rules.table import METHODS, describe_rules

_MODULES = ("np", "np.linalg", "np.fft", "np.random", "np.polynomial", "np.lib.stride_tricks", "math", "cmath",
            "statistics", "scipy.special", "scipy.linalg",
            "scipy.integrate", "scipy.optimize", "scipy.interpolate", "scipy.signal", "scipy.ndimage",
            "scipy.sparse", "scipy.sparse.linalg", "scipy.spatial.distance", "scipy.stats", "scipy.fft")
_INDEXED = ("np.r_", "np.c_", "np.mgrid", "np.ogrid", "np.s_", "np.index_exp")
_HANDLER = "_builtin_"
BOTH = ("forward", "reverse")


@dataclass(frozen=True)
class Entry:
    """A function: how it is called, where its derivative comes from, its modes, what holds at its edges."""

    name: str
    call: str
    source: str
    modes: tuple[str, ...]
    note: str = ""
    text: str = ""

    @property
    def module(self) -> str:
        """The module that the function is in; for a method of a class that is the module of the class.

        >>> Entry("scipy.stats.norm.pdf", "", "rule", BOTH).module, Entry("np.sum", "", "rule", BOTH).module
        ('scipy.stats', 'np')
        """
        found = [m for m in _MODULES if self.name.startswith(m + ".")]
        return max(found, key=len, default="")


@lru_cache(maxsize=1)
def _all() -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for d in describe_rules():
        source = "zero" if d.modes == ("zero",) else "rule"
        entry = Entry(d.name, _call(d.text, d.name), source, d.modes, d.note, d.text)
        if entry.module:
            found[d.name] = entry
    for name, meaning in EQUIVALENTS.items():
        assert meaning.fn is not None
        call = f"{name}[...]" if name in _INDEXED else name + _parameters(meaning.fn)
        entry = Entry(name, call, "Python", BOTH)
        if entry.module:
            found[name] = replace(found[name], call=call) if name in found else entry
    for name, source in (*((name, "Python") for name in TEXTS), *((name, "compiler") for name in MODELS)):
        found[name] = Entry(name, f"{name}(...)", source, BOTH)
    for name in map(_handled, dir(FunctionLowering)):
        if name and name not in found:
            found[name] = Entry(name, f"{name}(...)", "compiler", BOTH)
    return tuple(sorted(found.values(), key=lambda e: (_MODULES.index(e.module), e.name.lower())))


def _handled(attribute: str) -> str:
    """The function that a method of the lowering is the handler of.

    >>> _handled("_builtin_np_linalg_norm"), _handled("_builtin_scipy_optimize_root_scalar"), _handled("_builtin_len")
    ('np.linalg.norm', 'scipy.optimize.root_scalar', '')
    """
    name = attribute.removeprefix(_HANDLER)
    found = [m for m in _MODULES if name != attribute and name.startswith(m.replace(".", "_") + "_")]
    module = max(found, key=len, default="")
    return f"{module}.{name[len(module) + 1:]}" if module else ""


def _parameters(fn: Callable[..., Any]) -> str:
    """The parameters of a function, without their types.

    >>> def f(a: float, *, axis: int = 0) -> float: ...
    >>> _parameters(f)
    '(a, *, axis=0)'
    """
    given = inspect.signature(fn)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in given.parameters.values()]
    return str(given.replace(parameters=bare, return_annotation=inspect.Signature.empty)).replace("<no value>", "...")


def _call(text: str, name: str) -> str:
    """The call in a declaration.

    >>> _call('linear("y = np.flip(x, axis=None)", x_bar="np.flip(y_bar, axis)")', "np.flip")
    'np.flip(x, axis=None)'
    >>> _call('general("y = np.max(x, initial=initial)")', "np.max")
    'np.max(x, initial=...)'
    """
    call = text.partition('"')[2].partition('"')[0]
    call = call.partition(" = ")[2] if call.partition(" = ")[2].startswith(name) else call
    call = call if call.startswith(name) else f"{name}(...)"
    return re.sub(r"\b(\w+)=\1\b", r"\1=...", call)  # an operand that may be left out


def entries(name: str | None = None) -> list[Entry]:
    """All functions, or those of one name, with or without their module.

    Args:
        name: such as ``np.sin``, ``numpy.sin`` or ``sin``.

    Returns:
        The entries by module and name; none if nothing is known.

    >>> [(e.name, e.source, e.note) for e in entries("hypot")]
    [('np.hypot', 'rule', '0 at (0, 0)'), ('math.hypot', 'rule', '0 at 0')]
    """
    if name is None:
        return list(_all())
    name = "np." + name.removeprefix("numpy.") if name.startswith("numpy.") else name
    return [e for e in _all() if name in (e.name, e.name.rpartition(".")[2])]


def methods() -> dict[str, str]:
    """The methods of arrays, each with the function that it is."""
    return dict(sorted(METHODS.items()))
