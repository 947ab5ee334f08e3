"""Sums of exponentials in a form that does not overflow, and the inverse of w e^w.

    y = log Σ b e^a     ∂y/∂a = b e^(a - y),   ∂y/∂b = e^(a - y)
    y = e^x / Σ e^x     y_dot = y (x_dot - Σ y x_dot)
"""

from __future__ import annotations

from s2sad.rules.declare import general, rule
from s2sad.rules.infer_special import double_complex, floats, log_of_sum

general("y = scipy.special.logsumexp(a, axis=None, b=b, keepdims=False, return_sign=False)", result=log_of_sum,
        flags="broadcasting", both="a if b is None else a * b", e="np.exp(a - spread(m, both, axis, keepdims))",
        m="where(y == -1e400, 0.0, y)",
        y_dot_a="np.sum(e * a_dot if b is None else b * e * a_dot, axis=axis, keepdims=keepdims)",
        y_dot_b="np.sum(e * b_dot, axis=axis, keepdims=keepdims)", g="spread(y_bar, both, axis, keepdims) * e",
        a_bar="g if b is None else g * b", b_bar="g")  # 0 where y is -inf
general("y = scipy.special.softmax(x, axis=None)", result=floats,
        y_dot="y * (x_dot - np.sum(y * x_dot, axis=axis, keepdims=True))",
        x_bar="y * (y_bar - np.sum(y * y_bar, axis=axis, keepdims=True))")
general("y = scipy.special.log_softmax(x, axis=None)", result=floats,
        y_dot="x_dot - np.sum(np.exp(y) * x_dot, axis=axis, keepdims=True)",
        x_bar="y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True)")
rule("w = scipy.special.lambertw(z, k=0, tol=1e-08)", result=double_complex,
     z="1.0 / (z + np.exp(w))")  # inf at the branch point -1/e
