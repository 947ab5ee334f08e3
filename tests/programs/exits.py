"""`break`, `continue`, early `return`, `else` of loops."""

import numpy as np

from tests.corpus import case, spread


def break_on_value(x, n):
    s = x
    for i in range(n):
        s = s * 1.5
        if s > 4.0:
            break
    return s


def break_before_update(x, n):
    s = x
    for i in range(n):
        if s * x > 1.5:
            break
        s = s + 0.4 * x * s
    return s * s


def break_in_the_middle(x, n):
    s = x
    t = 0.0
    for i in range(n):
        s = s * 1.3
        if s > 2.0:
            t = s * x
            break
        t = t + s
        s = s + 0.1
    return s * t


def continue_on_value(x):
    s = 0.0
    for v in x:
        if v < 0.0:
            continue
        s = s + v * v
    return s


def continue_on_index(x, n):
    s = x
    for i in range(n):
        if i % 3 == 1:
            continue
        s = s * x + i
    return s


def continue_after_update(x, n):
    s = x
    t = x
    for i in range(n):
        s = s * 0.8 + 0.1
        if s < 0.6:
            continue
        t = t + s * s
    return s * t


def break_and_continue(x, n):
    s = x
    for i in range(n):
        if i == 1:
            continue
        s = s * 1.2 + 0.1 * i
        if s > 3.0:
            break
        s = s + x * x
    return s


def break_in_nested_loop(x, n):
    s = 0.0
    for i in range(n):
        t = x
        for j in range(n):
            t = t * 1.4 + 0.1 * i
            if t > 2.0:
                break
        s = s + t * t
    return s


def break_in_both_loops(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            s = s * 1.1 + 0.05 * x
            if j > i:
                break
        if s > 2.5:
            break
        s = s + 0.1
    return s


def continue_in_nested_loop(A):
    s = 0.0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            if i == j:
                continue
            s = s * 0.9 + A[i, j] * A[j, i]
    return s


def return_from_loop(x, n):
    s = x
    for i in range(n):
        s = s * 1.5
        if s > 4.0:
            return s * x
    return s


def return_from_nested_loops(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            s = s * 1.2 + 0.01 * j
            if s > 2.0:
                return s * s + x
        s = s + 0.1 * i
    return s


def return_from_three_loops(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            for k in range(n):
                s = s + 0.1 * x * (i + j + k)
                if s > 1.5:
                    return s * x
    return -s


def returns_from_several_places(x, n):
    for i in range(n):
        if x > 3.0:
            return x * i
        x = x * 1.4
        if i == 4:
            return x * x
    return x


def return_from_loop_in_branch(x, n):
    if x < 2.0:
        for i in range(n):
            x = x * 1.3
            if x > 1.5:
                return x * x
    return x * 3.0


def return_from_while_after_loop(x, n):
    y = x
    for i in range(n):
        if i == 1:
            continue
        y = y + np.sin(y)
    k = 0
    while k < n:
        k += 1
        x, y = y * 0.5, x + y
        if y > 3.0:
            return x * y
    return x + y


def return_from_loop_with_else(x, n):
    for i in range(n):
        x = x + np.sin(x)
        if x > 2.0:
            return x * x
    else:
        x = x * 0.5
    return x


def return_of_tuple_from_loop(x, n):
    y = x
    for i in range(n):
        y = y * x + 0.5
        if y > 2.0:
            return y, x * y
    return x, y


def for_else(x, n):
    s = x
    for i in range(n):
        s = s * 1.5
        if s > 4.0:
            break
    else:
        s = s * s
    return s


def for_else_nested(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            s = s * 1.1
            if s > 1.5:
                break
        else:
            s = s + 0.05 * x
            continue
        s = s * 0.7
        break
    return s


def for_else_return(x):
    for v in x:
        if v < 0.0:
            break
    else:
        return np.sum(x)
    return v * v


def search_in_array(x, target):
    for i in range(len(x)):
        if x[i] > target:
            return x[i] * x[i - 1]
    return 0.0 * target


def break_at_first_trip(x):
    for i in range(5):
        x = x * x
        break
    return x


def code_after_return(x):
    return x * x
    x = x + 1.0
    return x


def code_after_break(x):
    for i in range(3):
        x = x * 2.0
        break
        x = x * x
    return x


CASES = [
    case(break_on_value, 0.7, 10),
    case(break_on_value, 0.7, 2, note="not_taken"),
    case(break_before_update, 0.7, 10),
    case(break_before_update, 0.7, 2, note="not_taken"),
    case(break_in_the_middle, 0.7, 10),
    case(break_in_the_middle, 0.7, 2, note="not_taken"),
    case(continue_on_value, spread(5)),
    case(continue_on_index, 0.7, 6),
    case(continue_after_update, 0.7, 6),
    case(break_and_continue, 0.7, 10),
    case(break_in_nested_loop, 0.7, 4),
    case(break_in_both_loops, 0.7, 5),
    case(continue_in_nested_loop, spread(3, 3)),
    case(return_from_loop, 0.7, 10),
    case(return_from_loop, 0.7, 2, note="not_taken"),
    case(return_from_nested_loops, 0.7, 4),
    case(return_from_nested_loops, 0.7, 2, note="not_taken"),
    case(return_from_three_loops, 0.7, 3),
    case(return_from_three_loops, 0.2, 2, note="not_taken"),
    case(returns_from_several_places, 0.7, 10),
    case(returns_from_several_places, 0.1, 10, note="second"),
    case(returns_from_several_places, 0.1, 3, note="last"),
    case(return_from_loop_in_branch, 0.7, 5),
    case(return_from_loop_in_branch, 0.7, 2, note="not_taken"),
    case(return_from_loop_in_branch, 2.7, 2, note="no_loop"),
    case(return_from_while_after_loop, 0.7, 4),
    case(return_from_while_after_loop, 0.2, 1, note="not_taken"),
    case(return_from_loop_with_else, 0.7, 4),
    case(return_from_loop_with_else, 0.1, 2, note="exhausted"),
    case(return_of_tuple_from_loop, 1.2, 8),
    case(return_of_tuple_from_loop, 0.2, 3, note="not_taken"),
    case(for_else, 0.7, 10),
    case(for_else, 0.7, 2, note="exhausted"),
    case(for_else, 0.7, 0, note="no_trip"),
    case(for_else_nested, 0.9, 3),
    case(for_else_nested, 0.3, 3, note="exhausted"),
    case(for_else_return, np.array([0.4, -0.7, 0.2])),
    case(for_else_return, np.array([0.4, 0.7, 0.2]), note="exhausted"),
    case(search_in_array, np.array([0.4, 0.9, 0.2]), 0.6),
    case(search_in_array, np.array([0.4, 0.9, 0.2]), 1.6, note="not_found"),
    case(break_at_first_trip, 0.7),
    case(code_after_return, 0.7),
    case(code_after_break, 0.7),
]
