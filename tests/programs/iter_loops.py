"""Loops that are written out because their index must be known, and loops over several things at once."""

import math

import numpy as np

from tests.corpus import case, positive, spread


def parameters_by_name(params, x):
    for i in range(3):
        x = np.tanh(params[f"W{i}"] @ x + params["b" + str(i)])
    return np.sum(x)


def parameters_by_formatted_name(params, n):
    total = 1.0
    for i in range(n):
        total = total * params["w%d" % i] + params["w{}".format(i)]
    return total


def layers_by_index(layers, x):
    for i in range(len(layers)):
        W, b = layers[i]
        x = np.tanh(W @ x + b)
    return np.sum(x)


def dict_filled_by_index(x, n):
    table = {}
    for i in range(n):
        for j in range(i + 1):
            table[i, j] = x**i * (j + 1.0) + table.get((i - 1, j), 0.0)
    return sum(v * (i - j + 1) for (i, j), v in table.items())


def dict_of_rows(x, n):
    rows = {0: [x]}
    for i in range(1, n):
        rows[i] = [x * i]
        rows[i].append(rows[i - 1][0] * 0.5)
        if i in rows and i + 1 not in rows:
            rows[i][0] = rows[i][0] * x
    return sum(map(sum, rows.values()))


def items_of_several_kinds(x, y):
    parts = (x, [y, x], {"k": x * y})
    total = 0.0
    for i in range(3):
        if i == 0:
            total = total + parts[i]
        elif i == 1:
            total = total * parts[i][0]
        else:
            total = total + parts[i]["k"] * i
    return total


def index_known_and_break(params, x):
    total = x
    for i in range(10):
        key = f"w{i}"
        if key not in params:
            break
        total = math.sin(total) * params[key]
    return total


def growing_loop_inside_written_out_loop(params, x):
    total = 0.0
    for k in range(2):
        values = []
        for v in x:
            values.append(v * params[f"w{k}"])
        total = total + sum(values) * values[0]
    return total


def lists_in_a_dict_grow(x, y):
    groups = {"a": [x], "b": [y]}
    for key in groups:
        groups[key].append(groups[key][0] * 2.0)
    for values in groups.values():
        values[0] = values[1] * x
    return sum(map(sum, groups.values())) * groups["a"][1]


def reversed_beside_forward(x):
    total = 0.0
    for a, b in zip(x, reversed(x)):
        total = total + a * b * b
    return total


def enumerate_of_shifted_range(x, n):
    total = 0.0
    for k, i in enumerate(range(1, n), start=3):
        total = total + k * x[i] * x[i - 1]
    return total


def zip_of_slices(x):
    total = 0.0
    for i, (a, b, c) in enumerate(zip(x[:-2], x[1:-1], x[2:]), start=1):
        total = total + i * (a - 2.0 * b + c) ** 2
    return total


def unpacked_rows(A):
    total = 0.0
    for first, *others in A:
        total = total + first * sum(others)
    return total


def nested_zip_and_enumerate(x, y):
    total = 0.0
    for k, ((a, b), (c, d)) in enumerate(zip(zip(x, y), zip(y, x[::-1]))):
        total = total + a * b * k + c * d
    return total


def for_else_over_items(d):
    total = 0.0
    for key, value in d.items():
        if key == "stop":
            break
        total = total + value * value
    else:
        total = total * 2.0
    return total


def loop_over_generator_with_condition(x, y):
    total, v = 0.0, 2.0
    for v in (w * y for w in x if w > -0.5 if w < 1.2):
        total = total + v * v
        if v > 0.5:
            continue
        total = total * y
    return total * v


def loop_over_filter_with_break(x, y):
    for v in filter(lambda w: w > 0.1, x):
        y = y * v + 1.0
        if v > 0.9:
            break
    else:
        y = y * 2.0
    return y


def maps_of_filters(x, y):
    total = sum(map(np.sin, filter(lambda w: w > 0.0, x))) + max(v * 2.0 for v in (w * w for w in x if w < 1.0))
    for i in range(2):
        for v in (w * i for w in x if w > 0.0):
            total = total + v * y
        total = total * 0.5
    return total


def tuples_in_a_growing_list(x, y):
    history = []
    for k, v in enumerate(x):
        history.append((k, v * y))
    pairs = [(a, a * y) for a in x]
    best, where = max((v, i) for i, v in enumerate(x))
    return sum(k * v for k, v in history) + sum(p * q for p, q in pairs) + best * where


def dict_looked_up_by_position(x, y):
    weights = {0: y, 1: 2.0, 2: x[0]}
    total = sum(v * weights.get(i, 1.0) for i, v in enumerate(x))
    for i, v in enumerate(x):
        if i in weights:
            total = total + v * weights[i]
    return total


def names_for_items_of_array(x, y):
    named = dict(zip(["a", "b", "c"], x))
    squares = {name: v * v for name, v in zip("abc", x)}
    return named["a"] * squares["c"] * y + sum(named.values())


P = {"W0": spread(3, 2), "W1": positive(2, 3), "W2": spread(2, 2), "b0": spread(3), "b1": spread(2), "b2": spread(2)}
CASES = [
    case(parameters_by_name, P, spread(2)),
    case(parameters_by_formatted_name, {"w0": 1.3, "w1": 0.7}, 2),
    case(layers_by_index, [(spread(3, 2), spread(3)), (positive(2, 3), spread(2))], spread(2)),
    case(dict_filled_by_index, 0.7, 3),
    case(dict_of_rows, 0.7, 3),
    case(items_of_several_kinds, 1.3, 0.7),
    case(index_known_and_break, {"w0": 1.3, "w1": 0.7}, 0.4),
    case(growing_loop_inside_written_out_loop, {"w0": 1.3, "w1": 0.7}, spread(3)),
    case(lists_in_a_dict_grow, 1.3, 0.7),
    case(reversed_beside_forward, spread(4)),
    case(enumerate_of_shifted_range, spread(4), 4),
    case(zip_of_slices, spread(5)),
    case(unpacked_rows, spread(2, 3)),
    case(nested_zip_and_enumerate, spread(3), positive(3)),
    case(loop_over_generator_with_condition, spread(5), 0.7),
    case(loop_over_filter_with_break, spread(5), 0.7),
    case(loop_over_filter_with_break, spread(3), 0.7, note="to the end"),
    case(maps_of_filters, spread(5), 0.7),
    case(tuples_in_a_growing_list, spread(4), 0.7),
    case(dict_looked_up_by_position, spread(3), 0.7),
    case(names_for_items_of_array, spread(3), 0.7),
    case(for_else_over_items, {"a": 1.3, "b": 0.7}),
    case(for_else_over_items, {"a": 1.3, "stop": 0.7}, note="stopped"),
]
