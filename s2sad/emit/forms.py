"""Loops over arrays: ``for s in X``, ``for i, s in enumerate(X)``, ``for a, b in zip(A, B)``.

In the trace such a loop runs over the positions ``range(len(X))`` and its body starts with ``s = X[i]``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from s2sad.trace.ir import Arg, Block, For, Lit, Op, Range, Var
from s2sad.trace.types import Array, List, Unknown
from s2sad.trace.walk import statements


@dataclass(frozen=True)
class Form:
    """The arrays a loop runs over and the variable for the element of each; ``indexed`` if the position is read."""

    arrays: tuple[Arg, ...]
    elements: tuple[Var, ...]
    indexed: bool


def loop_forms(body: Block, uses: Counter[Var]) -> tuple[dict[int, Form], set[Var]]:
    """The loops to be written over arrays, and the results (elements, lengths) that need no statement any more.

    ``uses`` loses the reads that disappear.
    """
    lengths = {s.target: s for s in statements(body)
               if isinstance(s, Op) and s.target is not None and s.fn in ("len", "shape", "minlen")}
    forms: dict[int, Form] = {}
    dropped: set[Var] = set()
    for stmt in statements(body):
        if isinstance(stmt, For):
            form = _form(stmt, lengths, uses)
            if form is not None:
                forms[stmt.key] = form
                dropped.update(form.elements)
                assert isinstance(stmt.domain, Range) and isinstance(stmt.domain.stop, Var)
                uses[stmt.index] -= len(form.elements)
                uses[stmt.domain.stop] -= 1
                if not uses[stmt.domain.stop]:
                    dropped.add(stmt.domain.stop)
    return forms, dropped


def _form(loop: For, lengths: dict[Var, Op], uses: Counter[Var]) -> Form | None:
    d = loop.domain
    if not isinstance(d, Range) or d.start != Lit(0) or d.step != Lit(1) or not isinstance(d.stop, Var):
        return None
    length = lengths.get(d.stop)
    if length is None or (length.fn == "shape" and length.kwarg("axis") != Lit(0)):
        return None
    arrays = length.args
    if len(set(arrays)) < len(arrays) or not all(_is_array(a) for a in arrays):
        return None
    found: dict[Arg, Var] = {}
    for op in loop.body.stmts:
        if (isinstance(op, Op) and op.fn == "getitem" and op.target is not None and op.target.hint
                and op.args[0] in arrays and op.kwarg("index") is loop.index):
            found.setdefault(op.args[0], op.target)
    indexed = uses[loop.index] > len(found)
    if len(found) < len(arrays) or (loop.backward and (indexed or len(arrays) > 1)):
        return None
    return Form(arrays, tuple(found[a] for a in arrays), indexed)


def _is_array(a: Arg) -> bool:
    return isinstance(a, Var) and (isinstance(a.type, Unknown) or (isinstance(a.type, Array) and bool(a.type.dims))
                                   or isinstance(a.type, List))
