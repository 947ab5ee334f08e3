"""Derivatives of incomplete gamma and beta functions by their parameters, which SciPy does not have.

Each is the derivative, term by term, of a series or continued fraction: Moore, "Algorithm AS 187", Applied Statistics
31 (1982); Boik and Robison-Cox, "Derivatives of the incomplete beta function", J. Statistical Software 3 (1998).
"""

from typing import Any

import numpy as np


def log_gamma_and_psi(a: Any) -> Any:
    """The logarithm of the gamma function of an array of positive numbers, and its derivative."""
    # Γ(a) = Γ(a + 1) / a leads to large a, where Stirling's series holds.
    product, total, a = np.ones_like(a), np.zeros_like(a), a.copy()
    for _ in range(12):
        small = a < 12.0
        product = np.where(small, product * a, product)
        total = np.where(small, total + 1.0 / a, total)
        a = np.where(small, a + 1.0, a)
    gamma, psi = (a - 0.5) * np.log(a) - a + 0.9189385332046727, np.log(a) - 0.5 / a
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510), start=1):
        gamma = gamma + bernoulli / (2 * k * (2 * k - 1) * a ** (2 * k - 1))
        psi = psi - bernoulli / (2 * k * a ** (2 * k))
    return gamma - np.log(product), psi - total


def gammainc_a(a: Any, x: Any) -> Any:
    """The derivative by a of the incomplete gamma function P(a, x), for a > 0 and x >= 0; nan elsewhere.

    Below a + 1 that of the series P = x^a e^-x / Γ(a+1) Σ x^n / (a+1)_n, above it that of Legendre's continued
    fraction for 1 - P, by Lentz's method (Press et al., Numerical Recipes, section 6.2).  0 at x = 0 and infinity.
    """
    a, x = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(x, dtype=float))
    good = (a > 0.0) & (x > 0.0) & (x < np.inf)
    shape, result = a.shape, np.where((a > 0.0) & ((x == 0.0) | (x == np.inf)), 0.0, np.nan)
    a, x = a[good], x[good]
    gamma, psi = log_gamma_and_psi(a)
    factor, slope = np.exp(a * np.log(x) - x - gamma), np.log(x) - psi
    out, low = np.empty_like(a), x < a + 1.0
    p, t = a[low], x[low]
    term, total, rising, change, n = np.ones_like(p), np.ones_like(p), np.zeros_like(p), np.zeros_like(p), 0
    while np.any(term * (1.0 + rising) > 1e-17 * (total - change)):
        n += 1
        term, rising = term * t / (p + n), rising + 1.0 / (p + n)
        total, change = total + term, change - term * rising
    out[low] = factor[low] / p * ((slope[low] - 1.0 / p) * total + change)
    p, t = a[~low], x[~low]
    b = t + 1.0 - p
    c, c_a, d = np.full_like(p, 1e30), np.zeros_like(p), 1.0 / b
    d_a, h, n, step, step_a = d * d, d, 0, np.zeros_like(p), np.ones_like(p)
    h_a = d_a
    while np.any((np.abs(step - 1.0) > 1e-16) | (np.abs(step_a * h) > 1e-16 * np.abs(h_a))) and n < 100000:
        n += 1
        e, b = n * (p - n), b + 2.0
        d_a = e * d_a + n * d - 1.0
        d = 1.0 / (e * d + b)
        d_a = -d * d * d_a
        c_a = n / c - e * c_a / (c * c) - 1.0
        c = b + e / c
        step, step_a = c * d, c * d_a + c_a * d
        h, h_a = h * step, h_a * step + h * step_a
    out[~low] = -factor[~low] * (slope[~low] * h + h_a)
    result[good] = out
    return result.reshape(shape)[()]


def betainc_a(a: Any, b: Any, x: Any) -> Any:
    """The derivative by a of the incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1; nan elsewhere.

    That of the continued fraction of I_x(a, b) below the mean, that of 1 - I_{1-x}(b, a) above it, by Lentz's method
    (Press et al., Numerical Recipes, section 6.4).  0 at x = 0 and 1.
    """
    a, b, x = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(x, dtype=float))
    good = (a > 0.0) & (b > 0.0) & (x > 0.0) & (x < 1.0)
    result = np.where((a > 0.0) & (b > 0.0) & ((x == 0.0) | (x == 1.0)), 0.0, np.nan)
    shape, a, b, x = a.shape, a[good], b[good], x[good]
    (gamma_a, psi_a), (gamma_b, psi_b), (gamma, psi) = map(log_gamma_and_psi, (a, b, a + b))
    factor = np.exp(a * np.log(x) + b * np.log1p(-x) + gamma - gamma_a - gamma_b)
    turned = x > (a + 1.0) / (a + b + 2.0)
    # I = factor / p * h(p, q, t): which of p and q is a, and the derivative of log(factor) by a.
    p, q, t = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1.0 - x, x)
    slope = np.log(x) - psi_a + psi - np.where(turned, 0.0, 1.0 / p)
    one, two = np.where(turned, 0.0, 1.0), np.where(turned, 1.0, 0.0)
    c, c_a = np.ones_like(p), np.zeros_like(p)
    s = p + q
    d = 1.0 / (1.0 - s * t / (p + 1.0))
    d_a = d * d * t * (1.0 / (p + 1.0) - s * one / (p + 1.0) ** 2)
    h, h_a, n, step, step_a = d, d_a, 0, np.zeros_like(p), np.ones_like(p)
    while np.any((np.abs(step - 1.0) > 1e-16) | (np.abs(step_a * h) > 1e-16 * np.abs(h_a))) and n < 100000:
        n += 1
        r = p + 2.0 * n
        even = n * (q - n) * t / ((r - 1.0) * r)
        even_a = n * two * t / ((r - 1.0) * r) - even * one * (1.0 / (r - 1.0) + 1.0 / r)
        odd = -(p + n) * (s + n) * t / (r * (r + 1.0))
        odd_a = -(one * (s + n) + p + n) * t / (r * (r + 1.0)) - odd * one * (1.0 / r + 1.0 / (r + 1.0))
        step, step_a = np.ones_like(p), np.zeros_like(p)
        for e, e_a in ((even, even_a), (odd, odd_a)):
            d_a = e_a * d + e * d_a
            d = 1.0 / (1.0 + e * d)
            d_a = -d * d * d_a
            c_a = e_a / c - e * c_a / (c * c)
            c = 1.0 + e / c
            step_a = step_a * (c * d) + step * (c * d_a + c_a * d)
            step = step * (c * d)
        h, h_a = h * step, h_a * step + h * step_a
    result[good] = np.where(turned, -1.0, 1.0) * factor / p * (slope * h + h_a)
    return result.reshape(shape)[()]


def zeta_x(x: Any, q: Any) -> Any:
    """The derivative by x of Hurwitz' zeta function Σ (q + k)^-x, for q > 0 and x > -1; nan elsewhere, -inf at x = 1.

    That of the Euler-Maclaurin formula behind its first 20 terms (DLMF 25.11.5).
    """
    x, q = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(q, dtype=float))
    good = (q > 0.0) & (x > -1.0) & (x != 1.0)
    shape, result = x.shape, np.where((q > 0.0) & (x == 1.0), -np.inf, np.nan)
    x, q = x[good], q[good]
    total = np.zeros_like(x)
    for k in range(20):
        total -= np.log(q + k) * (q + k) ** -x
    a = q + 20.0
    log, power = np.log(a), a**-x
    total -= power * (a * (log + 1.0 / (x - 1.0)) / (x - 1.0) + 0.5 * log)
    # x (x + 1) ... (x + 2k - 2) / a^(2k - 1), and its derivative, with B_2k / (2k)!.
    rising, slope = x / a, 1.0 / a
    for k, c in enumerate((1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000), start=1):
        total += c * power * (slope - log * rising)
        for j in (2 * k - 1, 2 * k):
            rising, slope = rising * (x + j) / a, (slope * (x + j) + rising) / a
    result[good] = total
    return result.reshape(shape)[()]


SPECIAL_HELPERS: dict[str, Any] = {f.__name__: f for f in (log_gamma_and_psi, gammainc_a, betainc_a, zeta_x)}
SPECIAL_DEPENDS: dict[str, tuple[str, ...]] = dict.fromkeys(("gammainc_a", "betainc_a"), ("log_gamma_and_psi",))
