"""Functions as values: decorated, bound, chosen, stored, handed to others and returned by them."""

import functools
import operator

import numpy as np

from tests.corpus import case, positive, spread


def doubled(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return 2.0 * fn(*args, **kwargs)
    return wrapper


def scaled(by):
    def decorate(fn):
        def inner(x):
            return by * fn(x)
        return inner
    return decorate


@doubled
@scaled(3.0)
def wave(x):
    return np.sin(x) * x


@functools.lru_cache(maxsize=None)
def cached_square(x):
    return x * x


def line(k):
    return lambda v: v * k + 1.0


def rk4(f, y, t, dt, steps):
    """Too large, and left from inside a loop: a function of its own that is handed a function."""
    for k in range(steps):
        k1 = f(y, t)
        k2 = f(y + dt / 2.0 * k1, t + dt / 2.0)
        k3 = f(y + dt / 2.0 * k2, t + dt / 2.0)
        k4 = f(y + dt * k3, t + dt)
        y = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        t = t + dt
        if t > 50.0:
            return y
    return y


def bisection(f, a, b, steps):
    for k in range(steps):
        m = 0.5 * (a + b)
        if f(m) * f(a) <= 0.0:
            b = m
        else:
            a = m
        if b - a < 1e-3:
            return m
    return 0.5 * (a + b)


def simpson(f, a, b, n):
    h = (b - a) / n
    total = f(a) + f(b)
    for k in range(1, n):
        total = total + (4.0 if k % 2 else 2.0) * f(a + k * h)
    return total * h / 3.0


GAIN = functools.partial(operator.mul, 3.0)
SECOND = operator.itemgetter(1)
ACTIVATIONS = {"sin": np.sin, "square": lambda v: v * v, "gain": GAIN}


def decorated_at_module_level(x):
    return wave(x)


def decorated_by_a_factory(x, a):
    @scaled(a)
    def g(v):
        return v * v * x
    return g(x) + g(a)


def decorated_twice_with_wraps(x, a):
    def twice(fn):
        @functools.wraps(fn)
        def again(*args):
            return fn(fn(*args))
        return again

    @doubled
    @twice
    def g(v):
        return np.sin(v) * a
    return g(x)


def remembered_results(x):
    @functools.lru_cache(maxsize=None)
    def fibonacci(n):
        return x if n < 2 else 0.5 * fibonacci(n - 1) + fibonacci(n - 2)
    return fibonacci(4) * cached_square(x)


def cached_without_arguments(x):
    @functools.cache
    def g(v):
        return v * np.exp(v * x)
    return g(x) + g(0.5 * x)


def partial_made_inside(x, a):
    f = functools.partial(lambda p, q, r=1.0: p * q ** 2 + r, x, r=a)
    return f(a) + f(q=x)


def partial_of_a_partial(x, a):
    f = functools.partial(functools.partial(np.power, x), 3.0)
    g = functools.partial(simpson, lambda v: v * v * a)
    return f() * g(0.0, x, 4)


def partial_from_outside(x):
    return GAIN(x) * SECOND((1.0, x)) + ACTIVATIONS["gain"](x)


def functions_of_operator(x, a):
    p, q = operator.itemgetter(1, 0)((x, a))
    total = operator.add(operator.mul(p, q), operator.truediv(p, operator.neg(q)))
    return total + operator.pow(x, 3) - operator.sub(a, x) if operator.lt(x, a) else total


def getters_of_operator(d):
    get = operator.itemgetter("w")
    return get(d) * operator.getitem(d, "b") + operator.methodcaller("sum")(get(d)) * operator.attrgetter("T.size")(
        get(d))


def chosen_by_a_conditional(x, a):
    act = np.sin if x > 0.5 else np.cos
    return act(x) * act(a)


def chosen_in_a_branch(x, a):
    if x > a:
        def act(v):
            return v * x
    else:
        act = np.tanh
    y = 0.0
    for k in range(3):
        y = y + act(a + y)
    return y


def chosen_with_what_it_captures(x, a):
    f = line(2.0 * x) if x < a else line(a * a)
    return f(x) * f(a)


def chosen_among_three(x):
    f = np.sin if x < 0.3 else np.exp if x < 0.6 else functools.partial(np.power, x)
    return f(0.5) + f(x)


def returned_from_a_branch(x, a):
    def pick():
        if x > 0.4:
            k = 2.0 * x
            return lambda v: v * k
        k = 5.0
        return lambda v: v + k
    return pick()(a)


def chosen_from_a_table(x):
    return ACTIVATIONS["sin"](x) * ACTIVATIONS["square"](x)


def chosen_by_a_name(x, name):
    table = {"relu": lambda v: max(v, 0.0), "square": lambda v: v * v}
    return table[name](x) * 2.0 if name in table else x


def handed_to_an_integrator(p):
    def rhs(y, t):
        return np.array([p[0] * y[0] - p[1] * y[0] * y[1], -y[1] + y[0] * y[1] * np.cos(t)])
    y = rk4(rhs, np.array([1.0, 0.5]), 0.0, 0.1, 4)
    return y[0] * y[1]


def handed_to_a_quadrature(a, b):
    return simpson(lambda t: np.exp(-a * t) * t, 0.0, b, 6)


def handed_to_a_recursion(x, n):
    def iterate(f, v, n):
        if n == 0:
            return v
        return iterate(f, f(v), n - 1)
    return iterate(lambda v: np.sin(v) * x, x, n)


def handed_on_through_two(x, a):
    def outer(f, v):
        return rk4(lambda y, t: f(y) - t * v, v, 0.0, 0.1, 3)
    return outer(lambda y: a * y, x)


def handed_a_library_function(x):
    return rk4(np.multiply, x, 0.5, 0.1, 3) + simpson(np.cos, 0.0, x, 4)


def root_that_does_not_depend_smoothly(x):
    """The bisection itself has no derivative; what is made of its result has."""
    return bisection(lambda v: v * v - 2.0, 0.0, 2.0, 6) * x


def composed(x):
    def compose(f, g):
        return lambda v: g(f(v))
    return compose(compose(np.sin, lambda v: v * x), np.exp)(x)


def pipeline_in_a_list(x):
    y = x
    for f in [np.sin, lambda v: v * x, functools.partial(np.add, 1.0), np.log]:
        y = f(y)
    return y


def is_it_callable(x, a):
    def value(v):
        return v() if callable(v) else v
    return value(lambda: x * a) + value(a)


def argument_is_a_function(f, x):
    return f(x) * f(2.0 * x)


def factory_with_an_array(w):
    def make_loss(data, scale=2.0):
        mean = np.mean(data)

        def loss(v):
            return np.sum((v - mean) ** 2) * scale
        return loss
    return make_loss(w)(2.0 * w) + make_loss(w * w, 0.5)(w)


def tuple_of_functions_returned(x):
    def pair(k):
        def push(v):
            return v * k

        def pull(v):
            return v / k
        return push, pull
    push, pull = pair(x + 1.0)
    return push(x) * pull(x * x)


def applied(x, fn=np.sin):
    return fn(x)


def default_that_is_a_function(x):
    return applied(x) * applied(x, np.exp)


def make_loss(data, k):
    """Too large to be put in place: what the function captures comes back with it."""
    mean = np.sum(data) / len(data)
    deviation = data - mean
    variance = np.sum(deviation ** 2) / len(data)
    spread_of = np.sqrt(variance)
    scaled_data = deviation / spread_of
    a = k * 2.0
    b = a + 1.0
    c = b * a
    d = c - b
    e = d * 0.5
    f = e + mean
    g = f * spread_of

    def loss(v):
        return np.sum((v - scaled_data) ** 2) * g + a * v[0]
    return loss


def large_factory(w, k):
    loss = make_loss(w, k)
    return loss(w * 2.0) + loss(w)


def picky(kind, x):
    for k in range(3):
        if k > x:
            raise ValueError("too small")
    if kind == "times":
        return lambda v: v * x
    return lambda v: v + x


def factory_that_may_raise(x):
    return picky("times", x + 3.0)(x) * picky("plus", x + 5.0)(x)


def functions_made_in_a_loop(x):
    fs = []
    for k in range(3):
        fs.append(lambda v, k=k: v ** (k + 1))
    return sum(f(x) for f in fs)


def functions_in_a_dict_of_a_factory(x):
    def make():
        table = {}
        for name in ("once", "twice"):
            def add(v, name=name):
                return v + (x if name == "once" else 2.0 * x)
            table[name] = add
        return table
    table = make()
    return table["once"](x) * table["twice"](x)


def test_of_a_loop_that_counts(x, n):
    """The test of the loop changes a variable."""
    count, y = 0, x

    def more():
        nonlocal count
        count += 1
        return count <= n
    while more():
        y = y * x
        if y < 0.01:
            break
    return y * count


CASES = [
    case(default_that_is_a_function, 0.7),
    case(large_factory, spread(3), 1.3),
    case(factory_that_may_raise, 0.7),
    case(functions_made_in_a_loop, 0.7),
    case(functions_in_a_dict_of_a_factory, 0.7),
    case(test_of_a_loop_that_counts, 0.7, 3),
    case(decorated_at_module_level, 0.7),
    case(decorated_by_a_factory, 0.7, 1.1),
    case(decorated_twice_with_wraps, 0.7, 1.1),
    case(remembered_results, 0.7),
    case(cached_without_arguments, 0.7),
    case(partial_made_inside, 0.7, 1.1),
    case(partial_of_a_partial, 0.7, 1.1),
    case(partial_from_outside, 0.7),
    case(functions_of_operator, 0.7, 1.1),
    case(functions_of_operator, 1.1, 0.7, note="other"),
    case(getters_of_operator, {"w": spread(3), "b": 0.7}),
    case(chosen_by_a_conditional, 0.7, 1.1),
    case(chosen_by_a_conditional, 0.3, 1.1, note="other"),
    case(chosen_in_a_branch, 0.7, 0.4),
    case(chosen_in_a_branch, 0.4, 0.7, note="other"),
    case(chosen_with_what_it_captures, 0.4, 0.7),
    case(chosen_with_what_it_captures, 0.7, 0.4, note="other"),
    case(chosen_among_three, 0.2),
    case(chosen_among_three, 0.5, note="second"),
    case(chosen_among_three, 0.9, note="third"),
    case(returned_from_a_branch, 0.7, 0.4),
    case(returned_from_a_branch, 0.2, 0.4, note="other"),
    case(chosen_from_a_table, 0.7),
    case(chosen_by_a_name, 0.7, "square"),
    case(handed_to_an_integrator, positive(2)),
    case(handed_to_a_quadrature, 0.7, 1.1),
    case(handed_to_a_recursion, 0.7, 3),
    case(handed_on_through_two, 0.7, 1.1),
    case(handed_a_library_function, 0.7),
    case(root_that_does_not_depend_smoothly, 0.7),
    case(composed, 0.7),
    case(pipeline_in_a_list, 0.7),
    case(is_it_callable, 0.7, 1.1),
    case(argument_is_a_function, np.sin, 0.7),
    case(factory_with_an_array, spread(3)),
    case(tuple_of_functions_returned, 0.7),
]
