"""Elementary functions of `math` and NumPy."""

import math
from math import exp, sqrt

import numpy as np
from numpy import cos, sin

from tests.corpus import case, positive, spread


def math_exponentials(x):
    return math.exp(x) + math.log(x) * math.expm1(x) + math.log1p(x) + math.log2(x) * math.log10(x)


def math_trigonometry(x):
    return math.sin(x) * math.cos(x) + math.tan(x)


def math_inverse_trigonometry(x):
    return math.asin(x) * math.acos(x) + math.atan(x)


def math_hyperbolic(x):
    return math.sinh(x) * math.cosh(x) + math.tanh(x)


def math_two_arguments(x, y):
    return math.pow(x, y) + math.hypot(x, y) * math.atan2(y, x)


def math_roots(x):
    return math.sqrt(x) * math.fabs(x) + math.sqrt(2.0)


def math_rounding(x):
    return math.floor(x) * x + math.ceil(x) * x * x


def imported_names(x):
    return exp(sin(x)) * sqrt(x) + cos(x)


def exponentials(x):
    return np.exp(x) + np.log(x) * np.expm1(x) + np.log1p(x) + np.log2(x) * np.log10(x) + np.exp2(x)


def trigonometry(x):
    return np.sin(x) * np.cos(x) + np.tan(x)


def inverse_trigonometry(x):
    return np.arcsin(x) * np.arccos(x) + np.arctan(x)


def hyperbolic(x):
    return np.sinh(x) * np.cosh(x) + np.tanh(x)


def inverse_hyperbolic(x):
    return np.arcsinh(x) + np.arccosh(x + 2.0) * np.arctanh(x)


def roots_and_powers(x, y):
    return np.sqrt(x) * np.square(y) + np.power(x, y) + np.cbrt(x) + np.reciprocal(x)


def two_arguments(x, y):
    return np.hypot(x, y) + np.arctan2(x, y) + np.logaddexp(x, y)


def arithmetic_functions(x, y):
    return np.add(x, y) * np.subtract(x, y) + np.multiply(x, y) / np.divide(x, y + 2.0) + np.negative(x)


def sign_and_rounding(x):
    return np.sign(x) * x + np.floor(x) * x + np.ceil(x) + np.round(x) * x


def extremes(x, y):
    return np.maximum(x, y) * np.minimum(x, y) + np.maximum(x, 0.05)


def absolute(x):
    return np.abs(x) * x + np.fabs(x)


def clip(x):
    return np.clip(x, -0.5, 0.6) * x


def where(x, y):
    return np.where(x > 0.0, x * y, np.sin(x))


def where_with_constant(x):
    return np.where(x > 0.0, x * x, 0.0)


def where_of_argument_mask(mask, x, y):
    return np.where(mask, x, y) * x


def where_with_broadcast(x, y):
    return np.where(x > 0.1, x, y)


def constants(x):
    return np.pi * x + np.e * x * x + math.tau


CASES = [
    case(math_exponentials, 0.7),
    case(math_trigonometry, 0.7),
    case(math_inverse_trigonometry, 0.3),
    case(math_hyperbolic, 0.7),
    case(math_two_arguments, 0.7, 1.3),
    case(math_roots, 0.7),
    case(math_rounding, 1.7),
    case(imported_names, 0.7),
    case(exponentials, 0.7),
    case(exponentials, positive(3), note="array"),
    case(trigonometry, 0.7),
    case(trigonometry, spread(3), note="array"),
    case(inverse_trigonometry, 0.3),
    case(inverse_trigonometry, spread(3) * 0.5, note="array"),
    case(hyperbolic, spread(3)),
    case(inverse_hyperbolic, spread(3) * 0.5),
    case(roots_and_powers, positive(3), spread(3)),
    case(roots_and_powers, 0.7, 1.3, note="scalar"),
    case(two_arguments, positive(3), positive(3)[::-1].copy()),
    case(arithmetic_functions, spread(3), positive(3)),
    case(sign_and_rounding, spread(4)),
    case(extremes, spread(4), spread(4)[::-1].copy()),
    case(absolute, spread(4)),
    case(clip, spread(6)),
    case(where, spread(4), positive(4)),
    case(where_with_constant, spread(4)),
    case(where_of_argument_mask, np.array([True, False, True]), spread(3), positive(3), wrt=(1, 2)),
    case(where_with_broadcast, spread(2, 3), spread(3)),
    case(where_with_broadcast, spread(3), 0.7, note="scalar"),
    case(constants, 0.7),
]
