"""Programs that random search has found, each as small as it could be made."""

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


CASES = [
    case(return_while_array_changes, spread(4), positive(4), 3),
    case(return_while_array_changes, spread(4), spread(4), 3, note="other"),
    case(return_while_array_changes, spread(4), positive(4) - 1.5, 3, note="returns"),
    case(sorted_on_one_side, spread(4), positive(4)),
    case(sorted_on_one_side, spread(4), positive(4) + 1.2, note="other"),
]
