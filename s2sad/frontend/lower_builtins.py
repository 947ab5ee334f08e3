"""Built-in functions of several values: sums, extremes, order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from s2sad.errors import Refusal
from s2sad.frontend.lower_comprehensions import Comprehensions
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_iterators import LengthUnknown
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.operands import not_a
from s2sad.frontend.values import (
    GeneratorOf,
    ListOf,
    Seq,
    ShapeOf,
    SliceOf,
    Value,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, For, Lit, Next, Range, Var
from s2sad.trace.types import INT, NOTHING, Array, dtype_of, kind_of, rank

# How many values of run time are put in order by comparing them.
_SORTED = 8


class Builtins(Comprehensions):
    """Handlers by canonical name; `special` finds them."""

    def _builtin_dict(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dict", args, 0, 1, node)
        if args and is_number(args[0]) and not is_bottom(args[0]):
            self.refuse_type(node, f"dict() of {describe_value(args[0])} is not supported",
                             "write the dict out: {'a': x}")
        pairs = self.pairs_of(args[0], node) if args else []
        return self.dict_of([*pairs, *kwargs.items()])

    # Numbers.

    def _builtin_len(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("len", args, 1, 1, node)
        value = args[0]
        if isinstance(value, Seq) and value.is_iterator:
            self.refuse_type(node, "an iterator has no len()", "make it a list first: list(...)")
        if isinstance(value, ShapeOf) and isinstance(value.array, Var):
            n = rank(value.array.type)
            return Lit(n) if n is not None else self.op("ndim", value.array, node=node, hint=hint)
        if isinstance(value, ListOf):
            return self.op("len", value.items, node=node, hint=hint)
        items = self.items_of(value, node) if not is_number(value) else None
        if items is not None:
            return Lit(len(items))
        if is_number(value) and not (isinstance(value, Lit) or rank(value.type) == 0):  # type: ignore[union-attr]
            return self.op("len", value, node=node, hint=hint)  # type: ignore[arg-type]
        self.refuse_type(node, f"{describe_value(value)} has no len()", "",
                         not_a("object of type '{}' has no len()", value))

    def _builtin_min(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._extreme("min", "<", args, kwargs, node, hint)

    def _builtin_max(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._extreme("max", ">", args, kwargs, node, hint)

    def _extreme(self, name: str, order: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        key, default = kwargs.pop("key", NONE), kwargs.pop("default", None)
        self._no_keywords(name, kwargs, node)
        if not args:
            self.refuse_type(node, f"{name}() expects at least 1 argument")
        if any(map(is_bottom, args)):
            return Var(NOTHING, hint)
        if len(args) > 1:
            return self._best_of(args, order, key, node, hint)  # type: ignore[return-value]
        items = self.one_by_one(args[0], node)
        if items is not None:
            best = self._best_of(items, order, key, node, hint) or default
            if best is None:
                self.refuse_type(node, f"{name}() of {describe_value(args[0])} is not supported",
                                 "give a default: default=0.0", ValueError(f"{name}() iterable argument is empty"))
            return best
        source = self.as_generator(self.drained(args[0], node), node)
        if isinstance(source, GeneratorOf):
            source = self.listed(source)
        if default is not None:
            self.refuse(node, f"{name}() with default= of something whose length is not known is not supported",
                        "write a loop")
        if key != NONE:
            return self.best_by_key(source, order, key, node, hint)
        if isinstance(source, ListOf):
            return self.extreme_of_list(name, source, node, hint)
        if is_array(source) and rank(source.type) == 1:  # type: ignore[union-attr]
            return self.library_op("np." + name, [source], {}, node, hint)
        if is_array(source):
            self.refuse_type(node, f"{name}() of an array that does not have one axis", f"use np.{name}(...)")
        self.refuse_type(node, f"{name}() of {describe_value(args[0])} is not supported")

    def best_by_key(self, value: Value, order: str, key: Value, node: Any, hint: str) -> Value:
        raise NotImplementedError

    def _best_of(self, items: Iterable[Value], order: str, key: Value, node: Any, hint: str) -> Value | None:
        """The first of the best; None if there are no items."""
        best: Value | None = None
        for item in items:
            pair = Seq((item, item if key == NONE else self.call_value(key, [item], {}, node)))
            if best is None:
                best = pair
            elif key == NONE:
                found = self._better(order, item, best.items[0], node, hint)  # type: ignore[union-attr]
                best = Seq((found, found))
            else:
                best = self._better(order, pair, best, node, "", 1)
        return None if best is None else best.items[0]  # type: ignore[union-attr]

    def _better(self, order: str, new: Value, best: Value, node: Any, hint: str = "", at: int | None = None) -> Value:
        """The better of two values, or of two tuples by their item ``at``."""
        one, other = (new, best) if at is None else (new.items[at], best.items[at])  # type: ignore[union-attr]
        truth = self.truth(self.compare(order, one, other, node), node)
        if isinstance(truth, bool):
            return new if truth else best
        return self.choose(truth, lambda: new, lambda: best, node, hint)

    def _builtin_sorted(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        key, backward = kwargs.pop("key", NONE), kwargs.pop("reverse", Lit(False))
        self._no_keywords("sorted", kwargs, node)
        self._arity("sorted", args, 1, 1, node)
        if is_bottom(args[0]):
            return args[0]
        items = self.items_of(args[0], node)
        if items is not None:
            return Seq(tuple(self.in_order(items, key, backward, node)), "list")
        falling = self.truth(backward, node)
        if is_array(args[0]) and rank(args[0].type) == 1 and key == NONE and (  # type: ignore[union-attr]
                isinstance(falling, bool)):
            found = self.library_op("np.sort", args, {}, node)
            found = self.subscript(found, SliceOf(NONE, NONE, Lit(-1)), node) if falling else found
            return self.list_from(found, node)
        self.refuse(node, f"sorted() of {describe_value(args[0])} is not supported: its length is not known",
                    "use np.sort(...) of an array")

    def in_order(self, items: Args, key: Value, backward: Value, node: Any) -> Args:
        """The items as `sorted` puts them; numbers of run time are compared pair by pair, and change places."""
        falling = self.demand(self.number(backward, node), "it is the argument 'reverse'", node)
        order = ">" if falling else "<"
        pairs: list[Any] = [Seq((i,) if key == NONE else (self.call_value(key, [i], {}, node), i)) for i in items]
        take_back = self.attempt()

        def before(a: Any, b: Any) -> bool | Arg:
            return self.truth(self.compare(order, a.items[0], b.items[0], node), node)

        def compared(a: Any, b: Any) -> int:
            first, last = before(a, b), before(b, a)
            if not isinstance(first, bool) or not isinstance(last, bool):
                raise LengthUnknown
            return last - first

        try:
            return [p.items[-1] for p in sorted(pairs, key=functools.cmp_to_key(compared))]
        except LengthUnknown:
            take_back()
        if len(pairs) > _SORTED:
            self.refuse(node, f"sorting more than {_SORTED} values computed at run time is not supported",
                        "use np.sort(...) or np.argsort(...) of an array")
        for number in range(1, len(pairs)):
            for k in range(number - 1, -1, -1):
                low, high = pairs[k:k + 2]
                wrong = before(high, low)
                if wrong is True:
                    pairs[k:k + 2] = high, low
                elif wrong is not False:
                    pairs[k:k + 2] = self._placed(wrong, low, high, node)
        return [p.items[-1] for p in pairs]

    def _placed(self, swapped: Arg, low: Value, high: Value, node: Any) -> tuple[Value, ...]:
        made = self.choose(swapped, lambda: Seq((high, low)), lambda: Seq((low, high)), node)
        assert isinstance(made, Seq)
        return made.items

    def _builtin_sum(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("sum", args, 1, 2, node)
        start = args[1] if len(args) == 2 else kwargs.get("start", Lit(0))
        if is_array(args[0]) and not is_bottom(args[0]):
            return self._sum_of_array(args[0], self.number(start, node), node, hint)
        if is_bottom(args[0]):
            return Var(NOTHING, hint)
        if isinstance(args[0], ListOf):
            return self.sum_of_list(args[0], start, node, hint)
        items = self.items_of(args[0], node)
        source = self.as_generator(args[0], node)
        if items is None and isinstance(source, GeneratorOf):
            take_back, generator = self.attempt(), source
            try:
                return self.sum_of_generator(generator, start, node, hint)
            except Refusal as refusal:
                take_back()
                items = self.instead(refusal, lambda: generator, node)
        if items is None:
            self.refuse_type(node, f"sum() of {describe_value(args[0])} is not supported", "write a loop")
        numbers = [i for i in items if isinstance(i, (Var, Lit)) and is_number(i) and rank(type_of(i)) == 0]
        if start == Lit(0) and items and len(numbers) == len(items):
            # Python rounds the sum of floats in its own way, and differently since 3.12: it does the sum.
            return self.op("sum", *numbers, node=node, hint=hint)
        total = start
        for k, item in enumerate(items):
            total = self.binary("+", total, item, node, hint if k == len(items) - 1 else "")
        return total

    def _sum_of_array(self, x: Value, start: Arg, node: Any, hint: str) -> Value:
        """Python adds one element after the other; np.sum does not."""
        assert isinstance(x, Var)
        if rank(x.type) != 1:
            self.refuse_type(node, "sum() of an array that does not have one axis", "use np.sum(x, axis=0)")
        dtype = dtype_of(x.type)
        t = Array("i8" if dtype == "b1" else dtype, ())
        length = self.op("len", x, node=node)
        index, param, result = Var(INT), Var(t), Var(t, hint)
        flow = self.flow
        self.flow = flow.fork()
        element = self.op("getitem", x, options={"index": index}, node=node)
        total = self.op("+", param, element, node=node)
        body = self.flow.close(Next((total,)))
        self.flow = flow
        flow.add(For(index, Range(Lit(0), length, Lit(1)), (param,), (start,), body, (result,), site=flow.site))
        return result

    def _builtin_ord(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_known("ord", ord, args, node)

    def _builtin_chr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_known("chr", chr, args, node)

    def _of_known(self, name: str, function: Callable[[Any], Any], args: Args, node: Any) -> Value:
        """A function of a text or number that is known."""
        self._arity(name, args, 1, 1, node)
        value = args[0].value if isinstance(args[0], Lit) else self.demand(
            self.number(args[0], node), f"it is the argument of {name}()", node)
        try:
            return Lit(function(value))
        except (TypeError, ValueError) as error:
            self.refuse_type(node, str(error))

    def _builtin_collections_OrderedDict(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        made = self._builtin_dict(args, kwargs, node, hint)
        if isinstance(made, Seq):
            self.facts.ordered_dicts.add(made.cell)
        return made

    def _builtin_pow(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        base, power = self._by_name("pow", args, kwargs, ("base", "exp"), node)
        return self.binary("**", base, power, node, hint)

    def _builtin_divmod(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("divmod", args, 2, 2, node)
        names = hint.split(",") if hint.count(",") == 1 else ["", ""]
        return Seq((self.binary("//", args[0], args[1], node, names[0]),
                    self.binary("%", args[0], args[1], node, names[1])))

    def _by_name(self, name: str, args: Args, kwargs: Named, names: tuple[str, ...], node: Any) -> Args:
        """The arguments of a function that takes them by position or name."""
        found = [*args, *(kwargs.pop(n) for n in names[len(args):] if n in kwargs)]
        self._no_keywords(name, kwargs, node)
        self._arity(name, found, len(names), len(names), node)
        return found

    def _builtin_any(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._every("any", args, node, hint)

    def _builtin_all(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._every("all", args, node, hint)

    def _every(self, name: str, args: Args, node: Any, hint: str) -> Value:
        """``any(xs)`` or ``all(xs)``: items behind the one that decides are not computed."""
        self._arity(name, args, 1, 1, node)
        value = self.fresh_list(args[0])
        if is_bottom(value):
            return value  # type: ignore[no-any-return]
        it = value if isinstance(value, Seq) and value.is_iterator else self.iterator(value)
        if self.has_known_length(it, node):
            return self._every_step(name, it, node)
        iterators = self.iterators_within(it)
        source = self.drained(it, node)
        self.lose(iterators, f"{name}() stops at an item that is known at run time only", node)
        if is_array(source) or isinstance(source, ListOf):
            source = self.generated("item for item in items", source, node)
        source = self.as_generator(source, node)
        if not isinstance(source, GeneratorOf):
            self.refuse(node, f"{name}() of {describe_value(args[0])} is not supported", f"use np.{name}(...)")
        return self.every_of(name, source, hint)

    def _every_step(self, name: str, it: Seq, node: Any) -> Value:
        item = self.advance(it, node)
        if item is None:
            return Lit(name == "all")
        found = self.as_bool(item, node)
        truth = self.truth(found, node)
        if isinstance(truth, bool):
            return Lit(truth) if truth is (name == "any") else self._every_step(name, it, node)
        if name == "all":
            return self.choose(truth, lambda: self._every_step(name, it, node), lambda: found, node)
        return self.choose(truth, lambda: found, lambda: self._every_step(name, it, node), node)

    def as_bool(self, value: Value, node: Any) -> Value:
        truth = self.truth(value, node)
        if isinstance(truth, bool):
            return Lit(truth)
        return truth if isinstance(truth, Var) and kind_of(truth.type) == "bool" else self.op("bool", truth, node=node)
