"""Classes inside differentiated functions: what is read anew, what is guarded, what is refused and where."""

from __future__ import annotations

import dataclasses
import functools
import textwrap
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, Refusal


class Base:
    rate = 2.0

    def __init__(self, w: Any) -> None:
        self.w = w

    def scale(self, x: Any) -> Any:
        return self.w * x

    @property
    def doubled(self) -> Any:
        return 2.0 * self.w

    @staticmethod
    def power(x: Any) -> Any:
        return x * x

    @classmethod
    def rated(cls, x: Any) -> Any:
        return cls.rate * x

    def __mul__(self, x: Any) -> Any:
        return self.w * x

    def __call__(self, x: Any) -> Any:
        return self.scale(x) * x


class Derived(Base):
    def loss(self, x: Any) -> Any:
        return self.scale(x) * x


@pytest.fixture
def model() -> Derived:
    return Derived(3.0)


@pytest.fixture(autouse=True)
def classes_as_they_were() -> Iterator[None]:
    before = [(cls, dict(vars(cls)), cls.__bases__) for cls in (Base, Derived)]
    yield
    for cls, members, bases in before:
        cls.__bases__ = bases
        for name in [n for n in vars(cls) if n not in members]:
            delattr(cls, name)
        for name, value in members.items():
            if vars(cls)[name] is not value:
                setattr(cls, name, value)


def slope(f: Callable[..., Any]) -> Any:
    return s2sad.grad(f)(1.0)


# What is read at every call.


def test_attributes_of_a_bound_object_are_read_at_every_call(model: Derived) -> None:
    assert slope(model.loss) == 6.0
    model.w = 5.0
    assert slope(model.loss) == 10.0


def test_a_derivative_made_once_reads_the_attributes_of_its_object(model: Derived) -> None:
    derivative = s2sad.grad(model.loss)
    assert derivative(1.0) == 6.0
    model.w = 5.0
    assert derivative(1.0) == 10.0
    model.w = np.float64(7.0)
    assert derivative(1.0) == 14.0


def test_attributes_of_an_object_from_outside_are_read_at_every_call(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.loss(x) + model(x))
    assert derivative(1.0) == 12.0
    model.w = 5.0
    assert derivative(1.0) == 20.0


def test_numbers_of_a_class_are_read_at_every_call(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.rated(x) * Derived.rate * Base(1.0).rate)
    assert derivative(1.0) == 8.0
    Base.rate = 3.0
    assert derivative(1.0) == 27.0
    Derived.rate = 1.0
    assert derivative(1.0) == 3.0
    model.rate = 5.0  # type: ignore[misc]
    assert derivative(1.0) == 3.0


def test_a_number_of_the_class_is_hidden_by_one_of_the_object(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.rate * x)
    assert derivative(1.0) == 2.0
    model.rate = 5.0  # type: ignore[misc]
    assert derivative(1.0) == 5.0
    del model.rate
    assert derivative(1.0) == 2.0


def test_the_same_object_by_two_names_is_read_once(model: Derived) -> None:
    holder = types.SimpleNamespace(inner=model)
    text = str(s2sad.derive(lambda x: model.scale(x) * holder.inner.scale(x), types="x: float"))
    assert text.count("_w") == text.count("model_w") and "inner" not in text


def test_two_objects_are_told_apart() -> None:
    def total(x: Any) -> Any:
        return first.scale(x) + holder.inner.scale(x * x)

    first, holder = Derived(2.0), types.SimpleNamespace(inner=Derived(5.0))
    assert slope(total) == 12.0
    holder.inner = Derived(6.0)
    assert slope(total) == 14.0


# What is looked up again when it changes.


def test_a_changed_method_is_taken_up(model: Derived) -> None:
    derivative = s2sad.grad(model.loss)
    assert derivative(1.0) == 6.0
    Base.scale = lambda self, x: self.w * x * x  # type: ignore[method-assign]
    assert derivative(1.0) == 9.0


def test_a_method_that_a_subclass_gets_is_taken_up(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.scale(x) + Derived(1.0).scale(x))
    assert derivative(1.0) == 4.0
    Derived.scale = lambda self, x: -x  # type: ignore[method-assign]
    assert derivative(1.0) == -2.0


def test_a_method_is_hidden_by_an_attribute_of_the_object(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.loss(x))
    assert derivative(1.0) == 6.0
    model.scale = lambda x: -x  # type: ignore[method-assign]
    assert derivative(1.0) == -2.0
    del model.scale
    assert derivative(1.0) == 6.0


def test_the_body_of_a_method_is_changed_in_place(model: Derived) -> None:
    derivative = s2sad.grad(model.loss)
    assert derivative(1.0) == 6.0
    code, Base.scale.__code__ = Base.scale.__code__, cubed.__code__
    try:
        assert derivative(1.0) == 12.0
    finally:
        Base.scale.__code__ = code


def cubed(self: Any, x: Any) -> Any:
    return self.w * x * x * x


def test_a_changed_property_is_taken_up(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.doubled * x)
    assert derivative(1.0) == 6.0
    Base.doubled = property(lambda self: self.w * self.w)  # type: ignore[assignment, method-assign]
    assert derivative(1.0) == 9.0
    Base.doubled = 1.5  # type: ignore[assignment, method-assign]
    assert derivative(1.0) == 1.5


def test_an_attribute_that_becomes_a_property_is_taken_up(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.scale(x))
    assert derivative(1.0) == 3.0
    Base.w = property(lambda self: 10.0)  # type: ignore[assignment]
    assert derivative(1.0) == 10.0


def test_changed_static_and_class_methods_are_taken_up(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model.power(x) + Derived.rated(x))
    assert derivative(1.0) == 4.0
    Base.power = staticmethod(lambda x: 3.0 * x)  # type: ignore[method-assign, assignment]
    assert derivative(1.0) == 5.0
    Derived.rated = classmethod(lambda cls, x: x)  # type: ignore[method-assign, assignment]
    assert derivative(1.0) == 4.0


def test_changed_operators_are_taken_up(model: Derived) -> None:
    derivative = s2sad.grad(lambda x: model * x + model(x))
    assert derivative(1.0) == 9.0
    Base.__mul__ = lambda self, x: x  # type: ignore[method-assign]
    assert derivative(1.0) == 7.0
    Base.__call__ = lambda self, x: -x  # type: ignore[method-assign]
    assert derivative(1.0) == 0.0
    Derived.__rmul__ = lambda self, x: x  # type: ignore[attr-defined]
    assert derivative(1.0) == 0.0


def test_changed_bases_are_taken_up(model: Derived) -> None:
    class Other(Base):
        def scale(self, x: Any) -> Any:
            return -x

    derivative = s2sad.grad(lambda x: model.scale(x) + Derived(1.0).scale(x))
    assert derivative(1.0) == 4.0
    Derived.__bases__ = (Other,)
    assert derivative(1.0) == -2.0


def test_another_class_of_the_object_is_taken_up(model: Derived) -> None:
    class Other(Derived):
        def scale(self, x: Any) -> Any:
            return -x

    derivative = s2sad.grad(lambda x: model.scale(x))
    assert derivative(1.0) == 3.0
    model.__class__ = Other
    assert derivative(1.0) == -1.0


def test_another_object_of_the_same_name_is_taken_up() -> None:
    model = Derived(3.0)
    derivative = s2sad.grad(lambda x: model.scale(x))
    assert derivative(1.0) == 3.0
    model = Derived(4.0)
    assert derivative(1.0) == 4.0


def test_a_changed_init_is_taken_up() -> None:
    derivative = s2sad.grad(lambda x: Derived(x).scale(x))
    assert derivative(1.0) == 2.0

    def init(self: Any, w: Any) -> None:
        self.w = w * w

    Base.__init__ = init  # type: ignore[method-assign]
    assert derivative(1.0) == 3.0


def test_kinds_of_attributes_of_a_bound_object_may_change(model: Derived) -> None:
    derivative = s2sad.grad(model.loss)
    assert derivative(1.0) == 6.0
    model.w = 2
    assert derivative(1.0) == 4.0
    model.extra = None  # type: ignore[attr-defined]
    assert derivative(1.0) == 4.0
    model.w = np.ones(())
    assert derivative(1.0) == 2.0


def test_cached_properties_are_read_or_computed() -> None:
    class Lazy:
        def __init__(self, w: float) -> None:
            self.w = w

        @functools.cached_property
        def square(self) -> float:
            return self.w * self.w

    lazy = Lazy(3.0)
    derivative = s2sad.grad(lambda x: lazy.square * x)
    assert derivative(1.0) == 9.0 and "square" not in vars(lazy)
    assert lazy.square == 9.0
    lazy.w = 1.0
    assert derivative(1.0) == 9.0
    del lazy.square
    assert derivative(1.0) == 1.0


# What stays as it was.


class Recurrent:
    def __init__(self) -> None:
        self.h = 0.0
        self.count = 0
        self.seen: list[Any] = []
        self.trace = np.zeros(2)

    def step(self, x: Any) -> Any:
        self.h = np.tanh(self.h + x)
        self.count += 1
        return self.h

    def loss(self, x: Any) -> Any:
        self.step(x)
        self.step(x * x)
        self.trace[0] = x
        return self.h * self.count + self.trace[0]


def test_attributes_that_a_bound_method_assigns_stay_as_they_were() -> None:
    model = Recurrent()
    expected = (Recurrent().loss(0.5 + 1e-6) - Recurrent().loss(0.5 - 1e-6)) / 2e-6
    for _ in range(2):
        assert s2sad.grad(model.loss)(0.5) == pytest.approx(expected, rel=1e-8)
    assert (model.h, model.count) == (0.0, 0) and not model.trace.any()


def test_gradients_by_an_object_that_its_method_changes() -> None:
    model = Recurrent()
    model.h = 0.25
    bar = s2sad.grad(Recurrent.loss)(model, 0.5)
    assert type(bar) is Recurrent and model.h == 0.25

    def loss(h: float) -> float:
        other = Recurrent()
        other.h = h
        return other.loss(0.5)  # type: ignore[no-any-return]

    assert bar.h == pytest.approx((loss(0.25 + 1e-6) - loss(0.25 - 1e-6)) / 2e-6, rel=1e-8)


def test_differentiate_as_the_decorator_of_a_method() -> None:
    class Model:
        def __init__(self, w: float) -> None:
            self.w = w

        @s2sad.differentiate
        def loss(self, x: Any) -> Any:
            return self.w * x * x

        def total(self, x: Any) -> Any:
            return self.loss(x) * 2.0

    model = Model(3.0)
    assert model.loss(2.0) == 12.0 and model.loss.grad(2.0) == 12.0
    assert Model.loss.grad(model, 2.0).w == 4.0
    assert slope(model.total) == 12.0
    model.w = 1.0
    assert model.loss.grad(2.0) == 4.0 and slope(model.total) == 4.0


def test_an_object_that_can_be_called(model: Derived) -> None:
    assert slope(model) == 6.0
    model.w = 1.0
    assert slope(model) == 2.0


# What is refused.

CLASSES = '''
    import dataclasses, functools
    from dataclasses import dataclass

    class Plain:
        limit = 1.0
        def __init__(self, a):
            self.a = a
        @property
        def double(self):
            return 2.0 * self.a

    class Meta(type):
        pass

    class WithMeta(metaclass=Meta):
        pass

    class Hooked:
        def __getattr__(self, name):
            return 1.0

    class Watched:
        def __getattribute__(self, name):
            return 1.0

    class Guarded:
        def __setattr__(self, name, value):
            object.__setattr__(self, name, value)

    class Descriptor:
        def __get__(self, obj, cls):
            return 1.0
        def __set__(self, obj, value):
            pass

    class Described:
        x = Descriptor()

    class Made:
        def __new__(cls, x):
            return object.__new__(cls)

    class Listed(list):
        pass

    class Slotted:
        __slots__ = ("a",)

    @dataclass(frozen=True)
    class Frozen:
        a: float

    class Backward:
        def __rmul__(self, x):
            return x

    OUTSIDE = Plain(2.0)
'''

REFUSED = {
    "metaclass": ("WithMeta()", "WithMeta", "has the metaclass 'Meta'"),
    "getattr": ("Hooked().x", "Hooked().x", "__getattr__"),
    "getattribute": ("Watched().x", "Watched().x", "__getattribute__"),
    "setattr": ("setattr(Guarded(), 'x', x)", "setattr(Guarded(), 'x', x)", "__setattr__"),
    "descriptor": ("Described().x", "Described().x", "is a Descriptor"),
    "descriptor_assigned": ("setattr(Described(), 'x', x)", "setattr(Described(), 'x', x)", "is a Descriptor"),
    "own_new": ("Made(x)", "Made", "its own __new__"),
    "subclass_of_list": ("Listed()", "Listed", "not written in Python: 'list'"),
    "missing_attribute": ("Plain(x).b", "Plain(x).b", "has no attribute 'b'"),
    "near_attribute": ("Plain(x).doubel", "Plain(x).doubel", "did you mean 'double'?"),
    "too_few": ("Plain()", "Plain()", "missing 1 required argument: 'a'"),
    "too_many_for_dataclass": ("Frozen(x, x)", "Frozen(x, x)", "takes 1 positional argument but 2 were given"),
    "unknown_field": ("Frozen(b=x)", "Frozen(b=x)", "unexpected keyword argument 'b'"),
    "takes_none": ("Slotted(x)", "Slotted(x)", "Slotted() takes no arguments"),
    "slot": ("setattr(Slotted(), 'b', x)", "setattr(Slotted(), 'b', x)", "it has a slots"),
    "operator": ("Plain(x) + x", "Plain(x) + x", "give Plain the method __add__"),
    "reflected": ("x - Plain(x)", "x - Plain(x)", "give Plain the method __rsub__"),
    "order": ("Plain(x) < Plain(x)", "Plain(x) < Plain(x)", "give Plain the method __lt__"),
    "array_first": ("np.ones(3) * Backward()", "np.ones(3) * Backward()", "NumPy hands the elements"),
    "no_length": ("len(Plain(x))", "len(Plain(x))", "has no len()"),
    "not_callable": ("Plain(x)(x)", "Plain(x)", "cannot be called"),
    "no_items": ("Plain(x)[0]", "Plain(x)[0]", "cannot be indexed"),
    "numpy_function": ("np.sin(Plain(x))", "np.sin(Plain(x))", "cannot be an argument of a library function"),
}

STATEMENTS = {
    "outside": ("OUTSIDE.a = x", "OUTSIDE.a", "an object from outside the function"),
    "outside_updated": ("OUTSIDE.a += x", "OUTSIDE.a", "an object from outside the function"),
    "class_attribute": ("Plain.limit = x", "Plain.limit", "this assigns the class attribute 'Plain.limit'"),
    "frozen": ("Frozen(x).a = x", "Frozen(x).a", "FrozenInstanceError"),
    "property": ("Plain(x).double = x", "Plain(x).double", "has no setter"),
    "number": ("x.a = x", "x.a", "assignment to the attribute 'a'"),
    "module": ("np.a = x", "np.a", "assignment to the attribute 'a' of a module"),
    "deleted": ("del Plain(x).b", "Plain(x).b", "has no attribute 'b'"),
}


def refusal(tmp_path: Path, body: str) -> Refusal:
    space: dict[str, Any] = {}
    file = tmp_path / "refused.py"
    file.write_text("import numpy as np\n" + textwrap.dedent(CLASSES) + "\ndef f(x):\n" + body)
    exec(compile(file.read_text(), str(file), "exec"), space)
    with pytest.raises(Refusal) as caught:
        s2sad.grad(space["f"])(1.0)
    return caught.value


@pytest.mark.parametrize("case", [*REFUSED.items(), *STATEMENTS.items()], ids=lambda case: case[0])
def test_refused(case: tuple[str, tuple[str, str, str]], tmp_path: Path) -> None:
    name, (text, marked, reason) = case
    line = f"    {text if name in STATEMENTS else f'y = {text}'}"
    found = refusal(tmp_path, f"{line}\n    return x\n")
    where = found.where
    assert where is not None and reason in str(found)
    lines = (tmp_path / "refused.py").read_text().splitlines()
    assert lines[where.line - 1] == line
    assert where.column - 1 == line.index(marked)


def test_an_attribute_of_some_paths_is_not_asked_for(tmp_path: Path) -> None:
    body = "    p = Plain(x)\n    if x > 0:\n        p.b = x\n    return x if hasattr(p, 'b') else -x\n"
    assert "depends on the path taken" in str(refusal(tmp_path, body))


def test_a_dataclass_with_a_list_field_shares_no_list() -> None:
    @dataclasses.dataclass
    class Log:
        items: list[Any] = dataclasses.field(default_factory=list)

    def f(x: Any) -> Any:
        one, two = Log(), Log()
        one.items.append(x)
        two.items.append(x * x)
        two.items.append(x)
        return sum(one.items) * len(two.items)

    assert slope(f) == 2.0


# What would be silently wrong.


class Layer:
    def __init__(self, w: float) -> None:
        self.w, self.n = w, 0.0


class Tied:
    def __init__(self, layer: Layer) -> None:
        self.a = self.b = layer

    def read(self, x: Any) -> Any:
        return self.a.w * self.b.w * x

    def changed(self, x: Any) -> Any:
        self.a.n = x
        return self.b.n * self.b.w * x


def test_an_object_that_is_there_twice_is_read_but_not_changed() -> None:
    tied = Tied(Layer(2.0))
    assert slope(tied.read) == 4.0
    with pytest.raises(ArgumentError, match="'self.a' and 'self.b' of changed are one object"):
        s2sad.grad(tied.changed)(1.0)
    tied.b = Layer(3.0)
    assert slope(tied.changed) == 0.0


def test_one_list_is_not_passed_twice_if_it_is_changed() -> None:
    def f(xs: Any, ys: Any) -> Any:
        xs[0] = 2.0 * ys[0]
        return xs[0] * ys[0]

    one = [1.5]
    with pytest.raises(ArgumentError, match="'xs' and 'ys' of f are one object"):
        s2sad.grad(f)(one, one)
    assert s2sad.grad(f, argnums=1)(one, [1.5]) == [6.0]


def test_an_argument_is_not_read_from_outside_if_it_is_changed() -> None:
    layer = Layer(2.0)

    def f(one: Any, x: Any) -> Any:
        one.n = x
        return layer.n * x

    with pytest.raises(ArgumentError, match="changes its argument 'one', and reads the same object"):
        s2sad.grad(f, argnums=1)(layer, 1.0)


def test_a_method_kept_in_an_attribute_is_that_of_the_object_itself() -> None:
    class Unit:
        def __init__(self, w: float) -> None:
            self.w = w
            self.act = self.square

        def square(self, x: Any) -> Any:
            return self.w * x * x

        def loss(self, x: Any) -> Any:
            return self.act(x)

    unit = Unit(2.0)
    assert s2sad.grad(Unit.loss)(unit, 3.0).w == 9.0
    assert s2sad.grad(unit.loss)(3.0) == 12.0
    assert s2sad.grad(lambda x: unit.loss(x))(3.0) == 12.0
    assert s2sad.grad(lambda x: Unit(x).loss(3.0))(2.0) == 9.0
    other = s2sad.jvp(Unit.loss, (unit, 3.0), (unit, 0.0))[1]
    assert other == 18.0


class Money(float):
    def __add__(self, other: Any) -> Any:
        return 100.0


AMOUNT = Money(2.0)


def test_numbers_with_operators_of_their_own() -> None:
    with pytest.raises(Refusal, match="is a Money, a float with operators of its own"):
        s2sad.grad(lambda x: x + 1.0)(AMOUNT)
    assert s2sad.value_and_grad(lambda x: AMOUNT + x)(1.0) == (100.0, 0.0)


def test_a_cached_property_is_not_computed_for_the_first_time_in_a_loop() -> None:
    class Lazy:
        def __init__(self, w: Any) -> None:
            self.w = w

        @functools.cached_property
        def square(self) -> Any:
            return self.w * self.w

    def f(x: Any, n: int) -> Any:
        lazy, total = Lazy(x), 0.0
        for _ in range(n):
            total = total + lazy.square
        return total

    def g(x: Any, n: int) -> Any:
        lazy = Lazy(x)
        total = lazy.square
        for _ in range(n):
            total = total + lazy.square
        return total

    with pytest.raises(Refusal, match="read it once before the loop"):
        s2sad.grad(f)(3.0, 2)
    assert s2sad.grad(g)(3.0, 2) == 18.0


# Objects as texts.


@dataclasses.dataclass
class Shown:
    a: Any
    name: str = "t"


class Pair(NamedTuple):
    a: Any
    b: int = 2


class Spoken:
    def __init__(self, x: Any) -> None:
        self.x = x

    def __str__(self) -> str:
        return f"<{self.x:.2f}>"


def talk(x: Any) -> Any:
    print(Shown(x), Spoken(x), Pair(x), f"{Spoken(x)} {Shown(x)}", repr(Shown(2.0)))
    return x * x


def test_objects_are_shown_as_their_classes_say(capsys: pytest.CaptureFixture[str]) -> None:
    talk(1.5)
    expected = capsys.readouterr().out
    assert s2sad.grad(talk)(1.5) == 3.0
    assert capsys.readouterr().out == expected


def test_an_object_is_asked_once_what_it_is_run_over(capsys: pytest.CaptureFixture[str]) -> None:
    class Bag:
        def __init__(self, *items: Any) -> None:
            self.items = items

        def __iter__(self) -> Any:
            print("asked")
            return iter(self.items)

    def f(x: Any) -> Any:
        total = sum(a * k for k, a in enumerate(Bag(x, x * x)))
        for a, b in zip(Bag(x, 2.0), Bag(x, x)):
            total += a * b
        return total + sum(list(Bag(x))) + max(Bag(x, 3.0 * x)) + sum(map(abs, Bag(x)))

    f(1.5)
    expected = capsys.readouterr().out
    assert slope(f) == 11.0
    assert capsys.readouterr().out == expected == "asked\n" * 6
