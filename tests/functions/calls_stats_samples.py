"""Calls of statistics of samples, and of densities of vectors."""

from __future__ import annotations

AXES = ["(v)", "(A)", "(A, axis=1)", "(T, axis=-1)", "(A, axis=None)", "(A, 1, keepdims=True)", "(W)"]
CALLS: dict[str, list[str]] = {
    "scipy.stats.gmean": [*AXES[:5], "(A, axis=1, keepdims=True)", "(A, weights=B)", "(v, weights=w)",
                          "(A, axis=1, weights=B)", "(A4)"],
    "scipy.stats.hmean": [*AXES[:5], "(A, axis=1, keepdims=True)", "(A, weights=B)", "(v, weights=w)",
                          "(A, axis=1, weights=B)", "(A4)"],
    "scipy.stats.pmean": ["(v, 2)", "(A, 3, axis=1)", "(A, 2.5)", "(A, 2, axis=None)", "(A4, 2)"],
    "scipy.stats.moment": ["(v, 2)", "(A, 3, axis=1)", "(W, order=4)", "(A, 2, axis=None)", "(A, 2, keepdims=True)",
                           "(v, 1)"],
    "scipy.stats.sem": [*AXES[:5], "(A, axis=1, ddof=0)", "(A, 0, 0)", "(A4, axis=1)", "(A, keepdims=True)"],
    "scipy.stats.gstd": ["(v)", "(A, axis=1)", "(W, ddof=0)", "(A, axis=None)"],
    "scipy.stats.variation": [*AXES[:5], "(A, axis=1, ddof=1)", "(A4, axis=1)"],
    "scipy.stats.skew": ["(v)", "(A, axis=1)", "(W, bias=False)", "(T, axis=-1)", "(A, axis=None)", "(T, 2, False)"],
    "scipy.stats.kurtosis": ["(u)", "(A, axis=1)", "(W, bias=False)", "(T, axis=-1)", "(A, axis=None)",
                             "(u, fisher=False)", "(T, 2, True, False)"],
    "scipy.stats.zscore": ["(v)", "(A, axis=1)", "(W, ddof=1)", "(T, axis=-1)", "(A, axis=None)", "(A4, axis=1)"],
    "scipy.stats.gzscore": ["(v)", "(A, axis=1)", "(W, ddof=1)", "(A, axis=None)"],
    "scipy.stats.linregress": [
        "(l, np.cos(3.0 * l))[0]", "b, a, r, p, e = scipy.stats.linregress(l, 1.0 / l)\nreturn b + a * r + p * e",
        "r = scipy.stats.linregress(l, np.cos(3.0 * l))\nreturn r.slope * x + r.intercept",
        "scipy.stats.linregress(u, np.sin(3.0 * u)).stderr"],
    "scipy.stats.entropy": ["(v)", "(A, axis=1)", "(v, w)", "(A, B, axis=1)", "(v, base=2)", "(A, qk=B, base=10.0)",
                            "(W, keepdims=True)"],
    "scipy.stats.pearsonr": ["(u, 1.0 + u**3)[0]", "r, p = scipy.stats.pearsonr(l, l[::-1].copy())\nreturn r + p",
                             "scipy.stats.pearsonr(l, np.cos(3.0 * l)).statistic", "(W, W**2 + W[::-1])[0]",
                             "scipy.stats.pearsonr(T, 1.0 / (T + T**3), axis=2).pvalue"],
    "scipy.stats.multivariate_normal.logpdf": [
        "(v, w, S)", "(v, mean=w, cov=S)", "(W, w, S)", "(W, cov=S)", "(v, w)", "(W, w, 0.5 + x)", "(W, w, v)",
        "(v, w, v)", "(v, w, M @ M.T + S)"],
    "scipy.stats.multivariate_normal.pdf": ["(v, w, S)", "(W, w, S)", "(W, v, cov=w)", "(v, w, 0.5 + x)"],
    "scipy.stats.multivariate_normal": ["(w, S).logpdf(v)", "(mean=w, cov=v).pdf(W)", "(cov=S).logpdf(W)",
                                        "d = scipy.stats.multivariate_normal(w, S)\nreturn d.logpdf(W) * d.pdf(v)"],
    "scipy.stats.multivariate_t.logpdf": ["(v, w, S, 2.0 + x)", "(W, w, S, df=3)", "(W, w, shape=S, df=x)",
                                          "(v, w, M @ M.T + S, y)"],
    "scipy.stats.multivariate_t.pdf": ["(v, w, S, 2.0 + x)", "(W, w, S, df=3)", "(W, loc=w, shape=S, df=x)"],
    "scipy.stats.multivariate_t": ["(w, S, 2.0 + x).logpdf(v)", "(w, S, df=x).pdf(W)"],
    "scipy.stats.multinomial.logpmf": ["([1, 0, 2], 3, v / np.sum(v))", "(k, n, w / np.sum(w))",
                                       "(np.array([2, 2]), 4, np.array([0.3, 0.7]) + x * np.array([0.1, -0.1]))"],
    "scipy.stats.multinomial.pmf": ["([1, 0, 2], 3, v / np.sum(v))", "(k, n, w / np.sum(w))",
                                    "(np.array([2, 2]), 4, np.array([0.3, 0.7]) + x * np.array([0.1, -0.1]))"],
    "scipy.stats.multinomial": ["(3, v / np.sum(v)).logpmf([1, 0, 2])", "(n=3, p=w / np.sum(w)).pmf(k)"],
    "scipy.stats.dirichlet.logpdf": ["(v / np.sum(v), w)", "(W[:3] / np.sum(W[:3], axis=0), v)",
                                     "(np.array([0.2, 0.3, 0.5]), w)", "(np.array([[0.2, 0.3], [0.8, 0.7]]), v[:2])"],
    "scipy.stats.dirichlet.pdf": ["(v / np.sum(v), w)", "(W[:3] / np.sum(W[:3], axis=0), v)",
                                  "(np.array([0.2, 0.3, 0.5]), w)"],
    "scipy.stats.dirichlet": ["(w).logpdf(v / np.sum(v))", "(alpha=w).pdf(v / np.sum(v))"],
}
REFUSED = {
    "scipy.stats.skew(v, nan_policy='omit')": "not differentiated with 'nan_policy='",
    "scipy.stats.multivariate_normal.logpdf(v)": "give its mean, or its covariance",
    "scipy.stats.dirichlet.logpdf(v[:1], v)": "as many shares as parameters",
}
