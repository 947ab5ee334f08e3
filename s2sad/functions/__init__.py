"""What is known of each function of NumPy, SciPy and Python: where its derivative comes from, its modes, its edges."""

from s2sad.functions.document import document
from s2sad.functions.entries import Entry, entries

__all__ = ["Entry", "document", "entries"]
