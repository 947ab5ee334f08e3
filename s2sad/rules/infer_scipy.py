"""Result types of functions of `scipy.linalg`, which take stacks of matrices over leading axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options, float_dtype
from s2sad.rules.static import dtype_arg, length, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import (
    Array,
    Dim,
    Tuple,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    dtype_of,
    kind_of,
    promote,
    rank,
)

Infer = Callable[[Sequence[Arg], Options], Type]
Dims = tuple[Dim, ...]


def floats(*types: Type) -> str:
    """The dtype of a result of linear algebra: that of the operands together, as floats."""
    together = promote(*types)
    return "?" if together == "?" else float_dtype(together)


def matrix_dims(t: Type, what: str = "a matrix", least: int = 2) -> Dims:
    """The axes of a matrix, or of a stack of them."""
    if isinstance(t, Unknown) or len(dims_of(t)) < least:
        raise NotApplicable(f"{what} is needed here, not {t!r}; give the types of the arguments")
    return dims_of(t)


def together(*leads: Dims) -> Dims:
    """The leading axes of several stacks."""
    found = broadcast_dims(*leads)
    if found is None:
        raise NotApplicable("the leading axes of the stacks of matrices do not broadcast")
    return found


def smaller(m: Dim, n: Dim) -> Dim:
    """The length of the smaller of two axes."""
    if m == n or m.is_constant and n.is_constant:
        return m if m == n or m.const < n.const else n
    return Dim.symbol(f"?min({','.join(sorted((str(m), str(n))))})".replace(" ", ""))


def doubled(infer: Infer) -> Infer:
    """The same type in double precision, which is what the function gives of single precision, too."""
    def result(args: Sequence[Arg], o: Options) -> Type:
        t = infer(args, o)
        assert isinstance(t, Array)
        return Array({"f4": "f8", "c8": "c16"}.get(t.dtype, t.dtype), t.dims)

    return result


def power(args: Sequence[Arg], o: Options) -> Type:
    """A power of a matrix: in double precision unless it is a product of as many factors."""
    return (square if kind_of(type_of(args[1])) == "int" else doubled(square))(args, o)


def square(args: Sequence[Arg], o: Options) -> Type:
    """A function of a square matrix that gives one of the same shape."""
    t = type_of(args[0])
    return Array(floats(t), matrix_dims(t))


def solved(args: Sequence[Arg], o: Options) -> Type:
    """The solution of a system for one right-hand side, or for a matrix of them."""
    a, b = map(type_of, args[:2])
    da, db = matrix_dims(a), matrix_dims(b, "a vector or a matrix", 1)
    core = 1 if len(db) == 1 else 2
    if da[-1].is_one and not db[-core].is_one:
        raise NotApplicable("a system of one equation with several right-hand sides is not differentiated; divide")
    return Array(floats(a, b), together(da[:-2], db[:-core]) + db[-core:])


def like_all(args: Sequence[Arg], o: Options) -> Type:
    """A matrix of the shape of the first operand, over the leading axes of all."""
    types = [type_of(a) for a in args if a != Lit(None)]
    dims = [matrix_dims(t) for t in types]
    return Array(floats(*types), together(*(d[:-2] for d in dims)) + dims[0][-2:])


def like_last(args: Sequence[Arg], o: Options) -> Type:
    """A matrix of the shape of the last operand, over the leading axes of all."""
    return like_all(args[::-1], o)


def toeplitz(args: Sequence[Arg], o: Options) -> Type:
    """A matrix of a first column and a first row."""
    c, r = map(type_of, args)
    dc, dr = matrix_dims(c, "a vector", 1), matrix_dims(r, "a vector", 1)
    return Array(promote(c, r), together(dc[:-1], dr[:-1]) + (dc[-1], dr[-1]))


def toeplitz_product(args: Sequence[Arg], o: Options) -> Type:
    """A Toeplitz matrix, or its inverse, times a vector or matrix."""
    c, r, b = map(type_of, args)
    if len(dims_of(c)) != 1 or len(dims_of(r)) != 1 or rank(b) not in (1, 2):
        raise NotApplicable("a Toeplitz matrix is differentiated of vectors c and r, with a vector or a matrix")
    return Array(floats(c, r, b), dims_of(c) + dims_of(b)[1:])


def circulant(args: Sequence[Arg], o: Options) -> Type:
    """A square matrix of a vector."""
    t = type_of(args[0])
    dims = matrix_dims(t, "a vector", 1)
    return Array(dtype_of(t), (*dims, dims[-1]))


def leslie(args: Sequence[Arg], o: Options) -> Type:
    """A square matrix of its first row, and of what stands below the diagonal."""
    f, s = map(type_of, args)
    dims = matrix_dims(f, "a vector", 1)
    return Array(promote(f, s), (*together(dims[:-1], matrix_dims(s, "a vector", 1)[:-1]), dims[-1], dims[-1]))


def block_diag(args: Sequence[Arg], o: Options) -> Type:
    """Blocks along a diagonal."""
    types = [type_of(a) for a in args]
    if any(isinstance(t, Unknown) for t in types):
        raise NotApplicable("scipy.linalg.block_diag needs the number of axes of its operands")
    shapes = [(Dim.constant(1),) * (2 - len(dims_of(t))) + dims_of(t) for t in types]
    rows, columns = Dim.constant(0), Dim.constant(0)
    for s in shapes:
        rows, columns = rows + s[-2], columns + s[-1]
    return Array(promote(*types), (*together(*(s[:-2] for s in shapes)), rows, columns))


def without_value(args: Sequence[Arg], o: Options) -> Type:
    """The derivative of the exponential alone."""
    if static(o.get("compute_expm", Lit(True)), "compute_expm"):
        raise NotApplicable("scipy.linalg.expm_frechet is an operation with compute_expm=False")
    return doubled(like_all)(args, o)


def with_value(args: Sequence[Arg], o: Options) -> Type:
    """The exponential of a matrix and its derivative."""
    return Tuple((doubled(square)(args[:1], o), doubled(like_all)(args, o)))


# Bands, see `s2sad.runtime.structured`.


def same_shape(args: Sequence[Arg], o: Options) -> Type:
    """The type of the first operand."""
    return type_of(args[0])


def band_matmul(args: Sequence[Arg], o: Options) -> Type:
    ab, x = map(type_of, args)
    da, dx = matrix_dims(ab), matrix_dims(x, "a vector or a matrix", 1)
    core = 1 if len(dx) == 1 else 2
    return Array(floats(ab, x), together(da[:-2], dx[:-core]) + dx[-core:])


def band_product(args: Sequence[Arg], o: Options) -> Type:
    x, y = map(type_of, args)
    dx = dims_of(x)
    core = 1 if len(dx) == 1 else 2
    lead = together(dx[:-core], dims_of(y)[:-core])
    return Array(floats(x, y), (*lead, length(o["kl"]) + length(o["ku"]) + 1, dx[-core]))


def band_solved(args: Sequence[Arg], o: Options) -> Type:
    """A band system with one right-hand side, or with a matrix of them."""
    ab, b = map(type_of, args)
    da, db = matrix_dims(ab), matrix_dims(b, "a vector or a matrix", 1)
    if len(db) == 1 and len(da) > 2:
        raise NotApplicable("a stack of band matrices is differentiated with matrices as right-hand sides")
    core = 1 if len(db) == 1 else 2
    return Array(floats(ab, b), together(da[:-2], db[:-core]) + db[-core:])


def band_full(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    return Array(dtype_of(t), (*dims[:-2], dims[-2].scaled(2) - 1, dims[-1]))


def band_half(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    rows = dims[-2]
    if not rows.is_constant and any(c % 2 for _, c in rows.terms):
        raise NotApplicable("half of a band matrix with an even number of diagonals")
    half = Dim(tuple((s, c // 2) for s, c in rows.terms), (rows.const + 1) // 2)
    return Array(dtype_of(t), (*dims[:-2], half, dims[-1]))


def diagonal_sums(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    return Array(dtype_of(t), (*dims[:-2], dims[-2] + dims[-1] - 1))


def circulant_sums(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    return Array(dtype_of(t), matrix_dims(t)[:-1])


def block_triangle(args: Sequence[Arg], o: Options) -> Type:
    a, e = map(type_of, args)
    da, de = matrix_dims(a), matrix_dims(e)
    return Array(promote(a, e), (*together(da[:-2], de[:-2]), da[-1].scaled(2), da[-1].scaled(2)))


def upper_right(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    n = dims[-1]
    if n.const % 2 or any(c % 2 for _, c in n.terms):
        raise NotApplicable("the quarters of a matrix with an odd number of rows")
    half = Dim(tuple((s, c // 2) for s, c in n.terms), n.const // 2)
    return Array(dtype_of(t), (*dims[:-2], half, half))


# Factors.


def lu(args: Sequence[Arg], o: Options) -> Type:
    """A permutation, as a matrix or as the places of the rows, and two factors."""
    x = type_of(args[0])
    dims = matrix_dims(x)
    if static(o.get("permute_l", Lit(False)), "permute_l"):
        raise NotApplicable("scipy.linalg.lu is differentiated without 'permute_l'; multiply p @ l")
    m, n = dims[-2:]
    k = smaller(m, n)
    places = bool(static(o.get("p_indices", Lit(False)), "p_indices"))
    if places and len(dims) > 2:
        raise NotApplicable("scipy.linalg.lu of a stack of matrices is differentiated without 'p_indices'")
    real = {"c8": "f4", "c16": "f8"}.get(floats(x), floats(x))
    p = Array("i4", (*dims[:-2], m)) if places else Array(real, (*dims[:-2], m, m))
    return Tuple((p, Array(floats(x), (*dims[:-2], m, k)), Array(floats(x), (*dims[:-2], k, n))))


def lu_factor(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    dims = matrix_dims(x)
    if len(dims) != 2:
        raise NotApplicable("scipy.linalg.lu_factor is differentiated of single matrices; loop over the stack")
    return Tuple((Array(floats(x), dims), Array("i4", (smaller(dims[0], dims[1]),))))


def lu_solve(args: Sequence[Arg], o: Options) -> Type:
    if rank(type_of(args[0])) != 2 or rank(type_of(args[2])) not in (1, 2):
        raise NotApplicable("scipy.linalg.lu_solve is differentiated of single matrices; loop over the stack")
    return solved((args[0], args[2]), o)


def float_band(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    return Array(floats(t), matrix_dims(t))


def band_dense(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    return Array(dtype_of(t), (*dims[:-2], dims[-1], dims[-1]))


def dense_band(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    return Array(dtype_of(t), (*dims[:-2], length(o["kl"]) + length(o["ku"]) + 1, dims[-1]))


def solve_circulant(args: Sequence[Arg], o: Options) -> Type:
    c, b = map(type_of, args)
    if o or len(dims_of(c)) != 1 or rank(b) not in (1, 2):
        raise NotApplicable("scipy.linalg.solve_circulant is differentiated of a vector c, with the options left out")
    return Array(floats(c, b), dims_of(b))


def square_lower(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    return Array(dtype_of(t), (*dims[:-1], dims[-2]))


def square_upper(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    dims = matrix_dims(t)
    return Array(dtype_of(t), (*dims[:-2], dims[-1], dims[-1]))


# Constants.


def constant_matrix(dtype: str, exact: str = "", default: bool = False) -> Infer:
    """A square matrix of the length that is given, of another dtype if it is asked to be exact."""
    def result(args: Sequence[Arg], o: Options) -> Type:
        n = length(o["num"])
        given = dtype_arg(o.get("dtype", NONE))
        is_exact = bool(exact) and bool(static(o.get("exact", Lit(default)), "exact"))
        return Array(given or (exact if is_exact else dtype), (n, n))

    return result


def helmert(args: Sequence[Arg], o: Options) -> Type:
    n = length(o["num"])
    return Array("f8", (n if static(o.get("full", Lit(False)), "full") else n - 1, n))
