"""What is refused of effects, texts and random numbers: the message, what to write instead, and the exact place."""

from __future__ import annotations

import functools
import logging
import queue
import random
import sys
import time
from typing import Any

import numpy as np
import pytest

from s2sad.errors import NameRefusal, Refusal, TypeRefusal, UnknownFunctionError, UnsupportedError
from tests.frontend.test_refusals import refusal

X = np.array([1.0, 2.0, 3.0])
NAMES = {"rng": np.random.default_rng(0), "log": logging.getLogger("refused"), "q": queue.SimpleQueue(),
         "HISTORY": [1.0],
         "SEEN": {}, "time": time, "random": random, "sys": sys, "functools": functools}

TEXTS = [
    ("return x * «float(f'{x}')»", "a text made at run time cannot be", ""),
    ("return x + «np.sin(str(x))»", "a text made at run time cannot be an operand of np.sin", ""),
    ("return «{'a': x}[f'{x}']»", "the key of a dict", "literal"),
    ("s = f'{x}'\n    return «s[0]»", "cannot be indexed", ""),
    ("s = str(x)\n    return x * «len(s)»", "has no len()", ""),
    ("s = str(x)\n    return x * «s.count('1')»", "'count' of a text", ""),
    ("s = str(x)\n    return «s < 'a'»", "'<' of a text made at run time", ""),
    ("return «str(x) - 'a'»", "'-' of", ""),
    ("print(f'{«2.5»:d}')\n    return x", "cannot be formatted", ""),
    ("«print(np.sin)»\n    return x", "cannot be shown here", "numbers"),
    ("«print(x, colour=1)»\n    return x", "unexpected keyword argument 'colour'", ""),
    ("«print(x, file=x)»\n    return x", "is not supported", "print to sys.stderr"),
    ("«sys.stdout.write(x)»\n    return x", "write() takes texts", "str(...)"),
    ("print(«', '.join([x, x])»)\n    return x", "join takes texts", "str(...)"),
]
EFFECTS = [
    ("«open('a')»\n    return x", "open() is not supported", "outside"),
    ("return x * float(«input('?')»)", "input() is not supported", "outside"),
    ("return x * «q.qsize()»", "the method 'qsize'", "outside"),
    ("«q.put([x])»\n    return x", "a list is handed to a function", "copy"),
    ("return x * «sys.stdout.write('a')»", "the method 'write'", "outside"),
    ("HISTORY.append(x)\n    return x * len(«HISTORY»)", "appends to 'HISTORY'", "argument"),
    ("y = HISTORY[0] * x\n    «HISTORY.append(x)»\n    return y", "a list from outside", "copy it first"),
    ("«HISTORY.pop()»\n    return x", "a list from outside", "copy it first"),
    ("«breakpoint(x)»\n    return x", "arguments of breakpoint()", "breakpoint()"),
    ("return x * «time.get_clock_info»('time')", "'time.get_clock_info'", ""),
]
DRAWS = [
    ("return x * «rng.bytes(2)»", "the method 'bytes'", "outside"),
    ("return x * «rng.normal(size=())»", "size ()", "leave out"),
    ("return x * «rng.normal(0.0, 1.0, 3, 4)»[0]", "takes 3 arguments", ""),
    ("return x * «rng.normal(mean=0.0)»", "the argument 'mean' of normal()", ""),
    ("return x * «rng.permutation(np.ones((2, 2)), axis=1)»[0, 0]", "the argument 'axis'", "axis 0"),
    ("a = [x, x]\n    «rng.shuffle(a)»\n    return a[0]", "shuffle() of a list", "an array"),
    ("return x * «rng.choice(x)»", "has no items to draw from", "array"),
    ("return x * «rng.normal(size=rng.random())»", "a length must be an integer", ""),
    ("return x * «random.sample»([1, 2], 1)[0]", "'random.sample'", ""),
]


@pytest.mark.parametrize("body, message, hint", [*TEXTS, *EFFECTS, *DRAWS])
def test_refused(body: str, message: str, hint: str) -> None:
    check(body, message, hint, 2.0)


def check(body: str, message: str, hint: str, *args: Any) -> None:
    error, marked, line, column = refusal(f"def f(x):\n    {body}", *args, **NAMES)
    assert isinstance(error, (UnsupportedError, TypeRefusal, UnknownFunctionError, NameRefusal)), error
    where = error.where
    assert where is not None
    assert (where.line, where.column) == (line, column), str(error)
    assert where.source[where.column - 1:][:where.width] == marked.split("\n")[0], str(error)
    assert message in error.reason, str(error)
    assert hint in error.hint, str(error)


def test_arrays_are_not_lent() -> None:
    check("«q.put(x)»\n    return np.sum(x)", "may keep it or write to it", "x.copy()", X)
    check("«HISTORY.append(x)»\n    return np.sum(x)", "may keep it or write to it", "x.copy()", X)


def test_an_array_without_axes_is_not_shown_exactly() -> None:
    check("print(f'{«x»!r}')\n    return x * 2.0", "without axes", "x.item()", np.array(1.0))
    check("«print([x])»\n    return x * 2.0", "without axes", "x.item()", np.array(1.0))


def test_globals() -> None:
    with pytest.raises(Refusal) as caught:
        exec_refused()
    assert "cannot be imported by its name" in str(caught.value)


def exec_refused() -> None:
    error, *_ = refusal("def f(x):\n    «global g»\n    g = x\n    return x", 2.0)
    raise error


STATE: Any = None


def stores_a_function(x: float) -> float:
    global STATE
    STATE = np.sin
    return x


def reads_what_is_no_number(x: float) -> float:
    global STATE
    STATE = x
    return x if STATE is None else STATE * x


@pytest.mark.parametrize("f, message", [(stores_a_function, "np.sin is not stored in the global 'STATE'"),
                                        (reads_what_is_no_number, "something else than a number")])
def test_what_globals_may_hold(f: Any, message: str) -> None:
    from tests.frontend.test_lower_corpus import lowered

    with pytest.raises(Refusal, match=message):
        lowered(f, (2.0,))
