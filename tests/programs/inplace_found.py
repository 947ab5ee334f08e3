"""Programs that random search has found, each as small as it could be made."""

import numpy as np

from tests.corpus import case, positive, spread


def return_while_array_changes(x, y, n):
    t = 0.5
    for i in range(n):
        if i >= 1:
            if y[1] < 0.1:
                return t
            t *= x[i]
        else:
            x /= 2.0
    return t


def sorted_on_one_side(x, y):
    x[x < 0.4] -= y[x < 0.4]
    if not y[0] > 1.5:
        y.sort()
    x[::1] = y[::1]
    return x * y


def mask_from_a_tape(x, y, n):
    s = y[1] * x[0]
    u = x + y
    for _ in range(n):
        x[u[:] < 0.9] *= np.dot(x[1:], x[1:])
        u[:] /= 2.0 + u**2
    return y * s + x


def scaled_again(p, q, n):
    p[1] *= 0.5
    q[p < 0.1] *= 1.25
    if n > 1:
        scaled_again(p, q, n - 1)
    return 2.0


def unused_contents_of_recursion(x, A, k, n):
    for i in range(A.shape[1]):
        scaled_again(A[..., i], x[k], n)
    x[k] = A[..., -1]
    return x


def rebound_after_return(x, y, z, s):
    y[0] += np.dot(y, x)
    if z[0] < x[1]:
        pass
    else:
        if x[0] > 0.1:
            return y
        if z[2] > x[1]:
            pass
        else:
            y = x
    return y * s


def carried_unchanged_on_one_side(x, y, z, n):
    z[z > 0.1] = x[2] ** 2
    if y[0] < y[1]:
        pass
    else:
        for _ in range(n):
            z /= 2.0 + z * z
            x = x
    return z * x


def return_from_loop_on_one_side(x, y, A, n):
    if A[0, -1] > x[1]:
        for _ in range(n):
            return x * y, 0.5
        A[:1] *= A > 0.4
    else:
        x[2:] = x[0] * y[1]
    return x * A[0], 0.25


def rows_until_return(x, y, A, n):
    t = y
    for i in range(n):
        for r in A:
            if r[i] < x[0]:
                break
            t = t * y
        for r in A:
            if r[1] > y[i]:
                return r, t
            r *= 1.25
    return y, t


CASES = [
    case(return_while_array_changes, spread(4), positive(4), 3),
    case(return_while_array_changes, spread(4), spread(4), 3, note="other"),
    case(return_while_array_changes, spread(4), positive(4) - 1.5, 3, note="returns"),
    case(sorted_on_one_side, spread(4), positive(4)),
    case(unused_contents_of_recursion, spread(4), spread(3, 2), np.array([0, 2, 1]), 2),
    case(rebound_after_return, spread(3), positive(3), spread(3) + 1.0, 0.7),
    case(rebound_after_return, spread(3) + 0.7, positive(3), spread(3) + 1.0, 0.7, note="returns"),
    case(rebound_after_return, spread(3) - 1.9, positive(3), spread(3) - 0.1, 0.7, note="other"),
    case(carried_unchanged_on_one_side, spread(3), positive(3), positive(3), 2),
    case(carried_unchanged_on_one_side, spread(3), -positive(3), positive(3), 2, note="loop"),
    case(return_from_loop_on_one_side, spread(4), positive(4), positive(1, 4), 1),
    case(return_from_loop_on_one_side, spread(4), positive(4), positive(1, 4), 0, note="not entered"),
    case(return_from_loop_on_one_side, spread(4), positive(4), -positive(1, 4), 1, note="other"),
    case(rows_until_return, spread(3) + 0.03, positive(3), spread(3, 3), 2),
    case(rows_until_return, spread(3) + 0.03, positive(3), spread(3, 3) - 0.4, 2, note="later"),
    case(rows_until_return, spread(3) + 0.03, positive(3) + 3.0, spread(3, 3), 2, note="never"),
    case(mask_from_a_tape, spread(4), positive(4), 2),
    case(sorted_on_one_side, spread(4), positive(4) + 1.2, note="other"),
]
