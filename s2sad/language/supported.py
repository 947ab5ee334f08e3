"""What is differentiated: a sample for every class of Python's grammar, and for what is not seen in the grammar."""

from __future__ import annotations

import numpy as np

from s2sad.language.entries import Supported

SUPPORTED: tuple[Supported, ...] = (
    # Functions and names.
    Supported("FunctionDef arguments arg Return Name Load Module", "functions", """\
def f(x, y=2.0, *, z=3.0):
    return x * y + z
"""),
    Supported("Lambda", "lambdas", """\
f = lambda x: x * x
"""),
    Supported("Call keyword", "calls, with positional and keyword arguments", """\
def g(x, power=2, *, scale=1.0):
    return scale * x**power

def f(x):
    return g(x, 3) + g(power=2, x=x, scale=x)
""", note="small functions are put in place of their calls, large and recursive ones become functions of the text"),
    Supported("Starred", "stars in calls, displays and targets", """\
def g(a, b, c):
    return a * b + c

def f(x):
    first, *rest = (x, x * x, 2.0)
    return g(first, *rest) + sum([*rest, 1.0])
"""),
    Supported("", "`*args` and `**kwargs`", """\
def g(*args, **kwargs):
    return sum(args) * kwargs["scale"]

def f(x, *more):
    return g(x, *more, x * x, scale=2.0 * x)
"""),
    Supported("Yield YieldFrom", "generator functions", """\
def layers(w, sizes):
    for m, n in sizes:
        yield w[:m * n].reshape((m, n))
        w = w[m * n:]

def both(x, w):
    yield from layers(w, [(2, 2)])
    yield from layers(x, [(2, 1)])

def f(x, w):
    y = x
    for W in both(x, w):
        y = np.sin(y @ W)
    return np.sum(y)
""", (np.array([0.7, 0.3]), np.array([0.1, 0.9, -0.3, 0.5])),
              note="what stands in the loop over a generator runs in the place of `yield`"),
    Supported("", "nested functions and closures", """\
def f(x):
    def g(y):
        return x * y
    return g(x) + g(2.0)
"""),
    Supported("Nonlocal", "`nonlocal`", """\
def f(x):
    total = 0.0
    def add(y):
        nonlocal total
        total += y * y
    add(x)
    add(2.0 * x)
    return total
"""),
    Supported("", "functions as arguments and results", """\
def twice(g):
    return lambda y: g(g(y))

def f(x):
    return twice(math.sin)(x)
"""),
    Supported("", "recursion", """\
def f(x, n=3):
    return x if n == 0 else x * f(x, n - 1) + 1.0
"""),
    Supported("", "decorators", """\
import functools

def doubled(g):
    @functools.wraps(g)
    def wrapper(x):
        return 2.0 * g(x)
    return wrapper

@doubled
def f(x):
    return x * x
"""),
    # Simple statements.
    Supported("Assign Store", "assignment", """\
def f(x):
    a = b = x * x
    c, (d, e) = a, (b, 2.0)
    return c * d + e
"""),
    Supported("AugAssign", "augmented assignment", """\
def f(x):
    y = x
    y *= x
    y += 1.0
    return y
"""),
    Supported("AnnAssign", "annotations", """\
def f(x: float) -> float:
    y: float = x * x
    z: float
    return y
"""),
    Supported("Expr Pass Constant", "expressions as statements, `pass`, constants", """\
def f(x):
    \"\"\"Text.\"\"\"
    pass
    return x * 2.0 + 1
"""),
    Supported("Delete Del", "`del`", """\
def f(x):
    d = {"a": x, "b": 2.0}
    y = x * x
    del d["b"]
    z = y * d["a"]
    del y
    return z
"""),
    Supported("Assert", "`assert`", """\
def f(x):
    assert x > 0.0, f"x is {x}"
    return math.sqrt(x)
"""),
    Supported("Import ImportFrom alias", "imports inside the function", """\
def f(x):
    import math as m
    from math import sin
    return m.exp(x) * sin(x)
"""),
    Supported("Global", "`global`, of names that are read", """\
rate = 2.0

def f(x):
    global rate
    return rate * x * x
"""),
    # Compound statements.
    Supported("If", "`if`, `elif`, `else`", """\
def f(x):
    if x > 1.0:
        return x
    elif x > 0.5:
        y = x * x
    else:
        y = 2.0
    return y * x
"""),
    Supported("For", "`for`, with `else`", """\
def f(x):
    total = 0.0
    for k in range(3):
        total += x**k
    else:
        total *= 2.0
    return total
""", note="over ranges, arrays, lists, tuples, dicts, and what `zip`, `enumerate`, `reversed` and `itertools` make"),
    Supported("While Break Continue", "`while`, `break`, `continue`", """\
def f(x):
    y = x
    while True:
        y = y * 1.5
        if y < 1.0:
            continue
        if y > 5.0:
            break
    return y
"""),
    Supported("With withitem", "`with`", """\
class Scope:
    def __enter__(self):
        return 2.0
    def __exit__(self, *error):
        return None

def f(x):
    with np.errstate(all="ignore"), Scope() as scale:
        return scale * x * x
"""),
    Supported("Try ExceptHandler", "`try`, `except`, `else`, `finally`", """\
def f(x):
    try:
        y = math.sqrt(x - 1.0)
    except ValueError:
        y = x * x
    else:
        y = y * 2.0
    finally:
        z = 1.0
    return y + z
"""),
    Supported("Raise", "`raise`", """\
def f(x):
    if x < 0.0:
        raise ValueError(f"{x} is negative")
    return x * x
"""),
    Supported("Match match_case MatchValue MatchSingleton MatchSequence MatchMapping MatchClass MatchStar MatchAs "
              "MatchOr", "`match`", """\
def value(tree, x):
    match tree:
        case None:
            return 1.0
        case "x":
            return x
        case ("add" | "plus", left, right):
            return value(left, x) + value(right, x)
        case ["times", *parts]:
            return math.prod([value(part, x) for part in parts])
        case {"sin": inner}:
            return math.sin(value(inner, x))
        case float(number) as same:
            return number + 0.0 * same
    raise TypeError(tree)

def f(x):
    return value(("add", ("times", "x", 2.0, None), {"sin": "x"}), x)
"""),
    # Operators.
    Supported("BinOp Add Sub Mult Div FloorDiv Mod Pow", "arithmetic", """\
def f(x):
    return (x + 1.0) * x - x / 2.0 + x**3 + x % 0.4 + x // 0.4
"""),
    Supported("MatMult", "the matrix product", """\
def f(A, v):
    return v @ A @ v
""", (np.array([[1.0, 2.0], [-0.5, 0.3]]), np.array([0.7, -0.2]))),
    Supported("BitAnd BitOr BitXor LShift RShift Invert", "bits", """\
def f(x, n=6):
    return x * ((n & 3) + (n | 1) + (n ^ 5) + (n << 1) + (n >> 1) + ~n)
"""),
    Supported("UnaryOp UAdd USub Not", "signs, and `not`", """\
def f(x):
    return -x * +x if not x < 0.0 else x
"""),
    Supported("BoolOp And Or", "`and`, `or`", """\
def f(x):
    return x * x if 0.0 < x and x < 1.0 or x > 5.0 else x
"""),
    Supported("Compare Lt LtE Gt GtE Eq NotEq", "comparisons, also chained", """\
def f(x):
    return x * x if 0.0 < x <= 1.0 and x != 0.5 and not x == 0.2 and x >= 0.1 > -1.0 else x
"""),
    Supported("Is IsNot In NotIn", "`is`, `in`", """\
def f(x, how=None):
    if how is None:
        how = "square"
    if how is not None and how in ("square", "cube") and how not in {"line"}:
        return x * x
    return x
"""),
    Supported("IfExp", "conditional expressions", """\
def f(x):
    return x * x if x > 0.5 else 2.0 * x
"""),
    Supported("NamedExpr", "`:=`", """\
def f(x):
    if (y := x * x) > 0.1:
        return y * x
    return y
"""),
    # Containers.
    Supported("Tuple List", "tuples and lists", """\
def f(x):
    pair = (x, x * x)
    items = [pair[0], 2.0]
    items.append(pair[1])
    items[1] = x
    return items[1] * items[2]
"""),
    Supported("Dict", "dicts", """\
def f(x):
    d = {"a": x, "b": 2.0}
    d["c"] = d["a"] * x
    return sum(d.values()) * d.get("c", 0.0)
""", note="keys are known when the derivative is compiled"),
    Supported("Set", "sets of what is known", """\
def f(x, how="sine"):
    return math.sin(x) if how in {"sine", "sin"} else x
"""),
    Supported("Subscript Slice", "subscripts and slices", """\
def f(a):
    b = a.copy()
    b[1:] = a[:-1] * a[1:]
    b[0] += a[-1]
    return np.sum(b * a[::-1])
""", (np.array([0.7, 1.1, -0.3]),)),
    Supported("ListComp comprehension", "list comprehensions", """\
def f(x):
    return sum([x**k for k in range(4) if k != 1])
"""),
    Supported("SetComp", "set comprehensions of what is known", """\
def f(x, names=("A", "b")):
    return x * x if "a" in {name.lower() for name in names} else x
"""),
    Supported("DictComp", "dict comprehensions", """\
def f(x):
    d = {name: x * k for k, name in enumerate("abc")}
    return d["b"] * d["c"]
"""),
    Supported("GeneratorExp", "generator expressions that are consumed at once", """\
def f(x):
    return sum(x * k for k in range(4)) + max(x * k for k in range(3))
"""),
    # Texts.
    Supported("JoinedStr FormattedValue", "f-strings and print", """\
def f(x):
    print(f"x = {x:.3f}")
    return x * x
""", note="done once, in order, with the values of the run"),
    # Objects.
    Supported("Attribute", "attributes and methods of objects and arrays", """\
class Model:
    offset = 1.0
    def __init__(self, w):
        self.w = w
    def __call__(self, x):
        self.h = self.w * x
        return self.h + self.offset

def f(x):
    model = Model(x)
    return model(2.0) * model.h
"""),
    Supported("", "dataclasses, named tuples, SimpleNamespace", """\
from dataclasses import dataclass, replace

@dataclass(frozen=True)
class Point:
    x: float
    y: float = 1.0

def f(x):
    p = replace(Point(x), y=x * x)
    return p.x * p.y
"""),
    Supported("", "operators of a class of one's own, properties, inheritance, super()", """\
class Vector:
    def __init__(self, a, b):
        self.a, self.b = a, b
    def __add__(self, other):
        return type(self)(self.a + other.a, self.b + other.b)
    @property
    def square(self):
        return self.a**2 + self.b**2

class Scaled(Vector):
    def __init__(self, a, b):
        super().__init__(2.0 * a, b)

def f(x):
    return (Scaled(x, 1.0) + Scaled(x, x)).square
"""),
    # What the grammar does not show.
    Supported("", "tables of the module", """\
COEFFICIENTS = [0.5, 1.0, -2.0]
FORMS = {"sine": math.sin, "cube": lambda x: x**3}

def f(x, form="sine"):
    k = 0
    while x > COEFFICIENTS[k] and k < 2:
        k += 1
    return COEFFICIENTS[k] * FORMS[form](x)
""", note="when one changes, the derivative is compiled again"),
    Supported("", "variables that are None until they have a value", """\
def f(x):
    best = None
    for k in range(4):
        y = (x - k) ** 2
        if best is None or y < best:
            best = y
    return best * x
"""),
    Supported("", "functions that NumPy applies", """\
bend = np.vectorize(lambda a: a**2 if a > 0.5 else a)

def f(a):
    return np.sum(bend(a)) + np.apply_along_axis(lambda row: row * row[0], 0, a)[1]
""", (np.array([0.7, 1.1, -0.3]),), note="np.vectorize is taken to give what its first result is: numbers of one kind"),
    Supported("", "objects that are indexed to make arrays", """\
def f(a):
    return np.sum(np.r_[0.0, a, a[-1]] * np.mgrid[0:5] ** 2)
""", (np.array([0.7, 1.1, -0.3]),)),
    Supported("", "random draws", """\
def f(x):
    rng = np.random.default_rng(0)
    return np.sum(x * rng.normal(size=3))
""", note="drawn once; the reverse sweep reads what was drawn"),
)
