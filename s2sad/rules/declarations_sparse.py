"""Sparse matrices of SciPy: products, sums, systems.  Derivatives by the elements are gathers, see `macros_sparse`.

The object ``a`` carries no derivative itself: its elements do, the operand ``data``, or None if they are constants.
"""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.declare import general, linear, zero
from s2sad.rules.infer_arrays import Options, float_dtype
from s2sad.rules.static import length, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import INT, Array, Dim, Opaque, Type, dims_of, fresh_dim, promote, rank
from s2sad.trace.walk import arg_vars


def _length(n: Arg | None, pattern: Arg, side: int) -> Dim:
    """The number of rows (or columns) of a sparse matrix: one that nobody knows is the same for the same pattern."""
    if n is not None and n != NONE:
        return length(n)
    while isinstance(pattern, Tup) and pattern.items[0] == Lit("turned"):
        pattern, side = pattern.items[1], 1 - side
    names = ",".join(str(v.uid) for v in arg_vars(pattern))
    return Dim.symbol(f"?{'columns' if side else 'rows'}({names})") if names else fresh_dim()


def _dtype(a: Arg, *others: Type) -> str:
    t = type_of(a)
    if not isinstance(t, Opaque) or not t.what.startswith("scipy.sparse "):
        raise NotApplicable(f"a sparse matrix is needed here, not {t!r}")
    return promote(Array(t.what.split()[2], ()), *others)


def product(args: Sequence[Arg], o: Options) -> Type:
    a, _, x = args
    t = type_of(x)
    if rank(t) not in (1, 2):
        raise NotApplicable(f"a sparse matrix is multiplied with a vector or a matrix here, not with {t!r}")
    return Array(_dtype(a, t), (_length(o.get("rows"), o.get("pattern", NONE), 0), *dims_of(t)[1:]))


def left_product(args: Sequence[Arg], o: Options) -> Type:
    x, a, _ = args
    t = type_of(x)
    if rank(t) not in (1, 2):
        raise NotApplicable(f"a sparse matrix is multiplied with a vector or a matrix here, not with {t!r}")
    return Array(_dtype(a, t), (*dims_of(t)[:-1], _length(o.get("columns"), o.get("pattern", NONE), 1)))


def total(args: Sequence[Arg], o: Options) -> Type:
    axis = static(o.get("axis", NONE), "axis")
    side = 0 if axis in (1, -1) else 1
    return Array(_dtype(args[0]), () if axis is None else (_length(o.get("length"), o.get("pattern", NONE), side),))


def dense(args: Sequence[Arg], o: Options) -> Type:
    pattern = o.get("pattern", NONE)
    return Array(_dtype(args[0]), (_length(o.get("rows"), pattern, 0), _length(o.get("columns"), pattern, 1)))


def values(args: Sequence[Arg], o: Options) -> Type:
    return Array(_dtype(args[0]), (fresh_dim(),))


def diagonal(args: Sequence[Arg], o: Options) -> Type:
    return Array(_dtype(args[0]), (fresh_dim(),))


def places(args: Sequence[Arg], o: Options) -> Type:
    return Array("i4", (fresh_dim(),))


def solution(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[3])
    dims = dims_of(t)
    if rank(t) not in (1, 2):
        raise NotApplicable("a sparse system is solved for a vector or for a matrix of right-hand sides here")
    if len(dims) == 2 and dims[1].may_be_one:
        if not dims[1].is_one:
            raise NotApplicable("whether there is one right-hand side or several is not known; pass a vector")
        raise NotApplicable("a matrix of one right-hand side is not differentiated here; pass a vector, b[:, 0]")
    dtype = _dtype(args[0], t)
    return Array("?" if dtype == "?" else float_dtype(dtype), dims)


general("z = sparse_matmul(a, data, x, pattern=None, rows=None)", result=product, flags="written objects fresh unread1",
        z_dot_data="sparse_times(sparse_like(a, data_dot, pattern), data_dot, x, pattern, z)",
        z_dot_x="sparse_times(a, data, x_dot, pattern, z)", data_bar="gathered(z_bar, x, pattern)",
        x_bar="sparse_times(sparse_turned(a), conjugated(data), z_bar, turned_pattern(pattern), x)")
general("z = sparse_rmatmul(x, a, data, pattern=None, columns=None)", result=left_product,
        flags="written objects fresh unread2",
        z_dot_data="times_sparse(x, sparse_like(a, data_dot, pattern), data_dot, pattern, z)",
        z_dot_x="times_sparse(x_dot, a, data, pattern, z)", data_bar="gathered_left(x, z_bar, pattern)",
        x_bar="times_sparse(z_bar, sparse_turned(a), conjugated(data), turned_pattern(pattern), x)")
general("y = sparse_solve(a, f, data, b, pattern=None, solver='', turned='')", result=solution,
        flags="written objects fresh unread2",
        y_dot_data="-sparse_solve(a, f, data, sparse_times(sparse_like(a, data_dot, pattern), data_dot, y, pattern, "
                   "b), pattern, solver, turned)",
        y_dot_b="sparse_solve(a, f, data, b_dot, pattern, solver, turned)",
        w="sparse_solve(sparse_turned(a), f, conjugated(data), y_bar, turned_pattern(pattern), turned, solver)",
        data_bar="-gathered(w, y, pattern)", b_bar="w")
linear("z = sparse_sum(a, data, pattern=None, axis=None, length=None)", result=total,
       flags="written objects fresh unread1",
       z_dot="np.sum(data_dot) if axis is None else sparse_sum(sparse_like(a, data_dot, pattern), data_dot, pattern, "
             "axis, length)", data_bar="for_all(z_bar, data) if axis is None else along_places(z_bar, pattern, axis)")
linear("z = sparse_dense(a, data, pattern=None, rows=None, columns=None)", result=dense,
       flags="written objects fresh unread1",
       z_dot="sparse_dense(sparse_like(a, data_dot, pattern), data_dot, pattern, rows, columns)",
       data_bar="at_places(z_bar, pattern)")
linear("z = sparse_diagonal(a, data, pattern=None)", result=diagonal, flags="written objects fresh unread1",
       z_dot="sparse_diagonal(sparse_like(a, data_dot, pattern), data_dot, pattern)",
       data_bar="on_diagonal(z_bar, data, pattern)")
zero("z = sparse_values(a)", result=values, flags="objects")
zero("z = sparse_row(a)", result=places, flags="objects")
zero("z = sparse_col(a)", result=places, flags="objects")
zero("z = sparse_length(a, axis=0)", result=lambda args, o: INT, flags="objects")
zero("z = position_in(index, n)", result=lambda args, o: Array("i8", (fresh_dim(),)))
zero("z = band_places(offsets, rows=0, columns=0, width=0)", result=lambda args, o: Array("i8", (
    Dim.constant(3), fresh_dim())))
