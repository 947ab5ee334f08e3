"""Constructs of the grammar and functions that are refused, why, and what to write instead."""

from __future__ import annotations

import numpy as np

from s2sad.language.entries import Refused
from s2sad.language.refused_values import VALUES

V = np.array([0.7, 1.1, -0.3])

REFUSED: tuple[Refused, ...] = (
    # Not a plain function.
    Refused("AsyncFunctionDef", "async functions", """\
«async def f(x):»
    return x
""",
            "'async def' is not supported here",
            "what runs between two steps of it cannot be seen\ndifferentiate a plain function"),
    Refused("Await", "await", """\
async def g(x):
    return x

«async def f(x):»
    return await g(x)
""",
            "'async def' is not supported here",
            "what runs between two steps of it cannot be seen\ndifferentiate a plain function"),
    Refused("", "generators as results", """\
def f(x):
    for k in range(3):
        «yield x * k»
""",
            "'yield' is not supported here",
            "its values are computed when somebody asks for them, after the function has ended\nreturn the values"),
    Refused("", "what is sent to a generator", """\
def scaled(x):
    factor = «yield x»
    yield x * factor

def f(x):
    return sum(scaled(x))
""",
            "what is sent to a generator is not supported here", "pass it as an argument"),
    Refused("", "a generator beside something else", """\
def scaled(x):
    for v in x:
        yield 2.0 * v

def f(x):
    s = 0.0
    for v, w in «zip(scaled(x), x)»:
        s = s + v * w
    return s
""",
            "running over a generator beside something else is not supported here", "make it a list first: list(...)",
            (V,)),
    Refused("", "to return from a loop over a generator", """\
def scaled(x):
    for v in x:
        yield 2.0 * v

def f(x):
    for v in scaled(x):
        if v > 1.0:
            «return v»
    return 0.0 * x[0]
""",
            "'return' in a loop over a generator is not supported here", "keep the value in a variable, and break",
            (V,)),
    Refused("", "an iterator that is used up in a loop over it", """\
def f(x):
    rest, s = iter(x), 0.0
    for v in rest:
        s = s + v * «sum(rest)»
    return s
""",
            "an iterator that a loop runs over is used up inside of the loop",
            "make it a list first, and loop over indices", (V,)),
    Refused("ClassDef", "classes made inside the function", """\
def f(x):
    class A(«type»):
        w = 2.0
    return A.w * x
""",
            "'type' as the base of a class inside a function is not supported here",
            "define the class at the top level of the module"),
    Refused("", "eval", """\
def f(x):
    return «eval»("x * x")
""",
            "eval() is not supported here",
            "what it runs is a text, which is not known when the derivative is compiled\nwrite the "
            "expression out, or define a function"),
    Refused("", "exec", """\
def f(x):
    «exec»("y = x")
    return x
""",
            "exec() is not supported here",
            "what it runs is a text, which is not known when the derivative is compiled\nwrite the "
            "statements out, or define a function"),
    Refused("", "locals()", """\
def f(x):
    return «locals»()["x"]
""",
            "locals() is not supported here",
            "the variables of the derivative are others than those of the function\nname the variables"),
    Refused("", "globals()", """\
def f(x):
    return «globals»()["x"] * x
""",
            "globals() is not supported here",
            "what the module holds changes between calls\nname the variables"),
    Refused("", "compile()", """\
def f(x):
    return «compile»("x", "a", "eval")
""",
            "compile() is not supported here",
            "what it runs is a text, which is not known when the derivative is compiled\ndefine a function"),
    Refused("", "input()", """\
def f(x):
    return x * float(«input»())
""",
            "input() is not supported here",
            "read the value outside, and pass it as an argument"),
    Refused("", "open()", """\
def f(x):
    return x * len(«open»("a"))
""",
            "open() is not supported here",
            "open the file outside, and pass it as an argument"),
    Refused("", "state of the module that changes", """\
count = 0.0

def f(x):
    global count
    «count = count + x»
    return x * count
""",
            "what is written to this global depends on what is differentiated by, and the program reads it again",
            "use a local variable, and write the global at the end"),
    Refused("", "object arrays", """\
def f(x):
    return «np.array([x, None])»[0]
""",
            "an array of Python objects is not supported here",
            "put numbers into it, and what else there is into a list"),
    Refused("", "np.matrix", """\
def f(x):
    return «np.matrix»([[x]])[0, 0]
""",
            "np.matrix is not supported here",
            "its operators mean something else than those of an array\nuse an array with two axes, and "
            "@ for products"),
    Refused("", "masked arrays", """\
def f(a):
    return «np.ma.masked_array»(a, a > 0.0).sum()
""",
            "a masked array is not supported here",
            "its operators mean something else than those of an array\nuse np.where(mask, a, b), or "
            "multiply with the mask", (V,)),
    Refused("", "structured arrays", """\
def f(a):
    return «a["x"]»
""",
            "structured arrays are not supported",
            "pass the fields as separate arrays", (V,)),
    Refused("", "np.frompyfunc", """\
def g(x):
    return x * x

def f(x):
    return «np.frompyfunc»(g, 1, 1)(x)
""",
            "np.frompyfunc is not supported here",
            "it makes arrays of Python objects\nuse np.vectorize(f)"),
    Refused("", "the address of memory", """\
def f(a):
    return a.sum() * «a.ctypes».data
""",
            "the array attribute 'ctypes' is not supported here",
            "use the array itself", (V,)),
    Refused("", "id()", """\
def f(x):
    return x * «id»(x)
""",
            "id() is not supported here",
            "it is another one in each run\ncompare with 'is'"),
    Refused("", "hash()", """\
def f(x):
    return x * «hash»(x)
""",
            "hash() is not supported here",
            "it is another one in each run\nuse the value itself"),
    Refused("With withitem", "reading files", """\
def f(x):
    with open("a") as file:
        return x * len(«file.read()»)
""",
            "the method 'read' of a value of type io.IOBase is not supported here",
            "call it outside the differentiated function"),
    # More of the grammar.
    Refused("AsyncFor", "async for", """\
def f(x):
    «async def g():»
        async for k in x:
            pass
    return x
""",
            "'async def' is not supported here",
            "what runs between two steps of it cannot be seen\ndifferentiate a plain function"),
    Refused("AsyncWith", "async with", """\
def f(x):
    «async def g():»
        async with x:
            pass
    return x
""",
            "'async def' is not supported here",
            "what runs between two steps of it cannot be seen\ndifferentiate a plain function"),
    Refused("TryStar", "except*", """\
def f(x):
    «try:»
        y = x
    except* ValueError:
        y = 2.0
    return y
""",
            "'except*' is not supported here",
            "groups of exceptions come from tasks that run side by side\ncatch the exceptions one by "
            "one, with 'except'", since=(3, 11)),
    Refused("TypeAlias TypeVar ParamSpec TypeVarTuple", "type aliases", """\
def f(x):
    «type Pair[T, **P, *Ts] = tuple[T, T]»
    return x
""",
            "a type alias is not supported here",
            "it makes an object when the function is called\ndefine it at the top level of the module", since=(3, 12)),
    Refused("TemplateStr Interpolation", "template strings", """\
def f(x):
    return «t"{x}"»
""",
            "'TemplateStr' is not supported here",
            "", since=(3, 14)),
    Refused("Global", "`global`, for names that are written to and hold no number", """\
last = None

def f(x):
    global last
    last = x
    return x if «last» is None else x * x
""",
            "'last' is written to, and read where it may be something else than a number",
            "keep numbers of one kind in it, or use a local variable"),
    Refused("Delete", "`del` of items of arrays", """\
def f(a):
    b = a.copy()
    «del b[0]»
    return np.sum(a)
""",
            "'del' is not supported here",
            "what is left behind it is not known when the derivative is compiled\nleave it out", (V,)),
    Refused("Set", "sets of numbers that are computed", """\
def f(x):
    return len(«{x, 2.0 * x}») * x
""",
            "the members of a set must be known at compile time",
            "use a list or tuple"),
    Refused("SetComp", "set comprehensions of numbers that are computed", """\
def f(x):
    return len(«{k * x for k in range(3)}») * x
""",
            "the members of a set must be known at compile time",
            "use a list or tuple"),
    Refused("DictComp", "dict comprehensions whose keys are not known", """\
def f(a):
    return «{k: v for k, v in enumerate(a[a > 0.0])}»[0]
""",
            "a dict comprehension whose length is not known at compile time is not supported here",
            "the keys of a dict are known when the derivative is compiled\nuse a list, or keys of known number", (V,)),
    Refused("Starred", "stars of numbers", """\
def f(x):
    return max(«*x»)
""",
            "a starred expression of a number is not supported here",
            "how many items it has is not known when the derivative is compiled\nwrite the items one by one"),
    Refused("GeneratorExp", "generator expressions as results", """\
def f(x):
    «return (k * x for k in range(3))»
""",
            "the result is an iterator",
            "return numbers, arrays, or tuples, lists or dicts of them"),
    Refused("Lambda", "functions as results", """\
def f(x):
    «return lambda y: x * y»
""",
            "the result is a function",
            "return numbers, arrays, or tuples, lists or dicts of them"),
    Refused("Slice", "slices with floats", """\
def f(a):
    return np.sum(a[«0.5»:])
""",
            "a slice takes integers, not the float 0.5",
            "", (V,)),
    Refused("Compare", "comparisons without meaning", """\
def f(x):
    return x if «x < "a"» else 2.0
""",
            "'<' of a number and the str 'a' is not supported here",
            ""),
    Refused("MatMult", "the matrix product of numbers", """\
def f(x):
    return «x @ x»
""",
            "@ takes arrays, not numbers; write *",
            ""),
    Refused("Invert", "bits of floats", """\
def f(x):
    return «~x»
""",
            "invert takes integers",
            ""),
    Refused("Attribute", "attributes of None", """\
def f(x, y=None):
    return x * «y.size»
""",
            "None has no attribute 'size'",
            ""),
    Refused("For", "lists that change their length while a loop runs over them", """\
def f(x):
    items = [x, x]
    for v in items:
        «items.append(v)»
    return items[0]
""",
            "'items' changes its length while a loop runs over it",
            "loop over a copy of it: list(...)"),
    Refused("Call", "recursion without an end", """\
«def f(x):»
    return f(x)
""",
            "'f' calls itself on every path",
            ""),
    *VALUES,
)
