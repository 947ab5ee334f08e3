"""Recording: make what the reverse sweep reads of the forward sweep available to it, Trace → Trace.

After reverse mode, the statements of a mirrored loop or branch refer to variables of the iteration or branch they
mirror.  Here each such reference is replaced by

- the variable itself, carried out of the branch it is defined in (outside loops nothing needs recording: a local
  variable of the function lives on);
- the item of a tape, to which the forward loop adds the variable in every iteration;
- a copy of the operations that compute it, where they are cheap, from other available values.

The cost model:

- a tape item costs 10 for a number (9 for a truth value), 30 for a vector, and three times as much for each further
  axis; an array of unknown shape counts as a vector;
- a buffer that the program writes to costs 1000 as a whole: what is overwritten of it, a slice or an element, is kept
  instead (`s2sad.reverse.restore` puts it back);
- to compute a value again costs nothing if the rule table calls the operation cheap, if it is a square, or if it makes
  the same number in every iteration, and is ruled out otherwise; reads of tapes that are there already, the index and
  all that comes from outside the loop cost nothing.

`s2sad.analysis.cut` finds the cheapest choice for each loop; of choices that cost the same, the one that leaves least
to compute.  Inner loops come first: what they read of the iteration around them has to be there for the outer loop's
twin, and the tapes they leave are values of that iteration.  So the price of an item is that of one iteration of one
loop.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from s2sad.analysis.cut import minimum_cut
from s2sad.errors import InternalError
from s2sad.passes.alias import UPDATES
from s2sad.passes.effects import is_cheap, is_elementwise, is_pure
from s2sad.passes.missing import none_for_missing
from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import (
    NONE,
    NOWHERE,
    UNDEF,
    Along,
    Arg,
    Block,
    Break,
    End,
    For,
    If,
    Lit,
    Next,
    Op,
    Range,
    Stmt,
    Trace,
    Var,
    While,
    With,
    Yield,
)
from s2sad.trace.types import BOOL, INT, Array, Scalar, Tape, is_scalar_like
from s2sad.trace.walk import (
    blocks,
    blocks_of,
    free_vars,
    inner_defs,
    map_end,
    map_own,
    own_vars,
    statements,
    substitute,
    targets_of,
    uses,
    with_blocks,
    with_targets,
)

Path = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Decision:
    """How the reverse of a loop comes by a variable: from a tape, or, if there is none, it is computed again."""

    loop: For | While
    tape: Arg | None = None


Decisions = dict[Var, list[Decision]]


def record(trace: Trace, missing: Arg = UNDEF, decided: Decisions | None = None) -> Trace:
    """The trace with every reference of its reverse sweep made legal.

    ``missing`` is what a variable carried out of one branch is after the other: nothing, or None where the value is
    going to be packed.  What is decided for each variable is told to ``decided``.
    """
    if not any(getattr(s, "twin", None) is not None for s in statements(trace.body)):
        return trace
    r = _Recorder(trace, missing, {} if decided is None else decided)
    body = r.rebuild(r.legal(r.mirrored(trace.body), ()), ())
    body = _renamed(body, r.names)
    puts = [a for b in blocks(body) if isinstance(b.end, (Next, Break)) for a in b.end.outs if isinstance(a, Var)]
    return replace(trace, body=none_for_missing(body, puts))


BUFFER = 1000


def buffers(body: Block) -> set[Var]:
    """The versions of the buffers that a program writes to."""
    stores = [s for s in statements(body) if isinstance(s, Op) and s.fn in UPDATES]
    return {v for s in stores for v in (s.args[0], s.target) if isinstance(v, Var)}


def value_cost(v: Var, written: Collection[Var] = ()) -> int:
    """The price of one tape item."""
    if v in written:
        return BUFFER
    if isinstance(v.type, Scalar) or v.type == Array("b1", ()):
        return 9 if v.type in (BOOL, Array("b1", ())) else 10
    return 10 * 3 ** len(v.type.dims) if isinstance(v.type, Array) else 30


def may_recompute(op: Op, v: Var, invariant: bool) -> bool:
    """Whether the result of an operation may be computed again; ``invariant`` if each iteration computes the same."""
    return is_cheap(op) or invariant and is_elementwise(op.fn) and is_pure(op.fn) and is_scalar_like(v.type)


class _Recorder:
    """Where every primal variable is defined, and what has been decided so far.

    `home` maps a variable to the path of the block that defines it: the keys of the enclosing statements, each with
    the number of the block inside it.
    """

    def __init__(self, trace: Trace, missing: Arg, decided: Decisions) -> None:
        self.missing, self.decided = missing, decided
        self.buffers = buffers(trace.body)
        # What is taken of a buffer before it is overwritten; its tape is called after the buffer.
        self.overwritten = {s.target for s in statements(trace.body) if isinstance(s, Op) and s.fn == "getitem"
                            and s.args[0] in self.buffers}
        self.home: dict[Var, Path] = {}
        self.definition: dict[Var, Stmt] = {}
        self.order: dict[Var, int] = {}
        self.nodes: dict[int, If | For | While] = {}
        self.paths: dict[int, Path] = {}
        self.exports: dict[int, list[tuple[int, Var, Var, Arg]]] = {}
        self.lifted: dict[tuple[Var, int], Var] = {}
        self.outs: dict[int, list[tuple[Var, Var]]] = {}
        self.counts: dict[int, Var] = {}
        self.names: dict[Var, Var] = {}
        self.survey(trace.body, ())

    # ---- what is defined where ----

    def survey(self, block: Block, path: Path) -> None:
        for s in block.stmts:
            if isinstance(s, (If, For, While)):
                if s.twin is not None:
                    continue
                self.nodes[s.key], self.paths[s.key] = s, path
                for k, inner in enumerate(blocks_of(s)):
                    head = 0 if isinstance(s, If) and isinstance(s.guard, With) else len(blocks_of(s)) - 1
                    for v in inner_defs(s):
                        self.define(v, s, (*path, (s.key, head)))
                    self.survey(inner, (*path, (s.key, k)))
            elif s.sweep == "adjoint":
                continue
            for v in targets_of(s):
                self.define(v, s, path)

    def define(self, v: Var, stmt: Stmt, path: Path) -> None:
        self.home[v], self.definition[v] = path, stmt
        self.order.setdefault(v, len(self.order))

    # ---- mirrored loops, innermost first ----

    def mirrored(self, block: Block) -> Block:
        return Block(tuple(map(self.mirrored_stmt, block.stmts)), block.end)

    def mirrored_stmt(self, s: Stmt) -> Stmt:
        s = with_blocks(s, tuple(map(self.mirrored, blocks_of(s))))
        if isinstance(s, If) and s.twin is not None and isinstance(s.cond, Var) and not s.cond.hint:
            self.names[s.cond] = Var(s.cond.type, "branch")
        return self.loop(s) if isinstance(s, For) and s.twin is not None else s

    def loop(self, m: For) -> For:
        assert m.twin is not None
        primal = self.nodes[m.twin]
        assert isinstance(primal, (For, While))
        inside = (*self.paths[primal.key], (primal.key, len(blocks_of(primal)) - 1))
        free: dict[Var, Arg] = {}
        items, tapes = list(m.items), list(m.tapes)
        if isinstance(primal, For):
            free[primal.index] = m.index
        read = [v for v in free_vars(m.body) if self.is_inside(v, inside)]
        sources = dict(zip(primal.items, primal.tapes)) if isinstance(primal, For) else {}
        known = {*free, *sources}

        def inputs(v: Var) -> Sequence[Var] | None:
            s = self.definition[v]
            if v in known:
                return ()
            if not isinstance(s, Op):
                return None
            needed = [u for u in own_vars(s) if self.is_inside(u, inside)]
            return needed if may_recompute(s, v, not needed) else None

        chosen = minimum_cut([v for v in read if v not in known], inputs, lambda v: value_cost(v, self.buffers))
        for v in chosen:
            free[v] = self.tape(v, primal, inside, items, tapes)
            self.decided.setdefault(v, []).append(Decision(primal, tapes[-1]))
        again = self.to_recompute(read, set(free) | set(sources), inputs)
        for v in again:
            self.decided.setdefault(v, []).append(Decision(primal))
        for v, tape in sources.items():
            if v in read or any(v in own_vars(self.definition[w]) for w in again):
                item = free[v] = Var(v.type, v.hint)
                items.append(item)
                tapes.append(tape)
        body = self.recompute(m.body, again, free, inside)
        body = substitute(body, free)
        m = replace(m, items=tuple(items), tapes=tuple(tapes), body=body, twin=None)
        return self.domain(m, primal)

    def is_inside(self, v: Var, path: Path) -> bool:
        return self.home.get(v, ())[: len(path)] == path

    def tape(self, v: Var, primal: For | While, inside: Path, items: list[Var], tapes: list[Arg]) -> Var:
        """Put ``v`` on a tape of the primal loop and take it off again in the mirrored one."""
        hint = v.hint or ("branch" if v.type == BOOL or v.type == Array("b1", ()) else "")
        read = self.definition[v]
        base = read.args[0] if isinstance(read, Op) and read.fn == "getitem" and v in self.overwritten else None
        if hint and not v.hint:
            self.names[v] = Var(v.type, hint)
        item = Var(v.type, hint)
        ends = loop_ends(primal.body)
        known = next((out for k, out in enumerate(primal.outs) if all(end.outs[k] is v for end in ends)), None)
        if known is not None:
            items.append(item)
            tapes.append(known)
            return item
        name = base.hint if isinstance(base, Var) and base.is_named else hint
        made = Var(Tape(v.type), f"{name or 'v'}_tape" if not name.endswith("tape") else f"{name}s")
        self.define(made, primal, self.paths[primal.key])
        self.outs.setdefault(primal.key, []).append((self.lift(self.assigned(v, inside), inside, NONE), made))
        items.append(item)
        tapes.append(made)
        return item

    def assigned(self, v: Var, inside: Path) -> Var:
        """What ``v`` is where it has a value: a branch result that is undefined on one side cannot be put on a tape."""
        s = self.definition[v]
        while isinstance(s, If) and s.twin is None and v in s.results:
            sides = [b.end.values[s.results.index(v)] for b in blocks_of(s) if isinstance(b.end, Yield)]
            found = [a for a in sides if isinstance(a, Var)]
            if UNDEF not in sides or len(found) != 1 or not self.is_inside(found[0], inside):
                break
            v = found[0]
            s = self.definition[v]
        return v

    def to_recompute(self, read: list[Var], available: set[Var], inputs: object) -> list[Var]:
        assert callable(inputs)
        todo, found = [v for v in read if v not in available], set()
        while todo:
            v = todo.pop()
            if v not in found and v not in available:
                found.add(v)
                todo.extend(inputs(v) or ())
        return sorted(found, key=self.order.__getitem__)

    def recompute(self, body: Block, again: list[Var], free: dict[Var, Arg], inside: Path) -> Block:
        """Insert copies of the operations that compute ``again``, each in the branch that mirrors its own."""
        plan: dict[Path, list[Op]] = {}
        for v in again:
            op = self.definition[v]
            assert isinstance(op, Op)
            copy = Var(v.type, v.hint)
            free[v] = copy
            plan.setdefault(self.home[v][len(inside):], []).append(replace(op, target=copy, sweep="adjoint"))
        return self.insert(body, plan) if plan else body

    def insert(self, block: Block, plan: dict[Path, list[Op]]) -> Block:
        here = list(plan.get((), ()))
        stmts = list(block.stmts)
        deeper: dict[int, dict[int, dict[Path, list[Op]]]] = {}
        for path, ops in plan.items():
            if path:
                deeper.setdefault(path[0][0], {}).setdefault(path[0][1], {})[path[1:]] = ops
        for key, by_branch in deeper.items():
            place = next((k for k, s in enumerate(stmts) if isinstance(s, If) and s.twin == key), None)
            if place is not None:
                twin = stmts[place]
                stmts[place] = with_blocks(twin, tuple(
                    self.insert(b, by_branch[k]) if k in by_branch else b for k, b in enumerate(blocks_of(twin))))
            else:
                inner = Block(tuple(stmts), block.end)
                for sub in by_branch.values():
                    inner = self.insert(inner, sub)
                stmts = list(inner.stmts)
        return Block((*here, *stmts), block.end)

    def domain(self, m: For, primal: For | While) -> For:
        """Let the mirrored loop run over the iterations the primal one has run."""
        leaves_early = any(isinstance(e, Break) for e in loop_ends(primal.body))
        if isinstance(primal, For) and not leaves_early:
            return replace(m, domain=primal.domain)
        if isinstance(primal, For) and primal.backward:
            raise InternalError("a backward loop that is left early has no mirror image")
        own = {t for _, t in self.outs.get(primal.key, ())}
        counted = m.index in uses(m.body)
        along = next((t for t in m.tapes if t in own), None)
        if along is not None and not counted:
            return replace(m, domain=Along(along))
        count = self.counts.get(primal.key)
        if count is None:
            count = self.counts[primal.key] = Var(INT, "count")
            self.define(count, primal, self.paths[primal.key])
        m = replace(m, domain=Range(Lit(0), count, Lit(1)))
        start, step = Lit(0), Lit(1)
        if isinstance(primal, For) and isinstance(primal.domain, Range):
            start, step = primal.domain.start, primal.domain.step  # type: ignore[assignment]
        if not counted or (start == Lit(0) and step == Lit(1)):
            return m
        position, scaled = Var(INT, ""), Var(INT, "")
        ops = (Op(scaled, "*", (position, step), (), NOWHERE, "adjoint"),
               Op(m.index, "+", (start, scaled), (), NOWHERE, "adjoint"))
        return replace(m, index=position, body=Block((*ops, *m.body.stmts), m.body.end))

    # ---- out of branches ----

    def lift(self, v: Var, target: Path, missing: Arg) -> Var:
        """Carry ``v`` out of the branches between its home and ``target``."""
        while self.home[v] != target and len(self.home[v]) > len(target):
            key, slot = self.home[v][-1]
            node = self.nodes[key]
            if not isinstance(node, If):
                raise InternalError(f"{v} is read outside the loop that defines it")
            if not isinstance(blocks_of(node)[slot].end, Yield):
                return v
            if (v, key) not in self.lifted:
                out = self.lifted[v, key] = Var(v.type, v.hint)
                self.define(out, node, self.home[v][:-1])
                self.exports.setdefault(key, []).append((slot, v, out, missing))
                if v in self.names:
                    self.names[out] = Var(v.type, self.names[v].hint)
            v = self.lifted[v, key]
        return v

    def legal(self, block: Block, path: Path) -> Block:
        """Replace references into branches by the variables carried out of them."""
        def fn(v: Var) -> Arg:
            home = self.home.get(v)
            if home is None or path[: len(home)] == home:
                return v
            common = 0
            while common < min(len(home), len(path)) and home[common] == path[common]:
                common += 1
            return self.lift(v, home[:common], self.missing)

        stmts: list[Stmt] = []
        for s in block.stmts:
            inner = blocks_of(s)
            if isinstance(s, (If, For, While)):
                inner = tuple(b if isinstance(s, While) and k == 0 else self.legal(b, (*path, (s.key, k)))
                              for k, b in enumerate(inner))
            stmts.append(map_own(with_blocks(s, inner), fn))
        return Block(tuple(stmts), map_end(block.end, fn))

    # ---- carrying the decisions out ----

    def rebuild(self, block: Block, path: Path) -> Block:
        return Block(tuple(self.rebuild_stmt(s, path) for s in block.stmts), block.end)

    def rebuild_stmt(self, s: Stmt, path: Path) -> Stmt:
        if not isinstance(s, (If, For, While)):
            return s
        inner = [self.rebuild(b, (*path, (s.key, k))) for k, b in enumerate(blocks_of(s))]
        s = with_blocks(s, tuple(inner))
        if isinstance(s, If):
            for slot, v, out, missing in self.exports.get(s.key, ()):
                sides = [_yielding(b, v if k == slot else missing) for k, b in enumerate(blocks_of(s))]
                s = replace(s, then=sides[0], orelse=sides[1], results=(*s.results, out))
            return replace(s, twin=None)
        assert isinstance(s, (For, While))
        outs = self.outs.get(s.key, [])
        count = self.counts.get(s.key)
        if outs or count is not None:
            counter = Var(INT, "count") if count is not None else None
            body = self.ends(s.body, (*path, (s.key, len(inner) - 1)), [v for v, _ in outs], counter)
            s = replace(s, body=body, outs=(*s.outs, *(t for _, t in outs)))
            if count is not None and counter is not None:
                s = replace(s, params=(*s.params, counter), inits=(*s.inits, Lit(0)), results=(*s.results, count))
        return s

    def ends(self, block: Block, path: Path, outs: list[Var], counter: Var | None) -> Block:
        """Let every end of an iteration put the recorded values on their tapes, and count."""
        stmts = list(block.stmts)
        if block.end is None and isinstance(stmts[-1], If):
            last = stmts[-1]
            stmts[-1] = replace(last, then=self.ends(last.then, (*path, (last.key, 0)), outs, counter),
                                orelse=self.ends(last.orelse, (*path, (last.key, 1)), outs, counter))
            return Block(tuple(stmts), None)
        end: End = block.end
        if isinstance(end, (Next, Break)):
            put = tuple(v if path[: len(self.home[v])] == self.home[v] else NONE for v in outs)
            values = end.values
            if counter is not None:
                after = Var(INT, "count")
                stmts.append(Op(after, "+", (counter, Lit(1))))
                values = (*values, after)
            end = replace(end, values=values, outs=(*end.outs, *put))
        return Block(tuple(stmts), end)


def _yielding(block: Block, value: Arg) -> Block:
    assert isinstance(block.end, Yield)
    return Block(block.stmts, Yield((*block.end.values, value)))


def _renamed(block: Block, names: dict[Var, Var]) -> Block:
    if not names:
        return block

    def fn(v: Var) -> Var:
        return names.get(v, v)

    stmts = tuple(with_targets(map_own(with_blocks(s, tuple(_renamed(b, names) for b in blocks_of(s))), fn), fn)
                  for s in block.stmts)
    return Block(stmts, map_end(block.end, fn))



