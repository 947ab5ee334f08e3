"""What is made of functions: decorators, `functools.partial`, functions of `operator`, functions chosen at run time.

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

from s2sad.frontend.captures import changes_outside
from s2sad.frontend.function_values import Choice, Getter, Partial
from s2sad.frontend.lower_expr import BINARY, COMPARE, UNARY
from s2sad.frontend.lower_python import PythonCalls
from s2sad.frontend.meanings import Opaque
from s2sad.frontend.values import Closure, Library, Seq, Unusable, Value
from s2sad.trace.ir import Lit

Args = list[Value]
Named = dict[str, Value]
Special = Callable[[Args, Named, Any, str], Value]

_BY_NAME = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod", "Pow": "pow",
    "MatMult": "matmul", "BitAnd": "and_", "BitOr": "or_", "BitXor": "xor", "LShift": "lshift", "RShift": "rshift",
    "Lt": "lt", "LtE": "le", "Gt": "gt", "GtE": "ge", "Eq": "eq", "NotEq": "ne", "Is": "is_", "IsNot": "is_not",
    "USub": "neg", "UAdd": "pos", "Invert": "invert",
}
_BINARY = {_BY_NAME[cls.__name__]: fn for cls, fn in BINARY.items()} | {"concat": "+"}
_COMPARE = {_BY_NAME[cls.__name__]: fn for cls, fn in COMPARE.items() if cls.__name__ in _BY_NAME}
_UNARY = {_BY_NAME[cls.__name__]: fn for cls, fn in UNARY.items()} | {"inv": "invert", "abs": "abs"}
_GETTERS: dict[type, str] = {operator.itemgetter: "item", operator.attrgetter: "attr", operator.methodcaller: "method"}


class Functional(PythonCalls):
    """Calls of what is made of functions."""

    def made_outside(self, fn: Unusable) -> Value | None:
        """An object from outside that is called like a function, as one that is made here; None if it is no such."""
        obj, name = fn.meaning.object, fn.meaning.name
        if isinstance(obj, functools.partial):
            args = tuple(self.from_object(v, f"argument {k + 1} of {name}") for k, v in enumerate(obj.args))
            named = tuple((k, self.from_object(v, k)) for k, v in obj.keywords.items())
            return Partial(self.from_object(obj.func, name), args, named)
        if type(obj) in _GETTERS:
            _, args = obj.__reduce__()[:2]
            return Getter(_GETTERS[type(obj)], tuple(self.from_object(v, name) for v in args))
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

    # operator

    def special(self, name: str) -> Special | None:
        found = super().special(name)
        if found is None and name.startswith("operator."):
            return self._operator(name.removeprefix("operator."))
        return found

    def _operator(self, name: str) -> Special | None:
        def run(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
            if kwargs or len(args) != (1 if name in _UNARY else 2):
                self.refuse_type(node, f"operator.{name}() does not take these arguments")
            if name in _UNARY:
                return self.unary(_UNARY[name], args[0], node, hint)
            if name in _BINARY:
                return self.binary(_BINARY[name], self.fresh_list(args[0]), args[1], node, hint)
            if name == "getitem":
                return self.subscript(self.fresh_list(args[0]), args[1], node, hint)
            if name == "contains":
                return self.compare("in", args[1], args[0], node, hint)
            return self.compare(_COMPARE[name], args[0], args[1], node, hint)

        known = name in _BINARY or name in _COMPARE or name in _UNARY or name in ("getitem", "contains")
        return run if known else None

    def _builtin_operator_itemgetter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return Getter("item", tuple(args))

    def _builtin_operator_attrgetter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return Getter("attr", tuple(args))

    def _builtin_operator_methodcaller(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return Getter("method", tuple(args), tuple(kwargs.items()))

    def _call_Getter(self, fn: Getter, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if len(args) != 1 or kwargs:
            self.refuse_type(node, f"operator.{fn.kind}getter(...) is called with one argument")
        owner: Value = self.fresh_list(args[0])
        if fn.kind == "method":
            name = self._text_of(fn.keys[0], node)
            return self.call_value(self.attribute(owner, name, node), list(fn.keys[1:]), dict(fn.kwargs), node, hint)
        found = [self._got(fn.kind, owner, key, node) for key in fn.keys]
        return found[0] if len(found) == 1 else Seq(tuple(found))

    def _got(self, kind: str, owner: Value, key: Value, node: Any) -> Value:
        if kind == "item":
            return self.fresh_list(self.subscript(owner, key, node))  # type: ignore[no-any-return]
        for name in self._text_of(key, node).split("."):
            owner = self.fresh_list(self.attribute(owner, name, node))
        return owner

    def _text_of(self, value: Value, node: Any) -> str:
        if isinstance(value, Lit) and isinstance(value.value, str):
            return value.value
        self.refuse_type(node, "the name of an attribute must be a text that is known at compile time")

    # Functions chosen at run time.

    def _call_Choice(self, fn: Choice, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        def call(one: Value) -> Callable[[], Value]:
            return lambda: self.call_value(one, args, kwargs, node)

        return self.choose(fn.cond, call(fn.then), call(fn.orelse), node, hint)

    def unusable(self, obj: Any, name: str) -> Unusable:
        """An object from outside that only its attributes are good for."""
        return Unusable(Opaque(obj, "an object from outside", name), self.frame.scope)
