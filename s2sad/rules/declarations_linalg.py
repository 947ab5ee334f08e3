"""Linear algebra, on stacks of matrices.

Formulas: Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008;
Murray, Differentiation of the Cholesky decomposition, 2016; Walter, Lehmann and Lamour, On evaluating higher-order
derivatives of the QR decomposition, 2012; Seeger et al., Auto-differentiating linear algebra, 2017; Wan and Zhang,
Automatic differentiation for complex valued SVD, 2019.
"""

from __future__ import annotations

from s2sad.rules import infer_linalg as i
from s2sad.rules.declare import general, linear, zero

general("y = np.linalg.inv(a)", y_dot="-(y @ a_dot @ y)", a_bar="-(mT(y) @ y_bar @ mT(y))",
        result=i.like_matrix("np.linalg.inv"))
general("y = np.linalg.pinv(a, rcond=None, hermitian=False, rtol='')",
        y_dot="pinv_dot(y, from_triangle(a, 'L'), from_triangle(a_dot, 'L')) if hermitian else pinv_dot(y, a, a_dot)",
        a_bar="to_triangle(pinv_bar(y, from_triangle(a, 'L'), y_bar), 'L') if hermitian else pinv_bar(y, a, y_bar)",
        result=i.pinv, flags="written")  # where the rank does not change
general("y = np.linalg.det(a)", y_dot="over_matrix(cofactor(a) * a_dot)", a_bar="matrixwise(y_bar) * cofactor(a)",
        result=i.determinant)  # the cofactors, of singular matrices too
general("y = cofactor(x)", y_dot="cofactor_dot(x, x_dot)", x_bar="cofactor_dot(x, y_bar)",
        result=i.like_matrix("np.linalg.det"))
general("y = cofactor_dot(x, v)", y_dot_x="cofactor_bend(x, v, x_dot)", x_bar="cofactor_bend(x, v, y_bar)",
        y_dot_v="cofactor_dot(x, v_dot)", v_bar="cofactor_dot(x, y_bar)", result=i.like_second)
general("sign, logabsdet = np.linalg.slogdet(a)", t="trace_of(np.linalg.inv(a) @ a_dot)",
        sign_dot="sign * 1j * np.imag(t) if not is_real(sign) else 0.0", logabsdet_dot="np.real(t)",
        a_bar="slogdet_bar(a, sign, sign_bar, logabsdet_bar)", result=i.slogdet, flags="written")
general("y = np.linalg.solve(a, b)", y_dot_a="-solved(a, applied(a_dot, y, b), b)", y_dot_b="solved(a, b_dot, b)",
        w="solved(mT(a), y_bar, b)", a_bar="-outer_as(w, y, a, b)", b_bar="w", result=i.solve,
        flags="broadcasting")
general("x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=None)", e="b - a @ x", f="b_dot - a_dot @ x",
        x_dot="squares_dot(a, x, e, f, a_dot)",
        residuals_dot="residuals_along(e, f, residuals)",
        s_dot="values_dot(a, a_dot)", a_bar="squares_bar(a, x, e, x_bar, residuals_bar, s_bar)",
        b_bar="squares_b_bar(a, e, x_bar, residuals_bar)", result=i.lstsq,
        flags="written broadcasting")  # where the rank does not change
general("y = residuals_along(e, f, like)", y_dot_e="residuals_along(e_dot, f, like)",
        y_dot_f="residuals_along(e, f_dot, like)", e_bar="residuals_back(f, y_bar)", f_bar="residuals_back(e, y_bar)",
        result=i.like_third, flags="written")
general("y = residuals_back(e, r)", y_dot_e="residuals_back(e_dot, r)", y_dot_r="residuals_back(e, r_dot)",
        e_bar="residuals_back(y_bar, r)", r_bar="residuals_along(e, y_bar, r)", result=i.first_of, flags="written")
general("y = np.linalg.cholesky(a, upper=False)", y_dot="chol_dot(y, a_dot, upper)",
        a_bar="chol_bar(y, y_bar, upper)", result=i.like_matrix("np.linalg.cholesky"),
        flags="written")  # reads one triangle only

# Eigenvalues: those that are equal have no derivative alone, nor have their eigenvectors.
general("y = np.linalg.eigvalsh(a, UPLO='L')", y_dot="eigvalsh_dot(a, a_dot, UPLO)",
        a_bar="eigvalsh_bar(a, y_bar, UPLO)", result=i.eigvalsh, flags="written")  # reads one triangle only
general("w, v = np.linalg.eigh(a, UPLO='L')", d="adj(v) @ from_triangle(a_dot, UPLO) @ v",
        w_dot="np.real(diagonal_of(d))", v_dot="v @ (reciprocal_gaps(w) * d)",
        a_bar="eigh_bar(w, v, w_bar, v_bar, UPLO)", result=i.eigh,
        flags="written")  # reads one triangle only; inf or nan for the eigenvectors of equal eigenvalues
general("y = np.linalg.eigvals(a)", y_dot="eig_values_dot(a, a_dot)", a_bar="eig_values_bar(a, y_bar)",
        result=i.eigvals, flags="written")
general("w, v = np.linalg.eig(a)", d="np.linalg.solve(v, a_dot @ v)", w_dot="diagonal_of(d)",
        v_dot="eig_v_dot(v, reciprocal_gaps(w) * d)", a_bar="eig_bar(w, v, w_bar, v_bar)", result=i.eig,
        flags="written")  # inf or nan for the eigenvectors of equal eigenvalues
general("u, s, vh = np.linalg.svd(a, full_matrices=True, compute_uv=True, hermitian=False)",
        u_dot="svd_u_dot(u, s, vh, a_dot, hermitian) if compute_uv else values_dot(a, a_dot, hermitian)",
        s_dot="svd_s_dot(u, vh, s, a_dot, hermitian)", vh_dot="svd_vh_dot(u, s, vh, a_dot, hermitian)",
        a_bar="svd_bar(u, s, vh, u_bar, s_bar, vh_bar, hermitian) if compute_uv else values_bar(a, u_bar, hermitian)",
        result=i.svd, flags="written")  # inf or nan for the singular vectors of equal singular values
general("y = np.linalg.svdvals(x)", y_dot="values_dot(x, x_dot)", x_bar="values_bar(x, y_bar)", result=i.svdvals,
        flags="written")
general("q, r = np.linalg.qr(a, mode='reduced')",
        q_dot="qr_q_dot(q, r, a_dot, mode) if mode != 'r' else qr_r_dot(q_of(a), q, a_dot, mode)",
        r_dot="qr_r_dot(q, r, a_dot, mode)",
        a_bar="qr_bar(a, q, r, q_bar, r_bar, mode) if mode != 'r' else qr_bar(a, q_of(a), q, None, q_bar, mode)",
        result=i.qr, flags="written")  # of full rank; the complete one of no more rows than columns
general("y = checked_complete(q, r)", y_dot="q_dot", q_bar="y_bar", result=i.first_of, flags="view")
general("y = invariant(g, turn)", y_dot="g_dot", g_bar="y_bar", result=i.first_of, flags="view")
general("y = reciprocal_gaps(x)", y_dot="y * y * (column(x_dot) - np.expand_dims(x_dot, -2))", g="y * y * y_bar",
        x_bar="np.sum(g, axis=-1) - np.sum(g, axis=-2)", result=i.reciprocal_gaps)

# Norms: the gradient at 0 is 0.
general("y = np.linalg.norm(x, ord=None, axis=None, keepdims=False)",
        y_dot="norm_dot(x, y, x_dot, ord, axis, keepdims)",
        x_bar="norm_bar(x, y, y_bar, ord, axis, keepdims)", result=i.norm, flags="written")  # 0 at 0
general("y = np.linalg.vector_norm(x, axis=None, keepdims=False, ord=2)",
        y_dot="vector_norm_dot(x, y, x_dot, ord, axis, keepdims)",
        x_bar="vector_norm_bar(x, y, y_bar, ord, axis, keepdims)", result=i.vector_norm, flags="written")  # 0 at 0
general("y = np.linalg.matrix_norm(x, keepdims=False, ord='fro')",
        y_dot="norm_dot(x, y, x_dot, ord, (-2, -1), keepdims)",
        x_bar="norm_bar(x, y, y_bar, ord, (-2, -1), keepdims)", result=i.matrix_norm, flags="written")  # 0 at 0
general("y = np.linalg.cond(x, p=None)", y_dot="cond_dot(x, y, x_dot, p)", x_bar="cond_bar(x, y, y_bar, p)",
        result=i.cond, flags="written")
zero("y = np.linalg.matrix_rank(A, tol=None, hermitian=False, rtol=None)", result=i.matrix_rank)

# Tensors.
general("y = np.linalg.tensorinv(a, ind=2)", y_dot="-np.tensordot(np.tensordot(y, a_dot, ind), y, rest_of(a, ind))",
        z="blocks_turned(y, rest_of(a, ind))", a_bar="-np.tensordot(np.tensordot(z, y_bar, rest_of(a, ind)), z, ind)",
        result=i.tensorinv)
general("y = np.linalg.tensorsolve(a, b, axes=None)",
        y_dot_a="-np.linalg.tensorsolve(a, np.tensordot(blocks(a_dot, axes), y, axes_in(y)), axes)",
        y_dot_b="np.linalg.tensorsolve(a, b_dot, axes)",
        w="np.linalg.tensorsolve(blocks_turned(blocks(a, axes), axes_in(b)), y_bar)", b_bar="w",
        a_bar="unblocks(-np.tensordot(w, y, 0), axes)", result=i.tensorsolve)

# Diagonals.
linear("y = np.diag(x, k=0)", x_bar="undiag(y_bar, x, k)")
