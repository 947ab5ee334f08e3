"""Straight-line programs: operators, assignment, results."""

import math

import numpy as np

from tests.corpus import case, positive, spread


def identity(x):
    return x


def constant(x):
    return 2.0


def unused_argument(x, y):
    return x * x


def unused_statement(x, y):
    unused = np.exp(y) * x  # noqa: F841
    return x * y


def add_subtract(x, y):
    return x + y - (x - 2.0) - 3.0 * y


def multiply_divide(x, y):
    return x * y / (1.5 + y) / x * y


def power_integer(x):
    return x**3 - 2.0 * x**2 + x**1 + x**0


def power_negative(x):
    return x**-2 + 1.0 / x**3


def power_real(x, y):
    return x**2.5 + x**y + 2.0**y


def power_builtin(x, y):
    return pow(x, 3) + pow(x, y)


def unary_operators(x):
    return -x + +x * -(-x) - -x * x


def remainder(x, y):
    return x % y * x + y


def floor_division(x, y):
    return x // y * x + y


def augmented_assignment(x, y):
    z = x * y
    z += x
    z -= 2.0 * y
    z *= x
    z /= y + 2.0
    z **= 2
    return z


def augmented_assignment_of_fresh_array(x, y):
    z = x * y
    z += x
    z *= y
    z -= 0.5
    z /= 1.5
    return z


def augmented_assignment_keeps_the_other_name(x, y):
    z = x
    z += y
    return x * z


def reassigned_argument(x):
    x = x * x
    x = np.sin(x) + x
    return x


def reused_name(x, y):
    t = x * y
    a = t + 1.0
    t = x - y
    b = t * t
    t = a * b
    return t + a


def tuple_assignment(x, y):
    a, b = x * y, x + y
    (c, d), e = (a * b, b), a
    return c - d * e


def chained_assignment(x):
    a = b = x * x
    return a * b + a


def swap(x, y):
    a = x * x
    b = y + 1.0
    a, b = b, a
    return a / b


def rotate_three(x, y, z):
    x, y, z = y, z, x
    return x * x + y * 3.0 - z * y


def tuple_result(x, y):
    return x * y, x + y


def nested_tuple_result(x, y):
    return x * y, (x / y, np.sin(x))


def list_result(x, y):
    return [x * y, x - y]


def argument_twice_in_result(x):
    return x, x * x, x


def shared_subexpression(x):
    a = x * x
    b = a + x
    return a * b + b * b + a


def same_value_twice(x):
    return x * x + x + x


def docstring_and_pass(x):
    """A docstring is no statement of the program."""
    pass
    return x * 2.0


def assertion(x):
    assert x > 0.0, "x must be positive"
    assert x < 100.0
    return x * x


def comment_and_continuation(x, y):
    # A sum over
    # several lines.
    z = (
        x * y      # the product
        + x        # and the rest
        - y
    )
    return z * \
        x


def several_statements_on_a_line(x):
    a = x * x; b = a + x; return a * b  # noqa: E702


def annotated(x: float, y: float) -> float:
    z: float = x * y
    return z * z


def integer_constant(x):
    return 3 * x + x / 2 - 7


def mixed_integer_arithmetic(x, k):
    half = k // 2
    rest = k % 2
    return x * half + rest * x * x - k


def boolean_in_arithmetic(x):
    positive_part = x > 0.0
    return x * positive_part + 2.0 * x


def constant_folding(x):
    a = 2.0 * math.pi
    b = a / 3.0 + 1.0
    return b * x * a


def multiply_by_one_and_zero(x, y):
    return 1.0 * x + 0.0 * y + y * 1 + (x - 0.0)


def long_chain(x):
    a = np.sin(x)
    b = np.cos(a * x)
    c = np.exp(b - a)
    d = np.log(c + 2.0)
    e = np.tanh(d * a)
    g = np.sqrt(e * e + 1.0)
    return g * c - d / b


def long_expression(x, y, z):
    return (x * y + y * z + z * x) / (1.0 + x * x + y * y + z * z) - np.sin(x * np.cos(y * np.tanh(z + x))) * (x - y)


CASES = [
    case(identity, 1.5),
    case(identity, spread(3), note="array"),
    case(constant, 1.5),
    case(constant, spread(2, 2), note="array"),
    case(unused_argument, 1.5, 2.0),
    case(unused_argument, spread(3), spread(2), note="array"),
    case(unused_statement, 1.5, 2.0),
    case(add_subtract, 1.5, 2.0),
    case(multiply_divide, 1.5, 2.0),
    case(multiply_divide, positive(4), positive(4), note="array"),
    case(power_integer, 1.3),
    case(power_integer, spread(4), note="array"),
    case(power_negative, 1.3),
    case(power_negative, positive(3), note="array"),
    case(power_real, 1.3, 0.7),
    case(power_real, positive(3), spread(3), note="array"),
    case(power_builtin, 1.3, 0.7),
    case(unary_operators, 1.3),
    case(remainder, 5.3, 2.0),
    case(floor_division, 5.3, 2.0),
    case(augmented_assignment, 1.3, 0.7),
    case(augmented_assignment_of_fresh_array, spread(3), positive(3)),
    case(augmented_assignment_keeps_the_other_name, 1.3, 0.7),
    case(reassigned_argument, 0.8),
    case(reassigned_argument, spread(2, 2), note="array"),
    case(reused_name, 1.3, 0.7),
    case(tuple_assignment, 1.3, 0.7),
    case(chained_assignment, 1.3),
    case(swap, 1.3, 0.7),
    case(rotate_three, 1.3, 0.7, 2.0),
    case(tuple_result, 1.3, 0.7),
    case(tuple_result, spread(3), spread(3), note="array"),
    case(nested_tuple_result, 1.3, 0.7),
    case(list_result, 1.3, 0.7),
    case(argument_twice_in_result, 1.3),
    case(argument_twice_in_result, spread(3), note="array"),
    case(shared_subexpression, 1.3),
    case(same_value_twice, 1.3),
    case(docstring_and_pass, 1.3),
    case(assertion, 1.3),
    case(comment_and_continuation, 1.3, 0.7),
    case(several_statements_on_a_line, 1.3),
    case(annotated, 1.3, 0.7),
    case(integer_constant, 1.3),
    case(mixed_integer_arithmetic, 1.3, 7),
    case(boolean_in_arithmetic, 1.3),
    case(boolean_in_arithmetic, -0.4, note="false"),
    case(constant_folding, 1.3),
    case(multiply_by_one_and_zero, 1.3, 0.7),
    case(long_chain, 1.3),
    case(long_chain, spread(3), note="array"),
    case(long_expression, 1.3, 0.7, -0.4),
]
