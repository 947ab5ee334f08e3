"""Which variables of a reverse sweep hold the contents that a buffer of the forward sweep once had.

``A2 = setitem(A1, v, i)`` overwrites ``old = A1[i]``; so ``setitem(A2, old, i)`` has the contents of A1 again.  From
this one rule it follows what mirrored branches and loops hand back: a loop that starts with the contents that the
primal loop has ended with, and in each iteration gets from the contents at its end to those at its beginning, ends with
those that the primal loop has started with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s2sad.rules.places import STORES
from s2sad.trace.ends import tail_if
from s2sad.trace.ir import NONE, Block, Break, For, If, Lit, Next, Op, Return, Slc, Stmt, Var, While, Yield
from s2sad.trace.walk import blocks_of, statements

_WHOLE = (Lit(...), Slc(NONE, NONE, NONE))


class Contents:
    """Finds, statement by statement of the reverse sweep, whose contents its variables have."""

    def __init__(self, block: Block) -> None:
        self.ops: dict[Var, Op] = {}
        self.nodes: dict[int, If | For | While] = {}
        for s in statements(block):
            if isinstance(s, Op) and s.target is not None:
                self.ops[s.target] = s
            elif isinstance(s, (If, For, While)) and s.twin is None:
                self.nodes[s.key] = s
        # What stands for a value handed on by an iteration that ends in the branches of an If, by the key of that If.
        self.ended: dict[int, dict[Var, int]] = {}
        # Whose contents each variable has had anywhere.
        self.versions: dict[Var, set[Var]] = {}

    def of(self, v: Var, same: Mapping[Var, Var]) -> Var:
        """The version whose contents a variable has; a copy of all of it has them too."""
        read = self.ops.get(v)
        while v not in same and read is not None and read.fn == "getitem" and isinstance(read.args[0], Var) and (
                read.kwarg("index") in _WHOLE):
            v = read.args[0]
            read = self.ops.get(v)
        return same.get(v, v)

    def _note(self, v: Var, version: Var, same: dict[Var, Var]) -> None:
        same[v] = version
        self.versions.setdefault(v, set()).add(version)

    def follow(self, stmts: Sequence[Stmt], same: dict[Var, Var]) -> None:
        """Add to ``same`` what the statements leave behind."""
        for s in stmts:
            if isinstance(s, Op):
                self._store(s, same)
            elif isinstance(s, If) and s.twin in self.nodes:
                self._branch(s, same)
            elif isinstance(s, For) and s.twin in self.nodes:
                self._loop(s, same)

    def _store(self, s: Op, same: dict[Var, Var]) -> None:
        if s.fn != "setitem" or s.target is None or s.kwarg("view") != NONE:
            return
        version, old = s.args
        made = self.ops.get(self.of(version, same)) if isinstance(version, Var) else None
        read = self.ops.get(old) if isinstance(old, Var) else None
        if made is None or read is None or made.fn not in STORES or made.kwarg("view") != NONE or made is s:
            return
        before = made.args[0]
        if isinstance(before, Var) and read.fn == "getitem" and read.args[0] is before and (
                read.kwarg("index") == made.kwarg("index") == s.kwarg("index")):
            self._note(s.target, before, same)

    def _branch(self, s: If, same: dict[Var, Var]) -> None:
        primal = self.nodes[s.twin] if s.twin is not None else None
        if not isinstance(primal, If):
            return
        sides = []
        for mine, other in zip(blocks_of(s), blocks_of(primal)):
            inner = dict(same)
            if isinstance(other.end, Yield):
                for r, y in zip(primal.results, other.end.values):
                    if isinstance(y, Var):
                        for c in [r, *(c for c, v in same.items() if v is r)]:
                            self._note(c, y, inner)
            for stand_in, j in self.ended.get(primal.key, {}).items():
                self._ended(other, stand_in, j, inner)
            self.follow(mine.stmts, inner)
            sides.append(inner)
        one, two = s.then.end, s.orelse.end
        assert isinstance(one, Yield) and isinstance(two, Yield)
        for r, x, y in zip(s.results, one.values, two.values):
            if isinstance(x, Var) and isinstance(y, Var):
                found = self.of(x, sides[0])
                if found is self.of(y, sides[1]):
                    self._note(r, found, same)

    def _ended(self, body: Block, stand_in: Var, j: int, same: dict[Var, Var]) -> None:
        """Let ``stand_in`` have the contents of the ``j``-th value that an iteration hands on at the end of a block."""
        last = tail_if(body)
        if isinstance(body.end, (Next, Break)):
            value = body.end.values[j]
            if isinstance(value, Var):
                self._note(stand_in, value, same)
        elif last is not None:
            ways = [b for b in blocks_of(last) if _goes_on(b)]
            if len(ways) == 1:
                self._ended(ways[0], stand_in, j, same)
            else:
                self.ended.setdefault(last.key, {})[stand_in] = j

    def _loop(self, s: For, same: dict[Var, Var]) -> None:
        primal = self.nodes[s.twin] if s.twin is not None else None
        if not isinstance(primal, (For, While)) or not isinstance(s.body.end, Next):
            return
        slots = {k: primal.results.index(v) for k, init in enumerate(s.inits)
                 if isinstance(init, Var) and (v := self.of(init, same)) in primal.results}
        while slots:
            inner = dict(same)
            for stand_ins in self.ended.values():
                for p in s.params:
                    stand_ins.pop(p, None)
            for k, j in slots.items():
                self._ended(primal.body, s.params[k], j, inner)
            self.follow(s.body.stmts, inner)
            ends = dict(enumerate(s.body.end.values))
            good = {k: j for k, j in slots.items() if isinstance(end := ends[k], Var)
                    and self.of(end, inner) is primal.params[j]}
            if good == slots:
                break
            slots = good
        for k, j in slots.items():
            init = primal.inits[j]
            if isinstance(init, Var):
                self._note(s.results[k], init, same)


def _goes_on(block: Block) -> bool:
    last = tail_if(block)
    if last is not None:
        return any(map(_goes_on, blocks_of(last)))
    return isinstance(block.end, (Next, Break)) and not isinstance(block.end, Return)
