"""Objects with attributes as arguments: dataclasses, simple namespaces, instances of other classes."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.corpus import case, positive, spread


@dataclass
class Layer:
    W: Any
    b: Any
    name: str = "dense"


@dataclass(frozen=True)
class Spring:
    k: float
    rest: float = 1.0


@dataclass
class Network:
    layers: list
    scale: float = 1.0
    options: dict = field(default_factory=dict)


class Model:
    def __init__(self, n):
        self.weights = spread(n)
        self.bias = 0.3
        self.steps = 2
        self.kind = "linear"


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Derived(Model):
    def __init__(self, n):
        super().__init__(n)
        self.gain = 1.7


class Checked:
    """What its attributes are when they are computed must not matter to the derivative."""

    def __init__(self, rate):
        if rate <= 0:
            raise ValueError("the rate is positive")
        self.rate = rate

    def __getattr__(self, name):
        raise AttributeError(name)


def dataclass_attributes(layer, x):
    return np.sum(np.tanh(layer.W @ x + layer.b))


def frozen_dataclass(spring, x):
    return 0.5 * spring.k * (x - spring.rest) ** 2


def simple_namespace(p):
    return p.a * np.exp(p.b)


def plain_object(model, x):
    total = model.bias
    for k in range(model.steps):
        total = total * np.sum(model.weights * x) + k
    return total if model.kind == "linear" else total * total


def object_with_slots(s):
    return s.a * s.b + np.sin(s.a)


def inherited_attributes(model, x):
    return model.gain * np.sum(model.weights * x) + model.bias


def object_that_checks_its_values(c, x):
    return c.rate * x + c.rate**2


def list_of_objects(network, x):
    h = x
    for layer in network.layers:
        h = np.tanh(layer.W @ h + layer.b)
    return network.scale * np.sum(h) + network.options["decay"] * np.sum(h * h)


def dict_of_tuples_of_objects(table, x):
    total = 0.0
    for name, (spring, weight) in table.items():
        total = total + weight * spring.k * (x - spring.rest) ** 2
        if name == "b":
            total = total + spring.k
    return total


def object_in_an_object(p):
    return p.inner.a * p.inner.b + p.c


def attribute_of_an_item(layers, x):
    return np.sum(layers[1].W @ (layers[0].W @ x)) + np.sum(layers[-1].b)


def attribute_known_when_compiled(model, x):
    return np.sum(np.reshape(x, (model.steps, 2)) @ np.ones(2)) * model.bias


def branch_on_an_attribute(spring, x):
    if x > spring.rest:
        return spring.k * (x - spring.rest)
    return spring.k * (x - spring.rest) ** 3


def object_of_two_paths(p, q, x):
    spring = p if x > 1.0 else q
    return spring.k * (x - spring.rest) ** 2


def object_carried_by_a_loop(p, x):
    spring, total = p, 0.0
    for k in range(3):
        total = total + spring.k * (x - spring.rest) ** 2 * (k + 1)
        x = x * 0.5
    return total


def object_to_a_called_function(network, x):
    return np.sum(_run(network, x))


def _run(network, x):
    for layer in network.layers:
        x = _apply(layer, x)
    return x * network.scale


def _apply(layer, x):
    return np.tanh(layer.W @ x + layer.b)


def object_to_a_recursive_function(spring, n):
    return _bounce(spring, n)


def _bounce(spring, n):
    if n == 0:
        return spring.rest
    return spring.k * np.sin(_bounce(spring, n - 1)) + spring.rest


def object_with_a_default(x, spring=Spring(2.0, 0.5)):
    return spring.k * (x - spring.rest) ** 2


def object_of_single_precision(layer, x):
    return np.sum(np.tanh(layer.W @ x + layer.b))


LAYER = Layer(spread(3, 2), spread(3))
X = spread(2)
S = Spring(1.5, 0.6)
NETWORK = Network([Layer(spread(3, 2), spread(3)), Layer(spread(2, 3), spread(2))], 1.5, {"decay": 0.1})

CASES = [
    case(dataclass_attributes, LAYER, X),
    case(frozen_dataclass, S, 1.4),
    case(simple_namespace, SimpleNamespace(a=0.7, b=1.1)),
    case(simple_namespace, SimpleNamespace(a=spread(3), b=spread(3)), note="arrays"),
    case(plain_object, Model(3), spread(3)),
    case(object_with_slots, Slotted(0.6, 1.2)),
    case(inherited_attributes, Derived(3), spread(3)),
    case(object_that_checks_its_values, Checked(0.5), 1.2),
    case(list_of_objects, NETWORK, X),
    case(dict_of_tuples_of_objects, {"a": (S, 1.2), "b": (Spring(0.7, 0.3), 0.4)}, 1.1),
    case(object_in_an_object, SimpleNamespace(inner=Slotted(0.6, 1.2), c=0.4)),
    case(attribute_of_an_item, NETWORK.layers, X),
    case(attribute_known_when_compiled, Model(2), spread(4)),
    case(branch_on_an_attribute, S, 1.4),
    case(branch_on_an_attribute, S, 0.2, note="other"),
    case(object_of_two_paths, S, Spring(0.7, 0.3), 1.4),
    case(object_of_two_paths, S, Spring(0.7, 0.3), 0.4, note="other"),
    case(object_carried_by_a_loop, S, 1.3),
    case(object_to_a_called_function, NETWORK, X),
    case(object_to_a_recursive_function, S, 3),
    case(object_with_a_default, 1.3),
    case(object_with_a_default, 1.3, Spring(1.1, 0.2), note="given"),
    case(object_of_single_precision, Layer(spread(3, 2, dtype=np.float32), positive(3, dtype=np.float32)),
         spread(2, dtype=np.float32)),
]


class Hidden:
    def __init__(self, rate, scale):
        self.__rate = rate
        self._scale = scale

    def loss(self, x):
        def term(k):
            return self.__rate * x**k

        return term(1) * self._scale + (lambda y: self.__rate * y)(x)


def private_attributes(hidden, x):
    return hidden.loss(x)


CASES += [case(private_attributes, Hidden(0.7, 1.3), 0.4)]
