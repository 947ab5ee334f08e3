"""Medians, percentiles and quantiles: weighted sums of the elements, whose weights `s2sad.runtime.quantiles` tells."""

from __future__ import annotations

from typing import Any

from s2sad.rules.declare import general
from s2sad.rules.infer_quantiles import median, quantile, weights_of_quantile

_MIDDLE: dict[str, Any] = {
    "y_dot": "np.sum(w * x_dot, axis=axis, keepdims=keepdims)", "x_bar": "unsum(y_bar, x, axis, keepdims) * w"}
_QUANTILE: dict[str, Any] = {
    "rise": "over_quantiles(s * given, x, q, axis, keepdims)",
    "y_dot_x": "over_quantiles(w * x_dot, x, q, axis, keepdims)",
    "y_dot_q": "rise * before_axes(q_dot, y)",
    "x_bar": "unquantile(y_bar, w, x, q, axis, keepdims)",
    "q_bar": "within_axes(y_bar * rise, q)"}
_HUNDREDTHS: dict[str, Any] = _QUANTILE | {
    "p": "q / 100.0", "y_dot_q": "rise * before_axes(q_dot / 100.0, y)",
    "q_bar": "within_axes(y_bar * rise / 100.0, q)"}

general("y = np.median(x, axis=None, out=None, overwrite_input=False, keepdims=False)", result=median,
        w="quantile_weights(x, 0.5, axis=axis)", **_MIDDLE)  # the first ones of equal elements count as smaller
general("y = np.nanmedian(x, axis=None, out=None, overwrite_input=False, keepdims=False)", result=median,
        w="quantile_weights(x, 0.5, axis=axis, skipnan=True)", **_MIDDLE)  # 0 for a nan
general("y = np.quantile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False,"
        " weights=weights)", result=quantile, given="x",
        w="quantile_weights(x, q, weights=weights, axis=axis, method=method)",
        s="quantile_weights(x, q, weights=weights, axis=axis, method=method, slope=True)",
        **_QUANTILE)  # 0 in q where the method jumps
general("y = np.percentile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False,"
        " weights=weights)", result=quantile, given="x",
        w="quantile_weights(x, p, weights=weights, axis=axis, method=method)",
        s="quantile_weights(x, p, weights=weights, axis=axis, method=method, slope=True)",
        **_HUNDREDTHS)  # 0 in q where the method jumps
general("y = np.nanquantile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False,"
        " weights=weights)", result=quantile, given="masked(x, known(x, True))",
        w="quantile_weights(x, q, weights=weights, axis=axis, method=method, skipnan=True)",
        s="quantile_weights(x, q, weights=weights, axis=axis, method=method, skipnan=True, slope=True)",
        **_QUANTILE)  # 0 for a nan
general("y = np.nanpercentile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False,"
        " weights=weights)", result=quantile, given="masked(x, known(x, True))",
        w="quantile_weights(x, p, weights=weights, axis=axis, method=method, skipnan=True)",
        s="quantile_weights(x, p, weights=weights, axis=axis, method=method, skipnan=True, slope=True)",
        **_HUNDREDTHS)  # 0 for a nan
general("w = quantile_weights(x, q, axis=None, method='linear', skipnan=False, slope=False, weights=weights)",
        result=weights_of_quantile,
        s="0.0 if slope else quantile_weights(x, q, weights=weights, axis=axis, method=method, skipnan=skipnan,"
          " slope=True)",
        w_dot_q="s * before_axes(q_dot, w)", q_bar="within_axes(w_bar * s, q)")
