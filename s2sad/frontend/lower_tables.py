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
from s2sad.frontend.values import Seq, Static, Value
from s2sad.trace.ir import Lit

_PLAIN = frozenset((bool, int, float, complex, str, type(None)))


class Tables(Construction):
    """What stands for a table."""

    def from_meaning(self, meaning: meanings.Meaning, scope: Any, node: Any) -> Value:
        raise NotImplementedError

    def table(self, meaning: meanings.Table, scope: Any, node: Any) -> Value:
        """A table of the module as a value that may not be changed."""
        value = meaning.value
        scope.hold(meaning)
        if isinstance(value, set):
            return Static(frozenset(value), meaning, scope)
        made = Seq(tuple(self._entry(meaning, k, scope, node) for k in meaning.keys), type(value).__name__,
                   meaning.keys if isinstance(value, dict) else (), self.program.table_cell(value))
        self.facts.outside[made.cell] = "from outside the function"
        return made

    def _entry(self, table: meanings.Table, key: Any, scope: Any, node: Any) -> Value:
        found = table.value[key]
        if type(found) in _PLAIN:
            return Lit(found)
        if isinstance(found, (np.float64, np.float32)):
            return self.op(f"np.{type(found).__name__}", Lit(float(found)))
        return self.from_meaning(scope.item(table, key), scope, node)
