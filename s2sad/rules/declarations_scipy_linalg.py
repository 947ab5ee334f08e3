"""`scipy.linalg`: systems, inverses, factors, matrix functions and matrix equations, over stacks of matrices.

Derivatives are those of Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); of matrix functions, see `s2sad.runtime.blocks`; of matrix equations, Kao and Hennequin,
"Automatic differentiation of Sylvester, Lyapunov, and algebraic Riccati equations" (2020).
"""

from __future__ import annotations

from s2sad.rules import infer_scipy as t
from s2sad.rules.declare import bilinear, general, linear

# Systems and inverses.  Elements that SciPy does not read for the kind of matrix have the derivative 0.
general("y = scipy.linalg.solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, "
        "transposed=False)", flags="written broadcasting", result=t.solved,
        y_dot_a="-solved_again(a, solve_tangent(a_dot, y, b, assume_a, lower, transposed), b, assume_a, lower, transposed)",
        y_dot_b="solved_again(a, b_dot, b, assume_a, lower, transposed)",
        w="solve_adjoint(a, y_bar, b, assume_a, lower, transposed)",
        a_bar="solve_bar(w, y, b, assume_a, lower, transposed)", b_bar="w")
general("y = scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, "
        "check_finite=True)", flags="written broadcasting", result=t.solved,
        y_dot_a="-triangular_again(a, triangular_tangent(a_dot, y, b, trans, lower, unit_diagonal), b, trans, lower, "
                "unit_diagonal)",
        y_dot_b="triangular_again(a, b_dot, b, trans, lower, unit_diagonal)",
        w="triangular_adjoint(a, y_bar, b, trans, lower, unit_diagonal)",
        a_bar="triangular_bar(w, y, a, b, trans, lower, unit_diagonal)", b_bar="w")
general("y = scipy.linalg.inv(x, overwrite_a=False, check_finite=True, assume_a=None, lower=False)", flags="written",
        result=t.square, y_dot="-(y @ assumed(x_dot, assume_a, lower) @ y)",
        x_bar="assumed_bar(-(hermitian(y) @ y_bar @ hermitian(y)), assume_a, lower)")

# Matrix functions.
general("y = scipy.linalg.expm(x)", result=t.square, y_dot="scipy.linalg.expm_frechet(x, x_dot, compute_expm=False)",
        x_bar="scipy.linalg.expm_frechet(turned(x), y_bar, compute_expm=False)")
general("y = scipy.linalg.expm_frechet(a, e, method=None, compute_expm=True, check_finite=True)", result=t.without_value,
        flags="broadcasting",
        y_dot_a="upper_right(scipy.linalg.expm_frechet(block_triangle(a, e), block_triangle(a_dot, zeros_like(e)), "
                "compute_expm=False))",
        y_dot_e="scipy.linalg.expm_frechet(a, e_dot, compute_expm=False)",
        a_bar="upper_right(scipy.linalg.expm_frechet(block_triangle(turned(a), turned(e)), "
              "block_triangle(zeros_like(turned(a)), y_bar), compute_expm=False))",
        e_bar="scipy.linalg.expm_frechet(turned(a), y_bar, compute_expm=False)")
for _name in ("cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm", "signm", "logm"):
    general(f"y = scipy.linalg.{_name}(x)", result=t.square,
            y_dot=f"upper_right(scipy.linalg.{_name}(block_triangle(x, x_dot)))",
            x_bar=f"upper_right(scipy.linalg.{_name}(block_triangle(turned(x), y_bar)))")
general("y = scipy.linalg.sqrtm(x)", result=t.square, y_dot="scipy.linalg.solve_sylvester(y, y, x_dot)",
        x_bar="scipy.linalg.solve_sylvester(turned(y), turned(y), y_bar)")

# Matrix equations.
general("x = scipy.linalg.solve_sylvester(a, b, q)", result=t.like_last, flags="broadcasting",
        x_dot="scipy.linalg.solve_sylvester(a, b, q_dot - a_dot @ x - x @ b_dot)",
        w="scipy.linalg.solve_sylvester(turned(a), turned(b), x_bar)", a_bar="-(w @ turned(x))",
        b_bar="-(turned(x) @ w)", q_bar="w")

linear("y = block_triangle(a, e)", result=t.block_triangle, flags="broadcasting",
       a_bar="y_bar[..., :a.shape[-1], :a.shape[-1]] + y_bar[..., a.shape[-1]:, a.shape[-1]:]", e_bar="upper_right(y_bar)")
linear("y = upper_right(x)", result=t.upper_right, x_bar="block_triangle(zeros_like(y_bar), y_bar)")
linear("y = only_real(x)", result=t.same_shape, flags="sureview", x_bar="y_bar")

# Band matrices.
bilinear("y = band_matmul(ab, x, kl, ku)", result=t.band_matmul, flags="broadcasting",
         ab_bar="band_product(y_bar, x, kl, ku)", x_bar="band_matmul(band_transpose(ab, kl, ku), y_bar, ku, kl)")
linear("y = band_transpose(ab, kl, ku)", result=t.same_shape, ab_bar="band_transpose(y_bar, ku, kl)")
bilinear("y = band_product(v, x, kl, ku)", result=t.band_product, flags="broadcasting",
         v_bar="band_matmul(y_bar, x, kl, ku)", x_bar="band_matmul(band_transpose(y_bar, kl, ku), v, ku, kl)")
