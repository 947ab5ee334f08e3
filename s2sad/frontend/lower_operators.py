"""Operators that a class of the user's defines, in the order in which Python asks the operands.

    a + b  =  type(a).__add__(a, b), or where that is missing or NotImplemented,  type(b).__radd__(b, a)

An operand whose class is a subclass of the other's, and has a method of its own for it, is asked first.
"""

from __future__ import annotations

import enum
import operator
import types
from typing import Any

from s2sad.frontend.classes import is_generated, overrides
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_members import Members, class_name
from s2sad.frontend.meanings import ABSENT
from s2sad.frontend.values import Seq, Static, Unusable, Value, describe_value
from s2sad.trace.ir import Arg, Lit, Var
from s2sad.trace.types import Unknown, rank

BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
          "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift"}
UNARY = {"neg": "__neg__", "pos": "__pos__", "invert": "__invert__"}
# What asks the other operand in place of a comparison.
MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
COMPARISON = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__"}
# Built-in functions that ask the class of their first argument.
ASKING = {"abs": "__abs__", "float": "__float__", "int": "__int__", "complex": "__complex__", "len": "__len__",
          "round": "__round__", "divmod": "__divmod__", "iter": "__iter__", "next": "__next__",
          "reversed": "__reversed__", "format": "__format__",
          "math.floor": "__floor__", "math.ceil": "__ceil__", "math.trunc": "__trunc__", "operator.index": "__index__"}


_FLAGS = {"|": operator.or_, "&": operator.and_, "^": operator.xor}


def _is_member(value: Value) -> bool:
    """Whether a value is a member of an enumeration."""
    return isinstance(value, Static) and isinstance(value.value, enum.Enum)


def as_number(value: Value) -> Value:
    """A member of an enumeration of numbers as the number that it is; other values as they are."""
    if isinstance(value, Static) and isinstance(value.value, enum.Enum):
        for kind in (int, float):
            if isinstance(value.value, kind):
                return Lit(kind(value.value))
    return value


class Operators(Members):
    """`object_binary`, `object_compare` and their like give None where no class of the user's has a say."""

    def compare(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    def object_binary(self, fn: str, left: Value, right: Value, node: Any, hint: str = "",
                      in_place: bool = False) -> Value | None:
        """``left fn right``; ``left fn= right`` if ``in_place``."""
        if _is_member(left) or _is_member(right):
            return self._of_members(fn, left, right, node, hint)
        a, b = self.class_of(left), self.class_of(right)
        if a is None and b is None:
            return None
        name = BINARY[fn]
        if in_place:
            made = self.call_special(left, f"__i{name}__", [right], node, hint)
            if made is not None:
                return made
        if a is None and is_array(left) and self.special_method(right, f"__r{name}__", node) is not None:
            self._check_deferring(left, right, b, node)
        asked = [(left, f"__{name}__", right)]
        if a is not b:
            asked.append((right, f"__r{name}__", left))
            if a is not None and b is not None and issubclass(b, a) and overrides(b, a, f"__r{name}__"):
                asked.reverse()
        for owner, method, other in asked:
            made = self.call_special(owner, method, [other], node, hint)
            if made is not None:
                return made
        if all(self.class_of(v) is None or isinstance(v, Seq) and not v.is_object for v in (left, right)):
            return None
        self.refuse_type(node, f"'{fn}' of {describe_value(left)} and {describe_value(right)} is not supported",
                         f"give {class_name(left if a is not None else right)} the method "
                         f"__{'' if a is not None else 'r'}{name}__")

    def _of_members(self, fn: str, left: Value, right: Value, node: Any, hint: str) -> Value | None:
        """``left fn right`` of members of enumerations: as the numbers that they are, or known now."""
        numbers = [as_number(v) for v in (left, right)]
        if all(new is not old for new, old in zip(numbers, (left, right)) if _is_member(old)) and not (
                isinstance(left, Static) and isinstance(left.value, enum.Flag)):
            return self.binary(fn, numbers[0], numbers[1], node, hint)
        known = [v.value for v in (left, right) if isinstance(v, (Static, Lit))]
        if len(known) == 2 and isinstance(known[0], enum.Flag) and fn in _FLAGS:
            return self.from_object(_FLAGS[fn](*known))
        return None

    def binary(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    def from_object(self, value: Any, name: str = "", meaning: Any = None, scope: Any = None) -> Value:
        raise NotImplementedError

    def _check_deferring(self, left: Value, right: Value, cls: type | None, node: Any) -> None:
        """Refuse an array before an object that NumPy would hand the elements of the array to, one by one."""
        assert isinstance(left, Var) and cls is not None
        if rank(left.type) == 0 and not isinstance(left.type, Unknown) and not self.facts.may_be_box(left):
            return
        priority = self.class_entry(cls, "__array_priority__")
        if self.class_entry(cls, "__array_ufunc__") is not None and not (priority is not ABSENT and priority > 0):
            self.refuse_type(node, f"NumPy hands the elements of an array before a {cls.__name__} to it one by one, "
                                   "and makes an array of objects",
                             f"write 'array_ufunc = None' with two underscores on each side in {cls.__name__}, or put "
                             "the object first")

    def object_unary(self, fn: str, value: Value, node: Any, hint: str) -> Value | None:
        """``-value``, ``+value``, ``~value``."""
        return self._asked(value, UNARY[fn], node, hint)

    def object_function(self, name: str, args: list[Value], node: Any, hint: str) -> Value | None:
        """A built-in function of an object."""
        method = ASKING.get(name)
        if method is None or not args or self.class_of(args[0]) is None:
            return None
        found = self.special_method(args[0], method, node)
        return None if found is None else self.call_value(found, args[1:], {}, node, hint)

    def _asked(self, value: Value, method: str, node: Any, hint: str) -> Value | None:
        if self.class_of(value) is None:
            return None
        found = self.special_method(value, method, node)
        if found is None:
            self.refuse_type(node, f"{describe_value(value)} has no {method}", f"give {class_name(value)} this method")
        return self.call_value(found, [], {}, node, hint)

    def items_of(self, value: Value, node: Any) -> list[Value] | None:
        raise NotImplementedError

    # Truth.

    def object_truth(self, value: Value, node: Any) -> bool | Arg | None:
        """Whether an object is true, as its class says it."""
        if self.class_of(value) is None or isinstance(value, Seq) and not value.is_object:
            return None
        for name in ("__bool__", "__len__"):
            found = self.special_method(value, name, node)
            if found is not None:
                return self.truth(self.call_value(found, [], {}, node), node)
        return True

    # Comparison.

    def object_compare(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value | None:
        """``left fn right``."""
        if _is_member(left) is not _is_member(right):
            # One of them may be a number, such as a member of an IntEnum is.
            one, other = as_number(left), as_number(right)
            return None if one is left and other is right else self.compare(fn, one, other, node, hint)
        a, b = self.class_of(left), self.class_of(right)
        if a is None and b is None:
            return None
        asked = [(left, fn, right), (right, MIRRORED[fn], left)]
        if a is not None and b is not None and a is not b and issubclass(b, a) and overrides(
                b, a, COMPARISON[MIRRORED[fn]]):
            asked.reverse()
        for owner, asks, other in asked:
            made = self._compared(owner, asks, other, node, hint)
            if made is not None:
                return made
        if all(isinstance(v, Seq) and not v.is_object or self.class_of(v) is None for v in (left, right)):
            return None
        if fn in ("==", "!="):
            return Lit(self.is_same_object(left, right, node) is (fn == "=="))
        self.refuse_type(node, f"'{fn}' of {describe_value(left)} and {describe_value(right)} is not supported",
                         f"give {class_name(left if a is not None else right)} the method {COMPARISON[fn]}")

    def _compared(self, owner: Value, fn: str, other: Value, node: Any, hint: str) -> Value | None:
        cls = self.class_of(owner)
        found = ABSENT if cls is None else self.class_entry(cls, COMPARISON[fn])
        if is_generated(found):
            return self._compared_fields(owner, fn, other, node)
        if cls is types.SimpleNamespace and fn == "==" and self.class_of(other) is cls:
            return self.compare(fn, self.attributes_of(owner), self.attributes_of(other), node)
        made = self.call_special(owner, COMPARISON[fn], [other], node, hint)
        if made is None and fn == "!=" and found is ABSENT:
            equal = self._compared(owner, "==", other, node, "")
            return None if equal is None else self._negated(equal, node, hint)
        return made

    def _negated(self, value: Value, node: Any, hint: str) -> Value:
        truth = self.truth(value, node)
        return Lit(not truth) if isinstance(truth, bool) else self.op("not", truth, node=node, hint=hint)

    def _compared_fields(self, owner: Value, fn: str, other: Value, node: Any) -> Value | None:
        """What the method does that a dataclass has been given: objects of one class are compared as tuples."""
        cls = self.class_of(owner)
        if self.class_of(other) is not cls:
            return None
        assert cls is not None
        names = [f.name for f in cls.__dataclass_fields__.values()  # type: ignore[attr-defined]
                 if f.compare and f._field_type.name == "_FIELD"]
        mine, theirs = (Seq(tuple(self.attribute(v, n, node) for n in names)) for v in (owner, other))
        if fn in ("==", "!="):
            return self.compare(fn, mine, theirs, node)
        return self.ordered(fn, mine, theirs, node)

    def ordered(self, fn: str, left: Seq, right: Seq, node: Any) -> Value:
        """``left fn right`` of tuples: the first items that differ decide."""
        if not left.items or not right.items:
            a, b = len(left.items), len(right.items)
            return Lit({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[fn])
        x, y = left.items[0], right.items[0]
        same = self.truth(self.compare("==", x, y, node), node)
        rest = Seq(left.items[1:]), Seq(right.items[1:])
        if isinstance(same, bool):
            return self.ordered(fn, *rest, node) if same else self.compare(fn, x, y, node)
        return self.choose(same, lambda: self.ordered(fn, *rest, node), lambda: self.compare(fn, x, y, node), node)

    def attributes_of(self, value: Value) -> Seq:
        """The attributes of an object as a dict."""
        value = self.fresh_list(value)
        if isinstance(value, Seq):
            return Seq(value.items, "dict", value.keys)
        assert isinstance(value, Unusable)
        names = tuple(vars(value.meaning.object))
        cls = type(value.meaning.object)
        # A property of the class hides what the object holds under its name from everybody but this dict.
        hidden = {n for n in names if isinstance(self.class_entry(cls, n), property)}
        return Seq(tuple(self.from_meaning(value.scope.own_entry(value.meaning, n), value.scope, self.node)
                         if n in hidden else self.attribute(value, n, self.node) for n in names), "dict", names)

    # Identity.

    def is_same_object(self, left: Value, right: Value, node: Any) -> bool:
        """Whether two values are one object; refused where that is not known."""
        if isinstance(left, Seq) and isinstance(right, Seq):
            if left.cell == right.cell:
                return True
            both = {left.cell, right.cell} <= self.facts.given and left.kind == right.kind and left.cls == right.cls
            if both or self.facts.may_be_one(left.cell, right.cell):
                self.refuse_type(node, "whether these are the same object is not known", "compare their attributes")
            return False
        if isinstance(left, Unusable) and isinstance(right, Unusable):
            return left.meaning.object is right.meaning.object
        return False

    def object_contains(self, item: Value, owner: Value, node: Any) -> Value | None:
        """``item in owner``."""
        if self.class_of(owner) is None:
            return None
        found = self.special_method(owner, "__contains__", node)
        if found is not None:
            return self.call_value(found, [item], {}, node)
        if self.special_method(owner, "__iter__", node) is None:
            return None
        items = self.items_of(owner, node)
        if items is None:
            self.refuse_type(node, f"'in' of {describe_value(owner)} is not supported: its length is not known",
                             f"give {class_name(owner)} the method __contains__")
        return self.compare("in", item, Seq(tuple(items)), node)

    def not_asked(self, value: Value, node: Any) -> Value:
        """A value that is run over step by step; an object would have to be asked at the first step only."""
        if self.special_method(value, "__iter__", node) is not None:
            self.refuse(node, f"running over {describe_value(value)} step by step is not supported",
                        "make it a list first: list(...)")
        return value

    def iterated(self, value: Value, node: Any) -> Value:
        """What iterating over an object runs over; other values as they are."""
        if isinstance(value, Static) and isinstance(value.value, enum.EnumMeta):
            members: list[Any] = list(value.value)
            return Seq(tuple(map(self.from_object, members)))
        found = self.special_method(value, "__iter__", node)
        if found is None:
            return value
        if self.special_method(value, "__next__", node) is not None:
            self.refuse(node, f"{describe_value(value)} is an iterator by its own __next__, which is not supported",
                        "write a generator, or return iter(...) of a list from __iter__")
        return self.iterated(self.call_value(found, [], {}, node), node)
