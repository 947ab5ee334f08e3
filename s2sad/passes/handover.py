"""Where buffers change hands: how each variable of a function gets its value, from an operation or over edges."""

from __future__ import annotations

from dataclasses import dataclass, field

from s2sad.passes.alias import UPDATES, shares
from s2sad.trace.ir import Arg, Block, Break, Call, If, Next, Op, Return, Var, While, Yield
from s2sad.trace.walk import blocks_of, targets_of

# Kinds of places where a buffer changes hands, the outermost first: copies are put in at one kind at a time.
INIT, YIELD, NEXT, UPDATE, RESULT = range(5)
# Kinds of places where something that is read later can be copied instead: where a view is made, what goes on a tape.
VIEW, OUT = 5, 6


@dataclass(frozen=True)
class Edge:
    """A buffer changes hands: ``value`` becomes ``target`` at position ``k`` of ``place`` (a statement or an end).

    ``nest`` is the loop body this happens in, inside ``depth`` loops, ``together`` what changes hands at the same
    moment.
    """

    kind: int
    place: object
    k: int
    value: Arg
    target: Var
    nest: int
    depth: int
    together: tuple[Arg, ...] = ()


Key = tuple[int, int, int]
Wanted = set[Key]


@dataclass
class Facts:
    """How each variable gets its value: from an operation, or over edges."""

    ops: dict[Var, Op] = field(default_factory=dict)
    edges: dict[Var, list[Edge]] = field(default_factory=dict)
    also: dict[Var, Var] = field(default_factory=dict)
    calls: dict[Var, tuple[str, int]] = field(default_factory=dict)
    returns: list[tuple[Return, int]] = field(default_factory=list)
    nests: dict[Var, int] = field(default_factory=dict)
    updates: list[Edge] = field(default_factory=list)
    puts: dict[Var, list[tuple[Next | Break, int]]] = field(default_factory=dict)

    def lies_in(self, v: Arg, p: Var, seen: frozenset[Var] = frozenset()) -> bool:
        """Whether a buffer surely is that of ``p``, changed in place or not at all."""
        if not isinstance(v, Var) or v is p or v in seen:
            return isinstance(v, Var)
        op = self.ops.get(v)
        if op is not None:
            return op.fn in UPDATES and shares(v.type) and self.lies_in(op.args[0], p, seen)
        edges = self.edges.get(self.also.get(v, v), ())
        return bool(edges) and all(self.lies_in(e.value, p, seen | {v}) for e in edges)

    def chain(self, updates: list[Edge]) -> list[Edge]:
        """Every edge over which the buffers of some updates get their memory, the updates among them."""
        edges, seen = list(updates), set[Var]()
        todo = [e.value for e in edges if isinstance(e.value, Var)]
        while todo:
            v = todo.pop()
            if v in seen:
                continue
            seen.add(v)
            if v in self.also:
                todo.append(self.also[v])
            op = self.ops.get(v)
            if op is not None and op.fn in UPDATES and isinstance(op.args[0], Var):
                todo.append(op.args[0])
            for edge in self.edges.get(v, ()):
                edges.append(edge)
                if isinstance(edge.value, Var):
                    todo.append(edge.value)
        return edges


def survey(block: Block, facts: Facts | None = None, yields: tuple[Var, ...] = (), params: tuple[Var, ...] = (),
           outs: tuple[Var, ...] = (), nest: int = 0, depth: int = 0) -> Facts:
    """Collect operations and edges; ``yields``, ``params`` and ``outs`` receive what the block's end hands on."""
    facts = Facts() if facts is None else facts
    for k, stmt in enumerate(block.stmts):
        facts.nests.update(dict.fromkeys(targets_of(stmt), nest))
        if isinstance(stmt, Op):
            if stmt.target is not None:
                facts.ops[stmt.target] = stmt
                if stmt.fn in UPDATES:
                    facts.updates.append(Edge(UPDATE, stmt, 0, stmt.args[0], stmt.target, nest, depth))
        elif isinstance(stmt, Call):
            facts.calls.update((t, (stmt.callee, n)) for n, t in enumerate(stmt.targets))
        elif isinstance(stmt, If):
            tail = block.end is None and k == len(block.stmts) - 1
            for b in blocks_of(stmt):
                survey(b, facts, yields if tail else stmt.results, params, outs, nest, depth)
        else:
            for n, (p, r) in enumerate(zip(stmt.params, stmt.results)):
                facts.also[r] = p
                _edge(facts, Edge(INIT, stmt, n, stmt.inits[n], p, nest, depth, stmt.inits[:n]))
            if isinstance(stmt, While):
                survey(stmt.test, facts, nest=stmt.key, depth=depth + 1)
            survey(stmt.body, facts, (), stmt.params, stmt.outs, stmt.key, depth + 1)
    end = block.end
    if isinstance(end, (Yield, Next, Break)):
        kind, targets = (YIELD, yields) if isinstance(end, Yield) else (NEXT, params)
        for n, t in enumerate(targets):
            _edge(facts, Edge(kind, end, n, end.values[n], t, nest, depth, end.values[:n]))
        if not isinstance(end, Yield):
            for n, out in enumerate(outs):
                facts.puts.setdefault(out, []).append((end, n))
    elif isinstance(end, Return):
        facts.returns.append((end, depth))
    return facts


def _edge(facts: Facts, edge: Edge) -> None:
    facts.edges.setdefault(edge.target, []).append(edge)
