"""Random programs that change arrays, as text: the same seed gives the same program.

A program has arrays, numbers and counters as arguments.  Shapes are known while it is written (they are drawn first),
so that every place that is written to exists; lengths in the text are the program's own (``x.shape``, slices).
Everything is analytic but for comparisons, so that complex numbers go through it too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

Shape = tuple[int, ...]
TRIPS = 3


@dataclass
class Names:
    """What is in scope: arrays with their shapes, numbers, counters with their bounds, index arrays, masks."""

    arrays: dict[str, Shape] = field(default_factory=dict)
    scalars: list[str] = field(default_factory=list)
    counters: dict[str, tuple[int, int]] = field(default_factory=dict)
    integers: dict[str, int] = field(default_factory=dict)
    masks: dict[str, Shape] = field(default_factory=dict)

    def copy(self) -> Names:
        return Names(dict(self.arrays), list(self.scalars), dict(self.counters), dict(self.integers),
                     dict(self.masks))


@dataclass(frozen=True)
class Helper:
    """A function of an array, a vector of the same length, and a number, and whether it returns a number."""

    name: str
    shape: str
    gives: bool


class Writer:
    """Writes one program."""

    def __init__(self, seed: int, size: int = 6) -> None:
        self.rng = random.Random(seed)
        self.size = size
        self.lines: list[str] = []
        self.names = Names()
        self.made = 0
        self.helpers: list[Helper] = []
        self.result: Callable[[], str] = lambda: "None"
        self.inner = 0
        self.shapes: dict[str, Shape] = {}

    # ---- choices

    def pick(self, *options: str) -> str:
        return self.rng.choice(options)

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def new(self, stem: str) -> str:
        self.made += 1
        return f"{stem}{self.made}"

    # ---- expressions

    def index(self, owner: str, size: int, axis: int = 0) -> str:
        """An index that exists on an axis of this size."""
        options = ["0", "-1"] + (["1", "-2"] if size > 1 else []) + (["2"] if size > 2 else [])
        for name, (low, high) in self.names.counters.items():
            mine = [name if high < size else f"{name} % {owner}.shape[{axis}]"]
            if low >= 1 and high - 1 < size:
                mine.append(f"{name} - 1")
            if high + 1 < size:
                mine.append(f"{name} + 1")
            options += mine * 2
        for name, bound in self.names.integers.items():
            if bound <= size:
                options.append(f"{name}[{self.pick('0', '-1', '1')}]")
        return self.rng.choice(options)

    def views(self, name: str) -> list[tuple[str, Shape]]:
        """Views of an array with the shapes they have."""
        shape = self.names.arrays[name]
        if len(shape) == 1:
            (s,) = shape
            out = [(name, shape), (f"{name}[::-1]", (s,)), (f"{name}[:]", (s,))]
            if s > 2:
                out += [(f"{name}[1:]", (s - 1,)), (f"{name}[:-1]", (s - 1,)), (f"{name}[1:-1]", (s - 2,)),
                        (f"{name}[2:]", (s - 2,)), (f"{name}[:-2]", (s - 2,)), (f"{name}[::2]", ((s + 1) // 2,)),
                        (f"{name}[1::2]", (s // 2,))]
            return out
        r, c = shape
        i, j = self.index(name, r, 0), self.index(name, c, 1)
        out = [(name, shape), (f"{name}.T", (c, r)), (f"{name}[{i}]", (c,)), (f"{name}[:, {j}]", (r,)),
               (f"{name}[::-1]", shape), (f"{name}.T[{j}]", (r,)), (f"{name}[{i}, ::-1]", (c,)),
               (f"{name}[..., {j}]", (r,)), (f"np.swapaxes({name}, 0, 1)", (c, r))]
        if r > 1:
            out += [(f"{name}[1:]", (r - 1, c)), (f"{name}[:-1]", (r - 1, c)), (f"{name}[1:, {j}]", (r - 1,)),
                    (f"{name}[1:].T", (c, r - 1))]
        if c > 2:
            out += [(f"{name}[:, 1:]", (r, c - 1)), (f"{name}[{i}, 1:-1]", (c - 2,)), (f"{name}[{i}][:-1]", (c - 1,)),
                    (f"{name}[:, 1:-1]", (r, c - 2)), (f"{name}.T[1:]", (c - 1, r)),
                    (f"{name}[:, ::2]", (r, (c + 1) // 2))]
        return out

    def flat(self, name: str) -> list[tuple[str, Shape]]:
        """The matrix as a vector: views that may be copies of views, so only of names that are whole arrays."""
        r, c = self.names.arrays[name]
        return [(f"{name}.reshape(-1)", (r * c,)), (f"{name}.ravel()", (r * c,))]

    def leaf(self, shape: Shape) -> str:
        found = [text for name in self.names.arrays for text, s in self.views(name) if s == shape]
        if len(shape) == 1:
            found += [f"{name}[{k}]" for k, bound in self.names.integers.items() if shape == (self.rank_of(k),)
                      for name, s in self.names.arrays.items() if len(s) == 1 and bound <= s[0]]
        if not found:
            return self.scalar(2)
        return self.rng.choice(found)

    def rank_of(self, k: str) -> int:
        return self.shapes[k][0]

    def array(self, shape: Shape, depth: int = 0) -> str:
        """An expression of a shape, or that broadcasts to it."""
        if depth > 1 or self.chance(0.35):
            if self.chance(0.1) and len(shape) == 2:
                return self.leaf(shape[1:])
            return self.leaf(shape)
        kind = self.pick("sum", "product", "product", "scaled", "sin", "square", "where", "quotient", "number", "outer")
        one = self.array(shape, depth + 1)
        if kind == "sum":
            return f"({one} {self.pick('+', '-')} {self.leaf(shape)})"
        if kind == "product":
            return f"{one} * {self.leaf(shape)}"
        if kind == "scaled":
            return f"{self.scalar(2)} * {self.leaf(shape)}"
        if kind == "sin":
            return f"np.{self.pick('sin', 'cos', 'tanh')}({one})"
        if kind == "square":
            return f"{self.leaf(shape)} ** 2"
        if kind == "where":
            return f"np.where({self.leaf(shape)} > {self.pick('0.1', '0.4')}, {one}, {self.leaf(shape)})"
        if kind == "quotient":
            return f"{one} / (2.0 + {self.leaf(shape)} ** 2)"
        if kind == "outer" and len(shape) == 2:
            return f"np.outer({self.leaf(shape[:1])}, {self.leaf(shape[1:])})"
        return self.scalar(1) if kind == "number" else one

    def element(self) -> str:
        name = self.rng.choice(list(self.names.arrays))
        shape = self.names.arrays[name]
        if len(shape) == 1:
            return f"{name}[{self.index(name, shape[0])}]"
        i, j = self.index(name, shape[0], 0), self.index(name, shape[1], 1)
        return self.pick(f"{name}[{i}, {j}]", f"{name}[{i}, {j}]", f"{name}[{i}][{j}]", f"{name}.T[{j}, {i}]")

    def scalar(self, depth: int = 0) -> str:
        """An expression for a number."""
        if depth > 1:
            return self.pick(self.element(), self.element(), *self.names.scalars, "0.5", "-1.25", "2.0",
                             *self.names.counters)
        kind = self.pick("leaf", "leaf", "product", "product", "sum", "sin", "total", "dot", "quotient", "minus")
        if kind == "product":
            return f"{self.scalar(depth + 1)} * {self.scalar(2)}"
        if kind == "sum":
            return f"({self.scalar(depth + 1)} {self.pick('+', '-')} {self.scalar(2)})"
        if kind == "sin":
            return f"np.{self.pick('sin', 'tanh', 'cos')}({self.scalar(depth + 1)})"
        if kind == "quotient":
            return f"{self.scalar(2)} / (2.0 + {self.element()} ** 2)"
        if kind == "minus":
            return f"-{self.scalar(2)}"
        name = self.rng.choice(list(self.names.arrays))
        if kind == "total":
            return f"np.{self.pick('sum', 'mean')}({self.array(self.names.arrays[name], 1)})"
        if kind == "dot":
            vectors = [n for n, s in self.names.arrays.items() if len(s) == 1]
            if vectors:
                one = self.rng.choice(vectors)
                other = self.rng.choice([n for n in vectors if self.names.arrays[n] == self.names.arrays[one]])
                cut = self.pick("", "", *(f"[:{c}]" for c in self.names.counters), *(f"[{c}:]" for c in
                                                                                      self.names.counters))
                return f"np.dot({one}{cut}, {other}{cut})"
        return self.scalar(2)

    def condition(self) -> str:
        kind = self.pick("element", "element", "element", "counter", "and")
        if kind == "counter" and self.names.counters:
            return f"{self.pick(*self.names.counters)} {self.pick('<', '>', '==', '>=')} {self.pick('1', '2', 'n - 1')}"
        one = f"{self.element()} {self.pick('<', '>')} {self.pick('0.1', '0.5', self.element())}"
        return f"{one} {self.pick('and', 'or')} {self.element()} < 0.7" if kind == "and" else one

    # ---- statements

    def block(self, depth: int, nesting: int, loop: bool, most: int = 3) -> None:
        outer, before = self.names.copy(), len(self.lines)
        for _ in range(self.rng.randint(1, most)):
            self.statement(depth, nesting, loop)
        if len(self.lines) == before:
            self.line(depth, "pass")
        self.names = outer

    def statement(self, depth: int, nesting: int, loop: bool) -> None:
        kinds = ["store_element"] * 3 + ["store_slice"] * 4 + ["whole", "library", "select", "view", "scalar"] * 2
        kinds += ["alias", "fresh", "swap", "rebind", "integers", "exchange", "container"]
        if self.helpers:
            kinds += ["call"] * 3
        if nesting < 3 and self.inner < 7:
            kinds += ["branch"] * 3 + ["for_loop"] * 4 + ["while_loop", "rows"]
        if loop:
            kinds += ["leave"] * 2
        elif nesting:
            kinds += ["give_early"]
        getattr(self, "write_" + self.rng.choice(kinds))(depth, nesting, loop)

    def operator(self) -> str:
        return self.pick("=", "=", "=", "+=", "-=", "*=", "+=", "*=", "/=")

    def assigned(self, place: str, operator: str, value: str) -> str:
        return f"{place} /= 2.0 + ({value}) ** 2" if operator == "/=" else f"{place} {operator} {value}"

    def write_store_element(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, self.assigned(self.element(), self.operator(), self.scalar()))

    def place(self) -> tuple[str, Shape]:
        name = self.rng.choice(list(self.names.arrays))
        options = [(t, s) for t, s in self.views(name) if t != name and not t.endswith(("T", "1)"))]
        options += [(f"{t}[...]", s) for t, s in self.views(name) if t.endswith(("T", "1)"))]
        if len(self.names.arrays[name]) == 1:
            for c, (_, high) in self.names.counters.items():
                if high <= self.names.arrays[name][0]:
                    options += [(f"{name}[{c}:]", ()), (f"{name}[:{c}]", ())] * 2
        return self.rng.choice(options)

    def write_store_slice(self, depth: int, nesting: int, loop: bool) -> None:
        place, shape = self.place()
        if shape == ():
            name, _, cut = place.partition("[")
            alike = [n for n, s in self.names.arrays.items() if s == self.names.arrays[name]]
            value = self.pick(self.scalar(1), f"{self.rng.choice(alike)}[{cut} * {self.scalar(2)}")
        else:
            value = self.array(shape)
        self.line(depth, self.assigned(place, self.operator(), value))

    def write_whole(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.rng.choice(list(self.names.arrays))
        operator = self.pick("+=", "-=", "*=", "*=", "/=")
        self.line(depth, self.assigned(name, operator, self.array(self.names.arrays[name])))

    def write_view(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.rng.choice(list(self.names.arrays))
        options = self.views(name)[1:]
        if len(self.names.arrays[name]) == 2 and name in self.shapes:
            options += self.flat(name) * 2
        text, shape = self.rng.choice(options)
        same = [n for n, s in self.names.arrays.items() if s == shape and n not in "xyA"]
        target = self.rng.choice(same) if same and self.chance(0.2) else self.new("w")
        self.line(depth, f"{target} = {text}")
        self.names.arrays[target] = shape

    def write_alias(self, depth: int, nesting: int, loop: bool) -> None:
        self.write_rebind(depth, nesting, loop, self.new("b"))

    def write_rebind(self, depth: int, nesting: int, loop: bool, target: str = "") -> None:
        name = self.rng.choice(list(self.names.arrays))
        shape = self.names.arrays[name]
        target = target or self.rng.choice([n for n, s in self.names.arrays.items() if s == shape])
        value = self.pick(name, name, f"{name}.copy()", f"{name} * {self.scalar(2)}", f"np.asarray({name})",
                          f"{name} if {self.condition()} else {self.leaf_name(shape)}")
        self.line(depth, f"{target} = {value}")
        self.names.arrays[target] = shape

    def leaf_name(self, shape: Shape) -> str:
        return self.rng.choice([n for n, s in self.names.arrays.items() if s == shape])

    def write_fresh(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.rng.choice(list(self.names.arrays))
        shape, target = self.names.arrays[name], self.new("u")
        value = self.pick(f"np.zeros_like({name})", f"np.ones({name}.shape)", f"np.zeros({name}.shape)",
                          f"1.0 * {name}", f"{self.array(shape)} + 0.0 * {name}", f"np.full({name}.shape, 0.5)",
                          f"np.copy({name})")
        self.line(depth, f"{target} = {value}")
        self.names.arrays[target] = shape

    def write_swap(self, depth: int, nesting: int, loop: bool) -> None:
        one, other = self.element(), self.element()
        third = self.pick(other, self.scalar(1))
        self.line(depth, f"{one}, {other} = {third}, {one}")

    def write_exchange(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.rng.choice(list(self.names.arrays))
        other = self.leaf_name(self.names.arrays[name])
        if name != other:
            self.line(depth, f"{name}, {other} = {other}, {name}")

    def write_container(self, depth: int, nesting: int, loop: bool) -> None:
        one, other = self.rng.choice(list(self.names.arrays)), self.rng.choice(list(self.names.arrays))
        held = self.new("p")
        self.line(depth, f"{held} = {self.pick(f'({one}, {other})', f'[{one}, {other}]')}")
        self.line(depth, self.assigned(f"{held}[{self.pick('0', '1')}][0]", self.operator(), self.scalar(1)))

    def write_library(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.rng.choice(list(self.names.arrays))
        shape = self.names.arrays[name]
        kind = self.pick("add", "add", "copyto", "fill", "at", "where", "sin", "copyto_where", "slice_out", "sort",
                         "put")
        if kind == "add":
            function = self.pick("add", "multiply", "subtract")
            self.line(depth, f"np.{function}({self.leaf(shape)}, {self.leaf(shape)}, out={name})")
        elif kind == "sin":
            self.line(depth, f"np.{self.pick('sin', 'tanh')}({self.leaf(shape)}, out={name})")
        elif kind == "copyto":
            self.line(depth, f"np.copyto({name}, {self.array(shape)})")
        elif kind == "fill":
            self.line(depth, f"{name}.fill({self.scalar(1)})")
        elif kind == "at" and len(shape) == 1 and self.names.integers:
            k = self.pick(*self.names.integers)
            if self.names.integers[k] <= shape[0]:
                function = self.pick("add", "add", "subtract")
                self.line(depth, f"np.{function}.at({name}, {k}, {self.array((self.rank_of(k),), 1)})")
        elif kind == "where":
            self.line(depth, f"np.multiply({self.leaf(shape)}, {self.leaf(shape)}, out={name}, "
                             f"where={self.mask(shape)})")
        elif kind == "copyto_where":
            self.line(depth, f"np.copyto({name}, {self.leaf(shape)}, where={self.mask(shape)})")
        elif kind == "slice_out" and len(shape) == 1 and shape[0] > 2:
            size = (shape[0] - 1,)
            self.line(depth, f"np.add({self.leaf(size)}, {self.leaf(size)}, out={name}{self.pick('[1:]', '[:-1]')})")
        elif kind == "sort" and len(shape) == 1:
            self.line(depth, f"{name}.sort()")
        elif kind == "put" and len(shape) == 1 and self.names.integers:
            k = self.pick(*self.names.integers)
            if self.names.integers[k] <= shape[0]:
                self.line(depth, f"np.put({name}, {k}, {self.array((self.rank_of(k),), 1)})")

    def mask(self, shape: Shape) -> str:
        mine = [m for m, s in self.names.masks.items() if s == shape]
        made = f"{self.leaf_of_array(shape)} {self.pick('<', '>')} {self.pick('0.1', '0.4')}"
        return self.pick(made, *mine)

    def leaf_of_array(self, shape: Shape) -> str:
        found = [text for name in self.names.arrays for text, s in self.views(name) if s == shape]
        return self.rng.choice(found)

    def write_select(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.rng.choice(list(self.names.arrays))
        shape = self.names.arrays[name]
        if self.chance(0.15):
            target = self.new("m")
            self.line(depth, f"{target} = {self.mask(shape)}")
            self.names.masks[target] = shape
        elif self.chance(0.5) or len(shape) == 2 or not self.names.integers:
            mask = self.mask(shape)
            others = [n for n, s in self.names.arrays.items() if s == shape]
            value = self.pick(self.scalar(1), f"{self.rng.choice(others)}[{mask}]")
            self.line(depth, self.assigned(f"{name}[{mask}]", self.operator(), value))
        else:
            k = self.pick(*self.names.integers)
            if self.names.integers[k] <= shape[0]:
                self.line(depth, self.assigned(f"{name}[{k}]", self.operator(), self.array((self.rank_of(k),), 1)))

    def write_scalar(self, depth: int, nesting: int, loop: bool) -> None:
        target = self.pick("s", "t", "t")
        kind = self.pick("=", "+=", "*=")
        self.line(depth, f"{target} {kind} {self.scalar(1)}" if kind != "=" else f"{target} = {self.scalar()} + 0.0")

    def write_integers(self, depth: int, nesting: int, loop: bool) -> None:
        if self.names.integers and self.chance(0.7):
            k = self.pick(*self.names.integers)
            values = [c for c, (_, high) in self.names.counters.items() if high < self.names.integers[k]]
            place = self.pick("0", "-1", *(c for c, (_, high) in self.names.counters.items() if high < 3))
            self.line(depth, f"{k}[{place}] = {self.pick('0', f'{k}[1]', *values)}")
        else:
            k = self.new("k")
            self.line(depth, f"{k} = {self.pick('np.array([0, 0, 1])', 'np.zeros(3, dtype=int)')}")
            self.names.integers[k] = 2
            self.shapes[k] = (3,)

    def write_branch(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, nesting + 1, loop)
        if self.chance(0.25):
            self.line(depth, f"elif {self.condition()}:")
            self.block(depth + 1, nesting + 1, loop)
        if self.chance(0.5):
            self.line(depth, "else:")
            self.block(depth + 1, nesting + 1, loop)

    def write_for_loop(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        counter = self.new("i")
        options: list[tuple[str, tuple[int, int]]] = [
            ("n", (0, TRIPS - 1)), ("n", (0, TRIPS - 1)), ("3", (0, 2)), ("1, n", (1, TRIPS - 1)),
            ("n - 1, -1, -1", (0, TRIPS - 1)), ("0, n, 2", (0, TRIPS - 1)), ("2", (0, 1)), ("0", (0, 0))]
        for c, (low, high) in self.names.counters.items():
            options += [(c, (0, high - 1)), (f"{c} + 1", (0, high)), (f"{c}, n", (low, TRIPS - 1)),
                        (f"{c}, -1, -1", (0, high))]
        trips, bounds = self.rng.choice(options)
        self.line(depth, f"for {counter} in range({trips}):")
        outer = self.names.copy()
        self.names.counters[counter] = bounds
        self.block(depth + 1, nesting + 1, True)
        self.names = outer

    def write_while_loop(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        counter = self.new("c")
        self.line(depth, f"{counter} = 0")
        more = self.pick("", f" and ({self.condition()})")
        self.line(depth, f"while {counter} < {self.pick('n', '2')}{more}:")
        outer = self.names.copy()
        late = self.chance(0.5)
        self.names.counters[counter] = (0, TRIPS - 1) if late else (1, TRIPS)
        if not late:
            self.line(depth + 1, f"{counter} += 1")
        self.block(depth + 1, nesting + 1, not late)
        if late:
            self.line(depth + 1, f"{counter} += 1")
        self.names = outer

    def write_rows(self, depth: int, nesting: int, loop: bool) -> None:
        matrices = [n for n, s in self.names.arrays.items() if len(s) == 2]
        if not matrices:
            return
        self.inner += 1
        name, row = self.rng.choice(matrices), self.new("r")
        outer = self.names.copy()
        if self.chance(0.5):
            self.line(depth, f"for {row} in {name}:")
        else:
            counter = self.new("i")
            self.line(depth, f"for {counter}, {row} in enumerate({name}):")
            self.names.counters[counter] = (0, self.names.arrays[name][0] - 1)
        self.names.arrays[row] = self.names.arrays[name][1:]
        self.block(depth + 1, nesting + 1, True)
        self.names = outer

    def write_leave(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, self.pick("break", "continue", "break", "continue", f"return {self.result()}"))

    def write_give_early(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, f"return {self.result()}")

    def write_call(self, depth: int, nesting: int, loop: bool) -> None:
        helper = self.rng.choice(self.helpers)
        vectors = [(t, s) for n in self.names.arrays for t, s in self.views(n) if len(s) == 1 and s[0] > 2]
        matrices = [(t, s) for n in self.names.arrays for t, s in self.views(n) if len(s) == 2 and min(s) > 0]
        options = vectors if helper.shape == "vector" else matrices
        if not options:
            return
        place, shape = self.rng.choice(options)
        call = f"{helper.name}({place}, {self.leaf(shape[-1:])}, {self.scalar(1)}, n)"
        if "[" not in call.split(",")[1] and call.split(",")[1].strip() not in self.names.arrays:
            return
        self.line(depth, f"{self.pick('t', 's', 't')} = {call}" if helper.gives else call)

    # ---- whole programs

    def helper(self, number: int) -> None:
        """A function that writes to its first argument, with a vector, a number and a count besides."""
        kind = self.pick("vector", "vector", "matrix")
        name, gives = f"helper{number}", self.chance(0.6)
        shape = (3,) if kind == "vector" else (1, 3)
        self.names = Names({"p": shape, "q": (3,)}, ["c"])
        self.inner = 4
        self.line(0, f"def {name}(p, q, c, n):")
        self.result = (lambda: f"{self.scalar(1)} + 0.0 * c") if gives else lambda: ""
        self.line(1, "t = s = c * 0.5")
        self.names.scalars += ["t"]
        loops = self.chance(0.4)
        for _ in range(self.rng.randint(1, 3)):
            self.statement(1, 1 if loops else 2, False)
        if self.chance(0.2):
            first = self.pick("p[0]", "q[0]") if kind == "vector" else "p[0, 0]"
            self.line(1, f"if n > 1 and {first} < 0.9:")
            self.line(2, f"{'t = ' if gives else ''}{name}(p, q, c * 0.5, n - 1)")
        self.line(1, f"return {self.result()}".rstrip())
        self.line(0, "")
        self.helpers.append(Helper(name, kind, gives))

    def program(self) -> str:
        length = self.rng.choice([4, 4, 4, 9, 1, 5])
        rows = self.rng.choice([3, 3, 2, 8, 1, length])
        self.line(0, f"# {rows} {length}")
        for number in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            self.helper(number)
        self.names = Names({"x": (length,), "y": (length,), "A": (rows, length)}, ["s", "t"], {}, {})
        self.shapes = {"x": (length,), "y": (length,), "A": (rows, length), "k": (3,)}
        self.names.integers["k"] = min(length, rows)
        self.inner = 0
        self.line(0, "def program(x, y, A, s, k, n):")
        self.line(1, "t = 0.5 * s")
        form = self.pick("scalar", "vector", "pair", "nothing", "nothing", "view", "mixed", "matrix")
        self.result = {
            "scalar": lambda: f"{self.scalar(1)} + 0.0 * s", "vector": lambda: self.leaf_name((length,)),
            "pair": lambda: f"{self.leaf_name((length,))}, {self.leaf_name((rows, length))}",
            "nothing": lambda: "", "view": lambda: f"{self.leaf_name((rows, length))}.T",
            "mixed": lambda: f"{self.leaf_name((length,))} * s, t + 0.0 * s",
            "matrix": lambda: f"{self.leaf_name((rows, length))}",
        }[form]
        for _ in range(self.rng.randint(2, self.size)):
            self.statement(1, 0, False)
        self.line(1, f"return {self.result()}".rstrip())
        return "\n".join(line.rstrip() for line in self.lines) + "\n"
