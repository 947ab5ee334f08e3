"""The place of a statement in the user's text, for messages."""

from __future__ import annotations

import linecache

from s2sad.errors import Location
from s2sad.trace.ir import Site


def location_of(site: Site) -> Location | None:
    """Where a statement begins.

    >>> location_of(Site()) is None
    True
    >>> print(location_of(Site("f.py", 3, "y = x")))
    f.py:3:1
    """
    if not site.file:
        return None
    line = linecache.getline(site.file, site.line).rstrip()
    text = line.strip() or site.text
    return Location(site.file, site.line, len(line) - len(line.lstrip()) + 1, line or site.text, len(text))
