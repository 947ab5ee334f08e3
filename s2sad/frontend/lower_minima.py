"""Minimizers: `scipy.optimize.minimize` and `minimize_scalar`.

A minimizer is a root of the gradient.  What a result tells of the function there, such as ``fun``, is a function of the
minimizer and of what the function captures, and is differentiated as such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from s2sad.frontend import texts_minima, texts_roots
from s2sad.frontend.function_values import Lifted, Outcome
from s2sad.frontend.lower_ode import InitialValues
from s2sad.frontend.lower_operations import GRAD, JACOBIAN, PULL, PULL_ALL, PUSH
from s2sad.frontend.lower_roots import axes
from s2sad.frontend.lower_solve import Args, Bars, Named, Solver
from s2sad.frontend.trees import is_variable
from s2sad.frontend.values import Library, Seq, Unusable, Value
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import BOOL, INT, TEXT, Array, Opaque, Type, rank

F8 = Array("f8", ())
_INF = Lit(float("inf"))
_GRADIENTS = ("CG", "BFGS", "NEWTON-CG", "L-BFGS-B", "TNC", "SLSQP", "DOGLEG", "TRUST-NCG", "TRUST-EXACT",
              "TRUST-KRYLOV")
_OTHERS = ("NELDER-MEAD", "POWELL", "COBYLA", "COBYQA", "TRUST-CONSTR")
# Those that leave a component exactly at its bound.
_EXACT = ("L-BFGS-B", "TNC", "SLSQP", "NELDER-MEAD", "COBYQA")


@dataclass(eq=False)
class Minimum(Solver):
    """A minimizer, and what else is told, with the types."""

    f: str = "fun"
    pair: bool = False
    bounded: bool = False
    fields: dict[str, Type] = field(default_factory=dict)
    needed: tuple[str, ...] = ("fun", "args")

    def objective(self, low: Any, form: str = "") -> tuple[Value, Seq]:
        form = form or ("first" if self.pair else "")
        made: tuple[Lifted, Seq] = low.lifted(low.handed[self.f], 1, low.fresh_list(low.handed["args"]).items, form)
        return made

    def plain(self, low: Any) -> tuple[Value, Seq]:
        """The function as it is handed over."""
        return self.measured(low, "fun")

    def measured(self, low: Any, what: str) -> tuple[Value, Seq]:
        """What a field tells, as a function of the minimizer and of θ."""
        made, theta = self.objective(low)
        return (made if what == "fun" else self.gradient(low, made)), theta

    def gradient(self, low: Any, f: Value) -> Value:
        return low.call_value(GRAD, [f], {}, low.node)  # type: ignore[no-any-return]

    def x_type(self, low: Any) -> Array:
        return Array("f8", axes(low, low.handed["x0"]))

    def functions(self, low: Any) -> dict[str, Arg]:
        x = self.x_type(low)
        g, theta = self.objective(low, "pair" if self.pair else "")
        fn, t = low.callback(g, (x,), theta, low.node)
        if rank(t) not in (0, None):
            low.refuse_type(low.node, f"the function to minimize must return a number, not {t!r}", "return np.sum(...)")
        found: dict[str, Arg] = {self.f: fn}
        for name, more in (("jac", ()), ("hess", ()), ("hessp", (x,))):
            if name in low.handed and not isinstance(low.handed[name], Lit):
                g, theta = low.lifted(low.handed[name], 1 + len(more), low.fresh_list(low.handed["args"]).items)
                found[name] = low.callback(g, (x, *more), theta, low.node)[0]
        return found

    def primal(self, low: Any) -> Value:
        owner = self.call(low, self.functions(low), Opaque(self.name), "solution")
        return Seq(tuple(low.part_of(owner, k, t) for k, t in ({"x": self.x_type(low)} | self.fields).items()))

    # Bounds.

    def limits(self, low: Any) -> tuple[Value, Value]:
        """The lower and the upper bounds, as arrays, or lists of numbers."""
        given = low.fresh_list(low.handed["bounds"])
        if isinstance(given, Var):
            both = (low.op("getitem", given, options={"index": Tup((Slc(NONE, NONE, NONE), Lit(k)))}) for k in (0, 1))
            return tuple(both)
        pairs = [low.fresh_list(p).items for p in given.items]
        return Seq(tuple(p[0] for p in pairs), "list"), Seq(tuple(p[1] for p in pairs), "list")

    def masks(self, low: Any, y: Seq, x: Value) -> tuple[Value, Value]:
        """Which components lie at a lower, and at an upper bound."""
        return tuple(low.text(texts_minima.at_bound, x, as_array(low, side, sign), sign)
                     for side, sign in zip(self.limits(low), (Lit(-1.0), Lit(1.0))))

    # Derivatives.

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        assert isinstance(y, Seq)
        f, theta = self.objective(low)
        x, *others = y.items
        g = self.gradient(low, f)
        if self.bounded:
            side_dots = [as_array(low, dots_of(low, side, dot)) for side in self.limits(low)]
            x_dot = low.text(texts_minima.bounded_tangent, g, x, theta, dot(theta), *self.masks(low, y, x), *side_dots,
                             PUSH, JACOBIAN)
        elif theta.items:
            x_dot = low.text(texts_roots.system_tangent, g, x, theta, dot(theta), PUSH, JACOBIAN)
        else:
            return NONE
        return Seq((x_dot, *(NONE for _ in others)))

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        assert isinstance(y, Seq) and isinstance(y_bar, Seq)
        f, theta = self.objective(low)
        x, bar, g = y.items[0], y_bar.items[0], self.gradient(low, f)
        if self.bounded:
            made = low.text(texts_minima.bounded_adjoint, g, x, theta, bar, *self.masks(low, y, x), PULL_ALL, JACOBIAN)
            bars, *sides = made.items
            return (*zip(theta.items, bars.items), *self.side_bars(low, sides))
        if not theta.items:
            return ()
        bars = low.text(texts_roots.system_adjoint, g, x, theta, bar, PULL, JACOBIAN)
        return tuple(zip(theta.items, bars.items))

    def side_bars(self, low: Any, sides: Any) -> list[tuple[Value, Value]]:
        """The adjoints of bounds that move."""
        found: list[tuple[Value, Value]] = []
        for side, bar in zip(self.limits(low), sides):
            if isinstance(side, Seq):
                found += ((v, low.op("getitem", bar, options={"index": Lit(k)})) for k, v in enumerate(side.items)
                          if is_variable(v))
            elif is_variable(side):
                low.refuse_type(low.node, "bounds in an array are not supported", "give a list of pairs of numbers")
        return found


@dataclass(eq=False)
class MinimumOfNumber(Minimum):
    """A minimizer that is a number."""

    def x_type(self, low: Any) -> Array:
        return F8

    def limits(self, low: Any) -> tuple[Value, Value]:
        low_end, high_end = low.fresh_list(low.handed["bounds"]).items
        return low_end, high_end

    def masks(self, low: Any, y: Seq, x: Value) -> tuple[Value, Value]:
        options = low.handed.get("options", NONE)
        options = low.fresh_list(options)
        tolerance = options.item("xatol") if isinstance(options, Seq) else low.handed.get("tol")
        tolerance = Lit(1e-5) if tolerance is None or tolerance == NONE else tolerance
        return tuple(low.text(texts_minima.near_end, x, end, tolerance) for end in self.limits(low))

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        assert isinstance(y, Seq)
        f, theta = self.objective(low)
        x, *others = y.items
        g = self.gradient(low, f)
        if self.bounded:
            sides = (Lit(0.0) if (d := dot(side)) == NONE else d for side in self.limits(low))
            x_dot = low.text(texts_minima.bounded_number_tangent, g, x, theta, dot(theta), *self.masks(low, y, x),
                             *sides, PUSH, GRAD)
        elif theta.items:
            x_dot = low.text(texts_roots.number_tangent, g, x, theta, dot(theta), PUSH, GRAD)
        else:
            return NONE
        return Seq((x_dot, *(NONE for _ in others)))

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        assert isinstance(y, Seq) and isinstance(y_bar, Seq)
        f, theta = self.objective(low)
        x, bar, g = y.items[0], y_bar.items[0], self.gradient(low, f)
        if self.bounded:
            made = low.text(texts_minima.bounded_number_adjoint, g, x, theta, bar, *self.masks(low, y, x), PULL, GRAD)
            bars, *sides = made.items
            ends = ((end, side) for end, side in zip(self.limits(low), sides) if is_variable(end))
            return (*zip(theta.items, bars.items), *ends)
        if not theta.items:
            return ()
        return tuple(zip(theta.items, low.text(texts_roots.number_adjoint, g, x, theta, bar, PULL, GRAD).items))


@dataclass(eq=False)
class Measured(Solver):
    """What a solver tells of the function at its solution: ``told`` there, a function of ``at`` and of θ."""

    parent: Any = None
    what: str = ""

    def primal(self, low: Any) -> Value:
        # What its derivative reads from the module is a parameter of the function, too.
        f, theta = self.parent.plain(low)
        low.callback(f, (type_of(low.handed["at"]),), theta, low.node)
        return low.handed["told"]  # type: ignore[no-any-return]

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        f, theta = self.parent.measured(low, self.what)
        at = low.handed["at"]
        return low.call_value(PUSH, [f, Seq((at,)), theta, Seq((dot(at),)), dot(theta)], {}, low.node)  # type: ignore

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        f, theta = self.parent.measured(low, self.what)
        at = low.handed["at"]
        bars = low.call_value(PULL_ALL, [f, Seq((at,)), theta, y_bar], {}, low.node)
        return tuple(zip((at, *theta.items), bars.items))


class Minimizers(InitialValues):
    """Handlers by canonical name."""

    def _builtin_scipy_optimize_minimize(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.minimize"
        given = self.given_to(name, args, kwargs, node, ("fun", "jac", "hess", "hessp"))
        if given.get("constraints", NONE) != NONE and not self._is_empty(given["constraints"]):
            self.refuse(node, "constraints of minimize are not supported",
                        "solve the conditions of Karush, Kuhn and Tucker by scipy.optimize.root")
        if given.get("callback", NONE) != NONE:
            self.refuse(node, "a callback of minimize is not supported", "leave it out")
        bounded = given.get("bounds", NONE) != NONE
        if bounded:
            given["bounds"] = self._pairs(given["bounds"], given["x0"], node)
        method = given.get("method", NONE)
        short = ("L-BFGS-B" if bounded else "BFGS") if method == NONE else str(getattr(method, "value", "")).upper()
        if short not in (*_GRADIENTS, *_OTHERS):
            self.refuse(node, "this method of minimize is not supported",
                        "name one of SciPy's: 'BFGS', 'L-BFGS-B', 'Nelder-Mead', 'trust-exact' ...")
        if bounded and short not in _EXACT:
            self.refuse(node, f"bounds with the method {short} of minimize are not supported",
                        f"use one that ends at a bound exactly: {', '.join(_EXACT)}")
        solver = Minimum(name, *self.parameters(name), pair=given.get("jac") == Lit(True), bounded=bounded)
        solver.fields = {"fun": F8, "success": BOOL, "status": INT, "message": TEXT, "nfev": INT}
        if short in _GRADIENTS:
            solver.fields["jac"] = Array("f8", axes(self, given["x0"]))
        if short not in ("COBYLA",):
            solver.fields["nit"] = INT
        return self.minimum(solver, given, ("fun", "jac"), node, hint)

    def _builtin_scipy_optimize_Bounds(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        given = self.arguments("scipy.optimize.Bounds", args, kwargs, node)
        sides = (given.get("lb", Lit(-_INF.value)), given.get("ub", _INF))
        return Outcome(tuple(zip(("lb", "ub"), sides)), "Bounds")

    def _pairs(self, bounds: Value, start: Value, node: Any) -> Value:
        """Bounds as a list of pairs."""
        if isinstance(bounds, Unusable):
            self.refuse(node, "bounds that are an object from outside are not supported", "give a list of pairs")
        if not isinstance(bounds, Outcome):
            return bounds
        n = axes(self, start)[0]
        sides = [self.fresh_list(side) for _, side in bounds.fields]
        if not n.is_constant or any(isinstance(s, Var) and rank(s.type) != 0 for s in sides):
            self.refuse(node, "how many Bounds there are is not known when the derivative is compiled",
                        "give a list of pairs")
        columns = (side.items if isinstance(side, Seq) else (side,) * n.const for side in sides)
        return Seq(tuple(map(Seq, zip(*columns))), "list")

    def _is_empty(self, value: Value) -> bool:
        value = self.fresh_list(value)
        return isinstance(value, Seq) and not value.items

    def minimum(self, solver: Minimum, given: Named, told: tuple[str, ...], node: Any, hint: str) -> Value:
        """The result of a solver, in which what it has ``told`` of the function can be differentiated."""
        made = self.solved(solver, given, node, hint)
        if not isinstance(made, Seq):
            return made
        fields = dict(zip(("x", *solver.fields), made.items))
        for name in told:
            if name in fields:
                fields[name] = self.told(solver, name, fields[name], fields["x"], given, node)
        return Outcome(tuple(fields.items()))

    def told(self, solver: Minimum, name: str, value: Value, x: Value, given: Named, node: Any) -> Value:
        """What a solver tells of the function at the solution."""
        own = {k: v for k, v in given.items() if k in solver.needed}
        return self.solved(Measured(f"{solver.name}_{name}", parent=solver, what=name), {"told": value, "at": x, **own},
                           node, "")

    def _builtin_scipy_optimize_minimize_scalar(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.minimize_scalar"
        given = self.given_to(name, args, kwargs, node, ("fun",))
        method = given.get("method", NONE)
        bounded = given.get("bounds", NONE) != NONE
        if not isinstance(method, Lit):
            self.refuse(node, "this method of minimize_scalar is not supported", "name 'brent', 'golden' or 'bounded'")
        solver = MinimumOfNumber(name, *self.parameters(name), bounded=bounded)
        solver.fields = {"fun": F8, "success": BOOL, "message": TEXT, "nfev": INT, "nit": INT}
        return self.minimum(solver, given, ("fun",), node, hint)


def as_array(low: Any, value: Value, empty: Value = NONE) -> Value:
    """Numbers as an array; what is None among them is infinite, with the sign of ``empty``, or zero."""
    value = low.fresh_list(value)
    if not isinstance(value, Seq):
        return value
    none = Lit(0.0) if empty == NONE else Lit(empty.value * _INF.value)  # type: ignore[union-attr]
    items = tuple(none if v == NONE else v for v in value.items)
    return low.call_value(Library("np.array"), [Seq(items, "list"), Library("float")], {}, low.node)  # type: ignore


def dots_of(low: Any, value: Value, dot: Callable[[Value], Value]) -> Value:
    """The tangents of numbers."""
    return Seq(tuple(map(dot, value.items)), "list") if isinstance(value, Seq) else dot(value)
