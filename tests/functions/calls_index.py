"""Calls of functions that pick, order and place elements."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.take": [
        "(v, k)", "(A, 1)", "(A, [0, 0, 1], axis=0)", "(A, K, 1)", "(A, 1, axis=-1)", "(A, [5, 7], mode='clip')",
        "(A, [5, 7], mode='wrap')", "(A, [3, -1], axis=1, mode='wrap')", "(v, [7, -7], mode='clip')",
        "(T, [1, 1], axis=2)", "(x, 0)", "([x, y, z], k)", "(ZA, [0, 1], 1)",
        "B2 = np.zeros(3)\nnp.take(v, k, out=B2)\nreturn B2", "(v, i)", "(A, indices=[1], axis=0)", "(v, [])",
        "(A4, [1, 0], 0)",
    ],
    "ndarray.take": [
        "v.take(k)", "A.take([0, 4])", "A.take(1, axis=0)", "A.take([0, 5], axis=1, mode='wrap')", "A.take(K)",
    ],
    "np.take_along_axis": [
        "(A, K, axis=1)", "(A, np.argsort(A, axis=1), 1)", "(A, np.argsort(A, axis=0), axis=0)",
        "(A, np.array([4, 4, 0]), None)", "(v, k, 0)", "(A, K[:, :1], -1)", "(ZA, K, 1)", "(R, K, axis=1)",
        "(A, indices=K, axis=1)",
    ],
    "np.put_along_axis": [
        "B2 = A.copy()\nnp.put_along_axis(B2, K, B, axis=1)\nreturn B2 * A",
        "B2 = A.copy()\nnp.put_along_axis(B2, K[:, :1], x, 1)\nreturn B2 * A",
        "B2 = A.copy()\n"
        "np.put_along_axis(B2, np.argmax(A, axis=0, keepdims=True), v, axis=0)\n"
        "return B2 * A",
        "w2 = v.copy()\nnp.put_along_axis(w2, k, w, 0)\nreturn w2 * v",
        "B2 = A.copy()\nnp.put_along_axis(B2, np.array([4, 0]), np.array([x, y]), None)\nreturn B2 * A",
    ],
    "np.put": [
        "w2 = v.copy()\nnp.put(w2, [0, 2], [x, y])\nreturn w2 * v",
        "B2 = A.copy()\nnp.put(B2, [0, 5], x)\nreturn B2 * A",
        "B2 = A.copy()\nnp.put(B2, [0, 2, 4, 5], [x, y])\nreturn B2 * A",
        "w2 = v.copy()\nnp.put(w2, [7], x, mode='clip')\nreturn w2 * v",
        "w2 = v.copy()\nnp.put(w2, [4, 0], [x, y], mode='wrap')\nreturn w2 * v",
        "w2 = v.copy()\nnp.put(w2, 1, x)\nreturn w2 * v", "w2 = v.copy()\nnp.put(w2, k, w)\nreturn w2 * v",
    ],
    "ndarray.put": [
        "w2 = v.copy()\nw2.put([0, 2], [x, y])\nreturn w2 * v", "B2 = A.copy()\nB2.put([0, 5], x)\nreturn B2 * A",
        "w2 = v.copy()\nw2.put(1, x)\nreturn w2 * v", "w2 = v.copy()\nw2.put([4], x, mode='wrap')\nreturn w2 * v",
    ],
    "np.place": [
        "w2 = v.copy()\nnp.place(w2, m, x)\nreturn w2 * v", "B2 = A.copy()\nnp.place(B2, mA, [x, y])\nreturn B2 * A",
        "B2 = A.copy()\nnp.place(B2, A > 1.0, v)\nreturn B2 * A",
        "B2 = A.copy()\nnp.place(B2, mA, [x])\nreturn B2 * A",
    ],
    "np.putmask": [
        "w2 = v.copy()\nnp.putmask(w2, m, x)\nreturn w2 * v", "B2 = A.copy()\nnp.putmask(B2, mA, B)\nreturn B2 * A",
        "B2 = A.copy()\nnp.putmask(B2, mA, v)\nreturn B2 * A",
        "w2 = v.copy()\nnp.putmask(w2, m, [x, y])\nreturn w2 * v",
    ],
    "np.copyto": [
        "B2 = A.copy()\nnp.copyto(B2, v)\nreturn B2 * A", "B2 = A.copy()\nnp.copyto(B2, B, where=mA)\nreturn B2 * A",
        "B2 = A.copy()\nnp.copyto(B2[0], w)\nreturn B2 * A",
        "B2 = A.copy()\nnp.copyto(B2, x, casting='same_kind')\nreturn B2 * A",
    ],
    "np.compress": [
        "([True, False, True], v)", "(m, v)", "([0, 1], A, axis=0)", "(m, A, axis=1)", "([True, False, True], A)",
        "([True, True], A, -1)", "(v > 1.0, v)", "(m, Zv)", "(condition=m, a=v)",
    ],
    "ndarray.compress": [
        "v.compress(m)", "A.compress([0, 1], axis=0)", "A.compress(m, 1)", "A.compress([True, False, True])",
    ],
    "np.extract": ["(m, v)", "(mA, A)", "(A > 1.0, A)", "([1, 0, 1], v)", "(mA, ZA)"],
    "np.where": [
        "(m, v, w)", "(A > 1.0, A, 0.0)", "(m, x, v)", "(mA, A, v)", "v[np.where(v > 0.7)]", "A[np.where(A > 1.0)]",
        "(True, v, w)", "(m, x, y)",
    ],
    "np.nonzero": [
        "A[np.nonzero(A > 1.0)]", "v[np.nonzero(m)]", "a, b = np.nonzero(mA)\nreturn A[a, b]",
        "v[np.nonzero(v > 0.8)[0]]",
    ],
    "ndarray.nonzero": [
        "A[mA.nonzero()]", "v[m.nonzero()]", "v[(v > 0.8).nonzero()[0]]", "a, b = (A > 1).nonzero()\nreturn A[a, b]",
    ],
    "np.flatnonzero": [
        "v[np.flatnonzero(m)]", "v[np.flatnonzero(v > 0.7)]", "A.ravel()[np.flatnonzero(mA)]",
        "A.flat[np.flatnonzero(mA)]",
    ],
    "np.argwhere": [
        "r = np.argwhere(mA)\nreturn A[r[:, 0], r[:, 1]]", "v[np.argwhere(m)[:, 0]]", "v[np.argwhere(v > 0.7)]",
        "A[tuple(np.argwhere(A > 1.0)[0])] * x",
    ],
    "np.sort": [
        "(v)", "(A)", "(A, axis=0)", "(A, axis=None)", "(T, 1)", "(A, -1, kind='stable')", "(A4)", "(A, stable=True)",
        "(e)", "([x, y, z])", "(A, kind='mergesort')",
    ],
    "ndarray.sort": [
        "w2 = v.copy()\nw2.sort()\nreturn w2 * v", "B2 = A.copy()\nB2.sort(axis=0)\nreturn B2 * A",
        "B2 = A.copy()\nB2.sort(1)\nreturn B2 * A", "B2 = A.copy()\nB2[0].sort()\nreturn B2 * A",
        "B2 = A.copy()\nB2.sort(kind='stable')\nreturn B2 * A",
    ],
    "np.argsort": [
        "v[np.argsort(v)]", "A[np.argsort(A[:, 0])]", "np.take_along_axis(A, np.argsort(-A, axis=0), 0)",
        "A.ravel()[np.argsort(A, None)]", "v[np.argsort(v, kind='stable')[::-1]]", "v[np.argsort(v, stable=True)]",
    ],
    "ndarray.argsort": [
        "v[v.argsort()]", "np.take_along_axis(A, A.argsort(axis=1), 1)", "v[(-v).argsort()[:2]]",
        "v[v.argsort(kind='stable')]",
    ],
    "np.partition": [
        "(l, 3)", "(l, 3)[3]", "(A, 1)", "(A, 1, axis=0)", "(l, [2, 4])[2]", "(A, 2, axis=None)", "(l, -2)",
        "(A4, 1)", "(l, 3, kind='introselect')", "np.sort(np.partition(l, 2)[:3])",
    ],
    "ndarray.partition": [
        "w2 = l.copy()\nw2.partition(2)\nreturn w2[2] * l", "B2 = A.copy()\nB2.partition(1, axis=0)\nreturn B2 * A",
        "B2 = A.copy()\nB2.partition([1])\nreturn B2 * A", "w2 = l.copy()\nw2.partition(-1)\nreturn w2[-1] * l",
    ],
    "np.argpartition": [
        "l[np.argpartition(l, 3)][3]", "l[np.argpartition(l, 2)[:3]].sum()",
        "np.take_along_axis(A, np.argpartition(A, 1, axis=1), 1)[:, 1]", "A.ravel()[np.argpartition(A, 2, None)[2]]",
    ],
    "ndarray.argpartition": [
        "l[l.argpartition(3)][3]", "l[l.argpartition(2)[:3]].sum()",
        "np.take_along_axis(A, A.argpartition(1, axis=0), 0)[1]", "l[l.argpartition(-1)[-1]]",
    ],
    "np.lexsort": ["v[np.lexsort((w, v))]", "v[np.lexsort((v, k))]", "l[np.lexsort((l,))]", "A[:, np.lexsort(A)]"],
    "np.sort_complex": ["(Zv)", "(ZA[0])", "(v)", "(Zv * zx)"],
    "np.unique": [
        "(v)", "(A)", "(k) * v", "([x, y, x])", "(l)[::-1]",
        "a, b = np.unique(l, return_index=True)\nreturn a * l[b]",
        "a, b = np.unique(v, return_inverse=True)\nreturn a[b]",
        "a, b = np.unique(v, return_counts=True)\nreturn a * b",
        "a, b, c, d = np.unique(v, True, True, True)\nreturn a[c] * d[c] + v[b][c]", "(A, axis=0)", "(A, axis=1)",
        "(A4)", "(v, equal_nan=False)", "np.unique(np.concatenate((v, v)))",
    ],
    "np.unique_values": ["(v)", "(A)", "(l)", "(A4)"],
    "np.unique_counts": [
        "np.unique_counts(v).values", "np.unique_counts(A)[0]", "a, b = np.unique_counts(v)\nreturn a * b",
        "np.unique_counts(np.append(v, v)).counts[0] * x",
    ],
    "np.unique_inverse": [
        "np.unique_inverse(v).values", "a, b = np.unique_inverse(v)\nreturn a[b]", "np.unique_inverse(v)[0]",
        "np.unique_inverse(l).values[0] * x",
    ],
    "np.unique_all": [
        "np.unique_all(v).values", "np.unique_all(v)[0]", "a, b, c, d = np.unique_all(v)\nreturn a[c] * d",
        "np.unique_all(l).values * x",
    ],
    "np.union1d": ["(v, w)", "(v, v)", "(A, v)", "(v, [1.0, 2.0])"],
    "np.setdiff1d": ["(v, [1.0, 2.0])", "(v, v[:1])", "(v, w)", "(v, v[1:], assume_unique=True)"],
    "np.setxor1d": ["(v, w)", "(v, [1.0, 2.0])", "(v, w, assume_unique=True)", "(v, v[:1])"],
    "np.searchsorted": [
        "v[np.searchsorted([0.6, 1.0], v)]", "w * np.searchsorted(np.sort(v), 1.0)",
        "w[np.searchsorted(np.sort(v)[:2], v, side='right')]",
        "w[np.searchsorted(v[:2], v, sorter=np.argsort(v[:2]))]",
    ],
    "ndarray.searchsorted": [
        "v[np.array([0.6, 1.0]).searchsorted(v)]", "w[np.sort(v)[:2].searchsorted(v, side='right')]",
        "x * np.sort(v).searchsorted(1.0)", "x * np.sort(l).searchsorted(v)",
    ],
    "np.digitize": [
        "w[np.digitize(v, [0.6, 1.0])]", "w[np.digitize(v, [0.6, 1.0], right=True)]",
        "x * np.digitize(v, np.sort(w))", "w[np.digitize(v, bins=[0.6, 1.0])]",
    ],
    "np.tril": ["(A)", "(A, 1)", "(M, k=-1)", "(T)", "(v)", "(ZA)", "(A4, k=1)", "(M @ M)"],
    "np.triu": ["(A)", "(A, 1)", "(M, k=-1)", "(T, 2)", "(v)", "(ZA)", "(A4, k=1)", "(M @ M)"],
    "np.tri": ["(3) * M", "(2, 3) * A", "(3, k=-1) * M", "(2, 3, 1, dtype=float) * A"],
    "np.diag": ["(v)", "(M)", "(A)", "(v, 1)", "(A, k=1)", "(A, -1)", "(v, k=-2)", "(ZM)", "(Zv)", "(A4)", "(W)"],
    "np.diagflat": ["(v)", "(A)", "(v, 1)", "(A, k=-1)", "(x)", "([x, y])", "(ZA)"],
    "np.diagonal": [
        "(A)", "(M, 1)", "(A, offset=-1)", "(T)", "(T, 1)", "(T, axis1=0, axis2=2)",
        "(T, offset=1, axis1=2, axis2=1)", "(G, 0, 1, 2)", "(ZG, axis1=-2, axis2=-1)", "(A4)", "(W, -2)",
        "(T, -1, 2, 0)",
    ],
    "ndarray.diagonal": ["M.diagonal()", "A.diagonal(1)", "T.diagonal(axis1=1, axis2=2)", "T.diagonal(0, 2, 0)"],
    "np.trace": [
        "(M)", "(A)", "(M, 1)", "(A, offset=-1)", "(T)", "(G, axis1=1, axis2=2)", "(T, 1, 0, 2)", "(ZM)",
        "(ZG, axis1=1, axis2=2)", "(M, dtype=np.float32)", "(A4)", "(T, offset=1, axis1=-1, axis2=0)",
        "B2 = np.zeros(4)\nnp.trace(T, out=B2)\nreturn B2",
    ],
    "ndarray.trace": ["M.trace()", "A.trace(1)", "G.trace(axis1=1, axis2=2)", "T.trace(0, 0, 2)"],
    "np.fill_diagonal": [
        "B2 = M.copy()\nnp.fill_diagonal(B2, x)\nreturn B2 * M",
        "B2 = M.copy()\nnp.fill_diagonal(B2, v)\nreturn B2 * M",
        "B2 = W.copy()\nnp.fill_diagonal(B2, x)\nreturn B2 * W",
        "B2 = A.copy()\nnp.fill_diagonal(B2, [x, y])\nreturn B2 * A",
        "B2 = np.tile(W, (2, 1))\nnp.fill_diagonal(B2, x, wrap=True)\nreturn B2 * B2",
        "B2 = M.copy()\nnp.fill_diagonal(B2, [x, y])\nreturn B2 * M",
    ],
    "np.tril_indices": [
        "M[np.tril_indices(3)]", "M[np.tril_indices(3, -1)]", "A[np.tril_indices(2, m=3)]",
        "a, b = np.tril_indices(3, k=1)\nreturn M[a, b]",
    ],
    "np.triu_indices": [
        "M[np.triu_indices(3)]", "M[np.triu_indices(3, 1)]", "A[np.triu_indices(2, m=3)]",
        "a, b = np.triu_indices(3, k=1)\nreturn M[a, b]",
    ],
    "np.tril_indices_from": [
        "M[np.tril_indices_from(M)]", "A[np.tril_indices_from(A, k=1)]", "M[np.tril_indices_from(M, -1)]",
        "a, b = np.tril_indices_from(A)\nreturn A[a, b]",
    ],
    "np.triu_indices_from": [
        "M[np.triu_indices_from(M)]", "A[np.triu_indices_from(A, k=1)]", "M[np.triu_indices_from(M, -1)]",
        "a, b = np.triu_indices_from(A)\nreturn A[a, b]",
    ],
    "np.diag_indices": [
        "M[np.diag_indices(3)]", "M[np.diag_indices(2)]", "a, b = np.diag_indices(3)\nreturn M[a, b]",
        "G[np.diag_indices(2, 3)]",
    ],
    "np.diag_indices_from": [
        "M[np.diag_indices_from(M)]", "S[np.diag_indices_from(S)]", "a, b = np.diag_indices_from(M)\nreturn M[a, b]",
        "B2 = M.copy()\nB2[np.diag_indices_from(B2)] = v\nreturn B2 * M",
    ],
    "np.mask_indices": [
        "M[np.mask_indices(3, np.triu)]", "M[np.mask_indices(3, np.tril, -1)]", "M[np.mask_indices(3, np.triu, k=1)]",
        "a, b = np.mask_indices(3, np.triu)\nreturn M[a, b]",
    ],
    "np.ravel_multi_index": [
        "A.ravel()[np.ravel_multi_index((1, 2), (2, 3))] * x",
        "A.ravel()[np.ravel_multi_index(([0, 1], [2, 0]), (2, 3))]",
        "A.flat[np.ravel_multi_index((1, 2), A.shape)] * x",
        "A.ravel()[np.ravel_multi_index(([0, 1], [4, 0]), (2, 3), mode='wrap')]",
        "A.ravel()[np.ravel_multi_index((1, 2), dims=(2, 3))] * x",
    ],
    "np.unravel_index": [
        "A[np.unravel_index(4, (2, 3))] * x", "A[np.unravel_index(np.argmax(A), A.shape)] * x",
        "A[np.unravel_index([1, 5], (2, 3))]", "a, b = np.unravel_index(4, A.shape)\nreturn A[a, b] * x",
        "A.T[np.unravel_index([1, 5], (3, 2), order='C')]",
    ],
    "np.isin": [
        "v * np.isin(v, [1.0, 2.0])", "np.where(np.isin(k, [0, 2]), v, w)", "v[np.isin(k, [0], invert=True)]",
        "v * np.isin(k, 1)",
    ],
    "np.bincount": [
        "(k, v)", "(k, weights=v)", "([0, 0, 1], v)", "(k, v, minlength=5)", "(k, v4)", "(k) * v",
        "([0, 0, 2], weights=v * w, minlength=3)", "(np.array([0, 1, 1]), minlength=3) * v",
    ],
    "np.add.at": [
        "B2 = A.copy()\nnp.add.at(B2, [0, 0], v)\nreturn B2", "w2 = v.copy()\nnp.add.at(w2, k, w)\nreturn w2 * v",
        "w2 = v.copy()\nnp.add.at(w2, 1, x)\nreturn w2 * v",
        "B2 = A.copy()\nnp.add.at(B2, (slice(None), [0, 0]), C)\nreturn B2 * A",
    ],
}

FIRST_ORDER: set[str] = set()
ZERO: list[str] = [
    "np.argsort(v) * 1.0", "np.searchsorted(v, 1.0) * 1.0", "np.digitize(v, [0.5, 1.0]) * 1.0", "np.isin(v, w) * 1.0",
    "np.argwhere(A) * 1.0", "np.argpartition(v, 1) * 1.0", "np.lexsort((v, w)) * 1.0", "np.nonzero(v)[0] * 1.0",
    "np.bincount(k) + 0.0 * v", "np.flatnonzero(v) * 1.0",
]
REFUSED: dict[str, str] = {
    "np.intersect1d(v, w)": "intersect1d",
}
