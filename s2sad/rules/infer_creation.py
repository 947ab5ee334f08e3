"""Result types of what makes arrays, from numbers or from other arrays."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options
from s2sad.rules.infer_elementwise import numeric
from s2sad.rules.static import dtype_arg, normal_axis, shape_dims, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import (
    FLOAT,
    UNKNOWN,
    Array,
    Dim,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    fresh_dim,
    kind_of,
    promote,
    rank,
)


def strong(types: Sequence[Type], o: Options = MappingProxyType({})) -> str:
    """The dtype of an array made of several: Python numbers are not weak here."""
    return dtype_arg(o.get("dtype", NONE)) or promote(*(Array(dtype_of(t), ()) for t in types))


def agreed(dims: Sequence[Dim]) -> Dim:
    """The one length that several axes have."""
    constants = {d.const for d in dims if d.is_constant}
    if len(constants) > 1:
        raise NotApplicable(f"axes of lengths {' and '.join(map(str, sorted(constants)))} must be equal")
    return next((d for d in dims if d.is_constant), next((d for d in dims if not d.may_be_one), dims[0]))


def array(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if any(isinstance(a, Lit) and (a.value is None or isinstance(a.value, str)) for a in args):
        raise NotApplicable("an array of Python objects is not supported here",
                            "put numbers into it, and what else there is into a list")
    out = strong(types, o) if types else dtype_arg(o.get("dtype", NONE)) or "f8"

    def dims(layout: Arg) -> tuple[Dim, ...] | None:
        if isinstance(layout, Tup):
            if not layout.items:
                return (Dim.constant(0),)
            inner = [dims(i) for i in layout.items]
            shapes = [s for s in inner if s is not None]
            if len(shapes) < len(inner):
                return None
            if any(len(s) != len(shapes[0]) for s in shapes):
                raise NotApplicable("the rows of an array must have the same length")
            return (Dim.constant(len(shapes)), *(agreed(column) for column in zip(*shapes)))
        t = types[static(layout, "layout")]
        return None if isinstance(t, Unknown) else dims_of(t)

    found = dims(o["layout"])
    return UNKNOWN if found is None else Array(out, found)


def creation(dtype: str = "f8") -> Infer:
    """The type of ``np.zeros(shape)`` and the like."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        dims = shape_dims(o["shape"])
        if args:
            numeric("np.full", [type_of(args[0])])
        out = dtype_arg(o.get("dtype", NONE)) or (dtype_of(type_of(args[0])) if args else dtype)
        return UNKNOWN if dims is None else Array(out, dims)

    return infer


def creation_like(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    out = dtype_arg(o.get("dtype", NONE)) or dtype_of(x)
    dims = shape_dims(o["shape"]) if o.get("shape", NONE) != NONE else dims_of(x)
    return UNKNOWN if isinstance(x, Unknown) or dims is None else Array(out, dims)


def arange(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if any(kind_of(t) == "complex" for t in types):
        raise NotApplicable("np.arange is differentiated for real numbers", "write start + step * np.arange(n)")
    out = dtype_arg(o.get("dtype", NONE)) or ("f8" if any(kind_of(t) == "float" for t in types) else "i8")
    if all(isinstance(a, Lit) for a in args):
        return Array(out, (Dim.constant(len(np.arange(*(static(a, "arange") for a in args)))),))
    if len(args) == 1 and kind_of(types[0]) == "int":
        dims = shape_dims(args[0])
        return Array(out, dims if dims is not None else (fresh_dim(),))
    return Array(out, (fresh_dim(),))


def linspace(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    numeric("np.linspace", types)
    dims, axis = shape_dims(o.get("num", Lit(50))), static(o.get("axis", Lit(0)), "axis")
    if any(isinstance(t, Unknown) for t in types):
        return UNKNOWN
    both = broadcast_dims(*map(dims_of, types))
    if both is None or dims is None:
        raise NotApplicable(f"np.linspace from {types[0]!r} to {types[1]!r}: the axes do not broadcast")
    at = normal_axis(axis, len(both) + 1)
    whole = all(kind_of(t) in ("int", "bool") for t in types)
    return Array(dtype_arg(o.get("dtype", NONE)) or ("f8" if whole else promote(FLOAT, *types)),
                 (*both[:at], *dims, *both[at:]))


def eye(args: Sequence[Arg], o: Options) -> Type:
    dims = shape_dims(o["num"])
    assert dims is not None
    columns = shape_dims(o["M"]) if o.get("M", NONE) != NONE else dims
    return Array(dtype_arg(o.get("dtype", NONE)) or "f8", dims + (columns or ()))


def vander(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if rank(x) != 1:
        raise NotApplicable("np.vander takes an array of one axis; give the types of the arguments")
    columns = shape_dims(o["N"]) if o.get("N", NONE) != NONE else dims_of(x)
    return Array(promote(x, Array("i8", ())), (*dims_of(x), *(columns or ())))


def window(args: Sequence[Arg], o: Options) -> Type:
    return Array("f8", shape_dims(o["num"]) or ())


def roots(args: Sequence[Arg], o: Options) -> Type:
    """Complex numbers; where none is, NumPy gives real ones."""
    p = type_of(args[0])
    if rank(p) != 1:
        raise NotApplicable("np.roots takes an array of one axis; give the types of the arguments")
    return Array("c8" if dtype_of(p) in ("f4", "c8") else "c16", (fresh_dim(),))
