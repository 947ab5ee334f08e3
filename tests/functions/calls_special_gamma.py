"""Calls of the gamma family of `scipy.special`."""

from __future__ import annotations

ONE = ["(x)", "(v)", "(1.0 + A)", "(v4)", "(T)"]
TWO = ["(x, y)", "(v, w)", "(C, R)", "(A4, 0.7)", "(v, y)", "(O, A)"]
CALLS: dict[str, list[str]] = {
    **{f"scipy.special.{fn}": [*ONE, "(s0)", "(E)", "(3.0 * q)"] for fn in ("psi", "digamma", "gammaln")},
    "scipy.special.gamma": [*ONE, "(3.0 * q)", "(s)", "(R)"],
    "scipy.special.loggamma": [*ONE, "(s)", "(3.0 + Q)"],
    "scipy.special.rgamma": [*ONE, "(q)", "(0.0 * x - 1.0)", "(0.5 - 3.0 * v)"],
    "scipy.special.polygamma": ["(1, x)", "(0, v)", "(2, A)", "(k, v)", "(n, v4)", "(1, q)", "(K, A)"],
    "scipy.special.multigammaln": ["(3.0 + x, 2)", "(3.0 + v, 3)", "(4.0 + A, 4)", "(x, 1)", "(A4, d=1)"],
    "scipy.special.poch": [*TWO, "(x, n)"],
    "scipy.special.beta": [*TWO, "(2, v)"],
    "scipy.special.betaln": TWO,
    "scipy.special.binom": ["(3.0 + x, y)", "(2.0 + v, w)", "(3.0 + C, R)", "(5, v)", "(2.0 + A4, 1)", "(n, x)"],
    "scipy.special.comb": ["(3.0 + x, y)", "(2.0 + v, w)", "(3.0 + C, R)", "(2.0 + A, 1, exact=False)",
                           "(np.array([0.5, 4.0, 3.5]) * v, 2)", "(A4 + 2.0, 1)"],
    "scipy.special.perm": ["(3.0 + x, y)", "(2.0 + v, w)", "(3.0 + C, R)", "(2.0 + A, 1)", "(2.5 * v + 0.2, 1.2)"],
    "scipy.special.factorial": ["(v)", "(2.0 + x)", "(A)", "(v4)", "(q)", "(T, exact=False)"],
    "scipy.special.zeta": ["(3, x)", "(2.5, v)", "(1.5 + k, w)", "(2, A)", "(3, v4)", "(1.2 + x)",
                           "(1.5 + v, 0.5 + w)", "(-2.5 * v)", "(1.5 + v4)", "(-0.3 * x)", "(0.5 * x)", "(1.1 + C, R)"],
    "scipy.special.zetac": ["(1.2 + x)", "(1.5 + v)", "(-0.7 * A)", "(1.5 + v4)"],
}
# The second derivative of zeta by x is refused.
FIRST_ORDER = {"(1.2 + x)", "(1.5 + v)", "(1.5 + v, 0.5 + w)", "(-2.5 * v)", "(-0.3 * x)", "(0.5 * x)", "(1.1 + C, R)",
               "(-0.7 * A)"}
ZERO = ["scipy.special.gammasgn(v)", "scipy.special.gammasgn(q) * 2.0", "scipy.special.gammasgn(x)",
        "scipy.special.round(v)", "scipy.special.round(A)"]
REFUSED = {
    "scipy.special.polygamma(x, 2.0)": "no formula for the derivative of scipy.special.polygamma by 'n'",
    "scipy.special.comb(3.0 + x, 2, repetition=True)": "no formula for the derivative of scipy.special.comb by 'N'",
}
