"""Functions of a library that call functions of the program: solvers, minimisers, integrators.

    x = brentq(lambda x: x**3 - c, a, b)        def lam(x, c): return x**3 - c
                                           ⇒    x = scipy.optimize.brentq(lambda x: lam(x, c), a, b)

The call becomes a function of its own, whose parameters are the operands and what the functions among them capture,
and whose derivative is given (`lower_custom`): by the implicit-function theorem, by Leibniz' rule, by the adjoint
equation.  A `Solver` says how: in texts of Python that are lowered like the user's, and may call derivatives, and
solvers, themselves, so that higher orders need nothing of their own.

A function is *lifted* for this: what it captures that moves, θ, becomes parameters, ``g(x, *θ)``, by which it can be
differentiated.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast

from s2sad.frontend.captures import remade
from s2sad.frontend.function_values import Composed, Lifted, Outcome, Slot, is_function
from s2sad.frontend.functions import Definition, define
from s2sad.frontend.instance import Entry, Instance
from s2sad.frontend.library import library_object
from s2sad.frontend.lower_custom import Given, spec_in, tangent_spec
from s2sad.frontend.lower_operations import TextOperators
from s2sad.frontend.meanings import Custom
from s2sad.frontend.refused_solvers import REFUSED
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.templates import instantiate
from s2sad.frontend.values import Fixed, Library, Seq, Unusable, Value, describe_value, is_bottom, is_number
from s2sad.names import fresh, sanitise
from s2sad.rules.builder import type_of
from s2sad.trace import ir
from s2sad.trace.ir import NONE, Arg, Call, Lambda, Lit, Op, Trace, Tup, Var
from s2sad.trace.types import NOTHING, Nothing, Opaque, Type, is_differentiable, kind_of, rank

Args = list[Value]
Named = dict[str, Value]
# Operands with their derivatives.
Bars = Sequence[tuple[Value, Value]]


@dataclass(eq=False)
class Solver:
    """How one function of a library is called, and how it is differentiated.

    ``low`` is the lowering of the function that the call becomes, ``low.handed`` what its parameters stand for there.
    """

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def call(self, low: Any, functions: Mapping[str, Arg], t: Type, hint: str = "") -> Var:
        """The call itself, with these functions among its arguments."""
        given = {k: functions[k] if k in functions else low.argument(low.handed[k])
                 for k in (*self.required, *self.optional) if k in low.handed}
        args = [given.pop(k) for k in self.required]
        made: Var = low.emitted(self.name, args, given, t, hint)
        return made

    def primal(self, low: Any) -> Value:
        """The call; the numbers and arrays it gives, as one or as a tuple."""
        raise NotImplementedError

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        """The tangent of ``y``, None for what has none; ``dot`` gives that of an operand."""
        raise NotImplementedError

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        """The adjoints of operands."""
        raise NotImplementedError


@dataclass(frozen=True)
class Solve(Custom):
    """A derivative that is given by a solver."""

    solver: Any = None


class Solving(TextOperators):
    """`solved` is the entry."""

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        if name not in REFUSED:
            return super().special(name)
        reason, instead = REFUSED[name]

        def refused(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
            self.refuse(node, f"{name} is not differentiated: {reason}", instead)

        return refused

    # The function that a call becomes.

    def solved(self, solver: Solver, values: Named, node: Any, hint: str) -> Value:
        """The numbers and arrays that a solver gives for these operands."""
        if any(map(is_bottom, self.reached(values.values()))):
            return Var(NOTHING, hint)
        values = {name: _settled(v) for name, v in values.items()}
        return self.real_call(self._definition(solver, list(values), node), values, node, hint)

    def reached(self, values: Iterable[Value]) -> list[Value]:
        """What there is in values, and in what functions in them capture."""
        found: list[Value] = []

        def look(v: Value) -> Value:
            v = self.fresh_list(v)
            found.append(v)
            return v

        remade(Seq(tuple(values)), self.fresh_list, look)
        return found

    def _definition(self, solver: Solver, names: list[str], node: Any) -> Definition:
        """``lambda f, a, b: None``: the parameters; what it does is said by the solver."""
        text = f"lambda {', '.join(names)}: None"
        known = self.program.wrappers
        if (solver.name, text, id(node)) not in known:
            made = gast.parse(text, mode="eval").body
            for part in gast.walk(made):
                gast.copy_location(part, node)
            body = [gast.copy_location(gast.Return(value=made.body), node)]
            known[solver.name, text, id(node)] = define(solver.name, made, body, self.frame.source, self.frame.scope,
                                                       nested=True)
            self.program.keep(node)
        info: Definition = known[solver.name, text, id(node)]
        return replace(info, custom=Solve(solver=solver), inlinable=False)

    def entered(self, instance: Instance) -> Entry:
        custom = instance.info.custom
        if not isinstance(custom, Solve) or instance.key in self.program.entries:
            return super().entered(instance)
        solver = custom.solver
        entry = Entry(self.program.unique(instance.info.name), instance.key, instance.info, captures=instance.captures,
                      lexical=instance.lexical, more=instance.more, apply=solver.primal)
        self.program.settle(entry, instance.specs, lambda reason: self.refuse_type(instance.node, reason))
        assert entry.trace is not None
        count = len(entry.trace.params) - len(entry.globals)
        moving = tuple(k for k, p in enumerate(entry.trace.params[:count]) if is_differentiable(p.type))
        known = not any(isinstance(p.type, Nothing) for p in entry.trace.params)
        later = _Later(self, solver, instance, entry) if known else None
        entry.trace = replace(entry.trace, custom=ir.Custom(moving, later=later))
        return entry

    def called_again(self, entry: Entry, count: int) -> Value:
        """The result of another function for the same parameters."""
        assert entry.template is not None
        targets: list[Var] = []

        def make(v: Var) -> Var:
            targets.append(Var(v.type))
            self.facts.fresh.add(targets[-1])
            return targets[-1]

        value = instantiate(entry.template, make)
        args = (*self.params[:count], *(self.program.global_input(self, g) for g in entry.globals))
        self.flow.add(Call(tuple(targets), entry.name, args, self.flow.site, self.flow.sweep))
        return value

    params: list[Var]

    # What solvers are made of.

    def tangent_of(self, value: Value, dots: dict[Var, Value]) -> Value:
        """The tangent of an operand, from those of the parameters: None where it has none."""
        value = self.fresh_list(value)
        if isinstance(value, Seq):
            keys = tuple(f"{k}_dot" for k in value.keys) if value.kind == "tuple" else value.keys
            return Seq(tuple(self.tangent_of(v, dots) for v in value.items), value.kind, keys)
        return dots.get(value, NONE) if isinstance(value, Var) else NONE

    def lifted(self, fn: Value, count: int, args: Sequence[Value] = (), form: str = "") -> tuple[Lifted, Seq]:
        """A function of ``count`` arguments with what it captures that moves as further parameters, and that."""
        found: dict[Var, int] = {}
        inner = [v.level for v in self.reached((fn, *args)) if isinstance(v, Slot)]
        level = max(inner, default=-1) + 1

        def slot(v: Value) -> Value:
            v = self.fresh_list(v)
            if isinstance(v, Var) and is_differentiable(v.type):
                return Slot(found.setdefault(v, len(found)), level)
            return Fixed(v) if isinstance(v, Lit) and is_number(v) else v

        held = remade(Seq((fn, *args)), self.fresh_list, slot)
        assert isinstance(held, Seq)
        own = [sanitise(n) for n in self.names_of(fn, self.node)]
        names = (own + ["x", "y", "z"])[:count] if len(own) < count else own[:count]
        names = names[::-1] if form == "flipped" else names
        # What is handed over as it is has the name that the function gives it.
        given = {v: name for v, name in zip(map(self.fresh_list, args), own[count:]) if isinstance(v, Var)}
        for v in found:
            names.append(fresh(given.get(v) or sanitise(v.hint or "c"), names))
        made = Lifted(held.items[0], held.items[1:], tuple(names), len(found), level, form)
        return made, Seq(tuple(found), "tuple", tuple(names[count:]))

    def _call_Lifted(self, fn: Lifted, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        first, rest = args[:len(args) - fn.count], args[len(args) - fn.count:]
        if fn.gives == "flipped":
            first = first[::-1]

        def put(v: Value) -> Value:
            v = self.fresh_list(v)
            if isinstance(v, Slot) and v.level == fn.level:
                return rest[v.number]
            return v.value if isinstance(v, Fixed) else v

        held = remade(Seq((fn.fn, *fn.args)), self.fresh_list, put)
        assert isinstance(held, Seq)
        value: Value = self.fresh_list(self.call_value(held.items[0], [*first, *held.items[1:]], {}, node, hint))
        if fn.gives == "first" and isinstance(value, Seq):
            value = self.fresh_list(value.items[0])
        if fn.gives == "pair":
            return value
        if isinstance(value, Seq) and value.kind in ("tuple", "list"):
            return self.call_value(Library("np.array"), [value], {}, node, hint)
        if fn.gives == "vector" and isinstance(value, (Var, Lit)) and rank(type_of(value)) == 0:
            return self.call_value(Library("np.array"), [Seq((value,), "list")], {}, node, hint)
        if fn.gives == "vector" and isinstance(value, Var) and rank(value.type) is None:
            return self.call_value(Library("np.ravel"), [value], {}, node, hint)
        return value

    def _call_Composed(self, fn: Composed, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        if fn.whole:
            return self.text(fn.text, fn.inner, *fn.more, *args)
        return self.text(fn.text, self.call_value(fn.inner, args, kwargs, node), *fn.more)

    def callback(self, fn: Lifted, arguments: Sequence[Type], theta: Seq, node: Any) -> tuple[Lambda, Type]:
        """A lifted function as an operand, called with arguments of these types; the type of what it returns."""
        xs: Args = [Var(t, name) for t, name in zip(arguments, fn.names)]
        info, values, closure = self.target(fn, [*xs, *theta.items], {}, node)
        instance, entry = self.opened(info, values, node, closure, False)
        if entry.trace is None or entry.template is None:
            self.refuse(node, f"'{info.name}' calls a solver that calls '{info.name}' again")
        done = self._done_within(entry)
        if done or entry.mutated or entry.changed:
            what = done[0].removeprefix(".") if done else f"a change of '{entry.places[0][0]}'" if entry.places else (
                "a change of what is around it")
            self.refuse(node, f"'{info.name}' is called by the solver as often as it likes, and has an effect: {what}",
                        "let it compute its result, and nothing else")
        args = [*(self.now(a) if isinstance(a, Var) else a for a in instance.operands[len(xs):]),
                *(self.program.global_input(self, g) for g in entry.globals)]
        if fn.gives == "pair" and isinstance(entry.template, Seq) and entry.template.items:
            first = entry.template.items[0]
            return Lambda(entry.name, len(xs), tuple(args)), type_of(first)  # type: ignore[arg-type]
        if not isinstance(entry.template, Var):
            self.refuse_type(node, f"'{info.name}' returns {describe_value(entry.template)}, which no solver takes",
                             "return a number or an array")
        t = instance.outer_type(entry.template.type)
        if kind_of(t) == "complex":
            self.refuse_type(node, f"'{info.name}' returns complex numbers, which no solver takes here",
                             "solve for the real and the imaginary parts")
        return Lambda(entry.name, len(xs), tuple(args)), t

    def argument(self, value: Value) -> Arg:
        """A value as an argument of a function of the library."""
        value = self.fresh_list(value)
        if not isinstance(value, Seq) or not value.is_dict:
            return self.operand(value.value if isinstance(value, Fixed) else value, self.node)
        target = Var(Opaque("dict"))
        keys = Tup(tuple(map(Lit, value.keys)))
        self.flow.add(Op(target, "dict", tuple(map(self.argument, value.items)), (("keys", keys),), self.flow.site,
                         self.flow.sweep))
        return target

    def emitted(self, fn: str, args: Sequence[Arg], options: Mapping[str, Arg], t: Type, hint: str = "") -> Var:
        """A call of a function of the library, which gives a value of this type."""
        target = Var(t, hint)
        self.flow.add(Op(target, fn, tuple(args), tuple(options.items()), self.flow.site, self.flow.sweep))
        self.facts.fresh.add(target)
        return target

    def part_of(self, owner: Var, name: str | int, t: Type, hint: str = "") -> Var:
        """An attribute, or an item, of what a function of the library has given."""
        return self.emitted("field", (owner,), {"name": Lit(name)}, t, hint)

    def text(self, function: Any, *args: Value) -> Value:
        """What a text of Python gives for these arguments."""
        meaning = function_meaning(function)
        assert meaning is not None
        return self.deep(self.settle_shapes(self.python_call(meaning, list(args), {}, self.node, ""), self.node))

    # The arguments of a call.

    def arguments(self, name: str, args: Args, kwargs: Named, node: Any) -> Named:
        """The arguments of a function of a library by name."""
        _, function = library_object(name)
        try:
            return dict(inspect.signature(function).bind(*args, **kwargs).arguments)
        except TypeError as error:
            self.refuse_type(node, f"{name.rpartition('.')[2]}(): {error}")

    def parameters(self, name: str, without: Collection[str] = ("args",)) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The parameters of a function of a library: those that must be given, and the others."""
        _, function = library_object(name)
        found = [p for p in inspect.signature(function).parameters.values() if p.name not in without]
        required = tuple(p.name for p in found if p.default is p.empty and p.kind is not p.VAR_KEYWORD)
        return required, tuple(p.name for p in found if p.name not in required)

    def further(self, given: Named, name: str = "args") -> Named:
        """The further arguments of the function that is handed over: those of ``args=``, a tuple or one of them."""
        args = self.fresh_list(given.pop(name, Seq(())))
        if not isinstance(args, Seq) or args.kind != "tuple":
            args = Seq((args,))
        return {"args": args}

    def function_value(self, value: Value, node: Any, what: str) -> Value:
        """A function among the arguments."""
        if isinstance(value, Unusable):
            value = self.made_outside(value) or value
        method = None if is_function(value) else self.special_method(value, "__call__", node)
        if method is not None:
            value = method
        if not is_function(value):
            self.refuse_type(node, f"{what} must be a function, not {describe_value(value)}")
        return value

    # What a solver gives.

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if not isinstance(owner, Outcome):
            return super().attribute(owner, name, node, hint)
        return self._field(owner, name, node)

    def subscript(self, owner: Value, index: Value, node: Any, hint: str = "") -> Value:
        if not isinstance(owner, Outcome):
            return super().subscript(owner, index, node, hint)
        if not isinstance(index, Lit) or not isinstance(index.value, str):
            self.refuse_type(node, f"{describe_value(owner)} has no item {describe_value(index)}")
        return self._field(owner, index.value, node)

    def _field(self, owner: Outcome, name: str, node: Any) -> Value:
        found = dict(owner.fields).get(name)
        if found is None:
            self.refuse_type(node, f"the attribute '{name}' of {describe_value(owner)} is not supported: no derivative "
                                   "of it is known", f"there are {', '.join(n for n, _ in owner.fields)}")
        return found


class _Later:
    """Makes the functions that give the derivative of a call of a solver, when they are asked for.

    So a derivative that calls a solver itself, as that of an integral does, costs nothing before it is differentiated.
    """

    def __init__(self, lowering: Solving, solver: Solver, instance: Instance, entry: Entry) -> None:
        self.lowering, self.solver, self.instance, self.entry = lowering, solver, instance, entry
        assert entry.trace is not None
        self.count = len(entry.trace.params) - len(entry.globals)
        self.made: dict[str, tuple[str, tuple[int, ...]]] = {}

    def __call__(self, custom: ir.Custom, wanted: str,
                 taken: Collection[str]) -> tuple[ir.Custom, tuple[Trace, ...], Collection[str]]:
        """The derivative with what is wanted, the functions of the program, and their names."""
        program = self.lowering.program
        for name in taken:
            program.names.setdefault(name, 1)
        if wanted not in self.made or self.made[wanted][0] not in {t.name for t in program.traces()}:
            program.open.append(self.entry)
            try:
                self.made[wanted] = self._tangent(custom.moving) if wanted == "jvp" else self._adjoint()
            except Specialise as need:
                raise need.refusal() from None
            finally:
                program.open.remove(self.entry)
        name, pulled = self.made[wanted]
        custom = replace(custom, jvp=name) if wanted == "jvp" else replace(custom, rev=name, pulled=pulled)
        return custom, program.traces(), program.names

    def _part(self, kind: str, more: Any, body: Callable[[Any], Value]) -> str:
        given = Given(self.lowering, self.instance, self.entry)
        info = replace(self.instance.info, custom=None)
        made = given.part(f"{self.entry.name}_{kind}", info, more, body, self.count)
        if tuple(given.wanted) != self.entry.globals:
            self.lowering.refuse(self.instance.node, f"the derivative of {self.solver.name} here reads other numbers "
                                                     "of the module than the function itself", "pass them as arguments")
        return made.name

    def _tangent(self, moving: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        assert self.entry.trace is not None
        taken = {n for n, _ in self.instance.specs}
        names: dict[int, str] = {}
        for k in moving:
            names[k] = fresh(f"{self.entry.trace.params[k].hint}_dot", taken)
            taken.add(names[k])

        def pushed(low: Any) -> Value:
            low.trusting = True
            y = low.called_again(self.entry, self.count)
            dots = {low.params[k]: low.handed[name] for k, name in names.items()}
            low.flow.sweep = "tangent"
            dot = self.solver.tangent(low, y, lambda v: low.tangent_of(v, dots))
            found = (low._zero(x) if d is None else d for d, x in low._derivatives(dot, y, "y_dot"))
            return Seq((*_numbers(y), *found))

        more = tuple((name, tangent_spec(self.entry.trace.params[k].type)) for k, name in names.items())
        return self._part("jvp", more, pushed), ()

    def _adjoint(self) -> tuple[str, tuple[int, ...]]:
        own, bar = (fresh(n, {n for n, _ in self.instance.specs}) for n in ("y", "y_bar"))
        pulled: list[int] = []

        def back(low: Any) -> Value:
            low.trusting = True
            bars: dict[Var, Any] = {}
            for operand, found in self.solver.adjoint(low, low.handed[own], low.handed[bar]):
                for one, x in low._derivatives(found, operand, "x_bar"):
                    if one is not None and isinstance(x, Var):
                        bars[x] = low.op("+", bars[x], one) if x in bars else one
            pulled[:] = [k for k, p in enumerate(low.params[:self.count]) if p in bars]
            return Seq(tuple(bars[low.params[k]] for k in pulled))

        result = spec_in(self.entry.template)  # type: ignore[arg-type]
        name = self._part("rev", ((own, result), (bar, tangent_spec(result))), back)
        return name, tuple(pulled)


def _settled(value: Value) -> Value:
    """A value whose literal numbers are constants of the function that the call becomes."""
    if isinstance(value, Seq):
        return value.with_items(map(_settled, value.items))
    return Fixed(value) if isinstance(value, Lit) and is_number(value) else value


def _numbers(value: Value) -> Iterator[Value]:
    if isinstance(value, Seq):
        for item in value.items:
            yield from _numbers(item)
    elif isinstance(value, (Var, Lit)) and (is_number(value) or isinstance(value, Var)):
        yield value


