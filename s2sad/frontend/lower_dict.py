"""Dicts: tables from keys that are known when lowering to values, in the order in which the keys came.

    {"a": x} | {"b": y, "a": z}  =  {"a": z, "b": y}

A key is a text or an integer; the values are anything.  Reading an item, asking for a key and running over a dict are
evaluated away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from s2sad.frontend.lower_variables import Variables
from s2sad.frontend.values import Key, Method, Seq, Value, ViewOf, describe_value, is_bottom, listed
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import NOTHING

_READS = frozenset("keys values items get copy".split())


class Dicts(Variables):
    """Displays, items and methods of dicts."""

    def _Dict(self, node: Any, hint: str) -> Value:
        pairs: list[tuple[Key, Value]] = []
        for k, v in zip(node.keys, node.values):
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
        if isinstance(value, Lit) and type(value.value) in (str, int):
            key: Key = value.value
            return key
        if isinstance(value, Var) and not is_bottom(value):
            known = self.demand(value, f"it is the key of {which}", node)
            if type(known) is int:
                return known
        self.refuse_type(node, f"the key of {which} must be a text or an int that is known at compile time, not "
                               f"{describe_value(value)}")

    def dict_item(self, owner: Seq, index: Value, node: Any) -> Value:
        """``d[key]``."""
        if is_bottom(index):
            return Var(NOTHING)
        key = self.dict_key(index, node)
        if key not in owner.keys:
            self.refuse_type(node, f"there is no key {key!r}: the dict has {listed(owner.keys)}",
                             raises=KeyError(key))
        return self.read(owner.items[owner.keys.index(key)], f"[{key!r}]", node)

    def dict_union(self, left: Seq, right: Seq, node: Any) -> Value:
        """``left | right``."""
        if isinstance(node, gast.AugAssign):
            self.refuse(node, "'|=' changes a dict", "write d = d | ...")
        return self.dict_of([*zip(left.keys, left.items), *zip(right.keys, right.items)])

    def dict_attribute(self, owner: Seq, name: str, node: Any) -> Value:
        """The methods that read a dict."""
        if name in _READS:
            return Method(owner, name)
        if hasattr(dict, name):
            self.refuse(node, f"'{name}' of a dict is not supported", "make a new dict: {**d, 'key': value}")
        self.refuse_type(node, f"a dict has no attribute '{name}'", f"write d[{name!r}]" if name in owner.keys else "",
                         AttributeError(f"'dict' object has no attribute '{name}'"))

    def dict_method(self, owner: Seq, name: str, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        """``d.name(...)``."""
        if kwargs or not (1 <= len(args) <= 2 if name == "get" else not args):
            self.refuse_type(node, f"dict.{name}() does not take these arguments")
        if name == "get":
            key = self.dict_key(args[0], node)
            if key in owner.keys:
                return self.dict_item(owner, args[0], node)
            return args[1] if len(args) == 2 else Lit(None)
        if name == "copy":
            return self.dict_of(zip(owner.keys, owner.items))
        return ViewOf(owner, name)
