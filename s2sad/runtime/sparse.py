"""What programs do with sparse matrices, as operations on their elements.

A sparse matrix is an object ``a`` of SciPy.  Its elements are the numbers in ``data``, at places that a ``pattern``
tells (see `s2sad.rules.macros_sparse`), added up where a place occurs twice.  Everything here is linear in data, and
what a derivative needs of it are gathers: no dense matrix is made.  Generated code does not call these functions, but
for the last ones: it is written as the user writes it (see `s2sad.emit.sparse`).
"""

from typing import Any

import numpy as np


def sparse_matmul(a: Any, data: Any, x: Any, pattern: Any = None, rows: Any = None) -> Any:
    """Multiply a sparse matrix with a vector or a matrix."""
    return a @ x


def sparse_rmatmul(x: Any, a: Any, data: Any, pattern: Any = None, columns: Any = None) -> Any:
    """Multiply a vector or a matrix with a sparse matrix."""
    return x @ a


def sparse_sum(a: Any, data: Any, pattern: Any = None, axis: Any = None, length: Any = None) -> Any:
    """Sum the elements of a sparse matrix, or those along an axis."""
    return a.sum() if axis is None else a.sum(axis)


def sparse_dense(a: Any, data: Any, pattern: Any = None, rows: Any = None, columns: Any = None) -> Any:
    """Write a sparse matrix out as a matrix."""
    return a.toarray()


def sparse_diagonal(a: Any, data: Any, pattern: Any = None) -> Any:
    """Give the diagonal of a sparse matrix."""
    return a.diagonal()


def sparse_values(a: Any) -> Any:
    """Give the elements of a sparse matrix."""
    return a.tocoo().data


def sparse_row(a: Any) -> Any:
    """Give the rows of the elements of a sparse matrix."""
    return a.tocoo().coords[0]


def sparse_col(a: Any) -> Any:
    """Give the columns of the elements of a sparse matrix."""
    return a.tocoo().coords[1]


def sparse_length(a: Any, axis: int = 0) -> Any:
    """Give the number of rows or columns of a sparse matrix."""
    return a.shape[axis]


def band_places(offsets: Any, rows: int, columns: int, width: int) -> Any:
    """Give what scipy.sparse.dia_matrix reads: places in its flattened data, with their rows and columns."""
    col = np.arange(min(width, columns))
    row = col - np.asarray(offsets).reshape(-1, 1)
    which, at = np.nonzero((row >= 0) & (row < rows))
    return np.stack([which * width + at, row[which, at], at])


def position_in(index: Any, n: int) -> Any:
    """Give the place of each of n numbers in an index, -1 for those that are not in it."""
    position = np.full(n, -1)
    position[index] = np.arange(len(index))
    if np.any(position[index] != np.arange(len(index))):
        raise ValueError("rows or columns of a sparse matrix are taken twice: the derivative of that is not known")
    return position


def sparse_solve(a: Any, f: Any, data: Any, b: Any, pattern: Any = None, solver: str = "", turned: str = "") -> Any:
    """Solve a system with a sparse matrix by what the text ``solver`` says; f is what has been made of a for it."""
    raise NotImplementedError(solver)


SPARSE: dict[str, Any] = {f.__name__: f for f in (
    sparse_matmul, sparse_rmatmul, sparse_sum, sparse_dense, sparse_diagonal, sparse_values, sparse_row, sparse_col,
    sparse_length, sparse_solve, band_places, position_in)}
