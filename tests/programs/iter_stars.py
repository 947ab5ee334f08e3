"""Stars in parameters, calls, displays and targets."""

import numpy as np

from tests.corpus import case, positive, spread


def _scaled_sum(x, *terms, scale=1.0, **weights):
    total = x * scale
    for term in terms:
        total = total + term * weights.get("w", 2.0)
    return total


def positional_parameters(x, y):
    return _scaled_sum(x, y, x * y) * _scaled_sum(y)


def keyword_parameters(x, y):
    return _scaled_sum(x, y, w=x) + _scaled_sum(y, scale=x, other=3.0)


def call_with_star(x, y):
    values = [x * y, np.sin(x)]
    pair = (y, x)
    return _scaled_sum(x, *values, y, *pair)


def call_with_range_and_zip(x, y):
    return _scaled_sum(x, *range(3)) + _scaled_sum(*[a * b for a, b in zip((x, y), (y, y))])


def call_with_generator(x, y):
    return _scaled_sum(*(v * v for v in (x, y, x * y)))


def call_with_array(x):
    first, second = np.stack([x * x, np.sin(x)])
    return np.sum(_scaled_sum(*np.array([first[0], second[0], first[1]])))


def call_with_double_star(x, y):
    options = {"scale": y, "w": x}
    return _scaled_sum(x, y, **options) + _scaled_sum(x, y, **{"scale": x}, **{"w": y})


def call_with_dict_of_strings(x, y):
    names = dict(zip("ab", (x, y)))
    return sum(names[key] * k for k, key in enumerate([*names], 1))


def _counted(*args, **kwargs):
    return len(args) * args[0] + len(kwargs) * args[-1]


def lengths_of_parameters(x, y):
    return _counted(x, y, 1.0) * _counted(y) + _counted(x, a=1.0, b=y)


def _passes_on(f, *args, **kwargs):
    return f(*args, **kwargs) * 2.0


def parameters_passed_on(x, y):
    return _passes_on(_scaled_sum, x, y, scale=y, w=x) + _passes_on(lambda *a: a[0] * a[1], x, y)


def _keyword_only(x, *, power, offset=0.5):
    return x**power + offset * x


def keyword_only_parameters(x, y):
    return _keyword_only(x, power=3) * _keyword_only(y, offset=x, power=2)


def _positional_only(x, y=2.0, /, **others):
    return x * y + others.get("x", 1.0) * x


def positional_only_parameters(x, y):
    return _positional_only(x, x=y) + _positional_only(y, x)


def _recursive(depth, x, *rest):
    if depth == 0:
        return x * sum(rest)
    first, *others = rest
    return _recursive(depth - 1, np.sin(x), *others, first * depth) + x


def recursion_with_stars(x, y):
    return _recursive(3, x, y, x * y)


def _long(x, *others, **named):
    total = x
    if x > 10.0:
        total = total + 1.0
    if x > 11.0:
        total = total + 1.0
    if x > 12.0:
        total = total + 1.0
    for k in range(3):
        total = total * others[0] + np.sin(total) * k
        if total > 100.0:
            total = total - 1.0
            break
    for value in named.values():
        total = total * value
    for other in others[1:]:
        if other > 3.0:
            return total
        total = total - other * x
    return total


def called_function_of_its_own(x, y):
    return _long(x, y, x * y, a=y) + _long(y, x)


def nested_function_with_stars(x, y):
    def weighted(first, *rest, w):
        return first * w + sum(r * r for r in rest)

    return weighted(x, y, x * y, w=y) + weighted(y, w=x)


def starred_target(x, y):
    first, *middle, last = x, y, x * y, y * y
    return first * middle[0] + middle[1] * last * len(middle)


def starred_target_empty(x, y):
    a, b, *rest = x * y, y
    return a * b + len(rest) * x


def starred_target_of_array(x):
    first, *rest = x
    total = first * first
    for r in rest:
        total = total + first * r
    return total * len(rest) + rest[-1]


def starred_target_in_the_middle_of_array(x):
    first, *middle, last = x * x
    return first * last + sum(middle)


def starred_target_of_rows(A):
    first, *others = A
    return np.sum(first * others[0]) + np.sum(np.sin(others[1]))


def starred_target_nested(x, y):
    (a, *b), *c = (x, y, x * y), y, x
    return a * b[1] * c[0] + b[0] * c[1]


def starred_target_in_for(x, y):
    total = 0.0
    for weight, *values in ((1.0, x, y), (2.0, y * y), (x, x, x, y)):
        total = total + weight * sum(values) + len(values) * y
    return total


def starred_target_of_growing_list(x):
    ys = []
    for v in x:
        if v > 0.0:
            ys.append(v * v)
    first, second, *rest = ys
    return first * second + sum(rest) * first


def two_names_of_growing_list(x):
    ys = []
    for v in x:
        if v > 0.0:
            ys.append(np.sin(v))
    a, b, c = ys
    return a * b - c


def starred_list_is_its_own(x, y):
    values = [x, y, x * y]
    first, *rest = values
    rest[0] = first * 3.0
    rest.append(y)
    return values[1] * rest[0] + rest[2]


def starred_displays(x, y):
    pair, more = (x, y), [x * y]
    values = [*pair, *more, y]
    triple = (*more, *values[:2])
    return values[2] * values[3] * triple[1] + triple[0] * len(values)


def starred_display_of_array(x):
    values = [1.0, *x, x[0] * x[1]]
    total = 0.0
    for a, b in zip(values, values[1:]):
        total = total + a * b
    return total


def starred_display_of_dicts(x, y):
    base = {"a": x, "b": y}
    d = {**base, "b": x * y, **{"c": y}}
    return d["a"] * d["b"] + d["c"] * base["b"]


def tuple_from_star_of_dict(x, y):
    d = {"a": x * y, "b": y}
    (*keys,) = d
    return d[keys[0]] * d[keys[1]] * len(keys)


CASES = [
    *[case(fn, 1.3, 0.7) for fn in (
        positional_parameters, keyword_parameters, call_with_star, call_with_range_and_zip, call_with_generator,
        call_with_double_star, call_with_dict_of_strings, lengths_of_parameters, parameters_passed_on,
        keyword_only_parameters, positional_only_parameters, recursion_with_stars,
        called_function_of_its_own, nested_function_with_stars, starred_target, starred_target_empty,
        starred_target_nested, starred_target_in_for, starred_list_is_its_own, starred_displays,
        starred_display_of_dicts, tuple_from_star_of_dict)],
    case(call_with_array, spread(3)),
    case(starred_target_of_array, spread(4)),
    case(starred_target_in_the_middle_of_array, spread(5)),
    case(starred_target_in_the_middle_of_array, spread(2), note="nothing between"),
    case(starred_target_of_rows, spread(3, 2)),
    case(starred_target_of_growing_list, positive(4)),
    case(two_names_of_growing_list, positive(3)),
    case(starred_display_of_array, spread(3)),
]
