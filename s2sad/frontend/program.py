"""All functions of one lowering: their definitions, their traces by argument types, the globals they read.

Recursion is solved by rounds: a function that is called while it is being lowered is first taken to return nothing
known, then what the last round has found, until nothing changes.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import gast

from s2sad.errors import ArgumentError, UnsupportedError
from s2sad.frontend import meanings
from s2sad.frontend.constructs import construct
from s2sad.frontend.desugar import desugar
from s2sad.frontend.equivalents import is_equivalent
from s2sad.frontend.flow import map_all_ends
from s2sad.frontend.functions import Definition, calls_of, define, definition_of, parameters
from s2sad.frontend.instance import Entry, identity
from s2sad.frontend.lower_core import GLOBAL, Core, Frame
from s2sad.frontend.signature import Spec, Star, spec_of
from s2sad.frontend.source import FunctionSource, location
from s2sad.frontend.steps import Step
from s2sad.frontend.templates import same_but_names
from s2sad.frontend.values import Closure, Value, new_cell
from s2sad.trace.ir import UNDEF, Arg, Block, Const, End, Leaf, Lit, Node, Ref, Return, Trace, Tree, Var
from s2sad.trace.types import UNKNOWN, Array, Type, kind_of, rank

_ROUNDS = 12
# From a function, steps, and the part of the result that is wanted, to its derivative.
Derive = Callable[[Trace, tuple[Step, ...], "int | None"], Trace]
_COPIES = 20_000


@dataclass(eq=False)
class Global:
    """A number read from the module or the closure: how it is called in the root's inputs, and how it is read."""

    name: str
    meaning: meanings.Number
    resolver: Any
    type: Type
    default: Arg


class Program:
    """What the lowering of one function shares with that of the functions it calls.

    ``known`` are the values of parameters of the root (or of globals) that must be known at compile time.
    """

    def __init__(self, make: Callable[[Program, Definition, tuple[tuple[str, Any], ...], Any], Any],
                 known: Mapping[Any, Any]) -> None:
        self.make = make
        self.known = known
        self.entries: dict[Any, Entry] = {}
        self.open: list[Entry] = []
        self.globals: dict[Any, Global] = {}
        self.global_names: dict[str, Global] = {}
        self.names: dict[str, int] = {}
        self.taken: set[str] = set()
        self.resolvers: list[Any] = []
        self._definitions: dict[Any, Definition] = {}
        self._closures: dict[int, Definition] = {}
        # Generator functions that call a function for each item, and loops over generators as such functions.
        self.handing_over: dict[tuple[int, bool], Definition] = {}
        self.loop_bodies: dict[Any, Any] = {}
        # Makes derivatives of traces; functions that only call others, by name and text.
        self.derive: Derive | None = None
        self.wrappers: dict[tuple[str, str], Any] = {}
        self._keep: list[Any] = []
        self._tables: dict[int, int] = {}
        # The tables that are being taken apart.
        self.tables_open: set[int] = set()
        # The classes that are defined inside functions, by the node of a method and the frame around the class.
        self.classes: dict[tuple[int, int], type] = {}
        self.local_classes: set[type] = set()
        # Lists of the module to which the program appends: it may not look into them.
        self.appended: set[int] = set()
        # Globals that the program writes to, and those it has looked up, by the module and the name.
        self.written: dict[tuple[int, str], Any] = {}
        self.looked_up: set[tuple[int, str]] = set()
        self.copies = 0
        self.handed_in: dict[str, Any] = {}
        # The exceptions that are caught around what is being lowered.
        self.catching: list[tuple[type[BaseException], ...]] = []
        # What the root's ``*args`` and ``**kwargs`` stand for.
        self.stars: tuple[Star, ...] = ()

    # Definitions.

    def root_definition(self, source: FunctionSource, resolver: Any) -> Definition:
        info = self._define(source, resolver, None)
        self._definitions[identity(source, resolver)] = info
        return info

    def definition(self, meaning: meanings.Function) -> Definition:
        """The definition of a function that is called."""
        source = meaning.source()
        key = identity(source, meaning)
        info = self._definitions.get(key)
        if info is None:
            info = self._definitions[key] = self._define(source, meaning.resolver(), meaning)
            if info.inlinable and not is_equivalent(source) and self._reaches(info, info, set()):
                info.inlinable, info.recursive = False, True
        elif info.meaning is None:
            info.meaning = meaning
        return info if meaning.custom is None else dataclasses.replace(info, inlinable=False, custom=meaning.custom)

    def _define(self, source: FunctionSource, resolver: Any, meaning: Any) -> Definition:
        if not is_equivalent(source):  # of which the version of s2sad tells everything
            self.resolvers.append(resolver)
        if isinstance(source.node, gast.AsyncFunctionDef):
            name, instead = construct(source.node)
            raise UnsupportedError(f"{name} is not supported here", location(source, source.node), instead)
        info = definition_of(source)
        return dataclasses.replace(info, scope=resolver, meaning=meaning, live=info.live.copy(),
                                   inlinable=info.inlinable or is_equivalent(source))

    def _reaches(self, info: Definition, goal: Definition, seen: set[int]) -> bool:
        """Whether the function calls ``goal``, directly or through others."""
        for name in calls_of(info.body):
            if name in info.locals:
                continue
            meaning = info.scope.name(name)
            if not isinstance(meaning, meanings.Function):
                continue
            try:
                source = meaning.source()
            except OSError:
                continue
            key = identity(source, meaning)
            if key == identity(goal.source, goal.meaning or goal.scope):
                return True
            if hash(key) in seen:
                continue
            seen.add(hash(key))
            if self._reaches(self.definition(meaning), goal, seen):
                return True
        return False

    def closure_definition(self, closure: Closure, frame: Frame) -> Definition:
        """The definition of a function inside another one."""
        node = closure.node
        info = self._closures.get(id(node))
        if info is None:
            if isinstance(node, gast.Lambda):
                body = [gast.copy_location(gast.Return(value=node.body), node.body)]
                info = define(_assigned(frame.source, node), node, body, frame.source, frame.scope, nested=True)
            else:
                info = define(node.name, node, desugar(node).body, frame.source, frame.scope, nested=True)
            self._closures[id(node)] = info
        return info

    def add_closure(self, info: Definition) -> Any:
        """Note the definition of a function whose text has been made up; return its node."""
        self._closures[id(info.node)] = info
        return info.node

    def note_class(self, cls: type, methods: list[Any], frame: Frame) -> None:
        """A class that is defined in a frame, with these methods."""
        self._keep.append(frame)
        self.classes.update({(id(method), id(frame)): cls for method in methods})
        self.local_classes.add(cls)

    def class_around(self, frame: Frame) -> type | None:
        """The class that a method is defined in."""
        found = self.classes.get((id(frame.node), id(frame.lexical)))
        if found is None:
            meaning = frame.scope.name("__class__")
            found = meaning.object if isinstance(meaning, meanings.Class) else None
        return found

    def not_inline(self, info: Definition) -> Definition:
        return dataclasses.replace(info, inlinable=False)

    def is_open(self, info: Definition) -> bool:
        """Whether the function is being lowered right now."""
        return info.recursive or any(e.info.node is info.node for e in self.open)

    def defaults(self, lowering: Any, info: Definition) -> dict[str, Value]:
        """The default values of a function's parameters."""
        positional, keyword_only = parameters(info.node)
        meaning = info.meaning
        if meaning is not None and meaning.defaults is not None:
            n = len(meaning.defaults)
            found = {p.id: v for p, v in zip(positional[len(positional) - n:], meaning.defaults)}
            found.update(dict(meaning.kwdefaults or ()))
            return {k: lowering.from_object(v, k, scope=info.scope) for k, v in found.items()}
        a = info.node.args
        nodes = {p.id: d for p, d in zip(positional[len(positional) - len(a.defaults):], a.defaults)}
        nodes.update({p.id: d for p, d in zip(keyword_only, a.kw_defaults) if d is not None})
        outer = lowering.frame
        lowering.frame = dataclasses.replace(outer, source=info.source, scope=info.scope, locals=frozenset(), env={},
                                             lexical=None)
        try:
            return {name: lowering.expr(d) for name, d in nodes.items()}
        finally:
            lowering.frame = outer

    def count_copy(self, lowering: Core, node: Any) -> None:
        """Refuse loops over tuples that would be written out without end."""
        self.copies += 1
        if self.copies > _COPIES:
            lowering.refuse(node, "this loop over a list or tuple is too long to be written out",
                            "make the list an array with np.array(...) first")

    def hand_in(self, obj: Any, name: str) -> Ref:
        """A reference to an object of the user's that generated code imports or is handed."""
        base, count = name, 1
        while self.handed_in.setdefault(name, obj) is not obj:
            count += 1
            name = f"{base}_{count}"
        return Ref(name, obj)

    # Globals.

    def keep(self, obj: Any) -> None:
        """Keep an object alive that is known by its identity."""
        self._keep.append(obj)

    def table_cell(self, table: Any) -> int:
        """What tells one list or dict of the module from another."""
        self._keep.append(table)
        return self._tables.setdefault(id(table), new_cell())

    def knows_table(self, table: Any) -> bool:
        """Whether the program has looked into a list or dict of the module."""
        return id(table) in self._tables

    def global_number(self, lowering: Core, meaning: meanings.Number, scope: Any) -> Value:
        key = meaning.place or _place(scope, meaning.name)
        found = self.globals.get(key)
        if found is None:
            found = self.globals[key] = self._new_global(meaning, scope)
            self.global_names[found.name] = found
            self._keep.append(scope)
        if (found.name, ()) in self.known:
            return Lit(self.known[found.name, ()])
        return self.global_input(lowering, found.name)

    def global_object(self, lowering: Core, meaning: meanings.Opaque | meanings.Table, scope: Any, t: Type) -> Var:
        """The variable that stands for an object of the module or the closure that is no number."""
        name = scope.reader(meaning)
        key = "object", *_place(scope, name)
        found = self.globals.get(key)
        if found is None:
            found = self.globals[key] = self._new_global(meanings.Number(name), scope)
            found.type = t
            self.global_names[found.name] = found
            self._keep.append(scope)
        return self.global_input(lowering, found.name)

    def _new_global(self, meaning: meanings.Number, scope: Any) -> Global:
        base = re.sub(r"\W", "_", meaning.name.rstrip("'"))
        name, count = base, 1
        while name in self.taken:
            count += 1
            name = f"{base}_{count}"
        self.taken.add(name)
        spec: Spec = UNKNOWN if meaning.value is None else spec_of(meaning.value, name)
        plain = type(meaning.value) in (bool, int, float, complex)
        return Global(name, meaning, scope, spec if isinstance(spec, Type) else UNKNOWN,
                      Lit(meaning.value) if plain else UNDEF)

    def global_input(self, lowering: Core, name: str) -> Var:
        """The variable of a trace that stands for a global."""
        found = lowering.globals.get(name)
        if found is None:
            g = self.global_names[name]
            t = g.type
            if isinstance(t, Array) and t.box:
                t = dataclasses.replace(t, box=False)
            found = lowering.globals[name] = Var(t, name)
            if t != g.type:
                lowering.facts.boxed.add(found)
            if kind_of(g.type) in ("int", "bool") and rank(g.type) == 0:
                lowering.facts.places[found] = frozenset({(GLOBAL + name, ())})
        return found

    # Derivatives.

    def derivative(self, entry: Entry, key: Any, steps: tuple[Step, ...], part: int | None) -> Entry:
        """A derivative of a function, with the functions that are made for it: all have names of their own."""
        assert entry.trace is not None and self.derive is not None
        known = {t.name: t for t in self.traces()}
        taken = tuple(known.get(name) or Trace(name, (), (), Block((), Return(())), Const(None))
                      for name in (*self.names, *(n for n in known if n not in self.names)) if name != entry.name)
        before = set(self.names)
        made = self.derive(replace(_own_result(entry), callees=taken), steps, part)
        known = {t.name: t for t in self.traces()}
        family = tuple(t for t in made.callees if t.name not in known and t.name not in before)
        for t in (made, *family):
            self.names.setdefault(t.name, 1)
        found = self.entries[key] = Entry(made.name, key, entry.info, trace=replace(made, callees=()), open=False,
                                          family=family)
        return found

    def traces(self) -> tuple[Trace, ...]:
        """All functions that there are."""
        return tuple(t for e in self.entries.values() for t in (e.trace, *e.family) if t is not None)

    # Instances.

    def unique(self, name: str) -> str:
        """A name that no other trace has."""
        count = self.names.get(name, 0) + 1
        self.names[name] = count
        return name if count == 1 else self.unique(f"{name}_{count}")

    def settle(self, entry: Entry, specs: tuple[tuple[str, Any], ...], refuse: Callable[[str], Any]) -> None:
        """Lower a function, again and again while what it returns to itself changes."""
        before = set(self.entries)
        self.entries[entry.key] = entry
        self.open.append(entry)
        names = dict(self.names)
        try:
            for _ in range(_ROUNDS):
                entry.used = False
                lowered = self.make(self, entry.info, specs, entry)
                for name in entry.more:
                    self.global_input(lowered, name)
                changed = entry.used and not (
                    entry.template is not None and lowered.template is not None
                    and same_but_names(entry.template, lowered.template) and entry.globals == tuple(lowered.globals)
                    and entry.mutated == lowered.mutated
                    and (entry.same, entry.perhaps) == lowered.same_objects())
                if entry.changed != lowered.handed_back:
                    # What is handed back belongs to the result: nothing is known of it yet.
                    entry.changed, entry.template = lowered.handed_back, None
                    self.drop(before | {entry.key})
                    self.names = dict(names)
                    continue
                if entry.used and lowered.template is None:
                    refuse(f"'{entry.info.name}' calls itself on every path")
                entry.template = Lit(None) if lowered.template is None else lowered.template
                entry.globals, entry.mutated = tuple(lowered.globals), lowered.mutated
                entry.same, entry.perhaps = lowered.same_objects()
                entry.kept, entry.around = lowered.taken_along, tuple(lowered.around)
                entry.places = (*(lowered.param_places[k] for k in lowered.written), *lowered.changed_places())
                if not changed:
                    entry.trace = lowered.trace(entry.name)
                    entry.fresh, entry.boxes = lowered.fresh_results(), lowered.box_results()
                    entry.open = False
                    return
                self.drop(before | {entry.key})
                self.names = dict(names)
            refuse(f"the types of what '{entry.info.name}' returns to itself do not settle")
        except BaseException:
            self.drop(before)
            raise
        finally:
            self.open.remove(entry)

    def drop(self, keep: set[Any]) -> None:
        """Forget all functions but these."""
        for key in [k for k in self.entries if k not in keep]:
            del self.entries[key]


def _assigned(source: FunctionSource, node: Any) -> str:
    """The name that a lambda is assigned to."""
    place = node.lineno, node.col_offset
    found = (d.assigned for d in source.module.definitions if (d.node.lineno, d.node.col_offset) == place)
    return next(found, "") or "lam"


def _own_result(entry: Entry) -> Trace:
    """A function without the contents that it hands back."""
    trace = entry.trace
    assert trace is not None
    result = trace.result
    for more in (entry.mutated, entry.changed or entry.kept):
        if more:
            assert isinstance(result, Node)
            result = result.items[0]
    if result is trace.result:
        return trace
    if isinstance(result, Const):
        raise ArgumentError(f"{entry.info.name} returns nothing: a derivative of what it changes is not supported "
                            "inside a function")
    width = _width(result)

    def change(end: End) -> End:
        return Return(end.values[:width]) if isinstance(end, Return) else end

    return replace(trace, result=result, body=map_all_ends(trace.body, change), left=(), given=None)


def _width(tree: Tree) -> int:
    return 1 if isinstance(tree, Leaf) else sum(map(_width, tree.items)) if isinstance(tree, Node) else 0


def _place(scope: Any, name: str) -> Any:
    """What tells globals apart."""
    head = name.partition(".")[0]
    cells = getattr(scope, "cells", {})
    if head in cells:
        return "cell", id(cells[head]), name
    space = getattr(scope, "globals", None)
    return "global", id(scope if space is None else space), name
