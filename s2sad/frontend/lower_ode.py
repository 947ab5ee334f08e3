"""Initial value problems: `scipy.integrate.solve_ivp` and `odeint`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sad.frontend import texts_ode
from s2sad.frontend.function_values import Lifted, Outcome, Partial
from s2sad.frontend.lower_integrals import Integrals
from s2sad.frontend.lower_operations import JACOBIAN, PACKED, PARTED, PULL_ALL, PUSH
from s2sad.frontend.lower_roots import axes
from s2sad.frontend.lower_solve import Args, Bars, Named, Solver
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.trees import is_variable
from s2sad.frontend.values import Fixed, Library, Python, Seq, Value, describe_value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import BOOL, FLOAT, INT, TEXT, Array, Dim, Opaque, Type, dims_of, fresh_dim, kind_of, rank

_IVP, _ODEINT = "scipy.integrate.solve_ivp", "scipy.integrate.odeint"
_EXPLICIT = ("RK23", "RK45", "DOP853")
_METHODS = (*_EXPLICIT, "Radau", "BDF", "LSODA")


@dataclass(eq=False)
class InitialValue(Solver):
    """The solution of an initial value problem: the times, the columns of y, and reports."""

    method: str = "RK45"

    # What there is among the operands.

    def rates(self, low: Any) -> tuple[Lifted, Seq]:
        made: tuple[Lifted, Seq] = low.lifted(low.handed["fun"], 2, self.further(low))
        return made

    def further(self, low: Any) -> tuple[Value, ...]:
        return low.fresh_list(low.handed["args"]).items  # type: ignore[no-any-return]

    def start(self, low: Any) -> Var:
        """The initial values as an array."""
        return _as_array(low, low.handed["y0"])

    def begin(self, low: Any) -> Value:
        return low.fresh_list(low.handed["t_span"]).items[0]  # type: ignore[no-any-return]

    def times(self, low: Any) -> Value | None:
        """The times of output, if they are given."""
        given = low.handed.get("t_eval", NONE)
        return None if given == NONE else given

    def options(self, low: Any) -> tuple[tuple[str, Value], ...]:
        """What integrations of derivatives share with this one."""
        names = ("method", "rtol", "atol", "max_step", "min_step")
        given = {k: low.handed[k] for k in names if k in low.handed}
        tolerance = given.get("atol")
        if tolerance is not None and not isinstance(tolerance, Fixed) and rank(type_of(low.argument(tolerance))) != 0:
            given["atol"] = low.call_value(Library("np.min"), [tolerance], {}, low.node)
        return tuple(given.items())

    def solver(self, low: Any) -> Value:
        return Partial(Library(self.name), (), self.options(low))

    def solve(self, low: Any) -> Value:
        """``solve(fun, t0, t, start)``."""
        return Partial(_python(texts_ode.by_solve_ivp), (self.solver(low),))

    # What it is.

    def primal(self, low: Any) -> Value:
        g, theta = self.rates(low)
        dims = axes(low, low.handed["y0"])
        state = Array("f8", dims)
        functions = {"fun": low.callback(g, (FLOAT, state), theta, low.node)[0]}
        if low.handed.get("jac", NONE) != NONE and not isinstance(low.handed["jac"], Var):
            made, captured = low.lifted(low.handed["jac"], 2, self.further(low))
            functions["jac"] = low.callback(made, (FLOAT, state), captured, low.node)[0]
        return self.results(low, functions, dims)

    def results(self, low: Any, functions: dict[str, Arg], dims: tuple[Dim, ...]) -> Value:
        times = self.times(low)
        count = axes(low, times)[0] if times is not None else fresh_dim()
        owner = self.call(low, functions, Opaque(self.name), "solution")
        fields: dict[str, Type] = {"t": Array("f8", (count,)), "y": Array("f8", (*dims, count)), **REPORT}
        return Seq(tuple(low.part_of(owner, name, t, name if name in ("t", "y") else "") for name, t in fields.items()))

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        assert isinstance(y, Seq)
        f, theta = self.rates(low)
        t, columns, *others = y.items
        start, t0, last = self.start(low), self.begin(low), self.end(low)
        t0_dot, end_dot = dot(t0), dot(last)
        start_dot = _dot_of(low, low.handed["y0"], dot)
        times = self.times(low)
        times_dot = NONE if times is None else _dot_of(low, times, dot)
        t_dot: Value = NONE
        y_dot: Value = NONE
        if theta.items or start_dot != NONE or t0_dot != NONE:
            seed = low.op("np.zeros_like", start) if start_dot == NONE else start_dot
            if t0_dot != NONE:
                rate = low.call_value(f, [t0, start, *theta.items], {}, low.node)
                seed = low.op("-", seed, low.op("*", rate, t0_dot))
            y_dot = low.text(texts_ode.tangent, f, t0, start, theta, t, seed, dot(theta), PUSH, self.solve(low))
        if times is not None and times_dot != NONE:
            y_dot = low.op("np.zeros_like", columns) if y_dot == NONE else y_dot
            y_dot, t_dot = low.text(texts_ode.moved, f, t, columns, y_dot, theta, times_dot), times_dot
        if times is None and (t0_dot != NONE or end_dot != NONE):
            first, final = (Lit(0.0) if d == NONE else d for d in (t0_dot, end_dot))
            y_dot = low.op("np.zeros_like", columns) if y_dot == NONE else y_dot
            y_dot = low.text(texts_ode.moved_ends, f, t, columns, y_dot, theta, first, final)
            t_dot = low.text(texts_ode.ends, t, first, final)
        return Seq((t_dot, y_dot, *(NONE for _ in others)))

    def end(self, low: Any) -> Value:
        return low.fresh_list(low.handed["t_span"]).items[1]  # type: ignore[no-any-return]

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        assert isinstance(y, Seq) and isinstance(y_bar, Seq)
        f, theta = self.rates(low)
        t, columns, t_bar, bar = *y.items[:2], *y_bar.items[:2]
        start, t0, last, times = self.start(low), self.begin(low), self.end(low), self.times(low)
        start_bar, flat = self.swept(low, f, theta, t, columns, bar).items
        found: list[tuple[Value, Value]] = [(low.handed["y0"], _like(low, start_bar, low.handed["y0"]))]
        if theta.items:
            found += zip(theta.items, low.call_value(PARTED, [flat, theta], {}, low.node).items)
        if is_variable(t0):
            found.append((t0, low.op("neg", low.text(texts_ode.rate, f, t0, start, theta, start_bar))))
        if times is not None and is_variable(times):
            own = low.op("+", low.text(texts_ode.time_adjoints, f, t, columns, theta, bar), t_bar)
            found.append((times, _like(low, own, times)))
        for k, end in ((0, t0), (-1, last)):
            if times is None and is_variable(end):
                column = Tup((Slc(NONE, NONE, NONE), Lit(k)))
                at, state, seed, more = (low.op("getitem", v, options={"index": i}) for v, i in (
                    (t, Lit(k)), (columns, column), (bar, column), (t_bar, Lit(k))))
                found.append((end, low.op("+", low.text(texts_ode.rate, f, at, state, theta, seed), more)))
        return found

    def swept(self, low: Any, f: Lifted, theta: Seq, t: Value, columns: Value, bar: Value) -> Seq:
        """The adjoints of the initial values, and those of θ as one vector."""
        operands = f, self.begin(low), self.start(low), theta, t, columns, bar, low.size_of(theta, low.node)
        if self.method in _EXPLICIT:
            text = texts_ode.adjoint if self.times(low) is None else texts_ode.adjoint_between
            made: Seq = low.text(text, *operands, PULL_ALL, PACKED, self.solver(low))
            return made
        return sensitivities(low, operands, self.solve(low))


@dataclass(eq=False)
class Odeint(InitialValue):
    """The solution at given times, of which the first is where it begins: one row for each."""

    tfirst: bool = False
    report: bool = False

    def rates(self, low: Any) -> tuple[Lifted, Seq]:
        form = "" if self.tfirst else "flipped"
        made: tuple[Lifted, Seq] = low.lifted(low.handed["func"], 2, self.further(low), form)
        return made

    def begin(self, low: Any) -> Value:
        return low.subscript(low.handed["t"], Lit(0), low.node)  # type: ignore[no-any-return]

    def options(self, low: Any) -> tuple[tuple[str, Value], ...]:
        return tuple((k, v) for k, v in super().options(low) if k in ("rtol", "atol")) + tuple(
            (k, low.handed[k]) for k in ("hmax", "hmin", "mxstep", "mxordn", "mxords") if k in low.handed)

    def solve(self, low: Any) -> Value:
        return Partial(_python(texts_ode.by_odeint), (self.solver(low),))

    def primal(self, low: Any) -> Value:
        state = Array("f8", axes(low, low.handed["y0"]))
        types = (FLOAT, state) if self.tfirst else (state, FLOAT)
        functions = {}
        for name in ("func", "Dfun"):
            if low.handed.get(name, NONE) != NONE:
                g, theta = low.lifted(low.handed[name], 2, self.further(low))
                functions[name] = low.callback(g, types, theta, low.node)[0]
        rows = Array("f8", (*axes(low, low.handed["t"]), *state.dims))
        if not self.report:
            return self.call(low, functions, rows)
        made: Var = low.part_of(self.call(low, functions, Opaque("tuple"), "solution"), 0, rows)
        return made

    def tangent(self, low: Any, y: Value, dot: Callable[[Value], Value]) -> Value:
        f, theta = self.rates(low)
        start, t, t0 = self.start(low), _as_array(low, low.handed["t"]), self.begin(low)
        columns = low.op("np.transpose", y)
        start_dot, t_dot = _dot_of(low, low.handed["y0"], dot), _dot_of(low, low.handed["t"], dot)
        seed = low.op("np.zeros_like", start) if start_dot == NONE else start_dot
        if t_dot != NONE:
            first = low.op("getitem", t_dot, options={"index": Lit(0)})
            seed = low.op("-", seed, low.op("*", low.call_value(f, [t0, start, *theta.items], {}, low.node), first))
        y_dot = low.text(texts_ode.tangent, f, t0, start, theta, t, seed, dot(theta), PUSH, self.solve(low))
        if t_dot != NONE:
            y_dot = low.text(texts_ode.moved, f, t, columns, y_dot, theta, t_dot)
        return low.op("np.transpose", y_dot)  # type: ignore[no-any-return]

    def adjoint(self, low: Any, y: Value, y_bar: Value) -> Bars:
        f, theta = self.rates(low)
        start, t, t0 = self.start(low), _as_array(low, low.handed["t"]), self.begin(low)
        columns, bar = low.op("np.transpose", y), low.op("np.transpose", y_bar)
        operands = f, t0, start, theta, t, columns, bar, low.size_of(theta, low.node)
        start_bar, flat = sensitivities(low, operands, self.solve(low)).items
        found: list[tuple[Value, Value]] = [(low.handed["y0"], _like(low, start_bar, low.handed["y0"]))]
        found += zip(theta.items, low.call_value(PARTED, [flat, theta], {}, low.node).items)
        if is_variable(low.handed["t"]):
            own = low.text(texts_ode.time_adjoints_from, f, t, columns, theta, bar, start_bar)
            found.append((low.handed["t"], _like(low, own, low.handed["t"])))
        return found


def sensitivities(low: Any, operands: tuple[Value, ...], solve: Value) -> Seq:
    """The adjoints by sensitivities that are integrated forwards."""
    f, theta = operands[0], operands[3]
    assert isinstance(theta, Seq)
    wrt = Seq(tuple(Lit(k + 2) for k in range(len(theta.items))))
    by_y = low.call_value(JACOBIAN, [f, Lit(1)], {}, low.node)
    text = texts_ode.sensitivities
    by_theta = low.call_value(JACOBIAN, [f, wrt], {}, low.node) if theta.items else _python(texts_ode.nothing)
    made: Seq = low.text(text, *operands, by_y, by_theta, solve)
    return made


REPORT: dict[str, Type] = {"nfev": INT, "njev": INT, "nlu": INT, "status": INT, "message": TEXT, "success": BOOL}


class InitialValues(Integrals):
    """Handlers by canonical name."""

    def _builtin_scipy_integrate_solve_ivp(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.given_to(_IVP, args, kwargs, node, ("fun",))
        options: Any = given.pop("options", {})
        given |= options
        if given["args"] == Seq((NONE,)) or given["args"].items == (NONE,):  # type: ignore[union-attr]
            given["args"] = Seq(())
        method = given.get("method", Lit("RK45"))
        if not isinstance(method, Lit) or method.value not in _METHODS:
            self.refuse(node, f"{describe_value(method)} as the method of solve_ivp is not supported",
                        f"name one of {', '.join(_METHODS)}")
        if given.get("events", NONE) != NONE:
            self.refuse(node, "events of solve_ivp are not supported",
                        "find the time by brentq, and integrate up to it")
        if self.known_flag(given, "vectorized", node):
            self.refuse(node, "vectorized=True of solve_ivp is not supported", "leave it out: it saves calls only")
        if "jac" in given and given["jac"] != NONE and not isinstance(given["jac"], Var):
            given["jac"] = self.function_value(given["jac"], node, "jac of solve_ivp")
        given["t_span"] = self._pair_of(given["t_span"], node)
        if given.get("t_eval", NONE) != NONE:
            given["t_eval"] = self._times(given["t_eval"], node)
        known = self.parameters(_IVP, ("args", "options"))
        more = tuple(k for k in given if k not in (*known[0], *known[1], "args"))
        solver = InitialValue(_IVP, known[0], (*known[1], *more), method.value)
        made = self.solved(solver, given, node, hint)
        return self.outcome(made, ("t", "y", *REPORT))

    def _builtin_scipy_integrate_odeint(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.given_to(_ODEINT, args, kwargs, node, ("func", "Dfun"))
        for name in ("tcrit", "col_deriv"):
            if given.get(name, NONE) not in (NONE, Lit(False), Lit(0)):
                self.refuse(node, f"the argument '{name}' of odeint is not supported", "leave it out")
        given["t"] = self._times(given["t"], node)
        report = self.known_flag(given, "full_output", node)
        solver = Odeint(_ODEINT, *self.parameters(_ODEINT), "LSODA", self.known_flag(given, "tfirst", node), report)
        made = self.solved(solver, given, node, hint)
        return Seq((made, Outcome((), "dict of SciPy's"))) if report and not is_bottom(made) else made

    def _times(self, value: Value, node: Any) -> Value:
        """The times of output, as an array."""
        value = self.fresh_list(value)
        return self.call_value(Library("np.array"), [value], {}, node) if isinstance(value, Seq) else value

    def _pair_of(self, value: Value, node: Any) -> Seq:
        value = self.fresh_list(value)
        if isinstance(value, Seq) and len(value.items) == 2:
            return Seq(value.items)
        return Seq(tuple(self.subscript(value, Lit(k), node) for k in (0, 1)))


def _python(function: Any) -> Python:
    return Python(function_meaning(function))


def _as_array(low: Any, value: Value) -> Var:
    """Numbers as an array of floats, of one axis."""
    value = low.fresh_list(value)
    if isinstance(value, Seq):
        items = tuple(v.value if isinstance(v, Fixed) else v for v in value.items)
        value = low.call_value(Library("np.array"), [Seq(items, "list"), Library("float")], {}, low.node)
    if rank(type_of(value)) == 0:  # type: ignore[arg-type]
        value = low.call_value(Library("np.array"), [Seq((value,), "list")], {}, low.node)
    assert isinstance(value, Var)
    made: Var = low.op("cast", value, options={"dtype": Lit("f8")}) if kind_of(value.type) != "float" else value
    return made


def _dot_of(low: Any, value: Value, dot: Callable[[Value], Value]) -> Value:
    """The tangent of numbers as one array, None if there is none."""
    value = low.fresh_list(value)
    if not isinstance(value, Seq):
        found = dot(value)
        return found if found == NONE else _as_array(low, found)
    dots = [dot(v) for v in value.items]
    if all(d == NONE for d in dots):
        return NONE
    return _as_array(low, Seq(tuple(Lit(0.0) if d == NONE else d for d in dots)))


def _like(low: Any, bar: Value, value: Value) -> Value:
    """An array of adjoints in the structure of what it belongs to: numbers, or an array."""
    value = low.fresh_list(value)
    if isinstance(value, Seq):
        return Seq(tuple(low.op("getitem", bar, options={"index": Lit(k)}) if is_variable(v) else NONE
                         for k, v in enumerate(value.items)), value.kind, value.keys)
    if isinstance(value, Var) and not dims_of(value.type):
        return low.op("getitem", bar, options={"index": Lit(0)})  # type: ignore[no-any-return]
    return bar if isinstance(value, Var) else NONE
