"""Classes that are known by their text alone: class objects whose members are `Held` meanings; nothing of theirs runs.

What a class body may hold: methods, properties, class and static methods, constants, fields of a dataclass.  A class
whose body holds anything else is not known.
"""

from __future__ import annotations

import ast
import collections
import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from s2sad.frontend.classes import Held
from s2sad.frontend.meanings import Class, Function, Meaning, Number, Opaque, Static
from s2sad.frontend.modules import Module
from s2sad.frontend.signature import Group, Spec, type_from
from s2sad.frontend.structures import is_named_tuple
from s2sad.trace.types import UNKNOWN

_WRAPPERS: dict[str, Any] = {"property": property, "staticmethod": staticmethod, "classmethod": classmethod,
                             "cached_property": functools.cached_property}
_TRANSPARENT = frozenset(("abstractmethod", "differentiate", "override", "final", "jit", "njit", "lru_cache", "cache"))
# Bases that say what a class is for, and nothing about its objects.
_EMPTY = frozenset(("object", "ABC", "Generic", "Protocol"))
# How deep objects are looked into whose classes are known by their text.
_DEPTH = 8
# The definition of a function with this node, and what an expression means.
Lookup = Callable[[Any], Meaning]


class _UnknownClassError(Exception):
    """The reason why a class is not known by its text."""


def class_meaning(module: Module, node: ast.ClassDef, function: Lookup, value: Callable[[str, Any], Meaning],
                  dotted: Lookup) -> Meaning:
    """What a class of a module means: a `Class`, the same one each time, or `Opaque` with the reason.

    ``function`` tells what a method means, ``value`` what a name is assigned, ``dotted`` what a base class is.
    """
    known = module.classes
    if node not in known:
        try:
            known[node] = _made(node, function, value, dotted)
        except (_UnknownClassError, TypeError, ValueError) as reason:
            known[node] = str(reason)
    found = known[node]
    if isinstance(found, str):
        return Opaque(None, f"a class that is not known without running the module ({found})", node.name)
    return Class(node.name, "", found)


def _made(node: ast.ClassDef, function: Lookup, value: Callable[[str, Any], Meaning], dotted: Lookup) -> type:
    bases: list[Any] = []
    is_tuple = False
    for base in node.bases:
        name = _last(base)
        if name == "NamedTuple":
            is_tuple = True
        elif name not in _EMPTY:
            meaning = dotted(base)
            if not isinstance(meaning, Class):
                raise _UnknownClassError(f"its base {ast.unparse(base)} is not known")
            bases.append(meaning.object)
    if node.keywords and not all(k.arg == "metaclass" and _last(k.value) == "ABCMeta" for k in node.keywords):
        raise _UnknownClassError(f"its metaclass is {ast.unparse(node.keywords[0].value)}")
    members: dict[str, Any] = {"__annotations__": {}, "__module__": "", "__qualname__": node.name}
    # What a field is given by default is so for good.
    is_fixed = is_tuple or any(_last(d) == "dataclass" for d in node.decorator_list)
    for stmt in node.body:
        _take_in(stmt, node.name, members, function, value, is_fixed)
    if is_tuple:
        fields = list(members.pop("__annotations__"))
        defaults = [members.pop(n) for n in fields if n in members]
        bases.append(collections.namedtuple(node.name, fields, defaults=defaults))
    made: type = types.new_class(node.name, tuple(bases), {}, lambda space: space.update(members))
    for decorator in reversed(node.decorator_list):
        made = _decorated(made, decorator)
    return made


def _take_in(stmt: ast.stmt, owner: str, members: dict[str, Any], function: Lookup,
             value: Callable[[str, Any], Meaning], is_fixed: bool) -> None:
    if isinstance(stmt, ast.FunctionDef):
        made: Any = Held(function(stmt))
        for decorator in reversed(stmt.decorator_list):
            name = _last(decorator)
            if isinstance(decorator, ast.Attribute) and name in ("setter", "deleter"):
                made = getattr(members[ast.unparse(decorator.value)], name)(made)
            elif name in _WRAPPERS:
                made = _WRAPPERS[name](made)
            elif name not in _TRANSPARENT:
                raise _UnknownClassError(f"{stmt.name} has the decorator {ast.unparse(decorator)}")
        members[stmt.name] = made
    elif isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
        members["__annotations__"][stmt.target.id] = _annotation(stmt.annotation)
        if stmt.value is not None:
            members[stmt.target.id] = _held(owner, stmt.target.id, stmt.value, value, is_fixed)
    elif isinstance(stmt, ast.Assign) and all(isinstance(t, ast.Name) for t in stmt.targets):
        for t in stmt.targets:
            assert isinstance(t, ast.Name)
            slots = t.id == "__slots__" and isinstance(stmt.value, (ast.Tuple, ast.List))
            members[t.id] = ast.literal_eval(stmt.value) if slots else _held(owner, t.id, stmt.value, value)
    elif not isinstance(stmt, ast.Pass) and not (isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)):
        raise _UnknownClassError(f"line {stmt.lineno} of its body is more than a definition")


def _held(owner: str, name: str, node: ast.expr, value: Callable[[str, Any], Meaning], is_fixed: bool = False) -> Any:
    """What a member that is no function stands for."""
    if isinstance(node, ast.Call) and _last(node.func) == "field":
        options: dict[str, Any] = {}
        for k in node.keywords:
            of_value = k.arg in ("default", "default_factory")
            options[str(k.arg)] = _held(owner, name, k.value, value, True) if of_value else ast.literal_eval(k.value)
        return dataclasses.field(**options)
    meaning = value(f"{owner}.{name}", node)
    if isinstance(meaning, Number) and is_fixed and meaning.value is not None:
        return Held(Static(meaning.value, meaning.name))
    if isinstance(meaning, Number):
        meaning = dataclasses.replace(meaning, place=("text", owner, name))
    return Held(meaning)


def _annotation(node: ast.expr) -> Any:
    """What a dataclass must know of an annotation."""
    text = ast.unparse(node)
    if "ClassVar" in text:
        return typing.ClassVar
    if "KW_ONLY" in text:
        return dataclasses.KW_ONLY
    return dataclasses.InitVar[object] if "InitVar" in text else object


def _decorated(cls: type, node: ast.expr) -> type:
    options = {}
    if isinstance(node, ast.Call):
        options, node = {str(k.arg): ast.literal_eval(k.value) for k in node.keywords}, node.func
    if _last(node) == "dataclass":
        return dataclasses.dataclass(**options)(cls)
    if _last(node) in ("final", "runtime_checkable"):
        return cls
    raise _UnknownClassError(f"it has the decorator {ast.unparse(node)}")


def _last(node: ast.expr) -> str:
    """The last part of a dotted name."""
    while isinstance(node, (ast.Subscript, ast.Call)):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# Objects among the arguments.


def object_spec(method: Function, cls: Class, name: str, given: Spec | None) -> Spec:
    """The spec of an object of a class: its attributes as the text tells, or as given by a dict of types.

    ``method`` is a function of the module, such as one that the object is an argument of.
    """
    if given is not None:
        is_dict = isinstance(given, Group) and given.kind == "dict"
        return Group("object", given.items, given.keys, cls) if is_dict else given  # type: ignore[union-attr]
    found: dict[str, Spec] = {}
    for node in _bodies(method, cls):
        for stmt in node.body:
            if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name) and "ClassVar" not in ast.unparse(
                    stmt.annotation):
                found[stmt.target.id] = _type(stmt.annotation, f"{name}.{stmt.target.id}", method, cls)
            elif isinstance(stmt, ast.FunctionDef) and stmt.name == "__init__":
                found |= {k: v for k, v in _assigned(stmt, name).items() if k not in found}
    kind = "tuple" if is_named_tuple(cls.object) else "object"
    return Group(kind, tuple(found.values()), tuple(found), cls)


def _type(annotation: ast.expr, name: str, method: Function, around: Class) -> Spec:
    """What the annotation of a field says, which may be another class of the module."""
    spec = type_from(annotation, name)
    if spec is None and isinstance(annotation, ast.Name) and annotation.id != around.name and name.count(".") < _DEPTH:
        meaning = method.resolver().name(annotation.id)
        spec = object_spec(method, meaning, name, None) if isinstance(meaning, Class) else None
    return UNKNOWN if spec is None else spec


def _bodies(method: Function, cls: Class) -> list[ast.ClassDef]:
    """The definitions of a class and its bases, the last base first."""
    module = method.source().module
    nodes = {made: node for node, made in module.classes.items() if isinstance(made, type)}
    return [nodes[one] for one in reversed(cls.object.__mro__) if one in nodes]


def _assigned(init: ast.FunctionDef, name: str) -> dict[str, Spec]:
    """The attributes that ``__init__`` assigns to its object, with what annotations say of them."""
    parameters = {p.arg: p.annotation for p in (*init.args.posonlyargs, *init.args.args, *init.args.kwonlyargs)}
    own = next(iter(parameters), "")
    found: dict[str, Spec] = {}
    for stmt in ast.walk(init):
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target] if isinstance(
            stmt, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == own:
                value = getattr(stmt, "value", None)
                note = getattr(stmt, "annotation", None) or (
                    parameters.get(value.id) if isinstance(value, ast.Name) else None)
                spec = None if note is None else type_from(note, f"{name}.{target.attr}")
                found[target.attr] = UNKNOWN if spec is None else spec
    return found
