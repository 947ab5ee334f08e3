"""Elliptic integrals, hypergeometric functions, orthogonal polynomials, the functions of Lambert and Wright.

    K'(m) = π/8 F(3/2, 3/2; 2; m),   E'(m) = -π/8 F(1/2, 3/2; 2; m)         (DLMF 19.5.1, 19.5.2; smooth at m = 0)
    F'(a, b; c; z) = ab/c F(a+1, b+1; c+1; z)                                (DLMF 15.5.1)
    d/dx P_n^(a,b)(x) = (n + a + b + 1)/2 P_{n-1}^(a+1,b+1)(x)               (DLMF 18.9.15)
"""

from __future__ import annotations

from s2sad.rules.declare import rule

# Complete and incomplete elliptic integrals.
rule("y = scipy.special.ellipk(m)", m="0.39269908169872414 * scipy.special.hyp2f1(1.5, 1.5, 2.0, m)")  # inf at 1
rule("y = scipy.special.ellipe(m)", m="-0.39269908169872414 * scipy.special.hyp2f1(0.5, 1.5, 2.0, m)")  # -inf at 1
rule("y = scipy.special.ellipkm1(p)",
     p="where(p < 0.5, near, -0.39269908169872414 * scipy.special.hyp2f1(1.5, 1.5, 2.0, 1.0 - where(p < 0.5, 0.5, p)))",
     near="(y - scipy.special.ellipe(1.0 - p) / p) / (2.0 * where(p < 0.5, 1.0 - p, 1.0))")  # -inf at 0
rule("z = scipy.special.ellipkinc(phi, m)", phi="1.0 / np.sqrt(1.0 - m * np.sin(phi) ** 2)",
     m="slope_of_ellipkinc(phi, m)")
rule("z = scipy.special.ellipeinc(phi, m)", phi="np.sqrt(1.0 - m * np.sin(phi) ** 2)", m="slope_of_ellipeinc(phi, m)")
rule("w = scipy.special.elliprf(x, y, z)", x="scipy.special.elliprd(y, z, x) / -6.0",
     y="scipy.special.elliprd(z, x, y) / -6.0", z="scipy.special.elliprd(x, y, z) / -6.0")
rule("w = scipy.special.elliprd(x, y, z)", x="elliprd_x(x, y, z, w)", y="elliprd_x(y, x, z, w)",
     z="(-1.5 * w - elliprd_xx(x, y, z, w) - elliprd_xx(y, x, z, w)) / z")
rule("w = scipy.special.elliprg(x, y, z)", x="0.25 * (scipy.special.elliprf(x, y, z) - x * scipy.special.elliprd("
     "y, z, x) / 3.0)", y="0.25 * (scipy.special.elliprf(x, y, z) - y * scipy.special.elliprd(z, x, y) / 3.0)",
     z="0.25 * (scipy.special.elliprf(x, y, z) - z * scipy.special.elliprd(x, y, z) / 3.0)")
rule("w = scipy.special.elliprc(x, y)", x="d", y="-(x * d + 0.5 * w) / y",
     d="-scipy.special.elliprd(y, y, x) / 6.0 if is_complex(x * y) else where(y < 0, (w - 1.0 / np.sqrt(x))"
       " / (2.0 * (y - x)), -scipy.special.elliprd(where(y < 0, 1.0, y), where(y < 0, 1.0, y), x) / 6.0)")
rule("w = scipy.special.elliprj(x, y, z, p)", x="no_formula('elliprj', 'x')", y="no_formula('elliprj', 'y')",
     z="no_formula('elliprj', 'z')", p="no_formula('elliprj', 'p')")

# Hypergeometric functions.
rule("y = scipy.special.hyp0f1(v, z)", v="no_formula('hyp0f1', 'v')", z="scipy.special.hyp0f1(v + 1, z) / v")
rule("y = scipy.special.hyp1f1(a, b, z)", a="no_formula('hyp1f1', 'a')", b="no_formula('hyp1f1', 'b')",
     z="a / b * scipy.special.hyp1f1(a + 1, b + 1, z)")
rule("y = scipy.special.hyperu(a, b, z)", a="no_formula('hyperu', 'a')", b="no_formula('hyperu', 'b')",
     z="-a * scipy.special.hyperu(a + 1, b + 1, z)")
rule("y = scipy.special.hyp2f1(a, b, c, z)", a="no_formula('hyp2f1', 'a')", b="no_formula('hyp2f1', 'b')",
     c="no_formula('hyp2f1', 'c')", z="a * b / c * scipy.special.hyp2f1(a + 1, b + 1, c + 1, z)")
rule("y = scipy.special.wright_bessel(a, b, x)", a="no_formula('wright_bessel', 'a')",
     b="no_formula('wright_bessel', 'b')", x="scipy.special.wright_bessel(a, a + b, x)")
rule("y = scipy.special.log_wright_bessel(a, b, x)", a="no_formula('log_wright_bessel', 'a')",
     b="no_formula('log_wright_bessel', 'b')", x="np.exp(scipy.special.log_wright_bessel(a, a + b, x) - y)")

# Orthogonal polynomials.
rule("y = scipy.special.eval_legendre(n, x)", n="no_formula('eval_legendre', 'n')",
     x="0.5 * (n + 1) * scipy.special.eval_jacobi(n - 1, 1.0, 1.0, x)")
rule("y = scipy.special.eval_sh_legendre(n, x)", n="no_formula('eval_sh_legendre', 'n')",
     x="(n + 1) * scipy.special.eval_jacobi(n - 1, 1.0, 1.0, 2.0 * x - 1.0)")
rule("y = scipy.special.eval_chebyt(n, x)", n="no_formula('eval_chebyt', 'n')",
     x="n * scipy.special.eval_chebyu(n - 1, x)")
rule("y = scipy.special.eval_chebyu(n, x)", n="no_formula('eval_chebyu', 'n')",
     x="2.0 * scipy.special.eval_gegenbauer(n - 1, 2.0, x)")
rule("y = scipy.special.eval_chebyc(n, x)", n="no_formula('eval_chebyc', 'n')",
     x="n * scipy.special.eval_chebys(n - 1, x)")
rule("y = scipy.special.eval_chebys(n, x)", n="no_formula('eval_chebys', 'n')",
     x="scipy.special.eval_gegenbauer(n - 1, 2.0, 0.5 * x)")
rule("y = scipy.special.eval_sh_chebyt(n, x)", n="no_formula('eval_sh_chebyt', 'n')",
     x="2.0 * n * scipy.special.eval_sh_chebyu(n - 1, x)")
rule("y = scipy.special.eval_sh_chebyu(n, x)", n="no_formula('eval_sh_chebyu', 'n')",
     x="4.0 * scipy.special.eval_gegenbauer(n - 1, 2.0, 2.0 * x - 1.0)")
rule("y = scipy.special.eval_hermite(n, x)", n="no_formula('eval_hermite', 'n')",
     x="2.0 * n * scipy.special.eval_hermite(np.maximum(n - 1, 0), x)")
rule("y = scipy.special.eval_hermitenorm(n, x)", n="no_formula('eval_hermitenorm', 'n')",
     x="n * scipy.special.eval_hermitenorm(np.maximum(n - 1, 0), x)")
rule("y = scipy.special.eval_laguerre(n, x)", n="no_formula('eval_laguerre', 'n')",
     x="-scipy.special.eval_genlaguerre(n - 1, 1.0, x)")
rule("y = scipy.special.eval_genlaguerre(n, alpha, x)", n="no_formula('eval_genlaguerre', 'n')",
     alpha="no_formula('eval_genlaguerre', 'alpha')", x="-scipy.special.eval_genlaguerre(n - 1, alpha + 1.0, x)")
rule("y = scipy.special.eval_gegenbauer(n, alpha, x)", n="no_formula('eval_gegenbauer', 'n')",
     alpha="no_formula('eval_gegenbauer', 'alpha')",
     x="2.0 * alpha * scipy.special.eval_gegenbauer(n - 1, alpha + 1.0, x)")
rule("y = scipy.special.eval_jacobi(n, alpha, beta, x)", n="no_formula('eval_jacobi', 'n')",
     alpha="no_formula('eval_jacobi', 'alpha')", beta="no_formula('eval_jacobi', 'beta')",
     x="0.5 * (n + alpha + beta + 1.0) * scipy.special.eval_jacobi(n - 1, alpha + 1.0, beta + 1.0, x)")
rule("y = scipy.special.eval_sh_jacobi(n, p, q, x)", n="no_formula('eval_sh_jacobi', 'n')",
     p="no_formula('eval_sh_jacobi', 'p')", q="no_formula('eval_sh_jacobi', 'q')",
     x="(n + p) * scipy.special.eval_jacobi(n - 1, p - q + 1.0, q, 2.0 * x - 1.0) / scipy.special.binom("
       "2 * n + p - 1.0, n)")
rule("y = scipy.special.lpmv(m, v, x)", m="no_formula('lpmv', 'm')", v="no_formula('lpmv', 'v')",
     x="(v * x * y - (v + m) * scipy.special.lpmv(m, v - 1, x)) / (x**2 - 1.0)")  # nan at -1 and 1

# The inverses of w e^w and of w + log(w).
rule("y = scipy.special.wrightomega(x)", x="y / (1.0 + y)")
