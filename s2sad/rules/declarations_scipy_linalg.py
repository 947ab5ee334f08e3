"""`scipy.linalg`: systems, inverses, factors, matrix functions and matrix equations, over stacks of matrices.

Derivatives are those of Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); of matrix functions, see `s2sad.runtime.blocks`; of matrix equations, Kao and Hennequin,
"Automatic differentiation of Sylvester, Lyapunov, and algebraic Riccati equations" (2020).
"""

from __future__ import annotations

from s2sad.rules import infer_scipy as t
from s2sad.rules.declare import general, linear

# Systems and inverses.  Elements that SciPy does not read for the kind of matrix have the derivative 0.
general("y = scipy.linalg.solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, "
        "assume_a=None, transposed=False)", flags="written broadcasting", result=t.solved,
        y_dot_a="-solved_again(a, solve_tangent(a_dot, y, b, assume_a, lower, transposed), b, assume_a, lower, "
                "transposed)",
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

# Factors: a = l lᴴ, of which the lower or the upper triangle of a is read.
general("y = scipy.linalg.cholesky(x, lower=False, overwrite_a=False, check_finite=True)", flags="written",
        result=t.square, y_dot="cholesky_tangent(y, x_dot, lower)", x_bar="cholesky_bar(y, half(y_bar, lower), lower)")
general("y = scipy.linalg.cho_factor(x, lower=False, overwrite_a=False, check_finite=True)", flags="written",
        result=t.square, y_dot="cholesky_tangent(y, x_dot, lower) + other_half(x_dot, lower)",
        x_bar="cholesky_bar(y, half(y_bar, lower), lower) + other_half(y_bar, lower)")
general("y = scipy.linalg.cho_solve(c, b, overwrite_b=False, check_finite=True, lower=False)", result=t.solved,
        flags="written broadcasting", y_dot_c="-cho_again(c, cho_tangent(c, c_dot, y, b, lower), b, lower)",
        y_dot_b="cho_again(c, b_dot, b, lower)", w="cho_again(c, y_bar, b, lower)", c_bar="cho_bar(c, w, y, b, lower)",
        b_bar="w")

# Matrix functions.
general("y = scipy.linalg.expm(A)", result=t.square, flags="widening",
        y_dot="scipy.linalg.expm_frechet(A, A_dot, compute_expm=False)",
        A_bar="scipy.linalg.expm_frechet(turned(A), y_bar, compute_expm=False)")
general("y = scipy.linalg.expm_frechet(A, E, method=None, compute_expm=True, check_finite=True)",
        result=t.without_value, flags="broadcasting widening",
        y_dot_A="upper_right(scipy.linalg.expm_frechet(block_triangle(A, E), block_triangle(A_dot, zeros_like(E)), "
                "compute_expm=False))",
        y_dot_E="scipy.linalg.expm_frechet(A, E_dot, compute_expm=False)",
        A_bar="upper_right(scipy.linalg.expm_frechet(block_triangle(turned(A), turned(E)), "
              "block_triangle(y_bar, zeros_like(turned(E))), compute_expm=False))",
        E_bar="scipy.linalg.expm_frechet(turned(A), y_bar, compute_expm=False)")
general("y, f = expm_and_frechet(A, E, method=None, compute_expm=True, check_finite=True)", result=t.with_value,
        flags="broadcasting widening", y_dot="scipy.linalg.expm_frechet(A, A_dot, compute_expm=False)",
        f_dot="upper_right(scipy.linalg.expm_frechet(block_triangle(A, E), block_triangle(A_dot, E_dot), "
              "compute_expm=False))",
        A_bar="expm_bar(A, E, y_bar, f_bar)",
        E_bar="zeros_like(E) if f_bar is None else scipy.linalg.expm_frechet(turned(A), f_bar, compute_expm=False)")
for _name in ("cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm", "signm", "logm"):
    general(f"y = scipy.linalg.{_name}(A)", result=t.doubled(t.square) if _name == "logm" else t.square,
            flags="widening",
            y_dot=f"upper_right(scipy.linalg.{_name}(block_triangle(A, A_dot)))",
            A_bar=f"upper_right(scipy.linalg.{_name}(block_triangle(turned(A), y_bar)))")
general("y = scipy.linalg.fractional_matrix_power(A, t)", result=t.power, flags="broadcasting widening",
        y_dot_A="upper_right(scipy.linalg.fractional_matrix_power(block_triangle(A, A_dot), t))",
        y_dot_t="t_dot * (scipy.linalg.logm(A) @ y)",
        A_bar="upper_right(scipy.linalg.fractional_matrix_power(block_triangle(turned(A), y_bar), t))",
        t_bar="y_bar * (scipy.linalg.logm(A) @ y)")
general("y = scipy.linalg.sqrtm(A)", result=t.square, y_dot="scipy.linalg.solve_sylvester(y, y, A_dot)",
        A_bar="scipy.linalg.solve_sylvester(turned(y), turned(y), y_bar)")

# Matrix equations.
general("x = scipy.linalg.solve_sylvester(a, b, q)", result=t.like_last, flags="broadcasting",
        x_dot="scipy.linalg.solve_sylvester(a, b, q_dot - a_dot @ x - x @ b_dot)",
        w="scipy.linalg.solve_sylvester(turned(a), turned(b), x_bar)", a_bar="-(w @ turned(x))",
        b_bar="-(turned(x) @ w)", q_bar="w")
general("x = scipy.linalg.solve_continuous_lyapunov(a, q)", result=t.like_all, flags="written broadcasting",
        x_dot="scipy.linalg.solve_continuous_lyapunov(a, q_dot - a_dot @ x - x @ hermitian(a_dot))",
        w="scipy.linalg.solve_continuous_lyapunov(hermitian(a), x_bar)",
        a_bar="-(w @ hermitian(x) + hermitian(w) @ x)", q_bar="w")
general("x = scipy.linalg.solve_discrete_lyapunov(a, q, method=None)", result=t.doubled(t.like_all),
        flags="written broadcasting widening",
        x_dot="scipy.linalg.solve_discrete_lyapunov(a, q_dot + a_dot @ x @ hermitian(a) + a @ x @ hermitian(a_dot), "
              "method)", w="scipy.linalg.solve_discrete_lyapunov(hermitian(a), x_bar, method)",
        a_bar="w @ a @ hermitian(x) + hermitian(w) @ a @ x", q_bar="w")
# The gain is k, the closed loop c = a - b k.  With e, the equation is that of c e⁻¹ and of e⁻ᴴ q e⁻¹.
general("x = scipy.linalg.solve_continuous_are(a, b, q, r, e=e, s=s, balanced=True)",
        flags="written broadcasting widening", result=t.doubled(t.like_all),
        xe="x if e is None else x @ e", k="scipy.linalg.solve(r, hermitian(b) @ xe if s is None else "
                                          "hermitian(b) @ xe + hermitian(s))",
        c="a - b @ k", f="c if e is None else c @ scipy.linalg.inv(e)",
        m="hermitian(xe) @ a_dot - hermitian(xe) @ b_dot @ k",
        n="m if e is None else m + hermitian(c) @ x @ e_dot", o="n if s is None else n - s_dot @ k",
        p="o + hermitian(o) + hermitian(k) @ r_dot @ k + q_dot",
        d="p if e is None else scipy.linalg.solve(hermitian(e), p) @ scipy.linalg.inv(e)",
        x_dot="scipy.linalg.solve_continuous_lyapunov(hermitian(f), -symmetrised(d))",
        v="scipy.linalg.solve_continuous_lyapunov(f, -symmetrised(x_bar))",
        w="v if e is None else scipy.linalg.solve(e, v) @ scipy.linalg.inv(hermitian(e))",
        a_bar="2.0 * (xe @ w)", b_bar="-2.0 * (xe @ w @ hermitian(k))", q_bar="w", r_bar="k @ w @ hermitian(k)",
        e_bar="2.0 * (hermitian(x) @ c @ w)", s_bar="-2.0 * (w @ hermitian(k))")  # q and r must stay symmetric
general("x = scipy.linalg.solve_discrete_are(a, b, q, r, e=e, s=s, balanced=True)",
        flags="written broadcasting widening", result=t.doubled(t.like_all),
        u="hermitian(b) @ x @ a",
        k="scipy.linalg.solve(r + hermitian(b) @ x @ b, u if s is None else u + hermitian(s))",
        c="a - b @ k", f="c if e is None else c @ scipy.linalg.inv(e)", xc="x @ c",
        m="hermitian(xc) @ a_dot - hermitian(xc) @ b_dot @ k",
        n="m if e is None else m - hermitian(e) @ x @ e_dot", o="n if s is None else n - s_dot @ k",
        p="o + hermitian(o) + hermitian(k) @ r_dot @ k + q_dot",
        d="p if e is None else scipy.linalg.solve(hermitian(e), p) @ scipy.linalg.inv(e)",
        x_dot="scipy.linalg.solve_discrete_lyapunov(hermitian(f), symmetrised(d))",
        v="scipy.linalg.solve_discrete_lyapunov(f, symmetrised(x_bar))",
        w="v if e is None else scipy.linalg.solve(e, v) @ scipy.linalg.inv(hermitian(e))",
        a_bar="2.0 * (xc @ w)", b_bar="-2.0 * (xc @ w @ hermitian(k))", q_bar="w", r_bar="k @ w @ hermitian(k)",
        e_bar="-2.0 * (x @ e @ w)", s_bar="-2.0 * (w @ hermitian(k))")  # q and r must stay symmetric

linear("y = block_triangle(a, e)", result=t.block_triangle, flags="broadcasting",
       a_bar="y_bar[..., :a.shape[-1], :a.shape[-1]] + y_bar[..., a.shape[-1]:, a.shape[-1]:]",
       e_bar="upper_right(y_bar)")
linear("y = upper_right(x)", result=t.upper_right, x_bar="block_triangle(zeros_like(y_bar), y_bar)")
linear("y = only_real(x)", result=t.same_shape, flags="sureview", x_bar="y_bar")

