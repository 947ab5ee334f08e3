"""Built-in functions that make iterators, or something out of an iterable."""

from __future__ import annotations

from typing import Any

from s2sad.frontend.lower_core import is_integer
from s2sad.frontend.lower_iterators import Iterators, LengthUnknown
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import (
    EnumerateOf,
    GeneratorOf,
    Library,
    ListOf,
    RangeOf,
    ReversedOf,
    Seq,
    SliceOf,
    Value,
    ViewOf,
    ZipOf,
    describe_value,
    is_bottom,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import INT, Unknown, rank


class Iterables(Iterators):
    """Handlers by canonical name."""

    def fresh_items(self, value: Value, node: Any) -> list[Value] | None:
        """The items of what is no iterator, without using anything up."""
        return None if isinstance(value, Seq) and value.is_iterator else self.items_of(value, node)

    def _builtin_iter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("iter", args, 1, 1, node)
        value = self.fresh_list(self.iterated(args[0], node))
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

    def _GeneratorExp(self, node: Any, hint: str) -> Value:
        first = self.iterated(self.expr(node.generators[0].iter), node)
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
        rows = self.spread_rows(args[0], node)
        if rows is None:
            self.refuse_type(node, f"{kind}() of {describe_value(args[0])} is not supported: its length is not known",
                             "keep the array as it is")
        return Seq(tuple(rows), kind)

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
            self.refuse_type(node, "next() of an iterator that has no items left", "give a default: next(it, None)",
                             StopIteration())
        return found
