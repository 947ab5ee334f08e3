"""Questions about types and attributes, which are answered while lowering."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.frontend import meanings
from s2sad.frontend.library import is_library
from s2sad.frontend.lower_core import as_dtype
from s2sad.frontend.lower_writes import Writes
from s2sad.frontend.values import (
    Library,
    ListOf,
    Namespace,
    Seq,
    ShapeOf,
    SliceOf,
    Static,
    Value,
    describe_value,
)
from s2sad.trace.ir import NONE, Lit, Var
from s2sad.trace.types import Array, Scalar, Unknown, dtype_of, is_optional

CONTAINERS: dict[str, type] = {"tuple": tuple, "list": list, "dict": dict, "set": set,
                               "frozenset": frozenset, "deque": deque, "iterator": Iterator}

Args = list[Value]
Named = dict[str, Value]


class TypeQuestions(Writes):
    """`isinstance`, `hasattr`, `np.finfo` and their like."""

    def library_op(self, name: str, args: Args, kwargs: Named, node: Any, hint: str = "",
                   method: bool = False) -> Value:
        raise NotImplementedError

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        """The handler of a function that is more than an operation."""
        found: Callable[[Args, Named, Any, str], Value] | None
        found = getattr(self, "_builtin_" + name.replace(".", "_"), None)
        return found

    def _no_keywords(self, name: str, kwargs: Named, node: Any) -> None:
        if kwargs:
            self.refuse(node, f"the argument '{next(iter(kwargs))}' of {name} is not supported")

    def _arity(self, name: str, args: Args, low: int, high: int, node: Any) -> None:
        if not low <= len(args) <= high:
            self.refuse_type(node, f"{name}() takes {low if low == high else f'{low} to {high}'} arguments, "
                                   f"not {len(args)}")

    def _builtin_isinstance(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("isinstance", args, 2, 2, node)
        classes = [self._class(c, node) for c in (args[1].items if isinstance(args[1], Seq) else [args[1]])]
        value = args[0]
        if isinstance(value, Var) and is_optional(value.type) and isinstance(value.type, (Scalar, Array)):
            number = any(self._is_instance(Var(replace(value.type, optional=False)), c, node) for c in classes)
            if number is any(issubclass(type(None), c) for c in classes):
                return Lit(number)
            return self.op("is_not" if number else "is", value, NONE, node=node, hint=hint)
        return Lit(any(self._is_instance(value, c, node) for c in classes))

    def _class(self, value: Value, node: Any) -> type:
        if isinstance(value, Library) and isinstance(value.object, type):
            return value.object
        if isinstance(value, Static) and isinstance(value.value, type):
            return value.value
        self.refuse(node, f"isinstance() with {describe_value(value)} is not supported")

    def _is_instance(self, value: Value, cls: type, node: Any) -> bool:
        if isinstance(value, Var):
            t = value.type
            if isinstance(t, Scalar):
                return issubclass({"bool": bool, "int": int, "float": float, "complex": complex}[t.kind], cls)
            if isinstance(t, Array) and "?" not in t.dtype and value not in self.facts.blurred:
                is_array = t.dims or value in self.facts.boxed
                return issubclass(np.ndarray if is_array else np.dtype(t.dtype).type, cls)
            self.refuse_type(node, "the type of this value is not known at compile time", "give the argument's type")
        if isinstance(value, (Lit, Static)):
            return isinstance(value.value, cls)
        if (own := self.class_of(value)) is not None:
            return issubclass(own, cls)
        if isinstance(value, Seq):
            return issubclass(CONTAINERS[value.kind], cls)
        if isinstance(value, ShapeOf):
            return issubclass(tuple, cls)
        if isinstance(value, ListOf):
            return issubclass(list, cls)
        if isinstance(value, SliceOf):
            return issubclass(slice, cls)
        self.refuse(node, f"isinstance() of {describe_value(value)} is not supported")

    def _builtin_hasattr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("hasattr", args, 2, 2, node)
        return Lit(self._has_attribute(args[0], self._attribute_name(args[1], node), node))

    def _builtin_getattr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("getattr", args, 2, 3, node)
        name = self._attribute_name(args[1], node)
        if len(args) == 3 and not self._has_attribute(args[0], name, node):
            return args[2]
        return self.attribute(args[0], name, node, hint)

    def _attribute_name(self, value: Value, node: Any) -> str:
        if isinstance(value, Lit) and isinstance(value.value, str):
            return value.value
        self.refuse_type(node, "the name of an attribute must be a text that is known at compile time")

    def _has_attribute(self, value: Value, name: str, node: Any) -> bool:
        if isinstance(value, Var) and not isinstance(value.type, Unknown):
            t = value.type
            kinds: dict[str, type] = {"bool": bool, "int": int, "float": float, "complex": complex}
            return hasattr(kinds[t.kind] if isinstance(t, Scalar) else np.ndarray, name)
        if isinstance(value, (Lit, Static)):
            return hasattr(value.value, name)
        if isinstance(value, Namespace) and is_library(value.meaning.dotted) and value.meaning.object is not None:
            return hasattr(value.meaning.object, name)
        if (cls := self.class_of(value)) is not None:
            return self.has_member(value, cls, name, node)
        if isinstance(value, Seq):
            return hasattr(CONTAINERS[value.kind], name)
        self.refuse_type(node, f"whether {describe_value(value)} has the attribute '{name}' is not known",
                         "give the argument's type")

    def _builtin_np_finfo(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._info(np.finfo, args, node)

    def _builtin_np_iinfo(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._info(np.iinfo, args, node)

    def _info(self, make: Any, args: Args, node: Any) -> Value:
        dtype = as_dtype(self.static_object(args[0])) if not isinstance(args[0], Var) else dtype_of(args[0].type)
        if isinstance(args[0], Lit) and isinstance(args[0].value, str):
            dtype = args[0].value
        if dtype is None or dtype == "?":
            self.refuse_type(node, "a dtype that is known at compile time is needed here")
        obj = make(dtype)
        return Static(obj, meanings.Static(obj), self.frame.scope)

    def _builtin_np_dtype(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        obj = np.dtype(self.static_object(args[0]))
        return Static(obj, meanings.Static(obj), self.frame.scope)

    def _builtin_np_isdtype(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.isdtype", args, 2, 2, node)
        kinds = args[1].items if isinstance(args[1], Seq) else (args[1],)
        return Lit(bool(np.isdtype(self.static_object(args[0]), tuple(self.static_object(k) for k in kinds))))

    def _builtin_np_issubdtype(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.issubdtype", args, 2, 2, node)
        # The second one may be abstract, such as np.floating.
        kinds = [a.object if isinstance(a, Library) else self.static_object(a) for a in args]
        return Lit(bool(np.issubdtype(*kinds)))
