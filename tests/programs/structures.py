"""Tuples and lists."""

import numpy as np

from tests.corpus import case, positive, spread


def tuple_element(x, y):
    pair = (x * y, x + y)
    return pair[0] * pair[1]


def tuple_slice(x, y):
    values = (x, y, x * y, 2.0)
    first, second = values[1:3]
    return first * second + values[-1] * x


def list_element(x, y):
    values = [x * y, np.sin(x), y]
    return values[0] * values[2] - values[1]


def nested_tuple(x, y):
    t = ((x, y), x * y)
    return t[0][1] * t[1] + t[0][0]


def tuple_of_arrays(x, y):
    pair = (x * y, x - y)
    return np.sum(pair[0]) * pair[1]


def tuple_argument(x, weights):
    return weights[0] * x + weights[1] * x * x + weights[2]


def tuple_variable(pair):
    x, y = pair
    return x * np.sin(y)


def list_variable(parameters, x):
    W = parameters[0]
    b = parameters[1]
    return np.sum(np.tanh(W @ x + b))


def nested_list_variable(layers, x):
    for W, b in layers:
        x = np.tanh(W @ x + b)
    return np.sum(x)


def tuple_variable_by_index_in_loop(x, n):
    state = (x, x * 0.5)
    for i in range(n):
        state = (state[1], np.sin(state[0]) + 0.1 * state[1])
    return state[0] * state[1]


def tuple_from_shape(A):
    shape = A.shape
    return A * shape[0] + shape[1]


def tuple_concatenation(x, y):
    t = (x, y) + (x * y,)
    return t[0] * t[2] + t[1]


def length_of_tuple(x, y):
    values = (x, y, x)
    return x * len(values) + y


def comparison_of_strings_in_tuple(x, kind):
    if kind in ("square", "power"):
        return x * x
    return x


CASES = [
    case(tuple_element, 0.7, 1.3),
    case(tuple_slice, 0.7, 1.3),
    case(list_element, 0.7, 1.3),
    case(nested_tuple, 0.7, 1.3),
    case(tuple_of_arrays, spread(3), positive(3)),
    case(tuple_argument, 0.7, (0.5, 0.25, 2.0), wrt=0),
    case(tuple_argument, 0.7, (0.5, 0.25, 2.0), note="all"),
    case(tuple_variable, (0.7, 1.3)),
    case(list_variable, [spread(2, 3), spread(2)], spread(3)),
    case(nested_list_variable, [(spread(2, 3), spread(2)), (spread(3, 2), spread(3))], spread(3)),
    case(tuple_variable_by_index_in_loop, 0.7, 3),
    case(tuple_from_shape, spread(2, 3)),
    case(tuple_concatenation, 0.7, 1.3),
    case(length_of_tuple, 0.7, 1.3),
    case(comparison_of_strings_in_tuple, 0.7, "power"),
    case(comparison_of_strings_in_tuple, 0.7, "other", note="other"),
]
