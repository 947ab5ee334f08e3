"""Calls of sums of exponentials, and of the inverse of w e^w."""

from __future__ import annotations

AXES = ["(v)", "(A)", "(A, axis=0)", "(A, 1)", "(A, axis=-1)", "(T, axis=(0, 2))", "(A4, axis=1)", "(O, axis=0)", "(x)"]
CALLS: dict[str, list[str]] = {
    "scipy.special.logsumexp": [
        *AXES, "(A, axis=1, keepdims=True)", "(T, axis=(0, -1), keepdims=True)", "(A, b=B)", "(A, 0, B)",
        "(A, axis=1, b=v)", "(v, axis=1, b=A)", "(A, axis=0, b=C, keepdims=True)", "(A, b=2.0)", "(1000.0 * A)",
        "(np.array([x, -np.inf, y]))", "(ZA, axis=0)", "(A, keepdims=True)"],
    "scipy.special.softmax": [*AXES, "(1000.0 * A, axis=1)", "(A - 1000.0)", "(E, axis=1)"],
    "scipy.special.log_softmax": [*AXES, "(1000.0 * A, axis=1)", "(A - 1000.0)"],
    "scipy.special.lambertw": ["(x).real", "(v)", "(zx)", "(ZA)", "(Zv, -1)", "(Zv, k=1)", "(v4)", "(-0.3 * x, -1)",
                               "(0.0 * x)"],
}
REFUSED = {
    "scipy.special.logsumexp(v, return_sign=True)[0]": "not differentiated with 'return_sign=True'",
}
