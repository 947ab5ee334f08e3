"""Reductions with all their keywords: sums, means, products, extremes, variances, and what leaves nan out."""

from __future__ import annotations

# An array with nan in it, one of each kind of place.
HOLES = "B = np.where(mA, A, np.nan)\nreturn "


def _holes(*texts: str) -> list[str]:
    return [HOLES + text for text in texts]


CALLS: dict[str, list[str]] = {
    "np.sum": ["(v)", "(ZA, 1)", "(ZA8)", "(ZA, where=mA)", "(A, where=[True, False, True])", "(T, (0, -1))", "(T, axis=())", "(A, where=mA)", "(A, axis=1, where=m)", "(A, 1, where=mA[:, :1])",
               "(A, axis=0, initial=x)", "(A, None, None, None, True, x)", "(A, initial=s, where=mA, axis=-1)",
               "(A4, dtype=np.float64)", "(E, axis=0)", "(O)", "(s0)",
               "([x, y, z])", "((v, w), axis=0)", "(x, initial=y)",
               "(A, axis=1, where=A > 0.9)", "B = np.zeros(3)\nnp.sum(A, axis=0, out=B)\nreturn B * v",
               "B = np.zeros(3)\nnp.sum(A, 0, None, B)\nreturn B * v"],
    "ndarray.sum": ["ZA.sum(-1)", "T.sum((1, 2), keepdims=True)", "A.sum(axis=0, where=mA)", "A.sum(0, None, None, False, x)",
                    "A.sum(initial=x, where=mA)", "A4.sum(dtype='f8')",
                    "B = np.ones(2)\nA.sum(axis=1, out=B)\nreturn B"],
    "np.mean": ["(ZA, axis=0)", "(v)", "(A, 0)", "(T, axis=(0, 2), keepdims=True)", "(A, where=mA)", "(A, axis=1, where=mA)",
                "(T, axis=-1, where=np.ones(4, bool), keepdims=True)", "(A4)",
                "(x)", "(A, axis=0, where=C > 0.5)", "B = np.zeros(2)\nnp.mean(A, 1, out=B)\nreturn B"],
    "ndarray.mean": ["ZA.mean()", "T.mean()", "T.mean((0, 1))", "A.mean(axis=0, keepdims=True, where=mA)", "A4.mean(1)"],
    "np.prod": ["(ZA, axis=1)", "(ZA)", "(ZG, axis=(0, 2))", "(v)", "(A)", "(A, axis=0)", "(A, -1, keepdims=True)", "(T, axis=(0, 2))", "(T, axis=(2, 0))",
                "(T, axis=(1, 2), keepdims=True)", "(A, where=mA)", "(A, axis=1, initial=x, where=mA)", "(A, initial=x)",
                "(A4)", "(E)", "(E, axis=0)", "(O)", "(x)", "(s0)", "(A, dtype=np.float64)", "(v * np.array([1.0, 0, 1]))",
                "(A * (K > 0), axis=1)", "(T * (T > 0.5), axis=(0, 2))", "(A, axis=())",
                "([x, y, z])"],
    "ndarray.prod": ["A.prod()", "A.prod(1)", "T.prod((0, 1), keepdims=True)", "A.prod(axis=0, initial=2.0)",
                     "A.prod(where=mA)", "A4.prod(axis=-1)"],
    "np.max": ["(v)", "(A)", "(A, axis=0)", "(T, axis=(0, -1), keepdims=True)", "(A, initial=x)",
               "(A, axis=1, initial=y)", "(A, axis=0, initial=0.0, where=mA)", "(A, axis=1, where=mA, initial=x)",
               "(A4)", "(O, axis=1)", "(x)", "(A, -1, None, True)", "(E, axis=1)", "([x, y, z])",
               "B = np.zeros(3)\nnp.max(A, axis=0, out=B)\nreturn B"],
    "np.min": ["(v)", "(A, axis=1)", "(T, axis=(1, 2))", "(A, initial=x)", "(A, axis=0, initial=y, keepdims=True)",
               "(A, axis=1, where=mA, initial=np.inf)", "(A4, 0)", "(s)"],
    "np.amax": ["(A)", "(A, axis=1)", "(T, (0, 1), keepdims=True)", "(A, initial=y)"],
    "np.amin": ["(A)", "(A, axis=-1)", "(T, (0, 1), keepdims=True)", "(A, 0, initial=x, where=mA)"],
    "ndarray.max": ["A.max()", "A.max(1)", "T.max((0, 2), keepdims=True)", "A.max(axis=0, initial=y)", "A4.max(axis=1)"],
    "ndarray.min": ["A.min()", "A.min(-1)", "T.min(axis=(0, 1))", "A.min(axis=0, initial=x, where=mA)"],
    "np.ptp": ["(v)", "(A)", "(A, axis=0)", "(T, axis=(0, 2), keepdims=True)", "(A4, -1)"],
    "np.var": ["(ZA)", "(ZA, axis=1, ddof=1)", "(ZA, axis=0, mean=ZA[:1])", "(v)", "(A)", "(A, axis=0)", "(T, axis=(0, 1), keepdims=True)", "(v, ddof=1)", "(A, axis=1, ddof=0.5)",
               "(A, axis=1, correction=1)", "(A, where=mA)", "(A, axis=1, where=mA, ddof=1)", "(A4, 0)", "(O)",
               "(A, axis=0, mean=np.mean(A, axis=0, keepdims=True))", "(A, axis=1, mean=C)", "(A, mean=O, where=mA)",
               "(A, 1, np.float64, None, 1, True)"],
    "np.std": ["(ZA, axis=1)", "(v)", "(A)", "(A, axis=0, ddof=1)", "(T, axis=(0, -1), keepdims=True)", "(A, correction=1.0)",
               "(A, where=mA)", "(A, axis=1, where=mA)", "(A4)", "(A, axis=1, mean=C)", "(l)"],
    "ndarray.var": ["A.var()", "A.var(1)", "T.var((0, 2), ddof=1)", "A.var(axis=1, keepdims=True, where=mA)", "A4.var()"],
    "ndarray.std": ["A.std()", "A.std(0)", "T.std((0, 2), ddof=1)", "A.std(axis=1, keepdims=True, where=mA)"],
    "np.average": ["(v, returned=True)", "(A, axis=0, returned=True, weights=B)", "(A, 1, v, True)", "(ZA, weights=A)", "(A, weights=ZA)", "(v)", "(A)", "(A, axis=0)", "(T, axis=(0, 2))", "(v, weights=w)", "(A, weights=B)",
                   "(A, axis=1, weights=v)", "(A, axis=0, weights=np.array([x, y]))", "(A, 1, B)",
                   "(A, axis=1, weights=v, keepdims=True)", "(T, axis=1, weights=v)", "(T, axis=(0, 1), weights=B)",
                   "(T, axis=(1, 0), weights=np.transpose(B))", "(A, weights=k + np.ones((2, 3)))", "(A4, axis=1)",
                   "([x, y], weights=[z, 2.0])"],
    "np.nansum": ["(A)", "(A, axis=1, initial=x)", *_holes(
        "np.nansum(B)", "np.nansum(B, axis=0)", "np.nansum(B, 1, keepdims=True)", "np.nansum(B, where=A > 0.7, initial=x)")],
    "np.nanprod": ["(A, axis=0)", *_holes("np.nanprod(B)", "np.nanprod(B, axis=1)", "np.nanprod(B, 0, initial=x)",
                                          "np.nanprod(B, where=A > 0.7, keepdims=True)")],
    "np.nanmean": ["(A4, 1)", *_holes("np.nanmean(B)", "np.nanmean(B, axis=0)", "np.nanmean(B, 1, keepdims=True)",
                                      "np.nanmean(B, where=A > 0.5)")],
    "np.nanmax": ["(A)", *_holes("np.nanmax(B)", "np.nanmax(B, axis=1)", "np.nanmax(B, 0, keepdims=True)",
                                 "np.nanmax(B, axis=1, initial=x)")],
    "np.nanmin": ["(A)", *_holes("np.nanmin(B)", "np.nanmin(B, axis=1)", "np.nanmin(B, 0, keepdims=True)",
                                 "np.nanmin(B, axis=1, initial=x, where=A > 0.5)")],
    "np.nanvar": ["(A, axis=1)", *_holes("np.nanvar(B)", "np.nanvar(B, axis=1)", "np.nanvar(B, ddof=1)",
                                         "np.nanvar(B, 1, keepdims=True, mean=C)", "np.nanvar(B, where=A > 0.5)")],
    "np.nanstd": ["(A, axis=1)", *_holes("np.nanstd(B)", "np.nanstd(B, axis=1)", "np.nanstd(B, ddof=1)",
                                         "np.nanstd(B, 1, keepdims=True, correction=0)")],
}
ZERO: list[str] = [
    "np.argmax(A) * 1.0", "np.argmin(A, axis=1, keepdims=True) * 1.0", "A.argmax(0) * 1.0", "A.argmin(axis=1) * 1.0",
    "np.nanargmax(A) * 1.0", "np.nanargmin(A, axis=0) * 1.0", "np.count_nonzero(A > 0.8, axis=0) * 1.0",
    "np.any(A > 1.0, axis=0, where=mA) * 2.0", "np.all(A > 1.0) * 2.0", "(A > 1.0).all(axis=1, keepdims=True) * 2.0",
    "(A > 1.0).any(0) * 2.0", "np.sum(A > 1.0) * 1.0", "np.sum(A, where=False)", "np.sum(A, dtype=int) * 1.0",
]
REFUSED: dict[str, str] = {
    "np.max(A, axis=3)": "axis 3",
    "np.average(A, weights=v)": "the weights",
}
