"""What is made of functions: decorators, `functools.partial`, functions chosen at run time.

    act = np.sin if x > 0.0 else np.cos            if x > 0.0:
    y = act(x)                              ⇒          y = np.sin(x)
                                                   else:
                                                       y = np.cos(x)
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.frontend.captures import changes_outside
from s2sad.frontend.function_values import Choice, Partial
from s2sad.frontend.lower_equivalents import EquivalentCalls
from s2sad.frontend.values import Closure, Library, Seq, Unusable, Value
from s2sad.trace.ir import Lit

Args = list[Value]
Named = dict[str, Value]

# Objects of `operator` that are called, by what makes them.
_GETTERS: dict[type, str] = {operator.itemgetter: "itemgetter", operator.attrgetter: "attrgetter"}


class Functional(EquivalentCalls):
    """Calls of what is made of functions."""

    def made_outside(self, fn: Unusable) -> Value | None:
        """An object from outside that is called like a function, as one that is made here; None if it is no such."""
        obj, name = fn.meaning.object, fn.meaning.name
        if isinstance(obj, functools.partial):
            args = tuple(self.from_object(v, f"argument {k + 1} of {name}") for k, v in enumerate(obj.args))
            named = tuple((k, self.from_object(v, k)) for k, v in obj.keywords.items())
            return Partial(self.from_object(obj.func, name), args, named)
        if isinstance(obj, np.vectorize):
            inner, excluded = self.from_object(obj.pyfunc, name), Seq(tuple(map(Lit, obj.excluded)))
            otypes = None if obj.otypes is None else tuple(map(np.dtype, obj.otypes))
            options = {"otypes": self.from_object(otypes), "signature": Lit(obj.signature), "excluded": excluded}
            return self.equivalent_of("np.vectorize", [inner], options, self.node, "")
        if type(obj) in _GETTERS:
            _, args = obj.__reduce__()[:2]
            maker = Library(f"operator.{_GETTERS[type(obj)]}")
            return self.call_value(maker, [self.from_object(v, name) for v in args], {}, self.node)
        return None

    def decorated(self, fn: Value, decorators: list[tuple[Value, Any]]) -> Value:
        """A function with its decorators, the first of which is the outermost."""
        for decorator, node in reversed(decorators):
            fn = self.call_value(decorator, [fn], {}, node)
        return fn

    # functools

    def _call_Partial(self, fn: Partial, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.call_value(fn.fn, [*fn.args, *args], {**dict(fn.kwargs), **kwargs}, node, hint)

    def _builtin_functools_partial(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if not args:
            self.refuse_type(node, "partial() takes a function")
        return Partial(args[0], tuple(args[1:]), tuple(kwargs.items()))

    def _builtin_functools_wraps(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return Partial(Library("functools.update_wrapper"), (), (("wrapped", args[0]),))

    def _builtin_functools_update_wrapper(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        # The function stays what it is: its name and its text are no part of what it computes.
        return args[0]

    def _builtin_functools_lru_cache(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if len(args) == 1 and not isinstance(args[0], Lit):
            return self._builtin_functools_cache(args, {}, node, hint)
        return Library("functools.cache")

    def _builtin_functools_cache(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A function that remembers its results gives those that it would give without."""
        fn = args[0]
        if isinstance(fn, Closure) and changes_outside(fn.node):
            self.refuse(node, "a function that remembers its results and changes variables around it is not supported",
                        "leave out the decorator")
        return fn

    # Functions chosen at run time.

    def _call_Choice(self, fn: Choice, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        def call(one: Value) -> Callable[[], Value]:
            return lambda: self.call_value(one, args, kwargs, node)

        return self.choose(fn.cond, call(fn.then), call(fn.orelse), node, hint)
