"""Covariances and correlations."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.cov": ["(A)", "(A, B)", "(v)", "(v, w)", "(A, rowvar=False)", "(A, bias=True)", "(A, ddof=0)", "(T[0].T)",
               "(A, aweights=v)", "(A, fweights=k + 1)", "(A, None, True, False, 0, k + 1, v)", "(ZA)", "(A4)",
               "(A, v, rowvar=True)", "(A, B, False)"],
    "np.corrcoef": ["(W)", "(v, q)", "(W, rowvar=False)", "(v)", "(W[:2])"],
}
