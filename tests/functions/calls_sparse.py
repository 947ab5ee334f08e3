"""Calls of `scipy.sparse`: products, sums and systems with elements that move."""

from __future__ import annotations

_PLACES = "row, col = np.array([0, 0, 1, 2, 2, 0, 1]), np.array([0, 2, 1, 0, 2, 0, 2])\n"
_MADE = _PLACES + "a = scipy.sparse.csr_array((l, (row, col)), shape=(3, 3))\n"
_MATRIX = _PLACES + "a = scipy.sparse.csc_matrix((l, (row, col)), shape=(3, 3))\n"
_WIDE = "a = scipy.sparse.csr_array((u, np.array([0, 2, 1, 3]), np.array([0, 2, 4])), shape=(2, 4))\n"
_SYSTEM = _PLACES + "a = scipy.sparse.csc_array((l + 2.0 * (row == col), (row, col)), shape=(3, 3))\n"
_POSITIVE = "a = scipy.sparse.diags_array([v + 2.0, 0.3 * w[:2], 0.3 * w[:2]], offsets=[0, -1, 1], format='csr')\n"

CALLS: dict[str, list[str]] = {
    "scipy.sparse.csr_matrix": [
        _PLACES + "return scipy.sparse.csr_matrix((l, (row, col)), shape=(3, 3)) @ v",
        _PLACES + "return scipy.sparse.csr_matrix((l * x, (row, col))) @ v",
        "return scipy.sparse.csr_matrix((u, np.array([0, 2, 1, 3]), np.array([0, 2, 4])), shape=(2, 4)) @ u\n",
        "return scipy.sparse.csr_matrix(A) @ v\n",
        _PLACES + "return scipy.sparse.csr_matrix((l, (row, col)), (3, 3)) * v"],
    "scipy.sparse.csr_array": [
        _MADE + "return a @ v", _MADE + "return a @ N", _WIDE + "return a @ u", _WIDE + "return a @ W",
        _MADE + "return a @ Zv", "return scipy.sparse.csr_array(A * mA) @ v\n"],
    "scipy.sparse.csc_matrix": [
        _MATRIX + "return a @ v", _MATRIX + "return a * v", _MATRIX + "return a.dot(N)", _MATRIX + "return v @ a"],
    "scipy.sparse.csc_array": [
        "a = scipy.sparse.csc_array((u, np.array([0, 1, 1, 0]), np.array([0, 1, 2, 4])), shape=(2, 3))\nreturn a @ v",
        "a = scipy.sparse.csc_array((u, np.array([0, 1, 1, 0]), np.array([0, 1, 2, 4])), shape=(2, 3))\nreturn A @ a.T",
        _PLACES + "return scipy.sparse.csc_array((l, (row, col)), shape=(3, 3)) @ v",
        _PLACES + "return scipy.sparse.csc_array((l, (row, col)), shape=(3, 3)).toarray()"],
    "scipy.sparse.coo_matrix": [
        _PLACES + f"return {text}" for text in (
            "scipy.sparse.coo_matrix((l, (row, col)), shape=(3, 3)) @ v",
            "scipy.sparse.coo_matrix((l, (row, col)), shape=(3, 3)).T @ v",
            "scipy.sparse.coo_matrix((l, (row, col)), shape=(3, 3)).tocsr() @ N",
            "v @ scipy.sparse.coo_matrix((l, (row, col)), shape=(3, 3))")],
    "scipy.sparse.coo_array": [
        _PLACES + f"return {text}" for text in (
            "scipy.sparse.coo_array((l, (row, col)), shape=(3, 3)) @ v",
            "scipy.sparse.coo_array((l, (row, col)), shape=(3, 3)).T @ v",
            "scipy.sparse.coo_array((l, (row, col)), shape=(3, 3)).sum()",
            "scipy.sparse.coo_array((l, (row, col)), shape=(3, 3)).diagonal()")],
    "scipy.sparse.bsr_array": [
        _PLACES + f"return {text}" for text in (
            "scipy.sparse.bsr_array((l, (row, col)), shape=(3, 3)) @ v",
            "scipy.sparse.bsr_array((l, (row, col)), shape=(3, 3)) @ N",
            "scipy.sparse.bsr_array((l, (row, col)), shape=(3, 3)).T @ v",
            "scipy.sparse.bsr_array((l, (row, col)), shape=(3, 3)).toarray()")],
    "scipy.sparse.diags": [
        "scipy.sparse.diags(v) @ w", "scipy.sparse.diags([v, w[:2]], [0, 1]) @ N",
        "scipy.sparse.diags([v, w[:2]], [0, -1], shape=(3, 3), format='csr') @ w", "scipy.sparse.diags(v, 1) @ u"],
    "scipy.sparse.diags_array": [
        "scipy.sparse.diags_array(v) @ w", "scipy.sparse.diags_array([v, w[:2]], offsets=[0, 1]) @ N",
        "scipy.sparse.diags_array([v, w[:2]], offsets=[0, -1], shape=(3, 3)).toarray()",
        "scipy.sparse.diags_array(v, offsets=-1) @ u"],
    "sparse.T": [_MADE + "return a.T @ v", _WIDE + "return a.T @ A[:, 0]", _MADE + "return v @ a.T",
                 _MATRIX + "return (a.T @ N).T", _WIDE + "return a.transpose() @ A"],
    "sparse.__matmul__": [_MADE + "return a @ (a @ v)", _MADE + "return a @ (a.T @ N)", _MADE + "return np.tanh(a @ v)",
                          _MADE + "return a @ np.stack([v, w], 1)"],
    "sparse.__rmatmul__": [_MADE + "return v @ a", _MADE + "return A @ a", _WIDE + "return A[:, 0] @ a",
                           _WIDE + "return A.T @ a"],
    "sparse.dot": [_MADE + "return a.dot(v)", _MATRIX + "return a.dot(v)", _WIDE + "return a.dot(W)",
                   _MADE + "return a.T.dot(v)"],
    "sparse.__mul__": [_MADE + "return (a * x) @ v", _MADE + "return (x * a) @ v", _MATRIX + "return (2.0 * a) * v",
                       _MADE + "return (a * 3.0).T @ v", _MADE + "return (a / x) @ v", _MADE + "return -a @ v"],
    "sparse.__add__": [_MADE + "return (a + a.T) @ v", _MADE + "return (a - 0.5 * a) @ v",
                       _MADE + "return (a + scipy.sparse.diags_array(w)) @ v",
                       _MADE + "return (a + scipy.sparse.eye_array(3)) @ v"],
    "sparse.sum": [_MADE + "return a.sum()", _MADE + "return a.sum(axis=0)", _WIDE + "return a.sum(axis=1)",
                   _MATRIX + "return a.sum() ** 2", _WIDE + "return a.sum(-1)"],
    "sparse.toarray": [_MADE + "return a.toarray()", _WIDE + "return a.toarray()", _MADE + "return a.toarray() @ v",
                       _MATRIX + "return a.T.toarray()"],
    "sparse.diagonal": [_MADE + "return a.diagonal()", _WIDE + "return a.diagonal()",
                        _MATRIX + "return a.diagonal() * v",
                        _MADE + "return (a.T * x).diagonal()"],
    "sparse.tocsr": [_MATRIX + "return a.tocsr() @ v", _MADE + "return a.tocsc() @ v", _MADE + "return a.tocoo().T @ v",
                     _MADE + "return a.copy() @ v"],
    "scipy.sparse.eye": [
        "scipy.sparse.eye(3) @ v", "x * scipy.sparse.eye(3) @ v", "scipy.sparse.eye(3, 4) @ u",
        "return (scipy.sparse.eye(3, k=1) + scipy.sparse.diags(v)) @ w\n"],
    "scipy.sparse.eye_array": ["scipy.sparse.eye_array(3) @ v", "x * scipy.sparse.eye_array(3) @ v",
                               "scipy.sparse.eye_array(3, 4) @ u", "scipy.sparse.eye_array(3, k=-1) @ N"],
    "scipy.sparse.identity": ["scipy.sparse.identity(3) @ v", "x * scipy.sparse.identity(3) @ v",
                              "scipy.sparse.identity(4) @ W", "scipy.sparse.identity(3).T @ N"],
    "scipy.sparse.block_diag": [
        _MADE + "return scipy.sparse.block_diag([a, scipy.sparse.diags_array(u)]) @ l",
        _MADE + "return scipy.sparse.block_diag([a, x * a], format='csr') @ np.concatenate([v, w])",
        _WIDE + "return scipy.sparse.block_diag((a, a.T)) @ np.concatenate([u, v[:2]])",
        _MADE + "return scipy.sparse.block_diag([a, scipy.sparse.eye_array(3)]) @ np.concatenate([v, w])"],
    "scipy.sparse.vstack": [
        _MADE + "return scipy.sparse.vstack([a, x * a]) @ v", _MADE + "return scipy.sparse.vstack([a, a.T]) @ N",
        _WIDE + "return scipy.sparse.vstack([a, a, a]) @ u",
        _MADE + "return scipy.sparse.vstack([a, a]).T @ A.ravel()"],
    "scipy.sparse.hstack": [
        _MADE + "return scipy.sparse.hstack([a, x * a]) @ A.ravel()",
        _MADE + "return scipy.sparse.hstack([a, a.T]).T @ v",
        _WIDE + "return scipy.sparse.hstack([a, a]).sum(axis=0)",
        _MADE + "return A.ravel() @ scipy.sparse.hstack([a, a], format='csc').T"],
    "scipy.sparse.linalg.spsolve": [
        _SYSTEM + "return scipy.sparse.linalg.spsolve(a, v)", _SYSTEM + "return scipy.sparse.linalg.spsolve(a, N)",
        _SYSTEM + "return scipy.sparse.linalg.spsolve(a.T, v)",
        _SYSTEM + "return scipy.sparse.linalg.spsolve(a * x, a @ v, permc_spec='NATURAL')",
        _POSITIVE + "return scipy.sparse.linalg.spsolve(a, v)", _SYSTEM + "return scipy.sparse.linalg.spsolve(a, Zv)"],
    "scipy.sparse.dia_array": [
        "scipy.sparse.dia_array((A, np.array([0, 1])), shape=(3, 3)) @ v",
        "scipy.sparse.dia_array((A, [0, -1]), shape=(3, 3)).T @ v",
        "scipy.sparse.dia_array((A, np.array([1, -1])), shape=(2, 3)) @ N", "scipy.sparse.dia_array(M) @ v"],
    "scipy.sparse.dia_matrix": [
        "scipy.sparse.dia_matrix((A, np.array([0, 1])), shape=(3, 3)) @ v",
        "scipy.sparse.dia_matrix((A, [0, -1]), shape=(3, 3)).toarray()",
        "scipy.sparse.dia_matrix((x * A, np.array([1, -1])), shape=(4, 3)) * v", "scipy.sparse.dia_matrix(A) @ v"],
    "scipy.sparse.kron": [
        _WIDE + "return scipy.sparse.kron(a, scipy.sparse.diags_array(v)) @ np.concatenate([u, u, u])",
        _MADE + "return scipy.sparse.kron(a, a) @ np.ravel(N)",
        _MADE + "return scipy.sparse.kron(scipy.sparse.eye_array(2), a, format='csr') @ np.ravel(A)",
        _MADE + "return scipy.sparse.kron(a, scipy.sparse.eye_array(2)).T @ np.ravel(A)"],
    "sparse.multiply": [
        _MADE + "return a.multiply(N) @ v", _MADE + "return a.multiply(x) @ v", _MADE + "return a.multiply(v) @ w",
        _WIDE + "return a.multiply(T[0].T[:2, :1]) @ u", _WIDE + "return a.multiply(W[:2, :1]).sum()"],
    "scipy.sparse.linalg.splu": [
        _SYSTEM + f"lu = scipy.sparse.linalg.splu(a)\nreturn {text}" for text in (
            "lu.solve(v)", "lu.solve(N)", "lu.solve(v, 'T')", "lu.solve(lu.solve(v))", "lu.solve(a @ v, trans='N')")],
    "scipy.sparse.linalg.factorized": [
        _SYSTEM + f"solve = scipy.sparse.linalg.factorized(a)\nreturn {text}" for text in (
            "solve(v)", "solve(w * w)", "solve(solve(v))", "solve(N[0])")],
    "scipy.sparse.linalg.cg": [
        _POSITIVE + f"return scipy.sparse.linalg.cg(a, {b}, rtol=1e-14)[0]" for b in ("v", "w * w", "a @ v", "N[0]")],
    "scipy.sparse.linalg.gmres": [
        _SYSTEM + f"x, info = scipy.sparse.linalg.gmres(a, {b}, rtol=1e-14)\nreturn x" for b in (
            "v", "w * w", "a.T @ v", "N[0]")],
}
REFUSED: dict[str, str] = {
    _MADE + "return (a @ a).sum()": "product of two sparse matrices",
    _MADE + "return a.power(2).sum()": "'power'",
    _SYSTEM + "return scipy.sparse.linalg.spsolve(a, O * C[:1] * np.ones((3, 1)))": "one right-hand side",
}
