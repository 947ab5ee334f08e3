"""Calls of incomplete gamma and beta functions, and of the distribution functions that are made of them."""

from __future__ import annotations

# With parameters that move: the second derivative by them is refused.
MOVING: dict[str, list[str]] = {
    "scipy.special.gammainc": ["(x, y)", "(v, w)", "(C, R)", "(A4, 0.7)", "(20.0 + x, 20.0 * y)", "(v, 2.5)"],
    "scipy.special.gammaincc": ["(x, y)", "(v, w)", "(C, R)", "(5.0 * v, 2.5)"],
    "scipy.special.gammaincinv": ["(x, 0.6 * y)", "(v, 0.5 * w)", "(C, 0.5 * R)", "(A4, 0.3)"],
    "scipy.special.gammainccinv": ["(x, 0.6 * y)", "(v, 0.5 * w)", "(C, 0.5 * R)", "(A4, 0.3)"],
    "scipy.special.betainc": ["(x, y, 0.5 * z)", "(v, w, 0.5)", "(1.0 + C, R, 0.6 * A)", "(A4, 1.5, 0.3)",
                              "(20.0 * x, 30.0 * y, 0.3)", "(1.5, v, 0.9)"],
    "scipy.special.betaincc": ["(x, y, 0.5 * z)", "(v, w, 0.5)", "(1.0 + C, R, 0.6 * A)"],
    "scipy.special.betaincinv": ["(x, y, 0.5 * z)", "(v, w, 0.5)", "(1.0 + C, R, 0.6 * A)"],
    "scipy.special.betainccinv": ["(x, y, 0.5 * z)", "(v, w, 0.5)", "(1.0 + C, R, 0.6 * A)"],
    "scipy.special.gdtr": ["(x, y, z)", "(v, w, 1.5)", "(C, R, A)", "(1.5, v4, 2.0)"],
    "scipy.special.gdtrc": ["(x, y, z)", "(v, w, 1.5)", "(C, R, A)", "(1.5, v, 2.0)"],
    "scipy.special.gdtrix": ["(x, y, 0.5 * z)", "(v, w, 0.5)", "(C, R, 0.5 * A)", "(1.5, v, 0.3)"],
    "scipy.special.gdtria": ["(0.5 * x, y, z)", "(0.5 * v, w, 0.5)", "(0.5 * C, R, A)", "(0.3, v, 1.5)"],
    "scipy.special.gdtrib": ["(x, 0.5 * y, z)", "(v, 0.5, w)", "(C, 0.5 * R, A)", "(1.5, 0.3, v)"],
    "scipy.special.chdtr": ["(x, y)", "(v, w)", "(C, R)", "(5.0 * v4, 2.5)"],
    "scipy.special.chdtrc": ["(x, y)", "(v, w)", "(C, R)", "(5.0 * v, 2.5)"],
    "scipy.special.chdtri": ["(x, 0.5 * y)", "(v, 0.5 * w)", "(C, 0.5 * R)", "(5.0 * v, 0.2)"],
    "scipy.special.chdtriv": ["(0.5 * x, y)", "(0.5 * v, w)", "(0.5 * C, R)", "(0.2, v)"],
    "scipy.special.btdtria": ["(0.4 * x, y, 0.5)", "(0.5 * v, w, 0.6)", "(0.5 * C, R, 0.5)", "(0.3, 1.5, 0.5 * v)"],
    "scipy.special.btdtrib": ["(x, 0.4 * y, 0.5)", "(v, 0.5 * w, 0.6)", "(C, 0.5 * R, 0.5)", "(1.5, 0.3, 0.5 * v)"],
    "scipy.special.fdtridfd": ["(2.0, 0.75, 1.0 + x)", "(1.0 + v, 0.6, 2.0)", "(2.0, 0.5 + 0.2 * v, 1.5)",
                               "(2.0, 0.7, 1.2 + C)"],
    "scipy.special.fdtr": ["(x, y, z)", "(v, w, 1.5)", "(C, R, A)", "(5.0, v, 1.5)"],
    "scipy.special.fdtrc": ["(x, y, z)", "(v, w, 1.5)", "(C, R, A)", "(v, 5.0, 1.5)"],
    "scipy.special.fdtri": ["(2.0 * x, 3.0 * y, z)", "(3.0 * v, 4.0, 0.3)", "(1.0 + C, 1.0 + R, 0.5 * A)",
                            "(5.0, 5.0 * v, 0.4)"],
    "scipy.special.stdtr": ["(x, y)", "(v, -w)", "(C, R)", "(3.0 * v, 0.5)", "(v4, 0.7)"],
    "scipy.special.stdtrit": ["(3.0 + x, 0.5 * y)", "(3.0 * v, 0.5 * w)", "(2.0 + C, 0.5 * R)", "(5.0 * v, 0.2)"],
    "scipy.special.stdtridf": ["(0.75 + 0.1 * x, 1.0 + y)", "(0.75 + 0.1 * v, 1.0 + w)", "(0.8, 1.0 + v)",
                               "(0.75 + 0.1 * C, 1.0 + R)"],
}
FIRST_ORDER = {text for texts in MOVING.values() for text in texts}
CALLS: dict[str, list[str]] = {fn: list(texts) for fn, texts in MOVING.items()}
# With constant parameters.
for fn, more in {
    "gammainc": ["(2.5, 1.0 * v)", "(1.5, A)", "(3, l)", "(1.5, T)"], "gammaincc": ["(2.5, 1.0 * v)", "(1.5, A)"],
    "gammaincinv": ["(2.5, 0.5 * v)", "(1.5, 0.3 * A)"], "gammainccinv": ["(2.5, 0.5 * v)", "(1.5, 0.3 * A)"],
    "betainc": ["(2, 3, 0.6 * v)", "(0.5, 0.7, 0.5 * A)"], "betaincc": ["(2, 3, 0.6 * v)", "(0.5, 0.7, 0.5 * A)"],
    "betaincinv": ["(2, 3, 0.6 * v)", "(0.5, 0.7, 0.5 * A)"], "betainccinv": ["(2, 3, 0.6 * v)", "(0.5, 1.7, 0.5 * A)"],
    "chdtr": ["(3, 1.0 * v)"], "chdtrc": ["(3, 1.0 * v)"], "chdtri": ["(3, 0.5 * v)"], "fdtr": ["(2.5, 3.5, v)"],
    "stdtr": ["(2.5, q)"], "stdtrit": ["(2.5, 0.5 * v)"], "fdtri": ["(2.5, 3.5, 0.5 * v)"],
}.items():
    CALLS[f"scipy.special.{fn}"] += more
for fn in ("pdtr", "pdtrc"):
    CALLS[f"scipy.special.{fn}"] = ["(2, x)", "(3.5, v)", "(k, v)", "(0, A)", "(K, A)", "(1, v4)"]
CALLS["scipy.special.pdtri"] = ["(2, 0.5 * x)", "(3, 0.5 * v)", "(k, 0.5 * v)", "(0, 0.4 * A)"]
for fn in ("bdtr", "bdtrc", "bdtri", "nbdtr", "nbdtrc", "nbdtri"):
    CALLS[f"scipy.special.{fn}"] = ["(2, 5, 0.5 * x)", "(1, n, 0.6 * v)", "(k, 4, 0.5 * v)", "(0, 3, 0.4 * A)"]
REFUSED = {
    "np.sum(scipy.special.bdtr(2, 3.0 + x, y))": "no formula for the derivative of scipy.special.bdtr by 'n'",
}
