"""Arrays that are written while something without a name still sees them, and writes in unusual clothes."""

import functools
import itertools
import operator

import numpy as np

from tests.corpus import case


class Box:
    def __init__(self, v):
        self.v = v


class Growing:
    def __init__(self, v):
        self.v = v

    def __iadd__(self, other):
        self.v = self.v + 2 * other
        return self


def twice(v):
    return [v, v]


def up(v):
    v += 1
    return v


def added(a, b):
    a += b
    return a


def operator_writes_into_array(x):
    a = x.copy()
    first = a[:1]
    b = operator.iadd(a, x * 2)
    operator.imul(b, x)
    operator.setitem(b, 0, x[1] * b[0])
    return np.sum(a * b) + np.sum(a**2) + first[0]


def operator_of_number_gives_a_new_one(x):
    a = x
    b = operator.iadd(a, x * 2)
    return a * b


def operator_of_lists(x):
    a = [x]
    b = operator.iadd(a, [x * 2])
    operator.iconcat(b, [1.0]).append(x)
    c = operator.add(a, [x * x])
    c[0] = 5.0
    d = operator.mul([x], 2)
    d.append(3.0)
    return len(a) * sum(a) * sum(c) + sum(d) * operator.not_([]) + operator.lt((x, 1), (x, 2))


def operator_of_tuple_dict_and_object(x):
    a = (x,)
    b = operator.iadd(a, (x * x,))
    table = {"p": x}
    operator.ior(table, {"q": x * x})
    one = Growing(x)
    other = operator.iadd(one, x)
    other.v = other.v * x
    return len(a) * sum(b) + len(table) * sum(table.values()) + one.v


def reduced_in_place(x):
    rows = [x * 2, x, x * 3]
    total = functools.reduce(operator.iadd, rows)
    lists = [[x[0]], [x[1], 1.0]]
    functools.reduce(operator.iadd, lists)
    return np.sum(rows[0] * total) + sum(lists[0]) * len(lists[0])


def rows_reduced_in_place(x):
    total = functools.reduce(operator.iadd, np.outer(x, x), np.zeros(2))
    return np.sum(total**2)


def running_totals_that_are_one_array(x):
    own = list(itertools.accumulate([x * 1, x, x], operator.iadd))
    made = list(itertools.accumulate(twice(x * 1), added))
    return np.sum(own[0] * own[2]) + np.sum(made[0] ** 2)


def loop_over_one_array_twice(x):
    total = 0.0
    for v in twice(x * 1):
        v += 1
        total = total + np.sum(v**2)
    for k, v in enumerate(twice(x * 2)):
        v *= k + 1.5
        total = total + np.sum(v**3)
    for a, b in zip(twice(x * 1), twice(x * 3)):
        a += b
        b *= 2
        total = total + np.sum(a * b)
    return total


def comprehension_over_one_array_twice(x):
    made = [up(v) for v in twice(x * 1)]
    table = {k: up(v) for k, v in zip("ab", twice(x * 1))}
    pairs = [(a, up(b)) for a, b in zip(twice(x * 1), twice(x * 2))]
    late = sum(np.sum(up(v) ** 2) for v in twice(x * 1))
    return np.sum(made[0] * made[1]) + np.sum(table["a"] * table["b"]) + np.sum(pairs[0][0] * pairs[1][1]) + late


def table_grows_for_all_who_hold_it(x):
    table = {"a": x}
    members = {1, 2}
    box, items = Box(table), [table]
    box.v |= {"b": x * x}
    items[0] |= {"c": 2.0}
    held = Box(members)
    held.v |= {3}
    return len(table) * table["a"] + sum(table.values()) * len(members)


def reshaped_view_updated_by_what_it_views(x):
    y = x.copy()
    z = y.reshape(1, 2)
    z += y
    z[0] += y
    z *= y[::-1]
    return np.sum(y**2)


def reshaped_attribute_updated_by_the_other(x):
    box = Box(x * 1)
    box.w = box.v.reshape(2, 1)
    box.w[0] *= box.v[:1]
    box.v += box.w.sum()
    box.w += box.v[1]
    return np.sum(box.v**2)


def item_read_before_a_call_that_writes_it(x, n):
    y = x * 1

    def changed(k):
        y[k] = 5.0 * x[1] * y[k]
        return x[1] + k

    for i in range(n):
        y[i % 2] *= changed(i % 2)
        y[1] += changed(1)
        y[[1, 0]] -= changed(0)
        y[1:] -= changed(1)
    return np.sum(y**2)


def item_of_object_read_before_a_method_that_writes_it(x, n):
    class Model:
        def __init__(self):
            self.h = x * 1

        def first(self):
            self.h[0] += 1.0
            return self.h[1]

        def second(self):
            self.h[0] += self.first()
            return self.h[0]

    model = Model()
    for _ in range(n):
        model.h[1] *= model.second() * 0.5
    return np.sum(model.h**2)


def array_popped_beside_itself(x):
    items = [x * 1]
    return np.sum(items[0] * up(items.pop()))


def arguments_that_are_one_array(x):
    def product(a, b, c=1.0):
        return np.sum(a * b * c)

    items = [x * 1, x * 2]
    made = [items[0], up(items.pop(0))]
    table = {"a": items[0], "b": up(items.pop())}
    rest = [x * 3]
    return np.sum(made[0] * made[1]) + np.sum(table["a"] * table["b"]) + product(rest[0], x, c=up(rest.pop()))


def receiver_beside_an_argument_that_writes_it(x):
    items = [x * 1]
    return items[0].dot(up(items.pop()))


def target_replaced_while_its_old_value_is_written(x):
    box, items, table, own = Box(x * 1), [x * 2], {"a": x * 3}, x * 4

    def for_attribute():
        old = box.v
        box.v = x
        up(old)
        return 2.0

    def for_item():
        old = items[0]
        items[0] = x
        up(old)
        return 2.0

    def for_key():
        up(table.pop("a"))
        return 2.0

    def for_name():
        nonlocal own
        old = own
        own = x
        up(old)
        return 2.0

    box.v += for_attribute()
    items[0] += for_item()
    table["a"] *= for_key()
    own += for_name()
    return np.sum(box.v**2) + np.sum(items[0] ** 2) + np.sum(table["a"] ** 2) + np.sum(own**2)


_X = np.array([0.7, 0.4])

CASES = [
    case(operator_writes_into_array, _X),
    case(operator_of_number_gives_a_new_one, 0.7),
    case(operator_of_lists, 0.7),
    case(operator_of_tuple_dict_and_object, 0.7),
    case(reduced_in_place, _X),
    case(rows_reduced_in_place, _X),
    case(running_totals_that_are_one_array, _X),
    case(loop_over_one_array_twice, _X),
    case(comprehension_over_one_array_twice, _X),
    case(table_grows_for_all_who_hold_it, 0.7),
    case(reshaped_view_updated_by_what_it_views, _X),
    case(reshaped_attribute_updated_by_the_other, _X),
    case(item_read_before_a_call_that_writes_it, _X, 2),
    case(item_read_before_a_call_that_writes_it, _X, 0, note="none"),
    case(array_popped_beside_itself, _X),
    case(receiver_beside_an_argument_that_writes_it, _X),
    case(target_replaced_while_its_old_value_is_written, _X),
    case(arguments_that_are_one_array, _X),
    case(item_of_object_read_before_a_method_that_writes_it, _X, 2),
]
