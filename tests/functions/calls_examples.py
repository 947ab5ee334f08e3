"""A few calls of everyday functions."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.sum": ["(A)", "(A, axis=0)", "(T, axis=(0, -1), keepdims=True)", "(A4)", "(E)", "(x)"],
    "ndarray.mean": ["A.mean()", "A.mean(axis=1)", "A4.mean(0)"],
    "np.multiply": ["(A, v)", "(C, R)", "(A, x)", "(s, A)", "(A4, v4)", "(v, v)"],
    "np.add.at": ["B = A.copy()\nnp.add.at(B, [0, 0], v)\nreturn B"],
    "np.arctan2": ["(A, v)", "(x, y)"],
    "np.sort": ["(A)", "(A, axis=0)"],
}
ZERO: list[str] = ["np.sign(A)", "np.floor(v) * 2.0"]
REFUSED: dict[str, str] = {}
