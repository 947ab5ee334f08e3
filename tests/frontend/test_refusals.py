"""What is refused: the message, what to write instead, and the exact place.

In each program « and » stand around the construct that the caret line must underline.
"""

from __future__ import annotations

import sys
import textwrap

import gast
import numpy as np
import pytest

from s2sad.errors import NameRefusal, Refusal, TypeRefusal, UnknownFunctionError, UnsupportedError
from s2sad.frontend.constructs import CONSTRUCTS
from tests.corpus import define
from tests.frontend.test_lower_corpus import lowered

X = np.array([1.0, 2.0, 3.0])
A = np.arange(6.0).reshape(2, 3)


def refusal(text: str, *args: object, **namespace: object) -> tuple[Refusal, str, int, int]:
    """The refusal of the function ``f`` in the text; the text marked; its line and column."""
    text = textwrap.dedent(text).strip("\n") + "\n"
    before, _, rest = text.partition("«")
    marked = rest.partition("»")[0]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    space = define(text.replace("«", "").replace("»", ""), f"refused {hash(text)}", {"np": np, **namespace})
    with pytest.raises(Refusal) as caught:
        lowered(space["f"], args)
    return caught.value, marked, line, column


def check(text: str, message: str, hint: str, args: tuple[object, ...], kind: type[Refusal],
          **namespace: object) -> None:
    error, marked, line, column = refusal(text, *args, **namespace)
    assert type(error) is kind, error
    where = error.where
    assert where is not None
    assert (where.line, where.column) == (line, column), str(error)
    assert where.source[where.column - 1 :][: where.width] == marked.split("\n")[0], str(error)
    assert message in error.reason, str(error)
    assert hint in error.hint, str(error)


PROGRAMS = {
    gast.ClassDef: "def f(x):\n    for i in range(3):\n        «class C»:\n            pass\n    return x",
    gast.Delete: "def f(x):\n    y = np.ones(3)\n    «del y[0]»\n    return x",
    gast.Global: "def f(x):\n    «global g»\n    g = x\n    return x",
    gast.AsyncFunctionDef: "def f(x):\n    «async def g()»:\n        return 1\n    return x",
    gast.Yield: "def f(x):\n    y = «yield x»\n    return y",
    gast.YieldFrom: "def f(x):\n    y = «yield from x»\n    return y",
    gast.DictComp: "def f(x):\n    y = x * np.ones(3)\n    return «{k: v for k, v in enumerate(y[y > 0.0])}»",
    gast.Starred: "def f(x):\n    return max(«*x»)",
}


@pytest.mark.parametrize("construct", PROGRAMS, ids=lambda c: c.__name__)
def test_constructs(construct: type) -> None:
    name, _, instead = CONSTRUCTS[construct]
    check(PROGRAMS[construct], name, instead, (2.0,), UnsupportedError)


def test_every_construct_has_a_program_or_cannot_stand_in_a_function() -> None:
    elsewhere = {gast.AsyncWith, gast.AsyncFor, gast.Await, gast.Nonlocal, gast.TryStar, gast.ListComp,
                 gast.GeneratorExp}
    elsewhere |= {c for c in CONSTRUCTS if c.__name__ == "TypeAlias"}
    assert set(CONSTRUCTS) == set(PROGRAMS) | elsewhere


def test_nonlocal() -> None:
    text = """
    def outer():
        y = 1.0
        def f(x):
            «nonlocal y»
            y = y + x
            return y
        return f

    f = outer()
    """
    check(text, "'nonlocal' is not supported for 'y'", "return the value", (2.0,), UnsupportedError)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in 3.12")
def test_type_alias() -> None:
    check("def f(x):\n    «type T = int»\n    return x", "type alias", "top level", (2.0,), UnsupportedError)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the syntax is new in 3.11")
def test_exception_groups() -> None:
    text = "def f(x):\n    «try»:\n        y = x\n    except* ValueError:\n        y = 0.0\n    return y"
    check(text, "'except*' is not supported", "one by one", (2.0,), UnsupportedError)


@pytest.mark.parametrize(
    "text, message, hint, args",
    [
        ("def f(x):\n    «x.y» = 1.0\n    return x", "assignment to the attribute 'y'", "local variable", (X,)),
        ("def f(x):\n    return «x is x»", "'is'", "'=='", (2.0,)),
        ("def f(x):\n    return «x.byteswap»(True)", "changes the array", "new array", (X,)),
        ("def f(x):\n    return «x.base»", "the array attribute 'base'", "the view was made from", (X,)),
    ],
)
def test_unsupported(text: str, message: str, hint: str, args: tuple[object, ...]) -> None:
    check(text, message, hint, args, UnsupportedError)


@pytest.mark.parametrize(
    "text, message, hint, args",
    [
        ("def f(x):\n    if «x»:\n        return 1.0\n    return x", "truth value of an array", "np.any", (X,)),
        ("def f(x):\n    while «x > 0»:\n        x = x - 1\n    return x", "truth value of an array", "np.any", (X,)),
        ("def f(x):\n    return «x» and x", "truth value of an array", "np.any", (X,)),
        ("def f(x):\n    for v in «x»:\n        pass\n    return x", "cannot be iterated", "range", (2.0,)),
        ("def f(x):\n    «a, b» = x\n    return a", "cannot be unpacked", "", (2.0,)),
        ("def f(x):\n    «a, b» = x, x, x\n    return a", "3 values are unpacked to 2 names", "", (2.0,)),
        ("def f(x):\n    return «x[0]»", "cannot be indexed", "", (2.0,)),
        ("def f(x):\n    return «x[0, 0]»", "too many indices", "", (X,)),
        ("def f(x):\n    return «x.sum»()", "a Python float has no attribute 'sum'", "NumPy", (2.0,)),
        ("def f(x):\n    return «x.nothing»", "no attribute 'nothing'", "", (X,)),
        ("def f(x):\n    return «{1: x} + x»", "'+' of", "np.array", (X,)),
        ("def f(x):\n    return «x»(1)", "cannot be called", "", (2.0,)),
        ("def f(x):\n    return «range(x)»", "range() takes integers", "", (2.0,)),
        ("def f(x):\n    return «np.sum(x, axis=3)»", "axis 3 does not exist", "", (X,)),
        ("def f(x):\n    return «x @ np.zeros((2, 3))»", "lengths 1 and 2", "", (np.ones((1, 1)),)),
        ("def f(x):\n    return «g(x, 1)»\ndef g(x):\n    return x", "takes 1 positional argument but 2", "", (2.0,)),
        ("def f(x):\n    return «g()»\ndef g(x, y):\n    return x", "missing 2 required arguments: 'x' and 'y'", "",
         (2.0,)),
        ("def f(x):\n    return «g(x, z=1)»\ndef g(x):\n    return x", "unexpected keyword argument 'z'", "", (2.0,)),
        ("def f(x):\n    return «g(x, x=1)»\ndef g(x):\n    return x", "multiple values for argument 'x'", "", (2.0,)),
        ("def f(x):\n    s = np.zeros(()) if x[0] > 0.0 else x[0]\n    t = s\n    «s += 1.0»\n    return t",
         "'s' may be a number, or an array without axes that others see", "s = s + ...", (X,)),
        ("def f(x):\n    s = x[0]\n    for i in range(3):\n        t = s\n        «s += 1.0»\n        s = np.array(s)\n"
         "    return t", "'s' may be a number", "s = s + ...", (X,)),
        ("def f(x, n):\n    s = x\n    for i in range(n):\n        s = s * x\n    «s += 1.0»\n    return s",
         "'s' may be a number", "s = s + ...", (np.array(2.0), 3)),
        ("def f(x):\n    «x[...]» = 1.0\n    return x", "'x' is a number", "x = ...", (np.float64(2.0),)),
        ("def f(x):\n    «x[0]» = 1.0\n    return x", "'x' has no axes", "x[...] = ...", (np.array(2.0),)),
        ("def f(x):\n    «x[...]» = np.ones(1)\n    return x", "f8[1] is written into", "a number", (np.array(2.0),)),
        ("def f(x):\n    s = np.zeros(3, dtype=int)\n    «s += x»\n    return s", "f8[3] into 's' of type i8[3]", "",
         (X,)),
        ("def f(x):\n    s, t = np.zeros(3), 2.0 * x\n    for i in range(len(x)):\n        «s += t»\n        t = s\n"
         "    return t",
         "'s', which may or may not be the memory of 't'", "copy", (X,)),
        ("def f(x):\n    if x > 0:\n        y = (1.0, x)\n    else:\n        y = (1.0, x, x)\n    return «y»[0]",
         "'y' is a tuple of 2 on one path and a tuple of 3 on another", "length", (2.0,)),
        ("def f(x):\n    if x > 0:\n        y = 'a'\n    else:\n        y = x\n    return «y» * x",
         "'y' is the str 'a' on one path and a number on another", "one kind", (2.0,)),
        ("def f(x):\n    if x > 0:\n        return x\n    «return x, x»", "this returns a tuple of 2", "structure",
         (2.0,)),
        ("def f(x):\n    h = «np.sin if x > 0 else 2.0»\n    return h(x)", "np.sin on one path and ", "",
         (2.0,)),
        ("def f(x, n):\n    for i in range(n):\n        y = «(x, 'a')[i]»\n    return y",
         "on one path and the str 'a' on another", "values of one kind", (2.0, 3)),
        ("def f(x):\n    return «[a for a in x]»", "known at run time only", "np.array", (X,)),
        ("def f(x):\n    return «np.sum(x, axis=len(x))»", "computed at run time", "literal", (X,)),
        ("def f(x):\n    «return lambda t: t»", "the result is a function", "numbers", (2.0,)),
        ("«def f(x, n)»:\n    return f(x, n - 1)",
         "calls itself on every path", "", (2.0, 3)),
        ("def f(x):\n    «a, b» = np.zeros(3)\n    return a", "length 3 is unpacked to 2", "",
         (2.0,)),
    ],
)
def test_types(text: str, message: str, hint: str, args: tuple[object, ...]) -> None:
    check(text, message, hint, args, TypeRefusal)


@pytest.mark.parametrize(
    "text, message",
    [
        ("def f(x):\n    return «y»", "y is not defined"),
        ("def f(x):\n    for i in range(3):\n        for j in range(2):\n            s = «s» + x\n    return s",
         "'s' has no value here"),
        ("def f(x):\n    return «np.nothing»", "np has no nothing"),
        ("def f(x):\n    z = «y»\n    y = x\n    return z", "'y' has no value here"),
        ("def f(x):\n    for i in range(3):\n        if x > 0.0:\n            x = x + «s»\n            break\n"
         "    s = x\n    return s", "'s' has no value here"),
    ],
)
def test_names(text: str, message: str) -> None:
    check(text, message, "", (2.0,), NameRefusal)


@pytest.mark.parametrize(
    "text, message, hint",
    [
        ("import math\ndef f(x):\n    return «math.ulp»(x)", "'math.ulp' has neither a rule",
         's2sad.rule("y = math.ulp(x)"'),
        ("import fractions\ndef f(x):\n    return «fractions.Fraction»(x)", "Fraction", "s2sad.rule"),
        ("import re\nFIND = re.compile('a').match\ndef f(x):\n    return «FIND»(x)", "neither", 'fn=FIND'),
    ],
)
def test_unknown_functions(text: str, message: str, hint: str) -> None:
    check(text, message, hint, (X,), UnknownFunctionError)


def test_a_refusal_in_a_called_function_names_that_function() -> None:
    text = "def g(y):\n    s = «{y}»\n    return y\ndef f(x):\n    return g(x) + 1.0"
    check(text, "the members of a set must be known", "use a list or tuple", (2.0,), TypeRefusal)


def test_masked_arrays_and_objects_are_refused() -> None:
    for value in (np.ma.masked_array([1.0]), np.array([None]), np.array(["a"])):
        with pytest.raises(TypeRefusal, match="argument 'x'"):
            lowered(lambda x: x, (value,))
