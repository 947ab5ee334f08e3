"""Calls of other Python functions."""

import math

import numpy as np

from tests.corpus import case, positive, spread

RATE = 0.3
STEPS = 3
WEIGHTS = (0.25, 0.5, 0.25)


def square(x):
    return x * x


def affine(x, scale=2.0, shift=0.5):
    return scale * x + shift


def sum_and_product(x, y):
    return x + y, x * y


def smooth_step(x):
    if x < 0.0:
        return 0.0
    if x > 1.0:
        return 1.0
    return x * x * (3.0 - 2.0 * x)


def power(x, n):
    p = 1.0
    for _ in range(n):
        p = p * x
    return p


def halve_until(x, limit):
    while x > limit:
        x = 0.5 * x + 0.01 * x * x
    return x


def shifted(x):
    if x < 0.5:
        x -= np.tanh(x)
    else:
        x += 1.0
    return x * x


def call(x):
    return square(x) + square(x + 1.0)


def call_in_call(x):
    return square(square(np.sin(x)))


def call_with_defaults(x):
    return affine(x) * affine(x, 3.0) + affine(x, shift=x)


def call_with_keywords(x, y):
    return affine(shift=x * y, x=y, scale=x)


def call_with_two_results(x, y):
    s, p = sum_and_product(x, y)
    t, q = sum_and_product(s, p)
    return t * q


def call_with_one_result_ignored(x, y):
    s, _ = sum_and_product(x, y)
    return s * s


def call_with_branches(x):
    return smooth_step(x) + smooth_step(x - 1.0) * x + smooth_step(x + 1.0)


def call_with_loop(x, n):
    return power(x, n) + power(x + 0.1, 2) * power(x, 0)


def call_in_loop(x, n):
    s = x
    for i in range(n):
        s = affine(s, RATE) + square(np.sin(s))
    return s


def call_with_loop_in_loop(x, n):
    s = 0.0
    for i in range(n):
        s = s + power(x, i) * power(s + x, 2)
    return s


def call_with_while_in_loop(x, n):
    s = x
    for i in range(n):
        s = halve_until(s + 2.0, 1.0) * x
    return s


def call_in_branch(x):
    if x > 0.0:
        y = power(x, 3)
    else:
        y = square(x)
    return y


def call_in_condition(x, n):
    s = x
    while square(s) < 30.0:
        s = s + power(x, n)
    return s


def call_of_arrays(x, y):
    s, p = sum_and_product(x, y)
    return np.sum(square(s) * affine(p))


def call_with_other_shapes(x, A):
    return np.sum(square(x)) + np.sum(square(A)) + square(x[0])


def call_that_augments_its_argument(x, n):
    s = x[0]
    for v in x:
        s = s + shifted(v)
        for i in range(n):
            s = shifted(s) * 0.5
    return s


def call_with_constant_argument(x):
    return x * square(3.0) + affine(2.0, x)


def recursive_power(x, n):
    if n == 0:
        return 1.0
    return x * recursive_power(x, n - 1)


def recursive_power_by_squaring(x, n):
    if n == 0:
        return 1.0
    half = recursive_power_by_squaring(x, n // 2)
    if n % 2 == 0:
        return half * half
    return half * half * x


def fibonacci(x, n):
    if n < 2:
        return x + n
    return fibonacci(x, n - 1) * x + fibonacci(x, n - 2)


def continued_fraction(x, depth):
    if depth == 0:
        return x
    return x + 1.0 / continued_fraction(x * 1.1, depth - 1)


def recursion_on_value(x):
    if x > 10.0:
        return x
    return recursion_on_value(x * 1.7 + 0.1) * 1.01


def recursion_in_loop(x, depth):
    s = x
    for i in range(depth):
        s = s + 0.1 * recursion_in_loop(x * s, depth - 1)
    return s


def even_steps(x, n):
    if n == 0:
        return x
    return odd_steps(x * x + 0.1, n - 1)


def odd_steps(x, n):
    if n == 0:
        return -x
    return even_steps(np.sin(x) * 2.0, n - 1)


def mutual_recursion(x, n):
    return even_steps(x, n) * x


def global_constants(x):
    s = x
    for i in range(STEPS):
        s = s + RATE * np.sin(s)
    return s


def global_tuple(x):
    return WEIGHTS[0] * x[0] + WEIGHTS[1] * x[1] + WEIGHTS[2] * x[2]


def make_closure(scale, offset):
    def closure(x):
        return scale * x * x + offset

    return closure


closure_cells = make_closure(1.7, 0.3)


def nested_function(x, y):
    def inner(t):
        return t * y + x

    return inner(x) * inner(2.0)


def local_lambda(x, y):
    g = lambda t: t * t + y
    return g(x) * g(y)


module_lambda = lambda x, y: x * np.sin(y)
lambda_with_default = lambda x, k=3.0: x**2 * k


def function_argument(x, g):
    return g(x) * x


def keyword_only(x, *, scale=2.5):
    return x * x * scale


def positional_only(x, y, /):
    return x * y * y


def default_argument(x, n=3, scale=0.5):
    s = x
    for i in range(n):
        s = s * scale + x
    return s


def default_of_helper_is_global(x, rate=RATE):
    return x * rate * x


def alias_of_function(x):
    g = square
    h = np.sin
    return g(x) * h(x)


def one_of_two_functions(x, flag):
    g = square if flag else affine
    return g(x) * x


def builtin_functions(x, n):
    return float(n) * x + int(2.7) * x * x + round(2.5) * x + bool(n) * x + len((x, x)) * x


def module_alias_names(x):
    return math.sin(x) * math.pi + np.e * math.cos(x)


def helper_with_early_return_in_loop(x, limit):
    for k in range(6):
        x = x * 1.5
        if x > limit:
            return x
    return 0.5 * x


def call_helper_with_early_return(x):
    return helper_with_early_return_in_loop(x, 2.0) * helper_with_early_return_in_loop(x * x, 90.0)


def two_levels_of_calls(x, n):
    return call_with_loop(np.sin(x), n) * call_in_loop(x, 2)


def sine_chain(x, y, n):
    return x if n == 0 else np.sin(product_chain(x * x, y, n - 1)) + x * y


def product_chain(x, y, n):
    return x * 2 + y if n == 0 else sine_chain(x + 0.1, y * x, n - 1) * x


def crossed_recursion(x, y, n):
    if n == 0:
        return x
    return crossed_recursion(y, x * y, n - 1) * 0.5 + np.cos(x)


def calls_a_function_named_like_its_derivative(x):
    return calls_a_function_named_like_its_derivative_vjp(x, 3) * x


def calls_a_function_named_like_its_derivative_vjp(x, n):
    if n == 0:
        return 1.0
    return x * calls_a_function_named_like_its_derivative_vjp(x, n - 1)


def _left_inside(x, y):
    for k in range(3):
        if k > 5:
            return x
        x = np.sin(x) * y
    return x


def call_of_what_a_recursion_returns(x, y, n):
    if n == 0:
        return _left_inside(x, y)
    return _left_inside(call_of_what_a_recursion_returns(_left_inside(x, y), y, n - 1), y) * x


CASES = [
    case(call_of_what_a_recursion_returns, spread(3), 1.3, 2),
    case(call, 0.7),
    case(call, spread(3), note="array"),
    case(call_in_call, 0.7),
    case(call_with_defaults, 0.7),
    case(call_with_keywords, 0.7, 1.1),
    case(call_with_two_results, 0.7, 1.1),
    case(call_with_one_result_ignored, 0.7, 1.1),
    case(call_with_branches, 0.7),
    case(call_with_loop, 0.7, 3),
    case(call_in_loop, 0.7, 3),
    case(call_with_loop_in_loop, 0.7, 3),
    case(call_with_while_in_loop, 0.7, 3),
    case(call_in_branch, 0.7),
    case(call_in_branch, -0.7, note="else"),
    case(call_in_condition, 1.7, 2),
    case(call_of_arrays, spread(3), positive(3)),
    case(call_with_other_shapes, spread(3), spread(2, 2)),
    case(call_that_augments_its_argument, spread(3), 2),
    case(call_with_constant_argument, 0.7),
    case(recursive_power, 0.7, 4),
    case(recursive_power, 0.7, 0, note="no_step"),
    case(recursive_power_by_squaring, 0.7, 6),
    case(fibonacci, 0.7, 5),
    case(continued_fraction, 0.7, 4),
    case(recursion_on_value, 0.7),
    case(recursion_in_loop, 0.7, 3),
    case(mutual_recursion, 0.7, 3),
    case(mutual_recursion, 0.7, 4, note="even"),
    case(global_constants, 0.7),
    case(global_tuple, spread(3)),
    case(closure_cells, 0.7, note="closure_cells"),
    case(nested_function, 0.7, 1.1),
    case(local_lambda, 0.7, 1.1),
    case(module_lambda, 0.7, 1.1, note="module"),
    case(lambda_with_default, 0.7, note="with_default"),
    case(function_argument, 0.7, square),
    case(function_argument, 0.7, np.sin, note="numpy"),
    case(keyword_only, 0.7),
    case(positional_only, 0.7, 1.1),
    case(default_argument, 0.7),
    case(default_argument, 0.7, 2, 0.9, note="given"),
    case(default_of_helper_is_global, 0.7),
    case(alias_of_function, 0.7),
    case(one_of_two_functions, 0.7, True),
    case(one_of_two_functions, 0.7, False, note="second"),
    case(builtin_functions, 0.7, 3),
    case(module_alias_names, 0.7),
    case(call_helper_with_early_return, 0.9),
    case(two_levels_of_calls, 0.7, 2),
    case(sine_chain, 0.6, 0.8, 0, wrt=(0, 1)),
    case(sine_chain, 0.6, 0.8, 1, wrt=(0, 1), note="once"),
    case(sine_chain, 0.6, 0.8, 4, wrt=(1,), note="by_y"),
    case(product_chain, 0.6, 0.8, 5, wrt=(0,), note="by_x"),
    case(crossed_recursion, 0.6, 0.8, 3, wrt=(0,)),
    case(crossed_recursion, 0.6, 0.8, 4, wrt=(1,), note="by_y"),
    case(calls_a_function_named_like_its_derivative, 0.7),
]
