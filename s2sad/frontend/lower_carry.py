"""What loops carry from iteration to iteration: names, the contents of lists, the contents of arrays.

What a name (or a list) holds at the head of an iteration has the structure and the types of its *template*; the
numbers, arrays and lists in it are the template's *holes*, each of which becomes a parameter of the loop.  The body is
lowered again and again until the templates, and what is known of the memory of the holes, hold at every end of an
iteration.

Two holes are taken to share no memory until they are seen to; what two holes have been seen to share is a root of its
own, that belongs to both.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import gast

from s2sad.errors import NameRefusal
from s2sad.frontend.flow import Flow, LateBreak, LateNext
from s2sad.frontend.liveness import bound, only_updated
from s2sad.frontend.lower_beginnings import Beginnings
from s2sad.frontend.memory import differing
from s2sad.frontend.rounds import Hole, Key, Rounds
from s2sad.frontend.templates import (
    fit,
    fits,
    groups,
    held,
    holes,
    instantiate,
    meet,
    same_template,
    single_operands,
    template_of,
    unset,
)
from s2sad.frontend.values import ListOf, Poison, Seq, Value, is_bottom, is_number, new_cell
from s2sad.trace.ends import ends_of, map_ends
from s2sad.trace.ir import UNDEF, Arg, Block, Break, End, Next, Undef, Var
from s2sad.trace.types import NOTHING, Array, height, rank
from s2sad.trace.walk import definitions

T = TypeVar("T")
_ROUNDS = 12


class Carrying(Beginnings):
    """The fixpoint of a loop."""

    def _carried(self, node: Any, assigned: list[Any]) -> list[str]:
        frame, key = self.frame, id(node)
        wanted = (frame.live.head[key] | frame.live.after[key]) & frame.locals - frame.shared
        return [n for n in bound(assigned) if n in wanted]

    def _rounds(self, names: list[str], node: Any) -> Rounds:
        env = self.frame.env
        updated = only_updated([node])
        fixed = frozenset(n for n in names if n in updated and self._changes_in_place(env.get(n, UNDEF)))
        kept = [n for n in names if n not in fixed]
        references: dict[Key, Value] = {n: self.expanded(self.settle_shapes(env.get(n, UNDEF), None)) for n in kept}
        shared = {n for n in kept if not self._owns(references[n]) or self._seen_elsewhere(references[n], n)}
        rounds = Rounds(tuple(kept), shared, fixed, new_cell(), Var(NOTHING).uid)
        self._add(rounds, references)
        return rounds

    def _changes_in_place(self, value: Value) -> bool:
        """Whether ``x += y`` changes what x stands for, and leaves x alone."""
        if isinstance(value, Var):
            return isinstance(value.type, Array) and (rank(value.type) != 0 or value in self.facts.boxed)
        return isinstance(value, ListOf) or isinstance(value, Seq) and value.is_list

    def _add(self, rounds: Rounds, references: Mapping[Key, Value]) -> None:
        """Carry more."""
        for key, v in references.items():
            rounds.begin[key], rounds.inits[key] = v, self.deep(v)
            rounds.templates[key] = template_of(rounds.inits[key], self._key_name(key))
        self._take_in(rounds, rounds.begin)

    def _key_name(self, key: Key) -> str:
        return key if isinstance(key, str) else self.list_name(key).strip("'").replace("a list", "")

    def _owns(self, value: Value) -> bool:
        return isinstance(value, Undef) or isinstance(value, Var) and self.facts.is_fresh(value) or (
            is_number(value) and not isinstance(value, Var))

    def _take_in(self, rounds: Rounds, references: Mapping[Key, Value]) -> bool:
        """Note the memory that the holes may lie in, given what they hold; whether that was known."""
        known = True
        own = set(rounds.met.values())
        found: list[tuple[Hole, tuple[Var, ...]]] = []
        for key, value in references.items():
            for k, operands in enumerate(groups(value, rounds.templates[key])):
                group = tuple(a for a in operands if self._has_memory(a) and not is_bottom(a))
                if any(height(a.type) < 0 for a in group) and (key, k) not in rounds.boxes:
                    rounds.boxes.add((key, k))
                    known = False
                if (key, k) not in rounds.doubled and not self.facts.doubled.isdisjoint(operands):
                    rounds.doubled.add((key, k))
                    known = False
                roots = frozenset(r for a in group for r in self.facts.roots_of(a) if r.uid < rounds.mark or r in own)
                if not roots <= rounds.roots.get((key, k), frozenset()):
                    rounds.roots[key, k] = rounds.roots.get((key, k), frozenset()) | roots
                    known = False
                if group:
                    found.append(((key, k), group))
        for (one, mine), (two, theirs) in itertools.combinations(found, 2):
            token = rounds.met.get(frozenset((one, two)))
            common = [r for a in mine for b in theirs if self.facts.may_share(a, b)
                      for r in (self.facts.roots_of(a) & self.facts.roots_of(b) or {a})]
            if common:
                highest = max(common, key=lambda r: height(r.type))
                if token is None or height(highest.type) > height(token.type):
                    rounds.met[frozenset((one, two))] = Var(highest.type)
                    known = False
        return self.take_in_cells(rounds, references) and known

    def _has_memory(self, a: Var) -> bool:
        return height(a.type) >= 0 or self.facts.may_be_box(a)

    def _fixpoint(self, node: Any, rounds: Rounds, lower: Callable[[Flow], None]) -> tuple[tuple[Var, ...], Block]:
        """Lower the body until the types of what it carries stand still."""
        frame, outer_env, outer_flow, outer_node = self.frame, self.frame.env, self.flow, self.node
        memory = self.memory
        live = frame.live.head[id(node)]
        for _ in range(_ROUNDS):
            params: dict[Key, list[Var]] = {}
            frame.env = self._outer_env(node, rounds, outer_env)
            self.memory = memory.fork()
            heads_of = {key: self._head(rounds, key, params) for key in rounds.templates}
            self._keep_apart(rounds, params, heads_of)
            for key, value in heads_of.items():
                if not isinstance(key, str) or key in live:
                    self._bind(key, value)
            heads = {r: Var(r.type, r.hint) for r in rounds.buffers}
            for r, head in heads.items():
                self.note_write(r, head)
            begun = dict(self.memory.lists)
            before = dict(rounds.templates)
            self.flow = outer_flow.fork()
            reads, refused = len(self.unset_reads), len(self.pending)
            frame.loops.append("loop")
            frame.fixed.append(rounds.fixed)
            self.loop_rounds.append(rounds)
            in_branch, self.in_branch = self.in_branch, False
            self.decisions += 1
            try:
                lower(self.flow)
                self.run(node.body, True)
                block = self.flow.done
            finally:
                self.in_branch = in_branch
                self.decisions -= 1
                self.loop_rounds.pop()
                frame.fixed.pop()
                frame.loops.pop()
                frame.env, self.flow, self.node, self.memory = outer_env, outer_flow, outer_node, memory
            assert block is not None
            stable = self._stable(rounds, block, live)
            if self._settled_memory(rounds, block, params, heads, begun) and stable:
                # A name that no iteration reads first may have changed all the same; nothing refers to its params.
                for key, template in rounds.templates.items():
                    if not same_template(before[key], template):
                        params[key] = [Var(v.type, v.hint) for v in holes(template)]
                found = (*self._changing(rounds, [v for key in rounds.templates for v in params[key]]), *heads.values())
                self._check_unset({v: rounds.inits[key] for key in params for v in params[key]}, reads)
                if self.pending[refused:] and not self.loop_rounds:
                    raise self.pending[refused]
                return found, block
            del self.pending[refused:]
        self.refuse_type(node, "the types of what this loop carries do not settle",
                         "give the variables the same type before and in the loop")

    def _bind(self, key: Key, value: Value) -> None:
        """Let a name, or a list, hold a value."""
        if isinstance(key, str):
            self.frame.env[key] = value
        else:
            self.memory.lists[key] = held(value, key)

    def _head(self, rounds: Rounds, key: Key, params: dict[Key, list[Var]]) -> Value:
        """What a name or list holds at the head of an iteration."""
        template = rounds.templates[key]
        owned = isinstance(key, str) and isinstance(template, Var) and key not in rounds.shared
        mine = params[key] = []
        kept = self._kept(rounds, key)

        def make(v: Var) -> Arg:
            p, hole = Var(v.type, v.hint), (key, len(mine))
            mine.append(p)
            one = kept[hole[1]]
            if one is not None:
                return one
            if height(p.type) >= 0:
                self.facts.roots[p] = self._roots_of_hole(rounds, hole) | {p}
                if owned:
                    self.facts.fresh.add(p)
                if hole in rounds.doubled:
                    self.facts.doubled.add(p)
            elif hole in rounds.boxes:
                self.facts.blurred.add(p)
                self.facts.roots[p] = self._roots_of_hole(rounds, hole) | {p}
            return p

        value = instantiate(template, make)
        self.note_beginning(rounds, key, value)
        self._note_unset(rounds, key, mine)
        return self.linked(rounds, key, value)

    def _note_unset(self, rounds: Rounds, key: Key, of_holes: Sequence[Var]) -> None:
        """Note which holes have no value before the loop, and perhaps none after it."""
        flags = unset(rounds.begin[key], rounds.templates[key])
        self.facts.partial.update(v for v, flag in zip(of_holes, flags) if flag)

    def _kept(self, rounds: Rounds, key: Key) -> list[Arg | None]:
        """For each hole in a container the number or array that it stands for all the time; None if it changes."""
        template = rounds.templates[key]
        found = holes(template)
        if not isinstance(template, Seq):
            return [None] * len(found)
        return [None if one is None or (key, k) in rounds.varying or is_bottom(one) or is_bottom(v)
                or self.facts.may_be_box(one) else one
                for k, (v, one) in enumerate(zip(found, single_operands(rounds.begin[key], template)))]

    def _changing(self, rounds: Rounds, of_holes: Sequence[T]) -> list[T]:
        """What belongs to holes that do not stand for the same all the time."""
        kept = [one for key in rounds.templates for one in self._kept(rounds, key)]
        return [mine for mine, one in zip(of_holes, kept, strict=True) if one is None]

    def _roots_of_hole(self, rounds: Rounds, hole: Hole) -> frozenset[Var]:
        return rounds.roots.get(hole, frozenset()) | {t for pair, t in rounds.met.items() if hole in pair}

    def _keep_apart(self, rounds: Rounds, params: Mapping[Key, Sequence[Var]], values: Mapping[Key, Value]) -> None:
        """Note which of the lists, and of the arrays, that are carried are different ones."""
        lists = {(key, way): one.cell for key in params for way, one in self.spots(values[key])}
        for (a, x), (b, y) in itertools.combinations(lists.items(), 2):
            if frozenset((a, b)) not in rounds.links:
                self.facts.different.add(frozenset((x, y)))
        self._note_apart(rounds, params)

    def _note_apart(self, rounds: Rounds, params: Mapping[Key, Sequence[Var]]) -> None:
        """Holes that have not been seen to share memory do not."""
        found = [((key, k), p) for key, ps in params.items() for k, p in enumerate(ps) if height(p.type) >= 0]
        for (one, p), (two, q) in itertools.combinations(found, 2):
            if frozenset((one, two)) not in rounds.met:
                self.facts.apart.add(frozenset((p, q)))

    def _stable(self, rounds: Rounds, block: Block, live: frozenset[str]) -> bool:
        """Take in what the body hands on; whether the body can stay as it is."""
        stable = True
        for end in ends_of(block):
            if not isinstance(end, (LateNext, LateBreak)):
                continue
            for (key, old), value in zip(list(rounds.templates.items()), end.carried):
                needed = not isinstance(key, str) or key in live
                name = self._key_name(key) or "a list"
                new = old if fits(old, value) else self.begun_with_number(rounds, key, value) or self.lasting(
                    rounds, meet(old, value, name))
                stable = self.is_as_begun(rounds, key, value) and stable
                if not same_template(old, new):
                    # What is to be a variable has to be made one at the ends.
                    needed = needed or any(isinstance(one, ListOf) for one in self.lists_within(new))
                    self._grow_init(rounds, key, new)
                    rounds.templates[key] = new if isinstance(new, Poison) else template_of(
                        new, self._key_name(key), rounds.mark)
                    stable = stable and not needed
                if isinstance(key, str) and key not in rounds.shared and key not in end.owned:
                    rounds.shared.add(key)
                    settled = isinstance(new, Var) and rank(new.type) == 0
                    stable = stable and (settled or not needed)
        return stable

    def _grow_init(self, rounds: Rounds, key: Key, new: Value) -> None:
        """Make a list a variable before the loop, with the lists in it."""
        init = rounds.begin[key]
        if isinstance(new, ListOf) and isinstance(init, Seq):
            made = ListOf(self.list_var(init, None, self._key_name(key)), init.cell)
            if not isinstance(key, str):
                self.hold(init, made)
            rounds.begin[key] = rounds.inits[key] = made

    def _outer_env(self, node: Any, rounds: Rounds, env: dict[str, Value]) -> dict[str, Value]:
        """The names that no iteration binds."""
        assigned = bound([node.target, *node.body] if isinstance(node, gast.For) else node.body)
        return {n: v for n, v in env.items() if n not in assigned or n in rounds.fixed or n in self.frame.shared}

    def _settled_memory(self, rounds: Rounds, block: Block, params: dict[Key, list[Var]], heads: dict[Var, Var],
                        begun: Mapping[int, Value]) -> bool:
        """Take in what the body does to the heap; whether the body can stay as it is."""
        settled = self._take_in(rounds, rounds.begin)
        keys = list(rounds.templates)
        mine = {p for ps in params.values() for p in ps}
        inside = {*definitions(block), *mine, *heads.values()}
        for end in ends_of(block):
            if not isinstance(end, (LateNext, LateBreak)):
                continue
            for root in differing(end.memory.contents, {**self.memory.contents, **heads}):
                if root not in inside and root not in rounds.buffers:
                    rounds.buffers.append(root)
                    settled = False
            for cell in differing(end.memory.lists, begun):
                if cell < rounds.since and cell not in rounds.templates:
                    self._add(rounds, {cell: self.expanded(self.contents_of(cell, self.memory))})
                    settled = False
            references = dict(zip(keys, end.references))
            known = [self.see_moved(rounds, references), self._see_varying(rounds, references),
                     self._take_in(rounds, references)]
            settled = all(known) and settled
        return settled

    def _see_varying(self, rounds: Rounds, references: Mapping[Key, Value]) -> bool:
        """Note what in a container is not the same all the time; whether that was known."""
        found = {(key, k) for key, value in references.items() for k, (arg, one) in enumerate(
            zip(single_operands(value, rounds.templates[key]), self._kept(rounds, key)))
            if one is not None and arg != one}
        rounds.varying |= found
        return not found

    def _filled(self, block: Block, rounds: Rounds) -> Block:
        """The body with the carried values in its ends."""
        templates = list(rounds.templates.values())

        def change(end: End) -> End:
            if isinstance(end, (LateNext, LateBreak)):
                values = (*self._changing(rounds, [a for v, t in zip(end.carried, templates) for a in fit(v, t)]),
                          *(end.memory.now(r) for r in rounds.buffers))
                return Next(values) if isinstance(end, LateNext) else Break(values)
            return end

        return map_ends(block, change)

    def _inits(self, rounds: Rounds) -> tuple[Arg, ...]:
        inits = [a for key, t in rounds.templates.items() for a in fit(self.shaped(rounds.inits[key], t), t)]
        return (*self._changing(rounds, inits), *map(self.memory.now, rounds.buffers))

    def shaped(self, value: Value, template: Value) -> Value:
        """A value with variables for the lists that are variables in the template."""
        if isinstance(template, ListOf) and isinstance(value, Seq):
            return ListOf(self.list_var(value, None, template.items.hint))
        if isinstance(template, Seq) and isinstance(value, Seq):
            value = value.ordered_as(template.keys)
            if template.is_like(value):
                return value.with_items(map(self.shaped, value.items, template.items))
        return value

    def _results(self, node: Any, rounds: Rounds, body: Block) -> tuple[Var, ...]:
        """Give what is carried its values after the loop."""
        ends = [e for e in ends_of(body) if isinstance(e, (LateNext, LateBreak))]
        env = self._outer_env(node, rounds, self.frame.env)
        results: list[Var] = []
        made: dict[Key, list[Var]] = {}
        values: dict[Key, Value] = {}
        self.frame.env = env
        for k, (key, template) in enumerate(rounds.templates.items()):
            sources = [groups(rounds.inits[key], template), *(groups(e.references[k], template) for e in ends)]
            owned = isinstance(key, str) and key not in rounds.shared
            mine = made[key] = []
            kept = self._kept(rounds, key)

            def make(v: Var, key: Key = key, sources: list[list[tuple[Var, ...]]] = sources, owned: bool = owned,
                     mine: list[Var] = mine, kept: list[Arg | None] = kept) -> Arg:
                result = Var(v.type, v.hint)
                place = len(mine)
                mine.append(result)
                one = kept[place]
                if one is not None:
                    return one
                found = [a for s in sources for a in s[place]]
                if (key, place) in rounds.doubled:
                    self.facts.doubled.add(result)
                if height(result.type) < 0:
                    boxes = [a for a in found if self.facts.may_be_box(a)]
                    if not boxes:
                        return result
                    sure = len(boxes) == len(sources) and all(a in self.facts.boxed for a in boxes)
                    (self.facts.boxed if sure else self.facts.blurred).add(result)
                elif owned:
                    self.facts.fresh.add(result)
                    return result
                roots = frozenset(r for a in found for r in self.facts.roots_of(a))
                self.facts.roots[result] = roots | self._roots_of_hole(rounds, (key, place)) or frozenset((result,))
                return result

            values[key] = self.linked(rounds, key, instantiate(template, make))
            self._note_unset(rounds, key, mine)
            self._bind(key, values[key])
            results += mine
        results = self._changing(rounds, results)
        self._keep_apart(rounds, made, values)
        for root in rounds.buffers:
            result = Var(root.type, root.hint)
            self.note_write(root, result)
            results.append(result)
        return tuple(results)

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
        """The end of an iteration with what is carried as it is now."""
        rounds: Rounds = self.loop_rounds[-1]
        env = self.frame.env
        references = tuple(self.expanded(self.settle_shapes(
            env.get(key, UNDEF) if isinstance(key, str) else self.memory.lists.get(key, UNDEF), None))
            for key in rounds.templates)
        owned = frozenset(n for n, v in zip(rounds.templates, references)
                          if isinstance(n, str) and self._owns(v) and not self._seen_elsewhere(v, n))
        values = tuple(self.shaped(self.deep(v), t) for v, t in zip(references, rounds.templates.values()))
        return kind((), (), values, owned, references, self.memory.fork())

    def _seen_elsewhere(self, value: Value, name: str) -> bool:
        return isinstance(value, Var) and rank(value.type) != 0 and bool(self.others_with(value, name))
