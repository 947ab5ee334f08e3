"""Calls of library functions that are lowered as Python functions which do the same."""

from __future__ import annotations

from typing import Any

import gast

from s2sad.frontend.equivalents import EQUIVALENTS
from s2sad.frontend.equivalents_common import known, refuse
from s2sad.frontend.lower_python import PythonCalls
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.meanings import Function
from s2sad.frontend.values import Seq, Value, is_bottom
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import NOTHING

# Those that write into their first argument.
_WRITING = frozenset(("np.put", "np.place", "np.putmask", "np.put_along_axis", "np.fill_diagonal"))
# Those that are operations without a certain keyword.
_ONLY_WITH = {"np.reshape": "copy"}


class EquivalentCalls(PythonCalls):
    """`equivalent` and `equivalent_call` are the entries."""

    def python_call(self, meaning: Function, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if meaning.fn is refuse:
            reason, said = (self.demand(a, "it is what a refusal says", node) for a in args)  # type: ignore[arg-type]
            self.refuse(node, reason, said)
        if meaning.fn is known:
            return Lit(self.demand(self.number(args[0], node), "it says how many arrays there are", node))
        return super().python_call(meaning, args, kwargs, node, hint)

    def equivalent(self, name: str, kwargs: Named) -> Function | None:
        """The equivalent of a library function; None if it has none, or is called in it: there it is the operation."""
        found = EQUIVALENTS.get(name)
        if found is None or _ONLY_WITH.get(name, "") not in (*kwargs, ""):
            return None
        return None if self.frame.source is found.source() else found

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

    def equivalent_of(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.equivalent_call(name, EQUIVALENTS[name], args, kwargs, node, hint)

    def index_trick(self, name: str, node: Any, hint: str) -> Value:
        """``np.r_[x, 0.0, 1:3]``: a slice is handed on as its three parts, everything else as it is."""
        items: Args = []
        for part in node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]:
            if isinstance(part, gast.Slice):
                bounds = tuple(Lit(None) if p is None else self.expr(p) for p in (part.lower, part.upper, part.step))
                items.append(Seq((Lit("slice"), *bounds)))
            else:
                items.append(Seq((Lit("item"), self.expr(part))))
        alone = Lit(not isinstance(node.slice, gast.Tuple))
        return self.equivalent_of(name, [Seq(tuple(items)), alone], {}, node, hint)
