"""Statements about names: assignment in an expression, ``del``, imports inside the function, annotations."""

import numpy as np

from tests.corpus import case


def walrus_in_a_condition(x):
    if (y := x * x) > 1.0:
        return y * x
    return 3.0 * y


def walrus_in_a_while_test(x, n):
    total, k = 0.0, 0
    while (k := k + 1) < n and (term := x / k) > 0.05:
        total = total + term * term
    return total * term


def walrus_in_the_second_half_of_a_test(x, y):
    if x > 0.0 and (z := x * y) > 0.5:
        return z * z
    return x - y


def walrus_in_a_comprehension(x):
    parts = [(last := v * v) for v in (x, 2.0 * x, 3.0 * x)]
    return sum(parts) + last


def walrus_in_an_argument(x):
    return np.sin(t := x * x) * t


def walrus_in_a_ternary(x):
    return (y := np.exp(x)) if x > 0.0 else (y := x * x) * y


def deleted_name(x):
    y = x * x
    z = y + 1.0
    del y
    return z * x


def deleted_and_given_again(x):
    total = 0.0
    for k in range(3):
        part = x**k
        total = total + part * x
        del part
    return total


def deleted_items(x):
    d = {"a": x, "b": x * x, "c": 2.0}
    del d["a"]
    values = [x, x * x, x**3]
    del values[0], values[-1]
    return sum(d.values()) * values[0]


def deleted_slice(x):
    values = [x, 2.0 * x, 3.0 * x, 4.0]
    del values[1:3]
    return values[0] * values[1] * len(values)


def imports_inside(x):
    import math
    import os.path as p

    from numpy import linalg as la
    from numpy import sin

    return math.cos(x) * sin(x) + la.norm(np.array([x, len(p.sep)]))


def import_in_a_branch(x):
    if x > 0.0:
        from math import exp as g
    else:
        from math import exp as g
    return g(x)


def import_in_a_loop(x):
    total = 0.0
    for k in range(3):
        import math

        total += math.sin(k * x)
    return total


def annotated_without_a_value(x):
    y: float
    z: "no type at all" = x * x  # noqa: F722
    y = z + x
    return y * z


def chained_assignment(x):
    a = b = c = x * x
    b *= x
    return a + b * c


def a_text_in_the_middle(x):
    """What it does."""
    y = x * x
    """Why it does so."""
    ...
    pass
    return y


def while_with_else(x, n):
    k = 0
    while k < n:
        k += 1
        x = x * 1.5
        if x > 50.0:
            break
    else:
        x = x * x
    return x


def for_with_else(x, limit):
    for k in range(4):
        x = x + np.sin(x)
        if x > limit:
            x = x * 2.0
            break
    else:
        x = x * x
    return x


def ternary_chain(x, y):
    return (x if x < y < 2.0 * x else y * x if x > 0.0 else -y) * (1.0 if not y > 5.0 else x)


CASES = [
    case(walrus_in_a_condition, 1.4),
    case(walrus_in_a_condition, 0.4, note="else"),
    case(walrus_in_a_while_test, 0.7, 5),
    case(walrus_in_a_while_test, 0.12, 5, note="early"),
    case(walrus_in_the_second_half_of_a_test, 1.2, 0.7),
    case(walrus_in_the_second_half_of_a_test, 0.2, 0.7, note="small"),
    case(walrus_in_a_comprehension, 0.7),
    case(walrus_in_an_argument, 0.7),
    case(walrus_in_a_ternary, 0.7),
    case(walrus_in_a_ternary, -0.7, note="else"),
    case(deleted_name, 0.7),
    case(deleted_and_given_again, 0.7),
    case(deleted_items, 0.7),
    case(deleted_slice, 0.7),
    case(imports_inside, 0.7),
    case(import_in_a_branch, 0.7),
    case(import_in_a_loop, 0.7),
    case(annotated_without_a_value, 0.7),
    case(chained_assignment, 0.7),
    case(a_text_in_the_middle, 0.7),
    case(while_with_else, 0.7, 3),
    case(while_with_else, 9.0, 6, note="break"),
    case(for_with_else, 0.7, 50.0),
    case(for_with_else, 0.7, 1.2, note="break"),
    case(ternary_chain, 0.7, 1.1),
    case(ternary_chain, 0.7, 7.1, note="else"),
]
