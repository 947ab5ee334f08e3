"""Matrices that are stored by their diagonals, or have equal numbers along them.

A band matrix with ``kl`` diagonals below the main one and ``ku`` above it is stored as LAPACK does it:
``ab[..., ku + i - j, j] = a[..., i, j]``, an array of kl + ku + 1 rows, whose corners belong to no element.  Each of
these functions is linear in each of its arrays, and their transposes are among them.
"""

from typing import Any

import numpy as np


def band_matmul(ab: Any, x: Any, kl: int, ku: int) -> Any:
    """Multiply a band matrix with a vector, or with a matrix of shape (..., n, k)."""
    n = ab.shape[-1]
    column = x.ndim > 1
    axis = -2 if column else -1
    x = np.moveaxis(x, axis, 0)
    lead = np.broadcast_shapes(ab.shape[:-2] + (1,) * column, x.shape[1:])
    y = np.zeros((n, *lead), dtype=np.result_type(ab, x))
    rows = np.moveaxis(ab, (-2, -1), (0, 1))
    for k in range(kl + ku + 1):
        row = rows[k][..., None] if column else rows[k]
        shift = ku - k
        if shift >= 0:
            y[:n - shift] += row[shift:] * x[shift:]
        else:
            y[-shift:] += row[:shift] * x[:shift]
    return np.moveaxis(y, 0, axis)


def band_transpose(ab: Any, kl: int, ku: int) -> Any:
    """Transpose a band matrix: the result has ku diagonals below the main one and kl above it."""
    n = ab.shape[-1]
    out = np.zeros_like(ab)
    for k in range(kl + ku + 1):
        shift = ku - k
        if shift >= 0:
            out[..., kl + shift, :n - shift] = ab[..., k, shift:]
        else:
            out[..., kl + shift, -shift:] = ab[..., k, :shift]
    return out


def band_product(x: Any, y: Any, kl: int, ku: int) -> Any:
    """Give the diagonals of x y^T, for two vectors or two matrices of shape (..., n, k)."""
    column = x.ndim > 1
    axis = -2 if column else -1
    x, y = np.moveaxis(x, axis, 0), np.moveaxis(y, axis, 0)
    n = x.shape[0]
    lead = np.broadcast_shapes(x.shape[1:], y.shape[1:])
    out = np.zeros((kl + ku + 1, n, *(lead[:-1] if column else lead)), dtype=np.result_type(x, y))
    for k in range(kl + ku + 1):
        shift = ku - k
        product = x[:n - shift] * y[shift:] if shift >= 0 else x[-shift:] * y[:shift]
        product = np.sum(product, axis=-1) if column else product
        if shift >= 0:
            out[k, shift:] = product
        else:
            out[k, :shift] = product
    return np.moveaxis(out, (0, 1), (-2, -1))


def band_full(ab: Any, lower: bool = False) -> Any:
    """Give all diagonals of a hermitian band matrix of which the lower, or the upper ones are stored."""
    k, n = ab.shape[-2] - 1, ab.shape[-1]
    out = np.zeros((*ab.shape[:-2], 2 * k + 1, n), dtype=ab.dtype)
    for d in range(k + 1):
        row = ab[..., d if lower else k - d, :]
        below = row[..., :n - d] if lower else np.conj(row[..., d:])
        out[..., k + d, :n - d] = below
        out[..., k - d, d:] = np.conj(below)
    out[..., k, :] = np.real(out[..., k, :])
    return out


def band_half(ab: Any, lower: bool = False) -> Any:
    """Add up what `band_full` has written from each stored element: its transpose."""
    k, n = (ab.shape[-2] - 1) // 2, ab.shape[-1]
    out = np.zeros((*ab.shape[:-2], k + 1, n), dtype=ab.dtype)
    for d in range(k + 1):
        below, above = ab[..., k + d, :n - d], ab[..., k - d, d:]
        if d == 0:
            out[..., 0 if lower else k, :] = np.real(below)
        elif lower:
            out[..., d, :n - d] = below + np.conj(above)
        else:
            out[..., k - d, d:] = above + np.conj(below)
    return out


def band_dense(ab: Any, kl: int, ku: int) -> Any:
    """Write a band matrix out as a matrix."""
    n = ab.shape[-1]
    out = np.zeros((*ab.shape[:-2], n, n), dtype=ab.dtype)
    for k in range(kl + ku + 1):
        i = np.arange(max(k - ku, 0), min(n, n + k - ku))
        out[..., i, i + ku - k] = ab[..., k, i + ku - k]
    return out


def dense_band(x: Any, kl: int, ku: int) -> Any:
    """Give the diagonals of a square matrix as a band matrix."""
    n = x.shape[-1]
    out = np.zeros((*x.shape[:-2], kl + ku + 1, n), dtype=x.dtype)
    for k in range(kl + ku + 1):
        i = np.arange(max(k - ku, 0), min(n, n + k - ku))
        out[..., k, i + ku - k] = x[..., i, i + ku - k]
    return out


def pivot_order(piv: Any) -> Any:
    """Give the order of the rows that exchanging row k with row piv[k], for one k after the other, leads to."""
    order = np.arange(piv.size)
    for k in range(piv.size):
        order[[k, piv[k]]] = order[[piv[k], k]]
    return order


def diagonal_sums(x: Any) -> Any:
    """Sum a matrix along each of its diagonals, from the one of the lower left corner to that of the upper right."""
    m, n = x.shape[-2:]
    lead = x.shape[:-2]
    # Each row is longer by one than it is read as, which shifts it by one against the row above.
    sheared = np.zeros((*lead, m, n + m), dtype=x.dtype)
    sheared[..., :n] = x[..., ::-1, :]
    width = max(n + m - 1, 0)
    return np.sum(sheared.reshape((*lead, -1))[..., :m * width].reshape((*lead, m, width)), axis=-2)


def circulant_sums(x: Any) -> Any:
    """Sum a square matrix along each of its diagonals, continued from one side to the other: the transpose of
    scipy.linalg.circulant."""
    n = np.arange(x.shape[-1])
    return np.sum(x[..., (n[:, None] + n) % max(n.size, 1), n], axis=-1)


def first_zero(x: Any) -> Any:
    """Copy an array with its first element along the last axis set to 0."""
    x = np.array(x)
    x[..., :1] = 0.0
    return x


STRUCTURED: dict[str, Any] = {f.__name__: f for f in (
    band_matmul, band_transpose, band_product, band_full, band_half, band_dense, dense_band, pivot_order,
    diagonal_sums, circulant_sums, first_zero)}
