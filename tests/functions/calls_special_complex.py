"""Calls of functions of `scipy.special` of complex numbers."""

from __future__ import annotations

ONE = ["(zx)", "(Zv)", "(ZA)"]
GAMMAS = ["(0.9 * zx)", "(0.9 * Zv)", "(0.9 * ZA)", "(Zv8)"]
CALLS: dict[str, list[str]] = {
    **{f"scipy.special.{fn}": [*ONE, "(Zv8)"] for fn in (
        "erf", "erfc", "erfcx", "erfi", "dawsn", "wofz", "ndtr", "log_ndtr", "expm1", "log1p", "exp1", "expi", "spence",
        "wrightomega")},
    # The derivative of digamma has no formula there.
    **{f"scipy.special.{fn}": GAMMAS for fn in ("gamma", "loggamma", "rgamma")},
    **{f"scipy.special.{fn}": ["(2, zx)", "(0, Zv)", "(1.5, ZA)", "(k, Zv)"] for fn in ("jv", "yv", "iv", "kv", "kve")},
    **{f"scipy.special.{fn}": ["(2, zx)", "(0, Zv)", "(1.5, ZA)", "(k, Zv)", "(1, x)", "(0.5, v)"] for fn in (
        "hankel1", "hankel1e", "hankel2", "hankel2e")},
    **{f"scipy.special.{fn}": ["(2, zx)", "(0, Zv)", "(1.5, ZA, 2)", "(1, v)"] for fn in ("h1vp", "h2vp")},
    **{f"scipy.special.spherical_{fn}": ["(2, zx)", "(1, Zv)", "(2, ZA, derivative=True)"] for fn in (
        "jn", "yn", "in", "kn")},
    "scipy.special.xlogy": ["(zx, 1.5 + zx)", "(Zv, v)", "(x, Zv)", "(C, ZA)"],
    "scipy.special.xlog1py": ["(zx, 1.5 + zx)", "(Zv, v)", "(x, Zv)", "(C, ZA)"],
    "scipy.special.hyp0f1": ["(1.5, zx)", "(2, Zv)", "(0.7, ZA)"],
    "scipy.special.hyp1f1": ["(1.5, 0.3, zx)", "(2, 3, Zv)", "(0.7, 1.3, ZA)"],
    "scipy.special.hyp2f1": ["(1.5, 0.3, 1.1, 0.3 * zx)", "(2, 3, 2.5, 0.2 * Zv)", "(0.7, 1.3, 2, 0.3 * ZA)"],
    "scipy.special.eval_legendre": ["(2, zx)", "(3, Zv)", "(1.5, 0.3 * ZA)"],
    "scipy.special.eval_chebyt": ["(2.0, zx)", "(3.0, Zv)", "(1.5, 0.3 * ZA)"],
    "scipy.special.eval_laguerre": ["(2.0, zx)", "(3.0, Zv)", "(1.5, 0.3 * ZA)"],
    "scipy.special.elliprf": ["(zx, 1.5, 2.0)", "(Zv, w, 2.0)", "(1.2, ZA, R)"],
    "scipy.special.elliprg": ["(zx, 1.5, 2.0)", "(Zv, w, 2.0)", "(1.2, ZA, R)"],
    "scipy.special.elliprc": ["(zx, 1.5)", "(Zv, w)", "(ZA, 2.5)"],
}
FIRST_ORDER = set(GAMMAS)
REFUSED = {
    "scipy.special.digamma(zx)": "is not differentiated for complex numbers",
    "scipy.special.jve(2, Zv)": "is not differentiated for complex numbers",
}
