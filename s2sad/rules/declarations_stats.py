"""Distributions of `scipy.stats`: eight functions of each, from the slope of its log-density.

With z = (x - loc) / scale, a density f(x) = g(z) / scale and its shape parameters a,

    log f:   ∂x = g'(z)/g(z) / scale =: s / scale,   ∂loc = -∂x,   ∂scale = -(z s + 1) / scale,   ∂a = ∂log g/∂a
    f:       that of log f, times f
    F:       ∂x = f,   ∂loc = -f,   ∂scale = -z f,   ∂a = ∂F/∂a;      1 - F, log F, log(1 - F) by it
    F⁻¹(q):  ∂q = 1 / f,   ∂loc = 1,   ∂scale = z,   ∂a = -∂F/∂a / f

A distribution is declared by s, by the support in terms of t, which is z before it is put inside, and by ∂log g/∂a and
∂F/∂a for each shape parameter.  Outside the support all derivatives are 0.
"""

from __future__ import annotations

from typing import Any

from s2sad.rules.declare import rule
from s2sad.rules.infer_special import doubles


def distribution(name: str, slope: str, inside: str = "", safe: str = "1.0", **shapes: tuple[str, str]) -> None:
    """Declare the functions of a continuous distribution; ``safe`` is a point of the support."""
    fn = f"scipy.stats.{name}"
    rest = ", ".join([*shapes, "loc=loc", "scale=scale"])
    given = ", ".join([*shapes, "loc", "scale"])
    flat = slope == "0.0"

    def z_of(x: str) -> dict[str, Any]:
        z = {"t": f"standard({x}, loc, scale)", "z": f"where(inside, t, {safe})" if inside else "t", "slope": slope}
        return z | ({"inside": inside} if inside else {}) | {"result": doubles, "flags": "method"}

    def kept(text: str) -> str:
        return f"where(inside, {text}, 0.0)" if inside else text

    moved = {} if flat else {"x": "over(slope, scale)", "loc": "-over(slope, scale)"}
    moved["scale"] = "-1.0 / scale" if flat else "-(z * slope + 1.0) / scale"
    moved |= {a: log_density for a, (log_density, _) in shapes.items()}
    rule(f"y = {fn}.logpdf(x, {rest})", **{a: kept(text) for a, text in moved.items()}, **z_of("x"))
    rule(f"y = {fn}.pdf(x, {rest})", **{a: f"y * ({text})" for a, text in moved.items()}, **z_of("x"))
    density, logarithm = f"{fn}.pdf(x, {given})", f"{fn}.logpdf(x, {given})"
    for of, sign in (("cdf", ""), ("sf", "-")):
        total = {"x": "f", "loc": "-f", "scale": "-t * f"} | {a: kept(text) for a, (_, text) in shapes.items()}
        rule(f"y = {fn}.{of}(x, {rest})", f=density, **{a: f"{sign}({text})" for a, text in total.items()}, **z_of("x"))
        total |= {a: f"{text} * np.exp(-m)" for a, text in total.items() if a in shapes}
        rule(f"y = {fn}.log{of}(x, {rest})", f=f"np.exp({logarithm} - m)", m="where(y == -1e400, 0.0, y)",
             **{a: f"{sign}({text})" for a, text in total.items()}, **z_of("x"))
    for of, sign in (("ppf", ""), ("isf", "-")):
        rule(f"y = {fn}.{of}(q, {rest})", f=f"{fn}.pdf(y, {given})", q=f"{sign}1.0 / f", loc="1", scale="t",
             **{a: f"-{text} / f" for a, (_, text) in shapes.items()}, **z_of("y"))


def counting(name: str, inside: str = "t >= 0", **shapes: tuple[str, str]) -> None:
    """Declare the functions of a distribution of whole numbers; t is the number less loc, z at least 0."""
    fn = f"scipy.stats.{name}"
    rest = ", ".join([*shapes, "loc=loc"])
    whole: dict[str, Any] = {"t": "standard(x, loc, None)", "inside": f"(t == np.floor(t)) & ({inside})",
                             "z": "np.floor(where(inside, t, 1.0))", "result": doubles, "flags": "method"}
    rule(f"y = {fn}.logpmf(x, {rest})", **{a: f"where(inside, {text}, 0.0)" for a, (text, _) in shapes.items()}, **whole)
    rule(f"y = {fn}.pmf(x, {rest})", **{a: f"y * ({text})" for a, (text, _) in shapes.items()}, **whole)
    whole |= {"inside": inside}
    for of, sign in (("cdf", ""), ("sf", "-")):
        total = {a: f"where(inside, {text}, 0.0)" for a, (_, text) in shapes.items()}
        rule(f"y = {fn}.{of}(x, {rest})", **{a: f"{sign}({text})" for a, text in total.items()}, **whole)
        rule(f"y = {fn}.log{of}(x, {rest})", m="where(y == -1e400, 0.0, y)",
             **{a: f"{sign}({text}) * np.exp(-m)" for a, text in total.items()}, **whole)


# On the whole line.
distribution("norm", "-z")
distribution("cauchy", "-2.0 * z / (1.0 + z * z)")
distribution("laplace", "-np.sign(z)")
distribution("logistic", "-np.tanh(0.5 * z)")
distribution("gumbel_r", "np.exp(-z) - 1.0")
distribution("gumbel_l", "1.0 - np.exp(z)")
distribution("t", "-(df + 1.0) * z / (df + z * z)",
             df=("0.5 * (scipy.special.psi(0.5 * df + 0.5) - scipy.special.psi(0.5 * df) - 1.0 / df - np.log1p(z**2 / df)"
                 " + (df + 1.0) * z**2 / (df * (df + z * z)))", "stdtr_df(df, z)"))
distribution("vonmises", "-kappa * np.sin(z)",
             kappa=("np.cos(z) - scipy.special.i1e(kappa) / scipy.special.i0e(kappa)",
                    "no_formula('scipy.stats.vonmises.cdf', 'kappa')"))

# On the positive half-line.
distribution("expon", "-1.0", "t >= 0")
distribution("halfnorm", "-z", "t >= 0")
distribution("halfcauchy", "-2.0 * z / (1.0 + z * z)", "t >= 0")
distribution("rayleigh", "1.0 / z - z", "t > 0")
distribution("maxwell", "2.0 / z - z", "t > 0")
distribution("lognorm", "-(1.0 + np.log(z) / s**2) / z", "t > 0", s=(
    "((np.log(z) / s) ** 2 - 1.0) / s", "-np.log(z) / s**2 * 0.3989422804014327 * np.exp(-0.5 * (np.log(z) / s) ** 2)"))
distribution("gamma", "(a - 1.0) / z - 1.0", "t > 0", a=("np.log(z) - scipy.special.psi(a)", "gammainc_a(a, z)"))
distribution("invgamma", "(1.0 / z - a - 1.0) / z", "t > 0", a=(
    "-np.log(z) - scipy.special.psi(a)", "-gammainc_a(a, 1.0 / z)"))
distribution("chi2", "(0.5 * df - 1.0) / z - 0.5", "t > 0", df=(
    "0.5 * (np.log(0.5 * z) - scipy.special.psi(0.5 * df))", "0.5 * gammainc_a(0.5 * df, 0.5 * z)"))
distribution("f", "(0.5 * dfn - 1.0) / z - 0.5 * (dfn + dfd) * dfn / (dfd + dfn * z)", "t > 0", dfn=(
    "0.5 * (np.log(dfn) + 1.0 + np.log(z) - np.log(dfd + dfn * z) - (dfn + dfd) * z / (dfd + dfn * z)"
    " - scipy.special.psi(0.5 * dfn) + scipy.special.psi(0.5 * (dfn + dfd)))", "fdtr_n(dfn, dfd, z)"), dfd=(
    "0.5 * (np.log(dfd) + 1.0 - np.log(dfd + dfn * z) - (dfn + dfd) / (dfd + dfn * z)"
    " - scipy.special.psi(0.5 * dfd) + scipy.special.psi(0.5 * (dfn + dfd)))", "fdtr_d(dfn, dfd, z)"))
distribution("weibull_min", "(c - 1.0 - c * z**c) / z", "t > 0", c=(
    "1.0 / c + np.log(z) - z**c * np.log(z)", "np.exp(-(z**c)) * z**c * np.log(z)"))
distribution("weibull_max", "(c - 1.0 - c * (-z) ** c) / z", "t < 0", "-1.0", c=(
    "1.0 / c + np.log(-z) - (-z) ** c * np.log(-z)", "-np.exp(-((-z) ** c)) * (-z) ** c * np.log(-z)"))
distribution("lomax", "-(c + 1.0) / (1.0 + z)", "t >= 0", c=(
    "1.0 / c - np.log1p(z)", "(1.0 + z) ** -c * np.log1p(z)"))
distribution("invgauss", "-1.5 / z - 0.5 / mu**2 + 0.5 / z**2", "t > 0", mu=(
    "(z - mu) / mu**3", "-2.0 / mu**2 * np.exp(2.0 / mu + scipy.special.log_ndtr(-(z / mu + 1.0) / np.sqrt(z)))"))

# On an interval, and above a bound.
distribution("uniform", "0.0", "(t >= 0) & (t <= 1)")
distribution("beta", "(a - 1.0) / z - (b - 1.0) / (1.0 - z)", "(t > 0) & (t < 1)", "0.5", a=(
    "np.log(z) - scipy.special.psi(a) + scipy.special.psi(a + b)", "betainc_a(a, b, z)"), b=(
    "np.log1p(-z) - scipy.special.psi(b) + scipy.special.psi(a + b)", "-betainc_a(b, a, 1.0 - z)"))
distribution("pareto", "-(b + 1.0) / z", "t >= 1", b=("1.0 / b - np.log(z)", "z**-b * np.log(z)"))
distribution("truncnorm", "-z", "(t >= a) & (t <= b)", "0.0", a=(
    "scipy.stats.truncnorm.pdf(a, a, b)", "-scipy.stats.truncnorm.pdf(a, a, b) * scipy.stats.truncnorm.sf(z, a, b)"), b=(
    "-scipy.stats.truncnorm.pdf(b, a, b)",
    "-scipy.stats.truncnorm.pdf(b, a, b) * scipy.stats.truncnorm.cdf(z, a, b)"))

# Of whole numbers.
counting("poisson", mu=("z / mu - 1.0", "-scipy.stats.poisson.pmf(z, mu)"))
counting("bernoulli", "(t >= 0) & (t <= 1)", p=("z / nonzero(p) - (1.0 - z) / nonzero(1.0 - p)", "z - 1.0"))
counting("binom", "(t >= 0) & (t <= n)", n=("no_formula('scipy.stats.binom', 'n')",) * 2, p=(
    "z / nonzero(p) - (n - z) / nonzero(1.0 - p)", "-(n - z) * scipy.stats.binom.pmf(z, n, p) / nonzero(1.0 - p)"))
counting("geom", "t >= 1", p=("1.0 / p - (z - 1.0) / (1.0 - p)", "z * (1.0 - p) ** (z - 1.0)"))
counting("nbinom", n=(
    "scipy.special.psi(z + n) - scipy.special.psi(n) + np.log(p)", "betainc_a(n, z + 1.0, p)"), p=(
    "n / p - z / (1.0 - p)", "beta_density(n, z + 1.0, p)"))
