"""Functions whose derivative their author has given."""

import numpy as np

import s2sad
from tests.corpus import case, positive, spread

rate = 1.7


@s2sad.differentiate
def softplus(x):
    return np.where(x > 30.0, x, np.log1p(np.exp(np.minimum(x, 30.0))))


@softplus.defjvp
def _softplus_jvp(primals, tangents):
    (x,), (x_dot,) = primals, tangents
    return softplus(x), x_dot / (1.0 + np.exp(-x))


@softplus.defvjp
def _softplus_vjp(primals, y, y_bar):
    (x,) = primals
    return y_bar / (1.0 + np.exp(-x))


def rule_in_both_modes(x, w):
    return softplus(x * w) * w


def rule_in_a_loop(x, n):
    for _ in range(n):
        x = softplus(x) * np.sin(x)
    return x


def rule_in_a_branch(x, y):
    z = softplus(x)
    if y > 0.5:
        z = softplus(z * y)
    return z * y


@s2sad.differentiate
def root_mean_square(x):
    return np.sqrt(np.mean(x * x))


@root_mean_square.defjvp
def _tangent(primals, tangents):
    (x,), (x_dot,) = primals, tangents
    r = np.sqrt(np.mean(x * x))
    return r, np.mean(x * x_dot) / r


def tangent_rule_transposed(x):
    return root_mean_square(np.sin(x)) * root_mean_square(x)


def tangent_rule_transposed_in_a_loop(x, n):
    for _ in range(n):
        x = np.sin(x) / root_mean_square(x)
    return np.sum(x * x * x)


@s2sad.differentiate
def normalised(x):
    return x / np.sqrt(np.sum(x * x))


@normalised.defjvp
def _normalised_jvp(primals, tangents):
    (x,), (x_dot,) = primals, tangents
    length = np.sqrt(np.sum(x * x))
    y = x / length
    return y, (x_dot - y * np.sum(y * x_dot)) / length


def _normalised_fwd(x):
    length = np.sqrt(np.sum(x * x))
    y = x / length
    return y, {"y": y, "length": length, "name": "l2"}


def _normalised_bwd(kept, y_bar):
    y, length = kept["y"], kept["length"]
    if kept["name"] == "l2":
        return ((y_bar - y * np.sum(y * y_bar)) / length,)
    return (y_bar,)


normalised.defvjp(_normalised_fwd, _normalised_bwd)


def rule_that_keeps(x):
    return np.sum(normalised(np.exp(x)) * np.arange(1.0, 4.0))


def rule_that_keeps_in_a_loop(x, n):
    total = 0.0
    for k in range(n):
        x = normalised(x + 0.1 * k) + 0.3 * x
        total += x[0] * x[1]
    return total


@s2sad.differentiate
def powered(x, A, n, mode="plain", *, scale=1.0):
    if mode == "plain":
        return np.sum(A @ x) ** n * scale
    return np.sum(x) * rate * scale


@powered.defvjp
def _powered_vjp(primals, y, y_bar):
    x, A, n, mode, scale = primals
    if mode == "plain":
        v = np.sum(A @ x)
        g = y_bar * n * v ** (n - 1) * scale
        return g * np.sum(A, axis=0), g * np.ones(A.shape) * x, None, None, y_bar * y / scale
    return y_bar * rate * scale * np.ones(len(x)), None, None, None, y_bar * np.sum(x) * rate


@powered.defjvp
def _powered_jvp(primals, tangents):
    x, A, n, mode, scale = primals
    x_dot, A_dot, n_dot, mode_dot, scale_dot = tangents
    assert n_dot is None and mode_dot is None
    if mode == "plain":
        v, v_dot = np.sum(A @ x), np.sum(A_dot @ x + A @ x_dot)
        return v**n * scale, n * v ** (n - 1) * v_dot * scale + v**n * scale_dot
    return np.sum(x) * rate * scale, rate * (np.sum(x_dot) * scale + np.sum(x) * scale_dot)


def rule_with_static_options(x, A):
    return powered(np.sin(x), A, 2) + powered(x, A, 3, mode="other", scale=x[0]) + powered(x, A, 1, scale=x[1])


@s2sad.differentiate
def two_results(p):
    return {"sum": p["a"] + p["b"], "both": (p["a"] * p["b"], 3)}


@two_results.defvjp
def _two_results_vjp(primals, y, y_bar):
    (p,) = primals
    s, (m, none) = y_bar["sum"], y_bar["both"]
    assert none is None and y["both"][1] == 3
    return ({"a": s + m * p["b"], "b": s + m * p["a"], "n": None},)


@two_results.defjvp
def _two_results_jvp(primals, tangents):
    (p,), (d,) = primals, tangents
    assert d["n"] is None
    return two_results(p), {"sum": d["a"] + d["b"], "both": (d["a"] * p["b"] + p["a"] * d["b"], None)}


def rule_of_containers(p):
    made = two_results({"a": p[0], "b": np.sin(p[1]), "n": 2})
    return made["sum"] * made["both"][0] * made["both"][1]


class Spring:
    """A class whose energy has a derivative of its own."""

    @s2sad.differentiate
    def energy(self, x, k):
        return 0.5 * k * np.sum(x * x)

    @energy.defjvp
    def _energy_jvp(primals, tangents):
        _, x, k = primals
        _, x_dot, k_dot = tangents
        return 0.5 * k * np.sum(x * x), k * np.sum(x * x_dot) + 0.5 * k_dot * np.sum(x * x)


spring = Spring()


def rule_of_a_method(x, k):
    return spring.energy(np.sin(x), k) * k


def _made(scale):
    @s2sad.differentiate
    def scaled(x):
        return scale * x * x

    @scaled.defvjp
    def _(primals, y, y_bar):
        return (2.0 * scale * primals[0] * y_bar,)

    @scaled.defjvp
    def _(primals, tangents):
        return scale * primals[0] ** 2, 2.0 * scale * primals[0] * tangents[0]

    return scaled


scaled_by_three = _made(3.0)


def rule_of_a_closure(x):
    return scaled_by_three(np.sin(x)) + rate


@s2sad.differentiate
def factorial_power(x, n):
    if n == 0:
        return 1.0 * x
    return factorial_power(x, n - 1) * x


@factorial_power.defvjp
def _factorial_power_vjp(primals, y, y_bar):
    x, n = primals
    return y_bar * (n + 1) * x**n, None


@factorial_power.defjvp
def _factorial_power_jvp(primals, tangents):
    x, n = primals
    return factorial_power(x, n), (n + 1) * x**n * tangents[0]


def rule_of_a_recursive_function(x, n):
    return factorial_power(np.sin(x), n)


@s2sad.differentiate
def clipped_norm(x):
    if np.sum(x * x) < 1e-12:
        return 0.0 * x
    for _ in range(2):
        x = x * 1.0
    return x * np.sqrt(np.sum(x * x))


@clipped_norm.defvjp
def _clipped_norm_vjp(primals, y, y_bar):
    (x,) = primals
    r = np.sqrt(np.sum(x * x))
    if r < 1e-6:
        return (np.zeros(3),)
    return (r * y_bar + x * np.sum(x * y_bar) / r,)


@clipped_norm.defjvp
def _clipped_norm_jvp(primals, tangents):
    (x,), (x_dot,) = primals, tangents
    r = np.sqrt(np.sum(x * x))
    if r < 1e-6:
        return clipped_norm(x), 0.0 * x_dot
    return clipped_norm(x), r * x_dot + x * np.sum(x * x_dot) / r


def rule_with_early_return(x):
    return clipped_norm(clipped_norm(x)) * x


@s2sad.differentiate
def stepped(x, y):
    for k in range(3):
        if k > 5:
            return x
        x = np.sin(x) * y
    return x


@stepped.defjvp
def _stepped_jvp(primals, tangents):
    (x, y), (x_dot, y_dot) = primals, tangents
    for _ in range(3):
        x_dot = np.cos(x) * x_dot * y + np.sin(x) * y_dot
        x = np.sin(x) * y
    return x, x_dot


def _stepped_fwd(x, y):
    xs = [x, np.sin(x) * y, np.sin(np.sin(x) * y) * y]
    if np.sum(x) > 1e3:
        return x * y, (xs, y)
    return np.sin(xs[2]) * y, (xs, y)


def _stepped_bwd(kept, g):
    xs, y = kept
    if np.sum(xs[0]) > 1e3:
        return g * y, np.sum(g * xs[0])
    y_bar = 0.0
    for x in reversed(xs):
        y_bar = y_bar + np.sum(g * np.sin(x))
        g = g * y * np.cos(x)
    return g, y_bar


stepped.defvjp(_stepped_fwd, _stepped_bwd)


def rule_with_lists_in_a_while_loop(x, y):
    k = 0
    while np.sum(x * x) > 0.05 and k < 10:
        x = stepped(x, y) * 0.5
        k += 1
        if k == 4:
            break
    return x


def rule_of_what_a_recursion_returns(x, y, n):
    if n == 0:
        return stepped(x, y)
    return stepped(rule_of_what_a_recursion_returns(stepped(x, y), y, n - 1), y) * x


def rule_of_arrays_that_change(u, y, n):
    u = u.copy()
    for _ in range(n):
        u[1:] = stepped(u[1:], y) * u[0]
        u[0] += np.sum(stepped(u, y)) * 0.1
    return u


CASES = [
    case(rule_with_lists_in_a_while_loop, spread(3), 1.3),
    case(rule_of_what_a_recursion_returns, spread(3), 1.3, 2),
    case(rule_of_arrays_that_change, spread(3), 1.3, 3, second_order=False),
    case(rule_in_both_modes, 0.7, 1.3),
    case(rule_in_both_modes, spread(3), positive(3), note="arrays"),
    case(rule_in_both_modes, spread(2, 3), 1.3, note="broadcast"),
    case(rule_in_both_modes, spread(3, dtype=np.float32), positive(3, dtype=np.float32), note="single"),
    case(rule_in_a_loop, 0.7, 3),
    case(rule_in_a_loop, spread(3), 0, note="no_trips"),
    case(rule_in_a_branch, 0.7, 1.3),
    case(rule_in_a_branch, 0.7, 0.3, note="other"),
    case(tangent_rule_transposed, positive(4)),
    case(tangent_rule_transposed, positive(1), note="one"),
    case(tangent_rule_transposed_in_a_loop, positive(4), 3),
    case(rule_that_keeps, spread(3)),
    case(rule_that_keeps_in_a_loop, positive(3), 4),
    case(rule_with_static_options, positive(3), spread(2, 3)),
    case(rule_of_containers, (0.7, 1.3)),
    case(rule_of_a_method, spread(3), 1.5),
    case(rule_of_a_closure, spread(3)),
    case(rule_of_a_recursive_function, 0.7, 3),
    case(rule_with_early_return, positive(3)),
]
