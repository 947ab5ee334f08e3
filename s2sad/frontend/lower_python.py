"""Calls of functions written in Python: put in place where they are small, else a call of a trace of its own.

    def f(x, a):
        def g(y, n):
            for k in range(n):
                if y > a:                                 def g(y, n, a): ...
                    return y               ⇒
                y = y * y                                 def f(x, a):
            return y                                          return g(x, 5, a)
        return g(x, 5)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2sad.errors import Refusal, SourceError, UnknownFunctionError
from s2sad.frontend.captures import captures, rebound, remade
from s2sad.frontend.classes import is_generated
from s2sad.frontend.function_values import Slot
from s2sad.frontend.functions import Definition, bind_arguments
from s2sad.frontend.instance import Entry, Instance
from s2sad.frontend.lower_core import CannotInline, Frame
from s2sad.frontend.lower_ufuncs import Ufuncs
from s2sad.frontend.meanings import Custom, Function
from s2sad.frontend.outputs import mutables
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.templates import held, holes, instantiate
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
    ShapeOf,
    Static,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    is_number,
    is_opaque,
)
from s2sad.trace.ir import Arg, Call, Lit, Undef, Var
from s2sad.trace.types import NOTHING, Array, rank

_DEPTH = 60
# What is handed to another trace as it is.
_KNOWN = (Fixed, Lit, Library, Python, Static, Unusable, Namespace, Poison, Undef, Slot)


class PythonCalls(Ufuncs):
    """`python_call` and `closure_call` are the entries."""

    def run_value(self, stmts: list[Any]) -> Value:
        raise NotImplementedError

    def rule_text(self, name: str) -> str:
        raise NotImplementedError

    def made_by(self, info: Definition, values: dict[str, Value], fn: Closure | None) -> Seq:
        raise NotImplementedError

    def bound(self, meaning: Function, args: list[Value], kwargs: dict[str, Value],
              node: Any) -> tuple[Definition, dict[str, Value]]:
        """The definition of a function with source, and what its parameters stand for."""
        try:
            info = self.program.definition(meaning)
        except SourceError as error:
            raise UnknownFunctionError(
                f"the source of '{meaning.name}' cannot be read: {error}", self.where(getattr(node, "func", node)),
                f"register its derivative: {self.rule_text(meaning.name)}",
            ) from error
        bound = [self.from_object(v, f"argument {k + 1} of {meaning.name}") for k, v in enumerate(meaning.bound_args)]
        named = {k: self.from_object(v, k) for k, v in meaning.bound_kwargs} | kwargs
        return info, bind_arguments(self, info, [*bound, *args], named, node)

    def python_call(self, meaning: Function, args: list[Value], kwargs: dict[str, Value], node: Any,
                    hint: str) -> Value:
        """A call of a function with source: put in place where it is small, else a call in the trace."""
        if is_generated(meaning.fn) and args and self.class_of(args[0]) is not None:
            return self.generated_call(meaning.fn, args, kwargs, node)
        info, values = self.bound(meaning, args, kwargs, node)
        if info.yields:
            return self.made_by(info, values, None)
        if info.inlinable and not self.program.is_open(info):
            self.refuse_recursion(info)
            value = self.in_place(info, values, None, node, hint)
            if value is not None:
                return value
            info = self.program.not_inline(info)
        return self.real_call(info, values, node, hint)

    def closure_call(self, fn: Closure, args: list[Value], kwargs: dict[str, Value], node: Any,
                     hint: str = "") -> Value:
        """A call of a function defined inside another one, which is being lowered or has been put in place."""
        info = self.program.closure_definition(fn, fn.frame)
        if fn.again:
            info = replace(info, inlinable=False, custom=Custom(again=True))
        values = bind_arguments(self, info, args, kwargs, node, dict(fn.defaults))
        if info.yields:
            return self.made_by(info, values, fn)
        if info.inlinable and not self.program.is_open(info):
            self.refuse_recursion(info)
            value = self.in_place(info, values, fn.frame, node, hint)
            if value is not None:
                return value
        return self.real_call(info, values, node, hint, fn)

    def refuse_recursion(self, info: Definition) -> None:
        """Give up putting a function in place that calls itself, as decided when it runs."""
        frame: Frame | None = self.frame
        while frame is not None and not (frame.node is info.node and self.decisions > frame.decisions):
            frame = frame.caller
        if frame is not None:
            info.inlinable = False
            raise CannotInline(f"'{info.name}' calls itself")

    def in_place(self, info: Definition, values: dict[str, Value], lexical: Frame | None, node: Any,
                 hint: str) -> Value | None:
        """The result of a function put in place of its call; None, and everything as before, if it cannot be."""
        flow, memory = self.flow, self.memory.fork()
        back = flow.mark()
        try:
            value = self.inline(info, values, lexical, node, hint)
            if not (self.in_branch and len(flow.tails) > back.tails):
                return value
        except CannotInline:
            pass
        self.flow, self.memory = flow, memory
        flow.rewind(back)
        return None

    def inline(self, info: Definition, values: dict[str, Value], lexical: Frame | None, node: Any,
               hint: str = "") -> Value:
        """Evaluate the body of a function in place."""
        depth, outer = 0, self.frame
        scope: Frame | None = outer
        while scope is not None:
            depth += scope.node is info.node
            scope = scope.caller
        if depth > _DEPTH:
            self.refuse(node, f"'{info.name}' calls itself too deep", "define it at the top level of a module")
        frame = Frame(info.source or outer.source, info.scope or outer.scope, info.node, info.locals, info.live,
                      lexical=lexical, caller=outer, shared=info.shared, inline=True, hint=hint,
                      decisions=self.decisions)
        saved, site, calling = self.node, self.flow.site, outer.calling
        self.frame, outer.calling = frame, node
        try:
            self.begin(values)
            return self.run_value(info.body)
        finally:
            self.frame, self.node, outer.calling = outer, saved, calling
            self.flow.site = site

    def left_behind(self, value: Value) -> Value:
        """What a function put in place returns: a function in it keeps the variables of this path."""
        frame = self.frame
        found = captures([value], None, (), self.fresh_list, lambda v, name: v)
        if self.decisions == frame.decisions or frame not in found.frames:
            return value
        return remade(value, self.fresh_list, lambda v: v, [f for f in self.active_frames() if f is not frame])

    def lasting(self, rounds: Any, value: Value) -> Value:
        """What an iteration hands on: no function that captures what an iteration has computed and nobody carries."""
        found = captures([value], None, (), self.fresh_list, lambda v, name: v, self.active_frames())
        if any(isinstance(v, Var) and v.uid >= rounds.mark for held in found.values.values()
               for v in self.within(held)):
            return Poison("this is a function that captures what an iteration of a loop has computed",
                          "define the function outside the loop, or call it in the iteration that makes it")
        return value

    def opened(self, info: Definition, values: dict[str, Value], node: Any,
               fn: Closure | None = None, shares: bool = True) -> tuple[Instance, Entry]:
        """A call of a trace of its own, and the trace; the function may be one that captures variables."""
        values = {k: self.settled(v, node) for k, v in values.items()}
        taken = captures(values.values(), fn, values, self.fresh_list, self._captured)
        values |= taken.values
        while True:
            instance = Instance(self.program, self, info, values, node, taken, fn and fn.frame, shares)
            try:
                return instance, self.entered(instance)
            except Specialise as need:
                if need.is_global or need.owner.key != instance.key:
                    raise
                values = self._specialised(values, need, node)

    def real_call(self, info: Definition, values: dict[str, Value], node: Any, hint: str,
                  fn: Closure | None = None) -> Value:
        """A call in the trace."""
        if info.library:
            # Flags and axes are known to the text.
            values = {name: Fixed(v) if isinstance(v, Lit) and isinstance(v.value, int) else v
                      for name, v in values.items()}
        instance, entry = self.opened(info, values, node, fn)
        references = instance.operands
        # Of operands that are not known yet the result is not either, unless the function is there for what it changes.
        early = entry.template == Lit(None) and any(map(is_bottom, references)) and not (entry.mutated or entry.changed)
        if entry.template is None or early:
            return Var(NOTHING, hint)
        self._check_apart(entry, references, info, node)
        args = [*(self.now(a) if isinstance(a, Var) else a for a in references),
                *(self.program.global_input(self, g) for g in entry.globals)]
        targets: list[Var] = []
        names, template = hint.split(","), entry.template
        roots = frozenset(r for a in args for r in self.facts.roots_of(a))

        def make(v: Var) -> Arg:
            name = names[len(targets)] if len(names) == len(holes(template)) else ""
            target = Var(instance.outer_type(v.type), name)
            targets.append(target)
            if entry.fresh and entry.fresh[len(targets) - 1]:
                self.facts.fresh.add(target)
            elif rank(target.type) != 0:
                self.facts.roots[target] = roots | {target}
            elif isinstance(target.type, Array) and (entry.boxes is None or entry.boxes[len(targets) - 1]):
                self.facts.merge(target, target, *filter(self.facts.may_be_box, args))
            return target

        value = instantiate(template, make)
        written = [(ref, Var(ref.type, ref.hint)) for ref in (references[k] for k in entry.mutated)
                   if isinstance(ref, Var)]
        self.flow.add(Call((*targets, *(v for _, v in written)), entry.name, tuple(args), self.flow.site,
                           self.flow.sweep))
        for ref, contents in written:
            self.overwrite(ref, contents, node)
        value = self._with_identity(value, entry, instance.values, node)
        if entry.kept is None:
            return value
        assert isinstance(value, Seq)
        held_values = value.items[1 + len(entry.changed):]
        outer = {id(f): own for f, own in zip(entry.around, instance.captures.frames)}
        return rebound(value.items[0], entry.kept, dict(zip(entry.kept.values, held_values)), outer)

    def entered(self, instance: Instance) -> Entry:
        """The callee of a call, lowered."""
        return instance.enter()

    def _with_identity(self, value: Value, entry: Entry, values: dict[str, Value], node: Any) -> Value:
        """The result of a call, in which what was handed over is the same again; note what has changed in that."""
        if not (entry.changed or entry.same or entry.perhaps):
            return value
        given = dict(mutables(values))
        for path, (name, way) in entry.perhaps:
            one, may_be = _at(value, path), given[name, way] if name else _at(value, way)
            assert isinstance(one, Seq) and isinstance(may_be, Seq)
            self.facts.cells[one.cell] = self.facts.cells_of(one.cell) | self.facts.cells_of(may_be.cell)
        for path, (name, way) in entry.same:
            one = given[name, way] if name else _at(value, way)
            value = _put(value, path, one)
        if not entry.changed:
            return value
        assert isinstance(value, Seq)
        for place, contents in zip(entry.changed, value.items[1:]):
            old = given[place]
            for other, one in given.items():
                if other != place and self.facts.may_be_one(one.cell, old.cell):
                    self.refuse_type(node, f"'{entry.info.name}' changes '{place[0]}', and '{other[0]}' may be the "
                                           "same object", "pass a copy of one of them")
            if old.kind == "cell":
                self.hold(old, held(contents, old.cell))
            else:
                self.change(old, held(contents, old.cell), node)
        return value if entry.kept is not None else value.items[0]

    def _check_apart(self, entry: Entry, references: list[Arg], info: Definition, node: Any) -> None:
        """Refuse to hand a function an array that it writes to twice."""
        for k in entry.mutated:
            for j, other in enumerate(references):
                if j != k and self.facts.may_share(references[k], other):
                    name = entry.places[entry.mutated.index(k)][0]
                    self.refuse_type(node, f"'{info.name}' writes to its argument '{name}', and another argument may "
                                           "be the same memory", "pass a copy of one of them")

    def settled(self, value: Value, node: Any) -> Value:
        """A value as it can be handed to another trace."""
        if isinstance(value, ShapeOf):
            return self.shape_items(value, node)
        if isinstance(value, Seq):
            value = self.fresh_list(value)
        if isinstance(value, ListOf):
            return value
        if isinstance(value, Seq):
            if value.cls is not None and value.cls.object in self.program.local_classes:
                self.refuse_type(node, f"an object of '{value.cls.name}', a class that is defined inside the function, "
                                       "cannot be passed to a function that is not put in place",
                                 "define the class at the top level of the module")
            return value.with_items(self.settled(v, node) for v in value.items)
        if is_number(value) or is_opaque(value) or isinstance(value, _KNOWN):
            return value
        if isinstance(value, Abstract) and (value.PARTS or isinstance(value, Closure)):
            return value.with_parts(self.settled(v, node) for v in value.parts())
        self.refuse_type(node, f"{describe_value(value)} cannot be passed to a function that is not put in place",
                         "define the function that is passed at the top level of the module")

    def _captured(self, value: Value, name: str) -> Value:
        """What a name captured by a function stands for; refused where it is read if it cannot be handed over."""
        try:
            return self.settled(value, None)
        except Refusal as refusal:
            return Poison(f"'{name}' of an enclosing function: {refusal.reason}", refusal.hint)

    def _specialised(self, values: dict[str, Value], need: Specialise, node: Any) -> dict[str, Value]:
        name, path = need.place

        def put(value: Value, path: tuple[int | str, ...]) -> Value:
            if not path:
                assert isinstance(value, (Var, Lit))
                return Fixed(Lit(self.demand(value, need.what, node)))
            return _replaced(value, path[0], lambda part: put(part, path[1:]))

        return {**values, name: put(values[name], path)}


def _position(value: Value, step: int | str) -> int:
    """Which part of a value a step leads to."""
    return value.keys.index(step) if isinstance(value, Seq) and value.keys else int(step)


def _replaced(value: Value, step: int | str, change: Callable[[Value], Value]) -> Value:
    """A value with one part changed."""
    assert isinstance(value, Abstract)
    parts = list(value.items if isinstance(value, Seq) else value.parts())
    k = _position(value, step)
    parts[k] = change(parts[k])
    return value.with_items(parts) if isinstance(value, Seq) else value.with_parts(parts)


def _at(value: Value, path: tuple[int | str, ...]) -> Value:
    for step in path:
        assert isinstance(value, Abstract)
        value = (value.items if isinstance(value, Seq) else value.parts())[_position(value, step)]
    return value


def _put(value: Value, path: tuple[int | str, ...], new: Value) -> Value:
    return _replaced(value, path[0], lambda part: _put(part, path[1:], new)) if path else new

