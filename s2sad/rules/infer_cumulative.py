"""Result types of running totals and products."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options, cumulative
from s2sad.rules.infer_elementwise import broadcast
from s2sad.rules.static import normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import UNKNOWN, Array, Type, Unknown, dims_of, promote, rank


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
