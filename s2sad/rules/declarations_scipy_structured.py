"""`scipy.linalg`: band matrices, Toeplitz matrices, and matrices that are made of vectors or of blocks."""

from __future__ import annotations

from s2sad.rules import infer_scipy as t
from s2sad.rules.declare import bilinear, general, linear, zero

# Band matrices.
general("y = scipy.linalg.solve_banded(l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True)",
        result=t.band_solved, flags="broadcasting", kl="below_of(l_and_u)", ku="above_of(l_and_u)",
        y_dot_ab="-scipy.linalg.solve_banded(l_and_u, ab, band_matmul(ab_dot, y, kl, ku))",
        y_dot_b="scipy.linalg.solve_banded(l_and_u, ab, b_dot)",
        w="scipy.linalg.solve_banded(pair(ku, kl), band_transpose(ab, kl, ku), y_bar)",
        ab_bar="-band_product(w, y, kl, ku)", b_bar="w")
general("y = scipy.linalg.solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True)",
        result=t.band_solved, flags="written broadcasting", k="diagonals(ab)",
        y_dot_ab="-scipy.linalg.solveh_banded(ab, band_matmul(band_full(ab_dot, lower), y, k, k), lower=lower)",
        y_dot_b="scipy.linalg.solveh_banded(ab, b_dot, lower=lower)",
        w="scipy.linalg.solveh_banded(ab, y_bar, lower=lower)",
        ab_bar="-band_half(band_product(w, conj(y), k, k), lower)", b_bar="w")
bilinear("y = band_matmul(ab, x, kl, ku)", result=t.band_matmul, flags="broadcasting",
         ab_bar="band_product(y_bar, x, kl, ku)", x_bar="band_matmul(band_transpose(ab, kl, ku), y_bar, ku, kl)")
linear("y = band_transpose(ab, kl, ku)", result=t.same_shape, ab_bar="band_transpose(y_bar, ku, kl)")
bilinear("y = band_product(v, x, kl, ku)", result=t.band_product, flags="broadcasting",
         v_bar="band_matmul(y_bar, x, kl, ku)", x_bar="band_matmul(band_transpose(y_bar, kl, ku), v, ku, kl)")
linear("y = band_full(ab, lower=False)", result=t.band_full, flags="written", ab_bar="band_half(y_bar, lower)")
linear("y = band_half(ab, lower=False)", result=t.band_half, flags="written", ab_bar="band_full(y_bar, lower)")

# Toeplitz matrices.
linear("y = scipy.linalg.toeplitz(c, r)", result=t.toeplitz, flags="broadcasting", sums="diagonal_sums(y_bar)",
       c_bar="np.flip(sums[..., :c.shape[-1]], -1)", r_bar="first_zero(sums[..., c.shape[-1] - 1:])")
linear("y = scipy.linalg.hankel(c, r)", result=t.toeplitz, flags="broadcasting",
       sums="diagonal_sums(np.flip(y_bar, -2))", c_bar="sums[..., :c.shape[-1]]",
       r_bar="first_zero(sums[..., c.shape[-1] - 1:])")
linear("y = scipy.linalg.circulant(c)", result=t.circulant, c_bar="circulant_sums(y_bar)")
general("y = scipy.linalg.matmul_toeplitz(c, r, x, check_finite=False, workers=None)", flags="broadcasting widening",
        result=t.doubled(t.toeplitz_product),
        y_dot_c="scipy.linalg.matmul_toeplitz(c_dot, zeros_like(r), x)",
        y_dot_r="scipy.linalg.matmul_toeplitz(zeros_like(c), first_zero(r_dot), x)",
        y_dot_x="scipy.linalg.matmul_toeplitz(c, r, x_dot)", sums="diagonal_sums(outer_of(y_bar, x, x))",
        c_bar="np.flip(sums[:c.size])", r_bar="first_zero(sums[c.size - 1:])",
        x_bar="scipy.linalg.matmul_toeplitz(first_of(c, r), c, y_bar)")
general("y = scipy.linalg.solve_toeplitz(c, r, b, check_finite=True)", flags="broadcasting widening",
        result=t.doubled(t.toeplitz_product),
        y_dot_c="-scipy.linalg.solve_toeplitz(c, r, scipy.linalg.matmul_toeplitz(c_dot, zeros_like(r), y))",
        y_dot_r="-scipy.linalg.solve_toeplitz(c, r, scipy.linalg.matmul_toeplitz(zeros_like(c), first_zero(r_dot), y))",
        y_dot_b="scipy.linalg.solve_toeplitz(c, r, b_dot)",
        w="scipy.linalg.solve_toeplitz(first_of(c, r), c, y_bar)", sums="diagonal_sums(outer_of(w, y, b))",
        c_bar="-np.flip(sums[:c.size])", r_bar="-first_zero(sums[c.size - 1:])", b_bar="w")
linear("y = diagonal_sums(x)", result=t.diagonal_sums,
       x_bar="scipy.linalg.toeplitz(np.flip(y_bar[..., :x.shape[-2]], -1), y_bar[..., x.shape[-2] - 1:])")
linear("y = circulant_sums(x)", result=t.circulant_sums, x_bar="scipy.linalg.circulant(y_bar)")
linear("y = first_zero(x)", result=t.same_shape, x_bar="first_zero(y_bar)")

# Others.
linear("y = scipy.linalg.leslie(f, s)", result=t.leslie, flags="broadcasting", f_bar="y_bar[..., 0, :]",
       s_bar="y_bar[..., np.arange(1, f.shape[-1]), np.arange(s.shape[-1])]")
linear("y = scipy.linalg.block_diag(*xs)", result=t.block_diag, flags="broadcasting", xs_bar="unblock(y_bar, xs, kth)")

# Constants.
zero("y = scipy.linalg.hilbert(num)", result=t.constant_matrix("f8"))
zero("y = scipy.linalg.invhilbert(num, exact=False)", result=t.constant_matrix("f8", "i8"))
zero("y = scipy.linalg.pascal(num, kind='symmetric', exact=True)", result=t.constant_matrix("f8", "u8", True))
zero("y = scipy.linalg.invpascal(num, kind='symmetric', exact=True)", result=t.constant_matrix("f8", "i8", True))
zero("y = scipy.linalg.dft(num, scale=None)", result=t.constant_matrix("c16"))
zero("y = scipy.linalg.hadamard(num, dtype=None)", result=t.constant_matrix("i8"))
zero("y = scipy.linalg.helmert(num, full=False)", result=t.helmert)
