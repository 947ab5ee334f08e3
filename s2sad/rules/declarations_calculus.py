"""Rules of numerical calculus: convolution, correlation, piecewise linear interpolation, powers of a vector.

    convolve    y[k] = Σ a[i] v[k - i]         a_bar = correlate(y_bar, v), v_bar = correlate(y_bar, a)
    correlate   y[k] = Σ a[i + k] conj(v[i])   a_bar = convolve(y_bar, v),  v_bar = correlate(a, y_bar)

where the modes "same" and "valid" keep a part of this (`s2sad.rules.macros_calculus`).
"""

from __future__ import annotations

from s2sad.rules import infer_calculus as t
from s2sad.rules.declare import bilinear, general

bilinear("y = np.convolve(a, v, mode='full')", a_bar="unconvolve(y_bar, a, v, mode)",
         v_bar="unconvolve(y_bar, v, a, mode)", result=t.convolve, flags="written broadcasting")
bilinear("y = np.correlate(a, v, mode='valid')", a_bar="uncorrelate(y_bar, a, v, mode)",
         v_bar="unlag(y_bar, a, v, mode)", result=t.correlate, flags="written broadcasting")

# f[k] + (x - x[k]) slope[k] between the knots k and k + 1; before the first knot and behind the last one a constant.
general("y = np.interp(x, xp, fp, left=left, right=right)",
        k="interval(x, xp)", h="nonzero(at_knot(xp, k, 1) - at_knot(xp, k, 0))",
        slope="(at_knot(fp, k, 1) - at_knot(fp, k, 0)) / h", w="np.clip((x - at_knot(xp, k, 0)) / h, 0.0, 1.0)",
        y_dot_x="between_knots(slope * x_dot, x, xp)",
        x_bar="between_knots(slope * y_bar, x, xp)",
        y_dot_xp="between_knots(-slope * ((1.0 - w) * at_knot(xp_dot, k, 0) + w * at_knot(xp_dot, k, 1)), x, xp)",
        xp_bar="to_knots(between_knots(-slope * y_bar, x, xp), w, k, xp)",
        y_dot_fp="where_given(left, right, (1.0 - w) * at_knot(fp_dot, k, 0) + w * at_knot(fp_dot, k, 1), x, xp)",
        fp_bar="to_knots(where_given(left, right, y_bar, x, xp), w, k, fp)",
        y_dot_left="where(x < xp[0], left_dot, 0.0)", left_bar="where(x < xp[0], y_bar, 0.0)",
        y_dot_right="where(x > xp[-1], right_dot, 0.0)", right_bar="where(x > xp[-1], y_bar, 0.0)",
        result=t.interp, flags="broadcasting")  # at a knot the slope of the interval behind it; at the last, before it
