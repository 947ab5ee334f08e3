"""Functions of SciPy; a text that calls one imports SciPy."""

from __future__ import annotations

from s2sad.rules.declare import rule

# Splines: the slope of one is another one.  What tck holds is a constant, which the front end sees to.
rule("y = scipy.interpolate.splev(x, tck, der=0, ext=0)", x="scipy.interpolate.splev(x, tck, der + 1, ext)")
rule("z = scipy.interpolate.bisplev(x, y, tck, dx=0, dy=0)", x="scipy.interpolate.bisplev(x, y, tck, dx + 1, dy)",
     y="scipy.interpolate.bisplev(x, y, tck, dx, dy + 1)")  # of numbers x and y
