"""Named tuples as arguments and locals."""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from tests.corpus import case, positive, spread


class Point(NamedTuple):
    x: float
    y: float


class Layer(NamedTuple):
    W: np.ndarray
    b: np.ndarray
    activation: str = "tanh"


Segment = namedtuple("Segment", "start end")


def named_tuple_attributes(p):
    return p.x * np.sin(p.y)


def named_tuple_unpacked(p):
    x, y = p
    return x * y + x


def named_tuple_indexed(p):
    return p[0] * p[-1] + p[1]


def named_tuple_of_arrays(layer, x):
    return np.sum(np.tanh(layer.W @ x + layer.b))


def named_tuple_with_a_text(layer, x):
    h = layer.W @ x + layer.b
    if layer.activation == "tanh":
        h = np.tanh(h)
    return np.sum(h * h)


def named_tuples_nested(segment):
    dx = segment.end.x - segment.start.x
    dy = segment.end.y - segment.start.y
    return np.sqrt(dx * dx + dy * dy)


def named_tuples_in_a_list(points):
    total = 0.0
    for p in points:
        total = total + p.x * p.y
    return total


def named_tuples_in_a_dict(points):
    return points["a"].x * points["b"].y - points["a"].y * points["b"].x


def named_tuple_iterated(p):
    total = 1.0
    for v in p:
        total = total * (v + 1.0)
    return total


def named_tuple_returned_as_it_is(p, s):
    return p, p.x * s


def named_tuple_on_two_paths(p, q):
    chosen = p if p.x > 0.5 else q
    return chosen.x * chosen.y


def named_tuple_to_a_called_function(p):
    return _norm(p) * p.x


def _norm(p):
    return np.sqrt(p.x**2 + p.y**2)


def named_tuple_to_a_recursive_function(p, n):
    return _power(p, n)


def _power(p, n):
    if n == 0:
        return p.y
    return p.x * _power(p, n - 1) + p.y


P = Point(0.8, 1.4)
Q = Point(1.3, -0.4)

CASES = [
    case(named_tuple_attributes, P),
    case(named_tuple_unpacked, P),
    case(named_tuple_indexed, P),
    case(named_tuple_of_arrays, (LAYER := Layer(spread(3, 2), spread(3))), spread(2), wrt=(1,)),
    case(named_tuple_with_a_text, LAYER, spread(2), wrt=(1,)),
    case(named_tuples_nested, Segment(P, Q)),
    case(named_tuples_in_a_list, [P, Q, Point(0.3, 2.0)]),
    case(named_tuples_in_a_dict, {"a": P, "b": Q}),
    case(named_tuple_iterated, P),
    case(named_tuple_returned_as_it_is, P, 1.5),
    case(named_tuple_on_two_paths, P, Q),
    case(named_tuple_on_two_paths, Q, P, note="other"),
    case(named_tuple_to_a_called_function, P),
    case(named_tuple_to_a_recursive_function, P, 3),
    case(named_tuples_nested, Segment(Point(positive(3), spread(3)), Point(spread(3), spread(3) + 2.0)), note="arrays"),
]


def named_tuple_of_the_module(p):
    return p.x * ORIGIN.x + p.y * p.y + ORIGIN[1]


def named_tuple_of_the_module_replaced(x):
    q = ORIGIN._replace(x=x)
    return q.x * q.x * q.y


ORIGIN = Point(0.5, 0.25)

CASES += [case(named_tuple_of_the_module, P), case(named_tuple_of_the_module_replaced, 0.7)]
