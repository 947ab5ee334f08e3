"""Iterators: what can be run over once.

An iterator is a `Seq` of the kind ``iterator``: what it runs over (a list, an array, a `ZipOf`, a `GeneratorOf` …) and
how many items of that are used up.  Since its state is in the heap like the items of a list, an iterator that is
advanced in a branch or in a called function is advanced for whoever holds it:

    it = zip(xs, ys);  a, b = next(it);  rest = list(it)

What runs over something in one go takes it out of the iterator first (`drained`).
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import gast

from s2sad.frontend.lower_globals import Globals
from s2sad.frontend.values import (
    Abstract,
    ChainOf,
    Endless,
    EnumerateOf,
    GeneratorOf,
    ListOf,
    Poison,
    RangeOf,
    ReversedOf,
    Seq,
    SliceOf,
    Static,
    Value,
    ViewOf,
    YieldOf,
    ZipOf,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Var
from s2sad.trace.types import Array

_BEGIN = Lit(0)
# How many iterations a loop may have that is written out because it is not understood as a loop.
WRITTEN_OUT = 64


class LengthUnknown(Exception):  # noqa: N818  (control flow)
    """How many items something has is not known at compile time."""


class Iterators(Globals):
    """`items_of`, `drained` and `advance` are for everything that runs over something."""

    # Making them.

    def iterator(self, source: Value) -> Seq:
        """Something that can be run over once."""
        return Seq((source, _BEGIN), "iterator")

    def made_generator(self, text: str, first: Value, node: Any, **names: Value) -> Seq:
        """A generator expression over ``first``, to be run once."""
        return self.iterator(self.generated(text, first, node, **names))

    def generated(self, text: str, first: Value, node: Any, **names: Value) -> GeneratorOf:
        """A generator expression over ``first``, which reads these names."""
        made = gast.parse(f"({text})", mode="eval").body
        for part in gast.walk(made):
            if hasattr(part, "lineno"):
                gast.copy_location(part, node)
        frame = dataclasses.replace(self.frame, locals=frozenset(names), env=dict(names), lexical=None,
                                    caller=self.frame)
        return GeneratorOf(made, frame, first)

    def as_generator(self, value: Value, node: Any) -> Value:
        """What has to be run over by a loop, as a generator expression; other values as they are."""
        if isinstance(value, ChainOf):
            return self.generated("item for items_ in items for item in items_", Seq(value.items), node)
        if not isinstance(value, (ZipOf, EnumerateOf, ReversedOf, RangeOf, YieldOf)):
            return value
        return self.generated("item for item in items", value, node)

    # All items at once.

    def items_of(self, value: Value, node: Any) -> list[Value] | None:
        """The items of an iterable whose length is known, which uses an iterator up; None if it is not known."""
        value = self.fresh_list(self.spread_shape(self.iterated(value, node), node))
        if not self._has_steps(value):
            return self._plain_items(value, node)
        if isinstance(value, Seq) and isinstance(value.items[0], YieldOf):
            return self._yielded(value, node)
        if self._has_no_end(value):
            self.refuse(node, "running over an iterator without end is not supported",
                        "put it beside something that ends: zip(itertools.count(), xs)")
        take_back = self.attempt()
        try:
            return list(self.steps(value, node))
        except LengthUnknown:
            take_back()
            return None

    def _yielded(self, it: Seq, node: Any) -> list[Value] | None:
        """What a generator has left, in one go."""
        take_back = self.attempt()
        made = self.listed_if_lazy(it, node)
        if isinstance(made, Seq):
            return list(self.fresh_list(made).items)
        take_back()
        return None

    def has_known_length(self, value: Value, node: Any) -> bool:
        """Whether it is known how many items an iterable has; nothing is used up."""
        take_back = self.attempt()
        known = self.items_of(value, node) is not None
        take_back()
        return known

    def iterators_within(self, value: Value) -> list[Seq]:
        """The iterators that running over something advances."""
        value = self.fresh_list(value)
        if isinstance(value, Seq) and value.is_iterator:
            return [value, *self.iterators_within(value.items[0])]
        inner = () if not isinstance(value, Abstract) or isinstance(value, (Seq, ListOf)) else value.parts()
        return [it for part in inner for it in self.iterators_within(part)]

    def lose(self, iterators: Iterable[Seq], why: str, node: Any) -> None:
        """From now on it is not known how far iterators have come."""
        for it in iterators:
            self.change(it, it.with_items((Poison(why, "make it a list first: list(...)"), _BEGIN)), node, False)

    def _has_steps(self, value: Value) -> bool:
        """Whether the items of an iterable are computed one after the other."""
        return isinstance(value, (GeneratorOf, ZipOf, EnumerateOf, ChainOf, Endless)) or (
            isinstance(value, Seq) and value.is_iterator)

    def _has_no_end(self, value: Value) -> bool:
        """Whether there are items for ever."""
        value = self.fresh_list(value)
        if isinstance(value, ZipOf):
            return bool(value.items) and all(map(self._has_no_end, value.items))
        if isinstance(value, EnumerateOf):
            return self._has_no_end(value.item)
        if isinstance(value, GeneratorOf):
            return self._has_no_end(value.first)
        return isinstance(value, Endless) or isinstance(value, Seq) and value.is_iterator and (
            self._has_no_end(value.items[0]))

    # The iterators that the loops around run over as loops.
    running_through: frozenset[int] = frozenset()

    def _refuse_inside(self, it: Seq, node: Any) -> None:
        """Refuse to use up an iterator in a loop over it: how far it has come changes from iteration to iteration."""
        if it.cell in self.running_through:
            self.refuse(node, "an iterator that a loop runs over is used up inside of the loop",
                        "make it a list first, and loop over indices")

    # Whether the items of arrays are spread out, whose number is asked for if it depends on an argument.
    spreading = False

    def spread_items(self, value: Value, node: Any) -> list[Value] | None:
        """The items of an iterable, of arrays too; None if their number is not known."""
        before, self.spreading = self.spreading, True
        try:
            return self.items_of(value, node)
        finally:
            self.spreading = before

    def _plain_items(self, value: Value, node: Any) -> list[Value] | None:
        if self.spreading and isinstance(value, Var) and not is_bottom(value):
            return self.spread_rows(value, node)
        if isinstance(value, ViewOf):
            value = self.view_items(value)
        if isinstance(value, Seq):
            if value.is_object:
                return None
            if self.is_set(value):
                return self.members_in_order(value, node)
            return [self.key_value(k) for k in value.keys] if value.is_dict else list(value.items)
        if isinstance(value, Lit) and isinstance(value.value, str):
            return [Lit(c) for c in value.value]
        if isinstance(value, RangeOf):
            bounds = [self.facts.known(a) for a in (value.start, value.stop, value.step)]
            if all(known for known, _ in bounds):
                return [Lit(k) for k in range(*(v for _, v in bounds))]
        if isinstance(value, ReversedOf):
            inner = self.items_of(value.item, node)
            return None if inner is None else inner[::-1]
        if isinstance(value, Static) and isinstance(value.value, frozenset):
            return self.members_in_order(value, node)
        if isinstance(value, Static) and isinstance(value.value, (range, tuple)):
            return [self.from_object(v) for v in value.value]
        return None

    def steps(self, value: Value, node: Any) -> Iterator[Value]:
        """The items one after the other, each computed when it is asked for.

        Raises:
            LengthUnknown: where it shows that their number is not known.
        """
        value = self.fresh_list(self.spread_shape(self.iterated(value, node), node))
        if isinstance(value, GeneratorOf):
            yield from self.comprehended(value, node)
        elif isinstance(value, ZipOf):
            parts = [self.steps(v, node) for v in value.items]
            for together in zip(*parts):
                yield Seq(together)
        elif isinstance(value, ChainOf):
            for part in value.items:
                yield from self.steps(part, node)
        elif isinstance(value, EnumerateOf):
            known, start = self.facts.known(value.start)
            for k, item in enumerate(self.steps(value.item, node)):
                yield Seq((Lit(start + k) if known else self.op("+", value.start, Lit(k), node=node), item))
        elif isinstance(value, Endless):
            for k in itertools.count():
                yield self.endless_item(value, Lit(k), node)
        elif isinstance(value, Seq) and value.is_iterator:
            yield from self._steps_of_iterator(value, node)
        else:
            items = self._plain_items(value, node)
            if items is None:
                raise LengthUnknown
            yield from items

    def endless_item(self, value: Endless, k: Arg, node: Any) -> Value:
        """An item of an iterator without end."""
        if value.step is None or k == Lit(0):
            return value.value
        known = [self.facts.known(a) for a in (value.value, value.step, k)]  # type: ignore[arg-type]
        if all(is_known and isinstance(v, int) for is_known, v in known):
            return Lit(known[0][1] + known[1][1] * known[2][1])
        more = k if value.step == Lit(1) else self.op("*", k, value.step, node=node)
        return self.op("+", value.value, more, node=node)  # type: ignore[arg-type]

    def _steps_of_iterator(self, it: Seq, node: Any) -> Iterator[Value]:
        source, at = it.items
        if isinstance(source, GeneratorOf) and len(source.node.generators) > 1:
            rest = self.drained(it, node)
            self.lose([it], "a generator expression with several 'for' has not been run to its end", node)
            yield from self.steps(rest, node)
            self.hold_iterator(it, Seq(()), 0, node)
            return
        while (item := self.advance(it, node)) is not None:
            yield item

    # One item.

    def advance(self, it: Seq, node: Any) -> Value | None:
        """The next item of an iterator; None if there is none.

        Raises:
            LengthUnknown: if it is not known whether there is one.
        """
        it = self.fresh_list(it)
        self._refuse_inside(it, node)
        source, at = it.items
        known, position = self.facts.known(at)  # type: ignore[arg-type]
        if not known:
            self.refuse_type(node, "how many items of this iterator are used up is computed at run time",
                             "use a list, and an index of your own")
        found = self._item_from(source, position, node)
        self.hold_iterator(it, Seq(()) if found is None else source, 0 if found is None else found[1], node)
        return None if found is None else found[0]

    def hold_iterator(self, it: Seq, source: Value, position: int, node: Any) -> None:
        """From now on an iterator runs over something else, or begins elsewhere."""
        if self.fresh_list(it).items != (source, Lit(position)):
            self.change(it, it.with_items((source, Lit(position))), node, False)

    def _item_from(self, source: Value, at: int, node: Any) -> tuple[Value, int] | None:
        """The first item from a position on, and the position behind it; None if there is none."""
        source = self.not_asked(self.read(source, "this iterator", node), node)
        source = self.fresh_list(self.spread_shape(source, node))
        if isinstance(source, Seq) and source.is_iterator:
            item = self.advance(source, node)
            return None if item is None else (item, at + 1)
        if isinstance(source, ZipOf):
            found = []
            for part in source.items:
                one = self._item_from(part, at, node)
                if one is None:
                    return None
                found.append(one[0])
            return (Seq(tuple(found)), at + 1) if found else None
        if isinstance(source, ChainOf):
            return self._chained_item(source, at, node)
        if isinstance(source, Endless):
            return self.endless_item(source, Lit(at), node), at + 1
        if isinstance(source, EnumerateOf):
            one = self._item_from(source.item, at, node)
            known, start = self.facts.known(source.start)
            count = Lit(start + at) if known else self.op("+", source.start, Lit(at), node=node)
            return None if one is None else (Seq((count, one[0])), at + 1)
        if isinstance(source, GeneratorOf):
            return self._generated(source, at, node)
        items = self._known_items_of(source, node)
        if items is None:
            raise LengthUnknown
        return (items[at], at + 1) if at < len(items) else None

    def _known_items_of(self, value: Value, node: Any) -> list[Value] | None:
        return self.rows_of(value) if is_number(value) and not self.spreading else self._plain_items(value, node)

    def _chained_item(self, source: ChainOf, at: int, node: Any) -> tuple[Value, int] | None:
        """The position counts the items of what are no iterators: those count for themselves."""
        before = 0
        for part in source.items:
            part = self.fresh_list(self.not_asked(part, node))
            if isinstance(part, Seq) and part.is_iterator:
                item = self.advance(part, node)
                if item is not None:
                    return item, at
                continue
            items = self._known_items_of(part, node)
            if items is None:
                raise LengthUnknown
            if at - before < len(items):
                return items[at - before], at + 1
            before += len(items)
        return None

    def _generated(self, source: GeneratorOf, at: int, node: Any) -> tuple[Value, int] | None:
        """The first item of a generator expression from a position of its iterable on."""
        if len(source.node.generators) > 1:
            self.refuse(node, "a single item of a generator expression with several 'for' is not supported",
                        "make it a list: [... for ... for ...]")
        generator = source.node.generators[0]
        while (one := self._item_from(source.first, at, generator.iter)) is not None:
            item, at = one
            self.program.count_copy(self, node)
            with self.inside(source):
                self.bind_target(generator.target, item, source.node)
                if self.passes(generator):
                    return self.expr(source.node.elt), at
        return None

    # What is left.

    def drained(self, value: Value, node: Any) -> Value:
        """What an iterator has left, which this uses up; other values as they are."""
        value = self.fresh_list(value)
        if not isinstance(value, Seq) or not value.is_iterator:
            return value
        self._refuse_inside(value, node)
        source, at = value.items
        known, position = self.facts.known(at)  # type: ignore[arg-type]
        if not known:
            self.refuse_type(node, "how many items of this iterator are used up is computed at run time",
                             "use a list, and an index of your own")
        self.hold_iterator(value, Seq(()), 0, node)
        return self.rest_of(source, position, node)

    def taken_out(self, value: Value, node: Any) -> Value:
        """What an iterator has left: its items if their number is known; other values as they are."""
        value = self.fresh_list(value)
        if not isinstance(value, Seq) or not value.is_iterator:
            return value
        items = self.items_of(value, node)
        if items is not None:
            return Seq(tuple(items))
        rest = self.drained(value, node)
        return self.as_generator(rest, node) if isinstance(rest, YieldOf) else rest

    def one_by_one(self, value: Value, node: Any) -> Iterator[Value] | None:
        """The items of an iterable of known length, each computed when it is asked for; None if it is not known."""
        return self.steps(value, node) if self.has_known_length(value, node) else None

    def rest_of(self, source: Value, at: int, node: Any) -> Value:
        """What there is from a position on."""
        source = self.fresh_list(self.not_asked(self.read(source, "this iterator", node), node))
        if isinstance(source, Seq) and source.is_iterator:
            return self.drained(source, node)
        if isinstance(source, ZipOf):
            cells = [v.cell for v in source.items if isinstance(v, Seq) and self.fresh_list(v).is_iterator]
            if len(set(cells)) < len(cells):
                self.refuse(node, "zip() of the same iterator twice is not supported where its length is not known",
                            "use slices: zip(x[::2], x[1::2])")
            beside = [it for v in source.items for it in self.iterators_within(v)] if len(source.items) > 1 else []
            rest = ZipOf(tuple(self.rest_of(v, at, node) for v in source.items))
            self.lose(beside, "zip() stops where the first of several things ends", node)
            return rest
        if isinstance(source, EnumerateOf):
            start = source.start if at == 0 else self.op("+", source.start, Lit(at), node=node)
            return EnumerateOf(self.rest_of(source.item, at, node), start)
        if isinstance(source, ChainOf) and at > 0:
            left = self.items_of(Seq((source, Lit(at)), "iterator"), node)
            if left is None:
                self.refuse(node, "running over the rest of a chain whose length is not known is not supported",
                            "make it a list first: list(...)")
            return Seq(tuple(left))
        if isinstance(source, ChainOf):
            return ChainOf(tuple(self.rest_of(v, 0, node) for v in source.items))
        if isinstance(source, Endless):
            return Endless(self.endless_item(source, Lit(at), node), source.step)
        if isinstance(source, GeneratorOf):
            return GeneratorOf(source.node, source.frame, self.rest_of(source.first, at, node))
        if at == 0:
            return source
        items = self._plain_items(source, node)
        if items is not None:
            return Seq(tuple(items[at:]))
        if isinstance(source, RangeOf):
            step = self.op("*", source.step, Lit(at), node=node)
            return RangeOf(self.op("+", source.start, step, node=node), source.stop, source.step)
        if isinstance(source, Var) and isinstance(source.type, Array):
            return self.op("getitem", source, options={"index": Slc(Lit(at), NONE, NONE)}, node=node)
        if isinstance(source, ListOf):
            return self.list_item_at(source, SliceOf(Lit(at), NONE, NONE), node)
        self.refuse(node, f"running over the rest of {describe_value(source)} is not supported", "use indices")

    # Implemented by the classes built on this one.

    def comprehended(self, source: GeneratorOf, node: Any, names: Sequence[str] = ()) -> Iterator[Value]:
        raise NotImplementedError

    def listed(self, source: GeneratorOf, hint: str = "") -> Value:
        raise NotImplementedError

    def listed_if_lazy(self, value: Value, node: Any) -> Value:
        raise NotImplementedError

    def inside(self, source: GeneratorOf) -> Any:
        raise NotImplementedError

    def passes(self, generator: Any) -> bool:
        raise NotImplementedError

    def bind_target(self, target: Any, value: Value, node: Any) -> None:
        raise NotImplementedError
