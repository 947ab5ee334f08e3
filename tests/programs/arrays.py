"""Making, joining and reshaping arrays; matrix products."""

import numpy as np

from tests.corpus import case, positive, spread


def elementwise(x, y):
    return np.sin(x) * y + x / (2.0 + y * y)


def array_of_scalars(x, y):
    return np.array([x, y, x * y, 1.0])


def matrix_of_scalars(a):
    R = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return R @ np.array([1.0, 2.0])


def array_of_elements(x):
    v = np.array([x[1], x[0] * x[2]])
    return v * v


def concatenate(x, y):
    z = np.concatenate((x, y * 2.0, x))
    return z * z


def concatenate_axis(A, B):
    return np.concatenate([A, B], axis=1) ** 2


def stack(x, y):
    return np.stack((x, x * y)) * np.stack([y, x])


def stack_axis(x, y):
    return np.stack((x, y), axis=1) ** 2


def hstack_vstack(x, y):
    return np.sum(np.hstack((x, y)) ** 2) + np.sum(np.vstack((x, y)) ** 3)


def reshape(x):
    return x.reshape(2, 3) @ x.reshape((3, 2))


def reshape_unknown(x):
    return np.reshape(x, (3, -1)) ** 2


def ravel(A):
    v = A.ravel()
    return v * v


def flatten(A):
    return np.sin(A.flatten())


def transpose(A):
    return A.T @ A


def transpose_axes(A):
    return np.transpose(A, (2, 0, 1)) ** 2


def swapaxes(A):
    return np.swapaxes(A, 0, 1) * 2.0


def new_axis(x, y):
    return x[:, None] * y[None, :]


def expand_and_squeeze(x):
    return np.squeeze(np.expand_dims(x, 0) ** 2)


def matrix_times_matrix(A, B):
    return A @ B


def matrix_times_vector(A, x):
    return A @ x


def vector_times_matrix(x, A):
    return x @ A


def vector_times_vector(x, y):
    return x @ y


def dot_function(A, B, x):
    return np.dot(A, B) @ x + np.dot(x, x)


def dot_method(A, x):
    return A.dot(x)


def outer(x, y):
    return np.outer(x, y)


def quadratic_form(x, A):
    return x @ A @ x


def matrix_power_by_loop(A, n):
    P = np.eye(3)
    for _ in range(n):
        P = P @ A
    return P


def trace_and_diagonal(A):
    return np.trace(A) + np.sum(np.diag(A) ** 2)


def zeros_and_ones(x):
    return np.zeros(3) + x * np.ones(3) + np.full(3, 2.0) * x


def zeros_like(x):
    return np.zeros_like(x) + np.ones_like(x) * x * x


def linspace_and_arange(a):
    t = np.linspace(0.0, 1.0, 4)
    k = np.arange(4)
    return a * t + a * a * k


def eye(x):
    return np.eye(2) * x + x


def copy(x):
    y = x.copy()
    return y * x


def broadcast_to(x):
    return np.broadcast_to(x, (2, 3)) ** 2


def tile_and_repeat(x):
    return np.tile(x, 2) * np.repeat(x, 2)


def flip_and_roll(x):
    return np.flip(x) * np.roll(x, 1)


def astype(x):
    return x.astype(np.float64) * 2.0


def shape_arithmetic(A):
    n = A.shape[0]
    m = A.shape[1]
    return A * n + A.size / m + A.ndim


def length_of_array(x):
    return x * len(x)


def empty_array(x):
    return np.sum(x * x) + 1.0


def empty_array_result(x):
    return x * 2.0


def methods(x):
    return x.sum() * x.mean() + x.reshape(-1).dot(x)


def vector_products(u, a):
    b = np.cross(u, a)
    return np.sum(np.cross(b, [0.5, -1.0, 2.0]) * a + np.cross(a, a[::-1], axis=1) ** 2) + np.cross(u, u[::-1])[1]


def rotation_about_an_axis(rot, pt):
    sq = np.sum(rot * rot, axis=1)
    zero = sq == 0.0
    theta = np.sqrt(np.where(zero, 1.0, sq))
    c = np.cos(theta)[:, None]
    s = np.sin(theta)[:, None]
    w = rot / theta[:, None]
    along = np.sum(w * pt, axis=1)[:, None] * (1.0 - c)
    return np.where(zero[:, None], pt + np.cross(rot, pt), pt * c + np.cross(w, pt) * s + w * along)


def skinning(weights, transforms, positions):
    return np.einsum("bv,bij,vj->vi", weights, transforms[:, :3, :], positions, optimize=True)


def log_sum_exp_of_a_product(A, B):
    s = A @ B
    m = np.max(s, axis=0, keepdims=True)
    return np.squeeze(np.log(np.sum(np.exp(s - m), axis=0, keepdims=True)) + m, axis=0)


CASES = [
    case(vector_products, spread(3), spread(4, 3)),
    case(rotation_about_an_axis, spread(4, 3), positive(4, 3)),
    case(skinning, spread(2, 5), spread(2, 4, 3), spread(5, 3)),
    case(log_sum_exp_of_a_product, spread(2, 3), positive(3, 4)),
    case(elementwise, spread(4), positive(4)),
    case(elementwise, spread(2, 3), positive(2, 3), note="matrix"),
    case(elementwise, spread(1), positive(1), note="size_one"),
    case(elementwise, np.zeros(0), np.zeros(0), note="empty"),
    case(array_of_scalars, 0.7, 1.3),
    case(matrix_of_scalars, 0.7),
    case(array_of_elements, spread(3)),
    case(concatenate, spread(3), spread(2)),
    case(concatenate_axis, spread(2, 3), spread(2, 1)),
    case(stack, spread(3), positive(3)),
    case(stack_axis, spread(3), positive(3)),
    case(hstack_vstack, spread(3), positive(3)),
    case(reshape, spread(6)),
    case(reshape_unknown, spread(6)),
    case(ravel, spread(2, 3)),
    case(flatten, spread(2, 3)),
    case(transpose, spread(2, 3)),
    case(transpose_axes, spread(2, 3, 4)),
    case(swapaxes, spread(2, 3)),
    case(new_axis, spread(3), spread(2)),
    case(expand_and_squeeze, spread(3)),
    case(matrix_times_matrix, spread(2, 3), spread(3, 4)),
    case(matrix_times_matrix, spread(2, 1), spread(1, 3), note="size_one"),
    case(matrix_times_matrix, spread(5, 2, 3), spread(5, 3, 2), note="stacked"),
    case(matrix_times_vector, spread(2, 3), spread(3)),
    case(vector_times_matrix, spread(2), spread(2, 3)),
    case(vector_times_vector, spread(3), positive(3)),
    case(dot_function, spread(3, 3), positive(3, 3), spread(3)),
    case(dot_method, spread(2, 3), spread(3)),
    case(outer, spread(2), spread(3)),
    case(quadratic_form, spread(3), spread(3, 3)),
    case(matrix_power_by_loop, spread(3, 3), 3),
    case(trace_and_diagonal, spread(3, 3)),
    case(zeros_and_ones, 0.7),
    case(zeros_like, spread(3)),
    case(linspace_and_arange, 0.7),
    case(eye, 0.7),
    case(copy, spread(3)),
    case(broadcast_to, spread(3)),
    case(tile_and_repeat, spread(3)),
    case(flip_and_roll, spread(3)),
    case(astype, spread(3)),
    case(shape_arithmetic, spread(2, 3)),
    case(length_of_array, spread(3)),
    case(empty_array, np.zeros(0)),
    case(empty_array_result, np.zeros((0, 3))),
    case(methods, spread(4)),
]
