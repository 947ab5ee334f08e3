"""Loops over elements and slices that write to arrays; time loops, buffers, conditional writes."""

import numpy as np

from tests.corpus import case, positive, spread


def filled_by_element(x):
    n = len(x)
    a = np.zeros(n)
    for i in range(n):
        a[i] = np.sin(x[i]) * x[n - 1 - i]
    return a * a


def empty_filled_by_element(x):
    a = np.empty(x.shape[0])
    for i in range(x.shape[0]):
        a[i] = x[i] * x[i] * x[i]
    return a


def sum_of_elements(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    return s


def running_sum(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    return x * x


def running_product(x):
    for i in range(1, len(x)):
        x[i] = x[i - 1] * x[i] + x[0]
    return x


def recurrence_backwards(x):
    n = len(x)
    for i in range(n - 2, -1, -1):
        x[i] = x[i] * x[i + 1] - 0.5
    return x


def every_second_element(x):
    for i in range(1, len(x), 2):
        x[i] *= x[i - 1]
    return x * x


def negative_step_of_two(x):
    for i in range(len(x) - 1, 0, -2):
        x[i - 1] += x[i] * x[i]
    return x * x


def negative_indices(x):
    for i in range(1, len(x)):
        x[-i] *= x[-i - 1]
    return x


def same_element_again(x, n):
    for i in range(n):
        x[0] = x[0] * x[1] + x[2]
    return x * x


def overwritten_in_every_trip(x, n):
    a = np.zeros(3)
    for i in range(n):
        a[0] = x[0] * (i + 1)
        a[1:] = x[1:] * a[0]
    return a * x


def work_array_in_loop(x, n):
    w = np.empty(3)
    s = 0.0
    for i in range(n):
        w[:] = np.sin(x * (i + 1))
        w[1] *= w[0]
        s = s + np.sum(w * w)
    return s * x


def temporary_element(x, n):
    t = np.zeros(1)
    for i in range(n):
        t[0] = x[i] * x[i]
        x[i] = t[0] + x[i + 1]
    return x


def array_made_in_loop(x, n):
    s = x * 1.0
    for i in range(n):
        a = np.zeros(3)
        a[i % 3] = s[0] * x[1]
        a[0] += s[2]
        s = s + a * a
    return s


def array_made_again_after_use(x, n):
    a = x * x
    total = np.zeros(3)
    for i in range(n):
        a[1] *= a[0]
        total += a
        a = x * total
    return total * a


def nested_two_deep(A):
    n, m = A.shape
    for i in range(1, n):
        for j in range(m):
            A[i, j] = A[i, j] * A[i - 1, j] + A[i, j - 1]
    return A


def nested_three_deep(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for k in range(A.shape[1]):
                C[i, j] += A[i, k] * B[k, j]
    return C * C


def nested_four_deep(x, n):
    a = x * x
    for i in range(n):
        for j in range(i + 1):
            for k in range(j, n):
                for m in range(2):
                    a[(i + j + k + m) % 3] += 0.1 * a[k % 3] * x[m]
    return a


def nested_four_deep_over_matrices(A, K):
    n, m = A.shape[0] - K.shape[0] + 1, A.shape[1] - K.shape[1] + 1
    C = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            for p in range(K.shape[0]):
                for q in range(K.shape[1]):
                    C[i, j] += A[i + p, j + q] * K[p, q]
            C[i, j] = np.tanh(C[i, j])
    return C


def triangular(A):
    n = A.shape[0]
    for i in range(n):
        for j in range(i):
            A[i, j] *= A[j, i]
        for j in range(i + 1, n):
            A[i, j] -= A[i, i] * A[j, i]
    return A


def forward_substitution(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        s = b[i]
        for j in range(i):
            s -= L[i, j] * x[j]
        x[i] = s / L[i, i]
    return x


def back_substitution_in_place(U, b):
    for i in range(len(b) - 1, -1, -1):
        for j in range(i + 1, len(b)):
            b[i] -= U[i, j] * b[j]
        b[i] /= U[i, i]
    return b


def elimination(A):
    n = A.shape[0]
    for k in range(n - 1):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
    return A


def counter_as_index(A):
    n = A.shape[0]
    v = np.zeros(n * (n + 1) // 2)
    k = 0
    for i in range(n):
        for j in range(i + 1):
            v[k] = A[i, j] * A[j, i]
            k += 1
    return v


def counter_under_condition(x):
    a = np.zeros(len(x))
    k = 0
    for i in range(len(x)):
        if x[i] > 0.0:
            a[k] = x[i] * x[i]
            k += 1
    return a * x + k


def counter_downwards(x):
    a = x * x
    k = len(x)
    for v in x:
        k -= 1
        a[k] += v * a[0]
    return a


def scalars_and_arrays_carried(x, n):
    a, s, t = x * x, x[0], 0.0
    for i in range(n):
        s = s * 0.5 + a[i]
        a[i + 1] += s * t
        t = t + a[0] * s
        a = a * 0.9
    return a * s + t


def while_until_small(x):
    n = 0
    while np.sum(x * x) > 0.5:
        x *= 0.8
        x[0] += 0.1 * x[1]
        n += 1
    return x * n


def while_over_elements(x):
    i = 0
    while i < len(x) and x[i] < 1.0:
        x[i] = x[i] * x[i] + 0.3
        i += 1
    return x * x


def while_with_two_ends(x):
    lo, hi = 0, len(x) - 1
    while lo < hi:
        x[lo], x[hi] = x[hi] * x[lo], x[lo]
        lo += 1
        hi -= 1
    return x * x


def break_after_write(x):
    for i in range(1, len(x)):
        x[i] *= x[i - 1]
        if x[i] < 0.0:
            break
        x[i] += 1.0
    return x * x


def continue_before_write(x):
    for i in range(len(x)):
        if x[i] < 0.0:
            continue
        x[i] = x[i] * x[0]
    return x * x


def break_in_nested_loops(A):
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            if A[i, j] > 1.0:
                A[i, j] = A[i, 0] * 0.5
                break
            A[i, j] *= A[0, j]
        A[i, 0] += 1.0
    return A


def break_and_continue_in_nested_loops(A, limit):
    count = 0
    for i in range(A.shape[0]):
        if i == 1:
            continue
        for j in range(A.shape[1]):
            if j == 1:
                continue
            A[i, j] = A[i, j] * A[i - 1, j]
            count += 1
            if count == limit:
                break
        if count == limit:
            break
        A[i] += A[0]
    return A


def else_of_loop(x, limit):
    for i in range(len(x)):
        x[i] *= x[0]
        if x[i] > limit:
            break
    else:
        x[0] = x[1] * x[2]
    return x


def no_trip(x, n):
    y = x[0]
    for i in range(n):
        y = x[i] * x[i]
        x[i] = y
    return x * y


def defined_only_inside(x, n):
    for i in range(n):
        y = x[i] * x[i]
        w = x * y
        w[0] = y
        x[i + 1] *= y
    return x * y + w * i


def index_after_loop(x):
    i = 0
    for i in range(len(x) - 1):
        x[i] *= x[i + 1]
    x[i] += x[0] * x[0]
    return x


def index_changed_in_body(x):
    for i in range(3):
        x[i] += x[0]
        i += 1
        x[i] *= x[i - 1]
    return x


def one_step_of_empty(x, n):
    for i in range(len(x)):
        x[i] = x[i] * x[0]
    for t in range(n):
        x *= 2.0
    return np.sum(x) + 1.0


def value_set_in_some_iterations(x, flags):
    s = 0.0
    for i in range(len(x)):
        if flags[i]:
            z = x[i] * x[i]
        s = s + x[i]
        if flags[i]:
            s = s * z
    return s


def value_of_an_earlier_iteration(x, flags):
    s = 1.0
    seen = False
    for i in range(len(x)):
        if seen:
            s = s * z + x[i]  # noqa: F821
        seen = flags[i] > 0
        if seen:
            z = np.sin(x[i])  # noqa: F841
    return s


CASES = [
    case(filled_by_element, spread(4)),
    case(empty_filled_by_element, spread(4)),
    case(sum_of_elements, spread(4)),
    case(running_sum, spread(4)),
    case(running_product, spread(4)),
    case(recurrence_backwards, spread(4)),
    case(every_second_element, spread(5)),
    case(negative_step_of_two, spread(5)),
    case(negative_indices, spread(4)),
    case(same_element_again, spread(3), 3),
    case(overwritten_in_every_trip, spread(3), 3),
    case(work_array_in_loop, spread(3), 3),
    case(temporary_element, spread(4), 3),
    case(array_made_in_loop, spread(3), 4),
    case(array_made_again_after_use, spread(3), 3),
    case(nested_two_deep, spread(3, 2)),
    case(nested_three_deep, spread(2, 3), spread(3, 2)),
    case(nested_four_deep, spread(3), 3),
    case(nested_four_deep_over_matrices, spread(3, 3), spread(2, 2)),
    case(triangular, spread(3, 3)),
    case(forward_substitution, positive(3, 3), spread(3)),
    case(back_substitution_in_place, positive(3, 3), spread(3)),
    case(elimination, positive(3, 3) + 2.0 * np.eye(3)),
    case(counter_as_index, spread(3, 3)),
    case(counter_under_condition, spread(4)),
    case(counter_downwards, spread(4)),
    case(scalars_and_arrays_carried, spread(4), 3),
    case(while_until_small, spread(4)),
    case(while_over_elements, spread(4)),
    case(while_with_two_ends, spread(5)),
    case(break_after_write, spread(4)),
    case(continue_before_write, spread(4)),
    case(break_in_nested_loops, spread(3, 3)),
    case(break_and_continue_in_nested_loops, spread(4, 3), 3),
    case(break_and_continue_in_nested_loops, spread(4, 3), 99, note="never"),
    case(else_of_loop, spread(4), 0.4),
    case(else_of_loop, spread(4), 9.0, note="else"),
    case(no_trip, spread(3), 0),
    case(no_trip, spread(3), 2, note="two"),
    case(defined_only_inside, spread(4), 3),
    case(defined_only_inside, spread(4), 1, note="one"),
    case(index_after_loop, spread(4)),
    case(index_changed_in_body, spread(4)),
    case(one_step_of_empty, np.zeros(0), 3),
    case(value_set_in_some_iterations, spread(4), np.array([0, 1, 0, 1])),
    case(value_of_an_earlier_iteration, spread(4), np.array([0, 1, 1, 0])),
]
