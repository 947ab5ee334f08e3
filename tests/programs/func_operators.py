"""s2sad's own operators inside a function that is differentiated, the levels kept apart."""

import functools

import numpy as np

import s2sad
from s2sad import grad, hessian, jacfwd, jacrev, jvp, vjp
from tests.corpus import case, positive, spread
from tests.programs.func_values import make_loss


def cube(y):
    return y ** 3


@s2sad.differentiate
def swing(y):
    return np.sin(y) * y


@s2sad.differentiate(wrt="b")
def product(a, b):
    return a * b ** 3


CUBE_SLOPE = s2sad.grad(cube)
ROWS = s2sad.jacrev(lambda v: v * v[0])
CURVATURE = s2sad.hessian(lambda v: np.sum(v ** 4))


def perturbations_apart(x):
    """The derivative by x of x · (d/dy x·y) is 2x."""
    def g(y):
        return x * y
    return x * s2sad.grad(g)(x)


def perturbations_three_deep(x):
    def g(y):
        def h(z):
            return x * y * z * z
        return y * grad(h)(y)
    return x * grad(g)(x)


def forward_inside(x):
    y, y_dot = jvp(lambda y: np.sin(x * y), (x,), (1.0,))
    return y * y_dot


def forward_in_forward_inside(x):
    def along(v):
        return jvp(lambda y: x * y ** 3, (v,), (1.0,))[1]
    return jvp(along, (x,), (x,))[1] * x


def gradient_of_what_was_made_outside(x):
    return CUBE_SLOPE(x) * x + grad(CUBE_SLOPE)(x)


def gradient_of_a_decorated_function(x):
    return swing.grad(x) + swing(x) + swing.value_and_grad(x)[0]


def gradient_by_its_own_choice(x, a):
    return product.grad(x, a) * product(a, x)


def decorated_inside(x):
    @s2sad.differentiate(wrt=1)
    def g(p, q):
        return p * q ** 3
    return g.grad(x, x) + g(x, x) * g.hvp((x, 2.0), (None, 1.0))


def pullback_inside(x):
    y, pullback = vjp(lambda y, z: x * y * z, x, 2.0 * x)
    a, b = pullback(x)
    return a * b + y


def pullback_called_twice(w):
    y, pullback = vjp(lambda v: np.sin(v) * w[0], w)
    (a,) = pullback(w)
    (b,) = pullback(a)
    return np.sum(a * b) + np.sum(y)


def pullback_remembers(x):
    """What the function captures counts as it was when the pullback was made."""
    scale = x
    y, pullback = vjp(lambda v: v * v * scale, x)
    scale = 100.0
    return pullback(1.0)[0] * y


def seeds_that_were_written_to(w):
    """The seeds of derivatives, and their arguments, count with what has been written into them."""
    seed = np.zeros(3)
    seed[1] = w[0]
    v = w * 1.0
    v[0] = w[2] * w[1]
    y, y_dot = jvp(lambda u: u ** 3, (v,), (seed,))
    y, pullback = vjp(lambda u: np.sin(u) * v, v)
    v[1] = 7.0
    seed[2] = w[1]
    return np.sum(y_dot * w) + np.sum(pullback(seed)[0] * w) + np.sum(grad(lambda u: np.sum(u * u * v))(v))


def doubled(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return 2.0 * fn(*args, **kwargs)
    return wrapper


@doubled
def cubic(x, a=2.0):
    return x ** 3 * a


class Spring:
    def __init__(self, k):
        self.k = k

    def __call__(self, v):
        return np.sin(v) * self.k

    @doubled
    def energy(self, v):
        return 0.5 * v ** 2 * self.k


STIFF = Spring(3.0)


def gradient_of_any_number_of_arguments(x):
    return grad(cubic)(x) + grad(cubic, wrt=(0, 1))(x, x)[1] + grad(lambda *a: a[0] * a[1] * x, wrt=1)(x, 3.0)


def gradient_of_methods_and_objects(x):
    spring = Spring(x)
    inside = grad(spring)(x) + hessian(spring.energy)(x) + grad(spring.energy)(x)
    return inside + grad(STIFF)(x) * grad(STIFF.energy)(x)


def gradient_of_a_partial(x, a):
    return grad(functools.partial(lambda k, y, s=1.0: k * y * y * s, x, s=a))(x) * x


def pullback_of_an_array_that_changes(w):
    v = w * 2.0
    y, pullback = vjp(lambda u: np.sum(u * u * v), v)
    z, along = s2sad.linearize(np.sin, v)
    v[0] = w[1] * w[2]
    y2, pullback2 = vjp(lambda u: np.sum(u * u * v), v)
    v[1] = 3.0
    return np.sum(pullback(y)[0] * w) + np.sum(pullback2(z[0])[0] * v) + np.sum(along(v))


def linearized(x):
    y, along = s2sad.linearize(lambda v: np.exp(v * x), x)
    return along(x) * y + along(2.0)


def gradient_in_newtons_method(a, n):
    def residual(x):
        return x * x * x - a
    x = a
    for k in range(n):
        x = x - residual(x) / grad(residual)(x)
    return x


def gradient_descent(w, steps):
    def loss(v):
        return np.sum((v - w) ** 2 * w)
    v = np.zeros(3)
    for k in range(steps):
        v = v - 0.1 * grad(loss)(v)
    return np.sum(v * w)


def gradient_while_it_matters(a):
    def f(x):
        return np.exp(x) - a
    x = 1.0
    while abs(f(x)) > 0.2:
        x = x - f(x) / grad(f)(x)
    return x * a


def gradient_in_a_branch(x, a):
    f = np.sin if x > a else np.cos
    return grad(f)(x) * grad(lambda v: f(v) * v)(a)


def gradient_of_a_recursion(x, n):
    def power(v, n):
        return 1.0 if n == 0 else v * power(v, n - 1)
    return grad(power)(x, n) * x


def gradient_of_a_loop(x, n):
    def orbit(v):
        for k in range(n):
            v = v * (1.0 - v) * x
            if v > 5.0:
                return v
        return v
    return grad(orbit)(0.3) + grad(orbit)(0.2 * x)


def gradient_in_a_recursion(x, n):
    def descend(v, n):
        if n == 0:
            return v
        return descend(v - 0.3 * grad(lambda u: np.cos(u * x))(v), n - 1)
    return descend(x, n)


def gradient_of_an_array(w):
    def loss(v):
        return np.sum(v ** 3 * w)
    return np.sum(grad(loss)(w) * w)


def gradient_of_a_dict(w, a):
    def loss(p):
        return np.sum(np.sin(p["w"]) * w) * p["b"]
    value, slope = s2sad.value_and_grad(loss)({"w": w, "b": a})
    return value + np.sum(slope["w"]) * slope["b"]


def gradient_of_a_tuple(x, a):
    def loss(pair, k):
        return pair[0] ** k * pair[1]
    p, q = grad(loss)((x, a), 3)
    return p * q


def gradients_by_name_and_position(x, a):
    def g(p, q, r):
        return p * q * q + np.exp(r * x)
    by_r, by_p = grad(g, wrt=("r", "p"))(x, a, x * a)
    return by_r + by_p * grad(g, argnums=-1)(x, a, 0.3)


def gradient_with_keywords(x, a):
    def g(p, *, q=2.0):
        return p ** 3 * q
    return grad(g)(x, q=a) + grad(g)(x)


def gradient_with_aux(x):
    slope, aux = grad(lambda v: (v * v * x, (v + x, 2)), has_aux=True)(x)
    return slope * aux[0] * aux[1]


def value_and_gradient_with_aux(x):
    (value, aux), slope = s2sad.value_and_grad(lambda v: (v * v * x, v + x), has_aux=True)(x)
    return slope * aux + value


def gradient_of_a_gradient(x):
    return grad(grad(lambda v: v ** 4 * x))(x)


def gradient_of_a_library_function(x):
    return grad(np.sin)(x) * s2sad.elementwise_grad(np.tanh)(x)


def gradient_handed_on(x, a):
    def newton(f, df, v):
        for k in range(4):
            v = v - f(v) / df(v)
            if abs(v) > 50.0:
                return v
        return v

    def f(v):
        return v * v * v - a
    return newton(f, grad(f), x)


def gradient_of_a_captured_write(w):
    def loss(v):
        work = v * 1.0
        work[0] = work[0] * w[1]
        work[1:] += v[:-1]
        return np.sum(work * work)
    return np.sum(grad(loss)(w) * w)


def hessian_vector_product(w):
    def loss(v):
        return np.sum(np.sin(v) * w) * np.sum(v)
    return np.sum(s2sad.hvp(loss, (w,), (w * 2.0,)))


def hessian_vector_product_in_conjugate_gradients(w):
    """Solves H s = w by conjugate gradients, with products in place of H."""
    def loss(v):
        return np.sum(v ** 2 * (1.0 + w)) + 0.1 * np.sum(v) ** 2

    def times(s):
        return s2sad.hvp(loss, (w,), (s,))
    s = np.zeros(3)
    r = w - times(s)
    p = r
    for k in range(2):
        q = times(p)
        alpha = np.sum(r * r) / np.sum(p * q)
        s = s + alpha * p
        new = r - alpha * q
        p = new + np.sum(new * new) / np.sum(r * r) * p
        r = new
    return np.sum(s * w)


def jacobian_forward(w):
    J = jacfwd(lambda v: np.sin(v) * np.sum(v * w))(w)
    return np.sum(J * J)


def jacobian_reverse(w):
    J = jacrev(lambda v: np.sin(v[1:]) * np.sum(v * w))(w)
    return np.sum(J * np.outer(w[1:], w * w))


def jacobian_of_a_matrix(A):
    J = jacrev(lambda B: B @ B)(A)
    return np.sum(J[0, 1] * A) + np.sum(J)


def jacobian_of_numbers(x):
    return jacfwd(lambda v: (v * x, v ** 2))(x)[1] * jacrev(lambda v: v ** 3 * x)(x)


def jacobian_by_two(x, w):
    by_x, by_w = jacrev(lambda a, b: a * b * b, wrt=(0, 1))(x, w)
    return np.sum(by_x * w) + np.sum(by_w * by_w)


def jacobian_of_a_dict(d):
    J = jacfwd(lambda e: e["a"] * e["b"])(d)
    return np.sum(J["a"]) + np.sum(J["b"] * d["a"])


def jacobian_made_outside(w):
    return np.sum(ROWS(w) * w) + np.sum(CURVATURE(w) * np.outer(w, w))


def gauss_newton_step(p):
    t = np.array([0.0, 0.5, 1.0])

    def residuals(q):
        return q[0] * np.exp(-q[1] * t) - t
    r, J = residuals(p), jacfwd(residuals)(p)
    q = p - np.linalg.solve(J.T @ J + 0.1 * np.eye(2), J.T @ r)
    return np.sum(residuals(q) ** 2)


def matrix_of_second_derivatives(w):
    def loss(v):
        return np.sum(np.sin(v) * w) * np.sum(v)
    return w @ hessian(loss)(w) @ w


def elementwise_derivative(w):
    return np.sum(s2sad.elementwise_grad(np.tanh)(w) * w)


def elementwise_derivative_twice(w):
    second = s2sad.elementwise_grad(s2sad.elementwise_grad(lambda v: np.sin(v) * w))
    return np.sum(second(w) * w)


def factory_differentiated_inside(w):
    def make_loss(data):
        def loss(v):
            return np.sum((v - data) ** 2 * v)
        return loss
    return np.sum(grad(make_loss(w))(2.0 * w))


def gradient_of_what_a_large_factory_makes(w, k):
    return np.sum(grad(make_loss(w, k))(w * 2.0))


def physics_from_energy(q):
    """A force as the gradient of an energy, in a time step."""
    def energy(x):
        return 0.5 * np.sum(x ** 2) + 0.25 * np.sum(x ** 4)
    x, v = q, np.zeros(3)
    for k in range(3):
        v = v - 0.1 * grad(energy)(x)
        x = x + 0.1 * v
    return np.sum(x * v)


CASES = [
    case(gradient_of_what_a_large_factory_makes, spread(3), 1.3),
    case(perturbations_apart, 1.3),
    case(perturbations_three_deep, 1.3),
    case(forward_inside, 0.8),
    case(forward_in_forward_inside, 0.8),
    case(gradient_of_what_was_made_outside, 1.1),
    case(gradient_of_a_decorated_function, 0.7),
    case(gradient_by_its_own_choice, 0.7, 1.1),
    case(decorated_inside, 0.7),
    case(pullback_inside, 0.9),
    case(pullback_called_twice, spread(3)),
    case(pullback_remembers, 0.9),
    case(seeds_that_were_written_to, spread(3)),
    case(gradient_of_any_number_of_arguments, 0.7),
    case(gradient_of_methods_and_objects, 0.7),
    case(gradient_of_a_partial, 0.7, 1.1),
    case(pullback_of_an_array_that_changes, spread(3)),
    case(linearized, 0.4),
    case(gradient_in_newtons_method, 2.0, 4),
    case(gradient_descent, positive(3), 3),
    case(gradient_while_it_matters, 2.0),
    case(gradient_in_a_branch, 0.7, 0.4),
    case(gradient_in_a_branch, 0.4, 0.7, note="other"),
    # The text of its tangent, whose inner derivative has a tape that may be None, is not derived as text again.
    case(gradient_of_a_recursion, 0.8, 3, second_order=False),
    case(gradient_of_a_loop, 1.2, 3),
    case(gradient_in_a_recursion, 0.8, 3),
    case(gradient_of_an_array, spread(3)),
    case(gradient_of_a_dict, spread(3), 0.7),
    case(gradient_of_a_tuple, 0.7, 1.1),
    case(gradients_by_name_and_position, 0.4, 0.7),
    case(gradient_with_keywords, 0.4, 0.7),
    case(gradient_with_aux, 0.4),
    case(value_and_gradient_with_aux, 0.4),
    case(gradient_of_a_gradient, 0.6),
    case(gradient_of_a_library_function, 0.4),
    case(gradient_handed_on, 1.4, 2.0),
    case(gradient_of_a_captured_write, spread(3)),
    case(hessian_vector_product, spread(3)),
    case(hessian_vector_product_in_conjugate_gradients, positive(3)),
    case(jacobian_forward, spread(3)),
    case(jacobian_reverse, spread(3)),
    case(jacobian_of_a_matrix, spread(2, 2)),
    case(jacobian_of_numbers, 0.7),
    case(jacobian_by_two, 0.7, spread(3)),
    case(jacobian_of_a_dict, {"a": spread(3), "b": 0.4}),
    case(jacobian_made_outside, spread(3)),
    case(gauss_newton_step, positive(2)),
    case(matrix_of_second_derivatives, spread(3)),
    case(elementwise_derivative, spread(3)),
    case(elementwise_derivative_twice, spread(3)),
    case(factory_differentiated_inside, spread(3)),
    case(physics_from_energy, spread(3)),
]
