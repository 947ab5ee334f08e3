"""Bessel, spherical Bessel, Struve and Kelvin functions, exponential integrals: derivatives in the argument.

    2 C_v'(z) = C_{v-1}(z) - C_{v+1}(z)     for J, Y and both Hankel functions     (DLMF 10.6.1)
    2 I_v'(z) = I_{v-1}(z) + I_{v+1}(z),   2 K_v'(z) = -K_{v-1}(z) - K_{v+1}(z)    (DLMF 10.29.1)

There is no formula for derivatives by the order, which must be a constant or an integer.
"""

from __future__ import annotations

from s2sad.rules.declare import rule
from s2sad.rules.infer_special import floats, hankel, spherical

# Of order 0 and 1.
rule("y = scipy.special.j0(x)", x="-scipy.special.j1(x)")
rule("y = scipy.special.j1(x)", x="0.5 * (scipy.special.j0(x) - scipy.special.jv(2, x))")
rule("y = scipy.special.y0(x)", x="-scipy.special.y1(x)")
rule("y = scipy.special.y1(x)", x="0.5 * (scipy.special.y0(x) - scipy.special.yv(2, x))")
rule("y = scipy.special.i0(x)", x="scipy.special.i1(x)")
rule("y = scipy.special.i1(x)", x="0.5 * (scipy.special.i0(x) + scipy.special.iv(2, x))")
rule("y = scipy.special.i0e(x)", x="scipy.special.i1e(x) - np.sign(x) * y")
rule("y = scipy.special.i1e(x)", x="0.5 * (scipy.special.i0e(x) + scipy.special.ive(2, x)) - np.sign(x) * y")
rule("y = scipy.special.k0(x)", x="-scipy.special.k1(x)")
rule("y = scipy.special.k1(x)", x="-0.5 * (scipy.special.k0(x) + scipy.special.kv(2, x))")
rule("y = scipy.special.k0e(x)", x="y - scipy.special.k1e(x)")
rule("y = scipy.special.k1e(x)", x="y - 0.5 * (scipy.special.k0e(x) + scipy.special.kve(2, x))")

# Of any order.
rule("y = scipy.special.jv(v, x)", v="no_formula('jv', 'v')",
     x="0.5 * (scipy.special.jv(v - 1, x) - scipy.special.jv(v + 1, x))")
rule("y = scipy.special.jve(v, x)", flags="real", v="no_formula('jve', 'v')",
     x="0.5 * (scipy.special.jve(v - 1, x) - scipy.special.jve(v + 1, x))")
rule("y = scipy.special.yv(v, x)", v="no_formula('yv', 'v')",
     x="0.5 * (scipy.special.yv(v - 1, x) - scipy.special.yv(v + 1, x))")
rule("y = scipy.special.yve(v, x)", flags="real", v="no_formula('yve', 'v')",
     x="0.5 * (scipy.special.yve(v - 1, x) - scipy.special.yve(v + 1, x))")
rule("y = scipy.special.yn(n, x)", n="no_formula('yn', 'n')",
     x="0.5 * (scipy.special.yv(n - 1, x) - scipy.special.yv(n + 1, x))")
rule("y = scipy.special.iv(v, x)", v="no_formula('iv', 'v')",
     x="0.5 * (scipy.special.iv(v - 1, x) + scipy.special.iv(v + 1, x))")
rule("y = scipy.special.ive(v, x)", flags="real", v="no_formula('ive', 'v')",
     x="0.5 * (scipy.special.ive(v - 1, x) + scipy.special.ive(v + 1, x)) - np.sign(x) * y")
rule("y = scipy.special.kv(v, x)", v="no_formula('kv', 'v')",
     x="-0.5 * (scipy.special.kv(v - 1, x) + scipy.special.kv(v + 1, x))")
rule("y = scipy.special.kve(v, x)", v="no_formula('kve', 'v')",
     x="y - 0.5 * (scipy.special.kve(v - 1, x) + scipy.special.kve(v + 1, x))")
rule("y = scipy.special.kn(n, x)", n="no_formula('kn', 'n')",
     x="-0.5 * (scipy.special.kv(n - 1, x) + scipy.special.kv(n + 1, x))")
rule("y = scipy.special.hankel1(v, x)", flags="holomorphic", v="no_formula('hankel1', 'v')",
     x="0.5 * (scipy.special.hankel1(v - 1, x) - scipy.special.hankel1(v + 1, x))")
rule("y = scipy.special.hankel1e(v, x)", flags="holomorphic", v="no_formula('hankel1e', 'v')",
     x="0.5 * (scipy.special.hankel1e(v - 1, x) - scipy.special.hankel1e(v + 1, x)) - 1j * y")
rule("y = scipy.special.hankel2(v, x)", flags="holomorphic", v="no_formula('hankel2', 'v')",
     x="0.5 * (scipy.special.hankel2(v - 1, x) - scipy.special.hankel2(v + 1, x))")
rule("y = scipy.special.hankel2e(v, x)", flags="holomorphic", v="no_formula('hankel2e', 'v')",
     x="0.5 * (scipy.special.hankel2e(v - 1, x) - scipy.special.hankel2e(v + 1, x)) + 1j * y")

# Derivatives of Bessel functions of any order.
rule("y = scipy.special.jvp(v, z, n=1)", v="no_formula('jvp', 'v')", z="scipy.special.jvp(v, z, n + 1)", result=floats)
rule("y = scipy.special.yvp(v, z, n=1)", v="no_formula('yvp', 'v')", z="scipy.special.yvp(v, z, n + 1)", result=floats)
rule("y = scipy.special.ivp(v, z, n=1)", v="no_formula('ivp', 'v')", z="scipy.special.ivp(v, z, n + 1)", result=floats)
rule("y = scipy.special.kvp(v, z, n=1)", v="no_formula('kvp', 'v')", z="scipy.special.kvp(v, z, n + 1)", result=floats)
rule("y = scipy.special.h1vp(v, z, n=1)", v="no_formula('h1vp', 'v')", z="scipy.special.h1vp(v, z, n + 1)",
     result=hankel, flags="holomorphic")
rule("y = scipy.special.h2vp(v, z, n=1)", v="no_formula('h2vp', 'v')", z="scipy.special.h2vp(v, z, n + 1)",
     result=hankel, flags="holomorphic")

# Spherical Bessel functions: the second derivative by their differential equation (DLMF 10.47).
rule("y = scipy.special.spherical_jn(n, z, derivative=False)", result=spherical, n="no_formula('spherical_jn', 'n')",
     z="scipy.special.spherical_jn(n, z, derivative=True) if derivative == False else"
       " (n * scipy.special.spherical_jn(np.maximum(n - 1, 0), z, derivative=True) - (n + 1) * "
       "scipy.special.spherical_jn(n + 1, z, derivative=True)) / (2 * n + 1)")
rule("y = scipy.special.spherical_yn(n, z, derivative=False)", result=spherical, n="no_formula('spherical_yn', 'n')",
     z="scipy.special.spherical_yn(n, z, derivative=True) if derivative == False else"
       " (n * (n + 1) / z**2 - 1.0) * scipy.special.spherical_yn(n, z) - 2.0 * y / z")
rule("y = scipy.special.spherical_in(n, z, derivative=False)", result=spherical, n="no_formula('spherical_in', 'n')",
     z="scipy.special.spherical_in(n, z, derivative=True) if derivative == False else"
       " (n * scipy.special.spherical_in(np.maximum(n - 1, 0), z, derivative=True) + (n + 1) * "
       "scipy.special.spherical_in(n + 1, z, derivative=True)) / (2 * n + 1)")
rule("y = scipy.special.spherical_kn(n, z, derivative=False)", result=spherical, n="no_formula('spherical_kn', 'n')",
     z="scipy.special.spherical_kn(n, z, derivative=True) if derivative == False else"
       " (n * (n + 1) / z**2 + 1.0) * scipy.special.spherical_kn(n, z) - 2.0 * y / z")

# Struve functions (DLMF 11.4.31, 11.4.32).
rule("y = scipy.special.struve(v, x)", v="no_formula('struve', 'v')",
     x="0.5 * (scipy.special.struve(v - 1, x) - scipy.special.struve(v + 1, x) + struve_term(v, x))")
rule("y = scipy.special.modstruve(v, x)", v="no_formula('modstruve', 'v')",
     x="0.5 * (scipy.special.modstruve(v - 1, x) + scipy.special.modstruve(v + 1, x) + struve_term(v, x))")
rule("y = scipy.special.itstruve0(x)", x="scipy.special.struve(0, x)")
rule("y = scipy.special.it2struve0(x)", x="-scipy.special.struve(0, x) / x")  # nan at 0
rule("y = scipy.special.itmodstruve0(x)", x="scipy.special.modstruve(0, x)")

# Kelvin functions (DLMF 10.61).
rule("y = scipy.special.ber(x)", x="scipy.special.berp(x)")
rule("y = scipy.special.bei(x)", x="scipy.special.beip(x)")
rule("y = scipy.special.ker(x)", x="scipy.special.kerp(x)")
rule("y = scipy.special.kei(x)", x="scipy.special.keip(x)")
rule("y = scipy.special.berp(x)", x="-scipy.special.bei(x) - y / x")  # nan at 0
rule("y = scipy.special.beip(x)", x="scipy.special.ber(x) - y / x")  # nan at 0
rule("y = scipy.special.kerp(x)", x="-scipy.special.kei(x) - y / x")
rule("y = scipy.special.keip(x)", x="scipy.special.ker(x) - y / x")

# Exponential integrals.
rule("y = scipy.special.exp1(x)", x="-np.exp(-x) / x")
rule("y = scipy.special.expi(x)", x="np.exp(x) / x")
rule("y = scipy.special.expn(n, x)", n="no_formula('expn', 'n')", x="slope_of_expn(n, x, y)")
rule("y = scipy.special.spence(x)", x="where(np.abs(u) < 1e-3, series, -np.log(x) / where(np.abs(u) < 1e-3, 1.0, u))",
     u="x - 1.0", series="u * (1 / 2 - u * (1 / 3 - u * (1 / 4 - u / 5))) - 1.0")
