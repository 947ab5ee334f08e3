"""Ownership: where a copy is needed so that buffers can be updated in place and results own their memory.

`scatter_add(x, v, index)` is the value "x with v added at index", `setitem(x, v, index)` is "x with v at index".  The
emitter writes them as ``x[index] += v`` and ``x[index] = v``, which is right if this function has allocated x's memory
and nothing reads the old x, or a view of it, afterwards.  Where that does not hold a `copy` is put in:

- of what is read afterwards, where that is a view of the buffer or goes on a tape: the view is copied where it is made;
- else of the buffer, as far out as possible, where it enters the loop or branch in which it is updated, so that an
  adjoint accumulated in a loop costs O(1) an iteration.

    r = getitem(x, 1:-1); y = setitem(x, 0.0, 1:-1); …r…    ⇒    v1 = getitem(x, 1:-1); r = copy(v1); y = setitem(…)
    g = scatter_add(y_bar, v, 0); …y_bar…                   ⇒    v1 = copy(y_bar); g = scatter_add(v1, v, 0)

The caller's arrays are not this function's, but for those among ``inplace``.  What a derivative returns besides the
user's own results owns its memory too: parameters, views of them, broadcasts and arrays returned twice are copied.
Contents that are to be ``left`` in a parameter lie there already, or in memory of this function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from s2sad.analysis.activity import maybe_none, maybe_undefined
from s2sad.errors import InternalError
from s2sad.once import once
from s2sad.passes.alias import UPDATES, Aliases, is_fresh, keeps, makes_list, rearranges, shares
from s2sad.passes.buffers import Liveness
from s2sad.passes.copies import with_copies, with_entry
from s2sad.passes.family import tree_leaves
from s2sad.passes.handover import OUT, RESULT, UPDATE, VIEW, YIELD, Edge, Wanted, survey
from s2sad.passes.memory import Memory
from s2sad.rules.table import flagged
from s2sad.trace.ir import NONE, Arg, Block, Break, Const, Leaf, Lit, Next, Node, Return, Stmt, Trace, Tree, Undef, Var
from s2sad.trace.types import Array, Residual, Tape, Unknown, height
from s2sad.trace.walk import blocks, definitions, own_vars, targets_of, uses

_ROUNDS = 200
# Not worth a copy: what is larger than the buffer, what is a version of the buffer.
_NO_VIEWS = UPDATES | {"expand", "np.broadcast_to"}


def own(trace: Trace) -> Trace:
    """Put in the copies, here and in the traces called."""
    trace = replace(trace, callees=tuple(own(c) for c in trace.callees))
    for p in _Ownership(trace).entries():
        # One copy on entry instead of one on each path, unless the array as it came in is wanted as well.
        began, copied = with_entry(trace, p)
        if not _Ownership(began).is_kept(copied):
            trace = began
    for _ in range(_ROUNDS):
        wanted = _Ownership(trace).wanted()
        if not wanted:
            return trace
        trace = with_copies(trace, wanted, outer_leaves(trace), maybe_none(trace.body))
    raise InternalError(f"the ownership of the buffers of {trace.name} does not settle")


def leaf_count(tree: Tree) -> int:
    """The number of leaves of a structure."""
    if isinstance(tree, Leaf):
        return 1
    return 0 if isinstance(tree, Const) else sum(map(leaf_count, tree.items))


def given_leaves(trace: Trace) -> frozenset[int]:
    """The result leaves that are the user's own results, handed out as the user's function would."""
    return frozenset(range(leaf_count(trace.result)) if trace.given is None else trace.given)


def split_statements(stmts: Sequence[Stmt], seeds: Iterable[Var]) -> tuple[list[Stmt], list[Stmt]]:
    """The statements of a split function and those of its pullback: the adjoint sweep and what depends on it."""
    outer: list[Stmt] = []
    inner: list[Stmt] = []
    late = set(seeds)
    for s in stmts:
        if s.sweep == "adjoint" or any(v in late for v in own_vars(s)):
            inner.append(s)
            late.update(targets_of(s))
        else:
            outer.append(s)
    return outer, inner


class _Ownership:
    def __init__(self, trace: Trace) -> None:
        self.trace, self.user = trace, given_leaves(trace)
        self.facts = survey(trace.body)
        self.memories: dict[int, Memory] = {}
        self.aliases = Aliases(trace.body)
        self.missing = maybe_undefined(trace.body, lambda value, target: isinstance(value, Lit) and shares(target.type))
        self.live = Liveness(trace)
        self.variables = list(self.live.bits)
        self.members: dict[Var, int] = {}
        for v, bit in self.live.bits.items():
            root = self.aliases.find(v)
            self.members[root] = self.members.get(root, 0) | bit
        self.writable = {trace.params[k] for k in trace.inplace}
        self.foreign = self._foreign()
        self.captured = self._captured()
        self.uses = uses(trace.body)
        self._private: dict[Var, bool] = {}

    def memory(self, v: Arg) -> Memory:
        """The memory that an update of a variable can touch: that of its height, or more."""
        least = height(v.type) if isinstance(v, Var) else 0
        if least not in self.memories:
            self.memories[least] = Memory(self.trace, least=least)
        return self.memories[least]

    def _foreign(self) -> set[Var]:
        """In a split function: what is made outside the pullback, which may run several times."""
        if not self.trace.split:
            return set()
        seeds = [v for i in self.trace.inputs if i.kind == "seed" for v in _leaves(i.tree, self.trace.params)]
        made = set(definitions(self.trace.body))
        for block in blocks(self.trace.body):
            if isinstance(block.end, Return):
                _, inner = split_statements(block.stmts, seeds)
                made.difference_update(definitions(Block(tuple(inner), None)))
        return made

    def _captured(self) -> set[Var]:
        """In a split function: what the outer part makes and the pullback reads, which no caller may change."""
        read: set[Var] = set()
        for block in blocks(self.trace.body) if self.trace.split else ():
            if isinstance(block.end, Return):
                seeds = [v for i in self.trace.inputs if i.kind == "seed" for v in _leaves(i.tree, self.trace.params)]
                _, inner = split_statements(block.stmts, seeds)
                read |= set(uses(Block(tuple(inner), None)))
                outer = outer_leaves(self.trace) or frozenset()
                read |= {v for k, v in enumerate(block.end.values) if k not in outer and isinstance(v, Var)}
        params = {self.aliases.find(p) for p in self.trace.params}
        return {self.aliases.find(v) for v in read if v in self.foreign} - params

    def wanted(self) -> Wanted:
        """The places of the next copies, all of one kind."""
        foreign = {_key(e) for e in self.facts.chain(self.facts.updates) if self._is_foreign(e)}
        if foreign:
            return foreign
        late: Wanted = set()
        stuck: list[Edge] = []
        for edge in self.facts.updates:
            found = [self._remedy(y, edge) for y in self._read_later(edge)]
            if None in found:
                stuck.append(edge)
            else:
                late.update(key for remedy in found for key in remedy or ())
        if late:
            # What is copied where it is made need not be copied for a tape as well.
            return late - {(OUT, id(end), k) for ends in self.facts.puts.values() for end, k in ends
                           if isinstance(v := end.outs[k], Var) and (VIEW, id(self.facts.ops.get(v)), 0) in late}
        places: dict[tuple[int, int], Wanted] = {}
        for edge in self.facts.chain(stuck):
            if self._is_stuck(edge):
                for e in self._where_defined(edge, set()) or [edge]:
                    places.setdefault((e.depth, e.kind), set()).add(_key(e))
        return places[min(places)] if places else self._returns()

    def _where_defined(self, edge: Edge, seen: set[Var]) -> list[Edge]:
        """The edges over which a buffer has got here that may have no value here; those of its copies apart."""
        v = edge.value
        if not isinstance(v, Var) or edge.kind == UPDATE or v not in self.missing:
            op = self.facts.ops.get(v) if isinstance(v, Var) else None
            return [] if not isinstance(v, Var) or (seen and op is not None and op.fn == "copy") else [edge]
        if v in seen:
            return []
        seen.add(v)
        edges = [*self.facts.edges.get(v, ()), *self.facts.edges.get(self.facts.also.get(v, v), ())]
        return [found for e in dict.fromkeys(edges) for found in self._where_defined(e, seen)]

    def entries(self) -> list[Var]:
        """The parameters that would be copied at several places."""
        if self.trace.split:
            return []
        found = Counter(e.value for e in self.facts.chain(self.facts.updates) if self._is_foreign(e))
        return [p for p in self.trace.params if found[p] > 1]

    def is_kept(self, x: Var) -> bool:
        """Whether a buffer is read after an update."""
        return any(x is y for edge in self.facts.updates for y in self._read_later(edge))

    def _is_foreign(self, edge: Edge) -> bool:
        """Whether the buffer is surely not this function's (this run of the pullback's) to update."""
        v = edge.value
        if not isinstance(v, Var) or not shares(v.type):
            return False
        return not self._ownable(v) or (v in self.foreign and edge.target not in self.foreign)

    def _is_stuck(self, edge: Edge) -> bool:
        """Whether a buffer must be copied where it changes hands."""
        v = edge.value
        if any(self.memory(v).overlap(v, a, edge.depth) for a in edge.together):
            return True
        return any(self._remedy(y, edge) is None for y in self._read_later(edge))

    def _read_later(self, edge: Edge) -> Iterator[Var]:
        """What is read after a buffer has changed hands and may share its memory."""
        v = edge.value
        if not isinstance(v, Var) or not shares(v.type):
            return
        if self.facts.nests.get(v) == edge.nest and self._is_new(v):
            return
        live = self.live.after.get(id(edge.place), 0) & ~self.live.bits.get(edge.target, 0)
        live &= self.members.get(self.aliases.find(v), 0)
        memory = self.memory(v)
        while live:
            k = live.bit_length() - 1
            live ^= 1 << k
            if memory.overlap(self.variables[k], v, edge.depth):
                yield self.variables[k]

    def _is_new(self, v: Var) -> bool:
        """Whether a buffer has been allocated for the one that reads it, on each side of a branch if on several."""
        op = self.facts.ops.get(v)
        if op is not None:
            return op.fn not in UPDATES and (is_fresh(op) or makes_list(op)) and self.uses[v] == 1
        edges = self.facts.edges.get(v, ())
        return bool(edges) and self.uses[v] == 1 and all(
            e.kind == YIELD and (e.value == NONE or isinstance(e.value, Var) and e.value in self.facts.ops
                                 and self._is_new(e.value)) for e in edges)

    def _remedy(self, y: Var, edge: Edge) -> Wanted | None:
        """Copies of something that is read later, if they are cheaper than a copy of the buffer."""
        if y in self.facts.puts:
            return self._on_tapes(self.facts.puts[y], edge)
        if not self._unput.after.get(id(edge.place), 0) & self.live.bits[y]:
            # It only waits to go on a tape.
            return self._on_tapes([(end, k) for ends in self.facts.puts.values() for end, k in ends
                                   if end.outs[k] is y], edge)
        return self._own_memory(y)

    def _on_tapes(self, puts: Iterable[tuple[Next | Break, int]], edge: Edge) -> Wanted | None:
        """The copies for what goes on tapes: a view that nobody else reads is copied where it is made."""
        out: Wanted = set()
        for end, k in puts:
            item = end.outs[k]
            if not isinstance(item, Var):
                continue
            if item in self.facts.puts:
                # The tape of an inner loop: what lies on it is copied there.
                out |= self._remedy(item, edge) or set()
                continue
            if isinstance(item.type, (Residual, Tape)):
                return None
            op = self.facts.ops.get(item)
            if op is not None and is_fresh(op) and op.fn not in UPDATES and self.uses[item] == 1:
                continue
            # What is None after one side of a branch can only be copied on the other.
            inside = self._own_memory(item) if self.uses[item] == 1 or self._is_missing(item) else None
            out |= inside or (set() if self._is_missing(item) else {(OUT, id(end), k)})
        return out or None

    def _is_missing(self, v: Var) -> bool:
        """Whether one side of a branch gives None for a value."""
        return any(e.value == NONE or isinstance(e.value, Var) and self._is_missing(e.value)
                   for e in self.facts.edges.get(v, ()) if e.kind == YIELD)

    @once
    def _unput(self) -> Liveness:
        """What is read later, but for what only goes on tapes."""
        return Liveness(self.trace, puts=False)

    def _own_memory(self, y: Var) -> Wanted | None:
        """The copies by which a view, or what is a view on each side of a branch, gets memory of its own."""
        op = self.facts.ops.get(y)
        if op is not None:
            large = op.fn in _NO_VIEWS or flagged(op.fn, "overlapping")
            if is_fresh(op) or large or not isinstance(y.type, (Array, Unknown)):
                return None
            return {(VIEW, id(op), 0)}
        edges = self.facts.edges.get(y, ())
        if not edges or any(e.kind != YIELD for e in edges):
            return None
        found = [set() if isinstance(e.value, (Lit, Undef)) else self._own_memory(e.value) if isinstance(e.value, Var)
                 else None for e in edges]
        return None if None in found else {key for part in found for key in part or ()}

    def _ownable(self, v: Var) -> bool:
        """Whether the variable's memory is allocated here, given that the edges it comes over hand it on."""
        if v in self.facts.edges or v in self.facts.also or v in self.writable:
            return True
        op = self.facts.ops.get(v)
        if op is None or not (op.fn in UPDATES or is_fresh(op) or makes_list(op)):
            # What is read later of the buffer behind a view is looked at like any other value.
            return op is not None and rearranges(op) and self.private(v)
        return True

    # ---- results

    def _returns(self) -> Wanted:
        """The derivative's results that do not own their memory."""
        out: Wanted = set()
        outer = outer_leaves(self.trace) or frozenset()
        left = self._left()
        for end, depth in self.facts.returns:
            given: list[Var] = []
            for k in sorted(range(len(end.values)), key=lambda k: k not in self.user):
                a = end.values[k]
                if not isinstance(a, Var) or not _is_array(a, self.trace) or isinstance(a.type, (Residual, Tape)):
                    continue
                if k in left:
                    if not self.private(a) and not self.facts.lies_in(a, left[k]):
                        out.add((RESULT, id(end), k))
                    continue
                twice = a in given or any(self.memory(Lit(None)).overlap(a, g, depth) for g in given)
                if k in outer:
                    root = self.aliases.find(a)
                    if root in self.captured or (k not in self.user and (twice or not self._made_here(a))):
                        out.add((RESULT, id(end), k))
                    given.append(a)
                elif k not in self.user and (twice or not self.private(a)):
                    out.add((RESULT, id(end), k))
                else:
                    given.append(a)
        return out

    def _left(self) -> dict[int, Var]:
        """The result leaves that are to be left in parameters."""
        if not self.trace.left or not isinstance(self.trace.result, Node):
            return {}
        return dict(zip(tree_leaves(self.trace.result.items[1]), (self.trace.params[k] for k in self.trace.left)))

    def _made_here(self, v: Var) -> bool:
        """Whether a split function's outer part has allocated a value itself."""
        op = self.facts.ops.get(v)
        return op is not None and is_fresh(op)

    def private(self, v: Var) -> bool:
        """Whether all the memory a variable may lie in is allocated in this call (and in this run of a pullback)."""
        known = self._private.get(v)
        if known is None:
            self._private[v] = True
            known = self._private[v] = self._is_private(v)
        return known

    def _is_private(self, v: Var) -> bool:
        if v in self.foreign:
            return False
        if v in self.facts.also:
            edges = [*self.facts.edges.get(v, ()), *self.facts.edges.get(self.facts.also[v], ())]
        else:
            edges = self.facts.edges.get(v, [])
        if edges:
            return all(not isinstance(e.value, Var) or self.private(e.value) for e in edges)
        if v in self.facts.calls:
            name, k = self.facts.calls[v]
            callee = next((c for c in self.trace.callees if c.name == name), None)
            return callee is not None and k not in given_leaves(callee)
        op = self.facts.ops.get(v)
        if op is None:
            return False
        if is_fresh(op) or not shares(v.type):
            return True
        # Some of these are read-only.
        if op.fn in ("expand", "np.broadcast_to", "np.diag", "np.diagonal", "pack", "unpack") or (
                flagged(op.fn, "overlapping")):
            return False
        operands = op.args[:1] if op.fn in ("unbroadcast", "cast") else keeps(op)
        return all(not isinstance(a, Var) or not shares(a.type) or self.private(a) for a in operands)


def _key(edge: Edge) -> tuple[int, int, int]:
    return edge.kind, id(edge.place), edge.k


def _is_array(v: Var, trace: Trace) -> bool:
    """Whether a result can share memory with something; a parameter without axes may be an array all the same."""
    return shares(v.type) or (isinstance(v.type, Array) and v in trace.params)


def _leaves(tree: Tree, params: Sequence[Var]) -> list[Var]:
    if isinstance(tree, Leaf):
        return [params[tree.index]]
    return [v for t in tree.items for v in _leaves(t, params)] if isinstance(tree, Node) else []


def outer_leaves(trace: Trace) -> frozenset[int] | None:
    """Of a split function, the result leaves that its outer part returns; None for other functions."""
    if not trace.split or not isinstance(trace.result, Node):
        return None
    return frozenset(tree_leaves(trace.result.items[0]))
