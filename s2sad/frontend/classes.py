"""Classes as a program sees them: what a name means along the method resolution order of a class.

A class is a Python class object.  Its members are looked up as they lie in the class dictionaries, and no code of the
user runs: descriptors are told apart here and called, if at all, by the lowering.  A class that the function itself
defines is a class object made for the purpose, whose members are `Held`: they stand for abstract values.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.frontend.meanings import ABSENT, Guard

_HEAP_TYPE = 1 << 9
_NUMBERS = (bool, int, float, complex, np.ndarray, np.generic)
# What Python or the standard library writes into a class, and reading or calling an object does not come upon.
_PLAIN_METACLASSES = ("type", "abc.ABCMeta", "typing._ProtocolMeta", "enum.EnumMeta", "enum.EnumType")


@dataclass(frozen=True, eq=False)
class Held:
    """A member of a class that is defined inside the function: what it stands for."""

    value: Any


def is_changeable(cls: type) -> bool:
    """Whether members of a class can be changed: those of built-in classes cannot."""
    return bool(cls.__flags__ & _HEAP_TYPE)


def lookup(cls: type, name: str, after: type | None = None) -> tuple[type | None, Any]:
    """The class along the order that has a member, and the member as it lies there; ``(None, ABSENT)`` if none has.

    With ``after`` the classes behind that one are searched, as `super` does.  What every object has is nobody's.

    >>> class A:
    ...     x = 1
    >>> class B(A):
    ...     x = 2
    >>> lookup(B, "x")[1], lookup(B, "x", after=B)[1], lookup(B, "__eq__")
    (2, 1, (None, ABSENT))
    """
    for owner in _order(cls, after):
        if name in vars(owner):
            return owner, vars(owner)[name]
    return None, ABSENT


def lookup_guards(cls: type, name: str, after: type | None = None) -> Iterator[Guard]:
    """What the answer of `lookup` depends on; numbers are read at every call."""
    if is_changeable(cls):
        yield Guard("attr", cls, "__mro__", cls.__mro__)
    for owner in _order(cls, after):
        found = vars(owner).get(name, ABSENT)
        if isinstance(found, _NUMBERS):
            yield Guard("entry", owner, name, type(found), True)
        elif is_changeable(owner):
            yield Guard("entry", owner, name, found)
        if found is not ABSENT:
            return


def _order(cls: type, after: type | None) -> tuple[type, ...]:
    order = cls.__mro__[:-1]
    return order if after is None else order[order.index(after) + 1:]


def is_method(member: Any) -> bool:
    """Whether a member becomes a method of the object it is read from; a function with derivatives does, too."""
    if isinstance(member, (type, staticmethod, classmethod, property, functools.cached_property)):
        return False
    if isinstance(member, (types.FunctionType, functools._lru_cache_wrapper)):
        return True
    marked = "__s2sad_primal__" in getattr(member, "__dict__", {})
    compiled = type(member).__module__.partition(".")[0] == "numba" and hasattr(member, "py_func")
    return marked or compiled


def is_descriptor(member: Any) -> bool:
    """Whether a member is something that decides itself what reading it gives."""
    return hasattr(type(member), "__get__") and not isinstance(member, type)


def is_generated(member: Any) -> bool:
    """Whether a method was made by `dataclasses` and has no text of its own."""
    if getattr(member, "__name__", "") == "__repr__":
        # It is wrapped, against dataclasses that hold themselves.
        member = getattr(member, "__wrapped__", member)
    return isinstance(member, types.FunctionType) and member.__code__.co_filename == "<string>"


def is_frozen(cls: type) -> bool:
    """Whether a class is a dataclass whose objects do not change."""
    owner, member = lookup(cls, "__setattr__")
    return owner is not None and is_generated(member) and dataclasses.is_dataclass(owner)


def has_hook(cls: type, name: str) -> bool:
    """Whether a class says itself what reading or assigning an attribute does."""
    owner, member = lookup(cls, name)
    return owner is not None and not is_generated(member) and not isinstance(member, types.WrapperDescriptorType)


def metaclass_of(cls: type) -> str:
    """The name of a metaclass that makes the class mean something else; empty if it has none.

    >>> import abc
    >>> metaclass_of(int), metaclass_of(abc.ABC)
    ('', '')
    """
    meta = type(cls)
    known = f"{meta.__module__}.{meta.__qualname__}".removeprefix("builtins.") in _PLAIN_METACLASSES
    return "" if known else meta.__qualname__


def slots_of(cls: type) -> frozenset[str] | None:
    """The attributes that objects of a class may have; None if any."""
    if "__dict__" in dir(cls):
        return None
    return frozenset(n for c in cls.__mro__ for n, m in vars(c).items() if isinstance(m, types.MemberDescriptorType))


def is_instance(obj: Any) -> bool:
    """Whether an object from outside is one of a class written in Python, with attributes and methods.

    >>> is_instance(1.0), is_instance(int), is_instance(types.SimpleNamespace(x=1))
    (False, False, True)
    """
    cls = type(obj)
    if isinstance(obj, (type, types.ModuleType, types.FunctionType, types.MethodType, functools.partial, enum.Enum)):
        return False
    return cls is types.SimpleNamespace or is_changeable(cls) and not is_of_library(cls)


def is_of_library(cls: type) -> bool:
    """Whether a class is one of the standard library, or of those packages whose functions are known by their rules."""
    if cls.__module__.startswith("s2sad.frontend.equivalents_"):
        return False
    home = str(cls.__module__).partition(".")[0]
    if home == "numpy" and (cls is np.poly1d or cls.__module__.startswith("numpy.polynomial.")):
        return False  # Written in Python, and nothing but their coefficients.
    return home in ("numpy", "scipy", "s2sad", "numba") or home in (
        sys.stdlib_module_names - {"__main__", "builtins"})


def overrides(cls: type, base: type, name: str) -> bool:
    """Whether a subclass has a member of its own in place of what it inherits from ``base``."""
    return lookup(cls, name)[1] is not lookup(base, name)[1]
