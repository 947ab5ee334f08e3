"""Members: what their attributes are, as their classes say, and how attributes are assigned.

    obj.name  =  the property's function of obj  |  obj's own value  |  the class's function, bound to obj  |  its value

An object of this program is a `Seq` of attributes, known by its cell, and the heap says what it holds now: an assigned
attribute is a change like that of a dict.  An object from outside is `Unusable` but for its attributes, which are read
where it lies, at every call; nothing is assigned to it, since the derivative leaves what it finds as it was.
"""

from __future__ import annotations

import difflib
import enum
import functools
import types
from typing import Any, NoReturn

from s2sad.frontend import meanings
from s2sad.frontend.classes import (
    Held,
    has_hook,
    is_descriptor,
    is_frozen,
    is_instance,
    is_method,
    slots_of,
)
from s2sad.frontend.lower_branch import Branches
from s2sad.frontend.meanings import ABSENT
from s2sad.frontend.structures import is_named_tuple
from s2sad.frontend.values import (
    Bound,
    Closure,
    Library,
    Method,
    OwnMethod,
    Seq,
    Static,
    Super,
    Unusable,
    Value,
    describe_value,
    is_bottom,
)
from s2sad.rules.table import lookup
from s2sad.trace.ir import Lit, Undef

# What every object has and a call of it does nothing, or what is done here.
_OF_OBJECT = frozenset(("__init__", "__setattr__", "__init_subclass__"))
_OF_TUPLE = frozenset(("_replace", "_asdict", "index", "count"))
_PASS_IT = "pass it as an argument: its attributes can then be assigned"


class Members(Branches):
    """Attributes of objects and classes."""

    def from_meaning(self, meaning: meanings.Meaning, scope: Any, node: Any) -> Value:
        raise NotImplementedError

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    def attribute_dict(self, value: Value, node: Any) -> Value:
        raise NotImplementedError

    # Classes.

    def class_of(self, value: Value) -> type | None:
        """The class of an object, if its class is what says what is done with it."""
        if isinstance(value, Seq):
            return None if value.cls is None else value.cls.object
        if isinstance(value, Unusable) and is_instance(value.meaning.object):
            return type(value.meaning.object)
        return None

    def class_value(self, cls: type) -> Value:
        return Static(cls, meanings.class_of(cls), self.frame.scope)

    def class_entry(self, cls: type, name: str, after: type | None = None) -> Any:
        """What a class has for a name, as it lies there; `ABSENT` if it has nothing."""
        return self.frame.scope.class_entry(cls, name, after)

    def entry_value(self, found: Any, cls: type, name: str, node: Any, after: type | None = None) -> Value:
        """What a member of a class stands for by itself."""
        if isinstance(found, Held):
            inner = found.value
            return inner if isinstance(inner, Value) else self.from_meaning(inner, self.frame.scope, node)
        scope = self.frame.scope
        return self.from_meaning(scope.entry_meaning(found, f"{cls.__name__}.{name}", cls, name, after), scope, node)

    # Reading.

    def object_attribute(self, owner: Value, cls: type, name: str, node: Any, hint: str = "") -> Value:
        """``owner.name`` of an object."""
        if name == "__class__":
            return self.class_value(cls)
        if name == "__dict__":
            return self.attribute_dict(owner, node)
        self._refuse_hook(cls, "__getattribute__", node)
        found = self.class_entry(cls, name)
        if isinstance(found, property):
            return self._of_property(found, owner, cls, name, node, hint)
        own = self.own_value(owner, name, node)
        if isinstance(found, functools.cached_property) and own in self.facts.partial:
            self.refuse_type(node, f"whether the cached property '{name}' has been computed before depends on the path "
                                   "taken", "read it once before the loop or the branch")
        if own is not None:
            return self.read(own, f".{name}", node)
        if isinstance(owner, Seq) and not owner.is_object and name in _OF_TUPLE:
            return Method(owner, name)
        if found is ABSENT:
            return self._missing(owner, cls, name, node)
        return self._member(found, owner, cls, name, node, hint)

    def own_value(self, owner: Value, name: str, node: Any) -> Value | None:
        """The value of an attribute that the object itself has; None if it has none."""
        owner = self.fresh_list(owner)
        if isinstance(owner, Seq):
            item = owner.item(name)
            return Bound(item.fn, (owner,)) if isinstance(item, OwnMethod) else item
        assert isinstance(owner, Unusable)
        if not owner.scope.own_attribute(owner.meaning.object, name):
            return None
        return self.from_meaning(owner.scope.attribute(owner.meaning, name), owner.scope, node)

    def _of_property(self, found: property, owner: Value, cls: type, name: str, node: Any, hint: str) -> Value:
        if found.fget is None:
            self.refuse_type(node, f"the property '{name}' of {cls.__name__} cannot be read")
        return self.call_value(self.entry_value(found.fget, cls, name, node), [owner], {}, node, hint)

    def _member(self, found: Any, owner: Value, cls: type, name: str, node: Any, hint: str = "",
                after: type | None = None) -> Value:
        """What a member of a class gives when it is read from an object, or, as `classmethod` does, from the class."""
        if isinstance(found, (staticmethod, classmethod)):
            value = self.entry_value(found.__func__, cls, name, node, after)
            return value if isinstance(found, staticmethod) else Bound(value, (self.class_value(cls),))
        if isinstance(found, property):
            return self._of_property(found, owner, cls, name, node, hint)
        if isinstance(found, functools.cached_property):
            return self._of_cached_property(found, owner, cls, name, node, hint)
        if isinstance(owner, Unusable) and isinstance(found, types.FunctionType):
            ruled = lookup(types.MethodType(found, owner.meaning.object))
            if ruled is not None:
                return Library(ruled)
        if is_method(found) or isinstance(found, Held) and isinstance(found.value, (Closure, meanings.Function)):
            return Bound(self.entry_value(found, cls, name, node, after), (owner,))
        if isinstance(found, types.WrapperDescriptorType) and name in _OF_OBJECT:
            return Bound(Library(f"object.{name}"), (owner,))
        if is_descriptor(found):
            self.refuse(node, f"'{name}' of {cls.__name__} is a {type(found).__qualname__}, a descriptor that is not "
                              "supported", "make it a property, or a plain attribute")
        if isinstance(owner, Unusable) and after is None:
            # What the class says now, or the object itself by the time it is read.
            return self.from_meaning(owner.scope.attribute(owner.meaning, name), owner.scope, node)
        return self.entry_value(found, cls, name, node, after)

    def _of_cached_property(self, found: Any, owner: Value, cls: type, name: str, node: Any, hint: str) -> Value:
        value = self.call_value(self.entry_value(found.func, cls, name, node), [owner], {}, node, hint)
        owner = self.fresh_list(owner)
        if isinstance(owner, Seq) and self.facts.outside.get(owner.cell) is None:
            self.change(owner, owner.with_item(name, value), node, False)
        return value

    def _missing(self, owner: Value, cls: type, name: str, node: Any) -> Value:
        self._refuse_hook(cls, "__getattr__", node, f"'{cls.__name__}' gives its attribute '{name}' by __getattr__")
        names = [n for c in cls.__mro__[:-1] for n in vars(c)]
        names += owner.keys if isinstance(owner, Seq) else getattr(owner.meaning.object, "__dict__", ())  # type: ignore
        close = difflib.get_close_matches(name, map(str, names), 1)
        self.refuse_type(node, f"'{cls.__name__}' object has no attribute '{name}'",
                         f"did you mean '{close[0]}'?" if close else "assign it in __init__",
                         AttributeError(f"'{cls.__name__}' object has no attribute '{name}'"))

    def _refuse_hook(self, cls: type, hook: str, node: Any, what: str = "") -> None:
        self.class_entry(cls, hook)  # for its guards
        if has_hook(cls, hook):
            self.refuse(node, f"{what or f'{cls.__name__!r} has {hook}'}, which is not supported",
                        "give the class properties and plain attributes")

    def class_attribute(self, owner: Static, name: str, node: Any, hint: str = "") -> Value:
        """``cls.name``."""
        cls = owner.value
        if name in ("__name__", "__qualname__", "__module__", "__doc__"):
            return Lit(getattr(cls, name))
        if name == "_make" and is_named_tuple(cls):
            return Bound(Library("namedtuple._make"), (owner,))
        found = self.class_entry(cls, name)
        if found is ABSENT or issubclass(cls, enum.Enum):
            return self.from_meaning(owner.scope.attribute(owner.meaning, name), owner.scope, node)
        if isinstance(found, (staticmethod, classmethod)):
            return self._member(found, owner, cls, name, node, hint)
        if is_descriptor(found) and not is_method(found):
            self.refuse(node, f"'{cls.__name__}.{name}', a {type(found).__qualname__}, is not supported",
                        "read it from an object of the class")
        return self.entry_value(found, cls, name, node)

    def super_attribute(self, owner: Super, name: str, node: Any, hint: str = "") -> Value:
        """``super().name``."""
        inner = owner.owner
        of_class = isinstance(inner, Static) and isinstance(inner.value, type)
        cls = inner.value if of_class else self.class_of(inner)  # type: ignore[union-attr]
        assert isinstance(cls, type)
        found = self.class_entry(cls, name, owner.start)
        if found is not ABSENT and of_class and not isinstance(found, classmethod):
            return self.entry_value(getattr(found, "__func__", found), cls, name, node, owner.start)
        if found is not ABSENT:
            return self._member(found, inner, cls, name, node, hint, owner.start)
        if name in _OF_OBJECT:
            return Bound(Library(f"object.{name}"), (inner,))
        self.refuse_type(node, f"'super' object has no attribute '{name}'")

    def has_member(self, value: Value, cls: type, name: str, node: Any) -> bool:
        """Whether an object has an attribute."""
        self._refuse_hook(cls, "__getattribute__", node)
        own = self.own_value(value, name, node)
        if own in self.facts.partial:
            self.refuse_type(node, f"whether this {cls.__name__} has the attribute '{name}' depends on the path taken",
                             "assign it in __init__")
        if own is not None and not isinstance(own, Undef) or self.class_entry(cls, name) is not ABSENT:
            return True
        self._refuse_hook(cls, "__getattr__", node)
        return hasattr(object, name)

    # Assigning.

    def check_assignable(self, owner: Value, name: str, node: Any) -> None:
        """Refuse to assign an attribute that cannot be assigned, before anything is computed."""
        if self.class_of(owner) is None and not is_bottom(owner):
            self._refuse_assignment(owner, name, node)

    def set_attribute(self, owner: Value, name: str, value: Value, node: Any) -> None:
        """``owner.name = value``."""
        owner = self.fresh_list(owner)
        if is_bottom(owner):
            return
        cls = self.class_of(owner)
        if cls is None:
            self._refuse_assignment(owner, name, node)
        found = self.class_entry(cls, "__setattr__")
        if is_frozen(cls):
            self.refuse_type(node, f"FrozenInstanceError: cannot assign to the field '{name}' of '{cls.__name__}', a "
                                   "frozen dataclass", f"make a new one: dataclasses.replace(..., {name}=...)")
        if found is not ABSENT:
            self._refuse_hook(cls, "__setattr__", node)
        self.store_attribute(owner, name, value, node)

    def store_attribute(self, owner: Value, name: str, value: Value, node: Any) -> None:
        """What ``object.__setattr__(owner, name, value)`` does."""
        owner = self.fresh_list(owner)
        cls = self.class_of(owner)
        if cls is None:
            self._refuse_assignment(owner, name, node)
        found = self.class_entry(cls, name)
        if isinstance(found, property):
            if found.fset is None:
                self.refuse_type(node, f"the property '{name}' of '{cls.__name__}' has no setter",
                                 f"write one: @{name}.setter")
            self.call_value(self.entry_value(found.fset, cls, name, node), [owner, value], {}, node)
            return
        self._check_slot(found, cls, name, node)
        if isinstance(owner, Unusable) or isinstance(owner, Seq) and not owner.is_object:
            self._refuse_assignment(owner, name, node)
        assert isinstance(owner, Seq)
        if isinstance(value, Bound) and len(value.args) == 1:
            one = value.args[0]
            if isinstance(one, Seq) and one.cell == owner.cell:
                value = OwnMethod(value.fn)
        self.change(owner, owner.with_item(name, value), node, False)

    def _check_slot(self, found: Any, cls: type, name: str, node: Any) -> None:
        """Refuse an attribute that objects of a class cannot have."""
        slots = slots_of(cls)
        if slots is not None and name not in slots:
            self.refuse_type(node, f"'{cls.__name__}' object has no attribute '{name}': it has "
                                   f"{', '.join(sorted(slots)) or 'no'} slots", "add it to __slots__")
        if found is not ABSENT and hasattr(type(found), "__set__") and not isinstance(
                found, types.MemberDescriptorType):
            self.refuse(node, f"'{name}' of {cls.__name__} is a {type(found).__qualname__}, a descriptor that is not "
                              "supported", "make it a property, or a plain attribute")

    def _refuse_assignment(self, owner: Value, name: str, node: Any) -> NoReturn:
        if isinstance(owner, Unusable):
            what = f"'{owner.meaning.name}'" if owner.meaning.name else "an object"
            self.refuse_type(node, f"this assigns the attribute '{name}' of {what}, an object from outside the "
                                   "function, which the derivative leaves as it was", _PASS_IT)
        if isinstance(owner, Static) and isinstance(owner.value, type):
            self.refuse(node, f"this assigns the class attribute '{owner.value.__name__}.{name}', which others see",
                        "assign an attribute of the object")
        if isinstance(owner, Seq) and owner.cls is not None:
            self.refuse_type(node, f"the fields of a named tuple cannot be assigned: '{owner.cls.name}.{name}'",
                             f"make a new one: ..._replace({name}=...)")
        self.refuse(node, f"assignment to the attribute '{name}' of {describe_value(owner)} is not supported",
                    "use a local variable")

    def delete_attribute(self, owner: Value, name: str, node: Any) -> None:
        """``del owner.name``."""
        owner = self.fresh_list(owner)
        if is_bottom(owner):
            return
        cls = self.class_of(owner)
        if cls is None or not isinstance(owner, Seq) or not owner.is_object or is_frozen(cls):
            self._refuse_assignment(owner, name, node)
        self._refuse_hook(cls, "__delattr__", node)
        if isinstance(self.class_entry(cls, name), property):
            self.refuse(node, f"'del' of the property '{name}' is not supported", "leave it out")
        if owner.item(name) is None:
            self._missing(owner, cls, name, node)
        kept = [(k, v) for k, v in zip(owner.keys, owner.items) if k != name]
        made = Seq(tuple(v for _, v in kept), "object", tuple(k for k, _ in kept), owner.cell, owner.cls)
        self.change(owner, made, node, False)

    # Special methods.

    def special_method(self, value: Value, name: str, node: Any) -> Value | None:
        """The special method that the class of an object has in Python; None if it has none.

        Such methods are looked up in the class only.
        """
        cls = self.class_of(value)
        if name == "__call__" and isinstance(value, Static) and isinstance(value.value, enum.Enum):
            cls = type(value.value)
        found = ABSENT if cls is None else self.class_entry(cls, name)
        if cls is None or found is ABSENT or found is None or isinstance(found, types.WrapperDescriptorType):
            return None
        return self._member(found, value, cls, name, node)

    def call_special(self, value: Value, name: str, args: list[Value], node: Any, hint: str = "") -> Value | None:
        """``type(value).name(value, *args)``; None if there is no such method, or it does not know the operands."""
        method = self.special_method(value, name, node)
        if method is None:
            return None
        result = self.call_value(method, args, {}, node, hint)
        return None if is_not_implemented(result) else result


def is_not_implemented(value: Value) -> bool:
    """Whether a method has said that it does not know the operands."""
    return isinstance(value, Static) and value.value is NotImplemented or (
        isinstance(value, Library) and value.object is NotImplemented)


def class_name(value: Value) -> str:
    """The name of an object's class."""
    if isinstance(value, Seq) and value.cls is not None:
        return value.cls.name
    return type(value.meaning.object).__name__ if isinstance(value, Unusable) else describe_value(value)


__all__ = ["Members", "class_name", "is_not_implemented"]
