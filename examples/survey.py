"""The running example of Baydin, Pearlmutter, Radul, Siskind, "Automatic differentiation in machine learning"."""

import numpy as np


def f(x1, x2):
    """f(x1, x2) = ln(x1) + x1 x2 - sin(x2)"""
    y = np.log(x1) + x1 * x2 - np.sin(x2)
    return y
