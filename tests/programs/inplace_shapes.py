"""Views that functions of NumPy give: writes through them, and what writes into arrays by places."""

import numpy as np

from tests.corpus import case, spread


def halves_written(x):
    a = x * x
    left, right = np.split(a, 2)
    left[0] = right[1] * x[0]
    right *= left
    return a * x


def parts_between_places(x):
    a = x * x
    first, second, third = np.split(a, [1, 3])
    second[:] = first * third[0]
    a[0] = second[1] * x[3]
    return first * third + second.sum()


def parts_of_unequal_length(x):
    a = np.sin(x)
    for k, part in enumerate(np.array_split(a, 3)):
        part *= part[0] + k
    return a * x


def rows_and_columns_split(x):
    a = x * 2.0
    top, bottom = np.vsplit(a, 2)
    left = np.hsplit(bottom, 3)[0]
    left += top[:, :1]
    return a * x


def columns_unstacked(x):
    a = x * x
    p, q, r = np.unstack(a, axis=1)
    q[0] = p[1] * r[0]
    p += q
    return a * x


def turned_and_written(x):
    a = x * x
    np.rot90(a)[0, 1] = x[0, 0]
    np.rot90(a, 2)[0] *= x[1]
    a.mT[2] = a[0, :2]
    return a * x


def axis_rolled_and_written(x):
    a = x * x
    b = np.rollaxis(a, 1)
    b[0] = x[1, 0]
    return a * b.T


def lifted_and_written(x, y):
    a = np.atleast_2d(x * 2.0)
    p, q = np.atleast_1d(a[0], y)
    p[1] = q[0] * y
    return a * x


def open_grid_written(x, y):
    a, b = x * x, y * 2.0
    p, q = np.meshgrid(a, b, sparse=True, copy=False)
    a[0] = b[1]
    q[1] = y[0] * x[0]
    return p * q


def grid_copied(x, y):
    a = x * x
    p, q = np.meshgrid(a, y)
    a[0] = 5.0 * x[1]
    p[0] *= q[0]
    return p * q + a


def elements_placed(x, y):
    a = x * x
    np.put(a, [0, 3, 4], y)
    np.place(a, a > 1.0, y[:1] * 0.5)
    np.putmask(a, a < 0.2, x)
    return a * x


def elements_placed_along_an_axis(x, y):
    a = x * x
    best = np.argmax(a, axis=1, keepdims=True)
    np.put_along_axis(a, best, y[:2, None], axis=1)
    return a * x


def diagonal_filled_in_a_loop(x, y):
    a = x @ x.T
    for k in range(3):
        np.fill_diagonal(a, y[k] * a[0, 1])
        a = a @ a
        np.fill_diagonal(a, y)
    return a


def sorted_in_place(x):
    a = x * x
    a[0].sort()
    a.T[1].partition(1)
    return a * x


def flat_written(x, y):
    a = x * x
    a.flat[1:3] = y[:2]
    a[1].flat = y[0] * y[2]
    return a * x


def joined_into(x, y):
    out = np.zeros((3, 3))
    np.concatenate((x, y[None]), out=out)
    out[0] *= out[2]
    np.stack((y, y * 2.0), out=out[:2])
    return out * y


def padded_is_new(x):
    a = x * x
    b = np.pad(a, 1, mode="wrap")
    a[0] = 3.0 * x[1]
    b[0, 0] = a[0, 1]
    return b[:2, :3] * a


def appended_in_a_loop(x):
    path = x[:1]
    for k in range(1, 4):
        path = np.append(path, path[-1] * x[k])
        path = np.insert(path, 0, path.sum() * 0.1)
    return path


def split_in_a_called_function(x):
    def halves(a):
        p, q = np.split(a, 2)
        p[:] = q * q
        return p

    b = x * 1.5
    return halves(b) * b[2:] + x[:2]


CASES = [
    case(halves_written, spread(4)),
    case(parts_between_places, spread(4)),
    case(parts_of_unequal_length, spread(7)),
    case(rows_and_columns_split, spread(2, 3)),
    case(columns_unstacked, spread(2, 3)),
    case(turned_and_written, spread(2, 3)),
    case(axis_rolled_and_written, spread(2, 3)),
    case(lifted_and_written, spread(3), 0.7),
    case(open_grid_written, spread(2), spread(3)),
    case(grid_copied, spread(3), spread(2)),
    case(elements_placed, spread(5), spread(3)),
    case(elements_placed_along_an_axis, spread(2, 3), spread(3)),
    case(diagonal_filled_in_a_loop, spread(3, 3), spread(3)),
    case(sorted_in_place, spread(2, 3)),
    case(flat_written, spread(2, 3), spread(3)),
    case(joined_into, spread(2, 3), spread(3)),
    case(padded_is_new, spread(2, 3)),
    case(appended_in_a_loop, spread(4)),
    case(split_in_a_called_function, spread(4)),
]
