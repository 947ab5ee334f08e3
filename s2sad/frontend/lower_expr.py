"""Expressions: names, operators, comparisons, displays, subscripts."""

from __future__ import annotations

import math
from typing import Any

import gast

from s2sad.frontend.constructs import construct
from s2sad.frontend.equivalents import is_equivalent, trick_name
from s2sad.frontend.facts import folded
from s2sad.frontend.lower_compare import Comparisons
from s2sad.frontend.lower_core import is_array, is_integer
from s2sad.frontend.operands import not_a, of_none, several
from s2sad.frontend.values import (
    Abstract,
    Closure,
    ListOf,
    Poison,
    RangeOf,
    Seq,
    ShapeOf,
    SliceOf,
    Static,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.rules.infer_index import is_basic
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import NOTHING, Unknown, rank

BINARY: dict[type[Any], str] = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//", gast.Mod: "%", gast.Pow: "**",
    gast.MatMult: "@", gast.BitAnd: "&", gast.BitOr: "|", gast.BitXor: "^", gast.LShift: "<<", gast.RShift: ">>",
}
UNARY: dict[type[Any], str] = {gast.USub: "neg", gast.UAdd: "pos", gast.Invert: "invert"}


class Expressions(Comparisons):
    """Lowering of expressions; `expr` is the entry."""

    def expr(self, node: Any, hint: str = "") -> Value:
        handler = getattr(self, "_" + type(node).__name__, None)
        if handler is None:
            name, instead = construct(node)
            self.refuse(node, f"{name} is not supported", instead)
        if is_equivalent(self.frame.source):
            wanted = hint in (self.frame.hint, *several(self.frame.hint))
            return self._of_equivalent(handler(node, hint if wanted else ""))
        value: Value = handler(node, hint)
        present: Value = self.fresh_list(value)
        if present is not value and isinstance(present, Poison):
            return self.read(present, "this", node)
        return present

    def starred(self, node: Any) -> list[Value]:
        raise NotImplementedError

    def index_trick(self, name: str, node: Any, hint: str) -> Value:
        raise NotImplementedError

    def _of_equivalent(self, value: Value) -> Value:
        """A value in an equivalent: a number that is known is written as that number."""
        known = isinstance(value, Var) and self.facts.known(value)
        return Lit(known[1]) if known and known[0] else self.fresh_list(value)

    def test(self, node: Any) -> bool | Arg:
        """The truth of an expression."""
        if isinstance(node, gast.BoolOp):
            return self.truth(self._connect(isinstance(node.op, gast.And), list(node.values), node, "", True), node)
        return self.truth(self.expr(node), node)

    # Leaves.

    def _Constant(self, node: Any, hint: str) -> Value:
        value = node.value
        if value is None or isinstance(value, (bool, int, float, complex, str)) or value is ...:
            return Lit(value)
        return Static(value)

    def _Name(self, node: Any, hint: str) -> Value:
        return self.name(node.id, node, self.frame)


    def _Tuple(self, node: Any, hint: str) -> Value:
        return Seq(tuple(self.spread(node.elts)))

    def _List(self, node: Any, hint: str) -> Value:
        if any(isinstance(e, gast.Starred) for e in node.elts):
            return self.display_of_stars(node)
        return Seq(tuple(self.spread(node.elts)), "list")

    def display_of_stars(self, node: Any) -> Value:
        raise NotImplementedError

    def spread(self, nodes: list[Any]) -> list[Value]:
        raise NotImplementedError

    def _Lambda(self, node: Any, hint: str) -> Value:
        return Closure(node, self.frame, self.defaults(node.args))

    def defaults(self, arguments: Any) -> tuple[tuple[str, Value], ...]:
        """The defaults of a function that is defined here, evaluated now."""
        positional = [*arguments.posonlyargs, *arguments.args]
        found = [(p.id, self.expr(d)) for p, d in zip(positional[::-1], arguments.defaults[::-1])][::-1]
        found += [(p.id, self.expr(d)) for p, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if d is not None]
        return tuple(found)

    # Operators.

    def _BinOp(self, node: Any, hint: str) -> Value:
        left = self.expr(node.left)
        with self.holding((left,)):
            right = self.expr(node.right)
        if isinstance(left, Lit) and isinstance(right, Lit) and not hint:
            made = constant(BINARY[type(node.op)], left, right)
            if made is not None:
                return made
        return self.binary(BINARY[type(node.op)], self.fresh_list(left), right, node, hint)

    def binary(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value:
        """``left fn right``."""
        if is_number(left) and is_number(right):
            return self.op(fn, left, right, node=node, hint=hint)  # type: ignore[arg-type]
        left, right = self.spread_shape(left, node), self.spread_shape(right, node)
        if is_bottom(left) or is_bottom(right):
            return Var(NOTHING, hint)
        left, right = self.beside_array(left, right, node), self.beside_array(right, left, node)
        if is_number(left) and is_number(right):
            return self.op(fn, left, right, node=node, hint=hint)  # type: ignore[arg-type]
        made = self.object_binary(fn, left, right, node, hint)
        if made is not None:
            return made
        lists = self.list_binary(fn, left, right, node, hint)
        if lists is not None:
            return lists
        if (union := self.set_binary(fn, left, right, node)) is not None:
            return union
        if isinstance(left, Seq) and isinstance(right, Seq) and left.kind == right.kind and not left.is_object:
            if fn == "+" and left.kind in ("tuple", "list"):
                return Seq(left.items + right.items, left.kind)
            if fn == "|" and left.is_dict:
                return self.dict_union(left, right, node)
        if fn == "*" and (isinstance(left, Seq) or isinstance(right, Seq)):
            seq, times = (left, right) if isinstance(left, Seq) else (right, left)
            repeats = isinstance(seq, Seq) and seq.kind in ("list", "tuple")
            if repeats and isinstance(seq, Seq) and isinstance(times, (Lit, Var)) and is_integer(times):
                return Seq(seq.items * self.demand(times, "it repeats a list or tuple", node), seq.kind)
        if isinstance(left, Lit) and isinstance(left.value, str) and isinstance(right, Lit):
            if fn == "+" and isinstance(right.value, str):
                return Lit(left.value + right.value)
            if fn == "*" and isinstance(right.value, int):
                return Lit(left.value * right.value)
        text = self.text_binary(fn, left, right, node, hint)
        if text is not None:
            return text
        hint_text = "convert it with np.array(...) first" if isinstance(left, Seq) or isinstance(right, Seq) else ""
        self.refuse_type(node, f"'{fn}' of {describe_value(left)} and {describe_value(right)} is not supported",
                         hint_text, of_none(f"unsupported operand type(s) for {fn}: '{{}}' and '{{}}'", left, right))

    def _UnaryOp(self, node: Any, hint: str) -> Value:
        value = self.expr(node.operand)
        if isinstance(node.op, gast.Not):
            truth = self.truth(value, node.operand)
            if isinstance(truth, bool):
                return Lit(not truth)
            result = self.op("not", truth, node=node, hint=hint)
            self.note_not(result, truth)
            return result
        return self.unary(UNARY[type(node.op)], value, node, hint)

    def unary(self, fn: str, value: Value, node: Any, hint: str = "") -> Value:
        """``fn value``."""
        if isinstance(value, Lit) and type(value.value) in (int, float) and fn == "neg":
            return Lit(-value.value, value.text and f"-({value.text})")
        made = self.object_unary(fn, value, node, hint)
        if made is not None:
            return made
        return self.op(fn, self.number(value, node, "a number or array is needed here"), node=node, hint=hint)

    def _BoolOp(self, node: Any, hint: str) -> Value:
        return self._connect(isinstance(node.op, gast.And), list(node.values), node, hint)

    def _connect(self, is_and: bool, nodes: list[Any], node: Any, hint: str, is_test: bool = False) -> Value:
        """``a and b and ...`` or ``a or b or ...``; a test asks for the truth only of what is no number."""
        value = self.expr(nodes[0], hint if len(nodes) == 1 else "")
        if len(nodes) == 1 and not (is_test and isinstance(value, Abstract)):
            return value
        truth = self.truth(value, nodes[0])
        if len(nodes) == 1:
            return Lit(truth) if isinstance(truth, bool) else truth  # type: ignore[return-value]
        if isinstance(truth, bool):
            return self._connect(is_and, nodes[1:], node, hint, is_test) if truth is is_and else value
        if is_test and isinstance(value, Abstract):
            value = Lit(not is_and)

        others: list[Value] = []

        def rest() -> Value:
            others.append(self._connect(is_and, nodes[1:], node, "", is_test))
            return others[-1]

        def this() -> Value:
            return value

        result = self.choose(truth, rest if is_and else this, this if is_and else rest, node, hint)
        if is_test and others[-1:] == [Lit(not is_and)]:
            return Lit(not is_and)  # decided by the others alone, whatever the first is
        self.note_connected(result, is_and, truth, others)
        return result

    def _IfExp(self, node: Any, hint: str) -> Value:
        test = self.test(node.test)
        if isinstance(test, bool):
            return self.expr(node.body if test else node.orelse, hint)
        return self.choose(test, lambda: self.expr(node.body), lambda: self.expr(node.orelse), node, hint)

    # Subscripts.

    def _Subscript(self, node: Any, hint: str) -> Value:
        owner = self.expr(node.value)
        if isinstance(owner, Unusable) and (trick := trick_name(owner.meaning.object)):
            return self.index_trick(trick, node, hint)
        index = self.index(node.slice)
        return self.subscript(owner, index, node, hint)

    def index(self, node: Any) -> Value:
        """What stands between the brackets."""
        if isinstance(node, gast.Tuple):
            return Seq(tuple(i for e in node.elts for i in (
                self.starred(e) if isinstance(e, gast.Starred) else (self.index(e),))))
        return self.expr(node)

    def _Slice(self, node: Any, hint: str) -> Value:
        def bound(part: Any) -> Arg:
            if part is None:
                return NONE
            value = self.expr(part)
            if isinstance(value, Lit) and value.value is None or is_bottom(value):
                return value  # type: ignore[return-value]
            number = self.number(value, part, "a slice takes integers")
            if not is_integer(number) and not (isinstance(number, Var) and isinstance(number.type, Unknown)):
                self.refuse_type(part, f"a slice takes integers, not {describe_value(value)}")
            return number

        return SliceOf(bound(node.lower), bound(node.upper), bound(node.step))

    def subscript(self, owner: Value, index: Value, node: Any, hint: str = "") -> Value:
        """``owner[index]``."""
        made = self.call_special(owner, "__getitem__", [index], node, hint)
        if made is not None:
            return made
        if isinstance(owner, ShapeOf):
            return self._shape_item(owner, index, node, hint)
        if isinstance(owner, RangeOf):
            owner = self.range_items(owner, node)
        if isinstance(owner, Seq) and owner.is_dict:
            return self.dict_item(owner, index, node)
        if isinstance(owner, Seq) and not owner.is_object:
            return self._sequence_item(owner, index, node)
        if isinstance(owner, ListOf):
            return self.list_item_at(owner, index, node, hint)
        if isinstance(owner, Lit) and isinstance(owner.value, str):
            return self._text_item(owner.value, index, node)
        if is_bottom(owner):
            return Var(NOTHING, hint)
        if isinstance(owner, Static):
            return self.static_item(owner, index, node)
        if not is_array(owner):
            self.refuse_type(node, f"{describe_value(owner)} cannot be indexed", "",
                             not_a("'{}' object is not subscriptable", owner))
        assert isinstance(owner, Var)
        if isinstance(index, Lit) and isinstance(index.value, str) and isinstance(owner.type, Unknown):
            self.refuse_type(node, "the items of a value of unknown type cannot be read by name",
                             f"give the argument's type, such as {{{index.value!r}: f8[:]}}")
        if isinstance(index, Lit) and isinstance(index.value, str):
            self.refuse_type(node, "structured arrays are not supported", "pass the fields as separate arrays")
        operand = self.operand(index, node)
        if self._is_bottom_index(operand):
            return Var(NOTHING, hint)
        made = self.op("getitem", owner, options={"index": operand}, node=node, hint=hint)
        view = self.facts.views.get(owner)
        # What is read from `a.flat` is new, where a slice of an array would be a view.
        return self.op("copy", made, node=node, hint=hint) if (
            view is not None and view.fn == "flat" and rank(made.type) and is_basic(operand)) else made

    def _is_bottom_index(self, index: Arg) -> bool:
        if isinstance(index, Tup):
            return any(map(self._is_bottom_index, index.items))
        if isinstance(index, Slc):
            return any(map(is_bottom, (index.lo, index.hi, index.step)))
        return is_bottom(index)

    def _shape_item(self, owner: ShapeOf, index: Value, node: Any, hint: str) -> Value:
        array = owner.array
        assert isinstance(array, Var)
        n = rank(array.type)
        if isinstance(index, Lit) and isinstance(index.value, int):
            if n is not None and not -n <= index.value < n:
                self.refuse_type(node, f"shape[{index.value}]: the array has {n} axes")
            axis = index.value % n if n and index.value < 0 else index.value
            return self.op("shape", array, options={"axis": Lit(axis)}, node=node, hint=hint)
        items = self.shape_items(owner, node)
        return self._sequence_item(items, index, node)

    def _sequence_item(self, owner: Seq, index: Value, node: Any) -> Value:
        if owner.kind not in ("tuple", "list", "deque") or owner.kind == "deque" and isinstance(index, SliceOf):
            self.refuse_type(node, f"{describe_value(owner)} cannot be indexed", "make it a list first: list(...)")
        if isinstance(index, SliceOf):
            parts = [None if a == NONE else self.demand(a, "it slices a list or tuple", node)
                     for a in (index.lo, index.hi, index.step)]
            return Seq(owner.items[slice(*parts)], owner.kind)
        if is_bottom(index):
            return Var(NOTHING)
        if not isinstance(index, (Lit, Var)) or not is_integer(index):
            self.refuse_type(node, f"a {owner.kind} is indexed with integers, not {describe_value(index)}")
        known, value = self.facts.known(index)
        if not known:
            if isinstance(index, Var) and not self.facts.places.get(index):
                return self._item_found_at_run_time(owner, index, node)
            value = self.demand(index, f"it indexes a {owner.kind}", node)
        if not -len(owner.items) <= value < len(owner.items):
            return self.out_of_range(owner, value, node)
        item = owner.items[value]
        return self.read(item, f"item {value}", node)

    def _item_found_at_run_time(self, owner: Seq, index: Var, node: Any) -> Value:
        """An item of a list or tuple at an index that is computed at run time."""
        lists = any(isinstance(v, (Seq, ListOf)) for v in owner.items)
        if owner.is_list and lists and owner.cell not in self.facts.outside:
            return self.item_at(self.grow(owner, node), index, node)
        return self.one_of(list(owner.items), index, node) if owner.items else self.out_of_range(owner, 0, node)

    def out_of_range(self, owner: Seq, at: int, node: Any) -> Value:
        raise NotImplementedError

    def list_item_at(self, owner: ListOf, index: Value, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    def text_binary(self, fn: str, left: Value, right: Value, node: Any, hint: str) -> Value | None:
        raise NotImplementedError

    def list_binary(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value | None:
        raise NotImplementedError

    def _text_item(self, text: str, index: Value, node: Any) -> Value:
        if isinstance(index, SliceOf):
            parts = [None if a == NONE else self.demand(a, "it slices a text", node)
                     for a in (index.lo, index.hi, index.step)]
            return Lit(text[slice(*parts)])
        value = self.demand(self.number(index, node), "it indexes a text", node)
        return Lit(text[value])


def constant(fn: str, left: Lit, right: Lit) -> Lit | None:
    """The exponent in ``x ** (1.0 / 3.0)``: a float that is written as an expression of numbers.

    >>> third = constant("/", Lit(1.0), Lit(3))
    >>> third, constant("-", third, Lit(1.0)).text
    (Lit(value=0.3333333333333333), '((1.0) / (3)) - (1.0)')
    """
    numbers = [number.value for number in (left, right)]
    value = folded(fn, numbers) if all(type(number) in (int, float) for number in numbers) else None
    if not isinstance(value, float) or not math.isfinite(value):
        return None
    shown = [f"({number.text or repr(number.value)})" for number in (left, right)]
    return Lit(value, f"{shown[0]} {fn} {shown[1]}")
