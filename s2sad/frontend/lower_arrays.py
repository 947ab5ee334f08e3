"""Functions of NumPy that need more than an operation: several index arrays as a result, conditions of a rule.

Index arrays that come as a tuple, ``rows, cols = np.triu_indices(n, 1)``, are one operation, whose type is that of the
tuple as an array of integers, and one item of it for each name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend import meanings
from s2sad.frontend.library import in_library
from s2sad.frontend.lower_products import Products
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Library, ListOf, Namespace, RangeOf, Seq, ShapeOf, Value, is_bottom, same_static
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import Array, Scalar, Unknown, dims_of, kind_of, rank, short_dtype


class ArrayFunctions(Products):
    """Handlers of functions of NumPy by canonical name."""

    def range_operand(self, value: RangeOf, node: Any) -> Arg:
        """A range as an argument: its numbers, or the array of them where how many there are is computed."""
        bounds = (value.start, value.stop, value.step)
        if all(self.facts.known(a)[0] or isinstance(a, Var) and self.facts.places.get(a) for a in bounds):
            return self.operand(self.range_items(value, node), node)
        args: Args = [a for a in bounds if isinstance(a, (Var, Lit))]
        if (value.start, value.step) == (Lit(0), Lit(1)):
            args = args[1:2]
        return self.number(self.call_value(Library("np.arange"), args, {}, node), node)

    # Ranks and shapes.

    def _builtin_np_where(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.library_op("np.nonzero" if len(args) == 1 else "np.where", args, kwargs, node, hint)

    def _of_array(self, args: Args, node: Any) -> Args:
        """Arguments of which the first is an array, or a list that would become one."""
        listed = bool(args) and isinstance(args[0], (Seq, ListOf))
        return [self._builtin_np_asarray(args[:1], {}, node, ""), *args[1:]] if listed else args

    def _builtin_np_ndim(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        args = self._of_array(args, node)
        if isinstance(args[0], Lit) or (isinstance(args[0], Var) and isinstance(args[0].type, Scalar)):
            return Lit(0)
        return self.op("ndim", self.number(args[0], node), node=node, hint=hint)

    def _builtin_np_shape(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        args = self._of_array(args, node)
        if isinstance(args[0], Lit) or (isinstance(args[0], Var) and isinstance(args[0].type, Scalar)):
            return Seq(())
        return ShapeOf(self.number(args[0], node))

    def _builtin_np_size(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        args = [*self._of_array(args, node), *kwargs.values()]
        self._arity("np.size", args, 1, 2, node)
        self._no_keywords("np.size", {k: v for k, v in kwargs.items() if k != "axis"}, node)
        axis = args[1] if len(args) > 1 else NONE
        if axis != NONE and isinstance(args[0], Var):
            n = rank(args[0].type)
            at = self.demand(self.number(axis, node), "it is the axis of np.size", node)
            if n is not None and not -n <= at < n:
                self.refuse_type(node, f"axis {at} does not exist: the array has {n} axes")
            return self.op("shape", args[0], options={"axis": Lit(at % n if n else at)}, node=node, hint=hint)
        if isinstance(args[0], Lit):
            return Lit(1)
        return self.op("size", self.number(args[0], node), node=node, hint=hint)

    def _builtin_np_asarray(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A list or tuple becomes an array as by np.array; an array stays what it is."""
        if kwargs.get("copy", NONE) != NONE:
            return self._builtin_np_array(args, kwargs, node, hint)
        args = [self.array_of(a, node) for a in args[:1]] + args[1:]
        kwargs = self._without_copy(kwargs)
        lists = bool(args) and isinstance(args[0], (Seq, ListOf))
        kwargs = {k: v for k, v in kwargs.items() if k != "dtype" or v != NONE}
        if len(args) == 1 and not kwargs and isinstance(args[0], Var) and isinstance(args[0].type, Array) and (
                args[0].type.dims and in_library(self.frame.source.file)):
            return args[0]  # libraries take what comes
        return self.library_op("np.array" if lists else "np.asarray", args, kwargs, node, hint)

    def operand(self, value: Value, node: Any) -> Arg:
        """An argument of an operation; `a.flat` has neither a shape nor arithmetic, and stands for its elements."""
        view = self.facts.views.get(value) if isinstance(value, Var) else None
        if view is not None and view.fn == "flat":
            return self.op("np.ravel", view.parent, node=node)
        return super().operand(value, node)

    def _builtin_np_float64(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._in_precision("np.float64", args, kwargs, node, hint)

    def _builtin_np_float32(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._in_precision("np.float32", args, kwargs, node, hint)

    def _builtin_np_complex128(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._in_precision("np.complex128", args, kwargs, node, hint)

    def _builtin_np_complex64(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._in_precision("np.complex64", args, kwargs, node, hint)

    def _in_precision(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``np.float64(x)``: an array that has the type stays what it is."""
        x = args[0] if len(args) == 1 and not kwargs else None
        if isinstance(x, Var) and isinstance(x.type, Array) and x.type.dims and (
                x.type.dtype == short_dtype(name.removeprefix("np."))):
            return x
        return self.library_op(name, args, kwargs, node, hint)

    def _builtin_np_array(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """With copy=False an array stays what it is, with copy=None one that has the dtype already."""
        args, kwargs = [self.array_of(a, node) for a in args[:1]] + args[1:], dict(kwargs)
        least = kwargs.pop("ndmin", Lit(0))
        copy = kwargs.get("copy", Lit(True))
        asked, given = self._without_copy(kwargs), bool(args) and isinstance(args[0], Var)
        if given and same_static(copy, NONE):
            made = self.library_op("np.asarray", args, asked, node, hint)
        elif given and same_static(copy, Lit(False)):
            made = self.library_op("np.asarray", args, asked, node, hint)
            if isinstance(made, Var) and made.type != type_of(args[0]):  # type: ignore[arg-type]
                self.refuse(node, "'copy=False' where the dtype changes is not supported", "use np.asarray(...)")
        else:
            made = self.library_op("np.array", args, asked, node, hint)
        wanted = self.demand(self.number(least, node), "it is the argument 'ndmin'", node)
        if wanted and any(isinstance(type_of(a), Unknown) for value in args[:1] for a in self.within(value)):
            self.refuse_type(node, "np.array with 'ndmin=' of an array whose number of axes is not known",
                             "give the type of the argument")
        return self._with_axes(made, wanted, node)

    def _with_axes(self, made: Value, least: int, node: Any) -> Value:
        """An array with axes of length 1 put before its own, until it has so many."""
        have = rank(made.type) if isinstance(made, Var) else None
        if least <= 0 or is_bottom(made) or have is not None and have >= least:
            return made
        if least <= 2:
            return self.library_op(f"np.atleast_{least}d", [made], {}, node)
        assert have is not None
        return self.library_op("np.expand_dims", [made], {"axis": Seq(tuple(map(Lit, range(least - have))))}, node)

    def array_of(self, value: Value, node: Any) -> Value:
        """The array that an object says it is; everything else as it is."""
        method = self.special_method(value, "__array__", node) if isinstance(value, Seq) and value.is_object else None
        return value if method is None else self.call_value(method, [], {}, node)

    def _without_copy(self, kwargs: Named) -> Named:
        plain = {"copy": (NONE, Lit(True), Lit(False)), "order": (NONE, *map(Lit, "CcK")), "subok": (Lit(False),)}
        return {k: v for k, v in kwargs.items() if not any(same_static(v, p) for p in plain.get(k, ()))}

    def _builtin_scipy_interpolate_splev(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._spline("scipy.interpolate.splev", 1, args, kwargs, node, hint)

    def _builtin_scipy_interpolate_bisplev(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if any(isinstance(a, Var) and rank(a.type) != 0 for a in args[:2]):
            self.refuse_type(node, "scipy.interpolate.bisplev of arrays is not supported", "call it for each number")
        spline = args[2] if len(args) > 2 else kwargs.get("tck", NONE)
        degrees = self.fresh_list(spline).items[3:] if isinstance(spline, Seq) else ()
        if any(isinstance(k, Lit) and isinstance(k.value, int) and k.value < 2 for k in degrees):
            self.refuse_type(node, "scipy.interpolate.bisplev of degree 1 is not supported",
                             "SciPy has no slopes of such splines\nmake the spline with kx=2, ky=2 or more")
        return self._spline("scipy.interpolate.bisplev", 2, args, kwargs, node, hint)

    def _spline(self, name: str, k: int, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A spline whose knots and coefficients are those of the module: there is no derivative by them."""
        known = set(self.globals.values())
        spline = args[k] if len(args) > k else kwargs.get("tck", NONE)
        if any(isinstance(a, Var) and a not in known for a in self.within(spline)):
            self.refuse_type(node, f"{name} of a spline that is computed, or passed as an argument, is not supported",
                             "read the spline from the module, or write out its polynomials")
        return self.library_op(name, args, kwargs, node, hint)

    def _builtin_np_isscalar(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        value = args[0]
        if isinstance(value, Lit):
            return Lit(np.isscalar(value.value))
        if isinstance(value, (Seq, ListOf)):
            return Lit(False)
        if isinstance(value, Var) and not isinstance(value.type, Unknown):
            return Lit(isinstance(value.type, Scalar) or rank(value.type) == 0)
        self.refuse_type(node, "whether this is a scalar is not known at compile time", "give the argument's type")

    def array_api(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """SciPy's own helpers for the array namespaces it supports, of which NumPy is the one here."""
        if name == "array_namespace":
            return Namespace(meanings.ModuleRef("np", np), self.frame.scope)
        if len(args) != 1 or "broadcast" in kwargs:
            self.refuse(node, "xp_promote() of several arrays is not supported")
        x = args[0]
        t = type_of(self.number(x, node))
        if kind_of(t) in ("int", "bool") and same_static(kwargs.get("force_floating", Lit(False)), Lit(True)):
            return self.library_op("np.asarray", [x], {"dtype": Library("np.float64", np.float64)}, node, hint)
        return self.library_op("np.asarray", [x], {}, node, hint) if isinstance(t, Scalar) else x

    # Tuples of index arrays.

    def _index_arrays(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        made = self.library_op(name, args, kwargs, node)
        if is_bottom(made) or not isinstance(made, Var) or not isinstance(made.type, Array):
            return made
        count = dims_of(made.type)[0].const
        names = hint.split(",") if hint.count(",") == count - 1 else [""] * count
        return Seq(tuple(self.op("getitem", made, options={"index": Lit(k)}, node=node, hint=names[k])
                         for k in range(count)))

    def _builtin_np_triu_indices(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._index_arrays("np.triu_indices", args, kwargs, node, hint)

    def _builtin_np_tril_indices(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._index_arrays("np.tril_indices", args, kwargs, node, hint)

    def _builtin_np_diag_indices(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._index_arrays("np.diag_indices", args, kwargs, node, hint)

    def _builtin_np_nonzero(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._index_arrays("np.nonzero", args, kwargs, node, hint)
