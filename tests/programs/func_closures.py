"""Functions inside functions: what they capture, what they change around them, and those that are called by name."""

import numpy as np

from tests.corpus import case, positive, spread


def leaves_a_loop(x, limit):
    """Returns from the inside of a loop, so that it is a function of its own."""
    def root(y, n):
        for k in range(n):
            if y > limit:
                return y + k
            y = y * y + 0.4 * limit
        return y * limit
    return root(x, 6) * root(limit, 2)


def captured_array(x, w):
    def first_above(bound):
        for k in range(len(w)):
            if w[k] > bound:
                return w[k] * x
        return w[0] * x
    return first_above(0.5) + first_above(0.9) * x


def captured_through_two_levels(x, a):
    def outer(y):
        def inner(n):
            z = y
            for k in range(n):
                if z > 2.0:
                    return z * a
                z = z * z + x
            return z
        return inner(3) + y
    return outer(x) * outer(a)


def captured_function(x, a):
    def scale(v):
        return a * np.sin(v)

    def repeat(v, n):
        for k in range(n):
            if v < 0.1:
                return v
            v = scale(v) * x
        return v
    return repeat(x, 3)


def captured_list_and_dict(x, a):
    weights = [x, a, x * a]
    named = {"shift": a * a}

    def search(bound):
        for k in range(4):
            if bound > named["shift"]:
                return weights[0] * bound + weights[2]
            bound = bound + weights[1]
        return bound
    return search(x)


def captured_tuple_of_functions(x):
    moves = (lambda v: v * x, lambda v: v + x)

    def walk(v, n):
        for k in range(n):
            if v > 3.0:
                return moves[0](v)
            v = moves[1](v)
        return v
    return walk(x, 5)


def read_when_called(x):
    """A captured variable is read when the function is called."""
    scale = 2.0

    def root(y):
        for k in range(3):
            if y > 4.0:
                return y * scale
            y = y * y + x
        return y * scale
    first = root(x)
    scale = x
    return first * root(x)


def written_through_nonlocal(x):
    total, count = 0.0, 0

    def add(v):
        nonlocal total, count
        total += v * v
        count += 1
    add(x)
    add(2.0 * x)
    return total / count


def nonlocal_in_loop_and_branch(x, n):
    total = x
    steps = 0

    def move(v):
        nonlocal total, steps
        if v > 0.8:
            total = total * v
        steps += 1
    for k in range(n):
        if k != 1:
            move(x + 0.1 * k)
    return total * steps


def nonlocal_in_own_loop(x, n):
    """The function that binds the outer variable has the loop itself."""
    best = x

    def climb(step):
        nonlocal best
        for k in range(n):
            best = best + step * np.cos(best)
        return best
    y = climb(0.3)
    return y * best + climb(0.1)


def nonlocal_array(w):
    state = np.zeros(3)

    def push(v):
        nonlocal state
        state = 0.5 * state + v * w
    for k in range(3):
        push(1.0 + k)
    return np.sum(state * state)


def nonlocal_through_a_call(x, limit):
    """Binds an outer variable and leaves a loop: the variable comes back as a result."""
    spent = 0.0

    def spend(v):
        nonlocal spent
        for k in range(5):
            if v > limit:
                return v
            v = v * v + x
            spent = spent + v * 0.1
        return v
    y = spend(x)
    return y * spent + spend(0.5 * x) + spent


def nonlocal_counter_in_recursion(x, n):
    work = 0.0

    def visit(v, n):
        nonlocal work
        work += x * v
        if n <= 0:
            return v
        return visit(0.5 * v, n - 1) + visit(0.7 * v, n - 2)
    return visit(x, n) * work


def nonlocal_two_levels_up(x):
    total = 0.0

    def outer(v):
        def inner(u):
            nonlocal total
            total += u * v
        inner(x)
        inner(v)
    outer(x)
    outer(2.0)
    return total


def closure_keeps_its_variable_alive(x):
    """Each call of the factory has a variable of its own."""
    def counter(start):
        value = start

        def advance(by):
            nonlocal value
            value = value * by
            return value
        return advance
    one, two = counter(x), counter(2.0 * x)
    one(x)
    return one(3.0) * two(x)


def recursion_of_a_nested_function(x, n):
    def power(v, n):
        if n == 0:
            return 1.0 + 0.0 * v
        return v * power(v, n - 1) + 0.1 * x
    return power(x, n)


def mutual_recursion(x, n):
    def even(v, n):
        if n <= 0:
            return v
        return odd(v * x, n - 1) + 1.0

    def odd(v, n):
        if n <= 0:
            return v * v
        return np.sin(even(v + x, n - 1))
    return even(0.8 * x, n)


def recursion_on_structure(tree, x):
    """What decides is known when lowering: the recursion is written out."""
    def value(node):
        if isinstance(node, tuple):
            return value(node[0]) * x + np.sin(value(node[1]))
        return node
    return value(tree)


def recursion_fills_an_array(w):
    out = np.zeros(3)

    def fill(k, v):
        if k >= 3:
            return v
        out[k] = v * w[k]
        return fill(k + 1, out[k] + v)
    last = fill(0, w[1])
    return last * np.sum(out * out)


def writes_to_a_captured_array(w, limit):
    work = w * 1.0

    def relax(k):
        for j in range(4):
            if work[k] > limit:
                return j
            work[k] = work[k] * 1.3 + 0.1 * w[0]
        return 4
    steps = relax(0) + relax(1)
    return np.sum(work * w) * steps


def changes_a_captured_list(x, limit):
    kept = [x, 2.0 * x]

    def shrink(v):
        for j in range(4):
            if v < limit:
                return v
            v = 0.7 * v
            kept[0] = kept[0] * v
        return v
    y = shrink(x)
    return y * kept[0] + kept[1]


def changes_a_dict_it_is_handed(x, limit):
    def shrink(state):
        for j in range(4):
            if state["v"] < limit:
                return j
            state["v"] = 0.7 * state["v"]
            state["sum"] = state["sum"] + state["v"]
        return 4
    state = {"v": x, "sum": 0.0}
    steps = shrink(state)
    return state["v"] * state["sum"] * (1.0 + steps)


def returns_the_list_it_is_handed(x, limit):
    def clip(items):
        for k in range(2):
            if items[0] > limit:
                return items
            items[0] = items[0] * 1.7 + 0.1 * k
        return items
    items = [x, 2.0 * x]
    same = clip(items)
    same[1] = same[1] * 3.0
    return items[0] * items[1]


def late_binding_of_a_loop_variable(x):
    functions = []
    for k in (1.0, 2.0, 3.0):
        functions.append(lambda v: v * k)
    return functions[0](x) + functions[1](x * x)


def early_binding_by_default(x):
    functions = [lambda v, k=k: v ** k for k in (1, 2, 3)]
    return sum(f(x) for f in functions)


def default_evaluated_once(x):
    scale = x

    def f(v, by=scale * 2.0):
        return v * by
    scale = 100.0
    return f(x) + f(x, 3.0)


def default_list_lives_on(x):
    def push(v, seen=[]):
        seen.append(v)
        return sum(seen)
    return push(x) + push(x * x) * push(1.0)


def kinds_of_parameters(x, a):
    def f(p, /, q, *, r, s=2.0):
        for k in range(3):
            if p > 4.0:
                return p * r + s
            p = p * q + r
        return p * s
    return f(x, a, r=x) * f(x, q=1.1, r=a, s=x)


def rebound_array_seen_by_a_closure(x):
    """What a function that has returned left to a closure is the memory that it was."""
    def holder(a):
        return lambda k: a[k]
    b = np.zeros(3) + x
    read = holder(b)
    b += 1.0
    return read(0) * read(2)


def nested_function_as_a_value(x, a):
    def half(v):
        return 0.5 * v

    def twice(v):
        return a * v
    table = {"half": half, "twice": twice}
    pick = [half, twice]
    return table["half"](x) * pick[1](x) + (twice, half)[0](a)


def captured_list_that_has_grown(w):
    """A list whose length is known at run time only is handed over as it is."""
    squares, rows = [], []
    for k in range(len(w)):
        squares.append(w[k] ** 2)
        rows.append(w[k] * w)

    def first_above(bound):
        for k in range(len(squares)):
            if squares[k] > bound:
                return squares[k] * np.sum(rows[k])
        return squares[0]
    y = first_above(0.2) * w[1]
    squares.append(w[0])
    return y + first_above(w[0]) * len(squares)


CASES = [
    case(captured_list_that_has_grown, np.array([0.3, 0.5, 0.9])),
    case(leaves_a_loop, 0.7, 1.3),
    case(captured_array, 0.8, positive(4)),
    case(captured_through_two_levels, 0.6, 1.1),
    case(captured_function, 0.9, 1.2),
    case(captured_list_and_dict, 0.7, 1.1),
    case(captured_tuple_of_functions, 0.9),
    case(read_when_called, 0.9),
    case(written_through_nonlocal, 0.7),
    case(nonlocal_in_loop_and_branch, 0.7, 4),
    case(nonlocal_in_own_loop, 0.6, 3),
    case(nonlocal_array, spread(3)),
    case(nonlocal_through_a_call, 0.8, 1.1),
    case(nonlocal_counter_in_recursion, 0.9, 3),
    case(nonlocal_two_levels_up, 0.7),
    case(closure_keeps_its_variable_alive, 0.8),
    case(recursion_of_a_nested_function, 0.8, 3),
    case(mutual_recursion, 0.8, 4),
    case(recursion_on_structure, ((0.7, 0.2), (0.3, (0.5, 0.9))), 1.2),
    case(recursion_fills_an_array, positive(3)),
    case(writes_to_a_captured_array, positive(3), 1.4),
    case(changes_a_captured_list, 0.9, 0.5),
    case(changes_a_dict_it_is_handed, 0.9, 0.5),
    case(returns_the_list_it_is_handed, 0.7, 1.1),
    case(late_binding_of_a_loop_variable, 0.7),
    case(early_binding_by_default, 0.7),
    case(default_evaluated_once, 0.7),
    case(default_list_lives_on, 0.7),
    case(kinds_of_parameters, 0.7, 1.2),
    case(rebound_array_seen_by_a_closure, 0.7),
    case(nested_function_as_a_value, 0.7, 1.2),
]
