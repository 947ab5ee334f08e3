"""Random programs, differentiated forwards and backwards and compared with a third way that shares no code.

The third way runs the very same program on dual numbers: Python's own control flow, exact derivatives, no step size.
Central differences are compared too, where the program is smooth enough around the arguments for them to be accurate.
"""

from __future__ import annotations

import hashlib
import math
import traceback
from typing import Any

import numpy as np
from hypothesis import assume, given, note
from hypothesis import strategies as st

from tests.corpus import define, differences, same_bits

SCALARS = ("a", "b", "c", "d")
ARRAYS = ("x", "u", "v")
LENGTH = 3


class Dual:
    """A number with a derivative, for NumPy's functions too: arrays of it have dtype object."""

    def __init__(self, value: float, slope: float = 0.0) -> None:
        self.value, self.slope = float(value), float(slope)

    @staticmethod
    def of(other: Any) -> Dual:
        return other if isinstance(other, Dual) else Dual(other)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = Dual.of(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else self + (-Dual.of(other))

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = Dual.of(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = Dual.of(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)

    def __rtruediv__(self, other: Any) -> Any:
        return Dual.of(other) / self

    def __lt__(self, other: Any) -> bool:
        return self.value < Dual.of(other).value

    def __gt__(self, other: Any) -> bool:
        return self.value > Dual.of(other).value

    def sin(self) -> Dual:
        return Dual(math.sin(self.value), math.cos(self.value) * self.slope)

    def tanh(self) -> Dual:
        t = math.tanh(self.value)
        return Dual(t, (1.0 - t * t) * self.slope)


def paired(array: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """An array of dual numbers."""
    made = np.empty(array.shape, object)
    made[...] = [Dual(*pair) for pair in zip(array, slopes, strict=True)]
    return made


def slopes_of(tree: Any) -> list[np.ndarray]:
    """The derivatives in a result."""
    if isinstance(tree, tuple):
        return [leaf for item in tree for leaf in slopes_of(item)]
    if isinstance(tree, np.ndarray):
        return [np.array([Dual.of(item).slope for item in tree])]
    return [np.asarray(Dual.of(tree).slope)]


class Writer:
    """Writes a program; every choice is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.counters = 0
        self.indices: list[str] = []
        self.scalars = list(SCALARS)
        self.arrays = list(ARRAYS)
        self.helpers: list[tuple[str, int]] = []
        self.result = ""

    def choose(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def scalar(self, depth: int = 0) -> str:
        """An expression for a number."""
        kinds = ["name", "name", "constant"]
        if depth < 3:
            kinds += ["sum", "product", "product", "quotient", "sin", "tanh", "minus", "ternary"]
            if self.arrays:
                kinds += ["element", "total"]
            if self.helpers:
                kinds.append("call")
        kind = self.choose(*kinds)
        if kind == "constant":
            return self.choose("0.5", "1.0", "-0.75", "2", "0.0", *self.indices)
        if kind == "sum":
            return f"({self.scalar(depth + 1)} {self.choose('+', '-')} {self.scalar(depth + 1)})"
        if kind == "product":
            return f"{self.choose('np.sin', 'np.tanh', '')}({self.scalar(depth + 1)}) * {self.choose(*self.scalars)}"
        if kind == "quotient":
            name = self.choose(*self.scalars)
            return f"({self.scalar(depth + 1)}) / (2.0 + {name} * {name})"
        if kind in ("sin", "tanh"):
            return f"np.{kind}({self.scalar(depth + 1)})"
        if kind == "minus":
            return f"-({self.scalar(depth + 1)})"
        if kind == "ternary":
            return f"({self.scalar(depth + 1)} if {self.condition()} else {self.scalar(depth + 1)})"
        if kind == "element":
            index = self.choose("0", "1", "-1", *(f"{i} % {LENGTH}" for i in self.indices))
            return f"{self.choose(*self.arrays)}[{index}]"
        if kind == "total":
            return f"np.sum({self.array(depth + 1)})"
        if kind == "call":
            return self.call(depth)
        return self.choose(*self.scalars)

    def array(self, depth: int = 0) -> str:
        """An expression for an array of the common length."""
        deeper = ["sum", "product", "scaled", "sin", "tanh", "reversed"] if depth < 2 else []
        kind = self.choose("name", "name", *deeper)
        if kind == "sum":
            return f"({self.array(depth + 1)} {self.choose('+', '-')} {self.choose(*self.arrays, *self.scalars)})"
        if kind == "product":
            return f"np.{self.choose('sin', 'tanh')}({self.array(depth + 1)}) * {self.choose(*self.arrays)}"
        if kind == "scaled":
            return f"np.tanh({self.choose(*self.scalars)}) * {self.choose(*self.arrays)}"
        if kind in ("sin", "tanh"):
            return f"np.{kind}({self.array(depth + 1)})"
        if kind == "reversed":
            return f"{self.choose(*self.arrays)}[::-1]"
        return self.choose(*self.arrays)

    def condition(self) -> str:
        """A comparison; its sides may be the value of a branch before."""
        simple = f"{self.choose(*self.scalars)} {self.choose('<', '>')} {self.choose('0.0', '0.4', *self.scalars)}"
        kind = self.choose("simple", "simple", "simple", "and", "or", "not", "index")
        if kind == "index" and self.indices:
            return f"{self.choose(*self.indices)} {self.choose('==', '<', '>=')} {self.choose('0', '1', '2')}"
        if kind in ("and", "or"):
            return f"{simple} {kind} {self.choose(*self.scalars)} > -0.3"
        return f"not ({simple})" if kind == "not" else simple

    def call(self, depth: int) -> str:
        name, results = self.choose(*self.helpers)
        text = f"{name}({self.choose(*self.scalars)}, {self.scalar(depth + 2)})"
        return text if results == 1 else f"{text}[{self.choose('0', '1')}]"

    def give(self, depth: int) -> None:
        """Return, always with the same form of result."""
        # A result that is an integer on some paths has no derivative to speak of: hence the sums with 0.0.
        number = [f"{self.scalar(1)} + 0.0" for _ in range(2)]
        forms = {
            "scalar": lambda: number[0],
            "pair": lambda: ", ".join(number),
            "array": lambda: f"{self.array()} * 1.0",
            "mixed": lambda: f"{number[0]}, {self.array()} * 1.0",
        }
        self.line(depth, f"return {forms[self.result]()}")

    def statement(self, depth: int, nesting: int, in_loop: bool) -> None:
        kinds = ["assign"] * 4 + ["augment", "swap", "tuple"] + (["array"] * 2 if self.arrays else [])
        if nesting < 3:
            kinds += ["if", "if", "for", "for", "while", "over"]
        if in_loop:
            kinds += ["break", "continue", "return"]
        elif nesting:
            kinds += ["return"]
        kind = self.choose(*kinds)
        if kind == "over" and not self.arrays:
            kind = "for"
        getattr(self, f"write_{kind}")(depth, nesting, in_loop)

    def block(self, depth: int, nesting: int, in_loop: bool) -> None:
        for _ in range(self.draw(st.integers(1, 3))):
            self.statement(depth, nesting, in_loop)

    def write_assign(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.line(depth, f"{self.choose(*self.scalars)} = {self.scalar()} + 0.0")

    def write_augment(self, depth: int, nesting: int, in_loop: bool) -> None:
        name = self.choose(*self.scalars)
        operator = self.choose("+=", "-=", "*=")
        self.line(depth, f"{name} {operator} np.tanh({self.scalar(1)})")

    def write_swap(self, depth: int, nesting: int, in_loop: bool) -> None:
        p, q = self.choose(*self.scalars), self.choose(*self.scalars)
        self.line(depth, f"{p}, {q} = {q}, {p} * 0.5 + {q}" if p != q else f"{p} = {p} * 0.5")

    def write_tuple(self, depth: int, nesting: int, in_loop: bool) -> None:
        pairs = [helper for helper, results in self.helpers if results == 2]
        p, q = self.scalars[0], self.scalars[1]
        if pairs:
            self.line(depth, f"{p}, {q} = {self.choose(*pairs)}({q}, {self.scalar(2)})")
        else:
            self.line(depth, f"{p}, {q} = {self.scalar(2)} + {q}, {self.scalar(2)} * {p}")

    def write_array(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.line(depth, f"{self.choose(*self.arrays)} = {self.array()} * 1.0")

    def write_if(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, nesting + 1, in_loop)
        if self.draw(st.booleans()):
            self.line(depth, f"elif {self.condition()}:")
            self.block(depth + 1, nesting + 1, in_loop)
        if self.draw(st.booleans()):
            self.line(depth, "else:")
            self.block(depth + 1, nesting + 1, in_loop)

    def write_for(self, depth: int, nesting: int, in_loop: bool) -> None:
        index = f"i{self.counters}"
        self.counters += 1
        trips = self.choose("n", "3", "2", "0", "1, 4", "3, 0, -1", *(f"{i} + 1" for i in self.indices))
        self.line(depth, f"for {index} in range({trips}):")
        self.indices.append(index)
        self.block(depth + 1, nesting + 1, True)
        self.indices.remove(index)
        self.write_else(depth, nesting, in_loop)

    def write_over(self, depth: int, nesting: int, in_loop: bool) -> None:
        name = self.choose(*self.scalars)
        self.line(depth, f"for {name} in {self.choose(*self.arrays)}:")
        self.block(depth + 1, nesting + 1, True)
        self.write_else(depth, nesting, in_loop)

    def write_while(self, depth: int, nesting: int, in_loop: bool) -> None:
        counter = f"k{self.counters}"
        self.counters += 1
        self.line(depth, f"{counter} = 0")
        more = self.choose("", f" and ({self.condition()})")
        self.line(depth, f"while {counter} < {self.choose('n', '3')}{more}:")
        self.line(depth + 1, f"{counter} += 1")
        self.block(depth + 1, nesting + 1, True)
        self.write_else(depth, nesting, in_loop)

    def write_else(self, depth: int, nesting: int, in_loop: bool) -> None:
        if self.draw(st.integers(0, 5)) == 0:
            self.line(depth, "else:")
            self.block(depth + 1, nesting + 1, in_loop)

    def write_break(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, "break")

    def write_continue(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, "continue")

    def write_return(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.give(depth + 1)

    def helper(self, name: str) -> None:
        """A function of two numbers with one or two results."""
        self.scalars, self.arrays, self.indices = ["a", "b"], [], []
        self.result = self.choose("scalar", "pair")
        self.line(0, f"def {name}(a, b):")
        self.line(1, "n = 2")
        for _ in range(self.draw(st.integers(1, 2))):
            self.statement(1, 2, False)
        self.give(1)
        self.line(0, "")
        self.helpers.append((name, 1 if self.result == "scalar" else 2))

    def program(self) -> str:
        for number in range(self.draw(st.integers(0, 2))):
            self.helper(f"helper{number}")
        self.scalars, self.arrays, self.indices = list(SCALARS), list(ARRAYS), []
        self.result = self.choose("scalar", "pair", "array", "mixed")
        self.line(0, "def program(a, b, x, n):")
        for text in ("c = a * b", "d = 0.5", "u = x * a", "v = np.ones(3)"):
            self.line(1, text)
        for _ in range(self.draw(st.integers(2, 6))):
            self.statement(1, 0, False)
        self.give(1)
        return "\n".join(self.lines) + "\n"


@st.composite
def programs(draw: st.DrawFn) -> str:
    return Writer(draw).program()


def flat(tree: Any) -> list[np.ndarray]:
    """The numbers and arrays of a result."""
    return [np.asarray(item, np.float64) for item in (tree if isinstance(tree, tuple) else (tree,))]


numbers = st.integers(-13, 13).map(lambda k: k / 10 + 0.0371)


def check(program: Any, args: tuple[Any, ...], tangents: tuple[Any, ...], expected: list[np.ndarray]) -> None:
    """Compare both modes with the derivative that dual numbers gave, and with each other."""
    import s2sad

    a, b, x, n = args
    y = program(a, b, x.copy(), n)
    size = max(float(np.max(np.abs(leaf))) for leaf in [*flat(y), *expected])
    kept = x.copy()
    told, y_dot = s2sad.jvp(program, args, (*tangents, None))
    assert same_bits(told, y)
    for got, wanted in zip(flat(y_dot), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-8 * max(1.0, size))

    rng = np.random.default_rng(8)
    seeds = [rng.uniform(0.3, 1.0, leaf.shape) for leaf in flat(y)]
    bars = tuple(seed if seed.ndim else float(seed) for seed in seeds)
    told, pullback = s2sad.vjp(program, *args, wrt=(0, 1, 2))
    assert same_bits(told, y)
    a_bar, b_bar, x_bar, n_bar = pullback(bars if isinstance(y, tuple) else bars[0])
    assert n_bar is None
    assert np.array_equal(x, kept)
    assert x_bar.shape == x.shape and x_bar.dtype == x.dtype
    terms = [a_bar * tangents[0], b_bar * tangents[1], *(x_bar * tangents[2])]
    wanted = sum(float(np.sum(seed * leaf)) for seed, leaf in zip(seeds, expected, strict=True))
    np.testing.assert_allclose(sum(terms), wanted, rtol=1e-8, atol=1e-8 * max(1.0, size, *map(abs, terms)))


@given(programs(), numbers, numbers, st.tuples(numbers, numbers, numbers), st.integers(0, 4))
def test_random_program(text: str, a: float, b: float, items: tuple[float, ...], n: int) -> None:
    # The same text under the same name, whenever it is looked at.
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    program = define(text, f"random program {digest}", {"np": np})["program"]
    x = np.array(items)
    a_dot, b_dot, x_dot = tangents = 0.7, -0.4, np.array([0.9, 0.5, -0.8])
    y = program(a, b, x.copy(), n)
    expected = slopes_of(program(Dual(a, a_dot), Dual(b, b_dot), paired(x, x_dot), n))
    size = max(float(np.max(np.abs(leaf))) for leaf in [*flat(y), *expected])
    # Beyond this size rounding alone decides where sines end up.
    assume(size < 1e4)
    note(text)

    slopes, error = differences(lambda t: flat(program(a + t * a_dot, b + t * b_dot, x + t * x_dot, n)))
    if error < 1e-7 * max(1.0, size):
        for got, wanted in zip(expected, slopes, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=0.0, atol=1e-5 * max(1.0, size))

    # A failure is raised from one place: each generated file would count as a failure of its own otherwise.
    problem = ""
    try:
        check(program, (a, b, x, n), tangents, expected)
    except Exception:
        problem = traceback.format_exc()
    assert not problem, problem


@given(programs(), numbers, numbers)
def test_random_program_runs(text: str, a: float, b: float) -> None:
    """The programs themselves: they run, and dual numbers take them through the same branches."""
    program = define(text, "random program that runs", {"np": np})["program"]
    x = np.array([0.3, -0.8, 1.1])
    y = flat(program(a, b, x, 3))
    dual = program(Dual(a), Dual(b), paired(x, np.zeros(LENGTH)), 3)
    values = [
        np.array([Dual.of(item).value for item in leaf]) if isinstance(leaf, np.ndarray) else Dual.of(leaf).value
        for leaf in (dual if isinstance(dual, tuple) else (dual,))
    ]
    for got, wanted in zip(values, y, strict=True):
        note(text)
        assume(np.all(np.abs(wanted) < 1e4))
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-6)
