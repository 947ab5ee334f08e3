"""Functions of NumPy and SciPy that are differentiated through their own text."""

from __future__ import annotations

_BASES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm", "hermite_e": "herme",
          "laguerre": "lag"}
# The last calls are made for two of the bases only: the texts of the others differ in their recurrences.
_FUNCTIONS: dict[str, tuple[list[str], list[str]]] = {
    "val": (["(x, u)", "(v, W)", "(A, v)"], ["(v, u)", "(v, v[:1])", "(v, w[:2])", "(l, l)", "(v, W, tensor=False)"]),
    "val2d": (["(v, w, A)"], ["(x, y, A)", "(v, w, M)"]),
    "val3d": ([], ["(v, w, q, T)"]),
    "grid2d": (["(v, u, A)"], ["(x, w, M)"]),
    "grid3d": ([], ["(v, w, u, G)"]),
    "vander": (["(v, 3)"], ["(x, 2)", "(A, 1)", "(v, deg=0)"]),
    "vander2d": ([], ["(v, w, [1, 2])"]),
    "vander3d": ([], ["(v, w, q, [1, 0, 1])"]),
    "der": (["(u, 2)"], ["(u)", "(W, axis=1)", "(l, scl=x)", "(u, 0)"]),
    "int": (["(u, k=[x])"], ["(u)", "(u, 2)", "(W, axis=1)", "(u, lbnd=x)", "(u, scl=x)"]),
    "add": (["(u, v)"], ["(v, l)", "(v, w)"]),
    "sub": (["(u, v)"], ["(v, l)", "(v, w)"]),
    "mulx": (["(v)"], ["(u)"]),
    "mul": ([], ["(u, v)", "(v, l)", "(v, w[:1])"]),
    "pow": ([], ["(v, 2)", "(v, 0)", "(v, 3)"]),
    "div": ([], ["(l, v)[0]", "(l, v)[1]", "(v, w)[0]"]),
    "line": (["(x, y)"], ["(x, 2.0)"]),
    "fromroots": ([], ["(v)", "(u)", "(v[:1])"]),
}


def _polynomials() -> dict[str, list[str]]:
    """The functions of `numpy.polynomial`."""
    return {f"np.polynomial.{module}.{short}{name}": always + more * (short in ("poly", "cheb"))
            for module, short in _BASES.items() for name, (always, more) in _FUNCTIONS.items()
            if always or short in ("poly", "cheb")}


CALLS: dict[str, list[str]] = _polynomials()
