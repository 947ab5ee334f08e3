"""Calls of rules of integration of `scipy.integrate`."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "scipy.integrate.trapezoid": ["(l)", "(A, x=np.cumsum(v))", "(A, dx=0.5, axis=0)", "(l, np.cumsum(l))"],
    "scipy.integrate.simpson": [
        "(l)", "(l, x=np.cumsum(l))", "(u, x=np.cumsum(u))", "(u, dx=x)", "(W, x=np.cumsum(u), axis=0)",
        "(T, x=np.cumsum(T, axis=2))", "(v[:2], x=np.cumsum(w[:2]))"],
    "scipy.integrate.romb": ["(np.append(l, [x, y]))", "(R @ M, dx=0.3)", "(A, axis=-1)", "(W[:3], axis=0)"],
    "scipy.integrate.cumulative_trapezoid": [
        "(l)", "(l, np.cumsum(l), initial=0)", "(A, axis=0)", "(A, x=np.cumsum(v))"],
    "scipy.integrate.cumulative_simpson": ["(l)", "(l, x=np.cumsum(l))", "(u, dx=0.5)", "(T, axis=2)"],
}
