"""What is refused about iterables, stars and containers; what running over them does, once and in order."""

from __future__ import annotations

import collections
import contextlib
import io
import itertools
import statistics
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import Refusal, TypeRefusal, UnsupportedError
from tests.frontend.test_refusals import refusal

X = np.array([1.0, 2.0, 3.0])
HINTS = {"collections": collections, "itertools": itertools, "statistics": statistics}


@pytest.mark.parametrize(
    "text, message, kind, args",
    [
        # Stars.
        ("def f(x):\n    return max(«*x»)", "a starred expression of a number", UnsupportedError, (2.0,)),
        ("def f(x):\n    «a, *b, c» = (x,)\n    return a", "1 values are unpacked to at least 2 names", TypeRefusal,
         (2.0,)),
        ("def f(x):\n    «a, b» = x, x, x\n    return a", "3 values are unpacked to 2 names", TypeRefusal, (2.0,)),
        ("def f(x):\n    «a, *b» = x\n    return a", "a number cannot be unpacked here", TypeRefusal, (2.0,)),
        ("def g(a, *b): return a\ndef f(x):\n    return «g(x, a=x)»", "multiple values for argument 'a'", TypeRefusal,
         (2.0,)),
        ("def g(a, **b): return a\ndef f(x):\n    return «g(x, x)»", "takes 1 positional argument but 2 were given",
         TypeRefusal, (2.0,)),
        ("def g(a, *, b): return a\ndef f(x):\n    return «g(x, x)»", "takes 1 positional argument", TypeRefusal,
         (2.0,)),
        ("def g(a, *, b): return a\ndef f(x):\n    return «g(x)»", "missing 1 required argument: 'b'", TypeRefusal,
         (2.0,)),
        ("def g(a, /): return a\ndef f(x):\n    return «g(a=x)»", "unexpected keyword argument 'a'", TypeRefusal,
         (2.0,)),
        ("def f(x):\n    return dict(**«{1: x}»)", "the keys of '**' in a call are texts", TypeRefusal, (2.0,)),
        # Iterators.
        ("def f(x):\n    it = iter((x,))\n    next(it)\n    return «next(it)»", "has no items left", TypeRefusal,
         (2.0,)),
        ("def f(x):\n    return «next([x])»", "a list of 1 is no iterator", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «iter(x)»", "iter() of a number", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «len(zip((x,), (x,)))»", "an iterator has no len()", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «zip((x,), (x,))[0]»", "cannot be indexed", TypeRefusal, (2.0,)),
        ("def f(x):\n    «return map(abs, (x, x))»", "the result is", TypeRefusal, (2.0,)),
        ("def f(x):\n    «return (v for v in (x, x))»", "the result is", TypeRefusal, (2.0,)),
        ("def f(x):\n    it = iter((x, x))\n    for v in it:\n        x = x + «next(it)»\n    return x",
         "next() of an iterator that a loop runs over", UnsupportedError, (2.0,)),
        ("def f(x):\n    it = iter((x, x))\n    if x > 0:\n        next(it)\n    return «sum(it)»",
         "how many items of this iterator are used up", TypeRefusal, (2.0,)),
        ("def f(x):\n    it = iter(x)\n    any(v > 1.0 for v in it)\n    return «sum(it)»",
         "any() stops at an item that is known at run time only", TypeRefusal, (X,)),
        ("def f(x):\n    it = iter(x)\n    for v in it:\n        if v > 1.0:\n            break\n    return «sum(it)»",
         "the loop over it may have been left before its end", TypeRefusal, (X,)),
        ("def f(x):\n    it = iter(x)\n    for v, k in zip(it, range(2)):\n        x = x + v * k\n    return «sum(it)»",
         "zip() stops where the first of several things ends", TypeRefusal, (X,)),
        ("def f(x):\n    return «next(v for v in x if v > 0.0)»", "next() of an iterator whose length is not known",
         UnsupportedError, (X,)),
        ("def f(x):\n    for v in «(a for a in x for b in x)»:\n        x = x + v\n    return x",
         "with several 'for'", UnsupportedError, (X,)),
        ("def f(x):\n    g = (a for b in (x, x) for a in (x, b))\n    return «next(g)»",
         "a single item of a generator expression with several 'for'", UnsupportedError, (2.0,)),
        ("def f(x):\n    return «sum(itertools.count())»", "an iterator without end", UnsupportedError, (2.0,)),
        ("def f(x):\n    return «list(itertools.repeat(x))»", "an iterator without end", UnsupportedError, (2.0,)),
        ("def f(x):\n    return sum(a * b for a, b in «zip((x, x), (x,), strict=True)»)",
         "argument 2 does not have the length of argument 1", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «reversed(zip((x,), (x,)))»", "reversed() does not take an iterator", TypeRefusal,
         (2.0,)),
        ("def f(x):\n    return «x in iter((x, x))»", "'in' of an iterator", UnsupportedError, (2.0,)),
        ("def f(x):\n    return sum(«itertools.takewhile(lambda v: v > 1.0, (x, x))»)",
         "with a condition computed at run time", UnsupportedError, (2.0,)),
        ("def f(x):\n    return sum(v for k, v in «itertools.groupby([x, x])»)", "keys computed at run time",
         UnsupportedError, (2.0,)),
        ("def f(x):\n    return «itertools.combinations(x, 3)»", "its length is not known", UnsupportedError, (X,)),
        # Order.
        ("def f(x):\n    return «sorted([x * k for k in range(9)])»[0]", "sorting more than 8 values", UnsupportedError,
         (2.0,)),
        ("def f(x):\n    a = [x * k for k in range(9)]\n    «a.sort()»\n    return a[0]", "sorting more than 8 values",
         UnsupportedError, (2.0,)),
        ("def f(x):\n    return «sorted(x, key=abs)»[0]", "sorted() of a value of type", UnsupportedError, (X,)),
        ("def f(x):\n    return «max(x, key=abs, default=0.0)»", "max() with default=", UnsupportedError, (X,)),
        ("def f(x):\n    return «min([])»", "min() of a list of 0", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «math.fsum(v for v in x)»", "its length is not known", UnsupportedError, (X,)),
        ("def f(x):\n    return «math.dist((x, x), (x,))»", "2 and 1 numbers", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «statistics.mean([1, 2])» * x", "for floats only", TypeRefusal, (2.0,)),
        # Dicts, sets, lists.
        ("def f(x):\n    d = {'a': x}\n    return «d.pop('b')»", "there is no key 'b'", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «{}.popitem()»[0]", "popitem() of an empty dict", TypeRefusal, (2.0,)),
        ("def f(x):\n    d = {'a': x}\n    «d.update([x])»\n    return x", "no pair of a key and a value", TypeRefusal,
         (2.0,)),
        ("def f(x):\n    d = {'a': x}\n    for k in d:\n        «d.update(b=x)»\n    return x",
         "changes its length while a loop runs over it", TypeRefusal, (2.0,)),
        ("def f(x):\n    d = {'a': x}\n    if x > 0.0:\n        d.pop('a')\n    return «d»['a']", "on another",
         TypeRefusal, (2.0,)),
        ("def f(x):\n    return len(«{x}»)", "the members of a set must be known", TypeRefusal, (2.0,)),
        ("def f(x):\n    return sum(len(k) for k in «{'a', 'b'}») * x",
         "the order in which a set is run over is not known", TypeRefusal, (2.0,)),
        ("def f(x):\n    s = {1}\n    «s.remove(2)»\n    return x", "the set has no member 2", TypeRefusal, (2.0,)),
        ("def f(x):\n    s = {1}\n    return «s.pop()» * x", "set.pop()", UnsupportedError, (2.0,)),
        ("def f(x):\n    «return {1, 2}»", "the result is", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «['a'].index('b')» * x", "the value is not in the list", TypeRefusal, (2.0,)),
        ("def f(x):\n    return «[x, 2.0].index(x)»", "'index' of a list with values computed at run time",
         UnsupportedError, (2.0,)),
        ("def f(x):\n    d = collections.deque([x])\n    return «d[0:1]»", "cannot be indexed", TypeRefusal, (2.0,)),
        ("def f(d):\n    return d", "argument 'd' is a dict with the key 1.5", TypeRefusal, ({1.5: 2.0},)),
    ],
)
def test_refused(text: str, message: str, kind: type[Refusal], args: tuple[Any, ...]) -> None:
    import math

    error, marked, line, column = refusal(text, *args, math=math, **HINTS)
    assert type(error) is kind, error
    assert message in error.reason, str(error)
    if marked:
        where = error.where
        assert where is not None
        assert (where.line, where.column) == (line, column), str(error)
        assert where.source[where.column - 1:][:where.width] == marked.split("\n")[0], str(error)


def show(value: Any, name: str = "value") -> Any:
    print(name, value)
    return value


def generator_in_a_loop(x: float, y: float) -> float:
    total = 0.0
    for v in (show(w) * y for w in (x, y)):
        print("body", v)
        total = total + v
    return total


def generator_over_array(x: float, y: float) -> float:
    total = 0.0
    for v in (show(w) * y for w in np.array([x, y]) if w > 0.0):
        print("body")
        total = total + v
    return total


def any_stops(x: float, y: float) -> float:
    return x if any(show(v) > 1.0 for v in (x, y, x * y)) else y


def map_of_filter(x: float, y: float) -> float:
    return sum(map(lambda v: show(v * 2.0), filter(lambda v: show(v, "test") > 0.0, (x, y))))  # noqa: C417


def arguments_of_zip(x: float, y: float) -> float:
    pairs = zip((show(x),), (show(y),))
    print("made")
    return sum(a * b for a, b in pairs)


def default_of_a_dict(x: float, y: float) -> float:
    d: Any = collections.defaultdict(lambda: show(y))
    d["a"] += x
    d["a"] += x
    return d["a"] * d["b"]


def keys_of_sorted(x: float, y: float) -> float:
    ordered = sorted([x, y], key=lambda v: show(v))
    return ordered[0] * ordered[1] * max((x, y), key=show)


def several_fors(x: float, y: float) -> float:
    return sum(a * b for a in (show(x, "a"), 2.0) for b in (show(y, "b"), 1.0))


def default_of_next(x: float, y: float) -> float:
    it = iter([show(x), show(y)])
    print("next")
    return next(it) * next(it, show(5.0))


def written_out(x: float, y: float) -> float:
    for i in range(2):
        print("i", i)
        params = {"w0": x, "w1": y}
        x = x * show(params[f"w{i}"])
    return x


@pytest.mark.parametrize("args", [(1.3, 0.7), (0.3, 1.7), (-0.4, 0.7)])
@pytest.mark.parametrize("fn", [
    generator_in_a_loop, generator_over_array, any_stops, map_of_filter, arguments_of_zip, default_of_a_dict,
    keys_of_sorted, several_fors, default_of_next, written_out,
])
def test_everything_happens_once_and_in_order(fn: Any, args: tuple[float, float]) -> None:
    said, expected = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(expected):
        value = fn(*args)
    with contextlib.redirect_stdout(said):
        found, _ = s2sad.value_and_grad(fn)(*args)
    assert found == value
    assert said.getvalue() == expected.getvalue()


def test_an_argument_that_is_a_dict_is_read_anew() -> None:
    def f(d: Any) -> Any:
        return d[0, "a"] * d[None] ** 2

    gradient = s2sad.grad(f)
    assert gradient({(0, "a"): 2.0, None: 3.0}) == {(0, "a"): 9.0, None: 12.0}
    assert gradient({(0, "a"): 1.0, None: 5.0}) == {(0, "a"): 25.0, None: 10.0}


def test_a_loop_over_a_parameters_range_is_written_out_for_each_value() -> None:
    def f(params: Any, n: int) -> Any:
        total = 1.0
        for i in range(n):
            total = total * params[f"w{i}"]
        return total

    gradient = s2sad.grad(f)
    params = {"w0": 2.0, "w1": 3.0, "w2": 5.0}
    assert gradient(params, 3) == {"w0": 15.0, "w1": 10.0, "w2": 6.0}
    assert gradient(params, 2) == {"w0": 3.0, "w1": 2.0, "w2": 0.0}
    assert gradient(params, 0) == {"w0": 0.0, "w1": 0.0, "w2": 0.0}
