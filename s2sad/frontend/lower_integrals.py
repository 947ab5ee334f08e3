"""Integrals over an interval: `scipy.integrate.quad`, `quad_vec`, `fixed_quad`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sad.frontend import texts_integrals
from s2sad.frontend.function_values import Lifted, Partial, is_function
from s2sad.frontend.lower_operations import PACKED, PARTED, PULL, PUSH
from s2sad.frontend.lower_roots import RootFinders
from s2sad.frontend.lower_solve import Args, Bars, Named, Solver
from s2sad.frontend.trees import is_variable
from s2sad.frontend.values import Library, Poison, Seq, Unusable, Value
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Lit, Var
from s2sad.trace.types import FLOAT, UNKNOWN, Array, Dim, Opaque, Type, dims_of, rank

_QUAD, _QUAD_VEC = "scipy.integrate.quad", "scipy.integrate.quad_vec"
_WEIGHTS = ("weight", "wvar", "wopts", "maxp1", "limlst", "complex_func")
# What the integrals of derivatives share with the one that is differentiated.
_OPTIONS = ("epsabs", "epsrel", "limit", "points")


@dataclass(eq=False)
class Integral(Solver):
    """The integral of ``f`` from ``a`` to ``b``, and the estimate of its error, which counts as a constant."""

    f: str = "func"

    def integrand(self, low: Any) -> tuple[Lifted, Seq]:
        made: tuple[Lifted, Seq] = low.lifted(low.handed[self.f], 1, low.fresh_list(low.handed["args"]).items)
        return made

    def primal(self, low: Any) -> Value:
        g, theta = self.integrand(low)
        fn, t = low.callback(g, (FLOAT,), theta, low.node)
        single = self.name == _QUAD
        if single and rank(t) not in (0, None):
            low.refuse_type(low.node, f"the function that quad integrates must return a number, not {t!r}",
                            "use scipy.integrate.quad_vec")
        total: Type = FLOAT if single else UNKNOWN if rank(t) is None else Array("f8", dims_of(t))
        owner = self.call(low, {self.f: fn}, Opaque("tuple"), "integral")
        return Seq((low.part_of(owner, 0, total), low.part_of(owner, 1, FLOAT)))

    def same(self, low: Any, name: str) -> Partial:
        """The integrator with the options that it has here."""
        given = tuple((k, low.handed[k]) for k in _OPTIONS if k in low.handed and (k != "points" or name == self.name))
        return Partial(Library(name), (), given)

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        g, theta = self.integrand(low)
        assert isinstance(y, Seq)
        a, b = low.handed["a"], low.handed["b"]
        total: Value = NONE
        if theta.items:
            total = low.text(texts_integrals.inside_tangent, g, a, b, theta, dot(theta), PUSH,
                             self.same(low, self.name))
        for end, sign in ((a, "-"), (b, "+")):
            if dot(end) != NONE:
                part = low.text(texts_integrals.end_tangent, g, end, theta, dot(end), y.items[0])
                if total == NONE:
                    total = part if sign == "+" else low.op("neg", part)
                else:
                    total = low.op(sign, total, part)
        return Seq((total, NONE))

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        g, theta = self.integrand(low)
        assert isinstance(y_bar, Seq)
        bar, a, b = y_bar.items[0], low.handed["a"], low.handed["b"]
        found: list[tuple[Value, Value]] = []
        single = rank(type_of(bar)) == 0  # type: ignore[arg-type]
        if theta.items:
            ranks = [rank(type_of(c)) for c in theta.items]  # type: ignore[arg-type]
            one = single and (ranks == [0] or None in ranks)
            text = texts_integrals.inside_adjoint if one else texts_integrals.inside_adjoints if single else (
                texts_integrals.inside_adjoints_of_array)
            by = self.same(low, self.name if ranks == [0] else _QUAD_VEC)
            if one:
                found += ((c, low.text(text, g, a, b, theta, bar, Lit(k), PULL, by)) for k, c in enumerate(theta.items))
            else:
                flat = low.text(text, g, a, b, theta, bar, PULL, PACKED, by)
                found += zip(theta.items, low.call_value(PARTED, [flat, theta], {}, low.node).items)
        at_end = texts_integrals.end_adjoint if single else texts_integrals.end_adjoint_of_array
        for end, sign in ((a, "-"), (b, "+")):
            if isinstance(end, Var) and is_variable(end):
                part = low.text(at_end, g, end, theta, bar)
                found.append((end, low.op("neg", part) if sign == "-" else part))
        return found


class Integrals(RootFinders):
    """Handlers by canonical name."""

    def _builtin_scipy_integrate_quad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.given_to(_QUAD, args, kwargs, node, ("func",))
        for name in _WEIGHTS:
            if given.get(name, NONE) not in (NONE, Lit(False)):
                instead = "integrate the real and the imaginary part" if name == "complex_func" else (
                    "write the weight in the integrand")
                self.refuse(node, f"the argument '{name}' of quad is not supported", instead)
        if self.known_flag(given, "full_output", node):
            self.refuse(node, "full_output of quad is not supported", "leave it out")
        return self.solved(Integral(_QUAD, *self.parameters(_QUAD)), given, node, hint)

    def _builtin_scipy_integrate_quad_vec(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.given_to(_QUAD_VEC, args, kwargs, node, ("f",))
        if self.known_flag(given, "full_output", node):
            self.refuse(node, "full_output of quad_vec is not supported", "leave it out")
        return self.solved(Integral(_QUAD_VEC, *self.parameters(_QUAD_VEC), "f"), given, node, hint)

    def _builtin_scipy_integrate_fixed_quad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.given_to("scipy.integrate.fixed_quad", args, kwargs, node, ("func",))
        n = self.demand(self.number(given.get("n", Lit(5)), node), "it is the order of fixed_quad", node)
        owner = self.emitted("scipy.special.roots_legendre", (Lit(n),), {}, Opaque("tuple"), "nodes")
        x, w = (self.part_of(owner, k, Array("f8", (Dim.constant(n),))) for k in (0, 1))
        return self.text(texts_integrals.fixed_quad, given["func"], given["a"], given["b"], given["args"], x, w)

    def _builtin_scipy_integrate_dblquad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._nested("dblquad", texts_integrals.dblquad, ("gfun", "hfun"), args, kwargs, node)

    def _builtin_scipy_integrate_tplquad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._nested("tplquad", texts_integrals.tplquad, ("gfun", "hfun", "qfun", "rfun"), args, kwargs, node)

    def _nested(self, short: str, text: Any, limits: tuple[str, ...], args: Args, kwargs: Named, node: Any) -> Value:
        """Integrals inside of integrals; the limits of those are functions, or numbers."""
        name = f"scipy.integrate.{short}"
        given = self.given_to(name, args, kwargs, node, ("func",))
        ends = [given[k] if is_function(given[k]) or isinstance(given[k], Unusable)
                else self.text(texts_integrals.always, given[k]) for k in limits]
        options = {"epsabs": Lit(1.49e-8), "epsrel": Lit(1.49e-8)} | {k: v for k, v in given.items() if k in _OPTIONS}
        quad = Partial(Library(_QUAD), (), tuple(options.items()))
        total = self.text(text, given["func"], given["a"], given["b"], *ends, given["args"], quad)
        return Seq((total, Poison(f"the estimate of the error of {short} is not supported", "integrate by quad")))
