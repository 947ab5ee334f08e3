"""Built-in functions of several values, and those of math, statistics, itertools, functools and operator."""

import collections
import functools
import itertools
import math
import operator
import statistics

import numpy as np

from tests.corpus import case, positive, spread


def min_and_max_of_several(x, y):
    return min(x, y, 2.0) * max(x * y, y, 0.1) + max([x, y]) * min((x, y), default=1.0) + max((), default=x)


def min_and_max_with_key(x, y):
    points = [(x, 1.0), (y, 2.0), (x * y, 3.0)]
    low, weight = min(points, key=lambda p: p[0])
    high = max(points, key=lambda p: p[0] * p[1])
    return low * weight + high[0] * high[1]


def min_of_items(d):
    _, best = min(d.items(), key=lambda pair: pair[1])
    return best * best * d["a"]


def min_of_keys(d):
    first, last = min(d), max(d.keys())
    return d[first] * d[last] + d[min(d, key=lambda k: -ord(k) if k != "b" else 0)]


def max_of_generator_of_array(x):
    return max(v * v for v in x) + min(abs(v) for v in x if v > 0.0) * max(x)


def max_by_key_of_array(x):
    far, near = max(x, key=abs), min((v * v for v in x), key=lambda v: abs(v - 0.2))
    return far * far * near + max([row for row in np.outer(x, x)], key=np.sum)[0] + max(x, key=lambda v: -v * v)


def sorted_numbers(x, y):
    low, middle, high = sorted([x, y, x * y])
    a, b = sorted((x, y), reverse=True)
    return low * middle - high + a * b * b


def sorted_with_key(x, y):
    by_size = sorted([x, -y, 0.5 * x * y], key=abs)
    pairs = sorted([(x, y), (y, x), (1.0, 2.0)], key=lambda p: p[1], reverse=True)
    return by_size[0] * by_size[2] + pairs[0][0] * pairs[2][1]


def sorted_tuples(x, y):
    (_, first), (_, second), _ = sorted([(2, x), (1, y), (2, x * y)])
    return first * second * second


def sorted_keys(d):
    total = 0.0
    for k, key in enumerate(sorted(d)):
        total = total + k * d[key] * d[key]
    for key, value in sorted(d.items(), key=lambda pair: pair[0], reverse=True):
        total = total * 0.5 + value * len(key)
    return total


def sorted_array(x):
    total = 0.0
    for k, v in enumerate(sorted(x)):
        total = total + k * v * v
    return total


def sum_with_start(x, y):
    return sum([x, y], start=1.0) * sum((x, y), x) + sum([[x, y], [x * y]], [])[2]


def sum_of_arrays(x):
    return sum([x, x * x, np.sin(x)]) + sum(x)


def sum_of_range(x, n):
    return x * sum(range(n)) + sum(k * x for k in range(n)) + sum(x**k for k in range(4))


def divmod_and_pow(x, y):
    whole, rest = divmod(x * 5.0, y)
    return whole * rest + pow(x, y) + pow(base=x, exp=2) + divmod(7, 2)[1] * x


def rounding_functions(x, y):
    return x * round(y, 1) + abs(-y) * round(x) + y * int(x * 3.0) + float(2) * x + x * bool(y)


def math_of_sequences(x, y):
    p, q = (x, y, 1.0), [y, 2.0, x * y]
    return math.dist(p, q) * math.prod(p) + math.fsum(q) * math.hypot(*p) + math.prod([x, y], start=2)


def math_prod_of_array(x):
    return math.prod(x) + math.prod(v + 1.0 for v in x) + math.prod(np.sin(x), start=2.0)


def math_of_two(x, y):
    far = math.isclose(x, y, rel_tol=1e-3)
    return math.copysign(x, -y) * math.fmod(x * 5.0, y) + math.atan2(y, x) + (0.0 if far else x * y)


def statistics_functions(x, y):
    data = [x, y, x * y, 2.0]
    centre = statistics.mean(data) * statistics.fmean(data)
    return centre + statistics.stdev(data) * statistics.pvariance(data) + statistics.median(data) * x


def statistics_means(x, y):
    data = (x, y, x * y)
    return statistics.geometric_mean(data) * statistics.harmonic_mean(data) + statistics.pstdev(
        data) * statistics.variance(v * v for v in data) + statistics.median([x, y, 5.0, 0.1 * x])


def reduce_with_lambda(x, y):
    return functools.reduce(lambda a, b: a * b + 1.0, [x, y, x * y]) + functools.reduce(operator.mul, (x, y), 2.0)


def reduce_of_array(x):
    product = functools.reduce(lambda a, b: a * b, x)
    return product + functools.reduce(lambda a, b: a + b * b, x, 1.0) + functools.reduce(max, x)


def reduce_of_functions(x, y):
    composed = functools.reduce(lambda f, g: lambda v: g(f(v)), [math.sin, math.exp, lambda v: v * y])
    return composed(x)


def reduce_of_matrices(A):
    return np.sum(functools.reduce(np.matmul, [A, A.T, A]))


def accumulate_totals(x, y):
    running = list(itertools.accumulate([x, y, x * y]))
    products = [*itertools.accumulate((x, y, x), operator.mul, initial=2.0)]
    return running[1] * running[2] + products[3] * len(products)


def accumulate_array(x):
    total = 0.0
    for a, v in zip(itertools.accumulate(x, lambda a, b: a * 0.5 + b), x):
        total = total + a * v
    return total + sum(itertools.accumulate(x))


def products_and_combinations(x, y):
    values = [x, y, x * y]
    pairs = sum(a * b for a, b in itertools.combinations(values, 2))
    signs = sum(s * t * x for s, t in itertools.product((1, -2), repeat=2))
    both = sum(a - 2.0 * b for a, b in itertools.product([x, 1.0], (y, x)))
    orders = sum(a * b * b for a, b in itertools.permutations(values, 2))
    return pairs + signs + both + orders + len(list(itertools.combinations_with_replacement(values, 2))) * x


def pairs_of_array(x):
    above = sum(a * b * b for a, b in itertools.combinations(x, 2))
    upto = sum(a - b * b for a, b in itertools.combinations_with_replacement(x, 2))
    return above + upto + sum(a * b**3 for a, b in itertools.permutations(x, 2))


def pairs_of_positions(x, n):
    total = 0.0
    for i, j in itertools.combinations(range(len(x)), 2):
        total += x[i] * x[j] / (j - i)
    for i, j in itertools.permutations(range(1, n), 2):
        total += 2.0**-i * x[i] * x[j] ** 2
    for i, v, s in itertools.product(range(n), x, (1.0, -3.0)):
        total += x[i] * v * v * s
    return total


def distances_of_rows(x):
    return sum(np.sqrt(np.sum((a - b) ** 2)) for a, b in itertools.combinations(x, 2))


def pairs_taken_before_an_array_changes(x):
    total = 0.0
    for a, b in itertools.combinations(x, 2):
        total += a * b * b
        x[1] = 2.0 * total
    for (a, b), i in zip(itertools.product(x, repeat=2), range(5)):
        total += a * b * b
        x[i % 3] = total
    return total + x[1]


def chains(x, y):
    groups = [[x, y], (x * y,), {"a": 1, "b": 2}.values()]
    total = 0.0
    for k, v in enumerate(itertools.chain.from_iterable(groups)):
        total = total + k * v
    return total * sum(itertools.chain([x], (y, y), [x * x]))


def chain_of_arrays(x, y):
    total = 0.0
    for v in [*itertools.chain(x, y, [1.0, 2.0])]:
        total = total * 0.5 + v * v
    return total + sum(itertools.chain(x, y))


def windows(x, y):
    values = [x, y, x * y, 2.0]
    slopes = sum(b - a * a for a, b in itertools.pairwise(values))
    part = sum(itertools.islice(values, 1, None, 2)) * sum(itertools.islice((v * v for v in values), 2))
    longest = sum(a * b for a, b in itertools.zip_longest(values, [x], fillvalue=3.0))
    return slopes + part + longest


def windows_of_array(x):
    return sum((b - a) ** 2 for a, b in itertools.pairwise(x)) + sum(u * v for u, v in zip(x, x[1:]))


def pairs_of_rows(x, y):
    energy = 0.0
    for p, q in itertools.combinations(x, 2):
        energy += 1.0 / np.sum((p - q) ** 2)
    for p, w in itertools.product(x, y):
        energy += w * np.prod(p)
    return energy + sum(u * np.sin(v) for u, v in itertools.combinations_with_replacement(y, 2))


def pairs_of_indices(x):
    return max(abs(x[i] - x[j]) for i, j in itertools.combinations(range(len(x)), 2)) * sum(
        x[i] * x[j] ** 2 for i, j in itertools.product(range(len(x)), range(1, len(x))))


def counting(x, y):
    total = 0.0
    for k, v in zip(itertools.count(1), [x, y, x * y]):
        total = total + k * v * v
    for v, factor in zip((x, y), itertools.repeat(x)):
        total = total + v * factor
    return total + sum(itertools.repeat(y, 3)) + sum(map(pow, (x, y), itertools.repeat(2)))


def counting_array(x):
    total = 0.0
    for k, v in zip(itertools.count(0.5, 0.25), x):
        total = total + k * v
    return total * total


def starred_maps(x, y):
    pairs = [(x, y), (y, 2.0)]
    return sum(itertools.starmap(lambda a, b: a * b, pairs)) * sum(itertools.starmap(pow, pairs))


def static_groups(x, y):
    items = [("a", x), ("a", y), ("b", x * y), ("a", 1.0)]
    total = 1.0
    for key, group in itertools.groupby(items, key=lambda item: item[0]):
        total = total * (sum(v for _, v in group) + len(key))
    return total


def static_selections(x, y):
    named = [("x", x), ("y", y), ("z", x * y)]
    front = sum(v for _, v in itertools.takewhile(lambda item: item[0] != "z", named))
    back = sum(v for _, v in itertools.dropwhile(lambda item: item[0] == "x", named))
    chosen = sum(itertools.compress([x, y, 2.0], (1, 0, 1)))
    return front * back + chosen + sum(v for _, v in itertools.filterfalse(lambda item: item[0] == "y", named))


def operators_as_functions(x, y):
    total = operator.add(x, y) * operator.neg(y) + operator.truediv(x, y) ** operator.sub(x, y)
    if operator.lt(y, x) and operator.contains(("a", "b"), "a"):
        total = total * operator.getitem([x, y], 1)
    return total + sum(map(operator.itemgetter(1), [(1.0, x), (2.0, y)])) + operator.itemgetter("a", "b")(
        {"a": x, "b": y})[1]


def attribute_and_method_getters(x):
    return np.sum(operator.methodcaller("sum", axis=0)(x) * operator.attrgetter("T")(x)[0, 0])


def ordered_dicts(x, y):
    d = collections.OrderedDict([("a", x), ("b", y)])
    d["c"] = x * y
    return sum(k * v for k, v in enumerate(d.values(), 1)) + d["a"] * len(d)


D = {"b": 1.3, "a": 0.7, "c": -0.4}
CASES = [
    *[case(fn, 1.3, 0.7) for fn in (
        min_and_max_of_several, min_and_max_with_key, sorted_numbers, sorted_with_key, sorted_tuples, sum_with_start,
        divmod_and_pow, rounding_functions, math_of_sequences, math_of_two, statistics_functions, statistics_means,
        reduce_with_lambda, reduce_of_functions, accumulate_totals, products_and_combinations, chains, windows,
        counting, starred_maps, static_groups, static_selections, operators_as_functions, ordered_dicts)],
    case(min_of_items, D),
    case(min_of_keys, D),
    case(max_of_generator_of_array, spread(5)),
    case(max_by_key_of_array, spread(5)),
    case(sorted_numbers, 0.3, 2.0, note="other"),
    case(sorted_keys, D),
    case(sorted_array, spread(5)),
    case(sum_of_arrays, spread(3)),
    case(sum_of_range, 0.7, 4),
    case(math_prod_of_array, positive(3)),
    case(reduce_of_array, spread(4)),
    case(reduce_of_matrices, spread(3, 2)),
    case(accumulate_array, spread(4)),
    case(pairs_of_array, spread(4)),
    case(pairs_of_array, spread(1), note="one"),
    case(pairs_of_positions, spread(4), 3),
    case(pairs_of_positions, spread(4), 0, note="none"),
    case(pairs_of_positions, spread(4), -2, note="negative"),
    case(distances_of_rows, spread(3, 2)),
    case(pairs_taken_before_an_array_changes, spread(3)),
    case(chain_of_arrays, spread(3), positive(2)),
    case(windows_of_array, spread(4)),
    case(pairs_of_rows, spread(4, 3), positive(3)),
    case(pairs_of_indices, spread(4)),
    case(counting_array, spread(4)),
    case(attribute_and_method_getters, spread(2, 3)),
]
