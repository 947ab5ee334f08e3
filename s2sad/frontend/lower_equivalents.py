"""Calls of library functions that are lowered as Python functions which do the same."""

from __future__ import annotations

from typing import Any

from s2sad.frontend.equivalents import EQUIVALENTS
from s2sad.frontend.lower_python import PythonCalls
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.meanings import Function
from s2sad.frontend.values import Value, is_bottom
from s2sad.trace.ir import Var
from s2sad.trace.types import NOTHING

# Those that write into their first argument.
_WRITING = frozenset(("np.put", "np.place", "np.putmask", "np.put_along_axis", "np.fill_diagonal"))


class EquivalentCalls(PythonCalls):
    """`equivalent` and `equivalent_call` are the entries."""

    def equivalent(self, name: str) -> Function | None:
        """The equivalent of a library function; None if it has none, or is called in it: there it is the operation."""
        found = EQUIVALENTS.get(name)
        return None if found is None or self.frame.source is found.source() else found

    def equivalent_call(self, name: str, meaning: Function, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """What a library function does, put in place of its call."""
        if any(is_bottom(v) for a in (*args, *kwargs.values()) for v in self.within(a)):
            if name in _WRITING and args and isinstance(args[0], Var) and not is_bottom(args[0]):
                root = self.facts.root(args[0])
                self.note_write(root, self._version(root))
            return Var(NOTHING, hint)
        info, values = self.bound(meaning, args, kwargs, node)
        made = self.in_place(info, values, None, node, hint)
        if made is None:
            self.refuse(node, f"{name} cannot stand in this expression", "give its result a name in a statement before")
        return made
