"""``with``: contexts of NumPy, of the standard library, and of the program."""

import contextlib
import math
import threading
import warnings

import numpy as np

from tests.corpus import case, positive

LOCK = threading.Lock()
LOG = []


class Span:
    """A manager that notes what happens."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        LOG.append(f"enter {self.name}")

    def __exit__(self, *reason):
        LOG.append(f"leave {self.name}")


class Doubled:
    """A manager that has to do with numbers."""

    def __init__(self, x):
        self.x = x

    def __enter__(self):
        self.total = 0.0
        return self

    def __exit__(self, kind, value, trace):
        self.total = self.total * self.x

    def add(self, y):
        self.total = self.total + 2.0 * y


@contextlib.contextmanager
def section(name):
    LOG.append(f"enter {name}")
    try:
        yield
    finally:
        LOG.append(f"leave {name}")


def errstate(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.log(x) / y
    return np.sum(np.where(y == 0.0, x, z))


def errstate_that_raises(x, y):
    try:
        with np.errstate(all="raise"):
            z = x / y
    except FloatingPointError:
        z = x * x
    return np.sum(z * x)


def errstate_as_a_name(x):
    with np.errstate(over="ignore") as old:
        y = np.exp(x)
        del old
    return np.sum(y * y)


def returns_inside(x):
    with np.errstate(all="ignore"):
        return np.sum(np.sqrt(x) * x)


def returns_on_some_paths(x, y):
    with np.errstate(all="ignore"):
        if y > 1.0:
            return x * x
        z = x / y
    return z * x


def in_a_loop(x, n):
    for k in range(n):
        with np.errstate(all="ignore"):
            if k == 2:
                continue
            x = np.sin(x) * x
            if k > 3:
                break
    return x


def a_loop_inside(x, n):
    with np.errstate(all="ignore"):
        for k in range(n):
            x = x * np.sin(x) + k
    return x


def returns_from_a_loop_inside(x, n):
    with np.errstate(all="ignore"):
        for k in range(n):
            x = x * 1.5
            if x > 3.0:
                return x * x
    return x


def nested(x):
    with np.errstate(all="ignore"), np.printoptions(precision=3):
        y = x * x
        with LOCK:
            z = y * x
    return z + y


def writes_inside(x):
    out = np.zeros(3)
    with np.errstate(all="ignore"):
        out[:] = x * x
        out[0] += x[1]
    return np.sum(out * out)


def views_inside(x):
    a = 2.0 * x
    with np.errstate(all="ignore"):
        b = a[1:]
        a[0] = x[1] * x[2]
    return np.sum(a * a) + np.sum(b)


def lists_inside(x):
    values = [x]
    with np.errstate(all="ignore"):
        values.append(x * x)
    return values[0] * values[1]


def suppressed(x, y):
    z = x * x
    with contextlib.suppress(ZeroDivisionError):
        z = x / y
    return z * x


def needed_behind(x, y):
    if y > 1.0:
        z = x
    else:
        z = x * x
    with contextlib.suppress(ZeroDivisionError):
        w = x / y
        z = w * x
    return z * x


def suppressed_return(x, y):
    with contextlib.suppress(ZeroDivisionError, ValueError):
        return x * math.log(y) / y
    return x * x


def returns_from_a_block_in_a_loop(x, y):
    for k in range(3):
        with contextlib.suppress(ZeroDivisionError):
            if y > 1.0:
                return math.sin(x / y) * k
        x = x * 1.5
    return x * x


def nullcontext(x):
    with contextlib.nullcontext(x * x) as y:
        z = y * x
    return z


def a_class_of_the_program(x):
    with Span("a"):
        y = x * x
    with Span("b"):
        z = y * x
    return z


def a_generator_of_the_program(x):
    with section("a"), section("b"):
        y = np.exp(x)
    return y * x


def a_manager_with_numbers(x, y):
    with Doubled(x) as adder:
        adder.add(y)
        adder.add(x * y)
    return adder.total


def a_manager_made_before(x):
    adder = Doubled(x)
    with adder:
        adder.add(x * x)
    return adder.total


def no_warnings(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = np.sum(np.log(x))
    return y * y


def inside_a_called_function(x):
    return np.sum(errstate(x, 2.0 * x) * x)


def raise_inside(x):
    try:
        with section("c"):
            if x < 0.0:
                raise ValueError("negative")
            y = np.sqrt(x)
    except ValueError:
        y = -x * x
    return y * x


ZEROS = np.array([0.5, 0.0, 2.0])
CASES = [
    case(errstate, positive(3), ZEROS, wrt=0),
    case(errstate_that_raises, positive(3), positive(3)),
    case(errstate_that_raises, positive(3), ZEROS, wrt=0, note="raised"),
    case(errstate_as_a_name, positive(3)),
    case(returns_inside, positive(3)),
    case(returns_on_some_paths, 0.7, 0.6),
    case(returns_on_some_paths, 0.7, 1.6, wrt=0, note="returned"),
    case(in_a_loop, 0.7, 6),
    case(a_loop_inside, 0.7, 4),
    case(returns_from_a_loop_inside, 0.7, 2),
    case(returns_from_a_loop_inside, 0.7, 9, note="returned"),
    case(nested, 0.7),
    case(writes_inside, positive(3)),
    case(views_inside, positive(3)),
    case(lists_inside, 0.7),
    case(suppressed, 0.7, 2.0),
    case(suppressed, 0.7, 0.0, wrt=0, note="raised"),
    case(needed_behind, 0.7, 2.0, wrt=0),
    case(needed_behind, 0.7, 0.0, wrt=0, note="raised"),
    case(suppressed_return, 0.7, 2.0),
    case(suppressed_return, 0.7, -2.0, wrt=0, note="raised"),
    case(returns_from_a_block_in_a_loop, 0.7, 2.0, wrt=0),
    case(returns_from_a_block_in_a_loop, 0.7, 0.5, wrt=0, note="stays"),
    case(nullcontext, 0.7),
    case(a_class_of_the_program, 0.7),
    case(a_generator_of_the_program, 0.7),
    case(a_manager_with_numbers, 0.7, 0.4),
    case(a_manager_made_before, 0.7),
    case(no_warnings, positive(3)),
    case(inside_a_called_function, positive(3)),
    case(raise_inside, 0.7),
    case(raise_inside, -0.7, note="raised"),
]
