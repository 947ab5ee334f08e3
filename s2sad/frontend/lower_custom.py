"""Functions whose derivative their author has given, as functions of Python.

Such a function is a trace of its own wherever it is called, and so are the functions that give its derivative, lowered
for the same kinds of arguments.  Of the structures that the author's functions take and return, these are the numbers:

    f_jvp:  (x…, x_dot…) → (y…, y_dot…)         rule(primals, tangents) → (y, y_dot)
    f_fwd:  (x…) → (y…, kept…)                  fwd(*primals) → (y, kept)
    f_rev:  (x…, kept…, y_bar…) → x_bar…        bwd(kept, y_bar) → bars, or, without fwd, rule(primals, y, y_bar) → bars

A derivative that is None is zero; each gets the dtype and, if it is a number, the shape of what it belongs to.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

from s2sad.frontend.flow import map_all_ends
from s2sad.frontend.functions import Definition
from s2sad.frontend.instance import Entry, Instance
from s2sad.frontend.lower_call import Calls
from s2sad.frontend.meanings import Custom, Function
from s2sad.frontend.signature import Group
from s2sad.frontend.templates import holes
from s2sad.frontend.values import Seq, Value, describe_value, is_bottom, is_number
from s2sad.names import fresh
from s2sad.rules.builder import type_of
from s2sad.rules.static import zero_number
from s2sad.trace import ir
from s2sad.trace.ir import NONE, Input, Leaf, Lit, Node, Return, Trace, Var
from s2sad.trace.types import (
    FLOAT,
    UNKNOWN,
    Array,
    Nothing,
    Scalar,
    Type,
    dims_of,
    dtype_of,
    is_differentiable,
    kind_of,
    rank,
)

Number = Var | Lit
Specs = tuple[tuple[str, Any], ...]
_ROUNDS = 8


class CustomCalls(Calls):
    """Calls of functions with derivatives of their own."""

    def entered(self, instance: Instance) -> Entry:
        custom = instance.info.custom
        if custom is None or instance.key in self.program.entries:
            return instance.enter()
        if instance.captures.frames and not custom.again:
            self.refuse(instance.node, f"'{instance.info.name}', whose derivative is given, is handed a function that "
                                       "is defined inside another one", "define that function at the top level")
        program = self.program
        before, names = set(program.entries), dict(program.names)
        try:
            for _ in range(_ROUNDS):
                entry = instance.enter()
                assert entry.trace is not None
                found = ir.Custom(again=True) if custom.again else Given(self, instance, entry).derivatives(custom)
                if found is not None:
                    entry.trace = replace(entry.trace, custom=found)
                    return entry
                program.drop(before)
                program.names = dict(names)
        except BaseException:
            program.drop(before)
            raise
        self.refuse(instance.node, f"the numbers that '{instance.info.name}' reads from outside do not settle")

    def through_custom(self, info: Definition, custom: Custom) -> Value:
        """What a function with a derivative of its own returns, called from a function with its parameters."""
        inner = replace(info, inlinable=False, custom=custom, name=f"{info.name}_primal")
        return self.real_call(inner, dict(self.frame.env), self.node, "")

    # What the author's functions return.

    def pushed(self, rule: Function, n: int, template: Value) -> Value:
        """The numbers of y and y_dot that a tangent gives."""
        values = list(self.frame.env.values())
        y, dot = self._pair(self._applied(rule, [Seq(tuple(values[:n])), Seq(tuple(values[n:2 * n]))]), "(y, y_dot)")
        if is_bottom(y):
            return y
        dots = (self._zero(x) if d is None else d for d, x in self._derivatives(dot, y, "y_dot"))
        return Seq((*self._primals(y, template), *dots))

    def kept(self, fwd: Function, n: int, template: Value) -> Value:
        """The numbers of y, and what is kept, of the function of the forward sweep."""
        y, kept = self._pair(self._applied(fwd, list(self.frame.env.values())[:n]), "(y, kept)")
        return y if is_bottom(y) else Seq((Seq(tuple(self._primals(y, template))), kept))

    def pulled(self, rule: Function, n: int, with_primals: bool, none: set[int]) -> Value:
        """The numbers of the adjoints that a rule gives, but for those that are None, whose places are noted."""
        values = list(self.frame.env.values())
        kept, bar = values[n:]
        primals = Seq(tuple(values[:n]))
        bars = self.fresh_list(self._applied(rule, [primals, kept, bar] if with_primals else [kept, bar]))
        if is_bottom(bars):
            return Var(bars.type)
        several = isinstance(bars, Seq) and bars.kind == "tuple" and len(bars.items) == n
        if not several and n != 1:
            self.refuse_type(self.node, f"this must return a tuple of {n} adjoints, one for each argument, and returns "
                                        f"{describe_value(bars)}", "None stands for no adjoint")
        items = bars.items if several else (bars,)
        found = [d for bar, x in zip(items, primals.items) for d, _ in self._derivatives(bar, x, "x_bar")]
        none.clear()
        none.update(k for k, d in enumerate(found) if d is None)
        return Seq(tuple(d for d in found if d is not None))

    def _applied(self, rule: Function, args: list[Value]) -> Value:
        return self.deep(self.settle_shapes(self.python_call(rule, args, {}, self.node, ""), self.node))

    def _pair(self, value: Value, what: str) -> tuple[Value, Value]:
        if is_bottom(value):
            return value, value
        value = self.fresh_list(value)
        if not isinstance(value, Seq) or value.kind != "tuple" or len(value.items) != 2:
            self.refuse_type(self.node, f"this must return a pair {what}, and returns {describe_value(value)}")
        return value.items[0], value.items[1]

    def _primals(self, value: Value, template: Value) -> Iterator[Number]:
        """The numbers of a result, which has the structure of the function's own."""
        value = self.fresh_list(value)
        if isinstance(template, Seq):
            if not isinstance(value, Seq) or len(value.items) != len(template.items) or value.keys != template.keys:
                self._unlike(value, template, "y")
            for v, inner in zip(value.items, template.items):
                yield from self._primals(v, inner)
        elif isinstance(template, Var):
            number = self._number(value, template, "y")
            t = type_of(number)
            if kind_of(t) != kind_of(template.type) or rank(t) != rank(template.type):
                self._unlike(value, template, "y")
            yield self._with_dtype(number, template.type)

    def _derivatives(self, value: Value, like: Value, what: str) -> Iterator[tuple[Number | None, Number]]:
        """The numbers of a derivative, or None, each with what it is the derivative of."""
        value, like = self.fresh_list(value), self.fresh_list(like)
        if isinstance(like, Seq):
            if value == NONE:
                value = Seq((NONE,) * len(like.items))
            if not isinstance(value, Seq) or len(value.items) != len(like.items):
                self._unlike(value, like, what)
            for v, x in zip(value.items, like.items):
                yield from self._derivatives(v, x, what)
        elif isinstance(like, (Var, Lit)) and is_number(like) and is_differentiable(type_of(like)):
            yield None if value == NONE else self._derivative(value, like, what), like

    def _zero(self, like: Number) -> Number:
        return self.op("zeros_like", like) if isinstance(like, Var) else zero_number(type_of(like))

    def _derivative(self, value: Value, like: Number, what: str) -> Number:
        number, wanted = self._number(value, like, what), type_of(like)
        t = type_of(number)
        open_rank = rank(t) is None and self.trusting
        if rank(wanted) == 0 and rank(t) != 0 and not open_rank or not _may_fit(t, wanted):
            self._unlike(value, like, what)
        if kind_of(t) == "complex" != kind_of(wanted):
            self.refuse_type(self.node, f"the {what} of a real number is complex", "take np.real of it")
        number = self._with_dtype(number, wanted)
        return number if _same_shape(t, wanted) else self.op("expand", number, like)

    def _with_dtype(self, number: Number, wanted: Type) -> Number:
        """A number or array with the dtype of a type."""
        t = type_of(number)
        if isinstance(wanted, Array) and wanted.dtype != "?" and dtype_of(t) not in ("?", wanted.dtype):
            return self.op("cast", number, options={"dtype": Lit(wanted.dtype)})
        if isinstance(wanted, Scalar) and wanted.kind in ("float", "complex") and kind_of(t) != wanted.kind:
            return self.op(wanted.kind, number)
        return number

    def _number(self, value: Value, like: Value, what: str) -> Number:
        if isinstance(value, (Var, Lit)) and is_number(value):
            return value
        self._unlike(value, like, what)

    def _unlike(self, value: Value, like: Value, what: str) -> NoReturn:
        self.refuse_type(self.node, f"this gives {describe_value(value)} as {what}, where {describe_value(like)} is "
                                    "meant")


class Given:
    """The lowering of the functions that give the derivative of one function for one kind of arguments."""

    def __init__(self, lowering: CustomCalls, instance: Instance, entry: Entry) -> None:
        self.lowering, self.instance, self.entry = lowering, instance, entry
        self.program = instance.program
        self.wanted = list(entry.globals)

    def derivatives(self, custom: Custom) -> ir.Custom | None:
        """What is given; None if it reads numbers from outside that the function itself must take now."""
        entry, specs, name = self.entry, self.instance.specs, self.entry.name
        assert entry.trace is not None and entry.template is not None
        if any(isinstance(p.type, Nothing) for p in entry.trace.params):
            # The first round of a loop or of a recursion, which is lowered again when the types are known.
            return ir.Custom()
        if entry.mutated:
            self.lowering.refuse(self.instance.node, f"'{self.instance.info.name}' writes to its arguments, and its "
                                                     "derivative is given", "return what it computes")
        n, count = len(specs), len(entry.trace.params) - len(entry.globals)
        template, result = entry.template, spec_in(entry.template)
        jvp = fwd = rev = ""
        none: set[int] = set()
        if custom.jvp is not None:
            rule = custom.jvp
            dots = tuple((f"{name}_dot", tangent_spec(s)) for name, s in specs)
            jvp = self.part(f"{name}_jvp", self.program.definition(rule), dots,
                            lambda low: low.pushed(rule, n, template), count).name
        if custom.vjp is not None:
            rule = custom.vjp
            more: Specs = (("y", result), ("y_bar", tangent_spec(result)))
            rev = self.part(f"{name}_rev", self.program.definition(rule), more,
                            lambda low: low.pulled(rule, n, True, none), count).name
        elif custom.fwd is not None and custom.bwd is not None:
            first, rule = custom.fwd, custom.bwd
            kept: list[Any] = []
            fwd = self.part(f"{name}_fwd", self.program.definition(first), (),
                            lambda low: low.kept(first, n, template), count, kept).name
            more = (("kept", spec_in(kept[0].items[1])), ("y_bar", tangent_spec(result)))
            rev = self.part(f"{name}_rev", self.program.definition(rule), more,
                            lambda low: low.pulled(rule, n, False, none), count).name
        if tuple(self.wanted) != entry.globals:
            self.instance.more = tuple(self.wanted)
            return None
        moving = tuple(k for k, p in enumerate(entry.trace.params[:count]) if is_differentiable(p.type))
        return ir.Custom(moving, tuple(p for k, p in enumerate(moving) if k not in none), jvp, fwd, rev)

    def part(self, name: str, info: Definition, more: Specs, body: Any, count: int,
             templates: list[Any] | None = None) -> Trace:
        """One function: it takes what f takes, then what `more` says, and returns what `body` makes of it."""
        program = self.program
        taken = {n for n, _ in self.instance.specs}
        extra = tuple((fresh(n, taken), s) for n, s in more)
        # The author's function may be put in place in this one, which stands at the same place of the text.
        info = replace(info, name=name, node=copy.copy(info.node), custom=None, shared=frozenset())

        def value(low: Any) -> Value:
            low.key = self.instance.key
            for v in low.params[count:]:
                low.facts.places.pop(v, None)
            result: Value = body(low)
            return result

        entry = Entry(program.unique(name), ("derivative", name, self.instance.key), info,
                      captures=self.instance.captures, lexical=self.instance.lexical, apply=value)
        program.settle(entry, (*self.instance.specs, *extra), lambda reason: self.lowering.refuse(
            self.instance.node, reason))
        assert entry.trace is not None
        self.wanted += [g for g in entry.globals if g not in self.wanted]
        if templates is not None:
            templates.append(entry.template)
        entry.trace = flat(entry, count, self.entry.globals)
        return entry.trace


def flat(entry: Entry, count: int, outside: tuple[str, ...]) -> Trace:
    """A trace to be put in place: it takes and returns leaves, the numbers from outside behind the first ``count``.

    What it leaves in its arguments is nobody's: derivatives work on copies where they write.
    """
    trace = entry.trace
    assert trace is not None and entry.template is not None
    params = trace.params
    last = len(params) - len(entry.globals)
    read = dict(zip(entry.globals, params[last:]))
    order = (*params[:count], *(read[g] if g in read else Var(UNKNOWN, g) for g in outside), *params[count:last])
    names: list[str] = []
    for p in order:
        names.append(fresh(p.hint or "v", names))
    inputs = tuple(Input(name, Leaf(k)) for k, name in enumerate(names))
    width = len(holes(entry.template))
    result = Leaf(0) if width == 1 else Node("tuple", tuple(map(Leaf, range(width))))

    def change(end: ir.End) -> ir.End:
        return Return(end.values[:width]) if isinstance(end, Return) else end

    return replace(trace, params=order, inputs=inputs, result=result, transparent=True,
                   body=map_all_ends(trace.body, change))


def spec_in(template: Value) -> Any:
    """What a structure is as an argument."""
    if isinstance(template, Seq):
        return Group(template.kind, tuple(map(spec_in, template.items)), template.keys, template.cls)
    return template.type if isinstance(template, Var) else template


def tangent_spec(spec: Any) -> Any:
    """What the derivative of an argument is: None for what has none.

    That of a float64 scalar may be a Python float, whose division by zero raises.
    """
    if isinstance(spec, Group):
        items = tuple(map(tangent_spec, spec.items))
        return NONE if all(i == NONE for i in items) else replace(spec, items=items)
    if isinstance(spec, Array) and spec.box:
        spec = replace(spec, box=False)
    if spec == Array("f8", ()):
        return FLOAT
    return spec if isinstance(spec, Type) and is_differentiable(spec) else NONE


def _may_fit(t: Type, wanted: Type) -> bool:
    """Whether a derivative of type ``t`` may have the shape that is wanted, or is a number that stands for one."""
    if rank(t) in (0, None) or rank(wanted) is None:
        return True
    return rank(t) == rank(wanted) and all(
        not (a.is_constant and b.is_constant) or a == b for a, b in zip(dims_of(t), dims_of(wanted)))


def _same_shape(t: Type, wanted: Type) -> bool:
    return rank(wanted) == 0 or rank(t) == rank(wanted) is not None and dims_of(t) == dims_of(wanted)

