"""Errors inside a derivative name the user's line.

A traceback shows the line of the generated file.  Here a note is added to it that says from which line of the user's
that comes; nothing of it costs anything as long as there is no error.
"""

from __future__ import annotations

from types import TracebackType

from s2sad.build.kernel import Kernel
from s2sad.trace.ir import Site


def note(error: BaseException, kernel: Kernel) -> None:
    """Add to an error that has come out of a kernel to which line of the user's it belongs."""
    line = _line(error.__traceback__, kernel.origin.file)
    site = kernel.origin.site(line) if line else None
    if site is None:
        return
    text = told(site, kernel.origin.name)
    if text in getattr(error, "__notes__", ()):
        return
    if hasattr(error, "add_note"):
        error.add_note(text)
    else:
        # Before Python 3.11 tracebacks do not print notes, but tools that know them do.
        error.__notes__ = [*getattr(error, "__notes__", ()), text]


def told(site: Site, name: str) -> str:
    """What is said of a place.

    >>> told(Site("model.py", 12, "y = np.log(x)"), "f")
    'in the derivative of f (model.py:12: y = np.log(x))'
    """
    return f"in the derivative of {name} ({site.file}:{site.line}: {site.text})"


def _line(traceback: TracebackType | None, file: str) -> int:
    """The innermost line of a file that a traceback has; 0 if it has none."""
    found = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found
