"""Iterators: generator expressions, map, filter, zip, enumerate, iter and next."""

import math

import numpy as np

from tests.corpus import case, positive, spread


def generator_in_a_name(x, y):
    squares = (v * v for v in (x, y, x * y))
    return sum(squares) * x


def generator_runs_once(x, y):
    values = (v * v for v in (x, y))
    first = sum(values)
    return first + sum(values) * 3.0 + len(list(values))


def generator_reads_variables_late(x, y):
    factor = 1.0
    values = (v * factor for v in (x, y))
    factor = x * y
    return sum(values)


def generator_reads_its_iterable_early(x, y):
    numbers = [x, y]
    values = (v * v for v in numbers)
    numbers = [1.0]
    return sum(values) + numbers[0]


def generator_sees_changes_of_a_list(x, y):
    numbers = [x, y]
    values = (v * v for v in numbers)
    numbers[0] = x * y
    return sum(values)


def generator_in_a_loop_with_changes(x, y):
    weights = [x, y, 1.0]
    total = 0.0
    for v in (w * w for w in weights):
        total = total + v
        weights[2] = weights[2] * total
    return total


def generator_of_array(x):
    values = (v * v for v in x)
    return sum(values) + sum(np.sin(v) for v in x if v > 0.0)


def generator_passed_to_a_function(x, y):
    def weighted(values):
        total = 0.0
        for k, v in enumerate(values):
            total = total + k * v
        return total

    return weighted(v * v for v in (x, y, x * y)) + weighted([y, x])


def generator_with_several_fors(x, y):
    products = (a * b for a in (x, y) for b in (y, 2.0))
    return sum(products) + max(a - b for a in (x, y) for b in (1.0, x))


def generator_with_static_condition(d):
    return sum(v * v for k, v in d.items() if k != "skip" if len(k) == 1)


def generator_with_condition_at_run_time(x, y):
    return sum(v * v for v in (x, y, -x, x * y) if v > 0.0)


def generator_to_builtins(x, y):
    values = [x * y, x, y]
    low, high = min(v * v for v in values), max(abs(v) for v in values)
    return low * high + math.prod(v + 1.0 for v in values) + math.fsum(v * v for v in values)


def generator_to_containers(x, y):
    values = tuple(v * v for v in (x, y))
    named = dict((k, v * x) for k, v in zip("ab", values))
    return values[0] * named["b"] + np.sum(np.array(list(v * y for v in values)))


def any_and_all_at_run_time(x, y):
    if any(v > 1.2 for v in (x, y)) and all(v > 0.0 for v in (x, y)):
        return x * y
    return x + y


def any_stops_early(x, y):
    if any(1.0 / v > 0.5 for v in (x, 0.0)):
        return x * y * y
    return x


def any_of_array(x):
    if any(v > 0.2 for v in x) and not all(x):
        return np.sum(x)
    return np.sum(x * x) + (2.0 if any(x > 0.1) else 1.0) * x[0]


def any_of_array_with_conditions(x):
    if any(v * w > 1.0 for v in x if v > 0.0 for w in x):
        return np.sum(x * x)
    return np.sum(x)


def map_of_function(x, y):
    return sum(map(np.sin, [x, y])) * math.prod(map(lambda v: v + 1.0, (x, y)))


def map_of_several_iterables(x, y):
    a, b = map(lambda u, v, k: u * v + k, [x, y], (y, y), range(2))
    return a * b


def map_of_array(x):
    return np.sum(np.array(list(map(lambda v: v * v, x)))) + sum(map(math.sin, x))


def map_is_lazy(x, y):
    scale = [1.0]
    values = map(lambda v: v * scale[0], (x, y))
    scale[0] = x
    first = next(values)
    scale[0] = y
    return first * next(values)


def map_in_a_loop(x):
    total = 0.0
    for v in map(lambda u: u * u, x):
        total = total + v * total + 1.0
        total = total * 0.5
    return total


def map_of_strings(d):
    return sum(d[key] * n for n, key in enumerate(map(str.upper, "ab")))


def filter_of_static(d):
    chosen = filter(lambda pair: pair[0] != "b", d.items())
    total = 1.0
    for _, v in chosen:
        total = total * v
    return total


def filter_at_run_time(x, y):
    return sum(filter(lambda v: v > 0.0, [x, -y, x * y])) + len(list(filter(None, (1, 0, 2)))) * x


def filter_of_array(x):
    values = list(filter(lambda v: v > 0.0, x))
    return sum(v * v for v in values) * len(values)


def zip_runs_once(x, y):
    pairs = zip((x, y), (y, 2.0))
    total = 0.0
    for a, b in pairs:
        total = total + a * b
    for a, b in pairs:
        total = total * 100.0
    return total


def zip_of_lists_and_arrays(x, y):
    total = 0.0
    for a, b, k in zip(x, [y, y * y, 3.0], range(3)):
        total = total + a * b * (k + 1)
    return total


def zip_strict(x, y):
    total = 0.0
    for a, b in zip((x, y), [y, x * y], strict=True):
        total = total + a * b
    return total


def zip_strict_of_arrays(x, y):
    total = 0.0
    for a, b in zip(x, y, strict=True):
        total = total + a * np.sin(b)
    return total


def zip_transposes(x, y):
    matrix = [[x, y], [y * y, 2.0]]
    (a, b), (c, d) = zip(*matrix)
    columns = [list(c) for c in zip(*matrix)]
    return a * b + c * d + columns[1][0] * columns[0][1]


def zip_of_three_in_a_comprehension(x, y):
    return sum([a * b - c for a, b, c in zip([x, y], (y, y), {"k": x, "l": 1.0}.values())])


def zip_of_dict_items(d, e):
    return sum(a * b for (_, a), (_, b) in zip(d.items(), e.items()))


def pairs_of_one_iterator(x, y):
    it = iter([x, y, x * y, 2.0])
    total = 0.0
    for a, b in zip(it, it):
        total = total + a * b
    return total


def enumerate_with_start(x, y):
    total = 0.0
    for k, (a, b) in enumerate(zip([x, y], [y, x * y]), start=2):
        total = total + k * a * b
    return total


def enumerate_of_generator(x, y):
    return sum(k * v for k, v in enumerate((u * u for u in (x, y, x)), 1))


def reversed_things(x, y):
    total = 0.0
    for v in reversed([x, y, x * y]):
        total = total * v + 1.0
    for k in reversed(range(3)):
        total = total * 0.5 + k * x
    for key in reversed({"a": 1, "b": 2}):
        total = total + len(key) * y
    return total * list(reversed((x, y)))[0]


def reversed_array(x):
    total = 0.0
    for v in reversed(x):
        total = total * v + 1.0
    return total


def iter_and_next(x, y):
    it = iter((x, y, x * y))
    first = next(it)
    rest = list(it)
    return first * rest[1] + rest[0] + next(it, 3.0)


def next_of_generator_with_condition(d):
    found = next(v for k, v in d.items() if k == "b")
    missing = next((v for k, v in d.items() if k == "z"), 2.0)
    return found * found * missing


def next_in_a_branch(x, y):
    it = iter([x, y, 2.0])
    if x > 0.0:
        first = next(it)
    else:
        first = next(it) * 2.0
    return first * next(it) + sum(it) * x


def next_in_a_called_function(x, y):
    it = iter([x, y, x * y])
    return _take_two(it) * next(it)


def _take_two(it):
    a = next(it)
    return a * a + next(it)


def rest_of_array(x):
    it = iter(x[:3])
    weighted = enumerate(x, 1)
    total = sum(it)
    for k, v in weighted:
        total = total + k * v * v
    return total


def rest_of_zip(x, y):
    pairs = zip([x, y, 2.0], (y, x, 3.0))
    a, b = next(pairs)
    return a * b + sum(u * v * x for u, v in pairs)


def enumerate_and_zip_of_growing_list(x):
    ys = []
    for v in x:
        if v > 0.0:
            ys.append(v * v)
    total = 0.0
    for k, (a, b) in enumerate(zip(ys, x)):
        total = total + k * a * b
    return total + sum(v * k for k, v in enumerate(ys)) + sum(a * b for a, b in zip(ys, ys[1:]))


def break_out_of_an_iterator(x, y):
    values = iter([x, y, x * y, 2.0])
    total = 0.0
    for v in values:
        if v < 1.0:
            break
        total = total + v * v
    return total * x


D = {"a": 1.3, "b": 0.7, "c": -0.4}
CASES = [
    *[case(fn, 1.3, 0.7) for fn in (
        generator_in_a_name, generator_runs_once, generator_reads_variables_late, generator_reads_its_iterable_early,
        generator_sees_changes_of_a_list, generator_in_a_loop_with_changes, generator_passed_to_a_function,
        generator_with_several_fors, generator_with_condition_at_run_time, generator_to_builtins,
        generator_to_containers, any_and_all_at_run_time, any_stops_early, map_of_function,
        map_of_several_iterables, map_is_lazy, filter_at_run_time, zip_runs_once, zip_strict, zip_transposes,
        zip_of_three_in_a_comprehension, pairs_of_one_iterator, enumerate_with_start, enumerate_of_generator,
        reversed_things, iter_and_next, next_in_a_branch, next_in_a_called_function, rest_of_zip,
        break_out_of_an_iterator)],
    case(generator_of_array, spread(4)),
    case(generator_with_static_condition, {"a": 1.3, "skip": 2.0, "b": 0.4}),
    case(any_of_array, spread(3)),
    case(any_of_array, -positive(3), note="none"),
    case(any_of_array_with_conditions, spread(4)),
    case(any_of_array_with_conditions, positive(3), note="found"),
    case(map_of_array, spread(4)),
    case(map_in_a_loop, spread(3)),
    case(map_of_strings, {"A": 1.3, "B": 0.7}),
    case(filter_of_static, D),
    case(filter_of_array, spread(5)),
    case(zip_of_lists_and_arrays, spread(3), 0.7),
    case(zip_of_lists_and_arrays, spread(2), 0.7, note="shorter"),
    case(zip_strict_of_arrays, spread(3), positive(3)),
    case(zip_of_dict_items, D, {"c": 2.0, "a": 0.3, "b": 0.1}),
    case(reversed_array, spread(3)),
    case(next_of_generator_with_condition, D),
    case(rest_of_array, spread(4)),
    case(enumerate_and_zip_of_growing_list, spread(5)),
]
