"""Result types of eigenvalues, singular values and their like of `scipy.linalg`."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules import infer_linalg as i
from s2sad.rules.infer_arrays import Options
from s2sad.rules.infer_scipy import floats, matrix_dims, smaller, together
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import Array, Tuple, Type, dims_of


def _plain(o: Options, **expected: object) -> None:
    for name, value in expected.items():
        if static(o.get(name, Lit(value)), name) != value:
            raise NotApplicable(f"the option '{name}' is not differentiated with this value", "leave it out")


def pencil(args: Sequence[Arg], o: Options) -> tuple[Array, Array]:
    _plain(o, type=1, subset_by_index=None, subset_by_value=None)
    types = [type_of(a) for a in args if a != NONE]
    dims = [matrix_dims(t) for t in types]
    lead, dtype = together(*(d[:-2] for d in dims)), floats(*types)
    real = {"c8": "f4", "c16": "f8"}.get(dtype, dtype)
    return Array(real, (*lead, dims[0][-1])), Array(dtype, (*lead, *dims[0][-2:]))


def eigh(args: Sequence[Arg], o: Options) -> Type:
    """Eigenvalues and eigenvectors of a hermitian matrix, or of a pair."""
    _plain(o, eigvals_only=False)
    return Tuple(pencil(args, o))


def eigvalsh(args: Sequence[Arg], o: Options) -> Type:
    return pencil(args, o)[0]


def pinv(args: Sequence[Arg], o: Options) -> Type:
    _plain(o, return_rank=False)
    return i.pinv(args, o)


def least_squares(args: Sequence[Arg], o: Options) -> Type:
    """The solution alone."""
    a, b = map(type_of, args)
    da, db = matrix_dims(a), matrix_dims(b, "a vector or a matrix", 1)
    core = 1 if len(db) == 1 else 2
    return Array(floats(a, b), (*together(da[:-2], db[:-core]), da[-1], *db[len(db) - core + 1:]))


def polar(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    n = dims[-1] if static(o.get("side", Lit("right")), "side") == "right" else dims[-2]
    return Tuple((Array(floats(t), dims), Array(floats(t), (*dims[:-2], n, n))))


def qr(args: Sequence[Arg], o: Options) -> Type:
    """Two factors, or a tuple of one."""
    _plain(o, pivoting=False)
    mode, t = static(o.get("mode", Lit("full")), "mode"), type_of(args[0])
    *lead, m, n = matrix_dims(t)
    if mode not in ("full", "economic", "r"):
        raise NotApplicable(f"scipy.linalg.qr with mode={mode!r} is not differentiated", "use mode='economic'")
    if mode != "economic" and m.is_constant and n.is_constant and m.const > n.const:
        raise NotApplicable("scipy.linalg.qr is differentiated with mode='economic' for more rows than columns")
    k = smaller(m, n) if mode == "economic" else m
    r = Array(floats(t), (*lead, k, n))
    return Tuple((r,)) if mode == "r" else Tuple((Array(floats(t), (*lead, m, k)), r))


def eigvalsh_tridiagonal(args: Sequence[Arg], o: Options) -> Type:
    d, e = map(type_of, args)
    _plain(o, select="a", select_range=None)
    if len(dims_of(d)) != 1 or len(dims_of(e)) != 1:
        raise NotApplicable("a matrix of three diagonals is differentiated of two vectors", "loop over the stack")
    return Array(floats(d, e), dims_of(d))


def eigh_tridiagonal(args: Sequence[Arg], o: Options) -> Type:
    _plain(o, eigvals_only=False)
    w = eigvalsh_tridiagonal(args, o)
    assert isinstance(w, Array)
    return Tuple((w, Array(w.dtype, w.dims * 2)))
