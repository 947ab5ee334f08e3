"""Least squares: `scipy.optimize.least_squares`, `leastsq`, `curve_fit`, as minimizers of half the sum of squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s2sad.frontend import texts_minima
from s2sad.frontend.function_values import Composed, Lifted, Outcome
from s2sad.frontend.lower_minima import F8, Minimizers, Minimum, as_array
from s2sad.frontend.lower_operations import GRAD, JACOBIAN
from s2sad.frontend.lower_roots import axes
from s2sad.frontend.lower_solve import Args, Named
from s2sad.frontend.trees import is_variable
from s2sad.frontend.values import Seq, Value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import BOOL, INT, TEXT, Array, Dim, Opaque, Type, dims_of, rank

_LOSSES = {"linear": texts_minima.half_square, "soft_l1": texts_minima.soft_l1, "huber": texts_minima.huber,
           "cauchy": texts_minima.cauchy, "arctan": texts_minima.arctan}


@dataclass(eq=False)
class Squares(Minimum):
    """A minimizer of least squares; ``loss`` says of what, with a ``scale``."""

    loss: str = "linear"
    scale: float = 1.0

    def residuals(self, low: Any) -> tuple[Lifted, Seq]:
        made: tuple[Lifted, Seq] = low.lifted(low.handed[self.f], 1, low.fresh_list(low.handed["args"]).items, "vector")
        return made

    def objective(self, low: Any, form: str = "") -> tuple[Value, Seq]:
        made, theta = self.residuals(low)
        scale = (Lit(self.scale),) if self.loss != "linear" else ()
        return Composed(made, _LOSSES[self.loss], scale), theta

    def plain(self, low: Any) -> tuple[Value, Seq]:
        return self.residuals(low)

    def measured(self, low: Any, what: str) -> tuple[Value, Seq]:
        if what == "fun":
            return self.residuals(low)
        cost, theta = self.objective(low)
        return (cost if what == "cost" else low.call_value(GRAD, [cost], {}, low.node)), theta

    def functions(self, low: Any) -> dict[str, Arg]:
        x = self.x_type(low)
        r, theta = self.residuals(low)
        fn, t = low.callback(r, (x,), theta, low.node)
        found: dict[str, Arg] = {self.f: fn}
        self.dims = dims_of(t)
        for name in ("jac", "Dfun"):
            if name in low.handed and not isinstance(low.handed[name], Lit):
                g, captured = low.lifted(low.handed[name], 1, low.fresh_list(low.handed["args"]).items)
                found[name] = low.callback(g, (x,), captured, low.node)[0]
        return found

    dims: tuple[Dim, ...] = ()

    def primal(self, low: Any) -> Value:
        functions, x = self.functions(low), self.x_type(low)
        owner = self.call(low, functions, Opaque(self.name), "solution")
        told: dict[str, Type] = {"x": x, "fun": Array("f8", self.dims), "grad": x, "active_mask": Array("i8", x.dims),
                                 **self.fields}
        return Seq(tuple(low.part_of(owner, k, t) for k, t in told.items()))

    def limits(self, low: Any) -> tuple[Value, Value]:
        low_side, high_side = low.fresh_list(low.handed["bounds"]).items
        return low_side, high_side

    def masks(self, low: Any, y: Seq, x: Value) -> tuple[Value, Value]:
        mask = y.items[3]
        return low.op("<", mask, Lit(0)), low.op(">", mask, Lit(0))


@dataclass(eq=False)
class Leastsq(Squares):
    """The minimizer that `leastsq` gives, alone or with a report."""

    whole: tuple[Type, ...] = ()

    def primal(self, low: Any) -> Value:
        functions, x = self.functions(low), self.x_type(low)
        owner = self.call(low, functions, Opaque("tuple"), "solution")
        return Seq(tuple(low.part_of(owner, k, t) for k, t in enumerate((x, *self.whole))))


@dataclass(eq=False)
class Curve(Squares):
    """The parameters of a curve, and their covariance."""

    count: int = 0

    def further(self, low: Any) -> tuple[Value, ...]:
        return ()

    def residuals(self, low: Any) -> tuple[Lifted, Seq]:
        sigma = low.handed.get("sigma", NONE)
        sigma = NONE if sigma == NONE else as_array(low, sigma)
        texts = texts_minima.curve, texts_minima.weighted_curve, texts_minima.correlated_curve
        text = texts[0 if sigma == NONE else rank(type_of(sigma)) or 1]  # type: ignore[arg-type]
        data = as_array(low, low.handed["xdata"]), as_array(low, low.handed["ydata"])
        r = low.text(text, low.handed["f"], *data, *(() if sigma == NONE else (sigma,)))
        made: tuple[Lifted, Seq] = low.lifted(r, 1)
        return made

    def measured(self, low: Any, what: str) -> tuple[Value, Seq]:
        r, theta = self.residuals(low)
        absolute = low.handed.get("absolute_sigma", Lit(False)) == Lit(True)
        text = texts_minima.absolute_covariance if absolute else texts_minima.covariance
        return Composed(r, text, (JACOBIAN,), True), theta

    def primal(self, low: Any) -> Value:
        x = type_of(as_array(low, low.handed["xdata"]))  # type: ignore[arg-type]
        f, theta = low.lifted(low.handed["f"], 1 + self.count)
        functions = {"f": low.callback(f, (x, *(F8,) * self.count), theta, low.node)[0]}
        if low.handed.get("jac", NONE) != NONE and not isinstance(low.handed["jac"], Lit):
            g, captured = low.lifted(low.handed["jac"], 1 + self.count)
            functions["jac"] = low.callback(g, (x, *(F8,) * self.count), captured, low.node)[0]
        n = Dim.constant(self.count)
        owner = self.call(low, functions, Opaque("tuple"), "fitted")
        return Seq((low.part_of(owner, 0, Array("f8", (n,))), low.part_of(owner, 1, Array("f8", (n, n)))))


class LeastSquares(Minimizers):
    """Handlers by canonical name."""

    def _builtin_scipy_optimize_least_squares(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.least_squares"
        given = self.given_to(name, args, kwargs, node, ("fun", "jac"))
        for unknown in ("kwargs", "callback"):
            if given.get(unknown, NONE) != NONE:
                self.refuse(node, f"the argument '{unknown}' of least_squares is not supported", "leave it out")
        loss = given.get("loss", Lit("linear"))
        if not isinstance(loss, Lit) or loss.value not in _LOSSES:
            self.refuse(node, "this loss of least_squares is not supported", f"name one of {', '.join(_LOSSES)}")
        scale = self.demand(self.number(given.get("f_scale", Lit(1.0)), node), "it is f_scale", node)
        bounds = self.fresh_list(given.get("bounds", NONE))
        if bounds != NONE and not (isinstance(bounds, Seq) and len(bounds.items) == 2 and not is_variable(bounds)):
            if not isinstance(bounds, Seq) or any(isinstance(v, Var) for v in bounds.items):
                self.refuse(node, "bounds in arrays are not supported", "give two numbers, or two lists of them")
        solver = Squares(name, *self.parameters(name, ("args", "kwargs")), bounded=bounds != NONE, loss=loss.value,
                         scale=float(scale))
        solver.fields = {"cost": F8, "optimality": F8, "nfev": INT, "status": INT, "message": TEXT, "success": BOOL}
        made = self.solved(solver, given, node, hint)
        if not isinstance(made, Seq):
            return made
        fields = dict(zip(("x", "fun", "grad", "active_mask", *solver.fields), made.items))
        for told in ("fun", "grad", "cost"):
            fields[told] = self.told(solver, told, fields[told], fields["x"], given, node)
        del fields["optimality"]
        return Outcome(tuple(fields.items()))

    def _builtin_scipy_optimize_leastsq(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.leastsq"
        given = self.given_to(name, args, kwargs, node, ("func", "Dfun"))
        if self.known_flag(given, "col_deriv", node):
            self.refuse(node, "col_deriv of leastsq is not supported", "leave it out")
        report = self.known_flag(given, "full_output", node)
        n = axes(self, given["x0"])[0]
        whole: tuple[Type, ...] = (Array("f8", (n, n)), Opaque("dict"), TEXT, INT) if report else (INT,)
        made = self.solved(Leastsq(name, *self.parameters(name), f="func", whole=whole), given, node, hint)
        if not isinstance(made, Seq) or not report:
            return made
        return Seq((made.items[0], Outcome((), "matrix cov_x"), Outcome((), "dict of SciPy's"), *made.items[3:]))

    def _builtin_scipy_optimize_curve_fit(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.curve_fit"
        given = self.given_to(name, args, kwargs, node, ("f", "jac"))
        given |= given.pop("kwargs", {})  # type: ignore[arg-type]
        if given.get("bounds", NONE) != NONE:
            self.refuse(node, "bounds of curve_fit are not supported", "use scipy.optimize.least_squares")
        if self.known_flag(given, "full_output", node):
            self.refuse(node, "full_output of curve_fit is not supported", "leave it out")
        start = given.get("p0", NONE)
        if start == NONE:
            count = len(self.names_of(given["f"], node)) - 1
        else:
            n = axes(self, start)[0]
            if not n.is_constant:
                self.refuse_type(node, "how many parameters the curve has must be known",
                                 "give a list of numbers as p0, or leave it out")
            count = n.const
        known = self.parameters(name, ("args", "kwargs"))
        more = tuple(k for k in given if k not in (*known[0], *known[1], "args"))
        solver = Curve(name, known[0], (*known[1], *more), count=count, f="f")
        solver.needed = ("f", "xdata", "ydata", "sigma", "absolute_sigma", "args")
        made = self.solved(solver, given, node, hint)
        if is_bottom(made) or not isinstance(made, Seq):
            return made
        popt, pcov = made.items
        return Seq((popt, self.told(solver, "pcov", pcov, popt, given, node)))
