"""Calls of elliptic integrals, hypergeometric functions, orthogonal polynomials and their like."""

from __future__ import annotations

DEGREE = ["(2, x)", "(0, v)", "(n, 0.5 * A)", "(1, v)", "(k, w)", "(4, q)", "(K, R)"]
TWO = ["(x, 0.6 * y)", "(v, 0.5 * w)", "(C, 0.5 * R)", "(A4, 0.7)", "(v, 0.3)", "(0.5, q)"]
CALLS: dict[str, list[str]] = {
    "scipy.special.ellipk": ["(0.6 * x)", "(q)", "(-3.0 * A)", "(0.6 * v4)", "(0.0 * x)"],
    "scipy.special.ellipe": ["(0.6 * x)", "(q)", "(-3.0 * A)", "(0.6 * v4)", "(0.0 * x)"],
    "scipy.special.ellipkm1": ["(x)", "(0.1 * v)", "(A)", "(v4)", "(1.0 + 0.0 * x)", "(1e-3 * v)"],
    "scipy.special.ellipkinc": [*TWO, "(-v, 0.4 * w)", "(9.0 * v, 0.4 * w)"],
    "scipy.special.ellipeinc": [*TWO, "(-v, 0.4 * w)", "(9.0 * v, 0.4 * w)"],
    "scipy.special.elliprf": ["(x, y, z)", "(v, w, 2.0)", "(C, R, 0.3)", "(A, 0.5, 1.0)"],
    "scipy.special.elliprd": ["(x, y, z)", "(v, w, 2.0)", "(C, R, 0.3)", "(A, 0.5, 1.7)"],
    "scipy.special.elliprg": ["(x, y, z)", "(v, w, 2.0)", "(C, R, 0.3)", "(A, 0.5, 1.7)"],
    "scipy.special.elliprc": ["(x, y)", "(v, w)", "(C, R)", "(A, 1.7)"],
    "scipy.special.hyp0f1": ["(1.5, x)", "(2, v)", "(0.3, 2.0 * A)", "(1.5, q)"],
    "scipy.special.hyp1f1": ["(0.5, 1.5, x)", "(1, 2, v)", "(0.3, 0.7, 2.0 * A)", "(1.5, 0.5, q)"],
    "scipy.special.hyperu": ["(0.5, 1.5, x)", "(1, 2, v)", "(0.3, 0.7, 2.0 * A)", "(1.5, 0.5, v)"],
    "scipy.special.hyp2f1": ["(0.5, 1.5, 2.0, 0.5 * x)", "(1, 2, 3, q)", "(0.3, 0.7, 1.1, -2.0 * A)",
                             "(1.5, 0.5, 2, q)"],
    "scipy.special.wright_bessel": ["(0.5, 1.5, x)", "(1, 2, v)", "(0.3, 0.7, A)", "(1.5, 0.5, v)"],
    "scipy.special.log_wright_bessel": ["(0.5, 1.5, x)", "(1, 2, v)", "(0.3, 0.7, A)", "(1.5, 0.5, v)"],
    **{f"scipy.special.eval_{fn}": DEGREE for fn in (
        "legendre", "chebyt", "chebyu", "chebyc", "chebys", "hermite", "hermitenorm", "laguerre")},
    **{f"scipy.special.eval_sh_{fn}": ["(2, 0.6 * x)", "(0, 0.5 * v)", "(n, 0.5 * A)", "(1, v4)", "(k, 0.5 * w)"]
       for fn in ("legendre", "chebyt", "chebyu")},
    "scipy.special.eval_genlaguerre": ["(2, 0.5, x)", "(0, 1, v)", "(n, 0.3, A)", "(k, 1.5, w)", "(1, 2.0, v4)"],
    "scipy.special.eval_gegenbauer": ["(2, 0.5, x)", "(0, 1, v)", "(n, 0.3, A)", "(k, 1.5, w)", "(1, 2.0, v4)"],
    "scipy.special.eval_jacobi": ["(2, 0.5, 1.5, x)", "(0, 1, 1, v)", "(n, 0.3, 0.7, A)", "(k, 1.5, 0.0, w)"],
    "scipy.special.eval_sh_jacobi": ["(2, 1.5, 0.5, 0.6 * x)", "(0, 1, 1, 0.5 * v)", "(n, 0.7, 0.3, 0.5 * A)",
                                     "(k, 1.5, 0.5, 0.5 * w)"],
    "scipy.special.lpmv": ["(1, 2, 0.6 * x)", "(0, 3, q)", "(1, 1, Q)", "(2, 4, 0.6 * v)", "(0, 0, q)"],
    "scipy.special.wrightomega": ["(x)", "(v)", "(4.0 * Q)", "(v4)", "(T)"],
}
REFUSED = {
    "scipy.special.elliprj(x, y, z, 1.5)": "no formula for the derivative of scipy.special.elliprj by 'x'",
    "scipy.special.hyp2f1(x, y, 1.5, 0.5 * z)": "no formula for the derivative of scipy.special.hyp2f1 by 'a'",
    "scipy.special.eval_jacobi(2, x, 0.5, y)": "no formula for the derivative of scipy.special.eval_jacobi by 'alpha'",
}
