"""Result types of what changes shapes: padding, turning, diagonals, joining."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options, ravel, sum_dtype, total
from s2sad.rules.infer_arrays import reshape as reshaped
from s2sad.rules.infer_creation import agreed, strong
from s2sad.rules.infer_products import diag
from s2sad.rules.static import dtype_arg, length, normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import ONE, UNKNOWN, Array, Dim, Type, Unknown, dims_of, dtype_of, rank

ORDERS = ("C", "F")


def order_of(o: Options) -> str:
    """The ``order`` option of what reads elements one by one."""
    found = static(o.get("order", Lit("C")), "order")
    if found not in ORDERS:
        raise NotApplicable(f"order={found!r} means how the array lies in memory, which is not known here",
                            "write order='C' or order='F'")
    return str(found)


def reshape(args: Sequence[Arg], o: Options) -> Type:
    order_of(o)
    return reshaped(args, o)


def raveled(args: Sequence[Arg], o: Options) -> Type:
    order_of(o)
    return ravel(args, o)


def matrix_transpose(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    dims = dims_of(x)
    if isinstance(x, Unknown):
        return UNKNOWN
    if len(dims) < 2:
        raise NotApplicable("a matrix transpose takes an array of two axes or more")
    return Array(dtype_of(x), (*dims[:-2], dims[-1], dims[-2]))


def rot90(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return UNKNOWN
    dims = list(dims_of(x))
    i, j = (normal_axis(a, len(dims)) for a in static(o.get("axes", Tup((Lit(0), Lit(1)))), "axes"))
    if static(o.get("k", Lit(1)), "k") % 2:
        dims[i], dims[j] = dims[j], dims[i]
    return Array(dtype_of(x), tuple(dims))


# Padding.


def pairs_of(arg: Arg, n: int) -> list[tuple[Arg, Arg]]:
    """Widths before and after each of ``n`` axes, as `np.pad` reads them.

    >>> pairs_of(Lit(2), 1), pairs_of(Tup((Lit(1), Lit(2))), 2)[1]
    ([(Lit(value=2), Lit(value=2))], (Lit(value=1), Lit(value=2)))
    """
    if not isinstance(arg, Tup):
        return [(arg, arg)] * n
    rows = [_pair(item) for item in arg.items if isinstance(item, Tup)]
    if not rows:
        rows = [_pair(arg)]
    if len(rows) not in (1, n):
        raise NotApplicable(f"np.pad needs widths for 1 or {n} axes, not for {len(rows)}")
    return rows * n if len(rows) == 1 else rows


def _pair(arg: Arg) -> tuple[Arg, Arg]:
    items = arg.items if isinstance(arg, Tup) else (arg,)
    if len(items) not in (1, 2) or any(isinstance(i, Tup) for i in items):
        raise NotApplicable("np.pad takes a number, or pairs of numbers before and after each axis")
    return items[0], items[-1]


def pad(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown):
        raise NotApplicable("np.pad needs the number of axes of its operand; give the types of the arguments")
    if static(o.get("mode", Lit("constant")), "mode") not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise NotApplicable("this mode of np.pad is no operation")
    dims = dims_of(x)
    return Array(dtype_of(x), tuple(d + length(a) + length(b) for d, (a, b) in zip(dims, pairs_of(o["pad_width"],
                                                                                                   len(dims)))))


def unpad(args: Sequence[Arg], o: Options) -> Type:
    y = type_of(args[0])
    if isinstance(y, Unknown):
        return UNKNOWN
    pairs = pairs_of(o["pad_width"], len(dims_of(y)))
    return Array(dtype_of(y), tuple(d - length(a) - length(b) for d, (a, b) in zip(dims_of(y), pairs)))


# Diagonals.


def triangle(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.tril(x)``: a vector stands for the rows of a matrix."""
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return UNKNOWN
    if rank(x) == 0:
        raise NotApplicable("this takes an array of one axis or more")
    return Array(dtype_of(x), dims_of(x) * 2 if rank(x) == 1 else dims_of(x))


def plane(x: Type, o: Options) -> tuple[int, int]:
    """The two axes that a diagonal runs through."""
    n = rank(x)
    if n is None:
        raise NotApplicable("a diagonal needs the number of axes of its operand; give the types of the arguments")
    i, j = (normal_axis(static(o.get(name, Lit(default)), name), n) for name, default in (("axis1", 0), ("axis2", 1)))
    if i == j:
        raise NotApplicable("axis1 and axis2 cannot be the same")
    return i, j


def diagonal(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    i, j = plane(x, o)
    dims = dims_of(x)
    inner = diag([Var(Array(dtype_of(x), (dims[i], dims[j])))], {"k": o.get("offset", Lit(0))})
    return Array(dtype_of(x), (*(d for k, d in enumerate(dims) if k not in (i, j)), *dims_of(inner)))


def trace(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    i, j = plane(x, o)
    out = dtype_arg(o.get("dtype", NONE)) or ("?" if dtype_of(x) == "?" else sum_dtype(dtype_of(x)))
    return Array(out, tuple(d for k, d in enumerate(dims_of(x)) if k not in (i, j)))


# Joining.

# For each function, and for each number of axes that an array has, the axes of the array that it is made: None is one
# of length 1.  The arrays are joined along the axis that stands last in the row.
Row = tuple[tuple[int | None, ...], int]


def lifted(fn: str, n: int, first: int) -> Row:
    """How an array of ``n`` axes goes into a join, the first of whose arrays has ``first`` axes.

    >>> lifted("np.vstack", 1, 1), lifted("np.dstack", 1, 1), lifted("np.column_stack", 1, 2)
    (((None, 0), 0), ((None, 0, None), 2), ((0, None), 1))
    """
    own = tuple(range(n))
    if fn == "np.vstack":
        return ((None, None), (None, 0))[n] if n < 2 else own, 0
    if fn == "np.hstack":
        return (None,) if n == 0 else own, 0 if first < 2 else 1
    if fn == "np.column_stack":
        return ((None, None), (0, None))[n] if n < 2 else own, 1
    return ((None, None, None), (None, 0, None), (0, 1, None))[n] if n < 3 else own, 2


def joined(fn: str) -> Infer:
    """The type of ``np.vstack`` and its like."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        types = [type_of(a) for a in args]
        if not types:
            raise NotApplicable(f"{fn} needs at least one array")
        if any(isinstance(t, Unknown) for t in types):
            return UNKNOWN
        first = rank(types[0]) or 0
        rows: list[tuple[Dim, ...]] = []
        axis = 0
        for t in types:
            axes, axis = lifted(fn, rank(t) or 0, first)
            rows.append(tuple(ONE if a is None else dims_of(t)[a] for a in axes))
        if any(len(r) != len(rows[0]) for r in rows) or axis >= len(rows[0]):
            raise NotApplicable(f"the arrays for {fn} do not have numbers of axes that go together")
        dims = [sum(column[1:], column[0]) if k == axis else agreed(column) for k, column in enumerate(zip(*rows))]
        return Array(strong(types, o), tuple(dims))

    return infer


def concatenate(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if not types:
        raise NotApplicable("need at least one array to concatenate")
    axis = static(o.get("axis", Lit(0)), "axis")
    if any(isinstance(t, Unknown) for t in types):
        return UNKNOWN
    if axis is None:
        return Array(strong(types, o), (sum((total(dims_of(t)) for t in types[1:]), total(dims_of(types[0]))),))
    n = len(dims_of(types[0]))
    if any(len(dims_of(t)) != n for t in types):
        raise NotApplicable("all arrays to concatenate must have the same number of axes")
    k = normal_axis(axis, n)
    columns = enumerate(zip(*(dims_of(t) for t in types)))
    return Array(strong(types, o), tuple(sum(c[1:], c[0]) if i == k else agreed(c) for i, c in columns))


def stack(args: Sequence[Arg], o: Options) -> Type:
    types = [type_of(a) for a in args]
    if not types:
        raise NotApplicable("need at least one array to stack")
    if any(isinstance(t, Unknown) for t in types):
        return UNKNOWN
    n = len(dims_of(types[0]))
    if any(len(dims_of(t)) != n for t in types):
        raise NotApplicable("all arrays to stack must have the same shape")
    dims = [agreed(column) for column in zip(*(dims_of(t) for t in types))]
    dims.insert(normal_axis(static(o.get("axis", Lit(0)), "axis"), n + 1), Dim.constant(len(types)))
    return Array(strong(types, o), tuple(dims))


def as_array(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.ascontiguousarray(x)``, which has one axis at least."""
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return UNKNOWN
    return Array(dtype_arg(o.get("dtype", NONE)) or dtype_of(x), dims_of(x) or (ONE,))
