"""Sparse matrices as a class of Python: the object of SciPy, its elements, and where they lie.

Of the object everything is computed that the program computes; elements and pattern are there for derivatives
(`s2sad.rules.macros_sparse` says what a pattern is).  Elements that are constants are None.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from s2sad.frontend.equivalents_common import refuse
from s2sad.runtime.models import library_array, library_object
from s2sad.runtime.sparse import (
    position_in,
    sparse_col,
    sparse_dense,
    sparse_diagonal,
    sparse_length,
    sparse_matmul,
    sparse_rmatmul,
    sparse_row,
    sparse_solve,
    sparse_sum,
    sparse_values,
)


def places(pattern: Any) -> Any:
    """The rows and columns of the elements."""
    kind = pattern[0]
    if kind == "coo":
        return pattern[1], pattern[2]
    if kind == "own":
        return sparse_row(pattern[1]), sparse_col(pattern[1])
    if kind == "csr" or kind == "csc":
        lines = np.repeat(np.arange(np.size(pattern[2]) - 1), np.diff(pattern[2]))
        return (lines, pattern[1]) if kind == "csr" else (pattern[1], lines)
    return refuse("multiply() of this sparse matrix is not supported", "make it of data, row and col")


def chosen(index: Any, n: Any) -> Any:
    """The rows or columns that a slice, a mask or an array of indices stands for; None for all of them."""
    if isinstance(index, slice):
        whole = index.start is None and index.stop is None and index.step is None
        return None if whole else np.arange(n)[index]
    index = np.asarray(index)
    if index.ndim == 0:
        refuse("a single row or column of a sparse matrix is not supported", "use a[k:k + 1], or a product")
    return np.flatnonzero(index) if index.dtype == bool else index.ravel()


class Sparse:
    """A sparse matrix or array; ``kind`` says which, and its dtype; ``rows`` and ``columns`` are None if not known."""

    __array_priority__ = 10.1  # an array before a sparse matrix leaves the operator to it

    def __init__(self, matrix: Any, values: Any, pattern: Any, rows: Any, columns: Any, kind: Any) -> None:
        self.matrix = matrix
        self.values = values
        self.pattern = pattern
        self.rows = rows
        self.columns = columns
        self.kind = kind

    @property
    def shape(self) -> Any:
        rows = sparse_length(self.matrix) if self.rows is None else self.rows
        return rows, sparse_length(self.matrix, axis=1) if self.columns is None else self.columns

    @property
    def data(self) -> Any:
        if self.values is None:
            return library_array(self.matrix, text="{0}.data")
        if self.pattern[0] == "csr" or self.pattern[0] == "csc":
            return self.values
        return refuse("the elements of this sparse matrix, in SciPy's order, are not supported",
                      "make it of (data, indices, indptr), or use the data that it was made of")

    @property
    def indices(self) -> Any:
        return library_array(self.matrix, text="{0}.indices", dtype="i4")

    @property
    def indptr(self) -> Any:
        return library_array(self.matrix, text="{0}.indptr", dtype="i4")

    @property
    def nnz(self) -> Any:
        return np.size(self.data)

    @property
    def elements(self) -> Any:
        return sparse_values(self.matrix) if self.values is None else self.values

    @property
    def T(self) -> Any:  # noqa: N802
        return Sparse(library_object(self.matrix, text="{0}.T", kind=self.kind), self.values, ("turned", self.pattern),
                      self.columns, self.rows, self.kind)

    @property
    def ndim(self) -> Any:
        return 2

    def __eq__(self, other: Any) -> Any:
        return refuse("comparing a sparse matrix is not supported", "compare its elements, or x.toarray()")

    def __bool__(self) -> Any:
        return refuse("the truth of a sparse matrix is not supported", "compare with None: a is not None")

    def __getitem__(self, index: Any) -> Any:
        rows, columns = index if isinstance(index, tuple) else (index, slice(None))
        grid = not isinstance(rows, slice) and not isinstance(columns, slice)
        if grid and not (np.ndim(rows) == 2 and np.ndim(columns) == 2):
            return refuse("elements of a sparse matrix by their rows and columns are not supported",
                          "use a.toarray()[i, j], or a[rows][:, columns] for a block")
        count, across = self.shape
        i, j = chosen(rows, count), chosen(columns, across)
        if i is None and j is None:
            return self.copy()
        text = "{0}[np.ix_({1}, {2})]" if grid else "{0}[:, {2}]" if i is None else "{0}[{1}]" if j is None else (
            "{0}[{1}][:, {2}]")
        matrix = library_object(self.matrix, 0 if i is None else i, 0 if j is None else j, text=text, kind=self.kind)
        count, across = count if i is None else i.size, across if j is None else j.size
        if self.values is None:
            return Sparse(matrix, None, ("own", matrix), count, across, self.kind)
        row, col = places(self.pattern)
        if i is not None:
            row = position_in(i, self.shape[0])[row]
        if j is not None:
            col = position_in(j, self.shape[1])[col]
        kept = np.flatnonzero(col >= 0 if i is None else row >= 0 if j is None else (row >= 0) & (col >= 0))
        return Sparse(matrix, self.values[kept], ("coo", row[kept], col[kept]), count, across, self.kind)

    def transpose(self) -> Any:
        return self.T

    def __matmul__(self, x: Any) -> Any:
        if isinstance(x, Sparse):
            return refuse("the product of two sparse matrices is not supported", "write a @ (b @ x)")
        return sparse_matmul(self.matrix, self.values, x, pattern=self.pattern, rows=self.rows)

    def __rmatmul__(self, x: Any) -> Any:
        return sparse_rmatmul(x, self.matrix, self.values, pattern=self.pattern, columns=self.columns)

    def dot(self, x: Any) -> Any:
        return self @ x

    def _kind(self, values: Any) -> Any:
        if np.iscomplexobj(values):
            return "scipy.sparse " + ("matrix " if " matrix " in self.kind else "array ") + values.dtype.str[1:]
        return self.kind

    def _with(self, text: Any, other: Any, values: Any) -> Any:
        kind = self._kind(values)
        return Sparse(library_object(self.matrix, other, text=text, kind=kind), values, self.pattern, self.rows,
                      self.columns, kind)

    def _constant(self, text: Any, other: Any) -> Any:
        matrix = library_object(self.matrix, other, text=text, kind=self.kind)
        return Sparse(matrix, None, ("own", matrix), self.rows, self.columns, self.kind)

    def __mul__(self, x: Any) -> Any:
        if isinstance(x, Sparse):
            return NotImplemented
        if self.values is None and isinstance(x, int):
            return self._constant("{0} * {1}", x)
        if np.ndim(x) == 0:
            return self._with("{0} * {1}", x, self.elements * x)
        return self @ x if " matrix " in self.kind else NotImplemented

    def __rmul__(self, x: Any) -> Any:
        if self.values is None and isinstance(x, int):
            return self._constant("{1} * {0}", x)
        if np.ndim(x) == 0:
            return self._with("{1} * {0}", x, x * self.elements)
        return NotImplemented

    def __truediv__(self, x: Any) -> Any:
        return self._with("{0} / {1}", x, self.elements / x) if np.ndim(x) == 0 else NotImplemented

    def __neg__(self) -> Any:
        if self.values is None:
            return self._constant("-{0}", 0)
        return self._with("-{0}", 0, -self.elements)

    def _both(self, text: Any, other: Any, sign: Any) -> Any:
        if self.values is None and other.values is None and self.kind == other.kind:
            return self._constant(text, other.matrix)
        values = np.concatenate([self.elements, other.elements if sign == 1 else -other.elements])
        kind = self._kind(values)
        return Sparse(library_object(self.matrix, other.matrix, text=text, kind=kind), values,
                      ("all", self.pattern, other.pattern), self.rows, self.columns, kind)

    def __add__(self, other: Any) -> Any:
        return self._both("{0} + {1}", other, 1) if isinstance(other, Sparse) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return self._both("{0} - {1}", other, -1) if isinstance(other, Sparse) else NotImplemented

    def multiply(self, x: Any) -> Any:
        if isinstance(x, Sparse):
            return NotImplemented
        if np.ndim(x) == 0:
            return self * x
        row, col = places(self.pattern)
        return self._with("{0}.multiply({1})", x, self.elements * np.broadcast_to(x, self.shape)[row, col])

    def sum(self, axis: Any = None) -> Any:
        if axis is None:
            return sparse_sum(self.matrix, self.values, pattern=self.pattern)
        if " matrix " in self.kind:
            return refuse("the sum of a sparse matrix along an axis, which is a np.matrix, is not supported",
                          "use a sparse array, or a @ np.ones(n)")
        length = self.columns if axis == 0 or axis == -2 else self.rows
        return sparse_sum(self.matrix, self.values, pattern=self.pattern, axis=axis, length=length)

    def toarray(self) -> Any:
        return sparse_dense(self.matrix, self.values, pattern=self.pattern, rows=self.rows, columns=self.columns)

    def diagonal(self) -> Any:
        return sparse_diagonal(self.matrix, self.values, pattern=self.pattern)

    def _as(self, text: Any) -> Any:
        return Sparse(library_object(self.matrix, text=text, kind=self.kind), self.values, self.pattern, self.rows,
                      self.columns, self.kind)

    def tocsr(self) -> Any:
        return self._as("{0}.tocsr()")

    def tocsc(self) -> Any:
        return self._as("{0}.tocsc()")

    def tocoo(self) -> Any:
        return self._as("{0}.tocoo()")

    def todia(self) -> Any:
        return self._as("{0}.todia()")

    def tobsr(self) -> Any:
        return self._as("{0}.tobsr()")

    def copy(self) -> Any:
        return self._as("{0}.copy()")


class Factors:
    """What `scipy.sparse.linalg.splu` or ``factorized`` has made of a matrix, and how a system is solved with it.

    In the texts {0} is the matrix or its transpose, {1} what has been made, {2} the right-hand side.
    """

    def __init__(self, made: Any, of: Any, solver: Any, turned: Any) -> None:
        self.made = made
        self.of = of
        self.solver = solver
        self.turned = turned

    def __call__(self, b: Any) -> Any:
        return sparse_solve(self.of.matrix, self.made, self.of.values, b, pattern=self.of.pattern, solver=self.solver,
                            turned=self.turned)

    def solve(self, b: Any, trans: Any = "N") -> Any:
        if trans == "N":
            return self(b)
        of = self.of.T
        return sparse_solve(of.matrix, self.made, of.values, b, pattern=of.pattern, solver=self.turned,
                            turned=self.solver)


EQUIVALENTS: dict[str, FunctionType] = {}
