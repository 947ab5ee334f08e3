"""`scipy.linalg`: eigenvalues, singular values, orthogonal factors, pseudoinverses, norms.

What NumPy has, too, has the derivative that it has there (`declarations_linalg`); SciPy's options are others.
"""

from __future__ import annotations

from s2sad.rules import infer_linalg as i
from s2sad.rules import infer_scipy_spectra as t
from s2sad.rules.declare import general
from s2sad.rules.infer_scipy import doubled

# Eigenvalues: those that are equal have no derivative alone, nor have their eigenvectors.
general("w, v = scipy.linalg.eigh(a, b=b, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, "
        "type=1, check_finite=True, subset_by_index=None, "
        "subset_by_value=None, driver=None)", result=t.eigh, flags="written",
        p="pencil_dot(a_dot, None if b is None else b_dot, w, v, lower)", w_dot="np.real(diagonal_of(p))",
        v_dot="v @ pencil_turn(p, None if b is None else b_dot, w, v, lower)",
        a_bar="pencil_bar_a(w, v, w_bar, v_bar, lower)",
        b_bar="pencil_bar_b(w, v, w_bar, v_bar, lower)")  # reads one triangle only
general("y = scipy.linalg.eigvalsh(a, b=b, lower=True, overwrite_a=False, overwrite_b=False, "
        "type=1, check_finite=True, subset_by_index=None, "
        "subset_by_value=None, driver=None)", result=t.eigvalsh, flags="written",
        v="pencil_vectors(a, b, lower)",
        y_dot="np.real(diagonal_of(pencil_dot(a_dot, None if b is None else b_dot, y, v, lower)))",
        a_bar="pencil_bar_a(y, v, y_bar, None, lower)",
        b_bar="pencil_bar_b(y, v, y_bar, None, lower)")  # reads one triangle only
general("w, v = scipy.linalg.eigh_tridiagonal(d, e, eigvals_only=False, select='a', select_range=None, "
        "check_finite=True, tol=0.0, lapack_driver='auto')", result=t.eigh_tridiagonal, flags="written",
        p="v.T @ tridiagonal_product(d_dot, e_dot, v)", w_dot="np.diag(p)", v_dot="v @ (reciprocal_gaps(w) * p)",
        g="pencil_adjoint(w, v, w_bar, v_bar)", d_bar="np.diag(g)", e_bar="np.diag(g, 1) + np.diag(g, -1)")
general("y = scipy.linalg.eigvalsh_tridiagonal(d, e, select='a', select_range=None, check_finite=True, tol=0.0, "
        "lapack_driver='auto')", result=t.eigvalsh_tridiagonal, flags="written",
        v="tridiagonal_vectors(d, e)", y_dot="np.diag(v.T @ tridiagonal_product(d_dot, e_dot, v))",
        g="pencil_adjoint(y, v, y_bar, None)", d_bar="np.diag(g)", e_bar="2.0 * np.diag(g, 1)")
general("y = scipy.linalg.eigvals(a, overwrite_a=False, check_finite=True)", y_dot="eig_values_dot(a + 0j, a_dot)",
        a_bar="eig_values_bar(a + 0j, y_bar)", result=i.eigvals, flags="written")
general("w, v = scipy.linalg.eig(a, overwrite_a=False, check_finite=True)", d="np.linalg.solve(v, (a_dot + 0j) @ v)",
        w_dot="diagonal_of(d)", v_dot="eig_v_dot(v, reciprocal_gaps(w) * d)", a_bar="eig_bar(w, v, w_bar, v_bar)",
        result=i.eig, flags="written")  # inf or nan for the eigenvectors of equal eigenvalues

# Singular values, and what is made of them.
general("u, s, vh = scipy.linalg.svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, "
        "lapack_driver='gesdd')", result=i.svd, flags="written",
        u_dot="svd_u_dot(u, s, vh, a_dot, False) if compute_uv else values_dot(a, a_dot, False)",
        s_dot="svd_s_dot(u, vh, s, a_dot, False)", vh_dot="svd_vh_dot(u, s, vh, a_dot, False)",
        a_bar="svd_bar(u, s, vh, u_bar, s_bar, vh_bar, False) if compute_uv else values_bar(a, u_bar, False)")
general("y = scipy.linalg.svdvals(x, overwrite_a=False, check_finite=True)", y_dot="values_dot(x, x_dot)",
        x_bar="values_bar(x, y_bar)", result=i.svdvals, flags="written")
general("y = scipy.linalg.pinv(a, atol=None, rtol=None, return_rank=False, check_finite=True)",
        y_dot="pinv_dot(y, a, a_dot)", a_bar="pinv_bar(y, a, y_bar)", result=t.pinv,
        flags="written")  # where the rank does not change
general("y = scipy.linalg.pinvh(a, atol=None, rtol=None, lower=True, return_rank=False, check_finite=True)",
        y_dot="pinv_dot(y, assumed(a, 'her', lower), assumed(a_dot, 'her', lower))",
        a_bar="assumed_bar(pinv_bar(y, assumed(a, 'her', lower), y_bar), 'her', lower)", result=t.pinv,
        flags="written")  # where the rank does not change
general("x = scipy.linalg.lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, "
        "lapack_driver=None)", result=t.least_squares, flags="written", y="scipy.linalg.pinv(a)",
        r="b - product_of(a, x, b)", x_dot_a="lstsq_dot(y, a, a_dot, x, r, b)", x_dot_b="product_of(y, b_dot, b)",
        w="product_of(hermitian(y), x_bar, b)", a_bar="lstsq_bar(y, a, x, r, w, x_bar, b)",
        b_bar="w")  # where the rank does not change
general("u, p = scipy.linalg.polar(a, side='right')", result=t.polar, flags="written",
        p_dot="polar_factor_dot(a, a_dot, p, side)",
        u_dot="polar_unit_dot(a_dot, u, p, polar_factor_dot(a, a_dot, p, side), side)",
        a_bar="polar_bar(a, u, p, u_bar, p_bar, side)")  # of regular matrices, or of more rows than columns

# Orthogonal factors.
general("q, r = scipy.linalg.qr(a, overwrite_a=False, lwork=None, mode='full', pivoting=False, check_finite=True)",
        result=t.qr, flags="written",
        q_dot="qr_q_dot(q, r, a_dot, qr_mode(mode)) if mode != 'r' else qr_r_dot(q_of(a), q, a_dot, qr_mode(mode))",
        r_dot="qr_r_dot(q, r, a_dot, qr_mode(mode))",
        a_bar="qr_bar(a, q, r, q_bar, r_bar, qr_mode(mode)) if mode != 'r' else "
              "qr_bar(a, q_of(a), q, None, q_bar, qr_mode(mode))")

# The determinant and norms.
general("y = scipy.linalg.det(a, overwrite_a=False, check_finite=True)", y_dot="over_matrix(cofactor(a) * a_dot)",
        a_bar="matrixwise(y_bar) * cofactor(a)", result=doubled(i.determinant),
        flags="widening")  # the cofactors, of singular matrices too
general("y = scipy.linalg.norm(x, ord=None, axis=None, keepdims=False, check_finite=True)",
        y_dot="norm_dot(x, y, x_dot, ord, axis, keepdims)", x_bar="norm_bar(x, y, y_bar, ord, axis, keepdims)",
        result=i.norm, flags="written")  # 0 at 0
