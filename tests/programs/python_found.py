"""Ordinary Python that random programs have shown to be hard."""

import numpy as np

from tests.corpus import case


class Box:
    def __init__(self, a, b=0.5):
        self.a = a
        self.b = b

    def bump(self, d):
        self.a += d


def deep(box, t, k):
    if k == 0:
        return box.a * t
    box.bump(t * 0.1)
    return deep(box, t * 0.9, k - 1) + box.b


def number_of_either_kind_handed_back_by_a_call(x):
    box = Box(np.sin(x) * x if x > 3.0 else x)
    deep(box, -1.25, 2)
    return x * box.a


def pattern_behind_a_repeated_exit(x, n):
    if x > 0.5:
        if n == 1:
            return x
        y = x * x
    else:
        y = np.sin(x)
    match n:
        case k if k > 1:
            y = y * k
        case _:
            y = -y
    return y


def variable_written_by_a_function_that_is_called(x):
    calls = 0

    def first(t):
        nonlocal calls
        calls += 1
        for k in range(6):
            if t * k > 1.5:
                return t * k
        return t

    a = first(x) + first(2 * x) * x
    return a * calls


class Scaled:
    def __init__(self, t):
        self.t = t

    def __enter__(self):
        self.t = self.t * 1.1
        return self

    def __exit__(self, *what):
        self.t = self.t - 0.1


def context_of_an_alias_in_a_loop(x, n):
    one = Scaled(x)
    other = one
    for i in range(n):
        with other as third:
            one.t = third.t * x + i
    return one.t * other.t


CASES = [
    case(number_of_either_kind_handed_back_by_a_call, 0.7),
    case(number_of_either_kind_handed_back_by_a_call, 3.4, note="other"),
    case(pattern_behind_a_repeated_exit, 0.7, 2),
    case(pattern_behind_a_repeated_exit, 0.4, 0, note="other"),
    case(variable_written_by_a_function_that_is_called, 0.7),
    case(context_of_an_alias_in_a_loop, 0.7, 3),
]
