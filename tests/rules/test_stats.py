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
        source = f"def f({', '.join(f'a{k}' for k in range(len(shapes) + 3))}):\n    return None\n"
        assert source
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


def likelihood(x: Any, mean: Any, spread: Any) -> Any:
    return -np.sum(stats.norm.logpdf(x, loc=mean, scale=np.exp(spread)))


def test_a_file_imports_the_module_of_the_distribution() -> None:
    source = s2sad.derive(likelihood, types="x: f8[n], mean: float, spread: float").source
    assert "\nimport scipy.stats\n" in source and "import scipy.stats." not in source
    s2sad.check_grads(likelihood, (np.array([0.5, -1.0, 2.0]), 0.3, 0.1))
