"""What the free names of a live function mean: closure cells first, then globals, then built-ins.

`LiveResolver` looks into the namespaces of a function object, `StaticResolver` (for the command line) into the text of
its module only.  Both give a `Meaning`.  Each resolver remembers what its answers depended on as `guards`; numbers are
not guarded, they are read anew at every call.
"""

from __future__ import annotations

import builtins
import difflib
import enum
import functools
import inspect
import numbers
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.frontend import jacobians
from s2sad.frontend.classes import lookup, lookup_guards
from s2sad.frontend.library import constant_name, is_library, library_name, module_name
from s2sad.frontend.meanings import (
    ABSENT,
    GIVEN,
    RULES,
    Class,
    Custom,
    Function,
    Guard,
    Known,
    Meaning,
    Missing,
    ModuleRef,
    Number,
    Opaque,
    Resolver,
    Static,
    Table,
    class_of,
    contents_of,
    function_guards,
    guards_hold,
)
from s2sad.frontend.opaque import opaque_type
from s2sad.frontend.source import function_source
from s2sad.frontend.static_names import StaticResolver
from s2sad.frontend.structures import has_own_operators, is_named_tuple
from s2sad.once import once

__all__ = [
    "Class",
    "Function", "Guard", "Known", "LiveResolver", "Meaning", "Missing", "ModuleRef", "Number", "Opaque", "Resolver",
    "Static", "StaticResolver", "Table", "classify", "function_meaning", "guards_hold", "is_number", "is_static",
]  # fmt: skip


_PLAIN = frozenset((bool, int, float, complex, np.ndarray, np.float64))


def is_number(obj: Any) -> bool:
    """Whether this is a number or an array of numbers.

    >>> is_number(True), is_number(np.ones(3)), is_number("1"), is_number(np.array([None]))
    (True, True, False, False)
    """
    if isinstance(obj, (np.ndarray, np.generic)):
        return obj.dtype.kind in "biufc"
    return isinstance(obj, (bool, int, float, complex))


def is_static(obj: Any) -> bool:
    """Whether the value is known for good: an immutable that is no number; in a tuple, numbers are allowed.

    >>> is_static((2, "ij")), is_static(2), is_static([]), is_static(np.dtype("f4"))
    (True, False, False, True)
    """
    if isinstance(obj, tuple):
        return all(is_static(item) or isinstance(item, numbers.Number) for item in obj)
    if isinstance(obj, (slice, range)):
        return True
    if isinstance(obj, frozenset):
        return all(map(is_static, obj)) or all(isinstance(item, numbers.Number) for item in obj)
    immutable = (str, bytes, type, np.dtype, enum.Enum, type(None), type(Ellipsis), type(NotImplemented))
    return isinstance(obj, immutable)


def classify(obj: Any, name: str = "") -> Meaning:
    """What an object means; ``name`` is what the program calls it.

    >>> classify(np.sin), classify(np.linalg).dotted, classify(2.5, "rate")
    (Known(dotted='np.sin', object=<ufunc 'sin'>), 'np.linalg', Number(name='rate', value=2.5, place=None))
    >>> classify(functools.partial(int.__add__, 1)).reason
    'functools.partial of something that has no Python source'
    """
    if isinstance(obj, types.ModuleType):
        return ModuleRef(module_name(obj.__name__), obj)
    dotted = library_name(obj)
    if dotted is not None:
        return Known(dotted, obj)
    constant = constant_name(name, obj)
    if constant is not None:
        return Known(constant, obj)
    # A member of an IntEnum is meant as itself.
    if is_number(obj) and not isinstance(obj, enum.Enum):
        if type(obj) not in _PLAIN and has_own_operators(obj):
            return Opaque(obj, f"a {type(obj).__qualname__}, a number with operators of its own", name)
        return Number(name, obj)
    if isinstance(obj, type):
        return class_of(obj)
    if is_named_tuple(type(obj)):
        return Table(obj, name)
    if is_static(obj):
        return Static(obj, name)
    if type(obj) in (list, dict, set, tuple):
        return Table(obj, name)
    function = function_meaning(obj, name)
    return function if function is not None else Opaque(obj, _opaque_reason(obj), name)


def function_meaning(obj: Any, name: str = "") -> Function | None:
    """The Python function that calling the object comes to, with the arguments that are bound; None if there is none.

    A function made by a decorator is taken as it is: what the decorator adds is part of the program.
    """
    if is_operator(obj):
        return None
    primal = inspect.getattr_static(obj, "__s2sad_primal__", None)
    if primal is not None and not isinstance(obj, type):
        inner = function_meaning(obj.__s2sad_primal__, name)
        again = inspect.getattr_static(obj, "__s2sad_again__", False)
        if inner and again:
            return replace(inner, custom=Custom(again=True)) if inner.custom is None else inner
        return inner and replace(inner, carrier=obj)
    if isinstance(obj, types.FunctionType):
        return Function(
            name or obj.__name__,
            obj.__qualname__,
            functools.partial(function_source, obj),
            functools.partial(LiveResolver, obj),
            obj,
            obj.__defaults__ or (),
            tuple((obj.__kwdefaults__ or {}).items()),
            custom=custom_of(obj),
        )
    if isinstance(obj, types.MethodType):
        inner = function_meaning(obj.__func__, name)
        return inner and inner.bind((obj.__self__,))
    if isinstance(obj, functools.partial):
        inner = function_meaning(obj.func, name)
        return inner and inner.bind(obj.args, obj.keywords.items())
    if isinstance(obj, functools._lru_cache_wrapper):
        return function_meaning(obj.__wrapped__, name)
    if type(obj).__module__.partition(".")[0] == "numba":
        return function_meaning(obj.py_func, name) if hasattr(obj, "py_func") else None
    call = inspect.getattr_static(type(obj), "__call__", None)
    if isinstance(call, types.FunctionType) and not isinstance(obj, type) and not is_library(type(obj).__module__):
        inner = function_meaning(call, name)
        return inner and inner.bind((obj,))
    return None


def custom_of(fn: types.FunctionType) -> Custom | None:
    """What the author of a function says of its derivative: the functions by their kinds."""
    given = getattr(fn, GIVEN, None)
    if given is None:
        return None
    jvp, vjp, fwd, bwd = (function_meaning(given[kind]) if kind in given else None for kind in RULES)
    return Custom(jvp, vjp, fwd, bwd)


def is_operator(obj: Any) -> bool:
    """Whether this is ``grad``, ``jvp`` … or what they return: derivatives are made, not differentiated as text."""
    if isinstance(obj, types.FunctionType):
        # Some texts are lowered with the program; an example in a docstring is no function of this package.
        own = str(obj.__module__).partition(".")[0] == "s2sad" and not obj.__code__.co_filename.startswith("<")
        texts = jacobians.__name__, "s2sad.frontend.equivalents_", "s2sad.frontend.texts_"
        return own and not obj.__module__.startswith(texts)
    marks = ("__s2sad_program__", "__s2sad_columns__")
    return any(inspect.getattr_static(obj, mark, None) is not None for mark in marks)


def _opaque_reason(obj: Any) -> str:
    if is_operator(obj):
        return "an operator of s2sad"
    if isinstance(obj, bytearray):
        return f"a {type(obj).__name__}, which may change between calls; pass it as an argument"
    if isinstance(obj, functools.partial):
        return "functools.partial of something that has no Python source"
    if isinstance(obj, np.ndarray):
        return f"an array of dtype {obj.dtype}"
    if callable(obj):
        return f"a callable of type {type(obj).__qualname__} that has neither a rule nor Python source"
    kind = type(obj).__qualname__
    return f"an object of type {kind}"


class LiveResolver:
    """The names of a function object."""

    def __init__(self, fn: types.FunctionType) -> None:
        self.fn = fn
        self.globals: dict[str, Any] = fn.__globals__
        self.cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or ()))
        self._meanings: dict[str, Meaning] = {}
        self._guards: dict[tuple[str, int, str], Guard] = {}
        self._readers: dict[str, Callable[[], Any]] = {}
        # Where numbers lie.
        self._places: dict[str, tuple[str, Any, Any]] = {}

    @property
    def guards(self) -> tuple[Guard, ...]:
        return tuple(self._guards.values())

    @once
    def custom(self) -> Custom | None:
        """What the author of the function says of its derivative."""
        self._guard("attr", self.fn, GIVEN, getattr(self.fn, GIVEN, ABSENT))
        return custom_of(self.fn)

    def name(self, name: str) -> Meaning:
        if name not in self._meanings:
            self._meanings[name] = self._name(name)
        return self._meanings[name]

    def _name(self, name: str) -> Meaning:
        if name in self.cells:
            cell = self.cells[name]
            try:
                found = cell.cell_contents
            except ValueError:
                return Missing(name, f"{name} of the enclosing function is not assigned yet")
            return self._note(classify(found, name), "cell", cell, name, found, lambda: cell.cell_contents)
        space = self.globals
        if name in space:
            return self._note(classify(space[name], name), "item", space, name, space[name], lambda: space[name])
        library = space.get("__builtins__", builtins)
        library = library if isinstance(library, dict) else vars(library)
        if name in library:
            self._guard("item", space, name, ABSENT)
            return self._note(
                classify(library[name], name), "item", library, name, library[name], lambda: library[name]
            )
        close = difflib.get_close_matches(name, [*self.cells, *space, *library], 1)
        return Missing(name, f"name {name} is not defined" + (f"; did you mean {close[0]}?" if close else ""))

    def attribute(self, base: Meaning, name: str) -> Meaning:
        if isinstance(base, ModuleRef):
            return self._module_attribute(base, name)
        if isinstance(base, Class):
            return self._class_attribute(base, name)
        if isinstance(base, (Static, Opaque)):
            return self._object_attribute(base.value if isinstance(base, Static) else base.object, base.name, name)
        if isinstance(base, Known):
            # A class or function of a library: its attributes are the library's, too.
            if hasattr(base.object, name):
                return Known(f"{base.dotted}.{name}", getattr(base.object, name))
            return Missing(f"{base.dotted}.{name}", f"{base.dotted} has no attribute {name}")
        if isinstance(base, Missing):
            return base
        return Opaque(None, f"the attribute {name} of a {type(base).__name__.lower()}", f"{base.name}.{name}")

    def class_entry(self, cls: type, name: str, after: type | None = None) -> Any:
        """What the first class along the MRO that has the name holds for it, as it stands there; `ABSENT` if none has.

        That the classes before it do not have it is guarded, too.  With ``after`` the search begins behind that class.
        """
        for guard in lookup_guards(cls, name, after):
            self._guards[guard.kind, id(guard.holder), guard.key] = guard
        return lookup(cls, name, after)[1]

    def entry_meaning(self, found: Any, dotted: str, cls: type, name: str, after: type | None = None) -> Meaning:
        """What something that `class_entry` has found means by itself."""
        return self._note(classify(found, dotted), "class", cls, name, found, lambda: lookup(cls, name, after)[1])

    def own_attribute(self, obj: Any, name: str) -> bool:
        """Whether an object itself, not its class, has an attribute."""
        self._guard("attr", obj, "__class__", type(obj))
        space = getattr(obj, "__dict__", None)
        if space is None:
            return hasattr(obj, name)
        self._guards.setdefault(("has", id(obj), name), Guard("has", obj, name, name in space))
        return name in space

    def own_entry(self, base: Opaque, name: str) -> Meaning:
        """What an object itself, not its class, has for a name."""
        space = vars(base.object)
        found = space[name]
        dotted = f"{base.name}.{name}"
        return self._note(classify(found, dotted), "item", space, name, found, lambda: space[name])

    def _class_attribute(self, base: Class, name: str) -> Meaning:
        self.class_entry(base.object, name)  # for its guards
        return self._object_attribute(base.object, base.name, name)

    def _module_attribute(self, base: ModuleRef, name: str) -> Meaning:
        module, dotted = base.object, f"{base.dotted}.{name}"
        try:
            found = getattr(module, name)
        except AttributeError:
            close = difflib.get_close_matches(name, dir(module), 1)
            hint = f"; did you mean {base.dotted}.{close[0]}?" if close else ""
            return Missing(dotted, f"module {base.dotted} has no {name}{hint}")
        meaning = classify(found, dotted)
        if isinstance(meaning, Number) and is_library(module.__name__):
            # A constant such as np.pi.
            meaning = Known(dotted, found)
        return self._note(meaning, "attr", module, name, found, lambda: getattr(module, name))

    def item(self, base: Table, key: Any) -> Meaning:
        name, found = f"{base.name}[{key!r}]", base.value[key]
        meaning = classify(found, name)
        if isinstance(meaning, Number):
            return self._number(meaning, "contents", base.value, key, lambda: found)
        if isinstance(meaning, Function):
            self._guard_function(meaning)
        return meaning

    def constant(self, name: str, found: Any) -> Number:
        """A number or array that has no place of its own, such as a default: this very object is read at every call."""
        name = f"{self.fn.__name__}.{name}"
        while name in self._readers and self._readers[name]() is not found:
            name += "'"
        self._readers[name] = lambda: found
        return Number(name, found, ("item", id(found)))

    def hold(self, base: Table) -> None:
        if not isinstance(base.value, tuple):
            self._guard("contents", base.value, "", contents_of(base.value))

    def _object_attribute(self, owner: Any, path: str, name: str) -> Meaning:
        dotted = f"{path}.{name}" if path else name
        # Not through the instance's own __getattr__ or a property: those are programs.
        found = inspect.getattr_static(owner, name, ABSENT)
        if found is ABSENT:
            return Missing(dotted, f"{path or type(owner).__qualname__} has no attribute {name}")
        plain = isinstance(found, (types.FunctionType, staticmethod, classmethod, types.MemberDescriptorType))
        plain = plain or isinstance(owner, (enum.Enum, enum.EnumMeta))
        if hasattr(type(found), "__get__") and not plain and function_meaning(found) is None:
            return Opaque(found, f"computed by a {type(found).__name__}", dotted)
        found = getattr(owner, name)
        meaning = classify(found, dotted)
        if isinstance(found, types.MethodType):
            return self._note(meaning, "method", owner, name, found.__func__, lambda: found)
        return self._note(meaning, "attr", owner, name, found, lambda: getattr(owner, name))

    def read_number(self, name: str) -> Any:
        """The present value of a `Number`, or the present object, that this resolver has given out."""
        return self._readers[name]()

    def number_guard(self, name: str) -> Guard:
        """That a `Number` that this resolver has given out keeps its present value."""
        kind, holder, key = self._places[name]
        if kind == "contents":
            return Guard(kind, holder, "", contents_of(holder))
        return Guard("attr" if kind == "class" else kind, holder, key, self.read_number(name))

    def watch(self, name: str) -> Any:
        """What a global is now that the program writes to; its type is guarded."""
        found = self.globals.get(name, ABSENT)
        self._guards["item", id(self.globals), name] = Guard("item", self.globals, name, type(found), True)
        return found

    def reader(self, meaning: Opaque | Table) -> str:
        """The name under which `read_number` gives an object."""
        name, found = meaning.name, meaning.value if isinstance(meaning, Table) else meaning.object
        while name in self._readers and self._readers[name]() is not found:
            name += "'"
        self._readers.setdefault(name, lambda: found)
        return name

    def _note(
        self, meaning: Meaning, kind: str, holder: Any, key: str, found: Any, read: Callable[[], Any]
    ) -> Meaning:
        """Guard a meaning; a number gets its reader instead, under a name that is its own."""
        if isinstance(meaning, Number):
            return self._number(meaning, kind, holder, key, read)
        if isinstance(meaning, (Opaque, Table)):
            self._readers[meaning.name] = read
        if isinstance(meaning, Opaque) and opaque_type(found) is not None:
            self._guards[kind, id(holder), key] = Guard(kind, holder, key, type(found), True)
            return meaning
        if kind != "class":
            self._guard(kind, holder, key, found)
        if isinstance(meaning, Function):
            self._guard_function(meaning)
        return meaning

    def _number(self, meaning: Number, kind: str, holder: Any, key: Any, read: Callable[[], Any]) -> Number:
        """A number with its reader, under a name that is its own."""
        name = meaning.name
        while name in self._readers and not self._lies_at(name, kind, holder, key):
            name += "_"
        self._readers[name] = read
        self._places[name] = (kind, holder, key)
        return Number(name, meaning.value, (kind, id(holder), key) if kind in ("attr", "class", "contents") else None)

    def _lies_at(self, name: str, kind: str, holder: Any, key: Any) -> bool:
        known = self._places.get(name)
        return known is not None and known[1] is holder and (known[0], known[2]) == (kind, key)

    def rely_on(self, fn: Any) -> None:
        """Note that a function matters that is found in an object."""
        meaning = function_meaning(fn)
        if meaning is not None:
            self._guard_function(meaning)

    def _guard_function(self, meaning: Function) -> None:
        if meaning.fn is not None:
            for guard in function_guards(meaning.fn):
                self._guards[guard.kind, id(guard.holder), guard.key] = guard
        for rule in meaning.custom.functions if meaning.custom else ():
            self._guard_function(rule)

    def _guard(self, kind: str, holder: Any, key: str, expected: Any) -> None:
        self._guards[kind, id(holder), key] = Guard(kind, holder, key, expected)
