"""Functions of SciPy; a text that calls one imports SciPy."""

from __future__ import annotations

from s2sad.rules.declare import rule

# Special functions.
rule("y = scipy.special.erf(x)", x="1.1283791670955126 * np.exp(-(x * x))")
rule("y = scipy.special.erfc(x)", x="-1.1283791670955126 * np.exp(-(x * x))")
rule("y = scipy.special.expit(x)", x="y * (1.0 - y)")
rule("y = scipy.special.logit(x)", x="1.0 / (x * (1.0 - x))")
rule("y = scipy.special.ndtr(x)", x="0.3989422804014327 * np.exp(-0.5 * (x * x))")
rule("y = scipy.special.ellipk(x)", x="(scipy.special.ellipe(x) / (1.0 - x) - y) / (2.0 * x)")  # nan at 0
rule("y = scipy.special.ellipe(x)", x="(y - scipy.special.ellipk(x)) / (2.0 * x)")  # nan at 0
rule("y = scipy.special.j0(x)", x="-scipy.special.j1(x)")
rule("y = scipy.special.j1(x)", x="scipy.special.j0(x) - y / x")  # nan at 0
rule("y = scipy.special.i0(x)", x="scipy.special.i1(x)")
rule("y = scipy.special.i1(x)", x="scipy.special.i0(x) - y / x")  # nan at 0

# Splines: the slope of one is another one.  What tck holds is a constant, which the front end sees to.
rule("y = scipy.interpolate.splev(x, tck, der=0, ext=0)", x="scipy.interpolate.splev(x, tck, der + 1, ext)")
rule("z = scipy.interpolate.bisplev(x, y, tck, dx=0, dy=0)", x="scipy.interpolate.bisplev(x, y, tck, dx + 1, dy)",
     y="scipy.interpolate.bisplev(x, y, tck, dx, dy + 1)")  # of numbers x and y
