"""What an entry of the tables is, and how its sample becomes a function."""

from __future__ import annotations

import linecache
import sys
import types
from dataclasses import dataclass
from typing import Any

_HEAD = "import math\nimport numpy as np\n"


@dataclass(frozen=True)
class Supported:
    """A construct that is differentiated.

    ``nodes`` are the classes of Python's grammar that it stands for, ``sample`` is a program with a function ``f``, and
    ``at`` the arguments to check it at.  ``note`` says where it ends.
    """

    nodes: str
    name: str
    sample: str
    at: tuple[Any, ...] = (0.7,)
    note: str = ""
    since: tuple[int, int] = (3, 10)


@dataclass(frozen=True)
class Refused:
    """A construct that is refused: in the sample, « and » stand around the place that the message points to.

    ``says`` is the reason that the message gives, ``instead`` what it tells to write.
    """

    nodes: str
    name: str
    sample: str
    says: str
    instead: str
    at: tuple[Any, ...] = (0.7,)
    since: tuple[int, int] = (3, 10)

    @property
    def program(self) -> str:
        """The sample without the marks."""
        return self.sample.replace("«", "").replace("»", "")

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the place, counted from 1."""
        before = self.sample[: self.sample.index("«")]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


def function(program: str, title: str) -> Any:
    """The function ``f`` of a program, a module whose text `inspect` finds."""
    file = f"<{title}>"
    text = program
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    module = types.ModuleType(title)
    sys.modules[title] = module  # where the text imports from
    space: dict[str, Any] = vars(module)
    exec(compile(_HEAD, file, "exec"), space)
    exec(compile(text, file, "exec"), space)
    return space["f"]
