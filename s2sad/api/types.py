"""The types of a function's arguments where no call gives them: texts, dicts, example arguments, annotations."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import gast
import numpy as np

from s2sad.api.declared import declared_spec
from s2sad.backends import kernel_for
from s2sad.build.base import UNREAD, base_of
from s2sad.build.kernel import Kernel, Program, Specialise
from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.frontend.meanings import Class, Function
from s2sad.frontend.signature import Fixed, Group, Spec, parse_types, spec_of, type_from, with_value
from s2sad.frontend.static_classes import object_spec
from s2sad.frontend.static_names import StaticResolver
from s2sad.frontend.structures import part_at
from s2sad.trace.types import BOOL, INT, UNKNOWN, Type, is_differentiable

T = TypeVar("T")
_EMPTY = inspect.Parameter.empty


def specs_for(base: Any, types: Any) -> tuple[dict[str, Spec], dict[str, Any]]:
    """The spec of each parameter, and the values of those that are known.

    Args:
        base: a callable, or a function known by its text.
        types: a text, a dict, a sequence of types and example arguments, or None.

    Raises:
        ArgumentError: (a TypeError) for what is no type.
        ValueArgumentError: (a ValueError) for a name that is no parameter, or too many types.
    """
    found = base_of(base)
    arguments = found.function.source().node.args
    written = {p.id: p.annotation for p in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names = list(found.names)
    given = _given(names, types)
    unknown = [n for n in given if n not in names]
    if unknown:
        raise ValueArgumentError(f"types: there is no parameter {unknown[0]!r}; the parameters are {', '.join(names)}")
    specs: dict[str, Spec] = {}
    values: dict[str, Any] = {}
    space = getattr(found.function.fn, "__globals__", {})
    of_class = method_class(found.function)
    for name, p in found.parameters.parameters.items():
        if of_class is not None and not specs:
            own = _spec(given[name], name, space)[0] if name in given else None
            spec, value = object_spec(found.function, of_class, name, own), _EMPTY
        elif name in given:
            spec, value = _spec(given[name], name, space)
        else:
            spec, value = _undeclared(p, written.get(name), space, found.function, isinstance(types, (tuple, list)))
        specs[name] = spec
        if value is not _EMPTY:
            values[name] = value
    return specs, values


def method_class(function: Function) -> Class | None:
    """The class of a method that is known by its text; None for other functions."""
    resolver = function.resolver() if function.fn is None else None
    cls = resolver.class_around() if isinstance(resolver, StaticResolver) else None
    member = None if cls is None else vars(cls.object).get(function.source().name)
    if isinstance(member, classmethod):
        raise ArgumentError(f"{function.qualname} is a class method, and nothing binds it to its class here: write a "
                            "function that calls it")
    return None if isinstance(member, staticmethod) else cls


def _given(names: list[str], types: Any) -> dict[str, Any]:
    if types is None:
        return {}
    if isinstance(types, str):
        return dict(parse_types(types))
    if isinstance(types, Mapping):
        return dict(types)
    if isinstance(types, (tuple, list)):
        if len(types) > len(names):
            raise ValueArgumentError(f"types: there are {len(names)} parameters ({', '.join(names)}) and {len(types)} "
                                     "types")
        return dict(zip(names, types))
    raise ArgumentError(f"types must be a text such as 'x: f8[:], n: int', a dict or a tuple, not {types!r}")


def _spec(given: Any, name: str, space: Mapping[str, Any]) -> tuple[Spec, Any]:
    """The spec that an entry means, and the value if it is an example."""
    if isinstance(given, (Type, Group, Fixed)):
        return given, given.value if isinstance(given, Fixed) else _EMPTY
    found = declared_spec(given, name, space) if isinstance(given, (str, type)) else None
    if found is not None:
        return found, _EMPTY
    return spec_of(given, name), given


def _undeclared(p: inspect.Parameter, annotation: Any, space: Mapping[str, Any], fn: Function,
                as_called: bool) -> tuple[Spec, Any]:
    """The spec of a parameter that nobody has given: its annotation, what the default tells, else scalar or array.

    Left out ``as_called``, with example arguments, it is what the default is.
    """
    default = _EMPTY if p.default is UNREAD else p.default
    found = None if annotation is None else type_from(annotation, p.name)
    if found is None and annotation is not None:
        text = gast.unparse(annotation).strip()
        meaning = fn.resolver().name(text) if fn.fn is None and text.isidentifier() else None
        found = (object_spec(fn, meaning, p.name, None) if isinstance(meaning, Class)
                 else declared_spec(text, p.name, space))
    if found is None or isinstance(found, Fixed):
        if default is None or isinstance(default, str):
            return Fixed(default), default
        if not (default is _EMPTY or isinstance(default, (int, float, complex, np.generic, np.ndarray))):
            # A container, an object, a function: what is passed instead is taken to be of the same structure.
            return spec_of(default, p.name), default
        number = BOOL if isinstance(default, bool) else INT if isinstance(default, int) else UNKNOWN
        found = spec_of(default, p.name) if as_called and default is not _EMPTY else number
    return found, default


def differentiable(specs: Mapping[str, Spec]) -> tuple[int, ...]:
    """The positions of the parameters that can have a derivative."""
    return tuple(k for k, spec in enumerate(specs.values()) if _can_move(spec))


def _can_move(spec: Spec) -> bool:
    if isinstance(spec, Group):
        return any(map(_can_move, spec.items))
    return isinstance(spec, Type) and is_differentiable(spec)


def part(value: Any, path: tuple[int | str, ...]) -> Any:
    """The part of nested containers at a path."""
    for k in path:
        value = part_at(value, k)
    return value


def build_with(program: Program, specs: Mapping[str, Spec], values: Mapping[str, Any], level: str = "source",
               use_cache: bool = True) -> Kernel:
    """The kernel for given specs; values that must be known at compile time come from ``values``.

    Raises:
        Refusal: if the function is not supported, or a value is needed that nobody has given.
    """
    return with_values(specs, values, lambda known: kernel_for(program, known, level, use_cache))


def with_values(specs: Mapping[str, Spec], values: Mapping[str, Any], make: Callable[[dict[str, Spec]], T]) -> T:
    """What ``make`` makes of the specs, once all values it asks for are put in."""
    known = dict(specs)
    done: set[Any] = set()
    while True:
        try:
            return make(known)
        except Specialise as need:
            name, path = need.place
            if name not in values or need.place in done:
                raise need.refusal() from None
            done.add(need.place)
            known[name] = with_value(known[name], path, part(values[name], path))
