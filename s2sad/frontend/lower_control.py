"""What a program says about its own derivative: functions of s2sad that it calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.frontend.lower_filters import Filters
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.meanings import Custom
from s2sad.frontend.values import Closure, ListOf, Python, Seq, Value, describe_value, is_bottom
from s2sad.trace.ir import Var
from s2sad.trace.types import is_differentiable


class Control(Filters):
    """Handlers by canonical name."""

    def _builtin_s2sad_stop_gradient(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("stop_gradient", kwargs, node)
        self._arity("stop_gradient", args, 1, 1, node)
        return self.stopped(args[0], node, hint)

    def _builtin_s2sad_adjoint_of(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self.refuse(node, "adjoint_of is not supported outside of a with statement",
                    "with s2sad.adjoint_of(h) as h_bar: ...")

    def _builtin_s2sad_checkpoint(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("checkpoint", kwargs, node)
        self._arity("checkpoint", args, 1, 1, node)
        fn = args[0]
        if isinstance(fn, Closure):
            return replace(fn, again=True)
        if not isinstance(fn, Python):
            self.refuse(node, f"checkpoint of {describe_value(fn)} is not supported here",
                        "define the function at the top level of a module")
        return fn if fn.meaning.custom is not None else Python(replace(fn.meaning, custom=Custom(again=True)))

    def stopped(self, value: Value, node: Any, hint: str = "") -> Value:
        """A value as a constant; a container with all that is in it."""
        value = self.fresh_list(value)
        if isinstance(value, ListOf):
            self.refuse(node, f"stop_gradient of {describe_value(value)} is not supported",
                        "apply it to the items, or to an array: np.array(...)")
        if isinstance(value, Seq):
            items = tuple(self.stopped(item, node) for item in value.items)
            if value.kind != "object":
                return value.holding(items)
            if all(a is b for a, b in zip(items, value.items)):
                return value
            made = value.holding(items)
            # Python gives the object itself: who changes one of them would see it in the other.
            for one in (value, made):
                self.facts.outside[one.cell] = "of which a stop_gradient has been taken"
            return made
        if isinstance(value, Var) and not is_bottom(value) and is_differentiable(value.type):
            return self.op("stop_gradient", value, node=node, hint=hint)
        return value
