"""Calls of classes: a new object, and what `__init__` makes of it.

A dataclass has an `__init__` without text: it assigns the fields, as its list of fields says.  A named tuple is a tuple
with names, which has no `__init__` at all.
"""

from __future__ import annotations

import dataclasses
import enum
import types
from collections.abc import Sequence
from typing import Any

from s2sad.frontend import meanings
from s2sad.frontend.classes import (
    Held,
    is_changeable,
    is_generated,
    is_method,
    is_of_library,
    lookup,
    metaclass_of,
    slots_of,
)
from s2sad.frontend.lower_operators import COMPARISON, Operators
from s2sad.frontend.meanings import ABSENT
from s2sad.frontend.structures import is_named_tuple
from s2sad.frontend.values import Seq, Static, Value
from s2sad.trace.ir import Lit

_REQUIRED = object()


class Construction(Operators):
    """Calls of classes."""

    def from_object(self, value: Any, name: str = "", meaning: Any = None, scope: Any = None) -> Value:
        raise NotImplementedError

    def construct(self, cls: type, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str) -> Value | None:
        """``cls(...)``; None if the class is not written in Python."""
        if is_named_tuple(cls):
            return self._new_tuple(cls, args, kwargs, node)
        if cls is types.SimpleNamespace and not args:
            return Seq(tuple(kwargs.values()), "object", tuple(kwargs), cls=meanings.class_of(cls))
        if issubclass(cls, enum.Enum):
            return self._member_of_enum(cls, args, node)
        if not is_changeable(cls) or is_of_library(cls) or issubclass(cls, (BaseException, type)):
            return None
        self._refuse_kind(cls, node)
        made = Seq((), "object", (), cls=meanings.class_of(cls))
        self._initialise(made, cls, args, kwargs, node)
        return self.fresh_list(made)  # type: ignore[no-any-return]

    def _refuse_kind(self, cls: type, node: Any) -> None:
        where = getattr(node, "func", node)
        meta = metaclass_of(cls)
        if meta:
            self.refuse(where, f"'{cls.__name__}' has the metaclass '{meta}', which decides what a call of it does",
                        "use a class without a metaclass of its own")
        found = self.class_entry(cls, "__new__")
        if found is not ABSENT:
            base = lookup(cls, "__new__")[0]
            what = "its own __new__" if isinstance(found, (types.FunctionType, staticmethod)) else (
                f"a base class that is not written in Python: '{base.__name__}'")  # type: ignore[union-attr]
            self.refuse(where, f"'{cls.__name__}' has {what}, which is not supported",
                        "keep what it holds in attributes, assigned in __init__")
        abstract = sorted(getattr(cls, "__abstractmethods__", ()))
        if abstract:
            self.refuse_type(where, f"'{cls.__name__}' is abstract: nothing implements {', '.join(abstract)}",
                             "call a class that does")

    def _initialise(self, made: Seq, cls: type, args: list[Value], kwargs: dict[str, Value], node: Any) -> None:
        found = self.class_entry(cls, "__init__")
        while getattr(found, "__name__", "") == "_no_init_or_replace_init":
            # A protocol has it for those who call it in vain.
            found = self.class_entry(cls, "__init__", lookup(cls, "__init__")[0])
        if found is ABSENT or found is object.__init__:
            if args or kwargs:
                self.refuse_type(node, f"{cls.__name__}() takes no arguments", "give it an __init__")
        elif is_generated(found):
            self.generated_init(found, made, args, kwargs, node)
        elif is_method(found) or isinstance(found, Held):
            self.call_value(self.entry_value(found, cls, "__init__", node), [made, *args], kwargs, node)
        else:
            self.refuse(node, f"'{cls.__name__}.__init__' is not written in Python",
                        "keep what it holds in attributes, assigned in __init__")

    # Dataclasses.

    def generated_init(self, found: Any, made: Value, args: list[Value], kwargs: dict[str, Value], node: Any) -> None:
        """What the ``__init__`` of a dataclass does."""
        cls = self.class_of(made)
        assert cls is not None and isinstance(made, Seq)
        owner = next(c for c in cls.__mro__ if vars(c).get("__init__") is found)
        fields = [f for f in self.class_entry(owner, "__dataclass_fields__").values()
                  if f._field_type.name != "_FIELD_CLASSVAR"]
        given = [f for f in fields if f.init]
        names = [f.name for f in given if not f.kw_only], [f.name for f in given if f.kw_only]
        defaults = {f.name: f for f in given if _default(f) is not _REQUIRED}
        bound = self.bound_names(owner.__name__, names, args, kwargs, defaults, node)
        values: dict[str, Value] = {}
        later: list[Value] = []
        for f in fields:
            if f.init or f.default_factory is not dataclasses.MISSING or (
                    f.default is not dataclasses.MISSING and slots_of(cls) is not None):
                value = bound[f.name] if f.name in bound else self._default_value(f, owner, node)
                if f._field_type.name == "_FIELD":
                    values[f.name] = value
                else:
                    later.append(value)
        present = self.fresh_list(made)
        for name, value in values.items():
            present = present.with_item(name, value)
        self.change(made, present, node, False)
        after = self.class_entry(cls, "__post_init__")
        if after is not ABSENT:
            self.call_value(self.entry_value(after, cls, "__post_init__", node), [made, *later], {}, node)

    def generated_call(self, fn: Any, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        """A call of a method that a dataclass has been given."""
        if fn.__name__ == "__init__":
            self.generated_init(fn, args[0], args[1:], kwargs, node)
            return Lit(None)
        if fn.__name__ == "__repr__":
            return self.fields_as_text(args[0], node)
        asked = {name: fn for fn, name in COMPARISON.items()}
        made = self._compared_fields(args[0], asked[fn.__name__], args[1], node) if fn.__name__ in asked else None
        if made is None:
            self.refuse(node, f"'{fn.__qualname__}' of a dataclass is not supported here")
        return made

    def fields_as_text(self, value: Value, node: Any) -> Value:
        raise NotImplementedError

    def _default_value(self, f: Any, cls: type, node: Any) -> Value:
        default = _default(f)
        if f.default_factory is not dataclasses.MISSING:
            return self.call_value(self._plain_value(f.default_factory, cls, f.name, node), [], {}, node)
        return self._plain_value(default, cls, f.name, node)

    def _plain_value(self, value: Any, cls: type, name: str, node: Any) -> Value:
        if isinstance(value, Held):
            return self.entry_value(value, cls, name, node)
        return self.from_object(value, f"{cls.__name__}.{name}")

    def bound_names(self, name: str, names: tuple[Sequence[str], Sequence[str]], args: list[Value],
                    kwargs: dict[str, Value], optional: Any, node: Any) -> dict[str, Value]:
        """What the names of a constructor without text stand for, as far as they are given."""
        positional, keyword_only = names
        if len(args) > len(positional):
            count = len(positional)
            self.refuse_type(node, f"{name}() takes {count} positional argument{'s' * (count != 1)} but {len(args)} "
                                   f"{'were' if len(args) != 1 else 'was'} given")
        bound = dict(zip(positional, args))
        for key, value in kwargs.items():
            if key in bound:
                self.refuse_type(node, f"{name}() got multiple values for argument '{key}'")
            if key not in positional and key not in keyword_only:
                self.refuse_type(node, f"{name}() got an unexpected keyword argument '{key}'")
            bound[key] = value
        missing = [n for n in (*positional, *keyword_only) if n not in bound and n not in optional]
        if missing:
            listed = " and ".join(f"'{m}'" for m in missing)
            self.refuse_type(node, f"{name}() missing {len(missing)} required argument{'s' * (len(missing) != 1)}: "
                                   f"{listed}")
        return bound

    # Named tuples and enumerations.

    def _new_tuple(self, cls: Any, args: list[Value], kwargs: dict[str, Value], node: Any) -> Value:
        found = self.class_entry(cls, "__new__")
        code = getattr(getattr(found, "__func__", found), "__code__", None)
        if code is None or not code.co_filename.startswith("<"):
            self.refuse(getattr(node, "func", node), f"'{cls.__name__}' has its own __new__, which is not supported",
                        "write a function that makes it")
        defaults = self.class_entry(cls, "_field_defaults")
        bound = self.bound_names(cls.__name__, (cls._fields, ()), args, kwargs, defaults, node)
        items = (bound[n] if n in bound else self._plain_value(defaults[n], cls, n, node) for n in cls._fields)
        return Seq(tuple(items), "tuple", cls._fields, cls=meanings.class_of(cls))

    def _member_of_enum(self, cls: type[enum.Enum], args: list[Value], node: Any) -> Value:
        if len(args) == 1 and isinstance(args[0], (Lit, Static)):
            try:
                return self.from_object(cls(args[0].value), cls.__name__)
            except ValueError as error:
                self.refuse_type(node, str(error))
        self.refuse(node, f"a member of '{cls.__name__}' that is chosen at run time is not supported",
                    f"name the member: {cls.__name__}.{next(iter(cls.__members__), 'NAME')}")


def _default(f: Any) -> Any:
    if f.default is not dataclasses.MISSING:
        return f.default
    return _REQUIRED if f.default_factory is dataclasses.MISSING else f.default_factory



