"""Lists that change: of known length, and of a length that is known at run time only."""

import numpy as np

from tests.corpus import case, positive, spread

# Lists of known length.


def append_and_index(x, y):
    values = [x * y]
    values.append(np.sin(x))
    values.append(values[0] * values[1])
    return values[2] * y + values[-3]


def two_names(x, y):
    values = [x, y]
    same = values
    same[0] = x * y
    same.append(x + y)
    return values[0] * values[2] + values[1]


def methods(x, y):
    values = [x, y, x * y]
    values.insert(1, 2.0 * x)
    last = values.pop()
    first = values.pop(0)
    values.extend((first * last, y * y))
    values.reverse()
    del values[1]
    values += [last]
    values *= 2
    values[1:3] = [x * x]
    return sum(values) + values[0] * values[-1] + len(values) * x


def list_in_list(x, y):
    row = [x, y]
    table = [row, [y * y, x]]
    table[0][1] = x * y
    row.append(x)
    table[1][0] *= 2.0
    return table[0][1] * row[2] + table[1][0] * len(table[0])


def list_in_dict_and_tuple(x, y):
    model = {"weights": [x, y], "name": "m"}
    pair = (model["weights"], 1.0)
    model["weights"][0] = x * y
    pair[0].append(y * y)
    return model["weights"][0] * pair[0][2] + pair[0][1]


def changed_in_called_function(x, y):
    values = [x, y]
    _double_first(values)
    _double_first(values)
    return values[0] * values[1] + values[2] * values[3]


def _double_first(values):
    values.append(values[0])
    values[0] = values[0] * 2.0 + values[1]


def changed_in_branch(x, y):
    values = [x, y]
    if x > y:
        values[0] = y * y
    else:
        values[1] = x * x
        values[0] = np.sin(x)
    return values[0] * values[1]


def stencil_of_scalars(x, n):
    h = [x, 2.0 * x, x * x]
    for _ in range(n):
        h[0], h[1] = h[1] * 0.5 + h[2], h[0] + x
        h[2] = np.sin(h[2] * h[0])
    return h[0] * h[1] * h[2]


def arrays_in_a_loop(x, n):
    state = [x, np.cos(x)]
    for i in range(n):
        state[0] = state[0] + 0.1 * state[1]
        state[1] = state[1] - 0.1 * state[0] * i
    return state[0] * state[1]


def previous_list(x, n):
    current = [x, x * x]
    previous = [0.0, 1.0]
    for _ in range(n):
        following = [current[0] + 0.5 * previous[1], np.sin(current[1]) + previous[0]]
        previous = current
        current = following
    return current[0] * current[1] + previous[0] * previous[1]


def swapped_lists(x, n):
    old = [x, 2.0 * x]
    new = [0.0, 0.0]
    for _ in range(n):
        new[0] = old[1] * 0.5
        new[1] = old[0] * x
        old, new = new, old
    return old[0] * old[1]


def changed_while_running_over_it(x, y):
    values = [x, y, x * y]
    for k, v in enumerate(values):
        values[k] = v * v
        if k < 2:
            values[k + 1] = values[k + 1] + v
    return values[0] + values[1] * values[2]


# Lists of a length known at run time only.


def append_in_a_loop(x, n):
    values = []
    for t in range(n):
        v = x * (t + 1.0)
        values.append(v * v)
    return np.sum(np.array(values)) * values[-1]


def feedback(x, n):
    values = [x]
    for t in range(n):
        values.append(np.sin(values[-1]) * values[t // 2])
    total = 0.0
    for v in values:
        total += v * v
    return total


def states(x):
    hs = []
    h = x
    for t in range(x.shape[0]):
        h = np.tanh(h * x[t])
        hs.append(h)
    return np.sum(np.stack(hs) ** 2) + np.sum(hs[0]) * hs[-1]


def table_filled(x):
    n = x.shape[0]
    table = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            table[i][j] = x[i] * x[j] + (table[i - 1][j] if i > 0 else 0.0)
    return table[n - 1][0] * table[0][n - 1]


def comprehension(x):
    values = [x[k] ** 2 for k in range(x.shape[0])]
    values[0] = values[1] * values[0]
    last = values.pop()
    return sum(values) * len(values) + last


def comprehension_with_condition(x):
    values = [v * v for v in x if v > 0.0]
    return sum(values) + 2.0 * values[0]


def layers(x, params):
    n = params.shape[0] // 2
    hidden = [params[2 * i] for i in range(n)]
    cell = [params[2 * i + 1] for i in range(n)]
    total = 0.0
    for t in range(x.shape[0]):
        v = x[t]
        for i in range(n):
            hidden[i], cell[i] = np.tanh(hidden[i] * v) + cell[i], cell[i] * hidden[i]
            v = hidden[i]
        total = total + np.sum(v * v)
    return total


def parents(theta, tree):
    absolutes = []
    for i in range(tree.shape[0]):
        rel = np.array([[np.cos(theta[i]), -np.sin(theta[i])], [np.sin(theta[i]), np.cos(theta[i])]])
        parent = tree[i]
        absolutes.append(rel if parent == -1 else absolutes[parent] @ rel)
    return np.stack([absolutes[i] * theta[i] for i in range(tree.shape[0])])


def grows_in_a_branch(x):
    values = [x[0]]
    for v in x:
        if v > 0.0:
            values.append(v * values[-1])
    return values[-1] + len(values) * values[0]


def stack_machine(x):
    stack = []
    for v in x:
        stack.append(v)
        if v < 0.0:
            b = stack.pop()
            if len(stack) > 0:
                a = stack.pop()
                stack.append(a * b)
            else:
                stack.append(b * b)
    total = 0.0
    while len(stack) > 0:
        total = total + stack.pop() * len(stack)
    return total


def rows_of_lists(x):
    rows = []
    for i in range(x.shape[0]):
        row = []
        for j in range(i + 1):
            row.append(x[i] * x[j])
        rows.append(row)
    total = 0.0
    for row in rows:
        total = total + row[0] * row[-1] + sum(row)
    return total


def items_that_are_arrays(x):
    rows = [x * (k + 1.0) for k in range(x.shape[0])]
    for i in range(x.shape[0]):
        rows[i][0] = x[1] * i
        rows[i] += x
        rows[i][1] *= 2.0
    return np.vstack(rows)


def put_together(x):
    parts = []
    for k in range(1, x.shape[0] + 1):
        parts.append(x[:k] * k)
    return np.concatenate(parts)


def joined_lists(x, n):
    first = [x * k for k in range(n)]
    second = [x * x] * 2
    both = first + second
    both.extend(second)
    del both[0]
    both.insert(0, x)
    middle = both[1:-1]
    return np.array(both + middle)


def indexed_at_run_time(x, order):
    values = [x * x, np.sin(x), 3.0 * x]
    total = 0.0
    for k in order:
        total = total * x + values[k]
        values[k] = values[k] * 0.5
    return total


def smallest_and_largest(x, n):
    values = [np.sin(x)]
    for i in range(n):
        values.append(values[-1] * (i - 0.5))
    return max(values) - 2.0 * min(values)


def arrays_handed_to_numpy(x, n):
    rows = [x * (i + 1.0) for i in range(n)]
    return np.linalg.norm(rows) + np.max(rows) + np.dot(rows, x)[0] * np.transpose(rows)[0, 1]


def list_made_on_one_path(c, x, n, depth):
    if depth > 0:
        return list_made_on_one_path(c, x * 0.5, n, depth - 1)
    if n < 0:
        return 0.0 * x
    d = [c[j] for j in range(n + 1)]
    for r in range(1, n + 1):
        for j in range(n, r - 1, -1):
            d[j] = (1.0 - x) * d[j - 1] * d[j] + x * d[j]
    return d[n]


x, y = 0.7, 1.3
CASES = [
    *(case(f, x, y) for f in (append_and_index, two_names, methods, list_in_list, list_in_dict_and_tuple,
                              changed_in_called_function, changed_in_branch, changed_while_running_over_it)),
    case(append_and_index, positive(3), spread(3), note="arrays"),
    case(changed_in_branch, 1.5, 0.2, note="then"),
    *(case(f, x, 3, wrt=0) for f in (stencil_of_scalars, previous_list, swapped_lists, append_in_a_loop, feedback,
                                     joined_lists, smallest_and_largest)),
    case(arrays_handed_to_numpy, spread(3), 3, wrt=0),
    case(arrays_in_a_loop, spread(3), 3, wrt=0),
    *(case(f, spread(4)) for f in (states, table_filled, comprehension, comprehension_with_condition,
                                   grows_in_a_branch, stack_machine, rows_of_lists, items_that_are_arrays,
                                   put_together)),
    case(layers, spread(3, 2), spread(4, 2)),
    case(parents, spread(5), np.array([-1, 0, 1, 0, 3])),
    case(list_made_on_one_path, spread(4), x, 3, 1, wrt=(0, 1)),
    case(list_made_on_one_path, spread(4), x, -1, 1, wrt=(0, 1), note="other"),
    case(indexed_at_run_time, x, np.array([0, 2, 1, 2]), wrt=0),
]
