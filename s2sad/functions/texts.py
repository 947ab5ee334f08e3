"""The functions that have neither a rule nor an equivalent, and are differentiated through their own text.

Any other function written in Python is tried, too; of these it is tested.
"""

from __future__ import annotations

TEXTS: tuple[str, ...] = ()
