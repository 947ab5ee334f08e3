"""Arrays changed in called functions: with and without result, through views, under several names, recursively."""

import numpy as np

from tests.corpus import case, positive, spread

STEP = 0.1


def scale(a, s):
    a *= s


def scale_and_sum(a, s):
    a *= s
    return np.sum(a)


def rebind(a, s):
    a = a * s
    a[0] = s
    return a


def set_first(a, v):
    a[0] = v


def clear_first(a):
    first = a[0]
    a[0] = 0.0
    return first


def add_into(a, b):
    a[1:] += b[1:] * a[0]
    b[0] *= a[1]


def without_result(x, s):
    scale(x, s)
    return x * x


def with_result(x, s):
    total = scale_and_sum(x, s)
    return x * total


def result_not_used(x, s):
    a = x * x
    scale_and_sum(a, s)
    scale_and_sum(a, 2.0)
    return a * x


def rebinding_changes_nothing(x, s):
    y = rebind(x, s)
    return x * y


def element_set_by_helper(x):
    a = np.sin(x)
    set_first(a, a[1] * x[2])
    set_first(a, a[0] * a[0])
    return a * x


def value_before_the_call(x):
    first = x[0] * x[1]
    old = clear_first(x)
    return x * first + old * old


def called_in_expression(x):
    return clear_first(x) * x[1] + x * clear_first(x) + np.sum(x)


def view_passed(x, s):
    scale(x[1:], s)
    scale(x[::2], x[1])
    return x * x


def row_passed(A, s):
    scale(A[0], s)
    set_first(A[1], A[0, 1] * A[0, 0])
    return A * A


def column_passed(A, s):
    scale(A[:, 0], s)
    set_first(A.T[1], A[0, 0] * s)
    return A * A


def transposed_passed(A):
    set_first(A.T, A[:, 1] * A[0, 0])
    return A * A


def index_array_passed_is_a_copy(x, s):
    scale(x[np.array([0, 2])], s)
    total = scale_and_sum(x[x > 0.0], s)
    return x * total


def passed_twice(x):
    a = x * x
    add_into(a, a)
    return a * x


def views_of_one_array_passed(x):
    add_into(x[1:], x[:-1])
    return x * x


def two_names_of_overlapping_views(x):
    add_into(x[:-1], x[1:])
    add_into(x[::-1], x)
    return x * x


def two_arrays_passed(x, y):
    add_into(x, y)
    add_into(y, x)
    return x * y


def identity(a):
    return a


def middle(a):
    return a[1:-1]


def fresh(a):
    return a * 1.0


def result_is_the_argument(x):
    a = x * x
    b = identity(a)
    b[0] = a[1] * x[2]
    a[1] = b[0] * b[2]
    return a * b


def result_is_a_view(x):
    v = middle(x)
    v *= x[0]
    x[1] += v[1]
    return x * x


def result_is_fresh(x):
    a = x * x
    b = fresh(a)
    b[0] = a[1] * x[2]
    a[1] = b[0]
    return a * b


def changed_and_returned(a, s):
    a[0] *= s
    a += s
    return a


def result_is_the_changed_argument(x, s):
    y = changed_and_returned(x, s)
    y[1] *= x[0]
    return changed_and_returned(x * y, s) * x


def inner_step(u, f):
    f[1:-1] = u[1:-1] * (u[2:] - u[:-2])


def step(u, f):
    inner_step(u, f)
    u += STEP * f


def helpers_of_helpers(x, n):
    f = np.zeros(5)
    for i in range(n):
        step(x, f)
    return x * x


def relax(a, rhs, sweeps):
    for k in range(sweeps):
        for i in range(1, len(a) - 1):
            a[i] = 0.5 * (a[i - 1] + a[i + 1]) + rhs[i] * a[i]


def loop_in_helper(x, y):
    relax(x, y, 2)
    relax(x, x, 1)
    return x * x


def advance(u, new, s=0.5, shift=1):
    new[shift:] = s * u[:-shift] + u[shift:] * u[shift:]
    new[:shift] = u[:shift]


def keywords_and_defaults(x):
    a = np.zeros(5)
    advance(x, a)
    advance(new=x, u=a, shift=2)
    advance(a, x, s=x[0])
    return x


def leave_early(a, limit):
    for i in range(len(a)):
        a[i] = a[i] * a[0]
        if a[i] > limit:
            return i
    a[0] = limit
    return -1


def early_return_in_helper(x, limit):
    k = leave_early(x, limit)
    x[k] += x[1]
    return x * x


def change_if_positive(a, s):
    if s > 0.0:
        a[0] = s * a[1]
        return s * s
    a[1:] *= s
    return s


def conditional_write_in_helper(x, s):
    r = change_if_positive(x, s)
    r += change_if_positive(x, -s)
    return x * r


def fill_from(a, x, k):
    if k == len(a):
        return
    a[k] = x[k] * a[k - 1] + x[0]
    fill_from(a, x, k + 1)


def recursion_with_work_array(x):
    a = x * x
    fill_from(a, x, 1)
    return a * a


def scan(a, lo, hi):
    if hi - lo < 2:
        return
    mid = (lo + hi) // 2
    scan(a, lo, mid)
    scan(a, mid, hi)
    for i in range(mid, hi):
        a[i] += a[mid - 1] * 0.5


def recursion_by_halves(x):
    scan(x, 0, len(x))
    return x * x


def product_below(a, k):
    if k < 0:
        return 1.0
    a[k] *= 1.5
    return a[k] * product_below(a, k - 1)


def recursion_with_result(x):
    p = product_below(x, 2)
    return x * p


def append_powers(ys, x, n):
    for i in range(n):
        ys.append(ys[-1] * x)


def list_passed(x, n):
    ys = [x]
    append_powers(ys, x, n)
    append_powers(ys, ys[0], 1)
    return sum(ys) * ys[-1]


def update_pair(pair, s):
    q, p = pair
    q += s * p
    p -= s * np.sin(q)


def pair_passed(x, y, s):
    for i in range(2):
        update_pair((x, y), s)
    return x * y


def arguments_in_a_pair(pair, s):
    update_pair(pair, s)
    pair[0][0] *= s
    return pair[0] * pair[1]


def local_function_reads(x):
    a = x * x

    def twice():
        return 2.0 * a

    before = twice()
    a[0] = before[1] * x[2]
    return twice() * before


def local_function_writes(x):
    a = x * x

    def put(i, v):
        a[i] = v * a[i - 1]

    put(1, x[0])
    put(2, a[1])
    return a * x


class Model:
    """A step with a rate."""

    def __init__(self, rate):
        self.rate = rate

    def step(self, a):
        a[1:] += self.rate * a[:-1] * a[1:]


MODEL = Model(0.3)


def method_passed_an_array(x):
    MODEL.step(x)
    MODEL.step(x[1:])
    return x * x


def parameter_copied_first(x, y):
    x = x.copy()
    x[0] = y[0] * x[1]
    y = np.array(y)
    y *= x
    return x * y


def argument_itself_is_the_result(x):
    x *= x
    x[0] += 1.0
    return x


def argument_untouched_is_the_result(x, y):
    y *= x
    x[0] += 0.0
    return x, y


def two_results_of_one_array(x):
    a = x * x
    b = a
    a[0] = x[1] * x[2]
    return a, b


def results_base_and_view(x):
    v = x[1:]
    v *= x[0]
    return x, v


def several_results(x, y):
    first = x[0] * y[0]
    scale(x, y[1])
    set_first(y, first)
    return x * y, first, np.sum(x)


def integers_and_flags_change_too(x, k, keep):
    k[0] = 2
    keep[1] = not keep[1]
    x[k] *= x[0]
    x[keep] += 1.0
    return x * x


CASES = [
    case(without_result, spread(3), 0.7),
    case(with_result, spread(3), 0.7),
    case(result_not_used, spread(3), 0.7),
    case(rebinding_changes_nothing, spread(3), 0.7),
    case(element_set_by_helper, spread(3)),
    case(value_before_the_call, spread(3)),
    case(called_in_expression, spread(3)),
    case(view_passed, spread(4), 0.7),
    case(row_passed, spread(2, 2), 0.7),
    case(column_passed, spread(2, 3), 0.7),
    case(transposed_passed, spread(2, 3)),
    case(index_array_passed_is_a_copy, spread(3), 0.7),
    case(passed_twice, spread(3)),
    case(views_of_one_array_passed, spread(4)),
    case(two_names_of_overlapping_views, spread(4)),
    case(two_arrays_passed, spread(3), positive(3)),
    case(result_is_the_argument, spread(3)),
    case(result_is_a_view, spread(4)),
    case(result_is_fresh, spread(3)),
    case(result_is_the_changed_argument, spread(3), 0.7),
    case(helpers_of_helpers, spread(5), 3),
    case(loop_in_helper, spread(5), positive(5)),
    case(keywords_and_defaults, spread(5)),
    case(early_return_in_helper, spread(4), 0.2),
    case(early_return_in_helper, spread(4), 9.0, note="never"),
    case(conditional_write_in_helper, spread(3), 0.7),
    case(conditional_write_in_helper, spread(3), -0.7, note="negative"),
    case(recursion_with_work_array, spread(4)),
    case(recursion_by_halves, spread(5)),
    case(recursion_with_result, spread(4)),
    case(list_passed, 0.7, 3),
    case(pair_passed, spread(3), positive(3), 0.3),
    case(arguments_in_a_pair, (spread(3), positive(3)), 0.3),
    case(local_function_reads, spread(3)),
    case(local_function_writes, spread(3)),
    case(method_passed_an_array, spread(4)),
    case(parameter_copied_first, spread(3), positive(3)),
    case(argument_itself_is_the_result, spread(3)),
    case(argument_untouched_is_the_result, spread(3), positive(3)),
    case(two_results_of_one_array, spread(3)),
    case(results_base_and_view, spread(3)),
    case(several_results, spread(3), positive(3)),
    case(integers_and_flags_change_too, spread(4), np.array([1, 3]), np.array([True, False, False, True])),
]
