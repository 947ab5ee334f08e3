"""Calls of functions that join arrays and that take them apart."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.concatenate": [
        "((A, B))", "([A, B], axis=1)", "((A, B), axis=None)", "((v, w))", "((A, C), -1)", "((A, A4))",
        "((A, B), dtype=np.float32)", "((v, e))", "((ZA, A))", "((v, [1.0, x]))", "(T)", "(T, 1)", "(T, None)",
        "([A])", "((A, B), casting='same_kind')", "B2 = np.empty((4, 3))\nnp.concatenate((A, B), out=B2)\nreturn B2",
        "((A, x * B, A), axis=1)", "(tuple([v, w]), 0)", "((A, k.reshape(1, 3)))",
    ],
    "np.concat": ["((A, B))", "([A, B], axis=1)", "((A, v), axis=None)", "((v, w), dtype=np.float32)"],
    "np.stack": [
        "((A, B))", "((A, B), axis=1)", "([v, w], axis=-1)", "((v, w), dtype=np.float32)", "((x, y))", "((A, B), 2)",
        "((s0, x))", "(arrays=(v, w))", "((ZA, A))", "((v4, w))",
        "B2 = np.empty((2, 3))\nnp.stack((v, w), out=B2)\nreturn B2",
    ],
    "np.hstack": [
        "((A, B))", "((v, w))", "([T, T])", "((x, v))", "((A, C))", "((x, y))", "((v, w), dtype=np.float32)",
        "((ZA, A))", "(tup=(v, w))", "((v, e))", "((v, [x, y]))",
    ],
    "np.vstack": [
        "((A, B))", "((v, w))", "((A, v))", "([T, T])", "((x, y))", "((A, B), dtype=np.float32)", "((ZA, v))",
        "((v4, v4))", "((v, [x, y, z]))",
    ],
    "np.dstack": ["((A, B))", "((v, w))", "((x, y))", "([T, T])", "((A, A4))", "((ZA, A))"],
    "np.column_stack": [
        "((A, B))", "((v, w))", "((A, [x, y]))", "((C[:, 0], A))", "((x, y))", "((Zv, v))", "([v, w, v])",
    ],
    "np.block": [
        "([A, B])", "([[A, B], [B, A]])", "([[A], [B]])", "([v, w])", "([[A, C], [R, O]])", "([x, y])",
        "([[x, y], [z, 1.0]])", "([v, x])", "([[M, v[:, None]], [w, 1.0]])", "(A)", "(x)", "([[T, T]])",
        "([[[A]], [[B]]])", "([ZA, A])", "([[A, 2 * B]])",
    ],
    "np.append": [
        "(A, B)", "(A, B, axis=0)", "(A, C, axis=1)", "(v, x)", "(v, [x, y])", "(A, v)", "(x, y)", "(e, x)",
        "(ZA, A)", "(v, w, 0)", "(arr=v, values=w)",
    ],
    "np.insert": [
        "(v, 1, x)", "(v, [1, 2], [x, y])", "(A, 1, v, axis=0)", "(A, 1, [x, y], axis=1)", "(v, -1, x)", "(A, 2, x)",
        "(A, 1, x, axis=1)", "(v, [0, 0], [x, y])", "(v, slice(0, 2), x)", "(v, [2, 0], [x, y])",
        "(A, [0, 2], 1.5, axis=1)", "(T, 1, A[:, :4] if False else 2.0, axis=1)", "(v, 3, x)", "(v, [1], [x, y])",
        "(ZA, 0, 1.0, axis=0)", "(v, i, x)", "(A, [1], C, axis=1)",
    ],
    "np.delete": [
        "(v, 1)", "(v, [0, 2])", "(A, 1, axis=0)", "(A, [0, 2], axis=1)", "(A, 2)", "(v, -1)", "(v, slice(0, 2))",
        "(v, slice(None, None, 2))", "(A, slice(1, 3), axis=-1)", "(v, [])", "(v, np.array([True, False, True]))",
        "(T, [1, 1], 1)", "(ZA, 0, 0)", "(v, i)", "(v, k[:2])",
    ],
    "np.split": [
        "(T, 2, axis=2)[1]", "(u, 2)[0]", "(A, 2)[1]", "(l, [2, 5])[1]", "(A, [1], axis=1)[0]",
        "a, b = np.split(u, 2)\nreturn a * b", "a, b, c = np.split(l, (2, 5))\nreturn a[0] * b + c[0]",
        "np.concatenate(np.split(u, 2))", "(T, 3, 1)[2]", "(A, 3, axis=-1)[1]", "(ZA, 3, 1)[0]",
        "sum(np.split(M, 3))", "(v, [5])[1]", "(v, [1, 1])[1]", "(u, indices_or_sections=2)[0]", "(l, [-2])[1]",
    ],
    "np.array_split": [
        "(l, 3)[0]", "(l, 3)[2]", "(l, [2, 5])[1]", "(T, 3, axis=2)[1]",
        "a, b = np.array_split(v, 2)\nreturn a[:1] * b", "np.concatenate(np.array_split(l, 4))", "(v, 5)[4]",
        "(A, 2, 1)[1]",
    ],
    "np.hsplit": ["(A, 3)[1]", "(u, 2)[0]", "(T, 3)[2]", "(A, [1])[1]", "a, b = np.hsplit(u, 2)\nreturn a * b"],
    "np.vsplit": ["(A, 2)[1]", "(A, [1])[0]", "(M, 3)[2]", "a, b = np.vsplit(A, 2)\nreturn a * b"],
    "np.dsplit": ["(T, 2)[1]", "(T, [1, 3])[1]", "(ZG, 3)[0]", "a, b = np.dsplit(T, 2)\nreturn a * b"],
    "np.unstack": [
        "a, b = np.unstack(A)\nreturn a * b", "a, b, c = np.unstack(A, axis=1)\nreturn a * b + c",
        "sum(np.unstack(A))", "(A)[1]", "(T, axis=-1)[2]", "a, b = np.unstack(ZA)\nreturn a * b",
    ],
    "np.r_": [
        "np.r_[v, w]", "np.r_[v, x]", "np.r_[x, y, z]", "np.r_[0.0, v, 1.0]", "np.r_[A, B]", "np.r_[v, 1:4]",
        "np.r_[0:3] * v", "np.r_['0,2', v, w]", "np.r_[1:4, 0] * u", "np.r_['-1', A, B]",
    ],
    "np.c_": ["np.c_[v, w]", "np.c_[A, B]", "np.c_[A, C]", "np.c_[v]", "np.c_[np.ones(3), v, v**2]"],
    "np.trim_zeros": [
        "(np.pad(v, 2))", "(v)", "(np.pad(v, 1), 'f')", "(np.pad(v, 1), trim='b')", "(np.pad(v, (0, 2)))",
    ],
    "np.select": [
        "([A > 1.0, A > 0.7], [A**2, A])", "([m], [v], 5.0)", "([m, v > 1.0], [v, 2 * v], x)", "([v > 1.0], [x])",
        "([A > 1.0], [v], default=y)", "([m], [v], default=w)", "([m, m], [Zv, v])", "([m], [v4])",
    ],
    "np.choose": [
        "([0, 1, 0], [v, w])", "(k, [v, w, 2 * v])", "(K % 2, (A, B))", "(1, [v, w])", "(k, [v, x, 1.0])",
        "([0, 5, 1], [v, w], mode='clip')", "([0, 3, 1], [v, w], mode='wrap')", "(k, M)", "(k, [Zv, v, Zv])",
    ],
    "ndarray.choose": [
        "k.choose([v, w, 2 * v])", "K.choose((x, v, w))", "k.choose([x, y, z], mode='wrap')", "k.choose(M)",
    ],
    "np.piecewise": [
        "(v, [v < 1.0, v >= 1.0], [lambda a: a**2, lambda a: -a])", "(v, [v > 1.0], [x, 0.5])",
        "(v, m, [2.0, lambda a: a])", "(v, [v > 1.0], [lambda a, c: a * c, 0.0], x)", "(v, [v > 1.0], [np.sin])",
        "(A, [A > 1.0], [np.sin, np.cos])", "(v, [v > 1.0, v <= 1.0], [lambda a, c: c * a, 1.0], c=y)",
    ],
    "np.vectorize": [
        "np.vectorize(lambda a: a**2 if a > 1 else a)(v)", "np.vectorize(lambda a, b: a * b)(A, v)",
        "np.vectorize(lambda a, b=2.0: a * b)(v)", "np.vectorize(lambda a, b: a + b)(v, x)",
        "np.vectorize(lambda a: a * a, otypes=[float])(A)",
    ],
    "np.apply_along_axis": [
        "(lambda r: r * r.sum(), 0, A)", "(np.sum, 1, A)", "(lambda r: r[:2], -1, A)",
        "(lambda r, c: c * r.max(), 1, A, x)", "(np.cumsum, 1, T)", "(lambda r: np.outer(r, r), 1, A)",
        "(np.sort, 0, M)", "(lambda r: r[0] * r, 1, T)",
    ],
    "np.apply_over_axes": ["(np.sum, T, [0, 2])", "(np.sum, A, 0)", "(np.max, T, (0, 1))", "(np.mean, A, axes=[1])"],
}

FIRST_ORDER: set[str] = set()
ZERO: list[str] = []
REFUSED: dict[str, str] = {}
