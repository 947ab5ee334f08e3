"""Dicts, sets, lists, tuples and deques that are changed, asked and compared."""

import collections
import enum
import math
import numbers

import numpy as np

from tests.corpus import case, spread


class Kind(enum.Enum):
    FIRST = 1
    SECOND = 2


def dict_update(x, y):
    d = {"a": x}
    d.update(b=y)
    d.update({"a": x * y})
    d.update([("c", 2.0)], d=x)
    return d["a"] * d["b"] * d["c"] + d["d"]


def dict_pop(x, y):
    d = {"a": x, "b": y}
    value = d.pop("a")
    return value * value * d.pop("z", 3.0) * len(d) * d["b"]


def dict_popitem_and_clear(x, y):
    d = {"a": x, "b": y}
    key, value = d.popitem()
    rest = d["a"]
    d.clear()
    d["q"] = value
    return rest * d["q"] * len(key) + len(d) * x


def dict_setdefault(x, y):
    d = {"a": x}
    first = d.setdefault("a", 5.0)
    d.setdefault("b", []).append(y)
    d["b"].append(x)
    return first * d["b"][0] * d["b"][1] + d["a"]


def dict_update_in_place(x, y):
    d = {"a": x}
    same = d
    d |= {"b": y, "a": x * y}
    return same["a"] * same["b"] * len(same)


def dict_deletion(x, y):
    d = {"a": x, "b": y, "c": 1.0}
    del d["a"]
    d["a"] = x * y
    return sum(k * v for k, v in enumerate(d.values()))


def dict_changed_in_called_function(x, y):
    d = {"a": x}
    _fill(d, y)
    _fill(d, x)
    return d["a"] * d["total"] + len(d)


def _fill(d, value):
    d["total"] = d.get("total", 0.0) + value * value
    d.setdefault("first", value)


def dict_changed_in_a_branch(x, y):
    d = {"a": x, "b": y}
    if x > y:
        d["a"] = x * y
        d.update(b=x)
    else:
        d.pop("b")
        d["b"] = 1.0
    return d["a"] * d["b"]


def dict_changed_in_a_loop(x, n):
    d = {"a": x, "b": 1.0}
    for _ in range(n):
        d["a"], d["b"] = d["a"] * 0.5 + d["b"], np.sin(d["a"])
        d.update(b=d["b"] * 2.0)
    return d["a"] * d["b"]


def dict_of_other_keys(x, y):
    d = {(0, 1): x, (1, 0): y, None: 2.0, Kind.FIRST: x * y, 0.5: 3.0, True: y}
    total = d[0, 1] * d[1, 0] + d[None] * d[Kind.FIRST] - d[0.5] * d[1]
    for key in d:
        if isinstance(key, tuple):
            total = total + key[0] * d[key]
    return total


def dict_of_index_pairs(x, y):
    grid = {(i, j): x * i + y * j for i in range(3) for j in range(2)}
    total = 0.0
    for (i, j), value in grid.items():
        if (i + 1, j) in grid:
            total = total + (grid[i + 1, j] - value) ** 2 + value * j
    return total


def dict_of_functions(x, y):
    table = {"sin": math.sin, "square": lambda v: v * v}
    return table["sin"](x) * table["square"](y) + table.get("cube", lambda v: v**3)(x)


def dict_argument_with_tuples_as_keys(d):
    return d[0, "a"] * d[1, "a"] + sum(v * v for (k, _), v in d.items() if k)


def dict_result_with_other_keys(x, y):
    return {(0, 1): x * y, None: y * y, True: x}


def nested_containers(x, y):
    model = {"w": [x, y], "b": {"c": x * y}}
    model["w"][0] = y
    model["b"]["d"] = x
    model["b"]["c"] *= 2.0
    return model["w"][0] * model["w"][1] + model["b"]["c"] * model["b"]["d"]


def dict_copies(x, y):
    d = {"a": x, "b": y}
    other, third = d.copy(), dict(d)
    other["a"] = 5.0
    third["b"] = x * y
    return d["a"] * d["b"] * other["a"] * third["b"] + dict.fromkeys("ab", x)["b"]


def default_dicts(x, y):
    totals = collections.defaultdict(float)
    groups = collections.defaultdict(list)
    for key, value in (("a", x), ("b", y), ("a", x * y)):
        totals[key] += value * value
        groups[key].append(value)
    return totals["a"] * totals["b"] + groups["a"][0] * groups["a"][1] * len(groups) + len(groups["c"])


def counters(x, y):
    counts = collections.Counter("abca")
    counts["b"] += 2
    most, times = counts.most_common(1)[0]
    return x * counts["a"] + y * counts["z"] + sum(v * x * y for v in counts.values()) + len(most) * times


def deques(x, y):
    window = collections.deque([x, y], maxlen=3)
    window.append(x * y)
    window.appendleft(2.0)
    window.extend([y, y * y])
    last = window.pop()
    window.rotate(1)
    return last * window[0] * sum(window) + window.popleft() * len(window)


def deque_in_a_loop(x, n):
    window = collections.deque([x, 0.5 * x, 1.0], maxlen=3)
    for _ in range(n):
        window.append(np.sin(window[0]) + window[1] * window[2])
    return window[0] * window[2]


def sets_of_names(x, y):
    wanted = {"a", "b"} | {"c"}
    wanted.discard("b")
    wanted.update(["d"])
    values = {"a": x, "b": y, "c": x * y}
    total = sum(v for k, v in values.items() if k in wanted)
    if wanted >= {"a", "c"} and not wanted & {"b"} and frozenset("a") < wanted:
        total = total * len(wanted)
    if values.keys() - wanted == {"b"} and values.keys() & {"z", "a"}:
        total = total * y
    return total + sum(values.get(k, 1.0) * n for n, k in enumerate(sorted(wanted)))


def sets_of_numbers(x, y):
    primes = {k for k in range(2, 12) if all(k % d for d in range(2, k))}
    odd = set(range(1, 12, 2))
    both, others = primes & odd, odd - primes
    total = 0.0
    for k in sorted(both ^ {2}):
        total = total + k * x
    return total * len(others) + max(primes) * y + min(others, default=0) * x * y + (3 in both) * y


def list_sorting(x, y):
    values = [x * y, x, y]
    values.sort()
    names = ["b", "c", "a"]
    names.sort(reverse=True)
    pairs = [(2, x), (1, y)]
    pairs.sort(key=lambda p: p[0])
    return values[0] * values[2] - values[1] + pairs[0][1] * len(names[0]) + "abc".index(names[0]) * x


def list_searching(x, y):
    kinds = ["u", "v", "u"]
    values = [x, y, x]
    kinds.remove("v")
    where = kinds.index("u")
    return values[where] * kinds.count("u") + values.count(x) * y + (y in values) * x + (1, 2, 1).count(1) * x


def list_slices(x, y):
    values = [x, y, x * y, 2.0, x]
    values[1:3] = [y * y]
    values[::2] = [v * 2.0 for v in values[::2]]
    del values[-1]
    backward = values[::-1]
    values += (y,)
    return sum(k * v for k, v in enumerate(values)) + backward[0] * backward[1] + sum(values[-2:]) * len(values[:2])


def list_identity(x, y):
    a = [x]
    b, c = a, [x]
    b.append(y)
    return (a is b) * a[1] + (a is not c) * y * x + (c == [x]) * x + (a == c) * 5.0


def comparisons_of_tuples(x, y):
    total = x if (1, 2) < (1, 3) and (1,) < (1, 0) and not [2] < [1, 5] else y
    if (x, y) > (y, x):
        total = total * y
    return total + (y if ("a", x) == ("a", y) else x * y) + ((x, 1) <= (x, 0)) * 5.0


def truth_of_containers(x, y):
    empty: list = []
    total = (x if empty else y) * (x if {} else 2.0) * (x if "a" else y) * (y if range(0) else x)
    return total + (empty or [x])[0] + ([y] and 3.0) * y + (None or x) * (y and 2.0)


def chained_values(x, y):
    z = None
    first = z or x
    second = x and y
    third = (x > 5.0 and x) or y
    return first * second * third * (0 or y) + (not z) * x


def types_and_conversions(x, y):
    kind = type(x)
    total = kind(y) * float("2.5") + int(2.7) * x + bool(y) * y + len(str(12)) * int("3")
    if isinstance(x, numbers.Real) and not isinstance(x, (list, np.ndarray)) and type([]) is list:
        total = total * x
    if isinstance({}, collections.abc.Mapping) and isinstance((1,), collections.abc.Sequence):
        total = total + y * (kind is float) + (kind.__name__ == "float") * x
    return total


def ranges_as_values(x, y):
    steps = range(1, 7, 2)
    total = x * len(steps) * steps[1] + y * steps[-1] * (5 in steps) * (4 not in steps)
    for k in steps[1:]:
        total = total + k * x * y
    return total + steps.start * steps.step * x + list(steps)[2] * y


def slices_as_values(x, y):
    middle, even = slice(1, -1), slice(None, None, 2)
    values = [x, y, x * y, 2.0]
    return sum(values[middle]) * x + np.sum(np.array(values)[even]) * y


def text_as_data(x, y):
    weights = {word: x**k for k, word in enumerate("one,two,three".split(","))}
    total = 0.0
    for word, weight in weights.items():
        if word.startswith("t") and len(word) in (3, 5) and "w" not in word[0]:
            total = total + weight * y * word.count("e")
    return total * len("-".join(weights)) + weights["%s" % "one"] * x


def arrays_of_comprehensions(x, y):
    table = np.array([[a * b for a in (x, y)] for b in (x, 1.0)])
    rows = np.stack([np.array([v, v * v]) for v in (x, y)])
    return np.sum(table * rows) + np.sum(np.concatenate([np.array([v] * 2) for v in (x, y)])) * table[0, 0]


def index_tuples(A, y):
    total = 0.0
    for (i, j), value in np.ndenumerate(A):
        total = total + value * value * (i + 2 * j)
    for i, j in np.ndindex(A.shape):
        total = total + A[i, j] * y
    for k in np.ndindex(2, 2):
        total = total + A[k] * k[0]
    return total


def containers_made_inside_with(x, y):
    with np.errstate(divide="ignore"):
        ratios = [a / b for a, b in zip((x, y), (y, x))]
        pair = (x / y, {"k": ratios, "n": y * y})
        later = (w * y for w in (x, x * x))
        it = iter(ratios)
        first = next(it)
    return ratios[0] * pair[1]["k"][1] * pair[0] + pair[1]["n"] + sum(later) + first * next(it) * x


def lists_made_inside_with_in_a_loop(x, n):
    total = 0.0
    for k in range(n):
        with np.errstate(all="ignore"):
            parts = (x * k, [np.sin(x)])
            parts[1].append(x)
        total = total * parts[1][0] + parts[0] * parts[1][1]
    return total


def array_to_list(x):
    values = x.tolist()
    first, *rest = x.tolist()
    return sum(v * v for v in values) * first + sum(rest) + len(values)


CASES = [
    *[case(fn, 1.3, 0.7) for fn in (
        dict_update, dict_pop, dict_popitem_and_clear, dict_setdefault, dict_update_in_place, dict_deletion,
        dict_changed_in_called_function, dict_changed_in_a_branch, dict_of_other_keys, dict_of_index_pairs,
        dict_of_functions, dict_result_with_other_keys, nested_containers, dict_copies, default_dicts, counters, deques,
        sets_of_names, sets_of_numbers, list_sorting, list_searching, list_slices, list_identity,
        comparisons_of_tuples, truth_of_containers, chained_values, types_and_conversions, ranges_as_values,
        slices_as_values, text_as_data, arrays_of_comprehensions,
        containers_made_inside_with)],
    case(lists_made_inside_with_in_a_loop, 0.7, 3),
    case(dict_changed_in_a_branch, 0.7, 1.3, note="other"),
    case(dict_changed_in_a_loop, 0.7, 3),
    case(dict_argument_with_tuples_as_keys, {(0, "a"): 1.3, (1, "a"): 0.7}),
    case(deque_in_a_loop, 0.7, 4),
    case(index_tuples, spread(2, 3), 0.7),
    case(array_to_list, spread(4)),
]
