"""Calls of functions that are traces of their own: one trace for each kind of arguments.

An argument's *spec* says what is known of it in the called function: the type of a number or array, in symbols of the
callee's own; a `Group` for a container; `Made` for a value that holds others, such as a function with what is bound to
it; else the value itself.  What the function captures is handed over like arguments (`captures`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from s2sad.frontend.captures import Captures
from s2sad.frontend.function_values import Slot
from s2sad.frontend.functions import Definition
from s2sad.frontend.signature import Fixed as FixedSpec
from s2sad.frontend.signature import Group, axis_name
from s2sad.frontend.specialise import Place
from s2sad.frontend.values import (
    Abstract,
    Closure,
    Fixed,
    Library,
    ListOf,
    Namespace,
    Poison,
    Python,
    Seq,
    Static,
    Unusable,
    Value,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Arg, Lit, Trace, Var
from s2sad.trace.types import UNKNOWN, Array, Dim, List, Type, Unknown, fresh_dim

_OPEN = 30


# Paths in the result of a function, each with the place of the same object among the arguments.
Identities = tuple[tuple[tuple[int | str, ...], Place], ...]


@dataclass(frozen=True, eq=False)
class Made:
    """The spec of a value that holds others: the value itself, the specs of its parts, and what else identifies it.

    ``frame`` is the number of the frame that a function defined inside another one belongs to.
    """

    value: Abstract
    parts: tuple[Any, ...]
    form: tuple[Any, ...]
    frame: int | None = None


@dataclass(frozen=True)
class Same:
    """The spec of an operand inside a function that is handed over already: the number of the parameter."""

    number: int


@dataclass(eq=False)
class Entry:
    """One function for one kind of arguments."""

    name: str
    key: Any
    info: Definition
    template: Value | None = None
    globals: tuple[str, ...] = ()
    trace: Trace | None = None
    open: bool = True
    used: bool = False
    # For each number or array of the result: whether its memory is nobody else's.
    fresh: tuple[bool, ...] = ()
    # For each whether it may be an array without axes; None where that is not known yet.
    boxes: tuple[bool, ...] | None = None
    # The parameters that are written to, among the leaves of all, and where they are.
    mutated: tuple[int, ...] = ()
    places: tuple[Any, ...] = ()
    # What the function captures, and the number of the frame that it was defined in.
    captures: Captures = field(default_factory=Captures)
    lexical: int | None = None
    # The lists, dicts and variables among the parameters that are changed: their contents follow the result.
    changed: tuple[Place, ...] = ()
    # Which lists, dicts and objects in the result are what was handed over, and which may be.
    same: Identities = ()
    perhaps: Identities = ()
    # What functions in the result capture, which follows it, too, and the frames that stand for those of the caller.
    kept: Captures | None = None
    around: tuple[Any, ...] = ()
    # Of a derivative: the functions that were made with it.
    family: tuple[Trace, ...] = ()
    # What it returns, if that is not what its text says, or what is made of what that says; numbers from outside that
    # it takes without reading them.
    apply: Callable[[Any], Value] | None = None
    finish: Callable[[Any, Value], Value] | None = None
    more: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        return isinstance(self.template, Var)


class Instance:
    """One call: the callee's parameters with the symbols of its own, and the way back to the caller's."""

    def __init__(self, program: Any, lowering: Any, info: Definition, values: dict[str, Value], node: Any,
                 captures: Captures, frame: Any = None, shares: bool = True) -> None:
        self.program, self.lowering, self.info, self.node = program, lowering, info, node
        self.inward: dict[str, str] = {}
        self.claims: dict[Dim, Dim] = {}
        self.operands: list[Arg] = []
        # Whether an operand that is there already need not be repeated: to a derivative it is another variable.
        self.shares = shares
        self.values, self.captures, self.lexical = values, captures, captures.index(frame)
        self.specs = tuple((name, self._spec(v, name)) for name, v in values.items())
        self.outward = {b: a for a, b in self.inward.items()}
        self.key = entry_key(info, self.specs, captures, self.lexical)
        # Numbers from outside that the callee must take besides those it reads.
        self.more: tuple[str, ...] = ()

    def _spec(self, value: Value, name: str, inside: bool = False) -> Any:
        """The spec of a value; ``inside`` another one that is no container, what is there already is not repeated."""
        if isinstance(value, Seq):
            steps = value.keys or range(len(value.items))
            parts = (self._spec(v, f"{name}.{k}", inside) for k, v in zip(steps, value.items))
            return Group(value.kind, tuple(parts), value.keys, value.cls)
        if isinstance(value, Var):
            if inside and self.shares and value in self.operands:
                return Same(self.operands.index(value))
            self.operands.append(value)
            t = self._inner(value.type, name)
            return dataclasses.replace(t, box=True) if isinstance(t, Array) and self.lowering.facts.may_be_box(
                value) else t
        if isinstance(value, ListOf):
            self.operands.append(value.items)
            return self._inner(value.items.type, name)
        if isinstance(value, Lit) and isinstance(value.value, (bool, int, float, complex)):
            self.operands.append(value)
            return type_of(value)
        if isinstance(value, Abstract) and (value.PARTS or isinstance(value, Closure)):
            inner = tuple(self._spec(v, f"{name}.{k}", True) for k, v in enumerate(value.parts()))
            if isinstance(value, Closure):
                k = self.captures.index(value.frame)
                return Made(value, inner, (id(value.node), k, tuple(n for n, _ in value.defaults), value.again), k)
            return Made(value, inner, value.form())
        return value

    def _inner(self, t: Type, name: str) -> Type:
        if isinstance(t, List):
            return List(self._inner(t.item, name))
        if isinstance(t, Unknown):
            return UNKNOWN
        if not isinstance(t, Array):
            return t
        dims = []
        for axis, d in enumerate(t.dims):
            if d.claimed:
                # What the bounds of a slice say is nothing that the function could use: to it, this is a length.
                self.claims.setdefault(d, Dim.symbol(("?" if d.may_be_one else "") + f"{axis_name(name, axis)}.{axis}"))
                dims.append(self.claims[d])
                continue
            out = Dim.constant(d.const)
            for symbol, c in d.terms:
                if symbol not in self.inward:
                    new = ("?" if symbol.startswith("?") else "") + axis_name(name, axis)
                    end = symbol[-1] if symbol.endswith(("+", "!")) else ""
                    while new + end in self.inward.values():
                        new += "'"
                    self.inward[symbol] = new + end
                out = out + Dim.symbol(self.inward[symbol]).scaled(c)
            dims.append(out)
        return Array(t.dtype, tuple(dims))

    def outer_type(self, t: Type) -> Type:
        """A type of the callee in the caller's symbols."""
        if isinstance(t, List):
            return List(self.outer_type(t.item))
        if not isinstance(t, Array):
            return t
        dims = []
        for d in t.dims:
            out = Dim((), d.const, d.claimed)
            for symbol, c in d.terms:
                claim = next((outer for outer, inner in self.claims.items() if inner == Dim.symbol(symbol)), None)
                if claim is not None:
                    out = out + claim.scaled(c)
                    continue
                if symbol not in self.outward:
                    fresh = str(fresh_dim())
                    end = symbol[-1] if symbol.endswith(("+", "!")) else ""
                    self.outward[symbol] = (fresh if symbol.startswith("?") else "d" + fresh[1:]) + end
                out = out + Dim.symbol(self.outward[symbol]).scaled(c)
            dims.append(out)
        return Array(t.dtype, tuple(dims))

    def enter(self) -> Entry:
        """The callee, lowered."""
        program = self.program
        entry: Entry | None = program.entries.get(self.key)
        if entry is not None:
            if entry.open:
                entry.used = True
            return entry
        if sum(e.info is self.info for e in program.open) > _OPEN:
            self.lowering.refuse_type(self.node, f"'{self.info.name}' calls itself with ever new kinds of arguments",
                                      "hand over lists of one length, or arrays")
        entry = Entry(program.unique(self.info.name.strip("<>")), self.key, self.info, captures=self.captures,
                      lexical=self.lexical, more=self.more)
        program.settle(entry, self.specs, self._refuse)
        return entry

    def _refuse(self, reason: str) -> None:
        self.lowering.refuse_type(self.node, reason)


def identity(source: Any, scope: Any) -> Any:
    """What tells functions apart: the function object, or the place of its text."""
    fn = getattr(scope, "fn", None)
    return id(fn) if fn is not None else (source.file, source.qualname, source.line, source.node.col_offset)


def entry_key(info: Definition, specs: tuple[tuple[str, Any], ...], captures: Captures, lexical: int | None) -> Any:
    """What tells the functions of a program apart."""
    own = id(info.node) if info.nested else identity(info.source, info.meaning or info.scope)
    again = info.custom is not None and info.custom.again
    return own, tuple((n, spec_key(s)) for n, s in specs), captures.key, lexical, again


def spec_key(spec: Any) -> Any:
    """A spec as a part of a dictionary key."""
    if isinstance(spec, Group):
        return spec.kind, spec.cls, tuple((type(k), k) for k in spec.keys), tuple(map(spec_key, spec.items))
    if isinstance(spec, Fixed):
        return "fixed", spec.value
    if isinstance(spec, Library):
        return "library", spec.name
    if isinstance(spec, Python):
        again = spec.meaning.custom is not None and spec.meaning.custom.again
        return "python", id(spec.meaning.fn or spec.meaning), len(spec.meaning.bound_args), again
    if isinstance(spec, Static):
        return "static", FixedSpec(spec.value)
    if isinstance(spec, Made):
        return type(spec.value), spec.form, tuple(map(spec_key, spec.parts))
    if isinstance(spec, Poison):
        return "poison", spec.reason
    if isinstance(spec, Namespace):
        return "module", spec.meaning.dotted
    if isinstance(spec, Unusable):
        return "object", id(spec.meaning.object)
    if isinstance(spec, Slot):
        return spec
    if isinstance(spec, Abstract):
        return "object", id(spec)
    return spec

