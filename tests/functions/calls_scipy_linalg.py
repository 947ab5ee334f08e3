"""Calls of `scipy.linalg`."""

from __future__ import annotations

_SYM = "S + S.T"
_R = "np.eye(2) + 0.1 * O"

CALLS: dict[str, list[str]] = {
    "scipy.linalg.solve": [
        "(M, v)", "(M, N)", "(G + np.eye(3), v)", "(P, N)", "(S, G)", "(S, v, assume_a='pos')",
        "(S, N, lower=True, assume_a='sym')", "(P, N, False, assume_a='her')",
        "(P, v, assume_a='pos', check_finite=False)", "(M, v, assume_a='diagonal')",
        "(M, v, assume_a='upper triangular')", "(M, w, assume_a='lower triangular')", "(S, v, assume_a='tridiagonal')",
        "(M, v, assume_a='banded')", "(M, v, overwrite_a=True, overwrite_b=True)", "scipy.linalg.solve(a=M, b=v)",
        "scipy.linalg.solve(O, np.array([x]))", "(ZM, Zv)", "(ZM, v)", "(ZH, Zv, assume_a='her')",
        "(ZH, Zv, assume_a='pos', lower=True)", "(ZM, ZM, assume_a='sym')", "(ZG, Zv)", "(T4[:, :2, :2], A4[0, :2])"],
    "scipy.linalg.solve_triangular": [
        "(M, v)", "(M, N, trans=1, lower=True)", "(M, N, trans='C', lower=True)", "(G, v, 'T', unit_diagonal=True)",
        "(G, N, check_finite=False, overwrite_b=True)", "(L, v, lower=True)", "(L, v, 0, True, True)", "(ZM, Zv)",
        "(ZM, Zv, trans=1)", "(ZM, Zv, trans='C', lower=True)", "(T4[0, :2, :2], v4[:2])"],
    "scipy.linalg.inv": [
        "(M)", "(P)", "(S, assume_a='pos')", "(S, assume_a='sym', lower=True)", "(M, True, False)", "(ZM)",
        "(ZH, assume_a='her')", "(T4[:, :2, :2])"],
    "scipy.linalg.cholesky": ["(S)", "(P)", "(S, lower=True)", "(P, True, False, False)", "(ZH)", "(ZH, lower=True)"],
    "scipy.linalg.cho_factor": [
        "scipy.linalg.cho_factor(S)[0]", "scipy.linalg.cho_factor(P, True)[0]",
        "scipy.linalg.cho_factor(S, lower=True)[0]", "c, low = scipy.linalg.cho_factor(S)\nreturn np.triu(c) @ v"],
    "scipy.linalg.cho_solve": [
        "(scipy.linalg.cho_factor(S), v)", "c, low = scipy.linalg.cho_factor(S, lower=True)\n"
        "return scipy.linalg.cho_solve((c, low), N)", "((M, True), v)", "((G, False), N)", "((G, True), v, False)",
        "((ZM, False), Zv)", "((ZM, True), ZM)"],
    "scipy.linalg.expm": ["(M)", "(G)", "(0.1 * S)", "(M) @ v", "(ZM)", "(ZG)", "(A4[:, :2])"],
    "scipy.linalg.lu": [
        "scipy.linalg.lu(M)[1]", "scipy.linalg.lu(M)[2]", "p, l, u = scipy.linalg.lu(N)\nreturn p @ l, u",
        "p, l, u = scipy.linalg.lu(N, p_indices=True)\nreturn l[p], u", "scipy.linalg.lu(P)[1:]",
        "scipy.linalg.lu(A)[1:]", "scipy.linalg.lu(W)[1:]", "scipy.linalg.lu(T)[1:]",
        "p, l, u = scipy.linalg.lu(ZM)\nreturn p @ l, u", "scipy.linalg.lu(ZA, check_finite=False)[1:]",
        "(M, permute_l=True)", "(A, True)"],
    "scipy.linalg.lu_factor": [
        "scipy.linalg.lu_factor(M)[0]", "scipy.linalg.lu_factor(N, True, False)[0]", "scipy.linalg.lu_factor(ZM)[0]",
        "lu, piv = scipy.linalg.lu_factor(S)\nreturn np.prod(np.diag(lu))"],
    "scipy.linalg.lu_solve": [
        "(scipy.linalg.lu_factor(M), v)", "(scipy.linalg.lu_factor(M), N)", "(scipy.linalg.lu_factor(S), v, trans=1)",
        "f = scipy.linalg.lu_factor(S)\nreturn scipy.linalg.lu_solve(f, M, 2)", "((M, np.array([1, 2, 2])), v)",
        "(scipy.linalg.lu_factor(ZM), Zv)", "(scipy.linalg.lu_factor(ZM), Zv, trans=1)",
        "(scipy.linalg.lu_factor(ZM), v, 2)"],
    "scipy.linalg.cholesky_banded": [
        "(np.stack([0.2 * v, 2.0 + w]))", "(np.stack([2.0 + w, 0.2 * v]), lower=True)",
        "(np.stack([0.2 * Zv, 2.0 + w]))", "(np.stack([0.1 * v, 0.2 * v, 2.0 + w]), check_finite=False)"],
    "scipy.linalg.cho_solve_banded": [
        "((np.stack([0.2 * v, 2.0 + w]), False), v)", "((np.stack([2.0 + w, 0.2 * v]), True), N)",
        "((np.stack([0.2 * Zv, 2.0 + w]), False), v)",
        "c = scipy.linalg.cholesky_banded(np.stack([0.2 * v, 2.0 + w]))\n"
        "return scipy.linalg.cho_solve_banded((c, False), v)"],
    "scipy.linalg.solve_circulant": ["(v, w)", "(v, N)", "(Zv, w)", "scipy.linalg.solve_circulant(c=w, b=w)"],
    "scipy.linalg.expm_frechet": [
        "(M, N, compute_expm=False)", "(G, N, compute_expm=False)", "(M, N, None, False)",
        "(M, G, compute_expm=False, check_finite=False)", "(M, N)",
        "e, f = scipy.linalg.expm_frechet(ZM, N)\nreturn e @ f"],
    "scipy.linalg.sqrtm": ["(S)", "(S) @ v", "(S @ S)", "scipy.linalg.sqrtm(A=S)", "(ZM)"],
    "scipy.linalg.logm": ["(S)", "(S) @ v", "(P)", "(np.eye(3) + 0.1 * M)", "(ZM)"],
    "scipy.linalg.fractional_matrix_power": ["(S, 0.3)", "(P, x)", "(S, -1.2)", "(S, 2)", "(ZM, x)"],
    "scipy.linalg.cosm": ["(M)", "(G)", "(2.0 * M)", "(M) @ v", "(ZM)", "(T4[:, :2, :2])"],
    "scipy.linalg.sinm": ["(M)", "(G)", "(2.0 * M)", "(M) @ v"],
    "scipy.linalg.tanm": ["(0.3 * M)", "(0.3 * G)", "(0.2 * S)", "(0.3 * M) @ v"],
    "scipy.linalg.coshm": ["(M)", "(G)", "(2.0 * M)", "(M) @ v"],
    "scipy.linalg.sinhm": ["(M)", "(G)", "(2.0 * M)", "(M) @ v"],
    "scipy.linalg.tanhm": ["(M)", "(G)", "(2.0 * M)", "(M) @ v"],
    "scipy.linalg.signm": ["(M)", "(M - np.eye(3))", "(N)", "(M) @ v"],
    "scipy.linalg.solve_sylvester": [
        "(S, N, M)", "(S, 2.0 * np.eye(2) + 0.1 * O, W[:3, :2])", "(G, S, N)", "(M, S, G)", "(ZM, M, ZH)"],
    "scipy.linalg.solve_continuous_lyapunov": ["(M, N)", "(S, N + N.T)", "(P, N)", "(S, G)", "(ZM, ZH)"],
    "scipy.linalg.solve_lyapunov": ["(M, N)", "(S, N + N.T)", "(P, N)", "scipy.linalg.solve_lyapunov(a=M, q=N)"],
    "scipy.linalg.solve_discrete_lyapunov": [
        "(0.3 * M, N)", "(0.3 * M, N, method='bilinear')", "(0.3 * M, N + N.T)", "(0.2 * G, N, 'direct')",
        "(0.3 * ZM, ZH)"],
    "scipy.linalg.solve_continuous_are": [
        f"(M, W.T[:, :2], {_SYM}, {_R})", f"(M, W.T[:, :2], {_SYM}, {_R}, e=N + np.eye(3))",
        f"(M, W.T[:, :2], {_SYM}, {_R}, N + np.eye(3), 0.1 * A.T)", f"(M, W.T[:, :2], {_SYM}, {_R}, s=0.1 * A.T)",
        f"(G, W.T[:, :2], {_SYM}, {_R}, balanced=False)"],
    "scipy.linalg.solve_discrete_are": [
        f"(M, W.T[:, :2], {_SYM}, {_R})", f"(M, W.T[:, :2], {_SYM}, {_R}, e=N + np.eye(3))",
        f"(M, W.T[:, :2], {_SYM}, {_R}, N + np.eye(3), 0.1 * A.T)", f"(M, W.T[:, :2], {_SYM}, {_R}, s=0.1 * A.T)"],
    "scipy.linalg.solve_banded": [
        "((1, 1), M, v)", "((2, 0), M, N)", "((0, 1), A + C, v)", "((1, 1), G, N)",
        "scipy.linalg.solve_banded((1, 1), ab=M, b=v, overwrite_ab=True)", "((1, 1), ZM, Zv)"],
    "scipy.linalg.solveh_banded": [
        "(np.stack([0.2 * v, 2.0 + w]), v)", "(np.stack([2.0 + v, 0.2 * w]), N, lower=True)",
        "(np.stack([0.1 * v, 0.2 * v, 2.0 + w]), v)", "(np.stack([G[:, 0] * 0.1, G[:, 1] + 2.0], 1), N)",
        "(np.stack([0.2 * Zv, 3.0 + w]), Zv)"],
    "scipy.linalg.toeplitz": [
        "(v)", "(v, u)", "(A, T[:, 0])", "scipy.linalg.toeplitz(c=v, r=v)", "(e)", "(Zv)", "(Zv, u)", "(v4)"],
    "scipy.linalg.hankel": ["(v)", "(u, v)", "(v, r=w)", "scipy.linalg.hankel(c=v)"],
    "scipy.linalg.circulant": ["(v)", "(A)", "(l)", "scipy.linalg.circulant(c=v)", "(Zv)"],
    "scipy.linalg.matmul_toeplitz": ["(v, w)", "((u, v), N)", "((v, u), W)", "(v, N, check_finite=True)", "(Zv, w)"],
    "scipy.linalg.solve_toeplitz": [
        "(3.0 * np.eye(3)[0] + v, w)", "((3.0 * np.eye(3)[0] + v, w), N)", "((3.0 * np.eye(3)[0] + v, w), v)",
        "(v + 3.0 * np.eye(3)[0], b=N, check_finite=False)"],
    "scipy.linalg.leslie": ["(v, w[:2])", "(u, v)", "(u, v) @ u", "scipy.linalg.leslie(f=u, s=v)"],
    "scipy.linalg.block_diag": ["(v, M, x, A)", "(M, G)", "(A)", "(E, A)", "(Zv, x, M)"],
    "scipy.linalg.companion": ["(u)", "(v)", "(l)", "(u) @ v"],
    "scipy.linalg.khatri_rao": ["(A, B)", "(M, A)", "(A, M)", "(W, W)"],
    "scipy.linalg.eigh": [
        "scipy.linalg.eigh(S)[0]", "w, v = scipy.linalg.eigh(S)\nreturn w, v * np.sign(v[0])",
        "scipy.linalg.eigh(S, lower=False)[0]", "scipy.linalg.eigh(S, N @ N.T + np.eye(3))[0]",
        "w, v = scipy.linalg.eigh(S, N @ N.T + np.eye(3))\nreturn v * np.sign(v[0])",
        "scipy.linalg.eigh(S, eigvals_only=True)", "scipy.linalg.eigh(P)[0]", "scipy.linalg.eigh(ZH)[0]"],
    "scipy.linalg.eigvalsh": ["(S)", "(S, N @ N.T + np.eye(3), lower=False)", "(P)", "(ZH)"],
    "scipy.linalg.eigvals": ["(ZM)", "(N)", "(S)", "(ZM * x)"],
    "scipy.linalg.eig": [
        "scipy.linalg.eig(ZM)[0]", "(ZM)", "scipy.linalg.eig(N)[0]", "scipy.linalg.eig(ZM, right=False)"],
    "scipy.linalg.svd": [
        "scipy.linalg.svd(A)[1]", "u, s, vh = scipy.linalg.svd(A, full_matrices=False)\nreturn (u * s) @ vh, s",
        "scipy.linalg.svd(M, compute_uv=False)", "scipy.linalg.svd(ZA, lapack_driver='gesvd')[1]"],
    "scipy.linalg.svdvals": ["(A)", "(ZA)", "(W)", "(G)"],
    "scipy.linalg.pinv": ["(A)", "(W)", "(P)", "(ZA)", "(A, rtol=1e-12)"],
    "scipy.linalg.pinvh": ["(S)", "(S, lower=False)", "(P)", "(ZH)"],
    "scipy.linalg.lstsq": [
        "scipy.linalg.lstsq(W, u)[0]", "scipy.linalg.lstsq(A, v[:2])[0]",
        "scipy.linalg.lstsq(W, np.stack([u, u * u], 1))[0]", "scipy.linalg.lstsq(ZA, C, None)[0]"],
    "scipy.linalg.polar": ["(M)", "(M, side='left')", "(W)", "(ZM)", "(A, 'left')"],
    "scipy.linalg.qr": [
        "(M)", "(W, mode='economic')", "(A, mode='economic')", "(A)", "scipy.linalg.qr(M, mode='r')[0]", "(ZM)",
        "scipy.linalg.qr(M, pivoting=True)[:2]",
        "q, r, p = scipy.linalg.qr(W, mode='economic', pivoting=True)\nreturn q @ r, r"],
    "scipy.linalg.rq": ["(M)", "(A, mode='economic')", "r, q = scipy.linalg.rq(S)\nreturn r @ q, q @ v", "(N)"],
    "scipy.linalg.eigh_tridiagonal": [
        "scipy.linalg.eigh_tridiagonal(v, w[:2])[0]",
        "w, v = scipy.linalg.eigh_tridiagonal(u, l[:3])\nreturn v * np.sign(v[0])", "(u, v, eigvals_only=True)",
        "scipy.linalg.eigh_tridiagonal(l, np.tile(v, 2))[0]"],
    "scipy.linalg.eigvalsh_tridiagonal": ["(u, v)", "(v, w[:2])", "(v + w, v[:2])", "(l, np.tile(v, 2))"],
    "scipy.linalg.convolution_matrix": ["(v, 4)", "(v, 4, mode='same')", "(u, 6, 'valid')", "(v, 3) @ w"],
    "scipy.linalg.det": ["(M)", "(G)", "(ZM)", "(np.outer(v, w))", "(A4[:, :2])"],
    "scipy.linalg.norm": ["(v)", "(A)", "(A, 1)", "(A, np.inf, axis=0)", "(A, 'nuc')", "(ZA, 2)", "(T, axis=(0, 1))"],
    "scipy.linalg.orthogonal_procrustes": [
        "scipy.linalg.orthogonal_procrustes(M, N)[0]", "scipy.linalg.orthogonal_procrustes(W, W * W)[1]",
        "scipy.linalg.orthogonal_procrustes(M, N)", "scipy.linalg.orthogonal_procrustes(S, L)[0] @ v"],
    "scipy.linalg.hadamard": ["(4) @ u", "(2) @ A", "scipy.linalg.hadamard(n=4) @ u", "(4, dtype=float) @ u"],
    "scipy.linalg.hilbert": ["(3) @ v", "(n) @ N", "(2) @ A", "scipy.linalg.hilbert(n=3) @ v"],
    "scipy.linalg.dft": ["(3) @ v", "(4) @ u", "(3, scale='sqrtn') @ v", "(n) @ Zv"],
    "scipy.linalg.pascal": ["(3) @ v", "(4, kind='lower') @ u", "(3, exact=False) @ v", "(2) @ A"],
    "scipy.linalg.helmert": ["(3) @ v", "(4) @ u", "(3, full=True) @ v", "(n) @ N"],
    "scipy.linalg.fiedler": ["(v)", "(u)", "(3.0 * w)", "scipy.linalg.fiedler(a=l)"],
}
# Spellings of functions that are no exact function of complex numbers: a tiny imaginary part is lost in iterations.
ITERATED = {f"scipy.linalg.{name}" for name in ("sqrtm", "logm", "fractional_matrix_power", "signm")}
REFUSED: dict[str, str] = {
    f"scipy.linalg.{name}({rest})": f"scipy.linalg.{name} is not supported" for name, rest in (
        ("funm", "M, np.exp"), ("expm_cond", "M"), ("schur", "M"), ("null_space", "A"), ("orth", "A"),
        ("ldl", "S"))} | {
    "scipy.linalg.eigvals(M, N)": "eig of a pair",
    "scipy.linalg.lstsq(W, u)[1]": "the residues, is not known",
    "scipy.linalg.eigh(S, subset_by_index=[0, 1])[0]": "the option 'subset_by_index'"}
