"""Distributions of SciPy at the ends of their supports, as frozen objects, and in generated text."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import s2sad

stats = pytest.importorskip("scipy.stats")

# Distribution, number, shape parameters: all derivatives of the density and its logarithm are 0 there.
OUTSIDE = [("expon", -0.5, ()), ("gamma", -0.5, (2.0,)), ("beta", 1.5, (2.0, 3.0)), ("beta", -0.5, (2.0, 3.0)),
           ("uniform", 1.5, ()), ("lognorm", -1.0, (0.5,)), ("pareto", 0.5, (2.0,)), ("weibull_max", 0.5, (2.0,)),
           ("truncnorm", 3.0, (-1.0, 2.0)), ("chi2", -1.0, (3.0,)), ("f", -1.0, (3.0, 4.0)), ("halfnorm", -1.0, ())]


@pytest.mark.parametrize(("name", "x", "shapes"), OUTSIDE)
def test_outside_the_support(name: str, x: float, shapes: tuple[float, ...]) -> None:
    dist = getattr(stats, name)
    for method, value in (("logpdf", -math.inf), ("pdf", 0.0), ("cdf", None), ("logcdf", None), ("sf", None)):
        operands = (x, *shapes, 0.0, 1.0)
        with np.errstate(all="raise"):
            found, slopes = s2sad.value_and_grad(CALLS[len(shapes)](dist, method), wrt=tuple(range(len(operands))))(
                *operands)
        assert value is None or found == value
        assert all(s == 0.0 for s in slopes), (method, slopes)


def _call(dist: Any, method: str, count: int) -> Any:
    fn = getattr(dist, method)
    if count == 0:
        return lambda x, loc, scale: fn(x, loc, scale)
    if count == 1:
        return lambda x, a, loc, scale: fn(x, a, loc, scale)
    return lambda x, a, b, loc, scale: fn(x, a, b, loc, scale)


CALLS = [lambda d, m: _call(d, m, 0), lambda d, m: _call(d, m, 1), lambda d, m: _call(d, m, 2)]


def test_far_in_the_tails() -> None:
    np.testing.assert_allclose(s2sad.grad(lambda x: stats.norm.logcdf(x))(-40.0), 40.024968847, rtol=1e-9)
    np.testing.assert_allclose(s2sad.grad(lambda x: stats.norm.logsf(x))(40.0), -40.024968847, rtol=1e-9)
    assert s2sad.grad(lambda x: stats.norm.logpdf(x))(1e10) == -1e10
    np.testing.assert_allclose(s2sad.grad(lambda x: stats.t.logpdf(x, 3.0))(1e200), 0.0, atol=1e-190)


def test_counts_at_the_ends() -> None:
    assert s2sad.grad(lambda mu: stats.poisson.logpmf(0, mu))(0.0) == -1.0
    assert s2sad.grad(lambda p: stats.bernoulli.logpmf(0, p))(0.0) == -1.0
    assert s2sad.grad(lambda p: stats.binom.logpmf(3, 3, p))(1.0) == 3.0


def likelihood(x: Any, mean: Any, spread: Any) -> Any:
    return -np.sum(stats.norm.logpdf(x, loc=mean, scale=np.exp(spread)))


def test_a_file_imports_the_module_of_the_distribution() -> None:
    source = s2sad.derive(likelihood, types="x: f8[n], mean: float, spread: float").source
    assert "\nimport scipy.stats\n" in source and "import scipy.stats." not in source
    s2sad.check_grads(likelihood, (np.array([0.5, -1.0, 2.0]), 0.3, 0.1))


FROZEN = stats.gamma(2.0, scale=1.5)
LOG_DENSITY = stats.norm.logpdf


def of_an_object_of_the_module(x: Any) -> Any:
    return np.sum(FROZEN.logpdf(x) + FROZEN.cdf(x) * LOG_DENSITY(x, 0.5))


def test_objects_of_the_module() -> None:
    global FROZEN
    x = np.array([0.5, 1.0, 2.0])
    first = s2sad.grad(of_an_object_of_the_module)(x)
    s2sad.check_grads(of_an_object_of_the_module, (x,))
    kept, FROZEN = FROZEN, stats.gamma(3.0)
    try:
        second = s2sad.grad(of_an_object_of_the_module)(x)
        assert not np.allclose(first, second)
        s2sad.check_grads(of_an_object_of_the_module, (x,))
    finally:
        FROZEN = kept
    np.testing.assert_array_equal(s2sad.grad(of_an_object_of_the_module)(x), first)


CUT_OFF = type(stats.norm)(name="norm", a=0.0)(loc=0.5)


def of_another_support(x: Any) -> Any:
    return CUT_OFF.logpdf(x)


def test_another_distribution_by_the_same_name_is_refused() -> None:
    with pytest.raises(s2sad.errors.S2sadError):
        s2sad.grad(of_another_support)(1.0)


def mixture(x: Any, weight: Any, mean: Any) -> Any:
    parts = [stats.norm(mean, 1.0), stats.t(3.0, -mean, scale=2.0)]
    total = 0.0
    for part, share in zip(parts, (weight, 1.0 - weight)):
        total = total + share * part.pdf(x)
    return np.sum(np.log(total))


def test_distributions_in_a_list() -> None:
    s2sad.check_grads(mixture, (np.array([0.5, -1.0, 2.0]), 0.3, 0.7))


def test_what_is_not_known_of_a_distribution() -> None:
    with pytest.raises(s2sad.errors.S2sadError, match="norm.entropy"):
        s2sad.grad(lambda m: stats.norm(m).entropy())(0.5)
    with pytest.raises(s2sad.errors.S2sadError, match="cannot be called"):
        s2sad.grad(lambda m: stats.norm(m)(0.5))(0.5)
