"""Tables: lists, dicts, tuples and sets of the module or the closure, whose contents are known when lowering.

    CD = [0.4, 0.5]                def f(x): return x * CD[1]        ⇒        x * 0.5

Numbers in a table stand in the text; arrays in it are read at every call, like numbers of the module.  That the same
objects are still in the table is a guard: a changed table is lowered again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend import meanings
from s2sad.frontend.lower_construct import Construction
from s2sad.frontend.structures import is_named_tuple
from s2sad.frontend.templates import list_type
from s2sad.frontend.values import ListOf, Seq, Static, Value, is_bottom, is_number, same_static
from s2sad.trace.ir import Arg, Lit, Var
from s2sad.trace.types import NOTHING, height

# A loop over no more numbers than this is written out.
_SHORT = 16
_PLAIN = frozenset((bool, int, float, complex, str, type(None)))


class Tables(Construction):
    """What stands for a table."""

    def from_meaning(self, meaning: meanings.Meaning, scope: Any, node: Any) -> Value:
        raise NotImplementedError

    def table(self, meaning: meanings.Table, scope: Any, node: Any) -> Value:
        """A table of the module as a value that may not be changed."""
        value = meaning.value
        if id(value) in self.program.appended:
            self.refuse_type(node, f"the program appends to '{meaning.name}', a list from outside the function, and "
                                   "looks into it", "pass it as an argument, or keep a list of your own")
        scope.hold(meaning)
        if isinstance(value, set):
            return Static(frozenset(value), meaning, scope)
        if id(value) in self.program.tables_open:
            self.refuse_type(node, f"'{meaning.name}' holds itself", "put a copy in, or an index")
        self.program.tables_open.add(id(value))
        try:
            items = tuple(self._entry(meaning, k, scope, node) for k in meaning.keys)
        finally:
            self.program.tables_open.remove(id(value))
        if is_named_tuple(type(value)):
            return Seq(items, "tuple", value._fields, cls=meanings.class_of(type(value)))
        made = Seq(items, type(value).__name__, meaning.keys if isinstance(value, dict) else (),
                   self.program.table_cell(value))
        self.facts.outside[made.cell] = "from outside the function"
        return made

    def _entry(self, table: meanings.Table, key: Any, scope: Any, node: Any) -> Value:
        found = table.value[key]
        if type(found) in _PLAIN:
            return Lit(found)
        if isinstance(found, (np.float64, np.float32)):
            return self.op(f"np.{type(found).__name__}", Lit(float(found)))
        return self.from_meaning(scope.item(table, key), scope, node)

    def is_long_table(self, value: Value) -> bool:
        """Whether a value is so long a table of numbers that a loop over it stays a loop."""
        if not isinstance(value, Seq) or len(value.items) <= _SHORT:
            return False
        return self.is_table(value) and (value.kind == "tuple" or value.cell in self.facts.outside)

    def is_table(self, value: Value) -> bool:
        """Whether a value is a list or tuple of numbers of one kind, all known."""
        if not isinstance(value, Seq) or value.kind not in ("tuple", "list") or value.cls is not None:
            return False
        kinds = {type(v.value) if isinstance(v, Lit) else None for v in value.items}
        return kinds == {float} or kinds == {int}

    # Items at an index that is computed at run time.

    def one_of(self, items: list[Value], index: Arg, node: Any) -> Value:
        """The item at an index: of containers of one form, a container of such items."""
        first = items[0]
        if self.has_bottom(index) or any(map(is_bottom, items)):
            return Var(NOTHING)
        if all(map(is_number, items)) and list_type(Seq(tuple(items), "list")) is not None:
            if all(isinstance(v, Lit) for v in items):
                table = self.op("constants", *items, node=node)  # type: ignore[arg-type]
                return self.op("getitem", table, options={"index": index}, node=node)
            return self.item_at(ListOf(self.list_var(Seq(tuple(items), "list"), node)), index, node)
        if all(same_static(first, v) for v in items[1:]):
            return first
        rows = [self.fresh_list(v) for v in items if isinstance(v, Seq)]
        if len(rows) == len(items) and all(isinstance(v, Seq) and v.is_like(rows[0]) for v in rows):
            return self._row(rows, index, node)
        if any(isinstance(v, Var) and height(v.type) >= 0 for v in items):
            return self.item_at(ListOf(self.list_var(Seq(tuple(items), "list"), node)), index, node)
        place = self.one_of([Lit(k) for k in range(len(items))], index, node)
        return self._either(place, items, 0, node)

    def _row(self, rows: list[Seq], index: Arg, node: Any) -> Value:
        parts = [self.one_of([row.items[k] for row in rows], index, node) for k in range(len(rows[0].items))]
        made = rows[0].holding(parts)
        if made.kind != "tuple":
            self.facts.outside[made.cell] = "that is in a tuple or a list from outside the function"
        return made

    def _either(self, place: Value, items: list[Value], k: int, node: Any) -> Value:
        if k == len(items) - 1:
            return items[k]
        here = self.truth(self.compare("==", place, Lit(k), node), node)
        if isinstance(here, bool):
            return items[k] if here else self._either(place, items, k + 1, node)
        return self.choose(here, lambda: items[k], lambda: self._either(place, items, k + 1, node), node)

    def compare(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value:
        raise NotImplementedError
