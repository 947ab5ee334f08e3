"""The Python text of library functions that have no rule: their derivative is that of their text.

NumPy puts a dispatcher before its functions; the function itself is the dispatcher's ``__wrapped__``.
"""

from __future__ import annotations

import os
import types
from typing import Any

from s2sad.errors import Location, Refusal, SourceError, UnknownFunctionError
from s2sad.frontend.library import is_dispatcher, library_object
from s2sad.frontend.meanings import Function
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.values import Library


def written_in_python(obj: Any) -> types.FunctionType | None:
    """The Python function that a library's function is, or is made of; None if it is compiled code.

    >>> import numpy as np
    >>> written_in_python(np.trapezoid).__name__, written_in_python(np.sin)
    ('trapezoid', None)
    """
    if is_dispatcher(obj):
        obj = getattr(obj, "__wrapped__", None)
    while isinstance(obj, types.FunctionType) and _only_dispatches(obj):
        obj = obj.__wrapped__  # type: ignore[attr-defined]
    return obj if isinstance(obj, types.FunctionType) else None


def _only_dispatches(obj: types.FunctionType) -> bool:
    """Whether a function is what NumPy 1 puts before its functions."""
    return hasattr(obj, "__wrapped__") and obj.__code__.co_filename.startswith("<__array_function__")


def library_text(fn: Library) -> Function | None:
    """What a library function means as a program; None if it has no text."""
    obj = fn.object if fn.object is not None else library_object(fn.name)[1]
    found = written_in_python(obj)
    meaning = None if found is None else function_meaning(found, fn.name.rpartition(".")[2])
    if meaning is None:
        return None
    try:
        meaning.source()
    except SourceError:
        return None
    return meaning


def seen_from(refusal: Refusal, name: str, where: Location, rule: str) -> Refusal:
    """What is refused in the text of a library function, as the user sees it: at the call."""
    there = refusal.where
    assert there is not None
    place = f"line {there.line} of {os.path.basename(there.file)}"
    hints = [] if isinstance(refusal, UnknownFunctionError) else [refusal.hint]
    hint = "\n".join((*filter(None, hints), f"or register its derivative: {rule}" if any(hints) else (
        f"register its derivative: {rule}")))
    return type(refusal)(f"'{name}' has no rule, and its text is not understood: {refusal.reason} ({place})", where,
                         hint, refusal.is_open)
