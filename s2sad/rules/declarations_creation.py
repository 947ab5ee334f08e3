"""Rules of what makes arrays of numbers: points between two others, powers, roots of polynomials, windows."""

from __future__ import annotations

from s2sad.rules import infer_creation as t
from s2sad.rules.declare import general, zero

# start (1 - t) + stop t, where t runs from 0 to 1.
general("y = np.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)",
        t="ramp(start, stop, num, endpoint, axis)",
        y_dot_start="with_points(start_dot, start, stop, axis) * (1.0 - t)",
        y_dot_stop="with_points(stop_dot, start, stop, axis) * t",
        start_bar="np.sum(y_bar * (1.0 - t), axis=axis)", stop_bar="np.sum(y_bar * t, axis=axis)",
        result=t.linspace, flags="broadcasting")
general("y = np.vander(x, N=None, increasing=False)", y_dot="turned_powers(x_dot, x, N, increasing, False)",
        x_bar="turned_powers(y_bar, x, N, increasing, True)", result=t.vander)  # x**0: 0

# Of p(y) = 0: p'(y) y_dot + p_dot(y) = 0.
general("y = np.roots(p)", n="p.size", slope="np.vander(y, n - 1) @ (p[:-1] * np.arange(n - 1, 0, -1))",
        y_dot="-(np.vander(y, n) @ p_dot) / slope", p_bar="-(y_bar / slope) @ np.vander(y, n)",
        result=t.roots)  # inf or nan for a root that is one several times

# I0(beta w) / I0(beta), where w is the half circle over the window.
general("y = np.kaiser(num, beta)", a="(num - 1) / 2.0", w="np.sqrt(1.0 - ((np.arange(num) - a) / nonzero(a))**2)",
        slope="(w * bessel_i1(beta * w) - y * bessel_i1(beta)) / np.i0(beta)", y_dot="beta_dot * slope",
        beta_bar="np.sum(y_bar * slope)", result=t.window)

# Constants.
zero("y = np.tri(num, M=None, k=0, dtype=None)", result=t.eye)
zero("y = np.hanning(num)", result=t.window)
zero("y = np.hamming(num)", result=t.window)
zero("y = np.blackman(num)", result=t.window)
zero("y = np.bartlett(num)", result=t.window)
