"""`scipy.ndimage` and `scipy.signal`: values of SciPy with the derivatives of the programs in `equivalents_filters`."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from s2sad.frontend import equivalents_filters as models
from s2sad.frontend.lower_interpolate import Interpolation
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Poison, Seq, Value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Lit, Tup, Var
from s2sad.trace.types import NOTHING, dims_of, dtype_of, kind_of, rank

_EDGES = ("reflect", "constant", "nearest", "mirror", "wrap", "grid-mirror", "grid-constant", "grid-wrap")
_SAMPLED = ("constant", "nearest", "mirror", "reflect", "grid-mirror", "grid-wrap")
_COMMON = "output mode cval"
_IMAGE = {
    "correlate": f"input weights {_COMMON} origin", "convolve": f"input weights {_COMMON} origin",
    "correlate1d": f"input weights axis {_COMMON} origin", "convolve1d": f"input weights axis {_COMMON} origin",
    "gaussian_filter": f"input sigma order {_COMMON} truncate",
    "gaussian_filter1d": f"input sigma axis order {_COMMON} truncate",
    "uniform_filter": f"input size {_COMMON} origin", "uniform_filter1d": f"input size axis {_COMMON} origin",
    "sobel": f"input axis {_COMMON}", "prewitt": f"input axis {_COMMON}", "laplace": f"input {_COMMON}",
    "gaussian_laplace": f"input sigma {_COMMON}", "gaussian_gradient_magnitude": f"input sigma {_COMMON}",
    **{f"{kind}_filter": f"input size footprint {_COMMON} origin" for kind in ("maximum", "minimum", "median")},
    "map_coordinates": "input coordinates output order mode cval prefilter",
    "shift": "input shift output order mode cval prefilter"}
_CONVOLUTIONS = {
    "convolve": "in1 in2 mode method", "correlate": "in1 in2 mode method", "fftconvolve": "in1 in2 mode axes",
    "oaconvolve": "in1 in2 mode axes", "convolve2d": "in1 in2 mode boundary fillvalue",
    "correlate2d": "in1 in2 mode boundary fillvalue"}


class Filters(Interpolation):
    """Handlers by canonical name."""

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        found = super().special(name)
        module, _, last = name.rpartition(".")
        if module in ("scipy.signal.windows", "scipy.signal.windows._windows") and last != "get_window":
            return lambda args, kwargs, node, hint: self._filter_window(f"scipy.signal.windows.{last}", args, kwargs,
                                                                        node, hint)
        tables = {"scipy.ndimage": (_IMAGE, self._filter_image), "scipy.signal": (_CONVOLUTIONS, self._filter_signal)}
        if found is not None or module not in tables or last not in tables[module][0]:
            return found
        table, handler = tables[module]

        def call(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
            named = dict(zip(table[last].split(), args)) | kwargs
            if any(map(is_bottom, named.values())):
                return Var(NOTHING, hint)
            return handler(last, named, node, hint)

        return call

    def library_value(self, fn: str, named: Named, model: Value, first: int, node: Any, hint: str,
                      part: str = "") -> Value:
        """The value of a function of SciPy with the derivative of a model; the first arguments go by position."""
        parts, operands = self.written_arguments(named, first, node)
        if len(operands) > 6:
            self.refuse_type(node, f"{fn} with as many numbers is not supported", "write them as literals")
        return self.op("instead", self.operand(model, node), *operands, node=node, hint=hint,
                       options={"text": Lit(f"{fn}({', '.join(parts)}){part}")})

    def _filter_array(self, value: Value, node: Any) -> Any:
        found = self.operand(self.fresh_list(value), node)
        found = self.as_array(found, node) if isinstance(found, Tup) else found
        if not rank(type_of(found)):
            self.refuse_type(node, "a filter of what is not known to be an array is not supported",
                             "give the type of the argument")
        return found

    def _filter_option(self, named: Named, name: str, default: Any, node: Any) -> Any:
        """An option that must be known, or a tuple of such."""
        value = self.operand(self.fresh_list(named[name]), node) if name in named else Lit(default)
        if isinstance(value, Tup) and all(isinstance(i, Lit) for i in value.items):
            return tuple(i.value for i in value.items if isinstance(i, Lit))
        if not isinstance(value, Lit):
            self.refuse_type(node, f"'{name}' of a filter must be known at compile time", "write it out")
        return value.value

    def _filter_each(self, given: Any, n: int, node: Any) -> Seq:
        """One value for each axis."""
        value = self.fresh_list(given)
        items = value.items if isinstance(value, Seq) else (value,) * n
        if len(items) != n:
            self.refuse_type(node, f"a filter of {n} axes is given {len(items)} values", "give one for each axis")
        return Seq(tuple(items))

    # scipy.ndimage.

    def _filter_image(self, last: str, named: Named, node: Any, hint: str) -> Value:
        fn = f"scipy.ndimage.{last}"
        known = _IMAGE[last].split() + ["radius"] * (last in ("gaussian_filter", "gaussian_filter1d"))
        for name in named:
            if name not in known or name == "output" and self._filter_option(named, name, None, node) is not None:
                self.refuse_type(node, f"{fn} with '{name}' is not supported", "leave it out")
        x = self._filter_array(named["input"], node)
        if kind_of(type_of(x)) != "float":
            self.refuse_type(node, f"{fn} of an array that is not one of real numbers is not supported",
                             "pass floats: x.astype(float)")
        n = rank(type_of(x)) or 1
        sampling = last in ("map_coordinates", "shift")
        mode = self._filter_option(named, "mode", "constant" if sampling else "reflect", node)
        cval = named.get("cval", Lit(0.0))
        if not all(m in _EDGES for m in ((mode,) if isinstance(mode, str) else mode)):
            self.refuse_type(node, f"{fn} with mode={mode!r} is not supported",
                             "reflect, constant, nearest, mirror or wrap")
        if not isinstance(cval, Lit):
            self.refuse_type(node, f"{fn} with a 'cval' that is computed is not supported", "write the number")
        edges = self._filter_each(Lit(mode) if isinstance(mode, str) else Seq(tuple(map(Lit, mode))), n, node)
        if sampling:
            model = self._filter_samples(last, fn, named, x, n, mode, cval, node)
        else:
            model = self._filter_model(last, named, x, n, edges, cval, node)
        if dtype_of(type_of(x)) == "f4":
            model = self.op("cast", self.operand(model, node), options={"dtype": Lit("f4")}, node=node)
        first = sum(name in ("input", "weights", "sigma", "size", "coordinates", "shift") for name in list(named)[:2])
        return self.library_value(fn, {**named, "input": x}, model, first, node, hint)

    def _filter_weights(self, named: Named, node: Any) -> Any:
        w = self._filter_array(named["weights"], node)
        if kind_of(type_of(w)) == "complex":
            self.refuse_type(node, "a filter of scipy.ndimage with complex weights is not supported",
                             "filter with their real and imaginary parts")
        return w

    def _filter_model(self, last: str, named: Named, x: Any, n: int, edges: Seq, cval: Lit, node: Any) -> Value:
        axis = self._filter_option(named, "axis", -1, node) % n
        if last.partition("_")[0] in ("maximum", "minimum", "median"):
            return self._filter_extreme(last.partition("_")[0], named, x, n, edges, cval, node)
        axes: Value = Seq(tuple(map(Lit, range(n))))
        origin = named.get("origin", Lit(0))
        if last in ("correlate", "convolve"):
            w = named["weights"] = self._filter_weights(named, node)
            fn: Any = models.correlated if last == "correlate" else models.convolved
            return self.program_of(fn, [x, w, edges.items[0], cval, self._filter_each(origin, n, node)], node)
        if last in ("correlate1d", "convolve1d"):
            w = named["weights"] = self._filter_weights(named, node)
            fn = models.correlated1d if last == "correlate1d" else models.convolved1d
            return self.program_of(fn, [x, w, Lit(axis), edges.items[axis], cval, origin], node)
        if last in ("sobel", "prewitt"):
            across = Seq(tuple(map(Lit, (1.0, 2.0, 1.0) if last == "sobel" else (1.0, 1.0, 1.0))), "list")
            return self.program_of(models.edges_of, [x, Lit(axis), across, edges, cval], node)
        if last == "laplace":
            return self.program_of(models.laplace, [x, edges, cval], node)
        if last.startswith("uniform"):
            one = last.endswith("1d")
            size = self._filter_each(named.get("size", Lit(3)), 1 if one else n, node)
            start = self._filter_each(origin, 1 if one else n, node)
            where = Seq((Lit(axis),)) if one else axes
            edge = Seq((edges.items[axis],)) if one else edges
            return self.program_of(models.uniform, [x, size, edge, cval, start, where], node)
        one = last.endswith("1d")
        sigma = self._filter_each(named["sigma"], 1 if one else n, node)
        if any(isinstance(s, Lit) and not s.value for s in sigma.items):
            self.refuse_type(node, f"scipy.ndimage.{last} with a sigma of 0 is not supported",
                             "filter the other axes with gaussian_filter1d")
        if last in ("gaussian_laplace", "gaussian_gradient_magnitude"):
            fn = models.gauss_laplace if last == "gaussian_laplace" else models.gauss_gradient
            return self.program_of(fn, [x, sigma, edges, cval], node)
        order = self._filter_each(named.get("order", Lit(0)), 1 if one else n, node)
        reach = named.get("truncate", Lit(4.0))
        radius = Seq(tuple(
            Lit(int(float(reach.value) * float(s.value) + 0.5)) if r == NONE and isinstance(s, Lit) and isinstance(
                reach, Lit) else r
            for s, r in zip(sigma.items, self._filter_each(named.get("radius", NONE), 1 if one else n, node).items)))
        where, edge = (Seq((Lit(axis),)), Seq((edges.items[axis],))) if one else (axes, edges)
        return self.program_of(models.gauss, [x, sigma, order, edge, cval, named.get("truncate", Lit(4.0)), radius,
                                              where], node)

    def _filter_extreme(self, which: str, named: Named, x: Any, n: int, edges: Seq, cval: Lit, node: Any) -> Value:
        size = self._filter_option(named, "size", None, node)
        sizes = (size,) * n if isinstance(size, int) else size
        if named.get("footprint", NONE) != NONE or not isinstance(sizes, tuple) or which == "median" and (
                prod(sizes) % 2 == 0):
            self.refuse_type(node, f"scipy.ndimage.{which}_filter of a footprint, or of an even number of neighbours, "
                                   "is not supported", "give an odd size")
        start = self._filter_each(named.get("origin", Lit(0)), n, node)
        shape = Seq(tuple(map(Lit, sizes)))
        return self.program_of(models.extreme, [x, shape, edges.items[0], cval, start, Lit(which)], node)

    def _filter_samples(self, last: str, fn: str, named: Named, x: Any, n: int, mode: Any, cval: Lit,
                        node: Any) -> Value:
        order = self._filter_option(named, "order", 3, node)
        if order != 1 or mode not in _SAMPLED:
            self.refuse_type(node, f"{fn} with order={order} and mode={mode!r} is not supported",
                             "use order=1, with a mode other than 'wrap' and 'grid-constant'")
        if last == "map_coordinates":
            given = self.fresh_list(named["coordinates"])
            if isinstance(given, Seq):
                places: Value = Seq(tuple(self._filter_array(p, node) for p in given.items))
            else:
                c = self._filter_array(given, node)
                places = Seq(tuple(self.op("getitem", c, options={"index": Lit(k)}, node=node) for k in range(n)))
        else:
            by = self.fresh_list(named["shift"])
            grid: Any = self.program_of(models.shifted, [x, self._filter_each(by, n, node)], node)
            places = self.fresh_list(grid)
        return self.program_of(models.sampled, [x, places, Lit(mode), cval], node)

    # scipy.integrate.

    def _builtin_scipy_integrate_simpson(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        named = {**dict(zip(("y",), args)), **kwargs}
        if len(args) > 1:
            self.refuse_type(node, "scipy.integrate.simpson takes x, dx and axis by name", "simpson(y, x=x)")
        y = self._filter_array(named["y"], node)
        x = NONE if named.get("x", NONE) == NONE else self._filter_array(named["x"], node)
        axis = Lit(self._filter_option(named, "axis", -1, node))
        model = self.program_of(models.simpson, [y, x, named.get("dx", Lit(1.0)), axis], node)
        given = {**named, "y": y} if x == NONE else {**named, "y": y, "x": x}
        return self.library_value("scipy.integrate.simpson", given, model, 1, node, hint)

    # scipy.signal.

    def _builtin_scipy_signal_lfilter(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        named = dict(zip(("b", "a", "x", "axis", "zi"), args)) | kwargs
        zi = named.pop("zi", NONE)
        b, a, x = (self._filter_array(named[name], node) for name in ("b", "a", "x"))
        if zi == NONE:
            rest = {k: v for k, v in named.items() if k == "axis"}
            return self.library_op("scipy.signal.lfilter", [b, a, x], rest, node, hint)
        start = self._filter_array(zi, node)
        if rank(type_of(x)) != 1:
            self.refuse_type(node, "scipy.signal.lfilter with 'zi' is supported for vectors only", "filter row by row")
        model = self.program_of(models.started, [b, a, x, start], node)
        given: Named = {"b": b, "a": a, "x": x, "zi": start}
        name, _, _ = hint.partition(",")
        y = self.library_value("scipy.signal.lfilter", given, model, 3, node, name, "[0]")
        return Seq((y, Poison("the final state that scipy.signal.lfilter returns is not known",
                              "filter the whole signal at once")))

    def _filter_window(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A window of numbers that are known, or of whole numbers."""
        values = [*args, *kwargs.values()]
        known = [isinstance(v, Lit) or kind_of(type_of(self.operand(v, node))) == "int" for v in values]
        if not known or not all(known):
            self.refuse_type(node, f"{name} of a number that is computed is not supported", "write the number")
        operands = [self.operand(v, node) for v in values if not isinstance(v, Lit)]
        holes = iter(range(len(operands)))
        texts = [repr(v.value) if isinstance(v, Lit) else f"{{{next(holes)}}}" for v in values]
        names = [""] * len(args) + [f"{k}=" for k in kwargs]
        count = self.operand(args[0] if args else kwargs.get("M", NONE), node)
        text = f"{name}({', '.join(n + t for n, t in zip(names, texts))})"
        return self.op("library_array", *operands, node=node, hint=hint,
                       options={"text": Lit(text), "count": count})

    def _builtin_scipy_signal_sosfilt(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        named = dict(zip(("sos", "x", "axis", "zi"), args)) | kwargs
        sos, x = (self._filter_array(named[name], node) for name in ("sos", "x"))
        count = dims_of(type_of(sos))
        if named.get("zi", NONE) != NONE or len(count) != 2 or not count[0].is_constant:
            self.refuse_type(node, "scipy.signal.sosfilt with 'zi', or of a number of sections that is not known at "
                                   "compile time, is not supported", "call lfilter for each section")
        rows = tuple(self.op("getitem", sos, options={"index": Lit(k)}, node=node) for k in range(count[0].const))
        axis = Lit(self._filter_option(named, "axis", -1, node))
        model = self.program_of(models.sections, [Seq(rows), x, axis], node)
        return self.library_value("scipy.signal.sosfilt", {**named, "sos": sos, "x": x}, model, 2, node, hint)

    def _filter_signal(self, last: str, named: Named, node: Any, hint: str) -> Value:
        fn = f"scipy.signal.{last}"
        a, b = (self._filter_array(named[name], node) for name in ("in1", "in2"))
        mode = self._filter_option(named, "mode", "full", node)
        if named.get("axes", NONE) != NONE or self._filter_option(named, "boundary", "fill", node) != "fill" or (
                self._filter_option(named, "fillvalue", 0, node) != 0):
            self.refuse_type(node, f"{fn} with these options is not supported", "leave 'axes', 'boundary' and "
                             "'fillvalue' out")
        method = self._filter_option(named, "method", "auto", node)
        core = fn.replace("correlate", "convolve")
        if core == fn and mode == "full" and method == "auto":
            return self.library_op(fn, [a, b], {}, node, hint)
        other: Any = b
        if core != fn:
            other = self.library_op("np.conj", [self.library_op("np.flip", [b], {}, node)], {}, node)
        model = self.library_op(core, [a, other], {}, node)
        if mode != "full":
            shapes = [self.attribute(v, "shape", node) for v in (a, b)]
            part: Any = models.correlation_part if last == "correlate2d" else models.convolution_part
            model = self.program_of(part, [model, *shapes, Lit(mode)], node)
        return self.library_value(fn, {**named, "in1": a, "in2": b}, model, 2, node, hint)
