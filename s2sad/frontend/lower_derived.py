"""s2sad's own operators inside a function: the derivative of a function is one more function that the program calls.

    def f(x):                                def g_grad(y, x): ...
        def g(y):
            return x * y             ⇒       def f(x):
        return x * s2sad.grad(g)(x)              return x * g_grad(x, x)

What the function captures are parameters of its derivative like any others, so that a derivative of the whole by them
is a derivative of ``g_grad``, and the levels cannot be confused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from s2sad.errors import ArgumentError, TypeRefusal, ValueArgumentError
from s2sad.frontend.acting import acts
from s2sad.frontend.captures import remade
from s2sad.frontend.function_values import (
    Columns,
    Composed,
    Derived,
    Differentiable,
    Lifted,
    Linear,
    Partial,
    is_function,
)
from s2sad.frontend.functions import Definition, all_parameters, bind_arguments, define, parameters
from s2sad.frontend.instance import Entry, Instance
from s2sad.frontend.liveness import Liveness
from s2sad.frontend.lower_core import Frame
from s2sad.frontend.lower_functional import Args, Functional, Named
from s2sad.frontend.resolve import is_operator
from s2sad.frontend.trees import is_variable, result_of, seeds_of
from s2sad.frontend.values import Bound, Closure, Library, Python, Seq, Unusable, Value, describe_value
from s2sad.frontend.wrt import SAME, View
from s2sad.rules.table import find
from s2sad.trace.ends import called
from s2sad.trace.ir import Arg, Call, Trace, Var
from s2sad.trace.types import NOTHING, Array, Unknown, rank

Seeds = list[tuple[Value, Value]]

# How many arguments of a function that takes any number of them have names.
_MANY = 16


class Derivatives(Functional):
    """Derivatives of functions, `derived_call` is the entry."""

    def placed(self, node: Any) -> _Placed:
        """Within this, errors of the interface become refusals of a place in the program."""
        return _Placed(self, node)

    def derived(self, fn: Value, node: Any) -> Derived:
        """A function as what it is a derivative of, and the steps."""
        if isinstance(fn, Unusable):
            made = self.made_outside(fn) or self.special_method(fn, "__call__", node)
            if made is None:
                self.refuse_type(node, f"{describe_value(fn)} has neither a rule nor Python source")
            fn = made
        if isinstance(fn, Differentiable):
            fn = fn.fn
        method = None if is_function(fn) else self.special_method(fn, "__call__", node)
        return fn if isinstance(fn, Derived) else Derived(fn if method is None else method)

    def made_outside(self, fn: Unusable) -> Value | None:
        obj, name = fn.meaning.object, fn.meaning.name
        if not is_operator(obj):
            return super().made_outside(fn)
        found = getattr(obj, "__s2sad_program__", None)
        view, levels = (getattr(obj, "view", SAME), ()) if found is not None else (SAME, ())
        if found is None:
            found, view, levels = getattr(obj, "__s2sad_columns__", (None, SAME, ()))
        if found is None:
            return None
        if found.outputs is not None or not found.copy:
            self.refuse(self.node, f"{name} has the options outputs or copy, which are not supported inside a function")
        self.frame.scope.rely_on(found.base)
        made: Value = Derived(self.from_object(found.base, name), found.steps, view)
        for level in tuple[Any, ...](levels):
            made = Columns(made, level.kind, level.chosen, level.holomorphic)
        return made

    def names_of(self, fn: Value, node: Any) -> list[str]:
        """The parameters of a function that are not bound."""
        if isinstance(fn, Unusable):
            return self.names_of(self.made_outside(fn) or fn, node) if self.made_outside(fn) else []
        if isinstance(fn, Closure):
            return self._own_names(fn.node)
        if isinstance(fn, Python):
            names = self._own_names(self.program.definition(fn.meaning).node)
            bound = {*names[:len(fn.meaning.bound_args)], *(k for k, _ in fn.meaning.bound_kwargs)}
            return [n for n in names if n not in bound]
        if isinstance(fn, (Partial, Bound)):
            names = self.names_of(fn.fn, node)[len(fn.args):]
            return [n for n in names if n not in dict(getattr(fn, "kwargs", ()))]
        if isinstance(fn, (Derived, Columns, Linear, Differentiable)):
            return self.names_of(fn.fn, node)
        if isinstance(fn, Lifted):
            return list(fn.names)
        if isinstance(fn, Composed):
            return self.names_of(fn.inner, node)
        rule = find(fn.name) if isinstance(fn, Library) else None
        if rule is not None:
            return [p.name for p in rule.signature.parameters]
        return ["x", "y", "z"]

    def _own_names(self, definition: Any) -> list[str]:
        """The parameters of a function; of one that takes any number of arguments, names for its first ones."""
        if not _has_stars(definition):
            return [p.id for p in all_parameters(definition)]
        star = definition.args.vararg
        more = [f"{star.id}{k}" for k in range(_MANY)] if star is not None else []
        return [*(p.id for p in parameters(definition)[0]), *more]

    def takes_any_number(self, fn: Value) -> bool:
        """Whether a function has ``*args`` or ``**kwargs``."""
        if isinstance(fn, (Derived, Columns, Linear, Differentiable, Partial, Bound)):
            return self.takes_any_number(fn.fn)
        definition = fn.node if isinstance(fn, Closure) else None
        if isinstance(fn, Python):
            definition = self.program.definition(fn.meaning).node
        return definition is not None and _has_stars(definition)

    def called(self, fn: Value) -> str:
        """What to call a function in names and messages."""
        if isinstance(fn, Library):
            return fn.name.rpartition(".")[2]
        if isinstance(fn, Python):
            return str(fn.meaning.name).rpartition(".")[2]
        if isinstance(fn, Closure):
            return str(self.program.closure_definition(fn, fn.frame).name).strip("<>")
        if isinstance(fn, (Partial, Bound, Derived, Columns, Linear, Differentiable, Lifted)):
            return self.called(fn.fn)
        return self.called(fn.inner) if isinstance(fn, Composed) else "function"

    def target(self, fn: Value, args: Args, kwargs: Named,
               node: Any) -> tuple[Definition, dict[str, Value], Closure | None]:
        """A function as one with a text: its definition, its arguments, and what it captures."""
        if isinstance(fn, Differentiable):
            return self.target(fn.fn, args, kwargs, node)
        given = isinstance(fn, Python) and fn.meaning.custom is not None and not fn.meaning.custom.again
        if given or isinstance(fn, (Closure, Python)) and self.takes_any_number(fn):
            # A function whose derivative is given is differentiated where it is called.
            return self.target(self._wrapper(fn, len(args), list(kwargs), node), args, kwargs, node)
        if isinstance(fn, Closure):
            info = self.program.closure_definition(fn, fn.frame)
            return info, bind_arguments(self, info, args, kwargs, node, dict(fn.defaults)), fn
        if isinstance(fn, Python):
            return (*self.bound(fn.meaning, args, kwargs, node), None)
        wrapper = self._wrapper(fn, len(args), list(kwargs), node)
        return self.target(wrapper, args, kwargs, node)

    def _wrapper(self, fn: Value, count: int, keywords: list[str], node: Any) -> Closure:
        """``lambda x, y: fn(x, y)``."""
        names = (self.names_of(fn, node) + [f"x{k}" for k in range(count)])[:count]
        own = self.called(fn)
        inner = f"{own}_"
        while inner in (*names, *keywords):
            inner += "_"
        node_of = self.program.wrappers
        call = ", ".join([*names, *(f"{k}={k}" for k in keywords)])
        text = f"lambda {', '.join([*names, *keywords])}: {inner}({call})"
        if (own, text) not in node_of:
            made = gast.parse(text, mode="eval").body
            for part in gast.walk(made):
                gast.copy_location(part, node)
            body = [gast.copy_location(gast.Return(value=made.body), node)]
            node_of[own, text] = self.program.add_closure(
                define(own, made, body, self.frame.source, self.frame.scope, nested=True))
        made = node_of[own, text]
        frame = Frame(self.frame.source, self.frame.scope, made, frozenset((inner,)), Liveness([]), {inner: fn})
        return Closure(made, frame, ())

    def frozen(self, value: Value) -> Value:
        """A value with what it holds now, also in what functions capture."""
        copies: dict[Var, Var] = {}

        def still(v: Value) -> Value:
            v = self.fresh_list(v)
            if isinstance(v, Seq):
                return v.holding(v.items)
            if not isinstance(v, Var) or not isinstance(v.type, (Array, Unknown)) or rank(v.type) == 0 and not (
                    self.facts.may_be_box(v)):
                return v
            if v not in copies:
                # What is written into the array later does not count.
                copies[v] = self.op("copy", v, hint=v.hint)
            return copies[v]

        return remade(value, self.fresh_list, still)

    # The call of a derivative.

    def _call_Differentiable(self, fn: Differentiable, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.call_value(fn.fn, args, kwargs, node, hint)

    def _call_Derived(self, fn: Derived, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if not fn.steps:
            return self.call_value(fn.fn, args, kwargs, node, hint)
        return self.derived_call(fn, args, kwargs, node, hint, [])

    def derived_call(self, fn: Derived, args: Args, kwargs: Named, node: Any, hint: str, seeds: Seeds,
                     part: int | None = None) -> Value:
        """The call of a derivative.

        ``seeds`` are those of its last step, each with what it belongs to, ``part`` is what is wanted of its result.
        """
        info, values, closure = self.target(fn.fn, args, kwargs, node)
        names = self.names_of(fn.fn, node)
        for k in {k for step in fn.steps for k in step.wrt}:
            if k < len(names) and names[k] not in values:
                self.refuse_type(node, f"'{info.name}' is differentiated by an argument that is not given")
            if k < len(names) and not is_variable(values[names[k]]):
                self._refuse_variable(values[names[k]], names[k], info.name, node)
        instance, entry = self.opened(info, values, node, closure, False)
        if entry.template is None and entry.open:
            return Var(NOTHING, hint)
        if entry.trace is None:
            self.refuse(node, f"this is a derivative of '{info.name}' inside '{info.name}' itself",
                        "take the derivative outside")
        done = self._done_within(entry) if self.once_more else ()
        if done:
            self.refuse(node, f"the derivative of '{info.name}' is computed apart from its value here, and "
                              f"{done[0].removeprefix('.')} in it would run twice", "use grad or value_and_grad")
        made = self.made_derivative(fn, entry, names, part, node)
        return self._call_of(made, entry, instance, fn, seeds, part, node, hint)

    # Whether the function has run already, and its derivative is to be computed apart.
    once_more = False
    # Whether seeds are sure to have the shapes of what they belong to.
    trusting = False

    def _done_within(self, entry: Entry) -> tuple[str, ...]:
        """What a function does besides computing its result, itself or by others."""
        by_name = {e.name: e.trace for e in self.program.entries.values() if e.trace is not None}
        found, todo = dict[str, Trace](), [entry.trace]
        while todo:
            trace = todo.pop()
            if trace is not None and trace.name not in found:
                found[trace.name] = trace
                todo += [by_name.get(name) for name in called(trace.body)]
        return acts(found.values())

    def made_derivative(self, fn: Derived, entry: Entry, names: list[str], part: int | None, node: Any) -> Entry:
        """The trace of a derivative of a function, made at the first request."""
        assert entry.trace is not None
        inputs = [i.name for i in entry.trace.inputs]
        steps = tuple(replace(s, wrt=tuple(sorted(inputs.index(names[k]) for k in s.wrt))) for s in fn.steps)
        key = "derived", entry.key, steps, part
        found: Entry | None = self.program.entries.get(key)
        if found is None:
            if self.program.derive is None:
                self.refuse(node, "a derivative cannot be made here: the function is only read, not differentiated")
            with self.placed(node):
                found = self.program.derivative(entry, key, steps, part)
        return found

    def _call_of(self, made: Entry, entry: Entry, instance: Instance, fn: Derived, seeds: Seeds, part: int | None,
                 node: Any, hint: str) -> Value:
        trace, primal = made.trace, entry.trace
        assert trace is not None and primal is not None
        references = instance.operands
        args: list[Arg] = [*(self.now(a) if isinstance(a, Var) else a for a in references),
                           *(self.program.global_input(self, g) for g in entry.globals)]
        if seeds:
            args += (self.now(a) if isinstance(a, Var) else a for a in seeds_of(self, trace, seeds, node))
        roots = frozenset(r for a in args for r in self.facts.roots_of(a))
        value, targets = result_of(trace, instance, hint)
        for k, target in targets.items():
            owns = trace.given is not None and k not in trace.given or bool(entry.fresh) and all(entry.fresh)
            if rank(target.type) != 0:
                if owns:
                    self.facts.fresh.add(target)
                else:
                    self.facts.roots[target] = roots | {target}
        self.flow.add(Call(tuple(targets.values()), made.name, tuple(args), self.flow.site, self.flow.sweep))
        return self.as_shown(value, fn.view if part is None else SAME)

    def as_shown(self, value: Value, view: View) -> Value:
        """A result as the caller of the operator sees it."""
        if view == SAME:
            return value

        return _value(view.show(_plain(value)))

    def _hidden(self, value: Value, view: View) -> Value:
        """A seed for a result that is shown, as the derivative takes it."""
        return value if view == SAME else _value(view.hide(_plain(self.fresh_list(value))))

    def _refuse_variable(self, value: Value, name: str, fn: str, node: Any) -> Any:
        self.refuse_type(node, f"'{fn}' cannot be differentiated by '{name}', which is {describe_value(value)}",
                         "pass a float, an array of floats, or a tuple, list or dict of these")


def _plain(value: Value) -> Any:
    """Tuples of values as tuples."""
    is_tuple = isinstance(value, Seq) and value.kind == "tuple" and value.cls is None
    return tuple(map(_plain, value.items)) if is_tuple and isinstance(value, Seq) else value


def _value(made: Any) -> Value:
    return Seq(tuple(map(_value, made))) if isinstance(made, tuple) else made


def _has_stars(definition: Any) -> bool:
    return definition.args.vararg is not None or definition.args.kwarg is not None


class _Placed:
    """Errors of the interface become refusals of a place in the program."""

    def __init__(self, lowering: Any, node: Any) -> None:
        self.lowering, self.node = lowering, node

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, (ArgumentError, ValueArgumentError)):
            raise TypeRefusal(str(error), self.lowering.where(self.node)) from None
