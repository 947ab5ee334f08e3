"""Reductions with masks and initial values, methods of ufuncs, running products: in loops, branches, and in place."""

import functools

import numpy as np

from tests.corpus import case, positive, spread


def forward_algorithm(log_start, log_move, log_emit):
    alpha = log_start + log_emit[0]
    for t in range(1, len(log_emit)):
        alpha = np.logaddexp.reduce(alpha[:, None] + log_move, axis=0) + log_emit[t]
    return np.logaddexp.reduce(alpha)


def discounted(x, rate):
    total = np.zeros(x.shape[1])
    for row in x:
        total = total * rate + np.maximum.accumulate(row) * np.cumprod(row)
    return np.sum(total, where=total > 0.5, initial=rate)


def masked_loss(x, y):
    known = np.abs(x) > 0.3
    residual = np.subtract(x, y, out=np.zeros_like(x), where=known)
    scale = np.mean(np.abs(x), where=known)
    return np.sum(residual**2, where=known) / scale + np.max(x, initial=y[0], where=known)


def survival(hazard):
    alive = np.multiply.accumulate(1.0 - hazard)
    before = np.concatenate((np.ones(1), alive[:-1]))
    return np.sum(before * hazard * np.arange(1.0, len(hazard) + 1.0)) + np.prod(1.0 - hazard)


def product_with_zeros(x):
    y = np.where(x > 0.0, x, 0.0)
    return np.prod(y[:2] + 1.0) * np.prod(y, axis=0) + np.sum(np.cumprod(y + 0.5))


def histogram(x, weights):
    counts = np.zeros(4)
    places = np.floor(np.clip(x, 0.0, 3.99)).astype(int)
    np.add.at(counts, places, weights * x)
    np.maximum.at(counts, places, weights)
    return np.sum(counts**2)


def rescaled(x):
    low, high = np.min(x, axis=1, keepdims=True), np.max(x, axis=1, keepdims=True)
    return np.sum((x - low) ** 2 / (high - low)) + np.ptp(x) * np.sum(np.ptp(x, axis=0))


def spread_of(x, robust):
    if robust:
        return np.percentile(x, 75.0) - np.quantile(x, 0.25)
    return np.std(x, ddof=1)


def robust_or_not(x):
    total = 0.0
    for row in x:
        total = total + spread_of(row, row[0] > 0.0) * np.median(row)
    return total


def table(x, y):
    grid = np.add.outer(x, y) * np.multiply.outer(x, y)
    return np.sum(np.add.reduceat(grid, [0, 2], axis=1) ** 2) + np.sum(np.hypot.outer(x, y))


def weighted(x, w):
    mean, total = np.average(x, weights=w, returned=True)
    return mean * total + np.sum(np.average(x * x, axis=0, weights=w, keepdims=True))


def parts(x, y):
    quotient, remainder = np.divmod(x, y)
    fraction, _ = np.modf(x)
    return np.sum(remainder * quotient + fraction * y) + np.frexp(x)[0][0]


def holes(x):
    y = np.where(x > -0.5, x, np.nan)
    return np.nanmean(y) * np.nanstd(y) + np.nansum(y**2) + np.nanmax(y) * np.nanmedian(y)


def running_in_place(x):
    work = np.empty_like(x)
    np.cumsum(x, axis=0, out=work)
    np.multiply(work, x, out=work)
    total = np.sum(work, axis=0)
    np.sqrt(total * total + 1.0, out=total)
    return np.sum(total * np.prod(work + 2.0, axis=0))


combine = np.multiply.outer
REDUCERS = (np.add.reduce, np.hypot.reduce)


def under_other_names(x):
    total = np.sum(combine(x, x))
    for reducer in REDUCERS:
        total = total + reducer(x * x)
    return total + functools.reduce(np.multiply, x)


def mask_that_changes(x):
    known = x > 0.2
    first = np.sum(x**2, where=known)
    known[0] = not known[0]
    return first * np.sum(x**3, where=known) + np.max(x, where=known, initial=0.1)


def over_its_own_values(x):
    y = x * 1.0
    np.cumprod(y, out=y)
    np.exp(y, out=y)
    np.maximum.accumulate(y, out=y)
    return np.sum(y * x)


def at_views(x):
    a = x * 2.0
    np.multiply.at(a[1:], [0, 0, 2], x[:3])
    b = a[::2]
    np.maximum.at(b, np.array([0, 1, 1]), 0.9)
    np.negative.at(a, [0, 3])
    return np.sum(a * x) + b[0]


def results_are_memory_of_their_own(x):
    y, z, w = np.positive(x), np.sum(x, axis=()), np.nan_to_num(x)
    fraction, whole = np.modf(3.0 * x)
    y[0], z[1], w[2], fraction[3] = 5.0, 3.0, 2.0, 0.5
    return np.sum(y * z * w * fraction * x) + np.sum(whole * x)


CASES = [
    case(forward_algorithm, spread(3), spread(3, 3), spread(4, 3)),
    case(discounted, positive(3, 4), 0.7),
    case(masked_loss, spread(6), spread(6, low=-0.9)),
    case(survival, spread(5, low=0.1, high=0.8)),
    case(product_with_zeros, spread(4)),
    case(histogram, spread(5, low=0.2, high=3.7), positive(5)),
    case(rescaled, spread(3, 4)),
    case(robust_or_not, spread(3, 5)),
    case(table, positive(3), positive(4)),
    case(weighted, spread(2, 3), positive(2, 3)),
    case(parts, positive(4), positive(4) + 0.31),
    case(holes, spread(6)),
    case(running_in_place, spread(3, 2)),
    case(under_other_names, positive(4)),
    case(mask_that_changes, spread(5)),
    case(over_its_own_values, positive(4)),
    case(at_views, positive(4)),
    case(results_are_memory_of_their_own, positive(4)),
]
