"""Functions of matrices, and their derivatives as blocks of functions of larger matrices.

For every function f of matrices that is analytic, f([[a, e], [0, a]]) has the derivative of f at a in the direction e
in its upper right block (Higham, "Functions of Matrices", SIAM 2008, theorem 3.6; Mathias, SIAM J. Matrix Anal. Appl.
17, 1996).  The transpose of that derivative is the derivative at the transpose of a.  So the derivative of any order is
the same function of a larger matrix, and needs nothing new.
"""

from typing import Any

import numpy as np


def block_triangle(a: Any, e: Any) -> Any:
    """Make the matrix [[a, e], [0, a]], or a stack of them, of two square ones."""
    n = a.shape[-1]
    lead = np.broadcast_shapes(a.shape[:-2], e.shape[:-2])
    out = np.zeros((*lead, 2 * n, 2 * n), dtype=np.result_type(a, e))
    out[..., :n, :n] = a
    out[..., n:, n:] = a
    out[..., :n, n:] = e
    return out


def upper_right(x: Any) -> Any:
    """Give the upper right quarter of a matrix, in memory of its own."""
    n = x.shape[-1] // 2
    return x[..., :n, n:].copy()


def only_real(x: Any) -> Any:
    """Refuse a result that is complex though its matrix is real."""
    if np.iscomplexobj(x):
        raise TypeError("this function of a real matrix is complex here, which its derivative does not know: "
                        "pass a complex matrix, such as a + 0j")
    return x


def square_lower(x: Any, diagonal: float = 1.0) -> Any:
    """Continue a lower factor with columns of a diagonal, so that it is square."""
    m, k = x.shape[-2:]
    out = np.zeros((*x.shape[:-2], m, m), dtype=x.dtype)
    out[...] = diagonal * np.eye(m)
    out[..., :, :k] = x
    return out


def square_upper(x: Any, diagonal: float = 1.0) -> Any:
    """Continue an upper factor with rows of a diagonal, so that it is square."""
    k, n = x.shape[-2:]
    out = np.zeros((*x.shape[:-2], n, n), dtype=x.dtype)
    out[...] = diagonal * np.eye(n)
    out[..., :k, :] = x
    return out


BLOCKS: dict[str, Any] = {f.__name__: f for f in (block_triangle, upper_right, only_real, square_lower, square_upper)}
