"""Functions of NumPy and SciPy that are differentiated through their own text."""

from __future__ import annotations

_BASES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm", "hermite_e": "herme",
          "laguerre": "lag"}


def _polynomials() -> dict[str, list[str]]:
    """The functions that every basis of `numpy.polynomial` has."""
    calls: dict[str, list[str]] = {}
    for module, short in _BASES.items():
        name = f"np.polynomial.{module}.{short}"
        calls |= {
            name + "val": ["(x, u)", "(v, u)", "(v, W)", "(A, v)", "(v, v[:1])", "(v, w[:2])", "(l, l)"],
            name + "val2d": ["(v, w, A)", "(x, y, A)", "(v, w, M)"],
            name + "val3d": ["(v, w, q, T)"],
            name + "grid2d": ["(v, u, A)", "(x, w, M)"],
            name + "grid3d": ["(v, w, u, G)"],
            name + "vander": ["(v, 3)", "(x, 2)", "(A, 1)", "(v, deg=0)"],
            name + "vander2d": ["(v, w, [1, 2])"],
            name + "vander3d": ["(v, w, q, [1, 0, 1])"],
            name + "der": ["(u)", "(u, 2)", "(W, axis=1)", "(l, scl=x)", "(u, 0)"],
            name + "int": ["(u)", "(u, 2)", "(W, axis=1)", "(u, k=[x])", "(u, lbnd=x)", "(u, scl=x)"],
            name + "add": ["(u, v)", "(v, l)", "(v, w)"],
            name + "sub": ["(u, v)", "(v, l)", "(v, w)"],
            name + "mulx": ["(v)", "(u)"],
            name + "line": ["(x, y)", "(x, 2.0)"],
        }
        if short in ("poly", "cheb"):
            calls |= {
                name + "mul": ["(u, v)", "(v, l)", "(v, w[:1])"],
                name + "pow": ["(v, 2)", "(v, 0)", "(v, 3)"],
                name + "div": ["(l, v)[0]", "(l, v)[1]", "(v, w)[0]"],
                name + "fromroots": ["(v)", "(u)", "(v[:1])"],
            }
    return calls


CALLS: dict[str, list[str]] = {
    **_polynomials(),
}
