"""Sets of values that are known when lowering: a `Seq` of the kind ``set`` or ``frozenset`` with its members as keys.

Python's own sets do what is done with them.  Their order is not: texts are hashed differently in each process, so that
only sets of whole numbers are run over as they are, and others in the order that `sorted` gives them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2sad.frontend.lower_dict_methods import DictMethods
from s2sad.frontend.values import Key, Method, Seq, Static, Value, ViewOf, describe_value, is_bottom
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import NOTHING

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "|": operator.or_, "&": operator.and_, "-": operator.sub, "^": operator.xor,
    "union": set.union, "intersection": set.intersection, "difference": set.difference,
    "symmetric_difference": set.symmetric_difference,
}
_CHANGES = {"update": "|", "intersection_update": "&", "difference_update": "-", "symmetric_difference_update": "^"}
_QUESTIONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "issubset": set.issubset, "issuperset": set.issuperset, "isdisjoint": set.isdisjoint,
}
_METHODS = frozenset((*_OPERATORS, *_CHANGES, *_QUESTIONS, "add", "remove", "discard", "pop", "clear", "copy"))


class Sets(DictMethods):
    """Displays, operators and methods of sets."""

    def spread(self, nodes: list[Any]) -> list[Value]:
        raise NotImplementedError

    def _Set(self, node: Any, hint: str) -> Value:
        return self.set_of(self.spread(node.elts), node)

    def set_of(self, items: list[Value], node: Any, kind: str = "set") -> Value:
        """The set of some values."""
        if any(map(is_bottom, items)):
            return Var(NOTHING)
        return self._set_with({self._hashed_member(i, node): None for i in items}, kind)

    def _set_with(self, members: Any, kind: str = "set") -> Seq:
        return Seq((), kind, tuple(sorted(dict.fromkeys(members), key=repr)))

    def _hashed_member(self, value: Value, node: Any) -> Key:
        found = self.hashed(value)
        if found is None:
            self.refuse_type(node, "the members of a set must be known at compile time", "use a list or tuple")
        return found[0]

    def is_set(self, value: Value) -> bool:
        """Whether a value is a set or frozenset."""
        return isinstance(value, Seq) and value.kind in ("set", "frozenset") or (
            isinstance(value, Static) and isinstance(value.value, frozenset))

    def members(self, value: Value) -> set[Any]:
        """The members of a set."""
        return set(value.keys if isinstance(value, Seq) else value.value)  # type: ignore[union-attr]

    def _kind(self, value: Value) -> str:
        return value.kind if isinstance(value, Seq) else "frozenset"

    def members_in_order(self, value: Value, node: Any) -> list[Value]:
        """The members of a set in the order in which Python runs over them."""
        found = sorted(self.members(value), key=repr)
        if not all(type(k) is int for k in found) or list(set(found)) != list({*reversed(found)}):
            self.refuse_type(node, "the order in which a set is run over is not known", "write sorted(...)")
        return [Lit(k) for k in set(found)]

    def unordered(self, value: Value) -> Value:
        """A set as a tuple, for what does not depend on the order of its members; other values as they are."""
        value = self.fresh_list(value)
        if not self.is_set(value):
            return value
        return Seq(tuple(map(self.key_value, sorted(self.members(value), key=repr))))

    def _keys_as_set(self, value: Value) -> Value:
        """``d.keys()`` as a set, beside another one; other values as they are."""
        if isinstance(value, ViewOf) and value.name == "keys":
            return self._set_with(self.fresh_list(value.owner).keys)
        return value

    def set_binary(self, fn: str, left: Value, right: Value, node: Any) -> Value | None:
        """``left fn right`` of two sets; None if they are none."""
        left, right = self._keys_as_set(left), self._keys_as_set(right)
        if fn not in ("|", "&", "-", "^") or not (self.is_set(left) and self.is_set(right)):
            return None
        return self._set_with(_OPERATORS[fn](self.members(left), self.members(right)), self._kind(left))

    def set_compare(self, fn: str, left: Value, right: Value) -> bool | None:
        """``left fn right`` of two sets; None if they are none."""
        left, right = self._keys_as_set(left), self._keys_as_set(right)
        if fn not in _QUESTIONS or not (self.is_set(left) and self.is_set(right)):
            return None
        return _QUESTIONS[fn](self.members(left), self.members(right))

    def attribute_of_set(self, owner: Value, name: str, node: Any) -> Value:
        """The methods of a set."""
        if name in _METHODS and hasattr(set if self._kind(owner) == "set" else frozenset, name):
            return Method(owner, name)
        self.refuse_type(node, f"a {self._kind(owner)} has no attribute '{name}'")

    def set_method(self, owner: Value, name: str, args: list[Value], node: Any) -> Value:
        """``owner.name(...)``."""
        mine = self.members(owner)
        if name in _OPERATORS or name in _CHANGES or name in _QUESTIONS:
            others = [self._others(a, node) for a in args]
            if name in _QUESTIONS:
                return Lit(_QUESTIONS[name](mine, *others))
            if name in _OPERATORS:
                return self._set_with(_OPERATORS[name](mine, *others), self._kind(owner))
            for other in others:
                mine = _OPERATORS[_CHANGES[name]](mine, other)
            return self.change_set(owner, mine, node)
        if name == "copy":
            return self._set_with(mine, self._kind(owner))
        if name == "pop":
            self.refuse(node, "set.pop() is not supported: which member it takes is not known", "use a list")
        if name == "clear":
            return self.change_set(owner, set(), node)
        if len(args) != 1:
            self.refuse_type(node, f"set.{name}() takes 1 argument, not {len(args)}")
        member = self._hashed_member(args[0], node)
        if name == "remove" and member not in mine:
            self.refuse_type(node, f"the set has no member {member!r}", raises=KeyError(member))
        return self.change_set(owner, mine | {member} if name == "add" else mine - {member}, node)

    def update_table(self, owner: Seq, fn: str, value: Value, node: Any) -> None:
        """``owner fn= value`` of a dict or set, which changes it."""
        if is_bottom(value):
            return
        if owner.is_dict and fn == "|" and owner.cell not in self.facts.counters:
            self.update_dict(owner, value, node)
        elif owner.kind == "set" and fn in _OPERATORS and self.is_set(value):
            self.change_set(owner, _OPERATORS[fn](self.members(owner), self.members(value)), node)
        else:
            self.refuse_type(node, f"'{fn}=' of {describe_value(owner)} and {describe_value(value)} is not supported")

    def _others(self, value: Value, node: Any) -> set[Any]:
        value = self.fresh_list(value)
        if self.is_set(value):
            return self.members(value)
        items = None if is_bottom(value) else self.items_of(value, node)
        if items is None:
            self.refuse_type(node, "the members of a set must be known at compile time", "use a list or tuple")
        return {self._hashed_member(i, node) for i in items}

    def change_set(self, owner: Value, members: set[Any], node: Any) -> Value:
        """From now on a set has these members."""
        assert isinstance(owner, Seq)
        new = replace(owner, keys=self._set_with(members).keys)
        self.change(owner, new, node, len(new.keys) != len(owner.keys))
        return Lit(None)
