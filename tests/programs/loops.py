"""Loops over ranges, arrays, `zip` and `enumerate`."""

import math

import numpy as np

from tests.corpus import case, positive, spread


def sum_of_powers(x, n):
    s = 0.0
    for i in range(n):
        s = s + x**i
    return s


def product_in_loop(x, n):
    p = 1.0
    for _ in range(n):
        p = p * x
    return p


def augmented_in_loop(x, n):
    s = x
    for i in range(n):
        s += np.sin(s) * x
        s *= 0.5
    return s


def range_with_start(x):
    s = 0.0
    for i in range(2, 6):
        s = s + x / i
    return s


def range_with_step(x, n):
    s = 0.0
    for i in range(1, n, 3):
        s = s * x + i
    return s


def range_with_negative_step(x, n):
    s = x
    for i in range(n, 0, -2):
        s = s * x + 1.0 / i
    return s


def range_of_argument_bounds(x, first, last, step):
    s = x
    for i in range(first, last, step):
        s = np.sin(s) + i * x
    return s


def loop_index_in_arithmetic(x, n):
    s = 0.0
    for i in range(n):
        s = s + i * x * s + 0.1 * (i + 1) * x
    return s


def loop_index_after_loop(x, n):
    s = x
    i = 0
    for i in range(n):
        s = s * x
    return s * i


def body_variable_after_loop(x, n):
    t = x
    for i in range(n):
        t = np.sin(x * (i + 1))
        u = t * t
    return t * x + u


def nested_loops(x, n, m):
    s = 0.0
    for i in range(n):
        for j in range(m):
            s = s + np.sin(x * (i + 1) * (j + 2)) * s + x
    return s


def nested_loops_three_deep(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            t = s
            for k in range(2):
                t = t * 0.5 + np.cos(s * x)
            s = s * 0.9 + t * 0.1
    return s


def triangular_range(x, n):
    s = 0.0
    for i in range(n):
        for j in range(i):
            s = s * 0.5 + x**2 * j
        for j in range(i, n):
            s = s + x * j
    return s


def inner_loop_resets(x, n):
    total = 0.0
    for i in range(n):
        p = 1.0
        for j in range(i + 1):
            p = p * x
        total = total + p
    return total


def loops_in_sequence(x, n):
    a = x
    for i in range(n):
        a = a * x
    b = a
    for i in range(n):
        b = b + np.sin(a * i)
    return a * b


def swap_in_loop(x, y, n):
    a, b = x, y
    for i in range(n):
        a, b = b, a + b
    return a * b


def rotate_in_loop(x, y, z, n):
    for i in range(n):
        x, y, z = y * 0.9, np.sin(z), x + 0.1 * y
    return x + 2.0 * y * z


def overwritten_value_needed(x, n):
    s = x
    for i in range(n):
        t = s * s
        s = np.sin(t) * s
        t = t + s
        s = t * 0.7
    return s


def branch_in_loop(x, n):
    s = x
    for i in range(n):
        if s > 1.0:
            s = s * 0.5
        elif i % 2 == 0:
            s = s + x
        else:
            s = s * s + 0.1
    return s


def branch_on_index(x, n):
    s = 0.0
    for i in range(n):
        if i == 2:
            s = s * x
        else:
            s = s + x
    return s


def loop_in_branch(x, n):
    s = x
    if x > 0.0:
        for i in range(n):
            s = s * x + 0.1
    else:
        for i in range(2 * n):
            s = s - x
    return s


def linear_accumulation(x, w, n):
    s = 0.0
    for i in range(n):
        s = s + w * np.sin(x + i)
    return s


def loop_over_array(x):
    s = 0.0
    for v in x:
        s = s + v * v
    return s


def element_is_augmented(x):
    s = 0.0
    for v in x:
        v *= v
        v += 1.0
        w = x[0]
        w -= np.sin(v)
        s = s + w * v
    return s


def loop_over_array_recurrence(x, a):
    s = a
    for v in x:
        s = np.tanh(s * v + a)
    return s


def loop_over_rows(A, x):
    s = 0.0
    for row in A:
        s = s + np.sin(row @ x)
    return s


def loop_over_empty_array(x, a):
    s = a * a
    for v in x:
        s = s * v
    return s


def loop_over_slice(x):
    s = x[0]
    for v in x[1:]:
        s = s * 0.5 + v * v
    return s


def loop_over_reversed_array(x, a):
    s = 0.0
    for v in x[::-1]:
        s = s * a + v
    return s


def loop_over_zip(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s = s + a * b * s + a
    return s


def loop_over_zip_of_unequal(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s = s + a * b
    return s


def loop_over_enumerate(x):
    s = 0.0
    for i, v in enumerate(x):
        s = s + (i + 1) * v * v
    return s


def loop_over_enumerate_from(x):
    s = 0.0
    for i, v in enumerate(x, 3):
        s = s * 0.5 + i * v
    return s


def loop_over_enumerate_zip(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y)):
        s = s + a * b**i
    return s


def loop_over_tuple(x, y):
    s = 0.0
    for v in (x, y, x * y):
        s = s + np.sin(v)
    return s


def loop_over_constants(x):
    s = 0.0
    for c in (0.5, 1.5, 2.0):
        s = s * x + c
    return s


def loop_over_list(x):
    s = 1.0
    for v in [x, x * x, 2.0]:
        s = s * v
    return s


def loop_over_reversed_range(x, n):
    s = 0.0
    for i in reversed(range(n)):
        s = s * x + i
    return s


def loop_over_length(x):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * x[-1 - i]
    return s


def loop_over_shape(A):
    s = 0.0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            s = s + A[i, j] * (i + 2 * j) * s + A[i, j]
    return s


def neighbours_in_loop(x):
    s = 0.0
    for i in range(1, len(x) - 1):
        s = s + (x[i + 1] - 2.0 * x[i] + x[i - 1]) ** 2
    return s


def array_carried_by_loop(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) + x * i
    return y


def two_arrays_carried_by_loop(x, v, n):
    for i in range(n):
        v = v - 0.1 * np.sin(x)
        x = x + 0.1 * v
    return x, v


def loop_invariant(x, y, n):
    s = x
    for i in range(n):
        c = np.exp(y)
        s = s * c * 0.5 + y
    return s


def carried_from_the_trip_before(x, n):
    last = x
    s = x
    for i in range(n):
        new = np.sin(s) + last * x
        last = s
        s = new
    return s + last


def loop_with_inactive_variables(x, n):
    s = x
    k = 1
    scale = 1.0
    for i in range(n):
        k = k * 2
        scale = scale * 0.5
        s = s + x * scale / k
    return s * k


def constant_becomes_active(x, n):
    a = 1.0
    b = 2.0
    for i in range(n):
        b = b * a
        a = x + 0.1 * i
    return b


def while_like_for(x):
    s = x
    for i in range(100):
        if s < 0.01:
            pass
        else:
            s = s * 0.5
    return s


def sum_of_a_generator(x, n):
    return sum(np.sin(x * j) / (j + 1.0) for j in range(n)) + sum((v * v for v in np.array([x, 2.0])), 0.5)


def sum_of_a_nested_generator(x):
    n = x.shape[0]
    return sum(x[i] * x[j] for i in range(n) for j in range(i) if j % 2 == 0)


def log_of_the_multivariate_gamma_function(a, p):
    return 0.25 * p * (p - 1) * math.log(math.pi) + sum(math.lgamma(a - 0.5 * j) for j in range(p))


CASES = [
    case(sum_of_a_generator, 0.7, 4),
    case(sum_of_a_nested_generator, spread(4)),
    case(log_of_the_multivariate_gamma_function, 4.3, 3),
    case(sum_of_powers, 0.7, 5),
    case(product_in_loop, 0.7, 4),
    case(product_in_loop, 0.7, 0, note="no_trip"),
    case(product_in_loop, 0.7, 1, note="one_trip"),
    case(product_in_loop, spread(3), 4, note="array"),
    case(augmented_in_loop, 0.7, 4),
    case(range_with_start, 0.7),
    case(range_with_step, 0.7, 9),
    case(range_with_negative_step, 0.7, 7),
    case(range_with_negative_step, 0.7, -7, note="no_trip"),
    case(range_of_argument_bounds, 0.7, 1, 8, 2),
    case(range_of_argument_bounds, 0.7, 5, -2, -3, note="down"),
    case(range_of_argument_bounds, 0.7, 5, 5, 1, note="no_trip"),
    case(loop_index_in_arithmetic, 0.7, 5),
    case(loop_index_after_loop, 0.7, 5),
    case(loop_index_after_loop, 0.7, 0, note="no_trip"),
    case(body_variable_after_loop, 0.7, 3),
    case(nested_loops, 0.7, 3, 2),
    case(nested_loops, 0.7, 3, 0, note="no_inner_trip"),
    case(nested_loops, 0.7, 0, 2, note="no_outer_trip"),
    case(nested_loops_three_deep, 0.7, 3),
    case(triangular_range, 0.7, 4),
    case(inner_loop_resets, 0.7, 4),
    case(loops_in_sequence, 0.7, 3),
    case(swap_in_loop, 0.7, 1.1, 5),
    case(rotate_in_loop, 0.7, 1.1, -0.3, 4),
    case(overwritten_value_needed, 0.7, 4),
    case(branch_in_loop, 0.7, 6),
    case(branch_on_index, 0.7, 5),
    case(loop_in_branch, 0.7, 3),
    case(loop_in_branch, -0.7, 3, note="else"),
    case(linear_accumulation, 0.7, 1.1, 4),
    case(loop_over_array, spread(4)),
    case(element_is_augmented, spread(4)),
    case(loop_over_array_recurrence, spread(4), 0.8),
    case(loop_over_rows, spread(3, 2), spread(2)),
    case(loop_over_empty_array, np.zeros(0), 0.8),
    case(loop_over_slice, spread(4)),
    case(loop_over_reversed_array, spread(4), 0.8),
    case(loop_over_zip, spread(4), positive(4)),
    case(loop_over_zip_of_unequal, spread(4), positive(3)),
    case(loop_over_enumerate, spread(4)),
    case(loop_over_enumerate_from, spread(4)),
    case(loop_over_enumerate_zip, spread(4), positive(4)),
    case(loop_over_tuple, 0.7, 1.1),
    case(loop_over_constants, 0.7),
    case(loop_over_list, 0.7),
    case(loop_over_reversed_range, 0.7, 4),
    case(loop_over_length, spread(4)),
    case(loop_over_shape, spread(3, 2)),
    case(neighbours_in_loop, spread(5)),
    case(array_carried_by_loop, spread(3), 3),
    case(array_carried_by_loop, spread(3), 0, note="no_trip"),
    case(two_arrays_carried_by_loop, spread(3), positive(3), 3),
    case(loop_invariant, 0.7, 0.3, 3),
    case(carried_from_the_trip_before, 0.7, 4),
    case(loop_with_inactive_variables, 0.7, 4),
    case(constant_becomes_active, 0.7, 4),
    case(while_like_for, 0.7),
]
