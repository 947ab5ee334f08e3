"""Derivatives of the roots of equations, in Python: the implicit-function theorem.

Of ``g(x, θ) = 0`` the solution x depends on θ so that ``g_x x_dot + g_θ θ_dot = 0``.  Hence

    x_dot = -g_x⁻¹ g_θ θ_dot,        θ_bar = g_θᵀ g_bar  with  g_xᵀ g_bar = -x_bar.

These texts are lowered with the program that needs them.  ``g`` takes x and what it captures, ``theta``;
``push(g, (x,), theta, (None,), dots)`` is g_θ θ_dot, ``pull(g, (x,), theta, g_bar)`` is g_θᵀ g_bar.

Source: Griewank and Walther, "Evaluating Derivatives", 2nd ed., section 15.2.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def number_tangent(g: Any, x: Any, theta: Any, dots: Any, push: Any, grad: Any) -> Any:
    """The tangent of a root that is a number."""
    return -push(g, (x,), theta, (None,), dots) / grad(g)(x, *theta)


def number_adjoint(g: Any, x: Any, theta: Any, x_bar: Any, pull: Any, grad: Any) -> Any:
    """The adjoints of θ for a root that is a number."""
    g_bar = -x_bar / grad(g)(x, *theta)
    return pull(g, (x,), theta, g_bar)


def elements_tangent(g: Any, x: Any, theta: Any, dots: Any, push: Any) -> Any:
    """The tangent of an array of roots, of one equation each."""
    slope = push(g, (x,), theta, (np.ones_like(x),), (None,) * len(theta))
    return -push(g, (x,), theta, (None,), dots) / slope


def elements_adjoint(g: Any, x: Any, theta: Any, x_bar: Any, push: Any, pull: Any) -> Any:
    """The adjoints of θ for an array of roots, of one equation each."""
    slope = push(g, (x,), theta, (np.ones_like(x),), (None,) * len(theta))
    return pull(g, (x,), theta, -x_bar / slope)


def system_tangent(g: Any, x: Any, theta: Any, dots: Any, push: Any, jacobian: Any) -> Any:
    """The tangent of the solution of a system of equations."""
    return -np.linalg.solve(jacobian(g)(x, *theta), push(g, (x,), theta, (None,), dots))


def system_adjoint(g: Any, x: Any, theta: Any, x_bar: Any, pull: Any, jacobian: Any) -> Any:
    """The adjoints of θ for the solution of a system of equations."""
    g_bar = -np.linalg.solve(jacobian(g)(x, *theta).T, x_bar)
    return pull(g, (x,), theta, g_bar)


def fixed_number_tangent(f: Any, x: Any, theta: Any, dots: Any, push: Any, grad: Any) -> Any:
    """The tangent of a fixed point, ``x = f(x, θ)``, that is a number."""
    return push(f, (x,), theta, (None,), dots) / (1.0 - grad(f)(x, *theta))


def fixed_number_adjoint(f: Any, x: Any, theta: Any, x_bar: Any, pull: Any, grad: Any) -> Any:
    """The adjoints of θ for a fixed point that is a number."""
    return pull(f, (x,), theta, x_bar / (1.0 - grad(f)(x, *theta)))


def fixed_system_tangent(f: Any, x: Any, theta: Any, dots: Any, push: Any, jacobian: Any) -> Any:
    """The tangent of a fixed point that is an array."""
    return np.linalg.solve(np.eye(x.size) - jacobian(f)(x, *theta), push(f, (x,), theta, (None,), dots))


def fixed_system_adjoint(f: Any, x: Any, theta: Any, x_bar: Any, pull: Any, jacobian: Any) -> Any:
    """The adjoints of θ for a fixed point that is an array."""
    f_bar = np.linalg.solve((np.eye(x.size) - jacobian(f)(x, *theta)).T, x_bar)
    return pull(f, (x,), theta, f_bar)
