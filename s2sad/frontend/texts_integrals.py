"""Derivatives of integrals over an interval, in Python: Leibniz' rule.

    d/dt ∫ f(x, θ) dx = f(b, θ) b_dot - f(a, θ) a_dot + ∫ f_θ θ_dot dx        (x from a to b)

The integral on the right is computed as the one on the left, to the same tolerances.  That of an adjoint has as many
components as θ: they are integrated together, by `scipy.integrate.quad_vec`, unless θ is one number.

These texts are lowered with the program that needs them, ``push`` and ``pull`` are as in `texts_roots`.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def inside_tangent(f: Any, a: Any, b: Any, theta: Any, dots: Any, push: Any, quad: Any) -> Any:
    """What the integrand adds to the tangent."""
    def slope(t: Any) -> Any:
        return push(f, (t,), theta, (None,), dots)
    return quad(slope, a, b)[0]


def inside_adjoint(f: Any, a: Any, b: Any, theta: Any, y_bar: Any, k: Any, pull: Any, quad: Any) -> Any:
    """The adjoint of one of θ, for an integral that is a number."""
    def slope(t: Any) -> Any:
        return pull(f, (t,), theta, 1.0)[k]
    return y_bar * quad(slope, a, b)[0]


def inside_adjoints(f: Any, a: Any, b: Any, theta: Any, y_bar: Any, pull: Any, packed: Any,
                    quad_vec: Any) -> Any:
    """The adjoints of θ for an integral that is a number, as a vector."""
    def slopes(t: Any) -> Any:
        return packed(pull(f, (t,), theta, 1.0))
    return y_bar * quad_vec(slopes, a, b)[0]


def inside_adjoints_of_array(f: Any, a: Any, b: Any, theta: Any, y_bar: Any, pull: Any, packed: Any,
                             quad_vec: Any) -> Any:
    """The adjoints of θ for an integral that is an array."""
    def slopes(t: Any) -> Any:
        return packed(pull(f, (t,), theta, y_bar))
    return quad_vec(slopes, a, b)[0]


def end_tangent(f: Any, end: Any, theta: Any, end_dot: Any, y: Any) -> Any:
    """What a limit that moves adds to the tangent; one that is infinite does not move."""
    return f(end, *theta) * end_dot if np.isfinite(end) else 0.0 * y


def end_adjoint(f: Any, end: Any, theta: Any, y_bar: Any) -> Any:
    """The adjoint of a limit, for an integral that is a number."""
    return f(end, *theta) * y_bar if np.isfinite(end) else 0.0


def end_adjoint_of_array(f: Any, end: Any, theta: Any, y_bar: Any) -> Any:
    """The adjoint of a limit, for an integral that is an array."""
    return np.sum(f(end, *theta) * y_bar) if np.isfinite(end) else 0.0


def fixed_quad(func: Any, a: Any, b: Any, args: Any, x: Any, w: Any) -> Any:
    """``scipy.integrate.fixed_quad``, as SciPy computes it, with the nodes and weights of Gauss and Legendre."""
    x = np.real(x)
    y = (b - a) * (x + 1) / 2.0 + a
    return (b - a) / 2.0 * np.sum(w * func(y, *args), axis=-1), None


def always(value: Any) -> Any:
    """A limit that is a number, as a function."""
    def limit(*outer: Any) -> Any:
        return value
    return limit


def dblquad(func: Any, a: Any, b: Any, gfun: Any, hfun: Any, args: Any, quad: Any) -> Any:
    """``scipy.integrate.dblquad``, as SciPy computes it."""
    def inner(y: Any) -> Any:
        return quad(lambda x: func(x, y, *args), gfun(y), hfun(y))[0]
    return quad(inner, a, b)[0]


def tplquad(func: Any, a: Any, b: Any, gfun: Any, hfun: Any, qfun: Any, rfun: Any, args: Any, quad: Any) -> Any:
    """``scipy.integrate.tplquad``, as SciPy computes it."""
    def inner(y: Any, x: Any) -> Any:
        return quad(lambda z: func(z, y, x, *args), qfun(x, y), rfun(x, y))[0]

    def middle(x: Any) -> Any:
        return quad(lambda y: inner(y, x), gfun(x), hfun(x))[0]
    return quad(middle, a, b)[0]
