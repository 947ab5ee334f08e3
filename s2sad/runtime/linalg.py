"""Derivatives in linear algebra that are more than an expression.

Matrices lie in the last two axes; those before are a stack.

- `cofactor` and `cofactor_dot`: the first two derivatives of the determinant as the polynomial that it is,
  d det(x) = Σ c_ij dx_ij, for any matrix.
- `reciprocal_gaps`: what the derivative of eigenvectors divides by.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cofactor(x: Any) -> Any:
    """Compute the cofactors of square matrices, the derivative of det(x), which singular matrices have, too.

    x has the shape (..., n, n), and so has the result: with x = u diag(s) vh it is det(u vh) conj(u) diag(t) conj(vh),
    where t_i is the product of all s but s_i (G. W. Stewart, On the adjugate matrix, 1998).
    """
    u, s, vh = np.linalg.svd(x)
    others = np.prod(np.where(np.eye(s.shape[-1], dtype=bool), 1.0, s[..., None, :]), axis=-1)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return sign[..., None, None] * ((np.conj(u) * others[..., None, :]) @ np.conj(vh))


def cofactor_dot(x: Any, v: Any) -> Any:
    """Compute the derivative of cofactor(x) in the direction v, a symmetric bilinear form in v and what it meets.

    x and v have the shape (..., n, n), and so has the result.  Of diagonal matrices with diagonal s the derivative is
    -v_ji p_ij beside the diagonal and sum_k v_kk p_ik on it, where p_ij is the product of all s but s_i and s_j.
    """
    u, s, vh = np.linalg.svd(x)
    one = np.eye(s.shape[-1], dtype=bool)
    pairs = np.prod(np.where(one[:, None] | one, 1.0, s[..., None, None, :]), axis=-1) * ~one
    w = np.conj(np.swapaxes(u, -1, -2)) @ v @ np.conj(np.swapaxes(vh, -1, -2))
    diagonal = pairs @ np.diagonal(w, axis1=-2, axis2=-1)[..., None]
    inner = np.where(one, diagonal, -pairs * np.swapaxes(w, -1, -2))
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return sign[..., None, None] * (np.conj(u) @ inner @ np.conj(vh))


def reciprocal_gaps(x: Any) -> Any:
    """Compute 1 / (x_j - x_i) for the numbers in the last axis of x, and 0 on the diagonal.

    x has the shape (..., n), the result (..., n, n).  It is infinite where two numbers are equal: eigenvectors of equal
    eigenvalues have no derivative.
    """
    gaps = x[..., None, :] - x[..., :, None]
    at_ties = np.where(np.eye(x.shape[-1]) == 1.0, 0.0, np.inf)
    return np.where(gaps == 0.0, at_ties, 1.0 / np.where(gaps == 0.0, 1.0, gaps)).astype(x.dtype)


def residuals_along(e: Any, f: Any, like: Any) -> Any:
    """Compute the derivative of the squared lengths of the columns of e in the direction f, as lstsq gives them.

    e and f have the shape (m,) or (m, k), like and the result (1,) or (k,); or (0,), where lstsq gives no residuals.
    """
    along = 2.0 * np.sum(np.real(np.conj(e) * f), axis=0)
    return np.atleast_1d(along)[: like.size]


def residuals_back(e: Any, r: Any) -> Any:
    """Compute what residuals_along(e, f, like) multiplies f with, for cotangents r of its result: 2 e r, of e's shape.

    e has the shape (m,) or (m, k), r (1,) or (k,); or (0,), which stands for zeros.
    """
    return 2.0 * e * r if r.size else np.zeros_like(e)


def invariant(g: Any, turn: Any) -> Any:
    """Return the cotangent g of vectors, if the result does not change where these turn.

    Eigenvectors and singular vectors of complex matrices have arbitrary phases, and those that span a null space may be
    any basis of it.  turn is the derivative of the result by such changes, of any shape: 0 but for rounding.
    """
    if g.size and np.any(np.abs(turn) > 1e-3 * np.max(np.abs(g))):
        raise ValueError("the result depends on the phases of complex eigenvectors or singular vectors, or on the "
                         "basis of a null space, which are arbitrary: it has no derivative")
    return g


def checked_complete(q: Any, r: Any) -> Any:
    """Return q, of a complete QR decomposition whose derivative is defined: with no more rows than columns."""
    if r.shape[-2] > r.shape[-1]:
        raise ValueError("the complete QR decomposition of a matrix with more rows than columns has no derivative")
    return q


LINALG: dict[str, Any] = {f.__name__: f for f in (
    cofactor, cofactor_dot, reciprocal_gaps, residuals_along, residuals_back, checked_complete,
    invariant)}
