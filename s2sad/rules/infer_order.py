"""Result types of what orders elements, and of what names them by numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options, total
from s2sad.rules.infer_creation import strong
from s2sad.rules.infer_gather import argsort, sort
from s2sad.rules.static import normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import (
    UNKNOWN,
    Array,
    Dim,
    Scalar,
    Tuple,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    fresh_dim,
    rank,
)

# NumPy 2 says for each element of the array, in its shape, which of the distinct ones it is; NumPy 1 flattens that.
_KEEPS_SHAPE = int(np.__version__.partition(".")[0]) > 1


def partition(args: Sequence[Arg], o: Options) -> Type:
    return sort(args, o)


def argpartition(args: Sequence[Arg], o: Options) -> Type:
    return argsort(args, o)


def lexsort(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.lexsort(keys)``, whose operands are the keys."""
    if not args:
        raise NotApplicable("need sequence of keys with len > 0 in lexsort")
    return Array("i8", dims_of(type_of(args[0])))


def argwhere(args: Sequence[Arg], o: Options) -> Type:
    n = rank(type_of(args[0]))
    return Array("i8", (fresh_dim(), Dim.constant(n))) if n is not None else UNKNOWN


def like_first(dtype: str, args: Sequence[Arg]) -> Type:
    x = type_of(args[0])
    return UNKNOWN if isinstance(x, Unknown) else Array(dtype, dims_of(x))


def isin(args: Sequence[Arg], o: Options) -> Type:
    return like_first("b1", args)


def searchsorted(args: Sequence[Arg], o: Options) -> Type:
    return like_first("i8", args[1:])


def unique(args: Sequence[Arg], o: Options) -> Type:
    """One array, or a tuple of those that are asked for."""
    x = type_of(args[0])
    axis = static(o.get("axis", NONE), "axis")
    if isinstance(x, Unknown):
        raise NotApplicable("np.unique needs the number of axes of its operand; give the types of the arguments")
    if not static(o.get("sorted", Lit(True)), "sorted"):
        raise NotApplicable("np.unique in no order is not differentiated", "leave 'sorted' out")
    n = fresh_dim()
    dims = list(dims_of(x))
    if axis is None:
        values = Array(dtype_of(x), (n,))
        inverse = tuple(dims) if _KEEPS_SHAPE else (total(dims),)
    else:
        at = normal_axis(axis, len(dims))
        inverse = (dims[at],)
        dims[at] = n
        values = Array(dtype_of(x), tuple(dims))
    found: list[Type] = [values]
    for name, shape in (("return_index", (n,)), ("return_inverse", inverse), ("return_counts", (n,))):
        if static(o.get(name, Lit(False)), name):
            found.append(Array("i8", shape))
    return Tuple(tuple(found)) if len(found) > 1 else values


def several(*names: str) -> Infer:
    """The type of ``np.unique_all(x)`` and its like."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        return unique(args, dict.fromkeys(names, Lit(True)))

    return infer


def bincount(args: Sequence[Arg], o: Options) -> Type:
    weighted = bool(args) and args[0] != NONE
    return Array("f8" if weighted else "i8", (fresh_dim(),))


def choose(args: Sequence[Arg], o: Options) -> Type:
    which = o["indices"]
    shapes = [dims_of(type_of(a)) for a in (which, *args)]
    if any(isinstance(type_of(a), Unknown) for a in args):
        return UNKNOWN
    dims = broadcast_dims(*shapes)
    if dims is None:
        raise NotApplicable("the arrays for np.choose do not broadcast")
    return Array(strong([type_of(a) for a in args]), dims)


def _number(arg: Arg) -> Type:
    """The type of integers that are one number, or an array."""
    if isinstance(arg, Tup):
        inner = [_number(i) for i in arg.items]
        return Array("i8", (Dim.constant(len(inner)), *(dims_of(inner[0]) if inner else ())))
    return type_of(arg)


def ravel_multi_index(args: Sequence[Arg], o: Options) -> Type:
    parts = o["indices"].items if isinstance(o["indices"], Tup) else ()
    if not parts:
        raise NotApplicable("np.ravel_multi_index takes a tuple of index arrays here")
    dims = broadcast_dims(*(dims_of(_number(p)) for p in parts))
    return Array("i8", dims or ())


def unravel_index(args: Sequence[Arg], o: Options) -> Type:
    where, shape = _number(o["indices"]), o["shape"]
    count = len(shape.items) if isinstance(shape, Tup) else 1
    if isinstance(where, Unknown) or isinstance(shape, Var) and not isinstance(shape.type, Scalar):
        raise NotApplicable("np.unravel_index needs the number of axes; give the types of the arguments")
    return Tuple((Array("i8", dims_of(where)),) * count)

