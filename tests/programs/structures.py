"""Tuples, lists and dicts."""

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


def dict_argument(x, model):
    y = np.tanh(model["weights"] @ x + model["bias"])
    if model["is_mirrored"]:
        y = y * np.array([-1.0, 2.0])
    if model["mode"] == "scaled":
        y = y * model["scale"]
    return np.sum(y)


def dict_variable(model, x):
    return np.sum(np.sin(model["W"] @ x) * model["b"]) * model["scale"]


def dict_result(x, y):
    return {"product": x * y, "parts": (np.sin(x), {"second": y * y})}


def dict_display(x, y):
    d = {"a": x * y, **{"b": x, "a": y}}
    e = dict(d, c=3.0) | {"b": x * x}
    return d["a"] * e["b"] + e["c"] * len(e) * x


def dict_reads(d):
    total = d.get("a", 5.0) * d.get("missing", 7.0)
    if "b" in d and "missing" not in d:
        total = total * d["b"]
    return total


def dict_loops(d):
    total = 0.0
    for key in d:
        total = total + d[key] * d[key]
    for value in d.values():
        total = total * value
    for k, (key, value) in enumerate(d.items()):
        total = total + k * value
    return total + sum(d[key] for key in d.keys())


def dict_comprehension(d):
    squares = {key: value * value for key, value in d.items()}
    return squares["a"] * squares["b"] + sum(squares.values())


def list_of_dicts(layers, x):
    for p in layers:
        x = np.tanh(p["W"] @ x + p["b"])
    return np.sum(x)


def dict_carried_by_loop(d, n):
    for i in range(n):
        d = {"a": d["a"] * d["b"], "b": np.sin(d["a"])}
    return d["a"]


def dict_on_two_paths(x, y):
    d = {"a": x, "b": y}
    if x > y:
        d = {"a": y, "b": x * y}
    return d["a"] * d["b"]


def dict_keys_by_number(d, k):
    return d[k] * d[0] + d["name"]


def _power_sums(p, order):
    total = 0.0
    for k in range(order):
        if total > 1e6:
            return {"total": total, "square": total}
        total = total + p["x"] ** 2 * (k + p["b"])
    return {"total": total, "square": total * total}


def dict_to_and_from_a_function(p, order):
    found = _power_sums(p, order)
    return found["total"] * found["square"]


def _halved(d, n):
    if n == 0:
        return d
    return _halved({"a": d["a"] * d["b"], "b": 0.5 * d["b"]}, n - 1)


def dict_in_a_recursion(d, n):
    return _halved(d, n)["a"]


def _weighted(x, y, weight=2.0):
    return x * x + weight * y


def dict_of_keyword_arguments(x, y):
    return _weighted(**{"x": x, "y": y}) + _weighted(x, **{"y": x, "weight": y})


def dict_item_assignment(x, y):
    d = {"a": x}
    same = d
    d["b"] = x * y
    d["a"] *= y
    view = d.values()
    same["a"] = d["a"] + x
    copied = d.copy()
    copied["b"] = 0.0
    return d["a"] * d["b"] + sum(view) + copied["a"]


def dict_item_assignment_on_a_path(x, y):
    d = {"a": x, "b": y}
    same = d
    if x < y:
        d["a"] = x * y
    return same["a"] * d["b"]


def array_in_a_dict_that_changes(x, y):
    d = {"work": np.zeros(3)}
    work = d["work"]
    d["work"][1:] = x
    work[0] = np.sum(d["work"]) * y
    d["work"] += y
    return np.sum(work ** 2)


def list_item_assignment_on_a_path(x, y):
    a = [x, y]
    same = a
    if x < y:
        a[0] = 3.0 * x
    return same[0] * a[0] + a[1]


def list_copied(x, y):
    a = [x, y]
    b = a.copy()
    b[0] = 3.0 * x
    return a[0] * b[0] + y


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
    case(dict_argument, spread(3), {"weights": spread(2, 3), "bias": spread(2), "is_mirrored": np.bool_(True),
                                    "mode": "scaled", "scale": 0.5, "index": np.arange(3)}, wrt=0),
    case(dict_argument, spread(3), {"weights": spread(2, 3), "bias": spread(2), "is_mirrored": False, "mode": None,
                                    "scale": 0.5}, wrt=0, note="other"),
    case(dict_argument, spread(3), {"weights": spread(2, 3), "bias": spread(2), "is_mirrored": np.array(True),
                                    "mode": "", "scale": 1}, wrt=0, note="array"),
    case(dict_variable, {"W": spread(2, 3), "b": spread(2), "scale": 0.7}, spread(3)),
    case(dict_result, 0.7, 1.3),
    case(dict_result, spread(3), positive(3), note="arrays"),
    case(dict_display, 0.7, 1.3),
    case(dict_reads, {"a": 0.7, "b": 1.3}),
    case(dict_loops, {"a": 0.7, "b": 1.3, "c": 0.4}),
    case(dict_comprehension, {"a": 0.7, "b": 1.3}),
    case(list_of_dicts, [{"W": spread(2, 3), "b": spread(2)}, {"W": spread(3, 2), "b": spread(3)}], spread(3)),
    case(dict_carried_by_loop, {"a": 0.7, "b": 1.3}, 3),
    case(dict_on_two_paths, 0.7, 1.3),
    case(dict_on_two_paths, 1.3, 0.7, note="other"),
    case(dict_keys_by_number, {0: 0.7, 3: 1.3, "name": 0.2}, 3),
    case(dict_to_and_from_a_function, {"x": 0.7, "b": 0.5}, 3),
    case(dict_in_a_recursion, {"a": 0.7, "b": 1.3}, 3),
    case(dict_of_keyword_arguments, 0.7, 1.3),
    case(dict_item_assignment, 0.7, 1.3),
    case(dict_item_assignment_on_a_path, 0.7, 1.3),
    case(dict_item_assignment_on_a_path, 1.3, 0.7, note="other"),
    case(array_in_a_dict_that_changes, spread(2), 1.3),
    case(list_item_assignment_on_a_path, 0.7, 1.3),
    case(list_item_assignment_on_a_path, 1.3, 0.7, note="other"),
    case(list_copied, 0.7, 1.3),
]
