"""Result types of reductions."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options, float_dtype, real_dtype, reduction, sum_dtype
from s2sad.rules.infer_elementwise import ufunc_dtype
from s2sad.rules.static import axes_of, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import UNKNOWN, Array, Scalar, Type, Unknown, dims_of, dtype_of, promote, rank

total = reduction(sum_dtype)
variance = reduction(real_dtype)


def extreme(args: Sequence[Arg], o: Options) -> Type:
    """The type of a maximum; what it starts with has no say in the dtype."""
    if len(args) > 1 and rank(type_of(args[1])):
        raise NotApplicable("'initial' is a number")
    return reduction(str)(args, o)


def reduced(fn: str, ordered: bool = False) -> Infer:
    """The type of ``np.fn.reduce``, which goes along the first axis if it is not told another one."""
    def dtype(d: str) -> str:
        element = Array(d, ())
        found = ufunc_dtype(f"np.{fn}.reduce", fn, (element, element))
        return sum_dtype(found) if fn in ("add", "multiply") else found

    def infer(args: Sequence[Arg], o: Options) -> Type:
        axis = o.get("axis", Lit(0))
        several = isinstance(static(axis, "axis"), (tuple, list)) or axis == NONE and rank(type_of(args[0])) != 1
        if ordered and several:
            raise NotApplicable(f"np.{fn} is reduced along one axis: the order of the elements matters")
        if len(args) > 1 and rank(type_of(args[1])):
            raise NotApplicable("'initial' is a number")
        return reduction(dtype)(args, {**o, "axis": axis})

    return infer


def average(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.average``: weights have the shape of the operand or, along one axis, one axis."""
    x = type_of(args[0])
    if len(args) < 2:
        return reduction(float_dtype)(args, o)
    w = type_of(args[1])
    if (isinstance(x, Unknown) or isinstance(w, Unknown)) and o.get("axis", NONE) == NONE:
        return reduction(float_dtype)([args[0] if isinstance(x, Unknown) else args[1]], o)
    if isinstance(x, Unknown) or isinstance(w, Unknown):
        raise NotApplicable("np.average with weights needs the number of axes of both; give the types of the arguments")
    axes = axes_of(o.get("axis", NONE), rank(x))
    if rank(w) != rank(x) and (axes is None or len(axes) != rank(w)):
        raise NotApplicable("the weights of np.average have the shape of the array, or that of its axes 'axis'")
    both = promote(*(Array(dtype_of(t), ()) if isinstance(t, Scalar) else t for t in (x, w)))
    found = reduction(float_dtype)([args[0]], o)
    dtype = "?" if both == "?" else float_dtype(both)
    return UNKNOWN if isinstance(found, Unknown) else Array(dtype, dims_of(found))
