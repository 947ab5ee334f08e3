"""`scipy.interpolate`: what is made of points, and called afterwards.

    s = scipy.interpolate.CubicSpline(x, y)        the object of SciPy, and the coefficients as a program of NumPy
    s(t)                                           the value of the object, with the derivative of that program

See `equivalents_interpolate`.  An object from outside has coefficients that are constants.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.frontend import equivalents_interpolate as models
from s2sad.frontend import meanings
from s2sad.frontend.lower_sparse import SparseMatrices
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.opaque import is_spline
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.values import Seq, Unusable, Value, describe_value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import NOTHING, dims_of, rank

_MODULE = "scipy.interpolate"
_OBJECT = Lit(_MODULE)
_CONDITIONS = {"clamped": (Lit(1), Lit(0.0)), "natural": (Lit(2), Lit(0.0))}
_BETWEEN = ("linear", "slinear", "cubic")
_NEAREST = ("nearest", "nearest-up", "previous", "next", "zero")


class Interpolation(SparseMatrices):
    """Handlers by canonical name."""

    # Objects from outside.

    def from_meaning(self, meaning: meanings.Meaning, scope: Any, node: Any) -> Value:
        found = super().from_meaning(meaning, scope, node)
        if not isinstance(found, Unusable) or not is_spline(found.meaning.object):
            return found
        made, s = self.outside(found), found.meaning.object
        if type(s).__name__ == "BSpline":
            parts = [self.op("library_array", made, options={"text": Lit(f"{{0}}.{name}"), "axes": Lit(axes)})
                     for name, axes in (("t", 1), ("c", s.c.ndim))]
            return self._modelled(models.BSpline, made, *parts, Lit(int(s.k)), Lit("constant"))
        x = self.op("library_array", made, options={"text": Lit("{0}.x"), "axes": Lit(1)})
        c = tuple(self.op("library_array", made, options={"text": Lit(f"{{0}}.c[{k}]"), "axes": Lit(s.c.ndim - 1)})
                  for k in range(s.c.shape[0]))
        way = s.extrapolate if s.extrapolate == "periodic" else bool(s.extrapolate)
        return self._modelled(models.Piecewise, made, Seq(c), x, Lit(way), Lit("constant"))

    def _modelled(self, cls: type, *items: Value) -> Seq:
        names = cls.__init__.__code__.co_varnames[1:]  # type: ignore[misc]
        if "constant" in names and len(items) < len(names):
            # A word or None: a bool would be a number that a solver's function takes, and nothing would be decided.
            items = (*items, NONE)
        return Seq(items, "object", names[:len(items)], cls=meanings.class_of(cls))

    def program_of(self, fn: Any, args: Args, node: Any, hint: str = "") -> Value:
        """The value of a function of this package, put in place."""
        meaning = function_meaning(fn, fn.__name__)
        assert meaning is not None
        return self.python_call(meaning, args, {}, node, hint)

    def python_call(self, meaning: Any, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        raise NotImplementedError

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        found = super().special(name)
        module, _, last = name.rpartition(".")
        makers: dict[str, Callable[[str, Named, Any, str], Value]] = {
            "CubicSpline": self._spline_cubic, "CubicHermiteSpline": self._spline_hermite,
            "PchipInterpolator": self._spline_shape, "Akima1DInterpolator": self._spline_shape,
            "PPoly": self._spline_ppoly, "BSpline": self._spline_b, "make_interp_spline": self._spline_made,
            "interp1d": self._spline_interp1d, "RegularGridInterpolator": self._spline_grid}
        parameters = {
            "CubicSpline": "x y axis bc_type extrapolate", "CubicHermiteSpline": "x y dydx axis extrapolate",
            "PchipInterpolator": "x y axis extrapolate", "Akima1DInterpolator": "x y axis",
            "PPoly": "c x extrapolate axis", "BSpline": "t c k extrapolate axis",
            "make_interp_spline": "x y k t bc_type axis check_finite",
            "interp1d": "x y kind axis copy bounds_error fill_value assume_sorted",
            "RegularGridInterpolator": "points values method bounds_error fill_value"}
        if found is not None or module != _MODULE or last not in makers:
            return found

        def make(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
            named = dict(zip(parameters[last].split(), args)) | kwargs
            if any(map(is_bottom, named.values())):
                return Var(NOTHING, hint)
            return makers[last](last, named, node, hint)

        return make

    # Objects as texts.

    def written_arguments(self, named: Named, first: int, node: Any) -> tuple[list[str], list[Arg]]:
        """Arguments as texts, the first ones by position, and the operands that stand in them as ``{0}``, ``{1}`` …"""
        operands: list[Arg] = []

        def text(value: Any) -> str:
            if isinstance(value, Lit) and not isinstance(value.value, (float, complex)):
                return repr(value.value)
            if isinstance(value, Tup):
                inner = ", ".join(map(text, value.items))
                return f"[{inner}]" if value.is_list else f"({inner},)" if len(value.items) == 1 else f"({inner})"
            operands.append(value)
            return f"{{{len(operands) - 1}}}"

        return [("" if k < first else f"{name}=") + text(self.operand(self.fresh_list(v), node))
                for k, (name, v) in enumerate(named.items())], operands

    def _spline_object(self, last: str, named: Named, node: Any, hint: str) -> Var:
        """The object, made as the program makes it: of operands, and of texts, numbers and tuples."""
        first = sum(name in ("x", "y", "c", "t", "k", "dydx", "points", "values") and k < 3
                    for k, name in enumerate(named))
        parts, operands = self.written_arguments(named, first, node)
        return self.op("library_object", *operands, node=node, hint=hint, options={
            "text": Lit(f"{_MODULE}.{last}({', '.join(parts)})"), "kind": _OBJECT})

    def _spline_data(self, named: Named, names: tuple[str, ...], node: Any, axis: int = 0) -> list[Any]:
        """Arrays among the arguments; the one axis that counts must be the first."""
        found = []
        for name in names:
            value: Any = self.operand(self.fresh_list(named[name]), node) if name in named else NONE
            value = self.as_array(value, node) if isinstance(value, Tup) else value
            if not rank(type_of(value)):
                self.refuse_type(node, f"{describe_value(value)} as '{name}' of an interpolation is not supported",
                                 "pass an array")
            found.append(value)
        n = rank(type_of(found[1])) if len(found) > 1 else 1
        if self._spline_option(named, "axis", axis, node) not in (0, -n if n else 0) and not (axis == -1 and n == 1):
            self.refuse_type(node, "an interpolation along another axis than the first is not supported",
                             "move the axis to the front: np.moveaxis(y, axis, 0)")
        return found

    def _spline_option(self, named: Named, name: str, default: Any, node: Any) -> Any:
        value = named.get(name, Lit(default))
        if not isinstance(value, Lit):
            self.refuse_type(node, f"'{name}' of an interpolation must be known at compile time", "write it out")
        return value.value

    def _spline_count(self, x: Arg, least: int, node: Any) -> Lit:
        """The number of points, if it is known; else it is checked that there are enough."""
        dims = dims_of(type_of(x))
        if dims[0].is_constant:
            return Lit(dims[0].const)
        n = self.op("size", x, node=node)
        self.effect("assert", self.op(">", n, Lit(least), node=node),
                    message=Lit(f"an interpolation is differentiated for more than {least} points"))
        return NONE

    # Piecewise polynomials.

    def _spline_cubic(self, last: str, named: Named, node: Any, hint: str) -> Value:
        x, y = self._spline_data(named, ("x", "y"), node)
        start, end = self._spline_ends(named.get("bc_type", Lit("not-a-knot")), node)
        periodic = start == Lit("periodic")
        way = self._spline_option(named, "extrapolate", None, node)
        n = self._spline_count(x, 3, node)
        made = self._spline_object(last, named, node, hint)
        c = self.program_of(models.cubic, [x, y, n, start, end], node)
        return self._modelled(models.Piecewise, made, c, x,
                              Lit(("periodic" if periodic else True) if way is None else way))

    def _spline_ends(self, given: Value, node: Any) -> tuple[Value, Value]:
        given = self.fresh_list(given)
        pair = given.items if isinstance(given, Seq) and len(given.items) == 2 else (given, given)
        found: list[Value] = []
        for one in pair:
            one = self.fresh_list(one)
            if isinstance(one, Lit) and one.value in ("not-a-knot", "periodic"):
                found.append(one)
            elif isinstance(one, Lit) and one.value in _CONDITIONS:
                found.append(Seq(_CONDITIONS[one.value]))
            elif isinstance(one, Seq) and len(one.items) == 2 and one.items[0] in (Lit(1), Lit(2)):
                found.append(one)
            else:
                self.refuse_type(node, f"{describe_value(one)} as a condition at an end is not supported",
                                 "'not-a-knot', 'natural', 'clamped', 'periodic', (1, slope) or (2, curvature)")
        return found[0], found[1]

    def _spline_hermite(self, last: str, named: Named, node: Any, hint: str) -> Value:
        x, y, s = self._spline_data(named, ("x", "y", "dydx"), node)
        way = self._spline_option(named, "extrapolate", True, node)
        made = self._spline_object(last, named, node, hint)
        c = self.program_of(models.hermite, [x, y, s], node)
        return self._modelled(models.Piecewise, made, c, x, Lit(True if way is None else way))

    def _spline_shape(self, last: str, named: Named, node: Any, hint: str) -> Value:
        x, y = self._spline_data(named, ("x", "y"), node)
        akima = last.startswith("Akima")
        way = self._spline_option(named, "extrapolate", not akima, node)
        n = self._spline_count(x, 2, node)
        made = self._spline_object(last, named, node, hint)
        method = [Lit(self._spline_option(named, "method", "akima", node))] if akima else []
        c = self.program_of(models.akima if akima else models.pchip, [x, y, n, *method], node)
        return self._modelled(models.Piecewise, made, c, x, Lit(not akima if way is None else way))

    def _spline_ppoly(self, last: str, named: Named, node: Any, hint: str) -> Value:
        c, x = self._spline_data({k: v for k, v in named.items() if k != "axis"}, ("c", "x"), node)
        if self._spline_option(named, "axis", 0, node) != 0 or not dims_of(type_of(c))[0].is_constant:
            self.refuse_type(node, "scipy.interpolate.PPoly is not supported where the number of coefficients is not "
                                   "known at compile time", "make c of them: np.stack([c3, c2, c1, c0])")
        way = self._spline_option(named, "extrapolate", True, node)
        made = self._spline_object(last, named, node, hint)
        parts = tuple(self.op("getitem", c, options={"index": Lit(k)}, node=node)
                      for k in range(dims_of(type_of(c))[0].const))
        return self._modelled(models.Piecewise, made, Seq(parts), x, Lit(True if way is None else way))

    # Splines by coefficients, and what is between points.

    def _spline_b(self, last: str, named: Named, node: Any, hint: str) -> Value:
        t, c = self._spline_data(named, ("t", "c"), node)
        k = self._spline_option(named, "k", None, node)
        way = self._spline_option(named, "extrapolate", True, node)
        if rank(type_of(c)) != 1 or not isinstance(k, int) or way not in (True, False):
            self.refuse_type(node, "scipy.interpolate.BSpline of these arguments is not supported",
                             "pass vectors t and c, and the degree as a number")
        return self._modelled(models.BSpline, self._spline_object(last, named, node, hint), t, c, Lit(k))

    def _builtin_scipy_interpolate_splev(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A spline that is computed has its coefficients, knots and degree beside it."""
        named = dict(zip(("x", "tck", "der", "ext"), args)) | kwargs
        tck = self.fresh_list(named.get("tck", NONE))
        known = set(self.globals.values())
        parts = tck.items if isinstance(tck, Seq) and len(tck.items) == 3 else ()
        moving = any(isinstance(a, Var) and a not in known for a in self.within(tck))
        if not moving or not parts or not isinstance(parts[2], Lit) or named.get("ext", Lit(0)) != Lit(0):
            return super()._builtin_scipy_interpolate_splev(args, kwargs, node, hint)
        t, c, k = operands = [self.operand(self.fresh_list(p), node) for p in parts]
        made = self.op("library_object", t, c, k, node=node, options={"text": Lit("({0}, {1}, {2})"), "kind": _OBJECT})
        x, der = named["x"], named.get("der", Lit(0))
        given: list[Any] = [made, *operands, x, der]
        return self.program_of(models.splev, given, node, hint)

    def _spline_made(self, last: str, named: Named, node: Any, hint: str) -> Value:
        x, y = self._spline_data(named, ("x", "y"), node)
        k = self._spline_option(named, "k", 3, node)
        given = named.get("bc_type", NONE)
        start, end = self._spline_ends(Lit("not-a-knot") if given == NONE else given, node)
        if k not in (1, 3) or named.get("t", NONE) != NONE:
            self.refuse_type(node, "scipy.interpolate.make_interp_spline of another degree than 1 or 3, or with "
                                   "knots, is not supported", "use BSpline(t, c, k), or k=3")
        n = self._spline_count(x, 3, node)
        made = self._spline_object(last, named, node, hint)
        c = self.program_of(models.cubic, [x, y, n, start, end], node) if k == 3 else (
            self.program_of(models.linear, [x, y], node))
        return self._modelled(models.Piecewise, made, c, x, Lit("periodic" if start == Lit("periodic") else True))

    def _spline_interp1d(self, last: str, named: Named, node: Any, hint: str) -> Value:
        x, y = self._spline_data(named, ("x", "y"), node, -1)
        kind = self._spline_option(named, "kind", "linear", node)
        if rank(type_of(y)) != 1 or kind not in (*_BETWEEN, *_NEAREST):
            self.refuse_type(node, f"scipy.interpolate.interp1d of the kind {kind!r}, or of data with several axes, is "
                                   "not supported", "use CubicSpline(x, y), or make_interp_spline(x, y, k=1)")
        strict = self._spline_option(named, "bounds_error", None, node)
        usual = Lit(float("nan")) if strict is False else Lit("extrapolate")
        fill = self.fresh_list(named.get("fill_value", usual))
        below, above = fill.items if isinstance(fill, Seq) and len(fill.items) == 2 else (fill, fill)
        if fill == Lit("extrapolate"):
            below = above = NONE
        n = self._spline_count(x, 3, node) if kind == "cubic" else NONE
        made = self._spline_object(last, named, node, hint)
        if self._spline_option(named, "assume_sorted", False, node) is False:
            order = self.library_op("np.argsort", [x], {}, node)
            x, y = (self.op("getitem", v, options={"index": self.operand(order, node)}, node=node) for v in (x, y))
        ends = [Lit("not-a-knot"), Lit("not-a-knot")]
        program, given = (models.cubic, [x, y, n, *ends]) if kind == "cubic" else (models.linear, [x, y])
        c = NONE if kind in _NEAREST else self.program_of(program, given, node)
        return self._modelled(models.Interpolated, made, x, y, Lit(kind), c, below, above)

    def _spline_grid(self, last: str, named: Named, node: Any, hint: str) -> Value:
        points = self.fresh_list(named.get("points", NONE))
        values: Any = self.operand(self.fresh_list(named.get("values", NONE)), node)
        method = self._spline_option(named, "method", "linear", node)
        if not isinstance(points, Seq) or method not in ("linear", "nearest"):
            self.refuse_type(node, "scipy.interpolate.RegularGridInterpolator of these arguments is not supported",
                             "pass a tuple of arrays, and method='linear' or 'nearest'")
        axes = [self.operand(self.fresh_list(p), node) for p in points.items]
        arrays: Any = tuple(self.as_array(a, node) if isinstance(a, Tup) else a for a in axes)
        made = self._spline_object(last, {**named, "points": Seq(arrays)}, node, hint)
        values = self.as_array(values, node) if isinstance(values, Tup) else values
        strict = self._spline_option(named, "bounds_error", True, node)
        fill = NONE if strict else named.get("fill_value", Lit(float("nan")))
        return self._modelled(models.Grid, made, Seq(arrays), values, Lit(method), fill)
