"""Which variables may share memory at one place of a function: inclusion-based, and exact about what loops exchange.

Every variable lies in the memory of one or more *atoms*: what an operation allocates, a parameter of the function, a
value that meets others (the result of a branch or loop), the value a loop carries into this iteration, the items that
earlier iterations have put on a tape.  Two atoms share no memory if

- both are allocated, at two places of the text; or one is allocated in the iteration at hand, and the other was there
  before;
- or they are carried by one loop (are results of one branch), and nothing they can come from shares memory: this is
  assumed for all pairs first, and the pairs are dropped for which it does not hold, until all that is left holds.  So
  ``u, v = v, u`` at the end of an iteration keeps two buffers apart.

>>> from s2sad.trace.ir import Leaf, Lit, Next, Op, Range, Return
>>> from s2sad.trace.types import INT, Array, Dim
>>> x, a, b, u, v, i, r, s = (Var(Array("f8", (Dim.symbol("n"),)), h) for h in "xabuvirs")
>>> loop = For(i, Range(Lit(0), Lit(9), Lit(1)), (u, v), (a, b), Block((), Next((v, u))), (r, s))
>>> body = Block((Op(a, "copy", (x,)), Op(b, "copy", (x,)), loop), Return((r, s)))
>>> memory = Memory(Trace("f", (), (x,), body, Leaf(0)))
>>> memory.overlap(u, v, 1), memory.overlap(r, s, 0), memory.overlap(u, a, 1), memory.overlap(u, x, 1)
(False, False, True, False)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from s2sad.passes.alias import is_fresh, keeps, makes_list
from s2sad.trace.ir import Arg, Block, Break, Call, For, If, Next, Op, Trace, Var, While, Yield
from s2sad.trace.types import height
from s2sad.trace.walk import arg_vars

# What an atom is: memory of its own, values that meet, what a loop carries or keeps on a tape.
ROOT, MERGE, CARRIED = range(3)
_Pair = tuple[Var, Var]


@dataclass
class _Group:
    """Variables that get their values together: ``members[k]`` from ``sources[..][1][k]``, each at its depth."""

    members: tuple[Var, ...]
    sources: list[tuple[int, tuple[Arg, ...]]] = field(default_factory=list)


class Memory:
    """The memory of one function's variables of at least some height: 0 is that of arrays, 1 that of lists of them.

    An update of a list touches none of its items, and so nothing of lesser height.
    """

    def __init__(self, trace: Trace, callees_share: bool = True, least: int = 0) -> None:
        self.least = least
        self.kind: dict[Var, int] = {}
        self.depth: dict[Var, int] = {}
        self.alike: dict[Var, tuple[Arg, ...]] = {}         # lies in the memory of these
        self.comes: dict[Var, list[tuple[int, Arg]]] = {}   # may come from these, at a depth
        self.group: dict[Var, _Group] = {}
        self.carried: dict[Var, Var] = {}                   # the parameter of a loop behind a result
        self.apart: set[_Pair] = set()
        self._atoms: dict[Var, frozenset[Var]] = {}
        self._lifted: dict[Var, frozenset[Var]] = {}
        self._known: dict[tuple[Var, Var, int], bool] = {}
        self.callees_share = callees_share
        for p in trace.params:
            self._new(p, ROOT, 0)
        self.groups: list[_Group] = []
        self._block(trace.body, 0, None, None, ())
        self._settle()

    def overlap(self, a: Arg, b: Arg, depth: int) -> bool:
        """Whether two variables may share memory, seen from inside ``depth`` loops."""
        return any(self._overlap(x, y, depth) for x in self.atoms(a) for y in self.atoms(b))

    def atoms(self, a: Arg) -> frozenset[Var]:
        """The atoms a value lies in."""
        if not isinstance(a, Var):
            return frozenset(x for v in arg_vars(a) for x in self.atoms(v))
        if height(a.type) < self.least:
            return frozenset()
        known = self._atoms.get(a)
        if known is None:
            out = frozenset(x for v in self.alike.get(a, ()) for x in self.atoms(v))
            known = self._atoms[a] = out | {a} if a in self.kind else out
        return known

    # ---- reading the function

    def _new(self, v: Var, kind: int, depth: int) -> None:
        if height(v.type) >= self.least:
            self.kind[v], self.depth[v] = kind, depth

    def _block(self, block: Block, depth: int, yields: _Group | None, loop: _Group | None,
               outs: tuple[Var, ...]) -> None:
        for k, stmt in enumerate(block.stmts):
            if isinstance(stmt, Op):
                self._op(stmt, depth)
            elif isinstance(stmt, Call):
                for t in stmt.targets:
                    self._new(t, ROOT, depth)
                    self.alike[t] = stmt.args if self.callees_share else ()
            elif isinstance(stmt, If):
                tail = k == len(block.stmts) - 1 and block.end is None
                group = yields if tail else self._group(stmt.results, MERGE, depth)
                for b in (stmt.then, stmt.orelse):
                    self._block(b, depth, group, loop, outs)
            else:
                self._loop(stmt, depth)
        end = block.end
        if isinstance(end, Yield) and yields is not None:
            self._source(yields, depth, end.values)
        elif isinstance(end, (Next, Break)) and loop is not None:
            self._source(loop, depth, end.values)
            for out, value in zip(outs, end.outs):
                self.comes[out].append((depth, value))

    def _op(self, op: Op, depth: int) -> None:
        if op.target is None or height(op.target.type) < self.least:
            return
        if is_fresh(op):
            self._new(op.target, ROOT, depth)
        else:
            # Of a list at the end of another one, or inside a new one, only the items are kept.
            loose = op.args[1:] if op.fn == "list_extend" else op.args if makes_list(op) else ()
            level = height(op.target.type)
            self.alike[op.target] = tuple(a for a in keeps(op) if not (
                a in loose and isinstance(a, Var) and height(a.type) == level == self.least))
            if makes_list(op) or not any(self.atoms(a) for a in self.alike[op.target]):
                self._new(op.target, ROOT, depth)

    def _loop(self, stmt: For | While, depth: int) -> None:
        group = self._group(stmt.params, CARRIED, depth + 1)
        self._source(group, depth, stmt.inits)
        for out in stmt.outs:
            self._new(out, CARRIED, depth + 1)
            self.comes[out] = []
        if isinstance(stmt, For):
            self.alike.update((item, (tape,)) for item, tape in zip(stmt.items, stmt.tapes))
        else:
            self._block(stmt.test, depth + 1, None, None, ())
        self._block(stmt.body, depth + 1, None, group, stmt.outs)
        for r, p in zip(stmt.results, stmt.params):
            self._new(r, MERGE, depth)
            self.carried[r] = p

    def _group(self, members: tuple[Var, ...], kind: int, depth: int) -> _Group:
        group = _Group(members)
        for v in members:
            self._new(v, kind, depth)
            self.comes[v] = []
            self.group[v] = group
        self.groups.append(group)
        return group

    def _source(self, group: _Group, depth: int, values: tuple[Arg, ...]) -> None:
        group.sources.append((depth, values))
        for v, value in zip(group.members, values):
            self.comes[v].append((depth, value))

    # ---- which members of groups stay apart

    def _settle(self) -> None:
        pairs = {(u, v): g for g in self.groups for k, u in enumerate(g.members) for v in g.members[:k]
                 if u in self.kind and v in self.kind}
        self.apart = {p for u, v in pairs for p in ((u, v), (v, u))}
        changed = True
        while changed:
            changed = False
            for (u, v), g in pairs.items():
                if (u, v) in self.apart and self._meet(g, g.members.index(u), g.members.index(v)):
                    self.apart -= {(u, v), (v, u)}
                    self._known.clear()
                    changed = True

    def _meet(self, group: _Group, j: int, k: int) -> bool:
        return any(self.overlap(values[j], values[k], depth) for depth, values in group.sources)

    def _are_apart(self, a: Var, b: Var) -> bool:
        return (self.carried.get(a, a), self.carried.get(b, b)) in self.apart and self.kind[a] == self.kind[b]

    # ---- comparing atoms

    def _overlap(self, a: Var, b: Var, depth: int) -> bool:
        if a is b:
            return True
        known = self._known.get((a, b, depth))
        if known is None:
            self._known[a, b, depth] = False                # atoms expand towards the outside: no cycles
            known = self._known[a, b, depth] = self._compare(a, b, depth)
        return known

    def _compare(self, a: Var, b: Var, depth: int) -> bool:
        if self._are_apart(a, b):
            return False
        # What an inner loop has allocated counts as allocated here once the loop is left.
        at = [min(self.depth[v], depth) if self.kind[v] == ROOT else self.depth[v] for v in (a, b)]
        deep = max(at)
        for one, other, here in ((a, b, at[0]), (b, a, at[1])):
            if self.kind[one] == MERGE and here == deep:
                return self._any(self._parts(one), (other,), deep)
        for one, here in zip((a, b), at):
            if self.kind[one] == ROOT and here == deep:
                return False                                # new here, and there is no other value of its own
        first, second = (self._lift(v) if here == deep else (v,) for v, here in zip((a, b), at))
        return self._any(first, second, deep - 1)

    def _any(self, first: Iterable[Var], second: Iterable[Var], depth: int) -> bool:
        return any(self._overlap(x, y, depth) for x in first for y in second)

    def _parts(self, merge: Var) -> Iterable[Var]:
        """What a merged value may be, at its own depth."""
        if merge in self.carried:
            return self._lift(self.carried[merge])
        return [x for _, value in self.comes[merge] for x in self.atoms(value)]

    def _lift(self, v: Var) -> frozenset[Var]:
        """What a loop carries (or has on a tape), seen from outside the loop."""
        known = self._lifted.get(v)
        if known is not None:
            return known
        inside = self.depth[v]
        todo, seen, out = [v], {v}, set()
        while todo:
            x = todo.pop()
            if self.kind[x] == CARRIED and self.depth[x] == inside:
                found = [(d, y) for d, value in self.comes[x] for y in self.atoms(value)]
            else:
                found = [(inside, y) for y in (self._lift(x) if self.kind[x] == CARRIED else self._parts(x))]
            for d, y in found:
                if d < inside or self.depth[y] < inside or self.kind[y] == ROOT:
                    out.add(y)
                elif y not in seen:
                    seen.add(y)
                    todo.append(y)
        self._lifted[v] = frozenset(out)
        return self._lifted[v]
