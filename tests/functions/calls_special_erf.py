"""Calls of error functions, logistic functions, logarithms, entropies and losses of `scipy.special`."""

from __future__ import annotations

ONE = ["(x)", "(v)", "(A)", "(v4)", "(T)", "(s)"]
HALF = ["(0.6 * x)", "(0.6 * v)", "(0.6 * A)", "(0.6 * v4)", "(0.6 * T)"]  # between 0 and 1
TWO = ["(x, y)", "(v, w)", "(C, R)", "(A4, 0.7)", "(v, y)", "(O, A)"]
CALLS: dict[str, list[str]] = {
    **{f"scipy.special.{fn}": [*ONE, "(q)", "(2.0 - 4.0 * A)", "(E)"] for fn in (
        "erf", "erfc", "erfcx", "erfi", "dawsn", "ndtr", "log_ndtr", "expit", "log_expit", "softplus", "expm1", "exp2",
        "exp10", "exprel", "cosm1", "sindg", "cosdg")},
    "scipy.special.erfinv": ["(q)", "(0.5 * x)", "(Q)", "(0.5 * v4)", "(0.3 * T)"],
    "scipy.special.erfcinv": ["(1.0 + q)", "(x)", "(A)", "(v4)", "(T)"],
    "scipy.special.ndtri": HALF,
    "scipy.special.ndtri_exp": ["(-x)", "(-v)", "(-A)", "(-v4)", "(-10.0 * T)"],
    "scipy.special.owens_t": [*TWO, "(q, 0.5)", "(1.5, q)"],
    "scipy.special.nrdtrimn": ["(0.5 * x, y, z)", "(0.5 * v, w, 1.5)", "(0.5 * C, R, A)", "(0.3, v, 1.5)"],
    "scipy.special.nrdtrisd": ["(x, 0.3 * y, z)", "(v, 0.3, w)", "(C, 0.3 * R, A)", "(1.5, 0.2 * v, 0.7)"],
    "scipy.special.voigt_profile": ["(x, y, z)", "(v, w, 0.5)", "(C, R, A)", "(q, 1.0, 0.3)", "(v4, 1.0, 0.5)"],
    "scipy.special.logit": HALF,
    "scipy.special.log1p": [*ONE, "(q)"],
    "scipy.special.cbrt": [*ONE, "(3.0 - A)"],
    "scipy.special.powm1": [*TWO, "(2, v)", "(v, 2)", "(v, -0.5)"],
    "scipy.special.xlogy": [*TWO, "(0, v)", "(2, v)"],
    "scipy.special.xlog1py": [*TWO, "(0, v)", "(q, v)"],
    "scipy.special.agm": [*TWO, "(1, v)", "(v, v)"],
    "scipy.special.boxcox": [*TWO, "(v, 0.0)", "(v, 0.0 * x)", "(v, 1)"],
    "scipy.special.boxcox1p": [*TWO, "(v, 0.0)", "(v, 0.0 * x)", "(v, 1)"],
    "scipy.special.inv_boxcox": [*TWO, "(v, 0.0)", "(v, 0.0 * x)", "(v, 1)"],
    "scipy.special.inv_boxcox1p": [*TWO, "(v, 0.0)", "(v, 0.0 * x)", "(v, 1)"],
    "scipy.special.tklmbda": ["(0.3 * x, 0.5)", "(0.3 * v, -0.7)", "(A - 1.0, 0.0)", "(0.3 * v, 1.5)"],
    "scipy.special.tandg": [*ONE, "(20.0 * A)"],
    "scipy.special.cotdg": ["(30.0 * x)", "(30.0 * v)", "(30.0 * A)", "(30.0 * v4)"],
    "scipy.special.radian": ["(x, y, z)", "(v, w, 1.0)", "(C, R, A)", "(v4, 2, 3)"],
    "scipy.special.diric": ["(x, 3)", "(v, 4)", "(A, 5)", "(q, n)", "(1e-6 * v, 3)",
                            "(6.283185307179586 + 0.0 * x, 4)"],
    "scipy.special.entr": [*ONE, "(R)"],
    "scipy.special.rel_entr": [*TWO, "(0.0, v)", "(v, 2)"],
    "scipy.special.kl_div": [*TWO, "(0.0, v)", "(v, 2)"],
    "scipy.special.huber": [*TWO, "(1.0, 3.0 * Q)", "(v, -w)"],
    "scipy.special.pseudo_huber": [*TWO, "(1.0, 3.0 * Q)", "(v, -w)"],
}
# Written into an array.
WRITTEN = {
    "scipy.special.erf": ["B = np.zeros(3)\nscipy.special.erf(v, out=B)\nreturn B * v",
                          "B = A.copy()\nscipy.special.erf(v, out=(B,))\nreturn B * v"],
    "scipy.special.expit": ["B = A.copy()\nscipy.special.expit(B, B)\nreturn B"],
    "scipy.special.xlogy": ["B = np.ones((2, 3))\nscipy.special.xlogy(v, A, out=B)\nreturn B * v"],
}
for fn, texts in WRITTEN.items():
    CALLS[fn] += texts
CALLS["scipy.special.roots_legendre"] = [
    "t, w = scipy.special.roots_legendre(5)\nreturn np.sum(w * np.exp(x * t))",
    "t, w, total = scipy.special.roots_legendre(n, mu=True)\nreturn np.sin(t * x) * total",
    "scipy.special.roots_legendre(n)[0] * v", "scipy.special.roots_hermite(4)[1] * x"]
CALLS["scipy.special.bernoulli"] = ["scipy.special.bernoulli(4) * x", "scipy.special.bernoulli(2) * v",
                                    "scipy.special.euler(2) * v", "scipy.special.stirling2(4, 2) * x"]
REFUSED = {
    "scipy.special.kolmogorov(x)": "no formula for the derivative of scipy.special.kolmogorov by 'y'",
    "scipy.special.mathieu_cem(1, 2.0, x)[0]": "no formula for the derivative of scipy.special.mathieu_cem by 'x'",
    "B = A.copy()\nscipy.special.erf(v, out=B, where=mA)\nreturn B": "SciPy's functions do not know masks",
    "scipy.special.tklmbda(0.3 * x, y)": "no formula for the derivative of scipy.special.tklmbda by 'lmbda'",
    "scipy.special.diric(x, y + 2.0)": "no formula for the derivative of scipy.special.diric by 'n'",
}
