"""Operators that classes of the user's define."""

import functools

import numpy as np

from tests.corpus import case, positive, spread


class Vec:
    __array_ufunc__ = None

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        if not isinstance(other, Vec):
            return NotImplemented
        return Vec(self.x + other.x, self.y + other.y)

    def __radd__(self, other):
        return Vec(self.x + other, self.y + other * 2.0)

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y)

    def __mul__(self, other):
        if isinstance(other, Vec):
            return self.x * other.x + self.y * other.y
        return Vec(self.x * other, self.y * other)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return Vec(self.x / other, self.y / other)

    def __rtruediv__(self, other):
        return Vec(other / self.x, other / self.y)

    def __pow__(self, n):
        return Vec(self.x**n, self.y**n)

    def __matmul__(self, other):
        return self.x * other.y - self.y * other.x

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __pos__(self):
        return self

    def __invert__(self):
        return Vec(self.y, self.x)

    def __abs__(self):
        return np.sqrt(self.x * self.x + self.y * self.y)

    def __iadd__(self, other):
        self.x = self.x + other.x
        self.y = self.y + other.y
        return self

    def __getitem__(self, index):
        return (self.x, self.y)[index]

    def __setitem__(self, index, value):
        if index == 0:
            self.x = value
        else:
            self.y = value

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((self.x, self.y))

    def __contains__(self, value):
        return value == self.x or value == self.y

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __bool__(self):
        return bool(self.x != 0.0)

    def __float__(self):
        return float(self.x)

    def __round__(self, digits=0):
        return Vec(round(self.x, digits), self.y)

    def __floordiv__(self, other):
        return self.x // other

    def __mod__(self, other):
        return self.x % other

    def __and__(self, other):
        return self.x * other.x

    def __or__(self, other):
        return self.x + other.y

    def __xor__(self, other):
        return self.x - other.y


class Longer(Vec):
    def __add__(self, other):
        return Vec(self.x + other.x, 0.0)

    def __radd__(self, other):
        return Vec(self.x * other.x, self.y)


class Dual:
    """A forward-mode number of the user's own: differentiating it gives second derivatives."""

    def __init__(self, value, dot=0.0):
        self.value = value
        self.dot = dot

    @staticmethod
    def lift(x):
        return x if isinstance(x, Dual) else Dual(x)

    def __add__(self, other):
        other = Dual.lift(other)
        return Dual(self.value + other.value, self.dot + other.dot)

    __radd__ = __add__

    def __mul__(self, other):
        other = Dual.lift(other)
        return Dual(self.value * other.value, self.value * other.dot + self.dot * other.value)

    __rmul__ = __mul__

    def sin(self):
        return Dual(np.sin(self.value), np.cos(self.value) * self.dot)


@functools.total_ordering
class Ranked:
    def __init__(self, key):
        self.key = key

    def __eq__(self, other):
        return self.key == other.key

    def __lt__(self, other):
        return self.key < other.key


def add_and_subtract(x, y):
    v = Vec(x, y) + Vec(y, 2.0) - Vec(1.0, x)
    return v.x * v.y


def multiply_by_number(x, y):
    v = 2.0 * Vec(x, y) * y
    return v * Vec(y, x)


def reflected_addition(x, y):
    v = x + Vec(y, x)
    return v.x * v.y


def reflected_division(x, y):
    v = 1.0 / Vec(x, y) / 3.0
    return v.x * v.y


def array_and_object(a, x):
    v = a * Vec(x, 2.0)
    return np.sum(v.x) * np.sum(v.y)


def power_and_matmul(x, y):
    return Vec(x, y) ** 2 @ Vec(y, x) ** 3


def unary_operators(x, y):
    v = ~-+Vec(x, y)
    return v.x * v.y * v.y


def absolute_value(x, y):
    return abs(Vec(x, y)) * abs(Vec(2.0, x))


def in_place_addition(x, y):
    v = Vec(x, y)
    w = v
    v += Vec(y, 1.0)
    return w.x * w.y


def in_place_without_method(x, y):
    v = Vec(x, y)
    w = v
    v -= Vec(y, 1.0)
    return w.x * w.y + v.x * v.y


def in_place_of_attribute(x, y):
    v = Vec(Vec(x, y), y)
    v.x += Vec(y, y)
    v.x *= 2.0
    return v.x.x * v.x.y


def item_of_object(x, y):
    v = Vec(x, y)
    return v[0] * v[1] * v[-1] + v[0]


def item_of_object_assigned(x, y):
    v = Vec(x, y)
    v[0] = y * y
    v[1] += v[0]
    return v.x * v.y


def length_and_iteration(x, y):
    total = 0.0
    for part in Vec(x, y):
        total = total + part * part
    a, b = Vec(x, y)
    return total * len(Vec(x, y)) + a * b + sum(Vec(y, x))


def membership(x, y):
    v = Vec(2.0, 3.0)
    return x * y if 3.0 in v and 4.0 not in v else x


class Bag:
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


def membership_by_iteration(x):
    return x * x if 2.0 in Bag(1.0, 2.0) and 5.0 not in Bag(1.0) else x


def equality(x, y):
    if Vec(1.0, 2.0) == Vec(1.0, 2.0) and Vec(x, 1.0) != Vec(y, 1.0):
        return x * y
    return x


def order(x, y):
    if Vec(x, 1.0) < Vec(y, 1.0):
        return x * y
    return x * x * y


def mirrored_order(x, y):
    if Vec(x, 1.0) > Vec(y, 1.0):
        return x * y
    return x * x * y


def total_ordering(x, y):
    if Ranked(x) >= Ranked(y):
        return x * y
    return x * x * y


def truth_of_object(x, y):
    if Vec(x, y) and not Vec(0.0, y):
        return x * y
    return x


def object_as_number(x, y):
    return float(Vec(x, y)) * y + round(Vec(2.4, y)).y


def other_operators(x, y):
    v = Vec(x, y)
    return (v & Vec(y, y)) * (v | Vec(x, y)) + (v ^ Vec(y, x)) + v // 0.3 + v % 0.4


def subclass_is_asked_first(x, y):
    v = Vec(x, y) + Longer(y, x)
    return v.x * v.y


def dual_numbers(x):
    y = Dual(x, 1.0)
    z = 3.0 * y * y.sin() + y * y * y
    return z.dot


def dual_numbers_in_loop(x, n):
    y = Dual(x, 1.0)
    z = Dual(1.0)
    for i in range(n):
        z = z * y + i
    return z.dot + z.value


def sum_of_objects(x, y):
    total = sum([Vec(x, y), Vec(y, y)], Vec(1.0, 1.0))
    return total.x * total.y


def maximum_of_objects(x, y):
    best = max(Ranked(x), Ranked(y))
    return best.key * x


class Plain:
    pass


def identity_of_objects(x):
    one, other = Plain(), Plain()
    same = one
    if one == same and one is same and one != other and one is not other and one in [other, same] and (
            one not in [other]):
        return x * x
    return x


class Polynomial:
    def __init__(self, *coefficients):
        self.coefficients = coefficients

    def __call__(self, x):
        result = 0.0
        for c in reversed(self.coefficients):
            result = result * x + c
        return result

    def __add__(self, other):
        return Polynomial(*[a + b for a, b in zip(self.coefficients, other.coefficients)])


def polynomials(a, x):
    p = Polynomial(a, 2.0, a * a) + Polynomial(1.0, a, 3.0)
    return p(x)


class Grid:
    def __init__(self, n):
        self.values = np.zeros((n, n))

    def __getitem__(self, where):
        i, j = where
        return self.values[i, j]

    def __setitem__(self, where, value):
        self.values[where] = value


def items_in_loop(x, n):
    grid = Grid(3)
    for i in range(n):
        grid[i, 0] = x * i
        grid[i, 1] = grid[i, 0] * x
    return np.sum(grid.values * grid.values) + grid[1, 1]


CASES = [
    case(add_and_subtract, 0.7, 1.3),
    case(add_and_subtract, spread(3), 1.3, note="array"),
    case(multiply_by_number, 0.7, 1.3),
    case(reflected_addition, 0.7, 1.3),
    case(reflected_division, 0.7, 1.3),
    case(array_and_object, spread(3), 1.3),
    case(power_and_matmul, 0.7, 1.3),
    case(unary_operators, 0.7, 1.3),
    case(absolute_value, 0.7, 1.3),
    case(in_place_addition, 0.7, 1.3),
    case(in_place_without_method, 0.7, 1.3),
    case(in_place_of_attribute, 0.7, 1.3),
    case(item_of_object, 0.7, 1.3),
    case(item_of_object_assigned, 0.7, 1.3),
    case(length_and_iteration, 0.7, 1.3),
    case(membership, 0.7, 1.3),
    case(membership_by_iteration, 0.7),
    case(equality, 0.7, 1.3),
    case(order, 0.7, 1.3),
    case(mirrored_order, 0.7, 1.3),
    case(total_ordering, 0.7, 1.3),
    case(truth_of_object, 0.7, 1.3),
    case(object_as_number, 0.7, 1.3),
    case(other_operators, 0.7, 1.25),
    case(subclass_is_asked_first, 0.7, 1.3),
    case(dual_numbers, 0.7),
    case(dual_numbers, positive(3), note="array"),
    case(dual_numbers_in_loop, 0.7, 3),
    case(sum_of_objects, 0.7, 1.3),
    case(maximum_of_objects, 0.7, 1.3),
    case(polynomials, 0.7, 1.3),
    case(identity_of_objects, 0.7),
    case(items_in_loop, 0.7, 3),
]
