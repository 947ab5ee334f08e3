"""From a trace to code: structured statements with the copies written out.

The values that loops carry and branches yield become assignments: before the loop, at the end of its body, before a
break, at the end of a branch.  Where control goes is written with as little as possible: a branch that leaves
(returns, breaks, raises) needs no ``else`` after it, the end of a loop's body needs no ``continue``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from s2sad.emit import code, effects, structures
from s2sad.emit.code import Assign, Code, Effect, Jump
from s2sad.emit.expr import Expressions
from s2sad.emit.fold import Folding
from s2sad.emit.guarded import Guards, Place
from s2sad.emit.header import for_header
from s2sad.emit.nodes import call, constant, display, load
from s2sad.emit.stores import put_at_once, store
from s2sad.emit.tapes import TapePlan
from s2sad.errors import InternalError
from s2sad.passes.alias import UPDATES
from s2sad.passes.own import split_statements
from s2sad.passes.parts import parts_of
from s2sad.runtime.helpers import HELPERS
from s2sad.trace.ir import (
    NOWHERE,
    Arg,
    Block,
    Break,
    Call,
    For,
    If,
    Input,
    Leaf,
    Lit,
    Next,
    Node,
    Op,
    Raise,
    Ref,
    Return,
    Site,
    Stmt,
    Trace,
    Tree,
    Undef,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import Tuple
from s2sad.trace.walk import has_keys, targets_of, uses

Pair = tuple[Var, Arg]
effects.register()


class Lowering(Guards):
    """Lowers one function."""

    def __init__(self, trace: Trace, folding: Folding, plan: TapePlan, expressions: Expressions,
                 callees: dict[str, Trace]) -> None:
        super().__init__()
        self.trace, self.folding, self.plan, self.ex, self.callees = trace, folding, plan, expressions, callees
        self.made = structures.Results(trace, expressions)
        self.parts = parts_of(trace.body)
        # Names for results that have none.
        self.hints: dict[Var, str] = {}
        # What goes on a tape as soon as it is there.
        self.hoisted: dict[Arg, Var] = {}
        self.direct: set[Var] = set()
        self.seeds = {v for i in trace.inputs if i.kind == "seed" for v in leaf_vars(i.tree, trace.params)}

    def function(self) -> list[Code]:
        """The body of the function."""
        inputs = [i for i in self.trace.inputs if not (self.trace.split and i.kind == "seed")]
        return [*self.unpack(inputs), *self.block(self.trace.body, Place(split=self.trace.split))]

    def unpack(self, inputs: list[Input]) -> list[Code]:
        """``(W1, b1), (W2, b2) = params``, ``weights = model["weights"]``."""
        return [read for i in inputs if isinstance(i.tree, Node) for read in self.reads(i.tree, load(i.name))]

    def reads(self, tree: Tree, owner: ast.expr) -> list[Code]:
        """The assignments of a structure's leaves: all at once where that can be written, of a dict those in use."""
        heads = leaf_vars(tree, self.trace.params)
        if not heads or not isinstance(owner, ast.Name) and not any(self.folding.uses[v] for v in heads):
            return []
        if isinstance(tree, Node) and has_keys(tree):
            return [read for part, reading in structures.parts(tree, owner) for read in self.reads(part, reading)]
        names = [self.ex.name(p) if p in heads else load("_") for p in self.trace.params]
        pattern = structures.pattern(tree, names)
        return [Assign(heads, [owner], [], [None] * len(heads), pattern=pattern)]

    # ---- blocks

    def block(self, block: Block, place: Place) -> list[Code]:
        """A block's code, as far as control gets."""
        nodes = self.whole(block, place)
        jump = next((k for k, n in enumerate(nodes) if isinstance(n, Jump)), len(nodes))
        return nodes[: jump + 1]

    def whole(self, block: Block, place: Place) -> list[Code]:
        stmts: Sequence[Stmt] = block.stmts
        if place.split and isinstance(block.end, Return):
            outer, inner = split_statements(stmts, self.seeds)
            self.name_results(outer, block.end)
            return self.statements(outer, place) + self.pullback(inner, block.end)
        if isinstance(block.end, Return):
            return self.returning(stmts, block.end, place)
        tail = stmts[-1] if stmts and block.end is None else None
        if tail is not None:
            if not isinstance(tail, If):
                raise InternalError("a block without end whose last statement is no If")
            return self.statements(stmts[:-1], place) + self.tail(tail, place)
        return self.statements(stmts, place) + self.end(block, place)

    def returning(self, stmts: Sequence[Stmt], end: Return, place: Place) -> list[Code]:
        """A block that ends the function.

        What the user's function returns is put aside under the name ``result`` where the reverse sweep takes old values
        of the same name off their tapes.
        """
        first = next((k for k, s in enumerate(stmts) if s.sweep == "adjoint"), len(stmts))
        forward, reverse = stmts[:first], stmts[first:]
        if reverse:
            self.name_results(forward, end)
        out = self.statements(forward, place)
        restored = {i.hint for s in reverse if isinstance(s, For) for i in s.items}
        read = uses(Block(tuple(reverse), None))
        values = list(end.values)
        for v in self.given(end):
            if v.hint in restored and v not in read and v not in self.folding.inline:
                kept = Var(v.type, "result")
                values = [kept if a is v else a for a in values]
                out.append(Assign([kept], [self.ex.arg(v)], self.ex.take_reads(), [None]))
        return out + self.statements(reverse, place) + self.leave(Return(tuple(values)))

    def given(self, end: Return) -> list[Var]:
        """The variables among the results of the user's function."""
        return [v for k in self.trace.given or () if k < len(end.values) and isinstance(v := end.values[k], Var)]

    def name_results(self, forward: Sequence[Stmt], end: Return) -> None:
        """Call the user's results ``result`` where the forward sweep leaves them without a name."""
        made = {t for s in forward for t in targets_of(s)}
        self.hints.update((v, "result") for v in self.given(end) if not v.hint and v in made)

    def statements(self, stmts: Sequence[Stmt], place: Place) -> list[Code]:
        out: list[Code] = []
        for stmt in stmts:
            if isinstance(stmt, Op):
                out += self.op(stmt)
            elif isinstance(stmt, Call):
                out.append(self.call(stmt))
            elif isinstance(stmt, If):
                out += self.branch(stmt, place)
            elif isinstance(stmt, For):
                out += self.for_loop(stmt, place)
            else:
                out += self.while_loop(stmt, place)
            out += [self.append(self.hoisted[t], t, stmt.sweep) for t in targets_of(stmt)
                    if t in self.hoisted and t not in self.direct]
        return out

    def branch(self, stmt: If, place: Place) -> list[Code]:
        if len(stmt.results) == 1 and stmt.results[0] in self.folding.inline:
            return []
        if stmt.key in self.folding.choices:
            value = self.ex.choice(stmt)
            return [Assign([stmt.results[0]], [value], self.ex.take_reads(), [None], stmt.site, stmt.sweep)]
        inner = Place(stmt.results, place.params, place.outs, stmt.sweep, place.split)
        if stmt.guard is not None:
            return self.guarded(stmt, stmt.guard, inner)
        if stmt.cond == Lit(True):
            return self.block(stmt.then, inner)
        cond = self.ex.arg(stmt.cond)
        reads = self.ex.take_reads()
        then, orelse = self.block(stmt.then, inner), self.block(stmt.orelse, inner)
        return [code.Branch(cond, reads, then, orelse, stmt.site, stmt.sweep)]

    def tail(self, stmt: If, place: Place) -> list[Code]:
        """The last If of a block, whose branches say where control goes."""
        if stmt.guard is not None:
            return self.guarded(stmt, stmt.guard, place)
        cond = self.ex.arg(stmt.cond)
        reads = self.ex.take_reads()
        then, orelse = self.block(stmt.then, place), self.block(stmt.orelse, place)
        if code.leaves(then):
            return [code.Branch(cond, reads, then, [], stmt.site, stmt.sweep), *orelse]
        if code.leaves(orelse) and len(orelse) <= 2:
            return [code.Branch(code.negated(cond), reads, orelse, [], stmt.site, stmt.sweep), *then]
        return [code.Branch(cond, reads, then, orelse, stmt.site, stmt.sweep)]

    def end(self, block: Block, place: Place) -> list[Code]:
        end = block.end
        if isinstance(end, Yield):
            used = [(r, v) for r, v in zip(place.yields, end.values) if self.folding.uses[r]]
            return self.copies(used, place.sweep)
        if isinstance(end, (Next, Break)):
            out = [self.append(tape, value, place.sweep) for tape, value in zip(place.outs, end.outs)
                   if value not in self.hoisted or self.hoisted[value] is not tape]
            out += self.copies(list(zip(place.params, end.values)), place.sweep, True)
            return out + ([Jump(ast.Break(), [])] if isinstance(end, Break) else [])
        assert isinstance(end, Raise)
        return [Jump(self.raising(end.kind if end.fn else None, end.args), self.ex.take_reads(), end.site)]

    def leave(self, end: Return) -> list[Code]:
        """``return y, (x1_bar, x2_bar)``."""
        folded = (self.folding.inline[a].site for a in end.values if isinstance(a, Var) and a in self.folding.inline)
        return self.handing_out(self.trace.result, [self.ex.arg(a) for a in end.values], lambda value: value,
                                next(folded, NOWHERE))

    def handing_out(self, tree: Tree, leaves: list[ast.expr], whole: Callable[[ast.expr], ast.expr],
                    site: Site = NOWHERE) -> list[Code]:
        """The return of a structure, ``whole`` of it; objects that are too wide are made in statements before."""
        apart: list[tuple[Var, ast.expr]] = []
        value = whole(self.made.parted(tree, leaves, apart))
        reads = self.ex.take_reads()
        out: list[Code] = []
        for v, made in apart:
            out.append(Assign([v], [made], list(reads), [None], sweep=""))
            reads = [*reads, v]
        return [*out, Jump(ast.Return(value=value), reads, site)]

    # ---- statements

    def op(self, op: Op) -> list[Code]:
        target = op.target
        if op.fn in ("done", "part") and op.args[0] not in self.folding.inline:
            return []
        if target is None:
            return [self.effect(op)]
        if target in self.folding.inline or target in self.folding.dropped:
            return []
        if op.fn in UPDATES:
            return [store(op, target, self.ex)]
        if isinstance(target.type, Tuple):
            return [self.several(op, target)]
        value = self.ex.op(op)
        if target in self.direct:
            return [self.append(self.hoisted[target], value, op.sweep)]
        return [Assign([target], [value], self.ex.take_reads(), [None], op.site, op.sweep)]

    def several(self, op: Op, target: Var) -> Code:
        """``w, v = np.linalg.eigh(a)``."""
        value, reads = self.ex.op(op), self.ex.take_reads()
        assert isinstance(target.type, Tuple)
        names: list[ast.expr] = [load("_")] * len(target.type.items)
        used: list[Var] = []
        for part in self.parts[target]:
            item, v = part.kwarg("item"), part.target
            if isinstance(item, Lit) and v is not None and self.folding.uses[v]:
                names[item.value] = self.ex.name(v)
                used.append(v)
        if not used:
            return Effect(ast.Expr(value=value), reads, op.site, op.sweep)
        return Assign(used, [value], reads, [None] * len(used), op.site, op.sweep, display(names))

    def effect(self, op: Op) -> Code:
        stmt: ast.stmt
        if op.fn == "raise":
            kind = op.kwarg("kind")
            stmt = self.raising(kind if isinstance(kind, Ref) else None, op.args)
            return Jump(stmt, self.ex.take_reads(), op.site, op.sweep)
        if op.fn == "assert":
            test, *rest = [self.ex.arg(a) for a in (*op.args, *(v for k, v in op.kwargs if k == "message"))]
            stmt = ast.Assert(test=test, msg=rest[0] if rest and not _is_none(rest[0]) else None)
        elif op.fn == "done":
            stmt = ast.Expr(value=self.ex.arg(op.args[0]))
        elif op.fn in HELPERS:
            operands = (*op.args, *(v for _, v in op.kwargs))
            stmt = ast.Expr(value=self.ex.helper(op.fn, [self.ex.arg(a) for a in operands]))
        else:
            stmt = effects.statement(self.ex, op)
        return Effect(stmt, self.ex.take_reads(), op.site, op.sweep)

    def call(self, stmt: Call) -> Code:
        callee = self.callees.get(stmt.callee)
        if callee is None:
            raise InternalError(f"call of the unknown trace {stmt.callee}")
        args, options = [], []
        leaves = [self.ex.arg(a) for a in stmt.args]
        for i in callee.inputs:
            value = self.made.expr(i.tree, leaves)
            if i.kind == "global":
                options.append((i.name, value))
            else:
                args.append(value)
        value, reads = call(load(stmt.callee), args, options), self.ex.take_reads()
        used = [t for t in stmt.targets if self.folding.uses[t]]
        targets = [self.ex.name(t) if self.folding.uses[t] else load("_") for t in stmt.targets]
        if not used:
            return Effect(ast.Expr(value=value), reads, stmt.site, stmt.sweep)
        pattern = structures.pattern(callee.result, list(targets))
        return Assign(used, [value], reads, [None] * len(used), stmt.site, stmt.sweep, pattern)

    def copies(self, pairs: Sequence[Pair], sweep: str, carried: bool = False) -> list[Code]:
        """Assign all pairs at once; ``carried`` says that these are the values of the next iteration."""
        if not pairs:
            return []
        values: list[ast.expr | None] = []
        copies: list[Var | None] = []
        sites: list[Site] = []
        for _, a in pairs:
            stmt = self.folding.inline.get(a) if isinstance(a, Var) else None
            values.append(None if isinstance(a, Undef) else self.ex.arg(a))
            copies.append(a if isinstance(a, Var) and stmt is None else None)
            sites.append(stmt.site if stmt is not None else NOWHERE)
        return [Assign([t for t, _ in pairs], values, self.ex.take_reads(), copies, NOWHERE, sweep, None, sites,
                       carried)]

    def append(self, tape: Var, value: Arg | ast.expr, sweep: str) -> Code:
        """``x_tape.append(x)``."""
        node = value if isinstance(value, ast.expr) else self.ex.arg(value)
        return self.method(tape, "append", [] if isinstance(value, Undef) else [node], sweep)

    def method(self, tape: Var, name: str, args: list[ast.expr], sweep: str) -> Code:
        attr = ast.Attribute(value=self.ex.arg(tape), attr=name, ctx=ast.Load())
        stmt = ast.Expr(value=call(attr, args))
        return Effect(stmt, self.ex.take_reads(), NOWHERE, sweep)

    # ---- loops

    def lists(self, stmt: For | While) -> list[Code]:
        return [Assign([o], [display([], True)], [], [None], NOWHERE, stmt.sweep) for o in stmt.outs]

    def body(self, stmt: For | While, place: Place, head: list[Code]) -> list[Code]:
        """The loop's body; what goes on a tape is appended as soon as the value is there if its name is reused."""
        inner = Place((), stmt.params, stmt.outs, stmt.sweep, place.split)
        hoisted = self.hoist(stmt)
        self.hoisted.update(hoisted)
        out = list(head)
        for value, tape in hoisted.items():
            if value in stmt.params:
                out.append(self.append(tape, value, stmt.sweep))
        return out + self.block(stmt.body, inner)

    def hoist(self, stmt: For | While) -> dict[Arg, Var]:
        """Values that go on a tape at every end of an iteration and would be overwritten before."""
        ends = [b.end for b in loop_ends(stmt.body) if isinstance(b.end, (Next, Break))]
        local = {v: k for k, s in enumerate(stmt.body.stmts) for v in targets_of(s)}
        copied = {s.target for s in stmt.body.stmts if isinstance(s, Op) and s.fn in ("copy", "getitem")}
        out: dict[Arg, Var] = {}
        for k, tape in enumerate(stmt.outs):
            values = {e.outs[k] for e in ends if isinstance(e.outs[k], Var)}
            if len(values) != 1 or not all(isinstance(e.outs[k], Var) for e in ends):
                continue
            (v,) = values
            assert isinstance(v, Var)
            if v in out or v in self.folding.inline:
                continue
            if v in stmt.params:
                out[v] = tape
            elif v in copied and self.folding.uses[v] == 1:
                # Kept because what it is taken from changes: no need of a name.
                out[v] = tape
                self.direct.add(v)
            elif v in local and v.hint:
                later = stmt.body.stmts[local[v] + 1:]
                if any(t.hint == v.hint for s in later for t in targets_of(s)):
                    out[v] = tape
        return out

    def after(self, stmt: For | While) -> list[Code]:
        used = [(r, p) for r, p in zip(stmt.results, stmt.params) if self.folding.uses[r]]
        out = [self.method(o, "reverse", [], stmt.sweep) for o in stmt.outs if o in self.plan.reverse]
        return out + self.copies(used, stmt.sweep)

    def for_loop(self, stmt: For, place: Place) -> list[Code]:
        before = self.lists(stmt) + self.copies(list(zip(stmt.params, stmt.inits)), stmt.sweep)
        h = for_header(stmt, self.folding, self.plan, self.ex)
        head: list[Code] = []
        for item, tape in zip(stmt.items, stmt.tapes):
            if self.plan.takes.get(item) == "pop":
                value = call(ast.Attribute(value=self.ex.arg(tape), attr="pop", ctx=ast.Load()), [])
                head.append(Assign([item], [value], self.ex.take_reads(), [None], NOWHERE, stmt.sweep))
        body = put_at_once(head, self.body(stmt, place, head), self.ex, self.folding)
        loop: Code
        if h.pattern is None:
            loop = code.WhileLoop(h.domain, h.reads, body, stmt.site, stmt.sweep)
        else:
            loop = code.ForLoop(h.heads, h.pattern, h.domain, h.reads, body, stmt.site, stmt.sweep)
        return [*before, loop, *self.after(stmt)]

    def while_loop(self, stmt: While, place: Place) -> list[Code]:
        before = self.lists(stmt) + self.copies(list(zip(stmt.params, stmt.inits)), stmt.sweep)
        test = self.statements(stmt.test.stmts, place)
        assert isinstance(stmt.test.end, Yield)
        cond = self.ex.arg(stmt.test.end.values[0])
        reads = self.ex.take_reads()
        if test:
            stop: list[Code] = [Jump(ast.Break(), [])]
            head = [*test, code.Branch(code.negated(cond), reads, stop, [], stmt.site, stmt.sweep)]
            cond, reads = constant(True), []
        else:
            head = []
        loop = code.WhileLoop(cond, reads, self.body(stmt, place, list(head)), stmt.site, stmt.sweep)
        return [*before, loop, *self.after(stmt)]

    # ---- split functions

    def pullback(self, stmts: Sequence[Stmt], end: Return) -> list[Code]:
        """The inner function and the return of the outer one."""
        result = self.trace.result
        if not (isinstance(result, Node) and len(result.items) == 2):
            raise InternalError("a split trace whose result is not (primal, adjoints)")
        primal, bars = result.items
        seeds = [i for i in self.trace.inputs if i.kind == "seed"]
        heads = [v for i in seeds if isinstance(i.tree, Leaf) for v in leaf_vars(i.tree, self.trace.params)]
        body = [*self.unpack(seeds), *self.statements(stmts, Place(sweep="adjoint"))]
        unused = ast.Constant(value=None)
        inside = set(leaf_indices(bars))
        leaves = [self.ex.arg(a) if k in inside else unused for k, a in enumerate(end.values)]
        body += self.handing_out(bars, list(leaves), lambda value: value)
        defaults = [self.ex.arg(i.default) for i in seeds if not isinstance(i.default, Undef)]
        self.ex.take_reads()
        node = code.Inner("pullback", [i.name for i in seeds], heads, defaults, body)
        outside = set(leaf_indices(primal))
        leaves = [self.ex.arg(a) if k in outside else unused for k, a in enumerate(end.values)]
        return [node, *self.handing_out(primal, list(leaves), lambda value: display([value, load("pullback")]))]


def leaf_indices(tree: Tree) -> list[int]:
    """The leaves of a structure, in order."""
    if isinstance(tree, Leaf):
        return [tree.index]
    return [k for t in tree.items for k in leaf_indices(t)] if isinstance(tree, Node) else []


def leaf_vars(tree: Tree, params: Sequence[Var]) -> list[Var]:
    """The params at the leaves of a structure."""
    return [params[k] for k in leaf_indices(tree)]


def loop_ends(block: Block) -> list[Block]:
    """The blocks in which an iteration ends: the body, or those of the branches it ends in."""
    out = [block]
    if block.end is None and block.stmts and isinstance(block.stmts[-1], If):
        out += loop_ends(block.stmts[-1].then) + loop_ends(block.stmts[-1].orelse)
    for stmt in block.stmts[:-1] if block.end is None else block.stmts:
        if isinstance(stmt, If):
            out += [b for side in (stmt.then, stmt.orelse) for b in loop_ends(side)]
    return out


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


