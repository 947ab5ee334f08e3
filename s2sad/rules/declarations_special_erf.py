"""Error functions, the normal distribution, logarithms and exponentials, entropies and losses."""

from __future__ import annotations

from s2sad.rules.declare import rule, zero
from s2sad.rules.infer_special import floats

# Error functions.
rule("y = scipy.special.erf(x)", x="1.1283791670955126 * np.exp(-(x * x))")
rule("y = scipy.special.erfc(x)", x="-1.1283791670955126 * np.exp(-(x * x))")
rule("y = scipy.special.erfcx(x)", x="slope_of_erfcx(x, y)")
rule("y = scipy.special.erfi(x)", x="1.1283791670955126 * np.exp(x * x)")
rule("y = scipy.special.erfinv(x)", x="0.886226925452758 * np.exp(y * y)")  # inf at -1 and 1
rule("y = scipy.special.erfcinv(x)", x="-0.886226925452758 * np.exp(y * y)")  # -inf at 0 and 2
rule("y = scipy.special.dawsn(x)", x="slope_of_dawsn(x, y)")
rule("y = scipy.special.wofz(x)", flags="holomorphic", x="slope_of_wofz(x, y, 1)")

# The normal distribution.
rule("y = scipy.special.ndtr(x)", x="0.3989422804014327 * np.exp(-0.5 * (x * x))")
rule("y = scipy.special.log_ndtr(x)", x="0.7978845608028654 / scipy.special.erfcx(-0.7071067811865476 * x)")
rule("y = scipy.special.ndtri(p)", p="2.5066282746310002 * np.exp(0.5 * (y * y))")  # inf at 0 and 1
rule("y = scipy.special.ndtri_exp(x)", x="2.5066282746310002 * np.exp(x + 0.5 * (y * y))")
rule("z = scipy.special.owens_t(h, a)", h="-0.19947114020071635 * np.exp(-0.5 * h**2) * scipy.special.erf("
     "0.7071067811865476 * a * h)", a="np.exp(-0.5 * h**2 * (1.0 + a**2)) / (6.283185307179586 * (1.0 + a**2))")
rule("z = scipy.special.nrdtrimn(p, std, x)", p="-2.5066282746310002 * std * np.exp(0.5 * t**2)", std="-t", x="1",
     t="scipy.special.ndtri(p)")
rule("z = scipy.special.nrdtrisd(mn, p, x)", mn="-1.0 / t", p="-2.5066282746310002 * z * np.exp(0.5 * t**2) / t",
     x="1.0 / t", t="scipy.special.ndtri(p)")

# The logistic function.
rule("y = scipy.special.expit(x)", x="y * scipy.special.expit(-x)")
rule("y = scipy.special.log_expit(x)", x="scipy.special.expit(-x)")
rule("y = scipy.special.logit(x)", x="ratio(1, x * (1.0 - x))")  # inf at 0 and 1
rule("y = scipy.special.softplus(x)", result=floats, x="scipy.special.expit(x)")

# Logarithms and exponentials.
rule("y = scipy.special.log1p(x)", x="ratio(1, 1.0 + x)")
rule("y = scipy.special.expm1(x)", x="y + 1.0")
rule("y = scipy.special.exp2(x)", x="0.6931471805599453 * y")
rule("y = scipy.special.exp10(x)", x="2.302585092994046 * y")
rule("y = scipy.special.cbrt(x)", x="ratio(1, 3.0 * y**2)")  # inf at 0
rule("y = scipy.special.exprel(x)", x="slope_of_exprel(x)")
rule("y = scipy.special.cosm1(x)", x="-np.sin(x)")
rule("z = scipy.special.powm1(x, y)", x="power_x(x, y, z + 1.0)", y="power_y(x, y, z + 1.0)")
rule("z = scipy.special.xlogy(x, y)", x="np.log(where((x == 0) & (y == 0), 1.0, y))",
     y="x / where((x == 0) & (y == 0), 1.0, y)")  # 0 at (0, 0)
rule("z = scipy.special.xlog1py(x, y)", x="scipy.special.log1p(where((x == 0) & (y == -1), 0.0, y))",
     y="x / (1.0 + where((x == 0) & (y == -1), 0.0, y))")  # 0 at (0, -1)
rule("z = scipy.special.agm(a, b)", a="(z - b * d) / a", b="d", d="slope_of_agm(a, b, z)")  # of positive numbers
rule("z = scipy.special.boxcox(x, lmbda)", x="x ** (lmbda - 1.0)", lmbda="slope_of_exprel(lmbda * l) * l**2",
     l="np.log(x)")
rule("z = scipy.special.boxcox1p(x, lmbda)", x="(1.0 + x) ** (lmbda - 1.0)", lmbda="slope_of_exprel(lmbda * l) * l**2",
     l="scipy.special.log1p(x)")
rule("z = scipy.special.inv_boxcox(y, lmbda)", y="z ** (1.0 - lmbda)", lmbda="z * slope_of_logrel(lmbda * y) * y**2")
rule("z = scipy.special.inv_boxcox1p(y, lmbda)", y="(1.0 + z) ** (1.0 - lmbda)",
     lmbda="(1.0 + z) * slope_of_logrel(lmbda * y) * y**2")
rule("z = scipy.special.tklmbda(x, lmbda)",
     x="where((z > 0) & (z < 1), 1.0 / (z ** (lmbda - 1.0) + (1.0 - z) ** (lmbda - 1.0)), 0.0)",
     lmbda="no_formula('tklmbda', 'lmbda')")

# Angles in degrees.
rule("y = scipy.special.sindg(x)", x="0.017453292519943295 * scipy.special.cosdg(x)")
rule("y = scipy.special.cosdg(x)", x="-0.017453292519943295 * scipy.special.sindg(x)")
rule("y = scipy.special.tandg(x)", x="0.017453292519943295 * (1.0 + y**2)")
rule("y = scipy.special.cotdg(x)", x="-0.017453292519943295 * (1.0 + y**2)")
rule("z = scipy.special.radian(d, m, s)", d="0.017453292519943295", m="0.0002908882086657216",
     s="4.84813681109536e-06")
rule("z = scipy.special.diric(x, n)", result=floats, flags="boxed", x="slope_of_diric(x, n, z)",
     n="no_formula('diric', 'n')")

# Entropies and losses.
rule("y = scipy.special.entr(x)", x="where(x < 0, 0.0, -1.0 - np.log(np.abs(x)))")  # inf at 0; 0 below, where y is -inf
rule("z = scipy.special.rel_entr(x, y)", x="where((x >= 0) & (y > 0), np.log(np.abs(x / nonzero(y))) + 1.0, 0.0)",
     y="where((x >= 0) & (y > 0), -x / nonzero(y), 0.0)")  # in x, -inf at 0 < y; 0 where z is inf, and at (0, 0)
rule("z = scipy.special.kl_div(x, y)", x="where((x >= 0) & (y > 0), np.log(np.abs(x / nonzero(y))), 0.0)",
     y="where((x >= 0) & (y > 0), 1.0 - x / nonzero(y), where((x == 0) & (y == 0), 1.0, 0.0))")  # as rel_entr
rule("z = scipy.special.huber(delta, r)", delta="where(np.abs(r) <= delta, 0.0, np.abs(r) - delta)",
     r="where(np.abs(r) <= delta, r, delta * np.sign(r))")
rule("z = scipy.special.pseudo_huber(delta, r)", delta="2.0 * (h - delta) - r**2 / nonzero(h)",
     r="delta * r / nonzero(h)", h="np.hypot(delta, r)")
zero("y = scipy.special.round(x)", flags="elementwise")
