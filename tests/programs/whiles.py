"""`while` loops."""

import numpy as np

from tests.corpus import case, spread


def while_counter(x, n):
    i = 0
    s = x
    while i < n:
        s = s * x + i
        i += 1
    return s


def while_on_value(x):
    s = x
    while s < 10.0:
        s = s * 1.7 + x
    return s


def while_with_count_result(x):
    s = x
    k = 0
    while s > 0.1:
        s = s * 0.6
        k = k + 1
    return s * k


def while_true_break(x):
    s = x
    while True:
        s = s * 0.5 + 0.1 * x
        if s < 0.5:
            break
        s = s * 0.9
    return s


def while_never_entered(x):
    while x < 0.0:
        x = x * x
    return x * 3.0


def while_nested(x):
    s = x
    while s < 5.0:
        t = s
        while t < 3.0:
            t = t + x
        s = s + 0.5 * t
    return s


def while_in_for(x, n):
    s = 0.0
    for i in range(n):
        t = x
        while t < i:
            t = t * 1.5
        s = s + t
    return s


def for_in_while(x):
    s = x
    while s < 8.0:
        for i in range(3):
            s = s + x * (i + 1) * 0.3
    return s


def while_with_continue(x, n):
    i = 0
    s = x
    while i < n:
        i += 1
        if i % 2 == 0:
            continue
        s = s * x + i
    return s


def while_else(x, limit):
    k = 0
    while x < 50.0:
        x = x * 1.9
        k += 1
        if k == limit:
            break
    else:
        x = x * x
    return x


def while_with_return(x):
    s = x
    while s < 100.0:
        s = s * s + 0.5
        if s > 20.0:
            return s * x
    return s


def while_with_two_conditions(x, n):
    k = 0
    while k < n and x < 3.0:
        x = x + 0.3 * x * x
        k += 1
    return x


def while_with_compound_body(x, y):
    while x * x + y * y < 4.0:
        x, y = x + 0.1 * y + 0.2, y - 0.1 * x
    return x * y


def bisection(a):
    low = 0.0
    high = a
    while high - low > 0.25:
        middle = 0.5 * (low + high)
        if middle * middle * middle < a:
            low = middle
        else:
            high = middle
    return low + high


def fixed_point(a):
    x = a
    change = 1.0
    while change > 1e-13:
        new = np.cos(a * x)
        change = abs(new - x)
        x = new
    return x


def arithmetic_geometric_mean(a, b):
    while abs(a - b) > 1e-12:
        a, b = 0.5 * (a + b), np.sqrt(a * b)
    return a


def while_on_array(x):
    while np.sum(x * x) > 0.5:
        x = 0.7 * x + 0.01 * np.sin(x)
    return x


CASES = [
    case(while_counter, 0.7, 4),
    case(while_counter, 0.7, 0, note="no_trip"),
    case(while_on_value, 0.7),
    case(while_with_count_result, 0.7),
    case(while_true_break, 2.7),
    case(while_never_entered, 0.7),
    case(while_never_entered, -0.7, note="entered"),
    case(while_nested, 0.7),
    case(while_in_for, 0.7, 4),
    case(for_in_while, 0.7),
    case(while_with_continue, 0.7, 5),
    case(while_else, 0.7, 100),
    case(while_else, 0.7, 3, note="broken"),
    case(while_with_return, 0.7),
    case(while_with_return, 12.0, note="at_once"),
    case(while_with_two_conditions, 0.7, 3),
    case(while_with_two_conditions, 0.7, 30, note="other"),
    case(while_with_compound_body, 0.7, 0.4),
    case(bisection, 2.7),
    case(fixed_point, 0.7),
    case(arithmetic_geometric_mean, 0.7, 1.9),
    case(while_on_array, spread(3)),
]
