"""Lists of numbers that grow and change."""

import numpy as np

from tests.corpus import case, spread


def append_in_loop(x, n):
    ys = []
    for i in range(n):
        ys.append(np.sin(x * (i + 1)))
    return sum(ys) * x


def append_and_last(x, n):
    ys = [x]
    for i in range(n):
        ys.append(np.sin(ys[-1]) * x)
    return ys[-1] * ys[0]


def append_and_item_before(x, n):
    ys = [x, x * x]
    for i in range(2, n):
        ys.append(ys[i - 1] * x + 0.5 * ys[i - 2])
    return ys[n - 1] * ys[-2]


def item_by_argument(x, n, k):
    ys = []
    for i in range(n):
        ys.append(x * i + x * x)
    return ys[k] * ys[-k - 1]


def length(x, n):
    ys = []
    for i in range(n):
        ys.append(x * len(ys))
    return ys[len(ys) - 1] * len(ys) + ys[len(ys) // 2]


def item_assigned(x, n):
    ys = []
    for i in range(n):
        ys.append(x * (i + 1))
    ys[0] = ys[1] * ys[2]
    ys[-1] = ys[0] * x
    return sum(ys) * ys[0]


def item_assigned_in_loop(x, n):
    ys = [0.0] * n
    ys[0] = x
    for i in range(1, n):
        ys[i] = np.sin(ys[i - 1]) + x * i
    return ys[n - 1] * ys[n // 2]


def item_augmented_in_loop(x, n):
    ys = [x] * n
    for i in range(1, n):
        ys[i] *= ys[i - 1]
        ys[i] += 0.5 * x
    return sum(ys)


def items_swapped(x, n):
    ys = []
    for i in range(n):
        ys.append(x**i)
    for i in range(n // 2):
        ys[i], ys[n - 1 - i] = ys[n - 1 - i], ys[i]
    return ys[0] * ys[1] + ys[2]


def to_array(x, n):
    ys = []
    for i in range(n):
        ys.append(np.cos(x * i))
    a = np.array(ys)
    return a * a * x


def to_array_written_to(x, n):
    ys = [x]
    for i in range(n):
        ys.append(ys[i] * x)
    a = np.array(ys)
    a[1:] *= a[0]
    ys[0] = 5.0
    return a * ys[0]


def result_is_an_array_of_empty_list(x, n):
    ys = []
    for i in range(n):
        ys.append(x)
    return x * x + np.sum(np.array(ys))


def loop_over_list(x, n):
    ys = []
    for i in range(n):
        ys.append(np.sin(x + i))
    s = 0.0
    for y in ys:
        s = s * x + y * y
    return s


def loop_over_list_backwards(x, n):
    ys = []
    for i in range(n):
        ys.append(x * (i + 1))
    s = x
    for y in reversed(ys):
        s = np.sin(s * y)
    return s


def loop_over_two_lists(x, n):
    ys, zs = [], []
    for i in range(n):
        ys.append(x * i)
        zs.append(np.cos(x * i))
    s = 0.0
    for k, (y, z) in enumerate(zip(ys, zs)):
        s = s + k * y * z
    return s


def append_in_branches(x):
    low, high = [0.5], [0.5]
    for v in x:
        if v > 0.0:
            high.append(v * v)
        else:
            low.append(v * high[-1])
    return sum(low) * sum(high)


def append_in_while(x):
    ys = [x]
    while ys[-1] < 20.0:
        ys.append(ys[-1] * 1.5 + x)
    return ys[-1] * ys[1] / len(ys)


def append_until_break(x, n):
    ys = []
    for i in range(n):
        if len(ys) == 3:
            break
        if i == 1:
            continue
        ys.append(x * (i + 1))
    return ys[0] * ys[-1]


def append_in_nested_loops(x, n):
    ys = []
    for i in range(n):
        zs = [x]
        for j in range(i):
            zs.append(zs[-1] * x + j)
        ys.append(sum(zs))
    return np.array(ys) * x


def pop_last(x, n):
    ys = []
    for i in range(n):
        ys.append(np.sin(x * (i + 1)))
    last = ys.pop()
    return last * ys[-1] + len(ys) * x


def pop_in_loop(x, n):
    ys = []
    for i in range(n):
        ys.append(x * (i + 1))
    s = x
    while ys:
        s = np.sin(s * ys.pop())
    return s


def stack_machine(x, y, program):
    stack = []
    for op in program:
        if op == 0:
            stack.append(x)
        elif op == 1:
            stack.append(y)
        else:
            b = stack.pop()
            a = stack.pop()
            stack.append(a * b + a if op == 2 else a - b)
    return stack[0]


def extend(x, n):
    ys = [x]
    for i in range(n):
        ys.extend([x * i, ys[-1] * x])
    return sum(ys) * ys[3]


def extend_by_list(x, n):
    ys, zs = [x], []
    for i in range(n):
        zs.append(x * (i + 1))
    ys.extend(zs)
    zs[0] = 7.0
    return sum(ys) * ys[1] * zs[0]


def extend_by_augmented_assignment(x, n):
    ys = [x]
    zs = ys
    for i in range(n):
        ys += [ys[-1] * x]
    return zs[-1] * len(zs)


def two_names(x, n):
    ys = [x]
    zs = ys
    for i in range(n):
        zs.append(ys[i] * x + 1.0)
    ys[0] = zs[1] * x
    return zs[0] * ys[-1]


def copied_list_is_apart(x, n):
    ys = [x]
    for i in range(n):
        ys.append(x * ys[-1])
    zs = list(ys)
    zs[0] = zs[1] * zs[2]
    ys[1] = zs[0]
    return ys[0] * zs[1] + ys[1] * zs[0]


def slice_of_list(x, n):
    ys = [x]
    for i in range(n):
        ys.append(x * ys[-1])
    zs = ys[1:]
    zs[0] = x + 1.0
    return sum(zs) * ys[1]


def comprehension_over_range(x, n):
    ys = [np.sin(x * i) for i in range(1, n)]
    return sum(ys) * ys[0]


def comprehension_over_array(x):
    ys = [v * v for v in x]
    return np.array(ys) * x


def comprehension_with_condition(x):
    ys = [v * v * v for v in x if v > 0.0]
    return sum(ys) * x[0]


def comprehension_nested(x, n):
    M = [[x * i + j for j in range(n)] for i in range(n)]
    return M[1][0] * M[0][1] + M[n - 1][n - 1] * x


def comprehension_over_rows(A):
    norms = [np.sum(row * row) for row in A]
    return np.array(norms) * A[:, 0]


def comprehension_over_list(x, n):
    ys = [x * i for i in range(n)]
    zs = [y * y + x for y in ys]
    return sum(zs)


def sum_of_generator(x, n):
    return sum(x**i for i in range(n)) * x


def list_of_lists(x, n):
    M = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            M[i][j] = x * (i + 1) + np.sin(x * j)
    s = 0.0
    for i in range(n):
        s = s + M[i][n - 1 - i] * M[0][i]
    return s


def list_of_lists_recurrence(x, y, n):
    M = [[x] * n for _ in range(n)]
    for i in range(1, n):
        for j in range(1, n):
            M[i][j] = M[i - 1][j] * y + M[i][j - 1] * M[i - 1][j - 1]
    return M[n - 1][n - 1]


def list_of_lists_appended(x, n):
    rows = []
    for i in range(n):
        r = []
        for j in range(n):
            r.append(x * i + x * x * j)
        rows.append(r)
    return np.array(rows)


def list_of_lists_to_array(A):
    n, m = A.shape
    B = [[0.0] * n for _ in range(m)]
    for i in range(n):
        for j in range(m):
            B[j][i] = A[i, j] * A[i, j]
    return np.array(B)


CASES = [
    case(append_in_loop, 0.7, 4),
    case(append_in_loop, 0.7, 0, note="no_trip"),
    case(append_and_last, 0.7, 4),
    case(append_and_last, 0.7, 0, note="no_trip"),
    case(append_and_item_before, 0.7, 5),
    case(item_by_argument, 0.7, 4, 1),
    case(length, 0.7, 4),
    case(item_assigned, 0.7, 4),
    case(item_assigned_in_loop, 0.7, 4),
    case(item_augmented_in_loop, 0.7, 4),
    case(items_swapped, 0.7, 5),
    case(to_array, 0.7, 4),
    case(to_array_written_to, 0.7, 3),
    case(result_is_an_array_of_empty_list, 0.7, 0),
    case(result_is_an_array_of_empty_list, 0.7, 2, note="two"),
    case(loop_over_list, 0.7, 4),
    case(loop_over_list_backwards, 0.7, 4),
    case(loop_over_two_lists, 0.7, 4),
    case(append_in_branches, spread(5)),
    case(append_in_while, 0.7),
    case(append_until_break, 0.7, 6),
    case(append_in_nested_loops, 0.7, 4),
    case(pop_last, 0.7, 4),
    case(pop_in_loop, 0.7, 4),
    case(stack_machine, 0.7, 1.3, np.array([0, 1, 2, 0, 3, 1, 2])),
    case(extend, 0.7, 3),
    case(extend_by_list, 0.7, 3),
    case(extend_by_augmented_assignment, 0.7, 3),
    case(two_names, 0.7, 3),
    case(copied_list_is_apart, 0.7, 3),
    case(slice_of_list, 0.7, 3),
    case(comprehension_over_range, 0.7, 4),
    case(comprehension_over_array, spread(4)),
    case(comprehension_with_condition, spread(4)),
    case(comprehension_nested, 0.7, 3),
    case(comprehension_over_rows, spread(3, 2)),
    case(comprehension_over_list, 0.7, 4),
    case(sum_of_generator, 0.7, 4),
    case(list_of_lists, 0.7, 3),
    case(list_of_lists_recurrence, 0.7, 1.1, 3),
    case(list_of_lists_appended, 0.7, 3),
    case(list_of_lists_to_array, spread(2, 3)),
]
