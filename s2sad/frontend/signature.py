"""Signatures: the types of a function's arguments for which it is lowered.

A *spec* says what is known of one argument: a `Type`, a `Group` of specs for a tuple, list or dict, or a `Fixed` value
that is no number (None, a string, a function).  Specs are hashable; arrays of one dtype and rank share a spec, whatever
their lengths, except that a length of 1 is part of it, and whether an axis is at least 8 long.  An array without axes
is no scalar: it can be written to.

>>> spec_of(np.ones((3, 1)), "A"), spec_of(np.float64(1.0)), spec_of(np.array(1.0))
(f8[A0, 1], f8[], f8[()])
>>> parse_types("x: f8[:], n: int, p: (float, f4[:, 1])")
{'x': f8[x0], 'n': int, 'p': (float, f4[p.1.0, 1])}
>>> parse_types("layer: {'W': f8[:, :], 'b': f8[:]}")
{'layer': {'W': f8[layer.W.0, layer.W.1], 'b': f8[layer.b.0]}}
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.errors import ArgumentError, TypeRefusal
from s2sad.frontend.meanings import class_of
from s2sad.frontend.opaque import named_type, opaque_type
from s2sad.frontend.specialise import Attribute, Length
from s2sad.frontend.structures import has_own_operators, is_key, kind_of, parts_of
from s2sad.trace.ir import Class
from s2sad.trace.types import BOOL, COMPLEX, FLOAT, INT, LONG, ONE, UNKNOWN, Array, Dim, Type, short_dtype

_KINDS = "biufc"


@dataclass(frozen=True, repr=False)
class Group:
    """A tuple, list, dict or object of specs.

    The items of a dict are those of its values, the items of an object those of its attributes, in the order of
    ``keys``.  ``cls`` is the class of an object, or of a named tuple, whose ``keys`` are its fields.
    """

    kind: str
    items: tuple[Spec, ...]
    keys: tuple[str | int, ...] = ()
    cls: Class | None = None

    @property
    def steps(self) -> tuple[str | int, ...]:
        """What stands between the brackets, or behind the dot, to reach each item."""
        if self.cls is not None:
            return tuple(Attribute(k) for k in self.keys)
        named = self.kind in ("dict", "cell") or self.kind == "tuple" and self.keys
        return self.keys if named else tuple(range(len(self.items)))

    def __repr__(self) -> str:
        if self.cls is not None:
            return f"{self.cls.name}({', '.join(f'{k}={v!r}' for k, v in zip(self.keys, self.items))})"
        if self.kind == "dict":
            return "{" + ", ".join(f"{k!r}: {v!r}" for k, v in zip(self.keys, self.items)) + "}"
        inner = ", ".join(map(repr, self.items))
        if self.kind == "list":
            return f"[{inner}]"
        return f"({inner},)" if len(self.items) == 1 else f"({inner})"


@dataclass(frozen=True, eq=False)
class Fixed:
    """A value that is known at compile time; equal by value if it can be hashed, else the same object."""

    value: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fixed):
            return NotImplemented
        return self.value is other.value or self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        if isinstance(self.value, (float, complex)):
            return type(self.value), repr(self.value)
        try:
            hash(self.value)
        except TypeError:
            return type(self.value), id(self.value)
        return type(self.value), self.value


Spec = Type | Group | Fixed


@dataclass(frozen=True)
class Star:
    """What a call hands to ``*name`` or, with ``keys``, to ``**name``: ``inputs`` are parameters of their own."""

    name: str
    inputs: tuple[str, ...]
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Signature:
    """One spec per parameter, by name and in order; what ``*args`` and ``**kwargs`` take counts as parameters."""

    specs: tuple[tuple[str, Spec], ...]
    stars: tuple[Star, ...] = ()

    @staticmethod
    def of(names: Iterable[str], values: Iterable[Any]) -> Signature:
        """The signature of a call.

        >>> Signature.of(("x", "n"), (2.0, 3))
        Signature(specs=(('x', float), ('n', int)), stars=())
        """
        return Signature(tuple([(n, _PLAIN.get(type(v)) or spec_of(v, n)) for n, v in zip(names, values)]))

    def spec(self, name: str) -> Spec | None:
        for n, s in self.specs:
            if n == name:
                return s
        return None


_PLAIN: dict[type, Type] = {float: FLOAT, int: INT, bool: BOOL, complex: COMPLEX}


def spec_of(value: Any, name: str = "x") -> Spec:
    """The spec of a live value; ``name`` names the axes of arrays."""
    plain = _PLAIN.get(type(value))
    if plain is not None:
        return plain
    if isinstance(value, (np.ndarray, np.generic)):
        return _array_spec(value, name)
    container = kind_of(value)
    if container:
        keys, parts = parts_of(value, container)
        items = tuple(spec_of(v, f"{name}.{k}") for k, v in zip(keys or range(len(parts)), parts))
        return Group(container, items, keys, None if type(value) in (tuple, list, dict) else class_of(type(value)))
    opaque = opaque_type(value)
    if opaque is not None:
        return opaque
    if type(value) is dict:
        other = next(k for k in value if not is_key(k))
        raise TypeRefusal(f"argument '{name}' is a dict with the key {other!r}, which is not supported", None,
                          "let its keys be texts, whole numbers, or tuples of these")
    if isinstance(value, enum.Enum):
        return Fixed(value)
    for kind, t in ((bool, BOOL), (int, INT), (float, FLOAT), (complex, COMPLEX)):
        if isinstance(value, kind):
            if has_own_operators(value):
                raise TypeRefusal(f"argument '{name}' is a {type(value).__name__}, a {kind.__name__} with operators of "
                                  "its own", None, f"pass a plain number: {kind.__name__}({name})")
            return t
    return Fixed(value)


def _array_spec(value: Any, name: str) -> Type:
    if type(value) is not np.ndarray and not isinstance(value, np.generic):
        if isinstance(value, (np.matrix, np.ma.MaskedArray)) or type(value).__module__.partition(".")[0] != "numpy":
            raise TypeRefusal(f"argument '{name}' is a {type(value).__name__}, which is not supported", None,
                              "convert it with np.array(...)")
    dtype = value.dtype
    if dtype.kind not in _KINDS:
        raise TypeRefusal(f"argument '{name}' is an array of dtype {dtype}, which is not supported", None,
                          "pass arrays of numbers")
    if not value.shape and isinstance(value, np.ndarray):
        return Array(short_dtype(dtype), (), box=True)
    return _array_type(dtype, name, marks(value.shape))


@lru_cache(maxsize=4096)
def marks(shape: tuple[int, ...]) -> tuple[int, ...]:
    """What a spec says of the length of each axis: that it is 1, that it is long, or nothing.

    >>> marks((1, 3, 100))
    (1, 0, 8)
    """
    return tuple([1 if n == 1 else LONG if n >= LONG else 0 for n in shape])


@lru_cache(maxsize=4096)
def _array_type(dtype: Any, name: str, marks: tuple[int, ...]) -> Array:
    dims = tuple(ONE if mark == 1 else Dim.symbol(axis_name(name, k) + ("+" if mark else ""))
                 for k, mark in enumerate(marks))
    return Array(short_dtype(dtype), dims)


def axis_name(name: str, axis: int) -> str:
    """The symbol for the length of an argument's axis."""
    return f"{name}{axis}" if "." not in name and axis < 10 else f"{name}.{axis}"


# Types as text.

_NAMES: dict[str, Type] = {"float": FLOAT, "int": INT, "bool": BOOL, "complex": COMPLEX, "unknown": UNKNOWN}


def parse_types(text: str) -> dict[str, Spec]:
    """The specs in ``name: type, …``, as for the command line."""
    try:
        tree = ast.parse(f"def f({text}): pass").body[0]
    except SyntaxError as error:
        raise ArgumentError(f"types are written as 'x: f8[:], n: int', not {text!r}") from error
    assert isinstance(tree, ast.FunctionDef)
    a = tree.args
    found: dict[str, Spec] = {}
    for parameter in (*a.posonlyargs, *a.args, *a.kwonlyargs):
        if parameter.annotation is None:
            raise ArgumentError(f"'{parameter.arg}' has no type in {text!r}")
        spec = type_from(parameter.annotation, parameter.arg)
        if spec is None:
            raise ArgumentError(f"'{ast.unparse(parameter.annotation)}' is no type: write float, int, f8[:], "
                                "f4[:, :], or a tuple or dict of types")
        found[parameter.arg] = spec
    return found


def type_from(node: Any, name: str) -> Spec | None:
    """The spec that an annotation (of `ast` or `gast`) means; None if it means none."""
    kind = type(node).__name__
    if kind == "Constant":
        if isinstance(node.value, str):
            try:
                inner = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return Fixed(node.value)
            return type_from(inner, name) or Fixed(node.value)
        return Fixed(node.value)
    if kind == "Name":
        return _NAMES.get(node.id) or named_type(node.id) or _named_array(node.id, (), name)
    if kind in ("Tuple", "List"):
        items = [type_from(e, f"{name}.{k}") for k, e in enumerate(node.elts)]
        return None if None in items else Group(kind.lower(), tuple(items))  # type: ignore[arg-type]
    if kind == "Dict":
        keys = tuple(getattr(k, "value", None) for k in node.keys)
        if not all(map(is_key, keys)) or len(set(keys)) < len(keys):
            return None
        found = [type_from(e, f"{name}.{k}") for k, e in zip(keys, node.values)]
        return None if None in found else Group("dict", tuple(found), keys)  # type: ignore[arg-type]
    if kind == "Subscript" and type(node.value).__name__ == "Name":
        index = node.slice
        axes = list(index.elts) if type(index).__name__ == "Tuple" else [index]
        array = _named_array(node.value.id, tuple(axes), name)
        return array if axes or array is None else replace(array, box=True)
    if kind == "Attribute" and type(node.value).__name__ == "Name" and node.value.id in ("np", "numpy"):
        return _named_array(node.attr, (), name)
    return named_type(f"{node.value.attr}.{node.attr}") if kind == "Attribute" and hasattr(node.value, "attr") else None


def _named_array(text: str, axes: tuple[Any, ...], name: str) -> Array | None:
    try:
        dtype = np.dtype(text)
    except TypeError:
        return None
    if dtype.kind not in _KINDS:
        return None
    dims = []
    for k, axis in enumerate(axes):
        kind = type(axis).__name__
        if kind == "Slice":
            dims.append(Dim.symbol(axis_name(name, k)))
        elif kind == "Constant" and isinstance(axis.value, int):
            dims.append(Dim.constant(axis.value))
        elif kind == "Name":
            dims.append(Dim.symbol(axis.id))
        else:
            return None
    return Array(short_dtype(dtype), tuple(dims))


def declared(node: Any, given: Mapping[str, Spec] | None = None) -> Signature:
    """The signature of a function's text: the given specs, else the annotations, else "scalar or array".

    ``node`` is the definition as `gast` has it.
    """
    given = given or {}
    a = node.args
    specs: list[tuple[str, Spec]] = []
    for p in (*a.posonlyargs, *a.args, *a.kwonlyargs):
        spec = given.get(p.id)
        if spec is None and getattr(p, "annotation", None) is not None:
            spec = type_from(p.annotation, p.id)
            spec = None if isinstance(spec, Fixed) else spec
        specs.append((p.id, UNKNOWN if spec is None else spec))
    unknown = [n for n in given if n not in dict(specs)]
    if unknown:
        raise ArgumentError(f"{node.name} has no parameter '{unknown[0]}'")
    return Signature(tuple(specs))


def with_value(spec: Spec, path: tuple[int | str, ...], value: Any) -> Spec:
    """A spec in which the part at a path is a known value.

    >>> with_value(Group("tuple", (INT, INT)), (1,), 3).items[0]
    int
    """
    if not path:
        return Fixed(value)
    if isinstance(path[0], Length):
        assert isinstance(spec, Array)
        return replace(spec, dims=tuple(Dim.constant(value) if k == path[0] else d for k, d in enumerate(spec.dims)))
    assert isinstance(spec, Group)
    items = (with_value(s, path[1:], value) if k == path[0] else s for k, s in zip(spec.steps, spec.items))
    return replace(spec, items=tuple(items))
