"""Differences, sums over intervals, interpolation, convolution."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.convolve": ["(v, u)", "(l, v)", "(v, l, 'same')", "(l, v, mode='same')", "(u, l, 'same')", "(v, l, 'valid')",
                    "(l, u, 'valid')", "(v, w, 'same')", "(v, w, 'valid')", "(v, x)", "(v, v)", "(v4, u)", "(Zv, u)",
                    "(u, Zv, 'same')", "(v[:1], u)"],
    "np.correlate": ["(v, u)", "(l, v)", "(v, l, 'same')", "(l, v, mode='same')", "(u, l, 'same')", "(v, l, 'full')",
                     "(l, u, 'full')", "(v, w, 'same')", "(v, w, 'valid')", "(v, v)", "(v4, u)", "(Zv, u)",
                     "(u, Zv, 'same')", "(v, Zv, 'full')", "(v[:2], u, 'same')"],
    "np.interp": ["(x, np.sort(l), w[0] * l)", "(A, np.sort(u), u)", "(A, np.sort(u), u, left=x)",
                  "(A, np.sort(u), u, x, right=y)", "(l, np.sort(v), w, period=1.3)", "(v, u[:1], w[:1])",
                  "(v4, np.sort(u), u)", "(v, np.sort(u), zx * u)", "(s0, np.sort(l), l)",
                  "(x, v.cumsum(), w, right=0.0)"],
    "np.diff": ["(A)", "(A, axis=0)", "(l, 2)", "(l, n=3)", "(A, 0)", "(v, prepend=x)", "(v, append=x)",
                "(A, axis=0, prepend=v[None, :], append=x)", "(l, 2, prepend=[x, y])", "(T, 1, 1)", "(v4)", "(E)",
                "(Zv)"],
    "np.ediff1d": ["(A)", "(v, to_end=x)", "(v, to_begin=u, to_end=[x, y])", "(v, 0.0, u)", "(v4)"],
    "np.gradient": ["(v)", "(l, x)", "(A)[0]", "(A)[1]", "(A, axis=0)", "(T, axis=(0, -1))[1]", "(v, w.cumsum())",
                    "(A, x, y)[1]", "(A, 2.0, v.cumsum())[1]", "(l, edge_order=2)", "(l, l.cumsum(), edge_order=2)",
                    "(W, x, axis=0, edge_order=2)", "(v4)", "(Zv)"],
    "np.trapezoid": ["(v)", "(A)", "(A, dx=x)", "(A, axis=0)", "(A, v)", "(A, B)", "(T, axis=1)", "(v, w, axis=-1)",
                     "(v4, v4)", "(Zv, v)", "(A, v, 2.0, 1)"],
    "np.unwrap": ["(v)", "(9.0 * A)", "(9.0 * A, axis=0)", "(20.0 * l, discont=4.0)", "(6.0 * l, period=2.5)",
                  "(9.0 * v4)"],
}
ZERO: list[str] = []
