"""Covariances and correlations."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.cov": ["(A)", "(A, B)", "(v)", "(v, w)", "(A, rowvar=False)", "(A, bias=True)", "(A, ddof=0)", "(T[0].T)"],
    "np.corrcoef": ["(W)", "(v, q)", "(W, rowvar=False)", "(v)", "(W[:2])"],
}
