"""Traces as Python text.

`emit` writes a module.  Inside: `fold` decides what is written in place of its one use, `lower` turns the structured
trace into statements with explicit copies (`code`), `liveness` and `naming` give names, `layout` writes lines.
"""

from s2sad.emit import scipy_calls, sparse
from s2sad.emit.module import emit

__all__ = ["emit", "scipy_calls", "sparse"]
