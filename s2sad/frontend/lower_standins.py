"""Objects of SciPy that a class of this package stands for: what a program may ask them.

They are not of SciPy's class and have not all of its attributes, so that a question whose answer would be another one
than SciPy's is refused.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from s2sad.frontend.equivalents import is_equivalent
from s2sad.frontend.lower_distributions import Distributions
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.values import Library, Python, Seq, Static, Value

_NAMES = {"Sparse": "a sparse matrix", "Factors": "a factored sparse matrix", "Piecewise": "a piecewise polynomial",
          "BSpline": "a spline", "Interpolated": "an interpolation", "Grid": "an interpolation on a grid"}
_HERE = "s2sad.frontend.equivalents_"


class StandIns(Distributions):
    """Questions to such objects."""

    def stand_in(self, value: Value) -> str:
        """What an object is, if a class of this package stands for it, and the program asks; else nothing."""
        value = self.fresh_list(value)
        cls = value.cls.object if isinstance(value, Seq) and value.cls is not None else None
        if cls is None or not str(cls.__module__).startswith(_HERE) or is_equivalent(self.frame.source):
            return ""
        return _NAMES.get(cls.__name__, "an object of SciPy")

    def entry_value(self, found: Any, cls: type, name: str, node: Any, after: type | None = None) -> Value:
        """The methods of such a class are known without running the user's file, too."""
        if cls.__module__.startswith(_HERE) and isinstance(found, FunctionType):
            meaning = function_meaning(found, name)
            if meaning is not None:
                return Python(meaning)
        return super().entry_value(found, cls, name, node, after)

    def _builtin_isinstance(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        what = self.stand_in(args[0]) if args else ""
        classes = args[1].items if len(args) > 1 and isinstance(args[1], Seq) else args[1:]
        for c in classes if what else ():
            cls = c.object if isinstance(c, Library) else c.value if isinstance(c, Static) else None
            if str(getattr(cls, "__module__", "scipy")).startswith("scipy"):
                self.refuse(node, f"isinstance() of {what} is not supported", "leave the test out")
        return super()._builtin_isinstance(args, kwargs, node, hint)

    def _builtin_type(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        what = self.stand_in(args[0]) if args else ""
        if what:
            self.refuse(node, f"type() of {what} is not supported", "leave the test out")
        return super()._builtin_type(args, kwargs, node, hint)

    def _has_attribute(self, value: Value, name: str, node: Any) -> bool:
        found = super()._has_attribute(value, name, node)
        what = "" if found else self.stand_in(value)
        if what:
            self.refuse(node, f"whether {what} has the attribute '{name}' is not known", "leave the test out")
        return found

    def _missing(self, owner: Value, cls: type, name: str, node: Any) -> Value:
        what = self.stand_in(owner)
        if what:
            self.refuse(node, f"the attribute '{name}' of {what} is not supported",
                        "compute it outside of the differentiated function, or of the arrays that it is made of")
        return super()._missing(owner, cls, name, node)
