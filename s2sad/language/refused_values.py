"""Values that do not go together, or with what is done with them: refused, why, and what to write instead."""

from __future__ import annotations

import numpy as np

from s2sad.language.entries import Refused

V = np.array([0.7, 1.1, -0.3])

VALUES: tuple[Refused, ...] = (
    # Names.
    Refused("", "names without a value", """\
def f(x):
    return x * «unknown»
""",
            "name unknown is not defined",
            ""),
    Refused("", "kinds that differ from path to path", """\
def f(x):
    if x > 0.0:
        y = (x, x)
    else:
        y = x
    return «y»[0]
""",
            "'y' is a tuple of 2 on one path and a number on another",
            "give it values of one kind on all paths"),
    Refused("", "results of different structure", """\
def f(x):
    if x > 0.0:
        return x
    «return x, x»
""",
            "this returns a tuple of 2, another return a number",
            "return values of one structure everywhere"),
    Refused("", "results that are no numbers", """\
def f(x):
    «return math.sin»
""",
            "the result is math.sin",
            "return numbers, arrays, or tuples, lists or dicts of them"),
    # Containers.
    Refused("", "indices out of range", """\
def f(x):
    return «(x, x)[2]»
""",
            "tuple index 2 out of range: it has 2 items",
            ""),
    Refused("", "keys that are not there", """\
def f(x):
    d = {"a": x}
    return «d["b"]»
""",
            "there is no key 'b': the dict has the key 'a'",
            ""),
    Refused("", "keys that are computed", """\
def f(x):
    d = {«x»: 1.0}
    return d[x]
""",
            "a value that is needed at compile time is computed at run time: it is the key of a dict",
            "make it a literal, or an argument passed as a plain int"),
    Refused("", "the wrong number of names", """\
def f(x):
    «a, b» = x, x, x
    return a
""",
            "3 values are unpacked to 2 names",
            ""),
    Refused("", "unpacking of numbers", """\
def f(x):
    «a, b» = x
    return a
""",
            "a number cannot be unpacked here",
            ""),
    Refused("", "calls of what is no function", """\
def f(x):
    return «x»(2.0)
""",
            "a number cannot be called",
            ""),
    Refused("", "wrong arguments", """\
def g(a, b):
    return a * b

def f(x):
    return «g(x)»
""",
            "g() missing 1 required argument: 'b'",
            ""),
    Refused("", "unknown keywords", """\
def g(a):
    return a

def f(x):
    return «g(x, b=1.0)»
""",
            "g() got an unexpected keyword argument 'b'",
            ""),
    Refused("", "attributes that are not there", """\
def f(x):
    return «x.size»
""",
            "a Python float has no attribute 'size'",
            "pass a NumPy array, or use the function from np"),
    Refused("", "operators between kinds that have none", """\
def f(x):
    return «x + "a"»
""",
            "'+' of a number and the str 'a' is not supported here",
            ""),
    Refused("", "the truth of an array", """\
def f(a):
    if «a»:
        return a
    return 2.0 * a
""",
            "the truth value of an array (f8[a0]) is ambiguous",
            "use np.any(...), np.all(...) or np.where(...)", (V,)),
    Refused("", "shapes that do not go together", """\
def f(a):
    return np.sum(«np.ones((3, 4)) + np.ones(5)») * a[0]
""",
            "operands of shapes f8[3, 4] and f8[5] do not broadcast",
            "", (V,)),
    Refused("", "loops over numbers", """\
def f(x):
    for k in «x»:
        x = x + k
    return x
""",
            "a number cannot be iterated over",
            "loop over a range, an array, or a tuple"),
    Refused("", "ranges of floats", """\
def f(x):
    for k in «range(x)»:
        x = x + k
    return x
""",
            "range() takes integers, not a number",
            ""),
    # Memory.
    Refused("", "writes to arrays that may or may not be shared", """\
def f(a):
    b = a if a[0] > 0.0 else a.copy()
    «b[0] = 1.0»
    return a.sum() + b.sum()
""",
            "this writes into 'b', which may or may not be the memory of 'a'",
            "make it certain: copy it first, b = b.copy()", (V,)),
    Refused("", "writes to arrays of the module", """\
table = np.ones(3)

def f(x):
    «table[0] = x»
    return table[0] * x
""",
            "this writes into 'table', an array from outside the function",
            "copy it first: a local array can be written to"),
    Refused("", "writes to broadcasts", """\
def f(a):
    b = np.broadcast_to(a, (2, 3))
    «b[0, 0] = 1.0»
    return b.sum()
""",
            "'b' is read-only: np.broadcast_to gives a view that cannot be written to",
            "write to the array itself", (V,)),
    # Functions without rule or source.
    Refused("", "functions without a rule or Python source", """\
def f(x):
    return «math.ulp»(x) * x
""",
            "'math.ulp' has neither a rule nor Python source",
            "register its derivative: s2sad.rule(\"y = math.ulp(x)\", x=\"...\")"),
    Refused("", "functions of NumPy without a rule", """\
def f(a):
    return «np.busday_count»(a, a)
""",
            "np.busday_count() is not supported here",
            "dates have no derivative\nuse a number of days", (V,)),
)
