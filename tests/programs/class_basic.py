"""Classes of the user's: construction, methods, attributes."""

import types

import numpy as np

from tests.corpus import case, positive, spread


class Affine:
    offset = 0.5

    def __init__(self, a, b=2.0):
        self.a = a
        self.b = b

    def at(self, x):
        return self.a * x + self.b

    def shifted(self, x):
        return self.at(x) + self.offset


class Network:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def hidden(self, x):
        return np.tanh(self.W @ x + self.b)

    def loss(self, x):
        h = self.hidden(x)
        return np.sum(h * h)


def construct_and_call(x, a):
    return Affine(a).at(x)


def construct_with_keyword(x, a):
    return Affine(a, b=x).at(x)


def method_calls_method(x, a):
    line = Affine(a, 3.0)
    return line.shifted(x) * line.at(x)


def bound_method_as_value(x, a):
    f = Affine(a).at
    return f(f(x))


def apply_twice(f, x):
    return f(f(x))


def bound_method_passed_on(x, a):
    return apply_twice(Affine(a).at, x)


def unbound_method(x, a):
    return Affine.at(Affine(a), x)


def object_passed_on(x, a):
    return evaluate(Affine(a), x)


def evaluate(line, x):
    return line.at(x) * line.a


def network(W, b, x):
    return Network(W, b).loss(x)


def attribute_assigned_outside(x, a):
    line = Affine(a)
    line.a = line.a * x
    line.c = x * x
    return line.at(x) + line.c


def attribute_augmented(x, a):
    line = Affine(a)
    line.a += x
    line.a *= 2.0
    return line.at(x)


def attribute_of_attribute(x, a):
    outer = Affine(a)
    outer.inner = Affine(x, a)
    outer.inner.a = outer.inner.a * 3.0
    return outer.inner.at(x) + outer.at(x)


def attributes_swapped(x, a):
    line = Affine(a, x)
    line.a, line.b = line.b, line.a * 2.0
    return line.at(x)


def chained_attribute_targets(x, a):
    line = Affine(a)
    line.a = line.b = x * a
    return line.at(x)


def array_attribute_item(x, w):
    net = types.SimpleNamespace(w=w * 1.0, n=0)
    net.w[0] = x
    net.w[1:] *= 2.0
    net.n += 1
    return np.sum(net.w) * net.n * x


def array_attribute_updated_in_place(x, w):
    net = types.SimpleNamespace(w=w * 1.0)
    alias = net.w
    net.w += x
    return np.sum(alias * net.w)


def array_attribute_replaced(x, w):
    net = types.SimpleNamespace(w=w * 1.0)
    alias = net.w
    net.w = net.w + x
    return np.sum(alias * net.w)


def object_alias(x, a):
    line = Affine(a)
    other = line
    other.a = x
    return line.at(x)


def object_changed_by_callee(x, a):
    line = Affine(a)
    scale(line, x)
    return line.at(x)


def scale(line, by):
    line.a = line.a * by
    line.b = np.sin(by)


class Counter:
    def __init__(self):
        self.total = 0.0
        self.count = 0

    def add(self, x):
        self.total += x
        self.count += 1
        return self

    def mean(self):
        return self.total / self.count


def object_in_loop(xs):
    counter = Counter()
    for x in xs:
        counter.add(x * x)
    return counter.mean()


def object_in_while(x, n):
    counter = Counter()
    while counter.count < n:
        counter.add(np.sin(x) * counter.count)
    return counter.total


def object_in_branch(x, y):
    counter = Counter()
    if x > y:
        counter.add(x * y)
    else:
        counter.add(y).add(x)
    return counter.total * counter.count


def object_made_in_branch(x, y):
    if x > y:
        line = Affine(x, y)
    else:
        line = Affine(y, 1.0)
    return line.at(x)


def object_rebound_in_loop(x, n):
    line = Affine(x)
    for i in range(n):
        line = Affine(line.at(0.1 * i), 0.5)
    return line.at(x)


def objects_in_list(x, y):
    lines = [Affine(x), Affine(y, x), Affine(2.0)]
    lines[1].a = lines[0].at(y)
    total = 0.0
    for line in lines:
        total = total + line.at(x)
    return total


def objects_in_dict(x, y):
    lines = {"first": Affine(x), "second": Affine(y)}
    for name, line in lines.items():
        line.a = line.a * (2.0 if name == "first" else 3.0)
    return sum(line.at(x) for line in lines.values())


def chained_calls(x):
    return Counter().add(x).add(x * x).mean()


def attribute_by_name(x, a):
    line = Affine(a)
    setattr(line, "slope", x * getattr(line, "a"))
    return getattr(line, "slope") + getattr(line, "missing", 2.0) * x


def attribute_asked_for(x, a):
    line = Affine(a)
    if hasattr(line, "memory"):
        return x
    line.memory = x * x
    if hasattr(line, "memory") and hasattr(line, "at"):
        return line.memory * a
    return x


def attribute_deleted(x, a):
    line = Affine(a)
    line.offset = 3.0
    first = line.shifted(x)
    del line.offset
    return first * line.shifted(x)


def instance_overrides_class_attribute(x, a):
    line = Affine(a)
    before = line.shifted(x)
    line.offset = x
    return before * line.shifted(x)


def instance_overrides_method(x, a):
    line = Affine(a)
    line.at = lambda y: y * y * a
    return line.shifted(x)


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def product(self):
        return self.x * self.y


def class_with_slots(x, y):
    p = Slotted(x, y)
    p.x = p.x * 2.0
    return p.product() * p.x


class Empty:
    pass


def attributes_given_later(x, y):
    bag = Empty()
    bag.x = x
    bag.y = y * x
    return bag.x * bag.y


def object_result_of_helper(x, y):
    p = make(x, y)
    return p.product() + p.y


def make(x, y):
    return Slotted(x * y, x + y)


def array_methods_of_attribute(W, x):
    net = Network(W, x)
    return net.W.T.dot(net.b).sum() + net.W.sum(axis=0)[0]


def loop_over_attribute_first_set_inside(xs):
    bag = Empty()
    for x in xs:
        bag.last = x * x
    return bag.last * 2.0


CASES = [
    case(construct_and_call, 0.7, 1.3),
    case(construct_with_keyword, 0.7, 1.3),
    case(method_calls_method, 0.7, 1.3),
    case(method_calls_method, spread(3), 1.3, note="array"),
    case(bound_method_as_value, 0.7, 1.3),
    case(bound_method_passed_on, 0.7, 1.3),
    case(unbound_method, 0.7, 1.3),
    case(object_passed_on, 0.7, 1.3),
    case(network, spread(3, 2), spread(3), positive(2)),
    case(attribute_assigned_outside, 0.7, 1.3),
    case(attribute_augmented, 0.7, 1.3),
    case(attribute_of_attribute, 0.7, 1.3),
    case(attributes_swapped, 0.7, 1.3),
    case(chained_attribute_targets, 0.7, 1.3),
    case(array_attribute_item, 0.7, spread(4)),
    case(array_attribute_updated_in_place, 0.7, spread(4)),
    case(array_attribute_replaced, 0.7, spread(4)),
    case(object_alias, 0.7, 1.3),
    case(object_changed_by_callee, 0.7, 1.3),
    case(object_in_loop, spread(5)),
    case(object_in_loop, spread(1), note="single"),
    case(object_in_while, 0.7, 4),
    case(object_in_while, 0.7, 0, note="none"),
    case(object_in_branch, 0.7, 1.3),
    case(object_in_branch, 1.7, 1.3, note="then"),
    case(object_made_in_branch, 0.7, 1.3),
    case(object_made_in_branch, 1.7, 1.3, note="then"),
    case(object_rebound_in_loop, 0.7, 3),
    case(object_rebound_in_loop, 0.7, 0, note="none"),
    case(objects_in_list, 0.7, 1.3),
    case(objects_in_dict, 0.7, 1.3),
    case(chained_calls, 0.7),
    case(attribute_by_name, 0.7, 1.3),
    case(attribute_asked_for, 0.7, 1.3),
    case(attribute_deleted, 0.7, 1.3),
    case(instance_overrides_class_attribute, 0.7, 1.3),
    case(instance_overrides_method, 0.7, 1.3),
    case(class_with_slots, 0.7, 1.3),
    case(attributes_given_later, 0.7, 1.3),
    case(object_result_of_helper, 0.7, 1.3),
    case(array_methods_of_attribute, spread(3, 3), positive(3)),
    case(loop_over_attribute_first_set_inside, spread(4)),
]
