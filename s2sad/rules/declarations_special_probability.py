"""Distribution functions of `scipy.special` and their inverses, by incomplete gamma and beta functions.

    gdtr(a, b, x) = P(b, ax)       chdtr(v, x) = P(v/2, x/2)       pdtr(j, m) = 1 - P(j + 1, m)
    fdtr(n, d, x) = I_w(n/2, d/2), w = nx / (d + nx)               stdtr(n, t) = 1 - I_w(n/2, 1/2) / 2, w = n / (n + t²)
    bdtr(j, n, p) = 1 - I_p(j + 1, n - j)                          nbdtr(j, n, p) = I_p(n, j + 1)
"""

from __future__ import annotations

from s2sad.rules.declare import rule

# Gamma, χ² and Poisson.
rule("z = scipy.special.gdtr(a, b, x)", a="x * gamma_density(b, a * x)", b="gammainc_a(b, a * x)",
     x="a * gamma_density(b, a * x)")
rule("z = scipy.special.gdtrc(a, b, x)", a="-x * gamma_density(b, a * x)", b="-gammainc_a(b, a * x)",
     x="-a * gamma_density(b, a * x)")
rule("x = scipy.special.gdtrix(a, b, p)", a="-x / a", b="-gammainc_a(b, a * x) / d", p="1.0 / d",
     d="a * gamma_density(b, a * x)")
rule("a = scipy.special.gdtria(p, b, x)", p="1.0 / d", b="-gammainc_a(b, a * x) / d", x="-a / x",
     d="x * gamma_density(b, a * x)")
rule("b = scipy.special.gdtrib(a, p, x)", a="-x * gamma_density(b, a * x) / d", p="1.0 / d",
     x="-a * gamma_density(b, a * x) / d", d="gammainc_a(b, a * x)")
rule("z = scipy.special.chdtr(v, x)", v="0.5 * gammainc_a(0.5 * v, 0.5 * x)",
     x="0.5 * gamma_density(0.5 * v, 0.5 * x)")
rule("z = scipy.special.chdtrc(v, x)", v="-0.5 * gammainc_a(0.5 * v, 0.5 * x)",
     x="-0.5 * gamma_density(0.5 * v, 0.5 * x)")
rule("x = scipy.special.chdtri(v, p)", v="-gammainc_a(0.5 * v, 0.5 * x) / d", p="-2.0 / d",
     d="gamma_density(0.5 * v, 0.5 * x)")
rule("v = scipy.special.chdtriv(p, x)", p="2.0 / d", x="-gamma_density(0.5 * v, 0.5 * x) / d",
     d="gammainc_a(0.5 * v, 0.5 * x)")
rule("z = scipy.special.pdtr(j, m)", m="-gamma_density(np.floor(j) + 1.0, m)")
rule("z = scipy.special.pdtrc(j, m)", m="gamma_density(np.floor(j) + 1.0, m)")
rule("m = scipy.special.pdtri(j, y)", y="-1.0 / gamma_density(np.trunc(j) + 1.0, m)")

# F, Student's t, binomial and negative binomial.
rule("z = scipy.special.fdtr(n, d, x)", n="fdtr_n(n, d, x)", d="fdtr_d(n, d, x)", x="fdtr_x(n, d, x)")
rule("z = scipy.special.fdtrc(n, d, x)", n="-fdtr_n(n, d, x)", d="-fdtr_d(n, d, x)", x="-fdtr_x(n, d, x)")
rule("x = scipy.special.fdtri(n, d, p)", n="-fdtr_n(n, d, x) / s", d="-fdtr_d(n, d, x) / s", p="1.0 / s",
     s="fdtr_x(n, d, x)")
rule("z = scipy.special.stdtr(df, t)", df="stdtr_df(df, t)", t="stdtr_t(df, t)")
rule("t = scipy.special.stdtrit(df, p)", df="-stdtr_df(df, t) / s", p="1.0 / s", s="stdtr_t(df, t)")
rule("df = scipy.special.stdtridf(p, t)", p="1.0 / s", t="-stdtr_t(df, t) / s", s="stdtr_df(df, t)")
rule("z = scipy.special.bdtr(j, n, p)", n="no_formula('bdtr', 'n')", p="-beta_density(f + 1.0, n - f, p)",
     f="np.floor(j)")
rule("z = scipy.special.bdtrc(j, n, p)", n="no_formula('bdtrc', 'n')", p="beta_density(f + 1.0, n - f, p)",
     f="np.floor(j)")
rule("p = scipy.special.bdtri(j, n, y)", n="no_formula('bdtri', 'n')", y="-1.0 / beta_density(f + 1.0, n - f, p)",
     f="np.floor(j)")
rule("z = scipy.special.nbdtr(j, n, p)", n="no_formula('nbdtr', 'n')", p="beta_density(n, np.trunc(j) + 1.0, p)")
rule("z = scipy.special.nbdtrc(j, n, p)", n="no_formula('nbdtrc', 'n')", p="-beta_density(n, np.trunc(j) + 1.0, p)")
rule("p = scipy.special.nbdtri(j, n, y)", n="no_formula('nbdtri', 'n')",
     y="1.0 / beta_density(n, np.trunc(j) + 1.0, p)")
rule("a = scipy.special.btdtria(p, b, x)", p="1.0 / d", b="betainc_a(b, a, 1.0 - x) / d",
     x="-beta_density(a, b, x) / d", d="betainc_a(a, b, x)")
rule("b = scipy.special.btdtrib(a, p, x)", a="-betainc_a(a, b, x) / d", p="1.0 / d", x="-beta_density(a, b, x) / d",
     d="-betainc_a(b, a, 1.0 - x)")
rule("d = scipy.special.fdtridfd(n, p, x)", n="-fdtr_n(n, d, x) / s", p="1.0 / s", x="-fdtr_x(n, d, x) / s",
     s="fdtr_d(n, d, x)")

# Voigt's profile Re w(z) / (σ√2π) with z = (x + iγ) / (σ√2); by the heat equation ∂σ = σ ∂²/∂x².
rule("y = scipy.special.voigt_profile(x, sigma, gamma)", x="np.real(d)", gamma="-np.imag(d)",
     sigma="np.real(slope_of_wofz(z, w, 2)) / (5.0132565492620005 * sigma**2)",
     d="slope_of_wofz(z, w, 1) / (3.5449077018110318 * sigma**2)", w="scipy.special.wofz(z)",
     z="(x + 1j * gamma) / (1.4142135623730951 * sigma)")
