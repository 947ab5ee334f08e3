"""Loops: what is carried from iteration to iteration, and loops that are written out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gast

from s2sad.errors import Refusal
from s2sad.frontend.equivalents import is_equivalent
from s2sad.frontend.exits import has_break
from s2sad.frontend.flow import Flow
from s2sad.frontend.lower_carry import Carrying
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_iterators import WRITTEN_OUT
from s2sad.frontend.operands import not_a
from s2sad.frontend.values import (
    Abstract,
    ChainOf,
    Endless,
    EnumerateOf,
    GeneratorOf,
    ListOf,
    RangeOf,
    ReversedOf,
    Seq,
    Value,
    YieldOf,
    ZipOf,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.trace.ir import Arg, Block, For, Lit, Range, Var, While, Yield
from s2sad.trace.types import INT, NOTHING, rank

_ROUNDS = 12
# How often the body of a `while` is written out at most.
_WRITTEN_OUT = 200


class _Changing(Exception):  # noqa: N818  (control flow)
    """The test of a loop changes lists, arrays or variables."""


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

    def fall(self) -> bool:
        raise NotImplementedError

    def as_generator_function(self, source: GeneratorOf) -> YieldOf:
        raise NotImplementedError

    def run_generator(self, node: Any, source: YieldOf, start: Arg | None) -> None:
        raise NotImplementedError

    # For.

    def _do_For(self, node: Any) -> bool:
        iterable = self.iterated(self.expr(node.iter), node.iter)
        if is_bottom(iterable):
            # The first round of a fixpoint around this loop: nothing is known of what it runs over.
            self._for(node, Iteration(Lit(0), Lit(0), Lit(1), lambda i: Var(NOTHING)))
            return True
        if isinstance(iterable, Seq) and iterable.is_iterator:
            if self._is_stepwise(iterable, node.iter):
                return self._run_over(iterable, node)
            iterators = self.iterators_within(iterable)
            iterable = self.drained(iterable, node.iter)
            if has_break(node.body) or self.program.catching:
                self.lose(iterators, "the loop over it may have been left before its end", node.iter)
            outer = self.running_through
            self.running_through |= {it.cell for it in iterators}
            try:
                return self._run_through(iterable, node)
            finally:
                self.running_through = outer
        return self._run_through(iterable, node)

    def _run_through(self, iterable: Value, node: Any) -> bool:
        """Lower a loop over what is no iterator."""
        inner = iterable.item if isinstance(iterable, EnumerateOf) else iterable
        if isinstance(inner, GeneratorOf) and isinstance(inner.first, YieldOf):
            inner = self.as_generator_function(inner)
        if isinstance(inner, YieldOf):
            self.run_generator(node, inner, iterable.start if isinstance(iterable, EnumerateOf) else None)
            return True
        items = self.items_of(iterable, node.iter) if self._has_structure(iterable) else None
        return self._run_over(iterable, node, items)

    def _run_over(self, iterable: Value, node: Any, items: list[Value] | None = None) -> bool:
        """Lower a loop: written out for an iterator or for items, else as a loop."""
        self.running_over.append(frozenset(self._run_cells(iterable)))
        self.held.append((iterable,))
        try:
            if items is not None or isinstance(iterable, Seq) and iterable.is_iterator:
                return self._unroll(node, iterable, items)
            return self._loop_or_copies(node, iterable)
        finally:
            self.running_over.pop()
            self.held.pop()

    def _loop_or_copies(self, node: Any, iterable: Value) -> bool:
        """A loop; written out if it is short and is not understood as a loop: ``params[f"W{i}"]``, ``layers[i]``."""
        take_back = self.attempt()
        refused, reads = len(self.pending), len(self.unset_reads)
        try:
            self._for(node, self.iteration(iterable, node.iter, _first_name(node.target), True))
            return True
        except Refusal as refusal:
            if refusal.is_open and isinstance(iterable, RangeOf):
                for bound in (iterable.start, iterable.stop, iterable.step):
                    if isinstance(bound, Var) and self.facts.places.get(bound):
                        self.demand(bound, "it is the bound of a range that is spread out", node.iter)
            take_back()
            del self.pending[refused:], self.unset_reads[reads:]
            items = self.spread_items(iterable, node.iter) if refusal.is_open else self.items_of(iterable, node.iter)
            if items is None or len(items) > WRITTEN_OUT:
                raise
            try:
                return self._unroll(node, iterable, items)
            except Refusal:
                raise refusal from None

    def _run_cells(self, value: Value) -> Iterator[int]:
        """The lists that are run over, whose length must stay; what is in their items is not among them."""
        value = self.fresh_list(value)
        if isinstance(value, (Seq, ListOf)):
            yield value.cell
        inner = value.items[:1] if isinstance(value, Seq) and value.is_iterator else (
            value.parts() if isinstance(value, Abstract) and not isinstance(value, (Seq, ListOf)) else ())
        for part in inner:
            yield from self._run_cells(part)

    def _is_stepwise(self, it: Seq, node: Any) -> bool:
        """Whether a loop over an iterator is written out."""
        return self._has_structure(it.items[0]) and self.has_known_length(it, node)

    def _has_structure(self, value: Value) -> bool:
        value = self.fresh_list(value)
        if isinstance(value, (EnumerateOf, ReversedOf)):
            return self._has_structure(value.item)
        if isinstance(value, (ZipOf, ChainOf)):
            return any(map(self._has_structure, value.items))
        if isinstance(value, GeneratorOf):
            return self._has_structure(value.first)
        if isinstance(value, Seq) and value.is_iterator:
            return self._has_structure(value.items[0])
        if isinstance(value, RangeOf) and is_equivalent(self.frame.source):
            return all(self.facts.known(bound)[0] for bound in (value.start, value.stop, value.step))
        return not (is_number(value) or isinstance(value, (RangeOf, ListOf, YieldOf)) or self.is_long_table(value))

    def iteration(self, value: Value, node: Any, hint: str, alone: bool = False) -> Iteration:
        """How to run over an iterable by an index; ``alone`` says that nothing runs beside it, so that it may skip."""
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
        if isinstance(value, Seq) and value.is_iterator:
            return self.iteration(self.drained(value, node), node, hint, alone)
        if isinstance(value, Seq) and self.is_long_table(value):
            table = self.op("constants", *value.items, node=node)  # type: ignore[arg-type]
            return self.iteration(ListOf(table), node, hint)
        if isinstance(value, Seq) and value.is_list:
            items = ListOf(self.list_var(value, node))
            return Iteration(Lit(0), Lit(len(value.items)), Lit(1),
                             lambda i: self.item_at(self.grow(items, node), i, node, hint))
        if isinstance(value, Seq) and value.kind == "tuple" and value.cls is None:
            return self.iteration(Seq(value.items, "list"), node, hint)
        if isinstance(value, ChainOf):
            source = self.as_generator(value, node)
            assert isinstance(source, GeneratorOf)
            return self.iteration(self.listed(source), node, hint)
        if isinstance(value, GeneratorOf):
            return self._generation(value, node, hint, alone)
        if isinstance(value, ReversedOf):
            inner = self.iteration(value.item, node, hint)
            return Iteration(inner.start, inner.stop, inner.step, inner.element, not inner.backward, inner.hint)
        if isinstance(value, EnumerateOf):
            return self._enumeration(value, node, hint)
        if isinstance(value, ZipOf) and value.items:
            return self._parallel(value, node, hint)
        if isinstance(value, YieldOf):
            self.refuse(node, "running over a generator beside something else is not supported",
                        "make it a list first: list(...)")
        self.refuse_type(node, f"{describe_value(value)} cannot be iterated over",
                         "loop over a range, an array, or a tuple", not_a("'{}' object is not iterable", value))

    def _generation(self, value: GeneratorOf, node: Any, hint: str, alone: bool) -> Iteration:
        """A generator expression is run item by item; an item that it leaves out ends the iteration."""
        generators = value.node.generators
        if len(generators) > 1 or generators[0].ifs and not alone:
            self.refuse(node, "running over a generator expression with several 'for', or with conditions beside "
                              "something else, is not supported where its length is not known",
                        "make it a list: [... for ... if ...]")
        inner, target = self.iteration(value.first, node, "", alone), generators[0].target

        def element(i: Var) -> Value:
            item = inner.element(i)
            inside = self.frame_of(value)

            def within(work: Callable[[], Any]) -> Any:
                outer, self.frame = self.frame, inside
                try:
                    return work()
                finally:
                    self.frame = outer

            within(lambda: self.bind_target(target, item, value.node))
            for test in generators[0].ifs:
                truth = within(functools.partial(self.test, test))
                if truth is True:
                    continue
                if truth is False:
                    self.refuse(test, "this condition never holds: the loop runs over nothing", "leave the loop out")
                taken, left = self.path(lambda: True, False), self.path(self.fall, False)
                self.rejoin(truth, taken, left, node, frozenset())
            return within(lambda: self.expr(value.node.elt, hint))  # type: ignore[no-any-return]

        return Iteration(inner.start, inner.stop, inner.step, element, inner.backward, "")

    def _enumeration(self, value: EnumerateOf, node: Any, hint: str) -> Iteration:
        inner = self.iteration(value.item, node, "")
        if inner.backward or inner.step != Lit(1):
            self.refuse(node, "enumerate() of this is not supported", "count in a variable of your own")
        shifted = inner.start != Lit(0)
        stop = self.op("-", inner.stop, inner.start, node=node) if shifted else inner.stop

        def element(i: Var) -> Value:
            count = i if value.start == Lit(0) else self.op("+", value.start, i, node=node, hint=hint)
            return Seq((count, inner.element(self.op("+", inner.start, i, node=node) if shifted else i)))

        return Iteration(Lit(0), stop, Lit(1), element, hint=hint if value.start == Lit(0) else "")

    def _parallel(self, value: ZipOf, node: Any, hint: str) -> Iteration:
        sources = [self.drained(v, node) for v in value.items]
        everything = [self._endless(v, node) if isinstance(v, Endless) else self.iteration(v, node, "")
                      for v in sources]
        parts = [p for p, v in zip(everything, sources) if not isinstance(v, Endless)]
        if not parts:
            self.refuse(node, "running over an iterator without end is not supported",
                        "put it beside something that ends: zip(itertools.count(), xs)")
        if any(p.step != Lit(1) for p in parts):
            self.refuse(node, "zip() of a stepped range is not supported", "use indices")
        arrays = [v.items if isinstance(v, ListOf) else v for v in sources if is_array(v) or isinstance(v, ListOf)]
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
            return Seq(tuple(p.element(self._index_in(p, i, node)) for p in everything))

        return Iteration(Lit(0), stop, Lit(1), element, hint="")

    def _index_in(self, it: Iteration, i: Var, node: Any) -> Var:
        """The index at which something stands in its i-th iteration."""
        if it.backward:
            last = self.op("-", it.stop, Lit(1), node=node)
            return self.op("-", last, i, node=node)
        return i if it.start == Lit(0) else self.op("+", it.start, i, node=node)

    def _endless(self, value: Endless, node: Any) -> Iteration:
        """Only for what runs beside it."""
        return Iteration(Lit(0), Lit(0), Lit(1), lambda i: self.endless_item(value, i, node))

    def _for(self, node: Any, it: Iteration) -> None:
        rounds = self._rounds(self._carried(node, [node.target, *node.body]), node)
        index = Var(INT, it.hint)                           # made in the loop: lengths that depend on it change

        def lower(flow: Flow) -> None:
            self.bind_target(node.target, it.element(index), node)

        params, body = self._fixpoint(node, rounds, lower)
        inits = self._inits(rounds)
        results = self._results(node, rounds, body)
        self.flow.add(For(index, Range(it.start, it.stop, it.step), params, inits, self._filled(body, rounds),
                          results, it.backward, site=self.flow.site))

    # While.

    def _do_While(self, node: Any) -> bool:
        """A loop; written out if it cannot stay one, and if structure says how often it runs: ``while node.next:``."""
        back, memory, env = self.flow.mark(), self.memory.fork(), dict(self.frame.env)
        counts = len(self.unset_reads), len(self.pending)
        try:
            return self._while(node)
        except Refusal as refusal:
            self.flow.rewind(back)
            self.memory, self.frame.env = memory, env
            del self.unset_reads[counts[0]:]
            del self.pending[counts[1]:]
            self.at(node)
            if self.test(node.test) is not True:
                raise
            self.flow.rewind(back)
            return self._write_out(node, refusal)

    def _write_out(self, node: Any, refusal: Refusal) -> bool:
        """The body once for each time that the test is known to hold."""
        breaks = has_break(node.body)

        def copy(k: int) -> bool | None:
            """One copy of the body, or none; whether control goes on behind it."""
            self.at(node)
            truth = self.test(node.test)
            if truth is False:
                return True if breaks else None
            if truth is not True or k > _WRITTEN_OUT:
                raise refusal
            return self._one_copy(node, breaks, lambda: bool(copy(k + 1)))

        return bool(copy(0)) if breaks else self._all_copies(copy)

    def _one_copy(self, node: Any, breaks: bool, following: Callable[[], bool]) -> bool:
        """The body once; with a `break`, the copies that follow stand in the branches that go on."""
        self.frame.loops.append("nested" if breaks else "copy")
        self.copies.append(following)
        try:
            return self.run(node.body, breaks)
        finally:
            self.copies.pop()
            self.frame.loops.pop()

    def _all_copies(self, copy: Callable[[int], bool | None]) -> bool:
        k = 0
        while (falls := copy(k)) is not None:
            if not falls:
                return False
            k += 1
        return True

    def _while(self, node: Any) -> bool:
        rounds = self._rounds(self._carried(node, node.body), node)
        tests: list[Block] = []
        before = (self.flow.site, self.node)

        def lower(flow: Flow) -> None:
            saved, outer, memory = self.flow, self.in_branch, self.memory
            self.flow, self.in_branch, self.memory = flow.fork(), True, memory.fork()
            self.flow.site, self.node = before
            try:
                truth = self.test(node.test)
                if (self.memory.contents, self.memory.lists) != (memory.contents, memory.lists):
                    raise _Changing
                tests[:] = [self.flow.close(Yield((Lit(truth) if isinstance(truth, bool) else truth,)))]
            finally:
                self.flow, self.in_branch, self.memory = saved, outer, memory

        try:
            params, body = self._fixpoint(node, rounds, lower)
        except _Changing:
            return self._while(self._tested_inside(node))
        inits = self._inits(rounds)
        results = self._results(node, rounds, body)
        self.flow.add(While(params, inits, tests[0], self._filled(body, rounds), results, site=self.flow.site))
        return not getattr(node, "endless", False) or self._after_endless()

    def _tested_inside(self, node: Any) -> Any:
        """``while test: body`` as ``while True: if test: body else: break``, for a test that changes something."""
        choice = gast.copy_location(gast.If(test=node.test, body=node.body, orelse=[
            gast.copy_location(gast.Break(), node)]), node)
        true = gast.copy_location(gast.Constant(value=True, kind=None), node.test)
        loop = gast.copy_location(gast.While(test=true, body=[choice], orelse=[]), node)
        choice.leaves = True
        live = self.frame.live
        live.head[id(loop)] = live.after[id(choice)] = live.head[id(node)]
        live.after[id(loop)] = live.after[id(node)]
        self.program.keep(loop)
        return loop

    def _after_endless(self) -> bool:
        raise NotImplementedError

    # Loops that are written out.

    def _unroll(self, node: Any, iterable: Value, items: list[Value] | None) -> bool:
        """The body once for each item.  With a `break`, what follows an item stands in the branches that go on."""
        breaks = has_break(node.body)
        cells = [one.cell for one in self.lists_within(iterable)]
        begun = [self.memory.lists.get(c) for c in cells]

        def item(k: int) -> Value | None:
            """The item that there is now; None behind the last one."""
            if items is None:
                assert isinstance(iterable, Seq)
                return self.advance(iterable, node.iter)
            if k == len(items) or all(self.memory.lists.get(c) is v for c, v in zip(cells, begun)):
                return items[k] if k < len(items) else None
            present = self.items_of(self.fresh_list(iterable), node.iter)
            assert present is not None and len(present) == len(items)
            return present[k]

        def copy(k: int) -> bool | None:
            """One copy of the body, or none; whether control goes on behind it."""
            found = item(k)
            if found is None:
                return True if breaks else None
            self.program.count_copy(self, node)
            self.at(node)
            self.bind_target(node.target, found, node)
            return self._one_copy(node, breaks, lambda: bool(copy(k + 1)))

        return bool(copy(0)) if breaks else self._all_copies(copy)


def _first_name(target: Any) -> str:
    while isinstance(target, (gast.Tuple, gast.List)) and target.elts:
        target = target.elts[0]
    return target.id if isinstance(target, gast.Name) else ""
