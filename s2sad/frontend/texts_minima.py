"""Derivatives of minimizers, in Python: the implicit-function theorem for ``∇F(x, θ) = 0``.

    H x_dot = -∂/∂θ(∇F) θ_dot,        θ_bar = (∂/∂θ ∇F)ᵀ g_bar  with  H g_bar = -x_bar,        H = ∇²F

These are the texts of `texts_roots` for the system ``g = ∇F``.  A component of x that lies at a bound moves with the
bound; the equations are those of the others.  Where a bound is just reached, with a gradient of zero, there is no
derivative: the component counts as fixed.

Source: Fiacco, "Introduction to sensitivity and stability analysis in nonlinear programming" (1983), section 3.2;
Blondel et al., "Efficient and modular implicit differentiation" (2022).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def bounded_tangent(g: Any, x: Any, theta: Any, dots: Any, low: Any, high: Any, low_dot: Any, high_dot: Any, push: Any,
                    jacobian: Any) -> Any:
    """The tangent of a minimizer; ``low`` and ``high`` are masks of the components at bounds."""
    fixed = low | high
    fixed_dot = np.where(low, low_dot, np.where(high, high_dot, 0.0))
    g_dot = push(g, (x,), theta, (fixed_dot,), dots)
    matrix = np.where(fixed[:, None] | fixed, np.eye(x.size), jacobian(g)(x, *theta))
    return fixed_dot - np.linalg.solve(matrix, np.where(fixed, 0.0, g_dot))


def bounded_adjoint(g: Any, x: Any, theta: Any, x_bar: Any, low: Any, high: Any, pull_all: Any, jacobian: Any) -> Any:
    """The adjoints of θ, and those of the bounds."""
    fixed = low | high
    matrix = np.where(fixed[:, None] | fixed, np.eye(x.size), jacobian(g)(x, *theta))
    g_bar = -np.where(fixed, 0.0, np.linalg.solve(matrix.T, np.where(fixed, 0.0, x_bar)))
    bars = pull_all(g, (x,), theta, g_bar)
    fixed_bar = x_bar + bars[0]
    return bars[1:], np.where(low, fixed_bar, 0.0), np.where(high & ~low, fixed_bar, 0.0)


def bounded_number_tangent(g: Any, x: Any, theta: Any, dots: Any, low: Any, high: Any, low_dot: Any, high_dot: Any,
                           push: Any, grad: Any) -> Any:
    """The tangent of a minimizer that is a number, which may lie at a bound."""
    if low:
        x_dot = 1.0 * low_dot
    elif high:
        x_dot = 1.0 * high_dot
    else:
        x_dot = -push(g, (x,), theta, (None,), dots) / grad(g)(x, *theta)
    return x_dot


def bounded_number_adjoint(g: Any, x: Any, theta: Any, x_bar: Any, low: Any, high: Any, pull: Any, grad: Any) -> Any:
    """The adjoints of θ for a minimizer that is a number, and those of the bounds."""
    g_bar = 0.0 if low or high else -x_bar / grad(g)(x, *theta)
    return pull(g, (x,), theta, g_bar), x_bar if low else 0.0, x_bar if high and not low else 0.0


def half_square(r: Any) -> Any:
    """What least squares minimize."""
    return 0.5 * np.sum(r**2)


def soft_l1(r: Any, scale: Any) -> Any:
    """The same with ρ(z) = 2 (√(1 + z) - 1) of the squares z = (r / scale)²."""
    return scale**2 * np.sum(np.sqrt(1.0 + (r / scale)**2) - 1.0)


def huber(r: Any, scale: Any) -> Any:
    """The same with ρ(z) = z for z ≤ 1, else 2 √z - 1."""
    a = np.abs(r / scale)
    return 0.5 * scale**2 * np.sum(np.where(a <= 1.0, a**2, 2.0 * a - 1.0))


def cauchy(r: Any, scale: Any) -> Any:
    """The same with ρ(z) = ln(1 + z)."""
    return 0.5 * scale**2 * np.sum(np.log1p((r / scale)**2))


def arctan(r: Any, scale: Any) -> Any:
    """The same with ρ(z) = arctan z."""
    return 0.5 * scale**2 * np.sum(np.arctan((r / scale)**2))


def curve(f: Any, x: Any, y: Any) -> Any:
    """The residuals of a curve with parameters p."""
    def residuals(p: Any) -> Any:
        return f(x, *p) - y
    return residuals


def weighted_curve(f: Any, x: Any, y: Any, sigma: Any) -> Any:
    """The same for data with standard deviations."""
    def residuals(p: Any) -> Any:
        return (f(x, *p) - y) / sigma
    return residuals


def correlated_curve(f: Any, x: Any, y: Any, sigma: Any) -> Any:
    """The same for data with a matrix of covariances."""
    def residuals(p: Any) -> Any:
        return np.linalg.solve(np.linalg.cholesky(sigma), f(x, *p) - y)
    return residuals


def covariance(r: Any, jacobian: Any, p: Any, *theta: Any) -> Any:
    """The covariance of the parameters of a curve, by the residuals that are left."""
    slope = jacobian(r)(p, *theta)
    count, known = slope.shape
    return np.linalg.inv(slope.T @ slope) * (np.sum(r(p, *theta)**2) / (count - known))


def absolute_covariance(r: Any, jacobian: Any, p: Any, *theta: Any) -> Any:
    """The same where the standard deviations are those of the data."""
    slope = jacobian(r)(p, *theta)
    return np.linalg.inv(slope.T @ slope)


def at_bound(x: Any, bound: Any, sign: Any) -> Any:
    """Which components lie at a bound."""
    return sign * (bound - x) <= 1e-12 * np.maximum(1.0, np.abs(x))


def near_end(x: Any, end: Any, tolerance: Any) -> Any:
    """Whether a number is as near to an end as a search by intervals gets."""
    return abs(x - end) <= 1.1 * tolerance + 1e-7 * abs(x)
