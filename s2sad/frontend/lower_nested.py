"""The operators of s2sad inside a function: `grad`, `jvp`, `vjp` … with the arguments that they have outside."""

from __future__ import annotations

import inspect
from typing import Any

from s2sad.frontend.function_values import Derived, Differentiable, Linear, Partial, form_of, is_function
from s2sad.frontend.library import library_object
from s2sad.frontend.lower_derived import Derivatives
from s2sad.frontend.lower_functional import Args, Named
from s2sad.frontend.steps import Step
from s2sad.frontend.trees import is_variable, zeros
from s2sad.frontend.values import Library, Seq, Unusable, Value, describe_value
from s2sad.frontend.wrt import SAME, Chosen, View, Wrt, choose, one_of, parts
from s2sad.trace.ir import Lit


class Nested(Derivatives):
    """Handlers by canonical name, and the calls of what they return."""

    # The operators.

    def _builtin_s2sad_grad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._gradient("grad", self.options("grad", args, kwargs, node), node)

    def _builtin_s2sad_value_and_grad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._gradient("value_and_grad", self.options("value_and_grad", args, kwargs, node), node)

    def _gradient(self, kind: str, given: Named, node: Any) -> Value:
        inner, wrt, has_aux = self.derived(given["f"], node), self.wrt(given, node, 0), self._flag(given, "has_aux")
        chosen = self.chosen(inner, wrt, node)
        if isinstance(inner.view, Chosen) and not inner.view.lone and not has_aux:
            self.refuse_type(node, f"{kind} needs a function with a scalar result, and this one returns a tuple",
                             "use jacrev or vjp, or differentiate by one argument")
        if kind == "grad":
            seen: View = parts(chosen, SAME) if has_aux else SAME if chosen.is_plain else chosen
        else:
            seen = parts(inner.view, chosen)
        return Derived(inner.fn, (*inner.steps, Step(kind, chosen.ordered, has_aux,
                                                     self._flag(given, "holomorphic"))), seen)

    def _builtin_s2sad_differentiate(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.options("differentiate", args, kwargs, node)
        wrt = self.wrt(given, node, None)
        if "f" not in given or given["f"] == Lit(None):
            options = tuple((k, v) for k, v in kwargs.items())
            return Partial(Library("s2sad.differentiate"), (), options)
        return Differentiable(given["f"], form_of(wrt), self._flag(given, "has_aux"))

    def _builtin_s2sad_jvp(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.options("jvp", args, kwargs, node)
        primals, tangents = self._listed(given, "primals", node), self._listed(given, "tangents", node)
        y, y_dot = self._along(given["f"], primals, tangents, self._named(given), node, hint)
        return Seq((y, y_dot))

    def _along(self, f: Value, primals: Args, tangents: Args, kwargs: Named, node: Any,
               hint: str = "") -> tuple[Value, Value]:
        """The result of a function and its derivative along a direction."""
        if len(primals) != len(tangents):
            self.refuse_type(node, f"jvp needs one tangent for each primal (None for zero): {len(primals)} primals, "
                                   f"{len(tangents)} tangents")
        inner = self.derived(f, node)
        wrt = tuple(k for k, t in enumerate(tangents) if not (isinstance(t, Lit) and t.value is None))
        if not wrt:
            y = self.call_value(f, primals, kwargs, node, hint)
            return y, zeros(self, y, node)
        step = Derived(inner.fn, (*inner.steps, Step("jvp", wrt)), parts(inner.view, inner.view))
        made = self.derived_call(step, primals, kwargs, node, hint, [(tangents[k], primals[k]) for k in wrt])
        assert isinstance(made, Seq)
        return made.items[0], made.items[1]

    def _builtin_s2sad_hvp(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.options("hvp", args, kwargs, node)
        primals, tangents = self._listed(given, "primals", node), self._listed(given, "tangents", node)
        wrt = tuple(k for k, t in enumerate(tangents) if not (isinstance(t, Lit) and t.value is None))
        if not wrt:
            self.refuse_type(node, "hvp needs at least one tangent that is not None")
        gradient = self._gradient("grad", {"f": given["f"], "wrt": Seq(tuple(map(Lit, wrt))) if len(wrt) > 1
                                           else Lit(wrt[0])}, node)
        return self._along(gradient, primals, tangents, self._named(given), node, hint)[1]

    def _builtin_s2sad_vjp(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.options("vjp", args, kwargs, node)
        primals, named = self._listed(given, "primals", node), self._named(given)
        wrt = self.wrt(given, node, None)
        inner = self.derived(given["f"], node)
        if wrt is None:
            positions = tuple(k for k, p in enumerate(primals) if is_variable(p))
            if not positions:
                self.refuse_type(node, "vjp: no argument has a derivative", "pass floats, or arrays of floats")
        else:
            positions = self.chosen(inner, wrt, node).ordered
        return self.linear(given["f"], primals, named, positions, False, node, hint)

    def _builtin_s2sad_linearize(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.options("linearize", args, kwargs, node)
        primals = self._listed(given, "primals", node)
        return self.linear(given["f"], primals, {}, tuple(range(len(primals))), True, node, hint)

    def linear(self, f: Value, primals: Args, named: Named, positions: tuple[int, ...], forward: bool, node: Any,
               hint: str) -> Value:
        """The result of a function, and its derivative there."""
        return Seq(self.linear_at(f, primals, named, positions, forward, node, hint.partition(",")[0]))

    def linear_at(self, f: Value, primals: Args, named: Named, positions: tuple[int, ...], forward: bool, node: Any,
                  hint: str = "", at_once: bool = False) -> tuple[Value, Linear]:
        """The result of a function, and its derivative for what the arguments, and what it captures, hold now.

        If the derivative is used ``at_once``, nothing can change before.
        """
        still: Value = Seq((f, *primals, *named.values()))
        if not at_once:
            still = self.frozen(still)
        assert isinstance(still, Seq)
        kept = still.items[1:len(primals) + 1]
        others = tuple(zip(named, still.items[len(primals) + 1:]))
        y = self.call_value(f, primals, named, node, hint)
        return y, Linear(still.items[0], kept, others, Lit(None) if forward else self.deep(y), positions, forward)

    def _call_Linear(self, fn: Linear, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        count = len(fn.args) if fn.forward else 1
        if len(args) != count or kwargs:
            self.refuse_type(node, f"this takes {count} argument{'s' * (count != 1)}, not {len(args) + len(kwargs)}")
        before, self.once_more = self.once_more, True
        try:
            return self._linear(fn, args, node, hint)
        finally:
            self.once_more = before

    def _linear(self, fn: Linear, args: Args, node: Any, hint: str) -> Value:
        if fn.forward:
            return self._along(fn.fn, list(fn.args), args, dict(fn.kwargs), node, hint)[1]
        inner = self.derived(fn.fn, node)
        step = Derived(inner.fn, (*inner.steps, Step("vjp", fn.positions)), parts(inner.view, SAME))
        seed = self._hidden(args[0], inner.view), self._hidden(fn.result, inner.view)
        made = self.derived_call(step, list(fn.args), dict(fn.kwargs), node, hint, [seed], 1)
        bars = (made,) if len(fn.positions) == 1 else made.items  # type: ignore[union-attr]
        by_position = dict(zip(fn.positions, bars))
        return Seq(tuple(by_position.get(k, Lit(None)) for k in range(len(fn.args))))

    # A function that carries its derivatives.

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if isinstance(owner, Differentiable) and name in ("grad", "value_and_grad", "jacfwd", "jacrev", "hessian"):
            given: Named = {} if owner.wrt is None else {"wrt": self.from_object(owner.wrt)}
            if owner.has_aux and name.endswith("grad"):
                given["has_aux"] = Lit(True)
            return self.call_value(Library(f"s2sad.{name}"), [owner.fn], given, node)
        if isinstance(owner, Differentiable) and name in ("jvp", "vjp", "hvp", "linearize"):
            wrt = (("wrt", self.from_object(owner.wrt)),) if name == "vjp" and owner.wrt is not None else ()
            return Partial(Library(f"s2sad.{name}"), (owner.fn,), wrt)
        return super().attribute(owner, name, node, hint)

    # Their arguments.

    def options(self, name: str, args: Args, kwargs: Named, node: Any) -> Named:
        """The arguments of an operator by name."""
        _, operator = library_object(f"s2sad.{name}")
        try:
            given = inspect.signature(operator).bind(*args, **kwargs).arguments
        except TypeError as error:
            self.refuse_type(node, f"{name}: {error}")
        outputs, copy = given.get("outputs", Lit(None)), given.get("copy", Lit(True))
        if outputs != Lit(None) or copy != Lit(True):
            self.refuse(node, f"the options outputs and copy of {name} are not supported inside a function",
                        "let the function return what it computes")
        f = given.get("f")
        known = f is None or is_function(f) or isinstance(f, Unusable) or f == Lit(None)
        if f is not None and not known and self.special_method(f, "__call__", node) is None:
            self.refuse_type(node, f"{name} needs a function, not {describe_value(f)}")
        return dict(given)

    def _named(self, given: Named) -> Named:
        return dict(given.get("kwargs", {}))  # type: ignore[arg-type]

    def _listed(self, given: Named, what: str, node: Any) -> Args:
        items: Any = given.get(what, ())
        if isinstance(items, tuple):
            return list(items)
        items = self.fresh_list(items)
        if not isinstance(items, Seq) or items.kind not in ("tuple", "list"):
            self.refuse_type(node, f"{what} must be a tuple or list with one entry for each argument, not "
                                   f"{describe_value(items)}", f"write ({what[:-1]},)")
        return list(items.items)

    def _flag(self, given: Named, name: str) -> bool:
        value = given.get(name, Lit(False))
        return isinstance(value, Lit) and bool(value.value)

    def wrt(self, given: Named, node: Any, default: Wrt | None) -> Wrt | None:
        def plain(value: Value) -> Any:
            value = self.fresh_list(value)
            if isinstance(value, Seq) and value.kind in ("tuple", "list"):
                return tuple(map(plain, value.items))
            if isinstance(value, Lit):
                return value.value
            return self.demand(self.number(value, node), "it is what to differentiate by", node)

        with self.placed(node):
            return one_of(plain(given.get("wrt", Lit(None))), plain(given.get("argnums", Lit(None))), default)

    def chosen(self, f: Value, wrt: Wrt | None, node: Any) -> Chosen:
        assert wrt is not None
        wanted = (wrt,) if isinstance(wrt, (int, str)) else wrt
        if self.takes_any_number(f) and any(isinstance(k, int) and k < 0 for k in wanted):
            self.refuse(node, f"{self.called(f)} takes any number of arguments: which is the last depends on the call",
                        "count from the first: wrt=0")
        with self.placed(node):
            return choose(wrt, self.names_of(f, node), self.called(f))
