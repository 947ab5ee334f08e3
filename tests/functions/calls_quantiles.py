"""Medians, percentiles and quantiles."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.median": ["(v)", "(u)", "(A)", "(A, axis=0)", "(A, 1, keepdims=True)", "(T, axis=(0, 2))", "(T, axis=-1)",
                  "(A4, 0)", "(O)", "(x)", "([x, y, z])", "B = np.zeros(3)\nnp.median(A, axis=0, out=B)\nreturn B",
                  "(np.abs(ZA), axis=0)"],
    "np.nanmedian": ["(A, 1)", "B = np.where(mA, A, np.nan)\nreturn np.nanmedian(B)",
                     "B = np.where(mA, A, np.nan)\nreturn np.nanmedian(B, axis=0)",
                     "B = np.where(mA, A, np.nan)\nreturn np.nanmedian(B, 1, keepdims=True)"],
    "np.quantile": ["(v, 0.3)", "(A, 0.7, axis=0)", "(A, q[0] * q[0], 1)", "(T, 0.4, axis=(0, 2), keepdims=True)",
                    "(l, x)", "(l, [0.2, z])", "(A, v / 2.0, axis=1)", "(A, B / 2.0)",
                    "(T, A / 2.0, axis=(0, 1), keepdims=True)", "(T, w / 2.0, axis=-1)", "(A4, 0.3, axis=1)",
                    "(A4, v4 / 2, 1)", "(l, 0)", "(l, 1.0)", "(x, 0.5)",
                    "(l, 0.3, method='inverted_cdf', weights=np.arange(1.0, 8.0))",
                    "(A, [0.3, 0.8], 1, method='inverted_cdf', weights=np.arange(1.0, 4.0))",
                    "(l, z, method='inverted_cdf')", "(l, z, method='averaged_inverted_cdf')",
                    "(l, z, method='closest_observation')", "(l, z, method='interpolated_inverted_cdf')",
                    "(l, z, method='hazen')", "(l, z, method='weibull')", "(l, z, method='median_unbiased')",
                    "(l, z, method='normal_unbiased')", "(l, z, method='lower')", "(l, z, method='higher')",
                    "(l, z, method='midpoint')", "(l, z, method='nearest')",
                    "(A, [z, 0.1], axis=1, method='inverted_cdf')",
                    "(A, [z, 0.1], axis=1, method='averaged_inverted_cdf')",
                    "(A, [z, 0.1], axis=1, method='closest_observation')",
                    "(A, [z, 0.1], axis=1, method='interpolated_inverted_cdf')",
                    "(A, [z, 0.1], axis=1, method='hazen')", "(A, [z, 0.1], axis=1, method='weibull')",
                    "(A, [z, 0.1], axis=1, method='median_unbiased')",
                    "(A, [z, 0.1], axis=1, method='normal_unbiased')", "(A, [z, 0.1], axis=1, method='lower')",
                    "(A, [z, 0.1], axis=1, method='higher')", "(A, [z, 0.1], axis=1, method='midpoint')",
                    "(A, [z, 0.1], axis=1, method='nearest')"],
    "np.percentile": ["(v, 30)", "(A, 70.0, axis=0)", "(l, 100 * z)", "(A, 50 * v, axis=1)", "(A4, 20, 1)",
                      "(T, [20, 70], axis=(0, 2), keepdims=True)", "(l, 60 * v, method='hazen')"],
    "np.nanquantile": ["(A, z, 1)", "B = np.where(mA, A, np.nan)\nreturn np.nanquantile(B, 0.3)",
                       "B = np.where(mA, A, np.nan)\nreturn np.nanquantile(B, z, axis=0)",
                       "B = np.where(mA, A, np.nan)\nreturn np.nanquantile(B, [z, 0.2], 1, keepdims=True)",
                       "B = np.where(mA, A, np.nan)\nreturn np.nanquantile(B, v / 2.0, method='weibull')"],
    "np.nanpercentile": ["(A, 30, 1)", "B = np.where(mA, A, np.nan)\nreturn np.nanpercentile(B, 30)",
                         "B = np.where(mA, A, np.nan)\nreturn np.nanpercentile(B, 50 * z, axis=0)",
                         "B = np.where(mA, A, np.nan)\nreturn np.nanpercentile(B, [20, 60 * z], 1)"],
}
ZERO: list[str] = []
REFUSED: dict[str, str] = {
    "np.median(A, overwrite_input=True)": "overwrite_input",
    "np.quantile(ZA, 0.5)": "order",
}
