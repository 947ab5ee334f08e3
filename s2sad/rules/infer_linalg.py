"""Result types of linear algebra: matrices lie in the last two axes, those before broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options, float_dtype, real_dtype, reduction
from s2sad.rules.infer_elementwise import numeric
from s2sad.rules.static import axes_of, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import (
    INT,
    ONE,
    Array,
    Dim,
    Tuple,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    fresh_dim,
    promote,
    rank,
)

# NumPy 2 takes the right-hand side of `solve` for a vector if it has one axis, NumPy 1 if it has one less than a.
VECTORS_HAVE_ONE_AXIS = int(np.__version__.partition(".")[0]) >= 2


def stack(x: Type, fn: str, least: int = 2) -> tuple[Dim, ...]:
    """The axes of a matrix, or of a stack of them."""
    numeric(fn, [x])
    if isinstance(x, Unknown):
        raise NotApplicable(f"{fn} needs the number of axes of its operand; give the types of the arguments")
    if len(dims_of(x)) < least:
        raise NotApplicable(f"{fn} takes an array of at least {least} axes, not {x!r}")
    return dims_of(x)


def square(x: Type, fn: str) -> tuple[Dim, ...]:
    """The axes of square matrices, of which the last two are equal, or the program raises."""
    *lead, m, n = stack(x, fn)
    if m.is_constant and n.is_constant and m != n:
        raise NotApplicable(f"{fn} takes square matrices, not {x!r}")
    known = m if m.is_constant or n.may_be_one and not n.is_constant else n
    return (*lead, known, known)


def floating(x: Type) -> str:
    return "?" if dtype_of(x) == "?" else float_dtype(dtype_of(x))


def real(x: Type) -> str:
    return "?" if dtype_of(x) == "?" else real_dtype(dtype_of(x))


def smaller(m: Dim, n: Dim) -> Dim:
    """The length of the smaller axis of a matrix, which is 1 only if one of them is.

    >>> smaller(Dim.constant(2), Dim.constant(3)), smaller(Dim.symbol("n"), Dim.symbol("n"))
    (Dim(2), Dim(n))
    """
    if m == n or m.is_constant and n.is_constant:
        return m if m == n or m.const < n.const else n
    mark = "?" if m.may_be_one or n.may_be_one else ""
    return Dim.symbol(f"{mark}min({','.join(sorted((str(m), str(n))))})".replace(" ", ""))


def flag(o: Options, name: str, default: Any) -> Any:
    return static(o.get(name, Lit(default)), name)


def like_matrix(fn: str) -> Any:
    """The type of a function of square matrices that gives matrices of the same shape."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        x = type_of(args[0])
        return Array(floating(x), square(x, fn))

    return infer


def pinv(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    *lead, m, n = stack(x, "np.linalg.pinv")
    return Array(floating(x), (*lead, n, m))


def determinant(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    return Array(floating(x), square(x, "np.linalg.det")[:-2])


def slogdet(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    lead = square(x, "np.linalg.slogdet")[:-2]
    return Tuple((Array(floating(x), lead), Array(real(x), lead)))


def is_vector(a: Type, b: Type) -> bool:
    """Whether the right-hand side of `solve` is a vector, or a stack of them."""
    return rank(b) == 1 if VECTORS_HAVE_ONE_AXIS else rank(b) == (rank(a) or 0) - 1


def solve(args: Sequence[Arg], o: Options) -> Type:
    a, b = map(type_of, args)
    da, db = square(a, "np.linalg.solve"), stack(b, "np.linalg.solve", 1)
    vector = is_vector(a, b)
    if not vector and len(db) < 2:
        raise NotApplicable(f"np.linalg.solve takes a vector or matrices on the right-hand side, not {b!r}")
    lead = broadcast_dims(da[:-2], db[:-1] if vector else db[:-2])
    if lead is None:
        raise NotApplicable(f"np.linalg.solve({a!r}, {b!r}): the leading axes do not broadcast")
    dtype = "?" if "?" in (dtype_of(a), dtype_of(b)) else promote(Array(floating(a), ()), Array(floating(b), ()))
    return Array(dtype, (*lead, da[-1]) if vector else (*lead, da[-1], db[-1]))


def lstsq(args: Sequence[Arg], o: Options) -> Type:
    a, b = type_of(args[0]), type_of(args[1])
    da, db = stack(a, "np.linalg.lstsq"), stack(b, "np.linalg.lstsq", 1)
    if len(da) != 2 or len(db) > 2:
        raise NotApplicable("np.linalg.lstsq takes one matrix, and a vector or a matrix on the right-hand side")
    dtype = "?" if "?" in (dtype_of(a), dtype_of(b)) else promote(Array(floating(a), ()), Array(floating(b), ()))
    kind = Array(dtype, ())
    return Tuple((Array(dtype, (da[1], *db[1:])), Array(real(kind), (fresh_dim(),)), INT,
                  Array(real(kind), (smaller(*da),))))


def qr(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    *lead, m, n = stack(x, "np.linalg.qr")
    mode, dtype = flag(o, "mode", "reduced"), floating(x)
    k = m if mode == "complete" else smaller(m, n)
    if mode not in ("reduced", "complete", "r"):
        raise NotApplicable(f"np.linalg.qr with mode={mode!r} is not differentiated", "use mode='reduced'")
    if mode == "complete" and m.is_constant and n.is_constant and m.const > n.const:
        raise NotApplicable("np.linalg.qr with mode='complete' is not differentiated for more rows than columns",
                            "use mode='reduced'")
    r = Array(dtype, (*lead, k, n))
    return r if mode == "r" else Tuple((Array(dtype, (*lead, m, k)), r))


def eigvalsh(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    return Array(real(x), square(x, "np.linalg.eigvalsh")[:-1])


def eigh(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    dims = square(x, "np.linalg.eigh")
    return Tuple((Array(real(x), dims[:-1]), Array(floating(x), dims)))


def _complex(x: Type) -> str:
    return "c8" if dtype_of(x) in ("f4", "c8") else "c16"


def eigvals(args: Sequence[Arg], o: Options) -> Type:
    """NumPy gives complex numbers, or, of a real matrix whose eigenvalues are all real, real ones."""
    x = type_of(args[0])
    return Array(_complex(x), square(x, "np.linalg.eigvals")[:-1])


def eig(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    dims = square(x, "np.linalg.eig")
    return Tuple((Array(_complex(x), dims[:-1]), Array(_complex(x), dims)))


def svd(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    *lead, m, n = stack(x, "np.linalg.svd")
    k, dtype = smaller(m, n), floating(x)
    s = Array(real(x), (*lead, k))
    if not flag(o, "compute_uv", True):
        return s
    full = flag(o, "full_matrices", True)
    return Tuple((Array(dtype, (*lead, m, m if full else k)), s, Array(dtype, (*lead, n if full else k, n))))


def svdvals(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    *lead, m, n = stack(x, "np.linalg.svdvals")
    return Array(real(x), (*lead, smaller(m, n)))


def reciprocal_gaps(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    return Array(dtype_of(x), (*dims_of(x), dims_of(x)[-1]))


def first_of(args: Sequence[Arg], o: Options) -> Type:
    return type_of(args[0])


def like_third(args: Sequence[Arg], o: Options) -> Type:
    return type_of(args[2])


def like_second(args: Sequence[Arg], o: Options) -> Type:
    x, v = type_of(args[0]), type_of(args[1])
    return Array(promote(x, v), dims_of(v))


# Norms.

_reduced = reduction(real_dtype)


def norm(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    order = static(o.get("ord", NONE), "ord")
    axes = axes_of(o.get("axis", NONE), rank(x))
    if axes is None and order is None:
        return _reduced(args, o)
    n = len(axes) if axes is not None else len(stack(x, "np.linalg.norm", 1))
    if n not in (1, 2):
        raise NotApplicable(f"np.linalg.norm takes the norm of vectors or matrices, not over {n} axes")
    matrix, vector = (None, "fro", "nuc", np.inf, -np.inf, 1, -1, 2, -2), ("fro", "nuc")
    if n == 2 and order not in matrix or n == 1 and order in vector:
        raise NotApplicable(f"np.linalg.norm: there is no norm of order {order!r} of {'matrices' * (n == 2)}"
                            f"{'vectors' * (n == 1)}")
    return _reduced(args, o)


def vector_norm(args: Sequence[Arg], o: Options) -> Type:
    static(o.get("ord", Lit(2)), "ord")
    return _reduced(args, o)


def matrix_norm(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    order = static(o.get("ord", Lit("fro")), "ord")
    if order not in (None, "fro", "nuc", np.inf, -np.inf, 1, -1, 2, -2):
        raise NotApplicable(f"np.linalg.matrix_norm: there is no norm of order {order!r}")
    dims = stack(x, "np.linalg.matrix_norm")
    return Array(real(x), dims[:-2] + (ONE, ONE) * bool(flag(o, "keepdims", False)))


def cond(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    order = static(o.get("p", NONE), "p")
    dims = stack(x, "np.linalg.cond") if order in (None, 2, -2) else square(x, "np.linalg.cond")
    return Array(real(x), dims[:-2])


def matrix_rank(args: Sequence[Arg], o: Options) -> Type:
    dims = stack(type_of(args[0]), "np.linalg.matrix_rank", 0)
    return Array("i8", dims[:-2])


# Tensors.

def tensorinv(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    ind, dims = flag(o, "ind", 2), stack(x, "np.linalg.tensorinv")
    if not isinstance(ind, int) or ind <= 0:
        raise NotApplicable("np.linalg.tensorinv takes a positive 'ind'")
    return Array(floating(x), dims[ind:] + dims[:ind])


def tensorsolve_axes(a: Type, o: Options) -> list[int]:
    """The order in which `np.linalg.tensorsolve` takes the axes of a: those in ``axes`` last."""
    n = len(dims_of(a))
    axes = axes_of(o.get("axes", NONE), n, "axes") or ()
    return [k for k in range(n) if k not in axes] + list(axes)


def tensorsolve(args: Sequence[Arg], o: Options) -> Type:
    a, b = type_of(args[0]), type_of(args[1])
    stack(a, "np.linalg.tensorsolve", 1)
    db, order = stack(b, "np.linalg.tensorsolve", 0), tensorsolve_axes(a, o)
    dims = tuple(dims_of(a)[k] for k in order[len(db):])
    if len(order) <= len(db):
        raise NotApplicable("np.linalg.tensorsolve needs more axes on the left-hand side than on the right-hand side")
    return Array(promote(Array(floating(a), ()), Array(floating(b), ())), dims)


