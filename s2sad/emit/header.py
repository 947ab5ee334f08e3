"""Headers of loops: ``for i in range(n)``, ``for i, s in enumerate(X)``, ``while x_tape``.

A loop runs over its positions, or over the arrays and lists whose items it takes, or over both side by side.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from s2sad.emit.expr import Expressions
from s2sad.emit.fold import Folding
from s2sad.emit.nodes import call, display, load
from s2sad.emit.tapes import TapePlan
from s2sad.errors import InternalError
from s2sad.trace.ir import Along, For, Range, Var


@dataclass(frozen=True)
class Header:
    """``for pattern in domain``, or ``while domain`` where there is no pattern."""

    pattern: ast.expr | None
    domain: ast.expr
    heads: list[Var]
    reads: list[Var]


def for_header(loop: For, folding: Folding, plan: TapePlan, ex: Expressions) -> Header:
    """The header of a loop over positions."""
    form = folding.forms.get(loop.key)
    indexed = folding.uses[loop.index] > 0
    taken = [(i, t, plan.takes[i]) for i, t in zip(loop.items, loop.tapes) if plan.takes[i] != "pop"]
    if isinstance(loop.domain, Along) and not indexed and not taken:
        popped = [t for i, t in zip(loop.items, loop.tapes) if plan.takes[i] == "pop"]
        if any(t is loop.domain.tape for t in popped):
            return Header(None, ex.arg(loop.domain.tape), [], ex.take_reads())
    heads: list[Var] = []
    patterns: list[ast.expr] = []
    sequences: list[ast.expr] = []
    if form is not None:
        for element, array in zip(form.elements, form.arrays):
            heads.append(element)
            patterns.append(ex.name(element))
            sequences.append(ex.backwards(ex.arg(array)) if loop.backward else ex.arg(array))
    for item, tape, way in taken:
        heads.append(item)
        patterns.append(ex.name(item))
        sequences.append(ex.backwards(ex.arg(tape)) if way == "back" else ex.arg(tape))
    if sequences and not indexed:
        return Header(_one(patterns), _zip(ex, sequences), heads, ex.take_reads())
    if form is not None and sequences and not loop.backward:
        pattern = display([ex.name(loop.index), _one(patterns)])
        domain = call(ex.ref("enumerate"), [_zip(ex, sequences)])
        return Header(pattern, domain, [loop.index, *heads], ex.take_reads())
    positions = _positions(loop, ex)
    if not indexed and loop.index.hint in ("", "_"):
        return Header(load("_"), positions, [], ex.take_reads())
    heads, patterns = [loop.index, *heads], [ex.name(loop.index), *patterns]
    return Header(_one(patterns), _zip(ex, [positions, *sequences]), heads, ex.take_reads())


def _positions(loop: For, ex: Expressions) -> ast.expr:
    """``range(n)``, ``reversed(range(n))``."""
    d = loop.domain
    if isinstance(d, Along):
        stop = call(ex.ref("len"), [ex.arg(d.tape)])
        domain = call(ex.ref("range"), [stop])
    elif isinstance(d, Range):
        return ex.range(d, loop.backward)
    else:
        raise InternalError("a loop over the iterations of its twin reached the emitter")
    return ex.backwards(domain) if loop.backward else domain


def _zip(ex: Expressions, sequences: list[ast.expr]) -> ast.expr:
    return sequences[0] if len(sequences) == 1 else call(ex.ref("zip"), sequences)


def _one(patterns: list[ast.expr]) -> ast.expr:
    return patterns[0] if len(patterns) == 1 else display(patterns)


