"""The language: every construct of Python's grammar, and whether it is differentiated.

    entry = (node classes of the grammar, name, sample program)     supported: the sample derives right
                                                                    refused: why, and what to write instead

The tables are `supported.SUPPORTED` and `refused.REFUSED`.  docs/language.md is printed from them by
``python -m s2sad.language``, and each entry is a test.
"""

from __future__ import annotations

from s2sad.language.document import document
from s2sad.language.entries import Refused, Supported
from s2sad.language.refused import REFUSED
from s2sad.language.supported import SUPPORTED

__all__ = ["REFUSED", "SUPPORTED", "Refused", "Supported", "document"]
