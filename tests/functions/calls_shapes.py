"""Calls of functions and methods that change shapes, views among them."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.reshape": [
        "(A, (3, 2))", "(A, -1)", "(T, (4, -1))", "(A, (3, 2), order='F')", "(T, (4, 6), 'F')", "(s0, (1, 1))",
        "(E, (3, 0))", "(A4, (3, 2))", "(ZA, (3, 2))", "(O, ())", "(A, shape=(6,))", "(A, (3, 2), copy=True)",
        "B = A * 1.0\nD = np.reshape(B, 6, copy=True)\nD[0] = x\nreturn B[0, 0] * D",
    ],
    "ndarray.reshape": [
        "A.reshape(3, 2)", "A.reshape((3, 2))", "A.reshape(-1)", "T.reshape(4, 6, order='F')", "A.T.reshape(6)",
        "O.reshape(())", "A[:, ::-1].reshape(6) * l[:6]",
    ],
    "np.ravel": ["(A)", "(T)", "(A, order='F')", "(T.T)", "(s0)", "(E)", "(A4)", "(ZA)", "(A.T, 'C')"],
    "ndarray.ravel": ["A.ravel()", "T.ravel('F')", "T.ravel(order='C')", "A.T.ravel()"],
    "ndarray.flatten": ["A.flatten()", "A.flatten('F')", "T.flatten(order='F')", "A.T.flatten()", "ZA.flatten()"],
    "ndarray.flat": [
        "A.flat[2] * v", "A.flat[1:4]", "T.flat[k]", "B = A.copy()\nB.flat[2] = x\nreturn B * A",
        "B = A.copy()\nB.flat[1:4] = v\nreturn B * A", "B = A.copy()\nB.flat = x\nreturn B * A",
    ],
    "np.squeeze": [
        "(C)", "(R)", "(C, axis=1)", "(T[:, :1], axis=(1,))", "(O)", "(O, axis=0)", "(A4[:1])", "(ZA[:1])",
    ],
    "ndarray.squeeze": ["C.squeeze()", "R.squeeze(0)", "O.squeeze()", "C.squeeze(axis=-1)"],
    "np.expand_dims": ["(A, 0)", "(A, -1)", "(v, axis=(0, 2))", "(T, (1, -1))", "(s0, 0)", "(E, 0)", "(ZA, 1)"],
    "np.moveaxis": [
        "(T, 0, -1)", "(T, (0, 1), (2, 0))", "(T, [0, 2], [-1, 0])", "(A, 0, 1)", "(ZG, 0, 2)",
        "(T, source=2, destination=0)",
    ],
    "np.rollaxis": ["(T, 2)", "(T, 2, 1)", "(T, -1)", "(T, 0, 3)", "(A, 1)", "(ZG, axis=2, start=0)", "(T, 1, -1)"],
    "np.swapaxes": ["(A, 0, 1)", "(T, 0, -1)", "(T, axis1=1, axis2=2)", "(ZA, 0, 1)", "(A4, 1, 0)"],
    "ndarray.swapaxes": ["A.swapaxes(0, 1)", "T.swapaxes(-1, 0)", "ZA.swapaxes(0, 1)", "T.swapaxes(1, 1)"],
    "np.transpose": ["(A)", "(T)", "(T, (1, 0, 2))", "(T, [2, 0, 1])", "(T, axes=(-1, 0, 1))", "(v)", "(s0)", "(ZA)"],
    "ndarray.transpose": [
        "A.transpose()", "T.transpose(1, 0, 2)", "T.transpose((2, 1, 0))", "T.transpose([0, 2, 1])",
        "A.transpose(None)",
    ],
    "ndarray.T": ["A.T", "T.T", "v.T", "ZA.T @ ZA", "A.T[0]"],
    "np.permute_dims": ["(A)", "(T, (1, 0, 2))", "(T, axes=(2, 0, 1))", "(ZA)"],
    "np.matrix_transpose": ["(A)", "(T)", "(ZG)", "(A4)", "(E)"],
    "ndarray.mT": ["A.mT", "T.mT", "ZG.mT", "G.mT @ G"],
    "np.flip": ["(A)", "(A, 0)", "(T, axis=(0, -1))", "(v)", "(A, axis=-1)", "(ZA, 1)", "(E)", "(s0)"],
    "np.fliplr": ["(A)", "(T)", "(ZA)", "(A4)"],
    "np.flipud": ["(A)", "(v)", "(T)", "(ZA)"],
    "np.rot90": [
        "(A)", "(A, 2)", "(A, k=-1)", "(T, 1, (1, 2))", "(T, k=3, axes=(2, 0))", "(A, 0)", "(A, 4)", "(ZA)",
        "(A4, 3)", "B = A.copy()\nD = np.rot90(B)\nD[0, 0] = x\nreturn B * A",
    ],
    "np.roll": [
        "(A, 1)", "(A, 1, axis=0)", "(A, -2, -1)", "(T, (1, 2), axis=(0, 2))", "(v, i)", "(T, 1, (0, 1))", "(E, 1)",
        "(ZA, 1, 1)", "(s0, 1)",
    ],
    "np.tile": [
        "(v, 2)", "(A, (2, 1))", "(A, (2, 1, 2))", "(T, 2)", "(s0, 3)", "(C, (1, 3))", "(A, [2, 2])", "(x, (2, 2))",
        "(ZA, 2)", "(A4, (1, 2))", "(A, (2, 0))", "(T, (1, 2))",
    ],
    "np.repeat": [
        "(v, 2)", "(A, 2, axis=0)", "(A, 2, -1)", "(A, 3)", "(A, [1, 2], axis=0)", "(A, [2, 0, 1], axis=1)", "(v, k)",
        "(x, 3)", "(s0, 2)", "(A, np.array([1, 2]), 0)", "(ZA, 2, axis=1)", "(T, 2, 1)", "(A, [2], axis=0)",
        "(A4, 2)", "(A, 0)",
    ],
    "ndarray.repeat": ["A.repeat(2)", "A.repeat(2, axis=1)", "v.repeat(k)", "A.repeat([1, 3], 0)"],
    "np.broadcast_to": [
        "(v, (2, 3))", "(C, (2, 4))", "(x, (2, 2))", "(s0, (3,))", "(R, (4, 3))", "(v, 3)", "(ZA, (2, 2, 3))",
        "(O, (0, 2))", "(v4, (2, 3))", "(A, shape=(2, 3))",
    ],
    "np.broadcast_arrays": [
        "(A, v)[1] * A", "(C, v)[0]", "a, b = np.broadcast_arrays(C, R)\nreturn a * b",
        "a, b, c = np.broadcast_arrays(x, v, A)\nreturn a * b + c", "(A)[0]",
        "a, b = np.broadcast_arrays(ZA, Zv)\nreturn a * b",
    ],
    "np.broadcast_shapes": [
        "np.ones(np.broadcast_shapes((2, 1), (3,))) * A", "np.broadcast_to(v, np.broadcast_shapes((2, 1), 3))",
        "len(np.broadcast_shapes((2, 1), (1,), (4, 1, 1))) * v",
        "np.zeros(np.broadcast_shapes(A.shape, v.shape)) + A * v",
    ],
    "np.atleast_1d": ["(x)", "(v)", "(A)", "(s0)", "a, b = np.atleast_1d(x, v)\nreturn a * b", "(zx)", "(v4)"],
    "np.atleast_2d": ["(x)", "(v)", "(A)", "(T)", "a, b = np.atleast_2d(v, A)\nreturn a * b", "(Zv)", "(s0)"],
    "np.atleast_3d": [
        "(x)", "(v)", "(A)", "(T)", "a, b = np.atleast_3d(v, A)\nreturn a[:, :1] * b[:1]", "(ZA)", "(s0)",
    ],
    "np.pad": [
        "(A, 1)", "(v, (1, 2))", "(A, ((1, 0), (0, 2)))", "(A, ((1, 2),))", "(A, (2,))", "(A, 0)", "(T, 1)",
        "(A, 1, constant_values=2.5)", "(A, 1, mode='constant', constant_values=x)",
        "(A, ((1, 2), (2, 1)), constant_values=((x, y), (z, 0.5)))", "(v, 2, 'constant', constant_values=(x, y))",
        "(A, {0: (1, 2)})", "(A, {-1: 2}, mode='edge')", "(A, 1, mode='edge')", "(v, (2, 3), 'edge')",
        "(T, ((0, 0), (1, 2), (2, 0)), mode='edge')", "(v, (3, 2), mode='linear_ramp')",
        "(A, ((2, 1), (1, 3)), 'linear_ramp', end_values=((x, y), (z, 0.5)))", "(v, 2, 'linear_ramp', end_values=x)",
        "(A, 1, mode='maximum')", "(A, 2, mode='minimum', stat_length=2)", "(A, ((1, 1), (2, 2)), mode='mean')",
        "(l, 2, mode='median')", "(u, 1, mode='median', stat_length=3)", "(v, 2, mode='mean', stat_length=(1, 2))",
        "(v, 2, mode='reflect')", "(v, (5, 6), mode='reflect')", "(A, ((1, 0), (2, 1)), mode='reflect')",
        "(v, (2, 1), mode='reflect', reflect_type='odd')", "(A, 1, mode='symmetric')",
        "(v, (4, 5), mode='symmetric')", "(A, 2, mode='symmetric', reflect_type='odd')", "(v, (2, 1), mode='wrap')",
        "(v, (4, 5), mode='wrap')", "(T, 1, mode='wrap')", "(A4, 1, mode='reflect')", "(ZA, 1)",
        "(ZA, 1, mode='edge')", "(A4, 1, constant_values=x)", "(v, i)", "(O, 2, mode='reflect')",
    ],
    "np.resize": [
        "(A, (3, 2))", "(v, 7)", "(v, (2, 4))", "(A, (4, 4))", "(x, 3)", "(A, new_shape=(2, 2))", "(ZA, 5)",
        "(A4, (2, 5))",
    ],
    "np.meshgrid": [
        "a, b = np.meshgrid(v, u)\nreturn a * b", "a, b = np.meshgrid(v, u, indexing='ij')\nreturn a * b",
        "a, b = np.meshgrid(v, u, sparse=True)\nreturn a * b", "a, b = np.meshgrid(v, u, copy=False)\nreturn a + b",
        "a, b, c = np.meshgrid(v, u, w)\nreturn a * b + c", "(v)[0]", "(v, x)[1]",
        "a, b, c = np.meshgrid(v, u, w, indexing='ij', sparse=True)\nreturn a * b * c",
        "a, b = np.meshgrid(Zv, v)\nreturn a * b",
    ],
    "np.astype": [
        "(A, np.float32)", "(A, np.float64)", "(A4, np.float64)", "(A, np.float64, copy=False)", "(A, complex)",
    ],
    "ndarray.astype": [
        "A.astype(np.float32)", "A.astype(float)", "A.astype('float64')", "A.astype(np.float64, copy=False)",
        "A4.astype('f8')", "A.astype(np.complex128)", "A4.astype(np.float64, order='C')", "k.astype(float) * v",
    ],
    "np.asarray": [
        "(A)", "(x)", "([x, y])", "(A, dtype=np.float32)", "(A, float)", "([[x, y], [z, 1.0]])", "(A4, 'f8')",
        "(A, order='C')", "(A, copy=True)", "(ZA)", "((v, w))",
    ],
    "np.asanyarray": ["(A)", "(x)", "([x, y])", "(A, dtype=np.float32)", "(ZA)", "((v, w))"],
    "np.asarray_chkfinite": ["(A)", "([x, y])", "(v, float)", "(A4)"],
    "np.ascontiguousarray": ["(A)", "(A.T)", "(x)", "(A, dtype=np.float32)", "([x, y])", "(s0)"],
    "np.asfortranarray": ["(A)", "(A.T)", "(x)", "(A, dtype=np.float32)", "([[x, y]])"],
    "np.require": ["(A)", "(A, float)", "(A, np.float32)", "(A, requirements='C')", "([x, y])"],
    "np.array": [
        "(A)", "([x, y])", "([v, w])", "([[x, y], [z, 2.0]])", "(x)", "([v, w], dtype=np.float32)", "(A, copy=True)",
        "(v, ndmin=2)", "(x, ndmin=3)", "(A, order='F')", "([x, y], ndmin=2)", "(A, float, copy=False)", "([zx, x])",
        "(A4)", "((v, w), float)",
    ],
    "np.copy": ["(A)", "(x)", "(A, order='C')", "(A, 'F')", "(ZA)", "(s0)", "(A4)"],
    "ndarray.copy": ["A.copy()", "A.copy(order='C')", "A.copy('F')", "A.T.copy()", "s0.copy()"],
    "np.float64": ["(x)", "(A)", "(v4)", "(s)", "(i) * x"],
    "np.float32": ["(x)", "(A)", "(v)", "(s)", "(v4)"],
    "np.double": ["(x)", "(A)", "(v4)", "(s)"],
    "np.single": ["(x)", "(A)", "(v)", "(s)"],
    "np.complex128": ["(x)", "(A)", "(zx)", "(ZA)"],
    "np.complex64": ["(x)", "(A)", "(Zv)", "(v)"],
    "ndarray.tolist": [
        "v.tolist()[1] * x", "A.tolist()[1][2]", "sum(v.tolist())", "a, b, c = v.tolist()\nreturn a * b + c",
    ],
    "ndarray.item": [
        "A.item(1) * x", "A.item(1, 2)", "A.item((0, 1))", "O.item()", "s0.item()", "v.item(i)", "A.item(-1)",
        "s.item()",
    ],
    "ndarray.fill": [
        "B = A.copy()\nB.fill(x)\nreturn B * A", "B = A.copy()\nB[0].fill(y)\nreturn B * A",
        "B = A.copy()\nB[:, 1:].fill(2.0)\nreturn B", "B = A4.copy()\nB.fill(x)\nreturn B",
    ],
    "np.fromfunction": [
        "(lambda a, b: a * x + b, (2, 3))", "(lambda a: a**2 * x, (4,))",
        "(lambda a, b: a * x + b, (2, 3), dtype=int)", "(lambda a, c: a * c, (3,), c=y)",
        "(lambda a, b: x * np.ones((2, 2)), shape=(2, 2))",
    ],
    "np.indices": [
        "((2, 3))[0] * A", "((2, 3))[1] * A", "((2, 3), dtype=float)[1] * A",
        "a, b = np.indices((2, 3), sparse=True)\nreturn (a + b) * A", "np.indices(A.shape)[1] * A",
    ],
    "np.mgrid": [
        "np.mgrid[0:2, 0:3][1] * A", "a, b = np.mgrid[:2, :3]\nreturn a * A + b", "np.mgrid[0:1:3j] * v",
        "np.mgrid[0:3] * v",
    ],
    "np.ogrid": [
        "a, b = np.ogrid[:2, :3]\nreturn a * A + b", "np.ogrid[0:3] * v", "np.ogrid[0:2, 0:3][1] * A",
        "np.ogrid[1:2:3j] * v",
    ],
    "np.ix_": [
        "A[np.ix_([0, 1], [2, 0])]", "A[np.ix_([1], k)]", "T[np.ix_([0, 1], [1], [3, 0])]",
        "A[np.ix_([True, False], [0, 1])]", "a, b = np.ix_(k, [0, 1])\nreturn M[a, b]",
    ],
    "np.shape": ["(A)[0] * A", "(A)[1] * x", "len(np.shape(T)) * v", "np.shape(A)[-1] * x"],
    "np.size": ["(A) * x", "(A, 0) * x", "(A, axis=-1) * x", "np.size(T, 1) * v", "np.size(x) * x"],
    "np.ndim": ["(A) * x", "(x) * x", "(T) * v", "(s0) * x"],
}

FIRST_ORDER: set[str] = set()
ZERO: list[str] = [
    "np.indices((2, 3))[0] + 0.0 * A", "np.int32(v) * 1.0", "np.int64(v) * 1.0", "np.bool_(A) * 1.0",
    "A.astype(int) * 1.0", "np.intp(v) * 1.0", "np.int8(x) * 1.0",
]
REFUSED: dict[str, str] = {
    "np.require(A, None, ['A', 'W'])": "may or may not copy",
    "A.view()": "convert the values",
    "A.view(np.float32)": "convert the values",
    "np.ravel(A, order='K')": "order",
    "np.pad(A, 1, mode='empty')": "empty",
    "np.pad(A, 1, lambda v, w, i, k: None)": "function",
    "A.resize((3, 2))": "changes the array",
}
