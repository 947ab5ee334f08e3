"""Classes in a manifest: where another process finds a class again, and a text that tells whether it is the same.

The text covers what the class and its bases define, the functions by their source.  A class whose text is the same has
the members that lowering has met, whichever they are.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from s2sad.frontend.library import library_name
from s2sad.frontend.meanings import ABSENT, Guard

# What Python writes into every class, and dataclasses into theirs beside the fields.
_COMMON = frozenset((
    "__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__annotations__", "__firstlineno__",
    "__static_attributes__", "__abstractmethods__", "_abc_impl", "__match_args__", "__orig_bases__", "__parameters__",
    "__annotations_cache__", "__annotate_func__", "__dataclass_fields__",
))


def path_of(cls: type) -> str | None:
    """Where a class is found again; None if it cannot be.

    >>> path_of(functools.cached_property), found(path_of(functools.cached_property)) is functools.cached_property
    ('functools:cached_property', True)
    """
    path = f"{cls.__module__}:{cls.__qualname__}"
    return path if found(path) is cls else None


def found(path: str | None) -> Any:
    """What is at a path; `ABSENT` if there is nothing."""
    module, _, names = str(path).partition(":")
    here: Any = sys.modules.get(module, ABSENT)
    for name in names.split("."):
        here = getattr(here, name, ABSENT)
    return here


def text_of(cls: type, stable: Callable[[Any], str | None], digest: Callable[[Any], str]) -> str | None:
    """What a class and its bases define; None if something in it has no lasting text.

    ``stable`` gives the text of a value, ``digest`` that of a function with source.
    """
    lines = []
    for one in cls.__mro__:
        lines.append(f"class {one.__module__}.{one.__qualname__} {type(one).__qualname__}")
        if one.__module__.partition(".")[0] in sys.stdlib_module_names:
            continue
        members = {name: member for name, member in vars(one).items() if name not in _COMMON}
        fields = vars(one).get("__dataclass_fields__", {})
        parts = [*members.items(), *((f"field {name}", f) for name, f in fields.items())]
        for name, member in sorted(parts, key=lambda part: part[0]):
            text = _member_text(member, stable, digest)
            if text is None:
                return None
            lines.append(f"{name} {text}")
    return "\n".join(lines)


def _member_text(member: Any, stable: Callable[[Any], str | None], digest: Callable[[Any], str]) -> str | None:
    if isinstance(member, types.FunctionType):
        code = member.__code__
        return f"generated {code.co_code.hex()}" if code.co_filename == "<string>" else digest(member)
    wrapped = list(functions_in(member))
    if wrapped:
        texts = [_member_text(f, stable, digest) for f in wrapped]
        return None if None in texts else f"{type(member).__qualname__} {texts}"
    if isinstance(member, dataclasses.Field):
        texts = [_value_text(v, stable) for v in (member.default, member.default_factory, member.init, member.kw_only)]
        return None if None in texts else f"field {texts}"
    if isinstance(member, types.MemberDescriptorType):
        return "slot"
    if type(member).__qualname__ == "_DataclassParams":
        return repr(member)
    return _value_text(member, stable)


def _value_text(value: Any, stable: Callable[[Any], str | None]) -> str | None:
    if value is dataclasses.MISSING:
        return "missing"
    if isinstance(value, type):
        return f"class {value.__module__}.{value.__qualname__}"
    name = library_name(value)
    return f"library {name}" if name is not None else stable(value)


def functions_in(member: Any) -> Iterator[types.FunctionType]:
    """The functions that a member of a class wraps: a property's, a method's.

    >>> [f.__name__ for f in functions_in(property(path_of))]
    ['path_of']
    """
    parts: tuple[Any, ...] = ()
    if isinstance(member, property):
        parts = (member.fget, member.fset, member.fdel)
    elif isinstance(member, (staticmethod, classmethod)):
        parts = (member.__func__,)
    elif isinstance(member, functools.cached_property):
        parts = (member.func,)
    yield from (f for f in parts if isinstance(f, types.FunctionType))


def members(classes: dict[str, type]) -> Iterator[tuple[list[Any], types.FunctionType]]:
    """The functions that classes hold, each with the way to it: path, class of the order, name, number."""
    for path, cls in classes.items():
        for depth, one in enumerate(cls.__mro__):
            for name, member in vars(one).items():
                inside = [member] if isinstance(member, types.FunctionType) else functions_in(member)
                for k, f in enumerate(inside):
                    yield [path, depth, name, k], f


def member_at(way: list[Any]) -> Any:
    """The function at the end of such a way."""
    path, depth, name, k = way
    member = vars(found(path).__mro__[depth])[name]
    return member if isinstance(member, types.FunctionType) else list(functions_in(member))[k]


def guard_entry(guard: Guard) -> tuple[str, list[Any]] | None:
    """A guard about a class as an entry of a manifest, with the path of the class."""
    path = path_of(guard.holder)
    if path is None or guard.kind not in ("entry", "attr") or guard.kind == "attr" and guard.key != "__mro__":
        return None
    return path, ["class", path, guard.kind, guard.key, guard.by_type]


def live_guard(entry: list[Any]) -> Guard:
    """The guard of an entry; that the class is the same has been seen to."""
    _, path, kind, key, by_type = entry
    cls = found(path)
    value = cls.__mro__ if kind == "attr" else vars(cls).get(key, ABSENT)
    return Guard(kind, cls, key, type(value) if by_type else value, by_type)
