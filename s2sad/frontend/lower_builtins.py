"""Built-in functions, and comprehensions."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import gast

from s2sad.frontend.constructs import construct
from s2sad.frontend.functions import Definition, define
from s2sad.frontend.lower_core import is_array, is_integer
from s2sad.frontend.lower_draws import Draws
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import (
    EnumerateOf,
    GeneratorOf,
    Library,
    ListOf,
    RangeOf,
    ReversedOf,
    Seq,
    ShapeOf,
    SliceOf,
    Static,
    Value,
    ViewOf,
    ZipOf,
    describe_value,
    is_bottom,
    is_number,
    same_static,
)
from s2sad.names import fresh
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, For, Lit, Next, Range, Var
from s2sad.trace.types import FLOAT, INT, NOTHING, Array, Unknown, dtype_of, kind_of, rank

T = TypeVar("T")
COMPENSATED = sys.version_info >= (3, 12)


class _LengthUnknown(Exception):  # noqa: N818  (control flow)
    """How often a generator expression yields is not known at compile time."""


class Builtins(Draws):
    """Handlers by canonical name; `special` finds them."""

    # Iterators.

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
        if "strict" in kwargs and not same_static(kwargs["strict"], Lit(False)):
            self.refuse(node, "the argument 'strict' of zip is not supported")
        return ZipOf(tuple(args))

    def _builtin_enumerate(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("enumerate", args, 1, 2, node)
        start = args[1] if len(args) == 2 else kwargs.get("start", Lit(0))
        return EnumerateOf(args[0], self.number(start, node))

    def _builtin_reversed(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("reversed", args, 1, 1, node)
        if isinstance(args[0], (ZipOf, EnumerateOf, ReversedOf)):
            self.refuse_type(node, f"reversed() does not take {describe_value(args[0])}")
        return ReversedOf(args[0])

    def _builtin_slice(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("slice", args, 1, 3, node)
        parts = [a if isinstance(a, (Lit, Var)) else NONE for a in args]
        return SliceOf(*([NONE, parts[0], NONE] if len(parts) == 1 else [*parts, NONE][:3]))

    def _builtin_tuple(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._collected("tuple", args, node)

    def _builtin_list(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._collected("list", args, node)

    def _collected(self, kind: str, args: Args, node: Any) -> Value:
        if not args:
            return Seq((), kind)
        items = self.items_of(args[0], node)
        if items is None and kind == "list":
            return self.list_from(args[0], node)
        if items is None:
            self.refuse_type(node, f"{kind}() of {describe_value(args[0])} is not supported: its length is not known",
                             "keep the array as it is")
        return Seq(tuple(items), kind)

    def items_of(self, value: Value, node: Any) -> list[Value] | None:
        """The items of an iterable whose length is known; None if it is not."""
        value = self.fresh_list(self.spread_shape(value, node))
        if isinstance(value, ViewOf):
            value = self.view_items(value)
        if isinstance(value, Seq) and not value.is_object:
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
        if isinstance(value, EnumerateOf):
            inner = self.items_of(value.item, node)
            known, start = self.facts.known(value.start)
            if inner is not None and known:
                return [Seq((Lit(start + k), item)) for k, item in enumerate(inner)]
        if isinstance(value, ZipOf):
            each = [self.items_of(v, node) for v in value.items]
            if all(e is not None for e in each):
                return [Seq(t) for t in zip(*(e or [] for e in each))]
        if isinstance(value, Static) and isinstance(value.value, (range, tuple)):
            return [self.from_object(v) for v in value.value]
        return None

    def _builtin_dict(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dict", args, 0, 1, node)
        made = Seq((), "dict")
        if args and isinstance(args[0], Seq) and args[0].is_dict:
            made = args[0]
        elif args:
            items = self.items_of(args[0], node)
            pairs = [None if is_number(i) else self.items_of(i, node) for i in items or ()]
            if items is None or not all(p is not None and len(p) == 2 for p in pairs):
                self.refuse_type(node, f"dict() of {describe_value(args[0])} is not supported",
                                 "write the dict out: {'a': x}")
            made = self.dict_of([(self.dict_key(p[0], node), p[1]) for p in pairs if p is not None])
        return self.dict_of([*zip(made.keys, made.items), *kwargs.items()])

    def _DictComp(self, node: Any, hint: str) -> Value:
        pairs = self._comprehension(node, lambda: (self.dict_key(self.expr(node.key), node.key), self.expr(node.value)))
        return self.dict_of(pairs)

    def _ListComp(self, node: Any, hint: str) -> Value:
        back, memory = self.flow.mark(), self.memory.fork()
        try:
            return Seq(tuple(self._comprehension(node, lambda: self.expr(node.elt), lazy=True)), "list")
        except _LengthUnknown:
            self.flow.rewind(back)
            self.memory = memory
            return self._run_comprehension(node, hint)

    def _run_comprehension(self, node: Any, hint: str) -> Value:
        """A comprehension whose length is known at run time only, as a loop that appends to a list."""
        taken = {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}
        made = fresh(hint if hint.isidentifier() and hint not in taken else "made", taken)
        function = gast.parse(f"def listcomp():\n    {made} = []\n    return {made}").body[0]
        append = gast.parse(f"{made}.append(None)").body[0]
        append.value.args[0] = node.elt
        items = fresh("items", taken)
        self._put_around(function, 1, node, [append], items)
        info = define("listcomp", function, function.body, self.frame.source, self.frame.scope)
        info.locals |= {items}
        return self.inline(info, {items: self.expr(node.generators[0].iter)}, self.frame, node, hint)

    def _put_around(self, function: Any, at: int, node: Any, inner: list[Any], items: str) -> None:
        """Put the loops of a comprehension around statements, into a function that is handed its first iterable."""
        first = node.generators[0]
        for g in reversed(node.generators):
            for test in reversed(g.ifs):
                inner = [gast.If(test=test, body=inner, orelse=[])]
            over = gast.parse(items, mode="eval").body if g is first else g.iter
            inner = [gast.For(target=g.target, iter=over, body=inner, orelse=[], type_comment=None)]
        function.body[at:at] = inner
        for statement in gast.walk(function):
            if isinstance(statement, gast.stmt):
                gast.copy_location(statement, self.node)

    def _GeneratorExp(self, node: Any, hint: str) -> Value:
        name, instead = construct(node)
        self.refuse(node, f"{name} that is not handed to a built-in function is not supported", instead)

    def generator(self, node: Any) -> Value:
        """A generator expression that is used once and at once, by the function it is handed to."""
        back, memory = self.flow.mark(), self.memory.fork()
        try:
            return Seq(tuple(self._comprehension(node, lambda: self.expr(node.elt), lazy=True)))
        except _LengthUnknown:
            self.flow.rewind(back)
            self.memory = memory
            return GeneratorOf(node)

    def _comprehension(self, node: Any, element: Callable[[], T], lazy: bool = False) -> list[T]:
        """The elements of a comprehension over iterables whose length is known."""
        names = frozenset(n.id for g in node.generators for n in gast.walk(g.target) if isinstance(n, gast.Name))
        outer, found = self.frame, list[T]()
        first = self.expr(node.generators[0].iter)

        def go(k: int) -> None:
            if k == len(node.generators):
                found.append(element())
                return
            generator = node.generators[k]
            items = self.items_of(self.expr(generator.iter) if k else first, generator.iter)
            if items is None and lazy:
                raise _LengthUnknown
            if items is None:
                name, instead = construct(node)
                self.refuse(node, f"{name} whose length is not known at compile time is not supported", instead)
            for item in items:
                self.program.count_copy(self, node)
                self.bind_target(generator.target, item, node)
                tests = [self.truth(self.expr(test), test) for test in generator.ifs]
                if not all(isinstance(t, bool) for t in tests):
                    if lazy:
                        raise _LengthUnknown
                    self.refuse(node, "a comprehension with a condition computed at run time is not supported",
                                "use np.where(...)")
                if all(tests):
                    go(k + 1)

        # The names of a comprehension are its own.
        self.frame = dataclasses.replace(outer, locals=names, env={}, lexical=outer, caller=outer)
        try:
            go(0)
        finally:
            self.frame = outer
        return found

    def bind_target(self, target: Any, value: Value, node: Any) -> None:
        raise NotImplementedError

    # Numbers.

    def _builtin_len(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("len", args, 1, 1, node)
        value = args[0]
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
        self.refuse_type(node, f"{describe_value(value)} has no len()")

    def _builtin_min(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._extreme("min", "<", args, kwargs, node, hint)

    def _builtin_max(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._extreme("max", ">", args, kwargs, node, hint)

    def _extreme(self, name: str, order: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords(name, kwargs, node)
        if not args:
            self.refuse_type(node, f"{name}() expects at least 1 argument")
        if len(args) == 1:
            if isinstance(args[0], ListOf):
                return self.extreme_of_list(name, args[0], node, hint)
            if is_array(args[0]):
                if rank(args[0].type) != 1:  # type: ignore[union-attr]
                    self.refuse_type(node, f"{name}() of an array that does not have one axis", f"use np.{name}(...)")
                return self.library_op("np." + name, args, {}, node, hint)
            items = self.items_of(args[0], node)
            if not items:
                self.refuse_type(node, f"{name}() of {describe_value(args[0])} is not supported")
            args = items
        best = args[0]
        for k, other in enumerate(args[1:], 2):
            best = self._better(order, other, best, node, hint if k == len(args) else "")
        return best

    def _better(self, order: str, new: Value, best: Value, node: Any, hint: str = "") -> Value:
        truth = self.truth(self.compare(order, new, best, node), node)
        if isinstance(truth, bool):
            return new if truth else best
        return self.choose(truth, lambda: new, lambda: best, node, hint)

    def _builtin_sum(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("sum", args, 1, 2, node)
        start = args[1] if len(args) == 2 else kwargs.get("start", Lit(0))
        if is_array(args[0]) and not is_bottom(args[0]):
            return self._sum_of_array(args[0], self.number(start, node), node, hint)
        if is_bottom(args[0]):
            return Var(NOTHING, hint)
        if isinstance(args[0], ListOf):
            return self.sum_of_list(args[0], start, node, hint)
        if isinstance(args[0], GeneratorOf):
            return self._sum_of_generator(args[0].node, start, node, hint)
        items = self.items_of(args[0], node)
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

    def _sum_of_generator(self, generator: Any, start: Value, node: Any, hint: str) -> Value:
        """A loop that adds as Python's own sum does: since 3.12 it makes good what floats lose in rounding."""
        back, memory = self.flow.mark(), self.memory.fork()
        value = self._run_sum(generator, start, node, hint, False)
        floats = isinstance(value, Var) and (value.type == FLOAT or isinstance(value.type, Unknown))
        if not (COMPENSATED and floats):
            return value
        self.flow.rewind(back)
        self.memory = memory
        return self._run_sum(generator, start, node, hint, True)

    def _run_sum(self, generator: Any, start: Value, node: Any, hint: str, compensated: bool) -> Value:
        first = generator.generators[0]
        taken = {n.id for n in gast.walk(generator) if isinstance(n, gast.Name)}
        names = {word: fresh(word, taken) for word in ("items", "total", "item", "lost", "rounding", "compensated")}
        lines = "{total} = {total} + {item}"
        if compensated:
            lines = "{lost} = {lost} + {rounding}({total}, {item})\n" + lines
        result = "return {compensated}({total}, {lost})" if compensated else "return {total}"
        inner = [_assignment(names["item"], generator.elt), *gast.parse(lines.format(**names)).body]
        function = gast.parse("def genexpr():\n    " + result.format(**names)).body[0]
        self._put_around(function, 0, generator, inner, names["items"])
        info = define("genexpr", function, function.body, self.frame.source, self.frame.scope)
        values: Named = {names["items"]: self.expr(first.iter), names["total"]: start, names["lost"]: Lit(0.0),
                         names["rounding"]: Library("rounding"), names["compensated"]: Library("compensated")}
        info.locals |= values.keys()
        return self.inline(info, values, self.frame, node, hint)

    def inline(self, info: Definition, values: dict[str, Value], lexical: Any, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

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

    def _builtin_pow(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("pow", kwargs, node)
        self._arity("pow", args, 2, 2, node)
        return self.binary("**", args[0], args[1], node, hint)

    # Not supported, with what to do instead.

    def _builtin_divmod(self, args: Args, kwargs: Named, node: Any, hint: str) -> NoReturn:
        self.refuse(node, "divmod() is not supported", "write x // y and x % y")

    def _builtin_sorted(self, args: Args, kwargs: Named, node: Any, hint: str) -> NoReturn:
        self.refuse(node, "sorted() is not supported", "use np.sort(...)")

    def _builtin_map(self, args: Args, kwargs: Named, node: Any, hint: str) -> NoReturn:
        self.refuse(node, "map() is not supported", "write a loop, or a vectorised expression")

    def _builtin_any(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._every("any", args, node)

    def _builtin_all(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._every("all", args, node)

    def _every(self, name: str, args: Args, node: Any) -> Value:
        items = self.items_of(args[0], node)
        if items is None:
            self.refuse(node, f"{name}() of {describe_value(args[0])} is not supported", f"use np.{name}(...)")
        result: Value = Lit(name == "all")
        for item in items:
            truth = self.truth(result, node)
            if isinstance(truth, bool):
                result = result if truth is (name == "any") else self._as_bool(item, node)
            elif name == "all":
                before = result
                result = self.choose(truth, lambda item=item: self._as_bool(item, node),  # type: ignore[misc]
                                     lambda before=before: before, node)  # type: ignore[misc]
            else:
                before = result
                result = self.choose(truth, lambda before=before: before,  # type: ignore[misc]
                                     lambda item=item: self._as_bool(item, node), node)  # type: ignore[misc]
        return result

    def _as_bool(self, value: Value, node: Any) -> Value:
        truth = self.truth(value, node)
        if isinstance(truth, bool):
            return Lit(truth)
        return truth if isinstance(truth, Var) and kind_of(truth.type) == "bool" else self.op("bool", truth, node=node)


def _assignment(name: str, value: Any) -> Any:
    """``name = value``."""
    made = gast.parse(f"{name} = None").body[0]
    made.value = value
    return made
