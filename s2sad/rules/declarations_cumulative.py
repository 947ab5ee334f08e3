"""Running totals, products and extremes, and ufuncs applied from left to right.

Of y[k] = f(y[k - 1], x[k]) the tangent is a linear recurrence along the axis, the adjoint the same one from the other
end (`s2sad.runtime.cumulative`).
"""

from __future__ import annotations

from typing import Any

from s2sad.rules import infer_arrays as a
from s2sad.rules.declare import general, linear
from s2sad.rules.infer_cumulative import cumulated, recurring

RUNNING_SUM: dict[str, Any] = {"x_bar": "reshape_like(reversed_cumsum(y_bar, axis), x)"}
RUNNING_PRODUCT: dict[str, Any] = {
    "row": "row_of(x, axis)", "at": "axis_of(axis)", "before": "exclusive_product(row, at)",
    "y_dot": "recurrence(row, row_of(x_dot, axis) * before, at)",
    "x_bar": "reshape_like(before * recurrence(row, y_bar, at, True), x)"}

linear("y = np.cumsum(x, axis=None, dtype=None, out=None)", result=a.cumulative, **RUNNING_SUM)
general("y = np.cumprod(x, axis=None, dtype=None, out=None)", result=a.cumulative, **RUNNING_PRODUCT)  # exact at zeros
general("y = np.nancumsum(x, axis=None, dtype=None, out=None)", result=a.cumulative, is_number="known(x, True)",
        y_dot="np.cumsum(masked(x_dot, is_number), axis)",
        x_bar="masked(reshape_like(reversed_cumsum(y_bar, axis), x), is_number)")  # 0 for a nan
general("y = np.nancumprod(x, axis=None, dtype=None, out=None)", result=a.cumulative, is_number="known(x, True)",
        row="row_of(filled(x, is_number, 1.0), axis)", at="axis_of(axis)", before="exclusive_product(row, at)",
        y_dot="recurrence(row, row_of(masked(x_dot, is_number), axis) * before, at)",
        x_bar="masked(reshape_like(before * recurrence(row, y_bar, at, True), x), is_number)")  # 0 for a nan
linear("y = np.cumulative_sum(x, axis=None, dtype=None, out=None, include_initial=False)", result=cumulated,
       x_bar="reversed_cumsum(without_first(y_bar, axis, include_initial), axis)")
general("y = np.cumulative_prod(x, axis=None, dtype=None, out=None, include_initial=False)", result=cumulated,
        at="axis_of(axis)", before="exclusive_product(x, at)",
        y_dot="with_first(recurrence(x, x_dot * before, at), y, axis, include_initial)",
        x_bar="before * recurrence(x, without_first(y_bar, axis, include_initial), at, True)")  # exact at zeros

# What their derivatives are made of.
general("y = recurrence(c, b, axis=0, reverse=False)", result=recurring,
        back="recurrence(c, y_bar, axis, False if reverse else True)",
        y_dot_b="recurrence(c, b_dot, axis, reverse)",
        y_dot_c="recurrence(c, shifted(c_dot * y, axis, True) if reverse else c_dot * shifted(y, axis), axis, reverse)",
        b_bar="back", c_bar="shifted(back, axis) * y if reverse else back * shifted(y, axis)")
general("y = shifted(x, axis=0, reverse=False, first=0.0)", result=a.like_first,
        y_dot="shifted(x_dot, axis, reverse)", x_bar="shifted(y_bar, axis, False if reverse else True)")
general("y = exclusive_product(x, axis=0, reverse=False)", result=a.like_first,
        c="x if reverse else shifted(x, axis)",
        y_dot="recurrence(c, shifted(x_dot * y, axis, reverse), axis, reverse)",
        x_bar="y * shifted(recurrence(c, y_bar, axis, False if reverse else True), axis, False if reverse else True)")
