"""Reductions: sums, means, products, extremes, variances.

``where`` says which elements count; those that do not have no derivative, and no more has a nan that a function leaves
out.  What a reduction starts with, ``initial``, is one more element of each result.
"""

from __future__ import annotations

from typing import Any

from s2sad.rules import infer_arrays as a
from s2sad.rules.declare import general, linear, zero
from s2sad.rules.infer_reductions import average, extreme, total, variance

SUM: dict[str, Any] = {"x_bar": "masked(unsum(y_bar, x, axis, keepdims), where)", "initial_bar": "total(y_bar)"}
PRODUCT: dict[str, Any] = {
    "rest": "others(factors, axis)", "slope": "masked(rest if initial is None else rest * initial, counts)",
    "y_dot_x": "np.sum(x_dot * slope, axis=axis, keepdims=keepdims)",
    "y_dot_initial": "np.prod(factors, axis=axis, keepdims=keepdims) * initial_dot",
    "x_bar": "unsum(y_bar, x, axis, keepdims) * slope",
    "initial_bar": "total(y_bar * np.prod(factors, axis=axis, keepdims=keepdims))"}
EXTREME: dict[str, Any] = {
    "hit": "among(x == spread(y, x, axis, keepdims), where)", "n": "np.sum(hit, axis=axis, keepdims=keepdims)",
    "ties": "n if initial is None else n + (initial == y)",
    "y_dot_x": "np.sum(where(hit, x_dot, 0.0), axis=axis, keepdims=keepdims) / ties",
    "y_dot_initial": "where(initial == y, initial_dot / ties, 0.0)",
    "x_bar": "where(hit, unsum(y_bar / ties, x, axis, keepdims), 0.0)",
    "initial_bar": "total(where(initial == y, y_bar / ties, 0.0))"}
VARIANCE: dict[str, Any] = {
    "y_dot_x": "2.0 * np.sum(np.real(np.conj(d) * x_dot), axis=axis, keepdims=keepdims) / n",
    "y_dot_mean": "-2.0 * np.sum(np.real(np.conj(d) * mean_dot), axis=axis, keepdims=keepdims) / n",
    "x_bar": "unsum(2.0 * y_bar / n, x, axis, keepdims) * d",
    "mean_bar": "fitted(unsum(-2.0 * y_bar / n, x, axis, keepdims) * d, mean)"}
DEVIATION: dict[str, Any] = {
    "y_dot_x": "np.sum(np.real(np.conj(d) * x_dot), axis=axis, keepdims=keepdims) / n / nonzero(y)",
    "y_dot_mean": "-np.sum(np.real(np.conj(d) * mean_dot), axis=axis, keepdims=keepdims) / n / nonzero(y)",
    "x_bar": "unsum(y_bar / n / nonzero(y), x, axis, keepdims) * d",
    "mean_bar": "fitted(unsum(-y_bar / n / nonzero(y), x, axis, keepdims) * d, mean)"}

linear("y = np.sum(x, axis=None, dtype=None, out=None, keepdims=False, initial=initial, where=True)", result=total,
       **SUM)
linear("y = np.mean(x, axis=None, dtype=None, out=None, keepdims=False, where=True)",
       result=a.reduction(a.float_dtype),
       x_bar="masked(unsum(y_bar / counted(x, axis, keepdims, where), x, axis, keepdims), where)")
general("y = np.prod(x, axis=None, dtype=None, out=None, keepdims=False, initial=initial, where=True)", result=total,
        counts="where", factors="filled(x, where, 1.0)", **PRODUCT)  # exact at zeros
general("y = np.max(x, axis=None, out=None, keepdims=False, initial=initial, where=True)", result=extreme,
        flags="widening written", **EXTREME)  # equal shares at ties
general("y = np.min(x, axis=None, out=None, keepdims=False, initial=initial, where=True)", result=extreme,
        flags="widening written", **EXTREME)  # equal shares at ties
general("y = np.ptp(x, axis=None, out=None, keepdims=False)", result=extreme, flags="widening written",
        high="x == np.max(x) if axis is None else x == np.max(x, axis=axis, keepdims=True)",
        low="x == np.min(x) if axis is None else x == np.min(x, axis=axis, keepdims=True)",
        highs="np.sum(high, axis=axis, keepdims=keepdims)", lows="np.sum(low, axis=axis, keepdims=keepdims)",
        y_dot="np.sum(where(high, x_dot, 0.0), axis=axis, keepdims=keepdims) / highs"
              " - np.sum(where(low, x_dot, 0.0), axis=axis, keepdims=keepdims) / lows",
        x_bar="where(high, unsum(y_bar / highs, x, axis, keepdims), 0.0)"
              " - where(low, unsum(y_bar / lows, x, axis, keepdims), 0.0)")  # equal shares at ties
general("y = np.var(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=mean)",
        result=variance, d="masked(x - centre(x, mean, axis, where), where)",
        n="counted(x, axis, keepdims, where) - ddof", flags="written", **VARIANCE)
general("y = np.std(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=mean)",
        result=variance, d="masked(x - centre(x, mean, axis, where), where)",
        n="counted(x, axis, keepdims, where) - ddof", flags="written", **DEVIATION)  # 0 where all elements are equal
general("y = np.average(x, axis=None, weights=weights, keepdims=False)", result=average,
        w="1.0 if weights is None else weights_of(weights, x, axis)", d="x - spread(y, x, axis, keepdims)",
        n="count(x, axis) if weights is None else weight_of_all(weights, x, axis, keepdims)",
        y_dot_x="np.sum(w * x_dot, axis=axis, keepdims=keepdims) / n",
        y_dot_weights="np.sum(d * weights_of(weights_dot, x, axis), axis=axis, keepdims=keepdims) / n",
        x_bar="unsum(y_bar / n, x, axis, keepdims) * w",
        weights_bar="of_weights(unsum(y_bar / n, x, axis, keepdims) * d, weights, x, axis)")

# Of what is a number.
general("y = np.nansum(x, axis=None, dtype=None, out=None, keepdims=False, initial=initial, where=True)", result=total,
        counts="known(x, where)", y_dot_x="np.sum(masked(x_dot, counts), axis=axis, keepdims=keepdims)",
        y_dot_initial="initial_dot", x_bar="masked(unsum(y_bar, x, axis, keepdims), counts)",
        initial_bar="total(y_bar)")  # 0 for a nan
general("y = np.nanmean(x, axis=None, dtype=None, out=None, keepdims=False, where=True)",
        result=a.reduction(a.float_dtype), counts="known(x, where)", n="counted(x, axis, keepdims, counts)",
        y_dot="np.sum(masked(x_dot, counts), axis=axis, keepdims=keepdims) / n",
        x_bar="masked(unsum(y_bar / n, x, axis, keepdims), counts)")  # 0 for a nan
general("y = np.nanprod(x, axis=None, dtype=None, out=None, keepdims=False, initial=initial, where=True)", result=total,
        counts="known(x, where)", factors="filled(x, counts, 1.0)", **PRODUCT)  # exact at zeros; 0 for a nan
general("y = np.nanmax(x, axis=None, out=None, keepdims=False, initial=initial, where=True)", result=extreme,
        flags="widening written", **EXTREME)  # equal shares at ties; 0 for a nan
general("y = np.nanmin(x, axis=None, out=None, keepdims=False, initial=initial, where=True)", result=extreme,
        flags="widening written", **EXTREME)  # equal shares at ties; 0 for a nan
general("y = np.nanvar(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=mean)",
        result=variance, counts="known(x, where)", n="counted(x, axis, keepdims, counts) - ddof",
        d="masked(x - nan_centre(x, mean, axis, where), counts)", flags="written", **VARIANCE)  # 0 for a nan
general("y = np.nanstd(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=mean)",
        result=variance, counts="known(x, where)", n="counted(x, axis, keepdims, counts) - ddof",
        d="masked(x - nan_centre(x, mean, axis, where), counts)", flags="written", **DEVIATION)  # 0 for a nan

# Constant wherever they are differentiable.
_TRUTH = a.reduction(lambda d: "b1")
_PLACE = a.reduction(lambda d: "i8")
zero("y = np.any(x, axis=None, out=None, keepdims=False, where=True)", result=_TRUTH)
zero("y = np.all(x, axis=None, out=None, keepdims=False, where=True)", result=_TRUTH)
zero("y = np.argmax(x, axis=None, out=None, keepdims=False)", result=_PLACE)
zero("y = np.argmin(x, axis=None, out=None, keepdims=False)", result=_PLACE)
zero("y = np.nanargmax(x, axis=None, out=None, keepdims=False)", result=_PLACE)
zero("y = np.nanargmin(x, axis=None, out=None, keepdims=False)", result=_PLACE)
zero("y = np.count_nonzero(x, axis=None, keepdims=False)", result=_PLACE)
