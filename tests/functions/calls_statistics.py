"""Covariances and correlations."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.cov": ["(A)", "(A, B)", "(v)", "(v, w)", "(A, rowvar=False)", "(A, bias=True)", "(A, ddof=0)", "(T[0].T)",
               "(A, aweights=v)", "(A, fweights=k + 1)", "(A, None, True, False, 0, k + 1, v)", "(ZA)", "(A4)",
               "(A, v, rowvar=True)", "(A, B, False)"],
    "np.histogram": ["(l, 3)[1]", "(v, np.sort(u), density=True)[0]", "(l, [0.0, 0.7, 1.0, 2.0], None, True)[0] * x",
                     "(l, 3, (x, 2.0))[1]", "(l, 3, density=True)[0]"],
    "np.histogram_bin_edges": ["(l, 3)", "(A)", "(v, bins=np.sort(u))", "(v, 2, (x, 2.0))", "(O, 2)"],
    "np.corrcoef": ["(W)", "(v, q)", "(W, rowvar=False)", "(v)", "(W[:2])"],
}
ZERO: list[str] = ["np.histogram(l, 3)[0] * 1.0", "np.histogram(A, [0.4, 0.9, 1.6])[0] * 1.0",
                   "np.histogram(l, 4, range=(0.5, 1.5))[0] * 1.0"]
