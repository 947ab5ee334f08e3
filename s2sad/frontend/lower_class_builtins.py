"""Built-in functions that ask about classes, or set attributes by name: `type`, `super`, `setattr`, `issubclass`."""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from s2sad.frontend.lower_core import Frame
from s2sad.frontend.lower_types import CONTAINERS, Args, Named, TypeQuestions
from s2sad.frontend.values import Abstract, Seq, Static, Super, Value, describe_value
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import Array, Scalar, Unknown


class ClassQuestions(TypeQuestions):
    """Handlers by canonical name."""

    def _builtin_type(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("type", kwargs, node)
        if len(args) != 1:
            self.refuse(node, "a class that is made by type(...) is not supported", "write a class definition")
        value = args[0]
        cls = self.class_of(value)
        if cls is not None:
            return self.class_value(cls)
        if isinstance(value, Var):
            t = value.type
            if isinstance(t, Scalar):
                return self.from_object({"bool": bool, "int": int, "float": float, "complex": complex}[t.kind])
            if isinstance(t, Array) and "?" not in t.dtype and value not in self.facts.blurred:
                is_array = t.dims or value in self.facts.boxed
                return self.from_object(np.ndarray if is_array else np.dtype(t.dtype).type)
        if isinstance(value, (Lit, Static)):
            return self.from_object(type(value.value))
        if isinstance(value, Seq):
            return self.from_object(CONTAINERS[value.kind])
        self.refuse_type(node, f"the type of {describe_value(value)} is not known at compile time",
                         "give the argument's type")

    def _builtin_issubclass(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("issubclass", args, 2, 2, node)
        classes = list(args[1].items) if isinstance(args[1], Seq) else [args[1]]
        one = self._class(args[0], node)
        return Lit(any(issubclass(one, self._class(c, node)) for c in classes))

    def _builtin_setattr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("setattr", args, 3, 3, node)
        self.set_attribute(args[0], self._attribute_name(args[1], node), args[2], node)
        return Lit(None)

    def _builtin_delattr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("delattr", args, 2, 2, node)
        self.delete_attribute(args[0], self._attribute_name(args[1], node), node)
        return Lit(None)

    def _builtin_object___setattr__(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("object.__setattr__", args, 3, 3, node)
        self.store_attribute(args[0], self._attribute_name(args[1], node), args[2], node)
        return Lit(None)

    def _builtin_object___init__(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if len(args) > 1 or kwargs:
            self.refuse_type(node, "object.__init__() takes exactly one argument (the instance to initialize)")
        return Lit(None)

    def _builtin_callable(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if self.class_of(args[0]) is not None:
            return Lit(self.special_method(args[0], "__call__", node) is not None)
        if isinstance(args[0], Var) and isinstance(args[0].type, Unknown):
            self.refuse_type(node, "what this is, is not known at compile time", "give the argument's type")
        is_class = isinstance(args[0], Static) and isinstance(args[0].value, type)
        return Lit(is_class or isinstance(args[0], Abstract) and args[0].what in ("function", "method"))

    # The classes behind that of a method.

    def _builtin_super(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if len(args) == 2:
            return Super(self._class(args[0], node), args[1])
        if args:
            self.refuse(node, "super() with one argument is not supported", "write super()")
        frame = self._function_frame()
        parameters = [*frame.node.args.posonlyargs, *frame.node.args.args]
        start = self.program.class_around(frame)
        if start is None or not parameters:
            self.refuse_type(node, "super() outside of a method", "name the class: super(Class, self)")
        return Super(start, self.name(parameters[0].id, node, frame))

    def _function_frame(self) -> Frame:
        """The frame of the function around here, which a comprehension or lambda is none of."""
        frame = self.frame
        while frame.lexical is not None and not isinstance(frame.node, gast.FunctionDef):
            frame = frame.lexical
        return frame
