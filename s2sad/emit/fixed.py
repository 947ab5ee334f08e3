"""What a derivative was made for: arguments whose values are fixed in its text.

A text, a flag or None decides while the program is lowered what is computed, so the function that comes out is right
for this value alone.  The parameter stays, as callers pass it; another value is an error:

    if mode != 'fast':
        raise ValueError("this derivative is for mode='fast'")
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.emit.text import wrap
from s2sad.trace.ir import Const, Trace


def told_apart(trace: Trace) -> list[str]:
    """The lines that refuse other values of arguments that are fixed.

    >>> from s2sad.trace.ir import Block, Input, Return
    >>> inputs = Input("mode", Const("fast")), Input("w", Const(None))
    >>> trace = Trace("f", inputs, (), Block((), Return()), Const(None))
    >>> print(*told_apart(trace), sep="\\n")
        if mode != 'fast' or w is not None:
            raise ValueError("this derivative is for mode='fast', w=None")
    """
    fixed = {i.name: shown for i in trace.inputs if isinstance(i.tree, Const) and i.kind == "argument"
             and (shown := _shown(i.tree.value)) is not None}
    if not fixed:
        return []
    tests = [f"{name} {'!=' if shown[0] in _NUMBER_OR_TEXT else 'is not'} {shown}" for name, shown in fixed.items()]
    values = ", ".join(f"{name}={shown}" for name, shown in fixed.items())
    message = f"this derivative is for {values}"
    return [*wrap(f"    if {' or '.join(tests)}:", 8), *wrap(f"        raise ValueError({_quoted(message)})", 12)]


_NUMBER_OR_TEXT = frozenset("-0123456789'\"")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shown(value: Any) -> str | None:
    """A value as it is written in a text; None if it has no short form."""
    if value is None or isinstance(value, (bool, int, str)):
        shown = repr(value)
        return shown if len(shown) <= 40 and type(value) in (type(None), bool, int, str) else None
    name = getattr(value, "__name__", "")
    return f"np.{name}" if name and getattr(np, name, None) is value else None
