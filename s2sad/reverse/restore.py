"""Restoring what the primal has overwritten.

``A2 = setitem(A1, v, i)`` overwrites ``old = A1[i]``; the reverse sweep, which meets this statement with the contents
of A2 at hand, has those of A1 again after ``A1 = setitem(A2, old, i)``.  So the contents of a buffer run backwards
through the mirrored loops and branches, beside the adjoints, and what the reverse sweep reads of a buffer it reads
there.  Of all this only what somebody reads outlives dead-code elimination.

`old_values` puts the reads of the old values into the primal; `Restored` knows, at each point of the reverse sweep,
where the contents of each version are.  A version that is not there (because the program does not hand it on) is
referred to as itself, and recorded like any other value.

Source: Griewank and Walther, "Evaluating Derivatives", 2nd ed., section 4.2 (the value stack).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from s2sad.analysis.shapes import is_sure
from s2sad.passes.alias import rearranges, shares
from s2sad.passes.dce import dce
from s2sad.passes.effects import is_cheap, is_elementwise
from s2sad.passes.forwarding import Forwarding
from s2sad.reverse.undo import is_store, overwritten, undo
from s2sad.rules.builder import Builder
from s2sad.rules.places import whole
from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import NONE, Arg, Block, Break, For, If, Leaf, Next, Op, Return, Stmt, Trace, Var, While, Yield
from s2sad.trace.types import List, has_fixed_shape
from s2sad.trace.walk import (
    blocks,
    blocks_of,
    inner_defs,
    map_arg,
    map_own,
    statements,
    targets_of,
    uses,
    with_blocks,
)


def old_values(trace: Trace) -> tuple[Trace, dict[Var, Arg]]:
    """The trace with a read of what each store overwrites, and those old values by the store's result."""
    olds: dict[Var, Arg] = {}
    count = uses(trace.body)
    puts = Counter(a for block in blocks(trace.body) if isinstance(block.end, (Next, Break)) for a in block.end.outs)
    taped = {v for v in count if puts[v] == count[v]}

    def go(block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            if isinstance(s, Op) and is_store(s) and s.target is not None:
                b = Builder("primal", s.site)
                known = _known_read(s, out, taped)
                olds[s.target] = known or overwritten(b, s)
                out += b.stmts
            out.append(with_blocks(s, tuple(map(go, blocks_of(s)))))
        return Block(tuple(out), block.end)

    if not any(map(is_store, statements(trace.body))):
        return trace, olds
    return replace(trace, body=go(trace.body)), olds


def _known_read(store: Op, before: Sequence[Stmt], taped: Collection[Var]) -> Var | None:
    """What a derivative before this one has taken of the place of a store to put it on a tape."""
    for s in before if store.kwarg("view") == NONE != store.kwarg("index") else ():
        if (isinstance(s, Op) and s.fn == "getitem" and s.args[0] is store.args[0] and s.target in taped
                and s.kwarg("index") == store.kwarg("index")):
            return s.target
    return None


def only_restored(mirror: For, contents: Collection[Var]) -> set[Var]:
    """Which contents of buffers run through a mirrored loop without being read in it."""
    adjoints = tuple(r for p, r in zip(mirror.params, mirror.results) if p not in contents)
    swept = dce(Trace("", (), (), Block((mirror,), Return((*adjoints, *mirror.outs))), Leaf(0))).body
    read = {p for s in swept.stmts if isinstance(s, For) for p in s.params}
    return set(contents) - read


@dataclass(frozen=True)
class Point:
    """What is known at a point of the reverse sweep: where contents are, and what has been computed from them."""

    state: dict[Var, Arg]
    seen: dict[Var, Op]


class Restored:
    """Where the contents of the versions of buffers are, at the point of the reverse sweep now being written.

    `threads` has, for each loop, the carried buffers whose contents run backwards through it; `origin` the version from
    which another one has come by stores; `undefined` variables have no value on some path.
    """

    def __init__(self, trace: Trace, olds: Mapping[Var, Arg], undefined: Collection[Var]) -> None:
        self.olds, self.undefined = olds, undefined
        self.state: dict[Var, Arg] = {}
        self.threads: dict[int, list[int]] = {}
        self.origin: dict[Var, Var] = {}
        self.reads: dict[Var, Op] = {}
        self.latest: dict[Var, Var] = {}
        self.seen: dict[Var, Op] = {}
        # Results that have the type of an operand.
        self.alike: dict[Var, Var] = {}
        self.stored: dict[Var, Arg] = {}
        # The block a variable is made in, within the blocks around it; what a loop's variable and result start from.
        self.homes: dict[Var, tuple[int, ...]] = {}
        self.before: dict[Var, Var] = {}
        if olds:
            self._survey(trace.body, (), ())
            forwarding = Forwarding(trace.body)
            for v, s in self.reads.items():
                value = forwarding.stored(s) if s.fn == "getitem" else None
                if value is not None:
                    self.stored[v] = value

    def _survey(self, block: Block, yields: tuple[Var, ...], results: tuple[Var, ...],
                around: tuple[int, ...] = ()) -> None:
        """Note the reads of buffers, where versions come from, and what they become."""
        for k, s in enumerate(block.stmts):
            self.homes.update((v, around) for v in targets_of(s))
            if isinstance(s, Op) and s.target is not None:
                if is_store(s) and isinstance(s.args[0], Var):
                    self.origin[s.target] = s.args[0]
                    self.latest[s.args[0]] = s.target
                elif rearranges(s) or is_cheap(s):
                    self.reads[s.target] = s
                alike = next((a for a in s.args if isinstance(a, Var) and a.type == s.target.type), None)
                if alike is not None and shares(alike.type) and (s.fn == "copy" or is_elementwise(s.fn)):
                    self.alike[s.target] = alike
            elif isinstance(s, If):
                tail = block.end is None and k == len(block.stmts) - 1
                for side in blocks_of(s):
                    self._survey(side, yields if tail else s.results, results, (*around, id(side)))
                self._branch(s)
            elif isinstance(s, (For, While)):
                for p, init, r in zip(s.params, s.inits, s.results):
                    self.latest[p] = r
                    if isinstance(init, Var):
                        self.latest[init] = r
                        self.before[p] = self.before[r] = init
                inside = (*around, id(s.body))
                self.homes.update((v, inside) for v in inner_defs(s))
                self._survey(s.body, (), s.results, inside)
                self._loop(s)
        end = block.end
        if isinstance(end, Yield):
            self._become(end.values, yields)
        elif isinstance(end, (Next, Break)):
            self._become(end.values, results)

    def _become(self, values: Iterable[Arg], targets: Iterable[Var]) -> None:
        for value, target in zip(values, targets):
            if isinstance(value, Var) and shares(value.type):
                self.latest.setdefault(value, target)

    def _chain(self, v: Arg) -> list[Var]:
        """The versions that a version has come from by stores, itself first."""
        chain = [v] if isinstance(v, Var) else []
        while chain and chain[-1] in self.origin:
            chain.append(self.origin[chain[-1]])
        return chain

    def _branch(self, s: If) -> None:
        for k, r in enumerate(s.results):
            if shares(r.type) and isinstance(s.then.end, Yield) and isinstance(s.orelse.end, Yield):
                one, two = self._chain(s.then.end.values[k]), set(self._chain(s.orelse.end.values[k]))
                common = next((v for v in one if v in two), None)
                if common is not None:
                    self.origin[r] = common

    def _loop(self, s: For | While) -> None:
        """The greatest set of slots whose contents at the head follow from those at each end."""
        slots = {p: k for k, p in enumerate(s.params) if shares(p.type)}
        chosen = set(slots.values())
        ends = loop_ends(s.body)
        found = [[next((slots[v] for v in self._chain(value) if v in slots), None) for value in end.values]
                 for end in ends]
        while True:
            good = chosen.intersection(*({f[j] for j in chosen} for f in found)) if found else set()
            if good == chosen:
                break
            chosen = good
        self.threads[s.key] = sorted(chosen)
        for k in chosen:
            init = s.inits[k]
            if isinstance(init, Var):
                self.origin[s.results[k]] = init

    def like(self, v: Var) -> Var | None:
        """What has the shape of a variable and a value wherever the sweep asks for it: the last version of a buffer.

        Where a result has the type of an operand, the operand's buffer will do.  Versions made in a branch of their own
        will not, nor will those without a value on some path; None if the variable is such a one, and so is what it was
        before.
        """
        seen, last, found = {v}, v, None if v in self.undefined else v
        home = self.homes.get(v, ())
        while is_sure(v.type) and (new := self.latest.get(last) or self.alike.get(last)) is not None and (
                new not in seen and new.type == v.type):
            last = new
            seen.add(last)
            around = self.homes.get(last, ())
            if last not in self.undefined and home[:len(around)] == around:
                found = last
        if found is None and (before := self.before.get(v)) is not None and before.type == v.type:
            return self.like(before) if has_fixed_shape(v.type) else None
        return found

    # ---- reading

    def present(self, b: Builder, arg: Arg) -> Arg:
        """An operand with the contents that the primal has read."""
        return map_arg(arg, lambda v: self._present(b, v)) if self.state else arg

    def _present(self, b: Builder, v: Var) -> Arg:
        if v in self.state:
            return self.state[v]
        if v in self.stored:
            # What the program has stored there just before need not be read again.
            return self.present(b, self.stored[v])
        op = self.reads.get(v)
        if op is None:
            return v
        new = map_own(op, lambda u: self._present(b, u))
        if new is op:
            return v
        assert isinstance(new, Op)
        known = self.seen.get(v)
        if known is None or (known.args, known.kwargs) != (new.args, new.kwargs):
            known = self.seen[v] = replace(new, target=Var(v.type, v.hint), sweep="adjoint")
            b.add(known)
        assert known.target is not None
        return known.target

    def statement(self, b: Builder, s: Op) -> Op:
        """A statement that reads what the primal has read."""
        if not self.state:
            return s
        kwargs = tuple((k, self.present(b, a)) for k, a in s.kwargs)
        target = self.present(b, s.target) if s.target is not None and not is_store(s) else s.target
        target = target if isinstance(target, Var) else s.target
        return replace(s, args=tuple(self.present(b, a) for a in s.args), kwargs=kwargs, target=target)

    # ---- the contents backwards

    def contents(self, v: Arg) -> Arg:
        """Where the contents of a version are."""
        return self.state.get(v, v) if isinstance(v, Var) else v

    def store(self, b: Builder, s: Op) -> None:
        """Undo a store."""
        if s.target is None or s.target not in self.olds or not isinstance(s.args[0], Var):
            return
        old = self.olds[s.target]
        is_whole = whole(s.kwarg("index")) and s.kwarg("view") == NONE
        if is_whole and isinstance(old, Var) and old.type == s.target.type:
            self.state[s.args[0]] = old
            return
        options = {k: self.present(b, a) for k, a in s.kwargs if a != NONE}
        if isinstance(s.target.type, List):
            self.state[s.args[0]] = undo(b, s, self.contents(s.target), old, options)
            return
        self.state[s.args[0]] = b.op("setitem", self.contents(s.target), old, type=s.target.type,
                                     hint=s.args[0].hint, **options)  # type: ignore[arg-type]

    def at(self, point: Point | None = None) -> Point:
        """What is known at this point; with a point, go back to what was known there."""
        if point is not None:
            self.state, self.seen = dict(point.state), dict(point.seen)
        return Point(dict(self.state), dict(self.seen))

    def hand_back(self, values: Iterable[Arg], contents: Iterable[Arg]) -> None:
        """What a block has handed on has these contents."""
        for value, c in zip(values, contents):
            if isinstance(value, Var) and shares(value.type):
                self.state[value] = c
