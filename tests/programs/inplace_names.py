"""Several names of one array."""

import numpy as np

from tests.corpus import case, positive, spread


def asarray_is_the_same(x):
    a = x * x
    b = np.asarray(a)
    b[0] = x[1] * x[2]
    a[1] = b[0] * x[0]
    return a * b


def two_names(x):
    a = x * x
    b = a
    b[0] = a[1] * x[2]
    a[1] = b[0] * b[2]
    return a * b


def two_names_of_argument(x, y):
    a, b = x, y
    a[0] = b[1] * b[0]
    b[1] = x[0] * x[1]
    return a * y


def name_moves_on(x):
    a = x * x
    b = a
    a = 3.0 * x
    b[0] = a[1] * x[0]
    a[1] = b[0]
    return a * b


def name_of_old_contents(x):
    old = x.copy()
    x[0] = x[1] * x[2]
    x[1:] *= old[:-1]
    return x * old


CASES = [
    case(asarray_is_the_same, spread(3)),
    case(two_names, spread(3)),
    case(two_names_of_argument, spread(3), positive(3)),
    case(name_moves_on, spread(3)),
    case(name_of_old_contents, spread(3)),
]
