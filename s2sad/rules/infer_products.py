"""Result types of products and of linear algebra."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options, float_dtype, total
from s2sad.rules.infer_elementwise import numeric
from s2sad.rules.static import normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import (
    Array,
    Dim,
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


def vdot(args: Sequence[Arg], o: Options) -> Type:
    return Array(promote(*map(type_of, args)), ())


def cross(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    _ranks_known("np.cross", x, y)
    if any(k in o for k in ("axisa", "axisb", "axisc")):
        raise NotApplicable("np.cross is differentiated with 'axis' only, not with 'axisa', 'axisb', 'axisc'")
    axis = static(o.get("axis", NONE), "axis")
    dx, dy = dims_of(x), dims_of(y)
    if not dx or not dy:
        raise NotApplicable("np.cross takes arrays, not numbers")
    if axis not in (None, -1) and len(dx) != len(dy):
        raise NotApplicable("np.cross with this axis needs operands with the same number of axes")
    for dims in (dx, dy):
        d = dims[-1 if axis is None else normal_axis(axis, len(dims))]
        if d.is_constant and d.const != 3:
            raise NotApplicable(f"np.cross is differentiated for vectors of 3 components, not {d.const}")
    both = broadcast_dims(dx, dy)
    if both is None:
        raise NotApplicable(f"np.cross({x!r}, {y!r}): the axes do not broadcast")
    return Array(promote(x, y), both)


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


def einsum_letters(subscripts: str, n: int) -> tuple[list[str], str]:
    """The letters of the operands and of the result of ``np.einsum``.

    >>> einsum_letters("ij,jk", 2)
    (['ij', 'jk'], 'ik')
    """
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    if not arrow:
        right = "".join(sorted(c for c in set(left) if left.count(c) == 1 and c != ","))
    if "." in subscripts or any(len(set(i)) < len(i) for i in (*inputs, right)):
        raise NotApplicable("np.einsum with '...' or with an index twice in one operand is not supported")
    if len(inputs) != n:
        raise NotApplicable(f"the subscripts {subscripts!r} are for {len(inputs)} operands, not {n}")
    return inputs, right


def einsum(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    _ranks_known("np.einsum", *types)
    inputs, output = einsum_letters(static(o["subscripts"], "subscripts"), len(types))
    lengths: dict[str, Dim] = {}
    for letters, t in zip(inputs, types):
        if len(letters) != len(dims_of(t)):
            raise NotApplicable(f"np.einsum: {letters!r} does not fit {t!r}")
        for c, d in zip(letters, dims_of(t)):
            _meet(lengths.get(c, d), d)
            lengths[c] = d if c not in lengths or lengths[c].may_be_one else lengths[c]
    return Array(promote(*types), tuple(lengths[c] for c in output))


def square_matrix(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown) or len(dims_of(x)) != 2:
        raise NotApplicable("a matrix (two axes) is needed here; give the types of the arguments")
    return Array(_float_or_open(x), dims_of(x))


def _float_or_open(x: Type) -> str:
    return "?" if dtype_of(x) == "?" else float_dtype(dtype_of(x))


def determinant(args: Sequence[Arg], o: Options) -> Type:
    square_matrix(args, o)
    return Array(_float_or_open(type_of(args[0])), ())


def solve(args: Sequence[Arg], o: Options) -> Type:
    square_matrix(args, o)
    b = type_of(args[1])
    if rank(b) not in (1, 2):
        raise NotApplicable("np.linalg.solve takes a right-hand side of one or two axes")
    return Array(promote(Array(_float_or_open(type_of(args[0])), ()), b), dims_of(b))


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
