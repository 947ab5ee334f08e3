"""Calls: of library functions, methods, Python functions and closures."""

from __future__ import annotations

import types
from typing import Any

import gast

from s2sad.errors import NotApplicable, SourceError, UnknownFunctionError
from s2sad.frontend.functions import Definition, bind_arguments
from s2sad.frontend.lower_attr import CHANGING_METHODS, LIST_CHANGES
from s2sad.frontend.lower_core import CannotInline, Frame
from s2sad.frontend.lower_inplace import InPlace
from s2sad.frontend.lower_lists import Back
from s2sad.frontend.meanings import Function
from s2sad.frontend.program import Entry, Instance
from s2sad.frontend.resolve import function_meaning, is_operator
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.templates import holes, instantiate
from s2sad.frontend.values import (
    Closure,
    Fixed,
    Library,
    ListOf,
    Method,
    Python,
    Seq,
    ShapeOf,
    Static,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.rules.table import METHODS, bind, find
from s2sad.trace.ir import Arg, Call, Lit, Tup, Var
from s2sad.trace.types import NOTHING, Array, rank

_DEPTH = 60
# Functions that run through a generator, once.
_CONSUMERS = frozenset("sum min max any all tuple list dict enumerate zip math.fsum math.prod".split())


class Calls(InPlace):
    """Calls."""

    def run_value(self, stmts: list[Any]) -> Value:
        raise NotImplementedError

    def _Call(self, node: Any, hint: str) -> Value:
        back: Back | None = None
        if isinstance(node.func, gast.Attribute) and node.func.attr in LIST_CHANGES:
            owner, back = self.located(node.func.value)
            fn = self.attribute(owner, node.func.attr, node.func)
        else:
            fn = self.expr(node.func)
        args: list[Value] = []
        for a in node.args:
            if isinstance(a, gast.Starred):
                args += self.starred(a)
            elif isinstance(a, gast.GeneratorExp) and isinstance(fn, Library) and fn.name in _CONSUMERS:
                args.append(self.generator(a))
            else:
                args.append(self.expr(a))
        kwargs: dict[str, Value] = {}
        for k in node.keywords:
            for name, value in [(k.arg, self.expr(k.value))] if k.arg else self.keyword_arguments(k.value):
                if name in kwargs:
                    self.refuse_type(node, f"the keyword argument '{name}' is given twice")
                kwargs[name] = value
        if back is not None and isinstance(fn, Method) and isinstance(fn.owner, ListOf):
            return self.list_method(fn.owner, fn.name, args, kwargs, node, back)
        return self.call_value(fn, args, kwargs, node, hint)

    def call_value(self, fn: Value, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str = "") -> Value:
        """The result of a call."""
        if isinstance(fn, Library):
            return self.library_call(fn, args, kwargs, node, hint)
        if isinstance(fn, Method):
            return self.method_call(fn, args, kwargs, node, hint)
        if isinstance(fn, Python):
            return self.python_call(fn.meaning, args, kwargs, node, hint)
        if isinstance(fn, Closure):
            return self.closure_call(fn, args, kwargs, node, hint)
        if is_bottom(fn):
            return Var(NOTHING, hint)
        where = getattr(node, "func", node)
        if isinstance(fn, Static) and isinstance(fn.value, type):
            self.unknown(where, f"the class '{fn.value.__name__}'", fn.value.__name__)
        if isinstance(fn, Unusable) and is_operator(fn.meaning.object):
            self.refuse(where, f"{fn.meaning.name or 'this'} is {fn.meaning.reason}")
        if isinstance(fn, Unusable) and callable(fn.meaning.object):
            self.unknown(where, fn.meaning.reason, fn.meaning.name or "f")
        self.refuse_type(where, f"{describe_value(fn)} cannot be called")

    def unknown(self, node: Any, what: str, name: str) -> Any:
        """Refuse the call of a function that nothing is known about."""
        raise UnknownFunctionError(f"{what} has neither a rule nor Python source", self.where(node),
                                   f'register its derivative: {self._rule_text(name)}')

    def _rule_text(self, name: str) -> str:
        """The beginning of a rule for a function."""
        by_object = "" if "." in name else f", fn={name}"
        return f's2sad.rule("y = {name}(x)", x="..."{by_object})'

    # Library functions.

    def library_call(self, fn: Library, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str) -> Value:
        if fn.name == "check_length" and len(args) == 2:
            self.effect(fn.name, self.operand(args[0], node), length=self.operand(args[1], node))
            return Lit(None)
        special = self.special(fn.name)
        if special is not None and any(map(is_bottom, (*args, *kwargs.values()))):
            return Var(NOTHING, hint)
        if special is not None:
            return special(args, kwargs, node, hint)
        if fn.name.startswith("scipy._lib.") and fn.name.rpartition(".")[2] in ("array_namespace", "xp_promote"):
            return self.array_api(fn.name.rpartition(".")[2], args, kwargs, node, hint)
        if fn.name.startswith("np.") and fn.name.endswith(".at"):
            return self.ufunc_at(fn.name, args, kwargs, node)
        if find(fn.name) is not None:
            written = self.with_out(fn.name, args, kwargs, node, hint, False)
            return written if written is not None else self.library_op(fn.name, args, kwargs, node, hint)
        if isinstance(fn.object, types.FunctionType):
            meaning = function_meaning(fn.object, fn.name.rpartition(".")[2])
            if meaning is not None:
                try:
                    meaning.source()
                except SourceError:
                    pass
                else:
                    return self.python_call(meaning, args, kwargs, node, hint)
        self.unknown(getattr(node, "func", node), f"'{fn.name}'", fn.name)
        raise AssertionError

    def library_op(self, name: str, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str = "",
                   method: bool = False) -> Value:
        """An operation that has a rule."""
        if args and isinstance(args[0], ListOf):
            together = self.list_function(name, args, kwargs, node, hint)
            if together is not None:
                return together
        operands = [self.operand(a, node) for a in args]
        named = {k: self.operand(v, node) for k, v in kwargs.items()}
        if any(map(self.has_bottom, (*operands, *named.values()))):
            return Var(NOTHING, hint)
        try:
            bound, options = bind(name, operands, named, method)
        except NotApplicable as reason:
            self.refuse_type(node, str(reason))
        arrays = tuple(self.as_array(a, node) if isinstance(a, Tup) else a for a in bound)
        return self.op(name, *arrays, node=node, hint=hint, style="method" if method else "call", options=options)

    def as_array(self, items: Tup, node: Any) -> Arg:
        """A list or tuple where an array is meant."""
        try:
            bound, options = bind("np.array", [items], {})
        except NotApplicable as reason:
            self.refuse_type(node, str(reason))
        return self.op("np.array", *bound, node=node, options=options)

    def method_call(self, fn: Method, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str) -> Value:
        """``owner.name(...)``."""
        owner = self.fresh_list(fn.owner)
        if isinstance(owner, Lit) and isinstance(owner.value, str):
            values = [a.value if isinstance(a, Lit) else None for a in args]
            if all(isinstance(a, Lit) for a in args) and not kwargs and hasattr(str, fn.name):
                try:
                    return self.from_object(getattr(owner.value, fn.name)(*values))
                except (TypeError, ValueError, IndexError, KeyError) as error:
                    self.refuse_type(node, f"'{fn.name}' of a text fails: {error}")
            self.refuse(node, f"'{fn.name}' of a text is not supported with values computed at run time")
        if isinstance(owner, Seq) and owner.is_dict:
            return self.dict_method(owner, fn.name, args, kwargs, node)
        if isinstance(owner, (Seq, ListOf)):
            return self.list_method(owner, fn.name, args, kwargs, node)
        if fn.name in CHANGING_METHODS:
            return self.changing_method(owner, fn.name, args, kwargs, node)
        written = self.with_out(METHODS[fn.name], [owner, *args], kwargs, node, hint, True)
        if written is not None:
            return written
        return self.library_op(METHODS[fn.name], [owner, *args], kwargs, node, hint, method=True)

    # Functions written in Python.

    def python_call(self, meaning: Function, args: list[Value], kwargs: dict[str, Value], node: Any,
                    hint: str) -> Value:
        """A call of a function with source: put in place where it is small, else a call in the trace."""
        try:
            info = self.program.definition(meaning)
        except SourceError as error:
            raise UnknownFunctionError(
                f"the source of '{meaning.name}' cannot be read: {error}", self.where(getattr(node, "func", node)),
                f"register its derivative: {self._rule_text(meaning.name)}",
            ) from error
        bound = [self.from_object(v, f"argument {k + 1} of {meaning.name}") for k, v in enumerate(meaning.bound_args)]
        named = {k: self.from_object(v, k) for k, v in meaning.bound_kwargs} | kwargs
        values = bind_arguments(self, info, [*bound, *args], named, node)
        if info.inlinable and not self.program.is_open(info):
            flow, memory = self.flow, self.memory.fork()
            back = flow.mark()
            try:
                value = self.inline(info, values, None, node, hint)
                if not (self.in_branch and len(flow.tails) > back.tails):
                    return value
                info = self.program.not_inline(info)
            except CannotInline:
                info = self.program.not_inline(info)
            self.flow, self.memory = flow, memory
            flow.rewind(back)
        return self.real_call(info, values, node, hint)

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
                      dict(values), lexical, outer, True, hint)
        saved, site = self.node, self.flow.site
        self.frame = frame
        try:
            return self.run_value(info.body)
        finally:
            self.frame, self.node = outer, saved
            self.flow.site = site

    def closure_call(self, fn: Closure, args: list[Value], kwargs: dict[str, Value], node: Any,
                     hint: str = "") -> Value:
        """A call of a function defined inside the one being lowered."""
        info = self.program.closure_definition(fn, fn.frame)
        values = bind_arguments(self, info, args, kwargs, node, dict(fn.defaults))
        try:
            return self.inline(info, values, fn.frame, node, hint)
        except CannotInline as reason:
            self.refuse(node, f"the nested function '{info.name}' cannot be put in place of its call: {reason}",
                        "define it at the top level of the module")

    def real_call(self, info: Definition, values: dict[str, Value], node: Any, hint: str) -> Value:
        """A call in the trace."""
        values = {k: self.settled(v, node) for k, v in values.items()}
        while True:
            instance = self.program.instance(self, info, values, node)
            try:
                entry = self.entered(instance)
                break
            except Specialise as need:
                if need.is_global or need.owner.key != instance.key:
                    raise
                values = self._specialised(values, need, node)
        if entry.template is None:
            return Var(NOTHING, hint)
        references = instance.leaf_args()
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
        self.flow.add(Call((*targets, *(v for _, v in written)), entry.name, tuple(args), self.flow.site))
        for ref, contents in written:
            self.overwrite(ref, contents, node)
        return value

    def entered(self, instance: Instance) -> Entry:
        """The callee of a call, lowered."""
        return instance.enter()

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
            return value.holding(self.settled(v, node) for v in self.fresh_list(value).items)
        if isinstance(value, ListOf):
            self.refuse_type(node, f"{describe_value(value)} cannot be passed to a function that is not put in place",
                             "pass an array: np.array(...)")
        if is_number(value) or isinstance(value, (Fixed, Lit, Library, Python, Static, Unusable)):
            return value
        self.refuse_type(node, f"{describe_value(value)} cannot be passed to a function that is not put in place",
                         "define the function that is passed at the top level of the module")

    def _specialised(self, values: dict[str, Value], need: Specialise, node: Any) -> dict[str, Value]:
        name, path = need.place

        def put(value: Value, path: tuple[int | str, ...]) -> Value:
            if not path:
                assert isinstance(value, (Var, Lit))
                return Fixed(Lit(self.demand(value, need.what, node)))
            assert isinstance(value, Seq)
            items = list(value.items)
            k = value.keys.index(path[0]) if value.is_mutable and not value.is_list else int(path[0])
            items[k] = put(items[k], path[1:])
            return value.holding(items)

        return {**values, name: put(values[name], path)}

