"""Functions of the rule language for sparse matrices.

Where the elements of a sparse matrix lie is told by a pattern, a tuple that an operation holds, of index arrays of the
program.  Rows and columns are made of it where a derivative reads them, and nowhere else:

    ("coo", row, col)              as they are
    ("csr", indices, indptr)       and ("csc", indices, indptr)
    ("own", a)                     those of the object a
    ("full", rows, columns)        all places of a matrix, row by row
    ("diags", offsets, lengths)    diagonals, one after the other
    ("turned", pattern)            rows and columns exchanged
    ("moved", pattern, i, j)       i rows down, j columns to the right
    ("all", pattern, pattern …)    one after the other
    ("kron", pattern, pattern, rows, columns)
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros_scipy import conj
from s2sad.rules.terms import Expr, make, mul, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Tup
from s2sad.trace.types import Array, Opaque, dims_of, promote, rank

MATRIX = "scipy.sparse"


def kind_text(is_array: bool, dtype: str) -> str:
    """What is known of a sparse matrix when compiling, as the name of a type."""
    return f"{MATRIX} {'array' if is_array else 'matrix'} {dtype}"


def is_array(a: Expr) -> bool:
    """Whether the object is a sparse array, not a sparse matrix."""
    t = typ(a)
    return isinstance(t, Opaque) and t.what.split()[1] == "array"


def dtype_of_object(a: Expr) -> str:
    """The dtype of the elements of a sparse matrix."""
    t = typ(a)
    assert isinstance(t, Opaque), t
    return t.what.split()[2]


def _items(pattern: Expr) -> tuple[str, list[Expr]]:
    assert isinstance(pattern, Tup)
    kind, *rest = pattern.items
    assert isinstance(kind, Lit)
    return str(kind.value), list(rest)


def _plus(x: Expr, n: Expr) -> Expr:
    return x if n == Lit(0) else make("+", x, n)


def _joined(parts: list[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else make("np.concatenate", *parts)


def rows_of(pattern: Expr) -> Expr:
    """The row of each element."""
    return _places(pattern, 0)


def columns_of(pattern: Expr) -> Expr:
    """The column of each element."""
    return _places(pattern, 1)


def _places(pattern: Expr, side: int) -> Expr:
    kind, rest = _items(pattern)
    if kind == "coo":
        return rest[side]
    if kind in ("csr", "csc"):
        indices, indptr = rest
        if side == (1 if kind == "csr" else 0):
            return indices
        size = make("np.arange", make("-", make("size", indptr), Lit(1)))
        return make("np.repeat", size, repeats=make("np.diff", indptr))
    if kind == "own":
        return make("sparse_col" if side else "sparse_row", rest[0])
    if kind == "full":
        m, n = rest
        if side:
            return make("np.tile", make("np.arange", n), reps=m)
        return make("np.repeat", make("np.arange", m), repeats=n)
    if kind == "diags":
        offsets, lengths = rest
        assert isinstance(offsets, Tup) and isinstance(lengths, Tup)
        parts = []
        for k, n in zip(offsets.items, lengths.items):
            assert isinstance(k, Lit)
            parts.append(_plus(make("np.arange", n), Lit(max(k.value if side else -k.value, 0))))
        return _joined(parts)
    if kind == "turned":
        return _places(rest[0], 1 - side)
    if kind == "moved":
        return _plus(_places(rest[0], side), rest[1 + side])
    if kind == "all":
        return _joined([_places(p, side) for p in rest])
    assert kind == "kron", kind
    first, second = _places(rest[0], side), _places(rest[1], side)
    blocks = make("*", make("np.expand_dims", first, axis=Lit(-1)), rest[2 + side])
    return make("np.ravel", make("+", blocks, second))


def turned_pattern(pattern: Expr) -> Expr:
    """The pattern of the transpose."""
    kind, rest = _items(pattern)
    return rest[0] if kind == "turned" else tup([Lit("turned"), pattern])


def sparse_turned(a: Expr) -> Expr:
    """The conjugate transpose of a sparse matrix."""
    t = typ(a)
    assert isinstance(t, Opaque)
    text = "{0}.conj().T" if dtype_of_object(a)[0] == "c" else "{0}.T"
    return term("library_object", a, type=t, text=Lit(text), kind=Lit(t.what))


def sparse_like(a: Expr, data: Expr, pattern: Expr) -> Expr:
    """A sparse matrix with other elements at the same places."""
    dtype = getattr(typ(data), "dtype", "f8")
    what = kind_text(is_array(a), dtype)
    fn = f"scipy.sparse.coo_{'array' if is_array(a) else 'matrix'}"
    text = fn + "(({0}, ({1}, {2})), shape={3}.shape)"
    return term("library_object", data, rows_of(pattern), columns_of(pattern), a, type=Opaque(what), text=Lit(text),
                kind=Lit(what))


def sparse_times(a: Expr, data: Expr, v: Expr, pattern: Expr, like: Expr) -> Expr:
    """``a @ v``, which is known to have the shape of ``like``."""
    t = Array(promote(Array(dtype_of_object(a), ()), typ(v)), dims_of(typ(like)))
    return term("sparse_matmul", a, data, v, type=t, pattern=pattern)


def times_sparse(v: Expr, a: Expr, data: Expr, pattern: Expr, like: Expr) -> Expr:
    """``v @ a``, which is known to have the shape of ``like``."""
    t = Array(promote(Array(dtype_of_object(a), ()), typ(v)), dims_of(typ(like)))
    return term("sparse_rmatmul", v, a, data, type=t, pattern=pattern)


def conjugated(data: Expr) -> Expr:
    """The conjugates of elements, which are None where they are constants."""
    return data if data == NONE else conj(data)


def gathered(u: Expr, v: Expr, pattern: Expr) -> Expr:
    """``u[row] * conj(v[col])``, summed over the columns of matrices: the elements of ``u vᴴ`` at the places."""
    product = mul(make("getitem", u, index=rows_of(pattern)), conj(make("getitem", v, index=columns_of(pattern))))
    return product if rank(typ(u)) == 1 else make("np.sum", product, axis=Lit(-1))


def gathered_left(u: Expr, v: Expr, pattern: Expr) -> Expr:
    """The elements of ``uᴴ v`` at the places."""
    if rank(typ(u)) == 1:
        return mul(conj(make("getitem", u, index=rows_of(pattern))), make("getitem", v, index=columns_of(pattern)))
    every = make("np.transpose", u), make("np.transpose", v)
    first, last = make("getitem", every[0], index=rows_of(pattern)), make("getitem", every[1],
                                                                          index=columns_of(pattern))
    return make("np.sum", mul(conj(first), last), axis=Lit(-1))


def at_places(v: Expr, pattern: Expr) -> Expr:
    """The elements of a matrix at the places."""
    return make("getitem", v, index=tup([rows_of(pattern), columns_of(pattern)]))


def along_places(v: Expr, pattern: Expr, axis: Expr) -> Expr:
    """The element of a vector for each place: by its column for a sum over the rows, by its row for the other."""
    assert isinstance(axis, Lit)
    return make("getitem", v, index=columns_of(pattern) if axis.value in (0, -2) else rows_of(pattern))


def on_diagonal(v: Expr, data: Expr, pattern: Expr) -> Expr:
    """The element of a vector for each place on the diagonal, 0 for the others."""
    row, col = rows_of(pattern), columns_of(pattern)
    last = make("-", make("size", v), Lit(1))
    hit = make("==", row, col)
    return make("np.where", hit, make("getitem", v, index=make("np.minimum", row, last)), Lit(0.0))


def for_all(v: Expr, data: Expr) -> Expr:
    """A number for each element."""
    return make("*", v, make("np.ones_like", data))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    turned_pattern, sparse_turned, sparse_like, sparse_times, times_sparse, conjugated, gathered, gathered_left,
    at_places, along_places, on_diagonal, for_all)}
