"""Ownership: where a copy is needed so that buffers can be updated in place and results own their memory.

`scatter_add(x, v, index)` is the value "x with v added at index".  The emitter writes it as ``x[index] += v``, which is
right if this function has allocated x's memory and nothing reads the old x, or a view of it, afterwards.  Where that
does not hold a `copy` is put in: as far out as possible, where an array enters the loop or branch in which it is
updated, so that an adjoint accumulated in a loop costs O(1) an iteration.

    g = scatter_add(y_bar, v, 0)    ⇒    v1 = copy(y_bar); g = scatter_add(v1, v, 0)

What a derivative returns besides the user's own results owns its memory too: parameters, views of them, broadcasts and
arrays returned twice are copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from s2sad.errors import InternalError
from s2sad.passes.alias import Aliases, is_fresh, shares
from s2sad.passes.buffers import Liveness
from s2sad.passes.family import tree_leaves
from s2sad.trace.ir import (
    Arg,
    Block,
    Break,
    Call,
    Const,
    For,
    If,
    Leaf,
    Next,
    Node,
    Op,
    Return,
    Stmt,
    Trace,
    Tree,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import Array, Residual, Tape
from s2sad.trace.walk import blocks, blocks_of, definitions, own_vars, targets_of, uses, with_blocks

# Kinds of places where a buffer changes hands, the outermost first: copies are put in at one kind at a time.
INIT, YIELD, NEXT, UPDATE, RESULT = range(5)
_ROUNDS = 50


def own(trace: Trace) -> Trace:
    """Put in the copies, here and in the traces called."""
    trace = replace(trace, callees=tuple(own(c) for c in trace.callees))
    for _ in range(_ROUNDS):
        wanted = _Ownership(trace).wanted()
        if not wanted:
            return trace
        trace = replace(trace, body=_insert(trace.body, wanted, _outer_leaves(trace)))
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


@dataclass(frozen=True)
class _Edge:
    """A buffer changes hands: ``value`` becomes ``target`` at position ``k`` of ``place`` (a statement or an end).

    ``nest`` is the loop body this happens in, ``together`` what changes hands at the same moment.
    """

    kind: int
    place: object
    k: int
    value: Arg
    target: Var
    nest: int
    together: tuple[Arg, ...] = ()


Wanted = set[tuple[int, int, int]]


@dataclass
class _Facts:
    """How each variable gets its value: from an operation, or over edges."""

    ops: dict[Var, Op] = field(default_factory=dict)
    edges: dict[Var, list[_Edge]] = field(default_factory=dict)
    also: dict[Var, Var] = field(default_factory=dict)
    calls: dict[Var, tuple[str, int]] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)
    nests: dict[Var, int] = field(default_factory=dict)


class _Ownership:
    def __init__(self, trace: Trace) -> None:
        self.trace, self.user = trace, given_leaves(trace)
        self.facts = _Facts()
        _survey(trace.body, (), (), self.facts)
        self.aliases = Aliases(trace.body)
        self.live = Liveness(trace)
        self.members: dict[Var, int] = {}
        for v, bit in self.live.bits.items():
            root = self.aliases.find(v)
            self.members[root] = self.members.get(root, 0) | bit
        self.foreign = self._foreign()
        self.captured = self._captured()
        self.uses = uses(trace.body)
        self._private: dict[Var, bool] = {}

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
                outer = _outer_leaves(self.trace) or frozenset()
                read |= {v for k, v in enumerate(block.end.values) if k not in outer and isinstance(v, Var)}
        params = {self.aliases.find(p) for p in self.trace.params}
        return {self.aliases.find(v) for v in read if v in self.foreign} - params

    def wanted(self) -> Wanted:
        """The places of the next copies, all of one kind."""
        foreign: Wanted = set()
        found: dict[int, Wanted] = {}
        for edge in self._edges():
            key = (edge.kind, id(edge.place), edge.k)
            if self._is_foreign(edge):
                foreign.add(key)
            elif self._is_read_later(edge):
                found.setdefault(edge.kind, set()).add(key)
        if foreign:
            return foreign
        return found[min(found)] if found else self._returns()

    def _edges(self) -> list[_Edge]:
        """Every edge over which a buffer that is updated in place gets its memory."""
        todo: list[Var] = []
        edges: list[_Edge] = []
        for op in self.facts.ops.values():
            if op.fn == "scatter_add" and op.target is not None:
                edges.append(_Edge(UPDATE, op, 0, op.args[0], op.target, self.facts.nests[op.target]))
        seen: set[Var] = set()
        todo = [e.value for e in edges if isinstance(e.value, Var)]
        while todo:
            v = todo.pop()
            if v in seen or not shares(v.type):
                continue
            seen.add(v)
            if v in self.facts.also:
                todo.append(self.facts.also[v])
            for edge in self.facts.edges.get(v, ()):
                edges.append(edge)
                if isinstance(edge.value, Var):
                    todo.append(edge.value)
        return edges

    def _is_foreign(self, edge: _Edge) -> bool:
        """Whether the buffer is surely not this function's (this run of the pullback's) to update."""
        v = edge.value
        if not isinstance(v, Var) or not shares(v.type):
            return False
        return not self._ownable(v) or (v in self.foreign and edge.target not in self.foreign)

    def _is_read_later(self, edge: _Edge) -> bool:
        """Whether the old value, or something that may share its memory, is read after it has changed hands."""
        v = edge.value
        if not isinstance(v, Var) or not shares(v.type):
            return False
        op = self.facts.ops.get(v)
        if (op is not None and op.fn != "scatter_add" and is_fresh(op) and self.uses[v] == 1
                and self.facts.nests[v] == edge.nest):
            return False
        root = self.aliases.find(v)
        if any(isinstance(a, Var) and shares(a.type) and self.aliases.find(a) is root for a in edge.together):
            return True
        live = self.live.after.get(id(edge.place), 0) & ~self.live.bits.get(edge.target, 0)
        return bool(live & self.members.get(root, 0))

    def _ownable(self, v: Var) -> bool:
        """Whether the variable's memory is allocated here, given that the edges it comes over hand it on."""
        if v in self.facts.edges or v in self.facts.also:
            return True
        op = self.facts.ops.get(v)
        return op is not None and (op.fn == "scatter_add" or is_fresh(op))

    # ---- results

    def _returns(self) -> Wanted:
        """The derivative's results that do not own their memory."""
        out: Wanted = set()
        outer = _outer_leaves(self.trace) or frozenset()
        for end in self.facts.returns:
            given: set[Var] = set()
            for k in sorted(range(len(end.values)), key=lambda k: k not in self.user):
                a = end.values[k]
                if not isinstance(a, Var) or not _is_array(a, self.trace) or isinstance(a.type, (Residual, Tape)):
                    continue
                root = self.aliases.find(a)
                if k in outer:
                    if root in self.captured or (k not in self.user and (root in given or not self._made_here(a))):
                        out.add((RESULT, id(end), k))
                    given.add(root)
                elif k not in self.user and (root in given or not self.private(a)):
                    out.add((RESULT, id(end), k))
                else:
                    given.add(root)
        return out

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
        if op.fn in ("expand", "np.broadcast_to", "pack", "unpack"):
            return False
        operands = op.args[:1] if op.fn in ("scatter_add", "getitem", "unbroadcast", "cast") else op.args
        return all(not isinstance(a, Var) or not shares(a.type) or self.private(a) for a in operands)


def _is_array(v: Var, trace: Trace) -> bool:
    """Whether a result can share memory with something; a parameter without axes may be an array all the same."""
    return shares(v.type) or (isinstance(v.type, Array) and v in trace.params)


def _leaves(tree: Tree, params: Sequence[Var]) -> list[Var]:
    if isinstance(tree, Leaf):
        return [params[tree.index]]
    return [v for t in tree.items for v in _leaves(t, params)] if isinstance(tree, Node) else []


def _survey(block: Block, yields: tuple[Var, ...], params: tuple[Var, ...], facts: _Facts, nest: int = 0) -> None:
    """Collect operations and edges; ``yields`` and ``params`` receive what the block's end hands on."""
    for k, stmt in enumerate(block.stmts):
        facts.nests.update(dict.fromkeys(targets_of(stmt), nest))
        if isinstance(stmt, Op):
            if stmt.target is not None:
                facts.ops[stmt.target] = stmt
        elif isinstance(stmt, Call):
            facts.calls.update((t, (stmt.callee, n)) for n, t in enumerate(stmt.targets))
        elif isinstance(stmt, If):
            tail = block.end is None and k == len(block.stmts) - 1
            for b in blocks_of(stmt):
                _survey(b, yields if tail else stmt.results, params, facts, nest)
        else:
            for n, (p, r) in enumerate(zip(stmt.params, stmt.results)):
                facts.also[r] = p
                _edge(facts, _Edge(INIT, stmt, n, stmt.inits[n], p, nest, stmt.inits[:n]))
            if isinstance(stmt, While):
                _survey(stmt.test, (), (), facts, stmt.key)
            _survey(stmt.body, (), stmt.params, facts, stmt.key)
    end = block.end
    if isinstance(end, (Yield, Next, Break)):
        kind, targets = (YIELD, yields) if isinstance(end, Yield) else (NEXT, params)
        for n, t in enumerate(targets):
            _edge(facts, _Edge(kind, end, n, end.values[n], t, nest, end.values[:n]))
    elif isinstance(end, Return):
        facts.returns.append(end)


def _edge(facts: _Facts, edge: _Edge) -> None:
    facts.edges.setdefault(edge.target, []).append(edge)


def _outer_leaves(trace: Trace) -> frozenset[int] | None:
    """Of a split function, the result leaves that its outer part returns; None for other functions."""
    if not trace.split or not isinstance(trace.result, Node):
        return None
    return frozenset(tree_leaves(trace.result.items[0]))


def _insert(block: Block, wanted: Wanted, outer: frozenset[int] | None) -> Block:
    """The block with copies at the wanted places; the pullback of a split function copies its own results."""
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        if isinstance(stmt, Op) and (UPDATE, id(stmt), 0) in wanted:
            x = _copy(stmt.args[0], stmt, stmts)
            stmts.append(replace(stmt, args=(x, *stmt.args[1:])))
            continue
        key = id(stmt)
        if isinstance(stmt, (For, While)):
            inits = tuple(_copy(a, stmt, stmts, p.hint) if (INIT, key, k) in wanted else a
                          for k, (a, p) in enumerate(zip(stmt.inits, stmt.params)))
            stmt = replace(stmt, inits=inits)
        stmts.append(with_blocks(stmt, tuple(_insert(b, wanted, outer) for b in blocks_of(stmt))))
    end = block.end
    if isinstance(end, (Yield, Next, Break, Return)):
        kind = YIELD if isinstance(end, Yield) else RESULT if isinstance(end, Return) else NEXT
        around = block.stmts[-1] if block.stmts else None
        split = kind == RESULT and outer is not None
        values = tuple(_copy(a, around, stmts, sweep=("primal" if k in (outer or ()) else "adjoint") if split else "")
                       if (kind, id(end), k) in wanted else a for k, a in enumerate(end.values))
        end = replace(end, values=values) if values != end.values else end
    return Block(tuple(stmts), end)


def _copy(a: Arg, near: Stmt | None, stmts: list[Stmt], hint: str = "", sweep: str = "") -> Arg:
    """Append a copy of ``a`` to the statements."""
    assert isinstance(a, Var)
    target = Var(a.type, hint)
    sweep = sweep or (near.sweep if near is not None else "adjoint")
    site = near.site if isinstance(near, Op) else Op(None, "", ()).site
    stmts.append(Op(target, "copy", (a,), (), site, sweep))
    return target


