"""Objects and named tuples that the function makes and returns."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from tests.corpus import case, spread


class Point(NamedTuple):
    x: float
    y: float = 2.0


@dataclass
class State:
    position: Any
    speed: Any
    label: str = "free"


@dataclass(frozen=True)
class Pair:
    first: Any
    second: Any


@dataclass
class Sorted:
    low: float
    high: float

    def __post_init__(self):
        if self.low > self.high:
            self.low, self.high = self.high, self.low


class Curve:
    def __init__(self, a, b):
        self.a = a
        self.b = a * b
        self.points = [a, b]


@dataclass
class Tree:
    value: float
    left: Any = None
    right: Any = None
    others: list = field(default_factory=list)


def named_tuple_made(x, y):
    return Point(x * y, x + y)


def named_tuple_with_a_default(x):
    return Point(x * x)


def named_tuple_replaced(p, s):
    return p._replace(x=p.x * s)


def named_tuple_as_a_dict(p):
    d = p._asdict()
    return d["x"] * d["y"] + sum(d.values())


def named_tuple_made_of_items(x):
    return Point._make([x, x * x])


def named_tuples_returned_in_a_list(x):
    return [Point(x, x * k) for k in range(3)]


def dataclass_made(s, force):
    speed = s.speed + 0.1 * force
    return State(s.position + 0.1 * speed, speed)


def dataclass_that_sets_its_fields(x, y):
    made = Sorted(x * 2.0, y)
    return made.low * 3.0 + made.high


def dataclass_replaced(s, f):
    from dataclasses import replace
    return replace(s, speed=s.speed * f)


def dataclass_as_a_dict(s, x):
    from dataclasses import asdict
    d = asdict(s)
    d["position"] = d["position"] * x
    return d["position"] * d["speed"] + s.position


def dataclass_as_a_tuple(s):
    from dataclasses import astuple
    position, speed, _ = astuple(s)
    return position * speed


def dataclass_fields_squared(p):
    from dataclasses import fields
    total = 0.0
    for f in fields(p):
        total = total + getattr(p, f.name) ** 2
    return total


def namespace_made(x):
    return SimpleNamespace(square=x * x, cube=SimpleNamespace(value=x**3, power=3))


def object_made(x, y):
    return Curve(x, y)


def object_made_on_two_paths(x, y):
    if x > y:
        return Pair(x, x * y)
    return Pair(y, x)


def objects_made_in_a_loop(s, n):
    for _ in range(n):
        s = State(s.position + 0.1 * s.speed, s.speed - 0.1 * np.sin(s.position), s.label)
    return s


def object_returned_after_a_change(s, f):
    s.speed = s.speed * f
    return s


def object_returned_by_a_called_function(s):
    return _step(_step(s)).position


def _step(s):
    if s.position > 0:
        return State(s.position + 0.1 * s.speed, s.speed)
    return State(s.position, 2.0 * s.speed)


def objects_of_a_recursive_function(x, n):
    return _tree(x, n).value


def _tree(x, n):
    if n == 0:
        return Tree(x * x)
    one = _tree(x * 0.5, n - 1)
    return Tree(one.value + np.sin(x))


def attributes_of_an_object_summed(p):
    total = 0.0
    for name, value in vars(p).items():
        total = total + value * (2.0 if name == "first" else 1.0)
    return total * p.__dict__["second"]


def object_copied_before_a_change(s, f):
    import copy
    c = copy.copy(s)
    c.speed = c.speed * f
    return c.speed * s.speed


def object_copied_with_its_arrays(s, f):
    import copy
    c = copy.deepcopy(s)
    c.position[0] = f
    return np.sum(c.position * s.position)


S = State(0.7, 1.2)
V = State(spread(3), spread(3))

CASES = [
    case(named_tuple_made, 0.7, 1.3),
    case(named_tuple_with_a_default, 0.7),
    case(named_tuple_replaced, Point(0.7, 1.3), 1.5),
    case(named_tuple_as_a_dict, Point(0.7, 1.3)),
    case(named_tuple_made_of_items, 0.7),
    case(named_tuples_returned_in_a_list, 0.7),
    case(dataclass_made, S, 0.4),
    case(dataclass_made, V, spread(3), note="arrays"),
    case(dataclass_that_sets_its_fields, 0.3, 1.3),
    case(dataclass_that_sets_its_fields, 1.3, 0.3, note="other"),
    case(dataclass_replaced, S, 0.4),
    case(dataclass_as_a_dict, S, 0.4),
    case(dataclass_as_a_tuple, S),
    case(dataclass_fields_squared, Pair(0.7, 1.2)),
    case(namespace_made, 0.7),
    case(object_made, 0.7, 1.3),
    case(object_made_on_two_paths, 0.7, 1.3),
    case(object_made_on_two_paths, 1.7, 1.3, note="other"),
    case(objects_made_in_a_loop, S, 3),
    case(objects_made_in_a_loop, V, 3, note="arrays"),
    case(object_returned_after_a_change, S, 1.3),
    case(object_returned_by_a_called_function, S),
    case(objects_of_a_recursive_function, 0.7, 3),
    case(attributes_of_an_object_summed, Pair(0.7, 1.2)),
    case(object_copied_before_a_change, S, 1.3),
    case(object_copied_with_its_arrays, V, 1.3),
]
