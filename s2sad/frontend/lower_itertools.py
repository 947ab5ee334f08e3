"""Functions of `itertools`, `functools` and `operator`.

What runs over something once and in order is a generator expression, and so works for arrays, too:

    itertools.starmap(f, xs)    ⇒    (f(*x) for x in xs)

Pairs of items of arrays are items of two arrays.  The others need to know how many items there are.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import gast

from s2sad.frontend.lower_builtins import Builtins
from s2sad.frontend.lower_iterators import LengthUnknown
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import (
    ChainOf,
    Closure,
    Endless,
    EnumerateOf,
    GeneratorOf,
    Library,
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
from s2sad.trace.ir import NONE, Lit, Var
from s2sad.trace.types import rank

_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
    "and_": "&", "or_": "|", "xor": "^", "lshift": "<<", "rshift": ">>", "concat": "+",
}
_IN_PLACE = {
    "iadd": "+", "isub": "-", "imul": "*", "itruediv": "/", "ifloordiv": "//", "imod": "%", "ipow": "**",
    "imatmul": "@", "iand": "&", "ior": "|", "ixor": "^", "ilshift": "<<", "irshift": ">>", "iconcat": "+",
}
_COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=", "is_": "is", "is_not": "is_not"}
_UNARY = {"neg": "neg", "pos": "pos", "invert": "invert", "inv": "invert"}
# The operations that are known by the function of `operator` that does them: of lists, they do what Python does.
_FUNCTIONS = {fn: f"operator.{name}" for table in (_UNARY, _COMPARISONS, _OPERATORS, {"not_": "not"})
              for name, fn in table.items()}


def _is_length(n: Value) -> bool:
    """Whether a number is made of lengths of arrays, so that it is not negative."""
    if isinstance(n, Lit):
        return bool(n.value >= 0)
    found = n.length if isinstance(n, Var) else None
    return found is not None and found.const >= 0 and all(
        c > 0 and not symbol.startswith("?") for symbol, c in found.terms)


def _item(whole: Value, name: str, at: str) -> str:
    """The text of an item: of an array, of a table, or of the numbers from a start on."""
    if isinstance(whole, Lit):
        return f"({at})" if whole == Lit(0) else f"({name} + {at})"
    return f"({name} + {at})" if isinstance(whole, Var) and not rank(whole.type) else f"{name}[{at}]"


class Itertools(Builtins):
    """Handlers by canonical name."""

    def _listed_items(self, value: Value, what: str, node: Any) -> list[Value]:
        """The items of an iterable that must be of known length."""
        items = self._known_items(value, node)
        if items is None:
            self.refuse(node, f"{what} of {describe_value(value)} is not supported: its length is not known",
                        "write loops over indices: for i in range(len(x)):")
        return items

    def equivalent_of(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        raise NotImplementedError

    def _known_items(self, value: Value, node: Any) -> list[Value] | None:
        """The items of an iterable; None if it is not known how many there are."""
        found: list[Value] | None = self.items_of(value, node) if not is_number(value) else self.rows_of(value)
        return found

    def _over(self, items: Iterable[Value]) -> Value:
        return self.iterator(Seq(tuple(items)))

    # Item by item.

    def _builtin_itertools_starmap(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("starmap", args, 2, 2, node)
        return self.made_generator("function(*item) for item in items", args[1], node, function=args[0])

    def _builtin_itertools_filterfalse(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("filterfalse", args, 2, 2, node)
        test = "item" if args[0] == NONE else "function(item)"
        return self.made_generator(f"item for item in items if not {test}", args[1], node, function=args[0])

    def _builtin_itertools_compress(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("compress", args, 2, 2, node)
        return self.made_generator("item for item, taken in items if taken", ZipOf(tuple(args)), node)

    def _builtin_itertools_chain(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.iterator(ChainOf(tuple(args)))

    def _builtin_itertools_chain_from_iterable(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("chain.from_iterable", args, 1, 1, node)
        parts = self.items_of(args[0], node)
        if parts is not None:
            return self.iterator(ChainOf(tuple(parts)))
        return self.made_generator("item for items_ in items for item in items_", args[0], node)

    def _builtin_itertools_repeat(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("repeat", args, 1, 2, node)
        times = args[1] if len(args) == 2 else kwargs.get("times")
        if times is None:
            return self.iterator(Endless(args[0]))
        return self.made_generator("value for item in items", RangeOf(Lit(0), self.number(times, node), Lit(1)), node,
                                   value=args[0])

    def _builtin_itertools_count(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("count", args, 0, 2, node)
        start = args[0] if args else kwargs.get("start", Lit(0))
        step = args[1] if len(args) == 2 else kwargs.get("step", Lit(1))
        return self.iterator(Endless(start, self.number(step, node)))

    def _builtin_itertools_pairwise(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("pairwise", args, 1, 1, node)
        value = self.fresh_list(args[0])
        if is_bottom(value):
            return value  # type: ignore[no-any-return]
        if isinstance(value, Seq) or not isinstance(value, (Var, ListOf, RangeOf)):
            value = Seq(tuple(self._listed_items(value, "pairwise()", node)))
        return self.iterator(ZipOf((value, self.rest_of(value, 1, node))))

    def _builtin_itertools_islice(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("islice", args, 2, 4, node)
        bounds = [None if a == NONE else self.demand(self.number(a, node), "it is a bound of islice()", node)
                  for a in args[1:]]
        start, stop, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, None)[:3]
        it = self.fresh_list(args[0])
        it = it if isinstance(it, Seq) and it.is_iterator else self.iterator(it)
        wanted = itertools.islice(itertools.count(), start or 0, stop, step or 1)
        k, found = 0, list[Value]()
        for at in wanted:
            while k <= at:
                item = self._advanced(it, "islice()", node)
                k += 1
                if item is None:
                    return self._over(found)
            assert item is not None
            found.append(item)
        return self._over(found)

    def _advanced(self, it: Seq, what: str, node: Any) -> Value | None:
        try:
            return self.advance(it, node)
        except LengthUnknown:
            self.refuse(node, f"{what} of something whose length is not known is not supported", "use a slice: x[:n]")

    # All at once.

    def _each_known(self, name: str, args: Args, node: Any) -> list[list[Value]]:
        return [self._listed_items(a, f"{name}()", node) for a in args]

    def _builtin_itertools_product(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        repeat = self.demand(self.number(kwargs.get("repeat", Lit(1)), node), "it is the argument 'repeat'", node)
        if args and any(self._known_items(a, node) is None for a in args):
            return self._any_product(args, repeat, node)
        return self._over(map(Seq, itertools.product(*self._each_known("product", args, node), repeat=repeat)))

    # The same of arrays and ranges of any length, of which all items are taken before the first selection is given.

    def _whole(self, name: str, value: Value, node: Any) -> tuple[Value, Value]:
        """What has the items, an array as it is now or else the number that a range starts with; and the length."""
        if isinstance(value, RangeOf) and value.step == Lit(1):
            start: Any = value.start
            n: Any = value.stop
            n = n if start == Lit(0) else self.binary("-", n, start, node)
            if not _is_length(n):
                n = self.call_value(Library("max", max), [n, Lit(0)], {}, node)
            return start, n
        if not isinstance(value, Var) or not rank(value.type):
            items = self._listed_items(value, f"{name}()", node)
            return Seq(tuple(items)), Lit(len(items))
        whole = self.op("copy", value, node=node) if rank(value.type) == 1 else value
        return whole, self.call_value(Library("len", len), [whole], {}, node)

    def _any_product(self, args: Args, repeat: int, node: Any) -> Value:
        """All tuples of items: of the p-th the last is the ``p % n``-th, the others are the ``p // n``-th of theirs."""
        wholes = [self._whole("product", a, node) for a in args] * repeat
        names: dict[str, Value] = {}
        count: Value = Lit(1)
        items, left = list[str](), "p"
        for k, (whole, n) in reversed([*enumerate(wholes)]):
            names |= {f"x{k}": whole, f"n{k}": n}
            items.insert(0, _item(whole, f"x{k}", f"{left} % n{k}" if k else left))
            left = f"({left} // n{k})"
            count = n if count == Lit(1) else self.binary("*", n, count, node)
        numbers = self.call_value(Library("range", range), [count], {}, node)
        return self.made_generator(f"({', '.join(items)},) for p in items", numbers, node, **names)

    def _any_pairs(self, name: str, value: Value, node: Any) -> Value:
        """Pairs of items, in the order of their positions, which are those above a diagonal."""
        whole, n = self._whole(name, value, node)
        if name == "permutations":
            less = self.binary("-", n, Lit(1), node)
            numbers = self.call_value(Library("range", range), [self.binary("*", n, less, node)], {}, node)
            pair = f"({_item(whole, 'x', 'p // m')}, {_item(whole, 'x', 'p % m + (p % m >= p // m)')})"
            return self.made_generator(f"{pair} for p in items", numbers, node, m=less, x=whole)
        above = self.library_op("np.triu_indices", [n, Lit(int(name == "combinations"))], {}, node, "")
        places = self.call_value(Library("zip", zip), self._listed_items(above, f"{name}()", node), {}, node)
        pair = f"({_item(whole, 'x', 'whole(i)')}, {_item(whole, 'x', 'whole(j)')})"
        return self.made_generator(f"{pair} for i, j in items", places, node, x=whole, whole=Library("int", int))

    def _counted(self, make: Callable[..., Any], name: str, args: Args, kwargs: Named, node: Any) -> Value:
        """Selections of items, of which there is a given number."""
        self._arity(name, args, 1, 2, node)
        count = args[1] if len(args) == 2 else kwargs.get("r", NONE)
        n = None if count == NONE else self.demand(self.number(count, node), f"it says how many {name}() takes", node)
        if n == 2 and self._known_items(args[0], node) is None:
            return self._any_pairs(name, args[0], node)
        items = self._listed_items(args[0], f"{name}()", node)
        return self._over(map(Seq, make(items, len(items) if n is None else n)))

    def _builtin_itertools_combinations(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._counted(itertools.combinations, "combinations", args, kwargs, node)

    def _builtin_itertools_combinations_with_replacement(self, args: Args, kwargs: Named, node: Any,
                                                         hint: str) -> Value:
        return self._counted(itertools.combinations_with_replacement, "combinations_with_replacement", args, kwargs,
                             node)

    def _builtin_itertools_permutations(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._counted(itertools.permutations, "permutations", args, kwargs, node)

    def _builtin_itertools_zip_longest(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        fill = kwargs.get("fillvalue", NONE)
        return self._over(map(Seq, itertools.zip_longest(*self._each_known("zip_longest", args, node), fillvalue=fill)))

    def _builtin_itertools_batched(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("batched", args, 2, 2, node)
        n = self.demand(self.number(args[1], node), "it says how long the batches are", node)
        items = self._listed_items(args[0], "batched()", node)
        return self._over(Seq(tuple(items[k:k + n])) for k in range(0, len(items), n))

    def _decided(self, predicate: Value, item: Value, name: str, node: Any) -> bool:
        truth = self.truth(self.call_value(predicate, [item], {}, node), node)
        if not isinstance(truth, bool):
            self.refuse(node, f"{name}() with a condition computed at run time is not supported",
                        "write a loop with 'break'")
        return truth

    def _builtin_itertools_takewhile(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("takewhile", args, 2, 2, node)
        items = self._listed_items(args[1], "takewhile()", node)
        return self._over(itertools.takewhile(lambda i: self._decided(args[0], i, "takewhile", node), items))

    def _builtin_itertools_dropwhile(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dropwhile", args, 2, 2, node)
        items = self._listed_items(args[1], "dropwhile()", node)
        return self._over(itertools.dropwhile(lambda i: self._decided(args[0], i, "dropwhile", node), items))

    def _builtin_itertools_groupby(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """Groups of neighbours with equal keys, which are known."""
        self._arity("groupby", args, 1, 2, node)
        key = args[1] if len(args) == 2 else kwargs.get("key", NONE)
        groups: list[tuple[Value, list[Value]]] = []
        for item in self._listed_items(args[0], "groupby()", node):
            name = item if key == NONE else self.call_value(key, [item], {}, node)
            same = self.truth(self.compare("==", name, groups[-1][0], node), node) if groups else False
            if not isinstance(same, bool):
                self.refuse(node, "groupby() with keys computed at run time is not supported", "write a loop")
            if same:
                groups[-1][1].append(item)
            else:
                groups.append((name, [item]))
        return self._over(Seq((name, self._over(items))) for name, items in groups)

    # Running totals.

    def _builtin_itertools_accumulate(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("accumulate", args, 1, 2, node)
        function = args[1] if len(args) == 2 else kwargs.get("func", NONE)
        initial = kwargs.get("initial", NONE)
        items = self.items_of(args[0], node)
        if items is None:
            return self._accumulated(args[0], function, initial, node, hint)
        totals = [] if initial == NONE else [initial]
        for item in items:
            with self.holding((args[0], *totals)):
                totals.append(self._combined(function, totals[-1], item, node) if totals else item)
        return self._over(totals)

    def _combined(self, function: Value, total: Value, item: Value, node: Any, hint: str = "") -> Value:
        if function == NONE:
            return self.binary("+", total, item, node, hint)
        return self.call_value(function, [total, item], {}, node, hint)

    def _accumulated(self, value: Value, function: Value, initial: Value, node: Any, hint: str) -> Value:
        """The running totals of something whose length is not known, as a list."""
        first, rest = (initial, value) if initial != NONE else self._first_and_rest(value, "accumulate()", node)
        step = "function(total, item)" if function != NONE else "total + item"
        source = self.generated(f"{step} for item in items", rest, node)
        inner = self.statements(f"total = {step}\nmade.append(total)", node)
        return self.iterator(self.looped(source, "made = [total]", inner, "return made",
                                         {"total": first, "function": function}, hint))

    def _first_and_rest(self, value: Value, what: str, node: Any) -> tuple[Value, Value]:
        value = self.drained(value, node)
        if isinstance(value, Var) and not is_bottom(value):
            return self.subscript(value, Lit(0), node), self.rest_of(value, 1, node)
        if isinstance(value, (GeneratorOf, ZipOf, EnumerateOf, ReversedOf, ChainOf)):
            source = self.as_generator(value, node)
            assert isinstance(source, GeneratorOf)
            value = self.listed(source)
        if isinstance(value, ListOf):
            return self.item_at(value, Lit(0), node), self.rest_of(value, 1, node)
        self.refuse(node, f"{what} of {describe_value(value)} is not supported: its length is not known",
                    "write a loop")

    def _builtin_functools_reduce(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("reduce", args, 2, 3, node)
        function, value = args[:2]
        if any(map(is_bottom, args)):
            return next(a for a in args if is_bottom(a))
        items = self.one_by_one(value, node)
        if items is None:
            return self._reduced(function, value, args[2:], node, hint)
        total = None
        for item in itertools.chain(args[2:], items):
            with self.holding((value,)):
                total = item if total is None else self.call_value(function, [total, item], {}, node)
        if total is None:
            said = "reduce() of empty iterable with no initial value"
            self.refuse_type(node, said, raises=TypeError(said))
        return total

    def _reduced(self, function: Value, value: Value, initial: Args, node: Any, hint: str) -> Value:
        total, rest = (initial[0], value) if initial else self._first_and_rest(value, "reduce()", node)
        source = self.generated("item for item in items", rest, node)
        inner = self.statements("total = function(total, item)", node)
        return self.looped(source, "", inner, "return total", {"total": total, "function": function}, hint)

    def best_by_key(self, value: Value, order: str, key: Value, node: Any, hint: str) -> Value:
        """``max(x, key=…)`` of something whose length is not known, as a loop."""
        first, rest = self._first_and_rest(value, "min() and max() with key=", node)
        source = self.generated("item for item in items", rest, node)
        inner = self.statements(f"new = key(item)\nif new {order} worth:\n    best = item\n    worth = new", node)
        worth = self.call_value(key, [first], {}, node)
        return self.looped(source, "", inner, "return best", {"best": first, "worth": worth, "key": key}, hint)

    # Operators as functions.

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        """The handler of a function that is more than an operation; operators are functions, too."""
        name = _FUNCTIONS.get(name, name)
        found = self._operator(name.removeprefix("operator.")) if name.startswith("operator.") else None
        return super().special(name) if found is None else found

    def update_place(self, old: Value, fn: str, value: Value, node: Any, name: str, put: Callable[[Value], None],
                     asks: bool = False) -> None:
        raise NotImplementedError

    def _in_place(self, fn: str, left: Value, right: Value, node: Any) -> Value:
        """``left fn= right``, and what ``left`` then is: itself if it can change, else something new."""
        if is_bottom(left):
            return left
        made = [left]
        self.update_place(left, fn, right, node, "", lambda new: made.__setitem__(0, new))
        return self.fresh_list(made[0])  # type: ignore[no-any-return]

    def _operator(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        if name in _IN_PLACE:
            fn = _IN_PLACE[name]
            return lambda args, kwargs, node, hint: self._in_place(fn, *self._two(name, args, node), node)
        if name in _OPERATORS:
            fn = _OPERATORS[name]
            return lambda args, kwargs, node, hint: self.binary(fn, *self._two(name, args, node), node, hint)
        if name in _COMPARISONS:
            fn = _COMPARISONS[name]
            return lambda args, kwargs, node, hint: self.compare(fn, *self._two(name, args, node), node, hint)
        if name in _UNARY:
            fn = _UNARY[name]
            return lambda args, kwargs, node, hint: self.unary(fn, args[0], node, hint)
        return None

    def _two(self, name: str, args: Args, node: Any) -> tuple[Value, Value]:
        self._arity(name, args, 2, 2, node)
        return self.fresh_list(args[0]), self.fresh_list(args[1])

    def _builtin_operator_not_(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("not_", args, 1, 1, node)
        truth = self.truth(args[0], node)
        return Lit(not truth) if isinstance(truth, bool) else self.op("not", truth, node=node, hint=hint)

    def _builtin_operator_truth(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("truth", args, 1, 1, node)
        return self.as_bool(args[0], node)

    def _builtin_operator_getitem(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.subscript(*self._two("getitem", args, node), node, hint)

    def _builtin_operator_setitem(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("setitem", args, 3, 3, node)
        self.assign_item(self.fresh_list(args[0]), args[1], args[2], node)
        return NONE

    def _builtin_operator_contains(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        owner, item = self._two("contains", args, node)
        return self.compare("in", item, owner, node, hint)

    def _builtin_operator_itemgetter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("itemgetter", args, 1, 99, node)
        names = {f"key{k}": a for k, a in enumerate(args)}
        each = [f"owner[{n}]" for n in names]
        return self._function(f"lambda owner: {each[0] if len(each) == 1 else '(' + ', '.join(each) + ')'}", node,
                              names)

    def _builtin_operator_attrgetter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("attrgetter", args, 1, 99, node)
        each = [f"owner.{self._attribute_name(a, node)}" for a in args]
        return self._function(f"lambda owner: {each[0] if len(each) == 1 else '(' + ', '.join(each) + ')'}", node, {})

    def _builtin_operator_methodcaller(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("methodcaller", args, 1, 99, node)
        name = self._attribute_name(args[0], node)
        values: Named = {"args_": Seq(tuple(args[1:])), "kwargs_": Seq(tuple(kwargs.values()), "dict", tuple(kwargs))}
        return self._function(f"lambda owner: owner.{name}(*args_, **kwargs_)", node, values)

    def _function(self, text: str, node: Any, names: Named) -> Value:
        """A function given by its text, which reads these names."""
        made = gast.parse(text, mode="eval").body
        for part in gast.walk(made):
            if hasattr(part, "lineno"):
                gast.copy_location(part, node)
        frame = dataclasses.replace(self.frame, locals=frozenset(names), env=dict(names), lexical=None,
                                    caller=self.frame)
        return Closure(made, frame, ())
