"""Assignment to items, augmented assignment, and the functions that write into their arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_list_methods import ListMethods
from s2sad.frontend.values import ListOf, Seq, Unusable, Value, describe_value, is_bottom, is_number
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Arg, Lit, Tup, Var
from s2sad.trace.types import kind_of, rank
from s2sad.trace.walk import may_repeat


class Writes(ListMethods):
    """Writing to items of arrays and lists."""

    def as_array(self, items: Tup, node: Any) -> Arg:
        raise NotImplementedError

    def array_value(self, value: Value, node: Any) -> Var | Lit:
        """What is written into an array: a number, an array, or a list of them."""
        if is_bottom(value) or is_number(value):
            return value  # type: ignore[return-value]
        operand = self.operand(value, node)
        if isinstance(operand, Tup):
            return self.as_array(operand, node)  # type: ignore[return-value]
        return self.number(value, node, "a number or array is needed here")  # type: ignore[return-value]

    def assign_item(self, owner: Value, index: Value, value: Value, node: Any, name: str = "") -> None:
        """``owner[index] = value``."""
        method = self.special_method(owner, "__setitem__", node)
        if method is not None:
            self.call_value(method, [index, value], {}, node)
        elif isinstance(owner, ListOf) or isinstance(owner, Seq) and owner.is_list:
            self.set_list_item(owner, index, value, node)
        elif isinstance(owner, Seq) and owner.is_dict:
            if not is_bottom(index):
                made = {**dict(zip(owner.keys, owner.items)), self.dict_key(index, node, name): value}
                new = replace(owner, items=tuple(made.values()), keys=tuple(made))
                self.change(owner, new, node, len(new.items) != len(owner.items))
        elif isinstance(owner, Seq):
            self.refuse_type(node, f"a {owner.kind} does not support item assignment", "use a list or an array")
        elif is_array(owner) or is_bottom(owner):
            self.write(owner, self.operand(index, node), self.array_value(value, node), node, name)
        else:
            self.refuse_type(node, f"{describe_value(owner)} does not support item assignment",
                             "pass what is to change as an argument" if isinstance(owner, Unusable) else "")

    def update(self, owner: Var, index: Arg, fn: str, value: Value, node: Any, name: str) -> None:
        """``owner[index] fn= value``, in place."""
        if self.has_bottom(index) or is_bottom(value) or is_bottom(owner):
            self.write(owner, index, Var(owner.type) if not is_bottom(owner) else owner, node, name)
            return
        number = self.array_value(value, node)
        floats = kind_of(owner.type) in ("float", "complex") and kind_of(type_of(number)) != "bool"
        if fn in ("+", "-") and floats and not may_repeat(index) and rank(owner.type) != 0:
            if fn == "-":
                number = Lit(-number.value) if isinstance(number, Lit) else self.op("neg", number, node=node)
            self.write(owner, index, number, node, name, "scatter_add", True)
            return
        old = owner if index == Lit(...) else self.op("getitem", owner, options={"index": index}, node=node)
        new = self.binary(fn, old, number, node)
        self.write(owner, index, new, node, name, is_update=True)

