"""The reverse sweep: the statements of a trace visited backwards.

What an operation contributes to the adjoints of its operands comes from the rule table; here is what becomes of
branches, loops and calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from s2sad.analysis.activity import active, passes_derivatives, varied
from s2sad.analysis.guards import guarded
from s2sad.errors import NotApplicable, TypeRefusal
from s2sad.passes.family import Family, bar_name, named, zero
from s2sad.passes.hints import rename
from s2sad.passes.parts import parts_of
from s2sad.reverse.adjoints import Adjoints
from s2sad.reverse.custom import Given, Reverse, given
from s2sad.reverse.restore import only_restored
from s2sad.rules.builder import Builder, type_of
from s2sad.rules.table import Contribution, adjoint
from s2sad.trace.ir import (
    NONE,
    NOWHERE,
    Arg,
    Block,
    Break,
    Call,
    End,
    For,
    If,
    Lit,
    Mirror,
    Next,
    Op,
    Raise,
    Ref,
    Return,
    Stmt,
    Trace,
    Tup,
    Undef,
    Var,
    While,
    With,
    Yield,
)
from s2sad.trace.lasting import has_open_shape
from s2sad.trace.types import List, Tape, Tuple, is_differentiable, moving
from s2sad.trace.walk import (
    arg_vars,
    blocks,
    blocks_of,
    definitions,
    end_args,
    free_vars,
    inner_defs,
    own_vars,
    statements,
    targets_of,
    with_blocks,
)
from s2sad.trace.where import location_of


def as_primal(s: Stmt) -> Stmt:
    """A statement of the function to be reversed: all of it is primal now, whatever sweep it once belonged to."""
    inner = tuple(Block(tuple(map(as_primal, b.stmts)), b.end) for b in blocks_of(s))
    s = replace(with_blocks(s, inner), sweep="primal")
    return replace(s, twin=None) if isinstance(s, (If, For, While)) else s


def _live(block: Block) -> bool:
    """Whether the reverse sweep can be reached through a block: not if every path returns early or raises."""
    if block.end is None:
        last = block.stmts[-1]
        return isinstance(last, If) and (_live(last.then) or _live(last.orelse))
    return not isinstance(block.end, (Return, Raise))


# Managers that have to do with warnings only.
_REPEATABLE = (Ref("np.errstate"),)


class Sweep(Adjoints):
    """One reverse transformation."""

    def __init__(self, family: Family, trace: Trace, wanted: Sequence[Var], seeds: dict[int, Var],
                 olds: Mapping[Var, Arg], reverse: Reverse, outermost: bool) -> None:
        super().__init__(family, trace, active(trace, wanted), olds)
        self.wanted, self.seeds, self.reverse, self.outermost = wanted, seeds, reverse, outermost
        self.moving = varied(trace, wanted)
        self.kept = guarded(trace, family.program)
        self.made_of = parts_of(trace.body)
        self.managers = {op.target: op for op in statements(trace.body) if isinstance(op, Op) and op.fn == "new"}

    def reached(self, body: Block) -> dict[Var, None]:
        """The outer variables whose adjoints a body adds to: what it reads; of a view, what it is a view of."""
        found: dict[Var, None] = {}
        plain = {v for s in statements(body) if isinstance(s, Op) and not passes_derivatives(s) for v in own_vars(s)}
        plain -= {v for s in statements(body) if not (isinstance(s, Op) and not passes_derivatives(s))
                  for v in own_vars(s)}
        plain.difference_update(v for inner in blocks(body) for a in end_args(inner.end) for v in arg_vars(a))
        for v in free_vars(body):
            if v in plain:
                continue
            found[v] = None
            while (op := self.views.get(v)) is not None and isinstance(op.args[0], Var):
                v = op.args[0]
                found[v] = None
        return found

    # ---- functions ----

    def function(self, body: Block) -> Block:
        """The body of the adjoint: the primal's, followed on its live path by the reverse sweep."""
        return rename(self.spine(body, []), self.names)

    def spine(self, block: Block, before: list[Stmt]) -> Block:
        forward = tuple(self.close(as_primal(s)) for s in block.stmts)
        if block.end is None:
            last, source = forward[-1], block.stmts[-1]
            assert isinstance(last, If) and isinstance(source, If)
            so_far = [*before, *block.stmts[:-1]]
            if self.leads_on(source.orelse):
                return Block((*forward[:-1], replace(last, orelse=self.spine(source.orelse, so_far))), None)
            if self.leads_on(source.then):
                return Block((*forward[:-1], replace(last, then=self.spine(source.then, so_far))), None)
            return Block(forward, None)
        if not isinstance(block.end, Return):
            return Block(forward, block.end)
        b = Builder("adjoint")
        for k, seed in self.seeds.items():
            self.give(b, block.end.values[k], seed)
        self.backwards(b, [*before, *block.stmts], None)
        b.site = NOWHERE                                    # what is zero belongs to no statement
        bars = []
        for p in self.wanted:
            bar = self.take(b, p)
            bars.append(named(b, self.new_zero(b, p), bar_name(p)) if bar is None else bar)
        return Block((*forward, *b.stmts), Return((*block.end.values, *bars)))

    def leads_on(self, block: Block) -> bool:
        """Whether a function-level branch leads to the Return that carries derivatives."""
        if block.end is None:
            last = block.stmts[-1]
            return isinstance(last, If) and (self.leads_on(last.then) or self.leads_on(last.orelse))
        return isinstance(block.end, Return) and any(isinstance(v, Var) and v in self.moving for v in block.end.values)

    def close(self, s: Stmt) -> Stmt:
        """A primal statement whose early returns also return zero adjoints."""
        return with_blocks(s, tuple(map(self.close_block, blocks_of(s))))

    def close_block(self, block: Block) -> Block:
        stmts = tuple(map(self.close, block.stmts))
        if not isinstance(block.end, Return):
            return Block(stmts, block.end)
        b = Builder("adjoint")
        zeros = tuple(zero(b, p) for p in self.wanted)
        return Block((*stmts, *b.stmts), Return((*block.end.values, *zeros)))

    # ---- statements ----

    def backwards(self, b: Builder, stmts: Sequence[Stmt], loop: _Loop | None) -> None:
        for s in reversed(stmts):
            b.site = s.site
            if isinstance(s, Op):
                self.op(s, b)
            elif isinstance(s, Call):
                self.call(s, b)
            elif isinstance(s, If):
                self.branch(s, b, loop)
            else:
                self.loop(s, b, loop is None)

    def block(self, block: Block, b: Builder, loop: _Loop | None, results: tuple[Arg | None, ...] = ()) -> None:
        """The reverse of a block; ``results`` are the adjoints of what it yields."""
        self.end(block.end, b, loop, results)
        self.backwards(b, block.stmts, loop)

    def end(self, end: End, b: Builder, loop: _Loop | None, results: tuple[Arg | None, ...]) -> None:
        if isinstance(end, Yield):
            for value, bar in zip(end.values, results):
                self.give(b, value, bar)
        elif isinstance(end, (Next, Break)):
            assert loop is not None
            for value, bar in zip((*end.values, *end.outs), (*loop.carried, *loop.outs)):
                self.give(b, value, bar)
            self.restored.hand_back((end.values[k] for k in loop.threads), loop.threads.values())

    def op(self, s: Op, b: Builder) -> None:
        self.adjoint(s, b)
        self.restored.store(b, s)

    def adjoint(self, s: Op, b: Builder) -> None:
        """What an operation adds to the adjoints of its operands."""
        if s.target is None or s.target not in self.active or s.fn == "part":
            return
        if isinstance(s.target.type, Tuple):
            self.several(s, b)
            return
        # What is taken from a tape may be missing there: then its adjoint has no shape to take.
        bar = self.bars.pop(s.target, None) if s.target in self.restored.undefined else self.take(b, s.target)
        if bar is None:
            return
        if s.fn == "pack":
            for k, arg in enumerate(s.args):
                if isinstance(arg, Var) and arg in self.active:
                    self.give(b, arg, self.kept_bar(b, arg, b.op("unpack", bar, item=Lit(k), type=arg.type)))
        elif s.fn == "unpack":
            item = s.kwarg("item")
            assert isinstance(item, Lit) and isinstance(s.args[0], Var)
            if s.args[0] in self.active:
                self.parts.setdefault(s.args[0], {})[item.value] = bar
        elif s.fn == "accumulate":
            for arg in s.args:
                self.give(b, arg, bar)
        else:
            wanted = [isinstance(a, Var) and a in self.active for a in s.args]
            read = self.restored.statement(b, s)
            kept = self.kept.get(s.target)
            if kept is not None:
                kept = tuple((self.restored.present(b, c), k) for c, k in kept)
            self.contribute(b, s, lambda: adjoint(b, read, bar, wanted, kept))

    def several(self, s: Op, b: Builder) -> None:
        """The adjoint of an operation that has several results."""
        assert s.target is not None
        parts = [p.target for p in self.made_of[s.target] if p.target is not None]
        bars = [self.take(b, p) for p in parts]
        if all(bar is None for bar in bars):
            return
        wanted = [isinstance(a, Var) and a in self.active for a in s.args]
        read = self.restored.statement(b, s)
        present = [self.restored.present(b, p) for p in parts]
        bar = Tup(tuple(NONE if bar is None else bar for bar in bars))
        self.contribute(b, s, lambda: adjoint(b, read, bar, wanted, parts=present))

    def contribute(self, b: Builder, s: Op, contributions_of: Callable[[], list[Contribution]]) -> None:
        """Add what an operation contributes to the adjoints of its operands."""
        made = len(b.stmts)
        try:
            contributions = contributions_of()
        except NotApplicable as reason:
            raise TypeRefusal(str(reason), location_of(s.site), reason.hint) from None
        new = len(b.stmts) > made
        is_wide = s.target in self.wide
        for c in contributions:
            arg = s.args[c.position]
            if c.index is None:
                alone = sum(d.value is c.value for d in contributions) == 1
                value = self.summed(b, made, arg, c.value, is_wide) if new and alone or is_wide else c.value
                self.give(b, arg, value, made if alone and value is c.value else None)
            else:
                self.scatter(b, arg, c.index, c.value)

    def call(self, s: Call, b: Builder) -> None:
        if any(a in self.active for a in s.args) and any(t in self.bars for t in s.targets):
            found = given(self.family, s, self.active, self.reverse)
            if found is not None:
                self.given_call(s, found, b)
                return
        residual = s.targets[-1] if s.targets else None
        pattern = next((p for (kind, name, p) in self.family.made if kind == "rev" and name == s.callee), None)
        if pattern is None or residual is None:
            return
        taken = [(t, self.take(b, t)) for t in s.targets[:-1] if is_differentiable(t.type)]
        if all(bar is None for _, bar in taken):
            return
        seeds = tuple(self.new_zero(b, t) if bar is None else bar for t, bar in taken)
        args = [a for a, w in zip(s.args, pattern) if w]
        bars = tuple(Var(type_of(a), bar_name(a) if isinstance(a, Var) and a not in self.bars else "")
                     for a in args)
        b.add(Call(bars, self.family.made[("rev", s.callee, pattern)], (residual, *seeds), s.site, "adjoint"))
        for a, bar in zip(args, bars):
            self.give(b, a, bar)

    def given_call(self, s: Call, found: Given, b: Builder) -> None:
        """The call of a function whose derivative its author has given."""
        bars = tuple(self.new_zero(b, t) if (bar := self.take(b, t)) is None else bar
                     for t in s.targets[:found.width] if is_differentiable(t.type))
        if not found.moving:
            return
        operands = [s.args[k] for k in found.moving]
        made = tuple(Var(type_of(a), bar_name(a) if isinstance(a, Var) and a not in self.bars else "")
                     for a in operands)
        kept = tuple(self.restored.present(b, a) for a in found.kept)
        b.add(Call(made, found.function, (*kept, *bars), s.site, "adjoint"))
        for a, bar in zip(operands, made):
            self.give(b, a, bar)
        if found.identity:
            self.restored.hand_back(s.args, map(self.restored.contents, s.targets))

    def branch(self, s: If, b: Builder, loop: _Loop | None) -> None:
        tail = not (isinstance(s.then.end, Yield) and isinstance(s.orelse.end, Yield))
        if tail and not (_live(s.then) and _live(s.orelse)):
            for side in (s.then, s.orelse):
                if _live(side):
                    self.block(side, b, loop)
            return
        bars = tuple(self.bars.pop(r, None) for r in s.results)
        if not tail and all(bar is None for bar in bars) and not any(r in self.restored.origin for r in s.results):
            return
        before, sides, points = dict(self.bars), [], []
        start = self.restored.at()
        for side in (s.then, s.orelse):
            self.bars = dict(before)
            self.restored.at(start)
            inner = b.fork()
            if isinstance(side.end, Yield):
                self.restored.hand_back(side.end.values, map(self.restored.contents, s.results))
            self.block(side, inner, loop, bars)
            sides.append((inner, self.bars))
            points.append(self.restored.at())
        (one, ones), (two, twos) = sides
        local = {*definitions(s.then), *definitions(s.orelse)}
        changed = [v for v in {**ones, **twos} if v not in local and ones.get(v) is not twos.get(v)]
        self.bars = {v: bar for v, bar in ones.items() if v not in local and v in twos}
        results, yields = [], []
        one.site = two.site = NOWHERE                       # what is zero belongs to no statement
        for v in changed:
            self.restored.at(points[0])
            x = ones[v] if v in ones else self.zero(one, v, before)
            self.restored.at(points[1])
            yields.append((x, twos[v] if v in twos else self.zero(two, v, before)))
            results.append(Var(moving(v.type), bar_name(v)))
            self.bars[v] = results[-1]
            if self.is_loose(v) or any(a in self.loose for a in yields[-1]):
                self.loose.add(results[-1])
        self.restored.at(start)
        states = [point.state for point in points]
        for v in {**states[0], **states[1]}:
            if v in self.restored.undefined and not (v in states[0] and v in states[1]):
                # Where it has no value there is nothing to hand on.
                continue
            if v not in local and states[0].get(v) is not states[1].get(v):
                yields.append((states[0].get(v, v), states[1].get(v, v)))
                results.append(Var(v.type, v.hint))
                self.restored.state[v] = results[-1]
        if results or one.stmts or two.stmts:
            then, orelse = Yield(tuple(x for x, _ in yields)), Yield(tuple(y for _, y in yields))
            guard = self.again(b, s.guard) if isinstance(s.guard, With) else None
            b.add(If(s.cond, one.block(then), two.block(orelse), tuple(results), s.site, "adjoint", twin=s.key,
                     guard=guard))

    def again(self, b: Builder, guard: With) -> With | None:
        """The context of a part of the reverse sweep: that of the program if it is one that may be entered again."""
        made = self.managers.get(guard.context) if isinstance(guard.context, Var) else None
        if made is None or made.kwarg("class") not in _REPEATABLE:
            return None
        context = Var(guard.context.type)  # type: ignore[union-attr]
        b.add(replace(made, target=context, site=b.site, sweep="adjoint"))
        return With(context)

    def loop(self, s: For | While, b: Builder, outermost: bool) -> None:
        threads = self.restored.threads.get(s.key, [])
        if not any(v in self.bars for v in targets_of(s)) and not threads:
            return
        carried = [k for k, p in enumerate(s.params) if p in self.active or s.results[k] in self.active]
        inside = {*inner_defs(s), *definitions(s.body)}
        free = [v for v in self.reached(s.body) if v in self.active and v not in inside]
        inits: list[Arg] = []
        loose = [self.is_loose(s.params[k]) or self.is_loose(s.results[k]) for k in carried]
        for k, may in zip(carried, loose):
            bar = self.bars.pop(s.results[k], None)
            bar = self.zero(b, s.results[k]) if bar is None else bar
            inits.append(bar if may else self.whole(b, s.results[k], bar))
        for v in free:
            bar = self.bars.get(v)
            inits.append(named(b, self.new_zero(b, v), bar_name(v)) if bar is None else bar)
        params = [Var(moving(s.params[k].type), bar_name(s.params[k])) for k in carried]
        params += [Var(moving(v.type), bar_name(v)) for v in free]
        loose += [init in self.loose for init in inits[len(carried):]]
        self.loose.update(p for p, may in zip(params, loose) if may)
        carry: list[Arg | None] = [None] * len(s.params)
        for k, p in zip(carried, params):
            carry[k] = p
        items: list[Var] = []
        tapes: list[Arg] = []
        outs_in: list[Arg | None] = []
        for out in s.outs:
            bar = self.take(b, out)
            if bar is None:
                outs_in.append(None)
            else:
                assert isinstance(out.type, Tape)
                items.append(Var(out.type.item, ""))
                tapes.append(bar)
                outs_in.append(items[-1])
        saved, self.bars = self.bars, dict(zip(free, params[len(carried):]))
        start = self.restored.at()
        contents = {k: Var(s.params[k].type, s.params[k].hint) for k in threads}
        before = [self.restored.contents(s.results[k]) for k in threads]
        inner = b.fork()
        self.block(s.body, inner, _Loop(tuple(carry), tuple(outs_in), contents))
        values: list[Arg] = []
        for v, p, may in zip((*(s.params[k] for k in carried), *free), params, loose):
            bar = self.bars.get(v)
            if bar is None:
                # What an iteration starts with may have another shape than what it ends with.
                bar = (self.new_zero(inner, v) if isinstance(p.type, List) else
                       self.zero(inner, v) if has_open_shape(v.type) else zero(inner, p))
            values.append(bar if may else self.whole(inner, v, bar))
        values += [self.restored.contents(s.params[k]) for k in threads]
        put, puts = [], []
        if isinstance(s, For):
            for item, tape in zip(s.items, s.tapes):
                if isinstance(tape, Var) and tape in self.active and item in self.active:
                    bar = self.bars.get(item)
                    puts.append(self.new_zero(inner, item) if bar is None else bar)
                    put.append((tape, Var(tape.type, bar_name(tape))))
        self.bars = saved
        self.restored.at(start)
        inits += before
        params += contents.values()
        results = tuple(Var(p.type, p.hint) for p in params)
        index = Var(s.index.type, s.index.hint) if isinstance(s, For) else Var(type_of(Lit(0)), "k")
        backward = not s.backward if isinstance(s, For) else True
        body = inner.block(Next(tuple(values), tuple(puts)))
        mirror = For(index, Mirror(), tuple(params), tuple(inits), body, results, backward,
                     tuple(items), tuple(tapes), tuple(v for _, v in put), s.site, "adjoint", twin=s.key)
        b.add(mirror)
        # What would run back through the whole loop only to be read before it is kept: one copy instead of a tape.
        kept = only_restored(mirror, contents.values()) if outermost and self.outermost and threads else ()
        for k, r in zip(threads, results[len(carried) + len(free):]):
            if contents[k] not in kept:
                self.restored.hand_back((s.inits[k],), (r,))
        for v, r in zip(free, results[len(carried):]):
            self.bars[v] = r
        self.loose.update(r for r, may in zip(results, loose) if may)
        for k, r in zip(carried, results):
            if not isinstance(s.inits[k], Undef):
                self.give(b, s.inits[k], r)
        for tape, v in put:
            self.give(b, tape, v)


@dataclass(frozen=True)
class _Loop:
    """The adjoints of what the iterations of the loop being reversed hand on, and put on its tapes.

    ``threads`` are the contents of what they hand on, by the position.
    """

    carried: tuple[Arg | None, ...]
    outs: tuple[Arg | None, ...]
    threads: dict[int, Var]


