"""Classes that are known by their text: what a file's own classes mean where nothing of it runs."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2sad.api import derive
from s2sad.api.targets import find_target, static_function
from s2sad.build.kernel import Program
from s2sad.errors import ArgumentError, Refusal

FILE = '''
    import abc
    import enum
    import functools
    import dataclasses
    from dataclasses import dataclass, field
    from typing import ClassVar, NamedTuple

    import numpy as np

    raise SystemExit("this file does not run")


    class Base(abc.ABC):
        """A layer."""

        scale = 2.0

        def __init__(self, W: "f8[:, :]", b: "f8[:]"):
            self.W = W
            self.b = b

        @abc.abstractmethod
        def loss(self, x):
            pass

        def hidden(self, x):
            return np.tanh(self.W @ x + self.b)

        @property
        def twice(self):
            return 2.0 * self.b

        @staticmethod
        def square(x):
            return x * x

        @classmethod
        def small(cls, x):
            return cls(np.ones((2, 2)) * x, np.ones(2))

        def __matmul__(self, x):
            return self.hidden(x)


    class Model(Base):
        def hidden(self, x):
            return super().hidden(x) * 3.0

        def loss(self, x: "f8[:]"):
            return np.sum((self @ x) * self.scale) + np.sum(self.square(self.twice))


    @dataclass
    class Point:
        x: float
        y: float = 2.0
        kind: ClassVar[str] = "point"
        trail: list = field(default_factory=list)

        def __post_init__(self):
            self.trail.append(self.x)

        def norm(self) -> float:
            return self.x * self.y + sum(self.trail)


    @dataclass(frozen=True, order=True)
    class Fixed:
        a: float
        b: float = dataclasses.field(default=3.0, kw_only=True)


    class Pair(NamedTuple):
        u: float
        v: float = 3.0

        def product(self):
            return self.u * self.v


    class Meta(type):
        pass


    class WithMeta(metaclass=Meta):
        pass


    class Kind(enum.Enum):
        A = 1


    class Busy:
        if True:
            x = 1.0


    @functools.total_ordering
    class Ordered:
        def __lt__(self, other):
            return True


    def all_kinds(x: float):
        p, q = Point(x), Point(y=x, x=2.0)
        t = Pair(x)
        f = Fixed(x, b=x * x)
        total = p.norm() * q.norm() + t.product() * t.u + f.a * f.b
        return total if isinstance(p, Point) and Fixed(1.0) < Fixed(2.0) else x


    def made_by_class_method(x: float):
        return np.sum(Model.small(x).W * Model.scale)


    def returns_object(x: float):
        return Point(x)


    def of_meta(x: float):
        return WithMeta()


    def of_enum(x: float):
        return Kind.A


    def of_busy(x: float):
        return Busy()


    def of_decorated(x: float):
        return Ordered()
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "user_classes.py"
    file.write_text(textwrap.dedent(FILE))
    return file


def derived(path: Path, name: str, types: Any = None) -> tuple[str, Any]:
    """The text of a derivative, and the function it defines."""
    base: Any = static_function(find_target(f"{path}:{name}"))
    text = derive.derived(Program(base), "vjp", None, "source", types, use_cache=False).source
    space: dict[str, Any] = {}
    exec(text, space)
    return text, next(v for k, v in reversed(space.items()) if k.endswith("_vjp"))


def running(path: Path) -> dict[str, Any]:
    """What the file defines once it has run, without what stops it."""
    space: dict[str, Any] = {"__name__": "user_classes"}
    text = path.read_text().replace("raise SystemExit", "str")
    exec(compile(text, str(path), "exec", dont_inherit=True), space)
    return space


@pytest.mark.parametrize("name", ["all_kinds", "made_by_class_method"])
def test_functions_that_use_classes_of_their_file(path: Path, name: str) -> None:
    _, made = derived(path, name)
    f = running(path)[name]
    value, bar = made(0.7)
    assert value == f(0.7)
    assert bar == pytest.approx((f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6, rel=1e-7)


@pytest.mark.parametrize("types", [None, "self: {'W': f8[:, :], 'b': f8[:]}, x: f8[:]"], ids=["annotated", "given"])
def test_a_method_and_its_object(path: Path, types: Any) -> None:
    text, made = derived(path, "Model.loss", types)
    assert "def loss_vjp(self, x, result_bar=1.0, *, Base_scale=2.0)" in text
    Model = running(path)["Model"]
    W, b, x = np.array([[0.3, -0.2], [0.5, 0.1]]), np.array([0.1, 0.4]), np.array([0.7, -1.1])
    value, (model_bar, x_bar) = made(Model(W, b), x)
    assert value == Model(W, b).loss(x) and type(model_bar) is Model
    for bar, k in ((model_bar.W, 0), (model_bar.b, 1), (x_bar, 2)):
        for at in np.ndindex(bar.shape):
            ends = []
            for step in (1e-6, -1e-6):
                parts = [W.copy(), b.copy(), x.copy()]
                parts[k][at] += step
                ends.append(Model(*parts[:2]).loss(parts[2]))
            assert bar[at] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6)


def test_a_method_of_a_dataclass_has_its_fields(path: Path) -> None:
    text, _ = derived(path, "Point.norm", "self: {'x': float, 'y': float, 'trail': [float]}")
    assert "x = self.x" in text and "kind" not in text


@pytest.mark.parametrize("name, reason", [
    ("returns_object", "an object of 'Point' is returned"),
    ("of_meta", "its metaclass is Meta"),
    ("of_enum", "its base enum.Enum is not known"),
    ("of_busy", "of its body is more than a definition"),
    ("of_decorated", "it has the decorator functools.total_ordering"),
])
def test_refused(path: Path, name: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        derived(path, name)
    assert reason in str(caught.value) and caught.value.where is not None


def test_a_class_method_is_not_a_target(path: Path) -> None:
    with pytest.raises(ArgumentError, match="Base.small is a class method"):
        derived(path, "Base.small")
