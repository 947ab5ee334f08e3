"""Variables that are None until they have a value, and what may be None at run time."""

import math

from tests.corpus import case, positive


def smallest(xs):
    best = None
    for x in xs:
        if best is None or x < best:
            best = x
    return best * best


def none_until_found(x, n):
    found = None
    for k in range(n):
        y = x * (k + 1.0)
        if found is None and y > 1.5:
            found = y * y
    if found is None:
        return x
    return found * x


def previous_value(xs):
    previous = None
    total = 0.0
    for x in xs:
        if previous is not None:
            total += (x - previous) ** 2 * x
        previous = x * x
    return total


def none_in_a_branch(x):
    limit = None
    if x > 0.5:
        limit = x * x
    y = math.sin(x)
    if limit is not None:
        y *= limit
    return y


def none_in_a_branch_and_not_taken(x):
    return none_in_a_branch(x - 0.6)


def secant(x):
    a, fa = None, None
    b = x
    for _ in range(6):
        fb = b**3 - x
        if a is None:
            new = b * 0.9
        else:
            new = b - fb * (b - a) / (fb - fa)
        a, fa, b = b, fb, new
    return b


def may_return_none(x, n):
    for k in range(n):
        if x * k > 1.0:
            return x * k
    return None


def takes_what_may_be_none(x, n):
    found = may_return_none(x, n)
    if found is None:
        found = 2.0 * x
    return found**2


def recursive_none(x, n):
    if n == 0:
        return None
    below = recursive_none(x, n - 1)
    return x if below is None else below * math.sin(x)


def sum_of_recursive_none(x, n):
    last = recursive_none(x, n)
    return 0.0 * x if last is None else last


def conditional_expression(x, n):
    step = None if n * x > 3.0 else x * 0.5
    return x if step is None else x * step


def equal_to_none(x):
    y = None
    if x > 0.5:
        y = x * 3.0
    return x if y == None else y * x  # noqa: E711


def counter_that_may_be_none(x, n):
    start = None
    for k in range(n):
        if start is None and k * x > 1.0:
            start = k
    if start is None:
        start = n
    return x**start


def passed_on(x):
    y = None
    if x > 0.5:
        y = x * x
    return with_optional(x, y) + with_optional(x, None)


def with_optional(x, factor=None):
    if factor is None:
        factor = 2.0
    return x * factor


def truth_of_what_may_be_none(x):
    y = None
    if x > 0.5:
        y = x * x
    return x * (y or 2.0) if not y else y * x


def kind_of_what_may_be_none(x):
    y = None
    if x > 0.5:
        y = x * x
    if isinstance(y, (int, float)):
        return y * x
    return x


def nothing_on_some_path(x):
    if x < -1.0:
        return None
    if x < -2.0:
        return
    return x * x


def array_of_what_may_be_none(xs):
    low, high = None, None
    for x in xs:
        low = x if low is None else min(low, x)
        high = x if high is None else max(high, x)
    return (high - low) * high


def left_early_where_none(x, n):
    found = may_return_none(x, n)
    if found is None:
        return x * 0.5
    y = found * x
    if n > 100:
        return y
    return found


def tested_with_another_condition(xs):
    best = None
    for x in xs:
        if best is not None and (x > 1.0 or best is not None and best > 0.1):
            best = best * 0.5 + x
        elif best is None or x > 5.0:
            best = x
    if best is None or best > 1e9:
        raise ValueError("nothing there")
    return best


def none_in_a_called_function(x):
    def helper(y):
        limit = None
        if y > 0.6:
            limit = y * y
        if not limit:
            return y
        return limit

    return helper(x) * helper(x * 0.5)


CASES = [
    case(left_early_where_none, 0.7, 4),
    case(left_early_where_none, 0.1, 4, note="none"),
    case(tested_with_another_condition, positive(4)),
    case(none_in_a_called_function, 0.7),
    case(truth_of_what_may_be_none, 0.7),
    case(truth_of_what_may_be_none, 0.3, note="none"),
    case(kind_of_what_may_be_none, 0.7),
    case(kind_of_what_may_be_none, 0.3, note="none"),
    case(nothing_on_some_path, 0.7),
    case(array_of_what_may_be_none, positive(4)),
    case(array_of_what_may_be_none, positive(4, dtype="f4"), note="single"),
    case(smallest, positive(5)),
    case(none_until_found, 0.7, 4),
    case(none_until_found, 0.1, 4, note="never"),
    case(previous_value, positive(4)),
    case(none_in_a_branch, 0.7),
    case(none_in_a_branch_and_not_taken, 0.7),
    case(secant, 0.7),
    case(takes_what_may_be_none, 0.7, 4),
    case(takes_what_may_be_none, 0.1, 4, note="none"),
    case(sum_of_recursive_none, 0.7, 3),
    case(conditional_expression, 0.7, 3),
    case(conditional_expression, 0.7, 9, note="none"),
    case(equal_to_none, 0.7),
    case(counter_that_may_be_none, 0.7, 5),
    case(counter_that_may_be_none, 0.7, 1, note="none"),
    case(passed_on, 0.7),
    case(passed_on, 0.3, note="none"),
]
