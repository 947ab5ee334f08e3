"""How tapes lie in memory and how loops take from them.

Items of a tape are addressed by position, but a Python list grows in time: the list of a loop that ran backward is in
reverse.  A loop that runs against the order of the list and is the only reader takes items off its end; any other loop
iterates over the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from s2sad.trace.ir import Along, Block, Break, For, Next, Stmt, Trace, Var, While
from s2sad.trace.types import Tape
from s2sad.trace.walk import arg_vars, blocks, blocks_of, end_args, own_args, own_vars, statements

Take = Literal["pop", "ahead", "back"]


@dataclass
class TapePlan:
    """``takes``: how each item of a loop is taken; ``reverse``: lists to be put in the order of positions."""

    takes: dict[Var, Take] = field(default_factory=dict)
    reverse: set[Var] = field(default_factory=set)


@dataclass
class _Facts:
    """Where a tape is made (``nest``: the innermost loop body around it), by whom it is read."""

    nest: dict[Var, int] = field(default_factory=dict)
    backward: set[Var] = field(default_factory=set)
    readers: dict[Var, list[tuple[For, int]]] = field(default_factory=dict)
    measured: dict[Var, set[int]] = field(default_factory=dict)
    others: Counter[Var] = field(default_factory=Counter)


def plan_tapes(trace: Trace) -> TapePlan:
    """Decide for all loops of a function."""
    facts = _Facts()
    _survey(trace.body, 0, facts)
    plan = TapePlan()
    plan.reverse.update(tape for tape in facts.backward if facts.others[tape])
    owned = set(facts.nest)
    for loop, nest in _loops(trace.body, 0):
        for item, tape in zip(loop.items, loop.tapes):
            if not isinstance(tape, Var):
                continue
            reverse = tape in facts.backward and tape not in plan.reverse
            against = loop.backward != reverse
            sole = (len(facts.readers[tape]) == 1 and not facts.others[tape]
                    and facts.measured.get(tape, set()) <= {loop.key})
            if against and sole and tape in owned and facts.nest[tape] == nest and not trace.split:
                plan.takes[item] = "pop"
                if isinstance(item.type, Tape):
                    owned.add(item)
                    facts.nest[item] = loop.key
            else:
                plan.takes[item] = "back" if against else "ahead"
    return plan


def _loops(block: Block, nest: int) -> Iterator[tuple[For, int]]:
    """The loops over positions, outer ones first, each with the loop body it stands in."""
    for stmt in block.stmts:
        inner = nest
        if isinstance(stmt, (For, While)):
            inner = stmt.key
        if isinstance(stmt, For):
            yield stmt, nest
        for b in blocks_of(stmt):
            yield from _loops(b, inner)


def _survey(block: Block, nest: int, facts: _Facts) -> None:
    for stmt in block.stmts:
        inner = nest
        if isinstance(stmt, (For, While)):
            inner = stmt.key
            for out in stmt.outs:
                facts.nest[out] = nest
                if isinstance(stmt, For) and stmt.backward:
                    facts.backward.add(out)
        _reads(stmt, nest, facts)
        for b in blocks_of(stmt):
            _survey(b, inner, facts)
    for a in end_args(block.end):
        facts.others.update(arg_vars(a))


def _reads(stmt: Stmt, nest: int, facts: _Facts) -> None:
    if not isinstance(stmt, For):
        facts.others.update(own_vars(stmt))
        return
    for tape in stmt.tapes:
        if isinstance(tape, Var):
            facts.readers.setdefault(tape, []).append((stmt, nest))
    if isinstance(stmt.domain, Along) and isinstance(stmt.domain.tape, Var):
        facts.measured.setdefault(stmt.domain.tape, set()).add(stmt.key)
        args = own_args(stmt)[1: 1 + len(stmt.inits)]
    else:
        args = own_args(stmt)[: len(own_args(stmt)) - len(stmt.tapes)]
    for a in args:
        facts.others.update(arg_vars(a))




def friends(trace: Trace) -> dict[Var, Var]:
    """For the items of tapes, a variable whose value was put on the tape: they do well under one name."""
    put: dict[Var, Var] = {}
    for stmt in statements(trace.body):
        if isinstance(stmt, (For, While)) and stmt.outs:
            for block in blocks(stmt.body):
                if isinstance(block.end, (Next, Break)) and len(block.end.outs) == len(stmt.outs):
                    put.update((t, v) for t, v in zip(stmt.outs, block.end.outs) if isinstance(v, Var))
    return {item: put[tape] for stmt in statements(trace.body) if isinstance(stmt, For)
            for item, tape in zip(stmt.items, stmt.tapes) if isinstance(tape, Var) and tape in put}
