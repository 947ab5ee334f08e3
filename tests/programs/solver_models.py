"""Solvers and integrators in loops, branches and functions, on objects, under `try`, one inside the other."""

import functools

import numpy as np

import s2sad
from tests.corpus import case, positive

try:
    from scipy.integrate import quad, solve_ivp
    from scipy.optimize import brentq, fixed_point, fsolve, minimize, root
except ImportError:  # SciPy is optional: the cases are left out then.
    brentq = None

STIFFNESS = 0.7


def result_changed_in_place(v):
    x = fsolve(lambda t: t**3 + t - v, np.ones(3), xtol=1e-13)
    x *= 2.0
    x[0] = x[1] * x[2]
    return np.sum(x**2)


def captured_array_changes_between(v):
    w = v * 2.0
    x = fsolve(lambda t: t**3 + t - w, np.ones(3), xtol=1e-13)
    w[0] = 5.0 * x[1]
    y = fsolve(lambda t: t**3 + STIFFNESS * t - w, np.ones(3), xtol=1e-13)
    w[1:] *= y[:2]
    return np.sum(w * y) + x[0]


def bracket_found_by_trying(a):
    try:
        x = brentq(lambda t: t**2 - a, 0.0, 1.0, xtol=1e-14)
    except ValueError:
        x = 3.0 * brentq(lambda t: t**2 - a, 0.0, 10.0, xtol=1e-14)
    return x


def cubic(t, a, b=2.0):
    return t**3 - a * t - b


def bound_arguments(a):
    one = brentq(functools.partial(cubic, a=a), 0.0, 5.0, xtol=1e-14)
    return one * brentq(functools.partial(cubic, b=a), 0.0, 5.0, (a,), xtol=1e-14) + brentq(np.cos, a, 2.0)


def root_of_a_gradient(a):
    return brentq(s2sad.grad(lambda t: t**4 - a * t), 0.1, 3.0, xtol=1e-14)


def one_of_two_functions(a):
    h = (lambda t: t**3 - a) if a > 1.0 else (lambda t: t**5 - 2.0 * a)
    return brentq(h, 0.0, 3.0, xtol=1e-14)


def in_a_while_loop(a):
    n = 0
    while a < 20.0:
        a = brentq(lambda t: t**3 - a**4 - 1.0, 0.0, 1000.0, xtol=1e-14)
        n += 1
    return a * n


class Spring:
    def __init__(self, weights, load):
        self.weights, self.load = weights, load

    def __call__(self, t):
        return t * self.weights[0] - self.load

    def force(self, t):
        return self(t) + 0.1 * t**3


def methods_of_an_object(spring):
    return brentq(spring.force, -10.0, 10.0, xtol=1e-14) + quad(spring, 0.0, 1.0)[0]


def object_that_changes(weights, load):
    spring = Spring(weights, load)
    x = brentq(spring, -10.0, 10.0, xtol=1e-14)
    spring.load = 2.0 * load
    return x + brentq(spring.force, -10.0, 10.0, xtol=1e-14)


def structure_of_parameters(params):
    solution = root(lambda t: params["A"] @ t + 0.1 * t**3 - params["b"][0], np.zeros(2), tol=1e-13)
    return np.sum(solution.x**2) if solution.success else 0.0


def list_of_coefficients(a, b):
    coefficients = [a, b, a * b]
    return brentq(lambda t: sum(c * t**k for k, c in enumerate(coefficients)) - 3.0, 0.0, 5.0, xtol=1e-14)


def shooting(a):
    def end(slope):
        return solve_ivp(lambda t, y: [y[1], -a * y[0]], (0.0, 1.0), [1.0, slope], method="DOP853", rtol=1e-12,
                         atol=1e-12).y[0, -1]
    return brentq(lambda slope: end(slope) - 0.5, -5.0, 5.0, xtol=1e-14)


def integral_of_roots(a):
    return quad(lambda s: brentq(lambda t: t**3 + t - a * s, 0.0, 5.0, xtol=1e-15), 0.0, 1.0, epsabs=1e-12)[0]


@s2sad.checkpoint
def cube_root(a):
    return brentq(lambda t: t**3 - a, 0.0, 5.0, xtol=1e-14)


def computed_again(a):
    return cube_root(a) * cube_root(2.0 * a)


def pieces_of_a_solution(a, v):
    total = 0.0
    for k in range(2):
        solution = solve_ivp(lambda t, y: -a * y * (k + 1), (0.0, 0.5), v, method="DOP853", rtol=1e-12, atol=1e-12)
        v = solution.y[:, -1]
        total = total + np.sum(v)
    return total


def network_flow(weights, start):
    solution = solve_ivp(lambda t, y: np.tanh(weights @ y), (0.0, 0.5), start, "DOP853", np.linspace(0.0, 0.5, 3),
                         rtol=1e-12, atol=1e-12)
    return np.sum(solution.y**2)


def stiff_decay(rate, start):
    solution = solve_ivp(lambda t, y: np.array([-50.0 * rate * (y[0] - np.cos(t)), y[0] - y[1]]), (0.0, 0.3), start,
                         method="Radau", rtol=1e-10, atol=1e-11)
    return np.sum(solution.y[:, -1])


def bilevel(theta, data):
    def ridge(w):
        return np.sum((w - data) ** 2) + np.exp(theta) * np.sum(w**4)

    best = minimize(ridge, data, method="trust-exact", jac=s2sad.grad(ridge), hess=s2sad.hessian(ridge), tol=1e-13)
    return np.sum(best.x**2) + best.fun


def equilibrium(W, b):
    z = fixed_point(lambda z: np.tanh(W @ z + b), np.zeros(3), xtol=1e-14)
    return np.sum(z**2)


CASES = [] if brentq is None else [
    case(result_changed_in_place, positive(3)),
    case(captured_array_changes_between, positive(3)),
    case(bracket_found_by_trying, 3.0),
    case(bracket_found_by_trying, 0.5, note="at once"),
    case(bound_arguments, 1.3),
    case(root_of_a_gradient, 1.3),
    case(one_of_two_functions, 1.3),
    case(one_of_two_functions, 0.3, note="the other"),
    case(in_a_while_loop, 1.3),
    case(methods_of_an_object, Spring(positive(2), 0.4)),
    case(object_that_changes, positive(2), 0.4),
    case(structure_of_parameters, {"A": np.array([[2.0, 0.3], [0.1, 1.5]]), "b": (np.array([0.3, 0.4]),)}),
    case(list_of_coefficients, 0.5, 0.8),
    case(shooting, 1.3),
    case(integral_of_roots, 1.3),
    case(computed_again, 1.3),
    case(pieces_of_a_solution, 1.3, positive(2)),
    case(network_flow, np.array([[0.3, -0.2], [0.4, 0.1]]), positive(2)),
    case(stiff_decay, 1.1, positive(2)),
    case(bilevel, 0.3, positive(3)),
    case(equilibrium, 0.2 * positive(3, 3), positive(3)),
]
