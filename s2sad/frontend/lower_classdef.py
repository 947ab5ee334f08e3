"""Classes that are defined inside the function.

The class is made when its definition is lowered: a class object whose members are `Held`, for what they stand for is
known to the lowering only.  Everything else (look-up along the bases, dataclasses, `super`) is as for other classes.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from typing import Any

import gast

from s2sad.frontend.classes import Held, has_hook, metaclass_of
from s2sad.frontend.constructs import construct
from s2sad.frontend.liveness import bound
from s2sad.frontend.lower_names import Naming
from s2sad.frontend.values import Closure, Library, Python, Static, Value, describe_value
from s2sad.trace.ir import Lit

_WRAPPERS: dict[str, Any] = {"property": property, "staticmethod": staticmethod, "classmethod": classmethod}
_TOP = "define the class at the top level of the module"


class ClassDefinitions(Naming):
    """``class``."""

    def _do_ClassDef(self, node: Any) -> None:
        if self.frame.loops:
            self.refuse(node, "a class definition in a loop is not supported", _TOP)
        if node.keywords:
            self.refuse(node.keywords[0].value, "keywords of a class definition are not supported", _TOP)
        bases = tuple(self._base(self.expr(b), b) for b in node.bases)
        names = frozenset(bound(node.body))
        outer = self.frame
        self.frame = dataclasses.replace(outer, locals=names, env={}, lexical=outer, caller=outer)
        members: dict[str, Any] = {"__annotations__": {}, "__qualname__": node.name, "__module__": ""}
        methods: list[Any] = []
        try:
            for stmt in node.body:
                self._member_statement(stmt, members, methods, outer)
        finally:
            self.frame = outer
        try:
            cls: Any = types.new_class(node.name, bases, {}, lambda space: space.update(members))
        except TypeError as error:
            self.refuse_type(node, str(error), _TOP)
        for decorator in reversed(node.decorator_list):
            cls = self._decorated(cls, decorator)
        self.program.note_class(cls, methods, outer)
        self.bind_name(node.name, Static(cls, self.class_value(cls).meaning, outer.scope), node)  # type: ignore

    def _base(self, value: Value, node: Any) -> type:
        cls = value.object if isinstance(value, Library) else value.value if isinstance(value, Static) else None
        if not isinstance(cls, type):
            self.refuse(node, f"{describe_value(value)} as a base class is not supported here", _TOP)
        if metaclass_of(cls) or issubclass(cls, BaseException) or has_hook(cls, "__init_subclass__") or (
                cls.__new__ is not object.__new__):
            self.refuse(node, f"'{cls.__name__}' as the base of a class inside a function is not supported", _TOP)
        return cls

    def _member_statement(self, stmt: Any, members: dict[str, Any], methods: list[Any], outer: Any) -> None:
        self.at(stmt)
        if isinstance(stmt, gast.FunctionDef):
            # A method sees the names around the class, not those in it.
            made: Any = Held(Closure(stmt, outer, self.defaults(stmt.args)))
            methods.append(stmt)
            for decorator in reversed(stmt.decorator_list):
                made = self._wrapped(made, decorator, members)
            self.frame.env[stmt.name] = made.value if isinstance(made, Held) else Static(made)
            members[stmt.name] = made
        elif isinstance(stmt, gast.AnnAssign) and isinstance(stmt.target, gast.Name):
            members["__annotations__"][stmt.target.id] = self._annotation(stmt.annotation)
            if stmt.value is not None:
                self._set(stmt.target.id, stmt.value, members)
        elif isinstance(stmt, gast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], gast.Name):
            self._set(stmt.targets[0].id, stmt.value, members)
        elif not isinstance(stmt, gast.Pass) and not (
                isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Constant)):
            name, _ = construct(stmt)
            self.refuse(stmt, f"{name} in the body of a class inside a function is not supported", _TOP)

    def _set(self, name: str, node: Any, members: dict[str, Any]) -> None:
        if isinstance(node, gast.Call) and self._is(node.func, dataclasses.field):
            members[name] = dataclasses.field(**{str(k.arg): self._option(str(k.arg), k.value) for k in node.keywords})
            return
        value = self.expr(node, name)
        self.frame.env[name] = value
        slots = self.items_of(value, node) if name == "__slots__" else None
        members[name] = Held(value) if slots is None else tuple(v.value for v in slots if isinstance(v, Lit))

    def _is(self, node: Any, obj: Any) -> bool:
        """Whether a name stands for a function of the library."""
        if not isinstance(node, (gast.Name, gast.Attribute)):
            return False
        value = self.expr(node)
        found = value.meaning.fn if isinstance(value, Python) else getattr(value, "object", None)
        return found is obj

    def _option(self, name: str, node: Any) -> Any:
        value = self.expr(node)
        plain = name not in ("default", "default_factory") and isinstance(value, Lit)
        return value.value if plain else Held(value)  # type: ignore[union-attr]

    def _annotation(self, node: Any) -> Any:
        """What a dataclass must know of an annotation."""
        text = gast.unparse(node).strip()
        if "ClassVar" in text:
            return typing.ClassVar
        if "KW_ONLY" in text:
            return dataclasses.KW_ONLY
        return dataclasses.InitVar[object] if "InitVar" in text else object

    def _wrapped(self, made: Any, node: Any, members: dict[str, Any]) -> Any:
        """A method with a decorator."""
        of_name = isinstance(node, gast.Attribute) and isinstance(node.value, gast.Name)
        if of_name and node.attr in ("setter", "deleter"):
            before = members.get(node.value.id)
            if isinstance(before, property):
                return getattr(before, node.attr)(made)
        if self._is(node, functools.cached_property) or self._is_class(node, functools.cached_property):
            return functools.cached_property(made)
        value = self.expr(node)
        kind = _WRAPPERS.get(value.name) if isinstance(value, Library) else None
        if kind is None:
            self.refuse(node, f"{describe_value(value)} as the decorator of a method inside a function is not "
                              "supported", _TOP)
        return kind(made)

    def _is_class(self, node: Any, cls: type) -> bool:
        value = self.expr(node)
        return isinstance(value, Static) and value.value is cls

    def _decorated(self, cls: type, node: Any) -> type:
        """A class with a decorator."""
        options = {}
        if isinstance(node, gast.Call) and not node.args:
            options, node = {str(k.arg): self.expr(k.value) for k in node.keywords}, node.func
        if self._is(node, dataclasses.dataclass) and all(isinstance(v, Lit) for v in options.values()):
            return dataclasses.dataclass(**{k: v.value for k, v in options.items()})(cls)  # type: ignore
        if self._is(node, functools.total_ordering) and not options:
            return functools.total_ordering(cls)
        self.refuse(node, "this decorator of a class inside a function is not supported", _TOP)
