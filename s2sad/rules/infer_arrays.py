"""Result types of reductions, products and shape changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.builder import type_of
from s2sad.rules.infer_elementwise import broadcast, numeric
from s2sad.rules.infer_index import getitem_type
from s2sad.rules.static import axes_of, dtype_arg, normal_axis, shape_dims, static
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import (
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
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    fresh_dim,
    join,
    kind_of,
    promote,
    rank,
    short_dtype,
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


def _sum_dtype(d: str) -> str:
    return {"b": "i8", "i": "i8", "u": "u8"}.get(d[0], d)


def _float_dtype(d: str) -> str:
    return "f8" if d[0] in "biu" else d


def _real_dtype(d: str) -> str:
    return {"c16": "f8", "c8": "f4"}.get(d, _float_dtype(d))


def like_first(args: Sequence[Arg], o: Options) -> Type:
    """The type of the first operand, as an array."""
    x = type_of(args[0])
    return Array(dtype_of(x), ()) if isinstance(x, Scalar) else x


def cumulative(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    axis = static(o.get("axis", NONE), "axis")
    if isinstance(x, Unknown):
        return UNKNOWN
    out = dtype_arg(o.get("dtype", NONE)) or ("?" if dtype_of(x) == "?" else _sum_dtype(dtype_of(x)))
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
    order = np.moveaxis(np.empty(range(n)), static(o["source"], "source"), static(o["destination"], "destination")).shape
    return Array(dtype_of(x), tuple(dims_of(x)[k] for k in order))


def expand_dims(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    value = static(o["axis"], "axis")
    axes = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if isinstance(x, Unknown):
        return UNKNOWN
    n = len(dims_of(x)) + len(axes)
    where = {normal_axis(a, n) for a in axes}
    rest = iter(dims_of(x))
    return Array(dtype_of(x), tuple(ONE if k in where else next(rest) for k in range(n)))


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


def matmul(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("@", x, y)
    dx, dy = dims_of(x), dims_of(y)
    if not dx or not dy:
        raise NotApplicable("@ takes arrays, not numbers; write *")
    _meet(dx[-1], dy[-2] if len(dy) > 1 else dy[0])
    lead = broadcast_dims(dx[:-2], dy[:-2])
    if lead is None:
        raise NotApplicable(f"{x!r} @ {y!r}: the leading axes do not broadcast")
    return Array(promote(x, y), lead + dx[-2:-1] * (len(dx) > 1) + dy[-1:] * (len(dy) > 1))


def dot(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.dot", x, y)
    dx, dy = dims_of(x), dims_of(y)
    if not dx or not dy:
        return Array(promote(x, y), dx or dy)
    _meet(dx[-1], dy[-2] if len(dy) > 1 else dy[0])
    return Array(promote(x, y), dx[:-1] + dy[:-2] + dy[-1:] * (len(dy) > 1))


def _ranks_known(fn: str, *types: Type) -> None:
    numeric(fn, types)
    if any(isinstance(t, Unknown) for t in types):
        raise NotApplicable(f"{fn} needs the number of axes of its operands; give the types of the arguments")


def _meet(a: Dim, b: Dim) -> None:
    if a.is_constant and b.is_constant and a != b:
        raise NotApplicable(f"a product over axes of lengths {a} and {b}")


def inner(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.inner", x, y)
    dx, dy = dims_of(x), dims_of(y)
    return Array(promote(x, y), dx[:-1] + dy[:-1] if dx and dy else dx or dy)


def outer(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.outer", x, y)
    return Array(promote(x, y), (total(dims_of(x)), total(dims_of(y))))


def vdot(args: Sequence[Arg], o: Options) -> Type:
    return Array(promote(*map(type_of, args)), ())


def tensordot_axes(x: Type, y: Type, axes: Arg) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The summed axes of both operands of ``np.tensordot``."""
    _ranks_known("np.tensordot", x, y)
    value = static(axes, "axes")
    nx, ny = len(dims_of(x)), len(dims_of(y))
    if isinstance(value, int):
        return tuple(range(nx - value, nx)), tuple(range(value))
    left, right = ((a,) if isinstance(a, int) else tuple(a) for a in value)
    return tuple(normal_axis(a, nx) for a in left), tuple(normal_axis(a, ny) for a in right)


def tensordot(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    ax, ay = tensordot_axes(x, y, o.get("axes", Lit(2)))
    for a, b in zip(ax, ay):
        _meet(dims_of(x)[a], dims_of(y)[b])
    left = tuple(d for k, d in enumerate(dims_of(x)) if k not in ax)
    return Array(promote(x, y), left + tuple(d for k, d in enumerate(dims_of(y)) if k not in ay))


def concatenate(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if not types:
        raise NotApplicable("need at least one array to concatenate")
    axis = static(o.get("axis", Lit(0)), "axis")
    if any(isinstance(t, Unknown) for t in types):
        return UNKNOWN
    if axis is None:
        return Array(promote(*types), (sum((total(dims_of(t)) for t in types[1:]), total(dims_of(types[0]))),))
    n = len(dims_of(types[0]))
    if any(len(dims_of(t)) != n for t in types):
        raise NotApplicable("all arrays to concatenate must have the same number of axes")
    k = normal_axis(axis, n)
    out = []
    for i, column in enumerate(zip(*(dims_of(t) for t in types))):
        out.append(sum(column[1:], column[0]) if i == k else _agree(column))
    return Array(promote(*types), tuple(out))


def _agree(dims: Sequence[Dim]) -> Dim:
    constants = {d.const for d in dims if d.is_constant}
    if len(constants) > 1:
        raise NotApplicable(f"axes of lengths {' and '.join(map(str, sorted(constants)))} must be equal")
    return next((d for d in dims if d.is_constant), next((d for d in dims if not d.may_be_one), dims[0]))


def stack(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if not types:
        raise NotApplicable("need at least one array to stack")
    if any(isinstance(t, Unknown) for t in types):
        return UNKNOWN
    n = len(dims_of(types[0]))
    if any(len(dims_of(t)) != n for t in types):
        raise NotApplicable("all arrays to stack must have the same shape")
    dims = [_agree(column) for column in zip(*(dims_of(t) for t in types))]
    dims.insert(normal_axis(static(o.get("axis", Lit(0)), "axis"), n + 1), Dim.constant(len(types)))
    return Array(promote(*types), tuple(dims))


def array(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    out = dtype_arg(o.get("dtype", NONE)) or (promote(*types) if types else "f8")

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
            return (Dim.constant(len(shapes)), *(_agree(column) for column in zip(*shapes)))
        t = types[static(layout, "layout")]
        return None if isinstance(t, Unknown) else dims_of(t)

    if any(isinstance(t, Unknown) for t in types) and isinstance(o["layout"], Tup):
        # The items of a list of unknowns are taken for numbers: arrays inside would need their types.
        types = [FLOAT if isinstance(t, Unknown) else t for t in types]
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
    out = dtype_arg(o.get("dtype", NONE)) or ("f8" if any(kind_of(t) == "float" for t in types) else "i8")
    if all(isinstance(a, Lit) for a in args):
        return Array(out, (Dim.constant(len(np.arange(*(static(a, "arange") for a in args)))),))
    if len(args) == 1 and kind_of(types[0]) == "int":
        dims = shape_dims(args[0])
        return Array(out, dims if dims is not None else (fresh_dim(),))
    return Array(out, (fresh_dim(),))


def linspace(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if any(rank(t) not in (0, None) for t in types):
        raise NotApplicable("np.linspace takes two numbers here")
    dims = shape_dims(o.get("num", Lit(50)))
    out = dtype_arg(o.get("dtype", NONE)) or ("?" if promote(*types) == "?" else short_dtype(
        np.result_type(np.float64, np.dtype(promote(*types)))))
    return Array(out, dims or ())


def eye(args: Sequence[Arg], o: Options) -> Type:
    dims = shape_dims(o["num"])
    assert dims is not None
    columns = shape_dims(o["M"]) if o.get("M", NONE) != NONE else dims
    return Array(dtype_arg(o.get("dtype", NONE)) or "f8", dims + (columns or ()))


def expand(args: Sequence[Arg], o: Options) -> Type:
    v, like = type_of(args[0]), type_of(args[1])
    if isinstance(like, Unknown) or isinstance(v, Unknown):
        return UNKNOWN
    if isinstance(like, Scalar) or not dims_of(like):
        return v
    weak = isinstance(v, Scalar) and kind_of(like) == "float"
    return Array(dtype_of(like) if weak else dtype_of(v), dims_of(like))


def unbroadcast(args: Sequence[Arg], o: Options) -> Type:
    v, like = type_of(args[0]), type_of(args[1])
    if isinstance(like, Unknown):
        return UNKNOWN
    if isinstance(like, Scalar):
        return FLOAT
    return Array(dtype_of(like) if kind_of(like) == "float" else dtype_of(v), dims_of(like))


def cast(args: Sequence[Arg], o: Options) -> Type:
    v = type_of(args[0])
    if len(args) > 1:
        like = type_of(args[1])
        if isinstance(like, Unknown) or isinstance(v, Unknown):
            return UNKNOWN
        return FLOAT if isinstance(like, Scalar) and not dims_of(v) else Array(dtype_of(like), dims_of(v))
    name = static(o["dtype"], "dtype")
    if name == "float":
        return FLOAT
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


def unpack(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    if isinstance(t, Tape):
        return t.item
    if isinstance(t, Residual):
        raise NotApplicable("the type of a residual's item must be given")
    return NOTHING


def square_matrix(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown) or len(dims_of(x)) != 2:
        raise NotApplicable("a matrix (two axes) is needed here; give the types of the arguments")
    return Array(_float_or_open(x), dims_of(x))


def _float_or_open(x: Type) -> str:
    return "?" if dtype_of(x) == "?" else _float_dtype(dtype_of(x))


def determinant(args: Sequence[Arg], o: Options) -> Type:
    square_matrix(args, o)
    return Array(_float_or_open(type_of(args[0])), ())


def solve(args: Sequence[Arg], o: Options) -> Type:
    square_matrix(args, o)
    b = type_of(args[1])
    if rank(b) not in (1, 2):
        raise NotApplicable("np.linalg.solve takes a right-hand side of one or two axes")
    return Array(promote(Array(_float_or_open(type_of(args[0])), ()), b), dims_of(b))


def trace(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if rank(x) != 2:
        raise NotApplicable("np.trace takes a matrix (two axes)")
    return Array("?" if dtype_of(x) == "?" else _sum_dtype(dtype_of(x)), ())


def diag(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    k = static(o.get("k", Lit(0)), "k")
    dims = dims_of(x)
    if rank(x) == 1:
        return Array(dtype_of(x), (dims[0] + abs(k), dims[0] + abs(k)))
    if rank(x) != 2:
        raise NotApplicable("np.diag takes an array of one or two axes")
    return Array(dtype_of(x), (dims[0] if dims[0] == dims[1] and k == 0 else fresh_dim(),))


INFER: dict[str, Infer] = {
    "np.sum": reduction(_sum_dtype), "np.prod": reduction(_sum_dtype), "np.mean": reduction(_float_dtype),
    "np.var": reduction(_real_dtype), "np.std": reduction(_real_dtype),
    "np.max": reduction(str), "np.min": reduction(str), "np.linalg.norm": reduction(_real_dtype),
    "np.any": reduction(lambda d: "b1"), "np.all": reduction(lambda d: "b1"),
    "np.argmax": reduction(lambda d: "i8"), "np.argmin": reduction(lambda d: "i8"),
    "np.count_nonzero": reduction(lambda d: "i8"), "np.cumsum": cumulative,
    "np.reshape": reshape, "np.ravel": ravel, "flatten": ravel, "np.transpose": transpose, "np.swapaxes": swapaxes,
    "np.moveaxis": moveaxis, "np.expand_dims": expand_dims, "np.squeeze": squeeze, "np.broadcast_to": broadcast_to,
    "@": matmul, "np.matmul": matmul, "np.dot": dot, "np.inner": inner, "np.outer": outer, "np.vdot": vdot,
    "np.tensordot": tensordot, "np.concatenate": concatenate, "np.stack": stack, "np.array": array,
    "np.asarray": creation_like, "np.copy": like_first, "copy": same, "np.ascontiguousarray": like_first,
    "np.zeros": creation(), "np.ones": creation(), "np.empty": creation(), "np.full": creation(),
    "np.zeros_like": creation_like, "np.ones_like": creation_like, "np.empty_like": creation_like,
    "np.full_like": creation_like, "np.arange": arange, "np.linspace": linspace, "np.eye": eye, "np.identity": eye,
    "zeros_like": same, "expand": expand, "unbroadcast": unbroadcast, "cast": cast, "np.astype": astype,
    "getitem": lambda args, o: getitem_type(type_of(args[0]), o["index"]), "scatter_add": same, "shape": shape,
    "size": integer, "ndim": integer, "len": integer, "minlen": integer, "item": item, "accumulate": accumulate,
    "tape_zeros": same, "unpack": unpack, "np.linalg.inv": square_matrix, "np.linalg.det": determinant,
    "np.linalg.solve": solve, "np.trace": trace, "np.diag": diag, "np.tril": like_first, "np.triu": like_first,
    "np.roll": like_first, "np.flip": like_first, "np.sort": like_first, "np.nan_to_num": like_first,
    "np.conj": like_first, "np.real": like_first,
}
__all__ = ["INFER", "broadcast", "tensordot_axes", "total"]
