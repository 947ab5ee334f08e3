"""Numbers taken apart: quotient and remainder, fraction and whole, mantissa and exponent, neighbours, bits."""

from __future__ import annotations

from s2sad.rules.declare import general, rule, zero
from s2sad.rules.infer_ufuncs import cleaned, floats, like, several, truth

general("quotient, remainder = np.divmod(x, y)", remainder_dot_x="x_dot", remainder_dot_y="-quotient * y_dot",
        x_bar="if_any(remainder_bar)", y_bar="-quotient * if_any(remainder_bar)", result=several("divmod"),
        flags="broadcasting")  # 1 and -quotient at the jumps too
general("fraction, whole = np.modf(x)", fraction_dot="x_dot", x_bar="if_any(fraction_bar)",
        result=several("modf"))  # 1 at the jumps too
general("mantissa, exponent = np.frexp(x)", mantissa_dot="np.ldexp(x_dot, -exponent)",
        x_bar="0.0 if mantissa_bar is None else np.ldexp(mantissa_bar, -exponent)", result=several("frexp"))
rule("z = np.nextafter(x, y)", x="1")  # 0 in y
rule("y = np.i0(x)", x="bessel_i1(x)", result=floats)
rule("y = bessel_i1(x)", x="np.i0(x) - where(x == 0, 0.5, y / nonzero(x))", result=floats)
rule("y = np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)",
     x="where(np.isfinite(x), _, 0.0) if is_real(x) else a + 1j * b",
     a="where(np.isfinite(np.real(x)), np.real(_), 0.0)",
     b="where(np.isfinite(np.imag(x)), np.imag(_), 0.0)", result=cleaned, flags="written")  # 0 where x is replaced

zero("y = np.spacing(x)", result=like("spacing"), flags="elementwise")
zero("y = np.isposinf(x, out=None)", result=truth, flags="elementwise")
zero("y = np.isneginf(x, out=None)", result=truth, flags="elementwise")
zero("z = np.gcd(x, y)", result=like("gcd"), flags="elementwise")
zero("z = np.lcm(x, y)", result=like("lcm"), flags="elementwise")
zero("z = np.bitwise_and(x, y)", result=like("bitwise_and"), flags="elementwise")
zero("z = np.bitwise_or(x, y)", result=like("bitwise_or"), flags="elementwise")
zero("z = np.bitwise_xor(x, y)", result=like("bitwise_xor"), flags="elementwise")
zero("z = np.left_shift(x, y)", result=like("left_shift"), flags="elementwise")
zero("z = np.right_shift(x, y)", result=like("right_shift"), flags="elementwise")
zero("y = np.invert(x)", result=like("invert"), flags="elementwise")
zero("y = np.bitwise_count(x)", result=like("bitwise_count"), flags="elementwise")
