"""`scipy.linalg`: triangular factors with rows exchanged, factors of band matrices, circulant systems."""

from __future__ import annotations

from s2sad.rules import infer_scipy as t
from s2sad.rules.declare import general, linear, zero

general("p, l, u = scipy.linalg.lu(a, permute_l=False, overwrite_a=False, check_finite=True, "
        "p_indices=False)", result=t.lu, flags="written",
        w="lu_middle(l, u, rows_back(p, a_dot))", l_dot="lower_tangent(l, w)",
        u_dot="upper_tangent(u, w)", a_bar="rows_forth(p, lu_bar(l, u, l_bar, u_bar, a))")
general("lu, piv = scipy.linalg.lu_factor(a, overwrite_a=False, check_finite=True)", result=t.lu_factor,
        flags="written", order="pivot_order(piv)", lu_dot="packed_tangent(lu, a_dot[order])",
        a_bar="packed_bar(lu, lu_bar)[np.argsort(order)]")
general("y = scipy.linalg.lu_solve(lu, piv, b, trans=0, overwrite_b=False, check_finite=True)", result=t.lu_solve,
        flags="written", order="pivot_order(piv)",
        y_dot_lu="-lu_again(lu, piv, lu_tangent(lu, lu_dot, order, y, b, trans), trans)",
        y_dot_b="lu_again(lu, piv, b_dot, trans)", w="lu_adjoint(lu, piv, y_bar, trans)",
        lu_bar="lu_solve_bar(lu, order, w, y, b, trans)", b_bar="w")
general("y = square_lower(x, diagonal=1.0)", result=t.square_lower, y_dot="square_lower(x_dot, diagonal=0.0)",
        x_bar="y_bar[..., :x.shape[-1]]")
general("y = square_upper(x, diagonal=1.0)", result=t.square_upper, y_dot="square_upper(x_dot, diagonal=0.0)",
        x_bar="y_bar[..., :x.shape[-2], :]")
zero("y = pivot_order(piv)", result=t.same_shape)

general("y = scipy.linalg.cholesky_banded(ab, overwrite_ab=False, lower=False, check_finite=True)",
        result=t.float_band, flags="written", k="diagonals(ab)", c="dense(y, k, lower)",
        y_dot="bands(cholesky_tangent(c, dense(ab_dot, k, lower), lower), k, lower) + "
              "corners(ab_dot, k, lower)",
        ab_bar="bands(cholesky_bar(c, dense(y_bar, k, lower), lower), k, lower) + "
               "corners(y_bar, k, lower)")  # by way of matrices of n * n elements
general("y = scipy.linalg.cho_solve_banded(c, b, overwrite_b=False, check_finite=True, lower=False)",
        result=t.band_solved, flags="written broadcasting", k="diagonals(c)",
        y_dot_c="-scipy.linalg.cho_solve_banded(c, band_cho_tangent(c, c_dot, y, k, lower), lower=lower)",
        y_dot_b="scipy.linalg.cho_solve_banded(c, b_dot, lower=lower)",
        w="scipy.linalg.cho_solve_banded(c, y_bar, lower=lower)", c_bar="band_cho_bar(c, w, y, k, lower)", b_bar="w")
linear("y = band_dense(ab, kl, ku)", result=t.band_dense, ab_bar="dense_band(y_bar, kl, ku)")
linear("y = dense_band(x, kl, ku)", result=t.dense_band, x_bar="band_dense(y_bar, kl, ku)")

general("y = scipy.linalg.solve_circulant(c, b, singular='raise', tol=None, caxis=-1, baxis=0, outaxis=0)",
        result=t.solve_circulant, flags="written",
        y_dot_c="-scipy.linalg.solve_circulant(c, scipy.linalg.circulant(c_dot) @ y)",
        y_dot_b="scipy.linalg.solve_circulant(c, b_dot)",
        w="scipy.linalg.solve_circulant(reversed_circulant(c), y_bar)",
        c_bar="-circulant_sums(outer_of(w, conj(y), b))", b_bar="w")
