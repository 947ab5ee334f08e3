"""Paths: lowering both sides of a decision, and what names stand for where the sides meet again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sad.frontend.flow import Flow
from s2sad.frontend.lower_core import Unreachable
from s2sad.frontend.lower_memory import Memories
from s2sad.frontend.memory import Memory, differing
from s2sad.frontend.values import Poison, Seq, Value, is_bottom, meet, same_static
from s2sad.trace.ir import UNDEF, Arg, Block, If, Lit, Undef, Var, Yield
from s2sad.trace.types import kind_of
from s2sad.trace.walk import definitions


@dataclass
class Path:
    """One side of a decision after it has been lowered; ``value`` is what an expression gave there."""

    flow: Flow
    env: dict[str, Value]
    memory: Memory
    value: Value = UNDEF

    @property
    def ended(self) -> bool:
        return self.flow.ended


class Branches(Memories):
    """Decisions."""

    def path(self, work: Callable[[], Any], joined: bool = True) -> Path:
        """Lower one side of a decision; the names it binds stay its own.

        ``joined`` says that the sides meet again, so that either all paths of this one leave or none.
        """
        flow, env, frame, node, in_branch = self.flow, self.frame.env, self.frame, self.node, self.in_branch
        memory = self.memory
        self.flow, self.frame.env, self.memory = flow.fork(), dict(env), memory.fork()
        self.in_branch = in_branch or joined
        try:
            value = work()
            return Path(self.flow, self.frame.env, self.memory, value)
        except Unreachable:
            return Path(self.flow, frame.env, self.memory)
        finally:
            self.frame, self.in_branch = frame, in_branch
            self.flow, self.frame.env, self.node, self.memory = flow, env, node, memory

    def on(self, path: Path, work: Callable[[], Any]) -> Any:
        """Do something at the end of a path."""
        flow, memory = self.flow, self.memory
        self.flow, self.memory = path.flow, path.memory
        try:
            return work()
        finally:
            self.flow, self.memory = flow, memory

    def rejoin(self, cond: Arg, a: Path, b: Path, node: Any, names: frozenset[str] | None = None) -> bool:
        """Put an If after both sides have been lowered; whether control goes on after it."""
        if a.ended and b.ended:
            assert a.flow.done is not None and b.flow.done is not None
            self.flow.add(If(cond, a.flow.done, b.flow.done, site=self.flow.site))
            self.flow.close(None)
            return False
        if a.ended or b.ended:
            gone, stays = (a, b) if a.ended else (b, a)
            assert gone.flow.done is not None
            self.flow.leave(cond, gone.flow.done, a.ended, stays.flow, self.flow.site)
            self.frame.env, self.memory = stays.env, stays.memory
            return True
        self.meet_again(cond, a, b, node, names)
        return True

    def meet_again(self, cond: Arg, a: Path, b: Path, node: Any, names: frozenset[str] | None,
                   hint: str = "") -> Value:
        """Put an If both sides of which fall through, with a result for each name (and value) that differs.

        ``hint`` is the name of the value.
        """
        if a.flow.partial or b.flow.partial:
            self.refuse(node, "some, but not all paths of this branch leave the function or loop, and it is joined "
                              "with another one", "let every path of the branch leave, or none")
        results: list[Var] = []
        mine: list[Arg] = []
        theirs: list[Arg] = []

        def join(x: Value, y: Value, name: str) -> Value:
            if same_static(x, y) and not isinstance(x, Seq):
                return x
            x, y = self.on(a, lambda: self.fresh_list(x)), self.on(b, lambda: self.fresh_list(y))
            if x is y:
                return x
            template = meet(x, y, name)
            if isinstance(template, Poison):
                return Poison(template.reason, template.hint, template.cond or cond)
            if isinstance(template, Seq):
                xs = x.items if isinstance(x, Seq) else (UNDEF,) * len(template.items)
                ys = y.items if isinstance(y, Seq) else (UNDEF,) * len(template.items)
                items = tuple(join(p, q, name) for p, q in zip(xs, ys))
                same = isinstance(x, Seq) and isinstance(y, Seq) and x.cell == y.cell
                return x.with_items(items) if same and isinstance(x, Seq) else template.holding(items)
            if not isinstance(template, Var) or is_bottom(template):
                return template
            result = Var(template.type, name)
            results.append(result)
            mine.append(_operand(self.on(a, lambda: self.deep(x))))
            theirs.append(_operand(self.on(b, lambda: self.deep(y))))
            self.facts.merge(result, _operand(x), _operand(y))
            if kind_of(result.type) in ("int", "bool"):
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
                env[name] = join(x, y, name)
        value = join(a.value, b.value, "" if "," in hint else hint)
        memory = self._joined_memory(a, b, join, results, mine, theirs)
        if a.flow.stmts or b.flow.stmts or results:
            then, orelse = a.flow.close(Yield(tuple(mine))), b.flow.close(Yield(tuple(theirs)))
            self.flow.add(If(cond, then, orelse, tuple(results), self.flow.site))
        self.frame.env, self.memory = env, memory
        return value

    def _joined_memory(self, a: Path, b: Path, join: Callable[[Value, Value, str], Value], results: list[Var],
                       mine: list[Arg], theirs: list[Arg]) -> Memory:
        """The heap after both sides; roots and lists that only one side knows are nobody's afterwards."""
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
        before = {seq.cell: seq for _, value in self.in_reach() for seq in self.lists_within(value)}
        for cell in differing(a.memory.lists, b.memory.lists):
            x, y = (p.memory.lists.get(cell, before.get(cell)) for p in (a, b))
            if x is not None and y is not None:
                memory.lists[cell] = join(x, y, f"this {x.kind if isinstance(x, Seq) else 'list'}")
        return memory

    def choose(self, cond: Arg, then: Callable[[], Value], orelse: Callable[[], Value], node: Any,
               hint: str = "") -> Value:
        """The value of a conditional expression."""
        a, b = self.path(then), self.path(orelse)
        if a.ended or b.ended:
            if not self.rejoin(cond, a, b, node):
                raise Unreachable
            return b.value if a.ended else a.value
        env = self.frame.env
        value = self.meet_again(cond, a, b, node, frozenset(), hint)
        self.frame.env = env
        if isinstance(value, Poison):
            reason = value.reason.replace("'' ", "this ")
            return self.read(Poison(reason, value.hint, value.cond), "this expression", node)
        return value


def _operand(value: Value) -> Arg:
    return value if isinstance(value, (Var, Lit, Undef)) else UNDEF
