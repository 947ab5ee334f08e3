"""Loops: what is carried from iteration to iteration, and loops that are written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from s2sad.frontend.exits import has_break
from s2sad.frontend.flow import Flow
from s2sad.frontend.lower_carry import Carrying
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.operands import not_a
from s2sad.frontend.values import (
    EnumerateOf,
    ListOf,
    RangeOf,
    ReversedOf,
    Seq,
    Value,
    ZipOf,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.trace.ir import Arg, Block, For, Lit, Range, Var, While, Yield
from s2sad.trace.types import INT, NOTHING, rank

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


class Loops(Carrying):
    """``for`` and ``while``."""

    def bind_target(self, target: Any, value: Value, node: Any) -> None:
        raise NotImplementedError

    # For.

    def _do_For(self, node: Any) -> bool:
        iterable = self.iterated(self.expr(node.iter), node.iter)
        if is_bottom(iterable):
            # The first round of a fixpoint around this loop: nothing is known of what it runs over.
            self._for(node, Iteration(Lit(0), Lit(0), Lit(1), lambda i: Var(NOTHING)))
            return True
        copies = self._written_out(iterable, node)
        self.running_over.append(frozenset(one.cell for one in self.lists_within(iterable)))
        try:
            if copies is not None:
                return self._unroll(node, iterable, copies)
            self._for(node, self.iteration(iterable, node.iter, _first_name(node.target)))
            return True
        finally:
            self.running_over.pop()

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
        return not (is_number(value) or isinstance(value, (RangeOf, ListOf)))

    def iteration(self, value: Value, node: Any, hint: str) -> Iteration:
        """How to run over an iterable by an index."""
        if isinstance(value, RangeOf):
            return Iteration(value.start, value.stop, value.step, lambda i: i, hint=hint)
        if is_array(value):
            assert isinstance(value, Var)
            if rank(value.type) == 0:
                self.refuse_type(node, f"{describe_value(value)} cannot be iterated over", "",
                                 not_a("'{}' object is not iterable", value))
            length = self.op("len", value, node=node)
            array = value
            return Iteration(Lit(0), length, Lit(1),
                             lambda i: self.op("getitem", array, options={"index": i}, node=node, hint=hint))
        if isinstance(value, ListOf):
            return Iteration(Lit(0), self.op("len", value.items, node=node), Lit(1),
                             lambda i: self.item_at(self.grow(value, node), i, node, hint))
        if isinstance(value, ReversedOf):
            inner = self.iteration(value.item, node, hint)
            return Iteration(inner.start, inner.stop, inner.step, inner.element, not inner.backward, inner.hint)
        if isinstance(value, EnumerateOf):
            return self._enumeration(value, node, hint)
        if isinstance(value, ZipOf) and value.items:
            return self._parallel(value, node, hint)
        self.refuse_type(node, f"{describe_value(value)} cannot be iterated over",
                         "loop over a range, an array, or a tuple", not_a("'{}' object is not iterable", value))

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
        arrays = [v.items if isinstance(v, ListOf) else v for v in value.items if is_array(v) or isinstance(v, ListOf)]
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
            saved, outer, memory = self.flow, self.in_branch, self.memory
            self.flow, self.in_branch, self.memory = flow.fork(), True, memory.fork()
            self.flow.site, self.node = before
            try:
                truth = self.test(node.test)
                tests[:] = [self.flow.close(Yield((Lit(truth) if isinstance(truth, bool) else truth,)))]
            finally:
                self.flow, self.in_branch, self.memory = saved, outer, memory

        params, body = self._fixpoint(node, rounds, lower)
        inits = self._inits(rounds)
        results = self._results(node, rounds, body)
        self.flow.add(While(params, inits, tests[0], self._filled(body, rounds), results, site=self.flow.site))
        return not getattr(node, "endless", False) or self._after_endless()

    def _after_endless(self) -> bool:
        raise NotImplementedError

    # Loops that are written out.

    def _unroll(self, node: Any, iterable: Value, items: list[Value]) -> bool:
        """The body once for each item.  With a `break`, what follows an item stands in the branches that go on."""
        breaks = has_break(node.body)
        cells = [one.cell for one in self.lists_within(iterable)]
        begun = [self.memory.lists.get(c) for c in cells]

        def item(k: int) -> Value:
            """The item that the list has now."""
            if all(self.memory.lists.get(c) is v for c, v in zip(cells, begun)):
                return items[k]
            present = self.items_of(self.fresh_list(iterable), node.iter)
            assert present is not None and len(present) == len(items)
            return present[k]

        def copy(k: int) -> bool:
            if k == len(items):
                return True
            self.program.count_copy(self, node)
            self.at(node)
            self.bind_target(node.target, item(k), node)
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


def _first_name(target: Any) -> str:
    while isinstance(target, (gast.Tuple, gast.List)) and target.elts:
        target = target.elts[0]
    return target.id if isinstance(target, gast.Name) else ""

