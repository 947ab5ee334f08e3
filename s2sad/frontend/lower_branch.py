"""Paths: lowering both sides of a decision, and what names stand for where the sides meet again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from s2sad.frontend.captures import remade
from s2sad.frontend.flow import Flow
from s2sad.frontend.function_values import Choice, is_function
from s2sad.frontend.library import in_library
from s2sad.frontend.lower_core import Frame, Unreachable
from s2sad.frontend.lower_none import Nones
from s2sad.frontend.memory import Memory, differing
from s2sad.frontend.specialise import KindsDiffer, Specialise
from s2sad.frontend.syntax import shown
from s2sad.frontend.templates import held, meet, part_names, undecided
from s2sad.frontend.values import Abstract, ListOf, Poison, Seq, Value, is_bottom, is_text, new_cell, same_static
from s2sad.rules.builder import type_of
from s2sad.trace.ends import always_raises, as_effect
from s2sad.trace.ir import UNDEF, Arg, Block, If, Lit, Try, Undef, Var, With, Yield
from s2sad.trace.types import List, Nothing, Type, Unknown, dtype_of, kind_of
from s2sad.trace.walk import definitions


@dataclass
class Path:
    """One side of a decision after it has been lowered.

    ``value`` is what an expression gave there; lists made there have cells from ``since`` on.
    """

    flow: Flow
    env: dict[str, Value]
    memory: Memory
    value: Value = UNDEF
    since: int = 0

    @property
    def ended(self) -> bool:
        return self.flow.ended


@dataclass(frozen=True, eq=False)
class Dropped:
    """What has changed on a path that ends in an exception: names of a frame, lists, arrays."""

    frame: Frame
    names: frozenset[str]
    cells: frozenset[int]
    roots: frozenset[Var]


class Branches(Nones):
    """Decisions."""

    # How many branches around may be lowered again, with what follows them on either side.
    divisible = 0

    def path(self, work: Callable[[], Any], joined: bool = True) -> Path:
        """Lower one side of a decision; the names it binds stay its own.

        ``joined`` says that the sides meet again, so that either all paths of this one leave or none.
        """
        flow, env, frame, node, in_branch = self.flow, self.frame.env, self.frame, self.node, self.in_branch
        memory, since = self.memory, new_cell()
        self.flow, self.frame.env, self.memory = flow.fork(), dict(env), memory.fork()
        self.in_branch = in_branch or joined
        self.decisions += 1
        try:
            value = work()
            return Path(self.flow, self.frame.env, self.memory, value, since)
        except Unreachable:
            return Path(self.flow, frame.env, self.memory, UNDEF, since)
        finally:
            self.frame, self.in_branch = frame, in_branch
            self.decisions -= 1
            self.flow, self.frame.env, self.node, self.memory = flow, env, node, memory

    def on(self, path: Path, work: Callable[[], Any]) -> Any:
        """Do something at the end of a path."""
        flow, memory = self.flow, self.memory
        self.flow, self.memory = path.flow, path.memory
        try:
            return work()
        finally:
            self.flow, self.memory = flow, memory

    def changes_of(self, path: Path) -> Dropped:
        """What is different on a path from what is before it."""
        env, memory = self.frame.env, self.memory
        return Dropped(self.frame, frozenset(n for n, v in path.env.items() if env.get(n) is not v),
                       frozenset(differing(path.memory.lists, memory.lists)),
                       frozenset(differing(path.memory.contents, memory.contents)))

    def rejoin(self, cond: Arg, a: Path, b: Path, node: Any, names: frozenset[str] | None = None,
               guard: Try | With | None = None) -> bool:
        """Put an If after both sides have been lowered; whether control goes on after it."""
        raising = [p for p in (a, b) if p.flow.done is not None and always_raises(p.flow.done)]
        self.expecting.dropped += map(self.changes_of, raising)
        if a.ended and b.ended:
            assert a.flow.done is not None and b.flow.done is not None
            self.flow.add(If(cond, a.flow.done, b.flow.done, site=self.flow.site, guard=guard))
            self.flow.close(None)
            return False
        if a.ended or b.ended:
            gone, stays = (a, b) if a.ended else (b, a)
            assert gone.flow.done is not None
            raises = (self.in_branch or self.frame.inline) and always_raises(gone.flow.done)
            if raises and guard is None:
                # What is joined with another path, or stands in an expression, goes on behind the exception.
                sides = as_effect(gone.flow.done), Block((), Yield())
                self.flow.add(If(cond, *(sides if a.ended else sides[::-1]), site=self.flow.site))
                self.flow.follow(stays.flow)
            elif raises:
                assert gone.flow.done is not None
                flow = gone.flow.fork()
                flow.stmts = list(as_effect(gone.flow.done).stmts)
                never = self.beside(stays, flow)
                self.meet_again(cond, *((never, b) if a.ended else (a, never)), node, names, "", guard)
                return True
            else:
                self.flow.leave(cond, gone.flow.done, a.ended, stays.flow, self.flow.site, guard)
            self.frame.env, self.memory = stays.env, stays.memory
            return True
        self.meet_again(cond, a, b, node, names, "", guard)
        return True

    def beside(self, other: Path, flow: Flow) -> Path:
        """A path that never arrives, beside one that does: what is joined with it is what it is on the other one."""
        outer, memory = self.frame.env, self.memory
        lists = {cell: v if memory.lists.get(cell) is v else hollow(v) for cell, v in other.memory.lists.items()}
        env = {n: v if outer.get(n) is v else hollow(v) for n, v in other.env.items()}
        return Path(flow, env, Memory(dict(memory.contents), {}, lists), hollow(other.value), new_cell())

    def meet_again(self, cond: Arg, a: Path, b: Path, node: Any, names: frozenset[str] | None,
                   hint: str = "", guard: Try | With | None = None) -> Value:
        """Put an If both sides of which fall through, with a result for each name (and value) that differs.

        ``hint`` is the name of the value.
        """
        if a.flow.partial or b.flow.partial:
            self.refuse(node, "some, but not all paths of this branch leave the function or loop, and it is joined "
                              "with another one", "let every path of the branch leave, or none")
        since = min(a.since, b.since)
        results: list[Var] = []
        mine: list[Arg] = []
        theirs: list[Arg] = []

        def join(x: Value, y: Value, name: str) -> Value:
            if same_static(x, y) and not isinstance(x, (Seq, ListOf)):
                return x
            if isinstance(x, (Seq, ListOf)) and isinstance(y, (Seq, ListOf)) and x.cell == y.cell < since:
                return x  # What is in it is in the heap.
            x, y = self.on(a, lambda: self.fresh_list(x)), self.on(b, lambda: self.fresh_list(y))
            made = contents(x, y, name)
            if isinstance(made, (Seq, ListOf)):
                may_be = [self.facts.cells_of(v.cell) for v in (x, y) if isinstance(v, (Seq, ListOf))]
                self.facts.cells[made.cell] = frozenset((made.cell,)).union(*may_be)
            return made

        def contents(x: Value, y: Value, name: str) -> Value:
            template = meet(self.on(a, lambda: self.surely(x)), self.on(b, lambda: self.surely(y)), name)
            self._ask_for_length(cond, x, y, template, name)
            if is_text(template) and isinstance(x, Lit) and isinstance(y, Lit) and isinstance(cond, Var) and (
                    self.facts.places.get(cond)):
                template = undecided(x, y, name)  # a parameter decides: its value tells the text
            if isinstance(template, Poison) and is_function(x) and is_function(y) and not (
                    isinstance(cond, Var) and self.facts.places.get(cond)):
                return Choice(cond, leaving(a, x), leaving(b, y))
            if isinstance(template, Poison):
                return replace(template, cond=template.cond or cond)
            if isinstance(template, Seq):
                none = (UNDEF,) * len(template.items)
                xs = x.ordered_as(template.keys).items if isinstance(x, Seq) else none
                ys = y.ordered_as(template.keys).items if isinstance(y, Seq) else none
                return template.holding(map(join, xs, ys, part_names(template, name)))
            if isinstance(template, ListOf):
                x = self.on(a, lambda: self.list_var(x, node) if isinstance(x, (Seq, ListOf)) else x)
                y = self.on(b, lambda: self.list_var(y, node) if isinstance(y, (Seq, ListOf)) else y)
                made = merged(template.items.type, x, y, name)
                return ListOf(made)
            if isinstance(template, Abstract) and type(x) is type(y) is type(template):
                return template.with_parts(join(p, q, name) for p, q in zip(x.parts(), y.parts()))
            if not isinstance(template, Var) or is_bottom(template):
                return template
            return merged(template.type, x, y, name)

        exported: dict[Var, Var] = {}

        def leaving(path: Path, value: Value) -> Value:
            """A function that a side has made, with what it captures of that side as results."""
            inside = set(definitions(Block(tuple(path.flow.stmts), None)))

            def change(v: Value) -> Value:
                if isinstance(v, Seq) and v.cell >= since:
                    return self.on(path, lambda: self.fresh_list(v))  # type: ignore[no-any-return]
                if isinstance(v, Var) and v in inside and v not in exported:
                    x, y = (v, UNDEF) if path is a else (UNDEF, v)
                    exported[v] = merged(v.type, x, y, v.hint)
                return exported.get(v, v) if isinstance(v, Var) else v

            return remade(value, self.fresh_list, change, self.active_frames())

        def merged(t: Type, x: Value, y: Value, name: str) -> Var:
            result = Var(t, name)
            results.append(result)
            mine.append(_operand(self.on(a, lambda: self.deep(x))))
            theirs.append(_operand(self.on(b, lambda: self.deep(y))))
            self.facts.merge(result, _operand(x), _operand(y))
            if any(isinstance(v, Undef) or v in self.facts.partial for v in (x, y)):
                self.facts.partial.add(result)
            if not self.facts.doubled.isdisjoint((mine[-1], theirs[-1])):
                self.facts.doubled.add(result)
            if kind_of(result.type) in ("int", "bool") and not isinstance(t, List):
                places = self.facts.from_places((cond, mine[-1], theirs[-1]))
                if places:
                    self.facts.places[result] = places
            return result

        env: dict[str, Value] = {}
        for name in {**a.env, **b.env}:
            x, y = a.env.get(name, UNDEF), b.env.get(name, UNDEF)
            if x is y:
                env[name] = x
            elif names is None or name in names:
                env[name] = join(x, y, shown(name))
        value = join(a.value, b.value, "" if "," in hint else hint)
        memory = self._joined_memory(a, b, contents, results, mine, theirs, since)
        if a.flow.stmts or b.flow.stmts or results or isinstance(guard, With):
            then, orelse = a.flow.close(Yield(tuple(mine))), b.flow.close(Yield(tuple(theirs)))
            self.flow.add(If(cond, then, orelse, tuple(results), self.flow.site, guard=guard))
        self.frame.env, self.memory = env, memory
        return value

    def _ask_for_length(self, cond: Arg, x: Value, y: Value, template: Value, name: str) -> None:
        """Ask for the length of an argument where the text of a library makes values of another kind for each."""
        place = self.facts.deciding.get(cond) if isinstance(cond, Var) else None
        if place is None and not self.divisible or not in_library(self.frame.source.file):
            return
        known = all(isinstance(v, (Var, Lit)) and not isinstance(type_of(v), (Unknown, Nothing)) for v in (x, y))
        open_type = isinstance(template, Poison) or isinstance(template, Var) and (
            isinstance(template.type, Unknown) or dtype_of(template.type) == "?")
        if known and open_type and place is None:
            raise KindsDiffer
        if known and open_type and place is not None:
            raise Specialise(self, place, f"it decides what kind of value '{name}' is", self.where())

    def _joined_memory(self, a: Path, b: Path, contents: Callable[[Value, Value, str], Value], results: list[Var],
                       mine: list[Arg], theirs: list[Arg], since: int) -> Memory:
        """The heap after both sides; roots and lists that one side has made are nobody's afterwards."""
        memory = self.memory.fork()
        memory.derived = {v: known for v, known in a.memory.derived.items() if b.memory.derived.get(v) == known}
        changed = differing(a.memory.contents, b.memory.contents)
        if changed:
            inside = {*definitions(Block(tuple(a.flow.stmts), None)), *definitions(Block(tuple(b.flow.stmts), None))}
            for root in changed:
                if root not in inside:
                    result = Var(root.type, root.hint)
                    results.append(result)
                    mine.append(a.memory.now(root))
                    theirs.append(b.memory.now(root))
                    memory.contents[root] = result
                    self.facts.roots[result] = self.facts.roots_of(root)
        memory.contents.update((r, v) for r, v in a.memory.contents.items() if b.memory.contents.get(r) is v)
        done: set[int] = set()
        # To join lists of lists makes changes of its own.
        while new := [c for c in differing(a.memory.lists, b.memory.lists) if c < since and c not in done]:
            done.update(new)
            for cell in new:
                x, y = (self.contents_of(cell, p.memory) for p in (a, b))
                memory.lists[cell] = held(contents(x, y, self.list_name(cell).strip("'")), cell)
        return memory

    def choose(self, cond: Arg, then: Callable[[], Value], orelse: Callable[[], Value], node: Any,
               hint: str = "") -> Value:
        """The value of a conditional expression."""
        a, b = self.path(self.when(cond, True, then)), self.path(self.when(cond, False, orelse))
        if a.ended or b.ended:
            if not self.rejoin(cond, a, b, node):
                raise Unreachable
            return b.value if a.ended else a.value
        env = self.frame.env
        bound = frozenset(n for p in (a, b) for n, v in p.env.items() if env.get(n) is not v)
        value = self.meet_again(cond, a, b, node, bound, hint)
        if isinstance(value, Poison):
            reason = value.reason.replace("'' ", "this ")
            return self.read(Poison(reason, value.hint, value.cond), "this expression", node)
        return value


def hollow(value: Value) -> Value:
    """A value with nothing where its numbers were: what it is on a path that never arrives."""
    if isinstance(value, Seq):
        return value.with_items(map(hollow, value.items))
    if isinstance(value, Abstract) and value.PARTS and not isinstance(value, ListOf):
        return value.with_parts(map(hollow, value.parts()))
    return UNDEF if isinstance(value, (Var, ListOf)) else value


def _operand(value: Value) -> Arg:
    return value if isinstance(value, (Var, Lit, Undef)) else UNDEF
