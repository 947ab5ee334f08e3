"""User's names that generated code would like to use itself."""

import numpy
import numpy as xp
import numpy.linalg as la
from numpy import sum as total

from tests.corpus import case, spread

np = 3.0


def names_of_adjoints(x, x_bar):
    y_bar = x * x_bar
    result_bar = y_bar * x
    return result_bar + y_bar


def names_of_tangents(x, x_dot):
    y_dot = x * x_dot
    return y_dot * x


def names_of_temporaries(v1, v2):
    v3 = v1 * v2 + v1
    v5 = numpy.sin(v3 * v2) + v3
    return v5 * v1 * (v1 + v2) * (v3 - v2)


def names_of_temporary_adjoints(v1, v1_bar):
    v2_bar = numpy.sin(v1 * v1_bar) * v1
    v2 = v2_bar * (v1 + v1_bar)
    return v2 * v2_bar


def names_of_tapes(x, n):
    x_tape = x
    branch_tape = 0.5
    for i in range(n):
        if x_tape > 1.0:
            x_tape = x_tape * 0.5 * branch_tape
        else:
            x_tape = x_tape * x_tape + x
    return x_tape


def names_of_results(x, result):
    y = x * result
    result = y * x
    return result


def names_of_pullback(x, pullback):
    f_vjp = x * pullback
    f_jvp = f_vjp * x
    return f_jvp


def names_of_branches(x, branch):
    branch1 = x > branch
    if branch1:
        branch = x * branch
    return branch * x


def names_of_derivatives(names_of_derivatives_vjp, seed):
    names_of_derivatives_jvp = names_of_derivatives_vjp * seed
    return names_of_derivatives_jvp * seed


def name_underscore(x, y):
    _ = x * y
    __ = _ * _
    return __ + _


def name_of_numpy_is_a_number(x):
    return x * np + x**2


def name_of_numpy_is_an_argument(np, x):
    return np * xp.sin(x)


def other_names_of_numpy(x):
    return total(x * x) + numpy.sum(x) * la.norm(x)


def names_of_builtins(max, sum, len):
    range = max * sum
    list = range + len
    float = list * range
    return float


def names_of_helpers(unbroadcast, x):
    zeros_like = unbroadcast * x
    copy = xp.sin(zeros_like)
    return copy * unbroadcast


def name_of_the_function_itself(x):
    name_of_the_function_itself = x * x
    return name_of_the_function_itself * x


def names_of_loop_counters(x, n):
    i1 = x
    for i in range(n):
        for i0 in range(i):
            i1 = i1 * 0.9 + i0 * x
        for _ in range(2):
            i1 = i1 + xp.sin(i1)
    return i1


def underscored_counter_is_read(x, n):
    s = 0.0
    for _ in range(n):
        s = s * x + _
    return s


def unicode_names(α, β):
    γ = α * β
    return γ * α


def same_name_in_helper(x):
    y = x * x
    return y + 1.0


def names_shared_with_helper(x, y):
    z = same_name_in_helper(y) * x
    y = same_name_in_helper(x) * z
    return y * x


def names_like_keywords(lambda_, is_):
    return lambda_ * is_ * lambda_


CASES = [
    case(names_of_adjoints, 0.7, 1.3),
    case(names_of_adjoints, spread(3), spread(3) + 2.0, note="array"),
    case(names_of_tangents, 0.7, 1.3),
    case(names_of_temporaries, 0.7, 1.3),
    case(names_of_temporary_adjoints, 0.7, 1.3),
    case(names_of_tapes, 0.7, 5),
    case(names_of_results, 0.7, 1.3),
    case(names_of_pullback, 0.7, 1.3),
    case(names_of_branches, 1.7, 1.3),
    case(names_of_derivatives, 0.7, 1.3),
    case(name_underscore, 0.7, 1.3),
    case(name_of_numpy_is_a_number, 0.7),
    case(name_of_numpy_is_an_argument, 0.7, 1.3),
    case(other_names_of_numpy, spread(3)),
    case(names_of_builtins, 0.7, 1.3, 2.0),
    case(names_of_helpers, 0.7, 1.3),
    case(name_of_the_function_itself, 0.7),
    case(names_of_loop_counters, 0.7, 3),
    case(underscored_counter_is_read, 0.7, 4),
    case(unicode_names, 0.7, 1.3),
    case(names_shared_with_helper, 0.7, 1.3),
    case(names_like_keywords, 0.7, 1.3),
]
