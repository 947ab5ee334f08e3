"""Enumerations."""

import enum

import numpy as np

from tests.corpus import case


class Op(enum.Enum):
    ADD = "+"
    MUL = "*"

    def __call__(self, a, b):
        return a + b if self is Op.ADD else a * b

    @property
    def is_sum(self):
        return self is Op.ADD

    @classmethod
    def parse(cls, text):
        return cls(text)


class Weight(enum.IntEnum):
    LOW = 1
    HIGH = 3


class Mode(enum.IntFlag):
    SINE = 1
    SQUARE = 2


class Planet(enum.Enum):
    MERCURY = (3.3, 2.4)
    EARTH = (5.97, 6.37)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    def gravity(self, g):
        return g * self.mass / self.radius**2


def member_called(x, y):
    return Op.MUL(x, y) + Op.parse("+")(x, 2.0)


def members_in_loop(x):
    total = 0.0
    for op in Op:
        total = total + op(x, 3.0) * (2.0 if op.is_sum else 1.0)
    return total * len(Op)


def member_by_name(x):
    return x * x if Op["ADD"] is Op.ADD and Op.ADD in Op else x


def member_as_number(x):
    return x * Weight.HIGH + Weight.HIGH**2 * x if Weight.HIGH > 2 and Weight.LOW == 1 else x


def member_as_count(x):
    for _ in range(Weight.HIGH):
        x = np.sin(x) + 1.0
    return x


def flags(x, y):
    mode = Mode.SINE | Mode.SQUARE
    if mode & Mode.SINE:
        x = np.sin(x)
    if Mode.SQUARE in mode:
        x = x * x
    return x * y


def member_as_key(x, y):
    table = {Op.ADD: x * y, Op.MUL: x}
    return table[Op.ADD] + table[Op("*")]


def member_with_attributes(g):
    return sum(p.gravity(g) * p.radius for p in Planet)


CASES = [
    case(member_called, 0.7, 1.3),
    case(members_in_loop, 0.7),
    case(member_by_name, 0.7),
    case(member_as_number, 0.7),
    case(member_as_count, 0.7),
    case(flags, 0.7, 1.3),
    case(member_as_key, 0.7, 1.3),
    case(member_with_attributes, 0.7),
]
