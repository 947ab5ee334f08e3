"""Models with special functions and distributions of SciPy: in loops, branches, work arrays and called functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus import case, positive, spread

try:
    import scipy.special as sp
    from scipy import stats
    from scipy.stats import norm
except ImportError:
    sp = stats = norm = None  # type: ignore[assignment]


def log_posterior(counts: Any, exposure: Any, weights: Any, shape: Any, rate: Any) -> Any:
    """A Poisson regression with a gamma prior for its dispersion."""
    mean = np.exp(exposure @ weights)
    prior = stats.norm.logpdf(weights, 0.0, 2.0).sum() + stats.gamma.logpdf(rate, shape, scale=1.0 / rate)
    return prior + np.sum(sp.xlogy(counts, mean) - mean - sp.gammaln(counts + 1.0))


def mixture(x: Any, logits: Any, means: Any, widths: Any) -> Any:
    """The log-likelihood of a mixture of normal distributions, component by component."""
    shares = sp.log_softmax(logits)
    terms = np.zeros((len(means), len(x)))
    for k in range(len(means)):
        terms[k] = shares[k] + norm.logpdf(x, means[k], np.exp(widths[k]))
    return np.sum(sp.logsumexp(terms, axis=0))


def survival(times: Any, seen: Any, shape: Any, scale: Any) -> Any:
    """A Weibull model of times to failure, some of which are only known to be longer."""
    d = stats.weibull_min(shape, scale=scale)
    total = 0.0
    for t, observed in zip(times, seen):
        if observed:
            total += d.logpdf(t)
        else:
            total += d.logsf(t)
    return total


def probit(x: Any, y: Any, w: Any) -> Any:
    """A probit regression, by the logarithm of the normal distribution function."""
    z = (2.0 * y - 1.0) * (x @ w)
    return np.sum(sp.log_ndtr(z))


def diffraction(r: Any, amplitude: Any, width: Any, steps: int) -> Any:
    """A series of Bessel functions on a grid, added up in place."""
    field = np.zeros_like(r)
    for m in range(steps):
        field += amplitude**m * sp.jv(m, width * r) / (m + 1.0)
    return np.sum(field**2)


def pendulum(angle: Any, length: Any) -> Any:
    """The period of a pendulum of any amplitude, with the elliptic integral of a called function."""
    return 4.0 * np.sqrt(length / 9.81) * quarter(np.sin(0.5 * angle))


def quarter(k: Any) -> Any:
    return sp.ellipk(k * k) if k < 0.9 else sp.ellipkm1(1.0 - k * k)


def black_scholes(spot: Any, strike: Any, rate: Any, volatility: Any, time: Any) -> Any:
    """The price of a call option."""
    d1 = (np.log(spot / strike) + (rate + 0.5 * volatility**2) * time) / (volatility * np.sqrt(time))
    d2 = d1 - volatility * np.sqrt(time)
    return spot * norm.cdf(d1) - strike * np.exp(-rate * time) * norm.cdf(d2)


def clothoid(s: Any, curvature: Any) -> Any:
    """Points of a spiral by both Fresnel integrals."""
    y, x = sp.fresnel(curvature * s)
    return np.sum(x * x) + np.sum(x * y)


def quadrature(a: Any, b: Any, n: int) -> Any:
    """Gauss' rule for an integral of the error function."""
    t, w = sp.roots_legendre(n)
    x = 0.5 * (b - a) * t + 0.5 * (a + b)
    return 0.5 * (b - a) * np.sum(w * sp.erf(x))


SEEN = np.array([True, False, True, True])
CASES = [] if sp is None else [
    case(log_posterior, np.array([2, 0, 3]), spread(3, 2), spread(2), 2.5, 1.5, wrt=(2, 3, 4)),
    case(mixture, spread(5), spread(3), spread(3), spread(3)),
    case(survival, positive(4), SEEN, 1.7, 0.9, wrt=(0, 2, 3)),
    case(probit, spread(4, 2), np.array([1, 0, 0, 1]), spread(2), wrt=(0, 2)),
    case(diffraction, positive(4), 0.6, 1.3, 4),
    case(pendulum, 1.1, 2.0),
    case(pendulum, 2.9, 2.0, note="steep"),
    case(black_scholes, 1.1, 1.0, 0.03, 0.2, 0.7),
    case(clothoid, positive(3), 0.7),
    case(quadrature, 0.2, 1.5, 6),
]
