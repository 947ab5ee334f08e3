"""Bessel functions that NumPy lacks: the derivative of the one that it has."""

from typing import Any

import numpy as np


def bessel_i1(x: Any) -> Any:
    """The modified Bessel function of order 1, the derivative of np.i0, for real numbers of any shape.

    It is the mean of sinh(x c) c over the cosines c of a quarter circle, which equally spaced points give to the last
    digits: Trefethen and Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56 (2014).
    """
    c = np.cos((np.arange(64) + 0.5) * (np.pi / 128.0)).astype(getattr(x, "dtype", float))
    return np.sinh(np.multiply.outer(x, c)) @ c / 64.0


BESSEL = {f.__name__: f for f in (bessel_i1,)}
