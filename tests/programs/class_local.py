"""Classes that are defined inside the function."""

import functools
from dataclasses import dataclass, field

import numpy as np

from tests.corpus import case, spread


class Outer:
    def __init__(self, a):
        self.a = a

    def value(self):
        return self.a * 2.0


def class_in_function(x, y):
    class Line:
        slope = 2.0

        def __init__(self, b):
            self.b = b

        def at(self, z):
            return self.slope * z + self.b * y

    return Line(x).at(y) * Line.slope


def class_attribute_computed(x):
    class Scaled:
        factor = x * x
        other = factor + 1.0

        def value(self):
            return self.factor * self.other

    return Scaled().value()


def class_with_properties(x):
    class Square:
        def __init__(self, side):
            self._side = side

        @property
        def side(self):
            return self._side

        @side.setter
        def side(self, value):
            self._side = value * x

        @functools.cached_property
        def area(self):
            return self.side * self.side

        @staticmethod
        def twice(v):
            return 2.0 * v

        @classmethod
        def of(cls, v):
            return cls(v * 3.0)

    s = Square(x)
    s.side = 2.0
    return s.area * Square.twice(x) * Square.of(x).area


def class_with_base(x):
    class Base(Outer):
        def value(self):
            return super().value() * x

    class Derived(Base):
        def __init__(self, a):
            super().__init__(a)
            self.b = a * a

        def value(self):
            return super().value() + self.b

    d = Derived(x)
    return d.value() if isinstance(d, Outer) and isinstance(d, Base) else x


def class_with_operators(x, y):
    class V:
        def __init__(self, a):
            self.a = a

        def __add__(self, other):
            return V(self.a + other.a * y)

    return (V(x) + V(y) + V(x * y)).a


def dataclass_in_function(x, y):
    @dataclass
    class P:
        a: float
        b: float = 2.0
        items: list = field(default_factory=list)
        twice: float = field(default=0.0, init=False)

        def __post_init__(self):
            self.twice = 2.0 * self.a

    @dataclass(frozen=True)
    class Q:
        p: P
        scale: float = y

    q = Q(P(x))
    q.p.items.append(x * y)
    return q.p.twice * q.p.b * q.scale + sum(q.p.items)


def two_classes_of_one_text(x, y):
    def make(k):
        class Times:
            def of(self, v):
                return v * k

        return Times()

    a, b = make(x), make(y)
    return a.of(2.0) * b.of(x)


def class_used_in_loop(xs):
    class Total:
        def __init__(self):
            self.value = 0.0

        def add(self, v):
            self.value += v * v

    total = Total()
    for x in xs:
        total.add(np.sin(x))
    return total.value


CASES = [
    case(class_in_function, 0.7, 1.3),
    case(class_attribute_computed, 0.7),
    case(class_with_properties, 0.7),
    case(class_with_base, 0.7),
    case(class_with_operators, 0.7, 1.3),
    case(dataclass_in_function, 0.7, 1.3),
    case(two_classes_of_one_text, 0.7, 1.3),
    case(class_used_in_loop, spread(4)),
]
