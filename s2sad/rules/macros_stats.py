"""Densities of vectors: normal ones by their covariance, shares by their parameters."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import spread
from s2sad.rules.macros_special import weighted
from s2sad.rules.terms import Expr, add, make, mul, sub, tup, typ
from s2sad.trace.ir import NONE, Lit, Tup
from s2sad.trace.types import rank

_LAST, _BELOW = Lit(-1), Lit(-1)


def mirrored(cov: Expr) -> Expr:
    """The symmetric matrix in the lower triangle of a matrix."""
    return add(make("np.tril", cov), make("np.transpose", make("np.tril", cov, k=_BELOW)))


def whitened(x: Expr, mean: Expr, cov: Expr) -> Expr:
    """``S⁻¹ (x - mean)``, for each row of ``x``; S is a number or a diagonal where cov has less than two axes."""
    d = x if mean == NONE else sub(x, mean)
    if cov == NONE:
        return d
    if rank(typ(cov)) != 2:
        return make("/", d, cov)
    if rank(typ(d)) == 1:
        return make("np.linalg.solve", mirrored(cov), d)
    return make("np.transpose", make("np.linalg.solve", mirrored(cov), make("np.transpose", d)))


def along_cov(u: Expr, cov: Expr, cov_dot: Expr) -> Expr:
    """The tangent of a log-density: half of ``uᵀ C u - tr(S⁻¹ C)``, C the tangent of S."""
    if rank(typ(cov)) == 2:
        c = mirrored(cov_dot)
        form = make("np.sum", mul(make("@", u, c), u), axis=_LAST)
        return mul(Lit(0.5), sub(form, make("np.trace", make("np.linalg.solve", mirrored(cov), c))))
    excess = sub(make("**", u, Lit(2)), make("/", Lit(1.0), cov))
    return mul(Lit(0.5), make("np.sum", mul(excess, cov_dot), axis=_LAST))


def density_cov(u: Expr, cov: Expr, y_bar: Expr) -> Expr:
    """The adjoint of the covariance: half of ``u uᵀ - S⁻¹``; the lower triangle counts, for the upper one, too."""
    if rank(typ(cov)) != 2:
        excess = sub(make("**", u, Lit(2)), make("/", Lit(1.0), cov))
        return mul(Lit(0.5), mul(spread(y_bar, u, _LAST), excess))
    inverse = make("np.linalg.inv", mirrored(cov))
    if rank(typ(u)) == 1:
        slope = mul(y_bar, sub(make("np.outer", u, u), inverse))
    else:
        weighted = make("@", make("np.transpose", u), mul(spread(y_bar, u, _LAST), u))
        slope = sub(weighted, mul(make("np.sum", y_bar), inverse))
    return mul(Lit(0.5), add(make("np.tril", slope), make("np.tril", slope, k=_BELOW)))


def weighted_along(x: Expr, axis: Expr, *pairs: Expr) -> Expr:
    """The sum of cotangents of statistics of ``x`` times weights; what has no cotangent is left away."""
    there = [p.items for p in pairs if isinstance(p, Tup) and p.items[0] != NONE]
    return weighted(*(tup([spread(bar, x, axis), w]) for bar, w in there))


def beside(alpha: Expr, x: Expr) -> Expr:
    """A parameter for each row of ``x``."""
    return make("np.expand_dims", alpha, axis=Lit(1)) if rank(typ(x)) == 2 else alpha


def rank_of(x: Expr) -> Expr:
    """How many axes ``x`` has, which its type says."""
    return Lit(rank(typ(x)))


MACROS: dict[str, Callable[..., Expr]] = {
    f.__name__: f for f in (mirrored, whitened, along_cov, density_cov, weighted_along, beside, rank_of)}
