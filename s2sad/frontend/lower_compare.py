"""Comparisons: numbers by an operation, structure while lowering."""

from __future__ import annotations

from typing import Any

import gast

from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_sets import Sets
from s2sad.frontend.operands import of_none
from s2sad.frontend.values import (
    Abstract,
    Closure,
    Library,
    ListOf,
    Namespace,
    Python,
    RangeOf,
    Seq,
    ShapeOf,
    Static,
    Unusable,
    Value,
    ViewOf,
    describe_value,
    is_bottom,
    is_number,
    same_static,
)
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import BOOL, NOTHING, Array, Unknown, rank

COMPARE: dict[type[Any], str] = {
    gast.Lt: "<", gast.LtE: "<=", gast.Gt: ">", gast.GtE: ">=", gast.Eq: "==", gast.NotEq: "!=", gast.Is: "is",
    gast.IsNot: "is_not", gast.In: "in", gast.NotIn: "not_in",
}


class Comparisons(Sets):
    """`compare` is the entry."""

    def as_array(self, items: Tup, node: Any) -> Arg:
        raise NotImplementedError

    def spread_shape(self, value: Value, node: Any) -> Value:
        """The lengths of a shape as numbers; other values as they are."""
        return self.shape_items(value, node) if isinstance(value, ShapeOf) else value

    def _Compare(self, node: Any, hint: str) -> Value:
        return self._chain(self.expr(node.left), list(node.ops), list(node.comparators), node, hint)

    def _chain(self, left: Value, ops: list[Any], nodes: list[Any], node: Any, hint: str) -> Value:
        with self.holding((left,)):
            right = self.expr(nodes[0])
        first = self.compare(COMPARE[type(ops[0])], left, right, node, hint if len(ops) == 1 else "")
        if len(ops) == 1:
            return first
        truth = self.truth(first, node)
        if isinstance(truth, bool):
            return self._chain(right, ops[1:], nodes[1:], node, hint) if truth else first
        return self.choose(truth, lambda: self._chain(right, ops[1:], nodes[1:], node, ""), lambda: first, node, hint)

    def beside_array(self, value: Value, other: Value, node: Any) -> Value:
        """A list or tuple of numbers that an operator finds beside an array is an array."""
        listed = isinstance(value, Seq) and value.kind in ("list", "tuple") and value.cls is None
        if not listed or not (isinstance(other, Var) and isinstance(other.type, Array) and other.type.dims):
            return value
        made = self.operand(value, node)
        return self.as_array(made, node) if isinstance(made, Tup) else value  # type: ignore[return-value]

    def compare(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value:
        """``left fn right`` of two values."""
        if is_bottom(left) or is_bottom(right):
            return Var(NOTHING, hint)
        if NONE in (left, right):
            tested = self.none_test(fn, left, right, node, hint)
            if tested is not None:
                return tested
        if fn in ("is", "is_not"):
            return Lit(self._same_object(left, right, node) is (fn == "is"))
        if fn in ("in", "not_in"):
            found = self._contains(left, right, node)
            if fn == "in":
                return found
            truth = self.truth(found, node)
            return Lit(not truth) if isinstance(truth, bool) else self.op("not", truth, node=node, hint=hint)
        left, right = self.beside_array(left, right, node), self.beside_array(right, left, node)
        if is_number(left) and is_number(right):
            return self.op(fn, left, right, node=node, hint=hint)  # type: ignore[arg-type]
        made = self.object_compare(fn, left, right, node, hint)
        if made is not None:
            return made
        left, right = self.spread_shape(left, node), self.spread_shape(right, node)
        if (answer := self.set_compare(fn, left, right)) is not None:
            return Lit(answer)
        if fn in ("==", "!="):
            same = self._equal(left, right, node)
            if fn == "==":
                return same
            truth = self.truth(same, node)
            return Lit(not truth) if isinstance(truth, bool) else self.op("not", truth, node=node, hint=hint)
        if isinstance(left, Seq) and isinstance(right, Seq) and left.kind == right.kind and left.kind in (
                "tuple", "list"):
            return self._in_lexical_order(fn, left.items, right.items, node)
        if isinstance(left, Lit) and isinstance(right, Lit) and isinstance(left.value, str):
            if isinstance(right.value, str):
                a, b = left.value, right.value
                return Lit({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[fn])
        self.refuse_type(node, f"'{fn}' of {describe_value(left)} and {describe_value(right)} is not supported", "",
                         of_none(f"'{fn}' not supported between instances of '{{}}' and '{{}}'", left, right))

    def _in_lexical_order(self, fn: str, left: tuple[Value, ...], right: tuple[Value, ...], node: Any) -> Value:
        """``left fn right`` of two tuples or lists: the first items that differ decide, else the lengths."""
        if not left or not right:
            return self.compare(fn, Lit(len(left)), Lit(len(right)), node)
        same = self.truth(self._equal(left[0], right[0], node), node)
        if isinstance(same, bool):
            return self._in_lexical_order(fn, left[1:], right[1:], node) if same else self.compare(
                fn, left[0], right[0], node)
        return self.choose(same, lambda: self._in_lexical_order(fn, left[1:], right[1:], node),
                           lambda: self.compare(fn, left[0], right[0], node), node)

    def _same_object(self, left: Value, right: Value, node: Any) -> bool:
        none = [isinstance(v, Lit) and v.value is None for v in (left, right)]
        if any(none):
            return all(none)
        left, right = self._as_flag(left, node), self._as_flag(right, node)
        flags = [isinstance(v, Lit) and isinstance(v.value, bool) for v in (left, right)]
        if all(flags):
            return same_static(left, right)
        if any(isinstance(v, Var) and isinstance(v.type, Unknown) for v in (left, right)):
            self.refuse_type(node, "what this is, is not known at compile time", "give the argument's type")
        if any(isinstance(v, (Static, Library, Python, Closure, Namespace)) for v in (left, right)):
            return same_static(left, right)
        if any(isinstance(v, Unusable) and self.class_of(v) is None for v in (left, right)):
            return same_static(left, right)  # an object of the module, which nothing made here is
        if self.class_of(left) is not None or self.class_of(right) is not None:
            return self.is_same_object(left, right, node)
        one, other = ((v.cell if isinstance(v, ListOf) or isinstance(v, Seq) and v.is_mutable else None)
                      for v in (left, right))
        if one is not None and one == other:
            return True
        if (one is not None or other is not None) and not (one and other and self.facts.may_be_one(one, other)):
            return False
        self.refuse(node, f"'is' of {describe_value(left)} and {describe_value(right)} is not supported",
                    "compare numbers with '=='")

    def _as_flag(self, value: Value, node: Any) -> Value:
        """An argument that is a bool as the object that it is; other values as they are."""
        if isinstance(value, Var) and value.type == BOOL and self.facts.places.get(value):
            return Lit(self.demand(value, "it is compared by 'is'", node))
        return value

    def _equal(self, left: Value, right: Value, node: Any) -> Value:
        """``left == right`` of values that are not both numbers."""
        if is_number(left) and is_number(right):
            return self.op("==", left, right, node=node)  # type: ignore[arg-type]
        made = self.object_compare("==", left, right, node)
        if made is not None:
            return made
        if isinstance(left, Seq) and isinstance(right, Seq):
            if left.is_dict and right.is_dict and set(left.keys) == set(right.keys):
                right = Seq(tuple(right.items[right.keys.index(k)] for k in left.keys), "dict", left.keys)
            if not left.is_like(right):
                return Lit(False)
            result: Value = Lit(True)
            for x, y in zip(left.items, right.items):
                if isinstance(x, Var) and is_array(x) and rank(x.type) != 0:
                    self.refuse_type(node, "tuples of arrays are not compared", "compare the arrays one by one")
                result = self._both(result, self._equal(x, y, node), node)
            return result
        if isinstance(left, (Lit, Static, Library)) and isinstance(right, (Lit, Static, Library)):
            return Lit(self.static_object(left) == self.static_object(right))
        if any(isinstance(v, Lit) and (v.value is None or isinstance(v.value, str)) for v in (left, right)):
            other = right if isinstance(left, Lit) else left
            if not (isinstance(other, Var) and rank(other.type) != 0):
                return Lit(False)
        if any(isinstance(v, Seq) for v in (left, right)) and any(is_array(v) for v in (left, right)):
            self.refuse_type(node, "an array is not compared with a list or tuple", "convert it with np.array(...)")
        if isinstance(left, Abstract) and isinstance(right, Abstract) and not any(
                isinstance(v, ListOf) for v in (left, right)):
            return Lit(same_static(left, right))
        self.refuse_type(node, f"'==' of {describe_value(left)} and {describe_value(right)} is not supported")

    def _both(self, left: Value, right: Value, node: Any) -> Value:
        truth = self.truth(left, node)
        if isinstance(truth, bool):
            return right if truth else left
        other = self.truth(right, node)
        if isinstance(other, bool):
            return left if other else right
        return self.choose(truth, lambda: right, lambda: left, node)

    def _contains(self, left: Value, right: Value, node: Any) -> Value:
        made = self.object_contains(left, right, node)
        if made is not None:
            return made
        if self.is_set(right) and (member := self.hashed(left)) is not None:
            return Lit(member[0] in self.members(right))
        right = self.spread_shape(self.iterated(self.unordered(right), node), node)
        if isinstance(right, RangeOf):
            right = self.range_items(right, node)
        if isinstance(right, ViewOf):
            right = self.view_items(right)
        if isinstance(right, Lit) and isinstance(right.value, str) and isinstance(left, Lit):
            return Lit(left.value in right.value)
        if isinstance(right, Static) and isinstance(right.value, frozenset) and isinstance(left, Var):
            right = Seq(tuple(map(Lit, sorted(right.value, key=repr))))
        if isinstance(right, Static) and isinstance(left, (Lit, Static)):
            return Lit(self.static_object(left) in right.value)
        if isinstance(right, Seq) and right.is_iterator:
            self.refuse(node, "'in' of an iterator is not supported", "make it a list first: list(...)")
        if is_number(left) and isinstance(left, Var) and self.is_long_table(right):
            table = self.op("constants", *right.items, node=node)  # type: ignore[union-attr]
            return self.op("in", left, table, node=node)
        if isinstance(right, Seq) and right.is_dict:
            return Lit(self.dict_key(left, node) in right.keys)
        if not isinstance(right, Seq):
            self.refuse_type(node, f"'in' of {describe_value(right)} is not supported", "use np.any(x == value)")
        result: Value = Lit(False)
        for item in right.items:
            equal = Lit(True) if same_static(left, item) else self._equal(left, item, node)
            truth = self.truth(result, node)
            if isinstance(truth, bool):
                result = result if truth else equal
                continue
            last, found = equal, result
            result = self.choose(truth, lambda found=found: found, lambda last=last: last, node)  # type: ignore[misc]
        return result
