"""Stars: what ``*xs`` stands for among the elements of a display or the arguments of a call.

    [x, *ys, z]  of a list of two  =  [x, ys[0], ys[1], z]
"""

from __future__ import annotations

from typing import Any

import gast

from s2sad.frontend.constructs import construct
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_expr import Expressions
from s2sad.frontend.lower_lists import AnyList
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.values import Seq, Value, describe_value, is_bottom, is_number
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import Array


class Stars(Expressions):
    """`spread` is the entry."""

    def items_of(self, value: Value, node: Any) -> list[Value] | None:
        raise NotImplementedError

    def list_from(self, value: Value, node: Any) -> Value:
        raise NotImplementedError

    def list_method(self, owner: AnyList, name: str, args: list[Value], kwargs: dict[str, Value],
                    node: Any) -> Value:
        raise NotImplementedError

    def spread(self, nodes: list[Any]) -> list[Value]:
        """The elements of a display, or the positional arguments of a call: what stands behind a star is spread out."""
        found: list[Value] = []
        with self.holding(found):
            for node in nodes:
                found += self.starred(node) if isinstance(node, gast.Starred) else [self.expr(node)]
        return found

    def starred(self, node: Any) -> list[Value]:
        """The items of ``*xs``."""
        value = self.expr(node.value)
        items = self.items_of(value, node) if not is_number(value) else self.spread_rows(value, node)
        if items is None:
            name, instead = construct(node)
            self.refuse(node, f"{name} of {describe_value(value)} is not supported", instead)
        return items

    def spread_rows(self, value: Value, node: Any) -> list[Value] | None:
        """The items of an array whose length is known, or depends on that of an argument, which is then asked for."""
        dims = value.type.dims if isinstance(value, Var) and isinstance(value.type, Array) else ()
        asked = [self.facts.axes[symbol] for d in dims[:1] for symbol, _ in d.terms if symbol in self.facts.axes]
        if asked:
            raise Specialise(self, asked[0], "the items of an array are spread out", self.where(node))
        return self.rows_of(value)

    def rows_of(self, value: Value) -> list[Value] | None:
        """The items of an array whose length is known."""
        if not isinstance(value, Var) or not isinstance(value.type, Array) or not value.type.dims:
            return None
        n = value.type.dims[0]
        return [self.op("getitem", value, options={"index": Lit(k)}) for k in range(n.const)] if n.is_constant else None

    def display_of_stars(self, node: Any) -> Value:
        """``[x, *xs]``, a list whose length is not known if that of ``xs`` is not."""
        made: AnyList = Seq((), "list")
        for e in node.elts:
            value = self.expr(e.value if isinstance(e, gast.Starred) else e)
            if is_bottom(value):
                return value
            if isinstance(e, gast.Starred) and is_array(value):
                value = self.list_from(value, e)
            name = "extend" if isinstance(e, gast.Starred) else "append"
            self.list_method(self.fresh_list(made), name, [value], {}, e)
        return self.fresh_list(made)  # type: ignore[no-any-return]
