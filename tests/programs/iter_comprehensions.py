"""Comprehensions of every kind."""

import numpy as np

from tests.corpus import case, positive, spread


def names_are_their_own(x, y):
    v = 2.0
    squares = [v * v for v in (x, y)]
    return v * squares[0] + sum(squares)


def nested_lists(x, y):
    table = [[a * b + k for k, a in enumerate((x, y))] for b in (y, 2.0, x)]
    return sum(sum(row) * n for n, row in enumerate(table)) + table[2][1]


def several_fors(x, y):
    values = [a * b - c for a in (x, y) for b in (1.0, a) for c in range(2)]
    return sum(k * v for k, v in enumerate(values))


def conditions_that_are_known(d, n):
    chosen = [v * v for k, v in d.items() if k != "skip" if len(k) + n > 2]
    return sum(chosen) * len(chosen)


def conditions_at_run_time(x, y):
    chosen = [v * v for v in (x, -y, x * y) if v > 0.0]
    return sum(chosen) * len(chosen) + chosen[0]


def conditions_one_after_the_other(d):
    return sum(d[k] * d[k] for k in ("a", "z", "b") if k in d if d[k] > 0.5)


def conditional_elements(x, y):
    values = [v if v > 1.0 else v * v * v for v in (x, y, x * y)]
    return values[0] * values[1] + values[2]


def of_arrays(x):
    squares = [v * v for v in x]
    products = [a * b for a, b in zip(x, squares)]
    return sum(products) * squares[-1] + np.sum(np.array(products))


def of_rows(A):
    norms = [np.sqrt(np.sum(row * row)) for row in A]
    return sum(norms) * norms[0] + np.sum(np.stack([row / n for row, n in zip(A, norms)]) * A)


def of_ranges(x, n):
    powers = [x**k for k in range(n)]
    halves = [0.5 * p for p in powers[1:]]
    return sum(powers) * halves[-1] + len(halves) * x


def nested_over_arrays(x):
    table = [[a * b for b in x] for a in x]
    return sum(sum(row) for row in table) + table[0][1] * table[1][0]


def two_fors_over_arrays(x):
    values = [a * b for a in x for b in x if a > b]
    return sum(values) * len(values)


def dicts(x, y):
    named = {name: value * k for k, (name, value) in enumerate(zip("abc", (x, y, x * y)), 1)}
    swapped = {k: v for v, k in (pair[::-1] for pair in named.items())}
    few = {k: v * v for k, v in swapped.items() if k != "b"}
    return named["b"] * swapped["c"] + sum(few.values()) * len(few)


def dicts_by_index(x, n):
    rows = {i: {j: x**i * j for j in range(2)} for i in range(3)}
    return sum(rows[i][1] * (i + 1.0) for i in rows) + len([k for k in rows if k % 2 == 0]) * x * n


def functions_made_in_comprehensions(x, y):
    late = [lambda v: v * k for k in range(1, 3)]
    early = [lambda v, k=k: v * k for k in range(1, 3)]
    return sum(f(x) for f in late) + sum(f(y) for f in early) * x


def calls_in_comprehensions(x, y):
    def scaled(v, by=y):
        return v * by

    return sum([scaled(v) for v in (x, y)]) * sum(scaled(v, by=x) for v in [y, 1.0])


def in_a_loop(x, n):
    state = [x, 0.5 * x, 1.0]
    for t in range(n):
        state = [np.sin(a) + 0.1 * b * t for a, b in zip(state, state[1:] + state[:1])]
    return sum(state) * state[0]


def in_a_branch(x, y):
    if x > y:
        values = [v * v for v in (x, y)]
    else:
        values = [v + 1.0 for v in (x, y)]
    return values[0] * values[1] if all(v > 0.0 for v in values) else sum(values)


def unpacking_targets(x, y):
    pairs = [((x, 1.0), y), ((y, 2.0), x)]
    return sum(a * k + b for (a, k), b in pairs) + sum(first * len(rest) for first, *rest in [(x, y), (y, x, x)])


def matrix_vector_product(A, x):
    return np.sum(np.array([sum(a * b for a, b in zip(row, x)) for row in A]) ** 2)


def transposed(x, y):
    rows = [[x, y, 1.0], [y, x * y, x]]
    columns = [[row[j] for row in rows] for j in range(3)]
    return sum(a * b for a, b in columns) + sum(v for row in rows for v in row) * columns[2][1]


def prefix_sums(x):
    totals = [sum(x[: k + 1]) for k in range(len(x))]
    return sum(t * v for t, v in zip(totals, x))


def walrus(x, y):
    values = [w * w for v in (x, y) if (w := v * 2.0) is not None]
    squares = [u * u for v in (x, -y) if (u := v * 2.0) > 0.0]
    return sum(values) * w * last(t := v * x for v in (x, y)) * t + sum(squares)


def last(values):
    *_, value = values
    return value


CASES = [
    *[case(fn, 1.3, 0.7) for fn in (
        names_are_their_own, nested_lists, several_fors, conditions_at_run_time, conditional_elements, dicts,
        functions_made_in_comprehensions, calls_in_comprehensions, in_a_branch, unpacking_targets, transposed)],
    case(in_a_branch, 0.7, 1.3, note="other"),
    case(conditions_that_are_known, {"a": 1.3, "skip": 2.0, "bc": 0.4}, 1),
    case(conditions_one_after_the_other, {"a": 1.3, "b": 0.4}),
    case(of_arrays, spread(4)),
    case(of_rows, spread(3, 2)),
    case(of_ranges, 0.7, 4),
    case(nested_over_arrays, spread(3)),
    case(two_fors_over_arrays, spread(4)),
    case(dicts_by_index, 0.7, 3),
    case(in_a_loop, 0.7, 3),
    case(matrix_vector_product, spread(2, 3), positive(3)),
    case(prefix_sums, spread(4)),
    case(walrus, 1.3, 0.7),
]
