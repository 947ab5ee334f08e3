"""Polynomials of NumPy: functions of coefficients, and objects."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "np.polyval": ["(v, x)", "(u, A)", "(u, s)", "(v, w)"],
    "np.polyadd": ["(u, v)", "(v, w)", "(v, x)", "(v, l)"],
    "np.polysub": ["(u, v)", "(v, w)", "(v, x)", "(v, l)"],
    "np.polyder": ["(u)", "(u, 2)", "(l, m=3)", "(u, 0)"],
    "np.polyint": ["(u)", "(u, 2)", "(u, 2, k=[x, y])", "(u, k=x)"],
    "np.polydiv": ["(l, v)[0]", "(l, v)[1]", "(v, w)[0]", "(u, v)[1]"],
    "np.poly": ["(v)", "(u)", "(v[:1])", "(l)"],
    "np.polymul": ["(u, v)", "(v, l)", "(np.poly1d(v), w)(x)", "(v, x)"],
    "np.roots": ["(v)", "(np.array([1.0, -3.0, x]))", "(l)", "(v[:2])"],
    "np.polyfit": ["(u, q[0] * u**2, 2)", "(l, l**2, 1, w=l)", "(u, W, 2)", "(u, u**2, 2, full=True)[0]",
                   "(l, l**2, 2, cov=True)[1]", "(u, u, deg=1, cov='unscaled')[1]"],
    "np.poly1d": ["np.poly1d(v)(x)", "np.poly1d(v)(A)", "np.poly1d(v).coeffs", "np.poly1d(u).c[0]",
                  "1.0 * (np.poly1d(v) + np.poly1d(u))(x)", "1.0 * (np.poly1d(v) - 1.0)(x)",
                  "1.0 * (2.0 * np.poly1d(v))(x)",
                  "np.poly1d(v, True)(x)", "1.0 * (np.poly1d(v) * np.poly1d(w))(x)", "1.0 * (np.poly1d(v)**2)(x)",
                  "np.poly1d(v).roots", "np.poly1d(u)[1]"],
    "np.poly1d.deriv": ["np.poly1d(v).deriv()(w)", "np.poly1d(u).deriv(2)(x)"],
    "np.poly1d.integ": ["np.poly1d(v).integ()(w)", "np.poly1d(v).integ(2, [x, y])(x)"],
    "np.polynomial.Polynomial": [
        "np.polynomial.Polynomial(v)(x)", "np.polynomial.Polynomial(v)(A)", "np.polynomial.Polynomial(v).coef",
        "np.polynomial.Polynomial(v, domain=[x, 2.0], window=[0.0, y])(w)",
        "1.0 * (np.polynomial.Polynomial(v) * np.polynomial.Polynomial(u))(w)",
        "1.0 * (np.polynomial.Polynomial(v) + 2.0)(w)",
        "1.0 * (2.0 - np.polynomial.Polynomial(v))(w)", "1.0 * (np.polynomial.Polynomial(v)**2)(x)",
        "1.0 * (-np.polynomial.Polynomial(v))(w)"],
    "np.polynomial.Polynomial.deriv": ["np.polynomial.Polynomial(u).deriv()(w)",
                                       "np.polynomial.Polynomial(u).deriv(2)(x)"],
    "np.polynomial.Polynomial.integ": ["np.polynomial.Polynomial(u).integ()(w)",
                                       "np.polynomial.Polynomial(u).integ(1, k=[x])(x)"],
    "np.polynomial.Polynomial.fit": ["np.polynomial.Polynomial.fit(u, u**3, 2)(x)",
                                     "np.polynomial.Polynomial.fit(u, u**3, 1, domain=[0, 2]).coef"],
    "np.polynomial.Polynomial.roots": ["np.polynomial.Polynomial(v).roots()"],
    "np.polynomial.Chebyshev": ["np.polynomial.Chebyshev(v)(w)", "np.polynomial.Chebyshev(u).integ()(x)"],
    "np.polynomial.Legendre": ["np.polynomial.Legendre(v)(w)", "np.polynomial.Legendre(u).deriv()(x)",
                               "1.0 * (np.polynomial.Legendre(v) * np.polynomial.Legendre(w))(x)"],
    "np.polynomial.Hermite": ["np.polynomial.Hermite(v)(w)", "np.polynomial.Hermite(u).deriv(2)(x)"],
    "np.polynomial.HermiteE": ["np.polynomial.HermiteE(v)(w)", "np.polynomial.HermiteE(u).deriv(2)(x)"],
    "np.polynomial.Laguerre": ["np.polynomial.Laguerre(v)(w)", "np.polynomial.Laguerre(u).deriv(2)(x)"],
}
# Roots may be real or complex, which only their values tell: a loss of real ones is complex by its type.
FIRST_ORDER: set[str] = {"(np.array([1.0, -3.0, x]))", "(v[:2])"}
