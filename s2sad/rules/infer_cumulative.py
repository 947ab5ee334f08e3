"""Result types of running totals and products."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options, cumulative, sum_dtype
from s2sad.rules.infer_elementwise import broadcast, ufunc_dtype
from s2sad.rules.static import dtype_arg, length, normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import UNKNOWN, Array, Dim, Type, Unknown, dims_of, dtype_of, fresh_dim, promote, rank


def cumulated(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.cumulative_sum``, which may begin with a zero."""
    x = type_of(args[0])
    if isinstance(x, Unknown):
        raise NotApplicable("this needs the number of axes of its operand; give the types of the arguments")
    axis, n = static(o.get("axis", NONE), "axis"), rank(x) or 0
    if n == 0 or axis is None and n != 1:
        raise NotApplicable("this needs an axis, and an array that has it")
    found = cumulative(args, {**o, "axis": Lit(0 if axis is None else axis)})
    if not static(o.get("include_initial", Lit(False)), "include_initial"):
        return found
    assert isinstance(found, Array)
    k = normal_axis(0 if axis is None else axis, n)
    return Array(found.dtype, (*found.dims[:k], found.dims[k] + 1, *found.dims[k + 1:]))


def recurring(args: Sequence[Arg], o: Options) -> Type:
    """The type of a recurrence, which is that of the broadcast of its operands."""
    types = [type_of(a) for a in args]
    dims = broadcast(types)
    return UNKNOWN if dims is None else Array(promote(*types), dims)


def running(fn: str) -> Infer:
    """The type of ``np.fn.accumulate``."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        x = type_of(args[0])
        if isinstance(x, Unknown):
            return UNKNOWN
        normal_axis(static(o.get("axis", Lit(0)), "axis"), len(dims_of(x)))
        element = Array(dtype_of(x), ())
        dtype = dtype_arg(o.get("dtype", NONE)) or ufunc_dtype(f"np.{fn}.accumulate", fn, (element, element))
        return Array(sum_dtype(dtype) if fn in ("add", "multiply") else dtype, dims_of(x))

    return infer


def segments(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.add.reduceat``: one element for each index along the axis."""
    index = o["indices"]
    n = Dim.constant(len(index.items)) if isinstance(index, Tup) else dims_of(type_of(index))[0]
    found = cumulative(args, {**o, "axis": o.get("axis", Lit(0))})
    return _with_length(found, o, n)


def spread_segments(args: Sequence[Arg], o: Options) -> Type:
    """The type of the transpose of ``np.add.reduceat``."""
    n = o["length"]
    return _with_length(type_of(args[0]), o, length(n) if isinstance(n, (Lit, Var)) else fresh_dim())


def gathered_segments(args: Sequence[Arg], o: Options) -> Type:
    """The type of what is known of each element of each segment."""
    names = [str(v.uid) if isinstance(v, Var) else repr(v) for v in (o["indices"], o["length"])]
    return Array("i8", (Dim.symbol("?segments(" + "|".join(names).replace(" ", "") + ")"),))


def _with_length(x: Type, o: Options, n: Dim) -> Type:
    if not isinstance(x, Array):
        return UNKNOWN
    k = normal_axis(static(o.get("axis", Lit(0)), "axis"), len(x.dims))
    return Array(x.dtype, (*x.dims[:k], n, *x.dims[k + 1:]))
