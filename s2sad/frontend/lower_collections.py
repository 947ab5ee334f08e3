"""Classes of containers as functions: `set`, `dict.fromkeys`, and those of `collections`.

A `deque` is a `Seq` of its own kind, whose only key is its ``maxlen``.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from s2sad.frontend.lower_math import MathFunctions
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Library, Seq, Value, is_bottom
from s2sad.trace.ir import NONE, Lit, Var
from s2sad.trace.types import NOTHING, rank

_DEQUE_ARITIES = {"append": (1, 1), "appendleft": (1, 1), "pop": (0, 0), "popleft": (0, 0), "extend": (1, 1),
                  "extendleft": (1, 1), "rotate": (0, 1), "clear": (0, 0), "reverse": (0, 0), "copy": (0, 0)}


class Collections(MathFunctions):
    """Handlers by canonical name."""

    # Sets.

    def _builtin_set(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._set_from("set", args, node)

    def _builtin_frozenset(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._set_from("frozenset", args, node)

    def _set_from(self, kind: str, args: Args, node: Any) -> Value:
        self._arity(kind, args, 0, 1, node)
        return self.set_of(self._listed_items(args[0], f"{kind}()", node) if args else [], node, kind)

    def _SetComp(self, node: Any, hint: str) -> Value:
        return self.set_of(self._known(node, lambda: self.expr(node.elt)), node)

    # Dicts.

    def _builtin_dict_fromkeys(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dict.fromkeys", args, 1, 2, node)
        value = args[1] if len(args) == 2 else NONE
        return self.dict_of([(self.dict_key(k, node), value) for k in self._listed_items(args[0], "dict.fromkeys()",
                                                                                         node)])

    def _builtin_collections_defaultdict(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("defaultdict", args, 0, 2, node)
        made = self._builtin_dict(args[1:], kwargs, node, hint)
        if isinstance(made, Seq) and args and args[0] != NONE:
            self.facts.factories[made.cell] = args[0]
        return made

    def _builtin_collections_Counter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        self._arity("Counter", args, 0, 1, node)
        value = self.fresh_list(args[0]) if args else Seq((), "dict")
        if isinstance(value, Seq) and value.is_dict:
            made = self.dict_of([*zip(value.keys, value.items), *kwargs.items()])
        else:
            counts = Counter(self.dict_key(i, node) for i in self._listed_items(value, "Counter()", node))
            made = self.dict_of([(k, Lit(n)) for k, n in counts.items()])
        self.facts.counters.add(made.cell)
        return made

    # Deques.

    def _builtin_collections_deque(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("deque", args, 0, 2, node)
        if any(map(is_bottom, args)):
            return Var(NOTHING, hint)
        limit = args[1] if len(args) == 2 else kwargs.get("maxlen", NONE)
        length = None if limit == NONE else self.demand(self.number(limit, node), "it is the 'maxlen' of a deque", node)
        items = self._listed_items(args[0], "deque()", node) if args else []
        return Seq(_shortened(tuple(items), length), "deque", (length,))

    def deque_method(self, owner: Seq, name: str, args: Args, node: Any) -> Value:
        """``owner.name(...)``."""
        low, high = _DEQUE_ARITIES[name]
        if not low <= len(args) <= high:
            self.refuse_type(node, f"deque.{name}() does not take {len(args)} arguments")
        items = owner.items
        if name == "copy":
            return Seq(items, "deque", owner.keys)
        if name in ("pop", "popleft"):
            if not items:
                return self.out_of_range(owner, 0, node)
            value = items[-1] if name == "pop" else items[0]
            self.change(owner, owner.with_items(items[:-1] if name == "pop" else items[1:]), node)
            return self.fresh_list(value)  # type: ignore[no-any-return]
        if name == "rotate":
            by = self.demand(self.number(args[0], node), "it is how far a deque is turned", node) if args else 1
            by = by % len(items) if items else 0
            items = items[-by:] + items[:-by] if by else items
        elif name == "reverse":
            items = items[::-1]
        elif name == "clear":
            items = ()
        else:
            new = (args[0],) if name.startswith("append") else tuple(
                self._listed_items(args[0], f"deque.{name}()", node))
            items = new[::-1] + items if name.endswith("left") else items + new
        limit: Any = owner.keys[0]
        items = _shortened(items, limit) if not name.endswith("left") else items[:limit]
        self.change(owner, owner.with_items(items), node, len(items) != len(owner.items))
        return Lit(None)

    # Lists in order.

    def sort_list(self, owner: Seq, kwargs: Named, node: Any) -> Value:
        """``owner.sort(key=…, reverse=…)``."""
        key, backward = kwargs.pop("key", NONE), kwargs.pop("reverse", Lit(False))
        self._no_keywords("list.sort()", kwargs, node)
        self.change(owner, owner.with_items(self.in_order(list(owner.items), key, backward, node)), node, False)
        return Lit(None)

    # Numbers.

    def _builtin_bool(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if not args:
            return Lit(False)
        self._arity("bool", args, 1, 1, node)
        return self.as_bool(args[0], node)

    def _builtin_np_fromiter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.fromiter", args, 1, 2, node)
        dtype = args[1] if len(args) == 2 else kwargs.get("dtype", NONE)
        items = self.items_of(args[0], node)
        listed = self.listed_if_lazy(args[0], node) if items is None else Seq(tuple(items), "list")
        return self.library_op("np.array", [listed], {"dtype": dtype}, node, hint)

    # Index tuples.

    def _builtin_np_ndindex(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        shape = args
        if len(args) == 1 and not isinstance(args[0], (Lit, Var)):
            shape = self._listed_items(args[0], "np.ndindex()", node)
        return self._indices(shape, None, node)

    def _builtin_np_ndenumerate(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.ndenumerate", args, 1, 1, node)
        if is_bottom(args[0]):
            return args[0]
        shape = self.attribute(args[0], "shape", node)
        return self._indices(self._listed_items(shape, "np.ndenumerate()", node), args[0], node)

    def _indices(self, shape: Args, array: Value | None, node: Any) -> Value:
        """All tuples of indices below some lengths, each with the element of an array there: of the p-th tuple the
        last index is ``p % n`` for the last length n, the others are those of the ``p // n``-th tuple before."""
        if not shape:
            self.refuse(node, "indices of an array without axes are not supported", "use x.item()")
        sizes = {f"n{k}": n for k, n in enumerate(shape)}
        at, left = list[str](), "p"
        for k in range(len(shape) - 1, 0, -1):
            at.insert(0, f"{left} % n{k}")
            left = f"({left} // n{k})"
        index = f"({', '.join([left, *at])},)"
        item = index if array is None else f"({index}, array[{index}])"
        count: Value = shape[0]
        for n in shape[1:]:
            count = self.binary("*", count, n, node)
        numbers = self.call_value(Library("range", range), [count], {}, node)
        whole: Value = NONE if array is None else array
        return self.made_generator(f"{item} for p in items", numbers, node, array=whole, **sizes)

    def to_list(self, x: Value, node: Any) -> Value:
        """``x.tolist()``: the elements as numbers of Python, in as many lists as there are axes."""
        n = rank(x.type) if isinstance(x, Var) else None
        if n is None:
            self.refuse(node, "tolist() of an array whose number of axes is not known is not supported", "use indices")
        if n == 0:
            return self.library_op("item", [x], {}, node, "", True)
        each = "item.item()" if n == 1 else "item.tolist()"
        return self.listed_if_lazy(self.made_generator(f"{each} for item in items", x, node), node)


def _shortened(items: tuple[Value, ...], limit: int | None) -> tuple[Value, ...]:
    """The last items, as many as there may be."""
    return items if limit is None or len(items) <= limit else items[len(items) - limit:]
