"""Abstract values: what a name stands for while a function is lowered.

Numbers and arrays are operands of the trace (`Var`, `Lit`); Python structure is evaluated away: tuples and lists of
known length, dicts of known keys, None, strings, functions, modules, iterators.  Here are those values, and how the
values of two paths meet.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad.frontend.abstract import Abstract as Abstract
from s2sad.frontend.iterables import ChainOf as ChainOf
from s2sad.frontend.iterables import Endless as Endless
from s2sad.frontend.iterables import EnumerateOf as EnumerateOf
from s2sad.frontend.iterables import GeneratorOf as GeneratorOf
from s2sad.frontend.iterables import RangeOf as RangeOf
from s2sad.frontend.iterables import ReversedOf as ReversedOf
from s2sad.frontend.iterables import SliceOf as SliceOf
from s2sad.frontend.iterables import ViewOf as ViewOf
from s2sad.frontend.iterables import YieldOf as YieldOf
from s2sad.frontend.iterables import ZipOf as ZipOf
from s2sad.rules.builder import type_of
from s2sad.trace.ir import UNDEF, Arg, Class, Lit, Undef, Var
from s2sad.trace.types import TEXT, Nothing, Opaque

# The key of a dict: any object that can be hashed, known when lowering, and compared as Python does.
Key = Any

_cells = itertools.count(1)


def new_cell() -> int:
    """What tells a new list from all that were there before, whose cells are smaller numbers."""
    return next(_cells)


@dataclass(frozen=True, eq=False)
class Seq(Abstract):
    """A container whose length is known.

    ``kind`` is ``tuple``, ``list``, ``dict`` or ``object``; the items of a dict are its values, those of an object the
    values of its attributes, in the order of ``keys``.  An ``iterator`` holds what it runs over, and how many items of
    that are used up.  ``cls`` is the class of an object; a tuple with a class is a named tuple, whose keys are its
    fields.  ``cell`` tells one list, dict or object from another: what has the same cell is the same object.
    """

    items: tuple[Value, ...]
    kind: str = "tuple"
    keys: tuple[Key, ...] = ()
    cell: int = field(default_factory=new_cell)
    cls: Class | None = None

    @property
    def what(self) -> str:  # type: ignore[override]
        return self.kind if self.cls is None else self.cls.name

    @property
    def is_list(self) -> bool:
        return self.kind == "list"

    @property
    def is_dict(self) -> bool:
        return self.kind == "dict"

    @property
    def is_object(self) -> bool:
        return self.kind == "object"

    @property
    def is_iterator(self) -> bool:
        return self.kind == "iterator"

    @property
    def is_mutable(self) -> bool:
        return self.kind != "tuple"

    def item(self, key: Key) -> Value | None:
        """The value of a key, or of an attribute or field; None if there is none."""
        return self.items[self.keys.index(key)] if key in self.keys else None

    def with_item(self, key: Key, value: Value) -> Seq:
        """The same dict or object with another value for a key, or for an attribute, which may be new."""
        made = {**dict(zip(self.keys, self.items)), key: value}
        return replace(self, items=tuple(made.values()), keys=tuple(made))

    def ordered_as(self, keys: tuple[Key, ...]) -> Seq:
        """An object with its attributes in a certain order, others behind them; those that it has not are `Undef`."""
        if not self.is_object or self.keys == keys:
            return self
        keys = tuple(dict.fromkeys((*keys, *self.keys)))
        items = (v if (v := self.item(key)) is not None else UNDEF for key in keys)
        return replace(self, items=tuple(items), keys=keys)

    def with_items(self, items: Iterable[Value]) -> Seq:
        """The same object with other items."""
        return replace(self, items=tuple(items))

    def holding(self, items: Iterable[Value]) -> Seq:
        """Another object of the same kind, with these items."""
        return Seq(tuple(items), self.kind, self.keys, cls=self.cls)

    def is_like(self, other: Seq) -> bool:
        """Whether another container has this one's kind, class, length and keys."""
        return (self.kind == other.kind and self.cls == other.cls and self.keys == other.keys
                and len(self.items) == len(other.items))


@dataclass(frozen=True, eq=False)
class ListOf(Abstract):
    """A list whose length is known at run time only: ``items`` is the variable that holds it, ``cell`` as of `Seq`."""

    items: Var
    cell: int = field(default_factory=new_cell)
    what = "list whose length is known at run time only"


@dataclass(frozen=True, eq=False)
class Static(Abstract):
    """An object that is known at compile time and is no number: a dtype, a class, a module-level object.

    ``meaning`` and ``scope`` are the resolver's answer and the resolver, which know its attributes.
    """

    value: Any
    meaning: Any = None
    scope: Any = None

    @property
    def what(self) -> str:  # type: ignore[override]
        return type(self.value).__name__


@dataclass(frozen=True)
class Library(Abstract):
    """A function or object of NumPy, the standard library, or one with a rule, by its canonical name."""

    name: str
    object: Any = field(default=None, compare=False, repr=False)
    what = "function"


@dataclass(frozen=True, eq=False)
class Python(Abstract):
    """A Python function with source; ``meaning`` is the resolver's."""

    meaning: Any
    what = "function"


@dataclass(frozen=True, eq=False)
class Namespace(Abstract):
    """A module; ``meaning`` is the resolver's."""

    meaning: Any
    scope: Any
    what = "module"


@dataclass(frozen=True, eq=False)
class Unusable(Abstract):
    """An object that only its attributes are good for; ``meaning.reason`` tells what it is."""

    meaning: Any
    scope: Any

    @property
    def what(self) -> str:  # type: ignore[override]
        return str(self.meaning.reason).removeprefix("a ").removeprefix("an ")


@dataclass(frozen=True, eq=False)
class Closure(Abstract):
    """A function defined inside the one being lowered; it reads the variables of ``frame`` when it is called."""

    PARTS = ("defaults",)
    node: Any
    frame: Any
    defaults: tuple[tuple[str, Value], ...]
    again: bool = False  # computed again for its adjoint: a checkpoint
    what = "function"


@dataclass(frozen=True, eq=False)
class Method(Abstract):
    """``owner.name``, to be called."""

    PARTS = ("owner",)
    owner: Value
    name: str
    what = "method"


@dataclass(frozen=True, eq=False)
class Bound(Abstract):
    """A function, called with ``args`` before the arguments of the call: a method of an object or class."""

    fn: Value
    args: tuple[Value, ...]
    what = "method"
    PARTS = ("fn", "args")


@dataclass(frozen=True, eq=False)
class OwnMethod(Abstract):
    """An attribute of an object that is a method of this very object: ``self.act = self.relu``."""

    fn: Value
    what = "method"
    PARTS = ("fn",)


@dataclass(frozen=True, eq=False)
class Super(Abstract):
    """``super()``: the object or class ``owner`` as the classes behind ``start`` see it."""

    start: type
    owner: Value
    what = "super object"
    PARTS = ("owner",)


@dataclass(frozen=True, eq=False)
class ShapeOf(Abstract):
    """The shape of an array, read only where it is used."""

    PARTS = ("array",)
    array: Arg
    what = "tuple"


@dataclass(frozen=True)
class Fixed(Abstract):
    """A number handed to a function that needs its value at compile time."""

    value: Lit
    what = "number"


@dataclass(frozen=True)
class Poison(Abstract):
    """What a name stands for after paths whose values do not go together; refused where it is read."""

    reason: str
    hint: str = ""
    cond: Arg | None = None
    # Whether it may be decided where more is known: in a loop that is written out.
    is_open: bool = False
    what = "undecided value"


Value = Var | Lit | Undef | Abstract


def is_number(value: Value) -> bool:
    """Whether the value is a number or array of the trace."""
    if isinstance(value, Var):
        return not isinstance(value.type, Opaque)
    return isinstance(value, Lit) and isinstance(value.value, (bool, int, float, complex))


def is_opaque(value: object) -> bool:
    """Whether the value is a variable of the trace that is no number."""
    return isinstance(value, Var) and isinstance(value.type, Opaque)


def is_text(value: object) -> bool:
    """Whether the value is a text, known when lowering or not."""
    return isinstance(value, Var) and value.type == TEXT or isinstance(value, Lit) and isinstance(value.value, str)


def is_bottom(value: object) -> bool:
    """Whether nothing is known of the value yet: the first round of a fixpoint."""
    return isinstance(value, Var) and isinstance(value.type, Nothing)


def describe_value(value: Value) -> str:
    """What a value is, for a message."""
    if is_text(value) and isinstance(value, Var):
        return "a text made at run time"
    if isinstance(value, Var):
        return "a number" if value.type == type_of(Lit(1.0)) else f"a value of type {value.type}"
    if isinstance(value, Lit):
        return "None" if value.value is None else f"the {type(value.value).__name__} {value.value!r}"
    if isinstance(value, Undef):
        return "no value"
    if isinstance(value, Library):
        return value.name
    what = ("an " if value.what[:1] in "aeiouAEIO" else "a ") + value.what
    if isinstance(value, Seq):
        if value.is_dict:
            return f"a dict with {listed(value.keys)}"
        if value.is_iterator:
            return what
        return f"{what} with {listed(value.keys, 'attribute')}" if value.is_object else f"{what} of {len(value.items)}"
    return what


def listed(keys: Iterable[Key], what: str = "key") -> str:
    """The keys of a dict, or what else has names, for a message.

    >>> listed(("a", 1)), listed(["b"], "attribute"), listed(())
    ("the keys 'a', 1", "the attribute 'b'", 'no keys')
    """
    texts = list(map(repr, keys))
    return f"the {what}{'s' * (len(texts) > 1)} {', '.join(texts)}" if texts else f"no {what}s"


def leaves(value: Value) -> Iterator[Arg]:
    """The operands inside a value, in order."""
    if isinstance(value, Seq):
        for item in value.items:
            yield from leaves(item)
    elif isinstance(value, ListOf):
        yield value.items
    elif isinstance(value, (Var, Lit, Undef)):
        yield value
    elif isinstance(value, Abstract):
        for part in value.parts():
            yield from leaves(part)


def operands_within(value: Value) -> Iterator[Arg]:
    """Every operand that a value keeps alive, also inside iterators and shapes."""
    if isinstance(value, (Var, Lit)):
        yield value
    elif isinstance(value, ListOf):
        yield value.items
    elif isinstance(value, Abstract):
        for part in value.items if isinstance(value, Seq) else value.parts():
            yield from operands_within(part)


def same_static(a: Value, b: Value) -> bool:
    """Whether two values are the same for certain, without a variable that says so."""
    if a is b:
        return True
    if isinstance(a, Lit) and isinstance(b, Lit):
        return a == b
    if isinstance(a, Static) and isinstance(b, Static):
        return a.value is b.value or (type(a.value) is type(b.value) and hashable(a.value) and a.value == b.value)
    if isinstance(a, Seq) and isinstance(b, Seq):
        return a.is_like(b) and (a.cell == b.cell if a.is_object else all(map(same_static, a.items, b.items)))
    if isinstance(a, Bound) and isinstance(b, Bound):
        return same_static(a.fn, b.fn) and len(a.args) == len(b.args) and all(map(same_static, a.args, b.args))
    if isinstance(a, OwnMethod) and isinstance(b, OwnMethod):
        return same_static(a.fn, b.fn)
    if isinstance(a, Unusable) and isinstance(b, Unusable):
        return a.meaning.object is not None and a.meaning.object is b.meaning.object
    if isinstance(a, Python) and isinstance(b, Python):
        return a.meaning is b.meaning or (a.meaning.fn is not None and a.meaning.fn is b.meaning.fn and
                                          a.meaning.bound_args == b.meaning.bound_args == ())
    if isinstance(a, Namespace) and isinstance(b, Namespace):
        return bool(a.meaning.dotted == b.meaning.dotted)
    if isinstance(a, Abstract) and a.PARTS and type(a) is type(b):
        return a.form() == b.form() and all(map(same_static, a.parts(), b.parts()))
    return isinstance(a, Library) and a == b


def hashable(value: Any) -> bool:
    """Whether a value can be a dictionary key."""
    try:
        hash(value)
    except TypeError:
        return False
    return True
