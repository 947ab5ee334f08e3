"""What the partial derivatives of special functions share: slopes with series near removable singularities, sums.

A macro given as a text is an expression of the rule language over its parameters.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.language import Scope
from s2sad.rules.macros import MACROS as BASIC
from s2sad.rules.macros import arg, where
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, add, make, mul, neg, number, sub, typ
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import kind_of


def no_formula(fn: Arg, name: Arg, which: Arg = NONE) -> Expr:
    """Refuse a derivative for which there is no formula."""
    name_of, what = static(fn, "fn"), static(name, "name")
    of = name_of if "." in name_of else f"scipy.special.{name_of}"
    raise NotApplicable(f"there is no formula for the {static(which, '') or ''}derivative of {of} by '{what}'",
                        f"'{what}' must be a constant here")


def is_complex(x: Expr) -> Expr:
    """Whether a number is complex, which its type says."""
    return Lit(kind_of(typ(x)) == "complex")


def sum_of_psi(a: Expr, d: Expr) -> Expr:
    """``ψ(a) + ψ(a - 1/2) + … ``, d terms."""
    total = make("scipy.special.psi", a)
    for j in range(1, static(arg(d), "d")):
        total = add(total, make("scipy.special.psi", sub(a, Lit(0.5 * j))))
    return total


def weighted(*pairs: Expr) -> Expr:
    """The sum of cotangents times partial derivatives; what has no cotangent is left away."""
    total: Expr | None = None
    for pair in pairs:
        assert isinstance(pair, Tup)
        bar, slope = pair.items
        if bar != NONE:
            total = mul(bar, slope) if total is None else add(total, mul(bar, slope))
    return Lit(0.0) if total is None else total


def nth(parts: Expr, k: Expr) -> Expr:
    """One of several results."""
    return make("part", parts, item=k)


def standard(x: Expr, loc: Expr, scale: Expr) -> Expr:
    """``(x - loc) / scale``; a parameter of None is absent."""
    return per_scale(x if loc == NONE else sub(x, loc), scale)


def per_scale(v: Expr, scale: Expr) -> Expr:
    """``v / scale``."""
    return v if scale == NONE else make("/", v, scale)


def written(parameters: str, text: str, **shared: str) -> Callable[..., Expr]:
    """A macro by its text."""
    names = parameters.split()

    def macro(*values: Expr) -> Expr:
        return Scope(dict(zip(names, values, strict=True)), shared, {**BASIC, **MACROS}).evaluate(text)

    return macro


def slope_of_expn(n: Expr, x: Expr, y: Expr) -> Expr:
    """``-E_{n-1}(x)``, where E_{-1}(x) is (e^-x + E_0(x)) / x."""
    order = number(n)
    below = neg(make("/", add(make("np.exp", neg(x)), y), x))
    if order is not None:
        return below if order == 0 else neg(make("scipy.special.expn", Lit(order - 1), x))
    above = neg(make("scipy.special.expn", make("np.maximum", sub(n, Lit(1)), Lit(0)), x))
    return where(make(">", n, Lit(0)), above, below)


MACROS: dict[str, Callable[..., Expr]] = {
    **{f.__name__: f for f in (no_formula, is_complex, sum_of_psi, slope_of_expn, weighted, nth, standard, per_scale)},
    # exprel(t) = (e^t - 1)/t, and log1p(t)/t.
    "slope_of_exprel": written(
        "t", "where(np.abs(t) < 1e-2, series, (np.exp(t) - scipy.special.exprel(t)) / nonzero(t))",
        series="0.5 + t * (1 / 3 + t * (1 / 8 + t * (1 / 30 + t * (1 / 144 + t / 840))))"),
    "logrel": written("t", "where(t == 0, 1.0, np.log1p(t) / nonzero(t))"),
    "slope_of_logrel": written(
        "t", "where(np.abs(t) < 5e-3, series, (1.0 / (1.0 + t) - np.log1p(t) / nonzero(t)) / nonzero(t))",
        series="-0.5 + t * (2 / 3 - t * (3 / 4 - t * (4 / 5 - t * (5 / 6 - t * (6 / 7 - t * (7 / 8))))))"),
    # Where 2xy cancels, the asymptotic expansions (DLMF 7.12.1).
    "slope_of_erfcx": written(
        "x y", "2.0 * x * y - 1.1283791670955126 if is_complex(x) else where(x > 30.0, series,"
               " 2.0 * x * y - 1.1283791670955126)", t="where(x > 30.0, x, 30.0) ** -2",
        series="-0.5641895835477563 * t * (1.0 - t * (1.5 - t * (3.75 - t * (13.125 - 59.0625 * t))))"),
    "slope_of_dawsn": written(
        "x y", "1.0 - 2.0 * x * y if is_complex(x) else where(np.abs(x) > 30.0, series, 1.0 - 2.0 * x * y)",
        t="where(np.abs(x) > 30.0, x, 30.0) ** -2",
        series="-0.5 * t * (1.0 + t * (1.5 + t * (3.75 + t * (13.125 + 59.0625 * t))))"),
    # ζ(x) = 2^x π^(x-1) sin(πx/2) Γ(1-x) ζ(1-x), of which u = 1 - x, where x is negative.
    "riemann_x": written(
        "x z", "where(x > -0.5, zeta_x(where(x > -0.5, x, 2.0), 1.0), z * (1.8378770664093453 - scipy.special.psi(u))"
               " + 2.0 * 6.283185307179586**-u * scipy.special.gamma(u)"
               " * (1.5707963267948966 * np.cos(1.5707963267948966 * x) * scipy.special.zeta(u, 1.0)"
               " - np.sin(1.5707963267948966 * x) * zeta_x(u, 1.0)))",
        u="1.0 - where(x > -0.5, -0.5, x)"),
    # w' = 2i/√π - 2zw, or w'' = (4z² - 2) w - 4iz/√π; far from 0 in the upper half-plane, their expansions.
    "slope_of_wofz": written(
        "z w order", "where(far, 1.1283791670955126j * a, 1.1283791670955126j - 2.0 * z * w) if order == 1 else"
                     " where(far, 1.1283791670955126j * b, (4.0 * z * z - 2.0) * w - 2.2567583341910252j * z)",
        far="(np.abs(z) > 30.0) & (np.imag(z) >= 0.0)", t="1.0 / where(far, z, 30.0 + 0j) ** 2",
        a="-0.5 * t * (1.0 + t * (1.5 + t * (3.75 + t * (13.125 + 59.0625 * t))))",
        b="t * (1.0 + t * (3.0 + t * (11.25 + t * (52.5 + 295.3125 * t)))) / where(far, z, 30.0 + 0j)"),
    # agm(a, b) = π a / 2K(1 - (b/a)²).
    "slope_of_agm": written("a b z", "0.5 * b * z**2 * scipy.special.hyp2f1(1.5, 1.5, 2.0, 1.0 - (b / a) ** 2) / a**3"),
    # sin(nx/2) / (n sin(x/2)); near multiples of 2π its Taylor expansion.
    "slope_of_diric": written(
        "x n y", "where(np.abs(s) < 1e-4, (1.0 - n**2) / 12.0 * np.sin(x) * y,"
                 " 0.5 * (np.cos(0.5 * n * x) - y * np.cos(0.5 * x)) / where(np.abs(s) < 1e-4, 1.0, s))",
        s="np.sin(0.5 * x)"),
    "binomial_n": written("n k z", "where(z == 0, 0.0, z * (scipy.special.psi(n + 1.0) - scipy.special.psi("
                          "where(z == 0, 0.0, n - k) + 1.0)))"),
    "binomial_k": written("n k z", "where(z == 0, 0.0, z * (scipy.special.psi(where(z == 0, 0.0, n - k) + 1.0)"
                          " - scipy.special.psi(k + 1.0)))"),
    # (x/2)^v / (√π Γ(v + 3/2)).
    "struve_term": written("v x", "0.5641895835477563 * (0.5 * x) ** v * scipy.special.rgamma(v + 1.5)"),
    # Of kπ, the nearest multiple, 2k complete integrals; of the rest Carlson's (DLMF 19.25.9, 19.25.13).
    "slope_of_ellipkinc": written(
        "phi m", "s**3 * scipy.special.elliprd(1.0 - s**2, 1.0, 1.0 - m * s**2) / 6.0"
                 " + 0.7853981633974483 * k * scipy.special.hyp2f1(1.5, 1.5, 2.0, m)",
        k="np.rint(phi / 3.141592653589793)", s="np.sin(phi - 3.141592653589793 * k)"),
    "slope_of_ellipeinc": written(
        "phi m", "s**3 * scipy.special.elliprd(1.0 - s**2, 1.0 - m * s**2, 1.0) / -6.0"
                 " - 0.7853981633974483 * k * scipy.special.hyp2f1(0.5, 1.5, 2.0, m)",
        k="np.rint(phi / 3.141592653589793)", s="np.sin(phi - 3.141592653589793 * k)"),
    # ∂/∂x of R_D, by the equation of Euler and Poisson for R_F (DLMF 19.18.13): a difference quotient in x and z, which
    # is a function of ((x - z)/2)²; where that is small, extrapolated to it.
    "elliprd_x": written(
        "x y z w", "where(close, one + ((0.5 * (x - z) / h) ** 2 - 1.0) / 3.0 * (two - one),"
                   " 0.5 * (scipy.special.elliprd(y, z, x) - w) / where(close, 1.0, x - z))",
        close="np.abs(x - z) < 1e-3 * np.abs(x + z)", m="0.5 * (x + z)", h="1e-3 * m",
        one="0.25 * (scipy.special.elliprd(y, m - h, m + h) - scipy.special.elliprd(m + h, y, m - h)) / h",
        two="0.125 * (scipy.special.elliprd(y, m - 2.0 * h, m + 2.0 * h)"
            " - scipy.special.elliprd(m + 2.0 * h, y, m - 2.0 * h)) / h"),
    # x ∂/∂x of R_D, which is 0 at 0.
    "elliprd_xx": written("x y z w", "where(x == 0, 0.0, x * elliprd_x(nonzero(x), y, z, w))"),
    # Densities: the derivatives by x of P(a, x) and I_x(a, b).
    "gamma_density": written("a x", "np.exp(scipy.special.xlogy(a - 1.0, x) - x - scipy.special.gammaln(a))"),
    "beta_density": written(
        "a b x", "np.exp(scipy.special.xlogy(a - 1.0, x) + scipy.special.xlog1py(b - 1.0, -x)"
                 " - scipy.special.betaln(a, b))"),
    # I_w(n/2, d/2) with w = nx / (d + nx); dw/dn = dx / (d + nx)², dw/dd = -nx / (d + nx)², dw/dx = dn / (d + nx)².
    "fdtr_n": written("n d x", "0.5 * betainc_a(0.5 * n, 0.5 * d, n * x / s)"
                               " + d * x / s**2 * beta_density(0.5 * n, 0.5 * d, n * x / s)", s="d + n * x"),
    "fdtr_d": written("n d x", "-0.5 * betainc_a(0.5 * d, 0.5 * n, d / s)"
                               " - n * x / s**2 * beta_density(0.5 * n, 0.5 * d, n * x / s)", s="d + n * x"),
    "fdtr_x": written("n d x", "n * d / s**2 * beta_density(0.5 * n, 0.5 * d, n * x / s)", s="d + n * x"),
    # 1 - I_w(df/2, 1/2) / 2 with w = df / (df + t²); dw/ddf = t² / (df + t²)².
    "stdtr_df": written(
        "df t", "-0.25 * np.sign(t) * betainc_a(0.5 * df, 0.5, df / (df + t**2)) - 0.5 * t / df * stdtr_t(df, t)"),
    "stdtr_t": written(
        "df t", "np.exp(-0.5 * (df + 1.0) * np.log1p(t**2 / df) - scipy.special.betaln(0.5 * df, 0.5)) / np.sqrt(df)"),
}
