"""What a free name can mean, and the guards that tell whether it still does."""

from __future__ import annotations

import inspect
import operator
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from s2sad.frontend.source import FunctionSource
from s2sad.rules import declare
from s2sad.trace.ir import Class as Class

# The attribute of a function object that holds what its author says of its derivative.
GIVEN = "__s2sad_given__"
RULES = ("jvp", "vjp", "fwd", "bwd")


@dataclass(frozen=True, eq=False)
class Known:
    """An object of NumPy, the standard library, or one with a rule, by its canonical name: ``np.sin``, ``len``."""

    dotted: str
    object: Any = None


@dataclass(frozen=True, eq=False)
class ModuleRef:
    """A module: ``np`` for NumPy, else its own name.  ``object`` is None if the module has not been imported."""

    dotted: str
    object: Any = None


@dataclass(frozen=True, eq=False)
class Function:
    """A function written in Python.

    ``fn`` is the function object, None where nothing has run (command line).  ``defaults`` and ``kwdefaults`` are then
    None too, and stand in the source.  ``bound_args`` and ``bound_kwargs`` come first, as in `functools.partial`.
    ``carrier`` is the object that carries the function's derivatives, if it is one (`s2sad.differentiate`).
    ``custom`` is what its author says of its derivative.
    """

    name: str
    qualname: str
    get_source: Callable[[], FunctionSource] = field(repr=False)
    get_resolver: Callable[[], Resolver] = field(repr=False)
    fn: types.FunctionType | None = None
    defaults: tuple[Any, ...] | None = None
    kwdefaults: tuple[tuple[str, Any], ...] | None = None
    bound_args: tuple[Any, ...] = ()
    bound_kwargs: tuple[tuple[str, Any], ...] = ()
    carrier: Any = None
    custom: Custom | None = None

    def source(self) -> FunctionSource:
        return self.get_source()

    def resolver(self) -> Resolver:
        return self.get_resolver()

    def bind(self, args: tuple[Any, ...], kwargs: Iterable[tuple[str, Any]] = ()) -> Function:
        """The function with more arguments bound, behind those that are."""
        bound = {**dict(self.bound_kwargs), **dict(kwargs)}
        return replace(self, bound_args=self.bound_args + args, bound_kwargs=tuple(bound.items()))


@dataclass(frozen=True, eq=False)
class Custom:
    """How a function is differentiated where its author says so.

    ``jvp(primals, tangents) -> (y, y_dot)`` is for forward mode; ``vjp(primals, y, y_bar) -> bars`` for reverse mode,
    or ``fwd(*primals) -> (y, kept)`` with ``bwd(kept, y_bar) -> bars``.  With ``again`` reverse mode computes the
    function again instead of keeping what it needs of it.
    """

    jvp: Function | None = None
    vjp: Function | None = None
    fwd: Function | None = None
    bwd: Function | None = None
    again: bool = False

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions that it is made of."""
        return tuple(f for f in (self.jvp, self.vjp, self.fwd, self.bwd) if f is not None)


@dataclass(frozen=True, eq=False)
class Number:
    """A number or array of the module or the closure, read anew at every call (`Resolver.read_number`).

    ``value`` is what it is now; None if only the text is known and does not tell.  ``name`` may be dotted.  ``place``
    tells the attributes of objects apart, whatever they are called.
    """

    name: str
    value: Any = None
    place: tuple[Any, ...] | None = None


@dataclass(frozen=True, eq=False)
class Static:
    """A value that cannot change and is no number: None, a string, a type, a dtype, a tuple of such values."""

    value: Any
    name: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """A list, dict or set of the module or the closure: what is in it is known, and guarded.

    ``value`` is the object itself, or one like it where only the text is known.
    """

    value: Any
    name: str = ""

    @property
    def keys(self) -> tuple[Any, ...]:
        """What stands between the brackets to reach each item."""
        return tuple(self.value) if isinstance(self.value, dict) else tuple(range(len(self.value)))


@dataclass(frozen=True, eq=False)
class Opaque:
    """An object that s2sad has no use for, except for its attributes; ``reason`` completes "f.x is …".

    ``kind`` is its class where only the text is known (`s2sad.frontend.opaque`).
    """

    object: Any
    reason: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, eq=False)
class Missing:
    """A name that nothing defines."""

    name: str
    reason: str


def class_of(cls: type) -> Class:
    """A live class.

    >>> class_of(dict)
    Class(name='dict', module='builtins', object=<class 'dict'>)
    """
    return Class(cls.__name__, cls.__module__, cls)


def called_object(meaning: Function) -> Any:
    """The object whose class defines ``__call__``, if that is what calling the function comes to."""
    if meaning.fn is None or not meaning.bound_args:
        return None
    whole = meaning.bound_args[0]
    return whole if inspect.getattr_static(type(whole), "__call__", None) is meaning.fn else None


Meaning = Known | ModuleRef | Function | Number | Static | Class | Table | Opaque | Missing


class Resolver(Protocol):
    """Tells what the free names of one function mean."""

    def name(self, name: str) -> Meaning:
        """What a name means that is no local of the function."""

    def attribute(self, base: Meaning, name: str) -> Meaning:
        """What ``base.name`` means."""

    def class_entry(self, cls: type, name: str, after: type | None = None) -> Any:
        """What a class has for a name, behind a certain class if one is given, as it lies there; or `ABSENT`."""

    def watch(self, name: str) -> Any:
        """What a global is now that the program writes to; `ABSENT` if it is not there yet."""

    def item(self, base: Table, key: Any) -> Meaning:
        """What ``base[key]`` means."""

    def hold(self, base: Table) -> None:
        """Note that what is in a table matters."""

    def constant(self, name: str, found: Any) -> Number:
        """A number or array that has no place of its own."""

    def rely_on(self, fn: Any) -> None:
        """Note that a function matters that is found in an object."""

    def read_number(self, name: str) -> Any:
        """The present value of a `Number`, or the present object, that this resolver has given out."""

    def reader(self, meaning: Opaque | Table) -> str:
        """The name under which `read_number` gives an object."""

    @property
    def custom(self) -> Custom | None:
        """What the author of the function says of its derivative."""

    @property
    def guards(self) -> tuple[Guard, ...]:
        """What all meanings given out so far depend on, other than the values of numbers."""


class Absent:
    """The type of `ABSENT`."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


@dataclass(frozen=True, eq=False)
class Guard:
    """That a place still holds an object.

    ``kind`` says what the place is: an ``item`` of a namespace, an ``entry`` of a class, a ``cell``, an ``attr`` of an
    object, or a ``method``; of the kind ``has`` is whether an object has an attribute of its own, of the kind
    ``result`` what a function gives.

    Of the kind ``contents`` is that a list, dict or set still holds the objects `contents_of` has found in it.
    With ``by_type`` any object of the type ``expected`` will do.

    >>> space = {"f": len}
    >>> guard = Guard("item", space, "f", len)
    >>> guard.holds(), space.update(f=max), guard.holds()
    (True, None, False)
    """

    kind: str
    holder: Any
    key: str
    expected: Any
    by_type: bool = False

    def holds(self) -> bool:
        return guards_hold((self,))


def checker(guards: Iterable[Guard]) -> Callable[[], bool]:
    """What says whether all guards hold, made to be asked at every call.

    >>> space = {"f": len}
    >>> hold = checker([Guard("item", space, "f", len)] * 2)
    >>> hold(), space.update(f=max), hold()
    (True, None, False)
    """
    once = {(g.kind, id(g.holder), g.key, id(g.expected), g.by_type): g for g in guards}.values()
    items = [(g.holder.get, g.key, g.expected) for g in once if g.kind == "item" and not g.by_type]
    attributes = [(g.holder, g.key, g.expected) for g in once if g.kind == "attr" and not g.by_type]
    others = [g for g in once if g.by_type or g.kind not in ("item", "attr")]

    def hold() -> bool:
        for get, key, expected in items:
            if get(key, ABSENT) is not expected:
                return False
        for holder, key, expected in attributes:
            if getattr(holder, key, ABSENT) is not expected:
                return False
        return not others or guards_hold(others)

    return hold


def rules_guard() -> Guard:
    """That the rules are still those there are now."""
    return Guard("attr", declare, "_generation", declare.generation())


def contents_of(table: Any) -> Any:
    """The objects in a list, dict or set, to compare with those that are in it later.

    >>> table = {"a": 1.0}
    >>> before = contents_of(table)
    >>> table["a"] = 2.0
    >>> same_contents(table, before), same_contents({"a": 2.0}, contents_of(table))
    (False, False)
    """
    if isinstance(table, dict):
        return (*table.keys(), *table.values())
    return frozenset(table) if isinstance(table, (set, frozenset)) else tuple(table)


def same_contents(table: Any, before: Any) -> bool:
    """Whether the very same objects are in a table; of a set, whether equal ones are."""
    now = contents_of(table)
    if isinstance(now, frozenset):
        return bool(now == before)
    return len(now) == len(before) and all(map(operator.is_, now, before))


def function_guards(fn: Any) -> tuple[Guard, ...]:
    """That a function has the code, the defaults and, if it is given, the derivative that it has now."""
    parts = ("__code__", "__defaults__", "__kwdefaults__", GIVEN)
    guards = tuple(Guard("attr", fn, part, getattr(fn, part, ABSENT)) for part in parts)
    keywords = fn.__kwdefaults__
    return guards if keywords is None else (*guards, Guard("contents", keywords, "", contents_of(keywords)))


def guards_hold(guards: Iterable[Guard]) -> bool:
    """Whether every place still holds what it held; no code of the user runs, except that of modules' attributes."""
    for guard in guards:
        kind, holder = guard.kind, guard.holder
        found: Any
        if kind == "item":
            found = holder.get(guard.key, ABSENT)
        elif kind == "entry":
            found = holder.__dict__.get(guard.key, ABSENT)
        elif kind == "result":
            if holder() != guard.expected:
                return False
            continue
        elif kind == "has":
            found = guard.key in holder.__dict__
        elif kind == "attr":
            found = getattr(holder, guard.key, ABSENT)
        elif kind == "contents":
            if not same_contents(holder, guard.expected):
                return False
            continue
        elif kind == "cell":
            try:
                found = holder.cell_contents
            except ValueError:
                found = ABSENT
        else:
            found = getattr(getattr(holder, guard.key, ABSENT), "__func__", ABSENT)
        if (type(found) if guard.by_type else found) is not guard.expected:
            return False
    return True
