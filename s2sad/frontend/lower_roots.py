"""Roots of equations and fixed points: `scipy.optimize.brentq`, `newton`, `root`, `fixed_point` and their like.

A root depends on what the function captures, and not on where the search begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from s2sad.frontend import texts_roots
from s2sad.frontend.function_values import Lifted, Outcome
from s2sad.frontend.lower_operations import GRAD, JACOBIAN, PULL, PUSH
from s2sad.frontend.lower_solve import Args, Bars, Named, Solver, Solving
from s2sad.frontend.values import Seq, Value, is_number
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Lit, Tup, Var
from s2sad.trace.types import BOOL, FLOAT, INT, TEXT, Array, Dim, Opaque, Type, dims_of, fresh_dim, kind_of, rank

_F8 = Array("f8", ())
_TEXTS = {"number": (texts_roots.number_tangent, texts_roots.number_adjoint, GRAD),
          "elements": (texts_roots.elements_tangent, texts_roots.elements_adjoint, PUSH),
          "system": (texts_roots.system_tangent, texts_roots.system_adjoint, JACOBIAN),
          "fixed_number": (texts_roots.fixed_number_tangent, texts_roots.fixed_number_adjoint, GRAD),
          "fixed_system": (texts_roots.fixed_system_tangent, texts_roots.fixed_system_adjoint, JACOBIAN)}


@dataclass(eq=False)
class Root(Solver):
    """A root, or fixed point, of the function ``f`` among the operands.

    ``kind`` is a ``number``, ``elements`` (an array of roots of one equation each) or a ``system``.  ``others`` are
    further functions of x.  ``fields`` are parts of what the solver gives, with their types, None for that of x.
    """

    kind: str = "number"
    f: str = "f"
    others: tuple[str, ...] = ()
    pair: bool = False
    number: Type = FLOAT
    fields: dict[str | int, Type | None] = field(default_factory=dict)

    def x_type(self, low: Any) -> Type:
        if self.kind in ("number", "fixed_number"):
            return self.number
        return Array("f8", axes(low, low.handed["x0"]))

    def residual(self, low: Any, form: str = "") -> tuple[Lifted, Seq]:
        form = form or ("first" if self.pair else "vector" if self.kind == "system" else "")
        made: tuple[Lifted, Seq] = low.lifted(low.handed[self.f], 1, low.fresh_list(low.handed["args"]).items, form)
        return made

    def primal(self, low: Any) -> Value:
        x = self.x_type(low)
        g, theta = self.residual(low, "pair" if self.pair else "")
        fn, t = low.callback(g, (x,), theta, low.node)
        if not self.pair and self.kind.endswith("number") and rank(t) not in (0, None):
            low.refuse_type(low.node, f"the function that {self.name} solves must return a number, not {t!r}")
        functions = {self.f: fn}
        for name in self.others:
            if name in low.handed and not isinstance(low.handed[name], Lit):
                g, theta = low.lifted(low.handed[name], 1, low.fresh_list(low.handed["args"]).items)
                functions[name] = low.callback(g, (x,), theta, low.node)[0]
        if not self.fields:
            return self.call(low, functions, x)
        owner = self.call(low, functions, Opaque(self.name), "solution")
        return Seq(tuple(low.part_of(owner, name, x if t is None else t) for name, t in self.fields.items()))

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        g, theta = self.residual(low)
        if not theta.items:
            return NONE
        x = y.items[0] if isinstance(y, Seq) else y
        text, _, operator = _TEXTS[self.kind]
        operators = (PUSH,) if operator is PUSH else (PUSH, operator)
        x_dot: Value = low.text(text, g, x, theta, dot(theta), *operators)
        return Seq((x_dot, *(NONE for _ in y.items[1:]))) if isinstance(y, Seq) else x_dot

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        g, theta = self.residual(low)
        if not theta.items:
            return ()
        if isinstance(y, Seq) and isinstance(y_bar, Seq):
            y, y_bar = y.items[0], y_bar.items[0]
        _, text, operator = _TEXTS[self.kind]
        operators = (PUSH, PULL) if operator is PUSH else (PULL, operator)
        bars = low.text(text, g, y, theta, y_bar, *operators)
        return tuple(zip(theta.items, bars.items))


def axes(low: Any, start: Value) -> tuple[Dim, ...]:
    """The axes of a point to start from, which a number or list may be, too."""
    operand = low.operand(start, low.node)
    if isinstance(operand, Tup):
        if not all(rank(type_of(i)) == 0 for i in operand.items):
            low.refuse_type(low.node, "a point to start from that is a list of lists is not supported here",
                            "make it an array: np.array(...)")
        return (Dim.constant(len(operand.items)),)
    t = type_of(operand)
    if rank(t) is None:
        return (fresh_dim(),)
    if len(dims_of(t)) > 1:
        low.refuse_type(low.node, f"a point to start from of type {t!r} is not supported", "use an array of one axis: "
                        "x0.ravel()")
    if isinstance(t, Array) and t.dtype[0] not in "fiub" or isinstance(t, Array) and t.dtype in ("f4", "f2"):
        low.refuse_type(low.node, f"a point to start from of the dtype {t.dtype} is not supported",
                        "use float64: x0.astype(float)")
    return dims_of(t) or (Dim.constant(1),)


class RootFinders(Solving):
    """Handlers by canonical name."""

    def given_to(self, name: str, args: Args, kwargs: Named, node: Any, functions: Sequence[str]) -> Named:
        """The arguments of a solver by name, with those that are functions."""
        given = self.arguments(name, args, kwargs, node)
        for key in functions:
            if key in given and given[key] != NONE and not self._is_flag(given[key]):
                given[key] = self.function_value(given[key], node, f"{key} of {name.rpartition('.')[2]}")
        return given | self.further(given)

    def _is_flag(self, value: Value) -> bool:
        return isinstance(value, Lit) and isinstance(value.value, (bool, str))

    def known_flag(self, given: Named, name: str, node: Any) -> bool:
        """Whether an argument is true, which must be known at compile time."""
        value = given.get(name, Lit(False))
        return bool(self.demand(self.number(value, node), f"it is the argument '{name}'", node))

    def _between(self, short: str, args: Args, kwargs: Named, node: Any, hint: str, number: Type = FLOAT) -> Value:
        """A root of one equation between two numbers."""
        name = f"scipy.optimize.{short}"
        given = self.given_to(name, args, kwargs, node, ("f",))
        solver = Root(name, *self.parameters(name), number=number)
        if not self.known_flag(given, "full_output", node):
            return self.solved(solver, given, node, hint)
        solver.fields = {0: number, 1: Opaque("scipy.optimize.RootResults")}
        return self._with_report(self.solved(solver, given, node, hint), number, node)

    def _with_report(self, made: Value, number: Type, node: Any) -> Value:
        if not isinstance(made, Seq):
            return made
        x, report = made.items
        return Seq((x, self._report(report, x)))

    def _report(self, report: Value, x: Value) -> Outcome:
        """RootResults, of which the root has a derivative."""
        fields: dict[str, Type] = {"iterations": INT, "function_calls": INT, "converged": BOOL, "flag": TEXT,
                                   "method": TEXT}
        assert isinstance(report, Var)
        parts = tuple((k, self.part_of(report, k, t)) for k, t in fields.items())
        return Outcome((("root", x), *parts), "RootResults")

    def _builtin_scipy_optimize_brentq(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._between("brentq", args, kwargs, node, hint)

    def _builtin_scipy_optimize_brenth(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._between("brenth", args, kwargs, node, hint)

    def _builtin_scipy_optimize_bisect(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._between("bisect", args, kwargs, node, hint)

    def _builtin_scipy_optimize_ridder(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._between("ridder", args, kwargs, node, hint)

    def _builtin_scipy_optimize_toms748(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._between("toms748", args, kwargs, node, hint, _F8)

    def _builtin_scipy_optimize_root_scalar(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.root_scalar"
        given = self.given_to(name, args, kwargs, node, ("f", "fprime", "fprime2"))
        method = given.get("method", NONE)
        exact = isinstance(method, Lit) and str(method.value).lower() in ("bisect", "brentq", "brenth", "ridder")
        by_bracket = method == NONE and given.get("bracket", NONE) != NONE
        number = FLOAT if exact or by_bracket else _F8
        pair = isinstance(given.get("fprime"), Lit) and given["fprime"] == Lit(True)
        solver = Root(name, *self.parameters(name), others=("fprime", "fprime2"), pair=pair, number=number)
        solver.fields = {"root": number, "iterations": INT, "function_calls": INT, "converged": BOOL, "flag": TEXT,
                         "method": TEXT}
        return self.outcome(self.solved(solver, given, node, hint), solver.fields, "RootResults")

    def outcome(self, made: Value, names: Sequence[Any] | dict[Any, Any], cls: str = "OptimizeResult") -> Value:
        return Outcome(tuple(zip(map(str, names), made.items)), cls) if isinstance(made, Seq) else made

    def _builtin_scipy_optimize_newton(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.newton"
        given = self.given_to(name, args, kwargs, node, ("func", "fprime", "fprime2"))
        start = self.number(given["x0"], node, "newton starts from a number or array")
        if kind_of(type_of(start)) == "complex":
            self.refuse_type(node, "complex roots are not supported",
                             "solve for the real and the imaginary part by root")
        single = rank(type_of(start)) == 0
        others = ("fprime", "fprime2")
        solver = Root(name, *self.parameters(name), "number" if single else "elements", "func", others, number=_F8)
        if not self.known_flag(given, "full_output", node):
            return self.solved(solver, given, node, hint)
        if single:
            solver.fields = {0: _F8, 1: Opaque("scipy.optimize.RootResults")}
            return self._with_report(self.solved(solver, given, node, hint), _F8, node)
        dims = dims_of(type_of(start))
        solver.fields = {0: None, 1: Array("b1", dims), 2: Array("b1", dims)}
        return self.solved(solver, given, node, hint)

    def _builtin_scipy_optimize_root(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.root"
        given = self.given_to(name, args, kwargs, node, ("fun", "jac"))
        if given.get("callback", NONE) != NONE:
            self.refuse(node, "a callback of root is not supported", "leave it out")
        pair = given.get("jac") == Lit(True)
        solver = Root(name, *self.parameters(name), "system", "fun", ("jac",), pair)
        solver.fields = {"x": None, "success": BOOL, "status": INT, "message": TEXT, "method": TEXT, "fun": None}
        method = given.get("method", Lit("hybr"))
        counts = isinstance(method, Lit) and str(method.value).lower() in ("hybr", "lm")
        solver.fields["nfev" if counts else "nit"] = INT
        return self.outcome(self.solved(solver, given, node, hint), solver.fields)

    def _builtin_scipy_optimize_fsolve(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.fsolve"
        given = self.given_to(name, args, kwargs, node, ("func", "fprime"))
        solver = Root(name, *self.parameters(name), "system", "func", ("fprime",))
        if not self.known_flag(given, "full_output", node):
            return self.solved(solver, given, node, hint)
        solver.fields = {0: None, 1: Opaque("dict"), 2: INT, 3: TEXT}
        made = self.solved(solver, given, node, hint)
        if not isinstance(made, Seq):
            return made
        x, _, flag, message = made.items
        return Seq((x, Outcome((), "dict of SciPy's"), flag, message))

    def _builtin_scipy_optimize_fixed_point(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        name = "scipy.optimize.fixed_point"
        given = self.given_to(name, args, kwargs, node, ("func",))
        single = is_number(given["x0"]) and rank(type_of(given["x0"])) == 0  # type: ignore[arg-type]
        solver = Root(name, *self.parameters(name), "fixed_number" if single else "fixed_system", "func", number=_F8)
        return self.solved(solver, given, node, hint)
