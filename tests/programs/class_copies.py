"""Copies of objects, the functions of dataclasses, attributes as a dict."""

import collections
import copy
import dataclasses
import types
from dataclasses import dataclass

import numpy as np

from tests.corpus import case, positive, spread


@dataclass
class Point:
    x: float
    y: float = 2.0

    def norm(self):
        return self.x * self.x + self.y * self.y


@dataclass
class Pair:
    first: Point
    second: Point
    weights: list


@dataclass(frozen=True)
class Fixed:
    a: float
    b: float
    total: float = dataclasses.field(init=False, default=0.0)

    def __post_init__(self):
        object.__setattr__(self, "total", self.a + self.b)


class Net:
    def __init__(self, **options):
        self.__dict__.update(options)
        self.depth = 2

    def clone(self):
        other = Net()
        other.__dict__.update(self.__dict__)
        return other


Triple = collections.namedtuple("Triple", "a b c")


def replace_field(x, y):
    p = Point(x, y)
    q = dataclasses.replace(p, y=x * y)
    p.x = 3.0
    return q.norm() * p.norm()


def replace_field_of_frozen(x, y):
    return dataclasses.replace(Fixed(x, y), b=x * x).total * y


def as_dict(x, y):
    d = dataclasses.asdict(Pair(Point(x), Point(y, x), [x, y]))
    return d["first"]["x"] * d["second"]["y"] + sum(d["weights"]) * d["first"]["y"]


def as_tuple(x, y):
    (a, b), (c, d), weights = dataclasses.astuple(Pair(Point(x), Point(y, x), [x, y]))
    return a * b + c * d * weights[1]


def field_names(x, y):
    p = Point(x, y)
    total = 0.0
    for f in dataclasses.fields(p):
        total = total + getattr(p, f.name) * (2.0 if f.name == "x" else 3.0)
    return total if dataclasses.is_dataclass(p) and not dataclasses.is_dataclass(x) else x


def shallow_copy(x, y):
    p = Pair(Point(x), Point(y), [x])
    q = copy.copy(p)
    q.first.x = y * y
    q.second = Point(1.0, x)
    return p.first.x * p.second.norm() + q.second.norm()


def deep_copy(x, y):
    p = Pair(Point(x), Point(y), [x])
    q = copy.deepcopy(p)
    q.first.x = y * y
    q.weights.append(y)
    return p.first.x * q.first.x * len(p.weights) + sum(q.weights)


def deep_copy_keeps_sharing(x, y):
    one = Point(x, y)
    p = copy.deepcopy(Pair(one, one, []))
    p.first.x = x * y
    return p.second.x * one.x


def deep_copy_of_arrays(w, x):
    a = types.SimpleNamespace(w=w * 1.0)
    b = copy.deepcopy(a)
    c = copy.copy(a)
    b.w[0] = x
    c.w[1] = x * x
    return np.sum(a.w * b.w) * np.sum(c.w)


def attributes_as_dict(x, y):
    p = Point(x, y)
    d = vars(p)
    p.x = x * y
    d["y"] = d["x"] * 2.0
    return p.y * sum(v for v in p.__dict__.values())


def attributes_from_keywords(x, y):
    net = Net(rate=x, scale=y)
    other = net.clone()
    other.rate = y * y
    return net.rate * other.rate * other.scale * other.depth


def attributes_as_dict_in_branch(x, y):
    p = Point(x, y)
    d = vars(p)
    if x > y:
        p.x = x * x
    else:
        d["x"] = y * y
    return p.x * d["x"]


def attributes_as_dict_in_loop(x, n):
    p = Point(x, 1.0)
    d = vars(p)
    for i in range(n):
        p.x = p.x * d["y"] + 1.0
        d["y"] = p.x * 0.5
    return p.y * d["x"]


def named_tuple_replaced(x, y):
    t = Triple(x, y, 2.0)._replace(b=x * x)
    u = Triple._make([y, x, y])
    d = t._asdict()
    return t.a * t.b * d["c"] * u.a + u[2]


CASES = [
    case(replace_field, 0.7, 1.3),
    case(replace_field_of_frozen, 0.7, 1.3),
    case(as_dict, 0.7, 1.3),
    case(as_tuple, 0.7, 1.3),
    case(field_names, 0.7, 1.3),
    case(shallow_copy, 0.7, 1.3),
    case(deep_copy, 0.7, 1.3),
    case(deep_copy_keeps_sharing, 0.7, 1.3),
    case(deep_copy_of_arrays, spread(3), 0.7),
    case(attributes_as_dict, 0.7, 1.3),
    case(attributes_as_dict_in_branch, 0.7, 1.3),
    case(attributes_as_dict_in_branch, 1.7, 1.3, note="then"),
    case(attributes_as_dict_in_loop, 0.7, 3),
    case(attributes_as_dict_in_loop, 0.7, 0, note="none"),
    case(named_tuple_replaced, 0.7, 1.3),
    case(deep_copy_of_arrays, positive(4), 0.7, note="positive"),
]
