"""Comprehensions and generator expressions.

Over iterables of known length they are evaluated away; else they become loops:

    ys = [f(x) for x in xs if x > 0]    ⇒    ys = [];  for x in xs: if x > 0: ys.append(f(x))
"""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import gast

from s2sad.errors import Refusal
from s2sad.frontend.constructs import construct
from s2sad.frontend.desugar import desugar
from s2sad.frontend.functions import Definition, define
from s2sad.frontend.lower_iterables import Iterables
from s2sad.frontend.lower_iterators import WRITTEN_OUT, LengthUnknown
from s2sad.frontend.lower_types import Named
from s2sad.frontend.operands import several
from s2sad.frontend.values import GeneratorOf, Library, Seq, Value
from s2sad.names import fresh
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import FLOAT, Unknown

T = TypeVar("T")
COMPENSATED = sys.version_info >= (3, 12)


class Comprehensions(Iterables):
    """Displays by comprehension, and what is done with a generator expression whose length is not known."""

    def inline(self, info: Definition, values: dict[str, Value], lexical: Any, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    # Displays.

    def _ListComp(self, node: Any, hint: str) -> Value:
        take_back = self.attempt()
        source = self._run_of(node)
        try:
            return Seq(tuple(self.comprehended(source, node, several(hint))), "list")
        except LengthUnknown:
            take_back()
        try:
            return self.listed(self._run_of(node), hint)
        except Refusal as refusal:
            take_back()
            return Seq(tuple(self.instead(refusal, lambda: self._run_of(node), node)), "list")

    def _DictComp(self, node: Any, hint: str) -> Value:
        return self.dict_of(self._known(node, lambda: (self.dict_key(self.expr(node.key), node.key),
                                                       self.expr(node.value))))

    def _known(self, node: Any, element: Callable[[], T]) -> list[T]:
        """The elements of a comprehension that must be of known length."""
        name, instead = construct(node)
        before, self.spreading = self.spreading, True
        try:
            return list(self._elements(self._run_of(node), element))
        except LengthUnknown:
            self.refuse(node, f"{name} whose length is not known at compile time is not supported", instead)
        finally:
            self.spreading = before

    def instead(self, refusal: Refusal, source: Callable[[], Value], node: Any) -> list[Value]:
        """The items of what is refused as a loop, if they are few and can be known."""
        items = self.spread_items(source(), node) if refusal.is_open else None
        if items is None or len(items) > WRITTEN_OUT:
            raise refusal
        return items

    def _run_of(self, node: Any) -> GeneratorOf:
        return GeneratorOf(node, self.frame, self.iterated(self.expr(node.generators[0].iter), node))

    # Of known length.

    @contextmanager
    def inside(self, source: GeneratorOf) -> Iterator[None]:
        """Evaluate in a comprehension, whose names are its own."""
        with self._there(self.frame_of(source), [source.first]):
            yield

    @contextmanager
    def _there(self, frame: Any, over: list[Value]) -> Iterator[None]:
        """Evaluate in the frame of a comprehension, while it runs over this."""
        outer, spreading = self.frame, self.spreading
        self.frame, self.spreading = frame, False
        try:
            with self.holding(over):
                yield
        finally:
            self.frame, self.spreading = outer, spreading

    def frame_of(self, source: GeneratorOf) -> Any:
        names = frozenset(n.id for g in source.node.generators for n in gast.walk(g.target)
                          if isinstance(n, gast.Name))
        return dataclasses.replace(source.frame, locals=names, env={}, lexical=source.frame, caller=self.frame)

    def comprehended(self, source: GeneratorOf, node: Any, names: Sequence[str] = ()) -> Iterator[Value]:
        """The elements one after the other, each computed when it is asked for; the first ones have names."""
        left = iter(names)
        return self._elements(source, lambda: self.expr(source.node.elt, next(left, "")))

    def _elements(self, source: GeneratorOf, element: Callable[[], T]) -> Iterator[T]:
        inner, generators = self.frame_of(source), source.node.generators
        over = [source.first]

        def within(work: Callable[[], Any]) -> Any:
            with self._there(inner, over):
                return work()

        def go(k: int) -> Iterator[T]:
            if k == len(generators):
                yield within(element)
                return
            g = generators[k]
            over[k:] = [within(lambda: self.expr(g.iter)) if k else source.first]
            for item in self.steps(over[k], g.iter):
                self.program.count_copy(self, source.node)
                if within(functools.partial(self._taken, g, item, source.node)):
                    yield from go(k + 1)

        yield from go(0)

    def _taken(self, generator: Any, item: Value, node: Any) -> bool:
        self.bind_target(generator.target, item, node)
        return self.passes(generator)

    def passes(self, generator: Any) -> bool:
        """Whether the present item is taken."""
        for test in generator.ifs:
            truth = self.truth(self.expr(test), test)
            if truth is False:
                return False
            if truth is not True:
                raise LengthUnknown
        return True

    # Of a length known at run time only.

    def listed(self, source: GeneratorOf, hint: str = "") -> Value:
        """The elements as a list: a loop that appends to it."""
        node = source.node
        taken = {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}
        made = fresh(hint if hint.isidentifier() and hint not in taken else "made", taken)
        [append] = self.statements(f"{made}.append(None)", node)
        append.value.args[0] = node.elt
        return self.looped(source, f"{made} = []", [append], f"return {made}", {}, hint)

    def listed_if_lazy(self, value: Value, node: Any) -> Value:
        """What an iterator has left, as a list; other values as they are."""
        source = self.as_generator(self.drained(value, node), node)
        return self.listed(source) if isinstance(source, GeneratorOf) else source

    def every_of(self, name: str, source: GeneratorOf, hint: str) -> Value:
        """``any(…)`` or ``all(…)``: a loop that stops as soon as it is known."""
        taken = {n.id for n in gast.walk(source.node) if isinstance(n, gast.Name)}
        found = fresh({"any": "found", "all": "holds"}[name], taken)
        test = source.node.elt
        if name == "all":
            test = gast.copy_location(gast.UnaryOp(op=gast.Not(), operand=test), test)
        [stop] = self.statements(f"if None:\n    {found} = {name == 'any'}\n    break", test)
        stop.test = test
        return self.looped(source, f"{found} = {name == 'all'}", [stop], f"return {found}", {}, hint,
                           f"if {found}:\n    break" if name == "any" else f"if not {found}:\n    break")

    def sum_of_generator(self, source: GeneratorOf, start: Value, node: Any, hint: str) -> Value:
        """A loop that adds as Python's own sum does: since 3.12 it makes good what floats lose in rounding."""
        take_back = self.attempt()
        value = self._run_sum(source, start, hint, False)
        floats = isinstance(value, Var) and (value.type == FLOAT or isinstance(value.type, Unknown))
        if not (COMPENSATED and floats):
            return value
        take_back()
        return self._run_sum(source, start, hint, True)

    def _run_sum(self, source: GeneratorOf, start: Value, hint: str, compensated: bool) -> Value:
        taken = {n.id for n in gast.walk(source.node) if isinstance(n, gast.Name)}
        names = {word: fresh(word, taken) for word in ("total", "item", "lost", "rounding", "compensated")}
        lines = "{total} = {total} + {item}"
        if compensated:
            lines = "{lost} = {lost} + {rounding}({total}, {item})\n" + lines
        result = "return {compensated}({total}, {lost})" if compensated else "return {total}"
        [item] = self.statements(f"{names['item']} = None", source.node)
        item.value = source.node.elt
        values: Named = {names["total"]: start, names["lost"]: Lit(0.0), names["rounding"]: Library("rounding"),
                         names["compensated"]: Library("compensated")}
        inner = [item, *self.statements(lines.format(**names), source.node)]
        return self.looped(source, "", inner, result.format(**names), values, hint)

    def _check_walrus(self, source: GeneratorOf) -> None:
        """Refuse names that a comprehension gives to its function, unless nothing else there reads them."""
        inside = list(gast.walk(source.node))
        for walrus in (n for n in inside if isinstance(n, gast.NamedExpr)):
            name = walrus.target.id
            everywhere = sum(isinstance(n, gast.Name) and n.id == name for n in gast.walk(source.frame.node))
            if everywhere > sum(isinstance(n, gast.Name) and n.id == name for n in inside):
                self.refuse(walrus, f"'{name}' gets its value inside a comprehension whose length is not known, and "
                                    "is read outside of it", "write a loop")

    def statements(self, text: str, node: Any) -> list[Any]:
        """Statements that stand where ``node`` does."""
        made: list[Any] = gast.parse(text).body
        for part in (p for statement in made for p in gast.walk(statement)):
            if hasattr(part, "lineno"):
                gast.copy_location(part, node)
        return made

    def looped(self, source: GeneratorOf, before: str, inner: list[Any], after: str, values: Named, hint: str,
               also: str = "") -> Value:
        """The loops of a comprehension around statements; ``also`` stands behind each loop inside another one."""
        node = source.node
        self._check_walrus(source)
        items = fresh("items", {n.id for n in gast.walk(node) if isinstance(n, gast.Name)})
        for k, g in reversed(list(enumerate(node.generators))):
            for test in reversed(g.ifs):
                [choice] = self.statements("if None:\n    pass", test)
                choice.test, choice.body, inner = test, inner, [choice]
            [loop] = self.statements(f"for None_ in {items}:\n    pass", g.iter)
            loop.target, loop.body, inner = g.target, inner, [loop]
            if k:
                loop.iter = g.iter
            if k and also:
                inner += self.statements(also, node)
        [function] = self.statements(f"def generated():\n    {before or 'pass'}\n    {after}", node)
        function.body[0:1] = [*(function.body[:1] if before else ()), *inner]
        for statement in gast.walk(function):
            if isinstance(statement, gast.stmt):
                gast.copy_location(statement, self.node)
        info = define("generated", function, desugar(function).body, source.frame.source, source.frame.scope)
        values = {items: source.first, **values}
        info.locals |= values.keys()
        return self.inline(info, values, source.frame, node, hint)
