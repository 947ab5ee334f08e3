"""Arrays seen through sliding windows: convolutions, pooling, moving statistics, windows of what changes."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.corpus import case, positive, spread


def moving_average(x, w):
    return sliding_window_view(x, w.shape[0]) @ w


def convolution(image, filters, bias):
    """Images by rows, columns and channels; filters by rows, columns, channels in and out."""
    windows = sliding_window_view(image, filters.shape[:2], axis=(0, 1))
    return np.maximum(np.tensordot(windows, filters, axes=((3, 4, 2), (0, 1, 2))) + bias, 0.0)


def strided_convolution(image, filters):
    windows = sliding_window_view(image, (2, 2), axis=(-2, -1))[:, ::2, ::2]
    return np.einsum("cijkl,dckl->dij", windows, filters)


def pooled(image):
    windows = sliding_window_view(image, (2, 2))[::2, ::2]
    return windows.max(axis=(-2, -1)) * windows.mean(axis=(2, 3))


def padded_convolution(x, w):
    x = np.pad(x, ((1, 1), (1, 1)), mode="edge")
    return np.einsum("ijkl,kl", sliding_window_view(x, (3, 3)), w)


def patches(image, w):
    columns = sliding_window_view(image, (2, 2)).reshape(-1, 4)
    return np.tanh(columns @ w)


def sees_writes(x, s):
    y = x * x
    w = sliding_window_view(y, 2)
    y[1] = s * w[0, 0]
    y[-1] *= x[0]
    return w * w


def kept_before_write(x):
    y = x * x
    w = sliding_window_view(y, 2).copy()
    y[0] = 1.0
    return w * sliding_window_view(y, 2)


def relaxed(x, steps):
    for _ in range(steps):
        x[1:-1] = np.mean(sliding_window_view(x, 3) ** 2, axis=-1)
    return x


def windows_one_by_one(x, w):
    total = 0.0
    for part in sliding_window_view(x, 3):
        total = total * 0.5 + np.tanh(part @ w)
    return total


def some_windows(x, k):
    w = sliding_window_view(x, 3)
    return w[k] * w[0] + w[1, 2] * w[k, k]


def chosen_windows(x, k):
    return sliding_window_view(x, 2)[k] ** 2


def in_a_branch(x, c):
    if c > 0.0:
        w = sliding_window_view(x, 2)
    else:
        w = sliding_window_view(x * c, 2)
    return w * w


def variogram(x, lag):
    w = sliding_window_view(x, lag + 1)
    return np.mean((w[:, 0] - w[:, lag]) ** 2)


def view_of(x, n):
    return sliding_window_view(x, n)


def by_a_function(x):
    return view_of(x, 2) * view_of(x * x, 2)


def by_a_function_that_writes(x):
    def doubled(a):
        a *= 2.0
        return view_of(a, 2)

    y = x * x
    w = doubled(y)
    y[0] = x[1]
    return w, y


def windows_of_windows(x):
    return sliding_window_view(sliding_window_view(x, 3), 2, axis=1) ** 2


def one_axis_twice(x):
    return sliding_window_view(x, (2, 2), axis=(0, 0)) ** 2


def network(images, filters, dense, labels):
    windows = sliding_window_view(images, (2, 2), axis=(1, 2))
    hidden = np.maximum(np.einsum("nijckl,klcd->nijd", windows, filters), 0.0)
    logits = hidden.mean(axis=(1, 2)) @ dense
    top = logits.max(axis=1, keepdims=True)
    logp = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


CASES = [
    case(moving_average, spread(6), spread(3)),
    case(moving_average, spread(6, dtype="f4"), spread(3, dtype="f4"), note="single"),
    case(convolution, spread(4, 5, 2), spread(2, 3, 2, 2), spread(2)),
    case(strided_convolution, spread(2, 5, 4), spread(3, 2, 2, 2)),
    case(pooled, spread(4, 6)),
    case(padded_convolution, spread(3, 4), spread(3, 3)),
    case(patches, spread(3, 4), spread(4, 2)),
    case(sees_writes, spread(4), 0.7),
    case(kept_before_write, spread(4)),
    case(relaxed, spread(6), 3),
    case(windows_one_by_one, spread(7), spread(3)),
    case(some_windows, spread(6), 2),
    case(chosen_windows, spread(5), np.array([0, 2, 2])),
    case(in_a_branch, spread(4), 0.6),
    case(in_a_branch, spread(4), -0.6, note="below"),
    case(variogram, positive(6), 2),
    case(by_a_function, spread(4)),
    case(by_a_function_that_writes, spread(4)),
    case(windows_of_windows, spread(5)),
    case(one_axis_twice, spread(5)),
    case(network, spread(2, 4, 4, 2), spread(2, 2, 2, 3), spread(3, 3), np.array([2, 0])),
]
