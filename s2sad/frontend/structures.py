"""Live values as structures: what is taken apart into parts, under which names, and what makes one of parts.

    (a, b)   [a, b]   {"W": a}   Point(x=a, y=b)   model with model.W = a

An object is taken apart if its attributes are all there is to it: the instance dictionary and the slots.  Classes that
are written in C or belong to a library, members of enumerations, and objects that compute every attribute are not.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import keyword
import sys
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.frontend.classes import is_changeable, is_of_library
from s2sad.frontend.library import is_library
from s2sad.frontend.specialise import Length

_OPERATORS = frozenset(f"__{side}{name}__" for side in ("", "r") for name in (
    "add sub mul truediv floordiv mod pow matmul divmod".split())) | frozenset(
    "__neg__ __pos__ __abs__ __float__ __eq__ __lt__ __le__ __gt__ __ge__ __bool__".split())
_POINTER = types.SimpleNamespace.__basicsize__ - object.__basicsize__
_LEAVES = frozenset((bool, int, float, complex, str, type(None), np.ndarray, np.float64))
_FOREIGN = frozenset(sys.stdlib_module_names) | {"s2sad", "numba", "jax", "jaxlib", "torch", "tensorflow"}


def kind_of(value: Any) -> str:
    """``tuple``, ``list``, ``dict`` or ``object``; empty for what is not taken apart.

    >>> kind_of((1.0,)), kind_of({"W": 1.0}), kind_of({1.5: 2}), kind_of(types.SimpleNamespace(x=1.0)), kind_of(len)
    ('tuple', 'dict', '', 'object', '')
    """
    t: Any = type(value)
    if t in _LEAVES:
        return ""
    if t is tuple or t is list:
        return str(t.__name__)
    if t is dict:
        return "dict" if all(map(is_key, value)) else ""
    if isinstance(value, tuple):
        return "tuple" if is_named_tuple(t) else ""
    return "object" if is_plain_class(t) and _are_readable(tuple(getattr(value, "__dict__", ()))) else ""


def is_key(key: Any) -> bool:
    """Whether dicts with this key are taken apart.

    >>> is_key("weights"), is_key((0, "x")), is_key(None), is_key(1.5)
    (True, True, True, False)
    """
    return all(map(is_key, key)) if type(key) is tuple else key is None or type(key) in (str, int, bool)


def is_named_tuple(cls: type) -> bool:
    """Whether the class is a named tuple."""
    return issubclass(cls, tuple) and hasattr(cls, "_fields") and hasattr(cls, "_make")


@functools.lru_cache(maxsize=4096)
def is_plain_class(cls: Any) -> bool:
    """Whether the attributes of its instances are all there is to them.

    >>> is_plain_class(types.SimpleNamespace), is_plain_class(object), is_plain_class(Exception)
    (True, False, False)
    """
    home = str(cls.__module__).partition(".")[0]
    if cls is object or cls is not types.SimpleNamespace and not dataclasses.is_dataclass(cls) and (
            is_library(home) or home in _FOREIGN):
        return False
    if cls is types.SimpleNamespace:
        return True
    if issubclass(cls, (enum.Enum, type, types.SimpleNamespace)) or (
            cls.__getattribute__ is not object.__getattribute__):
        return False
    # As the standard library finds out whether an object can be copied by its attributes.
    size = object.__basicsize__ + _POINTER * len(_slots(cls))
    size += _POINTER * ((cls.__dictoffset__ > 0) + (cls.__weakrefoffset__ > 0))
    return bool(cls.__itemsize__ == 0 and cls.__basicsize__ <= size)


@functools.lru_cache(maxsize=4096)
def _slots(cls: Any) -> tuple[str, ...]:
    """The names of the slots of a class, those of its bases first."""
    return tuple(name for one in reversed(cls.__mro__) if "__slots__" in vars(one) for name, entry in vars(one).items()
                 if isinstance(entry, types.MemberDescriptorType) and entry.__objclass__ is one)


def attributes_of(value: Any) -> dict[str, Any]:
    """The attributes of an object, without what it keeps of properties that are computed once.

    >>> attributes_of(types.SimpleNamespace(x=1.0))
    {'x': 1.0}
    """
    t: Any = type(value)
    slots, own, computed = _slots(t), getattr(value, "__dict__", {}), _computed_once(t)
    if not slots and not computed:
        return dict(own)
    found = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**found, **{name: one for name, one in own.items() if name not in computed}}


@functools.lru_cache(maxsize=4096)
def _computed_once(cls: Any) -> frozenset[str]:
    """The names of the properties that objects keep once they are computed."""
    return frozenset(name for one in cls.__mro__ for name, member in vars(one).items()
                     if isinstance(member, functools.cached_property))


@functools.lru_cache(maxsize=4096)
def _are_readable(names: tuple[str, ...]) -> bool:
    """Whether all names can stand behind a dot."""
    return all(name.isidentifier() and not keyword.iskeyword(name) for name in names)


def _is_own(part: Any, value: Any) -> bool:
    return isinstance(part, types.MethodType) and part.__self__ is value


class OwnFunction:
    """What stands for an attribute of an object that is a method of this very object."""

    def __init__(self, fn: Any) -> None:
        self.fn = fn

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnFunction) and other.fn is self.fn

    def __hash__(self) -> int:
        return hash(self.fn)


def parts_of(value: Any, kind: str) -> tuple[tuple[Any, ...], Sequence[Any]]:
    """The keys (none for plain tuples and lists) and the parts of a value of some kind.

    >>> parts_of({"W": 1.0}, "dict"), parts_of((1.0, 2.0), "tuple")
    ((('W',), (1.0,)), ((), (1.0, 2.0)))
    """
    if kind == "object":
        found = attributes_of(value)
        return tuple(found), [OwnFunction(v.__func__) if _is_own(v, value) else v for v in found.values()]
    if kind == "dict":
        return tuple(value), tuple(value.values())
    return (() if type(value) in (tuple, list) else type(value)._fields), value


def is_tree(value: Any, around: tuple[int, ...] = ()) -> bool:
    """Whether no part of a structure holds the structure it is in.

    >>> loop = [1.0]
    >>> loop.append(loop)
    >>> is_tree([1.0, [2.0]]), is_tree(loop)
    (True, False)
    """
    kind = kind_of(value)
    if not kind:
        return True
    return id(value) not in around and all(is_tree(part, (*around, id(value))) for part in parts_of(value, kind)[1])


def part_at(value: Any, step: Any) -> Any:
    """The part of a value at one step: an index, a key, the name of an attribute, the length of an axis."""
    if isinstance(step, Length):
        return value.shape[step]
    return getattr(value, step) if isinstance(step, str) and not isinstance(value, dict) else value[step]


def has_own_operators(value: Any) -> bool:
    """Whether a number is of a class whose operators are its own, so that it does not compute as a number does.

    >>> class Money(float):
    ...     __module__ = "shop"
    ...     def __add__(self, other): return Money(round(float(self) + other, 2))
    >>> has_own_operators(Money(1.0)), has_own_operators(1.0), has_own_operators(True)
    (True, False, False)
    """
    own = (cls for cls in type(value).__mro__ if is_changeable(cls) and not is_of_library(cls))
    return any(name in _OPERATORS for cls in own for name in vars(cls))


def takes_fields(cls: Any, keys: Sequence[Any]) -> bool:
    """Whether ``cls(key=value, …)`` makes an object of its attributes and does nothing else.

    >>> takes_fields(types.SimpleNamespace, ("x",)), takes_fields(dict, ("x",))
    (True, False)
    """
    if cls is types.SimpleNamespace:
        return True
    if not isinstance(cls, type) or type(cls).__call__ is not type.__call__:
        return False
    if is_named_tuple(cls):
        return _is_generated(cls.__new__) and getattr(cls, "__init__", None) is object.__init__
    if not dataclasses.is_dataclass(cls) or cls.__new__ is not object.__new__ or hasattr(cls, "__post_init__"):
        return False
    fields = [f.name for f in dataclasses.fields(cls) if f.init]
    written = [n for one in cls.__mro__ for n in ("__setattr__",) if n in vars(one) and one is not object]
    frozen = cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    return (_is_generated(cls.__init__) and sorted(fields) == sorted(keys) and len(fields) == len(
        cls.__dataclass_fields__) and (frozen or not written))


def _is_generated(function: Any) -> bool:
    """Whether a function was made by `dataclass` or `namedtuple`."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename.startswith("<string>")


def is_importable(obj: Any) -> bool:
    """Whether an import statement can name an object."""
    home, name = getattr(obj, "__module__", None), getattr(obj, "__name__", "")
    return home not in (None, "builtins", "__main__") and getattr(sys.modules.get(home), name, None) is obj


__all__ = ["attributes_of", "is_importable", "is_named_tuple", "is_plain_class", "kind_of", "part_at", "parts_of",
           "takes_fields"]
