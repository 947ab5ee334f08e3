"""Which buffers are read later: liveness of arrays over a trace, seen from the places where memory changes hands.

Sets of variables are Python integers, one bit for each variable whose memory can be shared.  `Liveness.after` has what
is live just after each `scatter_add` and `setitem`, after each end of a block (where control goes from there) and, for
a loop, at the start of its body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s2sad.passes.alias import UPDATES, shares
from s2sad.trace.ir import Arg, Block, Break, For, If, Next, Op, Stmt, Trace, Try, Var, While, Yield
from s2sad.trace.walk import arg_vars, definitions, end_args, inner_defs, own_vars, targets_of


@dataclass(frozen=True)
class _Where:
    """What is live after a block ends in a yield, in the next iteration, in a break."""

    yields: int = 0
    next: int = 0
    breaks: int = 0


class Liveness:
    """Liveness of one function's arrays; unless ``puts`` count, what goes on tapes is not read by that."""

    def __init__(self, trace: Trace, puts: bool = True) -> None:
        self.puts = puts
        self.bits: dict[Var, int] = {}
        for v in (*trace.params, *definitions(trace.body)):
            if shares(v.type):
                self.bits.setdefault(v, 1 << len(self.bits))
        self.after: dict[int, int] = {}
        self._reads: dict[int, int] = {}
        self._record = True
        self._block(trace.body, _Where())

    def mask(self, vs: Iterable[Var]) -> int:
        out = 0
        for v in vs:
            out |= self.bits.get(v, 0)
        return out

    def _args(self, args: Iterable[Arg]) -> int:
        return self.mask(v for a in args for v in arg_vars(a))

    def _note(self, where: object, live: int) -> None:
        if self._record:
            self.after[id(where)] = live

    def _block(self, block: Block, where: _Where) -> int:
        end = block.end
        stmts = block.stmts
        if end is None:
            tail = stmts[-1]
            assert isinstance(tail, If)
            orelse = self._block(tail.orelse, where)
            live = self.mask(own_vars(tail)) | self._block(tail.then, _handled(where, tail, orelse)) | orelse
            stmts = stmts[:-1]
        else:
            live = 0
            if isinstance(end, Yield):
                live = where.yields
            elif isinstance(end, (Next, Break)):
                live = where.next if isinstance(end, Next) else where.breaks
            self._note(end, live)
            skipped = isinstance(end, (Next, Break)) and not self.puts
            live |= self._args(end.values if isinstance(end, (Next, Break)) and skipped else end_args(end))
        for stmt in reversed(stmts):
            live = self._stmt(stmt, live, where)
        return live

    def _stmt(self, stmt: Stmt, live: int, where: _Where) -> int:
        if isinstance(stmt, Op) and stmt.fn in UPDATES:
            self._note(stmt, live)
        live &= ~self.mask(stmt.outs if isinstance(stmt, (For, While)) else ())
        if isinstance(stmt, If):
            live &= ~self.mask(stmt.results)
            inner = _Where(live, where.next, where.breaks)
            orelse = self._block(stmt.orelse, inner)
            live = self._block(stmt.then, _handled(inner, stmt, orelse)) | orelse
        elif isinstance(stmt, (For, While)):
            outs = self.mask(stmt.outs)
            live &= ~self.mask(stmt.results)
            # The lists that the loop fills are alive while it runs.
            around = live | outs | self._body_reads(stmt)
            self._note(stmt, around)
            inner = _Where(0, around, live | outs)
            before = self._block(stmt.body, inner)
            if isinstance(stmt, While):
                before |= self._block(stmt.test, _Where(before))
            live = (around | before) & ~self.mask(inner_defs(stmt)) & ~outs
        else:
            live &= ~self.mask(targets_of(stmt))
        return live | self.mask(own_vars(stmt))

    def _body_reads(self, stmt: For | While) -> int:
        """What an iteration reads from outside the loop."""
        known = self._reads.get(stmt.key)
        if known is None:
            record, self._record = self._record, False
            known = self._block(stmt.body, _Where())
            if isinstance(stmt, While):
                known |= self._block(stmt.test, _Where(known))
            known &= ~self.mask(inner_defs(stmt))
            self._record = record
            self._reads[stmt.key] = known
        return known


def _handled(where: _Where, branch: If, orelse: int) -> _Where:
    """What is live behind a block; an exception may lead to its handler from anywhere in it."""
    if not isinstance(branch.guard, Try):
        return where
    return _Where(where.yields | orelse, where.next | orelse, where.breaks | orelse)
