"""The gamma function and what is made of it: beta functions, incomplete ones, their inverses, binomials, zeta.

    P(a, x) = 1/Γ(a) ∫_0^x t^(a-1) e^-t dt             ∂P/∂x = x^(a-1) e^-x / Γ(a)
    I_x(a, b) = 1/B(a, b) ∫_0^x t^(a-1) (1-t)^(b-1) dt   ∂I/∂x = x^(a-1) (1-x)^(b-1) / B(a, b)

The derivatives of P by a and of I_x by a and b are functions of `s2sad.runtime.special`.  An inverse y(p) of F(y) = p
has the derivatives 1 / F'(y) by p and -∂F/∂a / F'(y) by a parameter.
"""

from __future__ import annotations

from s2sad.rules.declare import rule, zero
from s2sad.rules.infer_special import counted, doubles, multigamma

# Gamma functions.
rule("y = scipy.special.gamma(x)", x="y * scipy.special.psi(x)")  # nan at the poles 0, -1, -2, ...
rule("y = scipy.special.gammaln(x)", x="scipy.special.psi(x)")  # nan at the poles
rule("y = scipy.special.loggamma(x)", x="scipy.special.psi(x)")  # nan at the poles
rule("y = scipy.special.rgamma(x)",
     x="-y * scipy.special.psi(x) if is_complex(x) else where(low, np.cos(3.141592653589793 * x) * scipy.special.gamma("
       "1.0 - m) - y * scipy.special.psi(1.0 - m), -y * scipy.special.psi(where(low, 0.5, x)))",
     low="x < 0.5", m="where(low, x, 0.5)")  # finite at the poles of gamma, by its reflection formula
rule("y = scipy.special.psi(x)", flags="real", x="scipy.special.polygamma(1, x)")  # nan at the poles
rule("y = scipy.special.digamma(x)", flags="real", x="scipy.special.polygamma(1, x)")  # nan at the poles
rule("y = scipy.special.polygamma(n, x)", result=doubles, flags="boxed", n="no_formula('polygamma', 'n')",
     x="scipy.special.polygamma(n + 1, x)")
rule("y = scipy.special.multigammaln(a, d)", result=multigamma, a="sum_of_psi(a, d)",
     d="no_formula('multigammaln', 'd')")
zero("y = scipy.special.gammasgn(x)", flags="elementwise")
rule("z = scipy.special.poch(x, m)", x="z * (scipy.special.psi(x + m) - scipy.special.psi(x))",
     m="z * scipy.special.psi(x + m)")  # nan where x or x + m is a pole

# Beta functions and binomials.
rule("z = scipy.special.beta(a, b)", a="z * (scipy.special.psi(a) - s)", b="z * (scipy.special.psi(b) - s)",
     s="scipy.special.psi(a + b)")
rule("z = scipy.special.betaln(a, b)", a="scipy.special.psi(a) - s", b="scipy.special.psi(b) - s",
     s="scipy.special.psi(a + b)")
rule("z = scipy.special.binom(n, m)", n="z * (scipy.special.psi(n + 1.0) - d)",
     m="z * (d - scipy.special.psi(m + 1.0))",
     d="scipy.special.psi(n - m + 1.0)")  # nan where n, m or n - m is a negative integer
rule("z = scipy.special.comb(N, k=k, exact=False, repetition=False)", result=counted,
     N="binomial_n(N, k, z) if repetition == False else no_formula('comb', 'N')",
     k="binomial_k(N, k, z) if repetition == False else no_formula('comb', 'k')")  # 0 where it is 0
rule("z = scipy.special.perm(N, k=k, exact=False)", result=counted,
     N="z * (scipy.special.psi(N + 1.0) - scipy.special.psi(where(z == 0, 0.0, N - k) + 1.0))",
     k="z * scipy.special.psi(where(z == 0, 0.0, N - k) + 1.0)")  # 0 where it is 0
rule("y = scipy.special.factorial(n, exact=False, extend='zero')", result=doubles,
     n="y * scipy.special.psi(where(n < 0, 0.0, n) + 1.0)")  # 0 below 0

# Incomplete gamma functions.
rule("z = scipy.special.gammainc(a, x)", a="gammainc_a(a, x)",
     x="gamma_density(a, x)")
rule("z = scipy.special.gammaincc(a, x)", a="-gammainc_a(a, x)",
     x="-gamma_density(a, x)")
rule("z = scipy.special.gammaincinv(a, y)", a="-gammainc_a(a, z) / d", y="1.0 / d", d="gamma_density(a, z)")
rule("z = scipy.special.gammainccinv(a, y)", a="-gammainc_a(a, z) / d", y="-1.0 / d", d="gamma_density(a, z)")
rule("z = gammainc_a(a, x)", result=doubles, a="no_formula('gammainc', 'a', 'second ')",
     x="gamma_density(a, x) * (np.log(x) - scipy.special.psi(a))")

# Incomplete beta functions.
rule("z = scipy.special.betainc(a, b, x)", a="betainc_a(a, b, x)", b="-betainc_a(b, a, 1.0 - x)",
     x="beta_density(a, b, x)")
rule("z = scipy.special.betaincc(a, b, x)", a="-betainc_a(a, b, x)", b="betainc_a(b, a, 1.0 - x)",
     x="-beta_density(a, b, x)")
rule("z = scipy.special.betaincinv(a, b, y)", a="-betainc_a(a, b, z) / d", b="betainc_a(b, a, 1.0 - z) / d",
     y="1.0 / d", d="beta_density(a, b, z)")
rule("z = scipy.special.betainccinv(a, b, y)", a="-betainc_a(a, b, z) / d", b="betainc_a(b, a, 1.0 - z) / d",
     y="-1.0 / d", d="beta_density(a, b, z)")
rule("z = betainc_a(a, b, x)", result=doubles, a="no_formula('betainc', 'a', 'second ')",
     b="no_formula('betainc', 'b', 'second ')",
     x="beta_density(a, b, x)"
       " * (np.log(x) - scipy.special.psi(a) + scipy.special.psi(a + b))")

# Zeta functions; below 0 by the functional equation of Riemann's (DLMF 25.4.1).
rule("z = scipy.special.zeta(x, q=q)", flags="real", x="riemann_x(x, z) if q is None else zeta_x(x, q)",
     q="-x * scipy.special.zeta(x + 1.0, q)")
rule("z = scipy.special.zetac(x)", x="riemann_x(x, z + 1.0)")
rule("z = zeta_x(x, q)", result=doubles, x="no_formula('zeta', 'x', 'second ')",
     q="-scipy.special.zeta(x + 1.0, q) - x * zeta_x(x + 1.0, q)")
