"""Conditions."""

import numpy as np

from tests.corpus import case, spread


def if_else(x):
    if x > 0.5:
        y = x * x
    else:
        y = np.sin(x)
    return y


def if_without_else(x):
    y = x
    if x > 0.5:
        y = y * x
    return y + 1.0


def if_elif_else(x):
    if x < 0.0:
        y = -x
    elif x < 1.0:
        y = x * x
    elif x < 2.0:
        y = np.exp(x)
    else:
        y = 3.0
    return y * x


def nested_if(x, y):
    z = x
    if x > 0.0:
        if y > 0.0:
            z = x * y
        else:
            z = x - y * y
            if x > 5.0:
                z = z * 2.0
    return z + y


def overwritten_in_branch(x, y):
    a = x * y
    b = a * a
    if x > y:
        a = np.sin(b)
        b = a * b
    else:
        b = a
    return a * b


def needed_after_overwriting_in_branch(x, y):
    a = x * x
    if x > y:
        a = a * a * y
        a = np.sin(a)
    return a * y


def assigned_in_one_branch_of_each(x):
    if x > 0.0:
        up = x * 2.0
        y = up * up
    else:
        down = x * 3.0
        y = down * x
    return y


def ternary(x, y):
    z = x * y if x > y else x + y
    return z * (y if y > 0.0 else 1.0)


def chained_comparison(x):
    if 0.0 < x < 1.0:
        return x * x
    return x


def boolean_operators(x, y):
    if x > 0.0 and y > 0.0 or x > 3.0:
        z = x * y
    else:
        z = x - y
    if not (x > 1.0 or y < 0.0):
        z = z * x
    return z


def short_circuit(x, n):
    if n > 0 and x / n > 0.1:
        return x / n
    return x * x


def integer_comparison(x, n):
    if n == 3:
        return x**3
    elif n != 2:
        return x
    else:
        return x * x


def string_argument(x, kind):
    if kind == "sin":
        return np.sin(x)
    elif kind == "cos":
        return np.cos(x)
    return x


def boolean_argument(x, squared):
    if squared:
        x = x * x
    return x * 3.0


def none_argument(x, weight):
    if weight is None:
        weight = 2.0
    return x * weight


def default_none(x, y=None):
    if y is not None:
        return x * y
    return x * x


def early_return(x):
    if x < 0.0:
        return 0.0
    return np.sqrt(x)


def early_returns(x, y):
    if x < 0.0:
        return x * y
    if y < 0.0:
        z = x - y
        return z * z
    elif y < 1.0:
        return y
    return x / y


def return_in_both_branches(x):
    if x > 1.0:
        return x * x
    else:
        return 2.0 * x


def tuple_from_branch(x, y):
    if x > y:
        return x * x, y
    return y, x * y


def condition_used_later(x, y):
    above = x > y
    z = x * y
    x = z + 1.0
    if above:
        z = z * x
    return z + x


def condition_variable_is_overwritten(x):
    s = x
    if s > 1.0:
        s = s * 0.5
    if s > 1.0:
        s = s * 0.25
    return s * s


def branch_on_array_reduction(x):
    if np.sum(x) > 0.0:
        return np.sum(x * x)
    return -np.sum(x)


def branch_between_arrays(x, y, first):
    z = x if first else y
    return z * z


def branch_between_scalar_and_constant(x, flag):
    if flag:
        y = x
    else:
        y = 1.0
    return y * y


def absolute_value(x):
    return abs(x) * x + np.abs(x)


def minimum_of_two(x, y):
    return min(x, y) * max(x, y) + max(x, 2.0) + min(x, y, 0.1)


def clipped(x):
    return min(max(x, -1.0), 1.0) * x


CASES = [
    case(if_else, 1.3),
    case(if_else, 0.2, note="else"),
    case(if_without_else, 1.3),
    case(if_without_else, 0.2, note="else"),
    case(if_elif_else, -0.4, note="first"),
    case(if_elif_else, 0.4, note="second"),
    case(if_elif_else, 1.4, note="third"),
    case(if_elif_else, 2.4, note="last"),
    case(nested_if, 1.3, 0.7),
    case(nested_if, 1.3, -0.7, note="inner_else"),
    case(nested_if, 6.3, -0.7, note="innermost"),
    case(nested_if, -1.3, 0.7, note="none"),
    case(overwritten_in_branch, 1.3, 0.7),
    case(overwritten_in_branch, 0.3, 0.7, note="else"),
    case(needed_after_overwriting_in_branch, 1.3, 0.7),
    case(needed_after_overwriting_in_branch, 0.3, 0.7, note="else"),
    case(assigned_in_one_branch_of_each, 1.3),
    case(assigned_in_one_branch_of_each, -1.3, note="else"),
    case(ternary, 1.3, 0.7),
    case(ternary, 0.3, -0.7, note="mixed"),
    case(ternary, -1.3, -0.7, note="else"),
    case(chained_comparison, 0.3),
    case(chained_comparison, 1.3, note="above"),
    case(boolean_operators, 0.5, 0.7),
    case(boolean_operators, 3.5, -0.7, note="or"),
    case(boolean_operators, 0.5, -0.7, note="else"),
    case(short_circuit, 1.3, 2),
    case(short_circuit, 1.3, 0, note="guarded"),
    case(integer_comparison, 1.3, 3),
    case(integer_comparison, 1.3, 2, note="two"),
    case(integer_comparison, 1.3, 1, note="one"),
    case(string_argument, 1.3, "sin"),
    case(string_argument, 1.3, "cos", note="second"),
    case(string_argument, 1.3, "none", note="neither"),
    case(boolean_argument, 1.3, True),
    case(boolean_argument, 1.3, False, note="false"),
    case(none_argument, 1.3, None),
    case(none_argument, 1.3, 0.5, note="given"),
    case(default_none, 1.3),
    case(default_none, 1.3, 0.7, note="given"),
    case(early_return, 1.3),
    case(early_return, -1.3, note="taken"),
    case(early_returns, 1.3, 1.7),
    case(early_returns, -1.3, 1.7, note="first"),
    case(early_returns, 1.3, -1.7, note="second"),
    case(early_returns, 1.3, 0.7, note="third"),
    case(return_in_both_branches, 1.3),
    case(return_in_both_branches, 0.3, note="else"),
    case(tuple_from_branch, 1.3, 0.7),
    case(tuple_from_branch, 0.3, 0.7, note="else"),
    case(condition_used_later, 1.3, 0.7),
    case(condition_used_later, 0.3, 0.7, note="else"),
    case(condition_variable_is_overwritten, 3.0),
    case(condition_variable_is_overwritten, 1.3, note="once"),
    case(condition_variable_is_overwritten, 0.7, note="never"),
    case(branch_on_array_reduction, np.array([0.5, -0.2, 0.9])),
    case(branch_on_array_reduction, np.array([0.5, -2.2, 0.9]), note="else"),
    case(branch_between_arrays, spread(3), spread(3) + 1.0, True),
    case(branch_between_arrays, spread(3), spread(3) + 1.0, False, note="else"),
    case(branch_between_scalar_and_constant, 1.3, True),
    case(branch_between_scalar_and_constant, 1.3, False, note="constant"),
    case(absolute_value, 1.3),
    case(absolute_value, -1.3, note="negative"),
    case(minimum_of_two, 1.3, 0.7),
    case(minimum_of_two, 0.3, 2.7, note="other"),
    case(clipped, 0.3),
    case(clipped, 1.3, note="above"),
    case(clipped, -1.3, note="below"),
]
