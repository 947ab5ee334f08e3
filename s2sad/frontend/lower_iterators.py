"""Iterators: what can be run over once.

An iterator is `Seq` of the kind ``iterator``: what it runs over (a list, an array, a `ZipOf`, a `GeneratorOf` …) and how
many items of that are used up.  Since its state is in the heap like the items of a list, an iterator that is advanced in
a branch or in a called function is advanced for whoever holds it:

    it = zip(xs, ys);  a, b = next(it);  rest = list(it)

What runs over something in one go takes it out of the iterator first (`drained`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import gast

from s2sad.frontend.lower_control import Control
from s2sad.frontend.lower_core import is_integer
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import (
    EnumerateOf,
    GeneratorOf,
    Library,
    ListOf,
    Poison,
    RangeOf,
    ReversedOf,
    Seq,
    SliceOf,
    Static,
    Value,
    ViewOf,
    ZipOf,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Var
from s2sad.trace.types import INT, Array, Unknown, rank

_BEGIN = Lit(0)


class LengthUnknown(Exception):  # noqa: N818  (control flow)
    """How many items something has is not known at compile time."""


class Iterators(Control):
    """Handlers by canonical name; `items_of`, `drained` and `advance` are for everything that runs over something."""

    # Making them.

    def iterator(self, source: Value) -> Seq:
        """Something that can be run over once."""
        return Seq((source, _BEGIN), "iterator")

    def _builtin_iter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("iter", args, 1, 1, node)
        value = self.fresh_list(args[0])
        if is_bottom(value) or isinstance(value, Seq) and value.is_iterator:
            return value  # type: ignore[no-any-return]
        return self.iterator(self._iterable(value, "iter", node))

    def _iterable(self, value: Value, name: str, node: Any) -> Value:
        """A value of which it is known that one can run over it."""
        known = isinstance(value, (ListOf, RangeOf, ViewOf)) or isinstance(value, Seq) and not value.is_object
        if not known and self.fresh_items(value, node) is None and not (
                isinstance(value, Var) and (rank(value.type) or isinstance(value.type, Unknown))):
            self.refuse_type(node, f"{name}() of {describe_value(value)} is not supported", "use it with something "
                                   "that can be iterated over")
        return value

    def fresh_items(self, value: Value, node: Any) -> list[Value] | None:
        """The items of what is no iterator, without using anything up."""
        return None if isinstance(value, Seq) and value.is_iterator else self.items_of(value, node)

    def _builtin_range(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("range", kwargs, node)
        self._arity("range", args, 1, 3, node)
        bounds: list[Arg] = []
        for a in args:
            if is_bottom(a):
                a = Var(INT)
            if not isinstance(a, (Lit, Var)) or not (is_integer(a) or isinstance(type_of(a), Unknown)):
                self.refuse_type(node, f"range() takes integers, not {describe_value(a)}")
            bounds.append(a)
        start, stop, step = bounds if len(bounds) == 3 else [*(bounds if len(bounds) == 2 else [Lit(0), *bounds]),
                                                             Lit(1)]
        if self.facts.known(step) == (True, 0):
            self.refuse_type(node, "range() step must not be zero")
        return RangeOf(start, stop, step)

    def _builtin_zip(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if any(map(is_bottom, args)):
            return next(a for a in args if is_bottom(a))
        strict = kwargs.pop("strict", Lit(False))
        self._no_keywords("zip", kwargs, node)
        if self.truth(strict, node) is not False:
            self._check_lengths(args, node)
        return self.iterator(ZipOf(tuple(args)))

    def _check_lengths(self, args: Args, node: Any) -> None:
        """What ``zip(…, strict=True)`` asks for."""
        if any(isinstance(a, Seq) and a.is_iterator for a in map(self.fresh_list, args)):
            self.refuse(node, "the argument 'strict' of zip is not supported with iterators", "make them lists first")
        lengths = [self.call_value(Library("len", len), [a], {}, node) for a in args]
        for n, (a, length) in enumerate(zip(args, lengths)):
            same = self.truth(self.compare("==", length, lengths[0], node), node)
            if same is False:
                self.refuse_type(node, f"zip(): argument {n + 1} does not have the length of argument 1")
            if same is not True:
                whole = a if isinstance(a, Var) else args[0]
                length = lengths[0] if isinstance(a, Var) else length
                if not isinstance(whole, Var):
                    self.refuse(node, "the argument 'strict' of zip is not supported with these values",
                                "compare the lengths: assert len(a) == len(b)")
                self.effect("check_length", whole, length=self.number(length, node))

    def _builtin_enumerate(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("enumerate", args, 1, 2, node)
        start = args[1] if len(args) == 2 else kwargs.get("start", Lit(0))
        return args[0] if is_bottom(args[0]) else self.iterator(EnumerateOf(args[0], self.number(start, node)))

    def _builtin_reversed(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("reversed", args, 1, 1, node)
        if isinstance(args[0], Seq) and args[0].is_iterator:
            self.refuse_type(node, "reversed() does not take an iterator", "make it a list first: list(...)")
        return args[0] if is_bottom(args[0]) else self.iterator(ReversedOf(args[0]))

    def _builtin_map(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("map", kwargs, node)
        self._arity("map", args, 2, 99, node)
        if any(map(is_bottom, args)):
            return next(a for a in args if is_bottom(a))
        if len(args) == 2:
            return self.made_generator("function(item) for item in items", args[1], node, function=args[0])
        return self.made_generator("function(*item) for item in items", ZipOf(tuple(args[1:])), node,
                                    function=args[0])

    def _builtin_filter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("filter", args, 2, 2, node)
        if any(map(is_bottom, args)):
            return next(a for a in args if is_bottom(a))
        test = "item" if args[0] == NONE else "function(item)"
        return self.made_generator(f"item for item in items if {test}", args[1], node, function=args[0])

    def made_generator(self, text: str, first: Value, node: Any, **names: Value) -> Seq:
        """A generator expression over ``first``."""
        made = gast.parse(f"({text})", mode="eval").body
        for part in gast.walk(made):
            if hasattr(part, "lineno"):
                gast.copy_location(part, node)
        frame = dataclasses.replace(self.frame, locals=frozenset(names), env=dict(names), lexical=None,
                                    caller=self.frame)
        return self.iterator(GeneratorOf(made, frame, first))

    def as_generator(self, value: Value, node: Any) -> Value:
        """What has to be run over by a loop, as a generator expression; other values as they are."""
        if not isinstance(value, (ZipOf, EnumerateOf, ReversedOf, RangeOf)):
            return value
        return self.made_generator("item for item in items", value, node).items[0]

    def _GeneratorExp(self, node: Any, hint: str) -> Value:
        first = self.expr(node.generators[0].iter)
        return first if is_bottom(first) else self.iterator(GeneratorOf(node, self.frame, first))

    def _builtin_slice(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("slice", args, 1, 3, node)
        parts = [a if isinstance(a, (Lit, Var)) else NONE for a in args]
        return SliceOf(*([NONE, parts[0], NONE] if len(parts) == 1 else [*parts, NONE][:3]))

    def _builtin_tuple(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._collected("tuple", args, node, hint)

    def _builtin_list(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._collected("list", args, node, hint)

    def _collected(self, kind: str, args: Args, node: Any, hint: str) -> Value:
        if not args or is_bottom(args[0]):
            return args[0] if args else Seq((), kind)
        items = self.items_of(args[0], node)
        if items is not None:
            return Seq(tuple(items), kind)
        if kind == "list":
            source = self.as_generator(args[0], node)
            return self.listed(source, hint) if isinstance(source, GeneratorOf) else self.list_from(source, node)
        rows = self.rows_of(args[0])
        if rows is None:
            self.refuse_type(node, f"{kind}() of {describe_value(args[0])} is not supported: its length is not known",
                             "keep the array as it is")
        return Seq(tuple(rows), kind)

    # All items at once.

    def items_of(self, value: Value, node: Any) -> list[Value] | None:
        """The items of an iterable whose length is known, which uses an iterator up; None if it is not known."""
        value = self.fresh_list(self.spread_shape(value, node))
        if not self._has_steps(value):
            return self._plain_items(value, node)
        back, memory = self.flow.mark(), self.memory.fork()
        try:
            return list(self.steps(value, node))
        except LengthUnknown:
            self.flow.rewind(back)
            self.memory = memory
            return None

    def has_known_length(self, value: Value, node: Any) -> bool:
        """Whether it is known how many items an iterable has; nothing is used up."""
        back, memory = self.flow.mark(), self.memory.fork()
        known = self.items_of(value, node) is not None
        self.flow.rewind(back)
        self.memory = memory
        return known

    def lose(self, it: Seq, why: str, node: Any) -> None:
        """From now on it is not known how far an iterator has come."""
        self.change(it, it.with_items((Poison(why, "make it a list first: list(...)"), _BEGIN)), node, False)

    def _has_steps(self, value: Value) -> bool:
        """Whether the items of an iterable are computed one after the other."""
        return isinstance(value, (GeneratorOf, ZipOf, EnumerateOf)) or isinstance(value, Seq) and value.is_iterator

    def _plain_items(self, value: Value, node: Any) -> list[Value] | None:
        if isinstance(value, ViewOf):
            value = self.view_items(value)
        if isinstance(value, Seq):
            if value.is_object:
                return None
            return [Lit(k) for k in value.keys] if value.is_dict else list(value.items)
        if isinstance(value, Lit) and isinstance(value.value, str):
            return [Lit(c) for c in value.value]
        if isinstance(value, RangeOf):
            bounds = [self.facts.known(a) for a in (value.start, value.stop, value.step)]
            if all(known for known, _ in bounds):
                return [Lit(k) for k in range(*(v for _, v in bounds))]
        if isinstance(value, ReversedOf):
            inner = self.items_of(value.item, node)
            return None if inner is None else inner[::-1]
        if isinstance(value, Static) and isinstance(value.value, (range, tuple, frozenset)):
            return [self.from_object(v) for v in value.value]
        return None

    def steps(self, value: Value, node: Any) -> Iterator[Value]:
        """The items one after the other, each computed when it is asked for.

        Raises:
            LengthUnknown: where it shows that their number is not known.
        """
        value = self.fresh_list(self.spread_shape(value, node))
        if isinstance(value, GeneratorOf):
            yield from self.comprehended(value, node)
        elif isinstance(value, ZipOf):
            parts = [self.steps(v, node) for v in value.items]
            for together in zip(*parts):
                yield Seq(together)
        elif isinstance(value, EnumerateOf):
            known, start = self.facts.known(value.start)
            for k, item in enumerate(self.steps(value.item, node)):
                yield Seq((Lit(start + k) if known else self.op("+", value.start, Lit(k), node=node), item))
        elif isinstance(value, Seq) and value.is_iterator:
            yield from self._steps_of_iterator(value, node)
        else:
            items = self._plain_items(value, node)
            if items is None:
                raise LengthUnknown
            yield from items

    def _steps_of_iterator(self, it: Seq, node: Any) -> Iterator[Value]:
        source, at = it.items
        if isinstance(source, GeneratorOf) and len(source.node.generators) > 1:
            yield from self.steps(self.drained(it, node), node)
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
        source = self.fresh_list(self.spread_shape(self.read(source, "this iterator", node), node))
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
        if isinstance(source, EnumerateOf):
            one = self._item_from(source.item, at, node)
            known, start = self.facts.known(source.start)
            count = Lit(start + at) if known else self.op("+", source.start, Lit(at), node=node)
            return None if one is None else (Seq((count, one[0])), at + 1)
        if isinstance(source, GeneratorOf):
            return self._generated(source, at, node)
        items = self._plain_items(source, node) if not is_number(source) else self.rows_of(source)
        if items is None:
            raise LengthUnknown
        return (items[at], at + 1) if at < len(items) else None

    def _generated(self, source: GeneratorOf, at: int, node: Any) -> tuple[Value, int] | None:
        """The first item of a generator expression from a position of its iterable on."""
        if len(source.node.generators) > 1:
            self.refuse(node, "a single item of a generator expression with several 'for' is not supported",
                        "make it a list: [... for ... for ...]")
        generator = source.node.generators[0]
        while (one := self._item_from(source.first, at, node)) is not None:
            item, at = one
            self.program.count_copy(self, node)
            with self.inside(source):
                self.bind_target(generator.target, item, source.node)
                if self.passes(generator):
                    return self.expr(source.node.elt), at
        return None

    def _builtin_next(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("next", args, 1, 2, node)
        it = self.fresh_list(args[0])
        if is_bottom(it):
            return it  # type: ignore[no-any-return]
        if not isinstance(it, Seq) or not it.is_iterator:
            self.refuse_type(node, f"{describe_value(it)} is no iterator", "write next(iter(...))")
        if any(it.cell in cells for cells in self.running_over):
            self.refuse(node, "next() of an iterator that a loop runs over is not supported", "loop over indices")
        try:
            found = self.advance(it, node)
        except LengthUnknown:
            self.refuse(node, "next() of an iterator whose length is not known is not supported", "use an index")
        if found is None and len(args) == 2:
            return args[1]
        if found is None:
            self.refuse_type(node, "next() of an iterator that has no items left", "give a default: next(it, None)")
        return found

    # What is left.

    def drained(self, value: Value, node: Any) -> Value:
        """What an iterator has left, which this uses up; other values as they are."""
        value = self.fresh_list(value)
        if not isinstance(value, Seq) or not value.is_iterator:
            return value
        source, at = value.items
        known, position = self.facts.known(at)  # type: ignore[arg-type]
        if not known:
            self.refuse_type(node, "how many items of this iterator are used up is computed at run time",
                             "use a list, and an index of your own")
        self.hold_iterator(value, Seq(()), 0, node)
        return self._rest(source, position, node)

    def _rest(self, source: Value, at: int, node: Any) -> Value:
        """What there is from a position on."""
        source = self.fresh_list(self.read(source, "this iterator", node))
        if isinstance(source, Seq) and source.is_iterator:
            return self.drained(source, node)
        if isinstance(source, ZipOf):
            cells = [v.cell for v in source.items if isinstance(v, Seq) and self.fresh_list(v).is_iterator]
            if len(set(cells)) < len(cells):
                self.refuse(node, "zip() of the same iterator twice is not supported where its length is not known",
                            "use slices: zip(x[::2], x[1::2])")
            return ZipOf(tuple(self._rest(v, at, node) for v in source.items))
        if isinstance(source, EnumerateOf):
            start = source.start if at == 0 else self.op("+", source.start, Lit(at), node=node)
            return EnumerateOf(self._rest(source.item, at, node), start)
        if isinstance(source, GeneratorOf):
            return GeneratorOf(source.node, source.frame, self._rest(source.first, at, node))
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

    def comprehended(self, source: GeneratorOf, node: Any) -> Iterator[Value]:
        raise NotImplementedError

    def listed(self, source: GeneratorOf, hint: str = "") -> Value:
        raise NotImplementedError

    def inside(self, source: GeneratorOf) -> Any:
        raise NotImplementedError

    def passes(self, generator: Any) -> bool:
        raise NotImplementedError

    def bind_target(self, target: Any, value: Value, node: Any) -> None:
        raise NotImplementedError
