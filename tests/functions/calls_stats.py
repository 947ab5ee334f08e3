"""Calls of the distributions of `scipy.stats`: densities to second order, the rest to the first in some parameters."""

from __future__ import annotations

# For each distribution: values in its support, values of its shape parameters that are numbers, and some that move.
ANY, POSITIVE = ("{}", "3.0 * Q", "q"), ("{}", "2.0 * A", "T")
CONTINUOUS: dict[str, tuple[tuple[str, ...], str, str]] = {
    **dict.fromkeys(("norm", "cauchy", "laplace", "logistic", "gumbel_r", "gumbel_l", "hypsecant",
                     "moyal"), (ANY, "", "")),
    **dict.fromkeys(("expon", "halfnorm", "halfcauchy", "rayleigh", "maxwell", "levy"), (POSITIVE, "", "")),
    "t": (ANY, "2.5", "y"), "vonmises": (ANY, "1.5", "y"),
    "lognorm": (POSITIVE, "0.7", "y"), "gamma": (POSITIVE, "2.5", "y"), "invgamma": (POSITIVE, "2.5", "y"),
    "chi2": (POSITIVE, "3", "y"), "f": (POSITIVE, "3.0, 4.0", "2.0 * y, 1.0 + z"),
    "weibull_min": (POSITIVE, "1.7", "y"), "weibull_max": (("-{}", "-2.0 * A", "-T"), "1.7", "y"),
    "chi": (POSITIVE, "2.5", "1.0 + y"), "erlang": (POSITIVE, "3", "2.0 + 0.0 * y"), "fisk": (POSITIVE, "2.5", "y"),
    "nakagami": (POSITIVE, "2.5", "y"), "betaprime": (POSITIVE, "2.0, 3.0", "y, z"), "gompertz": (POSITIVE, "0.7", "y"),
    "burr12": (POSITIVE, "2.0, 1.5", "y, 1.0 + z"), "loggamma": (ANY, "2.5", "y"), "skewnorm": (ANY, "1.5", "y"),
    "johnsonsu": (ANY, "0.5, 1.5", "y - 0.5, z"), "gennorm": (ANY, "2.5", "1.0 + y"), "exponnorm": (ANY, "1.5", "y"),
    "genextreme": (("0.6 * {}", "0.3 * Q", "q"), "0.3", "0.3 * y"), "genpareto": (POSITIVE, "0.3", "0.5 * y"),
    "rice": (POSITIVE, "1.5", "y"), "foldnorm": (POSITIVE, "1.5", "y"),
    "loguniform": (("{}", "A", "T"), "0.05, 3.0", "0.02 * y, 4.0 + z"),
    "triang": (("0.6 * {}", "0.5 * A", "0.4 * T"), "0.45", "0.4 * y"),
    "powerlaw": (("0.6 * {}", "0.5 * A", "0.4 * T"), "1.5", "y"),
    "arcsine": (("0.6 * {}", "0.5 * A", "0.4 * T"), "", ""),
    "lomax": (POSITIVE, "1.7", "y"), "invgauss": (POSITIVE, "1.7", "y"),
    "uniform": (("0.6 * {}", "0.5 * A", "0.4 * T"), "", ""),
    "beta": (("0.6 * {}", "0.5 * A", "0.4 * T"), "2.0, 1.5", "y, 1.0 + z"),
    "pareto": (("1.5 + {}", "2.0 + A", "1.0 + T"), "1.7", "y"),
    "truncnorm": (("{} - 1.0", "A - 0.5", "q"), "-1.5, 2.0", "-1.0 - y, 1.0 + z"),
}
# Where the second derivative by a parameter has no formula, or the first one.
FIRST = ("t", "gamma", "invgamma", "chi2", "f", "beta", "chi", "erlang", "nakagami", "betaprime", "loggamma",
         "gennorm")
NONE = ("vonmises",)
COUNTING = {"poisson": "y", "bernoulli": "0.6 * y", "binom": "4, 0.6 * y", "geom": "0.6 * y",
            "nbinom": "x, 0.6 * y"}

CALLS: dict[str, list[str]] = {}
FIRST_ORDER: set[str] = set()


def add(spelling: str, *arguments: str) -> None:
    CALLS[spelling] = [f"{spelling}({', '.join(filter(None, a.split(' | ')))})" for a in arguments]


for name, ((one, two, three), fixed, moving) in CONTINUOUS.items():
    fn = f"scipy.stats.{name}"
    x, v, v4 = (one.format(sample) for sample in ("x", "v", "v4"))
    shape = fixed if name in NONE else moving
    low = "0.9 - 2.0 * x" if name == "pareto" else "0.1 * x" if name == "weibull_max" else "-0.1 * x"
    for method in ("logpdf", "pdf"):
        add(f"{fn}.{method}", f"{x} | {fixed}", f"{v} | {moving} | {low} | 1.5 + z", f"{v4} | {fixed} | scale=1.5",
            f"{two} | {moving} | scale=1.5 + C", f"{three} | {fixed} | loc=-0.01")
    for method in ("cdf", "sf", "logcdf", "logsf"):
        add(f"{fn}.{method}", f"{v} | {fixed} | {low} | 1.5 + z", f"{two} | {shape} | scale=1.5 + C")
    for method in ("ppf", "isf"):
        add(f"{fn}.{method}", f"0.6 * v | {fixed} | {low} | 1.5 + z", f"0.5 * A | {shape} | scale=1.5 + C")
    for method in ("cdf", "sf", "logcdf", "logsf", "ppf", "isf"):
        FIRST_ORDER |= {CALLS[f"{fn}.{method}"][1]} if name in FIRST else set()
for name, moving in COUNTING.items():
    one, few, many = ("1", "k % 2", "K % 2") if name == "bernoulli" else ("1", "k + 1", "K + 1")
    for method in ("logpmf", "pmf", "cdf", "sf", "logcdf", "logsf"):
        spelling = f"scipy.stats.{name}.{method}"
        if (name, method) == ("bernoulli", "logsf"):
            one, few, many = "0", "0 * k", "0 * K"
        wide = moving.replace("y", "0.5 * R")
        add(spelling, f"{one} | {moving}", f"{few} | {moving}", f"{many} | {wide}", f"{few} + 1 | {moving} | loc=1")
        FIRST_ORDER |= set(CALLS[spelling]) if name == "nbinom" and "f" in method else set()
CALLS["scipy.stats.norm"] = [
    "(x, y).logpdf(v)", "(loc=x, scale=y).cdf(A)", "().pdf(v)", "(v, scale=w).ppf(0.5 * R)", "(0.5).sf(x)",
    "d = scipy.stats.norm(x, y)\ntotal = 0.0\nfor t in v:\n    total += d.logpdf(t)\nreturn total"]
CALLS["scipy.stats.gamma"] = ["(y, scale=x).logpdf(v)", "(a=y).pdf(A)", "(2.5, 0.0, y).logpdf(x)",
                              "(y, -x, 2.0).logsf(0.5)"]
FIRST_ORDER |= {"(y, -x, 2.0).logsf(0.5)"}
CALLS["scipy.stats.poisson"] = ["(y).logpmf(k)", "(mu=v).pmf(2)", "(x + y).cdf(K)", "(v, 1).logpmf(k + 1)"]
add("scipy.stats.betabinom.logpmf", "1 | 4, x, y", "k | 3, v, w", "K | 4, C, R", "k + 1 | 4, v, 1.5 | loc=1")
add("scipy.stats.betabinom.pmf", "1 | 4, x, y", "k | 3, v, w", "K | 4, C, R", "k + 1 | 4, v, 1.5 | loc=1")
CALLS["scipy.stats.genextreme"] = ["(0.0).logpdf(v)", "(0.0 * x).pdf(v)", "(0.0 * x).cdf(q)", "(1e-5 * x).logpdf(v)"]
CALLS["scipy.stats.genpareto"] = ["(0.0).logpdf(v)", "(0.0 * x).pdf(v)", "(0.0 * x).cdf(v)", "(-0.3).logpdf(v)"]
ZERO = [
    "scipy.stats.expon.logpdf(-v)", "scipy.stats.gamma.pdf(-v, y)", "scipy.stats.uniform.logpdf(v + 1.0)",
    "scipy.stats.beta.logpdf(1.0 + v, y, z)", "scipy.stats.pareto.cdf(0.5 * v, y)",
    "scipy.stats.lognorm.logcdf(-v, y)", "scipy.stats.weibull_min.logpdf(-v, y)", "scipy.stats.poisson.logpmf(-1, y)",
    "scipy.stats.poisson.logpmf(0.5, y)", "scipy.stats.truncnorm.logpdf(3.0 + v, -1.0, 2.0)",
    "scipy.stats.binom.pmf(7, 5, 0.5 * y)"]
REFUSED = {
    "scipy.stats.vonmises.cdf(x, y)": "no formula for the derivative of scipy.stats.vonmises.cdf by 'kappa'",
    "scipy.stats.binom.logpmf(2, 3.0 + x, 0.5)": "no formula for the derivative of scipy.stats.binom by 'n'",
}
