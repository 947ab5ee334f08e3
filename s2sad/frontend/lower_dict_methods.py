"""Methods of dicts, and dicts that make items for keys which they do not have.

    d.setdefault("k", []).append(x)     d.update(other, k=x)     x = d.pop("k", 0.0)     d |= other

What a `defaultdict` or a `Counter` makes for a key that it has not is noted beside the dict, by its cell.
"""

from __future__ import annotations

from typing import Any

from s2sad.frontend.lower_dict import Dicts
from s2sad.frontend.values import Key, Method, Seq, Value, ViewOf, describe_value, is_bottom, listed
from s2sad.trace.ir import Lit, Var

_VIEWS = frozenset("keys values items".split())
# How many arguments each method takes.
_ARITIES = {"keys": (0, 0), "values": (0, 0), "items": (0, 0), "get": (1, 2), "copy": (0, 0), "update": (0, 1),
            "pop": (1, 2), "setdefault": (1, 2), "popitem": (0, 0), "clear": (0, 0), "move_to_end": (1, 2)}
_OF_ANY = frozenset(_ARITIES) - {"move_to_end"}
_OF_COUNTERS = frozenset("most_common total elements subtract".split())


class DictMethods(Dicts):
    """`dict_method` is the entry."""

    def items_of(self, value: Value, node: Any) -> list[Value] | None:
        raise NotImplementedError

    def spread_items(self, value: Value, node: Any) -> list[Value] | None:
        raise NotImplementedError

    def dict_attribute(self, owner: Seq, name: str, node: Any) -> Value:
        """The methods of a dict."""
        if name in _OF_ANY or name == "move_to_end" or (
                name in ("most_common", "total") and owner.cell in self.facts.counters):
            return Method(owner, name)
        if name == "__getitem__":
            return Method(owner, name)
        if hasattr(dict, name) or name in _OF_COUNTERS:
            self.refuse(node, f"'{name}' of a dict is not supported", "make a new dict: {**d, 'key': value}")
        self.refuse_type(node, f"a dict has no attribute '{name}'", f"write d[{name!r}]" if name in owner.keys else "",
                         AttributeError(f"'dict' object has no attribute '{name}'"))

    def dict_method(self, owner: Seq, name: str, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        """``d.name(...)``."""
        low, high = _ARITIES.get(name, (0, 9))
        if not low <= len(args) <= high or kwargs and name not in ("update", "move_to_end"):
            self.refuse_type(node, f"dict.{name}() does not take these arguments")
        if name in _VIEWS:
            return ViewOf(owner, name)
        if any(map(is_bottom, args[:1])):
            return args[0]
        found: Value = getattr(self, "_dict_" + name.strip("_"))(owner, args, kwargs, node)
        return found

    def _dict_getitem(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        return self.dict_item(owner, args[0], node)

    def _dict_get(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        if self.dict_key(args[0], node) in owner.keys:
            return self.dict_item(owner, args[0], node)
        return args[1] if len(args) == 2 else Lit(None)

    def _dict_copy(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        return self._as_maker(owner, self.dict_of(zip(owner.keys, owner.items)))

    def _dict_update(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        if owner.cell in self.facts.counters:
            self.refuse(node, "'update' of a Counter is not supported", "count in a loop: c[key] += 1")
        new = self.pairs_of(args[0], node) if args else []
        self.change_dict(owner, [*zip(owner.keys, owner.items), *new, *kwargs.items()], node)
        return Lit(None)

    def pairs_of(self, value: Value, node: Any) -> list[tuple[Key, Value]]:
        """The items of a dict, or of pairs of keys and values."""
        value = self.fresh_list(value)
        if isinstance(value, Seq) and value.is_dict:
            return list(zip(value.keys, value.items))
        found: list[tuple[Key, Value]] = []
        items = None if is_bottom(value) else self.spread_items(value, node)
        for item in items or ():
            pair = self.items_of(item, node) if not is_bottom(item) else None
            if pair is None or len(pair) != 2:
                self.refuse_type(node, f"an item of {describe_value(value)} is no pair of a key and a value")
            found.append((self.dict_key(pair[0], node), pair[1]))
        if items is None:
            self.refuse_type(node, f"{describe_value(value)} is no dict, and no list of pairs of known length",
                             "write the dict out: {'a': x}")
        return found

    def change_dict(self, owner: Seq, pairs: list[tuple[Key, Value]], node: Any) -> None:
        """From now on a dict has these items."""
        made = dict(pairs)
        new = Seq(tuple(made.values()), "dict", tuple(made), owner.cell)
        self.change(owner, new, node, new.keys != owner.keys)

    def _dict_pop(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        key = self.dict_key(args[0], node)
        if key not in owner.keys and len(args) == 2:
            return args[1]
        if key not in owner.keys:
            self.refuse_type(node, f"there is no key {key!r}: the dict has {listed(owner.keys)}",
                             raises=KeyError(key))
        value = owner.items[owner.keys.index(key)]
        self.change_dict(owner, [(k, v) for k, v in zip(owner.keys, owner.items) if k != key], node)
        return self.read(value, f"[{key!r}]", node)

    def _dict_popitem(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        if not owner.keys:
            self.refuse_type(node, "popitem() of an empty dict",
                             raises=KeyError("popitem(): dictionary is empty"))
        key, value = owner.keys[-1], owner.items[-1]
        self.change_dict(owner, list(zip(owner.keys[:-1], owner.items[:-1])), node)
        return Seq((self.key_value(key), value))

    def _dict_setdefault(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        key = self.dict_key(args[0], node)
        if key in owner.keys:
            return self.dict_item(owner, args[0], node)
        value = args[1] if len(args) == 2 else Lit(None)
        self.change_dict(owner, [*zip(owner.keys, owner.items), (key, value)], node)
        return value

    def _dict_clear(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        self.change_dict(owner, [], node)
        return Lit(None)

    def _dict_move_to_end(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        key, last = self.dict_key(args[0], node), (*args, *kwargs.values(), Lit(True))[1]
        if key not in owner.keys:
            self.refuse_type(node, f"there is no key {key!r}: the dict has {listed(owner.keys)}")
        moved = [(key, owner.items[owner.keys.index(key)])]
        rest = [(k, v) for k, v in zip(owner.keys, owner.items) if k != key]
        self.change_dict(owner, rest + moved if self.truth(last, node) else moved + rest, node)
        return Lit(None)

    def _dict_total(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        total: Value = Lit(0)
        for item in owner.items:
            total = self.binary("+", total, item, node)
        return total

    def _dict_most_common(self, owner: Seq, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        known = [self.facts.known(i) if isinstance(i, (Lit, Var)) else (False, None) for i in owner.items]
        counts: list[Any] = [count for is_known, count in known if is_known]
        if len(counts) < len(owner.items):
            self.refuse(node, "most_common() of counts computed at run time is not supported", "use sorted(...)")
        order = sorted(range(len(counts)), key=lambda k: -counts[k])
        limit = self.demand(self.number(args[0], node), "it says how many there are", node) if args else None
        return Seq(tuple(Seq((self.key_value(owner.keys[k]), owner.items[k])) for k in order[:limit]), "list")

    # Items for keys that are not there.

    def made_item(self, owner: Seq, key: Key, node: Any) -> Value | None:
        """What a dict makes for a key that it does not have; None if it makes nothing."""
        if owner.cell in self.facts.counters:
            return Lit(0)
        factory = self.facts.factories.get(owner.cell)
        if factory is None:
            return None
        value = self.call_value(factory, [], {}, node)
        owner = self.fresh_list(owner)
        self.change_dict(owner, [*zip(owner.keys, owner.items), (key, value)], node)
        return value

    def _as_maker(self, like: Seq, made: Seq) -> Seq:
        """A dict that makes the same items as another one."""
        if like.cell in self.facts.counters:
            self.facts.counters.add(made.cell)
        if like.cell in self.facts.factories:
            self.facts.factories[made.cell] = self.facts.factories[like.cell]
        return made

    def update_dict(self, owner: Seq, value: Value, node: Any) -> None:
        """``d |= value``."""
        self.change_dict(owner, [*zip(owner.keys, owner.items), *self.pairs_of(value, node)], node)

    def binary(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value:
        raise NotImplementedError
