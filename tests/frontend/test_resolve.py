"""What names mean: live, where objects tell, and static, where only the text does."""

from __future__ import annotations

import builtins
import enum
import functools
import math
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad.frontend import resolve
from s2sad.frontend.resolve import (
    Class,
    Function,
    Known,
    LiveResolver,
    Meaning,
    Missing,
    ModuleRef,
    Number,
    Opaque,
    Static,
    Table,
    guards_hold,
)


def live(text: str = "def f(): pass", **names: Any) -> LiveResolver:
    """The resolver of a function f whose module has these names."""
    exec(text, names)
    return LiveResolver(names["f"])


def chain(resolver: Any, dotted: str) -> Meaning:
    head, *rest = dotted.split(".")
    meaning: Meaning = resolver.name(head)
    for part in rest:
        meaning = resolver.attribute(meaning, part)
    return meaning


class Colour(enum.Enum):
    RED = "red"


class Scale:
    factor = 3.0
    kind = "linear"

    def __init__(self) -> None:
        self.offset = np.ones(2)

    def __call__(self, x: float) -> float:
        return self.factor * x

    def method(self, x: float) -> float:
        return x

    @staticmethod
    def static(x: float) -> float:
        return x

    @classmethod
    def make(cls, x: float) -> float:
        return x

    @property
    def computed(self) -> float:
        raise AssertionError("no property runs while names are resolved")


def plain(x: float, y: float = 2.0, *, z: float = 3.0) -> float:
    return x + y + z


@pytest.mark.parametrize(
    ("name", "dotted"),
    [
        ("xp.sin", "np.sin"),
        ("xp.linalg.inv", "np.linalg.inv"),
        ("inverse", "np.linalg.inv"),
        ("xp.float32", "np.float32"),
        ("xp.bool_", "np.bool_"),
        ("xp.pi", "np.pi"),
        ("m.exp", "math.exp"),
        ("m.pi", "math.pi"),
        ("pi", "math.pi"),
        ("xp.random.normal", "np.random.normal"),
        ("xp.add.reduce", "np.add.reduce"),
        ("len", "len"),
        ("float", "float"),
        ("range", "range"),
        ("ValueError", "ValueError"),
    ],
)
def test_library_objects(name: str, dotted: str) -> None:
    meaning = chain(live(xp=np, inverse=np.linalg.inv, m=math, pi=math.pi), name)
    assert isinstance(meaning, Known) and meaning.dotted == dotted


def test_modules() -> None:
    resolver = live(xp=np, own=types.ModuleType("own"))
    assert chain(resolver, "xp.linalg").dotted == "np.linalg"  # type: ignore[union-attr]
    own = resolver.name("own")
    assert isinstance(own, ModuleRef) and own.dotted == "own"
    missing = chain(resolver, "xp.sine")
    assert isinstance(missing, Missing) and "module np has no sine; did you mean np.sin" in missing.reason


@pytest.mark.parametrize("value", [True, 3, 2.5, 1j, np.float32(1), np.ones(3), np.arange(3)])
def test_numbers_are_read_anew(value: Any) -> None:
    names: dict[str, Any] = {"rate": value}
    exec("def f(): pass", names)
    resolver = LiveResolver(names["f"])
    meaning = resolver.name("rate")
    assert isinstance(meaning, Number) and meaning.value is value
    names["rate"] = 17.0
    assert resolver.read_number("rate") == 17.0
    assert resolver.guards == ()


def test_number_of_a_closure() -> None:
    def outer(a: float) -> tuple[Callable[[], float], Callable[[float], None]]:
        def f() -> float:
            return a

        def change(value: float) -> None:
            nonlocal a
            a = value

        return f, change

    f, change = outer(2.0)
    assert isinstance(f, types.FunctionType)
    resolver = LiveResolver(f)
    meaning = resolver.name("a")
    assert isinstance(meaning, Number) and meaning.value == 2.0
    change(5.0)
    assert resolver.read_number("a") == 5.0


def test_cell_before_global_before_builtin() -> None:
    text = "def outer():\n  b = 'cell'\n  def f(): return a, b, len\n  return f\nf = outer()\na = 'a'; b = 'global'"
    resolver = live(text)
    assert resolver.name("b").value == "cell"  # type: ignore[union-attr]
    assert resolver.name("a").value == "a"  # type: ignore[union-attr]
    assert live(len="mine").name("len").value == "mine"  # type: ignore[union-attr]


def test_empty_cell() -> None:
    text = "def outer():\n    def f(): return b\n    return f\n    b = 1\nf = outer()"
    meaning = live(text).name("b")
    assert isinstance(meaning, Missing) and "not assigned yet" in meaning.reason


@pytest.mark.parametrize(
    "value", [None, "text", b"", ..., np.dtype("f4"), ("ij", 2, None), Colour.RED, slice(1), range(3)]
)
def test_static_values(value: Any) -> None:
    meaning = live(s=value).name("s")
    assert isinstance(meaning, Static) and meaning.value is value


@pytest.mark.parametrize("value", [[1], {"a": 1.5}, {1, 2}, (1.0, [2.0]), [plain]])
def test_tables(value: Any) -> None:
    resolver = live(s=value)
    meaning = resolver.name("s")
    assert isinstance(meaning, Table) and meaning.value is value
    resolver.hold(meaning)
    assert guards_hold(resolver.guards)
    if isinstance(value, list):
        assert isinstance(resolver.item(meaning, 0), Function if value[0] is plain else Number)
        value.append(3)
        assert not guards_hold(resolver.guards)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (bytearray(b"a"), "a bytearray, which may change"),
        (np.array(["a"]), "an array of dtype <U1"),
        (object(), "an object of type object"),
        (functools.partial(print), "functools.partial of something"),
        (np.vectorize(plain), "a callable of type vectorize"),
    ],
)
def test_opaque_objects(value: Any, reason: str) -> None:
    meaning = live(s=value).name("s")
    assert isinstance(meaning, Opaque) and meaning.object is value and meaning.reason.startswith(reason)


def test_missing_name() -> None:
    meaning = live(velocity=1.0).name("velocty")
    assert isinstance(meaning, Missing) and meaning.reason == "name velocty is not defined; did you mean velocity?"


def function(value: Any) -> Function:
    meaning = live(g=value).name("g")
    assert isinstance(meaning, Function)
    return meaning


def test_functions() -> None:
    meaning = function(plain)
    assert meaning.fn is plain and meaning.qualname == "plain" and meaning.name == "g"
    assert (meaning.defaults, meaning.kwdefaults) == ((2.0,), (("z", 3.0),))
    assert meaning.source().name == "plain"
    assert meaning.resolver().name("Scale") == Class("Scale", __name__, Scale)


def test_bound_arguments() -> None:
    scale = Scale()
    assert function(scale.method).bound_args == (scale,)
    assert function(scale).bound_args == (scale,) and function(scale).qualname == "Scale.__call__"
    twice = functools.partial(functools.partial(plain, 1.0, z=2.0), 3.0, z=4.0)
    assert (function(twice).bound_args, function(twice).bound_kwargs) == ((1.0, 3.0), (("z", 4.0),))
    assert function(functools.partial(scale.method, 1.0)).bound_args == (scale, 1.0)
    assert function(Scale.make).bound_args == (Scale,)
    assert function(Scale.static).bound_args == ()


def test_wrappers_without_source_are_looked_through() -> None:
    assert function(functools.lru_cache(plain)).fn is plain
    primal = types.SimpleNamespace(__s2sad_primal__=plain)
    assert function(primal).fn is plain


def test_a_decorators_own_function_is_taken_as_it_is() -> None:
    # What __wrapped__ holds need not do what the decorated function does.
    @functools.wraps(plain)
    def doubled(*args: float) -> float:
        return 2 * plain(*args)

    meaning = function(doubled)
    assert meaning.source().qualname.endswith("doubled")


def test_numba_functions_are_looked_through() -> None:
    numba = pytest.importorskip("numba")
    assert function(numba.njit(plain)).fn is plain


def test_attributes_of_objects() -> None:
    scale = Scale()
    resolver = live(s=scale, Scale=Scale, Colour=Colour)
    assert isinstance(resolver.name("s"), Function)
    base = Opaque(scale, "", "s")
    number = resolver.attribute(base, "offset")
    assert isinstance(number, Number) and number.name == "s.offset"
    scale.offset = np.zeros(3)
    assert resolver.read_number("s.offset") is scale.offset
    assert isinstance(resolver.attribute(base, "kind"), Static)
    method = resolver.attribute(base, "method")
    assert isinstance(method, Function) and method.bound_args == (scale,)
    computed = resolver.attribute(base, "computed")
    assert isinstance(computed, Opaque) and computed.reason == "computed by a property"
    assert isinstance(resolver.attribute(base, "nothing"), Missing)
    assert guards_hold(resolver.guards)
    assert isinstance(chain(resolver, "Scale.factor"), Number)
    assert isinstance(chain(resolver, "Colour.RED"), Static)
    assert chain(resolver, "Colour.RED.value").value == "red"  # type: ignore[union-attr]


def test_attributes_of_own_modules() -> None:
    own = types.ModuleType("own")
    own.rate, own.helper = 2.0, plain  # type: ignore[attr-defined]
    resolver = live(own=own)
    assert isinstance(chain(resolver, "own.helper"), Function)
    assert isinstance(chain(resolver, "own.rate"), Number)
    own.rate = 3.0  # type: ignore[attr-defined]
    assert resolver.read_number("own.rate") == 3.0 and guards_hold(resolver.guards)
    own.helper = len  # type: ignore[attr-defined]
    assert not guards_hold(resolver.guards)


# Guards.


def changed(names: dict[str, Any], name: str, change: Callable[[], None]) -> bool:
    """Whether the guards of a name notice the change."""
    exec("def f(): pass", names)
    resolver = LiveResolver(names["f"])
    chain(resolver, name)
    assert guards_hold(resolver.guards)
    change()
    return not guards_hold(resolver.guards)


def test_rebinding_is_noticed() -> None:
    names: dict[str, Any] = {"g": plain}
    assert changed(names, "g", lambda: names.update(g=len))
    names = {"kind": "a"}
    assert changed(names, "kind", lambda: names.update(kind="b"))
    names = {"xp": np}
    assert changed(names, "xp.sin", lambda: names.update(xp=math))
    names = {"kind": "a"}
    assert changed(names, "kind", names.clear)


def test_shadowing_a_builtin_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {}
    assert changed(names, "len", lambda: names.update(len=plain))
    assert changed({}, "abs", lambda: monkeypatch.setattr(builtins, "abs", plain))


def test_patching_a_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert changed({"np": np}, "np.sin", lambda: monkeypatch.setattr(np, "sin", np.cos))


def test_changed_function_is_noticed() -> None:
    def g(x: float, y: float = 1.0) -> float:
        return x

    def other(x: float, y: float = 1.0) -> float:
        return y

    assert isinstance(g, types.FunctionType) and isinstance(other, types.FunctionType)
    assert changed({"g": g}, "g", lambda: setattr(g, "__defaults__", (2.0,)))
    assert changed({"g": g}, "g", lambda: setattr(g, "__code__", other.__code__))


def test_changed_cell_is_noticed() -> None:
    def outer(h: Any) -> tuple[Any, Any]:
        def f() -> Any:
            return h

        def change(value: Any) -> None:
            nonlocal h
            h = value

        return f, change

    f, change = outer(plain)
    resolver = LiveResolver(f)
    resolver.name("h")
    assert guards_hold(resolver.guards)
    change(len)
    assert not guards_hold(resolver.guards)


def test_changed_method_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = live()
    resolver.attribute(Opaque(Scale(), "", "s"), "method")
    assert guards_hold(resolver.guards)
    monkeypatch.setattr(Scale, "method", plain)
    assert not guards_hold(resolver.guards)


def test_changed_number_is_not() -> None:
    names: dict[str, Any] = {"rate": 1.0}
    assert not changed(names, "rate", lambda: names.update(rate=2.0))


def test_every_public_name_is_exported() -> None:
    for name in resolve.__all__:
        assert hasattr(resolve, name)


def test_attributes_of_classes_are_guarded_along_the_mro() -> None:
    class Base:
        rate = 2.0

        def step(self, x: float) -> float:
            return x

    class Derived(Base):
        pass

    resolver = live(Derived=Derived)
    meaning = resolver.name("Derived")
    assert isinstance(meaning, Class) and meaning.object is Derived
    step = resolver.attribute(meaning, "step")
    assert isinstance(step, Function) and step.fn is Base.step
    rate = resolver.attribute(meaning, "rate")
    assert isinstance(rate, Number) and resolver.read_number("Derived.rate") == 2.0
    assert isinstance(resolver.attribute(meaning, "nothing"), Missing)
    assert guards_hold(resolver.guards)
    Derived.step = lambda self, x: 2 * x  # type: ignore[method-assign]
    assert not guards_hold(resolver.guards)
