"""What is refused, why, and what to write instead."""

from __future__ import annotations

import numpy as np

from s2sad.language.entries import Refused

V = np.array([0.7, 1.1, -0.3])

REFUSED: tuple[Refused, ...] = (
    # Not a plain function.
    Refused("AsyncFunctionDef", "async functions", """\
«async def f(x):
    return x»
""", "", ""),
    Refused("Await", "await", """\
async def g(x):
    return x

async def f(x):
    return await g(x)
""", "", ""),
    Refused("Yield", "generators as results", """\
def f(x):
    for k in range(3):
        «yield x * k»
""", "", ""),
    Refused("YieldFrom", "yield from", """\
def f(x):
    «yield from [x, x]»
""", "", ""),
    Refused("ClassDef", "classes made inside the function", """\
def f(x):
    «class A(type):
        w = 2.0»
    return A.w * x
""", "", ""),
    Refused("", "eval", """\
def f(x):
    return «eval»("x * x")
""", "", ""),
    Refused("", "exec", """\
def f(x):
    «exec»("y = x")
    return x
""", "", ""),
    Refused("", "locals()", """\
def f(x):
    return «locals»()["x"]
""", "", ""),
    Refused("", "globals()", """\
def f(x):
    return «globals»()["x"] * x
""", "", ""),
    Refused("", "compile()", """\
def f(x):
    return «compile»("x", "a", "eval")
""", "", ""),
    Refused("", "input()", """\
def f(x):
    return x * float(«input»())
""", "", ""),
    Refused("", "open()", """\
def f(x):
    return x * len(«open»("a"))
""", "", ""),
    Refused("", "state of the module that changes", """\
count = 0.0

def f(x):
    global count
    «count = count + x»
    return x * count
""", "", ""),
    Refused("", "lists of the module that change", """\
history = []

def f(x):
    «history.append(x)»
    return x * x
""", "", ""),
    Refused("", "object arrays", """\
def f(x):
    return «np.array([x, None])»[0]
""", "", ""),
    Refused("", "np.matrix", """\
def f(x):
    return «np.matrix»([[x]])[0, 0]
""", "", ""),
    Refused("", "masked arrays", """\
def f(a):
    return «np.ma.masked_array»(a, a > 0.0).sum()
""", "", "", (V,)),
    Refused("", "structured arrays", """\
def f(a):
    return «a["x"]»
""", "", "", (V,)),
    Refused("", "np.vectorize", """\
@np.vectorize
def g(x):
    return x * x

def f(x):
    return «g»(x)
""", "", ""),
    Refused("", "the address of memory", """\
def f(a):
    return a.sum() * «a.ctypes».data
""", "", "", (V,)),
    Refused("", "id()", """\
def f(x):
    return x * «id»(x)
""", "", ""),
    Refused("", "hash()", """\
def f(x):
    return x * «hash»(x)
""", "", ""),
    # Names.
    Refused("", "names without a value", """\
def f(x):
    return x * «unknown»
""", "", ""),
    Refused("", "names with a value on some paths only", """\
def f(x):
    if x > 0.0:
        y = x
    return «y» * x
""", "", ""),
    Refused("", "kinds that differ from path to path", """\
def f(x):
    if x > 0.0:
        y = (x, x)
    else:
        y = x
    return «y»[0]
""", "", ""),
    Refused("", "results of different structure", """\
def f(x):
    if x > 0.0:
        return x
    «return x, x»
""", "", ""),
    Refused("", "results that are no numbers", """\
def f(x):
    «return math.sin»
""", "", ""),
    # Containers.
    Refused("", "indices out of range", """\
def f(x):
    return «(x, x)[2]»
""", "", ""),
    Refused("", "keys that are not there", """\
def f(x):
    d = {"a": x}
    return «d["b"]»
""", "", ""),
    Refused("", "keys that are computed", """\
def f(x):
    d = {1.5: x}
    return d[«x»]
""", "", ""),
    Refused("", "the wrong number of names", """\
def f(x):
    «a, b» = x, x, x
    return a
""", "", ""),
    Refused("", "unpacking of numbers", """\
def f(x):
    «a, b» = x
    return a
""", "", ""),
    Refused("", "calls of what is no function", """\
def f(x):
    return «x»(2.0)
""", "", ""),
    Refused("", "wrong arguments", """\
def g(a, b):
    return a * b

def f(x):
    return «g(x)»
""", "", ""),
    Refused("", "unknown keywords", """\
def g(a):
    return a

def f(x):
    return «g(x, b=1.0)»
""", "", ""),
    Refused("", "attributes that are not there", """\
def f(x):
    return «x.size»
""", "", ""),
    Refused("", "operators between kinds that have none", """\
def f(x):
    return «x + "a"»
""", "", ""),
    Refused("", "the truth of an array", """\
def f(a):
    if «a»:
        return a
    return 2.0 * a
""", "", "", (V,)),
    Refused("", "shapes that do not go together", """\
def f(a):
    return «a[:2] + np.ones(5)»
""", "", "", (V,)),
    Refused("", "loops over numbers", """\
def f(x):
    for k in «x»:
        x = x + k
    return x
""", "", ""),
    Refused("", "ranges of floats", """\
def f(x):
    for k in «range(x)»:
        x = x + k
    return x
""", "", ""),
    # Memory.
    Refused("", "writes to arrays that may or may not be shared", """\
def f(a):
    b = a if a[0] > 0.0 else a.copy()
    «b[0] = 1.0»
    return a.sum() + b.sum()
""", "", "", (V,)),
    Refused("", "writes to arrays of the module", """\
table = np.ones(3)

def f(x):
    «table[0] = x»
    return table[0] * x
""", "", ""),
    Refused("", "writes to broadcasts", """\
def f(a):
    b = np.broadcast_to(a, (2, 3))
    «b[0, 0] = 1.0»
    return b.sum()
""", "", "", (V,)),
    # Functions without rule or source.
    Refused("", "functions without a rule or Python source", """\
def f(x):
    return «np.linalg.matrix_rank»(np.eye(2) * x) * x
""", "", ""),
    Refused("", "functions of NumPy without a rule", """\
def f(a):
    return «np.busday_count»(a, a)
""", "", "", (V,)),
)
