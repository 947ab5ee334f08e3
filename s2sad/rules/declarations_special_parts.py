"""Functions of `scipy.special` with several results: Airy, elliptic, parabolic cylinder functions, integrals.

    w_i = f_i(x, y, ...)     w_i_dot = Σ x_dot · ∂w_i/∂x     x_bar = Σ w_i_bar · ∂w_i/∂x
"""

from __future__ import annotations

from typing import Any

from s2sad.rules.declare import general, head
from s2sad.rules.infer_special import parts_of


def several(text: str, /, shared: dict[str, str] | None = None, flags: str = "", **partials: tuple[str, ...]) -> None:
    """Declare an elementwise function with several results: for each operand, the partial derivatives of all."""
    results = text.partition(" = ")[0].split(", ")
    texts: dict[str, Any] = dict(shared or {})
    for operand, slopes in partials.items():
        texts |= {f"{w}_dot_{operand}": f"{operand}_dot * ({slope})" for w, slope in zip(results, slopes, strict=True)}
        weighted = ", ".join(f"({w}_bar, {slope})" for w, slope in zip(results, slopes))
        texts[f"{operand}_bar"] = f"weighted({weighted})"
    general(text, result=parts_of(head(text), len(results)), flags=f"broadcasting {flags}", **texts)


# Airy functions (DLMF 9.2.1) and scaled ones.
several("ai, aip, bi, bip = scipy.special.airy(z)", z=("aip", "z * ai", "bip", "z * bi"))
several("ai, aip, bi, bip = scipy.special.airye(x)", flags="real",
        x=("aip + r * ai", "x * ai + r * aip", "bip - r * bi", "x * bi - r * bip"),
        shared={"r": "where(x > 0.0, np.sqrt(where(x > 0.0, x, 1.0)), 0.0)"})
several("iai, ibi, jai, jbi = scipy.special.itairy(x)",
        x=("nth(scipy.special.airy(x), 0)", "nth(scipy.special.airy(x), 2)", "nth(scipy.special.airy(-x), 0)",
           "nth(scipy.special.airy(-x), 2)"))

# Jacobi's elliptic functions; ph is the amplitude, ∂ph/∂m = -dn ∂F(ph, m)/∂m.
several("sn, cn, dn, ph = scipy.special.ellipj(u, m)", u=("cn * dn", "-sn * dn", "-m * sn * cn", "dn"),
        m=("-cn * dn * slope_of_ellipkinc(ph, m)", "sn * dn * slope_of_ellipkinc(ph, m)",
           "m * sn * cn * slope_of_ellipkinc(ph, m) - 0.5 * sn**2 / dn", "-dn * slope_of_ellipkinc(ph, m)"))

# Integrals.
several("s, c = scipy.special.fresnel(z)", z=("np.sin(1.5707963267948966 * z**2)", "np.cos(1.5707963267948966 * z**2)"))
several("s, c = scipy.special.sici(z)", z=("np.sinc(0.3183098861837907 * z)", "np.cos(z) / z"))
several("s, c = scipy.special.shichi(z)", z=("where(z == 0, 1.0, np.sinh(z) / nonzero(z))", "np.cosh(z) / z"))
several("j, y = scipy.special.itj0y0(x)", x=("scipy.special.j0(x)", "scipy.special.y0(x)"))
several("i, k = scipy.special.iti0k0(x)", x=("scipy.special.i0(x)", "scipy.special.k0(x)"))
several("j, y = scipy.special.it2j0y0(x)", x=(
    "where(np.abs(x) < 0.03, x * (0.25 - x**2 / 64.0 + x**4 / 2304.0), (1.0 - scipy.special.j0(x)) / nonzero(x))",
    "-scipy.special.y0(x) / x"))
several("i, k = scipy.special.it2i0k0(x)", x=(
    "where(np.abs(x) < 0.03, x * (0.25 + x**2 / 64.0 + x**4 / 2304.0), (scipy.special.i0(x) - 1.0) / nonzero(x))",
    "-scipy.special.k0(x) / x"))

# Parabolic cylinder functions and their derivatives (DLMF 12.2.1, 12.14.1).
several("d, dp = scipy.special.pbdv(v, x)", v=("no_formula('pbdv', 'v')",) * 2, x=("dp", "(0.25 * x**2 - v - 0.5) * d"))
several("d, dp = scipy.special.pbvv(v, x)", v=("no_formula('pbvv', 'v')",) * 2, x=("dp", "(0.25 * x**2 - v - 0.5) * d"))
several("w, wp = scipy.special.pbwa(a, x)", a=("no_formula('pbwa', 'a')",) * 2, x=("wp", "(a - 0.25 * x**2) * w"))
