"""Elementwise functions and their partial derivatives."""

from __future__ import annotations

from s2sad.rules.declare import rule, zero

# Arithmetic.
rule("z = x + y", x="1", y="1")
rule("z = x - y", x="1", y="-1")
rule("z = x * y", x="y", y="x")
rule("z = x / y", x="1 / y", y="-z / y")
rule("z = x % y", x="1", y="-(x // y)")  # 1 and -(x // y) at the jumps too
rule("z = x ** y",
     x="power_x(x, y, z)",
     y="power_y(x, y, z)")  # x**0: 0; in y, 0 at x == 0; x**0.5 at 0: inf (ZeroDivisionError for Python floats)
rule("y = neg(x)", x="-1")
rule("y = pos(x)", x="1")
rule("y = abs(x)", x="direction(x, y)", flags="written")  # 0 at 0
rule("y = float(x)", x="1")
rule("z = np.add(x, y)", x="1", y="1")
rule("z = np.subtract(x, y)", x="1", y="-1")
rule("z = np.multiply(x, y)", x="y", y="x")
rule("z = np.divide(x, y)", x="ratio(1, y)", y="-ratio(z, y)")
rule("z = np.remainder(x, y)", x="1", y="-(x // y)")  # 1 and -(x // y) at the jumps too
rule("z = np.fmod(x, y)", x="1", y="-np.trunc(x / y)")  # 1 and -trunc(x / y) at the jumps too
rule("z = np.power(x, y)", x="power_x(x, y, z)", y="power_y(x, y, z)")  # x**0 has derivative 0; in y, 0 at x == 0
rule("z = np.float_power(x, y)", x="power_x(x, y, z)", y="power_y(x, y, z)")  # as np.power
rule("y = np.negative(x)", x="-1")
rule("y = np.positive(x)", x="1")
rule("y = np.abs(x)", x="direction(x, y)", flags="written")  # 0 at 0
rule("y = np.fabs(x)", x="np.sign(x)")  # 0 at 0
rule("y = np.square(x)", x="2.0 * x")
rule("y = np.reciprocal(x)", x="-(y * y)")
rule("y = np.sqrt(x)", x="ratio(0.5, y)")  # inf at 0: the one-sided derivative
rule("y = np.cbrt(x)", x="ratio(1, 3.0 * y**2)")  # inf at 0

# Exponentials and logarithms.
rule("y = np.exp(x)", x="y")
rule("y = np.exp2(x)", x="0.6931471805599453 * y")
rule("y = np.expm1(x)", x="y + 1.0")
rule("y = np.log(x)", x="ratio(1, x)")
rule("y = np.log2(x)", x="ratio(1.4426950408889634, x)")
rule("y = np.log10(x)", x="ratio(0.4342944819032518, x)")
rule("y = np.log1p(x)", x="ratio(1, 1.0 + x)")
rule("z = np.logaddexp(x, y)", x="np.exp(x - top)", y="np.exp(y - top)",
     top="finite_or_zero(z)")  # 0 where both are -inf
rule("z = np.logaddexp2(x, y)", x="np.exp2(x - top)", y="np.exp2(y - top)",
     top="finite_or_zero(z)")  # 0 where both are -inf

# Trigonometric and hyperbolic functions.
rule("y = np.sin(x)", x="np.cos(x)")
rule("y = np.cos(x)", x="-np.sin(x)")
rule("y = np.tan(x)", x="1.0 + y**2")
rule("y = np.arcsin(x)",
     x="ratio(1, np.sqrt(1.0 - x**2)) if is_real(x) else 1 / np.cos(y)")  # inf at -1 and 1
rule("y = np.arccos(x)",
     x="-ratio(1, np.sqrt(1.0 - x**2)) if is_real(x) else -1 / np.sin(y)")  # -inf at -1 and 1
rule("y = np.arctan(x)", x="1 / (1.0 + x**2)")
rule("z = np.arctan2(y, x)", y="x / r2", x="-y / r2", r2="nonzero(x**2 + y**2)")  # 0 at (0, 0), where it jumps
rule("z = np.hypot(x, y)", x="x / nonzero(z)", y="y / nonzero(z)")  # 0 at (0, 0)
rule("y = np.sinh(x)", x="np.cosh(x)")
rule("y = np.cosh(x)", x="np.sinh(x)")
rule("y = np.tanh(x)", x="1.0 - y**2")
rule("y = np.arcsinh(x)", x="1 / np.sqrt(1.0 + x**2) if is_real(x) else 1 / np.cosh(y)")
rule("y = np.arccosh(x)", x="ratio(1, np.sqrt(x**2 - 1.0)) if is_real(x) else 1 / np.sinh(y)")  # inf at 1
rule("y = np.arctanh(x)", x="ratio(1, 1.0 - x**2)")
rule("y = np.sinc(x)",
     x="where(np.abs(x) < 1e-3, small, (np.cos(3.141592653589793 * x) - y) / nonzero(x))",
     small="(3.2469697011334144 * x**2 - 3.289868133696453) * x")  # a series near 0
rule("y = np.deg2rad(x)", x="0.017453292519943295")
rule("y = np.radians(x)", x="0.017453292519943295")
rule("y = np.rad2deg(x)", x="57.29577951308232")
rule("y = np.degrees(x)", x="57.29577951308232")

# Choices.
rule("z = np.maximum(x, y)",
     x="where(x > y, _, where(x == y, 0.5 * _, 0.0))",
     y="where(x < y, _, where(x == y, 0.5 * _, 0.0))", flags="written")  # half to each at a tie
rule("z = np.minimum(x, y)",
     x="where(x < y, _, where(x == y, 0.5 * _, 0.0))",
     y="where(x > y, _, where(x == y, 0.5 * _, 0.0))", flags="written")  # half to each at a tie
rule("z = np.fmax(x, y)",
     x="where(x == z, where(y == z, 0.5 * _, _), 0.0)",
     y="where(y == z, where(x == z, 0.5 * _, _), 0.0)", flags="written")  # half to each at a tie; a nan gets 0
rule("z = np.fmin(x, y)",
     x="where(x == z, where(y == z, 0.5 * _, _), 0.0)",
     y="where(y == z, where(x == z, 0.5 * _, _), 0.0)", flags="written")  # half to each at a tie; a nan gets 0
rule("z = np.where(c, x, y)", x="where(c, _, 0.0)", y="where(c, 0.0, _)", z_dot="where(c, x_dot, y_dot)")
rule("z = select(c, x, y)", x="where(c, _, 0.0)", y="where(c, 0.0, _)", z_dot="where(c, x_dot, y_dot)")
rule("z = np.clip(x, a_min, a_max, out=None)",
     x="where(inside(x, a_min, a_max), _, 0.0)",
     a_min="where(below(x, a_min, a_max), _, 0.0)",
     a_max="where(above(x, a_min, a_max), _, 0.0)", flags="written")  # at a bound all goes to x
rule("z = np.copysign(x, y)", x="np.sign(x) * np.sign(z)")  # 0 at x == 0
rule("z = np.heaviside(x, y)", y="where(x == 0, _, 0.0)")  # 0 in x at the jump too
rule("z = np.ldexp(x, i)", x="2.0**i")

# The math module.
rule("y = math.sqrt(x)", x="ratio(0.5, y)")  # ZeroDivisionError at 0
rule("y = math.cbrt(x)", x="ratio(1, 3.0 * y**2)")  # ZeroDivisionError at 0
rule("y = math.exp(x)", x="y")
rule("y = math.exp2(x)", x="0.6931471805599453 * y")
rule("y = math.expm1(x)", x="y + 1.0")
rule("y = math.log(x, base=None)", x="1 / x if base is None else 1 / (x * np.log(base))")
rule("y = math.log2(x)", x="1.4426950408889634 / x")
rule("y = math.log10(x)", x="0.4342944819032518 / x")
rule("y = math.log1p(x)", x="1 / (1.0 + x)")
rule("y = math.sin(x)", x="math.cos(x)")
rule("y = math.cos(x)", x="-math.sin(x)")
rule("y = math.tan(x)", x="1.0 + y**2")
rule("y = math.asin(x)", x="ratio(1, math.sqrt(1.0 - x**2))")  # ZeroDivisionError at -1 and 1
rule("y = math.acos(x)", x="-ratio(1, math.sqrt(1.0 - x**2))")  # ZeroDivisionError at -1 and 1
rule("y = math.atan(x)", x="1 / (1.0 + x**2)")
rule("z = math.atan2(y, x)", y="ratio(x, r2)", x="-ratio(y, r2)", r2="x**2 + y**2")  # ZeroDivisionError at (0, 0)
rule("y = math.sinh(x)", x="math.cosh(x)")
rule("y = math.cosh(x)", x="math.sinh(x)")
rule("y = math.tanh(x)", x="1.0 - y**2")
rule("y = math.asinh(x)", x="1 / math.sqrt(1.0 + x**2)")
rule("y = math.acosh(x)", x="ratio(1, math.sqrt(x**2 - 1.0))")  # ZeroDivisionError at 1
rule("y = math.atanh(x)", x="1 / (1.0 - x**2)")
rule("y = math.degrees(x)", x="57.29577951308232")
rule("y = math.radians(x)", x="0.017453292519943295")
rule("y = math.fabs(x)", x="np.sign(x)")  # 0 at 0
rule("z = math.hypot(*xs)", xs="xk / nonzero(z)")  # 0 at 0
rule("z = math.fsum(*xs)", xs="1", flags="multiary")
rule("z = sum(*xs)", xs="1", flags="multiary")
rule("z = math.prod(*xs)", xs="product_of_others(xs, kth)", flags="multiary")
rule("z = math.dist(*xs)", xs="(xk - partner(xs, kth)) / nonzero(z)")  # 0 where the points are one
rule("z = math.sumprod(*xs)", xs="partner(xs, kth)")
rule("z = statistics.mean(*xs)", xs="1 / how_many(xs)", flags="multiary")
rule("z = statistics.fmean(*xs)", xs="1 / how_many(xs)", flags="multiary")
rule("z = statistics.geometric_mean(*xs)", xs="z / (how_many(xs) * xk)", flags="multiary")
rule("z = statistics.harmonic_mean(*xs)", xs="z**2 / (how_many(xs) * xk**2)", flags="multiary")
rule("z = statistics.variance(*xs)", xs="2.0 * deviation(xs, kth) / (how_many(xs) - 1.0)", flags="multiary")
rule("z = statistics.pvariance(*xs)", xs="2.0 * deviation(xs, kth) / how_many(xs)", flags="multiary")
rule("z = statistics.stdev(*xs)", xs="deviation(xs, kth) / (how_many(xs) - 1.0) / nonzero(z)",
     flags="multiary")  # 0 where all are equal
rule("z = statistics.pstdev(*xs)", xs="deviation(xs, kth) / how_many(xs) / nonzero(z)",
     flags="multiary")  # 0 where all are equal
rule("z = math.pow(x, y)", x="power_x(x, y, z)", y="power_y(x, y, z)")  # as x ** y
rule("z = math.fmod(x, y)", x="1", y="-np.trunc(x / y)")  # 1 and -trunc(x / y) at the jumps too
rule("z = math.remainder(x, y)", x="1", y="-np.rint((x - z) / y)")  # 1 at the jumps too
rule("z = math.copysign(x, y)", x="np.sign(x) * np.sign(z)")  # 0 at x == 0
rule("z = math.ldexp(x, i)", x="2.0**i")
rule("y = math.erf(x)", x="1.1283791670955126 * math.exp(-(x * x))")
rule("y = math.erfc(x)", x="-1.1283791670955126 * math.exp(-(x * x))")
rule("y = math.lgamma(x)", x="polygamma(x, degree=0)")
rule("y = math.gamma(x)", x="y * polygamma(x, degree=0)")
rule("y = polygamma(x, degree=0)", x="next_polygamma(x, degree)")

# Constant wherever they are differentiable.
zero("z = x // y")
zero("z = rounding(x, y)")
zero("z = stop_gradient(x)")

# Random numbers as functions of their parameters: the operation is the number y that was drawn.
rule("y = placed(z, loc, scale)", loc="1", scale="(y - loc) / scale")  # nan for a scale of zero
rule("y = placed_log(z, mean, sigma)", mean="y", sigma="y * (np.log(y) - mean) / sigma")  # nan for a sigma of zero
rule("y = placed_rate(z, lambd)", lambd="-y / lambd")
rule("y = scaled(z, scale)", scale="y / scale")  # nan for a scale of zero
rule("y = between(z, low, high)",
     low="(high - y) / (high - low)",
     high="(y - low) / (high - low)")  # nan for an empty range
zero("z = x < y")
zero("z = x <= y")
zero("z = x > y")
zero("z = x >= y")
zero("z = x == y")
zero("z = x != y")
zero("z = x is y")
zero("z = x is not y")
zero("z = x in y")
zero("z = x not in y")
zero("z = x & y")
zero("z = x | y")
zero("z = x ^ y")
zero("z = x << y")
zero("z = x >> y")
zero("y = not x")
zero("y = invert(x)")
zero("y = int(x)")
zero("y = bool(x)")
zero("y = round(x, ndigits=None)")
zero("y = math.floor(x)")
zero("y = math.ceil(x)")
zero("y = math.trunc(x)")
zero("y = math.isnan(x)")
zero("y = math.isinf(x)")
zero("y = math.isfinite(x)")
zero("z = math.isclose(x, y, rel_tol=1e-09, abs_tol=0.0)")
zero("y = math.factorial(x)")
zero("y = math.isqrt(x)")
zero("z = math.comb(x, y)")
zero("z = math.perm(x, y)")
zero("z = math.gcd(*xs)")
zero("z = math.lcm(*xs)")
zero("y = np.floor(x)")
zero("y = np.ceil(x)")
zero("y = np.trunc(x)")
zero("y = np.rint(x)")
zero("y = np.round(x, decimals=0, out=None)")
zero("y = np.sign(x)")
zero("y = np.signbit(x)")
zero("y = np.isnan(x)")
zero("y = np.isinf(x)")
zero("y = np.isfinite(x)")
zero("z = np.isclose(x, y, rtol=1e-05, atol=1e-08, equal_nan=False)")
zero("z = np.floor_divide(x, y)")
zero("z = np.less(x, y)")
zero("z = np.less_equal(x, y)")
zero("z = np.greater(x, y)")
zero("z = np.greater_equal(x, y)")
zero("z = np.equal(x, y)")
zero("z = np.not_equal(x, y)")
zero("z = np.logical_and(x, y)")
zero("z = np.logical_or(x, y)")
zero("z = np.logical_xor(x, y)")
zero("y = np.logical_not(x)")

FLAT = frozenset("floor ceil trunc rint round sign signbit isnan isinf isfinite isclose floor_divide less less_equal "
                 "greater greater_equal equal not_equal logical_and logical_or logical_xor logical_not".split())
