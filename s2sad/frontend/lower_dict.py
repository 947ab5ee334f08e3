"""Dicts: tables from keys that are known when lowering to values, in the order in which the keys came.

    {"a": x} | {"b": y, "a": z}  =  {"a": z, "b": y}

A key is a text, a number, or whatever else can be hashed and is known; the values are anything.  Reading an item,
asking for a key and running over a dict are evaluated away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from s2sad.frontend.classes import is_instance
from s2sad.frontend.lower_variables import Variables
from s2sad.frontend.values import (
    Key,
    Library,
    Python,
    Seq,
    Static,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    listed,
)
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import NOTHING


def hashable(value: Any) -> bool:
    """Whether a value can be a key."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _is_itself_only(value: Any) -> bool:
    """Whether an object of the module is equal to nothing but itself, as objects are unless their class says more."""
    own = (getattr(type(value), name) is getattr(object, name) for name in ("__eq__", "__hash__"))
    return is_instance(value) and all(own)


class Dicts(Variables):
    """Displays, items and methods of dicts."""

    def _Dict(self, node: Any, hint: str) -> Value:
        pairs: list[tuple[Key, Value]] = []
        for k, v in zip(node.keys, node.values):
            with self.holding([value for _, value in pairs]):
                if k is None:
                    spread = self._dict(self.expr(v), v, "'**'")
                    pairs += zip(spread.keys, spread.items)
                else:
                    pairs.append((self.dict_key(self.expr(k), k), self.expr(v)))
        return self.dict_of(pairs)

    def dict_of(self, pairs: Iterable[tuple[Key, Value]]) -> Seq:
        """The dict of pairs: a key that comes again keeps its place and takes the new value."""
        made = dict(pairs)
        return Seq(tuple(made.values()), "dict", tuple(made))

    def _dict(self, value: Value, node: Any, what: str) -> Seq:
        if isinstance(value, Seq) and value.is_dict:
            return value
        self.refuse_type(node, f"{what} of {describe_value(value)} is not supported", "use it with a dict")

    def keyword_arguments(self, node: Any) -> list[tuple[str, Value]]:
        """What ``**d`` in a call stands for."""
        spread = self._dict(self.expr(node), node, "'**'")
        bad = [k for k in spread.keys if not isinstance(k, str)]
        if bad:
            self.refuse_type(node, f"the keys of '**' in a call are texts, not {bad[0]!r}")
        return list(zip(map(str, spread.keys), spread.items))

    def dict_key(self, value: Value, node: Any, name: str = "") -> Key:
        """A value as the key of a dict, which the user calls ``name``."""
        which = f"the dict '{name}'" if name else "a dict"
        if isinstance(value, Var) and not is_bottom(value):
            known = self.demand(value, f"it is the key of {which}", node)
            if type(known) in (int, bool):
                return known
        found = self.hashed(value)
        if found is None:
            self.refuse_open(node, f"the key of {which} must be known at compile time: a text, a number, None, an "
                                   f"enum, or a tuple of these, not {describe_value(value)}")
        return found[0]

    def hashed(self, value: Value) -> tuple[Key] | None:
        """The object that a value is, if it is known and can be a key."""
        if isinstance(value, Lit):
            return (value.value,)
        if isinstance(value, Var) and (self.facts.known(value)[0] or self.facts.places.get(value)):
            return (self.demand(value, "it is a key", self.node),)
        if isinstance(value, Static):
            return (value.value,) if hashable(value.value) else None
        if isinstance(value, Library) and value.object is not None and hashable(value.object):
            return (value.object,)
        if isinstance(value, Python) and value.meaning.fn is not None and not value.meaning.bound_args:
            return (value.meaning.fn,)
        if isinstance(value, Unusable) and _is_itself_only(value.meaning.object):
            return (value.meaning.object,)
        if isinstance(value, Seq) and value.kind == "tuple" and value.cls is None:
            items = [self.hashed(v) for v in value.items]
            return None if None in items else (tuple(i[0] for i in items if i is not None),)
        return None

    def key_value(self, key: Key) -> Value:
        """A key as a value."""
        return Seq(tuple(map(self.key_value, key))) if type(key) is tuple else self.from_object(key)

    def dict_item(self, owner: Seq, index: Value, node: Any) -> Value:
        """``d[key]``."""
        if is_bottom(index):
            return Var(NOTHING)
        key = self.dict_key(index, node)
        if key not in owner.keys:
            made = self.made_item(owner, key, node)
            if made is not None:
                return made
            self.refuse_type(node, f"there is no key {key!r}: the dict has {listed(owner.keys)}",
                             raises=KeyError(key))
        return self.read(owner.items[owner.keys.index(key)], f"[{key!r}]", node)

    def dict_union(self, left: Seq, right: Seq, node: Any) -> Value:
        """``left | right``."""
        return self.dict_of([*zip(left.keys, left.items), *zip(right.keys, right.items)])

    def made_item(self, owner: Seq, key: Key, node: Any) -> Value | None:
        raise NotImplementedError
