"""``match`` on what is known at compile time, and on numbers."""

import enum

import numpy as np

from tests.corpus import case


class Kind(enum.Enum):
    LINEAR = 1
    SQUARE = 2


def texts(x, mode):
    match mode:
        case "double" | "twice":
            return 2.0 * x
        case "square":
            return x * x
        case _:
            return x


def none_and_flags(x, option):
    match option:
        case None:
            return x * x
        case True:
            return 3.0 * x
        case False:
            return np.sin(x)


def an_enum(x, square):
    kind = Kind.SQUARE if square else Kind.LINEAR
    match kind:
        case Kind.LINEAR:
            return 2.0 * x
        case Kind.SQUARE:
            return x * x


def sequences(x, shape):
    match shape:
        case []:
            y = x
        case [a]:
            y = x * a
        case (a, b):
            y = x * a + b
        case [first, *middle, last]:
            y = x * first * last + sum(middle)
    return y * y


def nested_sequences(x):
    match (1, (x, [x * x, 2.0])):
        case (0, _):
            return x
        case (1, (a, [b, c])):
            return a * b * c


def mappings(x, table):
    match table:
        case {"scale": s, "shift": t, **rest}:
            return x * s + t * len(rest)
        case {"scale": s}:
            return x * s * s
        case {}:
            return x


def classes(x, value):
    match value:
        case bool():
            return x
        case int(n):
            return x**n
        case float() | complex():
            return x * value
        case np.ndarray(ndim=1):
            return x * value[0]
        case np.ndarray(shape=(2, k)):
            return x * value[1, 0] * k
        case str():
            return -x
        case tuple() | list() as many:
            return x * many[0]
        case _:
            return x


def a_number(x, n):
    k = n + 1
    match k:
        case 1:
            y = 2.0 * x
        case 2 | 3:
            y = x * x
        case -1:
            y = x
        case _:
            y = np.sin(x)
    return y * x


def a_float(x, y):
    match y:
        case 0.0:
            return 0.0
        case 1.5 as c:
            return c * x * x
        case z if z > 2.0:
            return x * z**3
        case float(z):
            return x * z * z
        case _:
            return x


def numbers_in_a_tuple(x, y):
    match (x, y):
        case (0.0, b):
            return b
        case (a, 0.0):
            return a * a
        case (a, b) if a > b:
            return a * b
        case (a, b):
            return a * b * b


def in_a_loop(x, codes):
    for k in range(codes.shape[0]):
        match int(codes[k]):
            case 0:
                continue
            case 1:
                x = x * 1.5
            case 2:
                x = np.sin(x)
            case _:
                break
    return x


def falls_through(x, n):
    y = x
    match n:
        case 1:
            y = x * x
        case 2:
            y = x**3
    return y * x


CODES = np.array([1, 0, 2, 1, 3, 1])
CASES = [
    case(texts, 0.7, "twice"),
    case(texts, 0.7, "square", note="square"),
    case(texts, 0.7, "other", note="other"),
    case(none_and_flags, 0.7, None),
    case(none_and_flags, 0.7, True, wrt=0, note="true"),
    case(none_and_flags, 0.7, False, wrt=0, note="false"),
    case(an_enum, 0.7, True, wrt=0),
    case(an_enum, 0.7, False, wrt=0, note="linear"),
    *(case(sequences, 0.7, tuple(1.5 + k for k in range(n)), wrt=0, note=str(n)) for n in range(5)),
    case(nested_sequences, 0.7),
    case(mappings, 0.7, {"scale": 2.0, "shift": 3.0, "more": 1.0}),
    case(mappings, 0.7, {"scale": 2.0}, note="one"),
    case(mappings, 0.7, {"other": 2.0}, wrt=0, note="none"),
    case(classes, 0.7, True, wrt=0),
    case(classes, 0.7, 3, wrt=0, note="int"),
    case(classes, 0.7, 2.5, note="float"),
    case(classes, 0.7, np.array([1.5, 2.0]), note="vector"),
    case(classes, 0.7, np.array([[1.5, 2.0], [0.5, 1.0]]), note="matrix"),
    case(classes, 0.7, "text", note="text"),
    case(classes, 0.7, [1.5, 2.5], note="list"),
    *(case(a_number, 0.7, n, wrt=0, note=str(n)) for n in (0, 1, 2, -2, 5)),
    case(a_float, 0.7, 1.5, wrt=0),
    case(a_float, 0.7, 2.5, note="guard"),
    case(a_float, 0.7, 0.5, note="class"),
    case(numbers_in_a_tuple, 0.7, 0.3),
    case(numbers_in_a_tuple, 0.3, 0.7, note="last"),
    case(in_a_loop, 0.7, CODES, wrt=0),
    case(falls_through, 0.7, 1, wrt=0),
    case(falls_through, 0.7, 3, wrt=0, note="none"),
]
