"""Derivatives that a program calls: `s2sad.grad` and its like inside a function that is differentiated itself.

The front end, which meets them, hands the trace of the function over and gets that of the derivative back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from s2sad.build.transform import renumbered, select, transform
from s2sad.frontend.steps import Step
from s2sad.passes.dce import dce
from s2sad.passes.family import flat_function, tree_leaves
from s2sad.passes.inline import is_small
from s2sad.trace.ends import called
from s2sad.trace.ir import Node, Trace
from s2sad.trace.walk import has_keys

# How many statements a derivative may have that is put in place of its calls.
SMALL = 24


def closed(trace: Trace) -> Trace:
    """A trace that has itself among its callees if it, or one of them, calls it.

    A dict or object cannot stand on the left of an assignment, so callees hand over what is inside.
    """
    callees = tuple(flat_function(t) if any(map(has_keys, (t.result, *(i.tree for i in t.inputs)))) else t
                    for t in trace.callees)
    trace = replace(trace, callees=callees)
    if not any(trace.name in called(t.body) for t in (trace, *trace.callees)):
        return trace
    return replace(trace, callees=(*trace.callees, flat_function(replace(trace, callees=(), comments=(), remarks=()))))


def derivative(trace: Trace, steps: Sequence[Step], part: int | None, level: str) -> Trace:
    """The derivative of a called function; of a pair that it returns, the ``part`` that is wanted.

    A small one is to be put in place of its calls.
    """
    made = known = closed(trace)
    for step in steps:
        # Also those that nobody calls any more: their names are taken.
        names = {t.name for t in made.callees}
        others = tuple(t for t in known.callees if t.name not in names)
        made = transform(replace(made, callees=(*made.callees, *others)), step, level, last=False)
    made = made if part is None else _part(made, part)
    return replace(made, transparent=level != "trace" and is_small(made, SMALL))


def _part(trace: Trace, part: int) -> Trace:
    assert isinstance(trace.result, Node)
    result = trace.result.items[part]
    kept = tree_leaves(result)
    renumber = {old: new for new, old in enumerate(kept)}
    given = tuple(renumber[k] for k in trace.given or () if k in renumber)
    doc = re.sub(r"Return (the result|\S+) and ", "Return ", trace.doc)
    return dce(replace(trace, body=select(trace.body, kept), result=renumbered(result, renumber), given=given, doc=doc))
