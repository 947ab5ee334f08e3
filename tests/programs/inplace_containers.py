"""Arrays in lists, tuples and dicts: carried through time, stacked, written to through the container."""

import numpy as np

from tests.corpus import case, positive, spread


def arrays_through_time(x, n):
    states = [x]
    for i in range(n):
        states.append(states[-1] + 0.1 * np.sin(states[-1]) * x)
    return states[-1] * states[1]


def arrays_stacked(x, n):
    states = []
    for i in range(n):
        x = np.cos(x) * x
        states.append(x)
    return np.stack(states)


def arrays_to_array(x, n):
    rows = [x]
    for i in range(n):
        rows.append(rows[-1][::-1] * x)
    A = np.array(rows)
    A[0] *= A[-1]
    return A


def arrays_summed(x, n):
    parts = []
    for i in range(n):
        parts.append(np.sin(x * i) * x)
    return sum(parts) * x


def arrays_of_copies(x, n):
    states = []
    a = x * x
    for i in range(n):
        a[1:] += a[:-1] * x[0]
        states.append(a.copy())
    return states[0] * states[n - 1] * a


def arrays_concatenated(x, n):
    parts = []
    for i in range(n):
        parts.append(x[:2] * i + x[1:])
    return np.concatenate(parts)


def rows_of_matrix_in_list(A):
    rows = []
    for row in A:
        rows.append(row * row)
    return np.array(rows) * A


def array_in_list_written_through_it(x):
    a, b = x * x, 3.0 * x
    both = [a, b]
    both[0][1] = b[0] * x[2]
    both[1] *= both[0]
    return a * b


def array_in_tuple_written_through_it(x):
    a = x * x
    t = (a, a[1:])
    t[0][0] = x[1] * x[2]
    t[1][:] *= a[0]
    return a * x


def arrays_in_list_loop(x):
    a, b = x * x, 3.0 * x
    for w in [a, b]:
        w[0] *= w[1]
        w += x
    return a * b


def list_argument_with_arrays(p, x):
    W, b = p
    W[0] *= x
    b += W @ x
    p[1][0] *= 2.0
    return b * b


def list_item_replaced(x):
    p = [x * x, x]
    p[0] = p[0] * p[1]
    p[1] = p[0] + 1.0
    return p[0] * p[1]


def dict_of_arrays(x):
    state = {"a": x * x, "b": 2.0 * x}
    state["a"][0] = state["b"][1] * x[2]
    state["b"] += state["a"]
    return state["a"] * state["b"]


def halve(state):
    state["u"] *= 0.5
    state["f"][1:] = state["u"][:-1] * state["u"][1:]
    state["n"] += 1


def dict_passed_in_loop(x, steps):
    u = x * 1.0
    state = {"u": u, "f": np.zeros_like(x), "n": 0}
    for i in range(steps):
        halve(state)
        u += state["f"]
    return u * state["n"]


def dict_of_numbers_in_loop(x, n):
    state = {"q": x, "p": 0.5 * x}
    for i in range(n):
        state["q"] = state["q"] + 0.1 * state["p"]
        state["p"] -= 0.1 * np.sin(state["q"])
    return state["q"] * state["p"]


CASES = [
    case(arrays_through_time, spread(3), 3),
    case(arrays_stacked, spread(3), 3),
    case(arrays_to_array, spread(3), 2),
    case(arrays_summed, spread(3), 3),
    case(arrays_of_copies, spread(3), 3),
    case(arrays_concatenated, spread(3), 3),
    case(rows_of_matrix_in_list, spread(3, 2)),
    case(array_in_list_written_through_it, spread(3)),
    case(array_in_tuple_written_through_it, spread(3)),
    case(arrays_in_list_loop, spread(3)),
    case(list_argument_with_arrays, [spread(2, 3), positive(2)], spread(3)),
    case(list_item_replaced, spread(3)),
    case(dict_of_arrays, spread(3)),
    case(dict_passed_in_loop, spread(3), 2),
    case(dict_of_numbers_in_loop, 0.7, 3),
]
