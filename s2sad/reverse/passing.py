"""Sums that can wait: where types leave shapes open, intermediate adjoints may keep the shape of a whole expression."""

from __future__ import annotations

from s2sad.rules.table import find
from s2sad.trace.ir import Op, Trace, Var
from s2sad.trace.types import Unknown
from s2sad.trace.walk import statements, uses


def passing(trace: Trace) -> set[Var]:
    """The intermediate values of elementwise expressions whose shapes types leave open: unnamed, and read once."""
    count = uses(trace.body)
    ops = {s.target: s for s in statements(trace.body) if isinstance(s, Op) and s.target is not None}

    def elementwise(op: Op) -> bool:
        rule = find(op.fn)
        return rule is not None and rule.elementwise

    readers = {v for s in ops.values() if elementwise(s) for v in s.args if isinstance(v, Var)}
    return {v for v, s in ops.items() if isinstance(v.type, Unknown) and not v.is_named and count[v] == 1
            and elementwise(s) and v in readers}
