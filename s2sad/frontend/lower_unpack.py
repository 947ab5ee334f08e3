"""Targets of assignments: names, items, and what is unpacked to several of them.

    a, *rest, (b, c) = xs     ⇒     a = xs[0];  rest = list(xs[1:-1]);  b, c = xs[-1]
"""

from __future__ import annotations

from typing import Any

import gast

from s2sad.frontend.constructs import construct
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_generators import Generators
from s2sad.frontend.operands import not_a
from s2sad.frontend.syntax import shown
from s2sad.frontend.values import ListOf, Seq, ShapeOf, SliceOf, Value, describe_value, is_bottom
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Var
from s2sad.trace.types import NOTHING, Array, Dim, dims_of, rank


class Unpacking(Generators):
    """`bind_target` is the entry."""

    def bind_target(self, target: Any, value: Value, node: Any) -> None:
        """``target = value``."""
        if isinstance(target, gast.Name):
            self.bind_name(target.id, value, node)
        elif isinstance(target, (gast.Tuple, gast.List)):
            for t, v in zip(target.elts, self._unpacked(value, target, node)):
                self.bind_target(t.value if isinstance(t, gast.Starred) else t, v, node)
        elif isinstance(target, gast.Subscript):
            owner, back = self.located(target.value)
            index = self.index(target.slice)
            if back is not None:
                self.set_inner_item(owner, index, value, back, target)
            else:
                self.assign_item(owner, index, value, target, named(target.value))
        elif isinstance(target, gast.Attribute):
            self.set_attribute(self.expr(target.value), target.attr, value, target)
        else:
            name, instead = construct(target)
            self.refuse(target, f"{name} is not supported", instead)

    def _unpacked(self, value: Value, target: Any, node: Any) -> list[Value]:
        n = len(target.elts)
        if is_bottom(value):
            return [Var(NOTHING, hint_of(t)) for t in target.elts]
        if isinstance(value, ShapeOf) and isinstance(value.array, Var) and rank(value.array.type) is None:
            self.refuse_type(node.value if isinstance(node, gast.Assign) else node,
                             "the number of axes of this array is not known",
                             "give its type, or read the lengths one by one: n = x.shape[0]")
        if is_array(value):
            return self._unpacked_array(value, target, node)  # type: ignore[arg-type]
        items = self.items_of(value, node)
        if items is None and isinstance(value, ListOf):
            return self._unpacked_list(value, target, node)
        if items is None:
            self.refuse_type(target, f"{describe_value(value)} cannot be unpacked here", "",
                             not_a("cannot unpack non-iterable {} object", value))
        star = _star(target)
        if star is None and len(items) != n or star is not None and len(items) < n - 1:
            least = "" if star is None else f"at least {n - 1} "
            self.refuse_type(target, f"{len(items)} values are unpacked to {least or f'{n} '}names",
                             raises=ValueError(_wrong_number(len(items), n, star)))
        if star is None:
            return items
        end = len(items) - (n - 1 - star)
        return [*items[:star], Seq(tuple(items[star:end]), "list"), *items[end:]]

    def _unpacked_array(self, value: Var, target: Any, node: Any) -> list[Value]:
        n, star = len(target.elts), _star(target)
        if rank(value.type) == 0:
            self.refuse_type(target, f"{describe_value(value)} cannot be unpacked", "",
                             not_a("cannot unpack non-iterable {} object", value))
        length = dims_of(value.type)[0] if isinstance(value.type, Array) else None
        if star is not None:
            return self._unpacked_rows(value, length, target, star, node)
        if length is None or not length.is_constant:
            self.effect("check_length", value, length=Lit(n))
        elif length.const != n:
            self.refuse_type(target, f"an array of length {length} is unpacked to {n} names")
        return [self.op("getitem", value, options={"index": Lit(k)}, node=node, hint=hint_of(t))
                for k, t in enumerate(target.elts)]

    def _unpacked_rows(self, value: Var, length: Dim | None, target: Any, star: int, node: Any) -> list[Value]:
        """``first, *rest = x`` of an array: the rest is a list of its items."""
        after = len(target.elts) - 1 - star
        if length is not None and length.is_constant:
            rows: list[Value] = [self.op("getitem", value, options={"index": Lit(k)}, node=node)
                                 for k in range(length.const)]
            return self._unpacked(Seq(tuple(rows)), target, node)
        enough = self.op(">=", self.op("len", value, node=node), Lit(star + after), node=node)
        self.effect("assert", enough, message=Lit(f"at least {star + after} values are unpacked"))
        places = [Lit(k) for k in range(star)] + [Lit(k) for k in range(-after, 0)]
        names = [t for t in target.elts if not isinstance(t, gast.Starred)]
        found: list[Value] = [self.op("getitem", value, options={"index": k}, node=node, hint=hint_of(t))
                              for k, t in zip(places, names)]
        middle = self.op("getitem", value, options={"index": Slc(Lit(star), Lit(-after) if after else NONE, NONE)},
                         node=node)
        return [*found[:star], self.list_from(middle, node), *found[star:]]

    def _unpacked_list(self, value: ListOf, target: Any, node: Any) -> list[Value]:
        """``a, b = xs`` of a list whose length is known at run time only."""
        n, star = len(target.elts), _star(target)
        length = self.op("len", value.items, node=node)
        least = n if star is None else n - 1
        self.effect("assert", self.op("==" if star is None else ">=", length, Lit(least), node=node),
                    message=Lit(f"{'' if star is None else 'at least '}{least} values are unpacked"))
        found: list[Value] = []
        for k, t in enumerate(target.elts):
            if k == star:
                end: Arg = Lit(k + 1 - n) if k < n - 1 else NONE
                found.append(self.list_item_at(value, SliceOf(Lit(k), end, NONE), node, hint_of(t.value)))
            else:
                at = k if star is None or k < star else k - n
                found.append(self.item_at(value, Lit(at), node, hint_of(t)))
        return found


def _star(target: Any) -> int | None:
    """Where the starred name is among several targets."""
    return next((k for k, t in enumerate(target.elts) if isinstance(t, gast.Starred)), None)


def named(target: Any) -> str:
    """What the user calls a thing that is written to."""
    while isinstance(target, (gast.Subscript, gast.Attribute)):
        target = target.value
    return shown(target.id) if isinstance(target, gast.Name) else ""


def hint_of(target: Any) -> str:
    if isinstance(target, gast.Name):
        return shown(target.id)
    return target.attr if isinstance(target, gast.Attribute) else ""


def _wrong_number(given: int, n: int, star: int | None) -> str:
    """What Python says about a wrong number of values."""
    if star is not None:
        return f"not enough values to unpack (expected at least {n - 1}, got {given})"
    if given < n:
        return f"not enough values to unpack (expected {n}, got {given})"
    return f"too many values to unpack (expected {n})"
