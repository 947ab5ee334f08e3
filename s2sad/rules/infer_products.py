"""Result types of products and of linear algebra."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.einsum import read
from s2sad.rules.infer_arrays import Options, float_dtype, total
from s2sad.rules.infer_elementwise import numeric
from s2sad.rules.static import dtype_arg, normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import (
    ONE,
    TEXT,
    Array,
    Dim,
    Opaque,
    Tuple,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    promote,
    rank,
)


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


def outer_of_vectors(args: Sequence[Arg], o: Options) -> Type:
    if any(rank(type_of(a)) not in (1, None) for a in args):
        raise NotApplicable("np.linalg.outer takes two vectors; np.outer takes arrays of any shape")
    return outer(args, o)


def vdot(args: Sequence[Arg], o: Options) -> Type:
    return Array(promote(*map(type_of, args)), ())


def cross_axes(x: Type, y: Type, o: Options) -> tuple[int, int, int]:
    """The axes with the components of the operands and of the result of `np.cross`."""
    _ranks_known("np.cross", x, y)
    dx, dy = dims_of(x), dims_of(y)
    if not dx or not dy:
        raise NotApplicable("np.cross takes arrays, not numbers")
    common = static(o.get("axis", NONE), "axis")
    a, b, c = (static(o.get(k, Lit(-1)), k) if common is None else common for k in ("axisa", "axisb", "axisc"))
    a, b = normal_axis(a, len(dx)), normal_axis(b, len(dy))
    return a, b, normal_axis(c, max(len(dx), len(dy)))


def cross(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    a, b, c = cross_axes(x, y, o)
    dx, dy = list(dims_of(x)), list(dims_of(y))
    size = [d.const if d.is_constant else 3 for d in (dx.pop(a), dy.pop(b))]
    both = list(_broadcast("np.cross", dx, dy))
    if size == [2, 2]:
        return Array(promote(x, y), tuple(both))
    if size != [3, 3]:
        raise NotApplicable("np.cross is differentiated for two vectors of 3 components, or of 2, "
                            f"not of {size[0]} and {size[1]}", "give the shorter one a third component of 0")
    both.insert(c, Dim.constant(3))
    return Array(promote(x, y), tuple(both))


def tensordot_axes(x: Type, y: Type, axes: Arg) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The summed axes of both operands of ``np.tensordot``."""
    _ranks_known("np.tensordot", x, y)
    value = static(axes, "axes")
    nx, ny = len(dims_of(x)), len(dims_of(y))
    if isinstance(value, int):
        if not 0 <= value <= min(nx, ny):
            raise NotApplicable(f"np.tensordot over {value} axes of {x!r} and {y!r}")
        return tuple(range(nx - value, nx)), tuple(range(value))
    left, right = ((a,) if isinstance(a, int) else tuple(a) for a in value)
    if len(left) != len(right):
        raise NotApplicable(f"np.tensordot over {len(left)} axes of the one, {len(right)} of the other operand")
    return tuple(normal_axis(a, nx) for a in left), tuple(normal_axis(a, ny) for a in right)


def tensordot(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    ax, ay = tensordot_axes(x, y, o.get("axes", Lit(2)))
    for a, b in zip(ax, ay):
        _meet(dims_of(x)[a], dims_of(y)[b])
    left = tuple(d for k, d in enumerate(dims_of(x)) if k not in ax)
    return Array(promote(x, y), left + tuple(d for k, d in enumerate(dims_of(y)) if k not in ay))


def einsum(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    _ranks_known("np.einsum", *types)
    shapes = [dims_of(t) for t in types]
    subscripts = read(static(o["subscripts"], "subscripts"), shapes)
    lengths = subscripts.lengths(shapes)
    dtype = dtype_arg(o.get("dtype", NONE)) or promote(*types)
    return Array(dtype, tuple(d for c in subscripts.output for d in lengths[c]))


def einsum_path(args: Sequence[Arg], o: Options) -> Type:
    einsum(args, o)
    return Tuple((Opaque("list"), TEXT))


def kron(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.kron", x, y)
    dx, dy = dims_of(x), dims_of(y)
    n = max(len(dx), len(dy))
    pairs = zip((ONE,) * (n - len(dx)) + dx, (ONE,) * (n - len(dy)) + dy)
    return Array(promote(x, y), tuple(map(total, pairs)))


def vecdot_axes(x: Type, y: Type, axis: Arg) -> tuple[int, int]:
    """The summed axes of the operands of `np.vecdot`, counted from the end."""
    _ranks_known("np.vecdot", x, y)
    if not dims_of(x) or not dims_of(y):
        raise NotApplicable("np.vecdot takes arrays, not numbers")
    at = static(axis, "axis")
    first, second = (normal_axis(at, len(dims_of(t))) - len(dims_of(t)) for t in (x, y))
    return first, second


def vecdot(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    ax, ay = vecdot_axes(x, y, o.get("axis", Lit(-1)))
    dx, dy = list(dims_of(x)), list(dims_of(y))
    _meet(dx.pop(ax), dy.pop(ay))
    return Array(promote(x, y), _broadcast("np.vecdot", dx, dy))


def _broadcast(fn: str, dx: Sequence[Dim], dy: Sequence[Dim]) -> tuple[Dim, ...]:
    found = broadcast_dims(tuple(dx), tuple(dy))
    if found is None:
        raise NotApplicable(f"{fn}: the leading axes do not broadcast")
    return found


def matvec(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.matvec", x, y)
    dx, dy = dims_of(x), dims_of(y)
    if len(dx) < 2 or not dy:
        raise NotApplicable("np.matvec takes matrices and vectors")
    _meet(dx[-1], dy[-1])
    return Array(promote(x, y), (*_broadcast("np.matvec", dx[:-2], dy[:-1]), dx[-2]))


def vecmat(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.vecmat", x, y)
    dx, dy = dims_of(x), dims_of(y)
    if not dx or len(dy) < 2:
        raise NotApplicable("np.vecmat takes vectors and matrices")
    _meet(dx[-1], dy[-2])
    return Array(promote(x, y), (*_broadcast("np.vecmat", dx[:-1], dy[:-2]), dy[-1]))


def multi_dot(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    _ranks_known("np.linalg.multi_dot", *types)
    if len(types) < 2 or any(rank(t) != 2 for t in types[1:-1]) or {rank(types[0]), rank(types[-1])} - {1, 2}:
        raise NotApplicable("np.linalg.multi_dot takes two or more matrices; the first and the last may be vectors")
    product = args[0]
    for a in args[1:]:
        product = Var(matmul([product, a], {}))
    return type_of(product)


def matrix_power(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    _ranks_known("np.linalg.matrix_power", x)
    dims = dims_of(x)
    if len(dims) < 2 or dims[-1].is_constant and dims[-2].is_constant and dims[-1] != dims[-2]:
        raise NotApplicable(f"np.linalg.matrix_power takes square matrices, not {x!r}")
    n = static(o.get("n", NONE), "n")
    if not isinstance(n, int):
        raise NotApplicable("np.linalg.matrix_power takes a whole number")
    whole = dtype_of(x) if dtype_of(x) == "?" or n >= 0 else float_dtype(dtype_of(x))
    return Array(whole, dims)


def diag(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    k = static(o.get("k", Lit(0)), "k")
    dims = dims_of(x)
    if rank(x) == 1:
        return Array(dtype_of(x), (dims[0] + abs(k), dims[0] + abs(k)))
    if rank(x) != 2:
        raise NotApplicable("np.diag takes an array of one or two axes")
    if dims[0] == dims[1] and k == 0:
        return Array(dtype_of(x), dims[:1])
    return Array(dtype_of(x), (Dim.symbol(f"?diag({dims[0]},{dims[1]},{k})".replace(" ", "")),))
