"""Calls of functions of `scipy.special` with several results."""

from __future__ import annotations

ONE = ["(x)", "(v)[0]", "(v)[1]", "(A)", "(v4)"]
CALLS: dict[str, list[str]] = {
    **{f"scipy.special.{fn}": ONE for fn in ("fresnel", "sici", "shichi", "itj0y0", "iti0k0", "it2j0y0", "it2i0k0")},
    "scipy.special.airy": [*ONE, "(q)", "(v)[3]", "(zx)", "(Zv)[2]",
                           "ai, aip, bi, bip = scipy.special.airy(v)\nreturn ai * bip"],
    "scipy.special.airye": [*ONE, "(A)[2]", "(-v)[2:]"],
    "scipy.special.itairy": [*ONE, "(A)[2]"],
    "scipy.special.ellipj": ["(x, 0.5 * y)", "(v, 0.5 * w)[0]", "(C, 0.5 * R)", "(3.0 * v, 0.3)[3]", "(A4, 0.4)",
                             "(0.7, 0.6 * v)[2]", "sn, cn, dn, ph = scipy.special.ellipj(v, x)\nreturn sn * dn"],
    "scipy.special.pbdv": ["(1.5, x)", "(2, v)", "(0.5, A)[0]", "(0.5, v)[1]"],
    "scipy.special.pbvv": ["(1.5, x)", "(2, v)", "(0.5, A)[0]", "(0.5, v)[1]"],
    "scipy.special.pbwa": ["(1.5, x)", "(2, v)", "(0.5, A)[0]", "(0.5, v)[1]"],
}
for fn in ("fresnel", "sici", "shichi"):
    CALLS[f"scipy.special.{fn}"] = [*ONE, "(zx)", "(Zv)", "(ZA)[1]"]
REFUSED = {
    "scipy.special.pbdv(x, y)": "no formula for the derivative of scipy.special.pbdv by 'v'",
}
