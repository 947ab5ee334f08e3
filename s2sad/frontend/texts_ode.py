"""Derivatives of the solutions of initial value problems, in Python.

Of ``y' = f(t, y, θ)``, ``y(t0) = y0``, the tangent solves the linear equation

    y_dot' = f_y y_dot + f_θ θ_dot,        y_dot(t0) = y0_dot - f(t0, y0) t0_dot,

beside y.  What a moving time of output adds is ``f(t, y) t_dot``.  The adjoint λ, to which the seeds ``y_bar`` are
added at the times of output, runs backwards:

    λ' = -f_yᵀ λ,    θ_bar' = -f_θᵀ λ,     y0_bar = λ(t0),    t0_bar = -λ(t0) f(t0, y0).

With explicit methods y is integrated backwards, too, from each step of the forward solution anew: the errors of a step,
which may grow on the way back, do not add up.  With implicit methods they would grow without bound.  There all columns
of the sensitivity ``S = ∂y/∂(y0, θ)``, with ``S' = f_y S + (0 f_θ)``, are integrated forwards, at the cost of a system
with ``n (1 + n + p)`` unknowns.

These texts are lowered with the program that needs them; ``push`` and ``pull_all`` are as in `texts_roots`, the latter
with the adjoints of t and y.

Source: Cao, Li, Petzold, Serban, "Adjoint sensitivity analysis for differential-algebraic equations", SIAM J. Sci.
Comput. 24 (2003); Chen, Rubanova, Bettencourt, Duvenaud, "Neural ordinary differential equations" (2018), appendix B;
Hairer, Nørsett, Wanner, "Solving ordinary differential equations I", section I.14.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def by_solve_ivp(solve_ivp: Any, fun: Any, t0: Any, t: Any, start: Any) -> Any:
    """The solution at the times t, one column for each."""
    return solve_ivp(fun, (t0, t[-1]), start, t_eval=t).y


def by_odeint(odeint: Any, fun: Any, t0: Any, t: Any, start: Any) -> Any:
    """The same by `odeint`, where the first of the times is t0."""
    return odeint(fun, start, t, tfirst=True).T


def tangent(f: Any, t0: Any, y0: Any, theta: Any, t: Any, start_dot: Any, dots: Any, push: Any, solve: Any) -> Any:
    """The tangents at the times t."""
    n = y0.size

    def both(s: Any, z: Any) -> Any:
        u, u_dot = z[:n], z[n:]
        return np.concatenate((f(s, u, *theta), push(f, (s, u), theta, (None, u_dot), dots)))
    return solve(both, t0, t, np.concatenate((y0, start_dot)))[n:]


def moved(f: Any, t: Any, y: Any, y_dot: Any, theta: Any, t_dot: Any) -> Any:
    """The tangents at times that move."""
    y_dot = y_dot.copy()
    for k in range(t.size):
        y_dot[:, k] += f(t[k], y[:, k], *theta) * t_dot[k]
    return y_dot


def moved_ends(f: Any, t: Any, y: Any, y_dot: Any, theta: Any, first_dot: Any, last_dot: Any) -> Any:
    """The tangents where the first and the last time move."""
    y_dot = y_dot.copy()
    y_dot[:, 0] += f(t[0], y[:, 0], *theta) * first_dot
    y_dot[:, -1] += f(t[-1], y[:, -1], *theta) * last_dot
    return y_dot


def ends(t: Any, first: Any, last: Any) -> Any:
    """What belongs to times of which the first and the last move."""
    t_dot = np.zeros_like(t)
    t_dot[0] = first
    t_dot[-1] = last
    return t_dot


def adjoint(f: Any, t0: Any, y0: Any, theta: Any, t: Any, y: Any, y_bar: Any, p: Any, pull_all: Any, packed: Any,
            solve_ivp: Any) -> Any:
    """The adjoints of y0 and of the p numbers of θ, from those of y at the times t, which are the solver's steps."""
    n = y0.size

    def back(s: Any, z: Any) -> Any:
        u = z[:n]
        bars = pull_all(f, (s, u), theta, z[n:2 * n])
        return np.concatenate((f(s, u, *theta), -packed(bars[1:])))

    h = np.zeros_like(y0)
    c_bar = np.zeros(p)
    for k in range(t.size - 1, 0, -1):
        h = h + y_bar[:, k]
        if t[k] != t[k - 1]:
            z = solve_ivp(back, (t[k], t[k - 1]), np.concatenate((y[:, k], h, c_bar))).y[:, -1]
            h = z[n:2 * n]
            c_bar = z[2 * n:]
    return h + y_bar[:, 0], c_bar


def adjoint_between(f: Any, t0: Any, y0: Any, theta: Any, t: Any, y: Any, y_bar: Any, p: Any, pull_all: Any,
                    packed: Any, solve_ivp: Any) -> Any:
    """The same where the times of output are others than the steps, which are found again."""
    def fun(s: Any, u: Any) -> Any:
        return f(s, u, *theta)

    steps = solve_ivp(fun, (t0, t[-1]), y0)
    times = np.concatenate((steps.t, t))
    order = np.argsort(np.abs(times - t0), kind="stable")
    states = np.concatenate((steps.y, y), axis=1)[:, order]
    bars = np.concatenate((np.zeros_like(steps.y), y_bar), axis=1)[:, order]
    return adjoint(f, t0, y0, theta, times[order], states, bars, p, pull_all, packed, solve_ivp)


def sensitivities(f: Any, t0: Any, y0: Any, theta: Any, t: Any, y: Any, y_bar: Any, p: Any, by_y: Any, by_theta: Any,
                  solve: Any) -> Any:
    """The adjoints of y0 and θ, as ``y_bar S``."""
    n = y0.size

    def both(s: Any, z: Any) -> Any:
        u = z[:n]
        moving = np.concatenate((np.zeros((n, n)), *[c.reshape((n, -1)) for c in by_theta(s, u, *theta)]), axis=1)
        return np.concatenate((f(s, u, *theta), np.ravel(by_y(s, u, *theta) @ z[n:].reshape((n, n + p)) + moving)))

    start = np.concatenate((y0, np.ravel(np.eye(n, n + p))))
    total = np.einsum("ik,ijk->j", y_bar, solve(both, t0, t, start)[n:].reshape((n, n + p, t.size)))
    return total[:n], total[n:]


def time_adjoints(f: Any, t: Any, y: Any, theta: Any, y_bar: Any) -> Any:
    """The adjoints of the times of output."""
    t_bar = np.zeros_like(t)
    for k in range(t.size):
        t_bar[k] = np.sum(y_bar[:, k] * f(t[k], y[:, k], *theta))
    return t_bar


def time_adjoints_from(f: Any, t: Any, y: Any, theta: Any, y_bar: Any, start_bar: Any) -> Any:
    """The same where the first of the times is where the solution begins."""
    t_bar = time_adjoints(f, t, y, theta, y_bar)
    t_bar[0] -= np.sum(start_bar * f(t[0], y[:, 0], *theta))
    return t_bar


def rate(f: Any, t: Any, y: Any, theta: Any, y_bar: Any) -> Any:
    """The adjoint of one time, for a solution that is y there."""
    return np.sum(y_bar * f(t, y, *theta))


def nothing(s: Any, u: Any) -> Any:
    """The Jacobian by θ where nothing moves."""
    return ()
