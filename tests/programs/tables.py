"""Lists, dicts, tuples and sets of the module that a function reads."""

import math

import numpy as np

from tests.corpus import case, positive

COEFFICIENTS = [0.2, -0.5, 1.5]
BREAKS = (0.5, 1.0, 2.0)
SLOPES = (1.0, 2.5, -0.5, 3.0)
MATERIALS = {"steel": {"E": 2.1, "nu": 0.3}, "rubber": {"E": 0.1, "nu": 0.49}}
FORMS = {"sine": math.sin, "square": lambda x: x * x, "cube": pow}
ANGULAR = {"sine", "cosine"}
FROZEN = frozenset(("square", "cube"))
MATRIX = [[1.0, 0.5], [-0.25, 2.0], [0.125, 0.5]]
ORDERS = [1, 2, 3]
PAIRS = [(1.0, "a", [2.0, 1]), (2.0, "a", [3.0, 2]), (4.0, "a", [0.5, 1])]
RAGGED = [(1.0, [1.0, 2.0]), (3.0, [1.0, 2.0, 3.0]), (3.0, [1.0])]
GRID = {1: 0.5, 2: 0.25, 4: 0.125}


def polynomial_of_a_table(x):
    total = 0.0
    for c in COEFFICIENTS:
        total = total * x + c
    return total


def table_at_a_known_index(x):
    return x * COEFFICIENTS[0] + x**2 * COEFFICIENTS[-1]


def table_at_an_index_found_at_run_time(x):
    k = 0
    while k < len(BREAKS) and x > BREAKS[k]:
        k += 1
    return SLOPES[k] * x * x


def table_of_tables(x, material="steel"):
    data = MATERIALS[material]
    return data["E"] * x / (1.0 - data["nu"] ** 2 * x)


def table_of_functions(x, form="square"):
    return FORMS[form](x) * x


def default_table(x, weights=[0.5, 0.25, -1.0]):
    return sum(w * math.sin(x) ** k for k, w in enumerate(weights))


def name_in_a_set(x, form="sine"):
    return math.cos(x) if form in ANGULAR else x


def name_in_a_frozen_set(x, form="square"):
    if form not in FROZEN:
        return x
    return x**2


def matrix_in_a_table(v):
    out = []
    for row in MATRIX:
        out.append(row[0] * v[0] + row[1] * v[1] ** 2)
    return out[0] * out[1] + out[2]


def powers_in_a_table(x):
    return sum(x**n for n in ORDERS)


def keys_of_a_table(x):
    total = 0.0
    for n, weight in GRID.items():
        total += weight * x**n
    return total


def key_that_is_missing(x):
    return x * GRID.get(3, 2.0) + GRID.get(4, 0.0) * x * x


def interpolated_in_a_table(xs):
    total = 0.0
    for x in xs:
        for k in range(len(BREAKS) - 1):
            if BREAKS[k] <= x < BREAKS[k + 1]:
                part = (x - BREAKS[k]) / (BREAKS[k + 1] - BREAKS[k])
                total += SLOPES[k] + part**2 * (SLOPES[k + 1] - SLOPES[k])
    return total


def rows_at_an_index_found_at_run_time(x):
    total, k = 0.0, 0
    while x > PAIRS[k][0]:
        a, _, (b, c) = PAIRS[k]
        total += a * x + b * x**2 + c
        k += 1
    return total * MATRIX[k][0]


def ragged_rows(x):
    k = 0
    while x > k:
        k += 1
    factor, coefficients = RAGGED[k - 2]
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total * factor * x


def tables_at_an_index_found_at_run_time(x):
    k = 0
    while x > BREAKS[k]:
        k += 1
    return x * (ORDERS, COEFFICIENTS)[k - 2][k - 1]


def copied_and_changed(x):
    weights = list(COEFFICIENTS)
    weights[1] = x * x
    weights.append(x)
    return sum(weights) * weights[0] + weights[3] * weights[1]


LONG = [0.1 * k for k in range(20)]
COUNTS = tuple(range(18))


def loop_over_a_long_table(x):
    total = 0.0
    for c in LONG:
        total = total * x + c
    return total


def loop_over_a_long_table_that_is_left(x):
    y = x
    for k, factor in enumerate(LONG):
        y = x * factor
        if y * k > 2.0:
            break
    return y * y


def loop_over_two_long_tables(x):
    return sum(c * x**n for c, n in zip(LONG, COUNTS))


def nested_loops_over_a_long_table(x):
    total = 0.0
    for a in COUNTS:
        for b in LONG:
            if b > 1.0:
                continue
            total += x ** a * b
    return total


def place_in_a_table(x, y):
    if y in LONG:
        return x * LONG.index(y) * COEFFICIENTS[COEFFICIENTS.index(y + 1.5 - y)]
    return x * x


def array_of_a_table(x):
    return np.sum(np.asarray(COEFFICIENTS) * x + np.array([x, x * x, 2.0], copy=True)) * np.asarray([x, 1.0])[0]


CASES = [
    case(place_in_a_table, 0.7, LONG[3], wrt=0),
    case(place_in_a_table, 0.7, 0.33, wrt=0, note="not_there"),
    case(array_of_a_table, 0.7),
    case(loop_over_a_long_table, 0.7),
    case(loop_over_a_long_table_that_is_left, 0.7),
    case(loop_over_two_long_tables, 0.7),
    case(nested_loops_over_a_long_table, 0.7),
    case(polynomial_of_a_table, 0.7),
    case(table_at_a_known_index, 0.7),
    case(table_at_an_index_found_at_run_time, 1.3),
    case(table_at_an_index_found_at_run_time, 2.7, note="past_the_end"),
    case(table_of_tables, 0.7),
    case(table_of_tables, 0.7, "rubber", note="other_key"),
    case(table_of_functions, 0.7),
    case(table_of_functions, 0.7, "sine", note="library"),
    case(default_table, 0.7),
    case(name_in_a_set, 0.7),
    case(name_in_a_set, 0.7, "square", note="not_in_it"),
    case(name_in_a_frozen_set, 0.7),
    case(matrix_in_a_table, positive(2)),
    case(powers_in_a_table, 0.7),
    case(keys_of_a_table, 0.7),
    case(key_that_is_missing, 0.7),
    case(interpolated_in_a_table, positive(5)),
    case(rows_at_an_index_found_at_run_time, 1.3),
    case(rows_at_an_index_found_at_run_time, 3.3, note="further"),
    case(ragged_rows, 1.3),
    case(ragged_rows, 0.3, note="from_the_end"),
    case(tables_at_an_index_found_at_run_time, 1.3),
    case(copied_and_changed, 0.7),
]
