"""Calls of Bessel functions and their like, and of exponential integrals."""

from __future__ import annotations

ONE = ["(x)", "(v)", "(3.0 * A)", "(v4)", "(T)", "(s)"]
ORDER = ["(2, x)", "(0, v)", "(n, 2.0 * A)", "(1.5, v)", "(k, w)", "(1, v4)", "(K, R)"]
WHOLE = ["(2, x)", "(0, v)", "(n, 2.0 * A)", "(k, w)", "(1, v4)", "(K, R)"]
CALLS: dict[str, list[str]] = {
    **{f"scipy.special.{fn}": [*ONE, "(q)", "(0.0 * x)"] for fn in ("j0", "j1", "i0", "i1", "ber", "bei")},
    **{f"scipy.special.{fn}": [*ONE, "(q)"] for fn in ("i0e", "i1e", "expi", "itstruve0", "itmodstruve0")},
    **{f"scipy.special.{fn}": ONE for fn in (
        "y0", "y1", "k0", "k1", "k0e", "k1e", "ker", "kei", "berp", "beip", "kerp", "keip", "exp1", "it2struve0")},
    **{f"scipy.special.{fn}": ORDER for fn in ("jv", "jve", "yv", "yve", "iv", "ive", "kv", "kve", "struve",
                                               "modstruve")},
    **{f"scipy.special.{fn}": WHOLE for fn in ("yn", "kn")},
    "scipy.special.jn": ["(2, x)", "(0, v)", "(n, 2.0 * A)", "(k, w)"],
    **{f"scipy.special.{fn}": ["(2, x)", "(0, v, 2)", "(n, 2.0 * A, n=2)", "(1.5, v)", "(k, w)"] for fn in (
        "jvp", "yvp", "ivp", "kvp")},
    **{f"scipy.special.spherical_{fn}": ["(2, x)", "(0, v)", "(n, 2.0 * A)", "(k, w)", "(1, v, derivative=True)",
                                         "(2, A, True)", "(1, v4)"] for fn in ("jn", "yn", "in", "kn")},
    "scipy.special.expn": WHOLE,
    "scipy.special.spence": [*ONE, "(1.0 + 1e-4 * v)", "(1.0 + 0.0 * x)"],
}
REFUSED = {f"scipy.special.{fn}(x, y)": f"no formula for the derivative of scipy.special.{fn} by 'v'"
           for fn in ("jv", "jve", "yv", "yve", "iv", "ive", "kv", "kve", "struve", "modstruve", "jvp", "yvp")}
