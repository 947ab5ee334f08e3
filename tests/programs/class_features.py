"""Properties, class methods, inheritance, dataclasses, named tuples, and what else a class may have."""

import abc
import collections
import dataclasses
import enum
import functools
import types
import typing
from dataclasses import dataclass, field

import numpy as np

from tests.corpus import case, positive, spread


class Disc:
    factor = 3.0
    count = 0

    def __init__(self, radius):
        self._radius = radius

    @property
    def radius(self):
        return self._radius

    @radius.setter
    def radius(self, value):
        self._radius = value * 2.0

    @property
    def area(self):
        return np.pi * self.radius**2

    @functools.cached_property
    def double(self):
        return 2.0 * self.area

    @classmethod
    def of_diameter(cls, diameter):
        return cls(0.5 * diameter)

    @staticmethod
    def square(x):
        return x * x

    @classmethod
    def scaled(cls, x):
        return cls.factor * x

    def __call__(self, x):
        return self.area * x

    def name(self):
        return type(self).__name__


class Sphere(Disc):
    factor = 5.0

    def __init__(self, radius, weight=1.0):
        super().__init__(radius)
        self.weight = weight

    @property
    def area(self):
        return 4.0 * super().area * self.weight

    def __call__(self, x):
        return super().__call__(x) + self.weight


class Shell(Sphere):
    def __init__(self, radius, thickness):
        super(Shell, self).__init__(radius, weight=thickness)
        self.thickness = thickness

    @classmethod
    def scaled(cls, x):
        return super().scaled(x) * 2.0


def property_read(x):
    return Disc(x).area


def property_assigned(x):
    d = Disc(x)
    d.radius = x * x
    d.radius += 1.0
    return d.area


def cached_property(x):
    d = Disc(x)
    return d.double * d.double


def cached_property_is_kept(x):
    d = Disc(x)
    first = d.double
    d.radius = 7.0
    return first * d.double * d.area


def class_method_constructor(x):
    return Disc.of_diameter(x).area


def class_method_of_subclass(x):
    return Sphere.of_diameter(x).area * Sphere.scaled(x)


def static_method(x):
    return Disc.square(x) * Disc(x).square(2.0 * x)


def object_called(x, y):
    d = Disc(x)
    return d(y) * d(2.0)


def class_attribute(x):
    return Disc.factor * x + Disc(x).factor * Sphere(x).factor


def super_without_arguments(x, y):
    return Sphere(x, y)(3.0)


def super_with_arguments(x, y):
    return Shell(x, y).area


def super_in_class_method(x):
    return Shell.scaled(x)


def isinstance_of_objects(x, y):
    total = 0.0
    for thing in (Disc(x), Sphere(y), x, "text"):
        if isinstance(thing, Sphere):
            total = total + thing.area * 2.0
        elif isinstance(thing, (Disc, str)) and not isinstance(thing, str):
            total = total + thing.area
        elif isinstance(thing, float):
            total = total + thing
    return total


def type_of_objects(x):
    d = Shell(x, 2.0)
    if type(d) is Shell and type(d) is not Sphere and issubclass(type(d), Disc) and d.name() == "Shell":
        return type(d)(x, 3.0).area * x
    return x


def class_name_decides(x):
    d = Sphere(x)
    if d.__class__.__name__ == "Sphere":
        return d.area
    return x


class Left:
    def value(self, x):
        return x * 2.0

    def both(self, x):
        return "left"


class Right:
    def value(self, x):
        return x * x

    def more(self, x):
        return self.value(x) + 1.0


class Both(Left, Right):
    def value(self, x):
        return super().value(x) * 3.0


class Diamond(Right, Both.__mro__[1]):
    pass


def multiple_inheritance(x):
    return Both().more(x) * Diamond().more(x)


class Base:
    def run(self, x):
        return [x]

    def total(self, x):
        return sum(self.run(x))


class MixinA(Base):
    def run(self, x):
        return super().run(x) + [x * x]


class MixinB(Base):
    def run(self, x):
        return super().run(x) + [x**3]


class Cooperative(MixinA, MixinB):
    pass


def cooperative_super(x):
    return Cooperative().total(x)


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        ...

    def cost(self, rate):
        return rate * self.area()


class Rectangle(Shape):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def area(self):
        return self.a * self.b


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return np.pi * self.r * self.r


def abstract_base(x, y):
    return sum(shape.cost(2.0) for shape in [Rectangle(x, y), Circle(x)])


T = typing.TypeVar("T")


class Box(typing.Generic[T]):
    def __init__(self, content: T) -> None:
        self.content = content

    def get(self) -> T:
        return self.content


def generic_class(x):
    return Box(x).get() * Box[float](2.0 * x).get()


class HasArea(typing.Protocol):
    def area(self) -> float:
        ...


class Tile(HasArea):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


class Unit(HasArea):
    def area(self):
        return 2.0


def protocol_base(x):
    return Tile(x).area() * Unit().area()


@dataclass
class Point:
    x: float
    y: float = 2.0

    def norm(self):
        return np.sqrt(self.x**2 + self.y**2)


@dataclass
class Point3(Point):
    z: float = 1.0

    def norm(self):
        return np.hypot(super().norm(), self.z)


@dataclass
class Model:
    W: np.ndarray
    rate: float = field(default=0.5, kw_only=True)
    history: list = field(default_factory=list)
    steps: int = field(default=0, init=False)
    scale: dataclasses.InitVar[float] = 1.0

    def __post_init__(self, scale):
        self.W = self.W * scale
        self.norm = np.sum(self.W**2)

    def step(self, g):
        self.W = self.W - self.rate * g
        self.history.append(np.sum(self.W))
        self.steps += 1


@dataclass(frozen=True)
class Frozen:
    a: float
    b: float = 3.0

    def __post_init__(self):
        object.__setattr__(self, "product", self.a * self.b)

    def moved(self, by):
        return Frozen(self.a + by, self.b)


@dataclass(order=True)
class Version:
    major: int
    minor: float
    label: str = field(default="", compare=False)


@dataclass(slots=True)
class Packed:
    a: float
    b: float = 2.0
    c: float = field(default=4.0, init=False)


def dataclass_with_default(x, y):
    return Point(x).norm() * Point(y=x, x=y).norm()


def dataclass_inherited(x, y):
    p = Point3(x, y, 2.0)
    p.z = p.z * x
    return p.norm()


def dataclass_post_init_and_factory(W, g):
    m = Model(W, rate=0.1, scale=2.0)
    m.step(g)
    m.step(g * g)
    return sum(m.history) * m.steps + m.norm


def dataclass_frozen(x, y):
    f = Frozen(x, y).moved(x)
    return f.product * f.b


def dataclass_equality(x):
    if Point(1.0, 2.0) == Point(1.0) and Point(1.0) != Point(2.0):
        return x * x
    return x


def dataclass_equality_at_run_time(x, y):
    p = Point(x, y)
    if p == Point(y, x):
        return x * 3.0
    return x * y


def dataclass_order(x):
    if Version(1, 2.0, "a") < Version(1, 3.0, "b") and Version(2, x) >= Version(1, 5.0):
        return x * x
    return x


def dataclass_order_at_run_time(x, y):
    first = min(Version(1, x), Version(1, y))
    return first.minor * x


def dataclass_with_slots(x):
    p = Packed(x)
    p.b *= x
    return p.a * p.b * p.c


class Pair(typing.NamedTuple):
    a: float
    b: float = 2.0

    def product(self):
        return self.a * self.b

    @property
    def total(self):
        return self.a + self.b


Triple = collections.namedtuple("Triple", "a b c", defaults=(1.0, 2.0))


def named_tuple(x, y):
    p = Pair(x, b=y)
    a, b = p
    return p.product() * p.total + a * p[1] + len(p) * b


def named_tuple_defaults(x):
    t = Triple(x, c=x)
    return t.a * t.b * t.c * Pair(x).b


def named_tuple_in_loop(x, n):
    state = Pair(x, 0.5)
    for i in range(n):
        state = Pair(state.b, np.sin(state.a) + 0.1 * i)
    return state.product()


def namespace(x, y):
    s = types.SimpleNamespace(x=x, y=y)
    s.z = s.x * s.y
    s.x = 3.0
    return s.z * s.x


class Kind(enum.Enum):
    LINEAR = "linear"
    SQUARE = "square"

    def apply(self, x):
        return x * x if self is Kind.SQUARE else x


class Weight(enum.IntEnum):
    LOW = 1
    HIGH = 3


def enum_members(x):
    kind = Kind.SQUARE
    if kind == Kind.SQUARE and kind.value == "square" and kind.name == "SQUARE" and kind is not Kind.LINEAR:
        return x * x * Weight.HIGH.value
    return x


def enum_by_value(x):
    return x * x if Kind("square") is Kind.SQUARE else x


def enum_method(x):
    return Kind.SQUARE.apply(x) + Kind.LINEAR.apply(x)


class Tree:
    def __init__(self, value, children=()):
        self.value = value
        self.children = children

    def total(self):
        result = self.value**2
        for child in self.children:
            result = result + child.total()
        return result


def recursive_method(x, y):
    return Tree(x, (Tree(y), Tree(x * y, [Tree(2.0 * x)]))).total()


class Power:
    def __init__(self, x):
        self.x = x

    def to(self, n):
        if n <= 0:
            return 1.0
        return self.x * self.to(n - 1)


def method_recursing_at_run_time(x, n):
    return Power(x).to(n)


class Accumulator:
    def __init__(self):
        self.total = 0.0

    def add_all(self, x, n):
        if n > 0:
            self.total = self.total + x**n
            self.add_all(x, n - 1)


def method_recursing_and_assigning(x, n):
    a = Accumulator()
    a.add_all(x, n)
    return a.total * x


class Search:
    def __init__(self, limit):
        self.limit = limit
        self.steps = 0

    def run(self, x):
        for k in range(20):
            x = x * 1.5
            self.steps += 1
            if x > self.limit:
                return x * k
        return x


def method_that_returns_from_a_loop(x):
    s = Search(3.0)
    return s.run(x) * s.steps + s.run(2.0 * x) * s.steps


class Chain:
    def __init__(self):
        self.layers = []

    def add(self, f):
        self.layers.append(f)
        return self

    def __call__(self, x):
        for f in self.layers:
            x = f(x)
        return x


class Dense:
    def __init__(self, W, activation=np.tanh):
        self.W, self.activation = W, activation

    def __call__(self, x):
        return self.activation(self.W @ x)


def layers_with_functions(W, V, x):
    net = Chain().add(Dense(W)).add(Dense(V, activation=np.sin)).add(np.sum)
    return net(x)


class Callbacks:
    def __init__(self, f):
        self.f = f
        self.g = lambda y: f(y) * 2.0


def functions_in_attributes(x):
    c = Callbacks(np.sin)
    return c.f(x) + c.g(x)


CASES = [
    case(property_read, 0.7),
    case(property_assigned, 0.7),
    case(cached_property, 0.7),
    case(cached_property_is_kept, 0.7),
    case(class_method_constructor, 0.7),
    case(class_method_of_subclass, 0.7),
    case(static_method, 0.7),
    case(object_called, 0.7, 1.3),
    case(class_attribute, 0.7),
    case(super_without_arguments, 0.7, 1.3),
    case(super_with_arguments, 0.7, 1.3),
    case(super_in_class_method, 0.7),
    case(isinstance_of_objects, 0.7, 1.3),
    case(type_of_objects, 0.7),
    case(class_name_decides, 0.7),
    case(multiple_inheritance, 0.7),
    case(cooperative_super, 0.7),
    case(abstract_base, 0.7, 1.3),
    case(generic_class, 0.7),
    case(protocol_base, 0.7),
    case(dataclass_with_default, 0.7, 1.3),
    case(dataclass_inherited, 0.7, 1.3),
    case(dataclass_post_init_and_factory, spread(3), positive(3)),
    case(dataclass_frozen, 0.7, 1.3),
    case(dataclass_equality, 0.7),
    case(dataclass_equality_at_run_time, 0.7, 1.3),
    case(dataclass_order, 0.7),
    case(dataclass_order_at_run_time, 0.7, 1.3),
    case(dataclass_with_slots, 0.7),
    case(named_tuple, 0.7, 1.3),
    case(named_tuple_defaults, 0.7),
    case(named_tuple_in_loop, 0.7, 3),
    case(namespace, 0.7, 1.3),
    case(enum_members, 0.7),
    case(enum_by_value, 0.7),
    case(enum_method, 0.7),
    case(recursive_method, 0.7, 1.3),
    case(method_recursing_at_run_time, 0.7, 3),
    case(method_recursing_and_assigning, 0.7, 3),
    case(method_that_returns_from_a_loop, 0.7),
    case(layers_with_functions, spread(3, 2), spread(2, 3), positive(2)),
    case(functions_in_attributes, 0.7),
]
