"""Statistics of samples in `scipy.stats`, and densities of vectors.

A statistic y of a sample a has the tangent Σ w a_dot along its axes, and the adjoint w y_bar.  With d = a - mean(a),
m_k = mean(d^k), z = d / √m_2:

    m_k                      w = k (d^(k-1) - m_(k-1)) / n
    skew = m_3 / m_2^1.5     w = 3 (z² - 1 - skew z) / (n √m_2)
    kurt = m_4 / m_2²        w = 4 (z³ - skew - kurt z) / (n √m_2)
"""

from __future__ import annotations

from typing import Any

from s2sad.rules.declare import general
from s2sad.rules.infer_special import floats
from s2sad.rules.infer_stats import log_density, log_simplex, of_counts, statistic, statistics_of


def sample(text: str, w: str, **shared: str) -> None:
    """Declare a statistic of ``a`` by its weights."""
    texts: dict[str, Any] = {
        "w": w, "n": "count(a, axis)", "d": "a - np.mean(a, axis=axis, keepdims=True)",
        "m2": "np.mean(d**2, axis=axis, keepdims=True)", "r": "spread(y, a, axis, keepdims)",
        "y_dot_a": "np.sum(w * a_dot, axis=axis, keepdims=keepdims)", "a_bar": "spread(y_bar, a, axis, keepdims) * w",
        "flags": "broadcasting", "result": statistic} | shared
    general(f"y = scipy.stats.{text}", **texts)


sample("gmean(a, axis=0, dtype=None, weights=weights, nan_policy='propagate', keepdims=False)",
       "r / a / n if weights is None else r / a * weights / total",
       y_dot_weights="np.sum(v * weights_dot, axis=axis, keepdims=keepdims)",
       total="np.sum(weights, axis=axis, keepdims=True)", v="r * (np.log(a) - np.log(r)) / total",
       weights_bar="spread(y_bar, a, axis, keepdims) * v")
sample("hmean(a, axis=0, dtype=None, weights=weights, nan_policy='propagate', keepdims=False)",
       "(r / a) ** 2 / n if weights is None else (r / a) ** 2 * weights / total",
       y_dot_weights="np.sum(v * weights_dot, axis=axis, keepdims=keepdims)",
       total="np.sum(weights, axis=axis, keepdims=True)", v="r * (1.0 - r / a) / total",
       weights_bar="spread(y_bar, a, axis, keepdims) * v")
sample("pmean(a, p=1, axis=0, dtype=None, nan_policy='propagate', keepdims=False)", "(a / r) ** (p - 1) / n")
sample("moment(a, order=1, axis=0, nan_policy='propagate', center=None, keepdims=False)",
       "0.0 * a if order == 1 else order / n * (e - np.mean(e, axis=axis, keepdims=True))", e="d ** (order - 1)")
sample("sem(a, axis=0, ddof=1, nan_policy='propagate', keepdims=False)", "d / (n * (n - ddof) * nonzero(r))")
sample("gstd(a, axis=0, ddof=1, keepdims=False, nan_policy='propagate')", "r * l / ((n - ddof) * np.log(r) * a)",
       l="np.log(a) - np.mean(np.log(a), axis=axis, keepdims=True)")
sample("variation(a, axis=0, nan_policy='propagate', ddof=0, keepdims=False)",
       "r / n * (d / m2 - 1.0 / np.mean(a, axis=axis, keepdims=True))")
sample("skew(a, axis=0, bias=True, nan_policy='propagate', keepdims=False)",
       "w1 if bias == True else np.sqrt(n * (n - 1.0)) / (n - 2.0) * w1", s="np.sqrt(m2)", z="d / s",
       w1="3.0 * (z**2 - 1.0 - np.mean(z**3, axis=axis, keepdims=True) * z) / (n * s)")
sample("kurtosis(a, axis=0, fisher=True, bias=True, nan_policy='propagate', keepdims=False)",
       "w1 if bias == True else (n**2 - 1.0) / ((n - 2.0) * (n - 3.0)) * w1", s="np.sqrt(m2)", z="d / s",
       w1="4.0 * (z**3 - np.mean(z**3, axis=axis, keepdims=True) - np.mean(z**4, axis=axis, keepdims=True) * z)"
          " / (n * s)")
general("y = scipy.stats.zscore(a, axis=0, ddof=0, nan_policy='propagate')", result=floats, flags="real",
        s="np.std(a, axis=axis, ddof=ddof, keepdims=True)", n="count(a, axis) - ddof",
        y_dot="(a_dot - np.mean(a_dot, axis=axis, keepdims=True)"
              " - y * np.sum(y * a_dot, axis=axis, keepdims=True) / n) / s",
        a_bar="(y_bar - np.mean(y_bar, axis=axis, keepdims=True)"
              " - y * np.sum(y * y_bar, axis=axis, keepdims=True) / n) / s")
# S = -Σ p log(p), or Σ p log(p / q), of numbers that are divided by their sum; 0 log(0) = 0.
sample("entropy(a, qk=qk, base=None, axis=0, nan_policy='propagate', keepdims=False)",
       "unit * (-np.log(p) - r / unit) / total if qk is None else unit * (np.log(p / q) - r / unit) / total",
       y_dot_qk="np.sum(v * qk_dot, axis=axis, keepdims=keepdims)",
       unit="1.0 if base is None else 1.0 / np.log(base)", total="np.sum(a, axis=axis, keepdims=True)",
       p="a / total", q="qk / whole", whole="np.sum(qk, axis=axis, keepdims=True)",
       v="unit * (1.0 - p / q) / whole", qk_bar="spread(y_bar, a, axis, keepdims) * v")
general("y = scipy.stats.gzscore(a, axis=0, ddof=0, nan_policy='propagate')", result=floats, flags="real",
        t="a_dot / a",
        s="np.std(np.log(a), axis=axis, ddof=ddof, keepdims=True)", n="count(a, axis) - ddof",
        y_dot="(t - np.mean(t, axis=axis, keepdims=True) - y * np.sum(y * t, axis=axis, keepdims=True) / n) / s",
        a_bar="(y_bar - np.mean(y_bar, axis=axis, keepdims=True)"
              " - y * np.sum(y * y_bar, axis=axis, keepdims=True) / n) / (s * a)")


def two_samples(text: str, x: dict[str, str], y: dict[str, str], result: Any, **shared: str) -> None:
    """Declare statistics of ``x`` and ``y`` by the weights of each: w_dot = Σ wx x_dot + Σ wy y_dot."""
    texts: dict[str, Any] = {
        "xm": "x - np.mean(x, axis=axis, keepdims=True)", "xx": "np.sum(xm**2, axis=axis, keepdims=True)",
        "ym": "y - np.mean(y, axis=axis, keepdims=True)", "yy": "np.sum(ym**2, axis=axis, keepdims=True)"} | shared
    for name in x:
        texts |= {f"{name}_dot_x": f"np.sum(({x[name]}) * x_dot, axis=axis)",
                  f"{name}_dot_y": f"np.sum(({y[name]}) * y_dot, axis=axis)"}
    for operand, weights in (("x", x), ("y", y)):
        pairs = ", ".join(f"({name}_bar, {w})" for name, w in weights.items())
        texts[f"{operand}_bar"] = f"weighted_along(x, axis, {pairs})"
    general(text, result=result, flags="broadcasting", **texts)


# The probability p of a larger correlation has the slope -2 sign(r) (1 - r²)^(n/2 - 2) / B(1/2, n/2 - 1).
RX, RY = "(ym / yn - c * xm / xn) / xn", "(xm / xn - c * ym / yn) / yn"
PEARSON = {"xn": "np.sqrt(xx)", "yn": "np.sqrt(yy)", "c": "spread(r, x, axis)", "half": "0.5 * count(x, axis) - 1.0",
           "s": "-2.0 * np.sign(c) * (1.0 - c**2) ** (half - 1.0) * np.exp(-scipy.special.betaln(0.5, half))"}
two_samples("r, p = scipy.stats.pearsonr(x, y, alternative='two-sided', method=None, axis=0)",
            {"r": RX, "p": f"s * {RX}"}, {"r": RY, "p": f"s * {RY}"}, statistics_of(2), **PEARSON)
BX, BY = "(ym - 2.0 * b * xm) / xx", "xm / xx"
two_samples("b, a, r, p, e = scipy.stats.linregress(x, y, alternative='two-sided', axis=0)", {
    "b": BX, "a": f"-b / n - np.mean(x) * {BX}", "r": RX, "p": f"s * {RX}",
    "e": f"-(yy * xm / xx**2 + b * {BX}) / (e * (n - 2.0))"}, {
    "b": BY, "a": f"1.0 / n - np.mean(x) * {BY}", "r": RY, "p": f"s * {RY}",
    "e": f"(ym / xx - b * {BY}) / (e * (n - 2.0))"}, statistics_of(5), n="count(x, axis)", **PEARSON)

# Densities of vectors.  With u = S⁻¹(x - mean), S the lower triangle of cov and its mirror image,
#     ∂x = -u,   ∂mean = u,   ∂S = (u uᵀ - S⁻¹) / 2.
general("y = scipy.stats.multivariate_normal.logpdf(x, mean=mean, cov=cov, allow_singular=False)", result=log_density,
        flags="method broadcasting", u="whitened(x, mean, cov)",
        y_dot_x="-np.sum(u * x_dot, axis=-1)", y_dot_mean="np.sum(u * mean_dot, axis=-1)",
        y_dot_cov="along_cov(u, cov, cov_dot)", x_bar="-spread(y_bar, x, -1) * u",
        mean_bar="spread(y_bar, x, -1) * u", cov_bar="density_cov(u, cov, y_bar)")  # reads cov's lower triangle
general("y = scipy.stats.multivariate_normal.pdf(x, mean=mean, cov=cov, allow_singular=False)", result=log_density,
        flags="method broadcasting", u="whitened(x, mean, cov)",
        y_dot_x="-y * np.sum(u * x_dot, axis=-1)", y_dot_mean="y * np.sum(u * mean_dot, axis=-1)",
        y_dot_cov="y * along_cov(u, cov, cov_dot)", x_bar="-spread(y_bar * y, x, -1) * u",
        mean_bar="spread(y_bar * y, x, -1) * u", cov_bar="density_cov(u, cov, y_bar * y)")  # reads the lower triangle
# With m = (x - loc)ᵀ u and k = (df + d) / (df + m) the same of √k u, and ∂df.
STUDENT: dict[str, Any] = {
    "result": log_density, "flags": "method broadcasting", "u": "whitened(x, loc, shape)", "d": "count(x, -1)",
    "m": "np.sum(u * x if loc is None else u * (x - loc), axis=-1)", "k": "(df + d) / (df + m)",
    "ku": "spread(k, x, -1) * u", "root": "np.sqrt(spread(k, x, -1)) * u",
    "by_df": "0.5 * (scipy.special.psi(0.5 * (df + d)) - scipy.special.psi(0.5 * df) - d / df - np.log1p(m / df)"
             " + k * m / df)"}
for _of, _scale in (("logpdf", ""), ("pdf", "y * ")):
    general(f"y = scipy.stats.multivariate_t.{_of}(x, loc=loc, shape=shape, df=df)", **STUDENT,
            y_dot_x=f"-{_scale}np.sum(ku * x_dot, axis=-1)", y_dot_loc=f"{_scale}np.sum(ku * loc_dot, axis=-1)",
            y_dot_shape=f"{_scale}along_cov(root, shape, shape_dot)", y_dot_df=f"{_scale}by_df * df_dot",
            x_bar=f"-spread({_scale}y_bar, x, -1) * ku", loc_bar=f"spread({_scale}y_bar, x, -1) * ku",
            shape_bar=f"density_cov(root, shape, {_scale}y_bar)", df_bar=f"{_scale}y_bar * by_df")
general("y = scipy.stats.multinomial.logpmf(x, n, p)", result=of_counts, flags="method",
        y_dot_p="np.sum(g * p_dot)", p_bar="y_bar * g", g="x / nonzero(p) - x[-1] / p[-1]")  # the last p is the rest
general("y = scipy.stats.multinomial.pmf(x, n, p)", result=of_counts, flags="method",
        y_dot_p="y * np.sum(g * p_dot)", p_bar="y_bar * y * g", g="x / nonzero(p) - x[-1] / p[-1]")
general("y = scipy.stats.dirichlet.logpdf(x, alpha)", result=log_simplex, flags="method broadcasting",
        y_dot="np.sum(gx * x_dot, axis=0) + np.sum(ga * beside(alpha_dot, x), axis=0)", x_bar="y_bar * gx",
        alpha_bar="np.sum(y_bar * ga, axis=1) if rank_of(x) == 2 else y_bar * ga", gx="(beside(alpha, x) - 1.0) / x",
        ga="np.log(x) - beside(scipy.special.psi(alpha) - scipy.special.psi(np.sum(alpha)), x)")
general("y = scipy.stats.dirichlet.pdf(x, alpha)", result=log_simplex, flags="method broadcasting",
        y_dot="y * (np.sum(gx * x_dot, axis=0) + np.sum(ga * beside(alpha_dot, x), axis=0))", x_bar="y_bar * y * gx",
        alpha_bar="np.sum(y_bar * y * ga, axis=1) if rank_of(x) == 2 else y_bar * y * ga",
        gx="(beside(alpha, x) - 1.0) / x",
        ga="np.log(x) - beside(scipy.special.psi(alpha) - scipy.special.psi(np.sum(alpha)), x)")
