"""Derivatives of functions of objects and named tuples: everything comes back in the structure that went in."""

from __future__ import annotations

import collections
import copy
import enum
import subprocess
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError


class Point(NamedTuple):
    x: float
    y: float


@dataclass
class Layer:
    W: Any
    b: Any
    name: str = "dense"


@dataclass(frozen=True)
class Spring:
    k: float
    rest: float


@dataclass
class Checked:
    rate: float

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError("the rate is positive")


class Mode(enum.Enum):
    FAST = 1
    EXACT = 2


class Model:
    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.scale = 1.5
        self.steps = 2
        self.activation = np.tanh
        self.mode = Mode.FAST
        self.history: list[float] = []


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a: float, b: float) -> None:
        self.a, self.b = a, b


def loss(model: Model, x: Any) -> Any:
    h = model.activation(model.layer.W @ x + model.layer.b)
    return np.sum(h) * model.scale**model.steps


def product(p: Any) -> Any:
    return p.x * p.x * p.y


def outputs(p: Any) -> Any:
    return np.array([p.x * p.y, p.x**2, np.sin(p.y)])


def with_itself(model: Model, x: Any) -> Any:
    return loss(model, x), model


def energy(spring: Any, x: float) -> float:
    return 0.5 * spring.k * (x - spring.rest) ** 2


def rated(c: Checked, x: float) -> float:
    return -c.rate * x


def summed(s: Slotted) -> float:
    return s.a * s.b


def model() -> Model:
    return Model(Layer(np.array([[0.5, -0.3], [0.2, 0.7]]), np.array([0.1, -0.2])))


X = np.array([0.4, -0.6])


def slope(f: Any, move: Any, step: float = 1e-6) -> float:
    return float((f(move(step)) - f(move(-step))) / (2 * step))


def test_gradient_of_an_object_is_an_object() -> None:
    bar = s2sad.grad(loss)(model(), X)
    assert type(bar) is Model and type(bar.layer) is Layer
    assert list(vars(bar)) == list(vars(model()))
    assert bar.steps is None and bar.activation is None and bar.mode is None and bar.layer.name is None
    assert bar.history is None

    def moved(step: float) -> Model:
        made = model()
        made.layer.W[1, 0] += step
        return made

    assert bar.layer.W[1, 0] == pytest.approx(slope(lambda m: loss(m, X), moved), abs=1e-8)
    assert bar.layer.b.shape == (2,) and bar.layer.W.flags.owndata


def test_gradient_of_a_named_tuple_is_one() -> None:
    assert s2sad.grad(product)(Point(3.0, 5.0)) == Point(30.0, 9.0)
    assert type(s2sad.grad(product)(Point(3.0, 5.0))) is Point
    assert s2sad.value_and_grad(product)(Point(3.0, 5.0)) == (45.0, Point(30.0, 9.0))


def test_gradient_of_a_namespace_is_one() -> None:
    assert s2sad.grad(product)(types.SimpleNamespace(x=3.0, y=5.0)) == types.SimpleNamespace(x=30.0, y=9.0)


def test_gradient_of_a_frozen_dataclass_is_one() -> None:
    assert s2sad.grad(energy)(Spring(2.0, 1.0), 3.0) == Spring(2.0, -4.0)


def test_gradient_of_slots() -> None:
    bar = s2sad.grad(summed)(Slotted(2.0, 3.0))
    assert type(bar) is Slotted and (bar.a, bar.b) == (3.0, 2.0)


def test_no_constructor_runs() -> None:
    assert s2sad.grad(rated)(Checked(2.0), 3.0).rate == -3.0
    assert s2sad.vjp(rated, Checked(2.0), 3.0)[1](1.0)[0].rate == -3.0
    assert s2sad.jacrev(rated)(Checked(2.0), 3.0).rate == -3.0


def test_arguments_stay_as_they_are() -> None:
    def train(m: Model, x: Any) -> Any:
        m.scale = m.scale * 2.0
        m.layer.b += x
        m.extra = np.sum(x)  # type: ignore[attr-defined]
        m.history.append(m.scale)
        return loss(m, x) + m.extra * m.history[0]  # type: ignore[attr-defined]

    made, kept = model(), copy.deepcopy(model())
    bar = s2sad.grad(train)(made, X)
    assert vars(made).keys() == vars(kept).keys() and made.scale == kept.scale and made.history == []
    assert np.array_equal(made.layer.b, kept.layer.b)
    assert vars(bar).keys() == vars(kept).keys()
    assert bar.scale == pytest.approx(slope(lambda m: train(m, X), lambda t: _with_scale(1.5 + t)), rel=1e-6)


def _with_scale(scale: float) -> Model:
    made = model()
    made.scale = scale
    return made


def test_aux_is_handed_out() -> None:
    bar, aux = s2sad.grad(with_itself, has_aux=True)(model(), X)
    assert type(bar) is Model and type(aux) is Model
    assert aux.activation is np.tanh and aux.mode is Mode.FAST and aux.steps == 2 and aux.layer.name == "dense"
    assert np.array_equal(aux.layer.W, model().layer.W)


def test_vjp_and_jvp() -> None:
    primal, pullback = s2sad.vjp(with_itself, model(), X)
    seed = s2sad.grad(loss)(model(), X)
    bar, x_bar = pullback((1.0, seed))
    assert type(bar) is Model and np.allclose(bar.layer.b, 2.0 * seed.layer.b) and x_bar.shape == (2,)
    value, dot = s2sad.jvp(loss, (model(), X), (seed, None))
    expected = np.sum(seed.layer.W**2) + np.sum(seed.layer.b**2) + seed.scale**2
    assert dot == pytest.approx(expected)
    _, (y_dot, model_dot) = s2sad.jvp(with_itself, (model(), X), (seed, None))
    assert type(model_dot) is Model and np.array_equal(model_dot.layer.b, seed.layer.b) and model_dot.mode is None


def test_jacobians_and_hessians() -> None:
    p = Point(2.0, 3.0)
    for made in (s2sad.jacrev(outputs)(p), s2sad.jacfwd(outputs)(p)):
        assert type(made) is Point
        assert np.allclose(made.x, [3.0, 4.0, 0.0]) and np.allclose(made.y, [2.0, 0.0, np.cos(3.0)])
    assert s2sad.hessian(product)(p) == Point(Point(6.0, 4.0), Point(4.0, 0.0))
    hessian = s2sad.hessian(loss)(model(), X)
    assert hessian.mode is None and hessian.layer.W.scale.shape == (2, 2) and hessian.scale.steps is None
    along = s2sad.grad(loss)(model(), X)
    product_along = s2sad.hvp(loss, (model(), X), (along, None))
    expected = np.sum(hessian.scale.layer.W * along.layer.W) + np.sum(hessian.scale.layer.b * along.layer.b) + (
        hessian.scale.scale * along.scale)
    assert product_along.scale == pytest.approx(expected)


def test_check_grads_takes_objects() -> None:
    s2sad.check_grads(loss, (model(), X))
    s2sad.check_grads(with_itself, (model(), X))
    s2sad.check_grads(product, (Point(0.3, 0.4),))


def test_machine_code_takes_objects() -> None:
    pytest.importorskip("numba")
    with_numba = s2sad.value_and_grad(loss, backend="numba")(model(), X)
    plain = s2sad.value_and_grad(loss)(model(), X)
    assert type(with_numba[1]) is Model and with_numba[0] == pytest.approx(plain[0])
    assert np.allclose(with_numba[1].layer.W, plain[1].layer.W)
    assert s2sad.grad(product, backend="numba")(Point(3.0, 5.0)) == Point(30.0, 9.0)


def test_a_class_that_changes_makes_a_new_kernel() -> None:
    gradient = s2sad.grad(energy)
    assert gradient(Spring(2.0, 1.0), 3.0) == Spring(2.0, -4.0)
    other = gradient(types.SimpleNamespace(k=2.0, rest=1.0), 3.0)
    assert type(other) is types.SimpleNamespace and other.k == 2.0
    single = gradient(types.SimpleNamespace(k=np.float32(2.0), rest=1.0), 3.0)
    assert type(single.k) is np.float32


def test_attributes_known_when_compiled_are_not_stale() -> None:
    made = model()
    gradient = s2sad.grad(loss)
    first = gradient(made, X).scale
    made.steps = 3
    assert gradient(made, X).scale != first
    made.activation = np.sin
    expected = 3 * 1.5**2 * np.sum(np.sin(made.layer.W @ X + made.layer.b))
    assert gradient(made, X).scale == pytest.approx(expected)


def test_text_names_what_it_reads() -> None:
    text = s2sad.derive(loss, types=(model(), X)).source
    assert "W = m.layer.W\n" in text.replace("model.", "m.") and "instance(type(model)" in text
    text = s2sad.derive(product, types={"p": Point(3.0, 5.0)}).source
    assert "x = p.x" in text and "type(p)(x=x_bar, y=" in text
    assert text.count("import") == 1


def test_seeds_must_fit() -> None:
    with pytest.raises(ArgumentError, match="the tangent of p must be a Point of 2 as p is, not the str"):
        s2sad.jvp(product, (Point(3.0, 5.0),), ("x",))
    with pytest.raises(ArgumentError, match="must be a Spring"):
        s2sad.jvp(energy, (Spring(2.0, 1.0), 3.0), (types.SimpleNamespace(k=1.0, rest=0.0), 0.0))


def test_an_object_without_floats_is_refused() -> None:
    with pytest.raises(ArgumentError, match="has a derivative|cannot be differentiated"):
        s2sad.grad(product)(Point(3, 5))


def test_arrays_of_objects_are_refused() -> None:
    with pytest.raises(ArgumentError, match="p.x is an array of Python objects"):
        s2sad.grad(product)(Point(np.array([None, 1.0]), 5.0))  # type: ignore[arg-type]


@dataclass
class Parent:
    a: float
    child: Any = None
    others: list[Any] = field(default_factory=list)


def of_parent(p: Parent) -> float:
    return p.a * p.a


PROGRAM = '''
from dataclasses import dataclass
import s2sad


@dataclass
class P:
    x: float
    y: float{extra}


def f(p):
    return p.x * p.y


print(s2sad.grad(f)(P(2.0, 3.0)))
'''


def run_program(folder: Path, extra: str, text: str = PROGRAM) -> tuple[str, set[str]]:
    file = folder / "program.py"
    file.write_text(text.format(extra=extra))
    cache = folder / "cache"
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False,
                          env={"S2SAD_CACHE_DIR": str(cache), "PYTHONPATH": str(Path(s2sad.__file__).parent.parent)})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), {one.name for one in cache.glob("*.py")}


def test_the_cache_tells_classes_apart(tmp_path: Path) -> None:
    first, files = run_program(tmp_path, "")
    assert first == "P(x=3.0, y=2.0)" and len(files) == 1
    assert run_program(tmp_path, "") == (first, files)
    extra = "\n\n    def __post_init__(self):\n        assert self.x == 2.0"
    again, more = run_program(tmp_path, extra)
    assert again == first and len(more) == 2


def test_the_cache_sees_methods_change(tmp_path: Path) -> None:
    method = "\n\n    def size(self):\n        return self.x * {}"
    text = PROGRAM.replace("p.x * p.y", "p.size() * p.y")
    first, files = run_program(tmp_path, method.format("1.0"), text)
    assert first == "P(x=3.0, y=2.0)" and len(files) == 1
    assert run_program(tmp_path, method.format("1.0"), text) == (first, files)
    assert run_program(tmp_path, method.format("2.0"), text)[0] == "P(x=6.0, y=4.0)"


def doubled(m: Any) -> Any:
    m.a.h = m.a.h * 2.0
    return m.a.h * m.b.h


def appended(a: list[float], b: list[float]) -> float:
    a.append(2.0)
    return sum(b) * a[0]


SHARED = types.SimpleNamespace(w=2.0)


def reads_it_from_outside(m: Any) -> Any:
    m.w = 2.0 * m.w
    return m.w * SHARED.w


def is_the_same(p: Any, q: Any) -> Any:
    return p.w if p is q else 2.0 * q.w


def test_one_object_in_two_places_must_not_change() -> None:
    one = types.SimpleNamespace(h=3.0)
    apart = s2sad.grad(doubled)(types.SimpleNamespace(a=one, b=copy.copy(one)))
    assert (apart.a.h, apart.b.h) == (6.0, 6.0)
    with pytest.raises(ArgumentError, match="'m.a' and 'm.b' of doubled are one object, and 'm.a' is changed"):
        s2sad.grad(doubled)(types.SimpleNamespace(a=one, b=one))
    items = [1.0]
    with pytest.raises(ArgumentError, match="'a' and 'b' of appended are one object"):
        s2sad.vjp(appended, items, items)
    assert s2sad.grad(appended)(items, list(items)) == [1.0]
    with pytest.raises(ArgumentError, match="changes its argument 'm', and reads the same object from outside"):
        s2sad.grad(reads_it_from_outside)(SHARED)
    assert s2sad.grad(reads_it_from_outside)(types.SimpleNamespace(w=3.0)).w == 4.0


def test_whether_two_arguments_are_one_object_is_not_known() -> None:
    with pytest.raises(s2sad.S2sadError, match="whether these are the same object is not known"):
        s2sad.grad(is_the_same)(SHARED, SHARED)


def test_one_object_in_two_places_may_be_read() -> None:
    layer = types.SimpleNamespace(w=3.0)

    def tied(m: Any) -> Any:
        return m.a.w * m.b.w * m.b.w

    bar = s2sad.grad(tied)(types.SimpleNamespace(a=layer, b=layer))
    assert (bar.a.w, bar.b.w) == (9.0, 18.0)


@dataclass
class Typed:
    scale: float
    n: int
    values: f8[:]  # type: ignore[name-defined]  # noqa: F821
    point: Point
    name: str = "a"
    anything: Any = None


def of_types(t: Typed, q: Point) -> Any:
    return t.scale * np.sum(t.values) ** t.n * t.point.x * q.y


def test_types_come_from_annotations_of_classes() -> None:
    text = s2sad.derive(of_types).source
    assert "values = t.values" in text and "type(q)(x=" in text
    made = s2sad.derive(of_types, mode="grad")
    point = Point(1.5, 2.0)
    bars = made.fn(Typed(2.0, 2, np.array([1.0, 2.0]), point), Point(3.0, 4.0))
    assert bars[0].scale == 54.0 and bars[0].n is None and bars[0].point == Point(72.0, 0.0) and bars[1].y == 27.0
    assert s2sad.derive(product, types={"p": Point}).fn(Point(3.0, 5.0)) == (45.0, Point(30.0, 9.0))


def pushed(s: Any, dt: float) -> None:
    s.x = s.x + s.v * dt
    s.v = s.v - s.x * dt


def recorded(items: list[Any], table: dict[str, Any], x: float) -> None:
    items.append(items[0] * x)
    table["b"] = table["a"] * x
    table["a"] = x


def grown(items: list[Any], x: Any) -> None:
    for v in x:
        items.append(v * v)


def test_what_a_function_leaves_in_objects_is_its_result() -> None:
    s = types.SimpleNamespace(x=1.0, v=2.0)
    y, pullback = s2sad.vjp(pushed, s, 0.5)
    assert y == types.SimpleNamespace(x=2.0, v=1.0) and s == types.SimpleNamespace(x=1.0, v=2.0)
    bar, dt_bar = pullback(types.SimpleNamespace(x=1.0, v=1.0))
    assert (bar.x, bar.v, dt_bar) == (0.5, 1.25, -1.0)
    s2sad.check_grads(pushed, (s, 0.5))
    items, table = [2.0], {"a": 3.0}
    (y_items, y_table), dots = s2sad.jvp(recorded, (items, table, 5.0), ([1.0], {"a": 0.0}, 1.0))
    assert (y_items, y_table, items, table) == ([2.0, 10.0], {"a": 5.0, "b": 15.0}, [2.0], {"a": 3.0})
    assert dots == ([1.0, 7.0], {"a": 1.0, "b": 3.0})
    with pytest.raises(ArgumentError, match="a list whose length is known at run time only"):
        s2sad.vjp(grown, [1.0], np.ones(3))
    with pytest.raises(ArgumentError, match="puts other items into 's'"):
        s2sad.vjp(pushed, s, 0.5, copy=False)


def test_derivatives_of_generated_files() -> None:
    made = s2sad.derive(rated, mode="reverse", types=(Checked(2.0), 3.0))
    assert "instance(type(c)" in made.source
    bar = s2sad.grad(lambda c, x: made.fn(c, x)[1][0].rate)(Checked(2.0), 3.0)
    assert bar.rate == 0.0


class Bounds(NamedTuple):
    low: Any
    high: Any


BOUNDS = Bounds(np.array([1.0, 2.0]), 3.0)


def scaled(x: float) -> Any:
    return np.sum(BOUNDS.low) * x**2 + BOUNDS.high * x


def test_named_tuples_of_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = s2sad.grad(scaled)
    assert gradient(2.0) == 15.0
    BOUNDS.low[0] = 2.0
    assert gradient(2.0) == 19.0
    monkeypatch.setattr(sys.modules[__name__], "BOUNDS", Bounds(np.array([1.0, 2.0]), 5.0))
    assert gradient(2.0) == 17.0


def test_other_kinds_of_dicts_and_lists_are_told_what_to_pass() -> None:
    class Numbers(list):  # type: ignore[type-arg]
        pass

    with pytest.raises(ArgumentError, match=r"an object of type OrderedDict: pass a plain dict: dict\(p\)"):
        s2sad.grad(product)(collections.OrderedDict(x=1.0))
    with pytest.raises(ArgumentError, match=r"pass a plain list: list\(p\)"):
        s2sad.grad(product)(Numbers([1.0]))


CLASSES = '''
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: "f8[:]"


@dataclass
class Spring:
    k: float
    anchor: Point
    rest: float = 1.0


def energy(s: Spring, p: Point):
    return 0.5 * s.k * (p.x - s.anchor.x - s.rest) ** 2
'''


def test_classes_of_a_file_that_is_not_run(tmp_path: Path) -> None:
    file = tmp_path / "springs.py"
    file.write_text(CLASSES + "\n\nraise SystemExit\n")
    done = subprocess.run([sys.executable, "-m", "s2sad", "grad", f"{file}:energy"], capture_output=True, text=True,
                          check=False, env={"PYTHONPATH": str(Path(s2sad.__file__).parent.parent)})
    assert done.returncode == 0, done.stderr
    assert "anchor=type(p)(x=" in done.stdout and "k = s.k" in done.stdout and "springs" not in done.stdout.replace(
        "(springs.py:", "")


def test_objects_in_a_list_that_grows_are_refused() -> None:
    def walk(x: float, n: int) -> float:
        path = [Point(x, x)]
        for k in range(n):
            path.append(Point(x * k, x))
        return path[-1].x

    assert s2sad.grad(walk)(2.0, 3) == 2.0  # so short a loop is written out
    with pytest.raises(s2sad.S2sadError) as caught:
        s2sad.grad(walk)(2.0, 100)
    message = str(caught.value)
    assert "'path' is a list whose length is known at run time only, and a Point of 2 is put into it" in message
    assert "keep a list for each of the parts" in message
