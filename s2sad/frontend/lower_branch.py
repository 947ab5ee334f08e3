"""Paths: lowering both sides of a decision, and what names stand for where the sides meet again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sad.frontend.flow import Flow
from s2sad.frontend.lower_core import Core, Unreachable
from s2sad.frontend.values import Poison, Seq, Value, is_bottom, meet, same_static
from s2sad.trace.ir import UNDEF, Arg, If, Lit, Undef, Var, Yield
from s2sad.trace.types import kind_of


@dataclass
class Path:
    """One side of a decision after it has been lowered; ``value`` is what an expression gave there."""

    flow: Flow
    env: dict[str, Value]
    value: Value = UNDEF

    @property
    def ended(self) -> bool:
        return self.flow.ended


class Branches(Core):
    """Decisions."""

    def path(self, work: Callable[[], Any], joined: bool = True) -> Path:
        """Lower one side of a decision; the names it binds stay its own.

        ``joined`` says that the sides meet again, so that either all paths of this one leave or none.
        """
        flow, env, frame, node, in_branch = self.flow, self.frame.env, self.frame, self.node, self.in_branch
        self.flow, self.frame.env = flow.fork(), dict(env)
        self.in_branch = in_branch or joined
        try:
            value = work()
            return Path(self.flow, self.frame.env, value)
        except Unreachable:
            return Path(self.flow, frame.env)
        finally:
            self.frame, self.in_branch = frame, in_branch
            self.flow, self.frame.env, self.node = flow, env, node

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
            self.frame.env = stays.env
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
            if same_static(x, y):
                return x
            template = meet(x, y, name)
            if isinstance(template, Poison):
                return Poison(template.reason, template.hint, template.cond or cond)
            if isinstance(template, Seq):
                xs = x.items if isinstance(x, Seq) else (UNDEF,) * len(template.items)
                ys = y.items if isinstance(y, Seq) else (UNDEF,) * len(template.items)
                return template.holding(join(p, q, name) for p, q in zip(xs, ys))
            if not isinstance(template, Var) or is_bottom(template):
                return template
            result = Var(template.type, name)
            results.append(result)
            mine.append(_operand(x))
            theirs.append(_operand(y))
            self.facts.merge(result, *(v for v in (x, y) if isinstance(v, Var)))
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
        if a.flow.stmts or b.flow.stmts or results:
            then, orelse = a.flow.close(Yield(tuple(mine))), b.flow.close(Yield(tuple(theirs)))
            self.flow.add(If(cond, then, orelse, tuple(results), self.flow.site))
        self.frame.env = env
        return value

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
