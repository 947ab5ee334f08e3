"""Result types of reductions, products and shape changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.infer_elementwise import numeric
from s2sad.rules.static import axes_of, dtype_arg, normal_axis, shape_dims, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.joins import join
from s2sad.trace.types import (
    COMPLEX,
    FLOAT,
    INT,
    NOTHING,
    ONE,
    UNKNOWN,
    Array,
    Dim,
    Residual,
    Scalar,
    Tape,
    Tuple,
    Type,
    Unknown,
    dims_of,
    dtype_of,
    fresh_dim,
    kind_of,
    rank,
)

Options = Mapping[str, Arg]
Infer = Callable[[Sequence[Arg], Options], Type]


def reduction(dtype: Callable[[str], str]) -> Infer:
    """The type of a reduction whose result dtype is a function of the operand's."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        x = type_of(args[0])
        numeric("a reduction", [x])
        axes = axes_of(o.get("axis", NONE), rank(x))
        keep = bool(static(o.get("keepdims", Lit(False)), "keepdims"))
        out = dtype_arg(o.get("dtype", NONE)) or ("?" if dtype_of(x) == "?" else dtype(dtype_of(x)))
        if isinstance(x, Unknown):
            return UNKNOWN if axes is not None or keep else Array(out, ())
        dims = dims_of(x)
        axes = tuple(range(len(dims))) if axes is None else axes
        if keep:
            return Array(out, tuple(ONE if k in axes else d for k, d in enumerate(dims)))
        return Array(out, tuple(d for k, d in enumerate(dims) if k not in axes))

    return infer


def sum_dtype(d: str) -> str:
    return {"b": "i8", "i": "i8", "u": "u8"}.get(d[0], d)


def float_dtype(d: str) -> str:
    return "f8" if d[0] in "biu" else d


def real_dtype(d: str) -> str:
    return {"c16": "f8", "c8": "f4"}.get(d, float_dtype(d))


def like_first(args: Sequence[Arg], o: Options) -> Type:
    """The type of the first operand, as an array."""
    x = type_of(args[0])
    return Array(dtype_of(x), ()) if isinstance(x, Scalar) else x


def cumulative(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    axis = static(o.get("axis", NONE), "axis")
    if isinstance(x, Unknown):
        return UNKNOWN
    out = dtype_arg(o.get("dtype", NONE)) or ("?" if dtype_of(x) == "?" else sum_dtype(dtype_of(x)))
    if axis is None:
        return Array(out, (total(dims_of(x)),))
    normal_axis(axis, len(dims_of(x)))
    return Array(out, dims_of(x))


def total(dims: Sequence[Dim]) -> Dim:
    """The product of lengths."""
    if all(d.is_constant for d in dims):
        return Dim.constant(prod(d.const for d in dims))
    rest = [d for d in dims if not d.is_constant]
    factor = prod(d.const for d in dims if d.is_constant)
    if len(rest) == 1:
        return rest[0].scaled(factor)
    mark = "?" if factor == 1 and any(d.may_be_one for d in rest) else ""
    return Dim.symbol(f"{mark}prod({factor},{','.join(map(str, rest))})".replace(" ", ""))


def reshape(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    dims = shape_dims(o["shape"])
    if dims is None or isinstance(x, Unknown) and any(d == Dim.constant(-1) for d in dims):
        return UNKNOWN if dims is None else Array("?", tuple(fresh_dim() if d == Dim.constant(-1) else d for d in dims))
    if Dim.constant(-1) in dims:
        rest = [d for d in dims if d != Dim.constant(-1)]
        dims = tuple(_missing(total(dims_of(x)), rest) if d == Dim.constant(-1) else d for d in dims)
    return Array(dtype_of(x), dims)


def _missing(size: Dim, rest: Sequence[Dim]) -> Dim:
    known = total(rest)
    if known.is_one:
        return size
    if size.is_constant and known.is_constant and known.const:
        if size.const % known.const:
            raise NotApplicable(f"an array of size {size.const} has no shape with a factor {known.const}")
        return Dim.constant(size.const // known.const)
    return Dim.symbol(f"?({size})/({known})".replace(" ", ""))


def ravel(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    return Array(dtype_of(x), (fresh_dim(),) if isinstance(x, Unknown) else (total(dims_of(x)),))


def transpose(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    axes = static(o.get("axes", NONE), "axes")
    if isinstance(x, Unknown):
        return UNKNOWN
    dims = dims_of(x)
    order = range(len(dims))[::-1] if axes is None else [normal_axis(a, len(dims)) for a in axes]
    if sorted(order) != list(range(len(dims))):
        raise NotApplicable(f"axes {axes!r} are not a permutation of the array's {len(dims)} axes")
    return Array(dtype_of(x), tuple(dims[a] for a in order))


def swapaxes(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return UNKNOWN
    dims = list(dims_of(x))
    i, j = (normal_axis(static(o[k], k), len(dims)) for k in ("axis1", "axis2"))
    dims[i], dims[j] = dims[j], dims[i]
    return Array(dtype_of(x), tuple(dims))


def moveaxis(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return UNKNOWN
    n = len(dims_of(x))
    source, destination = static(o["source"], "source"), static(o["destination"], "destination")
    order = np.moveaxis(np.empty(range(n)), source, destination).shape
    return Array(dtype_of(x), tuple(dims_of(x)[k] for k in order))


def expand_dims(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    value = static(o["axis"], "axis")
    axes = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if isinstance(x, Unknown):
        return UNKNOWN
    n = len(dims_of(x)) + len(axes)
    where = {normal_axis(a, n) for a in axes}
    if len(where) < len(axes):
        raise NotApplicable("an axis is given twice")
    rest = iter(dims_of(x))
    return Array(dtype_of(x), tuple(ONE if k in where else next(rest) for k in range(n)))


def atleast(n: int) -> Infer:
    """The type of ``np.atleast_nd``."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        x = type_of(args[0])
        if isinstance(x, Unknown):
            return UNKNOWN
        dims = dims_of(x)
        if len(dims) >= n:
            return x
        if n == 3:
            new = (dims[0], dims[1], ONE) if len(dims) == 2 else (ONE, *(dims or (ONE,)), ONE)
        else:
            new = (ONE,) * (n - len(dims)) + dims
        return Array(dtype_of(x), new)

    return infer


def squeeze(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    axes = axes_of(o.get("axis", NONE), rank(x))
    if isinstance(x, Unknown):
        return UNKNOWN
    if axes is None and any(d.may_be_one and not d.is_one for d in dims_of(x)):
        return UNKNOWN
    drop = [k for k, d in enumerate(dims_of(x)) if d.is_one] if axes is None else list(axes)
    if any(dims_of(x)[k].is_constant and not dims_of(x)[k].is_one for k in drop):
        raise NotApplicable("an axis to squeeze has a length other than 1")
    return Array(dtype_of(x), tuple(d for k, d in enumerate(dims_of(x)) if k not in drop))


def broadcast_to(args: Sequence[Arg], o: Options) -> Type:
    x, dims = type_of(args[0]), shape_dims(o["shape"])
    return UNKNOWN if dims is None else Array(dtype_of(x), dims)


def expand(args: Sequence[Arg], o: Options) -> Type:
    v, like = type_of(args[0]), type_of(args[1])
    if isinstance(like, Unknown) or isinstance(v, Unknown):
        return UNKNOWN
    if isinstance(like, Scalar) or not dims_of(like):
        return replace(v, optional=False) if isinstance(v, (Scalar, Array)) else v
    weak = isinstance(v, Scalar) and kind_of(like) in ("float", "complex")
    return Array(dtype_of(like) if weak else dtype_of(v), dims_of(like))


def unbroadcast(args: Sequence[Arg], o: Options) -> Type:
    v, like = type_of(args[0]), type_of(args[1])
    if isinstance(like, Unknown):
        return UNKNOWN
    if isinstance(like, Scalar):
        return like if like == COMPLEX else FLOAT
    return Array(dtype_of(like) if kind_of(like) in ("float", "complex") else dtype_of(v), dims_of(like))


def cast(args: Sequence[Arg], o: Options) -> Type:
    v = type_of(args[0])
    if len(args) > 1:
        like = type_of(args[1])
        if isinstance(like, Unknown) or isinstance(v, Unknown):
            return UNKNOWN
        number = isinstance(like, Scalar) and not dims_of(v)
        return Array(dtype_of(like), dims_of(v)) if not number else like if like == COMPLEX else FLOAT
    name = static(o["dtype"], "dtype")
    if name in ("float", "complex"):
        return FLOAT if name == "float" else COMPLEX
    return UNKNOWN if isinstance(v, Unknown) else Array(name, dims_of(v))


def astype(args: Sequence[Arg], o: Options) -> Type:
    x, out = type_of(args[0]), dtype_arg(o["dtype"])
    return UNKNOWN if isinstance(x, Unknown) else Array(out or "f8", dims_of(x))


def shape(args: Sequence[Arg], o: Options) -> Type:
    return NOTHING if o.get("axis", NONE) == NONE else INT


def integer(args: Sequence[Arg], o: Options) -> Type:
    return INT


def same(args: Sequence[Arg], o: Options) -> Type:
    return type_of(args[0])


def item(args: Sequence[Arg], o: Options) -> Type:
    kind = kind_of(type_of(args[0]))
    return Scalar(kind) if kind in ("bool", "int", "float", "complex") else FLOAT


def accumulate(args: Sequence[Arg], o: Options) -> Type:
    joined = join(type_of(args[0]), type_of(args[1]))
    return joined if joined is not None else type_of(args[0])


def part(args: Sequence[Arg], o: Options) -> Type:
    t, item = type_of(args[0]), o["item"]
    assert isinstance(t, Tuple) and isinstance(item, Lit)
    found: Type = t.items[item.value]
    return found


def unpack(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    if isinstance(t, Tape):
        return t.item
    if isinstance(t, Residual):
        raise NotApplicable("the type of a residual's item must be given")
    return NOTHING
