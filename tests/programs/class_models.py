"""Programs of classes, as people write them."""

import abc
import dataclasses
import math
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np

from tests.corpus import case, positive, spread


class Layer(abc.ABC):
    @abc.abstractmethod
    def forward(self, x):
        ...

    def __call__(self, x):
        return self.forward(x)


class Linear(Layer):
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        return self.W @ x + self.b


class Tanh(Layer):
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def slope(self):
        return 1.0 - self.out**2


class Sequential(Layer):
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def sequential_network(W, b, V, x):
    act = Tanh()
    net = Sequential(Linear(W, b), act, Linear(V, b[:1]))
    y = net(x)
    return np.sum(y) + np.sum(act.slope())


class Trainer:
    def __init__(self, w, rate=0.1):
        self.w = w
        self.rate = rate
        self.history = []

    def gradient(self, x, y):
        return 2.0 * (self.w @ x - y) * x

    def step(self, x, y):
        self.w = self.w - self.rate * self.gradient(x, y)
        self.history.append(np.sum(self.w))


def training_loop(w, xs, ys):
    trainer = Trainer(w)
    for x, y in zip(xs, ys):
        trainer.step(x, y)
    return np.sum(trainer.w**2) + trainer.history[-1]


class Kalman:
    def __init__(self, x, P, F, Q, R):
        self.x, self.P, self.F, self.Q, self.R = x, P, F, Q, R
        self.loglik = 0.0

    def predict(self):
        self.x = self.F @ self.x
        self.P = self.F @ self.P @ self.F.T + self.Q

    def update(self, z):
        S = self.P[0, 0] + self.R
        K = self.P[:, 0] / S
        residual = z - self.x[0]
        self.x = self.x + K * residual
        self.P = self.P - np.outer(K, self.P[0])
        self.loglik -= 0.5 * (np.log(2 * np.pi * S) + residual**2 / S)


def kalman_filter(zs, r, q):
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    kf = Kalman(np.zeros(2), np.eye(2), F, q * np.eye(2), r)
    for z in zs:
        kf.predict()
        kf.update(z)
    return kf.loglik


@dataclass
class Particle:
    position: np.ndarray
    velocity: np.ndarray
    mass: float = 1.0

    def kinetic(self):
        return 0.5 * self.mass * np.sum(self.velocity**2)

    def push(self, force, dt):
        self.velocity += force / self.mass * dt
        self.position += self.velocity * dt


class World:
    def __init__(self, particles, g=1.0):
        self.particles = particles
        self.g = g

    def forces(self):
        total = [np.zeros(2) for _ in self.particles]
        for i, a in enumerate(self.particles):
            for j, b in enumerate(self.particles):
                if i != j:
                    d = b.position - a.position
                    total[i] = total[i] + self.g * a.mass * b.mass * d / (np.sum(d * d) + 0.1) ** 1.5
        return total

    def step(self, dt):
        for particle, force in zip(self.particles, self.forces()):
            particle.push(force, dt)

    @property
    def energy(self):
        return sum(p.kinetic() for p in self.particles)


def n_body(p, v, m, steps):
    bodies = [Particle(p[k].copy(), v[k].copy(), m[k]) for k in range(3)]
    world = World(bodies, g=0.5)
    for _ in range(steps):
        world.step(0.05)
    return world.energy + np.sum(bodies[0].position)


class Kind(Enum):
    CALL = 1
    PUT = -1


@dataclass(frozen=True)
class Option:
    spot: float
    strike: float
    rate: float
    vol: float
    expiry: float = 1.0
    kind: Kind = Kind.CALL

    def __post_init__(self):
        if self.expiry <= 0:
            raise ValueError("expiry must be positive")

    @property
    def d1(self):
        return (math.log(self.spot / self.strike) + (self.rate + 0.5 * self.vol**2) * self.expiry) / (
            self.vol * math.sqrt(self.expiry))

    @property
    def d2(self):
        return self.d1 - self.vol * math.sqrt(self.expiry)

    @staticmethod
    def cdf(x):
        return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))

    def price(self):
        sign = self.kind.value
        return sign * (self.spot * self.cdf(sign * self.d1)
                       - self.strike * math.exp(-self.rate * self.expiry) * self.cdf(sign * self.d2))


def option_price(spot, vol):
    call = Option(spot, 1.0, 0.05, vol)
    put = dataclasses.replace(call, kind=Kind.PUT, expiry=0.5)
    return call.price() + 2.0 * put.price()


class CashFlow(NamedTuple):
    time: float
    amount: float


class Bond:
    def __init__(self, face, coupon, years):
        self.flows = [CashFlow(t, coupon * face) for t in range(1, years + 1)]
        self.flows.append(CashFlow(years, face))

    def price(self, y):
        return sum(f.amount / (1 + y) ** f.time for f in self.flows)

    def duration(self, y):
        weighted = [f.time * f.amount / (1 + y) ** f.time for f in self.flows]
        return sum(weighted) / self.price(y)


def bond(y, coupon):
    b = Bond(100.0, coupon, 4)
    return b.price(y) * b.duration(y)


class Quaternion:
    __slots__ = ("w", "x", "y", "z")

    def __init__(self, w, x, y, z):
        self.w, self.x, self.y, self.z = w, x, y, z

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Quaternion(self.w * other, self.x * other, self.y * other, self.z * other)
        return Quaternion(
            self.w * other.w - self.x * other.x - self.y * other.y - self.z * other.z,
            self.w * other.x + self.x * other.w + self.y * other.z - self.z * other.y,
            self.w * other.y - self.x * other.z + self.y * other.w + self.z * other.x,
            self.w * other.z + self.x * other.y - self.y * other.x + self.z * other.w)

    def __rmul__(self, other):
        return self * other

    def conjugate(self):
        return Quaternion(self.w, -self.x, -self.y, -self.z)

    def norm(self):
        return math.sqrt(self.w**2 + self.x**2 + self.y**2 + self.z**2)

    def normalized(self):
        return self * (1.0 / self.norm())

    def rotate(self, v):
        p = self * Quaternion(0.0, *v) * self.conjugate()
        return p.x, p.y, p.z

    @classmethod
    def about_z(cls, angle):
        return cls(math.cos(0.5 * angle), 0.0, 0.0, math.sin(0.5 * angle))


def rotation(angle, x, y):
    q = (2.0 * Quaternion.about_z(angle)).normalized()
    a, b, c = q.rotate((x, y, 1.0))
    return a * a + 2.0 * b + c


class Stepper:
    def __init__(self, rhs, dt):
        self.rhs = rhs
        self.dt = dt

    def step(self, y, t):
        raise NotImplementedError

    def solve(self, y, steps):
        for k in range(steps):
            y = self.step(y, k * self.dt)
        return y


class RungeKutta(Stepper):
    def step(self, y, t):
        f, h = self.rhs, self.dt
        k1 = f(y, t)
        k2 = f(y + 0.5 * h * k1, t + 0.5 * h)
        k3 = f(y + 0.5 * h * k2, t + 0.5 * h)
        k4 = f(y + h * k3, t + h)
        return y + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)


class Pendulum:
    def __init__(self, damping, drive=0.2):
        self.damping = damping
        self.drive = drive

    def rhs(self, y, t):
        return np.array([y[1], -np.sin(y[0]) - self.damping * y[1] + self.drive * np.cos(t)])

    def angle_after(self, angle, steps, solver=RungeKutta):
        return solver(self.rhs, 0.1).solve(np.array([angle, 0.0]), steps)[0]


def ode_solver(angle, damping, steps):
    return Pendulum(damping).angle_after(angle, steps)


class Cell:
    def __init__(self, params):
        self.p = params
        self.h = None

    def reset(self, n):
        self.h = np.zeros(n)

    def __call__(self, x):
        self.h = np.tanh(self.p["Wx"] @ x + self.p["Wh"] @ self.h + self.p["b"])
        return self.h


def recurrent_network(params, xs):
    cell = Cell(params)
    cell.reset(2)
    outs = [cell(x) for x in xs]
    return np.sum(outs[-1]) + np.sum(outs[0] * outs[1])


class Shape:
    registry = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Shape.registry[cls.__name__.lower()] = cls

    def scaled(self, k):
        return type(self)(*[k * s for s in self.sizes()])

    def __add__(self, other):
        return Union(self, other)


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def sizes(self):
        return (self.side,)

    def area(self):
        return self.side**2


class Ellipse(Shape):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def sizes(self):
        return self.a, self.b

    def area(self):
        return np.pi * self.a * self.b


class Union(Shape):
    def __init__(self, *parts):
        self.parts = parts

    def area(self):
        return sum(p.area() for p in self.parts)


def shapes_by_name(x, y):
    square = Shape.registry["square"](x)
    ellipse = Shape.registry["ellipse"](x, y)
    return (square + ellipse.scaled(2.0) + square.scaled(y)).area()


class Named:
    def __init__(self, name, **rest):
        super().__init__(**rest)
        self.name = name


class Weighted:
    def __init__(self, weight=1.0, **rest):
        super().__init__(**rest)
        self.weight = weight


class Item(Named, Weighted):
    def __init__(self, value, **rest):
        super().__init__(**rest)
        self.value = value

    def total(self):
        return self.value * self.weight * len(self.name)


def cooperative_keywords(x, y):
    return Item(x, name="abc", weight=y).total() + Item(y, name="z").total()


class Stack:
    def __init__(self):
        self._items = []

    def push(self, x):
        self._items.append(x)

    def pop(self):
        return self._items.pop()

    def __len__(self):
        return len(self._items)


class Calculator:
    def __init__(self, names):
        self.names = names
        self.stack = Stack()

    def evaluate(self, text):
        for word in text.split():
            if word in ("+", "*", "-"):
                b, a = self.stack.pop(), self.stack.pop()
                self.stack.push(a + b if word == "+" else a * b if word == "*" else a - b)
            elif word in self.names:
                self.stack.push(self.names[word])
            else:
                self.stack.push(float(word))
        assert len(self.stack) == 1
        return self.stack.pop()


def postfix_calculator(x, y):
    return Calculator({"x": x, "y": y}).evaluate("x y * 2 + x x * -")


class Interpolator:
    def __init__(self, xs, ys):
        self.xs = xs
        self.ys = ys

    def __call__(self, x):
        k = np.searchsorted(self.xs, x) - 1
        t = (x - self.xs[k]) / (self.xs[k + 1] - self.xs[k])
        return (1.0 - t) * self.ys[k] + t * self.ys[k + 1]


def interpolation(ys, x):
    f = Interpolator(np.linspace(0.0, 1.0, 5), ys)
    return f(x) * f(0.5 * x)


@dataclass
class Gaussian:
    mean: float
    sd: float

    def logpdf(self, x):
        return -0.5 * ((x - self.mean) / self.sd) ** 2 - math.log(self.sd) - 0.5 * math.log(2 * math.pi)

    def __mul__(self, other):
        if not isinstance(other, Gaussian):
            return NotImplemented
        precision = self.sd**-2 + other.sd**-2
        mean = (self.mean * self.sd**-2 + other.mean * other.sd**-2) / precision
        return Gaussian(mean, precision**-0.5)


@dataclass
class Posterior:
    prior: Gaussian
    data: list = field(default_factory=list)

    def observe(self, x, sd):
        self.data.append(x)
        self.prior = self.prior * Gaussian(x, sd)
        return self


def bayesian_update(x, y, sd):
    posterior = Posterior(Gaussian(0.0, 1.0)).observe(x, sd).observe(y, 2.0 * sd)
    return posterior.prior.logpdf(0.3) * len(posterior.data)


class Newton:
    def __init__(self, f, df, tol=1e-12, limit=30):
        self.f, self.df, self.tol, self.limit = f, df, tol, limit
        self.iterations = 0

    def solve(self, x):
        while self.iterations < self.limit:
            step = self.f(x) / self.df(x)
            x = x - step
            self.iterations += 1
            if abs(step) < self.tol:
                break
        return x


def newton_solver(a):
    solver = Newton(lambda x: x**3 - a, lambda x: 3 * x**2)
    return solver.solve(1.0) * a


class Tree:
    def __init__(self, value=None, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def __iter__(self):
        items = []
        if self.left is not None:
            items += list(self.left)
        items.append(self.value)
        if self.right is not None:
            items += list(self.right)
        return iter(items)

    def insert(self, value, key):
        if key < 0:
            if self.left is None:
                self.left = Tree(value)
            else:
                self.left.insert(value, key + 1)
        elif self.right is None:
            self.right = Tree(value)
        else:
            self.right.insert(value, key - 1)
        return self


def tree_of_values(x, y):
    tree = Tree(x).insert(y, -1).insert(x * y, 1).insert(2.0 * x, -2)
    total = 0.0
    for k, v in enumerate(tree):
        total = total + v**2 * (k + 1)
    return total


class Pipeline:
    def __init__(self):
        self.steps = {}

    def add(self, name, f, **options):
        self.steps[name] = (f, options)
        return self

    def run(self, x):
        for name, (f, options) in self.steps.items():
            x = f(x, **options)
        return x


def scale(x, by=1.0):
    return x * by


def pipeline_of_functions(x, y):
    pipe = Pipeline().add("scale", scale, by=y).add("sin", np.sin).add("again", scale, by=2.0)
    return pipe.run(x)


CASES = [
    case(sequential_network, spread(3, 2), spread(3), spread(1, 3), positive(2)),
    case(training_loop, spread(2), spread(3, 2), positive(3)),
    case(kalman_filter, spread(4), 0.5, 0.1),
    case(n_body, spread(3, 2), spread(3, 2, low=-0.4, high=0.5), positive(3), 3),
    case(option_price, 1.1, 0.3),
    case(bond, 0.04, 0.05),
    case(rotation, 0.7, 1.3, -0.4),
    case(ode_solver, 0.7, 0.1, 5),
    case(recurrent_network, {"Wx": spread(2, 3), "Wh": spread(2, 2), "b": spread(2)}, spread(3, 3)),
    case(shapes_by_name, 0.7, 1.3),
    case(cooperative_keywords, 0.7, 1.3),
    case(postfix_calculator, 0.7, 1.3),
    case(interpolation, spread(5), 0.6),
    case(bayesian_update, 0.7, 1.3, 0.5),
    case(newton_solver, 2.3),
    case(tree_of_values, 0.7, 1.3),
    case(pipeline_of_functions, 0.7, 1.3),
]
