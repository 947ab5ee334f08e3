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
}
ZERO: list[str] = []
