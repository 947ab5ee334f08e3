"""Loops: what is carried from iteration to iteration, and loops that are written out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

from s2sad.errors import NameRefusal
from s2sad.frontend.exits import has_break
from s2sad.frontend.flow import Flow, LateBreak, LateNext
from s2sad.frontend.liveness import bound
from s2sad.frontend.lower_call import Calls
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.memory import Memory, differing
from s2sad.frontend.values import (
    EnumerateOf,
    Poison,
    RangeOf,
    ReversedOf,
    Seq,
    Value,
    ZipOf,
    describe_value,
    fit,
    holes,
    instantiate,
    is_bottom,
    is_number,
    leaves,
    meet,
    same_template,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ends import ends_of, map_ends
from s2sad.trace.ir import UNDEF, Arg, Block, Break, End, For, Lit, Next, Range, Undef, Var, While, Yield
from s2sad.trace.types import INT, NOTHING, Array, Dim, fresh_dim, rank
from s2sad.trace.walk import definitions

_ROUNDS = 12


@dataclass(frozen=True)
class Iteration:
    """A loop over ``range(start, stop, step)`` and what the target stands for at an index."""

    start: Arg
    stop: Arg
    step: Arg
    element: Callable[[Var], Value]
    backward: bool = False
    hint: str = ""


@dataclass
class Rounds:
    """The state of a loop's fixpoint.

    ``roots`` are, for each carried name, the arrays from outside the loop whose memory it may be; ``apart`` the pairs
    of names that never share memory; ``fixed`` names stand for the same array all the time; ``boxes`` may be
    arrays without axes; ``buffers`` are the arrays from outside that the body writes to.
    """

    templates: dict[str, Value]
    inits: dict[str, Value]
    shared: set[str]
    roots: dict[str, frozenset[Var]]
    apart: set[tuple[str, str]]
    fixed: frozenset[str]
    boxes: set[str]
    buffers: list[Var] = field(default_factory=list)
    start: int = field(default_factory=lambda: Var(INT).uid)


class Loops(Calls):
    """``for`` and ``while``."""

    def bind_target(self, target: Any, value: Value, node: Any) -> None:
        raise NotImplementedError

    # For.

    def _do_For(self, node: Any) -> bool:
        iterable = self.expr(node.iter)
        if is_bottom(iterable):
            # The first round of a fixpoint around this loop: nothing is known of what it runs over.
            self._for(node, Iteration(Lit(0), Lit(0), Lit(1), lambda i: Var(NOTHING)))
            return True
        copies = self._written_out(iterable, node)
        if copies is not None:
            return self._unroll(node, copies)
        self._for(node, self.iteration(iterable, node.iter, _first_name(node.target)))
        return True

    def _written_out(self, iterable: Value, node: Any) -> list[Value] | None:
        """The items to write the loop out for; None if it stays a loop."""
        if not self._has_structure(iterable):
            return None
        items = self.items_of(iterable, node.iter)
        value = iterable
        while isinstance(value, (EnumerateOf, ReversedOf)):
            value = value.item
        if items is None and isinstance(value, ZipOf):
            self.refuse_type(node.iter, "zip() of a list or tuple and an array is not supported",
                             "make the list an array with np.array(...) first")
        return items

    def _has_structure(self, value: Value) -> bool:
        while isinstance(value, (EnumerateOf, ReversedOf)):
            value = value.item
        if isinstance(value, ZipOf):
            return any(map(self._has_structure, value.items))
        return not (is_number(value) or isinstance(value, RangeOf))

    def iteration(self, value: Value, node: Any, hint: str) -> Iteration:
        """How to run over an iterable by an index."""
        if isinstance(value, RangeOf):
            return Iteration(value.start, value.stop, value.step, lambda i: i, hint=hint)
        if is_array(value):
            assert isinstance(value, Var)
            if rank(value.type) == 0:
                self.refuse_type(node, f"{describe_value(value)} cannot be iterated over")
            length = self.op("len", value, node=node)
            array = value
            return Iteration(Lit(0), length, Lit(1),
                             lambda i: self.op("getitem", array, options={"index": i}, node=node, hint=hint))
        if isinstance(value, ReversedOf):
            inner = self.iteration(value.item, node, hint)
            return Iteration(inner.start, inner.stop, inner.step, inner.element, not inner.backward, inner.hint)
        if isinstance(value, EnumerateOf):
            return self._enumeration(value, node, hint)
        if isinstance(value, ZipOf) and value.items:
            return self._parallel(value, node, hint)
        self.refuse_type(node, f"{describe_value(value)} cannot be iterated over",
                         "loop over a range, an array, or a tuple")

    def _enumeration(self, value: EnumerateOf, node: Any, hint: str) -> Iteration:
        inner = self.iteration(value.item, node, "")
        if inner.backward or inner.start != Lit(0) or inner.step != Lit(1):
            self.refuse(node, "enumerate() of this is not supported", "count in a variable of your own")

        def element(i: Var) -> Value:
            count = i if value.start == Lit(0) else self.op("+", value.start, i, node=node, hint=hint)
            return Seq((count, inner.element(i)))

        return Iteration(Lit(0), inner.stop, Lit(1), element, hint=hint if value.start == Lit(0) else "")

    def _parallel(self, value: ZipOf, node: Any, hint: str) -> Iteration:
        parts = [self.iteration(v, node, "") for v in value.items]
        if any(p.backward or p.step != Lit(1) for p in parts):
            self.refuse(node, "zip() of a reversed or stepped range is not supported", "use indices")
        arrays = [v for v in value.items if is_array(v)]
        if len(arrays) == len(parts):
            stop: Arg = self.op("minlen", *arrays, node=node)  # type: ignore[arg-type]
        else:
            lengths = [p.stop if p.start == Lit(0) else self.op("-", p.stop, p.start, node=node) for p in parts]
            numbers: list[Value] = [n for n in lengths if isinstance(n, (Var, Lit))]
            best = numbers[0]
            for n in numbers[1:]:
                best = self._better("<", n, best, node)
            stop = self.number(best, node)

        def element(i: Var) -> Value:
            return Seq(tuple(
                p.element(i) if p.start == Lit(0) else self.op("+", p.start, i, node=node) for p in parts))

        return Iteration(Lit(0), stop, Lit(1), element, hint="")

    def _for(self, node: Any, it: Iteration) -> None:
        index = Var(INT, it.hint)
        rounds = self._rounds(self._carried(node, [node.target, *node.body]), node)

        def lower(flow: Flow) -> None:
            self.bind_target(node.target, it.element(index), node)

        params, body = self._fixpoint(node, rounds, lower)
        inits = self._inits(rounds)
        results = self._results(node, rounds, body)
        self.flow.add(For(index, Range(it.start, it.stop, it.step), params, inits, self._filled(body, rounds),
                          results, it.backward, site=self.flow.site))

    # While.

    def _do_While(self, node: Any) -> bool:
        rounds = self._rounds(self._carried(node, node.body), node)
        tests: list[Block] = []
        before = (self.flow.site, self.node)

        def lower(flow: Flow) -> None:
            saved, outer, memory = self.flow, self.in_test, self.memory
            self.flow, self.in_test, self.memory = flow.fork(), True, memory.fork()
            self.flow.site, self.node = before
            try:
                truth = self.test(node.test)
                if self.flow.partial:
                    self.refuse(node.test, "a function that raises cannot be called in the test of a loop",
                                "call it before the loop and at the end of its body")
                tests[:] = [self.flow.close(Yield((Lit(truth) if isinstance(truth, bool) else truth,)))]
            finally:
                self.flow, self.in_test, self.memory = saved, outer, memory

        params, body = self._fixpoint(node, rounds, lower)
        inits = self._inits(rounds)
        results = self._results(node, rounds, body)
        self.flow.add(While(params, inits, tests[0], self._filled(body, rounds), results, site=self.flow.site))
        return not getattr(node, "endless", False) or self._after_endless()

    def _after_endless(self) -> bool:
        raise NotImplementedError

    # What is carried.

    def _carried(self, node: Any, assigned: list[Any]) -> list[str]:
        live = self.frame.live
        wanted = live.head[id(node)] | live.after[id(node)]
        return [n for n in bound(assigned) if n in wanted]

    def _rounds(self, names: list[str], node: Any) -> Rounds:
        env = self.frame.env
        updated = only_updated([node])
        fixed = frozenset(n for n in names if n in updated and self._is_known_array(env.get(n, UNDEF)))
        references = {n: self.settle_shapes(env.get(n, UNDEF), None) for n in names if n not in fixed}
        shared = {n for n, v in references.items() if not self._owns(v) or self._seen_elsewhere(v, n)}
        arrays = [n for n, v in references.items() if isinstance(v, (Var, Undef)) and not is_bottom(v)]
        apart = {(a, b) for a, b in itertools.combinations(arrays, 2)
                 if not self.facts.may_share(references[a], references[b])}
        roots = {n: self._roots_within(v) for n, v in references.items()}
        inits = {n: self.deep(v) for n, v in references.items()}
        boxes = {n for n, v in references.items() if self._has_box(v)}
        return Rounds({n: _template(v, n) for n, v in inits.items()}, inits, shared, roots, apart, fixed, boxes)

    def _is_known_array(self, value: Value) -> bool:
        return isinstance(value, Var) and isinstance(value.type, Array) and (
            rank(value.type) != 0 or value in self.facts.boxed)

    def _has_box(self, value: Value) -> bool:
        return any(map(self.facts.may_be_box, leaves(value)))

    def _owns(self, value: Value) -> bool:
        return isinstance(value, (Lit, Undef)) or (isinstance(value, Var) and self.facts.is_fresh(value))

    def _fixpoint(self, node: Any, rounds: Rounds, lower: Callable[[Flow], None]) -> tuple[tuple[Var, ...], Block]:
        """Lower the body until the types of what it carries stand still."""
        frame, outer_env, outer_flow, outer_node = self.frame, self.frame.env, self.flow, self.node
        memory = self.memory
        live = frame.live.head[id(node)]
        for _ in range(_ROUNDS):
            params: dict[str, list[Var]] = {}
            frame.env = self._outer_env(node, rounds, outer_env)
            frame.env.update({n: self._param(n, rounds, params) for n in rounds.templates})
            for pair in rounds.apart:
                self._note_apart(*(params[n][0] if params[n] else None for n in pair))
            heads = {r: Var(r.type, r.hint) for r in rounds.buffers}
            self.memory = memory.fork()
            for r, head in heads.items():
                self.note_write(r, head)
            before = dict(rounds.templates)
            self.flow = outer_flow.fork()
            reads = len(self.unset_reads)
            frame.loops.append("loop")
            frame.fixed.append(rounds.fixed)
            self.loop_names.append(list(rounds.templates))
            in_branch, self.in_branch = self.in_branch, False
            try:
                lower(self.flow)
                self.run(node.body, True)
                block = self.flow.done
            finally:
                self.in_branch = in_branch
                self.loop_names.pop()
                frame.fixed.pop()
                frame.loops.pop()
                frame.env, self.flow, self.node, self.memory = outer_env, outer_flow, outer_node, memory
            assert block is not None
            stable = self._stable(rounds, block, live)
            if self._settled_memory(rounds, block, params, heads, node) and stable:
                # A name that no iteration reads first may have changed all the same; nothing refers to its params.
                for name, template in rounds.templates.items():
                    if not same_template(before[name], template):
                        params[name] = [Var(v.type, name) for v in holes(template)]
                found = (*(v for n in rounds.templates for v in params[n]), *heads.values())
                self._check_unset({v: rounds.inits[n] for n in params for v in params[n]}, reads)
                return found, block
        self.refuse_type(node, "the types of what this loop carries do not settle",
                         "give the variables the same type before and in the loop")

    def _param(self, name: str, rounds: Rounds, params: dict[str, list[Var]]) -> Value:
        single = isinstance(rounds.templates[name], Var)
        inits = iter(fit(rounds.inits[name], rounds.templates[name]))
        mine = params[name] = []

        def make(v: Var) -> Arg:
            p, init = Var(v.type, name), next(inits)
            mine.append(p)
            if rank(p.type) != 0:
                self.facts.roots[p] = (rounds.roots[name] if single else self.facts.roots_of(init)) | {p}
                if single and name not in rounds.shared:
                    self.facts.fresh.add(p)
            elif name in rounds.boxes:
                self.facts.blurred.add(p)
                self.facts.roots[p] = rounds.roots[name] | {p}
            return p

        return instantiate(rounds.templates[name], make)

    def _stable(self, rounds: Rounds, block: Block, live: frozenset[str]) -> bool:
        """Take in what the body hands on; whether the body can stay as it is."""
        stable = True
        for end in ends_of(block):
            if not isinstance(end, (LateNext, LateBreak)):
                continue
            for (name, old), value in zip(list(rounds.templates.items()), end.carried):
                new = old if _fits(old, value) else meet(old, value, name)
                if not same_template(old, new):
                    rounds.templates[name] = new if isinstance(new, Poison) else _template(new, name, rounds.start)
                    stable = stable and name not in live
                if name not in rounds.shared and name not in end.owned:
                    rounds.shared.add(name)
                    settled = isinstance(new, Var) and rank(new.type) == 0
                    stable = stable and (settled or name not in live)
        return stable

    def _roots_within(self, value: Value) -> frozenset[Var]:
        return frozenset(r for a in leaves(value) if not is_bottom(a) for r in self.facts.roots_of(a))

    def _outer_env(self, node: Any, rounds: Rounds, env: dict[str, Value]) -> dict[str, Value]:
        """The names that no iteration binds."""
        assigned = bound([node.target, *node.body] if isinstance(node, gast.For) else node.body)
        return {n: v for n, v in env.items() if n not in assigned or n in rounds.fixed}

    def _note_apart(self, a: Var | None, b: Var | None) -> None:
        if a is not None and b is not None:
            self.facts.apart.add(frozenset((a, b)))

    def _settled_memory(self, rounds: Rounds, block: Block, params: dict[str, list[Var]], heads: dict[Var, Var],
                        node: Any) -> bool:
        """Take in what the body does to the heap; whether the body can stay as it is."""
        settled = True
        names = list(rounds.templates)
        mine = {p for ps in params.values() for p in ps}
        inside = {*definitions(block), *mine, *heads.values()}
        for end in ends_of(block):
            if not isinstance(end, (LateNext, LateBreak)):
                continue
            for root in differing(end.memory.contents, {**self.memory.contents, **heads}):
                if root not in inside and root not in rounds.buffers:
                    rounds.buffers.append(root)
                    settled = False
            if any(cell in end.memory.lists for cell in differing(end.memory.lists, self.memory.lists)):
                self.changed_lists(node, end.memory)
            values = dict(zip(names, end.references))
            for a, b in sorted(rounds.apart):
                if self.facts.may_share(values[a], values[b]):
                    rounds.apart.remove((a, b))
                    settled = False
            for name, value in values.items():
                if name not in rounds.boxes and self._has_box(value):
                    rounds.boxes.add(name)
                    settled = False
                roots = self._roots_within(value) - inside
                if not roots <= rounds.roots[name]:
                    rounds.roots[name] |= roots
                    settled = False
        return settled

    def changed_lists(self, node: Any, memory: Memory) -> None:
        """Refuse lists that change in a loop."""
        self.refuse(node, "a list that changes in a loop is not supported", "use an array")

    def _filled(self, block: Block, rounds: Rounds) -> Block:
        """The body with the carried values in its ends."""
        templates = list(rounds.templates.values())

        def change(end: End) -> End:
            if isinstance(end, (LateNext, LateBreak)):
                values = (*(a for v, t in zip(end.carried, templates) for a in fit(v, t)),
                          *(end.memory.now(r) for r in rounds.buffers))
                return Next(values) if isinstance(end, LateNext) else Break(values)
            return end

        return map_ends(block, change)

    def _inits(self, rounds: Rounds) -> tuple[Arg, ...]:
        return (*(a for n, t in rounds.templates.items() for a in fit(rounds.inits[n], t)),
                *map(self.memory.now, rounds.buffers))

    def _results(self, node: Any, rounds: Rounds, body: Block) -> tuple[Var, ...]:
        """Give the carried names their values after the loop."""
        ends = [e for e in ends_of(body) if isinstance(e, (LateNext, LateBreak))]
        env = self._outer_env(node, rounds, self.frame.env)
        results: list[Var] = []
        singles: dict[str, Var] = {}
        for k, (name, template) in enumerate(rounds.templates.items()):
            sources = [fit(rounds.inits[name], template), *(fit(e.carried[k], template) for e in ends)]
            owned = name not in rounds.shared
            mine: list[Var] = []

            def make(v: Var, sources: list[list[Arg]] = sources, owned: bool = owned, mine: list[Var] = mine) -> Arg:
                result = Var(v.type, v.hint)
                self._note_result(result, [s[len(mine)] for s in sources], owned)
                mine.append(result)
                return result

            env[name] = instantiate(template, make)
            results += mine
            if isinstance(template, Var):
                singles[name] = mine[0]
        for a, b in rounds.apart:
            self._note_apart(singles.get(a), singles.get(b))
        self.frame.env = env
        for root in rounds.buffers:
            result = Var(root.type, root.hint)
            self.note_write(root, result)
            results.append(result)
        return tuple(results)

    def _note_result(self, result: Var, sources: Sequence[Arg], owned: bool) -> None:
        if owned and rank(result.type) != 0:
            self.facts.fresh.add(result)
            return
        self.facts.merge(result, *sources)

    def _check_unset(self, params: dict[Var, Value], since: int) -> None:
        """Refuse reads of names that have no value before the loop and none from an iteration.

        Where it is only not known yet whether there was one before the loop, the loop around this one decides.
        """
        for v, node, frame, name in self.unset_reads[since:]:
            init = params.get(v)
            if isinstance(init, Var) and is_bottom(init):
                self.unset_reads.append((init, node, frame, name))
            elif isinstance(init, Undef):
                outer, self.frame = self.frame, frame
                try:
                    hint = "give it a value before the loop"
                    raise NameRefusal(f"'{name}' has no value here", self.where(node), hint)
                finally:
                    self.frame = outer

    def late(self, kind: type[LateNext] | type[LateBreak]) -> LateNext | LateBreak:
        """The end of an iteration with what the carried names stand for now."""
        names = self.loop_names[-1]
        env = self.frame.env
        references = tuple(self.settle_shapes(env.get(n, UNDEF), None) for n in names)
        owned = frozenset(n for n, v in zip(names, references) if self._owns(v) and not self._seen_elsewhere(v, n))
        values = tuple(map(self.deep, references))
        return kind((), (), values, owned, references, self.memory.fork())

    def _seen_elsewhere(self, value: Value, name: str) -> bool:
        return isinstance(value, Var) and rank(value.type) != 0 and bool(self.others_with(value, name))

    # Loops that are written out.

    def _unroll(self, node: Any, items: list[Value]) -> bool:
        """The body once for each item.  With a `break`, what follows an item stands in the branches that go on."""
        breaks = has_break(node.body)

        def copy(k: int) -> bool:
            if k == len(items):
                return True
            self.program.count_copy(self, node)
            self.at(node)
            self.bind_target(node.target, items[k], node)
            self.frame.loops.append("nested" if breaks else "copy")
            self.copies.append(lambda: copy(k + 1))
            try:
                falls = self.run(node.body, breaks)
            finally:
                self.copies.pop()
                self.frame.loops.pop()
            return falls

        if breaks:
            return copy(0)
        return all(copy(k) for k in range(len(items)))


def _template(value: Value, name: str, start: int | None = None) -> Value:
    """A value as a template: numbers become variables of their type.

    Lengths that depend on variables made since ``start`` differ from iteration to iteration: they are not known.
    """
    if isinstance(value, Seq):
        return value.holding(_template(v, name, start) for v in value.items)
    if isinstance(value, Undef):
        return Var(NOTHING, name)
    if is_number(value):
        t = type_of(value)  # type: ignore[arg-type]
        if start is not None and isinstance(t, Array) and any(_is_local(d, start) for d in t.dims):
            t = Array(t.dtype, tuple(fresh_dim() if _is_local(d, start) else d for d in t.dims))
        return Var(t, name)
    return value


def _is_local(d: Dim, start: int) -> bool:
    """Whether a length depends on a variable that is younger than ``start``."""
    return any(int(m) >= start for symbol, _ in d.terms for m in re.findall(r"\?v(\d+)", symbol))


def _fits(template: Value, value: Value) -> bool:
    """Whether a value has the template's structure and types already."""
    if isinstance(template, Seq) and isinstance(value, Seq):
        return template.is_like(value) and all(map(_fits, template.items, value.items))
    if isinstance(template, Var):
        return is_number(value) and type_of(value) == template.type  # type: ignore[arg-type]
    return False


def only_updated(stmts: list[Any]) -> set[str]:
    """The names that statements bind by augmented assignment only: ``x += y``."""
    updated: set[str] = set()
    bound_otherwise: set[str] = set()
    for top in stmts:
        for stmt in gast.walk(top):
            if isinstance(stmt, gast.AugAssign) and isinstance(stmt.target, gast.Name):
                updated.add(stmt.target.id)
    targets = {id(s.target) for top in stmts for s in gast.walk(top) if isinstance(s, gast.AugAssign)}
    for top in stmts:
        for n in gast.walk(top):
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store) and id(n) not in targets:
                bound_otherwise.add(n.id)
    return updated - bound_otherwise


def _first_name(target: Any) -> str:
    while isinstance(target, (gast.Tuple, gast.List)) and target.elts:
        target = target.elts[0]
    return target.id if isinstance(target, gast.Name) else ""

