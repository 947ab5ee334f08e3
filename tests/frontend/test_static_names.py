"""What names mean where only the text tells: nothing of the user's is imported or run."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import gast
import pytest

from s2sad.frontend.resolve import (
    Class,
    Function,
    Known,
    Meaning,
    Missing,
    Number,
    Opaque,
    Static,
    StaticResolver,
    Table,
)
from s2sad.frontend.source import file_function_source


def chain(resolver: Any, dotted: str) -> Meaning:
    head, *rest = dotted.split(".")
    meaning: Meaning = resolver.name(head)
    for part in rest:
        meaning = resolver.attribute(meaning, part)
    return meaning


MODULE = """
raise SystemExit("this file must not run")
import numpy as xp, math
import numpy.linalg
import numpy.linalg as la
import os.path
from numpy import sin as s, pi, newaxis
from math import tau
from . import sibling
from mine import helper
try:
    import scipy.special as sp
except ImportError:
    sp = None

G = 9.81
N: int = -3
HALF = tau / 2
BIG = 9**9**9
KIND = "linear"
SHAPE = (2, 3)
table = [1, {"a": -2.5}]
changing = [1, 2]
changing.append(3)
weights = xp.ones(3)
cosine = xp.cos
cube = lambda x: x ** 3
a = b = 2
c, d = 1, 2
step = 1
step = 0.5
kind = 1
kind = "text"
counter = 0
loop = loop2
loop2 = loop

def g(x): return 1
def g(x, y=G): return x * y

@strange
def h(x): return x

@numba.njit(cache=True)
def fast(x): return x

class A:
    def method(self, x): return x

class Odd(helper):
    pass

def tick():
    global counter, late
    counter += 1
    late = compute()

def f(x):
    return x

def outer(t):
    u = 1
    def inner(x):
        v = 2
        return x
    return inner
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(MODULE)
    return path


@pytest.fixture
def static(module: Path) -> StaticResolver:
    return StaticResolver(file_function_source(str(module), "f"))


@pytest.mark.parametrize(
    ("name", "dotted"),
    [
        ("xp.sin", "np.sin"),
        ("s", "np.sin"),
        ("pi", "np.pi"),
        ("xp.linalg.norm", "np.linalg.norm"),
        ("numpy.linalg.norm", "np.linalg.norm"),
        ("la.inv", "np.linalg.inv"),
        ("math.exp", "math.exp"),
        ("cosine", "np.cos"),
        ("len", "len"),
        ("xp.float64", "np.float64"),
    ],
)
def test_static_library(static: StaticResolver, name: str, dotted: str) -> None:
    meaning = chain(static, name)
    assert isinstance(meaning, Known) and meaning.dotted == dotted and meaning.object is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [("G", 9.81), ("N", -3), ("HALF", math.pi), ("a", 2), ("b", 2), ("BIG", None), ("weights", None), ("step", None),
     ("counter", None)],
)  # fmt: skip
def test_static_numbers(static: StaticResolver, name: str, value: Any) -> None:
    meaning = static.name(name)
    assert isinstance(meaning, Number) and meaning.name == name
    assert repr(meaning.value) == repr(value)


@pytest.mark.parametrize(("name", "value"), [("KIND", "linear"), ("SHAPE", (2, 3)), ("newaxis", None)])
def test_static_statics(static: StaticResolver, name: str, value: Any) -> None:
    meaning = static.name(name)
    assert isinstance(meaning, Static) and meaning.value == value


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("changing", "not known without running"),
        ("c", "not known without running"),
        ("helper", "imported from mine, which is not run"),
        ("sibling", "imported from ., which is not run"),
        ("os.path", "of the module os, which is not imported"),
        ("h", "decorated"),
        ("Odd", "a class that is not known without running the module"),
        ("kind", "bound more than once"),
        ("late", "not known without running"),
        ("loop", "defined by itself"),
    ],
)
def test_static_opaque(static: StaticResolver, name: str, reason: str) -> None:
    meaning = chain(static, name)
    assert isinstance(meaning, Opaque) and meaning.reason.startswith(reason), meaning


def test_static_missing(static: StaticResolver) -> None:
    meaning = static.name("cosin")
    assert isinstance(meaning, Missing) and "did you mean cosine" in meaning.reason
    meaning = chain(static, "xp.sine")
    assert isinstance(meaning, Missing) and "np has no sine; did you mean np.sin" in meaning.reason


def test_static_functions(static: StaticResolver) -> None:
    meaning = static.name("g")
    assert isinstance(meaning, Function) and meaning.fn is None and meaning.defaults is None
    assert "y=G" in gast.unparse(meaning.source().node)
    assert isinstance(meaning.resolver().name("G"), Number)
    cube = static.name("cube")
    assert isinstance(cube, Function) and cube.source().name == "lambda_cube"
    assert isinstance(static.name("fast"), Function)


def test_static_closure(module: Path) -> None:
    resolver = StaticResolver(file_function_source(str(module), "outer.inner"))
    for name in "tu":
        meaning = resolver.name(name)
        assert isinstance(meaning, Opaque) and "enclosing function outer" in meaning.reason
    assert isinstance(resolver.name("v"), Missing)
    assert isinstance(resolver.name("G"), Number)


def test_static_star_imports(tmp_path: Path) -> None:
    path = tmp_path / "star.py"
    path.write_text("from numpy import *\ndef f(x): return sin(x)\n")
    meaning = StaticResolver(file_function_source(str(path), "f")).name("sin")
    assert isinstance(meaning, Known) and meaning.dotted == "np.sin"
    path.write_text("from mine import *\ndef f(x): return sin(x)\n")
    meaning = StaticResolver(file_function_source(str(path), "f")).name("sin")
    assert isinstance(meaning, Opaque) and "from mine import *" in meaning.reason


def test_static_runs_and_imports_nothing(module: Path) -> None:
    (module.parent / "mine.py").write_text("raise SystemExit")
    before = set(sys.modules)
    resolver = StaticResolver(file_function_source(str(module), "f"))
    for name in list(resolver.bindings):
        resolver.name(name)
    assert not {"mine", "program", "sibling"} & (set(sys.modules) - before)
    assert resolver.guards == ()
    with pytest.raises(LookupError):
        resolver.read_number("G")


def test_static_tables(static: StaticResolver) -> None:
    meaning = static.name("table")
    assert isinstance(meaning, Table) and meaning.value == [1, {"a": -2.5}]
    inner = static.item(meaning, 1)
    assert isinstance(inner, Table) and inner.value == {"a": -2.5}


def test_classes_are_known_by_their_text(static: StaticResolver) -> None:
    meaning = static.name("A")
    assert isinstance(meaning, Class) and meaning == static.name("A")
    assert isinstance(static.class_entry(meaning.object, "method").value, Function)
