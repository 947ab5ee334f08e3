"""Lowering: a function's text to a trace, by abstract evaluation for the types of one signature.

Python structure is evaluated away (containers, None, strings, functions, loops over tuples, `isinstance`); numbers and
arrays stay.  `lower` is the entry; where it needs a parameter's value at compile time it raises `Specialise`, and the
caller lowers again with that value in ``known``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import gast

from s2sad.errors import ArgumentError, InternalError, TypeRefusal
from s2sad.frontend import outputs as final
from s2sad.frontend.captures import Captures
from s2sad.frontend.flow import LateReturn, map_all_ends
from s2sad.frontend.functions import Definition, all_parameters, parameters
from s2sad.frontend.instance import Entry, entry_key
from s2sad.frontend.lower_core import Frame
from s2sad.frontend.lower_globals import WrittenLater
from s2sad.frontend.lower_parameters import Parameters, constant, has_leaves
from s2sad.frontend.meanings import Guard, rules_guard
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.program import Derive, Global, Program
from s2sad.frontend.signature import Signature, with_value
from s2sad.frontend.source import FunctionSource, location
from s2sad.frontend.specialise import Length, Place, Specialise
from s2sad.frontend.structures import is_key
from s2sad.frontend.templates import fit, holes, meet
from s2sad.frontend.values import (
    Abstract,
    ListOf,
    Poison,
    Seq,
    Static,
    Value,
    describe_value,
    is_bottom,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ends import reached
from s2sad.trace.ir import (
    NONE,
    UNDEF,
    Arg,
    Block,
    Class,
    Const,
    End,
    Input,
    Leaf,
    Lit,
    Node,
    Raise,
    Return,
    Site,
    Trace,
    Tree,
    Var,
)
from s2sad.trace.types import NOTHING, height, is_optional
from s2sad.trace.walk import blocks, classes_in

__all__ = ["Lowered", "Specialise", "lower", "lower_with"]


@dataclass(frozen=True)
class Lowered:
    """A trace and what it depends on.

    ``guards`` tell whether what was resolved still holds; ``globals`` are the numbers to be read at every call, by the
    name of their input; ``known`` are the values that were needed at compile time; ``resolvers`` are those of all
    functions that were read; ``mutated`` are the arrays among the arguments that the function writes to, and the
    lists, dicts and objects that it changes.
    """

    trace: Trace
    guards: tuple[Guard, ...]
    globals: dict[str, Global]
    known: dict[Place, Any]
    resolvers: tuple[Any, ...] = ()
    mutated: tuple[Place, ...] = ()


class FunctionLowering(Parameters):
    """The lowering of one function for one kind of arguments."""

    def __init__(self, program: Program, info: Definition, specs: tuple[tuple[str, Any], ...], entry: Entry) -> None:
        frame = Frame(info.source, info.scope, info.node, info.locals, info.live,  # type: ignore[arg-type]
                      shared=info.shared)
        super().__init__(program, frame)
        self.info, self.entry, self.key = info, entry, entry.key
        self.is_root = len(program.open) == 1
        self.at_definition()
        values = self.bind_parameters(specs)
        if not self.run_body():
            self._settle_memory(values)
            self.template = self._template()

    template: Value | None = None
    # Parameters that are written to, and those that are or may be.
    mutated: tuple[int, ...] = ()
    written: tuple[int, ...] = ()
    # Those whose final contents are the result, and those whose final contents are returned besides it.
    outputs: tuple[str, ...] = ()
    left: tuple[int, ...] = ()

    def _settle_memory(self, values: dict[str, Value]) -> None:
        """Find out which parameters are written to, and return what they hold where that is asked for."""
        assert self.flow.done is not None
        self.mutated = final.mutated(self.flow.done, self.params, self.facts.same)
        unsure = {p for p in self.unsure if height(p.type) >= 0 or self.facts.may_be_box(p)}
        self.written = tuple(k for k, p in enumerate(self.params) if k in self.mutated or p in unsure)
        lists = final.changed_lists(self.flow.done, values)
        if not self.is_root:
            for name in values:
                self._refuse_doubt(name, values[name], [])
            self.handed_back = self.changed_places()
            self.left = self.mutated
            return
        program, name = self.program, self.info.name
        touched = {self.param_places[k][0] for k in self.written} | set(lists)
        self.outputs = final.choose(self.flow.done, values, touched, program.outputs)
        if self.entry.used and (self.outputs or self.mutated):
            raise final.RootIsCalled
        final.check(self.outputs, values, self.unsure, self.flow.done, name)
        if program.leave:
            for n in values:
                final.doubtful(n, values[n], self.unsure, lists, name)
            self.left = self.mutated
        if self.outputs:
            self.flow.done = final.with_outputs(self.flow.done, self.outputs, values)

    def _refuse_doubt(self, name: str, value: Value, lists: list[str]) -> None:
        try:
            final.doubtful(name, value, self.unsure, lists, f"'{self.info.name}'")
        except ArgumentError as error:
            self.refuse_type(self.info.node, str(error))

    def at_definition(self) -> None:
        self.flow.site = Site(self.info.source.file, self.info.source.line, "") if self.info.source else Site()

    def run_body(self) -> bool:
        if self.entry.apply is not None:
            self.flow.close(LateReturn((), self.entry.apply(self), self.info.node, self.memory.fork()))
            return False
        falls = self.run(self.info.body, True)
        if falls or self.flow.done is None:
            raise InternalError(f"{self.info.name} ends without a return")
        return falls

    # Results.

    def _template(self) -> Value | None:
        assert self.flow.done is not None
        found: Value | None = None
        for block in blocks(self.flow.done):
            end = block.end
            if not isinstance(end, LateReturn):
                continue
            value = end.result
            assert value is not None
            if found is None:
                found = _as_template(value)
                continue
            new = meet(found, value, "the result")
            bad = _first_poison(new)
            if bad is not None:
                wrapped = bool(self.entry.changed) or self.taken_along is not None
                one, two = (v.items[0] if wrapped and isinstance(v, Seq) else v for v in (value, found))
                self.refuse_type(end.node, f"this returns {describe_value(one)}, another return {describe_value(two)}",
                                 "return values of one structure everywhere")
            found = _as_template(new)
        return None if found is not None and is_bottom(found) else found

    def fresh_results(self) -> tuple[bool, ...]:
        """For each leaf of the result whether its memory is nobody else's."""
        assert self.flow.done is not None
        template = Lit(None) if self.template is None else self.template
        fresh = [True] * len(holes(template))
        for block in blocks(self.flow.done):
            if not isinstance(block.end, LateReturn) or block.end.result is None:
                continue
            values = fit(block.end.result, template)
            roots = [self.facts.roots_of(v) for v in values]
            for k, v in enumerate(values):
                shared = any(roots[k] & r for j, r in enumerate(roots) if j != k)
                fresh[k] = fresh[k] and self.facts.is_fresh(v) and not shared
        return tuple(fresh)

    def box_results(self) -> tuple[bool, ...]:
        """For each leaf of the result whether it may be an array without axes."""
        assert self.flow.done is not None
        template = Lit(None) if self.template is None else self.template
        found = [False] * len(holes(template))
        for block in blocks(self.flow.done):
            if isinstance(block.end, LateReturn) and block.end.result is not None:
                values = fit(block.end.result, template)
                found = [known or self.facts.may_be_box(v) for known, v in zip(found, values)]
        return tuple(found)

    def trace(self, name: str) -> Trace:
        """The trace, once what the function returns is settled."""
        template = Lit(None) if self.template is None else self.template
        values: Value = template

        def change(end: End) -> End:
            if isinstance(end, LateReturn):
                assert end.result is not None
                kept = (end.memory.now(self.params[k]) for k in self.left)
                given = fit(end.result, values)
                if self.is_root and self._is_none(given, template, end):
                    return Raise("TypeError", (Lit(f"{self.info.name} returns None here, which has no derivative"),))
                return Return((*given, *kept))
            return end

        assert self.flow.done is not None and self.info.source is not None
        body: Block = map_all_ends(self.flow.done, change)
        source = self.info.source
        inputs = [Input(n, tree, self._default(n)) for n, tree in self.trees if self.is_root or has_leaves(tree)]
        taken = {n for n, _ in self.trees}
        params = list(self.params)
        for g, v in self.globals.items():
            own = g
            while own in taken:
                own += "_"
            taken.add(own)
            params.append(v)
            inputs.append(Input(own, Leaf(len(params) - 1), self.program.global_names[g].default, "global"))
        comments = tuple((line, text) for line, text, trailing in source.comments if trailing)
        remarks = tuple((_line_below(source, line), text) for line, text, trailing in source.comments if not trailing)
        count = [0]
        result = self._tree(template, count)
        given = () if self.outputs else tuple(range(count[0])) if self.left else None
        if self.left:
            result = Node("tuple", (result, Node("tuple", tuple(Leaf(count[0] + k) for k in range(len(self.left))))))
        return Trace(name, tuple(inputs), tuple(params), body, result, (), Site(source.file, source.line, ""),
                     comments=comments, remarks=remarks, given=given, outputs=self.outputs,
                     left=self.left if self.is_root else ())

    def _is_none(self, given: list[Arg], template: Value, end: LateReturn) -> bool:
        """Whether this return gives None where others give numbers."""
        for arg, hole in zip(given, holes(template)):
            if is_optional(hole.type) and isinstance(arg, Var) and is_optional(arg.type):
                self.refuse_type(end.node, "what is returned here may be None, which has no derivative",
                                 "return a number in that case, or raise an exception")
            if is_optional(hole.type) and arg == NONE:
                return True
        return False

    def _tree(self, template: Value, count: list[int]) -> Tree:
        if isinstance(template, Abstract) and not isinstance(template, (Seq, ListOf)) and not self.is_root and holes(
                template):
            return Node("tuple", tuple(self._tree(v, count) for v in template.parts()))
        if isinstance(template, Seq) and template.kind == "cell" and not self.is_root:
            return self._tree(template.items[0], count)
        if isinstance(template, Seq):
            kinds = ("tuple", "list", "dict", "object")
            if self.is_root and (template.kind not in kinds or not all(map(is_key, template.keys))):
                self._refuse_result(template)
            if self.is_root and template.cls is not None and self._has_no_name(template.cls):
                self.refuse_type(self.info.node, f"an object of '{template.cls.name}' is returned, a class that the "
                                                 "text of a derivative cannot name", "return its attributes")
            return Node(template.kind, tuple(self._tree(v, count) for v in template.items), template.keys,
                        template.cls)
        if isinstance(template, Var):
            count[0] += 1
            return Leaf(count[0] - 1)
        if isinstance(template, Lit):
            return Const(template.value)
        if id(template) in self.given_objects:
            return Const(self.given_objects[id(template)][1])
        if isinstance(template, Static):
            return Const(template.value)
        if not self.is_root:
            return Const(constant(template))
        self._refuse_result(template)

    def _refuse_result(self, template: Value) -> NoReturn:
        assert self.flow.done is not None
        node = next((b.end.node for b in blocks(self.flow.done) if isinstance(b.end, LateReturn)), None)
        self.refuse_type(node, f"the result is {describe_value(template)}",
                         "return numbers, arrays, or tuples, lists or dicts of them")

    def _has_no_name(self, cls: Class) -> bool:
        """Whether a class is defined inside the function, or known by its text only and of no argument."""
        given = {one for _, tree in self.trees for one in classes_in(tree)}
        return cls.object in self.program.local_classes or not cls.module and cls not in given

    def _default(self, name: str) -> Arg:
        """The default of a parameter, if it is a plain value."""
        return self.program.plain_defaults(self.info).get(name, UNDEF)  # type: ignore[no-any-return]


class _Root(Program):
    def __init__(self, make: Callable[..., Any], known: Mapping[Place, Any], defaults: Mapping[str, Any] | None,
                 outputs: tuple[str, ...] | None, leave: bool) -> None:
        super().__init__(make, known)
        self.root_defaults = defaults
        self.outputs, self.leave = outputs, leave

    def plain_defaults(self, info: Definition) -> dict[str, Arg]:
        """The defaults of a function's last parameters that can be written as literals."""
        positional, keyword_only = parameters(info.node)
        a = info.node.args
        found: dict[str, Any] = {}
        meaning = info.meaning
        if self.root_defaults is not None and self.open and info is self.open[0].info:
            found = dict(self.root_defaults)
        elif meaning is not None and meaning.defaults is not None:
            found = dict(zip([p.id for p in positional[len(positional) - len(meaning.defaults):]], meaning.defaults))
            found.update(dict(meaning.kwdefaults or ()))
        else:
            last = positional[len(positional) - len(a.defaults):]
            nodes = [*zip(last, a.defaults), *zip(keyword_only, a.kw_defaults)]
            found = {p.id: d.value for p, d in nodes if isinstance(d, gast.Constant)}
        plain: dict[str, Arg] = {n: Lit(v) for n, v in found.items()
                                 if v is None or type(v) in (bool, int, float, complex, str)}
        for p in reversed(positional):
            if p.id not in plain:
                # A parameter without default may not follow one with a default.
                for q in positional[:positional.index(p)]:
                    plain.pop(q.id, None)
                break
        return plain


def lower(source: FunctionSource, resolver: Any, signature: Signature, known: Mapping[Place, Any] | None = None,
          defaults: Mapping[str, Any] | None = None, outputs: tuple[str, ...] | None = None,
          leave: bool = False, derive: Derive | None = None) -> Lowered:
    """The trace of a function for one signature.

    ``known`` gives values that an earlier attempt has asked for with `Specialise`; ``defaults`` the live values of the
    function's defaults, where they are known.  The final contents of the parameters ``outputs`` take the place of the
    result; by default those of the mutated ones do if the function returns nothing.  With ``leave`` the trace gives the
    final contents of all mutated parameters besides.  ``derive`` makes the derivatives that the function itself calls.
    """
    apart, written = False, dict[tuple[int, str], Any]()
    while True:
        try:
            with deep_recursion():
                return _lower(source, resolver, signature, dict(known or {}), defaults, outputs, leave, apart, written,
                              derive)
        except final.RootIsCalled:
            apart = True
        except WrittenLater:
            # What is known of them by now lasts.
            continue


def _lower(source: FunctionSource, resolver: Any, signature: Signature, known: dict[Place, Any],
           defaults: Mapping[str, Any] | None, outputs: tuple[str, ...] | None, leave: bool, apart: bool,
           written: dict[tuple[int, str], Any], derive: Derive | None) -> Lowered:
    """``apart``: the function is called by itself, and must be lowered for its callers, too.

    ``written`` are the globals that are known to be written to.
    """
    program = _Root(FunctionLowering, known, defaults, outputs, leave)
    program.written = written
    info = program.root_definition(source, resolver)
    program.taken.update(n for n, _ in signature.specs)
    stars = {star.name: star.inputs for star in signature.stars}
    names = [n for p in all_parameters(info.node) for n in stars.get(p.id, (p.id,))]
    given = dict(signature.specs)
    if list(given) != names:
        raise InternalError(f"the signature has {list(given)}, the function {names}")
    specs = tuple((n, given[n]) for n in names)
    program.stars, program.derive = signature.stars, derive
    custom = resolver.custom
    apart = apart or bool(stars) or custom is not None
    key = entry_key(info, specs, Captures(), None)
    entry = Entry(program.unique(source.name), ("root", key) if apart else key, info,
                  apply=None if custom is None else lambda lowering: lowering.through_custom(info, custom))

    def refuse(reason: str) -> None:
        raise TypeRefusal(reason, location(source, source.node))

    program.settle(entry, specs, refuse)
    unset = next((g.unset for g in written.values() if g.type == NOTHING and g.unset is not None), None)
    if unset is not None:
        raise unset
    assert entry.trace is not None
    others = (e for e in program.entries.values() if e is not entry)
    callees = tuple(t for e in others for t in (e.trace, *e.family) if t is not None)
    trace = entry.trace
    trace = replace(trace, callees=reached(trace, callees))
    guards = (rules_guard(), *(g for r in program.resolvers for g in r.guards))
    return Lowered(trace, guards, {g: program.global_names[g] for g in entry.globals}, dict(known),
                   tuple(program.resolvers), entry.places)


def lower_with(source: FunctionSource, resolver: Any, signature: Signature, value: Callable[[Place], Any],
               defaults: Mapping[str, Any] | None = None) -> Lowered:
    """Like `lower`, asking ``value`` for what must be known at compile time."""
    known: dict[Place, Any] = {}
    while True:
        try:
            return lower(source, resolver, signature, known, defaults)
        except Specialise as need:
            if need.place in known:
                raise InternalError(f"the value of {need.place} is asked for again") from need
            if need.is_global:
                found = need.owner.program.global_names[need.name]
                known[need.place] = found.resolver.read_number(found.meaning.name)
            elif any(isinstance(k, Length) for k in need.place[1]):
                name, path = need.place
                specs = {n: with_value(s, path, value(need.place)) if n == name else s for n, s in signature.specs}
                signature = Signature(tuple(specs.items()))
            else:
                known[need.place] = value(need.place)


def _line_below(source: FunctionSource, line: int) -> int:
    """The first line of code below a comment."""
    while line < len(source.text) and source.text[line].strip().partition("#")[0] == "":
        line += 1
    return line + 1


def _as_template(value: Value) -> Value:
    if isinstance(value, Seq):
        return value.holding(map(_as_template, value.items))
    if isinstance(value, Var):
        return Var(value.type)
    if isinstance(value, Lit) and isinstance(value.value, (bool, int, float, complex)):
        return Var(type_of(value))
    if isinstance(value, Abstract) and value.PARTS:
        return value.with_parts(v if isinstance(v, Lit) else _as_template(v) for v in value.parts())
    return value


def _first_poison(value: Value) -> Poison | None:
    if isinstance(value, Seq):
        return next((p for p in map(_first_poison, value.items) if p is not None), None)
    return value if isinstance(value, Poison) else None
