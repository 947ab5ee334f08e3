"""Functions of NumPy and SciPy that are differentiated through their own text."""

from __future__ import annotations

import numpy as np

_BASES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm", "hermite_e": "herme",
          "laguerre": "lag"}
# Two of the bases are called in more ways: the texts of the others differ in their recurrences.
_FIRST = ("poly", "cheb")
_FUNCTIONS: dict[str, tuple[list[str], list[str]]] = {
    "val": (["(x, u)", "(v, W)", "(A, v)"], ["(v, u)", "(v, v[:1])", "(v, w[:2])", "(l, l)", "(v, W, tensor=False)"]),
    "val2d": (["(v, w, A)"], ["(x, y, A)", "(v, w, M)"]),
    "val3d": (["(v, w, q, T)"], []),
    "grid2d": (["(v, u, A)"], ["(x, w, M)"]),
    "grid3d": (["(v, w, u, G)"], []),
    "vander": (["(v, 3)"], ["(x, 2)", "(A, 1)", "(v, deg=0)"]),
    "vander2d": (["(v, w, [1, 2])"], []),
    "vander3d": (["(v, w, q, [1, 0, 1])"], []),
    "der": (["(u, 2)"], ["(u)", "(W, axis=1)", "(l, scl=x)", "(u, 0)"]),
    "int": (["(u, k=[x])"], ["(u)", "(u, 2)", "(W, axis=1)", "(u, lbnd=x)", "(u, scl=x)"]),
    "add": (["(u, v)"], ["(v, l)", "(v, w)"]),
    "sub": (["(u, v)"], ["(v, l)", "(v, w)"]),
    "mulx": (["(v)"], ["(u)"]),
    "mul": (["(u, v)"], ["(v, l)", "(v, w[:1])"]),
    "pow": (["(v, 2)"], ["(v, 0)", "(v, 3)"]),
    "div": (["(u, v)[0]"], ["(l, v)[1]", "(v, w)[0]"]),
    "fit": (["(u, u**3, 2)"], ["(u, u**3, [0, 2])", "(l, l**3, 1, w=l)", "(u, W, 1)"]),
    "roots": (["(v[:3])"], ["(u[:4])"]),
    "companion": (["(v)"], ["(u)"]),
    "trim": (["(v)"], ["(u, 0.1)"]),
    "line": (["(x, y)"], ["(x, 2.0)"]),
    "fromroots": (["(v)"], ["(u)", "(v[:1])"]),
}
if hasattr(np.polynomial.polynomial, "polyvalnd"):  # since NumPy 2.5
    _FUNCTIONS["valnd"] = (["((v, w), A)"], ["((x,), u)", "((v, w), M)"])
# Quadratures: constants, and weights.
_QUADRATURE = {"gauss": ["(2)[0] * x", "(2)[1] * x"], "weight": ["(q)"]}


def _full(name: str, texts: list[str]) -> list[str]:
    """The texts with the name of the function: no other function has the same."""
    return [name + text for text in texts]


def _polynomials() -> dict[str, list[str]]:
    """The functions of `numpy.polynomial`."""
    calls: dict[str, list[str]] = {}
    for module, short in _BASES.items():
        for name, (always, more) in _FUNCTIONS.items():
            spelling = f"np.polynomial.{module}.{short}{name}"
            calls[spelling] = always + more if short in _FIRST else _full(spelling, always)
        if short != "poly":
            for name, texts in _QUADRATURE.items():
                calls[f"np.polynomial.{module}.{short}{name}"] = texts
    return calls


CALLS: dict[str, list[str]] = _polynomials() | {
    "np.polynomial.polynomial.polyvalfromroots": ["(v, w)", "(x, w)", "(A, w)", "(v, W, tensor=False)"],
    "np.polynomial.chebyshev.chebpts1": ["(3) * v"],
    "np.polynomial.chebyshev.chebpts2": ["(3) * v"],
    "np.polynomial.chebyshev.chebinterpolate": ["(lambda t: x * t * t, 3)"],
    "np.asarray_chkfinite": ["(x)", "(v4)"],
    "np.real_if_close": ["(v)", "(A)"],
    "np.fromfunction": ["(lambda i, j: x * i + j * y, (2, 3))"],
    "np.mintypecode": ["('fd') and x"],
    "np.iterable": ["(v) * x"],
    "np.row_stack": ["((v, w))"],
}
ZERO: list[str] = ["np.fix(v)", "np.fix(3.0 * A) * 2.0", "np.array_equiv(v, w) * 1.0",
                   *(["np.in1d(A, v) * 1.0"] if hasattr(np, "in1d") else [])]

# The second order of these is that of the same texts for the first bases; roots that happen to be real are complex by
# their type, and so would a loss of them be.
FIRST_ORDER: set[str] = {text for spelling, texts in CALLS.items() for text in texts if text.startswith(spelling)}
FIRST_ORDER |= {"(v[:3])", "(u[:4])"}
