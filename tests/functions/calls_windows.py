"""Calls that see an array through windows that slide over it."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.lib.stride_tricks.sliding_window_view": [
        "(v, 2)", "(v, (2,))", "(v, [2])", "(v, 1)", "(v, 3)", "(v, i)", "(v, 0)", "(v, window_shape=2)", "(v, 2, 0)",
        "(A, (2, 2))", "(A, (1, 2))", "(A, (2, 3))", "(A, (2, 2), None)", "(A, 2, axis=1)", "(A, 2, axis=-1)",
        "(A, (2,), axis=(-2,))", "(A, (2, 2), axis=(1, 0))", "(A, [2, 2], axis=[-1, 0])", "(T, (2, 3), (0, 2))",
        "(T, (2, 2), (2, 2))", "(T, (3, 2), axis=(2, -1))", "(T, (2, 2, 3))", "(T, (2, 2), axis=(0, -1), subok=True)",
        "(v, 2, writeable=False)", "(v, 2, 0, subok=False, writeable=False)", "(x=v, window_shape=2)", "(e, 0)",
        "(E, 2, axis=1)", "(A4, (2, 2))", "(Zv, 2)", "(ZA, 2, axis=1)", "(ZA8, (2, 2))", "(A.T, 2, axis=0)",
        "(T[:, ::-1], 2, axis=1)", "(np.pad(v, 1), 3) @ w", "(v, 2)[::2] * x", "(l, 3).max(axis=-1)",
        "(l, 3).T[::-1] * x", "(v, v.shape)", "(T, R.shape, axis=(0, 1))", "(A * B, (2, 2)) ** 2",
        "np.einsum('ijkl,kl->ij', np.lib.stride_tricks.sliding_window_view(M, (2, 2)), A[:, :2])",
        "np.tensordot(np.lib.stride_tricks.sliding_window_view(M, (2, 2)), A[:, :2], 2)",
        "B2 = A * v\ny2 = np.lib.stride_tricks.sliding_window_view(B2, 2, axis=1)\nB2[0, 1:] = w[1:] ** 2\n"
        "return y2 * x",
        "total = x\nfor p in np.lib.stride_tricks.sliding_window_view(l, 3):\n    total = total * p[1] + p[0] * p[2]\n"
        "return total",
        "B2 = A.copy()\nfor j in range(2):\n"
        "    B2[:, 1:] *= np.lib.stride_tricks.sliding_window_view(B2, 2, axis=1).sum(axis=-1)\nreturn B2",
    ],
}
REFUSED: dict[str, str] = {
    "np.lib.stride_tricks.sliding_window_view(v, 2, writeable=True)": "lies in several windows",
    "w2 = np.lib.stride_tricks.sliding_window_view(v * 1.0, 2)\nw2[0] = x\nreturn w2": "read-only",
    "np.lib.stride_tricks.sliding_window_view(A, 2)": "1 sizes of a window for 2 axes",
    "np.lib.stride_tricks.sliding_window_view(A, (2, 2), axis=1)": "2 sizes of a window for 1 axes",
    "np.lib.stride_tricks.sliding_window_view(v, -1)": "negative",
    "np.lib.stride_tricks.sliding_window_view(v, np.array([2]))": "write the sizes one by one",
    "np.lib.stride_tricks.sliding_window_view(v, 2, axis=1)": "axis 1 does not exist",
    "np.lib.stride_tricks.as_strided(v, (2, 2), (8, 8))": "write np.lib.stride_tricks.sliding_window_view(x, window)",
}
