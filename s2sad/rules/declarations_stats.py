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

Texts = dict[str, str]


def method(text: str, *parts: Texts) -> None:
    """Declare a method of a distribution."""
    merged: dict[str, Any] = {name: part for texts in parts for name, part in texts.items()}
    rule(text, result=doubles, flags="method", **merged)


def each(texts: Texts, form: str) -> Texts:
    """All texts put into a form."""
    return {name: form.format(text) for name, text in texts.items()}


def distribution(name: str, slope: str, inside: str = "", safe: str = "1.0", shared: Texts | None = None,
                 log_cdf: Texts | None = None, log_sf: Texts | None = None, **shapes: tuple[str, str]) -> None:
    """Declare the functions of a continuous distribution; ``safe`` is a point of the support.

    Where quotients like f / F lose digits, ``log_cdf`` and ``log_sf`` are the derivatives of log F and log(1 - F) by z
    and the shape parameters.
    """
    fn = f"scipy.stats.{name}"
    rest, given = (", ".join([*shapes, *more]) for more in (("loc=loc", "scale=scale"), ("loc", "scale")))
    kept = "where(inside, {}, 0.0)" if inside else "{}"

    def z_of(x: str) -> Texts:
        z = f"where(inside, t, {safe})" if inside else "t"
        texts = {"t": f"standard({x}, loc, scale)", "z": z, "slope": slope} | ({"inside": inside} if inside else {})
        return texts | (shared or {})

    flat = slope == "0.0"
    moved = {} if flat else {"x": "per_scale(slope, scale)", "loc": "-per_scale(slope, scale)"}
    moved["scale"] = "-1.0 / scale" if flat else "-(z * slope + 1.0) / scale"
    moved |= {a: text for a, (text, _) in shapes.items()}
    method(f"y = {fn}.logpdf(x, {rest})", each(moved, kept), z_of("x"))
    method(f"y = {fn}.pdf(x, {rest})", each(moved, "y * ({})"), z_of("x"))
    line, bent = {"x": "f", "loc": "-f", "scale": "-t * f"}, {a: text for a, (_, text) in shapes.items()}
    for of, sign in (("cdf", "{}"), ("sf", "-({})")):
        method(f"y = {fn}.{of}(x, {rest})", each(line | each(bent, kept), sign), {"f": f"{fn}.pdf(x, {given})"},
               z_of("x"))
        logs = log_cdf if of == "cdf" else log_sf
        if logs is None:
            method(f"y = {fn}.log{of}(x, {rest})", each(line | each(bent, f"{kept} * np.exp(-low)"), sign),
                   {"f": f"np.exp({fn}.logpdf(x, {given}) - low)", "low": "where(y == -1e400, 0.0, y)"}, z_of("x"))
        else:
            direct = {"x": "per_scale(rate, scale)", "loc": "-per_scale(rate, scale)", "scale": "-z * rate / scale"}
            method(f"y = {fn}.log{of}(x, {rest})", each(direct | {a: logs[a] for a in shapes}, kept),
                   {"rate": logs["z"]}, z_of("x"))
    for of, sign in (("ppf", ""), ("isf", "-")):
        method(f"y = {fn}.{of}(q, {rest})", {"q": f"{sign}1.0 / f", "loc": "1", "scale": "t"}, each(bent, "-({}) / f"),
               {"f": f"{fn}.pdf(y, {given})"}, z_of("y"))


def counting(name: str, inside: str = "t >= 0", **shapes: tuple[str, str]) -> None:
    """Declare the functions of a distribution of whole numbers; t is the number less loc, z one of the support."""
    fn = f"scipy.stats.{name}"
    rest = ", ".join([*shapes, "loc=loc"])
    z, kept = {"t": "standard(x, loc, None)", "z": "np.floor(where(inside, t, 1.0))"}, "where(inside, {}, 0.0)"
    at_whole, up_to = {"inside": f"(t == np.floor(t)) & ({inside})"}, {"inside": inside}
    mass, total = {a: text for a, (text, _) in shapes.items()}, {a: text for a, (_, text) in shapes.items()}
    method(f"y = {fn}.logpmf(x, {rest})", each(mass, kept), z, at_whole)
    method(f"y = {fn}.pmf(x, {rest})", each(mass, "y * ({})"), z, at_whole)
    for of, sign in (("cdf", "{}"), ("sf", "-({})")):
        method(f"y = {fn}.{of}(x, {rest})", each(each(total, kept), sign), z, up_to)
        method(f"y = {fn}.log{of}(x, {rest})", each(each(total, f"{kept} * np.exp(-low)"), sign), z, up_to,
               {"low": "where(y == -1e400, 0.0, y)"})


# On the whole line.
distribution("norm", "-z", log_cdf={"z": "0.7978845608028654 / scipy.special.erfcx(-0.7071067811865476 * z)"},
             log_sf={"z": "-0.7978845608028654 / scipy.special.erfcx(0.7071067811865476 * z)"})
distribution("cauchy", "-2.0 * z / (1.0 + z * z)")
distribution("laplace", "-np.sign(z)")
distribution("logistic", "-np.tanh(0.5 * z)", log_cdf={"z": "scipy.special.expit(-z)"},
             log_sf={"z": "-scipy.special.expit(z)"})
distribution("gumbel_r", "np.exp(-z) - 1.0", log_cdf={"z": "np.exp(-z)"})
distribution("gumbel_l", "1.0 - np.exp(z)", log_sf={"z": "-np.exp(z)"})
distribution("hypsecant", "-np.tanh(z)")
distribution("moyal", "0.5 * (np.exp(-z) - 1.0)")
distribution("loggamma", "c - np.exp(z)", c=("z - scipy.special.psi(c)", "gammainc_a(c, np.exp(z))"))
distribution("skewnorm", "a * np.exp(-0.5 * (a * z) ** 2 - scipy.special.log_ndtr(a * z)) * 0.3989422804014327 - z",
             a=("z * np.exp(-0.5 * (a * z) ** 2 - scipy.special.log_ndtr(a * z)) * 0.3989422804014327",
                "-0.3183098861837907 * np.exp(-0.5 * z**2 * (1.0 + a**2)) / (1.0 + a**2)"))
distribution("t", "-(df + 1.0) * z / (df + z * z)",
             df=("0.5 * (scipy.special.psi(0.5 * df + 0.5) - scipy.special.psi(0.5 * df) - 1.0 / df"
                 " - np.log1p(z**2 / df) + (df + 1.0) * z**2 / (df * (df + z * z)))", "stdtr_df(df, z)"))
distribution("johnsonsu", "-(z / r + b * w) / r", a=("-w", "0.3989422804014327 * np.exp(-0.5 * w**2)"), b=(
    "1.0 / b - w * np.arcsinh(z)", "0.3989422804014327 * np.exp(-0.5 * w**2) * np.arcsinh(z)"),
    shared={"w": "a + b * np.arcsinh(z)", "r": "np.sqrt(1.0 + z**2)"})
distribution("gennorm", "-beta * np.abs(z) ** (beta - 1.0) * np.sign(z)", beta=(
    "1.0 / beta + scipy.special.psi(1.0 / beta) / beta**2 - w * l",
    "0.5 * np.sign(z) * (gamma_density(1.0 / beta, w) * w * l - gammainc_a(1.0 / beta, w) / beta**2)"),
    shared={"w": "np.abs(nonzero(z)) ** beta", "l": "np.log(nonzero(np.abs(z)))"})
distribution("exponnorm", "m - 1.0 / K", K=(
    "(z + m - 1.0 / K) / K**2 - 1.0 / K", "-scipy.stats.exponnorm.pdf(z, K) * (z + m - 1.0 / K) / K"),
    shared={"m": "0.3989422804014327 * np.exp(-0.5 * w**2 - scipy.special.log_ndtr(w))", "w": "z - 1.0 / K"})
distribution("genextreme", "(v + c - 1.0) / u", "1.0 - c * t > 0", "0.0", c=(
    "(1.0 - v) * d + z / u", "-np.exp(-v) * v * d"), shared={
    "u": "1.0 - c * z", "v": "np.exp(-z * logrel(-c * z))", "d": "z**2 * slope_of_logrel(-c * z)"},
    log_cdf={"z": "v / u", "c": "-v * d"})
distribution("vonmises", "-kappa * np.sin(z)",
             kappa=("np.cos(z) - scipy.special.i1e(kappa) / scipy.special.i0e(kappa)",
                    "no_formula('scipy.stats.vonmises.cdf', 'kappa')"))

# On the positive half-line.
distribution("expon", "-1.0", "t >= 0", log_sf={"z": "-1.0"})
distribution("halfnorm", "-z", "t >= 0",
             log_sf={"z": "-0.7978845608028654 / scipy.special.erfcx(0.7071067811865476 * z)"})
distribution("halfcauchy", "-2.0 * z / (1.0 + z * z)", "t >= 0")
distribution("rayleigh", "1.0 / z - z", "t > 0", log_sf={"z": "-z"})
distribution("maxwell", "2.0 / z - z", "t > 0")
distribution("lognorm", "-(1.0 + np.log(z) / s**2) / z", "t > 0", s=(
    "((np.log(z) / s) ** 2 - 1.0) / s", "-np.log(z) / s**2 * 0.3989422804014327 * np.exp(-0.5 * (np.log(z) / s) ** 2)"),
    shared={"w": "0.7071067811865476 * np.log(z) / s"}, log_cdf={
    "z": "0.7978845608028654 / (scipy.special.erfcx(-w) * s * z)",
    "s": "-0.7978845608028654 * np.log(z) / (scipy.special.erfcx(-w) * s**2)"}, log_sf={
    "z": "-0.7978845608028654 / (scipy.special.erfcx(w) * s * z)",
    "s": "0.7978845608028654 * np.log(z) / (scipy.special.erfcx(w) * s**2)"})
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
    "1.0 / c + np.log(z) - z**c * np.log(z)", "np.exp(-(z**c)) * z**c * np.log(z)"),
    log_sf={"z": "-c * z ** (c - 1.0)", "c": "-(z**c) * np.log(z)"})
distribution("weibull_max", "(c - 1.0 - c * (-z) ** c) / z", "t < 0", "-1.0", c=(
    "1.0 / c + np.log(-z) - (-z) ** c * np.log(-z)", "-np.exp(-((-z) ** c)) * (-z) ** c * np.log(-z)"),
    log_cdf={"z": "c * (-z) ** (c - 1.0)", "c": "-((-z) ** c) * np.log(-z)"})
distribution("lomax", "-(c + 1.0) / (1.0 + z)", "t >= 0", c=(
    "1.0 / c - np.log1p(z)", "(1.0 + z) ** -c * np.log1p(z)"), log_sf={"z": "-c / (1.0 + z)", "c": "-np.log1p(z)"})
distribution("invgauss", "-1.5 / z - 0.5 / mu**2 + 0.5 / z**2", "t > 0", mu=(
    "(z - mu) / mu**3", "-2.0 / mu**2 * np.exp(2.0 / mu + scipy.special.log_ndtr(-(z / mu + 1.0) / np.sqrt(z)))"))
distribution("chi", "(df - 1.0) / z - z", "t > 0", df=(
    "np.log(z) - 0.34657359027997264 - 0.5 * scipy.special.psi(0.5 * df)", "0.5 * gammainc_a(0.5 * df, 0.5 * z**2)"))
distribution("erlang", "(a - 1.0) / z - 1.0", "t > 0", a=("np.log(z) - scipy.special.psi(a)", "gammainc_a(a, z)"))
distribution("fisk", "((c - 1.0) - (c + 1.0) * z**c) / (z * (1.0 + z**c))", "t > 0", c=(
    "1.0 / c + np.log(z) * (1.0 - z**c) / (1.0 + z**c)", "np.log(z) * z**c / (1.0 + z**c) ** 2"))
distribution("levy", "(0.5 / z - 1.5) / z", "t > 0")
distribution("nakagami", "(2.0 * nu - 1.0) / z - 2.0 * nu * z", "t > 0", nu=(
    "np.log(nu) + 1.0 - scipy.special.psi(nu) + 2.0 * np.log(z) - z**2",
    "gammainc_a(nu, nu * z**2) + z**2 * gamma_density(nu, nu * z**2)"))
distribution("betaprime", "(a - 1.0) / z - (a + b) / (1.0 + z)", "t > 0", a=(
    "np.log(z) - np.log1p(z) - scipy.special.psi(a) + scipy.special.psi(a + b)", "betainc_a(a, b, z / (1.0 + z))"), b=(
    "-np.log1p(z) - scipy.special.psi(b) + scipy.special.psi(a + b)", "-betainc_a(b, a, 1.0 / (1.0 + z))"))
distribution("gompertz", "1.0 - c * np.exp(z)", "t >= 0", c=(
    "1.0 / c - np.expm1(z)", "np.exp(-c * np.expm1(z)) * np.expm1(z)"),
    log_sf={"z": "-c * np.exp(z)", "c": "-np.expm1(z)"})
distribution("burr12", "(c - 1.0 - (d + 1.0) * c * z**c / (1.0 + z**c)) / z", "t > 0", c=(
    "1.0 / c + np.log(z) * (1.0 - (d + 1.0) * z**c / (1.0 + z**c))",
    "d * (1.0 + z**c) ** (-d - 1.0) * z**c * np.log(z)"), d=(
    "1.0 / d - np.log1p(z**c)", "(1.0 + z**c) ** -d * np.log1p(z**c)"), log_sf={
    "z": "-d * c * z ** (c - 1.0) / (1.0 + z**c)", "c": "-d * z**c * np.log(z) / (1.0 + z**c)", "d": "-np.log1p(z**c)"})
distribution("genpareto", "-(1.0 + c) / (1.0 + c * z)", "(t >= 0) & (1.0 + c * t > 0)", "0.0", c=(
    "-z / (1.0 + c * z) - z**2 * slope_of_logrel(c * z)", "np.exp(-z * logrel(c * z)) * z**2 * slope_of_logrel(c * z)"),
    log_sf={"z": "-1.0 / (1.0 + c * z)", "c": "-(z**2) * slope_of_logrel(c * z)"})
distribution("rice", "1.0 / z - z + b * r", "t > 0", b=(
    "z * r - b", "-z * np.exp(-0.5 * (z - b) ** 2) * scipy.special.i1e(b * z)"), shared={
    "r": "scipy.special.i1e(b * z) / scipy.special.i0e(b * z)"})
distribution("foldnorm", "c * np.tanh(c * z) - z", "t >= 0", c=(
    "z * np.tanh(c * z) - c", "0.3989422804014327 * (np.exp(-0.5 * (z + c) ** 2) - np.exp(-0.5 * (z - c) ** 2))"))

# On an interval, and above a bound.
distribution("uniform", "0.0", "(t >= 0) & (t <= 1)")
distribution("beta", "(a - 1.0) / z - (b - 1.0) / (1.0 - z)", "(t > 0) & (t < 1)", "0.5", a=(
    "np.log(z) - scipy.special.psi(a) + scipy.special.psi(a + b)", "betainc_a(a, b, z)"), b=(
    "np.log1p(-z) - scipy.special.psi(b) + scipy.special.psi(a + b)", "-betainc_a(b, a, 1.0 - z)"))
distribution("powerlaw", "(a - 1.0) / z", "(t > 0) & (t <= 1)", "0.5", log_cdf={"z": "a / z", "a": "np.log(z)"},
             a=("1.0 / a + np.log(z)", "z**a * np.log(z)"))
distribution("loguniform", "-1.0 / z", "(t >= a) & (t <= b)", "a", shared={"l": "np.log(b / a)"},
             a=("1.0 / (a * l)", "(np.log(z / a) / l - 1.0) / (a * l)"),
             b=("-1.0 / (b * l)", "-np.log(z / a) / (b * l**2)"))
distribution("triang", "where(z < c, 1.0 / z, -1.0 / (1.0 - z))", "(t > 0) & (t < 1)", "0.5", c=(
    "where(z < c, -1.0 / c, 1.0 / (1.0 - c))", "where(z < c, -((z / c) ** 2), -(((1.0 - z) / (1.0 - c)) ** 2))"))
distribution("arcsine", "(z - 0.5) / (z * (1.0 - z))", "(t > 0) & (t < 1)", "0.5")
distribution("pareto", "-(b + 1.0) / z", "t >= 1", b=("1.0 / b - np.log(z)", "z**-b * np.log(z)"),
             log_sf={"z": "-b / z", "b": "-np.log(z)"})
distribution("truncnorm", "-z", "(t >= a) & (t <= b)", "0.0", a=(
    "scipy.stats.truncnorm.pdf(a, a, b)",
    "-scipy.stats.truncnorm.pdf(a, a, b) * scipy.stats.truncnorm.sf(z, a, b)"), b=(
    "-scipy.stats.truncnorm.pdf(b, a, b)",
    "-scipy.stats.truncnorm.pdf(b, a, b) * scipy.stats.truncnorm.cdf(z, a, b)"))

# Of whole numbers.
counting("poisson", mu=("z / where(z == 0, 1.0, mu) - 1.0", "-scipy.stats.poisson.pmf(z, mu)"))
counting("bernoulli", "(t >= 0) & (t <= 1)", p=("z / nonzero(p) - (1.0 - z) / nonzero(1.0 - p)", "z - 1.0"))
counting("binom", "(t >= 0) & (t <= n)", n=("no_formula('scipy.stats.binom', 'n')",) * 2, p=(
    "z / nonzero(p) - (n - z) / nonzero(1.0 - p)", "-(n - z) * scipy.stats.binom.pmf(z, n, p) / nonzero(1.0 - p)"))
counting("geom", "t >= 1", p=("1.0 / p - (z - 1.0) / (1.0 - p)", "z * (1.0 - p) ** (z - 1.0)"))
counting("nbinom", n=(
    "scipy.special.psi(z + n) - scipy.special.psi(n) + np.log(p)", "betainc_a(n, z + 1.0, p)"), p=(
    "n / p - z / (1.0 - p)", "beta_density(n, z + 1.0, p)"))
counting("betabinom", "(t >= 0) & (t <= n)", n=("no_formula('scipy.stats.betabinom', 'n')",) * 2, a=(
    "scipy.special.psi(z + a) - scipy.special.psi(n + a + b) - scipy.special.psi(a) + scipy.special.psi(a + b)",
    "no_formula('scipy.stats.betabinom.cdf', 'a')"), b=(
    "scipy.special.psi(n - z + b) - scipy.special.psi(n + a + b) - scipy.special.psi(b) + scipy.special.psi(a + b)",
    "no_formula('scipy.stats.betabinom.cdf', 'b')"))
