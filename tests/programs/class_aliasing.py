"""Objects that are seen by several names, in loops, branches and functions that are not put in place."""

import numpy as np

from tests.corpus import case, positive, spread


class Node:
    def __init__(self, value, other=None):
        self.value = value
        self.other = other
        self.count = 0

    def bump(self, x):
        self.value = self.value * x
        self.count += 1

    def long_way(self, x, n):
        for k in range(n):
            if self.value > 50.0:
                return self.value * x
            self.value = self.value * x + k
            self.count += 1
        return self.value


def swap_in_loop(x, y, n):
    a, b = Node(x), Node(y)
    for i in range(n):
        a, b = b, a
        a.bump(x + i)
    return a.value + 2.0 * b.value


def alias_in_branch(x, y):
    a, b = Node(x), Node(y)
    if x > y:
        one = a
        one.bump(y)
    else:
        one = b
        one.bump(x)
    return a.value * b.value


def shared_part(x, y):
    part = Node(x)
    a, b = Node(y, part), Node(x * y, part)
    a.other.bump(y)
    b.other.bump(x)
    return part.value * a.other.value * b.other.count


def part_replaced(x, y):
    a = Node(x, Node(y))
    part = a.other
    a.other = Node(x * y)
    part.bump(x)
    a.other.bump(y)
    return part.value + a.other.value


def linked_list(xs):
    head = None
    for k in range(3):
        head = Node(xs[k], head)
    total = 0.0
    while head is not None:
        total = total * 0.5 + head.value**2
        head = head.other
    return total


def tree_by_stack(x, y):
    root = Node(x, Node(y, Node(x * y)))
    stack = [root]
    total = 0.0
    while stack:
        node = stack.pop()
        total = total * 0.5 + node.value**2
        if node.other is not None:
            stack.append(node.other)
    return total


def search_in_linked_list(x, y):
    node = Node(x, Node(y, Node(2.0)))
    while True:
        if node.other is None:
            break
        if node.value > 1.0:
            return node.value * x
        node = node.other
    return node.value * y


def not_in_place(x, n):
    a = Node(x)
    first = a.long_way(1.5, n)
    second = a.long_way(x, n)
    return first * second + a.value * a.count


def not_in_place_and_shared(x, n):
    part = Node(x)
    a = Node(1.0, part)
    result = work(a, x, n)
    return result * part.value + a.value


def work(node, x, n):
    for k in range(n):
        node.other.value = node.other.value * 1.1
        node.value = node.value + node.other.value * x
        if node.value > 40.0:
            return node.value * k
    return node.value


def result_is_the_object(x, n):
    a = Node(x)
    b = climb(a, n)
    b.bump(x)
    return a.value * b.count


def climb(node, n):
    for k in range(n):
        node.bump(1.1)
        if node.value > 100.0:
            return node
    return node


def array_shared_by_objects(w, x):
    a, b = Node(w * 1.0), Node(0.0)
    b.value = a.value
    for i in range(2):
        a.value[i] = x * b.value[i + 1]
    return np.sum(b.value * a.value)


def array_of_object_in_loop(w, n):
    a = Node(w * 1.0)
    view = a.value[1:]
    for i in range(n):
        a.value[i] += view[0] * 0.5
        view *= 1.1
    return np.sum(a.value**2)


def object_of_objects_in_loop(x, n):
    outer = Node(Node(x), Node(2.0))
    for i in range(n):
        outer.value.bump(x)
        outer.other = Node(outer.value.value * outer.other.value)
    return outer.other.value * outer.value.count


def attribute_of_one_path(x, y):
    a = Node(x)
    if x > y:
        a.extra = x * y
    if x > y:
        return a.extra * a.value
    return a.value


def object_in_while_with_break(x):
    a = Node(x)
    while True:
        a.bump(1.7)
        if a.value > 20.0:
            break
        if a.count > 6:
            return a.value * x
    return a.value * a.count


def objects_in_nested_lists(x, y):
    grid = [[Node(x), Node(y)], [Node(x * y), Node(1.0)]]
    for row in grid:
        row[0].other = row[1]
        row[0].other.bump(y)
    grid[0][0], grid[1][1] = grid[1][1], grid[0][0]
    return sum(n.value * n.count for row in grid for n in row) + grid[1][1].other.value


def list_of_attributes_in_loop(x, n):
    a = Node([x])
    for i in range(n):
        a.value.append(a.value[-1] * x)
    return sum(a.value)


def dict_of_attributes(x, y):
    a = Node({"x": x})
    a.value["y"] = y
    a.value["x"] *= y
    b = Node(a.value)
    b.value["y"] = b.value["y"] * x
    return a.value["x"] * a.value["y"]


def closure_over_object(x, y):
    a = Node(x)

    def push(k):
        a.bump(k * y)
        return a.value

    first = push(2.0)
    second = push(x)
    return first * second * a.value


def default_of_parameter(x, y):
    a = Node(x)

    def add(k, node=a):
        node.bump(k)
        return node

    return add(y).value * add(x).value * a.count


def comprehension_over_objects(xs, y):
    nodes = [Node(xs[k]) for k in range(3)]
    for n in nodes:
        n.bump(y)
    return sum([n.value * n.count for n in nodes if n.count > 0])


def early_return_in_method(x, y):
    return choose(Node(x), Node(y)).value * x


def choose(a, b):
    if a.value > b.value:
        return a
    return b


def object_or_none(x, y):
    best = None
    for k in range(3):
        node = Node(x * k + y)
        if best is None or node.value > best.value:
            best = node
    return best.value * x


CASES = [
    case(swap_in_loop, 0.7, 1.3, 3),
    case(swap_in_loop, 0.7, 1.3, 0, note="none"),
    case(alias_in_branch, 0.7, 1.3),
    case(alias_in_branch, 1.7, 1.3, note="then"),
    case(shared_part, 0.7, 1.3),
    case(part_replaced, 0.7, 1.3),
    case(linked_list, spread(3)),
    case(tree_by_stack, 0.7, 1.3),
    case(search_in_linked_list, 0.7, 1.3),
    case(search_in_linked_list, 0.7, 0.3, note="end"),
    case(not_in_place, 0.7, 4),
    case(not_in_place, 6.0, 4, note="early"),
    case(not_in_place_and_shared, 0.7, 4),
    case(result_is_the_object, 0.7, 3),
    case(array_shared_by_objects, spread(3), 0.7),
    case(array_of_object_in_loop, positive(4), 3),
    case(object_of_objects_in_loop, 0.7, 3),
    case(attribute_of_one_path, 1.7, 1.3),
    case(attribute_of_one_path, 0.7, 1.3, note="none"),
    case(object_in_while_with_break, 0.7),
    case(objects_in_nested_lists, 0.7, 1.3),
    case(list_of_attributes_in_loop, 0.7, 3),
    case(dict_of_attributes, 0.7, 1.3),
    case(closure_over_object, 0.7, 1.3),
    case(default_of_parameter, 0.7, 1.3),
    case(comprehension_over_objects, spread(3), 0.7),
    case(early_return_in_method, 0.7, 1.3),
    case(early_return_in_method, 1.7, 1.3, note="first"),
    case(object_or_none, 0.7, 1.3),
]
